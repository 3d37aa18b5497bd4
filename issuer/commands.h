/* The commands of qualcert: one function each, in cmd_*.c; their table is in commands.c. */
#ifndef ISSUER_COMMANDS_H
#define ISSUER_COMMANDS_H

#include "issuer/command.h"

/* Ends with a row without a name. */
extern const struct command_row commands[];

/* cmd_template.c, cmd_submit.c: applications before and when they are handed in */
command_fn cmd_case_template, cmd_case_check, cmd_case_submit, cmd_case_amend;
/* cmd_case.c, cmd_review.c: further statements on a case */
command_fn cmd_case_ask, cmd_case_accept, cmd_case_decline, cmd_case_retract, cmd_case_schedule;
command_fn cmd_case_recuse, cmd_case_deliver, cmd_case_file, cmd_case_examine, cmd_case_inspect;
/* cmd_decide.c, cmd_issue.c: proposals on a case */
command_fn cmd_case_decide, cmd_case_prolong, cmd_case_terminate, cmd_issue, cmd_renew;
/* cmd_order.c, cmd_extend.c: proposals on a licence */
command_fn cmd_suspend, cmd_lift, cmd_revoke, cmd_annul, cmd_withdraw, cmd_deregister;
command_fn cmd_correct, cmd_set_aside, cmd_extend;
/* cmd_stop.c: the making of certificates as such */
command_fn cmd_stop, cmd_resume;
/* cmd_reissue.c: certificates that follow others */
command_fn cmd_reissue, cmd_regrade;
/* cmd_approve.c, cmd_answer.c: answers */
command_fn cmd_approve, cmd_refuse, cmd_cancel;
/* cmd_sign.c, cmd_outbox.c: keys that are elsewhere */
command_fn cmd_sign, cmd_record, cmd_outbox;
/* cmd_inbox.c, cmd_case_show.c, cmd_show.c: what is there */
command_fn cmd_inbox, cmd_case_show, cmd_case_list, cmd_list, cmd_show, cmd_history;
/* cmd_init.c, cmd_adopt.c, cmd_health.c, cmd_publish.c, cmd_audit.c: the bureau itself */
command_fn cmd_init, cmd_adopt, cmd_health, cmd_publish, cmd_audit, cmd_registry_rebuild;
/* cmd_layout.c: the layouts of its certificates */
command_fn cmd_template_check, cmd_template_preview;
/* cmd_audit_sign.c, cmd_audit_proof.c, cmd_audit_backup.c: the audit with --sign, with --proof, of a backup */
command_fn audit_sign, audit_proof, audit_backup;
/* cmd_backup.c, cmd_restore.c, cmd_loss.c: against the loss of all that */
command_fn cmd_backup, cmd_restore, cmd_accept_loss;

#endif

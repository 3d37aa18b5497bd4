/* Proposals on a case: grant what was applied for or refuse it, end the review, take more time. */
#include "issuer/case_act.h"
#include "issuer/commands.h"

/* --grant or --refuse; the reason of a refusal, or an empty span. */
static bool
read_outcome(struct span *reason, const struct command *c, struct err *err)
{
	bool grant = c->option[OPTION_GRANT] != NULL, refuse = c->option[OPTION_REFUSE] != NULL;

	*reason = span_of(NULL, 0);
	if (grant == refuse)
		return err_set(err, ERR_USAGE, "--grant or --refuse");
	if (refuse)
		return command_need(reason, c, OPTION_REASON, err);
	return c->option[OPTION_REASON] == NULL ||
	    err_set(err, ERR_USAGE, "--reason goes with --refuse");
}

/* Under a policy that puts the grant into the issue proposal there is no such act. */
static bool
grants_by_act(const struct command *c, const struct dossier *d, struct err *err)
{
	return c->option[OPTION_GRANT] == NULL || !d->subject.judge.policy->decision_in_issue ||
	    err_set(err, ERR_REFUSED,
		"ACT-07: by this bureau's policy a grant is part of the issue proposal: qualcert "
		"issue CASE --document NO");
}

/* A grant needs the application verified without an ERROR. */
static bool
may_be_granted(const struct command *c, const struct dossier *d, struct err *err)
{
	struct defects defects = { 0 };
	const struct pdf_maker *maker;

	bool ok = bureau_maker(&maker, c->bureau, err) && dossier_rules(&defects, d, maker, err) &&
	    command_answer_defects(c, &defects, err);
	command_warn_defects(c, &defects);
	size_t errors = defects_count(&defects, SEVERITY_ERROR);
	if (ok && errors > 0)
		ok = err_set(err, ERR_REFUSED,
		    "%s: it cannot be granted, %zu defects stand against it", defects.items[0].code,
		    errors);
	defects_free(&defects);
	return ok;
}

bool
cmd_case_decide(struct command *c, struct err *err)
{
	struct case_act a = { 0 };
	struct act_body body = { .kind = ACT_DECIDE };
	struct decision *decision = &body.decide.decision;
	struct span document, reason;
	const char *shown;

	bool ok = command_one_word(&shown, c, err) && read_outcome(&reason, c, err) &&
	    command_need(&document, c, OPTION_DOCUMENT, err) &&
	    case_act_begin(&a, c, shown, ACT_DECIDE, err) && grants_by_act(c, &a.dossier, err) &&
	    dossier_decide(decision, &a.dossier, document, reason, err) &&
	    (decision->outcome != DECISION_GRANT || may_be_granted(c, &a.dossier, err)) &&
	    case_act_propose(&a, c, &body,
		decision->outcome == DECISION_GRANT ? LANG_PICK(c->lang, "准予许可", "GRANT")
						    : LANG_PICK(c->lang, "不予许可", "REFUSE"),
		err);
	case_act_free(&a);
	return ok;
}

/* ---- proposals that are a notice with a reason ---- */

static bool
notice(struct command *c, enum act_kind kind, const char *headline, struct err *err)
{
	struct case_act a = { 0 };
	struct act_body body = { .kind = kind };
	const char *shown;

	bool ok = command_one_word(&shown, c, err) &&
	    (kind != ACT_TERMINATE || case_act_ground(&body.notice.ground, c, kind, err)) &&
	    command_need(&body.notice.document, c, OPTION_DOCUMENT, err) &&
	    command_need(&body.notice.reason, c, OPTION_REASON, err) &&
	    case_act_begin(&a, c, shown, kind, err) &&
	    case_act_propose(&a, c, &body, headline, err);
	case_act_free(&a);
	return ok;
}

bool
cmd_case_terminate(struct command *c, struct err *err)
{
	return notice(
	    c, ACT_TERMINATE, LANG_PICK(c->lang, "终止审查", "TERMINATE THE REVIEW"), err);
}

bool
cmd_case_prolong(struct command *c, struct err *err)
{
	return notice(
	    c, ACT_PROLONG, LANG_PICK(c->lang, "延长办理期限", "PROLONG THE TIME TO DECIDE"), err);
}

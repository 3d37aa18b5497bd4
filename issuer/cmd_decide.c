/* The proposal of a decision: grant what was applied for, or refuse it with a reason. */
#include "issuer/act_text.h"
#include "issuer/commands.h"
#include "issuer/dossier.h"

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

static bool
describe(const struct command *c, const char *subject, const struct decision *d, struct err *err)
{
	struct buf text = BUF_EMPTY;

	command_heading(&text, c);
	buf_printf(&text, "%s  %s\n",
	    d->outcome == DECISION_GRANT ? LANG_PICK(c->lang, "准予许可", "GRANT")
					 : LANG_PICK(c->lang, "不予许可", "REFUSE"),
	    dossier_short(subject));
	act_text_decision(&text, d, c->lang);
	command_tell(&text);
	bool ok = buf_ok(&text, err);
	buf_free(&text);
	return ok;
}

static bool
propose(struct command_proposal *out, struct command *c, struct sitting *s, const char *subject,
    const struct dossier *d, struct err *err)
{
	struct act_body body = { .kind = ACT_DECIDE };
	struct decision *decision = &body.decide.decision;
	struct span document, reason;

	if (!read_outcome(&reason, c, err) || !grants_by_act(c, d, err) ||
	    !command_need(&document, c, OPTION_DOCUMENT, err) ||
	    !command_may(c, s, span_text(subject), ACT_DECIDE, err) ||
	    !dossier_decide(decision, d, document, reason, err) ||
	    (decision->outcome == DECISION_GRANT && !may_be_granted(c, d, err)))
		return false;
	if (c->officer.key != NULL && !describe(c, subject, decision, err))
		return false;
	if (!command_confirm_holder(c, d->application->uscc, err))
		return false;
	s->now_s = c->now_s;
	if (!command_propose(out, c, s, ACT_DECIDE, err))
		return false;
	body.sitting = span_text(out->sitting);
	body.not_after_s = out->not_after_s;
	return sitting_add(s, span_text(subject), &body, err);
}

bool
cmd_case_decide(struct command *c, struct err *err)
{
	char subject[ACT_SUBJECT_BYTES + 1];
	struct command_proposal proposal;
	struct dossier d = { 0 };
	struct sitting s = { 0 };
	const char *shown;
	bool done = false;

	bool ok = command_one_word(&shown, c, err) && dossier_subject(subject, shown, err) &&
	    command_begin(c, &s, err) &&
	    dossier_load(&d, c->bureau, span_text(subject), c->now_s, err) &&
	    propose(&proposal, c, &s, subject, &d, err) && command_finish_one(&done, c, &s, err);
	if (ok && done) {
		command_print(c, "proposed %s %s\n", proposal.sitting, dossier_short(subject));
		command_answer(c, "proposed", proposal.sitting);
		command_answer(c, "case", dossier_short(subject));
		ok = command_tell_who_approves(c, span_text(subject), proposal.not_after_s, err);
	}
	dossier_free(&d);
	sitting_free(&s);
	return ok;
}

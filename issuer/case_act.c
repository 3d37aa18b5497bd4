#include "issuer/case_act.h"

#include "issuer/act_text.h"
#include "registry/case_ground.h"

bool
case_act_begin(
    struct case_act *a, struct command *c, const char *shown, enum act_kind kind, struct err *err)
{
	return dossier_subject(a->subject, shown, err) && command_begin(c, &a->sitting, err) &&
	    dossier_load(&a->dossier, c->bureau, span_text(a->subject), c->now_s, err) &&
	    command_may(c, &a->sitting, span_text(a->subject), kind, err);
}

void
case_act_free(struct case_act *a)
{
	sitting_free(&a->sitting);
	dossier_free(&a->dossier);
	defects_free(&a->defects);
	buf_free(&a->paper);
}

bool
case_act_say(struct case_act *a, struct command *c, const struct act_body *body, const char *said,
    const char *result, struct err *err)
{
	const char *shown = dossier_short(a->subject);
	bool done;

	if (!sitting_add(&a->sitting, span_text(a->subject), body, err) ||
	    !command_finish_one(&done, c, &a->sitting, err))
		return false;
	if (!done)
		return true;
	command_print(c, "%s %s%s%s\n", said, shown, result != NULL ? ": " : "",
	    result != NULL ? result : "");
	command_answer(c, "case", shown);
	command_answer(c, "done", said);
	if (result != NULL)
		command_answer(c, "result", result);
	return true;
}

/* ---- proposals ---- */

static bool
describe(const struct case_act *a, const struct command *c, const struct act_body *body,
    const char *headline, struct err *err)
{
	struct buf text = BUF_EMPTY;

	command_heading(&text, c);
	buf_printf(&text, "%s  %s\n", headline, dossier_short(a->subject));
	bool ok = act_text_body(&text, body, c->lang, err);
	command_tell(&text);
	ok = ok && buf_ok(&text, err);
	buf_free(&text);
	return ok;
}

bool
case_act_propose(struct case_act *a, struct command *c, struct act_body *body, const char *headline,
    struct err *err)
{
	const struct span subject = span_text(a->subject);
	const char *shown = dossier_short(a->subject);
	struct command_proposal proposal;
	bool done;

	if (!command_propose(&proposal, c, &a->sitting, body->kind, err))
		return false;
	body->sitting = span_text(proposal.sitting);
	body->not_after_s = proposal.not_after_s;
	if ((c->officer.key != NULL && !describe(a, c, body, headline, err)) ||
	    !command_confirm_holder(c, a->dossier.application->uscc, err))
		return false;
	a->sitting.now_s = c->now_s;
	if (!sitting_add(&a->sitting, subject, body, err) ||
	    !command_finish_one(&done, c, &a->sitting, err))
		return false;
	if (!done)
		return true;
	command_print(c, "proposed %s %s\n", proposal.sitting, shown);
	command_answer(c, "proposed", proposal.sitting);
	command_answer(c, "case", shown);
	return command_tell_who_approves(c, subject, proposal.not_after_s, err);
}

bool
case_act_ground(struct span *out, const struct command *c, enum act_kind kind, struct err *err)
{
	size_t n;

	if (!command_need(out, c, OPTION_GROUND, err))
		return false;
	const struct case_ground *ground = case_ground_find(*out);
	if (ground != NULL && ground->kind == kind)
		return true;
	const struct case_ground *all = case_ground_all(&n);
	command_warn("grounds to %s:", act_kind_word(kind));
	for (size_t i = 0; i < n; i++)
		if (all[i].kind == kind)
			command_warn(
			    "  %s %s", all[i].code, LANG_PICK(c->lang, all[i].zh, all[i].en));
	return err_set(err, ERR_USAGE, "CAS-01: \"%s\" is no ground to %s",
	    c->option[OPTION_GROUND], act_kind_word(kind));
}

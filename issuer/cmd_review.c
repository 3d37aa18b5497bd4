/* Papers of the officials on a case: examined, inspected. */
#include "core/limits.h"
#include "issuer/case_act.h"
#include "issuer/commands.h"
#include "issuer/words.h"

/* An official signs no paper that has an ERROR. */
static bool
without_errors(const struct command *c, const struct case_act *a, struct err *err)
{
	size_t errors = defects_count(&a->defects, SEVERITY_ERROR);

	command_warn_defects(c, &a->defects);
	if (!defects_ok(&a->defects, err) || !command_answer_defects(c, &a->defects, err))
		return false;
	return errors == 0 ||
	    err_set(err, ERR_REFUSED, "nothing was stored; defects in the paper: %zu", errors);
}

static bool
read_examination(
    enum act_result *result, struct case_act *a, struct command *c, struct span in, struct err *err)
{
	struct examination *x = NULL;
	bool ok = examination_parse(&x, &a->defects, in, a->dossier.application->uscc, err) &&
	    without_errors(c, a, err) && examination_encode(&a->paper, x, err);

	*result = ok ? examination_result(x) : RESULT_NONE;
	examination_free(x);
	return ok;
}

/* A report that passes must carry a grant: afterwards nobody could add what it lacks. */
static bool
read_inspection(
    enum act_result *result, struct case_act *a, struct command *c, struct span in, struct err *err)
{
	struct inspection *x = NULL;
	struct scoring *scheme = NULL;
	const struct case_state *state = &a->dossier.subject.dossier;

	bool ok = dossier_scoring(&scheme, &a->dossier, c->bureau, err) &&
	    inspection_parse(&x, &a->defects, in, a->dossier.application->uscc, err);
	if (ok)
		scoring_check(&a->defects, scheme, x);
	*result = ok ? scoring_result(scheme, x) : RESULT_NONE;
	if (ok && *result == RESULT_PASS)
		rules_check(&a->defects,
		    &(struct rules_question){ .application = a->dossier.application,
			.level = RULES_VERIFIED,
			.inspection = x,
			.submitted = civil_of(state->application->recorded_s),
			.policy = a->dossier.subject.judge.policy });
	ok = ok && without_errors(c, a, err) && inspection_encode(&a->paper, x, err);
	inspection_free(x);
	scoring_free(scheme);
	return ok;
}

/* CASE FILE: read, judge, sign. */
static bool
report(struct command *c, enum act_kind kind, struct err *err)
{
	struct case_act a = { 0 };
	struct act_body body = { .kind = kind };
	struct buf bytes = BUF_EMPTY;
	const bool on_site = kind == ACT_INSPECT;

	if (c->n_words != 2)
		return err_set(
		    err, ERR_USAGE, "usage: qualcert %s %s", c->row->name, c->row->usage);
	bool ok = case_act_begin(&a, c, c->words[0], kind, err) &&
	    command_read(&bytes, c->words[1], LIMIT_PAPER_BYTES, err) &&
	    ((on_site ? read_inspection : read_examination)(
		 &body.result.result, &a, c, buf_span(&bytes), err) ||
		err_in(err, "%s", c->words[1]));
	body.result.report = buf_span(&a.paper);
	ok = ok &&
	    case_act_say(&a, c, &body, on_site ? "inspected" : "examined",
		word_result(body.result.result, LANG_EN), err);
	buf_free(&bytes);
	case_act_free(&a);
	return ok;
}

bool
cmd_case_examine(struct command *c, struct err *err)
{
	return report(c, ACT_EXAMINE, err);
}

bool
cmd_case_inspect(struct command *c, struct err *err)
{
	return report(c, ACT_INSPECT, err);
}

/* Statements on a case: accepted, examined, inspected. Each takes effect when it is recorded. */
#include "core/limits.h"
#include "issuer/commands.h"
#include "issuer/dossier.h"

/* A case and what is said about it. */
struct statement {
	struct sitting sitting;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct dossier dossier;
	struct defects defects;
	struct buf paper; /* canonical */
};

static void
statement_free(struct statement *s)
{
	sitting_free(&s->sitting);
	dossier_free(&s->dossier);
	defects_free(&s->defects);
	buf_free(&s->paper);
}

/* The case, and may the officer say this kind of thing about it? */
static bool
begin(
    struct statement *s, struct command *c, const char *shown, enum act_kind kind, struct err *err)
{
	return dossier_subject(s->subject, shown, err) && command_begin(c, &s->sitting, err) &&
	    dossier_load(&s->dossier, c->bureau, span_text(s->subject), c->now_s, err) &&
	    command_may(c, &s->sitting, span_text(s->subject), kind, err);
}

static bool
finish(struct statement *s, struct command *c, const struct act_body *body, const char *said,
    struct err *err)
{
	const char *result = body->kind == ACT_ACCEPT ? NULL
	    : body->result.result == RESULT_PASS      ? "passed"
						      : "failed";
	bool done;

	if (!sitting_add(&s->sitting, span_text(s->subject), body, err) ||
	    !command_finish_one(&done, c, &s->sitting, err))
		return false;
	if (done) {
		command_print(c, "%s %s%s%s\n", said, dossier_short(s->subject),
		    result != NULL ? ": " : "", result != NULL ? result : "");
		command_answer(c, "case", dossier_short(s->subject));
		command_answer(c, "done", said);
		if (result != NULL)
			command_answer(c, "result", result);
	}
	return true;
}

bool
cmd_case_accept(struct command *c, struct err *err)
{
	struct statement s = { 0 };
	struct act_body body = { .kind = ACT_ACCEPT };
	const char *shown;

	bool ok = command_one_word(&shown, c, err) &&
	    command_need(&body.notice.document, c, OPTION_DOCUMENT, err) &&
	    begin(&s, c, shown, ACT_ACCEPT, err) && finish(&s, c, &body, "accepted", err);
	statement_free(&s);
	return ok;
}

/* ---- papers of the officials ---- */

/* An official signs no paper that has an ERROR. */
static bool
without_errors(const struct command *c, const struct statement *s, struct err *err)
{
	size_t errors = defects_count(&s->defects, SEVERITY_ERROR);

	command_warn_defects(c, &s->defects);
	if (!defects_ok(&s->defects, err) || !command_answer_defects(c, &s->defects, err))
		return false;
	return errors == 0 ||
	    err_set(err, ERR_REFUSED, "nothing was stored; defects in the paper: %zu", errors);
}

static bool
read_examination(enum act_result *result, struct statement *s, struct command *c, struct span in,
    struct err *err)
{
	struct examination *x = NULL;
	bool ok = examination_parse(&x, &s->defects, in, s->dossier.application->uscc, err) &&
	    without_errors(c, s, err) && examination_encode(&s->paper, x, err);

	*result = ok ? examination_result(x) : RESULT_NONE;
	examination_free(x);
	return ok;
}

/* A report that passes must carry a grant: afterwards nobody could add what it lacks. */
static bool
read_inspection(enum act_result *result, struct statement *s, struct command *c, struct span in,
    struct err *err)
{
	struct inspection *x = NULL;
	const struct case_state *state = &s->dossier.subject.dossier;

	bool ok = inspection_parse(&x, &s->defects, in, s->dossier.application->uscc, err);
	*result = ok ? inspection_result(x) : RESULT_NONE;
	if (ok && *result == RESULT_PASS)
		rules_check(&s->defects,
		    &(struct rules_question){ .application = s->dossier.application,
			.level = RULES_VERIFIED,
			.inspection = x,
			.submitted = civil_of(state->submit->recorded_s),
			.policy = s->dossier.subject.judge.policy });
	ok = ok && without_errors(c, s, err) && inspection_encode(&s->paper, x, err);
	inspection_free(x);
	return ok;
}

/* CASE FILE: read, judge, sign. */
static bool
report(struct command *c, enum act_kind kind, struct err *err)
{
	struct statement s = { 0 };
	struct act_body body = { .kind = kind };
	struct buf bytes = BUF_EMPTY;
	const bool on_site = kind == ACT_INSPECT;

	if (c->n_words != 2)
		return err_set(
		    err, ERR_USAGE, "usage: qualcert %s %s", c->row->name, c->row->usage);
	bool ok = begin(&s, c, c->words[0], kind, err) &&
	    command_read(&bytes, c->words[1], LIMIT_PAPER_BYTES, err) &&
	    ((on_site ? read_inspection : read_examination)(
		 &body.result.result, &s, c, buf_span(&bytes), err) ||
		err_in(err, "%s", c->words[1]));
	body.result.report = buf_span(&s.paper);
	ok = ok && finish(&s, c, &body, on_site ? "inspected" : "examined", err);
	buf_free(&bytes);
	statement_free(&s);
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

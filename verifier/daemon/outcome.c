#include "verifier/daemon/outcome.h"

#include <stdarg.h>
#include <stdio.h>

#define COME_BACK_S 5

void
outcome_problem(struct outcome *out, const struct problem *p, const char *fmt, ...)
{
	va_list ap;

	out->problem = p;
	va_start(ap, fmt);
	vsnprintf(out->detail, sizeof out->detail, fmt, ap);
	va_end(ap);
}

/* Why something handed in was not answered. */
static void
unanswered(struct outcome *out, const struct err *err)
{
	switch (err->code) {
	case ERR_NOT_FOUND:
		outcome_problem(out, &problem_no_pictures,
		    "pictures are not read here: send the text of the code");
		break;
	case ERR_MALFORMED:
	case ERR_REFUSED:
	case ERR_LIMIT:
		outcome_problem(out, &problem_picture, "%s", err->text);
		break;
	case ERR_BUSY:
		outcome_problem(out, &problem_behind, "%s", err->text);
		out->retry_after_s = COME_BACK_S;
		break;
	default:
		outcome_problem(out, &problem_failed, "%s", err->text);
	}
}

/* Is there anything to look at? */
static bool
is_empty(struct outcome *out, struct span bytes)
{
	if (bytes.len == 0)
		outcome_problem(out, &problem_empty, "there is nothing to verify");
	return bytes.len == 0;
}

void
outcome_of_input(struct outcome *out, const struct service *s, const struct request *q,
    const struct asking *asking, struct span bytes)
{
	const struct consult_input in = { bytes, asking->scan, q->pictures_until_ms };
	struct err err = { 0 };

	if (is_empty(out, bytes))
		return;
	if (consult_is_late(&in)) {
		outcome_problem(out, &problem_busy,
		    "the pictures of this request took too long: send the rest again");
		out->retry_after_s = COME_BACK_S;
	} else if (!consult_input(&out->answer, s, &asking->question, &in, &err)) {
		unanswered(out, &err);
	}
}

void
outcome_of_evidence(struct outcome *out, struct buf *file, const struct service *s,
    const struct request *q, const struct asking *asking, struct span bytes)
{
	const struct consult_named in = { { bytes, asking->scan, q->pictures_until_ms }, "input" };
	struct err err = { 0 };

	if (!is_empty(out, bytes) &&
	    !consult_evidence(file, &out->answer, s, &asking->question, &in, 1, &err))
		unanswered(out, &err);
}

void
outcome_of_number(struct outcome *out, const struct service *s, const struct request *q,
    const struct asking *asking, const char *number, const char *check_code, struct span handed)
{
	struct confirmation c = { 0 };
	struct err err = { 0 };

	switch (consult_number(
	    &c, s, q, &asking->question, span_text(number), span_text(check_code), &err)) {
	case CONSULT_ANSWERED:
		out->answer = c.answer;
		sha256(out->answer.input_sha256, handed);
		break;
	case CONSULT_NUMBER:
		outcome_problem(out, &problem_number,
		    "number: this is no certificate number, whose last character is computed from "
		    "the others");
		break;
	case CONSULT_CHECK_CODE:
		outcome_problem(
		    out, &problem_check_code, "check_code: eight letters and digits are wanted");
		break;
	case CONSULT_LATER:
		outcome_problem(
		    out, &problem_misses, "too many wrong check codes: try again later");
		out->retry_after_s = c.wait_s;
		break;
	case CONSULT_NOWHERE:
		outcome_problem(out, &problem_no_look_up,
		    "this service has published files alone: ask the bureau's own, or send the "
		    "file or the code");
		break;
	case CONSULT_NOT_NOW:
		outcome_problem(out, &problem_look_up, "numbers cannot be looked up just now");
		out->retry_after_s = COME_BACK_S;
		break;
	case CONSULT_FAILED:
		outcome_problem(out, &problem_failed, "%s", err.text);
	}
	buf_free(&c.code);
}

void
outcome_refuse(struct response *r, const struct request *q, const struct outcome *o)
{
	http_problem(r, q, o->problem, "%s", o->detail);
	if (o->retry_after_s > 0)
		http_header(r, "Retry-After", "%lld", (long long)o->retry_after_s);
}

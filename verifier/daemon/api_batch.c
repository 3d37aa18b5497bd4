/* POST /v1/verify-batch: many inputs, each with an outcome of its own; a bad one spoils only its own line. */
#include "core/encode.h"
#include "core/limits.h"
#include "verifier/answer_json.h"
#include "verifier/daemon/api.h"
#include "verifier/daemon/body_json.h"
#include "verifier/daemon/counters.h"
#include "verifier/daemon/outcome.h"

#include <stdlib.h>

/* One input as it was sent; texts are borrowed from its JSON. */
struct item {
	const char *name, *code, *file, *number, *check_code;
	struct asking asking;
};

/* Where a member of an input goes that is no question; NULL: nowhere. */
static const char **
place_of(struct item *item, const char *member)
{
	const struct {
		const char *member;
		const char **place;
	} places[] = {
		{ "name", &item->name },
		{ "code", &item->code },
		{ "file", &item->file },
		{ "number", &item->number },
		{ "check_code", &item->check_code },
	};
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (strcmp(member, places[i].member) == 0)
			return places[i].place;
	return NULL;
}

static bool
take_member(struct outcome *out, struct item *item, const char *member, const json_t *value)
{
	const char **place = place_of(item, member);
	const char *text = json_string_value(value);
	struct err err = { 0 };

	if (text == NULL)
		outcome_problem(out, &problem_input, "every member of an input is a string");
	else if (place != NULL)
		*place = text;
	else if (!asking_take(&item->asking, member, text, &err))
		outcome_problem(out, &problem_question, "%s", err.text);
	return out->problem == NULL;
}

static bool
is_one_thing(const struct item *item)
{
	const bool number = item->number != NULL && item->check_code != NULL;

	return (item->number == NULL) == (item->check_code == NULL) &&
	    (item->code != NULL) + (item->file != NULL) + number == 1;
}

/* What is asked of all is asked of this one too, unless it says otherwise itself. */
static bool
read_item(struct outcome *out, struct item *item, json_t *json, const struct asking *common)
{
	const char *member;
	json_t *value;

	*item = (struct item){ .asking = *common };
	item->asking.set = 0;
	if (!json_is_object(json))
		outcome_problem(out, &problem_input, "an input is a JSON object");
	json_object_foreach(json, member, value)
	{
		if (!take_member(out, item, member, value))
			break;
	}
	if (out->problem == NULL && !is_one_thing(item))
		outcome_problem(out, &problem_input,
		    "an input has one of these: code, file, or number and check_code together");
	return out->problem == NULL;
}

static void
answer_file(
    struct outcome *out, const struct service *s, const struct request *q, const struct item *item)
{
	struct buf bytes = BUF_EMPTY;
	struct err err = { 0 };

	if (!base64_decode(&bytes, span_text(item->file), &err))
		outcome_problem(out, &problem_input,
		    "file: padded base64 without blanks (RFC 4648 4) is wanted");
	else if (bytes.len > LIMIT_PDF_BYTES)
		outcome_problem(
		    out, &problem_too_long, "a file may have %u bytes at most", LIMIT_PDF_BYTES);
	else
		outcome_of_input(out, s, q, &item->asking, buf_span(&bytes));
	buf_free(&bytes);
}

static void
answer_number(
    struct outcome *out, const struct service *s, const struct request *q, const struct item *item)
{
	struct buf handed = BUF_EMPTY;

	buf_printf(&handed, "%s\n%s", item->number, item->check_code);
	outcome_of_number(
	    out, s, q, &item->asking, item->number, item->check_code, buf_span(&handed));
	buf_free(&handed);
}

static void
answer_item(
    struct outcome *out, const struct service *s, const struct request *q, const struct item *item)
{
	if (item->file != NULL)
		answer_file(out, s, q, item);
	else if (item->code != NULL)
		outcome_of_input(out, s, q, &item->asking, span_text(item->code));
	else
		answer_number(out, s, q, item);
}

/* ---- the reply ---- */

struct batch_reply {
	json_t *answers;
	size_t verdicts[VERDICT_UNDETERMINED + 1], problems;
};

static json_t *
problem_of(const struct outcome *o)
{
	json_t *problem = problem_json_new(o->problem, o->detail);

	if (problem != NULL && o->retry_after_s > 0)
		json_object_set_new(
		    problem, "retry_after", json_integer((json_int_t)o->retry_after_s));
	return problem;
}

static void
add_line(struct batch_reply *reply, const struct service *s, const struct item *item,
    const struct outcome *o)
{
	json_t *line = json_object();

	if (item->name != NULL)
		json_object_set_new(line, "name", json_string(item->name));
	if (o->problem != NULL) {
		json_object_set_new(line, "problem", problem_of(o));
		reply->problems++;
	} else {
		json_object_set_new(line, "answer", answer_json(&o->answer, NULL));
		reply->verdicts[o->answer.verdict]++;
		atomic_fetch_add(&s->counters->verdicts[o->answer.verdict], 1);
	}
	json_array_append_new(reply->answers, line);
}

static void
answer_all(struct batch_reply *reply, const struct service *s, const struct request *q,
    const json_t *inputs, const struct asking *common)
{
	size_t i;
	json_t *json;

	json_array_foreach(inputs, i, json)
	{
		struct outcome o = { 0 };
		struct item item;
		if (read_item(&o, &item, json, common))
			answer_item(&o, s, q, &item);
		add_line(reply, s, &item, &o);
	}
}

static void
send_reply(struct response *out, const struct request *q, struct batch_reply *reply)
{
	json_t *json = json_pack("{s:O, s:{s:I, s:I, s:I, s:I}}", "answers", reply->answers,
	    "summary", "valid", (json_int_t)reply->verdicts[VERDICT_VALID], "rejected",
	    (json_int_t)reply->verdicts[VERDICT_REJECTED], "undetermined",
	    (json_int_t)reply->verdicts[VERDICT_UNDETERMINED], "problems",
	    (json_int_t)reply->problems);

	api_send_json(out, q, json);
	json_decref(json);
}

/* ---- the request ---- */

static bool
read_common(struct outcome *out, const json_t **inputs, struct asking *common, json_t *json)
{
	const char *member;
	json_t *value;
	struct err err = { 0 };

	json_object_foreach(json, member, value)
	{
		if (strcmp(member, "inputs") == 0)
			*inputs = value;
		else if (!json_is_string(value) ||
		    !asking_take(common, member, json_string_value(value), &err)) {
			outcome_problem(out, &problem_question, "%s",
			    err.code != ERR_NONE ? err.text : "what is asked is a string");
			return false;
		}
	}
	if (!json_is_array(*inputs) || json_array_size(*inputs) == 0)
		outcome_problem(out, &problem_json, "inputs: a list of one or more is wanted");
	else if (json_array_size(*inputs) > LIMIT_BATCH_INPUTS)
		outcome_problem(
		    out, &problem_too_long, "at most %d inputs are taken", LIMIT_BATCH_INPUTS);
	return out->problem == NULL;
}

void
api_verify_batch(struct response *out, const struct service *s, const struct request *q)
{
	struct asking common = { .question = { .now_s = q->now_s } };
	struct batch_reply reply = { .answers = json_array() };
	struct outcome whole = { 0 };
	const json_t *inputs = NULL;
	json_t *json = NULL;

	if (api_read_json(&json, &whole, q, LIMIT_BATCH_VALUES) &&
	    read_common(&whole, &inputs, &common, json)) {
		answer_all(&reply, s, q, inputs, &common);
		send_reply(out, q, &reply);
	} else {
		outcome_refuse(out, q, &whole);
	}
	json_decref(reply.answers);
	json_decref(json);
}

bool
api_verify_batch_is_slow(const struct request *q)
{
	(void)q;
	return true;
}

#include "verifier/api.h"

#include "verifier/answer_json.h"
#include "verifier/ask.h"
#include "verifier/consult.h"

#include <stdlib.h>

static void
send_answer(struct response *out, const struct request *q, const struct answer *a)
{
	json_t *json = answer_json(a, NULL);
	char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;

	json_decref(json);
	if (text == NULL) {
		http_problem(out, q, 500, "out of memory");
		return;
	}
	out->verdict = a->verdict;
	http_begin(out, 200, "application/json");
	http_private(out);
	buf_add_text(&out->body, text);
	buf_add_byte(&out->body, '\n');
	free(text);
}

static bool
question_of_query(struct question *question, const struct request *q, struct err *err)
{
	for (size_t i = 0; i < ASK_WORDS; i++) {
		const char *value = q->query(q, ask_words[i]);
		if (value != NULL && !ask_set(question, ask_words[i], value, err))
			return false;
	}
	return true;
}

static struct consult_input
input_of(const struct request *q)
{
	const char *scan = q->query(q, "scan");

	return (struct consult_input){ q->body, scan != NULL && strcmp(scan, "yes") == 0 };
}

bool
api_verify_is_slow(const struct request *q)
{
	const struct consult_input in = input_of(q);
	return consult_is_slow(&in);
}

void
api_verify(struct response *out, const struct service *s, const struct request *q)
{
	struct question question = { .now_s = q->now_s };
	const struct consult_input in = input_of(q);
	struct answer a;
	struct err err = { 0 };

	if (!question_of_query(&question, q, &err))
		http_problem(out, q, 400, "%s", err.text);
	else if (q->body.len == 0)
		http_problem(out, q, 400, "there is nothing to verify: the body is empty");
	else if (!consult_input(&a, s, &question, &in, &err))
		http_problem(out, q, consult_unread(&err), "%s", err.text);
	else
		send_answer(out, q, &a);
}

/* Take one member of the confirmation's object. */
static bool
take_member(struct question *question, const char **number, const char **check_code,
    const char *name, const json_t *value, struct err *err)
{
	const char *text = json_string_value(value);

	if (text == NULL)
		return err_set(err, ERR_USAGE, "every member is a string");
	if (strcmp(name, "number") == 0)
		*number = text;
	else if (strcmp(name, "check_code") == 0)
		*check_code = text;
	else
		return ask_set(question, name, text, err);
	return true;
}

static bool
read_confirmation(struct question *question, const char **number, const char **check_code,
    json_t *json, struct err *err)
{
	const char *name;
	json_t *value;

	if (!json_is_object(json))
		return err_set(err, ERR_USAGE, "the body is no JSON object");
	json_object_foreach(json, name, value)
	{
		if (!take_member(question, number, check_code, name, value, err))
			return false;
	}
	return (*number != NULL && *check_code != NULL) ||
	    err_set(err, ERR_USAGE, "number and check_code are both needed");
}

static void
send_confirmation(struct response *out, const struct service *s, const struct request *q,
    const struct question *question, const char *number, const char *check_code)
{
	struct confirmation c = { 0 };
	struct err err = { 0 };

	switch (
	    consult_number(&c, s, q, question, span_text(number), span_text(check_code), &err)) {
	case CONSULT_ANSWERED:
		sha256(c.answer.input_sha256, q->body);
		send_answer(out, q, &c.answer);
		break;
	case CONSULT_NUMBER:
		http_problem(out, q, 400, "number: this is no certificate number");
		break;
	case CONSULT_CHECK_CODE:
		http_problem(out, q, 400, "check_code: eight characters are wanted");
		break;
	case CONSULT_LATER:
		http_problem(out, q, 429, "too many wrong check codes: try again later");
		http_header(out, "Retry-After", "%lld", (long long)c.wait_s);
		break;
	case CONSULT_NOWHERE:
		http_problem(out, q, 501,
		    "this service has published files alone: ask the bureau's own, or send the "
		    "code");
		break;
	case CONSULT_NOT_NOW:
		http_problem(out, q, 503, "%s", err.text);
		http_header(out, "Retry-After", "5");
		break;
	case CONSULT_FAILED:
		http_problem(out, q, 500, "%s", err.text);
	}
	buf_free(&c.code);
}

void
api_confirm(struct response *out, const struct service *s, const struct request *q)
{
	struct question question = { .now_s = q->now_s };
	const char *number = NULL, *check_code = NULL;
	struct err err = { 0 };
	json_t *json =
	    json_loadb((const char *)q->body.ptr, q->body.len, JSON_REJECT_DUPLICATES, NULL);

	if (read_confirmation(&question, &number, &check_code, json, &err))
		send_confirmation(out, s, q, &question, number, check_code);
	else
		http_problem(out, q, 400, "%s", err.text);
	json_decref(json);
}

#include "verifier/daemon/api.h"

#include "core/limits.h"
#include "verifier/answer_json.h"
#include "verifier/daemon/body_json.h"

#include <stdlib.h>

bool
api_read_json(json_t **json, struct outcome *out, const struct request *q, size_t values)
{
	struct err err = { 0 };

	if (body_json_read(json, q->body, values, &err))
		return true;
	outcome_problem(
	    out, err.code == ERR_LIMIT ? &problem_too_long : &problem_json, "%s", err.text);
	return false;
}

void
api_send_json(struct response *out, const struct request *q, const json_t *json)
{
	char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;

	if (text == NULL) {
		http_problem(out, q, &problem_failed, "out of memory");
		return;
	}
	http_begin(out, 200, "application/json");
	http_private(out);
	buf_add_text(&out->body, text);
	buf_add_byte(&out->body, '\n');
	free(text);
}

static void
send_outcome(struct response *out, const struct request *q, const struct outcome *o)
{
	if (o->problem != NULL) {
		outcome_refuse(out, q, o);
		return;
	}
	json_t *json = answer_json(&o->answer, NULL);
	out->verdict = o->answer.verdict;
	api_send_json(out, q, json);
	json_decref(json);
}

/* ---- a file or a code ---- */

/* Pictures take a helper, and a scan may be one. */
bool
api_verify_is_slow(const struct request *q)
{
	struct asking asking = { 0 };

	return asking_of_query(&asking, q, NULL) &&
	    consult_is_slow(&(struct consult_input){ .bytes = q->body, .scan = asking.scan });
}

void
api_verify(struct response *out, const struct service *s, const struct request *q)
{
	struct outcome o = { 0 };
	struct asking asking = { 0 };
	struct err err = { 0 };

	if (asking_of_query(&asking, q, &err))
		outcome_of_input(&o, s, q, &asking, q->body);
	else
		outcome_problem(&o, &problem_question, "%s", err.text);
	send_outcome(out, q, &o);
}

bool
api_evidence_is_slow(const struct request *q)
{
	(void)q;
	return true;
}

void
api_evidence(struct response *out, const struct service *s, const struct request *q)
{
	struct outcome o = { 0 };
	struct asking asking = { 0 };
	struct err err = { 0 };

	if (asking_of_query(&asking, q, &err))
		outcome_of_evidence(&o, &out->body, s, q, &asking, q->body);
	else
		outcome_problem(&o, &problem_question, "%s", err.text);
	if (o.problem != NULL) {
		outcome_refuse(out, q, &o);
		return;
	}
	out->verdict = o.answer.verdict;
	http_begin(out, 200, "application/x-tar");
	http_private(out);
	http_header(out, "Content-Disposition", "attachment; filename=\"evidence.tar\"");
}

/* ---- number and check code ---- */

struct confirm {
	struct asking asking;
	const char *number, *check_code;
};

static bool
read_confirm(struct outcome *out, struct confirm *c, json_t *json)
{
	const char *name;
	json_t *value;
	struct err err = { 0 };

	json_object_foreach(json, name, value)
	{
		const char *text = json_string_value(value);
		if (text == NULL)
			outcome_problem(out, &problem_json, "every member is a string");
		else if (strcmp(name, "number") == 0)
			c->number = text;
		else if (strcmp(name, "check_code") == 0)
			c->check_code = text;
		else if (!asking_take(&c->asking, name, text, &err))
			outcome_problem(out, &problem_question, "%s", err.text);
		if (out->problem != NULL)
			return false;
	}
	if (c->number == NULL || c->check_code == NULL)
		outcome_problem(out, &problem_json, "number and check_code are both needed");
	return out->problem == NULL;
}

void
api_confirm(struct response *out, const struct service *s, const struct request *q)
{
	struct confirm c = { .asking = { .question = { .now_s = q->now_s } } };
	struct outcome o = { 0 };
	json_t *json = NULL;

	if (api_read_json(&json, &o, q, LIMIT_CONFIRM_VALUES) && read_confirm(&o, &c, json))
		outcome_of_number(&o, s, q, &c.asking, c.number, c.check_code, q->body);
	send_outcome(out, q, &o);
	json_decref(json);
}

#include "verifier/daemon/problem.h"

#include <stdlib.h>

const struct problem problem_header = { 400, "ambiguous-header", "Ambiguous Header" };
const struct problem problem_question = { 400, "bad-question", "Question Not Understood" };
const struct problem problem_empty = { 400, "empty-body", "Nothing to Verify" };
const struct problem problem_json = { 400, "bad-json", "Not the JSON Wanted" };
const struct problem problem_form = { 400, "bad-form", "Not the Form Wanted" };
const struct problem problem_number = { 400, "bad-number", "No Certificate Number" };
const struct problem problem_check_code = { 400, "bad-check-code", "No Check Code" };
const struct problem problem_input = { 400, "bad-input", "Input Not Understood" };
const struct problem problem_picture = { 422, "unreadable-picture", "Unreadable Picture" };

const struct problem problem_nowhere = { 404, "not-found", "Not Found" };
const struct problem problem_method = { 405, "method-not-allowed", "Method Not Allowed" };
const struct problem problem_length = { 411, "length-required", "Length Required" };
const struct problem problem_too_long = { 413, "too-long", "Content Too Large" };
const struct problem problem_type = { 415, "unsupported-type", "Unsupported Media Type" };
const struct problem problem_encoding = { 415, "unsupported-encoding",
	"Unsupported Content Encoding" };

const struct problem problem_misses = { 429, "too-many-misses", "Too Many Wrong Check Codes" };
const struct problem problem_failed = { 500, "failed", "Internal Server Error" };
const struct problem problem_no_look_up = { 501, "no-look-up", "No Look-Up Here" };
const struct problem problem_no_pictures = { 501, "no-pictures", "No Pictures Here" };
const struct problem problem_busy = { 503, "busy", "Too Busy" };
const struct problem problem_look_up = { 503, "look-up-unavailable", "Look-Up Unavailable" };
const struct problem problem_behind = { 503, "published-behind", "Published Files Behind" };

json_t *
problem_json_new(const struct problem *p, const char *detail)
{
	char type[80];

	snprintf(type, sizeof type, "/openapi.yaml#/components/schemas/%s", p->word);
	return json_pack("{s:s, s:s, s:i, s:s}", "type", type, "title", p->title, "status",
	    (int)p->status, "detail", detail);
}

void
problem_details(struct buf *out, const struct problem *p, const char *detail)
{
	json_t *problem = problem_json_new(p, detail);
	char *text = problem != NULL ? json_dumps(problem, JSON_COMPACT) : NULL;

	buf_add_text(out, text != NULL ? text : "{}");
	free(text);
	json_decref(problem);
}

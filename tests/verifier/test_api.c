/* What programs ask: the question's words, batches, evidence, and requests that mean no good. */
#include "core/encode.h"
#include "tests/test.h"
#include "tests/verifier/caller.h"
#include "verifier/evidence.h"

#include <stdio.h>

#define DAY(n) FIXTURE_DAY_S(n)
#define NOW (DAY(2) + 60)
#define JSON "application/json"

/* Two certificates: the first in force, the second suspended since. */
static struct paper *
open_all(struct fixture *f, struct caller *c, bool beside_register)
{
	fixture_open(f);
	struct paper *p = fixture_issue(f, DAY(1));
	struct paper *suspended = fixture_issue(f, DAY(1));
	fixture_happens(f, suspended, STATUS_SUSPENDED, DAY(1), HISTORY_OPEN, DAY(1) + 120);
	fixture_publish(f, DAY(2));
	fixture_publish_token(f, DAY(2));
	fixture_write_lookup(f);
	caller_open(c, f, beside_register, NOW);
	return p;
}

static void
close_all(struct fixture *f, struct caller *c)
{
	caller_close(c);
	fixture_close(f);
}

static unsigned
post(struct caller *c, const char *path, const char *body)
{
	return caller_post(c, path, JSON, span_text(body));
}

/* The reply's type ends with this word. */
static bool
is_problem(struct caller *c, const char *word)
{
	char type[96];

	snprintf(type, sizeof type, "\"type\":\"/openapi.yaml#/components/schemas/%s\"", word);
	return caller_says(c, type);
}

/* What the batch says of its i-th input, as "valid", "rejected:FINDING" or "problem:WORD". */
static void
line_of(char out[96], const json_t *reply, size_t i)
{
	const json_t *line = json_array_get(json_object_get(reply, "answers"), i);
	const json_t *answer = json_object_get(line, "answer"),
		     *problem = json_object_get(line, "problem");
	const char *reason = json_string_value(json_object_get(answer, "reason")),
		   *type = json_string_value(json_object_get(problem, "type"));

	if (type != NULL)
		snprintf(out, 96, "problem:%s", strrchr(type, '/') + 1);
	else
		snprintf(out, 96, "%s%s%s", json_string_value(json_object_get(answer, "verdict")),
		    reason != NULL ? ":" : "", reason != NULL ? reason : "");
}

static json_t *
batch(struct caller *c, const struct buf *body)
{
	const unsigned status = caller_post(c, "/v1/verify-batch", JSON, buf_span(body));
	if (status != 200)
		fail_msg("%u: %s", status, caller_body(c));
	json_t *reply =
	    json_loadb(caller_body(c), c->response.body.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(reply);
	return reply;
}

static int
summary(const json_t *reply, const char *word)
{
	return (int)json_integer_value(json_object_get(json_object_get(reply, "summary"), word));
}

/* ---- the question ---- */

static void
a_word_asked_twice_is_refused(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	(void)state;

	c.queries[0][0] = c.queries[1][0] = "at";
	c.queries[0][1] = "2026-11-22";
	c.queries[1][1] = "2026-11-23";
	assert_int_equal(caller_post(&c, "/v1/verify", "application/pdf", buf_span(&p->pdf)), 400);
	assert_true(is_problem(&c, "bad-question"));
	assert_int_equal(
	    caller_post(&c, "/v1/evidence", "application/pdf", buf_span(&p->pdf)), 400);
	close_all(&f, &c);
}

static void
no_error_repeats_what_was_sent(void **state)
{
	static const struct {
		const char *name, *value;
	} rows[] = { { "at", "ECHO" }, { "known", "ECHO" }, { "holder", "ECHO" },
		{ "grade", "ECHO" }, { "scope", "ECHO" }, { "for", "ECHO" }, { "scan", "ECHO" },
		{ "ECHO", "x" } };
	struct fixture f;
	struct caller c;
	char body[160];
	(void)state;

	open_all(&f, &c, true);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		snprintf(body, sizeof body,
		    "{\"number\":\"JC-B-999900-2026-31556-5\",\"check_code\":\"00000000\","
		    "\"%s\":\"%s\"}",
		    rows[i].name, rows[i].value);
		CHECK_ROW(post(&c, "/v1/confirm", body) == 400, rows[i].name);
		CHECK_ROW(!caller_says(&c, "ECHO"), caller_body(&c));
		c.queries[0][0] = rows[i].name;
		c.queries[0][1] = rows[i].value;
		CHECK_ROW(caller_post(&c, "/v1/verify", "text/plain", span_text("x")) == 400,
		    rows[i].name);
		CHECK_ROW(!caller_says(&c, "ECHO"), caller_body(&c));
		CHECK_ROW(is_problem(&c, "bad-question"), rows[i].name);
		c.queries[0][0] = NULL;
	}
	assert_int_equal(
	    post(&c, "/v1/confirm", "{\"number\":\"ECHO\",\"check_code\":\"00000000\"}"), 400);
	assert_true(is_problem(&c, "bad-number"));
	assert_false(caller_says(&c, "ECHO"));
	assert_int_equal(caller_send(&c, routes_public, "GET", "/ECHO"), 404);
	assert_false(caller_says(&c, "ECHO"));
	assert_int_equal(caller_send(&c, routes_public, "ECHO", "/"), 405);
	assert_false(caller_says(&c, "ECHO"));
	close_all(&f, &c);
}

/* ---- batches ---- */

static void
a_batch_answers_in_order_and_a_bad_input_spoils_its_own_line(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	struct buf body = BUF_EMPTY, pdf = BUF_EMPTY;
	char line[96];
	static const char *const want[] = { "valid", "problem:bad-input",
		"rejected:STATUS-SUSPENDED", "problem:bad-input", "valid", "rejected:FIT-HOLDER",
		"problem:bad-question", "rejected:FORMAT-NOT-OURS", "problem:bad-input",
		"rejected:CONFIRM-UNKNOWN", "problem:bad-number", "problem:bad-check-code",
		"problem:unreadable-picture", "problem:empty-body", "problem:bad-input",
		"problem:bad-input", "problem:bad-input" };
	(void)state;

	base64_encode(&pdf, buf_span(&p->pdf));
	buf_printf(&body,
	    "{\"inputs\":[{\"name\":\"first\",\"file\":\"%s\"},{\"file\":\"%.40s=A\"},"
	    "{\"code\":\"%s\"},7,{\"number\":\"%s\",\"check_code\":\"%s\"},",
	    buf_text(&pdf), buf_text(&pdf), buf_text(&f.papers[1].code), p->number, p->check_code);
	buf_printf(
	    &body, "{\"code\":\"%s\",\"holder\":\"91999902MADEM002X6\"},", buf_text(&p->code));
	buf_printf(&body,
	    "{\"code\":\"x\",\"hodler\":\"y\"},{\"code\":\"x\"},{\"code\":\"x\",\"file\":\"eA==\"},"
	    "{\"number\":\"%s\",\"check_code\":\"00000000\"},{\"number\":\"x\",\"check_code\":"
	    "\"00000000\"},{\"number\":\"%s\",\"check_code\":\"0\"},{\"file\":\"/9j/4A==\"},"
	    "{\"file\":\"\"},{\"number\":\"x\"},{\"code\":null},{}]}",
	    p->number, p->number);
	json_t *reply = batch(&c, &body);
	assert_int_equal(json_array_size(json_object_get(reply, "answers")), COUNT_OF(want));
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		line_of(line, reply, i);
		if (strcmp(line, want[i]) != 0)
			fail_msg("line %zu: %s, not %s", i, line, want[i]);
	}
	assert_string_equal(json_string_value(json_object_get(
				json_array_get(json_object_get(reply, "answers"), 0), "name")),
	    "first");
	assert_int_equal(summary(reply, "valid"), 2);
	assert_int_equal(summary(reply, "rejected"), 4);
	assert_int_equal(summary(reply, "undetermined"), 0);
	assert_int_equal(summary(reply, "problems"), 11);
	assert_int_equal(atomic_load(&c.counters.verdicts[VERDICT_REJECTED]), 4);
	assert_string_equal(caller_header(&c, "Cache-Control"), "no-store");
	json_decref(reply);
	buf_free(&body);
	buf_free(&pdf);
	close_all(&f, &c);
}

/* threat_49: the bad one is found wherever it stands. */
static void
threat_49_each_input_of_a_batch_is_judged_by_itself(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	char line[96];
	(void)state;

	for (size_t bad = 0; bad < 12; bad++) {
		struct buf body = BUF_EMPTY;
		buf_add_text(&body, "{\"for\":\"new\",\"inputs\":[");
		for (size_t i = 0; i < 12; i++)
			buf_printf(&body, "%s{\"code\":\"%s\"}", i > 0 ? "," : "",
			    buf_text(i == bad ? &f.papers[1].code : &p->code));
		buf_add_text(&body, "]}");
		json_t *reply = batch(&c, &body);
		for (size_t i = 0; i < 12; i++) {
			line_of(line, reply, i);
			assert_string_equal(line, i == bad ? "rejected:STATUS-SUSPENDED" : "valid");
		}
		json_decref(reply);
		buf_free(&body);
	}
	close_all(&f, &c);
}

static void
what_is_asked_of_all_an_input_may_ask_otherwise(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	struct buf body = BUF_EMPTY;
	char line[96];
	(void)state;

	buf_printf(&body,
	    "{\"grade\":\"A\",\"at\":\"2026-11-20\",\"inputs\":[{\"code\":\"%s\"},"
	    "{\"code\":\"%s\",\"at\":\"2026-11-22T08:30\"},"
	    "{\"code\":\"%s\",\"at\":\"2026-11-22T08:30\",\"grade\":\"B\"}]}",
	    buf_text(&p->code), buf_text(&p->code), buf_text(&p->code));
	json_t *reply = batch(&c, &body);
	line_of(line, reply, 0);
	assert_string_equal(line, "rejected:DATE-NOT-YET");
	line_of(line, reply, 1);
	assert_string_equal(line, "rejected:FIT-GRADE");
	line_of(line, reply, 2);
	assert_string_equal(line, "valid");
	json_decref(reply);
	buf_free(&body);
	close_all(&f, &c);
}

/* threat_46: in a batch a miss costs what it costs alone, and a right one nothing. */
static void
threat_46_only_misses_of_a_batch_cost(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	struct buf right = BUF_EMPTY, wrong = BUF_EMPTY;
	char line[96];
	(void)state;

	c.request.client = (struct client){ { 7 } };
	buf_add_text(&right, "{\"inputs\":[");
	buf_add_text(&wrong, "{\"inputs\":[");
	for (int i = 0; i < CLIENT_GUESSES + 2; i++) {
		buf_printf(&right, "%s{\"number\":\"%s\",\"check_code\":\"%s\"}", i > 0 ? "," : "",
		    p->number, p->check_code);
		buf_printf(&wrong, "%s{\"number\":\"%s\",\"check_code\":\"00000000\"}",
		    i > 0 ? "," : "", p->number);
	}
	buf_add_text(&right, "]}");
	buf_add_text(&wrong, "]}");
	for (int i = 0; i < 3; i++) {
		json_t *reply = batch(&c, &right);
		assert_int_equal(summary(reply, "valid"), CLIENT_GUESSES + 2);
		json_decref(reply);
	}
	json_t *reply = batch(&c, &wrong);
	assert_int_equal(summary(reply, "rejected"), CLIENT_GUESSES);
	for (size_t i = CLIENT_GUESSES; i < CLIENT_GUESSES + 2; i++) {
		line_of(line, reply, i);
		assert_string_equal(line, "problem:too-many-misses");
	}
	assert_true(caller_says(&c, "\"retry_after\":6"));
	json_decref(reply);
	buf_free(&right);
	buf_free(&wrong);
	close_all(&f, &c);
}

static void
published_files_alone_answer_files_of_a_batch_and_no_numbers(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, false);
	struct buf body = BUF_EMPTY;
	char line[96];
	(void)state;

	buf_printf(&body,
	    "{\"inputs\":[{\"code\":\"%s\"},{\"number\":\"%s\",\"check_code\":\"%s\"}]}",
	    buf_text(&p->code), p->number, p->check_code);
	json_t *reply = batch(&c, &body);
	line_of(line, reply, 0);
	assert_string_equal(line, "valid");
	line_of(line, reply, 1);
	assert_string_equal(line, "problem:no-look-up");
	json_decref(reply);
	buf_free(&body);
	close_all(&f, &c);
}

static void
repeat(struct buf *out, const char *text, size_t n)
{
	while (n-- > 0)
		buf_add_text(out, text);
}

/* threat_41, threat_42: what is large once it is read, or deep, is refused before. */
static void
threat_42_a_batch_that_means_no_good_is_refused_whole(void **state)
{
	static const struct {
		const char *row, *head, *item, *tail;
		size_t n;
		unsigned status;
		const char *word;
	} rows[] = {
		{ "nothing", "", "", "", 0, 400, "bad-json" },
		{ "no object", "[", "", "]", 0, 400, "bad-json" },
		{ "cut short", "{\"inputs\":[", "", "", 0, 400, "bad-json" },
		{ "more behind the end", "{\"inputs\":[{}]}", "", "{}", 0, 400, "bad-json" },
		{ "no inputs", "{", "", "}", 0, 400, "bad-json" },
		{ "inputs that are none", "{\"inputs\":{", "", "}}", 0, 400, "bad-json" },
		{ "an empty list", "{\"inputs\":[", "", "]}", 0, 400, "bad-json" },
		{ "inputs twice", "{\"inputs\":[{}],\"inputs\":[{}", "", "]}", 0, 400, "bad-json" },
		{ "a member of an input twice", "{\"inputs\":[{\"code\":\"a\",\"code\":\"b\"}", "",
		    "]}", 0, 400, "bad-json" },
		{ "no UTF-8", "{\"inputs\":[{\"code\":\"\xc3\x28\"}", "", "]}", 0, 400,
		    "bad-json" },
		{ "a NUL in a text", "{\"inputs\":[{\"code\":\"\\u0000\"}", "", "]}", 0, 400,
		    "bad-json" },
		{ "half a character", "{\"inputs\":[{\"code\":\"\\ud83d\"}", "", "]}", 0, 400,
		    "bad-json" },
		{ "a word nobody asks", "{\"inputs\":[{}],\"x\":\"y\"", "", "}", 0, 400,
		    "bad-question" },
		{ "a question that is no text", "{\"inputs\":[{}],\"at\":1", "", "}", 0, 400,
		    "bad-question" },
		{ "101 inputs", "{\"inputs\":[{}", ",{}", "]}", LIMIT_BATCH_INPUTS, 413,
		    "too-long" },
		{ "a million numbers", "{\"inputs\":[0", ",0", "]}", 1000000, 413, "too-long" },
		{ "a million objects", "{\"inputs\":[{}", ",{}", "]}", 1000000, 413, "too-long" },
		{ "deep lists", "{\"inputs\":", "[", "", 1000000, 413, "too-long" },
		{ "deep objects", "", "{\"a\":", "1", 100000, 413, "too-long" },
		{ "brackets in a text are no depth", "{\"x\":\"", "[", "\"}", 1000, 400,
		    "bad-question" },
		{ "a quote that is none", "{\"x\":\"\\\"", "[", "\"}", 1000, 400, "bad-question" },
	};
	struct fixture f;
	struct caller c;
	(void)state;

	open_all(&f, &c, true);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf body = BUF_EMPTY;
		buf_add_text(&body, rows[i].head);
		repeat(&body, rows[i].item, rows[i].n);
		buf_add_text(&body, rows[i].tail);
		const unsigned got = caller_post(&c, "/v1/verify-batch", JSON, buf_span(&body));
		if (got != rows[i].status || !is_problem(&c, rows[i].word))
			fail_msg("%s: %u %s", rows[i].row, got, caller_body(&c));
		buf_free(&body);
	}
	close_all(&f, &c);
}

static void
as_many_and_as_large_as_is_said_are_taken(void **state)
{
	struct fixture f;
	struct caller c;
	struct buf body = BUF_EMPTY, file = BUF_EMPTY, text = BUF_EMPTY;
	char line[96];
	(void)state;

	open_all(&f, &c, true);
	buf_add_text(&body, "{\"inputs\":[{\"code\":\"x\"}");
	repeat(&body,
	    ",{\"name\":\"n\",\"code\":\"x\",\"at\":\"2026-11-22\",\"known\":\"2026-11-22\","
	    "\"holder\":\"91999901MADEM00110\",\"grade\":\"A\",\"scope\":\"software\","
	    "\"for\":\"new\",\"scan\":\"no\"}",
	    LIMIT_BATCH_INPUTS - 1);
	buf_add_text(&body, "]}");
	json_t *reply = batch(&c, &body);
	assert_int_equal(summary(reply, "rejected"), LIMIT_BATCH_INPUTS);
	json_decref(reply);
	buf_free(&body);

	repeat(&file, "x", LIMIT_PDF_BYTES + 1);
	base64_encode(&text, buf_span(&file));
	buf_printf(&body, "{\"inputs\":[{\"file\":\"");
	buf_add_span(&body, buf_span(&text));
	buf_add_text(&body, "\"}]}");
	reply = batch(&c, &body);
	line_of(line, reply, 0);
	assert_string_equal(line, "problem:too-long");
	json_decref(reply);
	buf_free(&text);
	buf_free(&file);
	buf_free(&body);
	close_all(&f, &c);
}

/* threat_42: many pictures that are hard to read do not keep a thread from everybody else. */
static void
threat_42_pictures_are_read_for_so_long_and_the_rest_is_answered(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	struct buf body = BUF_EMPTY;
	char line[96];
	(void)state;

	buf_printf(&body, "{\"inputs\":[{\"file\":\"iVBORw0KGgo=\"},{\"code\":\"%s\"}]}",
	    buf_text(&p->code));
	c.request.pictures_until_ms = 1; /* long ago */
	json_t *reply = batch(&c, &body);
	line_of(line, reply, 0);
	assert_string_equal(line, "problem:busy");
	assert_true(caller_says(&c, "\"retry_after\":5"));
	line_of(line, reply, 1);
	assert_string_equal(line, "valid");
	json_decref(reply);
	buf_free(&body);
	close_all(&f, &c);
}

/* ---- evidence ---- */

static void
evidence_is_the_answer_with_what_it_rests_on(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	struct evidence *e = NULL;
	(void)state;

	assert_int_equal(
	    caller_post(&c, "/v1/evidence", "application/pdf", buf_span(&p->pdf)), 200);
	assert_string_equal(c.response.type, "application/x-tar");
	assert_int_equal(c.response.verdict, VERDICT_VALID);
	assert_string_equal(
	    caller_header(&c, "Content-Disposition"), "attachment; filename=\"evidence.tar\"");
	MUST(evidence_parse(&e, buf_span(&c.response.body), &err));
	evidence_free(e);
	assert_int_equal(caller_post(&c, "/v1/evidence", "text/plain", span_text("")), 400);
	assert_true(is_problem(&c, "empty-body"));
	close_all(&f, &c);
}

/* The verdict is the same, what the certificate allows is not: the published files would say more than is known. */
static void
threat_20_evidence_is_no_better_than_the_answer(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	(void)state;

	fixture_happens(&f, p, STATUS_SUSPENDED, NOW, HISTORY_OPEN, NOW);
	fixture_write_lookup(&f);
	MUST(feed_renew(c.service.feed, false, NOW + 1, &err));
	c.request.now_s = NOW + 2;
	c.queries[0][0] = "for";
	c.queries[0][1] = "existing";
	assert_int_equal(caller_post(&c, "/v1/verify", "application/pdf", buf_span(&p->pdf)), 200);
	assert_int_equal(c.response.verdict, VERDICT_VALID);
	assert_int_equal(
	    caller_post(&c, "/v1/evidence", "application/pdf", buf_span(&p->pdf)), 503);
	assert_true(is_problem(&c, "published-behind"));
	fixture_publish(&f, NOW + 3);
	MUST(feed_renew(c.service.feed, false, NOW + 4, &err));
	c.request.now_s = NOW + 5;
	assert_int_equal(
	    caller_post(&c, "/v1/evidence", "application/pdf", buf_span(&p->pdf)), 200);
	close_all(&f, &c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_asked_twice_is_refused),
		cmocka_unit_test(no_error_repeats_what_was_sent),
		cmocka_unit_test(a_batch_answers_in_order_and_a_bad_input_spoils_its_own_line),
		cmocka_unit_test(threat_49_each_input_of_a_batch_is_judged_by_itself),
		cmocka_unit_test(what_is_asked_of_all_an_input_may_ask_otherwise),
		cmocka_unit_test(threat_46_only_misses_of_a_batch_cost),
		cmocka_unit_test(published_files_alone_answer_files_of_a_batch_and_no_numbers),
		cmocka_unit_test(threat_42_a_batch_that_means_no_good_is_refused_whole),
		cmocka_unit_test(as_many_and_as_large_as_is_said_are_taken),
		cmocka_unit_test(threat_42_pictures_are_read_for_so_long_and_the_rest_is_answered),
		cmocka_unit_test(evidence_is_the_answer_with_what_it_rests_on),
		cmocka_unit_test(threat_20_evidence_is_no_better_than_the_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

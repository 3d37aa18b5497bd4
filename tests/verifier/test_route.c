/* Every address, what it takes, and what it gives. */
#include "core/file.h"
#include "tests/test.h"
#include "tests/verifier/caller.h"

#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY(n) FIXTURE_DAY_S(n)
#define NOW (DAY(2) + 60)

static struct paper *
open_all(struct fixture *f, struct caller *c, bool beside_register)
{
	fixture_open(f);
	struct paper *p = fixture_issue(f, DAY(1));
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

static void
confirm(
    struct caller *c, const char *number, const char *check_code, unsigned want, const char *row)
{
	struct buf body = BUF_EMPTY;

	buf_printf(&body, "{\"number\":\"%s\",\"check_code\":\"%s\"}", number, check_code);
	const unsigned got = caller_post(c, "/v1/confirm", "application/json", buf_span(&body));
	if (got != want)
		fail_msg("%s: %u, not %u: %s", row, got, want, caller_body(c));
	buf_free(&body);
}

/* ---- the table ---- */

static void
what_is_not_asked_rightly_is_refused_by_its_status(void **state)
{
	static const struct {
		const char *method, *path, *type;
		size_t body;
		unsigned status;
	} rows[] = {
		{ "GET", "/nothing", NULL, 0, 404 },
		{ "GET", "", NULL, 0, 404 },
		{ "GET", "/q/1/", NULL, 0, 404 },
		{ "GET", "/q/2/123", NULL, 0, 404 },
		{ "GET", "/livez", NULL, 0, 404 },
		{ "POST", "/v1/snapshot", NULL, 0, 405 },
		{ "GET", "/v1/verify", NULL, 0, 405 },
		{ "PUT", "/", NULL, 0, 405 },
		{ "OPTIONS", "/nothing", NULL, 0, 404 },
		{ "GET", "/", NULL, 5, 413 },
		{ "POST", "/v1/verify", "application/pdf", LIMIT_PDF_BYTES + 1, 413 },
		{ "POST", "/v1/confirm", "application/json", LIMIT_REQUEST_JSON_BYTES + 1, 413 },
		{ "POST", "/", "multipart/form-data", LIMIT_UPLOAD_BYTES + 1, 413 },
		{ "POST", "/v1/verify", "image/gif", 5, 415 },
		{ "POST", "/v1/verify", NULL, 5, 415 },
		{ "POST", "/v1/confirm", "text/plain", 5, 415 },
		{ "POST", "/", "application/x-www-form-urlencoded", 5, 415 },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct request q = {
			.method = rows[i].method, .path = rows[i].path, .type = rows[i].type
		};
		struct response out = { 0 };
		CHECK_ROW(
		    route_choose(&out, routes_public, &q, rows[i].body) == NULL, rows[i].path);
		if (out.status != rows[i].status)
			fail_msg("%s %s: %u", rows[i].method, rows[i].path, out.status);
		CHECK_ROW(strcmp(out.type, "application/problem+json") == 0, rows[i].path);
		CHECK_ROW(out.close == (rows[i].body > 0), rows[i].path);
		json_t *problem = json_loadb((const char *)out.body.ptr, out.body.len, 0, NULL);
		CHECK_ROW(json_integer_value(json_object_get(problem, "status")) == rows[i].status,
		    rows[i].path);
		json_decref(problem);
		http_free(&out);
	}
}

static void
what_is_allowed_is_named(void **state)
{
	const struct request q = { .method = "DELETE", .path = "/" };
	struct response out = { 0 };
	(void)state;

	assert_null(route_choose(&out, routes_public, &q, 0));
	assert_string_equal(out.headers[out.n_headers - 1].name, "Allow");
	assert_string_equal(out.headers[out.n_headers - 1].value, "GET, HEAD, POST, OPTIONS");
	http_free(&out);
}

/* threat_41: what a compressed body would become is never learnt. */
static void
threat_41_a_compressed_body_is_refused(void **state)
{
	static const struct {
		const char *encoding;
		unsigned status;
	} rows[] = { { "gzip", 415 }, { "identity, gzip", 415 }, { "", 415 }, { "Identity", 0 },
		{ NULL, 0 } };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct request q = { .method = "POST",
			.path = "/v1/verify",
			.type = "application/pdf",
			.encoding = rows[i].encoding };
		struct response out = { 0 };
		CHECK_ROW(
		    (route_choose(&out, routes_public, &q, 5) == NULL) == (rows[i].status != 0),
		    rows[i].encoding);
		CHECK_ROW(out.status == rows[i].status, rows[i].encoding);
		http_free(&out);
	}
}

static const char *
header_of(const struct response *r, const char *name)
{
	for (size_t i = 0; i < r->n_headers; i++)
		if (strcmp(r->headers[i].name, name) == 0)
			return r->headers[i].value;
	return "";
}

/* Published files are for everybody's scripts, the rest for no other site's. */
static void
options_are_told_and_only_published_files_are_shared(void **state)
{
	static const struct {
		const char *path, *allow, *origin;
	} rows[] = {
		{ "/", "GET, HEAD, POST, OPTIONS", "" },
		{ "/v1/verify", "POST, OPTIONS", "" },
		{ "/q/1/123", "GET, HEAD, OPTIONS", "" },
		{ "/v1/snapshot", "GET, HEAD, OPTIONS", "*" },
		{ "/log/tile/0/000", "GET, HEAD, OPTIONS", "*" },
		{ "/openapi.yaml", "GET, HEAD, OPTIONS", "*" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct request q = { .method = "OPTIONS", .path = rows[i].path };
		struct response out = { 0 };
		const bool shared = rows[i].origin[0] != '\0';
		CHECK_ROW(route_choose(&out, routes_public, &q, 0) == NULL, rows[i].path);
		CHECK_ROW(out.status == 204 && out.body.len == 0, rows[i].path);
		CHECK_ROW(strcmp(header_of(&out, "Allow"), rows[i].allow) == 0, rows[i].path);
		CHECK_ROW(
		    strcmp(header_of(&out, "Access-Control-Allow-Origin"), rows[i].origin) == 0,
		    rows[i].path);
		CHECK_ROW(strcmp(header_of(&out, "Access-Control-Allow-Headers"),
			      shared ? "If-None-Match" : "") == 0,
		    rows[i].path);
		http_free(&out);
	}
}

/* ---- verdicts ---- */

static void
a_verdict_is_200_whatever_it_says(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	const struct {
		const char *type;
		struct span body;
		const char *verdict;
	} rows[] = {
		{ "application/pdf", buf_span(&p->pdf), "\"verdict\":\"valid\"" },
		{ "application/cose; cose-type=\"x\"", buf_span(&p->cose),
		    "\"verdict\":\"valid\"" },
		{ "Text/Plain;charset=utf-8", buf_span(&p->code), "\"verdict\":\"valid\"" },
		{ "text/plain", span_text("hello"), "\"reason\":\"FORMAT-NOT-OURS\"" },
		{ "application/pdf", span_of(p->pdf.ptr, p->pdf.len - 9),
		    "\"reason\":\"FILE-CHANGED\"" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK_ROW(caller_post(&c, "/v1/verify", rows[i].type, rows[i].body) == 200,
		    rows[i].verdict);
		CHECK_ROW(caller_says(&c, rows[i].verdict), caller_body(&c));
		CHECK_ROW(
		    strcmp(caller_header(&c, "Cache-Control"), "no-store") == 0, rows[i].type);
		CHECK_ROW(
		    strncmp(caller_header(&c, "X-Robots-Tag"), "noindex", 7) == 0, rows[i].type);
	}
	/* A photograph is not rejected: it is not read. */
	assert_int_equal(
	    caller_post(&c, "/v1/verify", "application/pdf", span_text("\xff\xd8\xff\xe0")), 422);
	close_all(&f, &c);
}

static void
what_is_asked_besides_stands_in_the_query(void **state)
{
	static const struct {
		const char *name, *value;
		unsigned status;
		const char *says;
	} rows[] = {
		{ "holder", "91999902MADEM002X6", 200, "FIT-HOLDER" },
		{ "holder", "91999902MADEM002X7", 400, "holder: " },
		{ "grade", "A", 200, "FIT-GRADE" },
		{ "grade", "C", 400, "grade: what is wanted is A or B" },
		{ "scope", "integration", 200, "\"verdict\":\"valid\"" },
		{ "scope", "sorcery", 400, "scope: " },
		{ "for", "existing", 200, "\"verdict\":\"valid\"" },
		{ "for", "ever", 400, "new or existing" },
		{ "at", "2026-11-20", 200, "DATE-NOT-YET" },
		{ "at", "2026-02-30", 400, "at: what is wanted is a date" },
		{ "at", "1999-12-31", 400, "at: what is wanted is a date" },
		{ "at", "2000-01-01", 200, "DATE-NOT-YET" },
		{ "at", "2099-12-31", 200, "DATE-AFTER-DATA" },
		{ "at", "2100-01-01T00:00", 400, "of the years 2000 to 2099" },
		{ "known", "1970-01-01", 400, "of the years 2000 to 2099" },
		{ "known", "2026-11-22T08:00", 200, "DATE-AFTER-DATA" },
		{ "at", "<script>", 400, "at: what is wanted is a date" },
		{ "hodler", "91999902MADEM002X6", 400, "a word that nobody asks here" },
		{ "scan", "maybe", 400, "scan: " },
		{ "grade", NULL, 400, "grade: " },
	};
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		c.queries[0][0] = rows[i].name;
		c.queries[0][1] = rows[i].value;
		const unsigned got =
		    caller_post(&c, "/v1/verify", "application/pdf", buf_span(&p->pdf));
		if (got != rows[i].status || !caller_says(&c, rows[i].says))
			fail_msg("%s=%s: %u %s", rows[i].name, rows[i].value, got, caller_body(&c));
	}
	close_all(&f, &c);
}

/* Or else it would be answered as if nothing had been asked: VALID, where the holder is another. */
static void
what_is_asked_in_the_address_beside_json_or_a_form_is_refused(void **state)
{
	static const char *const types[][2] = { { "/v1/confirm", "application/json" },
		{ "/v1/verify-batch", "application/json" }, { "/", "multipart/form-data" } };
	static const char *const queries[][2] = { { "holder", "91999902MADEM002X6" },
		{ "at", "2026-11-20" }, { "lang", "en" }, { "hodler", NULL }, { "", "" } };
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	struct buf bodies[3] = { 0 };
	(void)state;

	buf_printf(
	    &bodies[0], "{\"number\":\"%s\",\"check_code\":\"%s\"}", p->number, p->check_code);
	buf_printf(&bodies[1], "{\"inputs\":[{\"code\":\"%s\"}]}", buf_text(&p->code));
	buf_add_span(&c.form.fields[HTTP_FIELD_CODE], buf_span(&p->code));
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		const struct span body = buf_span(&bodies[i]);
		CHECK_ROW(caller_post(&c, types[i][0], types[i][1], body) == 200, types[i][0]);
		for (size_t k = 0; k < COUNT_OF(queries); k++) {
			memcpy(c.queries[3], queries[k], sizeof c.queries[3]);
			const unsigned got = caller_post(&c, types[i][0], types[i][1], body);
			if (got != 400 || !caller_says(&c, "/bad-question\"") ||
			    !caller_says(&c, "in the body, not in the address"))
				fail_msg("%s?%s: %u %s", types[i][0], queries[k][0], got,
				    caller_body(&c));
		}
		c.request.accept = "text/html";
		CHECK_ROW(caller_post(&c, types[i][0], types[i][1], body) == 400, types[i][0]);
		CHECK_ROW(caller_says(&c, "不能写在网址里"), types[i][0]);
		c.request.accept = NULL;
		c.queries[3][0] = NULL;
		buf_free(&bodies[i]);
	}
	close_all(&f, &c);
}

/* ---- confirm ---- */

static void
number_and_check_code_answer_like_the_code(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	char loose[16];
	(void)state;

	snprintf(loose, sizeof loose, "%.4s-%s", p->check_code, p->check_code + 4);
	confirm(&c, "JC-B-999900-2026-31556-5", p->check_code, 200, "as printed");
	assert_true(caller_says(&c, "\"verdict\":\"valid\""));
	assert_true(caller_says(&c, "\"kind\":\"code\""));
	confirm(&c, "jc b 999900 2026 31556 5", loose, 200, "as people type");
	assert_true(caller_says(&c, "\"verdict\":\"valid\""));
	close_all(&f, &c);
}

/* threat_46: an unknown number and a wrong check code are one answer. */
static void
threat_46_unknown_and_mismatched_are_the_same_answer(void **state)
{
	struct fixture f;
	struct caller c;
	struct number nobody;
	char number[NUMBER_STORED_BYTES];
	struct buf first = BUF_EMPTY;
	(void)state;

	open_all(&f, &c, true);
	assert_true(number_make(&nobody, "JC", 'B', "999900", 2026, 7, NULL));
	number_stored(number, &nobody);
	confirm(&c, f.papers[0].number, "00000000", 200, "a wrong check code");
	assert_true(caller_says(&c, "CONFIRM-UNKNOWN"));
	assert_false(caller_says(&c, FIXTURE_HOLDER));
	buf_add_span(&first, buf_span(&c.response.body));
	confirm(&c, number, "00000000", 200, "a number nobody has");

	/* What differs is the hash of what was sent, which the sender knows. */
	json_t *a = json_loadb((const char *)first.ptr, first.len, 0, NULL);
	json_t *b = json_loadb(caller_body(&c), c.response.body.len, 0, NULL);
	json_object_del(a, "input_sha256");
	json_object_del(b, "input_sha256");
	assert_true(json_equal(a, b));
	json_decref(a);
	json_decref(b);
	buf_free(&first);
	close_all(&f, &c);
}

/* threat_46: guessing costs; another client does not pay for it. */
static void
threat_46_misses_are_counted_against_the_client(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, true);
	(void)state;

	c.request.client = (struct client){ { 1 } };
	for (int i = 0; i < CLIENT_GUESSES; i++)
		confirm(&c, p->number, "00000000", 200, "a miss");
	confirm(&c, p->number, "00000000", 429, "one too many");
	assert_string_equal(caller_header(&c, "Retry-After"), "6");
	confirm(&c, p->number, p->check_code, 429, "and even a right one waits");
	c.request.client = (struct client){ { 2 } };
	confirm(&c, p->number, p->check_code, 200, "somebody else");
	c.request.client = (struct client){ { 1 } };
	c.request.now_s += CLIENT_GUESS_S;
	confirm(&c, p->number, p->check_code, 200, "after the wait");
	close_all(&f, &c);
}

/* An old table of ours is no reason to reject (and nothing tells an unknown number from a wrong code). */
static void
what_an_older_lookup_lacks_is_not_known(void **state)
{
	struct fixture f;
	struct caller c;
	(void)state;

	fixture_open(&f);
	fixture_issue(&f, DAY(1));
	fixture_publish(&f, DAY(2));
	fixture_write_lookup(&f);
	fixture_issue(&f, DAY(2) + 10);
	const struct paper *first = &f.papers[0], *second = &f.papers[1];
	fixture_publish(&f, DAY(2) + 120);
	caller_open(&c, &f, true, DAY(2) + 180);
	c.request.client = (struct client){ { 1 } };
	for (int i = 0; i <= CLIENT_GUESSES; i++)
		confirm(&c, second->number, second->check_code, 503, "made since");
	assert_true(caller_says(&c, "look-up-unavailable"));
	confirm(&c, first->number, "00000000", 503, "a wrong code");
	confirm(&c, first->number, first->check_code, 200, "one it has");
	fixture_write_lookup(&f);
	struct err err = { 0 };
	assert_true(feed_renew(c.service.feed, false, DAY(2) + 190, &err));
	confirm(&c, second->number, second->check_code, 200, "the table is new");
	confirm(&c, first->number, "00000000", 200, "a miss");
	close_all(&f, &c);
}

static void
a_confirmation_that_makes_no_sense_is_refused_before_looking(void **state)
{
	static const char *const bodies[] = { "", "{", "[]", "{}", "{\"number\":\"x\"}",
		"{\"number\":1,\"check_code\":\"00000000\"}",
		"{\"number\":\"JC-B-999900-2026-31556-4\",\"check_code\":\"00000000\"}",
		"{\"number\":\"JC-B-999900-2026-31556-5\",\"check_code\":\"0000000\"}",
		"{\"number\":\"JC-B-999900-2026-31556-5\",\"check_code\":\"0000000U\"}",
		"{\"number\":\"JC-B-999900-2026-31556-5\",\"check_code\":\"00000000\",\"x\":\"y\"}",
		"{\"number\":\"x\",\"number\":\"y\",\"check_code\":\"00000000\"}" };
	struct fixture f;
	struct caller c;
	(void)state;

	open_all(&f, &c, true);
	for (size_t i = 0; i < COUNT_OF(bodies); i++)
		CHECK_ROW(
		    caller_post(&c, "/v1/confirm", "application/json", span_text(bodies[i])) == 400,
		    bodies[i]);
	close_all(&f, &c);
}

static void
published_files_alone_confirm_nothing(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c, false);
	(void)state;

	confirm(&c, p->number, p->check_code, 501, "in the DMZ");
	assert_int_equal(caller_send(&c, routes_public, "GET", "/"), 200);
	assert_false(caller_says(&c, "name=\"number\""));
	close_all(&f, &c);
}

/* ---- published files ---- */

static void
published_files_have_their_types_validators_and_ages(void **state)
{
	static const struct {
		const char *path, *type, *cache;
	} rows[] = {
		{ "/v1/trust-bundle", "application/cose; cose-type=\"cose-sign\"", "max-age=3600" },
		{ "/v1/trust-bundles/1", "application/cose; cose-type=\"cose-sign\"", "immutable" },
		{ "/v1/snapshot", "application/cose; cose-type=\"cose-sign\"", "max-age=60" },
		{ "/v1/status/TEST/0", "application/statuslist+cwt", "max-age=300" },
		{ "/log/checkpoint", "text/plain; charset=utf-8", "max-age=5" },
	};
	struct fixture f;
	struct caller c;
	char etag[160];
	(void)state;

	open_all(&f, &c, false);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK_ROW(caller_send(&c, routes_public, "GET", rows[i].path) == 200, rows[i].path);
		CHECK_ROW(strcmp(c.response.type, rows[i].type) == 0, rows[i].path);
		CHECK_ROW(strstr(caller_header(&c, "Cache-Control"), rows[i].cache) != NULL,
		    rows[i].path);
		CHECK_ROW(strcmp(caller_header(&c, "Access-Control-Allow-Origin"), "*") == 0,
		    rows[i].path);
		snprintf(etag, sizeof etag, "%s", caller_header(&c, "ETag"));
		c.request.if_none_match = etag;
		CHECK_ROW(
		    caller_send(&c, routes_public, "HEAD", rows[i].path) == 304, rows[i].path);
		c.request.if_none_match = "\"other\"";
		CHECK_ROW(caller_send(&c, routes_public, "GET", rows[i].path) == 200, rows[i].path);
		c.request.if_none_match = NULL;
	}
	assert_int_equal(caller_send(&c, routes_public, "GET", "/v1/snapshot"), 200);
	snprintf(etag, sizeof etag, "%s", caller_header(&c, "ETag"));
	fixture_publish(&f, NOW);
	assert_int_equal(caller_send(&c, routes_public, "GET", "/v1/snapshot"), 200);
	assert_string_not_equal(etag, caller_header(&c, "ETag"));
	close_all(&f, &c);
}

/* Who holds a copy asks again before it is good for nothing. */
static void
a_status_token_is_kept_no_longer_than_it_is_good_for(void **state)
{
	static const struct {
		int64_t left_s;
		const char *cache;
	} rows[] = { { 86400, "public, max-age=300" }, { 300, "public, max-age=300" },
		{ 299, "public, max-age=299" }, { 1, "public, max-age=1" },
		{ 0, "public, max-age=0" }, { -86400, "public, max-age=0" } };
	struct fixture f;
	struct caller c;
	char etag[160];
	(void)state;

	open_all(&f, &c, false);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		c.request.now_s = DAY(2) + FIXTURE_LIFE_S - rows[i].left_s;
		c.request.if_none_match = NULL;
		assert_int_equal(caller_send(&c, routes_public, "GET", "/v1/status/TEST/0"), 200);
		assert_string_equal(caller_header(&c, "Cache-Control"), rows[i].cache);
		snprintf(etag, sizeof etag, "%s", caller_header(&c, "ETag"));
		c.request.if_none_match = etag;
		assert_int_equal(caller_send(&c, routes_public, "GET", "/v1/status/TEST/0"), 304);
		assert_string_equal(caller_header(&c, "Cache-Control"), rows[i].cache);
	}
	close_all(&f, &c);
}

/* threat_36: no address leads out of the folder, to a link or to what is no file. */
static void
threat_36_addresses_stay_in_the_folder(void **state)
{
	static const char *const paths[] = { "/v1/parts/../../../root.cose", "/v1/parts/..",
		"/v1/parts/.", "/v1/parts//etc/passwd", "/v1/parts/.qualcert-AbCdEf",
		"/v1/parts/%2e%2e/x", "/v1/parts/a\\b", "/v1/parts/-", "/v1/status/TEST",
		"/v1/status/TEST/", "/v1/parts/link", "/v1/trust-bundles/1/", "/log/tile/\n" };
	struct fixture f;
	struct caller c;
	char path[256];
	(void)state;

	open_all(&f, &c, false);
	snprintf(path, sizeof path, "%s/v1/parts/link", f.public_folder);
	assert_int_equal(symlink(f.root, path), 0);
	fixture_write(&f, "public/v1/parts/.qualcert-AbCdEf", span_text("half"));
	for (size_t i = 0; i < COUNT_OF(paths); i++)
		CHECK_ROW(caller_send(&c, routes_public, "GET", paths[i]) == 404, paths[i]);
	close_all(&f, &c);
}

/* ---- admin ---- */

static void
readiness_says_what_is_missing(void **state)
{
	struct fixture f;
	struct caller c;
	(void)state;

	open_all(&f, &c, true);
	assert_int_equal(caller_send(&c, routes_admin, "GET", "/livez"), 200);
	assert_int_equal(caller_send(&c, routes_admin, "GET", "/readyz"), 200);
	assert_true(caller_says(&c, "\"lookup\":\"current\""));
	assert_true(caller_says(&c, "\"age_s\":60"));
	assert_int_equal(caller_send(&c, routes_admin, "GET", "/metrics"), 200);
	assert_true(caller_says(&c, "qualverifyd_snapshot_age_seconds 60\n"));
	c.request.now_s = DAY(9);
	assert_int_equal(caller_send(&c, routes_admin, "GET", "/readyz"), 503);
	assert_true(caller_says(&c, "STATUS-STALE"));
	assert_true(caller_says(&c, "\"reasons\":[\""));
	assert_int_equal(caller_send(&c, routes_admin, "GET", "/metrics"), 200);
	assert_true(caller_says(&c, "qualverifyd_ready 0\n"));
	close_all(&f, &c);
}

/* threat_14: before times accepted, or just set, it is not to be asked what is in force now. */
static void
threat_14_readiness_does_not_believe_any_clock(void **state)
{
	struct fixture f;
	struct caller c;
	(void)state;

	open_all(&f, &c, true);
	assert_true(upkeep_clock(&c.upkeep, 0, 0) || upkeep_clock(&c.upkeep, 86400000, INT32_MAX));
	assert_int_equal(caller_send(&c, routes_admin, "GET", "/readyz"), 503);
	assert_true(caller_says(&c, "\"reasons\":[\"the clock jumped by "));
	assert_true(caller_says(&c, "\"clock\":\"jumped\""));
	c.upkeep.settled_ms = 0;
	assert_int_equal(caller_send(&c, routes_admin, "GET", "/readyz"), 200);
	assert_true(caller_says(&c, "\"reasons\":[],"));
	assert_true(caller_says(&c, "\"clock\":\"even\""));
	c.request.now_s = DAY(-9);
	assert_int_equal(caller_send(&c, routes_admin, "GET", "/readyz"), 503);
	assert_true(caller_says(&c, "\"clock\":\"back\""));
	close_all(&f, &c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_asked_rightly_is_refused_by_its_status),
		cmocka_unit_test(what_is_allowed_is_named),
		cmocka_unit_test(threat_41_a_compressed_body_is_refused),
		cmocka_unit_test(options_are_told_and_only_published_files_are_shared),
		cmocka_unit_test(a_verdict_is_200_whatever_it_says),
		cmocka_unit_test(what_is_asked_besides_stands_in_the_query),
		cmocka_unit_test(what_is_asked_in_the_address_beside_json_or_a_form_is_refused),
		cmocka_unit_test(number_and_check_code_answer_like_the_code),
		cmocka_unit_test(threat_46_unknown_and_mismatched_are_the_same_answer),
		cmocka_unit_test(threat_46_misses_are_counted_against_the_client),
		cmocka_unit_test(what_an_older_lookup_lacks_is_not_known),
		cmocka_unit_test(a_confirmation_that_makes_no_sense_is_refused_before_looking),
		cmocka_unit_test(published_files_alone_confirm_nothing),
		cmocka_unit_test(published_files_have_their_types_validators_and_ages),
		cmocka_unit_test(a_status_token_is_kept_no_longer_than_it_is_good_for),
		cmocka_unit_test(threat_36_addresses_stay_in_the_folder),
		cmocka_unit_test(readiness_says_what_is_missing),
		cmocka_unit_test(threat_14_readiness_does_not_believe_any_clock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Answers of a helper are read strictly: one that lies, hangs or dies is an error and never a file. */
#include "tests/test.h"

#include "verifier/fetch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Scripts in the helper's place; they hear one request. */
struct stage {
	char folder[64], helper[96];
};

static void
stage_open(struct stage *s, const char *script)
{
	snprintf(s->folder, sizeof s->folder, "/tmp/qualcert-fetch.XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->helper, sizeof s->helper, "%s/helper", s->folder);
	FILE *f = fopen(s->helper, "w");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\nread line\n%s\n", script);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(s->helper, 0755), 0);
}

static void
stage_close(const struct stage *s)
{
	unlink(s->helper);
	rmdir(s->folder);
}

static bool
ask(struct fetch_answer *out, struct buf *body, const char *script, unsigned wait_s,
    struct err *err)
{
	const struct fetch_request request = { .path = "v1/snapshot", .max = 10, .etag = "\"e\"" };
	struct fetch *f = NULL;
	struct stage s;

	stage_open(&s, script);
	const struct fetch_place place = { .helper = s.helper,
		.url = "https://v.example",
		.ca_file = "/authorities",
		.silence_s = 7,
		.wait_s = wait_s };
	assert_true(fetch_open(&f, &place, NULL));
	const bool ok = fetch_get(out, body, f, &request, err);
	fetch_close(f);
	stage_close(&s);
	return ok;
}

static void
an_answer_is_what_the_helper_says(void **state)
{
	static const struct {
		const char *script;
		enum fetch_status status;
		const char *etag, *body;
	} rows[] = {
		{ "echo 'found 0 -'", FETCH_FOUND, "", "" },
		{ "printf 'found 10 \"a\"\\n0123456789'", FETCH_FOUND, "\"a\"", "0123456789" },
		{ "echo 'found 12 -' >&2; echo 'unchanged 0 -'", FETCH_UNCHANGED, "", "" },
		{ "echo 'absent 0 -'", FETCH_ABSENT, "", "" },
		{ "printf 'refused 8 -\\nHTTP 503'", FETCH_REFUSED, "", "HTTP 503" },
		{ "printf 'certificate 11 -\\nnot so long'", FETCH_CERTIFICATE, "", "not so long" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fetch_answer a;
		struct buf body = BUF_EMPTY;
		struct err err = { 0 };
		if (!ask(&a, &body, rows[i].script, 30, &err))
			fail_msg("%s: %s", rows[i].script, err.text);
		CHECK_ROW(a.status == rows[i].status, rows[i].script);
		CHECK_ROW(strcmp(a.etag, rows[i].etag) == 0, rows[i].script);
		CHECK_ROW(strcmp(buf_text(&body), rows[i].body) == 0, rows[i].script);
		buf_free(&body);
	}
}

static void
the_helper_is_told_place_and_file(void **state)
{
	struct fetch_answer a;
	struct buf body = BUF_EMPTY;
	(void)state;

	assert_true(ask(&a, &body,
	    "text=\"$*|$line\"; echo \"refused ${#text} -\"; printf %s \"$text\"", 30, NULL));
	assert_string_equal(buf_text(&body),
	    "--silence 7 --ca-file /authorities https://v.example|v1/snapshot 10 \"e\"");
	buf_free(&body);
}

static void
a_helper_that_lies_hangs_or_dies_gives_no_file(void **state)
{
	static const struct {
		const char *script;
		unsigned wait_s;
		enum err_code code;
	} rows[] = {
		{ "exit 1", 30, ERR_IO },
		{ "kill -9 $$", 30, ERR_IO },
		{ "printf 'found 10 -'", 30, ERR_IO },
		{ "printf 'found 10 -\\n012345678'", 30, ERR_IO },
		{ "exec sleep 600", 1, ERR_LIMIT },
		{ "printf 'found 10 -\\n01234'; exec sleep 600", 1, ERR_LIMIT },
		{ "head -c 100000 /dev/zero | tr '\\0' x", 30, ERR_LIMIT },
		{ "printf 'found 11 -\\n01234567890'", 30, ERR_MALFORMED },
		{ "echo 'found 99999999999999999999 -'", 30, ERR_MALFORMED },
		{ "echo 'found 18446744073709551615 -'", 30, ERR_MALFORMED },
		{ "echo 'found -1 -'", 30, ERR_MALFORMED },
		{ "echo 'found 010 -'", 30, ERR_MALFORMED },
		{ "echo 'found 00 -'", 30, ERR_MALFORMED },
		{ "echo 'found 1'", 30, ERR_MALFORMED },
		{ "echo 'found 1 '", 30, ERR_MALFORMED },
		{ "echo 'found 1 - '", 30, ERR_MALFORMED },
		{ "echo 'found 1 x'", 30, ERR_MALFORMED },
		{ "echo 'found  1 -'", 30, ERR_MALFORMED },
		{ "echo 'Found 1 -'", 30, ERR_MALFORMED },
		{ "echo 'unchanged 1 -'", 30, ERR_MALFORMED },
		{ "echo 'absent 0 \"a\"'", 30, ERR_MALFORMED },
		{ "echo 'failed 513 -'", 30, ERR_MALFORMED },
		{ "echo", 30, ERR_MALFORMED },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fetch_answer a;
		struct buf body = BUF_EMPTY;
		struct err err = { 0 };
		CHECK_ROW(!ask(&a, &body, rows[i].script, rows[i].wait_s, &err), rows[i].script);
		CHECK_ROW(err.code == rows[i].code, rows[i].script);
		CHECK_ROW(strstr(err.text, FETCH_HELPER) != NULL, rows[i].script);
		buf_free(&body);
	}
}

static void
a_helper_that_is_missing_is_said_at_once(void **state)
{
	const struct fetch_place place = { .helper = "/nonexistent/qualverify-fetch",
		.url = "https://v.example" };
	struct fetch *f;
	struct err err = { 0 };
	(void)state;

	assert_false(fetch_open(&f, &place, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_what_the_helper_says),
		cmocka_unit_test(the_helper_is_told_place_and_file),
		cmocka_unit_test(a_helper_that_lies_hangs_or_dies_gives_no_file),
		cmocka_unit_test(a_helper_that_is_missing_is_said_at_once),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

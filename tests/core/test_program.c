#include "core/program.h"

#include "core/file.h"
#include "tests/test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int
run(struct buf *out, struct err *err, const char *script)
{
	int status = -1;
	buf_free(out);
	return program_run(&status, out, 1000, PROGRAM_WAIT_S,
		   (const char *[]){ "sh", "-c", script, NULL }, err)
	    ? status
	    : -1;
}

static void
what_it_says_and_how_it_ends_is_told(void **state)
{
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(run(&out, &err, "echo one; echo two >&2; exit 7"), 7);
	assert_string_equal(buf_text(&out), "one\ntwo\n");
	assert_int_equal(run(&out, &err, "kill -TERM $$"), 128 + 15);
	assert_int_equal(run(&out, &err, "cat"), 0); /* nothing to read */
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

/* More than a pipe holds, to one that reads all before it says a word, and to one that reads nothing. */
static void
what_it_is_given_it_can_read(void **state)
{
	static uint8_t in[200000];
	static const struct {
		const char *program, *says;
	} rows[] = { { "wc", "200000" }, { "true", "" } };

	(void)state;
	memset(in, 'x', sizeof in);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_EMPTY;
		struct err err = { 0 };
		int status = -1;
		assert_true(program_feed(&status, &out, 1000, PROGRAM_WAIT_S,
		    (const char *[]){ rows[i].program, "-c", NULL }, span_of(in, sizeof in), &err));
		assert_int_equal(status, 0);
		CHECK_ROW(strncmp(out.len > 0 ? buf_text(&out) : "", rows[i].says,
			      strlen(rows[i].says)) == 0,
		    rows[i].program);
		buf_free(&out);
	}
}

/* Killed at once, and gone when its new parent has noticed. */
static void
what_it_started_is_killed_with_it(void **state)
{
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };
	int status = -1;

	(void)state;
	assert_false(program_run(&status, &out, 1000, 1,
	    (const char *[]){ "sh", "-c", "sleep 1000 & echo $!; wait", NULL }, &err));
	const pid_t grandchild = (pid_t)strtol(buf_text(&out), NULL, 10);
	assert_true(grandchild > 1);
	for (int tries = 0; kill(grandchild, 0) == 0 && tries < 500; tries++) {
		char path[64];
		struct buf stat = BUF_EMPTY;
		snprintf(path, sizeof path, "/proc/%d/stat", grandchild);
		const bool dead =
		    !file_read(&stat, path, 4096, NULL) || strstr(buf_text(&stat), ") Z") != NULL;
		buf_free(&stat);
		if (dead)
			break;
		usleep(10000);
		assert_true(tries < 499);
	}
	buf_free(&out);
}

static void
no_shell_reads_the_words(void **state)
{
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };
	int status = -1;

	(void)state;
	assert_true(program_run(&status, &out, 1000, PROGRAM_WAIT_S,
	    (const char *[]){ "printf", "%s", "$HOME; `x` | > *", NULL }, &err));
	assert_int_equal(status, 0);
	assert_string_equal(buf_text(&out), "$HOME; `x` | > *");
	buf_free(&out);
}

static void
a_program_that_is_not_there_is_named(void **state)
{
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };
	int status = -1;

	(void)state;
	assert_false(program_run(&status, &out, 1000, PROGRAM_WAIT_S,
	    (const char *[]){ "no-such-program-here", NULL }, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "no-such-program-here"));
}

static void
one_that_talks_without_end_is_ended(void **state)
{
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(run(&out, &err, "exec yes"), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&out);
}

static void
one_that_does_not_end_is_killed(void **state)
{
	static const char *const scripts[] = { "echo here; exec sleep 1000",
		"exec >&- 2>&-; exec sleep 1000" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(scripts); i++) {
		struct buf out = BUF_EMPTY;
		struct err err = { 0 };
		int status = -1;
		CHECK_ROW(!program_run(&status, &out, 1000, 1,
			      (const char *[]){ "sh", "-c", scripts[i], NULL }, &err),
		    scripts[i]);
		CHECK_ROW(err.code == ERR_LIMIT &&
			strstr(err.text, "sh did not end within 1 seconds and was killed"),
		    err.text);
		assert_int_equal(status, 128 + 9);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_says_and_how_it_ends_is_told),
		cmocka_unit_test(what_it_is_given_it_can_read),
		cmocka_unit_test(what_it_started_is_killed_with_it),
		cmocka_unit_test(no_shell_reads_the_words),
		cmocka_unit_test(a_program_that_is_not_there_is_named),
		cmocka_unit_test(one_that_does_not_end_is_killed),
		cmocka_unit_test(one_that_talks_without_end_is_ended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A helper says what it is asked for, or is an error: never a wait without an end, never a signal of ours. */
#include "tests/test.h"

#include "verifier/helper.h"

#include <signal.h>

#define SOON helper_deadline_ms(20)
#define NOW helper_deadline_ms(0)

static struct helper *
shell(const char *script)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	struct helper *h = NULL;

	assert_true(helper_start(&h, argv, NULL));
	return h;
}

static void
an_answer_comes_by_lines_by_count_and_to_the_end(void **state)
{
	struct buf said = BUF_EMPTY;
	struct helper *h = shell("read a; echo \"got $a\"; printf 12345; cat");
	(void)state;

	assert_true(helper_write(h, span_text("this\nand that"), SOON, NULL));
	assert_true(helper_read_line(&said, h, 20, SOON, NULL));
	assert_string_equal(buf_text(&said), "got this");
	buf_free(&said);
	assert_true(helper_read(&said, h, 5, SOON, NULL));
	assert_string_equal(buf_text(&said), "12345");
	buf_free(&said);
	helper_close_input(h);
	assert_true(helper_read_all(&said, h, 8, SOON, NULL));
	assert_string_equal(buf_text(&said), "and that");
	buf_free(&said);
	helper_stop(h);
}

static void
more_than_a_pipe_holds_goes_both_ways(void **state)
{
	static const uint8_t block[100000];
	struct buf said = BUF_EMPTY;
	struct helper *h = shell("head -c 1000000 >/dev/null; head -c 1000000 /dev/zero");
	(void)state;

	for (int i = 0; i < 10; i++)
		assert_true(helper_write(h, span_of(block, sizeof block), SOON, NULL));
	assert_true(helper_read_all(&said, h, 1000000, SOON, NULL));
	assert_int_equal(said.len, 1000000);
	buf_free(&said);
	helper_stop(h);
}

static void
what_is_too_long_is_an_error(void **state)
{
	struct buf said = BUF_EMPTY;
	struct err err = { 0 };
	struct helper *h = shell("printf '12345\\n12345'");
	(void)state;

	assert_false(helper_read_line(&said, h, 4, SOON, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_false(helper_read_all(&said, h, 3, SOON, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&said);
	helper_stop(h);
}

static void
one_that_says_nothing_is_not_waited_for(void **state)
{
	static const uint8_t block[1000000];
	struct buf said = BUF_EMPTY;
	struct err err = { 0 };
	struct helper *h = shell("exec sleep 600");
	(void)state;

	assert_false(helper_read(&said, h, 1, NOW, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_false(helper_write(h, span_of(block, sizeof block), NOW, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&said);
	helper_stop(h); /* it would sleep for ten minutes */
}

static void
one_that_dies_is_an_error(void **state)
{
	static const uint8_t block[1000000];
	struct buf said = BUF_EMPTY;
	struct err err = { 0 };
	struct helper *h = shell("printf 123");
	(void)state;

	assert_false(helper_read(&said, h, 4, SOON, &err));
	assert_int_equal(err.code, ERR_IO);
	err = (struct err){ 0 };
	assert_false(helper_write(h, span_of(block, sizeof block), SOON, &err));
	assert_int_equal(err.code, ERR_IO);
	buf_free(&said);
	helper_stop(h);
}

static void
one_that_is_missing_is_named(void **state)
{
	const char *const argv[] = { "/nonexistent/helper", NULL };
	struct buf path = BUF_EMPTY;
	struct helper *h;
	struct err err = { 0 };
	(void)state;

	assert_false(helper_start(&h, argv, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_false(helper_find(&path, "qualverify-nothing", &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "/libexec/qualverify-nothing"));
	assert_int_equal(path.len, 0);
	buf_free(&path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_by_lines_by_count_and_to_the_end),
		cmocka_unit_test(more_than_a_pipe_holds_goes_both_ways),
		cmocka_unit_test(what_is_too_long_is_an_error),
		cmocka_unit_test(one_that_says_nothing_is_not_waited_for),
		cmocka_unit_test(one_that_dies_is_an_error),
		cmocka_unit_test(one_that_is_missing_is_named),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "core/cursor.h"
#include "tests/test.h"

static void
it_reads_like_the_format(void **state)
{
	static const uint8_t in[] = { 1, 0x02, 0x03, 'Q', 'C', '1', '2', '0', '2', '6', 9 };
	struct cursor c = cursor_over(span_of(in, sizeof in));
	(void)state;

	assert_int_equal(cursor_peek(&c), 1);
	assert_int_equal(cursor_u8(&c), 1);
	assert_int_equal(cursor_be(&c, 2), 0x0203);
	assert_true(cursor_expect(&c, span_text("QC1")));
	assert_int_equal(cursor_decimal(&c, 4), 2026);
	assert_int_equal(cursor_left(&c), 1);
	assert_int_equal(cursor_rest(&c).ptr[0], 9);
	assert_false(cursor_done(&c));
	assert_int_equal(cursor_take(&c, 1).len, 1);
	assert_true(cursor_done(&c));
	assert_int_equal(cursor_peek(&c), -1);
	assert_int_equal(cursor_take(&c, 0).len, 0);
	assert_true(cursor_done(&c));
}

static void
eight_bytes_fill_an_integer(void **state)
{
	struct cursor c = cursor_over(span_of("\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8", 8));
	(void)state;
	assert_true(cursor_be(&c, 8) == UINT64_C(0xfffefdfcfbfaf9f8));
	assert_true(cursor_done(&c));
}

/* Every way to read past the end: bad for good, and nothing but zeros. */
static void
a_short_read_is_bad_and_stays_bad(void **state)
{
	(void)state;
	for (int way = 0; way < 5; way++) {
		struct cursor c = cursor_over(span_text("12"));
		switch (way) {
		case 0:
			assert_null(cursor_take(&c, 3).ptr);
			break;
		case 1:
			assert_null(cursor_take(&c, SIZE_MAX).ptr);
			break;
		case 2:
			assert_int_equal(cursor_be(&c, 4), 0);
			break;
		case 3:
			assert_int_equal(cursor_decimal(&c, 3), 0);
			break;
		default:
			assert_false(cursor_expect(&c, span_text("123")));
			break;
		}
		assert_true(c.bad);
		assert_int_equal(cursor_u8(&c), 0);
		assert_int_equal(cursor_take(&c, 1).len, 0);
		assert_int_equal(cursor_peek(&c), -1);
		assert_int_equal(cursor_left(&c), 0);
		assert_null(cursor_rest(&c).ptr);
		assert_false(cursor_expect(&c, span_text("")));
		assert_false(cursor_done(&c));
	}
}

static void
other_bytes_than_expected_are_bad(void **state)
{
	struct cursor c = cursor_over(span_text("QC2"));
	(void)state;
	assert_false(cursor_expect(&c, span_text("QC1")));
	assert_false(cursor_done(&c));
}

static void
only_digits_make_a_number(void **state)
{
	static const char *const wrong[] = { " 1", "+1", "-1", "1 ", "1:", "/1", "0x", "\xb2\x31" };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct cursor c = cursor_over(span_text(wrong[i]));
		CHECK_ROW(cursor_decimal(&c, 2) == 0 && c.bad, wrong[i]);
	}
	struct cursor c = cursor_over(span_text("999999999"));
	assert_int_equal(cursor_decimal(&c, 9), 999999999);
	assert_true(cursor_done(&c));
}

static void
a_number_ends_at_its_stop(void **state)
{
	static const char *const wrong[] = { "", "\n", "12", "-1\n", "1 \n", "0x1\n", "1.\n",
		"1234567890123456789\n" };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct cursor c = cursor_over(span_text(wrong[i]));
		CHECK_ROW(cursor_number(&c, '\n') == 0 && c.bad, wrong[i]);
	}
	struct cursor c = cursor_over(span_text("123456789012345678\n007\n"));
	assert_true(cursor_number(&c, '\n') == UINT64_C(123456789012345678));
	assert_int_equal(cursor_number(&c, '\n'), 7);
	assert_true(cursor_done(&c));
}

static void
an_empty_input_is_done_at_once(void **state)
{
	struct cursor c = cursor_over(span_text(""));
	(void)state;
	assert_true(cursor_done(&c));
	assert_null(cursor_take(&c, 0).ptr);
	assert_true(cursor_done(&c));
	assert_int_equal(cursor_u8(&c), 0);
	assert_false(cursor_done(&c));
}

static void
bytes_are_found_where_they_first_stand(void **state)
{
	static const struct {
		const char *in, *what;
		size_t from, at;
		bool there;
	} rows[] = {
		{ "abc", "abc", 0, 0, true },
		{ "xxab", "ab", 0, 2, true },
		{ "aaab", "aab", 0, 1, true },
		{ "abab", "ab", 1, 2, true },
		{ "abab", "ab", 3, 3, false },
		{ "aab", "abc", 0, 0, false },
		{ "ab", "abc", 0, 0, false },
		{ "", "a", 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct cursor c = cursor_over(span_text(rows[i].in));
		cursor_take(&c, rows[i].from);
		CHECK_ROW(cursor_find(&c, span_text(rows[i].what)) == rows[i].there, rows[i].in);
		CHECK_ROW(c.pos == rows[i].at && !c.bad, rows[i].in);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_reads_like_the_format),
		cmocka_unit_test(eight_bytes_fill_an_integer),
		cmocka_unit_test(a_short_read_is_bad_and_stays_bad),
		cmocka_unit_test(other_bytes_than_expected_are_bad),
		cmocka_unit_test(only_digits_make_a_number),
		cmocka_unit_test(a_number_ends_at_its_stop),
		cmocka_unit_test(an_empty_input_is_done_at_once),
		cmocka_unit_test(bytes_are_found_where_they_first_stand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "core/buf.h"
#include "core/limits.h"
#include "tests/test.h"

#include <stdlib.h>

static void
bytes_come_out_as_they_went_in(void **state)
{
	static const uint8_t want[] = "abc\0de\x01\x02\x03n=7";
	struct buf b = BUF_EMPTY;
	(void)state;

	buf_add(&b, "abc", 4);
	buf_add_text(&b, "de");
	buf_add_be(&b, 0x010203, 3);
	buf_printf(&b, "n=%d", 7);
	assert_true(buf_ok(&b, NULL));
	assert_int_equal(b.len, sizeof want - 1);
	assert_memory_equal(b.ptr, want, b.len);
	buf_free(&b);
	assert_null(b.ptr);
	assert_int_equal(b.len, 0);
}

static void
integers_are_big_endian(void **state)
{
	static const uint8_t want[] = { 7, 1, 2, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0xf8 };
	struct buf b = BUF_EMPTY;
	(void)state;

	buf_add_be(&b, 7, 1);
	buf_add_be(&b, 0x0102, 2);
	buf_add_be(&b, UINT64_C(0xfffefdfcfbfaf9f8), 8);
	assert_true(span_equal(buf_span(&b), span_of(want, sizeof want)));
	buf_free(&b);
}

static void
it_grows_over_many_writes(void **state)
{
	struct buf b = BUF_EMPTY;
	(void)state;

	for (unsigned i = 0; i < 100000; i++)
		buf_add_byte(&b, (uint8_t)(i * 31));
	assert_true(buf_ok(&b, NULL));
	assert_int_equal(b.len, 100000);
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(b.ptr[i], (uint8_t)(i * 31));
	buf_wipe(&b);
	assert_null(b.ptr);
}

static void
an_empty_buffer_is_an_empty_span_and_text(void **state)
{
	struct buf b = BUF_EMPTY;
	(void)state;

	assert_null(buf_span(&b).ptr);
	assert_int_equal(buf_span(&b).len, 0);
	assert_string_equal(buf_text(&b), "");
	assert_null(buf_span(&b).ptr);
	buf_add_text(&b, "x");
	assert_string_equal(buf_text(&b), "x");
	assert_int_equal(b.len, 1);
	buf_free(&b);
}

static void
it_holds_the_ceiling_and_not_a_byte_more(void **state)
{
	struct buf b = BUF_EMPTY;
	struct err err = { 0 };
	void *half = calloc(1, LIMIT_BUF_BYTES / 2);
	(void)state;

	assert_non_null(half);
	buf_add(&b, half, LIMIT_BUF_BYTES / 2);
	buf_add(&b, half, LIMIT_BUF_BYTES / 2);
	assert_true(buf_ok(&b, &err));
	assert_non_null(buf_text(&b));

	buf_add_byte(&b, 1);
	assert_false(buf_ok(&b, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_null(buf_text(&b));
	assert_int_equal(b.len, LIMIT_BUF_BYTES);
	buf_free(&b);
	free(half);
}

static void
after_a_fault_later_writes_do_nothing(void **state)
{
	struct buf b = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	buf_add_text(&b, "kept");
	buf_add(&b, "never read", SIZE_MAX);
	buf_add_text(&b, "lost");
	buf_printf(&b, "%s", "lost");
	assert_int_equal(b.len, 4);
	assert_false(buf_ok(&b, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.text, "bytes"));
	buf_free(&b);
	assert_true(buf_ok(&b, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_come_out_as_they_went_in),
		cmocka_unit_test(integers_are_big_endian),
		cmocka_unit_test(it_grows_over_many_writes),
		cmocka_unit_test(an_empty_buffer_is_an_empty_span_and_text),
		cmocka_unit_test(it_holds_the_ceiling_and_not_a_byte_more),
		cmocka_unit_test(after_a_fault_later_writes_do_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

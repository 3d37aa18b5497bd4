#include "core/encode.h"
#include "tests/test.h"

static void
hex_goes_there_and_back(void **state)
{
	static const uint8_t in[] = { 0x00, 0x0f, 0xa5, 0xff };
	char text[2 * sizeof in + 1];
	uint8_t out[sizeof in];
	(void)state;

	hex_encode(text, span_of(in, sizeof in));
	assert_string_equal(text, "000fa5ff");
	assert_true(hex_decode(out, sizeof out, span_text(text), NULL));
	assert_memory_equal(out, in, sizeof in);
	hex_encode(text, span_text(""));
	assert_string_equal(text, "");
}

static void
only_the_right_number_of_small_digits_is_hex(void **state)
{
	static const char *const wrong[] = { "", "00", "0001", "00010", "0001020", "00010203",
		"00010G", "0001FF", "0x0102", " 00102", "00 102", "0001:2" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		uint8_t out[3];
		struct err err = { 0 };
		CHECK_ROW(!hex_decode(out, sizeof out, span_text(wrong[i]), &err), wrong[i]);
		CHECK_ROW(err.code == ERR_MALFORMED && err.text[0] != '\0', wrong[i]);
	}
}

/* RFC 4648 section 10. */
static void
base64_matches_the_published_vectors(void **state)
{
	static const struct {
		const char *plain, *text;
	} rows[] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xbf", "+/+/" } };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_EMPTY;
		base64_encode(&out, span_text(rows[i].plain));
		assert_string_equal(buf_text(&out), rows[i].text);
		buf_free(&out);
		assert_true(base64_decode(&out, span_text(rows[i].text), NULL));
		assert_string_equal(buf_text(&out), rows[i].plain);
		buf_free(&out);
	}
}

static void
two_spellings_of_the_same_bytes_are_not_both_base64(void **state)
{
	static const struct {
		const char *mistake, *text;
	} rows[] = {
		{ "no padding", "Zg" },
		{ "half the padding", "Zg=" },
		{ "three signs of padding", "Z===" },
		{ "padding alone", "====" },
		{ "padding too much", "Zm9v====" },
		{ "padding in the middle", "Zg==Zg==" },
		{ "padding before a digit", "Zm=v" },
		{ "spare bits set, one byte", "Zh==" },
		{ "spare bits set, two bytes", "Zm9=" },
		{ "line break", "Zm9v\nYg=" },
		{ "blank at the end", "Zm9vYg= " },
		{ "URL alphabet", "-_-_" },
		{ "no digit at all", "\xe5\x8d\xb0=" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_EMPTY;
		struct err err = { 0 };
		buf_add_text(&out, "kept");
		CHECK_ROW(!base64_decode(&out, span_text(rows[i].text), &err), rows[i].mistake);
		CHECK_ROW(err.code == ERR_MALFORMED && err.text[0] != '\0', rows[i].mistake);
		assert_string_equal(buf_text(&out), "kept");
		buf_free(&out);
	}
	struct buf out = BUF_EMPTY;
	assert_false(base64_decode(&out, span_of("Zm\0v", 4), NULL));
	buf_free(&out);
}

static void
base32_is_crockfords_most_significant_first(void **state)
{
	static const struct {
		uint8_t in[5];
		const char *text;
	} rows[] = {
		{ { 0, 0, 0, 0, 0 }, "00000000" },
		{ { 0xff, 0xff, 0xff, 0xff, 0xff }, "ZZZZZZZZ" },
		{ { 0, 0, 0, 0, 1 }, "00000001" },
		{ { 0x08, 0, 0, 0, 0 }, "10000000" },
		{ { 0x00, 0x44, 0x32, 0x14, 0xc7 }, "01234567" },
		{ { 0x42, 0x54, 0xb6, 0x35, 0xcf }, "89ABCDEF" },
		{ { 0x84, 0x65, 0x3a, 0x56, 0xd7 }, "GHJKMNPQ" },
		{ { 0xc6, 0x75, 0xbe, 0x77, 0xdf }, "RSTVWXYZ" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char out[9];
		base32_encode5(out, rows[i].in);
		assert_string_equal(out, rows[i].text);
		assert_null(strpbrk(out, "ILOU"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_goes_there_and_back),
		cmocka_unit_test(only_the_right_number_of_small_digits_is_hex),
		cmocka_unit_test(base64_matches_the_published_vectors),
		cmocka_unit_test(two_spellings_of_the_same_bytes_are_not_both_base64),
		cmocka_unit_test(base32_is_crockfords_most_significant_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

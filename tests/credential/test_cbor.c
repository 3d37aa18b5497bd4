#include "core/encode.h"
#include "core/limits.h"
#include "credential/cbor.h"
#include "tests/test.h"

static struct span
bytes_of(uint8_t room[256], const char *hex)
{
	size_t n = strlen(hex) / 2;
	assert_true(n <= 256 && hex_decode(room, n, span_text(hex), NULL));
	return span_of(room, n);
}

/* Whatever it is, read all of it as one item of any kind. */
static bool
is_read(struct span in, unsigned depth, struct err *err)
{
	struct cbor_in c = cbor_in_over(in, depth);
	cbor_in_raw(&c);
	return cbor_in_done(&c, err);
}

/* RFC 8949 appendix A, the rows of kinds we use. */
static void
the_examples_of_rfc_8949_are_read(void **state)
{
	static const char *const rows[] = { "00", "01", "0a", "17", "1818", "1819", "1864",
		"1903e8", "1a000f4240", "1b000000e8d4a51000", "1bffffffffffffffff", "20", "29",
		"3863", "3903e7", "3bffffffffffffffff", "f4", "f5", "f6", "c11a514b67b0", "40",
		"4401020304", "60", "6161", "6449455446", "62225c", "62c3bc", "63e6b0b4",
		"64f0908591", "80", "83010203", "8301820203820405",
		"98190102030405060708090a0b0c0d0e0f101112131415161718181819", "a0", "a201020304",
		"a26161016162820203", "826161a161626163",
		"a56161614161626142616361436164614461656145" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t room[256];
		struct err err = { 0 };
		bool read = is_read(bytes_of(room, rows[i]), LIMIT_CBOR_DEPTH, &err);
		CHECK_ROW(read, rows[i]);
	}
}

/* threat_15_not_deterministic, threat_13, threat_42. */
static void
mistakes_are_refused(void **state)
{
	static const struct {
		const char *mistake;
		const char *hex;
		enum err_code code;
	} rows[] = {
		{ "nothing at all", "", ERR_MALFORMED },
		{ "a byte after the end", "0000", ERR_MALFORMED },
		{ "1 in two bytes", "1801", ERR_MALFORMED },
		{ "23 in two bytes", "1817", ERR_MALFORMED },
		{ "255 in three bytes", "1900ff", ERR_MALFORMED },
		{ "65535 in five bytes", "1a0000ffff", ERR_MALFORMED },
		{ "2^32-1 in nine bytes", "1b00000000ffffffff", ERR_MALFORMED },
		{ "-1 in two bytes", "3800", ERR_MALFORMED },
		{ "-256 in three bytes", "3900ff", ERR_MALFORMED },
		{ "a tag in two bytes", "d81100", ERR_MALFORMED },
		{ "a length in two bytes", "580100", ERR_MALFORMED },
		{ "a text's length in two bytes", "780161", ERR_MALFORMED },
		{ "a count in two bytes", "980100", ERR_MALFORMED },
		{ "pairs counted in two bytes", "b8010000", ERR_MALFORMED },
		{ "additional information 28", "1c", ERR_MALFORMED },
		{ "additional information 31 for a number", "1f", ERR_MALFORMED },
		{ "bytes of indefinite length", "5f4100ff", ERR_MALFORMED },
		{ "text of indefinite length", "7f6161ff", ERR_MALFORMED },
		{ "array of indefinite length", "9f00ff", ERR_MALFORMED },
		{ "map of indefinite length", "bf0000ff", ERR_MALFORMED },
		{ "a break alone", "ff", ERR_MALFORMED },
		{ "half float", "f93c00", ERR_MALFORMED },
		{ "float", "fa47c35000", ERR_MALFORMED },
		{ "double", "fb3ff199999999999a", ERR_MALFORMED },
		{ "not a number", "f97e00", ERR_MALFORMED },
		{ "undefined", "f7", ERR_MALFORMED },
		{ "simple value 16", "f0", ERR_MALFORMED },
		{ "simple value 255", "f8ff", ERR_MALFORMED },
		{ "true in two bytes", "f815", ERR_MALFORMED },
		{ "bytes cut short", "43aabb", ERR_MALFORMED },
		{ "number cut short", "1a0000", ERR_MALFORMED },
		{ "array cut short", "8200", ERR_MALFORMED },
		{ "key without value", "a100", ERR_MALFORMED },
		{ "tag without item", "d2", ERR_MALFORMED },
		{ "2^28 items announced", "9a10000000", ERR_MALFORMED },
		{ "2^64-1 items announced", "9bffffffffffffffff00", ERR_MALFORMED },
		{ "2^63 pairs announced", "bb8000000000000000", ERR_MALFORMED },
		{ "2^64-1 bytes announced", "5bffffffffffffffff00", ERR_MALFORMED },
		{ "keys falling", "a202000100", ERR_MALFORMED },
		{ "key twice", "a201000100", ERR_MALFORMED },
		{ "key twice, not side by side", "a3010002000100", ERR_MALFORMED },
		{ "negative before positive", "a220000100", ERR_MALFORMED },
		{ "longer text before shorter", "a262616100616200", ERR_MALFORMED },
		{ "text before number", "a26161000100", ERR_MALFORMED },
		{ "keys falling in an inner map", "a100a202000100", ERR_MALFORMED },
		{ "bytes as a key", "a1410000", ERR_MALFORMED },
		{ "true as a key", "a1f500", ERR_MALFORMED },
		{ "array as a key", "a18000", ERR_MALFORMED },
		{ "tagged key", "a1c10000", ERR_MALFORMED },
		{ "text with half a hanzi", "62e6b0", ERR_MALFORMED },
		{ "text in overlong form", "62c080", ERR_MALFORMED },
		{ "surrogate in text", "63eda080", ERR_MALFORMED },
		{ "nine arrays in each other", "818181818181818180", ERR_LIMIT },
		{ "nine tags in each other", "c1c1c1c1c1c1c1c1c100", ERR_LIMIT },
		{ "nine maps in each other", "a100a100a100a100a100a100a100a100a0", ERR_LIMIT },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t room[256];
		struct err err = { 0 };
		bool read = is_read(bytes_of(room, rows[i].hex), LIMIT_CBOR_DEPTH, &err);
		CHECK_ROW(!read, rows[i].mistake);
		CHECK_ROW(err.code == rows[i].code, rows[i].mistake);
		CHECK_ROW(strncmp(err.text, "byte ", 5) == 0, rows[i].mistake);
	}
}

/* libcbor 0.8 refuses some of them. */
static void
every_short_tag_is_read(void **state)
{
	(void)state;
	for (uint8_t tag = 0; tag < 24; tag++) {
		const uint8_t in[] = { (uint8_t)(0xc0 | tag), 0 };
		struct cbor_in c = cbor_in_over(span_of(in, sizeof in), 1);
		cbor_in_tag(&c, tag);
		assert_int_equal(cbor_in_uint(&c, 0), 0);
		assert_true(cbor_in_done(&c, NULL));
	}
}

static void
the_depth_asked_for_is_allowed_and_no_more(void **state)
{
	uint8_t room[256];
	(void)state;
	struct span four = bytes_of(room, "81818180");
	assert_true(is_read(four, 4, NULL));
	assert_false(is_read(four, 3, NULL));
	assert_false(is_read(four, 0, NULL));
	assert_true(is_read(span_of("\0", 1), 0, NULL));
}

/* threat_42: a million bytes of the worst kind are still one pass. */
static void
a_million_opened_arrays_are_refused_at_once(void **state)
{
	struct buf in = BUF_EMPTY;
	(void)state;
	for (size_t i = 0; i < 1000000; i++)
		buf_add_byte(&in, 0x81);
	assert_false(is_read(buf_span(&in), LIMIT_CBOR_DEPTH, NULL));
	buf_free(&in);
}

static void
what_is_written_is_in_shortest_form(void **state)
{
	static const struct {
		int64_t value;
		const char *hex;
	} rows[] = { { 0, "00" }, { 23, "17" }, { 24, "1818" }, { 255, "18ff" }, { 256, "190100" },
		{ 65535, "19ffff" }, { 65536, "1a00010000" }, { 4294967295, "1affffffff" },
		{ 4294967296, "1b0000000100000000" }, { INT64_MAX, "1b7fffffffffffffff" },
		{ -1, "20" }, { -24, "37" }, { -25, "3818" }, { -256, "38ff" }, { -257, "390100" },
		{ -65537, "3a00010000" }, { INT64_MIN, "3b7fffffffffffffff" } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_EMPTY;
		uint8_t room[256];
		cbor_put_int(&out, rows[i].value);
		CHECK_ROW(span_equal(buf_span(&out), bytes_of(room, rows[i].hex)), rows[i].hex);
		struct cbor_in c = cbor_in_over(buf_span(&out), 0);
		CHECK_ROW(cbor_in_int(&c, INT64_MIN, INT64_MAX) == rows[i].value, rows[i].hex);
		CHECK_ROW(cbor_in_done(&c, NULL), rows[i].hex);
		buf_free(&out);
	}
}

static void
all_kinds_come_back(void **state)
{
	struct buf out = BUF_EMPTY;
	uint8_t copy[3];
	(void)state;

	cbor_put_tag(&out, 98);
	cbor_put_array(&out, 7);
	cbor_put_bool(&out, true);
	cbor_put_bool(&out, false);
	cbor_put_null(&out);
	cbor_put_text(&out, span_text("水"));
	cbor_put_bytes(&out, span_text("abc"));
	cbor_put_map(&out, 1);
	cbor_put_uint(&out, 5);
	cbor_put_raw(&out, span_of("\x81\x00", 2));
	cbor_put_uint(&out, 7);

	struct cbor_in c = cbor_in_over(buf_span(&out), 4);
	assert_int_equal(cbor_in_peek(&c), CBOR_TAG);
	cbor_in_tag(&c, 98);
	assert_int_equal(cbor_in_array(&c, 7, 7), 7);
	assert_true(cbor_in_bool(&c));
	assert_false(cbor_in_try_null(&c));
	assert_false(cbor_in_bool(&c));
	assert_true(cbor_in_try_null(&c));
	assert_true(span_is(cbor_in_text(&c, 0, 9), "水"));
	cbor_in_copy(&c, copy, sizeof copy);
	assert_memory_equal(copy, "abc", 3);
	assert_true(span_equal(cbor_in_raw(&c), span_of("\xa1\x05\x81\x00", 4)));
	assert_int_equal(cbor_in_uint(&c, 7), 7);
	assert_int_equal(cbor_in_peek(&c), CBOR_NOTHING);
	assert_true(cbor_in_done(&c, NULL));
	buf_free(&out);
}

/* Each getter on what it does not take: bad, zero, and bad for good. */
static void
a_wrong_kind_or_size_turns_the_reader_bad(void **state)
{
	static const char *const wrong[] = { "6161", "00", "00", "4161", "00", "00", "00", "c100",
		"20", "1901ff", "6161", "4161", "8101", "20", "1bffffffffffffffff", "43616263" };
	(void)state;
	for (size_t way = 0; way < COUNT_OF(wrong); way++) {
		uint8_t room[256];
		uint8_t copy[2] = { 7, 7 };
		struct cbor_in c = cbor_in_over(bytes_of(room, wrong[way]), 3);
		CHECK_ROW(!c.bad, wrong[way]);
		switch (way) {
		case 0:
			cbor_in_uint(&c, 9);
			break;
		case 1:
			cbor_in_bytes(&c, 0, 9);
			break;
		case 2:
			cbor_in_text(&c, 0, 9);
			break;
		case 3:
			cbor_in_text(&c, 0, 9);
			break;
		case 4:
			cbor_in_array(&c, 0, 9);
			break;
		case 5:
			cbor_in_map(&c);
			break;
		case 6:
			cbor_in_bool(&c);
			break;
		case 7:
			cbor_in_tag(&c, 18);
			break;
		case 8:
			assert_true(cbor_in_time(&c) == 0);
			break;
		case 9:
			assert_int_equal(cbor_in_uint(&c, 255), 0);
			break;
		case 10:
			assert_null(cbor_in_text(&c, 2, 9).ptr);
			break;
		case 11:
			assert_null(cbor_in_bytes(&c, 0, 0).ptr);
			break;
		case 12:
			assert_int_equal(cbor_in_array(&c, 2, 9), 0);
			break;
		case 13:
			assert_true(cbor_in_int(&c, 0, 9) == 0);
			break;
		case 14:
			assert_true(cbor_in_int(&c, INT64_MIN, INT64_MAX) == 0);
			break;
		default:
			cbor_in_copy(&c, copy, sizeof copy);
			break;
		}
		CHECK_ROW(c.bad, wrong[way]);
		cbor_in_raw(&c);
		CHECK_ROW(!cbor_in_done(&c, NULL), wrong[way]);
		CHECK_ROW(way != COUNT_OF(wrong) - 1 || (copy[0] == 0 && copy[1] == 0), wrong[way]);
	}
}

static void
keys_are_asked_for_in_their_order(void **state)
{
	uint8_t room[256];
	(void)state;
	struct cbor_in c = cbor_in_over(bytes_of(room, "a3010a030b200c"), 1);
	struct cbor_map m = cbor_in_map(&c);
	cbor_in_key(&c, &m, 1);
	assert_int_equal(cbor_in_uint(&c, 99), 10);
	assert_false(cbor_in_try_key(&c, &m, 2));
	assert_true(cbor_in_try_key(&c, &m, 3));
	assert_int_equal(cbor_in_uint(&c, 99), 11);
	assert_true(cbor_in_try_key(&c, &m, -1));
	assert_int_equal(cbor_in_uint(&c, 99), 12);
	assert_false(cbor_in_try_key(&c, &m, 4));
	cbor_in_end(&c, &m);
	assert_true(cbor_in_done(&c, NULL));
}

static void
a_missing_and_an_unknown_field_are_named_by_place(void **state)
{
	uint8_t room[256];
	struct err err = { 0 };
	(void)state;
	struct cbor_in c = cbor_in_over(bytes_of(room, "a2010a030b"), 1);
	struct cbor_map m = cbor_in_map(&c);
	cbor_in_key(&c, &m, 1);
	cbor_in_uint(&c, 99);
	cbor_in_key(&c, &m, 2);
	assert_false(cbor_in_done(&c, &err));
	assert_non_null(strstr(err.text, "byte 3:"));

	c = cbor_in_over(bytes_of(room, "a2010a030b"), 1);
	m = cbor_in_map(&c);
	cbor_in_key(&c, &m, 1);
	cbor_in_uint(&c, 99);
	cbor_in_end(&c, &m);
	assert_false(cbor_in_done(&c, &err));
	assert_non_null(strstr(err.text, "byte 3:"));
}

static void
a_map_of_data_is_walked_pair_by_pair(void **state)
{
	uint8_t room[256];
	unsigned sum = 0;
	(void)state;
	struct cbor_in c = cbor_in_over(bytes_of(room,
					    "a3616101616202626161"
					    "03"),
	    1);
	struct cbor_map m = cbor_in_map(&c);
	while (cbor_in_next(&c, &m)) {
		assert_int_equal(cbor_in_text(&c, 1, 2).ptr[0] & 0x60, 0x60);
		sum += (unsigned)cbor_in_uint(&c, 9);
	}
	assert_int_equal(sum, 6);
	cbor_in_end(&c, &m);
	assert_true(cbor_in_done(&c, NULL));
}

static void
done_is_false_while_something_is_left(void **state)
{
	struct cbor_in c = cbor_in_over(span_of("\x82\x00\x00", 3), 1);
	(void)state;
	cbor_in_array(&c, 2, 2);
	cbor_in_uint(&c, 9);
	assert_false(cbor_in_done(&c, NULL));
	cbor_in_uint(&c, 9);
	assert_true(cbor_in_done(&c, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_rfc_8949_are_read),
		cmocka_unit_test(mistakes_are_refused),
		cmocka_unit_test(every_short_tag_is_read),
		cmocka_unit_test(the_depth_asked_for_is_allowed_and_no_more),
		cmocka_unit_test(a_million_opened_arrays_are_refused_at_once),
		cmocka_unit_test(what_is_written_is_in_shortest_form),
		cmocka_unit_test(all_kinds_come_back),
		cmocka_unit_test(a_wrong_kind_or_size_turns_the_reader_bad),
		cmocka_unit_test(keys_are_asked_for_in_their_order),
		cmocka_unit_test(a_missing_and_an_unknown_field_are_named_by_place),
		cmocka_unit_test(a_map_of_data_is_walked_pair_by_pair),
		cmocka_unit_test(done_is_false_while_something_is_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "core/limits.h"
#include "credential/qr_text.h"
#include "tests/test.h"

static bool
decode(struct buf *out, const char *digits, struct err *err)
{
	buf_free(out);
	return qr_text_decode(out, span_text(digits), err);
}

/* Every length of a last group, its lowest and its highest value. */
static void
groups_of_every_length_come_back(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *digits;
	} rows[] = {
		{ "\x00", 1, "000" },
		{ "\xff", 1, "255" },
		{ "\x00\x00", 2, "00000" },
		{ "\xff\xff", 2, "65535" },
		{ "\xff\xff\xff", 3, "16777215" },
		{ "\xff\xff\xff\xff", 4, "4294967295" },
		{ "\xff\xff\xff\xff\xff", 5, "1099511627775" },
		{ "\xff\xff\xff\xff\xff\xff", 6, "281474976710655" },
		{ "\x00\x00\x00\x00\x00\x00\x01", 7, "00000000000000001" },
		{ "\xff\xff\xff\xff\xff\xff\xff", 7, "72057594037927935" },
		{ "\xff\xff\xff\xff\xff\xff\xff\x05", 8, "72057594037927935005" },
		{ "\xd2\x84\x4d\xa2\x01\x26\x04", 7, "59255214074570244" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf digits = BUF_EMPTY, bytes = BUF_EMPTY;
		qr_text_digits(&digits, span_of(rows[i].bytes, rows[i].len));
		CHECK_ROW(span_is(buf_span(&digits), rows[i].digits), rows[i].digits);
		CHECK_ROW(decode(&bytes, rows[i].digits, NULL), rows[i].digits);
		CHECK_ROW(span_equal(buf_span(&bytes), span_of(rows[i].bytes, rows[i].len)),
		    rows[i].digits);
		buf_free(&digits);
		buf_free(&bytes);
	}
}

static void
mistaken_digits_are_refused(void **state)
{
	static const struct {
		const char *mistake;
		const char *digits;
	} rows[] = {
		{ "nothing", "" },
		{ "one digit", "0" },
		{ "two digits", "00" },
		{ "four digits", "0000" },
		{ "six digits", "000000" },
		{ "seven digits", "0000000" },
		{ "nine digits", "000000000" },
		{ "eleven digits", "00000000000" },
		{ "twelve digits", "000000000000" },
		{ "fourteen digits", "00000000000000" },
		{ "sixteen digits", "0000000000000000" },
		{ "eighteen digits", "000000000000000000" },
		{ "256 in one byte", "256" },
		{ "999 in one byte", "999" },
		{ "65536 in two bytes", "65536" },
		{ "2^24 in three bytes", "16777216" },
		{ "2^32 in four bytes", "4294967296" },
		{ "2^40 in five bytes", "1099511627776" },
		{ "2^48 in six bytes", "281474976710656" },
		{ "2^56 in seven bytes", "72057594037927936" },
		{ "all nines", "99999999999999999" },
		{ "second group too large", "0000000000000000072057594037927936" },
		{ "a letter", "00a" },
		{ "a blank", "000 000" },
		{ "a sign", "-01" },
		{ "a line feed behind", "000\n" },
		{ "a full-width digit", "\xef\xbc\x90" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf bytes = BUF_EMPTY;
		struct err err = { 0 };
		CHECK_ROW(!decode(&bytes, rows[i].digits, &err), rows[i].mistake);
		CHECK_ROW(err.code == ERR_MALFORMED, rows[i].mistake);
		buf_free(&bytes);
	}
}

static void
the_longest_credential_fits_and_no_longer_one(void **state)
{
	static const uint8_t longest[LIMIT_QC1_BYTES];
	struct buf digits = BUF_EMPTY, bytes = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	qr_text_digits(&digits, span_of(longest, sizeof longest));
	assert_true(digits.len <= LIMIT_QR_DIGITS);
	assert_true(qr_text_decode(&bytes, buf_span(&digits), NULL));
	assert_int_equal(bytes.len, LIMIT_QC1_BYTES);
	while (digits.len <= LIMIT_QR_DIGITS)
		buf_add_text(&digits, "00000000000000000");
	assert_false(qr_text_decode(&bytes, buf_span(&digits), &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&digits);
	buf_free(&bytes);
}

static void
host_and_digits_are_taken_apart(void **state)
{
	struct qr_text t;
	(void)state;
	assert_true(qr_text_parse(&t, span_text("https://v-1.x.example/q/1/000"), NULL));
	assert_true(span_is(t.host, "v-1.x.example"));
	assert_true(span_is(t.digits, "000"));
}

static void
other_texts_are_refused(void **state)
{
	static const char *const rows[] = { "", "https://", "https:///q/1/000", "https://v.example",
		"https://v.example/q/1/", "https://v.example/q/1/00a", "https://v.example/q/1/000 ",
		" https://v.example/q/1/000", "https://v.example/q/1/000\n",
		"https://v.example/q/1/000?x=1", "https://v.example/q/1/000#1",
		"https://v.example/q/2/000", "https://v.example/Q/1/000",
		"https://v.example//q/1/000", "HTTPS://v.example/q/1/000",
		"http://v.example/q/1/000", "https:/v.example/q/1/000", "https://V.example/q/1/000",
		"https://v.example:443/q/1/000", "https://user@v.example/q/1/000",
		"https://v..example/q/1/000", "https://.v.example/q/1/000",
		"https://v.example./q/1/000", "https://-v.example/q/1/000",
		"https://v-.example/q/1/000", "https://v.example-/q/1/000",
		"https://v_x.example/q/1/000", "https://\xe4\xbe\x8b.example/q/1/000",
		"https://v%2eexample/q/1/000", "https://[::1]/q/1/000",
		"https://v12345678901234567890123456789012345678901234567890123456789012.x/q/1/000",
		"https://a2345678901234567890.b2345678901234567890.c2345678901234567890.d2/q/1/000",
		"ftp://v.example/q/1/000", "000" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct qr_text t;
		struct err err = { 0 };
		CHECK_ROW(!qr_text_parse(&t, span_text(rows[i]), &err), rows[i]);
		CHECK_ROW(err.code == ERR_MALFORMED, rows[i]);
	}
}

static void
a_text_beyond_the_limit_is_refused_unread(void **state)
{
	struct buf text = BUF_EMPTY;
	struct qr_text t;
	struct err err = { 0 };
	(void)state;

	assert_true(qr_text_prefix(&text, span_text("v.example"), NULL));
	while (text.len <= LIMIT_QR_DIGITS + 30)
		buf_add_text(&text, "00000000000000000");
	assert_false(qr_text_parse(&t, buf_span(&text), &err));
	assert_int_equal(err.code, ERR_LIMIT);
	while (text.len <= LIMIT_QR_TEXT_BYTES)
		buf_add_byte(&text, '0');
	assert_false(qr_text_parse(&t, buf_span(&text), &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&text);
}

static void
a_host_that_could_not_be_read_is_not_printed(void **state)
{
	struct buf text = BUF_EMPTY;
	(void)state;
	assert_false(qr_text_prefix(&text, span_text("V.example"), NULL));
	assert_false(qr_text_prefix(&text, span_text(""), NULL));
	assert_int_equal(text.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_of_every_length_come_back),
		cmocka_unit_test(mistaken_digits_are_refused),
		cmocka_unit_test(the_longest_credential_fits_and_no_longer_one),
		cmocka_unit_test(host_and_digits_are_taken_apart),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(a_text_beyond_the_limit_is_refused_unread),
		cmocka_unit_test(a_host_that_could_not_be_read_is_not_printed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

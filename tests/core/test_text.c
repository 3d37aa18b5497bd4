#include "core/limits.h"
#include "core/text.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

struct row {
	const char *what;
	const char *text;
};

static void
bytes_that_are_no_utf8_are_malformed(void **state)
{
	static const struct row rows[] = {
		{ "overlong slash, 2 bytes", "\xc0\xaf" },
		{ "overlong slash, 3 bytes", "\xe0\x80\xaf" },
		{ "overlong slash, 4 bytes", "\xf0\x80\x80\xaf" },
		{ "overlong NUL", "\xc0\x80" },
		{ "overlong U+07FF", "\xe0\x9f\xbf" },
		{ "overlong U+FFFF", "\xf0\x8f\xbf\xbf" },
		{ "high surrogate", "\xed\xa0\x80" },
		{ "low surrogate", "\xed\xbf\xbf" },
		{ "surrogate pair (CESU-8)", "\xed\xa1\xa1\xed\xbd\x8e" },
		{ "beyond U+10FFFF", "\xf4\x90\x80\x80" },
		{ "five bytes", "\xf8\x88\x80\x80\x80" },
		{ "continuation alone", "\x80" },
		{ "continuation behind ASCII", "a\xbf" },
		{ "cut in the middle", "\xe5\x8d" },
		{ "cut, then ASCII",
		    "\xe5\x8d"
		    "a" },
		{ "lead byte twice", "\xe5\xe5\x8d\xb0" },
		{ "FE", "\xfe" },
		{ "Latin-1", "caf\xe9" },
		{ "GB 18030", "\xd6\xd0\xb9\xfa" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		CHECK_ROW(!text_is_utf8(span_text(rows[i].text)), rows[i].what);
		CHECK_ROW(!text_check_field(span_text(rows[i].text), 240, &err), rows[i].what);
		CHECK_ROW(err.code == ERR_MALFORMED && err.text[0] != '\0', rows[i].what);
	}
}

static void
the_names_we_print_are_accepted(void **state)
{
	static const struct row rows[] = {
		{ "hanzi", "示例星桥信息技术有限公司" },
		{ "rare hanzi", "示例𬭎㛃软件有限公司" },
		{ "full-width brackets", "示例（北京）科技有限公司" },
		{ "middle dot", "阿里木·买买提" },
		{ "Latin and hanzi", "ABC信息技术（上海）有限公司" },
		{ "space inside", "Demonstration Bureau Ltd." },
		{ "ideographic space inside", "甲　乙" },
		{ "accents, composed", "Société Générale" },
		{ "pinyin with tones", "lǚ xiǎo" },
		{ "kana and hanzi", "株式会社トヨタ" },
		{ "hangul", "삼성전자" },
		{ "full-width Latin", "ＡＢＣ科技" },
		{ "Greek alone", "Ελληνική" },
		{ "Cyrillic alone, with digits and signs", "Газпром-2 (№ 1)" },
		{ "one letter", "x" },
		{ "symbols", "100% & Co. — “甲”、《乙》№①" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		if (!text_check_field(span_text(rows[i].text), 240, &err))
			fail_msg("%s: %s", rows[i].what, err.text);
	}
}

static void
a_piece_of_text_may_be_anything_that_is_seen(void **state)
{
	static const struct {
		const char *text;
		enum err_code code;
	} table[] = {
		{ " to ", ERR_NONE },
		{ "证书（", ERR_NONE },
		{ "Ω and Ж", ERR_NONE },
		{ "", ERR_LIMIT },
		{ "1234567890", ERR_LIMIT },
		{ "a\nb", ERR_REFUSED },
		{ "a\xe2\x80\xae", ERR_REFUSED }, /* turns what follows round */
		{ "a\xef\xbf\xbf", ERR_REFUSED }, /* U+FFFF: XML cannot hold it */
		{ "a\xff", ERR_MALFORMED },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct err err = { 0 };
		bool ok = text_check_shown(span_text(table[i].text), 9, &err);
		if (ok != (table[i].code == ERR_NONE) || err.code != table[i].code)
			fail_msg("row %zu: %d %s", i, err.code, err.text);
	}
}

/* UTF-8 of a character of the first plane. */
static size_t
put_utf8(char *out, unsigned cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | cp >> 12);
	out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[2] = (char)(0x80 | (cp & 0x3f));
	return 3;
}

static bool
passes(const char *text, size_t len)
{
	return text_check_field(span_of((const uint8_t *)text, len), 240, NULL);
}

/*
 * A character of which names are made is not looked at so closely: it gets the answer that it has behind
 * one of which they are not, alone and after a Latin letter.
 */
static void
plain_characters_are_those_that_pass_anyway(void **state)
{
	(void)state;
	char text[8] = "\xc2\xb7" /* a middle dot */ "A";

	for (unsigned cp = 1; cp < 0x10000; cp++) {
		const size_t len = put_utf8(text + 3, cp);
		const bool behind = passes(text + 2, 1 + len);
		if (behind != passes(text, 3 + len))
			fail_msg("U+%04X: %d behind a letter", cp, behind);
	}
	for (unsigned cp = 1; cp < 0x10000; cp++) {
		const size_t len = put_utf8(text + 2, cp);
		const bool alone = passes(text + 2, len);
		if (alone != passes(text, 2 + len))
			fail_msg("U+%04X: %d alone", cp, alone);
	}
	assert_false(text_check_field(span_text(" 示例"), 240, NULL));
	assert_false(text_check_field(span_text("A B "), 240, NULL));
	assert_true(text_check_field(span_text("A  B 示 例"), 240, NULL));
	assert_false(text_check_field(span_text("示\xe4\xb8"), 240, NULL));
}

/* threats 37: an organisation name that shows as another one. */
static void
threat_37_look_alike_names_are_refused(void **state)
{
	static const struct {
		const char *what, *text;
		const char *named; /* what the sentence says of the character */
	} rows[] = {
		{ "right-to-left override", "示例\u202e司公", "character 3 (U+202E)" },
		{ "left-to-right embedding", "\u202a示例", "character 1 (U+202A)" },
		{ "right-to-left mark", "示\u200f例", "character 2 (U+200F)" },
		{ "Arabic letter mark", "示\u061c例", "character 2 (U+061C)" },
		{ "bidi isolate", "示\u2067例\u2069", "character 2 (U+2067)" },
		{ "zero-width space", "示\u200b例", "character 2 (U+200B)" },
		{ "zero-width joiner", "示\u200d例", "character 2 (U+200D)" },
		{ "zero-width non-joiner", "示\u200c例", "character 2 (U+200C)" },
		{ "word joiner", "示\u2060例", "character 2 (U+2060)" },
		{ "byte order mark", "\ufeff示例", "character 1 (U+FEFF)" },
		{ "soft hyphen", "De\u00admo", "character 3 (U+00AD)" },
		{ "combining grapheme joiner", "示\u034f例", "character 2 (U+034F)" },
		{ "hangul filler", "示\u3164例", "character 2 (U+3164)" },
		{ "variation selector", "例\ufe00", "character 2 (U+FE00)" },
		{ "ideographic variation", "例\U000e0100", "character 2 (U+E0100)" },
		{ "tag letter", "例\U000e0041", "character 2 (U+E0041)" },
		{ "Cyrillic а in a Latin word", "B\u0430nk", "character 2 (U+0430)" },
		{ "Latin a in a Cyrillic word", "\u0411a\u043d\u043a", "character 2 (U+0061)" },
		{ "Greek omicron in a Latin word", "Bur\u03bf", "character 4 (U+03BF)" },
		{ "Cyrillic letter beside hanzi", "\u0410科技", "character 2 (U+79D1)" },
		{ "Cyrillic letter after a sign", "(ABC) \u0410", "character 7 (U+0410)" },
		{ "Cherokee Ꭺ", "\u13aaBC", "character 2 (U+0042)" },
		{ "phonetic ɡ", "si\u0261n", "character 3 (U+0261)" },
		{ "mathematical A", "\U0001d400BC", "character 2 (U+0042)" },
		{ "Kangxi radical 示", "\u2f70例", "character 1 (U+2F70)" },
		{ "radical supplement", "⺠生", "character 1 (U+2EA0)" },
		{ "emoji", "示例\U0001f600", "character 3 (U+1F600)" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct text_fault why;
		char code_point[16];
		CHECK_ROW(!text_is_field(&why, span_text(rows[i].text), 240), rows[i].what);
		snprintf(code_point, sizeof code_point, "%.*s",
		    (int)strcspn(strstr(rows[i].named, "U+"), ")"), strstr(rows[i].named, "U+"));
		if (strstr(why.zh, code_point) == NULL || strstr(why.en, code_point) == NULL)
			fail_msg("%s: %s %s", rows[i].what, why.zh, why.en);
		CHECK_ROW(!text_check_field(span_text(rows[i].text), 240, &err), rows[i].what);
		CHECK_ROW(err.code == ERR_REFUSED, rows[i].what);
		if (strstr(err.text, rows[i].named) == NULL)
			fail_msg("%s: %s", rows[i].what, err.text);
	}
}

static void
what_cannot_be_printed_is_refused(void **state)
{
	static const struct row rows[] = {
		{ "line feed", "示\n例" },
		{ "tab", "示\t例" },
		{ "escape sequence", "示\x1b[31m例" },
		{ "delete", "示\x7f例" },
		{ "C1 control", "示\xc2\x85例" },
		{ "line separator", "示\u2028例" },
		{ "paragraph separator", "示\u2029例" },
		{ "private use", "示\ue000例" },
		{ "private use, plane 15", "示\U000f0000例" },
		{ "private use, plane 16", "示\U0010fffd例" },
		{ "noncharacter U+FFFE", "示\xef\xbf\xbe" },
		{ "noncharacter U+FFFF", "示\xef\xbf\xbf" },
		{ "noncharacter U+FDD0", "示\xef\xb7\x90" },
		{ "noncharacter U+10FFFF", "示\xf4\x8f\xbf\xbf" },
		{ "unassigned U+0378", "示\u0378" },
		{ "unassigned U+32500", "示\U00032500" },
		{ "replacement character", "示\ufffd例" },
		{ "no-break space inside", "示\u00a0例" },
		{ "thin space inside", "示\u2009例" },
		{ "Braille blank inside", "示\u2800例" },
		{ "space at the beginning", " 示例" },
		{ "space at the end", "示例 " },
		{ "ideographic space at the beginning", "　示例" },
		{ "ideographic space at the end", "示例　" },
		{ "a space alone", " " },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		CHECK_ROW(!text_check_field(span_text(rows[i].text), 240, &err), rows[i].what);
		CHECK_ROW(err.code == ERR_REFUSED && err.text[0] != '\0', rows[i].what);
	}
	struct err err = { 0 };
	assert_false(text_check_field(span_of("a\0b", 3), 240, &err));
	assert_non_null(strstr(err.text, "character 2 (U+0000)"));
}

static void
only_normalisation_form_c_is_signed(void **state)
{
	static const struct {
		const char *what, *text, *named;
	} rows[] = {
		{ "é as two characters", "Socie\u0301te", "character 5 (U+0065)" },
		{ "hangul as jamo", "\u1112\u1161", "normalisation" },
		{ "kana with a loose mark", "か\u3099", "character 1 (U+304B)" },
		{ "Angstrom sign", "\u212b", "character 1 (U+212B)" },
		{ "Kelvin sign", "K\u212a", "character 2 (U+212A)" },
		{ "compatibility hanzi", "\uf900例", "character 1 (U+F900)" },
		{ "compatibility hanzi, plane 2", "例\U0002f800", "character 2 (U+2F800)" },
		{ "marks in the wrong order", "q\u0307\u0323", "character 2 (U+0307)" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		CHECK_ROW(!text_check_field(span_text(rows[i].text), 240, &err), rows[i].what);
		CHECK_ROW(err.code == ERR_REFUSED, rows[i].what);
		if (strstr(err.text, rows[i].named) == NULL)
			fail_msg("%s: %s", rows[i].what, err.text);
	}
}

static void
a_field_is_one_to_max_bytes(void **state)
{
	struct buf text = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	assert_false(text_check_field(buf_span(&text), LIMIT_HOLDER_BYTES, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	for (size_t i = 0; i < 80; i++)
		buf_add_text(&text, "印");
	assert_true(text_check_field(buf_span(&text), LIMIT_HOLDER_BYTES, &err));
	buf_add_text(&text, "x");
	assert_false(text_check_field(buf_span(&text), LIMIT_HOLDER_BYTES, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.text, "241"));
	buf_free(&text);
}

static void
sixty_hanzi_from_every_plane_we_print_fit(void **state)
{
	static const char *const hanzi[] = { "印", "㛃", "𬭎", "𠮷", "（", "·", "A" };
	struct buf text = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	for (size_t i = 0; i < 60; i++)
		buf_add_text(&text, hanzi[i % COUNT_OF(hanzi)]);
	if (!text_check_field(buf_span(&text), LIMIT_HOLDER_BYTES, &err))
		fail_msg("%s", err.text);

	size_t pos = 0;
	for (size_t i = 0; i < 60; i++)
		assert_true(text_next(buf_span(&text), &pos) > 0);
	assert_int_equal(text_next(buf_span(&text), &pos), -1);
	assert_int_equal(pos, text.len);
	buf_free(&text);
}

static void
code_points_are_read_one_by_one(void **state)
{
	struct span text = span_text("a印𬭎\xff");
	size_t pos = 0;
	(void)state;

	assert_int_equal(text_next(text, &pos), 'a');
	assert_int_equal(text_next(text, &pos), 0x5370);
	assert_int_equal(text_next(text, &pos), 0x2cb4e);
	assert_int_equal(pos, 8);
	assert_int_equal(text_next(text, &pos), -1);
	assert_int_equal(pos, 8);
}

static void
shown_text_cannot_steer_a_terminal(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "示例 (A·B)", "示例 (A·B)" },
		{ "a\x1b[2Jb", "a\\u{001B}[2Jb" },
		{ "a\r\nb", "a\\u{000D}\\u{000A}b" },
		{ "a\u202eb", "a\\u{202E}b" },
		{ "a\u200bb", "a\\u{200B}b" },
		{ "a\xc2\x85"
		  "b",
		    "a\\u{0085}b" },
		{ "a\u2028b", "a\\u{2028}b" },
		{ "a\ue000b", "a\\u{E000}b" },
		{ "a\U000e0041b", "a\\u{E0041}b" },
		{ "a\xff\xe5\x8d", "a\\x{FF}\\x{E5}\\x{8D}" },
		{ "\\u{000A}", "\\u{005C}u{000A}" },
		{ "", "" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_EMPTY;
		text_escape(&out, span_text(rows[i].in));
		assert_string_equal(buf_text(&out), rows[i].out);
		buf_free(&out);
	}
}

static void
hanzi_are_two_columns_wide(void **state)
{
	(void)state;
	assert_int_equal(text_columns(span_text("")), 0);
	assert_int_equal(text_columns(span_text("abc")), 3);
	assert_int_equal(text_columns(span_text("核验通过")), 8);
	assert_int_equal(text_columns(span_text("𬭎㛃")), 4);
	assert_int_equal(text_columns(span_text("（A）")), 5);
	assert_int_equal(text_columns(span_text("q\u0323\u0307")), 1);
	assert_int_equal(text_columns(span_text("\xff\xff")), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_piece_of_text_may_be_anything_that_is_seen),
		cmocka_unit_test(bytes_that_are_no_utf8_are_malformed),
		cmocka_unit_test(the_names_we_print_are_accepted),
		cmocka_unit_test(plain_characters_are_those_that_pass_anyway),
		cmocka_unit_test(threat_37_look_alike_names_are_refused),
		cmocka_unit_test(what_cannot_be_printed_is_refused),
		cmocka_unit_test(only_normalisation_form_c_is_signed),
		cmocka_unit_test(a_field_is_one_to_max_bytes),
		cmocka_unit_test(sixty_hanzi_from_every_plane_we_print_fit),
		cmocka_unit_test(code_points_are_read_one_by_one),
		cmocka_unit_test(shown_text_cannot_steer_a_terminal),
		cmocka_unit_test(hanzi_are_two_columns_wide),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

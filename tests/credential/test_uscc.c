#include "credential/uscc.h"

#include "tests/test.h"

#include <jansson.h>

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static json_t *
load_vectors(void)
{
	json_t *vectors = json_load_file(SOURCE_DIR "/tests/vectors/uscc.json", 0, NULL);
	assert_non_null(vectors);
	assert_int_equal(json_array_size(vectors), 15);
	return vectors;
}

/* The vectors' own words begin the English sentence. */
static void
every_published_vector_gets_its_verdict(void **state)
{
	(void)state;
	json_t *vectors = load_vectors();
	size_t i;
	json_t *row;
	json_array_foreach(vectors, i, row)
	{
		const char *code = json_string_value(json_object_get(row, "code"));
		const char *expect = json_string_value(json_object_get(row, "expect"));
		struct uscc_verdict v = uscc_check(span_text(code));
		struct buf text = BUF_EMPTY;
		uscc_explain(&text, &v, LANG_EN);
		bool warning = strstr(expect, "embedded") != NULL;
		bool valid = strcmp(expect, "valid") == 0;
		assert_int_equal(uscc_is_valid(&v), valid || warning);
		assert_int_equal(v.answer == USCC_VALID, valid);
		if (!valid)
			assert_memory_equal(buf_text(&text), expect, strlen(expect));
		buf_free(&text);
	}
	json_decref(vectors);
}

static void
a_bad_character_is_named_with_its_position(void **state)
{
	(void)state;
	static const struct {
		const char *code, *zh, *en;
	} rows[] = {
		{ "91999901MAOTE5T08L", "字符“O”（第 11 位）", "bad character 'O' at position 11" },
		{ "９1999901MA0TE5T08L", "字符“９”（第 1 位）",
		    "bad character '９' at position 1" },
		{ "91999901MA0TE5T08\xff", "字符“\\x{FF}”（第 18 位）",
		    "bad character '\\x{FF}' at position 18" },
		{ "91999901MA0TE5T0\xe2\x80\xaeL", "字符“\\u{202E}”（第 17 位）",
		    "bad character '\\u{202E}' at position 17" },
		{ "91999901 A0TE5T08L", "字符“ ”（第 9 位）", "bad character ' ' at position 9" },
		{ "9199990AMA0TE5T08L", "第 8 位是“A”",
		    "region field not 6 digits: position 8 is 'A'" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct uscc_verdict v = uscc_check(span_text(rows[i].code));
		struct buf zh = BUF_EMPTY;
		struct buf en = BUF_EMPTY;
		uscc_explain(&zh, &v, LANG_ZH);
		uscc_explain(&en, &v, LANG_EN);
		assert_false(uscc_is_valid(&v));
		assert_non_null(strstr(buf_text(&zh), rows[i].zh));
		assert_non_null(strstr(buf_text(&en), rows[i].en));
		buf_free(&zh);
		buf_free(&en);
	}
}

static void
length_is_counted_in_characters(void **state)
{
	(void)state;
	struct uscc_verdict none = uscc_check(span_text(""));
	struct uscc_verdict hanzi = uscc_check(span_text("统一社会信用代码"));
	assert_int_equal(none.answer, USCC_BAD_LENGTH);
	assert_int_equal(none.length, 0);
	assert_int_equal(hanzi.answer, USCC_BAD_LENGTH);
	assert_int_equal(hanzi.length, 8);
}

/* 7 right codes, 18 places, 30 other characters each: 3,780, none of them taken. */
static void
every_single_substitution_is_refused(void **state)
{
	(void)state;
	json_t *vectors = load_vectors();
	size_t tried = 0;
	size_t i;
	json_t *row;
	json_array_foreach(vectors, i, row)
	{
		if (strcmp(json_string_value(json_object_get(row, "expect")), "valid") != 0)
			continue;
		char code[USCC_LENGTH + 1];
		memcpy(code, json_string_value(json_object_get(row, "code")), sizeof code);
		for (size_t at = 0; at < USCC_LENGTH; at++) {
			char right = code[at];
			for (const char *c = alphabet; *c != '\0'; c++) {
				if (*c == right)
					continue;
				code[at] = *c;
				struct uscc_verdict v = uscc_check(span_text(code));
				assert_false(uscc_is_valid(&v));
				tried++;
			}
			code[at] = right;
		}
	}
	assert_int_equal(tried, 3780);
	json_decref(vectors);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_published_vector_gets_its_verdict),
		cmocka_unit_test(a_bad_character_is_named_with_its_position),
		cmocka_unit_test(length_is_counted_in_characters),
		cmocka_unit_test(every_single_substitution_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

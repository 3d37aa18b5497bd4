#include "issuer/font.h"

#include "core/text.h"
#include "tests/issuer/certificate.h"

static int
open_fonts(void **state)
{
	struct err err = { 0 };
	return font_set_open((struct font_set **)state, &err) ? 0 : -1;
}

static int
close_fonts(void **state)
{
	font_set_close(*state);
	return 0;
}

static void
rare_hanzi_are_covered(void **state)
{
	static const char *const texts[] = { "示例𬭎㛃软件有限公司",
		"喆堃犇淼垚赟燚昉翀頔劼祎玥曈璟", "𬱖𫖯𬀩𫍯𬘭𠅤𡐓𣗋𪚥",
		"二〇二六年", "Ünïcode — “naïve” №", "（甲级）；：，。！" };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct err err = { 0 };
		if (!font_covers(*state, span_text(texts[i]), &err))
			fail_msg("%s: %s", texts[i], err.text);
	}
}

static void
what_no_font_draws_is_named_by_code_point_and_place(void **state)
{
	static const struct {
		const char *text, *where;
	} table[] = {
		{ "示例\u0639公司",
		    "character 3 (U+0639)" }, /* Arabic: no font, and no right-to-left */
		{ "\u05d0", "character 1 (U+05D0)" },
		{ "ab\u0915", "character 3 (U+0915)" },
		{ "𬭎\U0001F9FF", "character 2 (U+1F9FF)" },
		{ "辻\U000E0100",
		    "character 2 (U+E0100)" }, /* a variation selector draws nothing */
		{ "a\tb", "character 2 (U+0009)" },
		{ "\uE000", "character 1 (U+E000)" },
	};
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct err err = { 0 };
		CHECK_ROW(!font_covers(*state, span_text(table[i].text), &err), table[i].where);
		CHECK_ROW(
		    err.code == ERR_REFUSED && strstr(err.text, table[i].where), table[i].where);
	}
	struct err err = { 0 };
	assert_false(font_covers(*state, span_text("ab\xe4\xb8"), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
}

static void
every_style_draws_what_any_style_draws(void **state)
{
	for (int32_t c = 0x20; c < 0x30000; c += 7) {
		struct font_glyph glyph;
		bool kai = font_find(&glyph, *state, FONT_KAI, c);
		for (unsigned style = 0; style < FONT_STYLES; style++)
			if (font_find(&glyph, *state, (enum font_style)style, c) != kai)
				fail_msg("U+%04X in style %u", (unsigned)c, style);
	}
}

static void
latin_is_serif_and_hanzi_are_kai_in_a_serif_style(void **state)
{
	struct font_glyph latin, hanzi, kai;
	assert_true(font_find(&latin, *state, FONT_SERIF, 'A'));
	assert_true(font_find(&hanzi, *state, FONT_SERIF, 0x8BC1));
	assert_true(font_find(&kai, *state, FONT_KAI, 0x8BC1));
	assert_int_not_equal(latin.source, hanzi.source);
	assert_int_equal(hanzi.source, kai.source);
	assert_int_equal(hanzi.advance, 1000);
}

static void
a_subset_holds_little_and_names_each_glyph(void **state)
{
	const int32_t text[] = { 0x8BC1, 0x2CB4E, 'A' };
	uint16_t glyphs[3] = { 0 };
	struct buf program = BUF_EMPTY;
	struct font_glyph glyph;
	struct err err = { 0 };
	assert_true(font_find(&glyph, *state, FONT_KAI, text[0]));
	must(font_subset(&program, glyphs, *state, glyph.source, text, 3, &err), &err);
	assert_in_range(program.len, 500, 8000);
	for (size_t i = 0; i < 3; i++)
		assert_in_range(glyphs[i], 1, 3);
	assert_int_not_equal(glyphs[0], glyphs[1]);
	buf_free(&program);
}

/* Glyph 0 of every font is the box that stands for what it lacks. */
static void
no_letter_of_a_name_is_drawn_by_the_box(void **state)
{
	const struct span name =
	    span_text("示例㛃犇赟昉𬭎𬱖𠅤𡐓𣗋𪚥 ÅŁóČőžëñ Ab-1（）·&");
	for (size_t pos = 0; pos < name.len;) {
		const int32_t c = text_next(name, &pos);
		struct font_glyph glyph;
		struct buf program = BUF_EMPTY;
		struct err err = { 0 };
		uint16_t drawn = 0;
		assert_true(font_find(&glyph, *state, FONT_KAI_BOLD, c));
		must(font_subset(&program, &drawn, *state, glyph.source, &c, 1, &err), &err);
		if (drawn == 0)
			fail_msg("U+%04X", (unsigned)c);
		buf_free(&program);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rare_hanzi_are_covered),
		cmocka_unit_test(what_no_font_draws_is_named_by_code_point_and_place),
		cmocka_unit_test(every_style_draws_what_any_style_draws),
		cmocka_unit_test(latin_is_serif_and_hanzi_are_kai_in_a_serif_style),
		cmocka_unit_test(a_subset_holds_little_and_names_each_glyph),
		cmocka_unit_test(no_letter_of_a_name_is_drawn_by_the_box),
	};
	return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}

#include "issuer/layout.h"

#include "tests/issuer/certificate.h"

#define MM_PER_POINT (25.4 / 72)

static int
open_fonts(void **state)
{
	struct err err = { 0 };
	layout_init();
	return font_set_open((struct font_set **)state, &err) ? 0 : -1;
}

static int
close_fonts(void **state)
{
	font_set_close(*state);
	return 0;
}

/* A box `ems` wide and `lines` high in type of ten points. */
static struct template_text
box_of(double ems, double lines)
{
	return (struct template_text){ .box = { 0, 0, ems * 10 * MM_PER_POINT + 0.01,
					   lines * 10 * MM_PER_POINT + 0.01 },
		.style = FONT_KAI,
		.size = 10,
		.min_size = 5,
		.leading = 1 };
}

static void
check_line(const struct layout *l, size_t i, const char *text)
{
	if (!span_is(l->lines[i].text, text))
		fail_msg("line %zu is '%.*s', not '%s'", i + 1, (int)l->lines[i].text.len,
		    (const char *)l->lines[i].text.ptr, text);
}

static void
text_that_fits_keeps_its_size(void **state)
{
	struct template_text box = box_of(10, 1);
	struct layout l;
	struct err err = { 0 };
	must(layout_fit(&l, *state, &box, span_text("示例公司"), &err), &err);
	assert_int_equal(l.count, 1);
	assert_true(l.size == 10 && l.lines[0].width > 39.9 && l.lines[0].width < 40.1);
}

static void
no_line_begins_with_a_closing_mark(void **state)
{
	struct template_text box = box_of(5, 2);
	struct layout l;
	struct err err = { 0 };
	must(layout_fit(&l, *state, &box, span_text("总体集成系；统咨询"), &err), &err);
	assert_int_equal(l.count, 2);
	check_line(&l, 0, "总体集成");
	check_line(&l, 1, "系；统咨询");
}

static void
words_stay_whole_and_blanks_at_breaks_go(void **state)
{
	struct template_text box = box_of(8, 3);
	struct layout l;
	struct err err = { 0 };
	must(layout_fit(&l, *state, &box, span_text("Example  Software Co."), &err), &err);
	assert_true(l.size == 10 && l.count == 2);
	check_line(&l, 0, "Example");
	check_line(&l, 1, "Software Co.");
}

static void
type_shrinks_until_it_fits(void **state)
{
	struct template_text box = box_of(4, 1);
	struct layout l;
	struct err err = { 0 };
	must(layout_fit(&l, *state, &box, span_text("示例公司分店"), &err), &err);
	assert_int_equal(l.count, 1);
	assert_true(l.size > 6.4 && l.size < 6.8);
}

static void
the_smallest_size_is_tried_whatever_the_steps_to_it(void **state)
{
	struct template_text box = box_of(9.85, 1);
	struct layout l;
	struct err err = { 0 };
	box.min_size = 9.8;
	must(layout_fit(&l, *state, &box, span_text("样张样张样张样张样张"), &err), &err);
	assert_true(l.size == 9.8);
}

static void
centred_lines_are_balanced(void **state)
{
	struct template_text box = box_of(9, 2);
	struct layout l;
	struct err err = { 0 };
	box.align = ALIGN_CENTRE;
	must(layout_fit(&l, *state, &box, span_text("示例软件信息技术有限"), &err), &err);
	assert_int_equal(l.count, 2);
	check_line(&l, 0, "示例软件信");
	check_line(&l, 1, "息技术有限");
}

static void
a_list_has_a_line_for_each_item(void **state)
{
	static const struct {
		const char *text, *lines[3];
	} table[] = {
		{ "总体集成；系统咨询；软件开发", { "总体集成", "系统咨询", "软件开发" } },
		{ "a b; c d;e; f", { "a b", "c d;e", "f" } },
		{ "one", { "one" } },
	};
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct template_text box = box_of(40, 3);
		struct layout l;
		struct err err = { 0 };
		size_t n = 0;
		box.items = true;
		must(layout_fit(&l, *state, &box, span_text(table[i].text), &err), &err);
		for (; n < 3 && table[i].lines[n]; n++)
			check_line(&l, n, table[i].lines[n]);
		assert_int_equal(l.count, n);
		box.items = false;
		must(layout_fit(&l, *state, &box, span_text(table[i].text), &err), &err);
		assert_int_equal(l.count, 1);
	}
}

static void
what_does_not_fit_at_the_smallest_size_is_refused(void **state)
{
	static const char *const texts[] = {
		"示例省示范市高新技术产业开发区星桥大道一百二十八号示范软件园三期十二号楼",
		"Donaudampfschifffahrtsgesellschaft"
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct template_text box = box_of(4, 2);
		struct layout l;
		struct err err = { 0 };
		CHECK_ROW(!layout_fit(&l, *state, &box, span_text(texts[i]), &err), texts[i]);
		CHECK_ROW(err.code == ERR_REFUSED && strstr(err.text, "5 points"), texts[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_that_fits_keeps_its_size),
		cmocka_unit_test(no_line_begins_with_a_closing_mark),
		cmocka_unit_test(words_stay_whole_and_blanks_at_breaks_go),
		cmocka_unit_test(type_shrinks_until_it_fits),
		cmocka_unit_test(the_smallest_size_is_tried_whatever_the_steps_to_it),
		cmocka_unit_test(centred_lines_are_balanced),
		cmocka_unit_test(a_list_has_a_line_for_each_item),
		cmocka_unit_test(what_does_not_fit_at_the_smallest_size_is_refused),
	};
	return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}

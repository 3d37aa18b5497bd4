/* What is wrong with a layout is found, and named with page and text. */
#include "issuer/template_check.h"

#include "issuer/clearance.h"
#include "issuer/legibility.h"
#include "tests/issuer/certificate.h"
#include "tests/issuer/paper.h"

#include <math.h>

static int
open_maker(void **state)
{
	struct err err = { 0 };
	return pdf_maker_open((struct pdf_maker **)state, &err) ? 0 : -1;
}

static int
close_maker(void **state)
{
	pdf_maker_close(*state);
	return 0;
}

/* The place of a text in a page's list. */
static size_t
place_of(const json_t *root, unsigned page, const char *name)
{
	json_t *at = json_array_get(json_object_get(root, "pages"), page - 1), *text;
	size_t i;
	json_array_foreach(json_object_get(at, "texts"), i, text)
	{
		if (strcmp(json_string_value(json_object_get(text, "name")), name) == 0)
			return i;
	}
	fail_msg("no text %s", name);
	return 0;
}

/*
 * grade-a.json with the value at KEY of a page (or of its text NAME) changed; NULL takes it away.
 *   name  NULL: of the page itself
 */
static struct template *
changed(unsigned page, const char *name, const char *key, const char *value)
{
	json_t *root = json_load_file(SOURCE_DIR "/templates/grade-a.json", 0, NULL);
	struct err err = { 0 };
	struct template *t = NULL;
	char pointer[128];

	assert_non_null(root);
	if (name != NULL)
		snprintf(pointer, sizeof pointer, "/pages/%u/texts/%zu/%s", page - 1,
		    place_of(root, page, name), key);
	else
		snprintf(pointer, sizeof pointer, "/pages/%u/%s", page - 1, key);
	paper_edit(root, pointer, value);
	char *json = paper_text(root);
	must(template_parse(&t, span_text(json), &err), &err);
	free(json);
	json_decref(root);
	return t;
}

static bool
found(const struct defects *d, const char *code, const char *path, const char *says)
{
	for (size_t i = 0; i < d->count; i++)
		if (strcmp(d->items[i].code, code) == 0 && strcmp(d->items[i].path, path) == 0 &&
		    strstr(d->items[i].en, says) && d->items[i].zh[0] != '\0')
			return true;
	return false;
}

static void
each_mistake_is_found_where_it_is(void **state)
{
	static const struct {
		const char *row;
		unsigned page;
		const char *name, *key, *value;
		const char *code, *path, *says;
	} table[] = {
		{ "no room for the longest name", 1, "holder_zh", "box", "[36, 80, 100, 10]",
		    "LAY-02", "page 1, text holder_zh", "the longest specimen does not fit" },
		{ "no room for all scopes", 2, "scopes_zh", "box", "[54, 106, 30, 20]", "LAY-02",
		    "page 2, text scopes_zh", "the longest specimen does not fit" },
		{ "no room for eight versions", 2, "versions_en", "box", "[106, 226, 82, 30]",
		    "LAY-02", "page 2, text versions_en", "the longest specimen does not fit" },
		{ "a field that may be missing is printed without asking", 1, "holder_en", "when",
		    NULL, "LAY-02", "page 1, text holder_en", "field holder_en is missing" },
		{ "a character that is in no font", 1, "original", "text", "\"正本 \\u3530\"",
		    "LAY-03", "page 1, text original", "U+3530" },
		{ "a code too fine", 2, NULL, "code", "[141.4, 94.6, 40]", "LAY-04", "page 2, code",
		    "a square of" },
		{ "a rosette under the code", 1, NULL, "guilloches/0/radius", "[60, 60]", "LAY-05",
		    "page 1, code", "guilloche 1 reaches" },
		{ "the code on the border", 1, NULL, "code", "[14, 107.4, 46]", "LAY-05",
		    "page 1, code", "guilloche 3 reaches" },
		{ "a frame through the code", 1, NULL, "frames/4/box", "[35, 108, 44, 44]",
		    "LAY-05", "page 1, code", "frame 5 reaches" },
		{ "a line through the code", 1, NULL, "lines/0/from", "[40, 140]", "LAY-05",
		    "page 1, code", "line 1 reaches" },
		{ "a text on the code", 1, "original", "box", "[40, 110, 30, 4]", "LAY-05",
		    "page 1, text original", "reaches into the square of the code" },
		{ "a text that may move up over another", 1, "scopes_zh", "box",
		    "[128, 100, 142, 10.4]", "LAY-07", "page 1, text scopes_en",
		    "overlaps with \"grade\"" },
		{ "a text at the edge", 1, "original", "box", "[2, 24, 60, 4]", "LAY-06",
		    "page 1, text original", "2.0 mm from the edge" },
		{ "a text at the bottom edge", 2, "duplicate", "box", "[138, 290, 50, 4]", "LAY-06",
		    "page 2, text duplicate", "3.0 mm from the edge" },
		{ "the code at the edge", 2, NULL, "code", "[160, 94.6, 46]", "LAY-06",
		    "page 2, code", "4.0 mm from the edge" },
		{ "a line through a text", 1, NULL, "lines/0/from", "[108, 87]", "LAY-11",
		    "page 1, text lead", "line 1 runs through its place" },
		{ "a frame's edge through a text", 1, NULL, "frames/4/box",
		    "[33.4, 104.2, 47.2, 50]", "LAY-11", "page 1, text number_label",
		    "frame 5 runs through its place" },
		{ "a black ground under a text", 1, NULL, "frames/-",
		    "{\"box\": [95, 104.5, 180, 85], \"fill\": \"#1b2326\"}", "LAY-11",
		    "page 1, text address", "a contrast of 1.0 with what is under it" },
		{ "dark line work under a text", 1, NULL, "guilloches/0/colours",
		    "[\"#0f4a57\", \"#f3ead6\"]", "LAY-11", "page 1, text address", "hard to see" },
		{ "the rules of a list as dark as its text", 2, NULL, "lines/5/colour",
		    "\"#1b2326\"", "LAY-11", "page 2, text versions_zh", "hard to see" },
		{ "a text on another", 1, "original", "box", "[100, 23, 60, 4]", "LAY-07",
		    "page 1, text original", "overlaps with \"demonstration\"" },
	};
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct template *t =
		    changed(table[i].page, table[i].name, table[i].key, table[i].value);
		const struct template_question q = { "f", t, GRADE_A, *state };
		struct defects defects = { 0 };
		struct err err = { 0 };
		char path[64];
		snprintf(path, sizeof path, "f, %s", table[i].path);
		must(template_check(&defects, &q, &err), &err);
		CHECK_ROW(found(&defects, table[i].code, path, table[i].says), table[i].row);
		defects_free(&defects);
		template_free(t);
	}
}

/* grade-a.json with a style's key changed. */
static void
one_style_is_found(struct pdf_maker *maker, const char *style, const char *key, const char *value,
    const char *path, const char *says)
{
	json_t *root = json_load_file(SOURCE_DIR "/templates/grade-a.json", 0, NULL);
	struct defects defects = { 0 };
	struct err err = { 0 };
	struct template *t = NULL;
	char pointer[64];

	snprintf(pointer, sizeof pointer, "/styles/%s/%s", style, key);
	paper_edit(root, pointer, value);
	char *json = paper_text(root);
	must(template_parse(&t, span_text(json), &err), &err);
	const struct template_question q = { "f", t, GRADE_A, maker };
	must(template_check(&defects, &q, &err), &err);
	CHECK_ROW(found(&defects, "LAY-11", path, says), style);
	defects_free(&defects);
	template_free(t);
	free(json);
	json_decref(root);
}

static void
texts_that_people_cannot_read_are_found(void **state)
{
	one_style_is_found(*state, "check", "colour", "\"#ffffff\"", "f, page 1, text check_code",
	    "a contrast of 1.0 with what is under it, and must have 3.0");
	one_style_is_found(*state, "original", "colour", "\"#a0a0a0\"", "f, page 2, text duplicate",
	    "a contrast of 2.6");
	one_style_is_found(*state, "check", "colour", "\"#808080\"", "f, page 2, text check_code",
	    "a contrast of 3.9 with what is under it, and must have 4.5");
	one_style_is_found(*state, "number", "min_size", "4", "f, page 1, text number",
	    "the field number must be printed, with a min_size of 5 points");
}

static void
contrast_is_that_of_wcag(void **state)
{
	(void)state;
	static const struct template_colour black = { 0, 0, 0 }, white = { 1, 1, 1 },
					    grey = { 0x76 / 255.0, 0x76 / 255.0, 0x76 / 255.0 };
	assert_true(fabs(legibility_contrast(&black, &white) - 21) < 1e-9);
	assert_true(fabs(legibility_contrast(&white, &white) - 1) < 1e-9);
	assert_true(fabs(legibility_contrast(&grey, &white) - 4.54) < 0.005);
}

static void
the_shipped_layouts_are_without_fault(void **state)
{
	static const char *const names[] = { "grade-a", "grade-b" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct template *t = certificate_template(names[i]);
		const struct template_question q = { names[i], t, i == 0 ? GRADE_A : GRADE_B,
			*state };
		struct defects defects = { 0 };
		struct err err = { 0 };
		must(template_check(&defects, &q, &err), &err);
		if (defects.count > 0)
			fail_msg("%s: %s", defects.items[0].path, defects.items[0].en);
		template_free(t);
	}
}

/* ---- what reaches into a square of 10 mm at 10, 10 ---- */

static const struct template_box SQUARE = { 10, 10, 10, 10 };

static void
lines_reach_in_or_pass_by(void **state)
{
	(void)state;
	static const struct {
		const char *row;
		struct template_line line;
		bool reaches;
	} table[] = {
		{ "through the middle", { .x1 = 0, .y1 = 15, .x2 = 30, .y2 = 15 }, true },
		{ "over a corner", { .x1 = 5, .y1 = 16, .x2 = 16, .y2 = 5 }, true },
		{ "past a corner", { .x1 = 5, .y1 = 14, .x2 = 14, .y2 = 5 }, false },
		{ "ends before it", { .x1 = 0, .y1 = 15, .x2 = 9, .y2 = 15 }, false },
		{ "ends in it", { .x1 = 0, .y1 = 15, .x2 = 11, .y2 = 15 }, true },
		{ "along its side", { .x1 = 0, .y1 = 10, .x2 = 30, .y2 = 10 }, false },
		{ "along its side, and broad",
		    { .x1 = 0, .y1 = 10, .x2 = 30, .y2 = 10, .width = 1 }, true },
		{ "below it", { .x1 = 0, .y1 = 25, .x2 = 30, .y2 = 25 }, false },
		{ "inside it", { .x1 = 14, .y1 = 14, .x2 = 16, .y2 = 16 }, true },
	};
	for (size_t i = 0; i < COUNT_OF(table); i++)
		CHECK_ROW(
		    clearance_line(&table[i].line, &SQUARE) == table[i].reaches, table[i].row);
}

static void
frames_reach_in_with_their_edges_only(void **state)
{
	(void)state;
	static const struct {
		const char *row;
		struct template_frame frame;
		bool reaches;
	} table[] = {
		{ "around it", { .box = { 9, 9, 12, 12 }, .width = 0.4 }, false },
		{ "around it, at its sides", { .box = { 10, 10, 10, 10 } }, false },
		{ "around it, at its sides, stroked", { .box = { 10, 10, 10, 10 }, .width = 0.4 },
		    true },
		{ "around it, its corners rounded into it",
		    { .box = { 9.9, 9.9, 10.2, 10.2 }, .radius = 4 }, true },
		{ "inside it", { .box = { 12, 12, 4, 4 } }, true },
		{ "across it", { .box = { 0, 12, 30, 4 } }, true },
		{ "beside it", { .box = { 20, 10, 10, 10 } }, false },
	};
	for (size_t i = 0; i < COUNT_OF(table); i++)
		CHECK_ROW(
		    clearance_frame(&table[i].frame, &SQUARE) == table[i].reaches, table[i].row);
}

static void
guilloches_reach_as_far_as_their_strands(void **state)
{
	(void)state;
	static const struct {
		const char *row;
		struct template_guilloche g;
		bool reaches;
	} table[] = {
		{ "a rosette beside it",
		    { .rosette = true,
			.centre_x = 40,
			.centre_y = 15,
			.radius = { 10, 10 },
			.amplitude = { 9, -9 } },
		    false },
		{ "one whose strands swing into it",
		    { .rosette = true,
			.centre_x = 40,
			.centre_y = 15,
			.radius = { 12, 8 },
			.amplitude = { 9, -9 } },
		    true },
		{ "a ring around it",
		    { .rosette = true,
			.centre_x = 15,
			.centre_y = 15,
			.radius = { 12, 12 },
			.amplitude = { 4, -4 } },
		    false },
		{ "a ring around it, too narrow",
		    { .rosette = true,
			.centre_x = 15,
			.centre_y = 15,
			.radius = { 12, 12 },
			.amplitude = { 5.5, -5.5 } },
		    true },
		{ "a border around it",
		    { .box = { 5, 5, 20, 20 }, .corner = 2, .amplitude = { 4, -4 } }, false },
		{ "a border that swings into it",
		    { .box = { 5, 5, 20, 20 }, .corner = 2, .amplitude = { 5.5, -1 } }, true },
	};
	for (size_t i = 0; i < COUNT_OF(table); i++)
		CHECK_ROW(
		    clearance_guilloche(&table[i].g, &SQUARE) == table[i].reaches, table[i].row);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mistake_is_found_where_it_is),
		cmocka_unit_test(texts_that_people_cannot_read_are_found),
		cmocka_unit_test(contrast_is_that_of_wcag),
		cmocka_unit_test(the_shipped_layouts_are_without_fault),
		cmocka_unit_test(lines_reach_in_or_pass_by),
		cmocka_unit_test(frames_reach_in_with_their_edges_only),
		cmocka_unit_test(guilloches_reach_as_far_as_their_strands),
	};
	return cmocka_run_group_tests(tests, open_maker, close_maker);
}

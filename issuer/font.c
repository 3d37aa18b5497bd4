#include "issuer/font.h"

#include "core/cursor.h"
#include "core/text.h"

#include <hb-ot.h>
#include <hb-subset.h>
#include <hb.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { KAI, KAI_BOLD, HAN, SERIF, SERIF_BOLD };

static const struct {
	const char *path, *package, *name;
} SOURCES[FONT_SOURCES] = {
	[KAI] = { "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
	    "fonts-lxgw-wenkai", "LXGWWenKai-Regular" },
	[KAI_BOLD] = { "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Bold.ttf",
	    "fonts-lxgw-wenkai", "LXGWWenKai-Bold" },
	[HAN] = { "/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf", "fonts-babelstone-han",
	    "BabelStoneHan" },
	[SERIF] = { "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf", "fonts-dejavu-core",
	    "DejaVuSerif" },
	[SERIF_BOLD] = { "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf",
	    "fonts-dejavu-core", "DejaVuSerif-Bold" },
};

/* Every style ends with every font, so that what one style can draw all can. */
static const struct {
	const char *name;
	unsigned char order[FONT_SOURCES];
} STYLES[FONT_STYLES] = {
	[FONT_KAI] = { "kai", { KAI, KAI_BOLD, HAN, SERIF, SERIF_BOLD } },
	[FONT_KAI_BOLD] = { "kai-bold", { KAI_BOLD, KAI, HAN, SERIF_BOLD, SERIF } },
	[FONT_SERIF] = { "serif", { SERIF, SERIF_BOLD, KAI, KAI_BOLD, HAN } },
	[FONT_SERIF_BOLD] = { "serif-bold", { SERIF_BOLD, SERIF, KAI_BOLD, KAI, HAN } },
};

struct font_set {
	hb_font_t *fonts[FONT_SOURCES];
};

static bool
open_source(hb_font_t **out, unsigned source, struct err *err)
{
	hb_blob_t *blob = hb_blob_create_from_file_or_fail(SOURCES[source].path);
	if (!blob)
		return err_set(err, ERR_NOT_FOUND,
		    "font %s cannot be read; it comes with the package %s", SOURCES[source].path,
		    SOURCES[source].package);
	hb_face_t *face = hb_face_create(blob, 0);
	hb_blob_destroy(blob);
	bool good = hb_face_get_glyph_count(face) > 0;
	if (good) {
		hb_face_make_immutable(face);
		*out = hb_font_create(face);
		hb_font_make_immutable(*out);
	}
	hb_face_destroy(face);
	return good || err_set(err, ERR_MALFORMED, "%s is no font", SOURCES[source].path);
}

bool
font_set_open(struct font_set **out, struct err *err)
{
	struct font_set *set = calloc(1, sizeof *set);
	if (!set)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (unsigned i = 0; i < FONT_SOURCES; i++)
		if (!open_source(&set->fonts[i], i, err)) {
			font_set_close(set);
			return false;
		}
	*out = set;
	return true;
}

void
font_set_close(struct font_set *set)
{
	if (!set)
		return;
	for (unsigned i = 0; i < FONT_SOURCES; i++)
		hb_font_destroy(set->fonts[i]);
	free(set);
}

bool
font_style_find(enum font_style *out, const char *name)
{
	for (unsigned i = 0; i < FONT_STYLES; i++)
		if (strcmp(STYLES[i].name, name) == 0) {
			*out = (enum font_style)i;
			return true;
		}
	return false;
}

/*
 * Does the glyph show the character? Some fonts have blanks for characters they cannot draw, and only a
 * space may look like nothing; others have boxes for characters that nobody is meant to see.
 */
static bool
shows(hb_font_t *font, hb_codepoint_t glyph, int32_t code_point)
{
	hb_glyph_extents_t extents;
	switch (utf8proc_category(code_point)) {
	case UTF8PROC_CATEGORY_ZS:
		return true;
	case UTF8PROC_CATEGORY_CO: /* means whatever its font likes */
		return false;
	default:
		return !utf8proc_get_property(code_point)->ignorable &&
		    hb_font_get_glyph_extents(font, glyph, &extents) && extents.width != 0 &&
		    extents.height != 0;
	}
}

bool
font_find(
    struct font_glyph *out, const struct font_set *set, enum font_style style, int32_t code_point)
{
	for (unsigned i = 0; i < FONT_SOURCES; i++) {
		unsigned source = STYLES[style].order[i];
		hb_font_t *font = set->fonts[source];
		hb_codepoint_t glyph = 0;
		if (!hb_font_get_nominal_glyph(font, (hb_codepoint_t)code_point, &glyph) ||
		    glyph == 0 || !shows(font, glyph, code_point))
			continue;
		int em = (int)hb_face_get_upem(hb_font_get_face(font));
		int advance = hb_font_get_glyph_h_advance(font, glyph);
		*out = (struct font_glyph){ source, (advance * 1000 + em / 2) / em };
		return true;
	}
	return false;
}

bool
font_covers(const struct font_set *set, struct span text, struct err *err)
{
	struct font_glyph glyph;
	size_t position = 1;
	for (size_t pos = 0; pos < text.len; position++) {
		int32_t code_point = text_next(text, &pos);
		if (code_point < 0)
			return err_set(
			    err, ERR_MALFORMED, "not UTF-8 from character %zu", position);
		if (!font_find(&glyph, set, FONT_KAI, code_point))
			return err_set(err, ERR_REFUSED,
			    "character %zu (U+%04X) is in none of the fonts", position,
			    (unsigned)code_point);
	}
	return true;
}

/* A signed 16-bit number of a table, in thousandths of an em. */
static int
read_i16(hb_face_t *face, hb_tag_t table, size_t offset)
{
	hb_blob_t *blob = hb_face_reference_table(face, table);
	unsigned len = 0;
	const char *data = hb_blob_get_data(blob, &len);
	struct cursor c = cursor_over(span_of(data, len));
	cursor_take(&c, offset);
	int value = (int16_t)cursor_be(&c, 2);
	hb_blob_destroy(blob);
	return value * 1000 / (int)hb_face_get_upem(face);
}

void
font_metrics(struct font_metrics *out, const struct font_set *set, unsigned source)
{
	hb_face_t *face = hb_font_get_face(set->fonts[source]);
	*out = (struct font_metrics){ .name = SOURCES[source].name };
	out->ascent = read_i16(face, HB_TAG('h', 'h', 'e', 'a'), 4);
	out->descent = read_i16(face, HB_TAG('h', 'h', 'e', 'a'), 6);
	out->cap_height = read_i16(face, HB_TAG('O', 'S', '/', '2'), 88);
	for (size_t i = 0; i < 4; i++)
		out->box[i] = read_i16(face, HB_TAG('h', 'e', 'a', 'd'), 36 + 2 * i);
}

/*
 * Keep the characters asked for and the six tables an embedded TrueType needs (ISO 32000-1 9.9). Asked
 * for by glyph, HarfBuzz would walk the whole cmap of the font to find the characters first.
 */
static hb_subset_input_t *
subset_input(const int32_t *code_points, size_t count)
{
	static const char keep[][5] = { "glyf", "head", "hhea", "hmtx", "loca", "maxp" };
	hb_subset_input_t *input = hb_subset_input_create_or_fail();
	if (!input)
		return NULL;
	hb_set_t *wanted = hb_subset_input_unicode_set(input);
	for (size_t i = 0; i < count; i++)
		hb_set_add(wanted, (hb_codepoint_t)code_points[i]);
	hb_set_t *drop = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
	hb_set_clear(drop);
	for (size_t i = 0; i < sizeof keep / sizeof *keep; i++)
		hb_set_add(drop, hb_tag_from_string(keep[i], 4));
	hb_set_invert(drop);
	hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING);
	return input;
}

bool
font_subset(struct buf *out, uint16_t *glyphs, const struct font_set *set, unsigned source,
    const int32_t *code_points, size_t count, struct err *err)
{
	hb_subset_plan_t *plan = NULL;
	hb_face_t *face = NULL;
	hb_blob_t *blob = NULL;
	bool ok = false;

	hb_subset_input_t *input = subset_input(code_points, count);
	if (input)
		plan = hb_subset_plan_create_or_fail(hb_font_get_face(set->fonts[source]), input);
	if (plan)
		face = hb_subset_plan_execute_or_fail(plan);
	if (!face) {
		err_set(err, ERR_MEMORY, "font %s cannot be cut down", SOURCES[source].name);
		goto out;
	}
	const hb_map_t *map = hb_subset_plan_old_to_new_glyph_mapping(plan);
	for (size_t i = 0; i < count; i++) {
		hb_codepoint_t old = 0;
		hb_font_get_nominal_glyph(set->fonts[source], (hb_codepoint_t)code_points[i], &old);
		glyphs[i] = (uint16_t)hb_map_get(map, old);
	}
	blob = hb_face_reference_blob(face);
	unsigned len = 0;
	const char *data = hb_blob_get_data(blob, &len);
	buf_add(out, data, len);
	ok = buf_ok(out, err);
out:
	hb_blob_destroy(blob);
	hb_face_destroy(face);
	hb_subset_plan_destroy(plan);
	hb_subset_input_destroy(input);
	return ok;
}

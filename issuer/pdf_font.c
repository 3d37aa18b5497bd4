#include "issuer/pdf_font.h"

#include "core/text.h"

#include <stdio.h>
#include <stdlib.h>

#define TOUNICODE_BLOCK 100 /* entries of one bfchar block (Adobe technical note 5014) */

/* The characters drawn from one source: the code of code_points[i] is i + 1, code 0 is .notdef. */
struct used {
	int32_t *code_points;
	int *advances; /* thousandths of an em */
	size_t count, cap;
};

struct pdf_fonts {
	struct pdf_doc *doc;
	const struct font_set *set;
	struct pdf_object *resources; /* every page's /Font */
	struct used used[FONT_SOURCES];
};

bool
pdf_fonts_new(
    struct pdf_fonts **out, struct pdf_doc *doc, const struct font_set *set, struct err *err)
{
	struct pdf_fonts *fonts = calloc(1, sizeof *fonts);
	if (!fonts)
		return err_set(err, ERR_MEMORY, "out of memory");
	fonts->doc = doc;
	fonts->set = set;
	fonts->resources = pdf_new_dict(doc);
	*out = fonts;
	return true;
}

void
pdf_fonts_use(struct pdf_fonts *fonts)
{
	pdf_put_ref(pdf_doc_resources(fonts->doc), "Font", fonts->resources);
}

void
pdf_fonts_free(struct pdf_fonts *fonts)
{
	if (!fonts)
		return;
	for (unsigned i = 0; i < FONT_SOURCES; i++) {
		free(fonts->used[i].code_points);
		free(fonts->used[i].advances);
	}
	free(fonts);
}

static bool
grow(struct used *used)
{
	size_t cap = used->cap ? 2 * used->cap : 128;
	int32_t *code_points = realloc(used->code_points, cap * sizeof *code_points);
	if (code_points)
		used->code_points = code_points;
	int *advances = realloc(used->advances, cap * sizeof *advances);
	if (advances)
		used->advances = advances;
	if (!code_points || !advances || cap > UINT16_MAX)
		return false;
	used->cap = cap;
	return true;
}

/* The code of a character, given when it is first met; 0 when memory runs out. */
static uint16_t
code_of(struct used *used, int32_t code_point, int advance)
{
	for (size_t i = 0; i < used->count; i++)
		if (used->code_points[i] == code_point)
			return (uint16_t)(i + 1);
	if (used->count == used->cap && !grow(used))
		return 0;
	used->code_points[used->count] = code_point;
	used->advances[used->count++] = advance;
	return (uint16_t)used->count;
}

static void
resource_name(char out[8], unsigned source)
{
	snprintf(out, 8, "F%u", source + 1);
}

bool
pdf_fonts_show(
    struct pdf_fonts *fonts, enum font_style style, double size, struct span text, struct err *err)
{
	uint16_t run[64];
	size_t n = 0;
	unsigned source = 0;
	char name[8];

	for (size_t pos = 0; pos < text.len;) {
		struct font_glyph glyph = { 0 };
		int32_t code_point = text_next(text, &pos);
		if (code_point < 0 || !font_find(&glyph, fonts->set, style, code_point))
			return font_covers(fonts->set, text, err);
		if (n > 0 && (glyph.source != source || n == sizeof run / sizeof *run)) {
			resource_name(name, source);
			pdf_show(fonts->doc, name, size, run, n);
			n = 0;
		}
		source = glyph.source;
		run[n] = code_of(&fonts->used[source], code_point, glyph.advance);
		if (run[n++] == 0)
			return err_set(err, ERR_MEMORY, "out of memory");
	}
	if (n > 0) {
		resource_name(name, source);
		pdf_show(fonts->doc, name, size, run, n);
	}
	return true;
}

/* From codes back to characters (9.10.3). */
static bool
to_unicode(struct buf *out, const struct used *used, struct err *err)
{
	buf_add_text(out,
	    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
	    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
	    "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
	    "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
	for (size_t i = 0; i < used->count; i++) {
		size_t left = used->count - i;
		unsigned c = (unsigned)used->code_points[i];
		if (i % TOUNICODE_BLOCK == 0)
			buf_printf(out, "%zu beginbfchar\n",
			    left < TOUNICODE_BLOCK ? left : TOUNICODE_BLOCK);
		if (c < 0x10000)
			buf_printf(out, "<%04zX> <%04X>\n", i + 1, c);
		else
			buf_printf(out, "<%04zX> <%04X%04X>\n", i + 1,
			    0xD800 + ((c - 0x10000) >> 10), 0xDC00 + (c & 0x3FF));
		if (left == 1 || i % TOUNICODE_BLOCK == TOUNICODE_BLOCK - 1)
			buf_add_text(out, "endbfchar\n");
	}
	buf_add_text(out, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
	return buf_ok(out, err);
}

/* The outlines and, for each code, the glyph that draws it. */
static bool
outlines(struct buf *program, struct buf *glyph_map, const struct font_set *set, unsigned source,
    const struct used *used, struct err *err)
{
	uint16_t *glyphs = calloc(used->count, sizeof *glyphs);
	if (!glyphs)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = font_subset(program, glyphs, set, source, used->code_points, used->count, err);
	buf_add_be(glyph_map, 0, 2);
	for (size_t i = 0; i < used->count; i++)
		buf_add_be(glyph_map, glyphs[i], 2);
	free(glyphs);
	return ok && buf_ok(glyph_map, err);
}

static struct pdf_object *
descriptor(struct pdf_doc *doc, const struct font_metrics *m, const char *name, struct span program)
{
	struct pdf_object *file = pdf_new_stream(doc, program, PDF_DEFLATE);
	pdf_put_int(file, "Length1", (int)program.len);
	struct pdf_object *dict = pdf_new_dict(doc);
	pdf_put_name(dict, "Type", "FontDescriptor");
	pdf_put_name(dict, "FontName", name);
	pdf_put_int(dict, "Flags", 4); /* symbolic: other characters than Adobe's Latin set */
	struct pdf_object *box = pdf_put_array(dict, "FontBBox");
	for (size_t i = 0; i < 4; i++)
		pdf_add_int(box, m->box[i]);
	pdf_put_int(dict, "ItalicAngle", 0);
	pdf_put_int(dict, "Ascent", m->ascent);
	pdf_put_int(dict, "Descent", m->descent);
	pdf_put_int(dict, "CapHeight", m->cap_height);
	pdf_put_int(dict, "StemV", 80); /* no table of a TrueType font says it; a usual value */
	pdf_put_ref(dict, "FontFile2", file);
	return dict;
}

static struct pdf_object *
descendant(struct pdf_doc *doc, const char *name, struct pdf_object *described,
    struct span glyph_map, const struct used *used)
{
	struct pdf_object *dict = pdf_new_dict(doc);
	pdf_put_name(dict, "Type", "Font");
	pdf_put_name(dict, "Subtype", "CIDFontType2");
	pdf_put_name(dict, "BaseFont", name);
	struct pdf_object *info = pdf_put_dict(dict, "CIDSystemInfo");
	pdf_put_text(info, "Registry", "Adobe");
	pdf_put_text(info, "Ordering", "Identity");
	pdf_put_int(info, "Supplement", 0);
	pdf_put_ref(dict, "FontDescriptor", described);
	pdf_put_ref(dict, "CIDToGIDMap", pdf_new_stream(doc, glyph_map, PDF_DEFLATE));
	struct pdf_object *widths = pdf_put_array(dict, "W");
	pdf_add_int(widths, 1);
	struct pdf_object *list = pdf_add_array(widths);
	for (size_t i = 0; i < used->count; i++)
		pdf_add_int(list, used->advances[i]);
	return dict;
}

static bool
write_font(struct pdf_fonts *fonts, unsigned source, struct err *err)
{
	struct pdf_doc *doc = fonts->doc;
	const struct used *used = &fonts->used[source];
	struct buf program = BUF_EMPTY, glyph_map = BUF_EMPTY, unicode = BUF_EMPTY;
	struct font_metrics metrics;
	char name[64], resource[8];
	bool ok = false;

	font_metrics(&metrics, fonts->set, source);
	/* six letters mark a subset (9.6.4); a document has one of each source */
	snprintf(name, sizeof name, "QCERT%c+%s", (char)('A' + source), metrics.name);
	resource_name(resource, source);
	if (!outlines(&program, &glyph_map, fonts->set, source, used, err) ||
	    !to_unicode(&unicode, used, err))
		goto out;
	struct pdf_object *described = descriptor(doc, &metrics, name, buf_span(&program));
	struct pdf_object *cid_font = descendant(doc, name, described, buf_span(&glyph_map), used);
	struct pdf_object *font = pdf_new_dict(doc);
	pdf_put_name(font, "Type", "Font");
	pdf_put_name(font, "Subtype", "Type0");
	pdf_put_name(font, "BaseFont", name);
	pdf_put_name(font, "Encoding", "Identity-H");
	pdf_add_ref(pdf_put_array(font, "DescendantFonts"), cid_font);
	pdf_put_ref(font, "ToUnicode", pdf_new_stream(doc, buf_span(&unicode), PDF_DEFLATE));
	pdf_put_ref(fonts->resources, resource, font);
	ok = true;
out:
	buf_free(&program);
	buf_free(&glyph_map);
	buf_free(&unicode);
	return ok;
}

bool
pdf_fonts_finish(struct pdf_fonts *fonts, struct err *err)
{
	for (unsigned i = 0; i < FONT_SOURCES; i++)
		if (fonts->used[i].count > 0 && !write_font(fonts, i, err))
			return false;
	return true;
}

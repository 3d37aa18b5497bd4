/*
 * The fonts of a page: LXGW WenKai for hanzi with BabelStone Han behind it for rare ones, DejaVu
 * Serif for Latin. Opened (mapped) once per process and shared by all pages; each document carries
 * its own subsets, made for the characters it uses.
 */
#ifndef ISSUER_FONT_H
#define ISSUER_FONT_H

#include "core/buf.h"

/* What a template asks for. Each style has a font it prefers and others that stand in for it. */
enum font_style { FONT_KAI, FONT_KAI_BOLD, FONT_SERIF, FONT_SERIF_BOLD, FONT_STYLES };

struct font_set;

/*
 * Map every font file. The caller closes it; nothing in it changes after opening, so threads may
 * share it. ERR_NOT_FOUND names the file and the Debian package that brings it.
 */
MUST_CHECK bool font_set_open(struct font_set **out, struct err *err);
void font_set_close(struct font_set *set);

/* The style of that name in a template ("kai-bold"); false if there is none. */
bool font_style_find(enum font_style *out, const char *name);

/*
 * Can every character be drawn? Asked when an application is submitted, and again before a page is
 * drawn. ERR_REFUSED names the first that no font can draw by code point and by its position
 * (character, from 1); ERR_MALFORMED if it is not UTF-8.
 */
MUST_CHECK bool font_covers(const struct font_set *set, struct span text, struct err *err);

/* Where a character is drawn from. */
struct font_glyph {
	unsigned source; /* which font of the set, below FONT_SOURCES */
	int advance;     /* thousandths of an em */
};

#define FONT_SOURCES 5

/* The font for a character in a style; false if no font can draw it. */
bool font_find(
    struct font_glyph *out, const struct font_set *set, enum font_style style, int32_t code_point);

/* What a PDF font descriptor says (ISO 32000-1 9.8.1), in thousandths of an em. */
struct font_metrics {
	const char *name; /* PostScript name, static */
	int ascent, descent, cap_height;
	int box[4]; /* left, bottom, right, top of all glyphs */
};

void font_metrics(struct font_metrics *out, const struct font_set *set, unsigned source);

/*
 * A TrueType program with the outlines of these characters (and .notdef) alone, for embedding as
 * FontFile2: no cmap, no names, no hinting. glyphs[i] is the index of code_points[i] in it; the source
 * must have them all.
 */
MUST_CHECK bool font_subset(struct buf *out, uint16_t *glyphs, const struct font_set *set,
    unsigned source, const int32_t *code_points, size_t count, struct err *err);

#endif

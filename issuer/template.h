/*
 * Certificate layouts: data, read from JSON. A layout has 1 to 4 pages: the original 正本, and behind it
 * its duplicate 副本. Lengths are millimetres from the top left corner of the page, type sizes and line
 * widths are points. A template is known by its id and by the SHA-256 of its file's bytes, both of which
 * the officers sign.
 */
#ifndef ISSUER_TEMPLATE_H
#define ISSUER_TEMPLATE_H

#include "core/err.h"
#include "core/span.h"
#include "issuer/font.h"

#define POINTS_PER_MM (72 / 25.4)

struct template_box {
	double x, y, w, h;
};

struct template_colour {
	double r, g, b; /* 0 to 1 */
};

enum template_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };
enum template_anchor { ANCHOR_TOP, ANCHOR_MIDDLE, ANCHOR_BOTTOM };

/* A box of text. Lines break where UAX 14 allows; the type shrinks until they fit. */
struct template_text {
	const char *name; /* for messages: 1 to 64 characters, the only one on its page */
	const char *text; /* literal text with {field} in it; at most LIMIT_FIELD_BYTES */
	const char *when; /* drawn only if the face has this field; NULL: always */
	bool items;       /* a list: every item, up to a "；" or "; ", has a line of its own */
	bool below; /* begins under the last line of the text before it, at box.y at the latest */
	struct template_box box;
	struct template_box
	    reach; /* where its lines may stand: box, and if `below`, up over the box before */
	enum font_style style;
	enum template_align align;
	enum template_anchor anchor; /* where lines stand that do not fill the box */
	double size, min_size;       /* points */
	double leading;              /* line distance, in type sizes */
	double tracking;             /* extra space after each character, in type sizes */
	struct template_colour colour;
};

struct template_line {
	double x1, y1, x2, y2, width;
	struct template_colour colour;
};

/* A frame, filled, stroked or both; corners rounded by `radius`. */
struct template_frame {
	struct template_box box;
	double radius, width; /* width 0: not stroked */
	bool filled;
	struct template_colour colour, fill;
};

/*
 * Fine line work. Strand k of n, t = k / (n - 1), swings about its path by
 * amplitude(t) * cos(u + 2 pi phase(t)); u runs through one turn every period. The path of a border is
 * the rounded rectangle, that of a rosette the circle of radius(t), with `lobes` periods on it.
 */
struct template_guilloche {
	bool rosette;
	struct template_box box;       /* border: its middle line */
	double corner;                 /* border: radius of the corners of the middle line */
	double period;                 /* border: wished for; fitted to whole numbers */
	double centre_x, centre_y;     /* rosette */
	double radius[2];              /* rosette: of the first and of the last strand */
	int lobes;                     /* rosette */
	double amplitude[2], phase[2]; /* of the first and of the last strand; mm, turns */
	int strands;
	double width;
	struct template_colour colour[2]; /* of the first and of the last strand */
};

#define TEMPLATE_PAGES 4

struct template_page {
	double width, height;
	struct template_guilloche *guilloches;
	struct template_frame *frames;
	struct template_line *lines;
	struct template_text *texts;
	size_t guilloche_count, frame_count, line_count, text_count;
	struct template_box code;     /* square, quiet zone included */
	struct pdf_stencil *linework; /* guilloches, frames and lines, drawn */
};

struct template
{
	const char *id;    /* "grade-a": 1 to 32 of a-z, 0-9 and - */
	const char *title; /* of the document, with {field} in it; filled, at most 8 KB */
	struct template_page pages[TEMPLATE_PAGES];
	size_t page_count;
	uint8_t sha256[32];  /* of the file's bytes */
	struct json_t *json; /* owns every string above */
};

/* Does it print the field wherever the face has it, not only where it has another? */
bool template_text_prints(const struct template_text *text, const char *field);
/* The i-th of the fields that a page, counted from 0, must print if the face has them; NULL behind the last. */
const char *template_needed(size_t page, size_t i);

#define TEMPLATE_CODE_MODULE_MM 0.47 /* finest module that survives a 150 dpi copy with damage */

/*
 * Parse a template. The caller frees it with template_free().
 *
 * ERR_MALFORMED  not JSON, a key that is unknown, missing or of the wrong type
 * ERR_REFUSED    outside the page, a placeholder that is no field, a needed field that the first page, or
 *                one that any page, does not print
 * ERR_LIMIT      longer than LIMIT_JSON_BYTES; a text or title too long
 */
MUST_CHECK bool template_parse(struct template **out, struct span json, struct err *err);
void template_free(struct template *t);

#endif

/*
 * Text into a box: where lines break (UAX 14), and the largest type at which they fit.
 */
#ifndef ISSUER_LAYOUT_H
#define ISSUER_LAYOUT_H

#include "issuer/template.h"

#define LAYOUT_LINES 12 /* lines in one box */

struct layout {
	double size; /* points */
	size_t count;
	struct {
		struct span text; /* borrowed from the text given, blanks at its end left out */
		double width;     /* points */
	} lines[LAYOUT_LINES];
};

/* Once per process, before the first layout_fit(): the tables of libunibreak. */
void layout_init(void);

/*
 * Break and size `text` for its box: from the template's size down to its smallest. Centred text is
 * balanced, so that no lone character is left on a last line.
 *
 * ERR_REFUSED    does not fit at the smallest size, or a character no font can draw
 * ERR_MALFORMED  not UTF-8
 */
MUST_CHECK bool layout_fit(struct layout *out, const struct font_set *fonts,
    const struct template_text *box, struct span text, struct err *err);

#endif

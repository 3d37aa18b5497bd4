/*
 * Drawing a page of a template: line work, texts, and the code.
 */
#ifndef ISSUER_PAGE_H
#define ISSUER_PAGE_H

#include "issuer/pdf.h"
#include "issuer/pdf_font.h"

/* Append literal text with every {field} filled in. ERR_REFUSED if the face lacks one. */
MUST_CHECK bool page_fill_in(
    struct buf *out, const struct pdf_input *in, const char *text, struct err *err);

/* The code, encoded and drawn once for all pages of a document; zeroed before the first. */
struct page_code {
	int width;               /* modules on a side */
	struct pdf_object *form; /* a unit is a module, counted from the top left */
};

/*
 * Add a page to the document and draw all of it; the code, on a white ground of its own and with a link to
 * what it says, where `in` has a text for it. Refuses what pdf_render() says.
 */
MUST_CHECK bool page_draw(struct pdf_doc *doc, const struct template_page *layout,
    const struct font_set *set, struct pdf_fonts *fonts, const struct pdf_input *in,
    struct page_code *code, struct err *err);

#endif

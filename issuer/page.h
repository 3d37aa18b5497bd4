/*
 * Drawing a template: line work, frames, lines, texts, and the code.
 */
#ifndef ISSUER_PAGE_H
#define ISSUER_PAGE_H

#include "issuer/pdf.h"
#include "issuer/pdf_object.h"

/* Append literal text with every {field} filled in. ERR_REFUSED if the face lacks one. */
MUST_CHECK bool page_fill_in(
    struct buf *out, const struct pdf_input *in, const char *text, struct err *err);

/* Everything but the code; refuses what pdf_render() says. */
MUST_CHECK bool page_draw(
    struct pdf_doc *doc, const struct font_set *fonts, const struct pdf_input *in, struct err *err);

/* The code, on a white ground of its own, and a link to what it says. */
MUST_CHECK bool page_draw_code(struct pdf_doc *doc, const struct pdf_input *in, struct err *err);

#endif

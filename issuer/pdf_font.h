/*
 * The fonts of one document (ISO 32000-1 9.7): composite fonts with Identity-H codes, one code for
 * each character used, so that copied text is the very text drawn, hanzi of the astral planes
 * included. Characters are collected while they are drawn; the subsets are made at the end.
 */
#ifndef ISSUER_PDF_FONT_H
#define ISSUER_PDF_FONT_H

#include "issuer/font.h"
#include "issuer/pdf_object.h"

struct pdf_fonts;

/* Both are borrowed and must outlive it. The caller frees with pdf_fonts_free(). */
MUST_CHECK bool pdf_fonts_new(
    struct pdf_fonts **out, struct pdf_doc *doc, const struct font_set *set, struct err *err);
void pdf_fonts_free(struct pdf_fonts *fonts);

/* Text of this document is to stand on the page turned to. */
void pdf_fonts_use(struct pdf_fonts *fonts);

/* Show text at the current place of a text object. ERR_REFUSED for a character no font can draw. */
MUST_CHECK bool pdf_fonts_show(
    struct pdf_fonts *fonts, enum font_style style, double size, struct span text, struct err *err);

/* Write the fonts used into the document, after the last text of the last page. */
MUST_CHECK bool pdf_fonts_finish(struct pdf_fonts *fonts, struct err *err);

#endif

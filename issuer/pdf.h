/*
 * The pages: template, face and code -> one PDF of one revision, complete but for the seal. Its form
 * and what a verifier relies on are in docs/format/pdf.md. The same input gives the same bytes.
 */
#ifndef ISSUER_PDF_H
#define ISSUER_PDF_H

#include "core/buf.h"
#include "issuer/face.h"
#include "issuer/font.h"
#include "issuer/template.h"

/* What every page needs, opened once: the fonts and the colour profile. Threads may share it. */
struct pdf_maker;

MUST_CHECK bool pdf_maker_open(struct pdf_maker **out, struct err *err);
void pdf_maker_close(struct pdf_maker *maker);
/* Its fonts, for font_covers() at submission; borrowed. */
const struct font_set *pdf_maker_fonts(const struct pdf_maker *maker);

/* Everything the pages are made of, the same for each; all borrowed. */
struct pdf_input {
	const struct template *layout;
	const struct face *face;
	const char *check_code; /* eight characters */
	struct span qr_text;    /* https://HOST/q/1/DIGITS; empty: no code is drawn */
	struct span attachment; /* the .cose file: credential and two acts */
	int64_t now_s;          /* every date in the file */
	const char *mark;       /* across every page, light, under its texts; NULL: none */
};

/* Where the seal goes, in bytes from the beginning of the file. */
struct pdf_layout {
	size_t contents_at; /* of '<'; the first sealed span is [0, contents_at) */
	size_t
	    contents_len; /* with '<' and '>'; the second runs from contents_at + contents_len to the end */
	size_t attachment_at, attachment_len;
};

#define PDF_SEAL_BYTES 8192 /* room for the CMS in DER, with certificates and a time-stamp */

/*
 * Append the whole PDF to `out`, which must be empty: /ByteRange and the attachment's place are
 * filled in, the digits of /Contents are all zero.
 *
 * ERR_REFUSED  a text that no font can draw or that does not fit its box at the smallest size, by
 *              name; a field the template prints and the face lacks; a code too fine for its box
 * ERR_LIMIT    longer than LIMIT_PDF_BYTES
 */
MUST_CHECK bool pdf_render(struct buf *out, struct pdf_layout *layout,
    const struct pdf_maker *maker, const struct pdf_input *in, struct err *err);

/*
 * Append the pages as they are seen where there is no credential: the same drawing without code, check code,
 * attachment and any place for a seal, and with a mark across each page. Fails like pdf_render().
 */
MUST_CHECK bool pdf_preview(struct buf *out, const struct pdf_maker *maker,
    const struct template *layout, const struct face *face, const char *mark, struct err *err);

#define PDF_MARK_PREVIEW "预览 PREVIEW"   /* what two officers are asked to sign */
#define PDF_MARK_SPECIMEN "样张 SPECIMEN" /* invented */

/* Write the seal into its gap: lower-case hex, zeros behind it. ERR_LIMIT if it does not fit. */
MUST_CHECK bool pdf_seal_insert(
    struct buf *pdf, const struct pdf_layout *layout, struct span der, struct err *err);

#endif

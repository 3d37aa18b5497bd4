#include "issuer/pdf.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "issuer/layout.h"
#include "issuer/page.h"
#include "issuer/pdf_archive.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define PROFILE "/usr/share/color/icc/sRGB.icc"
#define PROFILE_MAX_BYTES (64u << 10)

struct pdf_maker {
	struct font_set *fonts;
	struct buf profile;
};

bool
pdf_maker_open(struct pdf_maker **out, struct err *err)
{
	struct pdf_maker *maker = calloc(1, sizeof *maker);
	if (!maker)
		return err_set(err, ERR_MEMORY, "out of memory");
	layout_init();
	if (!font_set_open(&maker->fonts, err)) {
		pdf_maker_close(maker);
		return false;
	}
	if (!file_read(&maker->profile, PROFILE, PROFILE_MAX_BYTES, err)) {
		pdf_maker_close(maker);
		return err_in(err, "colour profile of the package icc-profiles-free");
	}
	*out = maker;
	return true;
}

void
pdf_maker_close(struct pdf_maker *maker)
{
	if (!maker)
		return;
	font_set_close(maker->fonts);
	buf_free(&maker->profile);
	free(maker);
}

const struct font_set *
pdf_maker_fonts(const struct pdf_maker *maker)
{
	return maker->fonts;
}

/* What stands beside the page: identity, attachment, the place of the seal. */
static bool
add_parts(
    struct pdf_doc *doc, const struct pdf_maker *maker, const struct pdf_input *in, struct err *err)
{
	struct buf title = BUF_EMPTY, file_name = BUF_EMPTY;
	bool ok = false;
	if (!page_fill_in(&title, in, in->layout->title, err) ||
	    !page_fill_in(&file_name, in, "{number}.cose", err))
		goto out;
	const struct pdf_archive parts = {
		.title = buf_text(&title),
		.file_name = buf_text(&file_name),
		.attachment = in->attachment,
		.profile = buf_span(&maker->profile),
		.now_s = in->now_s,
	};
	pdf_archive_attach(doc, &parts);
	ok = pdf_archive_describe(doc, &parts, err) &&
	    pdf_archive_seal_field(doc, &parts, PDF_SEAL_BYTES, err);
out:
	buf_free(&title);
	buf_free(&file_name);
	return ok;
}

/* The only place of `needle`; false if there is none or a second. */
static bool
find_once(size_t *at, struct span file, struct span needle)
{
	const uint8_t *first =
	    needle.len > 0 ? memmem(file.ptr, file.len, needle.ptr, needle.len) : NULL;
	if (!first)
		return false;
	*at = (size_t)(first - file.ptr);
	return !memmem(first + 1, file.len - *at - 1, needle.ptr, needle.len);
}

/* Write numbers over a placeholder, blanks up to its closing bracket. */
static void
put_numbers(struct buf *pdf, size_t at, size_t len, const char *numbers)
{
	size_t n = strlen(numbers);
	memcpy(pdf->ptr + at, numbers, n);
	memset(pdf->ptr + at + n, ' ', len - n - 1); /* the bracket stays */
}

static bool
settle(struct buf *pdf, struct pdf_layout *layout, struct span attachment, struct err *err)
{
	const size_t hex = 2 * PDF_SEAL_BYTES + 2;
	size_t blanks_at, range_at, end_at, attachment_at;
	char numbers[64];

	if (pdf->len > LIMIT_PDF_BYTES)
		return err_set(err, ERR_LIMIT, "the certificate is %zu bytes; the longest is %u",
		    pdf->len, LIMIT_PDF_BYTES);
	if (!find_once(&blanks_at, buf_span(pdf), span_text(PDF_SEAL_BLANKS)) ||
	    !find_once(&range_at, buf_span(pdf), span_text("/ByteRange")) ||
	    !find_once(&end_at, buf_span(pdf), span_text("%%EOF")) ||
	    !find_once(&attachment_at, buf_span(pdf), attachment))
		return err_set(err, ERR_REFUSED,
		    "the page or its attachment holds what only the seal may hold");
	size_t contents_at = blanks_at + sizeof PDF_SEAL_BLANKS - 1;
	*layout = (struct pdf_layout){ contents_at, hex, attachment_at, attachment.len };

	snprintf(numbers, sizeof numbers, "/ByteRange [ 0 %zu %zu %zu ", contents_at,
	    contents_at + hex, pdf->len - contents_at - hex);
	put_numbers(pdf, blanks_at, sizeof PDF_BYTE_RANGE_BLANK - 1, numbers);
	snprintf(numbers, sizeof numbers, "/QualcertAttachment [ %zu %zu ", attachment_at,
	    attachment.len);
	put_numbers(
	    pdf, blanks_at + sizeof PDF_BYTE_RANGE_BLANK, sizeof PDF_ATTACHMENT_BLANK - 1, numbers);
	return true;
}

/* A document with its pages drawn; the caller frees it, also on failure. */
static bool
begin(struct pdf_doc **out, const struct pdf_maker *maker, const struct pdf_input *in,
    struct err *err)
{
	const struct template *t = in->layout;
	struct pdf_fonts *fonts = NULL;
	struct page_code code = { 0 };
	bool ok = face_complete(in->face, err) && pdf_doc_new(out, err) &&
	    pdf_fonts_new(&fonts, *out, maker->fonts, err);

	for (size_t i = 0; ok && i < t->page_count; i++)
		ok = page_draw(*out, &t->pages[i], maker->fonts, fonts, in, &code, err) ||
		    err_in(err, "page %zu", i + 1);
	ok = ok && pdf_fonts_finish(fonts, err);
	pdf_fonts_free(fonts);
	return ok;
}

bool
pdf_render(struct buf *out, struct pdf_layout *layout, const struct pdf_maker *maker,
    const struct pdf_input *in, struct err *err)
{
	struct pdf_doc *doc = NULL;
	assert(in->qr_text.len > 0); /* nothing without a code is sealed */
	bool ok = begin(&doc, maker, in, err) && add_parts(doc, maker, in, err) &&
	    pdf_doc_save(out, doc, err) && settle(out, layout, in->attachment, err);
	pdf_doc_free(doc);
	return ok;
}

bool
pdf_preview(struct buf *out, const struct pdf_maker *maker, const struct template *layout,
    const struct face *face, const char *mark, struct err *err)
{
	const struct pdf_input in = {
		.layout = layout, .face = face, .check_code = "--------", .mark = mark
	};
	struct pdf_doc *doc = NULL;
	bool ok = begin(&doc, maker, &in, err) && pdf_doc_save(out, doc, err);
	pdf_doc_free(doc);
	return ok;
}

bool
pdf_seal_insert(struct buf *pdf, const struct pdf_layout *layout, struct span der, struct err *err)
{
	if (2 * der.len > layout->contents_len - 2)
		return err_set(err, ERR_LIMIT, "the seal is %zu bytes; there is room for %zu",
		    der.len, (layout->contents_len - 2) / 2);
	char *hex = malloc(2 * der.len + 1);
	if (!hex)
		return err_set(err, ERR_MEMORY, "out of memory");
	hex_encode(hex, der);
	memcpy(pdf->ptr + layout->contents_at + 1, hex, 2 * der.len);
	free(hex);
	return true;
}

#include "issuer/pdf.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "issuer/guilloche.h"
#include "issuer/layout.h"
#include "issuer/pdf_archive.h"
#include "issuer/pdf_font.h"
#include "issuer/pdf_object.h"
#include "issuer/qr.h"

#include <stdio.h>
#include <stdlib.h>

#define POINTS_PER_MM (72 / 25.4)
#define PROFILE "/usr/share/color/icc/sRGB.icc"
#define PROFILE_MAX_BYTES (64u << 10)
#define KAPPA 0.5523 /* handle of a Bezier quarter circle */
#define EM_RISE 0.88 /* of the em box above the baseline: hanzi and Latin capitals look centred */

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

/* Everything the drawing functions need. */
struct canvas {
	struct pdf_doc *doc;
	HPDF_Page page;
	struct pdf_fonts *fonts;
	const struct pdf_maker *maker;
	const struct pdf_input *in;
	double bottom; /* mm: where the last line of the text before ends */
};

/* Template millimetres from the top left -> points from the bottom left. */
static HPDF_REAL
across(double x_mm)
{
	return (HPDF_REAL)(x_mm * POINTS_PER_MM);
}

static HPDF_REAL
up(const struct canvas *c, double y_mm)
{
	return (HPDF_REAL)((c->in->layout->height - y_mm) * POINTS_PER_MM);
}

static void
set_fill(const struct canvas *c, const struct template_colour *k)
{
	HPDF_Page_SetRGBFill(c->page, (HPDF_REAL)k->r, (HPDF_REAL)k->g, (HPDF_REAL)k->b);
}

static void
set_stroke(const struct canvas *c, const struct template_colour *k, double width)
{
	HPDF_Page_SetRGBStroke(c->page, (HPDF_REAL)k->r, (HPDF_REAL)k->g, (HPDF_REAL)k->b);
	HPDF_Page_SetLineWidth(c->page, (HPDF_REAL)width);
}

static void
rounded_path(const struct canvas *c, const struct template_frame *frame)
{
	HPDF_REAL l = across(frame->box.x), t = up(c, frame->box.y);
	HPDF_REAL r = across(frame->box.x + frame->box.w), b = up(c, frame->box.y + frame->box.h);
	HPDF_REAL q = across(frame->radius), k = across(frame->radius * (1 - KAPPA));

	HPDF_Page_MoveTo(c->page, l + q, t);
	HPDF_Page_LineTo(c->page, r - q, t);
	HPDF_Page_CurveTo(c->page, r - k, t, r, t - k, r, t - q);
	HPDF_Page_LineTo(c->page, r, b + q);
	HPDF_Page_CurveTo(c->page, r, b + k, r - k, b, r - q, b);
	HPDF_Page_LineTo(c->page, l + q, b);
	HPDF_Page_CurveTo(c->page, l + k, b, l, b + k, l, b + q);
	HPDF_Page_LineTo(c->page, l, t - q);
	HPDF_Page_CurveTo(c->page, l, t - k, l + k, t, l + q, t);
	HPDF_Page_ClosePath(c->page);
}

static void
draw_frame(const struct canvas *c, const struct template_frame *frame)
{
	if (frame->filled)
		set_fill(c, &frame->fill);
	if (frame->width > 0)
		set_stroke(c, &frame->colour, frame->width);
	if (frame->radius > 0)
		rounded_path(c, frame);
	else
		HPDF_Page_Rectangle(c->page, across(frame->box.x),
		    up(c, frame->box.y + frame->box.h), across(frame->box.w), across(frame->box.h));
	if (frame->filled && frame->width > 0)
		HPDF_Page_FillStroke(c->page);
	else if (frame->filled)
		HPDF_Page_Fill(c->page);
	else
		HPDF_Page_Stroke(c->page);
}

static void
draw_line(const struct canvas *c, const struct template_line *line)
{
	set_stroke(c, &line->colour, line->width);
	HPDF_Page_MoveTo(c->page, across(line->x1), up(c, line->y1));
	HPDF_Page_LineTo(c->page, across(line->x2), up(c, line->y2));
	HPDF_Page_Stroke(c->page);
}

/* The text of a field of the page; NULL when absent. */
static const char *
field_text(const struct pdf_input *in, const char *name)
{
	return strcmp(name, "check_code") == 0 ? in->check_code : face_find(in->face, name);
}

/* Literal text with every {field} filled in. */
static bool
fill_in(struct buf *out, const struct pdf_input *in, const char *text, struct err *err)
{
	while (*text) {
		char name[32];
		size_t literal = strcspn(text, "{");
		buf_add(out, text, literal);
		text += literal;
		if (*text == '\0')
			break;
		size_t len = strcspn(text, "}");
		snprintf(name, sizeof name, "%.*s", (int)len - 1, text + 1);
		const char *value = field_text(in, name);
		if (!value)
			return err_set(err, ERR_REFUSED, "field %s is missing", name);
		buf_add_text(out, value);
		text += len + 1;
	}
	return buf_ok(out, err);
}

static bool
draw_lines(struct canvas *c, const struct template_text *text, const struct layout *fitted,
    struct err *err)
{
	const struct template_box *box = &text->box;
	double line = text->leading * fitted->size / POINTS_PER_MM;
	double em = fitted->size / POINTS_PER_MM;
	double block = em + (double)(fitted->count - 1) * line;
	double y = box->y;
	bool ok = true;

	if (text->anchor != ANCHOR_TOP)
		y += (box->h - block) / (text->anchor == ANCHOR_MIDDLE ? 2 : 1);
	c->bottom = y + block + (line - em);
	set_fill(c, &text->colour);
	HPDF_Page_BeginText(c->page);
	HPDF_Page_SetCharSpace(c->page, (HPDF_REAL)(text->tracking * fitted->size));
	for (size_t i = 0; ok && i < fitted->count; i++, y += line) {
		double room = box->w - fitted->lines[i].width / POINTS_PER_MM;
		double x = box->x;
		if (text->align != ALIGN_LEFT)
			x += room / (text->align == ALIGN_CENTRE ? 2 : 1);
		HPDF_Page_SetTextMatrix(c->page, 1, 0, 0, 1, across(x), up(c, y + EM_RISE * em));
		ok =
		    pdf_fonts_show(c->fonts, text->style, fitted->size, fitted->lines[i].text, err);
	}
	HPDF_Page_EndText(c->page);
	return ok;
}

static bool
draw_text(struct canvas *c, const struct template_text *text, struct err *err)
{
	struct buf filled = BUF_EMPTY;
	struct template_text placed = *text;
	struct layout fitted;
	if (text->when && !field_text(c->in, text->when))
		return true;
	if (text->below && c->bottom < text->box.y) {
		placed.box.y = c->bottom;
		placed.box.h += text->box.y - c->bottom;
	}
	bool ok = fill_in(&filled, c->in, text->text, err) &&
	    layout_fit(&fitted, c->maker->fonts, &placed, buf_span(&filled), err) &&
	    draw_lines(c, &placed, &fitted, err);
	buf_free(&filled);
	return ok || err_in(err, "text %s", text->name);
}

/* The code on a white ground of its own, its quiet zone. */
static bool
draw_code(const struct canvas *c, struct err *err)
{
	const struct template_box *box = &c->in->layout->code;
	const struct template_colour white = { 1, 1, 1 }, black = { 0, 0, 0 };
	const struct template_frame ground = { .box = *box, .filled = true, .fill = white };
	struct qr qr = { 0 };

	if (!qr_encode(&qr, c->in->qr_text, err))
		return false;
	double module = box->w / (qr.width + 2 * QR_QUIET_MODULES);
	bool ok = module >= TEMPLATE_CODE_MODULE_MM ||
	    err_set(err, ERR_REFUSED,
		"a code of %d modules in %g mm is too fine: %.2f mm a module, %.2f mm needed",
		qr.width, box->w, module, TEMPLATE_CODE_MODULE_MM);
	draw_frame(c, &ground);
	set_fill(c, &black);
	HPDF_Page_GSave(c->page); /* from here a unit is a module, counted from the top left */
	HPDF_Page_Concat(c->page, across(module), 0, 0, -across(module),
	    across(box->x + QR_QUIET_MODULES * module), up(c, box->y + QR_QUIET_MODULES * module));
	for (size_t i = 0; ok && i < qr.count; i++) {
		const struct qr_rect *r = &qr.rects[i];
		HPDF_Page_Rectangle(
		    c->page, (HPDF_REAL)r->x, (HPDF_REAL)r->y, (HPDF_REAL)r->w, (HPDF_REAL)r->h);
	}
	if (ok)
		HPDF_Page_Fill(c->page); /* one path: no seams between modules */
	HPDF_Page_GRestore(c->page);
	qr_free(&qr);
	return ok;
}

static bool
link_code(const struct canvas *c, struct err *err)
{
	const struct template_box *box = &c->in->layout->code;
	struct buf uri = BUF_EMPTY;
	buf_add_span(&uri, c->in->qr_text);
	const char *text = buf_text(&uri);
	if (text)
		pdf_add_link(c->doc,
		    (HPDF_Rect){ across(box->x), up(c, box->y + box->h), across(box->x + box->w),
			up(c, box->y) },
		    text);
	bool ok = buf_ok(&uri, err);
	buf_free(&uri);
	return ok;
}

static bool
draw_page(struct canvas *c, struct err *err)
{
	const struct template *t = c->in->layout;
	for (size_t i = 0; i < t->guilloche_count; i++)
		guilloche_draw(c->doc, &t->guilloches[i], t->height);
	for (size_t i = 0; i < t->frame_count; i++)
		draw_frame(c, &t->frames[i]);
	for (size_t i = 0; i < t->line_count; i++)
		draw_line(c, &t->lines[i]);
	if (!draw_code(c, err) || !link_code(c, err))
		return false;
	for (size_t i = 0; i < t->text_count; i++)
		if (!draw_text(c, &t->texts[i], err))
			return false;
	return pdf_fonts_finish(c->fonts, err);
}

static bool
add_parts(const struct canvas *c, struct err *err)
{
	struct buf title = BUF_EMPTY, file_name = BUF_EMPTY;
	bool ok = false;
	if (!fill_in(&title, c->in, c->in->layout->title, err) ||
	    !fill_in(&file_name, c->in, "{number}.cose", err))
		goto out;
	const struct pdf_archive parts = {
		.title = buf_text(&title),
		.file_name = buf_text(&file_name),
		.attachment = c->in->attachment,
		.profile = buf_span(&c->maker->profile),
		.now_s = c->in->now_s,
	};
	pdf_archive_attach(c->doc, &parts);
	ok = pdf_archive_describe(c->doc, &parts, err) &&
	    pdf_archive_seal_field(c->doc, &parts, PDF_SEAL_BYTES, err);
out:
	buf_free(&title);
	buf_free(&file_name);
	return ok;
}

/* The only place of `needle`; false if there is none or a second. */
static bool
find_once(size_t *at, struct span file, struct span needle)
{
	const uint8_t *first = memmem(file.ptr, file.len, needle.ptr, needle.len);
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
	size_t blanks_at, range_at, attachment_at;
	char numbers[64];

	if (pdf->len > LIMIT_PDF_BYTES)
		return err_set(err, ERR_LIMIT, "the certificate is %zu bytes; the longest is %u",
		    pdf->len, LIMIT_PDF_BYTES);
	if (!find_once(&blanks_at, buf_span(pdf), span_text(PDF_SEAL_BLANKS)) ||
	    !find_once(&range_at, buf_span(pdf), span_text("/ByteRange")) ||
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

bool
pdf_render(struct buf *out, struct pdf_layout *layout, const struct pdf_maker *maker,
    const struct pdf_input *in, struct err *err)
{
	struct canvas c = { .maker = maker, .in = in };
	bool ok = false;

	if (!face_complete(in->face, err) ||
	    !pdf_doc_new(&c.doc, in->layout->width * POINTS_PER_MM,
		in->layout->height * POINTS_PER_MM, err) ||
	    !pdf_fonts_new(&c.fonts, c.doc, maker->fonts, err))
		goto out;
	c.page = pdf_doc_page(c.doc);
	ok = draw_page(&c, err) && add_parts(&c, err) && pdf_doc_save(out, c.doc, err) &&
	    settle(out, layout, in->attachment, err);
out:
	pdf_fonts_free(c.fonts);
	pdf_doc_free(c.doc);
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

#include "issuer/page.h"

#include "issuer/guilloche.h"
#include "issuer/layout.h"
#include "issuer/pdf_font.h"
#include "issuer/qr.h"

#include <stdio.h>

#define POINTS_PER_MM (72 / 25.4)
#define KAPPA 0.5523 /* handle of a Bezier quarter circle */
#define EM_RISE 0.88 /* of the em box above the baseline: hanzi and Latin capitals look centred */

struct canvas {
	struct pdf_doc *doc;
	HPDF_Page page;
	const struct font_set *set;
	struct pdf_fonts *fonts;
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

bool
page_fill_in(struct buf *out, const struct pdf_input *in, const char *text, struct err *err)
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
	bool ok = page_fill_in(&filled, c->in, text->text, err) &&
	    layout_fit(&fitted, c->set, &placed, buf_span(&filled), err) &&
	    draw_lines(c, &placed, &fitted, err);
	buf_free(&filled);
	return ok || err_in(err, "text %s", text->name);
}

bool
page_draw(
    struct pdf_doc *doc, const struct font_set *fonts, const struct pdf_input *in, struct err *err)
{
	const struct template *t = in->layout;
	struct canvas c = { .doc = doc, .page = pdf_doc_page(doc), .set = fonts, .in = in };
	for (size_t i = 0; i < t->guilloche_count; i++)
		guilloche_draw(doc, &t->guilloches[i], t->height);
	for (size_t i = 0; i < t->frame_count; i++)
		draw_frame(&c, &t->frames[i]);
	for (size_t i = 0; i < t->line_count; i++)
		draw_line(&c, &t->lines[i]);
	bool ok = pdf_fonts_new(&c.fonts, doc, fonts, err);
	for (size_t i = 0; ok && i < t->text_count; i++)
		ok = draw_text(&c, &t->texts[i], err);
	ok = ok && pdf_fonts_finish(c.fonts, err);
	pdf_fonts_free(c.fonts);
	return ok;
}

/* The modules in one path, so that no seam shows between them, on a white ground: the quiet zone. */
static void
draw_modules(const struct canvas *c, const struct qr *qr, double module)
{
	const struct template_box *box = &c->in->layout->code;
	const struct template_colour white = { 1, 1, 1 }, black = { 0, 0, 0 };
	const struct template_frame ground = { .box = *box, .filled = true, .fill = white };
	const double quiet = QR_QUIET_MODULES * module;

	draw_frame(c, &ground);
	set_fill(c, &black);
	HPDF_Page_GSave(c->page); /* from here a unit is a module, counted from the top left */
	HPDF_Page_Concat(c->page, across(module), 0, 0, -across(module), across(box->x + quiet),
	    up(c, box->y + quiet));
	for (size_t i = 0; i < qr->count; i++) {
		const struct qr_rect *r = &qr->rects[i];
		HPDF_Page_Rectangle(
		    c->page, (HPDF_REAL)r->x, (HPDF_REAL)r->y, (HPDF_REAL)r->w, (HPDF_REAL)r->h);
	}
	HPDF_Page_Fill(c->page);
	HPDF_Page_GRestore(c->page);
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

bool
page_draw_code(struct pdf_doc *doc, const struct pdf_input *in, struct err *err)
{
	const struct canvas c = { .doc = doc, .page = pdf_doc_page(doc), .in = in };
	struct qr qr = { 0 };
	if (!qr_encode(&qr, in->qr_text, err))
		return false;
	double module = in->layout->code.w / (qr.width + 2 * QR_QUIET_MODULES);
	bool ok = module >= TEMPLATE_CODE_MODULE_MM;
	if (ok)
		draw_modules(&c, &qr, module);
	else
		err_set(err, ERR_REFUSED,
		    "a code of %d modules in %g mm is too fine: %.2f mm a module, %.2f mm needed",
		    qr.width, in->layout->code.w, module, TEMPLATE_CODE_MODULE_MM);
	qr_free(&qr);
	return ok && link_code(&c, err);
}

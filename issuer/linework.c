#include "issuer/linework.h"

#include "issuer/guilloche.h"

#define KAPPA 0.5523 /* handle of a Bezier quarter circle */

struct canvas {
	HPDF_Page page;
	double height; /* mm */
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
	return (HPDF_REAL)((c->height - y_mm) * POINTS_PER_MM);
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
	const struct template_colour *fill = &frame->fill;
	if (frame->filled)
		HPDF_Page_SetRGBFill(
		    c->page, (HPDF_REAL)fill->r, (HPDF_REAL)fill->g, (HPDF_REAL)fill->b);
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

static struct pdf_object *
draw_form(struct pdf_doc *doc, const struct template_page *page)
{
	const struct canvas c = { pdf_doc_page(doc), page->height };
	const HPDF_Rect all = { 0, 0, across(page->width), across(page->height) };
	struct pdf_object *form = pdf_form_begin(doc, all);

	for (size_t i = 0; i < page->guilloche_count; i++)
		guilloche_draw(doc, &page->guilloches[i], page->height);
	for (size_t i = 0; i < page->frame_count; i++)
		draw_frame(&c, &page->frames[i]);
	for (size_t i = 0; i < page->line_count; i++)
		draw_line(&c, &page->lines[i]);
	pdf_form_end(doc);
	return form;
}

bool
linework_draw(struct pdf_stencil **out, const struct template_page *page, struct err *err)
{
	struct pdf_doc *doc = NULL; /* a place to draw in, which nobody will see */

	*out = NULL;
	bool ok = pdf_doc_new(&doc, err) &&
	    pdf_doc_add_page(doc, across(page->width), across(page->height), err) &&
	    pdf_stencil_new(out, doc, draw_form(doc, page), err) && pdf_doc_good(doc, err);
	pdf_doc_free(doc);
	return ok;
}

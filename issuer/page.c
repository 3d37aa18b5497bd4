#include "issuer/page.h"

#include "issuer/layout.h"
#include "issuer/pdf_stencil.h"
#include "issuer/qr.h"

#include <math.h>
#include <stdio.h>

#define EM_RISE 0.88 /* of the em box above the baseline: hanzi and Latin capitals look centred */

struct canvas {
	struct pdf_doc *doc;
	HPDF_Page page;
	const struct template_page *layout;
	const struct font_set *set;
	struct pdf_fonts *fonts;
	const struct pdf_input *in;
	double
	    bottom; /* mm: where the last line of the text before ends; of one not drawn, the page */
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
	return (HPDF_REAL)((c->layout->height - y_mm) * POINTS_PER_MM);
}

static void
set_fill(const struct canvas *c, const struct template_colour *k)
{
	HPDF_Page_SetRGBFill(c->page, (HPDF_REAL)k->r, (HPDF_REAL)k->g, (HPDF_REAL)k->b);
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
	if (text->when && !field_text(c->in, text->when)) {
		c->bottom = c->layout->height;
		return true;
	}
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

/* Over seven tenths of the diagonal, from the bottom left to the top right. */
static bool
draw_mark(const struct canvas *c, struct err *err)
{
	const double w = c->layout->width, h = c->layout->height, reach = 0.7 * hypot(w, h);
	const struct template_colour light = { 0.93, 0.85, 0.82 };
	/* Type of a size that any text fits; the width it takes tells the size wanted. */
	const struct template_text ruler = { .box = { 0, 0, 1e6, 1e3 },
		.style = FONT_KAI_BOLD,
		.size = 100,
		.min_size = 100,
		.leading = 1 };
	struct layout line;

	if (!layout_fit(&line, c->set, &ruler, span_text(c->in->mark), err))
		return false;
	const double size = ruler.size * reach * POINTS_PER_MM / line.lines[0].width;
	const double along = reach / 2, across_em = (EM_RISE - 0.5) * size / POINTS_PER_MM;
	const double cosine = w / hypot(w, h), sine = h / hypot(w, h);
	set_fill(c, &light);
	HPDF_Page_BeginText(c->page);
	HPDF_Page_SetCharSpace(c->page, 0);
	HPDF_Page_SetTextMatrix(c->page, (HPDF_REAL)cosine, (HPDF_REAL)sine, (HPDF_REAL)-sine,
	    (HPDF_REAL)cosine, across(w / 2 - along * cosine + across_em * sine),
	    up(c, h / 2 + along * sine + across_em * cosine));
	bool ok = pdf_fonts_show(c->fonts, ruler.style, size, span_text(c->in->mark), err);
	HPDF_Page_EndText(c->page);
	return ok;
}

/* The modules in one path, so that no seam shows between them. */
static struct pdf_object *
modules_form(struct pdf_doc *doc, const struct qr *qr)
{
	const HPDF_Rect box = { 0, 0, (HPDF_REAL)qr->width, (HPDF_REAL)qr->width };
	struct pdf_object *form = pdf_form_begin(doc, box);

	for (size_t i = 0; i < qr->count; i++) {
		const struct qr_rect *r = &qr->rects[i];
		pdf_rectangle(doc, r->x, r->y, r->w, r->h);
	}
	pdf_fill(doc);
	pdf_form_end(doc);
	return form;
}

static bool
make_code(struct page_code *out, struct pdf_doc *doc, struct span text, struct err *err)
{
	struct qr qr = { 0 };

	if (!qr_encode(&qr, text, err))
		return false;
	*out = (struct page_code){ qr.width, modules_form(doc, &qr) };
	qr_free(&qr);
	return true;
}

/* On a white ground: the quiet zone. */
static void
place_code(const struct canvas *c, const struct page_code *code, double module)
{
	const struct template_box *box = &c->layout->code;
	const struct template_colour white = { 1, 1, 1 }, black = { 0, 0, 0 };
	const double quiet = QR_QUIET_MODULES * module;

	set_fill(c, &white);
	HPDF_Page_Rectangle(
	    c->page, across(box->x), up(c, box->y + box->h), across(box->w), across(box->h));
	HPDF_Page_Fill(c->page);
	set_fill(c, &black);
	HPDF_Page_GSave(c->page);
	HPDF_Page_Concat(c->page, across(module), 0, 0, -across(module), across(box->x + quiet),
	    up(c, box->y + quiet));
	pdf_form_draw(c->doc, code->form);
	HPDF_Page_GRestore(c->page);
}

static bool
link_code(const struct canvas *c, struct err *err)
{
	const struct template_box *box = &c->layout->code;
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
draw_code(const struct canvas *c, struct page_code *code, struct err *err)
{
	const double side = c->layout->code.w;

	if (!code->form && !make_code(code, c->doc, c->in->qr_text, err))
		return false;
	const double module = side / (code->width + 2 * QR_QUIET_MODULES);
	if (module < TEMPLATE_CODE_MODULE_MM)
		return err_set(err, ERR_REFUSED,
		    "a code of %d modules in %g mm is too fine: %.2f mm a module, %.2f mm needed",
		    code->width, side, module, TEMPLATE_CODE_MODULE_MM);
	place_code(c, code, module);
	return link_code(c, err);
}

bool
page_draw(struct pdf_doc *doc, const struct template_page *layout, const struct font_set *set,
    struct pdf_fonts *fonts, const struct pdf_input *in, struct page_code *code, struct err *err)
{
	if (!pdf_doc_add_page(
		doc, layout->width * POINTS_PER_MM, layout->height * POINTS_PER_MM, err))
		return false;
	struct canvas c = { .doc = doc,
		.page = pdf_doc_page(doc),
		.layout = layout,
		.set = set,
		.fonts = fonts,
		.in = in };
	pdf_fonts_use(fonts);
	pdf_form_draw(doc, pdf_stencil_form(doc, layout->linework));
	if (in->mark && !draw_mark(&c, err))
		return false;
	for (size_t i = 0; i < layout->text_count; i++)
		if (!draw_text(&c, &layout->texts[i], err))
			return false;
	return in->qr_text.len == 0 || draw_code(&c, code, err);
}

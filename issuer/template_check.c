#include "issuer/template_check.h"

#include "issuer/clearance.h"
#include "issuer/layout.h"
#include "issuer/legibility.h"
#include "issuer/page.h"
#include "issuer/qr.h"
#include "issuer/specimen.h"

#include <math.h>

/* One page in question, with a specimen to print on it. */
struct sheet {
	const struct template_question *q;
	const struct template_page *page;
	size_t number; /* from 1 */
	struct defects *out;
};

/* "grade-a.json, page 2, text holder_zh" */
static struct defect_path
at_text(const struct sheet *s, const struct template_text *text)
{
	return defect_path("%s, page %zu, text %s", s->q->file, s->number, text->name);
}

static struct defect_path
at_code(const struct sheet *s)
{
	return defect_path("%s, page %zu, code", s->q->file, s->number);
}

/* ---- texts and their boxes ---- */

/* What stands between the fields; false if it cannot be drawn, whatever room there is. */
static bool
check_glyphs(const struct sheet *s, const struct template_text *text)
{
	const char *at = text->text;

	while (*at != '\0') {
		size_t len = strcspn(at, "{");
		struct err why = { 0 };
		if (!font_covers(pdf_maker_fonts(s->q->maker), span_of(at, len), &why)) {
			defects_add(s->out, "LAY-03", SEVERITY_ERROR, at_text(s, text).text,
			    "有字体画不出的字（%s）：换一个字",
			    "a character that no font can draw (%s): write another", why.text);
			return false;
		}
		at += len;
		at += strcspn(at, "}");
		at += *at == '}';
	}
	return true;
}

static void
say_no_room(const struct sheet *s, const struct template_text *text, enum specimen_kind kind,
    const struct err *why)
{
	if (kind == SPECIMEN_LONGEST)
		defects_add(s->out, "LAY-02", SEVERITY_ERROR, at_text(s, text).text,
		    "最长的样张放不下（%s）：加大 box 或减小 min_size",
		    "the longest specimen does not fit (%s): a larger box, or a smaller min_size",
		    why->text);
	else
		defects_add(s->out, "LAY-02", SEVERITY_ERROR, at_text(s, text).text,
		    "最短的样张印不出（%s）：可以没有的栏目，用 when 写明",
		    "the shortest specimen cannot be printed (%s): say with \"when\" which field "
		    "may be missing",
		    why->text);
}

static void
check_fit(const struct sheet *s, const struct template_text *text, const struct specimen *specimen,
    enum specimen_kind kind)
{
	const struct pdf_input in = {
		.layout = s->q->layout, .face = &specimen->face, .check_code = specimen->check_code
	};
	struct buf filled = BUF_EMPTY;
	struct layout fitted;
	struct err why = { 0 };

	if (text->when && !face_find(&specimen->face, text->when))
		return;
	if (!page_fill_in(&filled, &in, text->text, &why) ||
	    !layout_fit(&fitted, pdf_maker_fonts(s->q->maker), text, buf_span(&filled), &why))
		say_no_room(s, text, kind, &why);
	buf_free(&filled);
}

static void
check_room(const struct sheet *s, const struct specimen specimens[SPECIMEN_KINDS])
{
	for (size_t i = 0; i < s->page->text_count; i++) {
		const struct template_text *text = &s->page->texts[i];
		if (!check_glyphs(s, text))
			continue;
		check_fit(s, text, &specimens[SPECIMEN_LONGEST], SPECIMEN_LONGEST);
		check_fit(s, text, &specimens[SPECIMEN_SHORTEST], SPECIMEN_SHORTEST);
	}
}

/* How far from the nearest edge of the page. */
static double
from_edge(const struct template_page *page, const struct template_box *box)
{
	double x = page->width - box->x - box->w, y = page->height - box->y - box->h;
	double least = box->x < box->y ? box->x : box->y;

	least = x < least ? x : least;
	return y < least ? y : least;
}

static void
check_edges(const struct sheet *s)
{
	for (size_t i = 0; i < s->page->text_count; i++) {
		const struct template_text *text = &s->page->texts[i];
		const double mm = from_edge(s->page, &text->reach);
		if (mm < TEMPLATE_TEXT_EDGE_MM)
			defects_add(s->out, "LAY-06", SEVERITY_ERROR, at_text(s, text).text,
			    "离纸边 %.1f 毫米，至少须 %.0f 毫米：打印机印不到纸边",
			    "%.1f mm from the edge of the page, and printers do not print there: "
			    "%.0f mm at least",
			    mm, TEMPLATE_TEXT_EDGE_MM);
	}
	const double mm = from_edge(s->page, &s->page->code);
	if (mm < TEMPLATE_CODE_EDGE_MM)
		defects_add(s->out, "LAY-06", SEVERITY_ERROR, at_code(s).text,
		    "离纸边 %.1f 毫米，至少须 %.0f 毫米：打印机印不到纸边",
		    "%.1f mm from the edge of the page, and printers do not print there: %.0f mm "
		    "at least",
		    mm, TEMPLATE_CODE_EDGE_MM);
}

static void
check_overlaps(const struct sheet *s)
{
	for (size_t i = 0; i < s->page->text_count; i++)
		for (size_t k = i + 1; k < s->page->text_count; k++) {
			const struct template_text *a = &s->page->texts[i], *b = a + (k - i);
			if (b->below && k == i + 1) /* it begins where a ends */
				continue;
			if (clearance_box(&a->reach, &b->reach))
				defects_add(s->out, "LAY-07", SEVERITY_ERROR, at_text(s, b).text,
				    "与“%s”的位置重叠：移动一个，或改小 box",
				    "overlaps with \"%s\": move one, or make its box smaller",
				    a->name);
		}
}

/* ---- what people read ---- */

static void
say_faint(const struct sheet *s, const struct template_text *text, double contrast, double least)
{
	defects_add(s->out, "LAY-11", SEVERITY_ERROR, at_text(s, text).text,
	    "看不清：颜色与底色或者底纹的对比度为 %.1f，至少须 %.1f",
	    "hard to see: its colour has a contrast of %.1f with what is under it, and must have "
	    "%.1f",
	    floor(contrast * 10) / 10, least);
}

static void
check_seen(const struct sheet *s)
{
	for (size_t i = 0; i < s->page->text_count; i++) {
		const struct template_text *text = &s->page->texts[i];
		const struct legibility l = legibility_of(s->page, text);
		const double contrast = fmin(l.ground, l.strokes);
		if (contrast < LEGIBLE_CONTRAST)
			say_faint(s, text, contrast, LEGIBLE_CONTRAST);
		if (l.crossed)
			defects_add(s->out, "LAY-11", SEVERITY_ERROR, at_text(s, text).text,
			    "%s %zu 穿过这段文字的位置：移动一个，或改小 box",
			    "%s %zu runs through its place: move one, or make its box smaller",
			    l.crossed, l.number);
	}
}

/* The text by which people read a field: the first that is large and dark enough, or the first that prints it. */
static const struct template_text *
best_of(const struct template_page *page, const char *field)
{
	const struct template_text *first = NULL;

	for (size_t i = 0; i < page->text_count; i++) {
		const struct template_text *text = &page->texts[i];
		if (!template_text_prints(text, field))
			continue;
		if (text->min_size >= LEGIBLE_NEEDED_POINTS &&
		    legibility_of(page, text).ground >= LEGIBLE_NEEDED_CONTRAST)
			return text;
		first = first ? first : text;
	}
	return first;
}

static void
check_needed(const struct sheet *s)
{
	const char *field;

	for (size_t i = 0; (field = template_needed(s->number - 1, i)); i++) {
		const struct template_text *text = best_of(s->page, field);
		const double contrast = legibility_of(s->page, text).ground;
		if (text->min_size < LEGIBLE_NEEDED_POINTS)
			defects_add(s->out, "LAY-11", SEVERITY_ERROR, at_text(s, text).text,
			    "必印栏目 %s 的 min_size 至少须 %.0f 磅",
			    "the field %s must be printed, with a min_size of %.0f points or more",
			    field, LEGIBLE_NEEDED_POINTS);
		if (contrast >= LEGIBLE_CONTRAST && contrast < LEGIBLE_NEEDED_CONTRAST)
			say_faint(s, text, contrast, LEGIBLE_NEEDED_CONTRAST);
	}
}

/* ---- the code ---- */

static bool
check_fineness(const struct sheet *s, const struct specimen *specimen, struct err *err)
{
	struct qr qr = { 0 };

	if (!qr_encode(&qr, buf_span(&specimen->qr_text), err))
		return false;
	const int modules = qr.width + 2 * QR_QUIET_MODULES;
	const double mm = s->page->code.w / modules;
	qr_free(&qr);
	if (mm < TEMPLATE_CODE_MODULE_MM)
		defects_add(s->out, "LAY-04", SEVERITY_ERROR, at_code(s).text,
		    "最长的码每格只有 %.3f 毫米，至少须 %.2f 毫米：边长改为 %.1f 毫米以上",
		    "a module of the longest code has %.3f mm, and must have %.2f mm: a square of "
		    "%.1f mm or more",
		    mm, TEMPLATE_CODE_MODULE_MM, modules * TEMPLATE_CODE_MODULE_MM);
	return true;
}

static void
say_not_clear(const struct sheet *s, const char *kind, size_t number)
{
	defects_add(s->out, "LAY-05", SEVERITY_ERROR, at_code(s).text,
	    "%s %zu 伸进了码的方框，那里须留白：移开",
	    "%s %zu reaches into the square of the code, which must stay white: move it", kind,
	    number);
}

static void
check_quiet_zone(const struct sheet *s)
{
	const struct template_page *p = s->page;

	for (size_t i = 0; i < p->guilloche_count; i++)
		if (clearance_guilloche(&p->guilloches[i], &p->code))
			say_not_clear(s, "guilloche", i + 1);
	for (size_t i = 0; i < p->frame_count; i++)
		if (clearance_frame(&p->frames[i], &p->code))
			say_not_clear(s, "frame", i + 1);
	for (size_t i = 0; i < p->line_count; i++)
		if (clearance_line(&p->lines[i], &p->code))
			say_not_clear(s, "line", i + 1);
	for (size_t i = 0; i < p->text_count; i++)
		if (clearance_box(&p->texts[i].reach, &p->code))
			defects_add(s->out, "LAY-05", SEVERITY_ERROR, at_text(s, &p->texts[i]).text,
			    "伸进了码的方框，那里须留白：移开",
			    "it reaches into the square of the code, which must stay white: move "
			    "it");
}

/* ---- */

static bool
check_page(const struct sheet *s, const struct specimen specimens[SPECIMEN_KINDS], struct err *err)
{
	check_room(s, specimens);
	check_edges(s);
	check_overlaps(s);
	check_seen(s);
	check_needed(s);
	check_quiet_zone(s);
	return check_fineness(s, &specimens[SPECIMEN_LONGEST], err);
}

/* It has no "when": every certificate must have its fields. */
static void
check_title(struct defects *out, const struct template_question *q, const struct specimen *shortest)
{
	const struct pdf_input in = {
		.layout = q->layout, .face = &shortest->face, .check_code = shortest->check_code
	};
	struct buf filled = BUF_EMPTY;
	struct err why = { 0 };

	if (!page_fill_in(&filled, &in, q->layout->title, &why))
		defects_add(out, "LAY-02", SEVERITY_ERROR, defect_path("%s, title", q->file).text,
		    "最短的样张印不出（%s）：标题只用每份证书都有的栏目",
		    "the shortest specimen cannot be printed (%s): in a title, fields that every "
		    "certificate has",
		    why.text);
	buf_free(&filled);
}

bool
template_check(struct defects *out, const struct template_question *q, struct err *err)
{
	struct specimen specimens[SPECIMEN_KINDS] = { 0 };
	bool ok = true;

	for (enum specimen_kind kind = SPECIMEN_USUAL; ok && kind < SPECIMEN_KINDS; kind++)
		ok = specimen_make(&specimens[kind], kind, q->grade, err);
	if (ok)
		check_title(out, q, &specimens[SPECIMEN_SHORTEST]);
	for (size_t i = 0; ok && i < q->layout->page_count; i++) {
		const struct sheet s = { q, &q->layout->pages[i], i + 1, out };
		ok = check_page(&s, specimens, err);
	}
	for (enum specimen_kind kind = SPECIMEN_USUAL; kind < SPECIMEN_KINDS; kind++)
		specimen_free(&specimens[kind]);
	return ok && defects_ok(out, err);
}

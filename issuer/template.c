#include "issuer/template.h"

#include "core/limits.h"
#include "credential/sha256.h"
#include "issuer/face.h"
#include "issuer/linework.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ITEMS 100   /* of one kind on a page */
#define MAX_STRANDS 100 /* of one guilloche, and its lobes: bounds the drawing */

/* What no certificate may fail to print, if the face has it: any page these, */
static const char *const PRINTED_ANYWHERE[] = { "number", "check_code", "holder_zh",
	"valid_from_zh", "valid_until_zh", "authority_zh", "demonstration" };
/* and the first page these as well. */
static const char *const PRINTED_FIRST[] = { "holder_en", "uscc", "legal_representative", "address",
	"grade_zh", "scopes_zh", "version", "issued_on_zh", "host", "contact" };

/* What is being read: a page, and the styles of its texts. */
struct reader {
	struct template_page *page;
	json_t *json, *styles;
};

static bool
unpack_failed(const json_error_t *e, struct err *err)
{
	return err_set(err, ERR_MALFORMED, "%s", e->text);
}

static bool
parse_colour(struct template_colour *out, const char *text, struct err *err)
{
	char *end = NULL;
	if (text[0] != '#' || strlen(text) != 7 || strspn(text + 1, "0123456789abcdef") != 6)
		return err_set(err, ERR_MALFORMED, "'%s' is no colour: #rrggbb", text);
	unsigned long rgb = strtoul(text + 1, &end, 16);
	*out = (struct template_colour){ (double)(rgb >> 16) / 255, (double)(rgb >> 8 & 255) / 255,
		(double)(rgb & 255) / 255 };
	return true;
}

static bool
check_box(const struct template_page *p, const struct template_box *box, struct err *err)
{
	if (!(box->x >= 0 && box->y >= 0 && box->w > 0 && box->h > 0 &&
		box->x + box->w <= p->width && box->y + box->h <= p->height))
		return err_set(err, ERR_REFUSED, "its box is not on the page");
	return true;
}

static bool
check_within(const char *what, double value, double least, double most, struct err *err)
{
	if (!(value >= least && value <= most))
		return err_set(
		    err, ERR_REFUSED, "%s %g is not from %g to %g", what, value, least, most);
	return true;
}

static bool
parse_line(const struct reader *r, void *item, json_t *json, struct err *err)
{
	struct template_line *line = item;
	const char *colour = NULL;
	json_error_t e;
	if (json_unpack_ex(json, &e, JSON_STRICT, "{s:[F,F], s:[F,F], s:F, s:s}", "from", &line->x1,
		&line->y1, "to", &line->x2, &line->y2, "width", &line->width, "colour",
		&colour) != 0)
		return unpack_failed(&e, err);
	return check_within("x", line->x1, 0, r->page->width, err) &&
	    check_within("x", line->x2, 0, r->page->width, err) &&
	    check_within("y", line->y1, 0, r->page->height, err) &&
	    check_within("y", line->y2, 0, r->page->height, err) &&
	    check_within("width", line->width, 0.05, 20, err) &&
	    parse_colour(&line->colour, colour, err);
}

static bool
parse_frame(const struct reader *r, void *item, json_t *json, struct err *err)
{
	struct template_frame *frame = item;
	struct template_box *box = &frame->box;
	const char *colour = NULL, *fill = NULL;
	json_error_t e;
	if (json_unpack_ex(json, &e, JSON_STRICT, "{s:[F,F,F,F], s?F, s?F, s?s, s?s}", "box",
		&box->x, &box->y, &box->w, &box->h, "radius", &frame->radius, "width",
		&frame->width, "colour", &colour, "fill", &fill) != 0)
		return unpack_failed(&e, err);
	frame->filled = fill != NULL;
	if ((colour != NULL) != (frame->width > 0) || (!colour && !fill))
		return err_set(
		    err, ERR_REFUSED, "a frame has width and colour, or a fill, or all three");
	return check_box(r->page, box, err) && check_within("width", frame->width, 0, 20, err) &&
	    check_within(
		"radius", frame->radius, 0, (box->w < box->h ? box->w : box->h) / 2, err) &&
	    (!colour || parse_colour(&frame->colour, colour, err)) &&
	    (!fill || parse_colour(&frame->fill, fill, err));
}

static bool
parse_guilloche(const struct reader *r, void *item, json_t *json, struct err *err)
{
	struct template_guilloche *g = item;
	struct template_box *box = &g->box;
	const char *colour[2] = { NULL, NULL };
	json_error_t e;
	int failed;

	g->rosette = json_object_get(json, "centre") != NULL;
	if (g->rosette)
		failed = json_unpack_ex(json, &e, JSON_STRICT,
		    "{s:[F,F], s:[F,F], s:i, s:[F,F], s:[F,F], s:i, s:F, s:[s,s]}", "centre",
		    &g->centre_x, &g->centre_y, "radius", &g->radius[0], &g->radius[1], "lobes",
		    &g->lobes, "amplitude", &g->amplitude[0], &g->amplitude[1], "phase",
		    &g->phase[0], &g->phase[1], "strands", &g->strands, "width", &g->width,
		    "colours", &colour[0], &colour[1]);
	else
		failed = json_unpack_ex(json, &e, JSON_STRICT,
		    "{s:[F,F,F,F], s:F, s:F, s:[F,F], s:[F,F], s:i, s:F, s:[s,s]}", "border",
		    &box->x, &box->y, &box->w, &box->h, "corner", &g->corner, "period", &g->period,
		    "amplitude", &g->amplitude[0], &g->amplitude[1], "phase", &g->phase[0],
		    &g->phase[1], "strands", &g->strands, "width", &g->width, "colours", &colour[0],
		    &colour[1]);
	if (failed)
		return unpack_failed(&e, err);
	double shorter = box->w < box->h ? box->w : box->h;
	return (g->rosette ? check_within("lobes", g->lobes, 2, MAX_STRANDS, err) &&
			   check_within("x", g->centre_x, 0, r->page->width, err) &&
			   check_within("y", g->centre_y, 0, r->page->height, err) &&
			   check_within("radius", g->radius[0], 0, r->page->width, err) &&
			   check_within("radius", g->radius[1], 0, r->page->width, err)
			   : check_box(r->page, box, err) &&
			   check_within("corner", g->corner, 1, shorter / 2 - 1, err) &&
			   check_within("period", g->period, 1, shorter, err)) &&
	    check_within("strands", g->strands, 1, MAX_STRANDS, err) &&
	    check_within("width", g->width, 0.05, 5, err) &&
	    parse_colour(&g->colour[0], colour[0], err) &&
	    parse_colour(&g->colour[1], colour[1], err);
}

/* The place of a name in a list of three. */
static bool
parse_choice(unsigned *out, const char *const names[3], const char *name, struct err *err)
{
	for (unsigned i = 0; i < 3; i++)
		if (strcmp(names[i], name) == 0) {
			*out = i;
			return true;
		}
	return err_set(
	    err, ERR_MALFORMED, "'%s' is none of %s, %s, %s", name, names[0], names[1], names[2]);
}

static bool
parse_place(struct template_text *text, const char *align, const char *anchor, struct err *err)
{
	static const char *const ALIGNS[] = { "left", "centre", "right" };
	static const char *const ANCHORS[] = { "top", "middle", "bottom" };
	unsigned i = 0, k = 0;
	if (!parse_choice(&i, ALIGNS, align, err) || !parse_choice(&k, ANCHORS, anchor, err))
		return false;
	text->align = (enum template_align)i;
	text->anchor = (enum template_anchor)k;
	return true;
}

static bool
parse_style(struct template_text *text, const char *name, json_t *styles, struct err *err)
{
	json_t *json = json_object_get(styles, name);
	const char *face = NULL, *colour = NULL;
	json_error_t e;
	if (!json)
		return err_set(err, ERR_MALFORMED, "there is no style '%s'", name);
	if (json_unpack_ex(json, &e, JSON_STRICT, "{s:s, s:F, s:F, s:F, s?F, s:s}", "face", &face,
		"size", &text->size, "min_size", &text->min_size, "leading", &text->leading,
		"tracking", &text->tracking, "colour", &colour) != 0)
		return unpack_failed(&e, err);
	if (!font_style_find(&text->style, face))
		return err_set(err, ERR_MALFORMED, "there is no face '%s'", face);
	return check_within("min_size", text->min_size, 4, text->size, err) &&
	    check_within("size", text->size, 4, 200, err) &&
	    check_within("leading", text->leading, 0.8, 4, err) &&
	    check_within("tracking", text->tracking, -0.1, 2, err) &&
	    parse_colour(&text->colour, colour, err);
}

/* The name inside the next {...} at or behind *at; false if there is none. */
static bool
next_field(char out[32], const char **at)
{
	const char *open = strchr(*at, '{');
	const char *close = open ? strchr(open, '}') : NULL;
	if (!close || (size_t)(close - open) > 32)
		return false;
	memcpy(out, open + 1, (size_t)(close - open) - 1);
	out[close - open - 1] = '\0';
	*at = close + 1;
	return true;
}

static bool
check_fields(const char *text, struct err *err)
{
	char name[32];
	for (const char *at = text; strchr(at, '{');) {
		if (!next_field(name, &at))
			return err_set(err, ERR_REFUSED, "a '{' has no field behind it");
		if (!face_knows(name) && strcmp(name, "check_code") != 0)
			return err_set(err, ERR_REFUSED, "there is no field '%s'", name);
	}
	return true;
}

static bool
parse_text(const struct reader *r, void *item, json_t *json, struct err *err)
{
	struct template_text *text = item;
	struct template_box *box = &text->box;
	const char *style = NULL, *align = "left", *anchor = "top";
	int below = 0, items = 0;
	json_error_t e;
	if (json_unpack_ex(json, &e, JSON_STRICT,
		"{s:s, s:s, s?s, s:[F,F,F,F], s:s, s?s, s?s, s?b, s?b}", "name", &text->name,
		"text", &text->text, "when", &text->when, "box", &box->x, &box->y, &box->w, &box->h,
		"style", &style, "align", &align, "anchor", &anchor, "below", &below, "items",
		&items) != 0)
		return unpack_failed(&e, err);
	text->below = below != 0;
	text->items = items != 0;
	if (text->when && !face_knows(text->when))
		err_set(err, ERR_REFUSED, "there is no field '%s'", text->when);
	else if (check_box(r->page, box, err) && parse_place(text, align, anchor, err) &&
	    parse_style(text, style, r->styles, err) && check_fields(text->text, err))
		return true;
	return err_in(err, "text %s", text->name);
}

/* Read one list of the page into a new array of items of `size` bytes; NULL on failure. */
static void *
parse_list(const struct reader *r, size_t *count, size_t size, const char *key,
    bool (*parse)(const struct reader *, void *, json_t *, struct err *), struct err *err)
{
	json_t *list = json_object_get(r->json, key);
	size_t n = json_array_size(list);
	if (!json_is_array(list) || n > MAX_ITEMS) {
		err_set(err, ERR_MALFORMED, "%s is no list of at most %d items", key, MAX_ITEMS);
		return NULL;
	}
	char *items = calloc(n + 1, size);
	if (!items)
		err_set(err, ERR_MEMORY, "out of memory");
	for (*count = 0; items && *count < n; (*count)++)
		if (!parse(r, items + *count * size, json_array_get(list, *count), err)) {
			err_in(err, "%s, item %zu", key, *count + 1);
			free(items);
			items = NULL;
		}
	return items;
}

static bool
parse_lists(const struct reader *r, struct err *err)
{
	struct template_page *p = r->page;
	p->guilloches = parse_list(
	    r, &p->guilloche_count, sizeof *p->guilloches, "guilloches", parse_guilloche, err);
	if (!p->guilloches)
		return false;
	p->frames = parse_list(r, &p->frame_count, sizeof *p->frames, "frames", parse_frame, err);
	if (!p->frames)
		return false;
	p->lines = parse_list(r, &p->line_count, sizeof *p->lines, "lines", parse_line, err);
	if (!p->lines)
		return false;
	p->texts = parse_list(r, &p->text_count, sizeof *p->texts, "texts", parse_text, err);
	return p->texts != NULL;
}

static bool
prints(const struct template_page *p, const char *field)
{
	char name[32];
	for (size_t i = 0; i < p->text_count; i++)
		for (const char *at = p->texts[i].text; next_field(name, &at);)
			if (strcmp(name, field) == 0 &&
			    (!p->texts[i].when || strcmp(p->texts[i].when, field) == 0))
				return true;
	return false;
}

static bool
check_printed(const struct template_page *p, const char *const *fields, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (!prints(p, fields[i]))
			return err_set(
			    err, ERR_REFUSED, "it does not print the field %s", fields[i]);
	return true;
}

static bool
parse_page(const struct reader *r, struct err *err)
{
	struct template_page *p = r->page;
	json_t *ignored = NULL;
	json_error_t e;
	if (json_unpack_ex(r->json, &e, JSON_STRICT, "{s:[F,F], s:[F,F,F], s:o, s:o, s:o, s:o}",
		"size", &p->width, &p->height, "code", &p->code.x, &p->code.y, &p->code.w, "texts",
		&ignored, "lines", &ignored, "frames", &ignored, "guilloches", &ignored) != 0)
		return unpack_failed(&e, err);
	p->code.h = p->code.w;
	return check_within("width", p->width, 50, 1000, err) &&
	    check_within("height", p->height, 50, 1000, err) &&
	    (check_box(p, &p->code, err) || err_in(err, "code")) && parse_lists(r, err) &&
	    check_printed(
		p, PRINTED_ANYWHERE, sizeof PRINTED_ANYWHERE / sizeof *PRINTED_ANYWHERE, err) &&
	    linework_draw(&p->linework, p, err);
}

static bool
parse_all(struct template *t, struct err *err)
{
	json_t *styles = NULL, *pages = NULL;
	json_error_t e;
	if (json_unpack_ex(t->json, &e, JSON_STRICT, "{s:s, s:s, s:o, s:o}", "id", &t->id, "title",
		&t->title, "styles", &styles, "pages", &pages) != 0)
		return unpack_failed(&e, err);
	size_t n = json_array_size(pages);
	if (n < 1 || n > TEMPLATE_PAGES)
		return err_set(
		    err, ERR_MALFORMED, "pages is no list of 1 to %d pages", TEMPLATE_PAGES);
	if (!check_fields(t->title, err))
		return err_in(err, "title");
	while (t->page_count < n) {
		const struct reader r = { &t->pages[t->page_count],
			json_array_get(pages, t->page_count), styles };
		t->page_count++;
		if (!parse_page(&r, err))
			return err_in(err, "page %zu", t->page_count);
	}
	return check_printed(&t->pages[0], PRINTED_FIRST,
		   sizeof PRINTED_FIRST / sizeof *PRINTED_FIRST, err) ||
	    err_in(err, "page 1");
}

bool
template_parse(struct template **out, struct span json, struct err *err)
{
	json_error_t e;
	if (json.len > LIMIT_JSON_BYTES)
		return err_set(err, ERR_LIMIT, "the template is %zu bytes; the longest is %u",
		    json.len, LIMIT_JSON_BYTES);
	struct template *t = calloc(1, sizeof *t);
	if (!t)
		return err_set(err, ERR_MEMORY, "out of memory");
	sha256(t->sha256, json);
	t->json = json_loadb((const char *)json.ptr, json.len, JSON_REJECT_DUPLICATES, &e);
	if (!t->json)
		err_set(err, ERR_MALFORMED, "line %d: %s", e.line, e.text);
	else if (parse_all(t, err)) {
		*out = t;
		return true;
	}
	err_in(err, "template %s", t->id ? t->id : "");
	template_free(t);
	return false;
}

void
template_free(struct template *t)
{
	if (!t)
		return;
	for (struct template_page *p = t->pages; p < t->pages + t->page_count; p++) {
		free(p->guilloches);
		free(p->frames);
		free(p->lines);
		free(p->texts);
		pdf_stencil_free(p->linework);
	}
	json_decref(t->json);
	free(t);
}

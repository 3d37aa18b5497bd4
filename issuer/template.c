#include "issuer/template.h"

#include "core/limits.h"
#include "core/text.h"
#include "credential/sha256.h"
#include "issuer/linework.h"
#include "issuer/template_parts.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ITEMS 100   /* of one kind on a page */
#define MAX_PAGE_MM 500 /* a sheet larger than A2 hangs on no wall */
#define MAX_LINE_M 2000 /* of all strands of a layout: a rich one has 260 */
#define TITLE_BYTES 128
#define TITLE_FIELDS 4

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

/* What no certificate may fail to print, if the face has it: any page the first of these, and the first page all. */
static const char *const NEEDED[] = { "number", "check_code", "holder_zh", "valid_from_zh",
	"valid_until_zh", "authority_zh", "demonstration", "holder_en", "uscc",
	"legal_representative", "address", "grade_zh", "scopes_zh", "version", "issued_on_zh",
	"host", "contact" };
#define NEEDED_ANYWHERE 7

/* It names files: the preview's, and the layout's in acts. */
static bool
check_id(const char *id, struct err *err)
{
	const size_t len = strlen(id);
	if (len < 1 || len > 32 || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)
		return err_set(err, ERR_REFUSED,
		    "id: it is not 1 to 32 of the characters a to z, 0 to 9 and -");
	return true;
}

/* Few fields, so that the title is short whatever they hold: a PDF's string ends at 32,767 bytes. */
static bool
check_title(const char *title, struct err *err)
{
	size_t fields = 0;
	for (const char *at = title; (at = strchr(at, '{')); at++)
		fields++;
	if (fields > TITLE_FIELDS)
		return err_set(
		    err, ERR_LIMIT, "%zu fields; at most %d are allowed", fields, TITLE_FIELDS);
	return check_words(title, TITLE_BYTES, err);
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
	return p->texts && place_texts(p, err);
}

const char *
template_needed(size_t page, size_t i)
{
	return i < (page == 0 ? COUNT_OF(NEEDED) : NEEDED_ANYWHERE) ? NEEDED[i] : NULL;
}

static bool
check_printed(const struct template_page *p, const char *field, struct err *err)
{
	for (size_t i = 0; i < p->text_count; i++)
		if (template_text_prints(&p->texts[i], field))
			return true;
	return err_set(err, ERR_REFUSED, "it does not print the field %s", field);
}

static bool
parse_page(const struct reader *r, struct err *err)
{
	struct template_page *p = r->page;
	json_t *ignored = NULL;
	const struct member members[] = {
		{ .key = "size", .number = { &p->width, &p->height } },
		{ .key = "code", .number = { &p->code.x, &p->code.y, &p->code.w } },
		{ .key = "texts", .json = &ignored },
		{ .key = "lines", .json = &ignored },
		{ .key = "frames", .json = &ignored },
		{ .key = "guilloches", .json = &ignored },
	};
	if (!read_members(r->json, members, COUNT_OF(members), err))
		return false;
	p->code.h = p->code.w;
	return check_within("width", p->width, 50, MAX_PAGE_MM, err) &&
	    check_within("height", p->height, 50, MAX_PAGE_MM, err) &&
	    (check_box(p, &p->code, err) || err_in(err, "code")) && parse_lists(r, err);
}

static bool
parse_pages(struct template *t, json_t *pages, json_t *styles, struct err *err)
{
	size_t n = json_array_size(pages);
	if (n < 1 || n > TEMPLATE_PAGES)
		return err_set(
		    err, ERR_MALFORMED, "pages is no list of 1 to %d pages", TEMPLATE_PAGES);
	while (t->page_count < n) {
		const size_t page = t->page_count++;
		const struct reader r = { &t->pages[page], json_array_get(pages, page), styles };
		const char *field;
		bool ok = parse_page(&r, err);
		for (size_t i = 0; ok && (field = template_needed(page, i)); i++)
			ok = check_printed(r.page, field, err);
		if (!ok)
			return err_in(err, "page %zu", page + 1);
	}
	return true;
}

static bool
check_cost(const struct template *t, struct err *err)
{
	double mm = 0;
	for (size_t i = 0; i < t->page_count; i++)
		mm += line_length(&t->pages[i]);
	return mm <= MAX_LINE_M * 1000 ||
	    err_set(err, ERR_LIMIT,
		"guilloches: %.0f m of line in all; at most %d m are allowed: fewer strands, lobes "
		"or periods",
		mm / 1000, MAX_LINE_M);
}

static bool
draw_pages(struct template *t, struct err *err)
{
	for (size_t i = 0; i < t->page_count; i++)
		if (!linework_draw(&t->pages[i].linework, &t->pages[i], err))
			return err_in(err, "page %zu", i + 1);
	return true;
}

static bool
parse_all(struct template *t, struct err *err)
{
	json_t *styles = NULL, *pages = NULL;
	const struct member members[] = {
		{ .key = "id", .text = &t->id },
		{ .key = "title", .text = &t->title },
		{ .key = "styles", .json = &styles },
		{ .key = "pages", .json = &pages },
	};
	return read_members(t->json, members, COUNT_OF(members), err) && check_id(t->id, err) &&
	    (check_title(t->title, err) || err_in(err, "title")) && check_styles(styles, err) &&
	    parse_pages(t, pages, styles, err) && check_cost(t, err) && draw_pages(t, err);
}

/* A sentence that quotes the file must not steer a terminal. */
static void
escape(struct err *err)
{
	struct buf text = BUF_EMPTY;
	if (!err)
		return;
	text_escape(&text, span_text(err->text));
	if (buf_text(&text))
		err_write(err, err->code, "%s", buf_text(&text));
	buf_free(&text);
}

static bool
load(struct template *t, struct span json, struct err *err)
{
	json_error_t e;
	if (json.len == 0)
		return err_set(err, ERR_MALFORMED, "the file is empty");
	t->json = json_loadb((const char *)json.ptr, json.len, JSON_REJECT_DUPLICATES, &e);
	return t->json || err_set(err, ERR_MALFORMED, "line %d: %s", e.line, e.text);
}

bool
template_parse(struct template **out, struct span json, struct err *err)
{
	if (json.len > LIMIT_JSON_BYTES)
		return err_set(err, ERR_LIMIT, "the layout is %zu bytes; the longest is %u",
		    json.len, LIMIT_JSON_BYTES);
	struct template *t = calloc(1, sizeof *t);
	if (!t)
		return err_set(err, ERR_MEMORY, "out of memory");
	sha256(t->sha256, json);
	if (load(t, json, err) && parse_all(t, err)) {
		*out = t;
		return true;
	}
	escape(err);
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

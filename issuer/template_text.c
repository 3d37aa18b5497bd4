#include "core/limits.h"
#include "core/text.h"
#include "issuer/face.h"
#include "issuer/template_parts.h"

#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))
#define NAME_CHARACTERS 64

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
read_style(struct template_text *text, const json_t *json, struct err *err)
{
	const char *face = NULL;
	const struct member members[] = {
		{ .key = "face", .text = &face },
		{ .key = "size", .number = { &text->size } },
		{ .key = "min_size", .number = { &text->min_size } },
		{ .key = "leading", .number = { &text->leading } },
		{ .key = "tracking", .optional = true, .number = { &text->tracking } },
		{ .key = "colour", .colour = { &text->colour } },
	};
	if (!read_members(json, members, COUNT_OF(members), err))
		return false;
	if (!font_style_find(&text->style, face))
		return err_set(err, ERR_MALFORMED, "there is no face '%s'", face);
	return check_within("size", text->size, 4, 200, err) &&
	    check_within("min_size", text->min_size, 4, text->size, err) &&
	    check_within("leading", text->leading, 0.8, 4, err) &&
	    check_within("tracking", text->tracking, -0.1, 2, err);
}

static bool
parse_style(struct template_text *text, const char *name, json_t *styles, struct err *err)
{
	json_t *json = json_object_get(styles, name);
	if (!json)
		return err_set(err, ERR_MALFORMED, "style: there is no style '%s'", name);
	return read_style(text, json, err) || err_in(err, "style %s", name);
}

bool
check_styles(json_t *styles, struct err *err)
{
	const char *name;
	json_t *style;
	if (!json_is_object(styles))
		return err_set(err, ERR_MALFORMED, "styles: it is no object: {...}");
	json_object_foreach(styles, name, style)
	{
		struct template_text unused = { 0 };
		if (!read_style(&unused, style, err))
			return err_in(err, "style %s", name);
	}
	return true;
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

bool
template_text_prints(const struct template_text *text, const char *field)
{
	char name[32];
	if (text->when && strcmp(text->when, field) != 0)
		return false;
	for (const char *at = text->text; next_field(name, &at);)
		if (strcmp(name, field) == 0)
			return true;
	return false;
}

bool
check_words(const char *text, size_t most, struct err *err)
{
	char name[32];
	if (!text_check_shown(span_text(text), most, err))
		return false;
	for (const char *at = text; strchr(at, '{');) {
		if (!next_field(name, &at))
			return err_set(err, ERR_REFUSED, "a '{' has no field behind it");
		if (!face_knows(name) && strcmp(name, "check_code") != 0)
			return err_set(err, ERR_REFUSED, "there is no field '%s'", name);
	}
	return true;
}

/* By its name a finding is found again: it is short, and all of it is seen. */
static bool
check_name(const struct template_text *text, struct err *err)
{
	const struct span name = span_text(text->name);
	size_t characters = 0;
	if (!text_check_shown(name, LIMIT_FIELD_BYTES, err))
		return err_in(err, "name");
	for (size_t pos = 0; text_next(name, &pos) >= 0;)
		characters++;
	if (characters > NAME_CHARACTERS)
		return err_set(err, ERR_REFUSED, "name: %zu characters; at most %d", characters,
		    NAME_CHARACTERS);
	return true;
}

static bool
check_text(const struct reader *r, struct template_text *text, struct err *err)
{
	if (text->when && !face_knows(text->when))
		return err_set(err, ERR_REFUSED, "when: there is no field '%s'", text->when);
	return check_box(r->page, &text->box, err) &&
	    (check_words(text->text, LIMIT_FIELD_BYTES, err) || err_in(err, "text"));
}

bool
parse_text(const struct reader *r, void *item, json_t *json, struct err *err)
{
	struct template_text *text = item;
	struct template_box *box = &text->box;
	const char *style = NULL, *align = "left", *anchor = "top";
	const struct member members[] = {
		{ .key = "name", .text = &text->name },
		{ .key = "text", .text = &text->text },
		{ .key = "when", .optional = true, .text = &text->when },
		{ .key = "box", .number = { &box->x, &box->y, &box->w, &box->h } },
		{ .key = "style", .text = &style },
		{ .key = "align", .optional = true, .text = &align },
		{ .key = "anchor", .optional = true, .text = &anchor },
		{ .key = "below", .optional = true, .flag = &text->below },
		{ .key = "items", .optional = true, .flag = &text->items },
	};
	if (!read_members(json, members, COUNT_OF(members), err) || !check_name(text, err))
		return false;
	return (check_text(r, text, err) && parse_place(text, align, anchor, err) &&
		   parse_style(text, style, r->styles, err)) ||
	    err_in(err, "text %s", text->name);
}

static bool
check_unique(const struct template_page *p, const struct template_text *text, struct err *err)
{
	for (const struct template_text *t = p->texts; t < text; t++)
		if (strcmp(t->name, text->name) == 0)
			return err_set(err, ERR_REFUSED, "another text has the same name");
	return true;
}

/*
 * It may move up to where the text before it ends; so both are of one column, and neither leaves what their two
 * places cover together.
 */
static bool
place_below(struct template_text *text, bool first, struct err *err)
{
	const struct template_text *above = text - 1;
	const struct template_box *box = &text->box;
	if (first)
		return err_set(err, ERR_REFUSED, "below: there is no text before it");
	if (above->below)
		return err_set(err, ERR_REFUSED, "below: the text before it, %s, is itself below",
		    above->name);
	if (above->box.x != box->x || above->box.w != box->w)
		return err_set(err, ERR_REFUSED,
		    "below: the text before it, %s, has another x or width", above->name);
	if (above->box.y + above->box.h > box->y)
		return err_set(err, ERR_REFUSED,
		    "below: the box of the text before it, %s, does not end above its own",
		    above->name);
	text->reach.y = above->box.y;
	text->reach.h = box->y + box->h - above->box.y;
	return true;
}

bool
place_texts(const struct template_page *p, struct err *err)
{
	for (size_t i = 0; i < p->text_count; i++) {
		struct template_text *text = &p->texts[i];
		text->reach = text->box;
		if (check_unique(p, text, err) && (!text->below || place_below(text, i == 0, err)))
			continue;
		err_in(err, "text %s", text->name);
		return err_in(err, "texts, item %zu", i + 1);
	}
	return true;
}

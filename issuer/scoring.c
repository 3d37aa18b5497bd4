#include "issuer/scoring.h"

#include "core/encode.h"

#include <jansson.h>
#include <stdlib.h>

#define POINTS_MOST 10000 /* of one item */
#define ITEMS_MOST 500

/* ---- the scheme ---- */

static bool
malformed(struct err *err, const char *what)
{
	return err_set(err, ERR_MALFORMED, "scoring scheme: %s", what);
}

static bool
is_among(const struct scoring_item *items, size_t n, const char *item)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(items[i].item, item) == 0)
			return true;
	return false;
}

static bool
read_item(struct scoring *s, struct scoring_item *out, json_t *at, bool basic, struct err *err)
{
	json_error_t error;
	int points = 0;

	if (json_unpack_ex(at, &error, JSON_STRICT,
		basic ? "{s:s, s:s, s:s}" : "{s:s, s:s, s:s, s:i}", "item", &out->item, "zh",
		&out->zh, "en", &out->en, "points", &points) != 0)
		return malformed(err, error.text);
	if (!basic && (points < 1 || points > POINTS_MOST))
		return malformed(err, "an item has 1 to 10000 points");
	if (is_among(s->basic, s->n_basic, out->item) || is_among(s->items, s->n_items, out->item))
		return malformed(err, "an item stands twice");
	out->points = (unsigned)points;
	s->most += out->points;
	return true;
}

static bool
read_items(struct scoring *s, struct scoring_item **out, size_t *n, const json_t *list, bool basic,
    struct err *err)
{
	const size_t count = json_array_size(list);

	if (count == 0 || count > ITEMS_MOST)
		return malformed(err, "basic and items are lists of 1 to 500");
	*out = calloc(count, sizeof **out);
	if (*out == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < count; i++) {
		if (!read_item(s, &(*out)[i], json_array_get(list, i), basic, err))
			return false;
		*n = i + 1;
	}
	return true;
}

static bool
read_scheme(struct scoring *s, struct err *err)
{
	const char *scheme, *note;
	json_t *basic, *items;
	json_error_t error;
	int pass;

	if (json_unpack_ex(s->tree, &error, JSON_STRICT, "{s:s, s:s, s:i, s:o, s:o}", "scheme",
		&scheme, "note", &note, "pass", &pass, "basic", &basic, "items", &items) != 0)
		return malformed(err, error.text);
	if (!read_items(s, &s->basic, &s->n_basic, basic, true, err) ||
	    !read_items(s, &s->items, &s->n_items, items, false, err))
		return false;
	s->pass = (unsigned)pass;
	return (pass > 0 && s->pass <= s->most) ||
	    malformed(err, "nobody can reach the pass mark, or everybody does");
}

bool
scoring_parse(struct scoring **out, struct span json, struct err *err)
{
	json_error_t error;
	struct scoring *s = calloc(1, sizeof *s);

	*out = NULL;
	if (s == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	s->tree = json_loadb((const char *)json.ptr, json.len, JSON_REJECT_DUPLICATES, &error);
	bool ok = s->tree != NULL
	    ? read_scheme(s, err)
	    : err_set(err, ERR_MALFORMED, "scoring scheme: line %d: %s", error.line, error.text);
	if (!ok) {
		scoring_free(s);
		return false;
	}
	sha256(s->hash, json);
	*out = s;
	return true;
}

void
scoring_free(struct scoring *s)
{
	if (s == NULL)
		return;
	free(s->basic);
	free(s->items);
	json_decref(s->tree);
	free(s);
}

/* ---- a report ---- */

#define FAULT(out, code, path, ...) defects_add(out, code, SEVERITY_ERROR, path, __VA_ARGS__)

static bool
is_stopped(const struct inspection *x)
{
	for (size_t i = 0; i < x->basic_count; i++)
		if (x->basic[i].result == RESULT_FAIL)
			return true;
	return false;
}

static const struct scoring_item *
find_item(const struct scoring_item *items, size_t n, struct span item)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(item, items[i].item))
			return &items[i];
	return NULL;
}

static size_t
count_scores(const struct item_scored *scores, size_t n, struct span item)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += span_equal(scores[i].item, item);
	return count;
}

/* Each item of the scheme is scored, and nothing else. */
static void
check_complete(struct defects *out, const char *list, const struct scoring_item *items, size_t n,
    const struct item_scored *scores, size_t n_scores, bool may_lack)
{
	for (size_t i = 0; i < n && !may_lack; i++)
		if (count_scores(scores, n_scores, span_text(items[i].item)) == 0)
			FAULT(out, "REV-10", defect_path("/scoring/%s", list).text,
			    "缺少评分项 %s（%s%.0s）；请补评",
			    "Item %s is not scored (%.0s%s); score it.", items[i].item, items[i].zh,
			    items[i].en);
	for (size_t i = 0; i < n_scores; i++) {
		const struct span item = scores[i].item, title = scores[i].title;
		const struct scoring_item *of = find_item(items, n, item);
		if (item.len == 0)
			continue;
		if (of == NULL)
			FAULT(out, "REV-10", defect_path("/scoring/%s/%zu/item", list, i).text,
			    "评分标准中没有“%s”；请改正",
			    "The scheme has no item \"%s\" there; correct it.",
			    defect_quote(item).text);
		else if (title.len > 0 && !span_is(title, of->zh) && !span_is(title, of->en))
			FAULT(out, "REV-10", defect_path("/scoring/%s/%zu/title", list, i).text,
			    "%s 是“%s”%.0s；请改正", "%s is %.0s\"%s\"; correct it.", of->item,
			    of->zh, of->en);
		else if (count_scores(scores, i, item) > 0)
			FAULT(out, "REV-10", defect_path("/scoring/%s/%zu/item", list, i).text,
			    "“%s”评了两次；请删去一处", "\"%s\" is scored twice; take one out.",
			    defect_quote(item).text);
	}
}

static void
check_points(struct defects *out, const struct scoring *s, const struct inspection *x)
{
	for (size_t i = 0; i < x->items_count; i++) {
		const struct item_scored *score = &x->items[i];
		const struct scoring_item *item = find_item(s->items, s->n_items, score->item);
		if (item == NULL)
			continue;
		if (score->points > item->points)
			FAULT(out, "REV-11", defect_path("/scoring/items/%zu/points", i).text,
			    "%s 最多 %u 分，评了 %u 分；请改正",
			    "%s has %u points at most, not %u; correct it.", item->item,
			    item->points, score->points);
		else if (score->points < item->points && score->note.len == 0)
			FAULT(out, "REV-11", defect_path("/scoring/items/%zu", i).text,
			    "%s 扣分而没有说明；请写明理由",
			    "Points of %s are deducted without a note; say why.", item->item);
	}
	for (size_t i = 0; i < x->basic_count; i++)
		if (x->basic[i].result == RESULT_FAIL && x->basic[i].note.len == 0)
			FAULT(out, "REV-11", defect_path("/scoring/basic/%zu", i).text,
			    "基本项不符合要求而没有说明；请写明理由",
			    "A basic item is not met without a note; say why.");
}

void
scoring_check(struct defects *out, const struct scoring *s, const struct inspection *x)
{
	char hash[2 * SHA256_BYTES + 1];

	hex_encode(hash, span_of(s->hash, sizeof s->hash));
	if (x->scheme.len > 0 && !span_is(x->scheme, hash)) {
		FAULT(out, "REV-09", "/scoring/scheme",
		    "本案应按受理时的评分标准 %s 评分；请用 qualcert case template 取表",
		    "This case is scored by the scheme in force when it was accepted, %s; take the "
		    "form from qualcert case template.",
		    hash);
		return;
	}
	check_complete(out, "basic", s->basic, s->n_basic, x->basic, x->basic_count, false);
	check_complete(out, "items", s->items, s->n_items, x->items, x->items_count, is_stopped(x));
	check_points(out, s, x);
}

unsigned
scoring_points(const struct inspection *x)
{
	unsigned points = 0;
	for (size_t i = 0; i < x->items_count; i++)
		points += x->items[i].points;
	return points;
}

enum act_result
scoring_result(const struct scoring *s, const struct inspection *x)
{
	if (is_stopped(x))
		return RESULT_STOP;
	return inspection_passed(x) && scoring_points(x) >= s->pass ? RESULT_PASS : RESULT_FAIL;
}

#include "issuer/template_parts.h"

#include <stdlib.h>
#include <string.h>

static bool
read_colour(struct template_colour *out, const json_t *v, struct err *err)
{
	const char *text = json_string_value(v);
	if (!text || text[0] != '#' || strlen(text) != 7 ||
	    strspn(text + 1, "0123456789abcdef") != 6)
		return err_set(
		    err, ERR_MALFORMED, "'%s' is no colour: \"#rrggbb\"", text ? text : "");
	unsigned long rgb = strtoul(text + 1, NULL, 16);
	*out = (struct template_colour){ (double)(rgb >> 16) / 255, (double)(rgb >> 8 & 255) / 255,
		(double)(rgb & 255) / 255 };
	return true;
}

static bool
read_whole(const struct member *m, const json_t *v, struct err *err)
{
	json_int_t n = json_integer_value(v);
	if (!json_is_integer(v))
		return err_set(err, ERR_MALFORMED, "it is no whole number");
	if (n < m->least || n > m->most)
		return err_set(
		    err, ERR_REFUSED, "%lld is not from %d to %d", (long long)n, m->least, m->most);
	*m->whole = (int)n;
	return true;
}

/* The value, or the i-th of its list. */
static bool
read_value(const struct member *m, size_t i, json_t *v, struct err *err)
{
	if (m->colour[0])
		return read_colour(m->colour[i], v, err);
	if (m->whole)
		return read_whole(m, v, err);
	if (m->number[i]) {
		*m->number[i] = json_number_value(v);
		return json_is_number(v) || err_set(err, ERR_MALFORMED, "it is no number");
	}
	if (m->text) {
		*m->text = json_string_value(v);
		return *m->text || err_set(err, ERR_MALFORMED, "it is no text");
	}
	if (m->flag) {
		*m->flag = json_is_true(v);
		return json_is_boolean(v) ||
		    err_set(err, ERR_MALFORMED, "it is neither true nor false");
	}
	*m->json = v;
	return true;
}

static bool
read_member(const struct member *m, json_t *v, struct err *err)
{
	size_t n = 1;
	while (n < 4 && m->number[n])
		n++;
	n = m->colour[1] ? 2 : n;
	if (n > 1 && (!json_is_array(v) || json_array_size(v) != n))
		return err_set(err, ERR_MALFORMED, "it is no list of %zu", n);
	for (size_t i = 0; i < n; i++)
		if (!read_value(m, i, n > 1 ? json_array_get(v, i) : v, err))
			return false;
	return true;
}

static bool
is_known(const char *key, const struct member *members, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(members[i].key, key) == 0)
			return true;
	return false;
}

bool
read_members(const json_t *object, const struct member *members, size_t n, struct err *err)
{
	const char *key;
	json_t *v;
	if (!json_is_object(object))
		return err_set(err, ERR_MALFORMED, "it is no object: {...}");
	for (size_t i = 0; i < n; i++) {
		v = json_object_get(object, members[i].key);
		if (!v && !members[i].optional)
			return err_set(err, ERR_MALFORMED, "'%s' is missing", members[i].key);
		if (v && !read_member(&members[i], v, err))
			return err_in(err, "%s", members[i].key);
	}
	json_object_foreach((json_t *)(uintptr_t)object, key, v)
	{
		if (!is_known(key, members, n))
			return err_set(err, ERR_MALFORMED, "the key '%s' is not known here", key);
	}
	return true;
}

bool
check_box(const struct template_page *p, const struct template_box *box, struct err *err)
{
	if (!(box->x >= 0 && box->y >= 0 && box->w > 0 && box->h > 0 &&
		box->x + box->w <= p->width && box->y + box->h <= p->height))
		return err_set(err, ERR_REFUSED, "its box is not on the page");
	return true;
}

bool
check_within(const char *what, double value, double least, double most, struct err *err)
{
	if (!(value >= least && value <= most))
		return err_set(
		    err, ERR_REFUSED, "%s %g is not from %g to %g", what, value, least, most);
	return true;
}

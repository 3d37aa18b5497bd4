#include "credential/cbor.h"

#include "core/cursor.h"
#include "core/limits.h"
#include "core/text.h"
#include "credential/cbor_token.h"

#include <assert.h>

/* The bytes from `start` to where the reader stands. */
static struct span
since(const struct cbor_in *c, size_t start)
{
	return cursor_take(&(struct cursor){ c->in, start, false }, c->pos - start);
}

/* The item the reader stands at; 0 and CBOR_NOTHING if there is none, or when bad. */
static size_t
token_here(struct cbor_token *t, const struct cbor_in *c)
{
	struct cursor here = { c->in, c->pos, c->bad };
	return cbor_token_read(t, cursor_rest(&here));
}

/* ---- the check of a whole item ---- */

struct level {
	uint64_t left; /* items still to come; a map's keys and values both count */
	bool is_map;
	struct span key; /* the last one, encoded; empty at first */
};

void
cbor_in_fail(struct cbor_in *c, const char *reason)
{
	if (c->bad)
		return;
	c->bad = true;
	c->reason = reason;
}

/* Bytewise order of encoded keys (RFC 8949 4.2.1). */
static int
key_order(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n > 0 ? memcmp(a.ptr, b.ptr, n) : 0;
	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static void
check_key(struct cbor_in *c, struct level *map, const struct cbor_token *t, struct span key)
{
	if (t->kind != CBOR_UINT && t->kind != CBOR_NINT && t->kind != CBOR_TEXT)
		cbor_in_fail(c, "a map key is neither a whole number nor text");
	int order = key_order(map->key, key);
	if (map->key.len > 0 && order == 0)
		cbor_in_fail(c, "the same map key twice");
	if (map->key.len > 0 && order > 0)
		cbor_in_fail(c, "map keys are not in order");
	map->key = key;
}

/* How many items an array, map or tag announces; more than there are bytes left is refused. */
static uint64_t
items_inside(struct cbor_in *c, const struct cbor_token *t)
{
	uint64_t left = c->in.len - c->pos;
	uint64_t most = t->kind == CBOR_MAP ? left / 2 : left;
	uint64_t items = t->kind == CBOR_TAG ? 1 : t->value;
	if (items > most)
		cbor_in_fail(c, "more items announced than bytes left");
	return t->kind == CBOR_MAP && !c->bad ? 2 * items : items;
}

/* Read one head with all rules but those of nesting. */
static void
check_token(struct cbor_in *c, struct cbor_token *t)
{
	c->at = c->pos;
	size_t len = token_here(t, c);
	if (len == 0)
		cbor_in_fail(c, "cut short, or an item this format does not use");
	else if (!cbor_token_is_shortest(t, len))
		cbor_in_fail(c, "a longer form than needed");
	else if (t->kind == CBOR_TEXT && !text_is_utf8(t->string))
		cbor_in_fail(c, "text is not UTF-8");
	c->pos += len;
}

/* Count this item in the array, map or tag it stands in, and as a key if it is one. */
static void
check_place(struct cbor_in *c, struct level *in, const struct cbor_token *t)
{
	if (in->is_map && in->left % 2 == 0)
		check_key(c, in, t, since(c, c->at));
	in->left--;
}

static bool
holds_items(const struct cbor_token *t)
{
	return t->kind == CBOR_ARRAY || t->kind == CBOR_MAP || t->kind == CBOR_TAG;
}

static void
check_item(struct cbor_in *c, unsigned depth)
{
	struct level open[LIMIT_CBOR_DEPTH];
	unsigned n = 0; /* levels open */

	assert(depth <= LIMIT_CBOR_DEPTH);
	do {
		struct cbor_token t;
		check_token(c, &t);
		if (n > 0)
			check_place(c, &open[n - 1], &t);
		if (!c->bad && holds_items(&t) && n == depth) {
			c->too_deep = true;
			cbor_in_fail(c, "nested too deeply");
		} else if (!c->bad && holds_items(&t)) {
			bool is_map = t.kind == CBOR_MAP;
			open[n++] = (struct level){ items_inside(c, &t), is_map, { NULL, 0 } };
		}
		while (n > 0 && open[n - 1].left == 0)
			n--;
	} while (n > 0 && !c->bad);
	if (!c->bad && c->pos < c->in.len) {
		c->at = c->pos;
		cbor_in_fail(c, "bytes after the end");
	}
}

/* ---- reading what has been checked ---- */

struct cbor_in
cbor_in_over(struct span item, unsigned depth)
{
	struct cbor_in c = { .in = item };

	check_item(&c, depth);
	c.pos = 0;
	return c;
}

/* Take the next item; bad with this reason if it is of another kind. */
static struct cbor_token
take(struct cbor_in *c, enum cbor_kind kind, const char *reason)
{
	struct cbor_token t;
	size_t len = token_here(&t, c);
	if (!c->bad)
		c->at = c->pos;
	if (len == 0 || t.kind != kind) {
		cbor_in_fail(c, reason);
		return (struct cbor_token){ 0 };
	}
	c->pos += len;
	return t;
}

enum cbor_kind
cbor_in_peek(const struct cbor_in *c)
{
	struct cbor_token t;

	return token_here(&t, c) > 0 ? t.kind : CBOR_NOTHING;
}

uint64_t
cbor_in_uint(struct cbor_in *c, uint64_t max)
{
	uint64_t v = take(c, CBOR_UINT, "a whole number, 0 or more, should stand here").value;
	if (v > max)
		cbor_in_fail(c, "the number is too large");
	return c->bad ? 0 : v;
}

int64_t
cbor_in_time(struct cbor_in *c)
{
	return (int64_t)cbor_in_uint(c, CBOR_TIME_MAX_S);
}

int64_t
cbor_in_int(struct cbor_in *c, int64_t min, int64_t max)
{
	bool negative = cbor_in_peek(c) == CBOR_NINT;
	uint64_t raw =
	    take(c, negative ? CBOR_NINT : CBOR_UINT, "a whole number should stand here").value;
	if (raw > INT64_MAX)
		cbor_in_fail(c, "the number is too large");
	int64_t v = c->bad ? 0 : negative ? -1 - (int64_t)raw : (int64_t)raw;
	if (!c->bad && (v < min || v > max))
		cbor_in_fail(c, "the number is outside its range");
	return c->bad ? 0 : v;
}

static struct span
sized(struct cbor_in *c, struct span s, size_t min, size_t max)
{
	if (s.len < min || s.len > max)
		cbor_in_fail(c, "the length is outside its range");
	return c->bad ? (struct span){ NULL, 0 } : s;
}

struct span
cbor_in_bytes(struct cbor_in *c, size_t min, size_t max)
{
	return sized(c, take(c, CBOR_BYTES, "a byte string should stand here").string, min, max);
}

struct span
cbor_in_text(struct cbor_in *c, size_t min, size_t max)
{
	return sized(c, take(c, CBOR_TEXT, "text should stand here").string, min, max);
}

void
cbor_in_copy(struct cbor_in *c, uint8_t *out, size_t n)
{
	struct span s = cbor_in_bytes(c, n, n);
	if (s.len == n && n > 0)
		memcpy(out, s.ptr, n);
	else
		memset(out, 0, n);
}

bool
cbor_in_bool(struct cbor_in *c)
{
	return take(c, CBOR_BOOL, "true or false should stand here").value != 0;
}

bool
cbor_in_try_null(struct cbor_in *c)
{
	if (cbor_in_peek(c) != CBOR_NULL)
		return false;
	take(c, CBOR_NULL, "");
	return true;
}

void
cbor_in_tag(struct cbor_in *c, uint64_t tag)
{
	if (take(c, CBOR_TAG, "a tag should stand here").value != tag)
		cbor_in_fail(c, "another tag than expected");
}

size_t
cbor_in_array(struct cbor_in *c, size_t min, size_t max)
{
	uint64_t items = take(c, CBOR_ARRAY, "an array should stand here").value;
	if (items < min || items > max)
		cbor_in_fail(c, "the array has too few or too many items");
	return c->bad ? 0 : (size_t)items;
}

struct cbor_map
cbor_in_map(struct cbor_in *c)
{
	return (struct cbor_map){ (size_t)take(c, CBOR_MAP, "a map should stand here").value };
}

bool
cbor_in_try_key(struct cbor_in *c, struct cbor_map *m, int64_t key)
{
	struct cbor_token t;
	size_t len = token_here(&t, c);
	enum cbor_kind kind = key < 0 ? CBOR_NINT : CBOR_UINT;
	uint64_t value = key < 0 ? (uint64_t)(-1 - key) : (uint64_t)key;
	if (m->left == 0 || len == 0 || t.kind != kind || t.value != value)
		return false;
	c->at = c->pos;
	c->pos += len;
	m->left--;
	return true;
}

void
cbor_in_key(struct cbor_in *c, struct cbor_map *m, int64_t key)
{
	if (!c->bad && !cbor_in_try_key(c, m, key)) {
		c->at = c->pos;
		cbor_in_fail(
		    c, "a field is missing, or one stands here that this format does not have");
	}
}

bool
cbor_in_next(struct cbor_in *c, struct cbor_map *m)
{
	if (c->bad || m->left == 0)
		return false;
	m->left--;
	return true;
}

void
cbor_in_end(struct cbor_in *c, const struct cbor_map *m)
{
	if (m->left > 0) {
		c->at = c->bad ? c->at : c->pos;
		cbor_in_fail(c, "a field this format does not have");
	}
}

struct span
cbor_in_raw(struct cbor_in *c)
{
	size_t start = c->pos;
	uint64_t left = 1; /* items still to skip; nesting needs no stack here */

	if (!c->bad)
		c->at = start;
	while (left > 0 && !c->bad) {
		struct cbor_token t;
		size_t len = token_here(&t, c);
		if (len == 0)
			cbor_in_fail(c, "an item should stand here");
		c->pos += len;
		left--;
		if (holds_items(&t))
			left += items_inside(c, &t);
	}
	return c->bad ? (struct span){ NULL, 0 } : since(c, start);
}

bool
cbor_in_done(const struct cbor_in *c, struct err *err)
{
	if (c->bad)
		return err_set(
		    err, c->too_deep ? ERR_LIMIT : ERR_MALFORMED, "byte %zu: %s", c->at, c->reason);
	if (c->pos < c->in.len)
		return err_set(err, ERR_MALFORMED, "byte %zu: bytes after the end", c->pos);
	return true;
}

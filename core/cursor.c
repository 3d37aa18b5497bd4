#include "core/cursor.h"

#include <assert.h>

struct span
cursor_take(struct cursor *c, size_t n)
{
	if (c->bad || n > c->in.len - c->pos) {
		c->bad = true;
		return (struct span){ NULL, 0 };
	}
	const uint8_t *at = n > 0 ? c->in.ptr + c->pos : NULL;
	c->pos += n;
	return (struct span){ at, n };
}

int
cursor_peek(const struct cursor *c)
{
	return c->bad || c->pos == c->in.len ? -1 : c->in.ptr[c->pos];
}

uint8_t
cursor_u8(struct cursor *c)
{
	return (uint8_t)cursor_be(c, 1);
}

uint64_t
cursor_be(struct cursor *c, size_t bytes)
{
	assert(bytes >= 1 && bytes <= 8);
	struct span at = cursor_take(c, bytes);
	uint64_t v = 0;
	for (size_t i = 0; i < at.len; i++)
		v = v << 8 | at.ptr[i];
	return v;
}

int
cursor_decimal(struct cursor *c, size_t digits)
{
	assert(digits >= 1 && digits <= 9);
	struct span at = cursor_take(c, digits);
	int v = 0;
	for (size_t i = 0; i < at.len; i++) {
		if (at.ptr[i] < '0' || at.ptr[i] > '9') {
			c->bad = true;
			return 0;
		}
		v = v * 10 + (at.ptr[i] - '0');
	}
	return v;
}

bool
cursor_expect(struct cursor *c, struct span want)
{
	struct span got = cursor_take(c, want.len);
	if (!span_equal(got, want))
		c->bad = true;
	return !c->bad;
}

struct span
cursor_until(struct cursor *c, uint8_t stop)
{
	struct span rest = cursor_rest(c);
	const uint8_t *at = rest.len > 0 ? memchr(rest.ptr, stop, rest.len) : NULL;
	struct span before = cursor_take(c, at != NULL ? (size_t)(at - rest.ptr) : 0);
	if (at == NULL)
		c->bad = true;
	cursor_take(c, 1);
	return before;
}

uint64_t
cursor_number(struct cursor *c, uint8_t stop)
{
	uint64_t v = 0;
	struct span digits = cursor_until(c, stop);

	if (digits.len == 0 || digits.len > 18) /* 18 digits are less than 2^63 */
		c->bad = true;
	for (size_t i = 0; i < digits.len && !c->bad; i++) {
		c->bad = digits.ptr[i] < '0' || digits.ptr[i] > '9';
		v = 10 * v + (uint64_t)(digits.ptr[i] - '0');
	}
	return c->bad ? 0 : v;
}

/* Its first byte is rare in what is searched: with memchr() that is twice as quick as memmem(). */
bool
cursor_find(struct cursor *c, struct span what)
{
	assert(what.len > 0);
	for (struct cursor at = *c; cursor_left(&at) >= what.len; at.pos++) {
		const struct span rest = cursor_rest(&at);
		const uint8_t *first = memchr(rest.ptr, what.ptr[0], rest.len - what.len + 1);
		if (first == NULL)
			return false;
		at.pos += (size_t)(first - rest.ptr);
		if (memcmp(first, what.ptr, what.len) == 0) {
			*c = at;
			return true;
		}
	}
	return false;
}

size_t
cursor_left(const struct cursor *c)
{
	return cursor_rest(c).len;
}

struct span
cursor_rest(const struct cursor *c)
{
	size_t left = c->bad ? 0 : c->in.len - c->pos;
	return (struct span){ left > 0 ? c->in.ptr + c->pos : NULL, left };
}

bool
cursor_done(const struct cursor *c)
{
	return !c->bad && c->pos == c->in.len;
}

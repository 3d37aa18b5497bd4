#include "keys/der.h"

#define LONG_FORM 0x80 /* of a length: the low bits are how many bytes hold it */
#define LENGTH_BYTES 3 /* nothing we read or write is longer than that */

static size_t
take_length(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	size_t bytes = first & (LONG_FORM - 1);

	if ((first & LONG_FORM) == 0)
		return first;
	if (bytes == 0 || bytes > LENGTH_BYTES) {
		c->bad = true; /* indefinite, or beyond all limits */
		return 0;
	}
	size_t length = (size_t)cursor_be(c, bytes);
	if (length < LONG_FORM || length >> (8 * (bytes - 1)) == 0)
		c->bad = true; /* a shorter form would do */
	return length;
}

struct span
der_take(struct cursor *c, enum der_tag tag)
{
	if (cursor_u8(c) != tag)
		c->bad = true;
	size_t length = take_length(c);
	return cursor_take(c, length);
}

struct span
der_take_whole(struct cursor *c, enum der_tag tag)
{
	struct cursor from = *c;

	(void)der_take(c, tag);
	return c->bad ? span_of(NULL, 0) : cursor_take(&from, c->pos - from.pos);
}

void
der_put(struct buf *out, enum der_tag tag, struct span contents)
{
	size_t bytes = 1;

	while (bytes < LENGTH_BYTES && contents.len >> (8 * bytes) != 0)
		bytes++;
	buf_add_byte(out, (uint8_t)tag);
	if (contents.len >= LONG_FORM)
		buf_add_byte(out, (uint8_t)(LONG_FORM | bytes));
	buf_add_be(out, contents.len, bytes);
	buf_add_span(out, contents);
}

void
der_wrap(struct buf *out, enum der_tag tag, struct buf *contents)
{
	der_put(out, tag, buf_span(contents));
	if (contents->bad != ERR_NONE)
		out->bad = contents->bad;
	buf_free(contents);
}

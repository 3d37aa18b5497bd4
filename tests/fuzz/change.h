/* Changes to genuine bytes: an input of four bytes each, so that a fuzzer gets past an outline or a signature. */
#ifndef TESTS_FUZZ_CHANGE_H
#define TESTS_FUZZ_CHANGE_H

#include "core/buf.h"
#include "core/cursor.h"

#define CHANGE_BYTES 4 /* place (2), byte, how */

/* One change: an exchange, an insertion or a removal. */
static inline void
change(struct buf *bytes, struct cursor *c)
{
	size_t place = (size_t)cursor_be(c, 2) % bytes->len;
	uint8_t byte = cursor_u8(c), how = cursor_u8(c);
	struct buf out = BUF_EMPTY;

	buf_add(&out, bytes->ptr, place);
	if (how % 4 != 3)
		buf_add_byte(&out, byte);
	if (how % 4 == 2) /* besides the byte that was there */
		buf_add_byte(&out, bytes->ptr[place]);
	buf_add(&out, bytes->ptr + place + 1, bytes->len - place - 1);
	buf_free(bytes);
	*bytes = out;
}

static inline void
change_all(struct buf *bytes, struct span in)
{
	struct cursor c = cursor_over(in);

	while (cursor_left(&c) >= CHANGE_BYTES && bytes->len > 1)
		change(bytes, &c);
}

#endif

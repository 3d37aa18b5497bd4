/*
 * The only way untrusted bytes are read. A short read marks the cursor bad and returns zeros, so a
 * parser reads like the format it parses and is checked once at the end, before any value is used.
 */
#ifndef CORE_CURSOR_H
#define CORE_CURSOR_H

#include "core/span.h"

struct cursor {
	struct span in;
	size_t pos; /* <= in.len, always */
	bool bad;   /* sticky: something was missing or wrong */
};

static inline struct cursor
cursor_over(struct span in)
{
	return (struct cursor){ in, 0, false };
}

/* The next n bytes, borrowed; an empty span and bad if there are fewer. */
struct span cursor_take(struct cursor *c, size_t n);
/* The next byte without taking it; -1 at the end or when bad. */
int cursor_peek(const struct cursor *c);
uint8_t cursor_u8(struct cursor *c);
/* Big-endian, `bytes` 1 to 8. */
uint64_t cursor_be(struct cursor *c, size_t bytes);
/* `digits` (1 to 9) ASCII decimal digits as a number; anything else among them turns bad. */
int cursor_decimal(struct cursor *c, size_t digits);
/* What stands before `stop`, which is taken too, as decimal digits: 1 to 18 of them. */
uint64_t cursor_number(struct cursor *c, uint8_t stop);
/* Take exactly these bytes or turn bad. */
bool cursor_expect(struct cursor *c, struct span want);
/* What stands before the next `stop`, which is taken too; bad if there is none. */
struct span cursor_until(struct cursor *c, uint8_t stop);
/* Move to the next place of these bytes, 1 or more, without taking them; false and unmoved if there is none. */
bool cursor_find(struct cursor *c, struct span what);
/* Bytes left; 0 when bad. */
size_t cursor_left(const struct cursor *c);
/* All that is left, from the current position; empty when bad. Does not move. */
struct span cursor_rest(const struct cursor *c);
/* True only if nothing failed and nothing is left. */
bool cursor_done(const struct cursor *c);

#endif

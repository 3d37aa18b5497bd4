/*
 * DER (X.690 10) as far as a seal needs it: tags of one byte, shortest definite lengths. Reading goes
 * through a cursor, which turns bad at anything else.
 */
#ifndef KEYS_DER_H
#define KEYS_DER_H

#include "core/buf.h"
#include "core/cursor.h"

enum der_tag {
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT_0 = 0xa0,
	DER_CONTEXT_1 = 0xa1,
	DER_CONTEXT_4 = 0xa4
};

/* The contents of the next value, which must have this tag. */
struct span der_take(struct cursor *c, enum der_tag tag);
/* The next value, which must have this tag, with tag and length. */
struct span der_take_whole(struct cursor *c, enum der_tag tag);

void der_put(struct buf *out, enum der_tag tag, struct span contents);
/* The same around contents that are then freed; if they are bad, so is `out`. */
void der_wrap(struct buf *out, enum der_tag tag, struct buf *contents);

#endif

/*
 * One CBOR token: an item's head, with the text or bytes that belong to it. Internal to cbor.c: here the
 * library's callbacks become a value.
 */
#ifndef CREDENTIAL_CBOR_TOKEN_H
#define CREDENTIAL_CBOR_TOKEN_H

#include "credential/cbor.h"

struct cbor_token {
	enum cbor_kind kind;
	uint64_t value;     /* number, length, count or tag; -1 - value for CBOR_NINT */
	struct span string; /* of CBOR_BYTES and CBOR_TEXT */
};

/*
 * Read the token `in` begins with. Returns its length, without what an array, map or tag contains; 0 if
 * it is cut short or of a kind this system does not use.
 */
size_t cbor_token_read(struct cbor_token *t, struct span in);

/* Is `len`, the length it was read with, the shortest form of this token? */
bool cbor_token_is_shortest(const struct cbor_token *t, size_t len);

#endif

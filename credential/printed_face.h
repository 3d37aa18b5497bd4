/*
 * What is printed on a certificate, as the proposals that make one have it: a CBOR map from names of fields to
 * their texts (docs/format/acts.md), in the order of RFC 8949 4.2.1: the shorter name first, then bytewise.
 */
#ifndef CREDENTIAL_PRINTED_FACE_H
#define CREDENTIAL_PRINTED_FACE_H

#include "core/buf.h"
#include "core/limits.h"

struct printed_field {
	struct span name, text;
};

/* Spans are borrowed: from the map when parsed, from the caller when encoded. */
struct printed_face {
	struct printed_field field[LIMIT_FACE_FIELDS];
	size_t count;
};

/* In whatever order the fields are. What may not be printed is found when the map is parsed. */
void printed_face_encode(struct buf *out, const struct printed_face *face);

/*
 * ERR_MALFORMED  not such a map, or no field in it, or more than LIMIT_FACE_FIELDS
 * ERR_REFUSED    a text with characters nobody may sign
 * ERR_LIMIT      a text too long
 */
MUST_CHECK bool printed_face_parse(struct printed_face *out, struct span map, struct err *err);

/* The text under this name in a map that was parsed; empty if there is none. */
struct span printed_face_text(struct span map, const char *name);

#endif

/* A list of scopes, as it stands in claims and in decisions: 1 to LIMIT_SCOPES numbers, ascending. */
#ifndef CREDENTIAL_SCOPES_H
#define CREDENTIAL_SCOPES_H

#include "core/limits.h"
#include "credential/cbor.h"

struct scopes {
	uint16_t no[LIMIT_SCOPES]; /* from 1, ascending: each once */
	size_t count;
};

void scopes_put(struct buf *out, const struct scopes *s);

/* Turns the reader bad if they are not as above. */
struct scopes scopes_take(struct cbor_in *c);

bool scopes_equal(const struct scopes *a, const struct scopes *b);

#endif

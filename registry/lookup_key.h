/* The key by which an instrument is confirmed: shared by the writer and the reader of lookup.db. */
#ifndef REGISTRY_LOOKUP_KEY_H
#define REGISTRY_LOOKUP_KEY_H

#include "credential/sha256.h"

#define LOOKUP_APPLICATION_ID 1363364939 /* "QCLK", as in lookup_schema.sql */
#define LOOKUP_VERSION 1

/* SHA-256 over number, NUL, check code. */
static inline void
lookup_key(uint8_t out[SHA256_BYTES], struct span number, struct span check_code)
{
	struct sha256 *h = sha256_new();
	sha256_update(h, number);
	sha256_update(h, span_of("", 1));
	sha256_update(h, check_code);
	sha256_final(h, out);
}

#endif

/*
 * SHA-256 (FIPS 180-4), the only cryptography this folder knows. It cannot fail on any input; if
 * the library itself is out of memory or without the algorithm, the process aborts: no caller could
 * go on.
 */
#ifndef CREDENTIAL_SHA256_H
#define CREDENTIAL_SHA256_H

#include "core/span.h"

#define SHA256_BYTES 32

void sha256(uint8_t out[SHA256_BYTES], struct span in);

/* Over the concatenation of two spans: a prefix byte and a message, two signed parts of a file. */
void sha256_two(uint8_t out[SHA256_BYTES], struct span first, struct span second);

/* The same in pieces: new, update as often as needed, final (which also frees). free is for giving
 * up. A copy goes on from the same bytes by itself. */
struct sha256;
struct sha256 *sha256_new(void);
struct sha256 *sha256_copy(const struct sha256 *h);
void sha256_update(struct sha256 *h, struct span in);
void sha256_final(struct sha256 *h, uint8_t out[SHA256_BYTES]);
void sha256_free(struct sha256 *h);

#endif

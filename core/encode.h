/* Small text encodings: lower-case hex, base64 (RFC 4648 4, padded), Crockford base 32 (upper
 * case). */
#ifndef CORE_ENCODE_H
#define CORE_ENCODE_H

#include "core/buf.h"

/* out has room for 2 * in.len + 1. */
void hex_encode(char *out, struct span in);
/* Exactly 2 * n lower-case digits into n bytes; anything else is ERR_MALFORMED. */
MUST_CHECK bool hex_decode(uint8_t *out, size_t n, struct span text, struct err *err);

void base64_encode(struct buf *out, struct span in);
/* Canonical form only: right padding, zero spare bits, no blanks. */
MUST_CHECK bool base64_decode(struct buf *out, struct span text, struct err *err);

/* 5 bytes -> 8 characters and NUL, most significant first. */
void base32_encode5(char out[9], const uint8_t in[5]);

#endif

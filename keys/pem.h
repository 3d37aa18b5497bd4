/*
 * PEM (RFC 7468) for public things: "PUBLIC KEY" and "CERTIFICATE" files that every tool reads.
 */
#ifndef KEYS_PEM_H
#define KEYS_PEM_H

#include "core/buf.h"

#define PEM_PUBLIC_KEY "PUBLIC KEY"
#define PEM_CERTIFICATE "CERTIFICATE"

void pem_encode(struct buf *out, const char *label, struct span der);

/*
 * Append the bytes of a file that holds exactly one block with this label.
 * ERR_MALFORMED  anything else, another label, base64 that is not canonical
 */
MUST_CHECK bool pem_decode(struct buf *out, const char *label, struct span text, struct err *err);

#endif

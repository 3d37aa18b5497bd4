/* Chance, from the system: numbers, slots, nonces, sittings. */
#ifndef ISSUER_RANDOM_H
#define ISSUER_RANDOM_H

#include "core/err.h"

#include <stddef.h>
#include <stdint.h>

/* n random bytes. ERR_CRYPTO. */
MUST_CHECK bool random_bytes(uint8_t *out, size_t n, struct err *err);

#endif

/*
 * Signatures that were found to hold, so that none is worked out twice: what holds, holds for ever. A
 * signature that fails is not kept, nor is who may sign what. Bounded: the oldest fall out and are worked
 * out again. Threads may share one.
 */
#ifndef KEYS_SIGNATURES_H
#define KEYS_SIGNATURES_H

#include "keys/key.h"

struct signatures;

/* ERR_MEMORY. Memory is taken up as signatures come in: at most 2 MiB. */
MUST_CHECK bool signatures_new(struct signatures **out, struct err *err);
void signatures_free(struct signatures *s);

/* The answer of key_verify(); s NULL: always worked out. */
MUST_CHECK enum key_answer signatures_verify(
    struct signatures *s, const struct key *key, struct span message, struct span signature);

#endif

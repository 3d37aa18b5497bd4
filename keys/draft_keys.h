/* The keys and officers of a bundle's description. Inside of keys/bundle_draft.h. */
#ifndef KEYS_DRAFT_KEYS_H
#define KEYS_DRAFT_KEYS_H

#include "credential/bundle.h"
#include "keys/draft_input.h"

/*
 * Append both lists to value->keys, which stays the caller's to free with draft_keys_free(); spans point
 * into `in`. Keys are of the root set's issuer where they name no other.
 */
MUST_CHECK bool draft_keys_read(struct bundle *value, struct draft_input *in, const json_t *keys,
    const json_t *officers, const struct bundle *previous, struct err *err);
void draft_keys_free(struct bundle *value);

#endif

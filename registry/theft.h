/*
 * What a stolen key signed. Acts in the register were judged when they came and stay in the log; but what
 * is published as good news does not rest on an act that a key signed and the register recorded at or
 * after the moment from which the adopted trust bundle reports that key stolen ("since"). Before the
 * report nobody could know; after it such a key signs nothing here any more (ACT-02).
 *
 * Keys that sign no acts are not asked: nothing comes into the register by their signature alone.
 */
#ifndef REGISTRY_THEFT_H
#define REGISTRY_THEFT_H

#include "registry/registry.h"

struct theft {
	uint8_t key[SHA256_BYTES]; /* as in struct chain_who */
	int64_t since_s;
};

struct thefts {
	struct theft *theft; /* owned */
	size_t n;
};

/* Those the bundle adopted last reports; none before the first act. */
MUST_CHECK bool thefts_load(struct thefts *out, struct registry *r, struct err *err);
void thefts_free(struct thefts *t);

/*
 * Does the version of this licence made at `made_index` rest on them: on what they signed among the acts of
 * its case up to then, or where it followed another, among the acts that made it or what it followed?
 */
MUST_CHECK bool thefts_touch_instrument(bool *out, const struct thefts *t, struct registry *r,
    struct span number, int64_t made_index, struct err *err);
/* Did one of them sign this act or, where it is an answer, what it answers? */
MUST_CHECK bool thefts_touch_act(
    bool *out, const struct thefts *t, struct registry *r, int64_t index, struct err *err);

#endif

/*
 * A licence in the register: its versions, with what licence_fold() needs beside the acts on its number,
 * and what is recorded of each instrument for the two clocks.
 */
#ifndef REGISTRY_REGISTRY_LICENCE_H
#define REGISTRY_REGISTRY_LICENCE_H

#include "registry/licence.h"
#include "registry/registry.h"
#include "registry/registry_floor.h"

struct registry_record;

struct registry_licence {
	struct licence_version
	    *versions;              /* owned; none: no certificate with this number was made */
	struct history_slot *slots; /* of each, owned */
	struct registry_record
	    *records; /* of each, owned: as the last act left it; NULL: not asked yet */
	size_t n;
	int64_t begin_s, exp_s; /* as printed on the first */
	bool superseded;
	int64_t superseded_from_s;
	/* Where a loss concerns it: beside each version, owned; else NULL. */
	struct licence_floor *floors;
	struct registry_record *floor_records; /* what they point into */
	struct registry_epoch epoch;           /* in which the loss was accepted */
};

MUST_CHECK bool registry_licence_load(
    struct registry_licence *out, struct registry *r, struct span number, struct err *err);
void registry_licence_free(struct registry_licence *l);

/* With the acts on the number, oldest first. Borrows both. */
struct licence_facts registry_licence_facts(
    const struct registry_licence *l, const struct chain_entry *entries, size_t n);

/* What history_find() and history_find_order() read of one instrument. Points into itself. */
struct registry_record {
	struct history_slot slot;
	struct history_entry *history; /* in the order of recording */
	size_t n_history;
	struct history_order *orders; /* likewise, each over this slot */
	size_t n_orders;
	struct buf names; /* of the orders */
};

/* A slot of which nothing is recorded has an empty one. registry_record_free() it, also after a failure. */
MUST_CHECK bool registry_record_load(
    struct registry_record *out, struct registry *r, struct history_slot slot, struct err *err);
void registry_record_free(struct registry_record *record);

#endif

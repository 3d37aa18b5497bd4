/*
 * A published snapshot with its parts, as the floor on which a register goes on after acts were lost
 * (docs/format/loss.md): what it shows is not forgotten, and nothing becomes milder. Files are found by their
 * SHA-256 and believed for it; who signed the snapshot is for the caller to ask.
 */
#ifndef REGISTRY_FLOOR_H
#define REGISTRY_FLOOR_H

#include "credential/checkpoint.h"
#include "credential/cose.h"
#include "credential/history.h"
#include "credential/parts.h"
#include "credential/snapshot.h"

/* Append the file with this SHA-256. ERR_NOT_FOUND; floor.c sees to it that it is the right one. */
typedef bool floor_find_fn(
    void *ctx, struct buf *out, const uint8_t hash[SHA256_BYTES], struct err *err);

struct floor {
	struct snapshot *manifest;
	struct cose_sign envelope;    /* of the file */
	struct checkpoint checkpoint; /* inside; its signature is not checked */
	/* Owned: */
	struct buf file, orders_file;
	struct orders_part *orders;
	floor_find_fn *find;
	void *ctx;
};

/*
 *   out       floor_close() it; zeroed on failure
 *   snapshot  SHA-256 of the snapshot's file
 *   find      is asked for it, for the orders and, by floor_each(), for the other parts
 *
 * ERR_NOT_FOUND a file is missing; ERR_MALFORMED one is not what its hash or its form says
 */
MUST_CHECK bool floor_open(struct floor *out, const uint8_t snapshot[SHA256_BYTES],
    floor_find_fn *find, void *ctx, struct err *err);
void floor_close(struct floor *f);

/* What it says of one slot. */
struct floor_slot {
	struct history_slot slot;
	bool assigned;                  /* else reserved */
	struct fingerprint fingerprint; /* when assigned */
	struct slot_history history;
};
typedef bool floor_slot_fn(void *ctx, const struct floor_slot *slot, struct err *err);

/* Every slot that is not unknown, ascending. The same errors. */
MUST_CHECK bool floor_each(const struct floor *f, floor_slot_fn *fn, void *ctx, struct err *err);

/* The orders that reach a slot, as of one slot: free() them. Names are borrowed from the floor. */
MUST_CHECK bool floor_orders(struct history_order **out, size_t *n, const struct floor *f,
    const struct history_slot *slot, struct err *err);

#endif

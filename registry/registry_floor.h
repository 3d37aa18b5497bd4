/*
 * What a register goes on from when published acts are lost (docs/format/loss.md): the floors it keeps,
 * and the epochs of its log.
 */
#ifndef REGISTRY_REGISTRY_FLOOR_H
#define REGISTRY_REGISTRY_FLOOR_H

#include "registry/registry.h"

/*
 * Keep the snapshot and its parts that lie in a published folder, and keep them a second time in floor/ beside
 * the second copy: what an accept-loss proposal names must be at hand for ever.
 *   snapshot  SHA-256 of the snapshot's file, which the proposal names
 * ERR_NOT_FOUND a file is missing; ERR_MALFORMED one is not what its name or form says
 */
MUST_CHECK bool registry_keep_floor(
    uint8_t snapshot[SHA256_BYTES], struct registry *r, const char *published, struct err *err);

/* Put one file of a floor back, from a backup. */
MUST_CHECK bool registry_put_floor(struct registry *r, struct span file, struct err *err);
/* Each file of every floor; false ends the visit. */
typedef bool registry_floor_fn(
    void *ctx, const uint8_t hash[SHA256_BYTES], struct span file, struct err *err);
MUST_CHECK bool registry_each_floor(
    struct registry *r, registry_floor_fn *fn, void *ctx, struct err *err);

/* What a kept floor has beyond the register. */
struct registry_loss {
	uint64_t seq; /* of the snapshot, its time, and the size of its log */
	int64_t iat_s;
	uint64_t size;
	struct merkle_hash root;
	size_t assigned; /* certificates in it */
	size_t unknown;  /* of them are not in the register */
	size_t changed;  /* of those that are, something befell them that is not */
};
MUST_CHECK bool registry_loss(struct registry_loss *out, struct registry *r,
    const uint8_t snapshot[SHA256_BYTES], struct err *err);

/* An epoch that began by an accepted loss. */
struct registry_epoch {
	uint64_t epoch;
	uint64_t index;     /* of the approval, in the log */
	int64_t recorded_s; /* of it */
	uint8_t proposal[SHA256_BYTES];
	uint64_t floor_seq; /* of the snapshot; its time, and the size of its log */
	int64_t floor_s;
	uint64_t floor_size;
	uint64_t lists; /* status lists below this number take no new certificate */
};
/* The one that began last. ERR_NOT_FOUND: no loss was ever accepted. */
MUST_CHECK bool registry_epoch(struct registry_epoch *out, struct registry *r, struct err *err);

/*
 * The class from which numbers of this year are drawn (credential/number.h): how many losses were accepted since
 * it began. A number of an earlier class may stand on a certificate whose acts are lost.
 */
MUST_CHECK bool registry_number_class(unsigned *out, struct registry *r, int year, struct err *err);

#endif

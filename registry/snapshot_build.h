/*
 * The parts of a snapshot (formats: snapshot), computed from what the register holds: the same rows give
 * the same bytes on every machine, so that the auditor can make them again and compare. Pure; rows come
 * from registry_list_parts() (registry/registry_parts.h).
 */
#ifndef REGISTRY_SNAPSHOT_BUILD_H
#define REGISTRY_SNAPSHOT_BUILD_H

#include "core/buf.h"
#include "credential/history.h"
#include "credential/sha256.h"

/* A slot that shows something else than "unknown". */
struct snapshot_row {
	uint16_t idx;
	bool assigned; /* made; else reserved: proposed and open, or approved and not yet made */
	/* Of assigned slots only: */
	uint8_t credential_hash[SHA256_BYTES];
	const uint8_t (*files)[SHA256_BYTES];
	size_t n_files; /* 1 to 255 */
	const struct history_entry *entries;
	size_t n_entries;
};

/* The parts of one list; a zeroed one is empty. */
struct snapshot_parts {
	struct buf status;
	struct buf fingerprints;
	struct buf history;
};

/*
 *   rows  ascending by idx
 *   at_s  the moment whose status the status part shows
 *
 * ERR_MEMORY, ERR_LIMIT
 */
MUST_CHECK bool snapshot_build(struct snapshot_parts *out, const struct snapshot_row *rows,
    size_t n, int64_t at_s, struct err *err);
void snapshot_parts_free(struct snapshot_parts *parts);

#endif

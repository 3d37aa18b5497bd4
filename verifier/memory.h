/*
 * What a verifier remembers of a bureau, so that nobody can show it yesterday's files: the newest
 * bundle, snapshots and checkpoint it accepted, and the latest signed time. One small JSON file a root
 * set, named after the root set's fingerprint.
 *
 * Of snapshots it is kept by issuer and key: what a thief counted up counts no more once a bundle closes his key.
 */
#ifndef VERIFIER_MEMORY_H
#define VERIFIER_MEMORY_H

#include "credential/cose.h"
#include "credential/root_set.h"

#include <jansson.h>

/* The hash of an object tells apart two of the same sequence, which must never be. seq 0: none seen. */
struct memory_mark {
	uint64_t seq;
	uint8_t hash[SHA256_BYTES];
};

/* The newest snapshot of an issuer that this key of his signed, by its payload. */
struct memory_snapshot {
	char issuer
	    [24]; /* ISS_MAX_BYTES and a NUL at least; memories are compared as bytes, so nothing is between */
	uint8_t kid[COSE_KID_BYTES];
	struct memory_mark mark;
};

#define MEMORY_SNAPSHOTS 64

struct memory {
	struct memory_mark bundle;
	struct memory_snapshot snapshots[MEMORY_SNAPSHOTS];
	size_t n_snapshots;
	struct memory_mark checkpoint; /* seq is the log's size, hash its root */
	uint64_t log_epoch;            /* of that log: a later one begins anew */
	uint8_t log_key
	    [COSE_KID_BYTES]; /* the first bytes of the SHA-256 of its vkey: so does one of another */
	int64_t latest_s;     /* newest signed time ever accepted */
};

/* Keep this snapshot in mind. Where there is no room, what is kept of the lowest sequence makes some. */
void memory_saw(struct memory *m, struct span issuer, const uint8_t kid[COSE_KID_BYTES],
    const struct memory_mark *mark);

/* Append $XDG_STATE_HOME/qualcert, or ~/.local/state/qualcert; nothing if there is no home. */
void memory_usual_folder(struct buf *out);

/*
 * Load FOLDER/FP.state, FP being the first 16 hex digits of the fingerprint. No file: zeroed memory.
 * ERR_MALFORMED names the file and says to remove it; ERR_IO.
 */
MUST_CHECK bool memory_load(struct memory *out, const char *folder,
    const uint8_t fingerprint[SHA256_BYTES], struct err *err);

/*
 * Write what differs from `before`, atomically; makes the folder. What another process has written meanwhile is not
 * lost: of each thing the newer is kept.
 */
MUST_CHECK bool memory_save(const struct memory *m, const struct memory *before, const char *folder,
    const uint8_t fingerprint[SHA256_BYTES], struct err *err);

/* The same as an object, the caller's, NULL without memory; and back: false if it is anything else. */
json_t *memory_json(const struct memory *m);
MUST_CHECK bool memory_from_json(struct memory *out, json_t *object);

#endif

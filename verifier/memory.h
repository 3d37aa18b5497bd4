/*
 * What a verifier remembers of a bureau, so that nobody can show it yesterday's files: the newest
 * bundle, snapshot and checkpoint it accepted, and the latest signed time. One small JSON file a root
 * set, named after the root set's fingerprint.
 */
#ifndef VERIFIER_MEMORY_H
#define VERIFIER_MEMORY_H

#include "core/buf.h"
#include "credential/sha256.h"

/* The hash of an object tells apart two of the same sequence, which must never be. seq 0: none seen. */
struct memory_mark {
	uint64_t seq;
	uint8_t hash[SHA256_BYTES];
};

struct memory {
	struct memory_mark bundle;
	struct memory_mark snapshot;   /* its payload */
	struct memory_mark checkpoint; /* seq is the log's size, hash its root */
	uint64_t log_epoch;            /* of that log: a later one begins anew */
	uint8_t status_kid[8]; /* the key that signed that snapshot: a stolen one is forgotten */
	int64_t latest_s;      /* newest signed time ever accepted */
};

/* Append $XDG_STATE_HOME/qualcert, or ~/.local/state/qualcert; nothing if there is no home. */
void memory_usual_folder(struct buf *out);

/*
 * Load FOLDER/FP.state, FP being the first 16 hex digits of the fingerprint. No file: zeroed memory.
 * ERR_MALFORMED names the file and says to remove it; ERR_IO.
 */
MUST_CHECK bool memory_load(struct memory *out, const char *folder,
    const uint8_t fingerprint[SHA256_BYTES], struct err *err);

/* Write it, atomically, if it differs from `before`; makes the folder. */
MUST_CHECK bool memory_save(const struct memory *m, const struct memory *before, const char *folder,
    const uint8_t fingerprint[SHA256_BYTES], struct err *err);

#endif

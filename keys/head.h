/*
 * What a key signed last, in a file beside the key: epoch, size and root of the log, and a sequence. It is
 * synced before the signature leaves, so that a register or folder put back from a backup cannot make the
 * key say less than it said. Only an epoch that the roots named begins anew (docs/format/loss.md).
 */
#ifndef KEYS_HEAD_H
#define KEYS_HEAD_H

#include "core/err.h"
#include "credential/merkle.h"

struct head {
	uint64_t epoch;          /* of the log, as the trust bundle names it */
	uint64_t seq;            /* of the snapshot; 0 for what has none */
	uint64_t size;           /* of the log */
	struct merkle_hash root; /* of the log; of a size of 0 zeros */
};

/* ERR_NOT_FOUND: the key signed nothing yet. ERR_MALFORMED. */
MUST_CHECK bool head_read(struct head *out, const char *path, struct err *err);

/*
 * May this be signed after what was signed last?
 *   root_then  the root the register has today at the size last signed; not asked for in a later epoch
 *
 * ERR_REFUSED  a sequence not above the last (unless both are 0); an earlier epoch; in the same a log that does
 *              not extend the one last signed: the register was put back or changed, and nothing may be signed
 *              over it
 */
MUST_CHECK bool head_extends(const struct head *last, const struct head *next,
    const struct merkle_hash *root_then, struct err *err);

/*
 * Write the head of what is about to be signed, if it extends the one in the file; root_then is NULL if
 * nothing was signed yet.
 */
MUST_CHECK bool head_advance(const char *path, const struct head *next,
    const struct merkle_hash *root_then, struct err *err);

#endif

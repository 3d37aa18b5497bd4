/*
 * C2SP tlog-proof: that an entry is in a log, for whoever knows the log's key, without asking anybody.
 * `extra` holds the entry itself, time of recording and SHA-256 of the act (log_tile.h), so that the proof
 * stands alone: whoever has the act compares its hash.
 */
#ifndef CREDENTIAL_LOG_PROOF_H
#define CREDENTIAL_LOG_PROOF_H

#include "credential/log_tile.h"

/* checkpoint: a signed note, verbatim. Appended. */
void log_proof_encode(struct buf *out, const struct log_entry *entry, uint64_t index,
    const struct merkle_proof *path, struct span checkpoint);

#endif

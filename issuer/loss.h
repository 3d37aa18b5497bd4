/*
 * Acts that are lost: what the keys signed last, or what is published, is of a log that this register does not
 * have. Nothing is made or published over it. Where no second copy and no auditor has the acts any more, two
 * officers accept the loss (docs/format/loss.md).
 */
#ifndef ISSUER_LOSS_H
#define ISSUER_LOSS_H

#include "issuer/bureau.h"

/*
 * Is every entry here that was signed (keys/log.head, keys/status.head) or published? What belongs to an epoch of
 * the log before the newest is not asked: its loss was accepted.
 *
 *   checkpoint  path of the published one; who cannot be believed says nothing
 *
 * ERR_REFUSED  no
 */
MUST_CHECK bool loss_refuse(struct bureau *b, const char *checkpoint, struct err *err);
/* The same with that of the bureau's own folder public/. */
MUST_CHECK bool loss_refuse_here(struct bureau *b, struct err *err);

/* The log's newest epoch: that of the trust bundle, or a later one that two officers began. */
MUST_CHECK bool loss_epoch(uint64_t *out, const struct bureau *b, struct err *err);

/* ERR_REFUSED while no adopted trust bundle names that epoch: readers would not follow. */
MUST_CHECK bool loss_refuse_unnamed(const struct bureau *b, struct err *err);

/*
 * What a kept floor shows that the register does not: lines for a screen, appended.
 *   snapshot  SHA-256 of its file
 */
MUST_CHECK bool loss_text(struct buf *out, const struct bureau *b,
    const uint8_t snapshot[SHA256_BYTES], enum lang lang, struct err *err);

#endif

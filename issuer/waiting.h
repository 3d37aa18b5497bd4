/*
 * A trust bundle that has come and is not adopted: while there is one, nothing but `adopt` is recorded
 * and nothing is signed, since it may say that a key was stolen.
 */
#ifndef ISSUER_WAITING_H
#define ISSUER_WAITING_H

#include "issuer/bureau.h"

/*
 * Is there a bundle newer than the one the register adopted last, signed by the roots and in its dates?
 * Looked for where one is put when it comes, `trust-bundle` in the bureau's folder, and among what was
 * published, public/v1/trust-bundle: a register put back from a backup must not fall behind it.
 *
 *   seq  its sequence, 0 if there is none
 */
MUST_CHECK bool waiting_bundle(uint64_t *seq, struct bureau *b, int64_t now_s, struct err *err);

/* Raise *seq to that of the bundle in this file, if it is such a one; no file is none. */
MUST_CHECK bool waiting_look(
    uint64_t *seq, struct registry *r, const char *path, int64_t now_s, struct err *err);

/* ERR_REFUSED if there is one. */
MUST_CHECK bool waiting_refuse(struct bureau *b, int64_t now_s, struct err *err);

#endif

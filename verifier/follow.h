/* The way to a trust bundle: from what was held before, or from the first, one after the other. */
#ifndef VERIFIER_FOLLOW_H
#define VERIFIER_FOLLOW_H

#include "keys/trust.h"
#include "verifier/memory.h"
#include "verifier/shelf.h"

/*
 * Hold the bundle offered, if a way leads to it from the one remembered through the numbered ones on the
 * shelf. A verifier that never saw a bundle of this root set begins with what it is given. Where the roots
 * changed since those of the root file, the way begins with the first bundle.
 *
 *   t     the root set, without a bundle; may hold one on the way if the answer is not TRUST_YES
 *   held  what was accepted before; seq 0: nothing
 *   why   the sentence behind any other answer than TRUST_YES
 */
MUST_CHECK enum trust_answer follow_bundles(struct trust *t, const struct shelf *shelf,
    struct span offered, const struct memory_mark *held, struct err *why);

#endif

/*
 * Where a certificate stands on the date asked, as known at the time asked: dates, status, orders, and
 * how far our data can tell.
 */
#ifndef VERIFIER_STANDING_H
#define VERIFIER_STANDING_H

#include "verifier/verify.h"

/* Set the moment or day asked and what is known, before anything else. */
void standing_ask(struct answer *a, const struct question *q);

/* Fill in status, effective end, effects, and the parts in_force and status_age. */
void standing_check(struct answer *a, const struct question *q, struct published *published,
    const struct published_slot *slot, const struct live *live, const struct claims *claims);

#endif

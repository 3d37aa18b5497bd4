/* What a certificate says: from what two officers decided, or from the one before it. Pure. */
#ifndef ISSUER_CLAIMS_MAKE_H
#define ISSUER_CLAIMS_MAKE_H

#include "credential/decision.h"
#include "credential/history.h"
#include "credential/number.h"

/* What the decision does not say. Borrowed. */
struct claims_given {
	struct span iss;
	struct span number;       /* stored form */
	struct history_slot slot; /* in the status lists */
	int64_t iat_s;            /* the proposal's time */
	int64_t from_s;           /* validity begins then; 0: with the issue */
};

/*
 * The claims of a first certificate, version 1; the first day of the anniversary of its beginning is the end
 * (exp), so the day before is the last day. Spans are borrowed from decision and given.
 *
 * ERR_REFUSED  the decision grants nothing
 */
MUST_CHECK bool claims_make(struct claims *out, const struct decision *decision,
    const struct claims_given *given, struct err *err);

/* The next version (licence_next_version()): it says what the one before it said, with the same first and last day. */
void claims_again(struct claims *out, const struct claims *before, unsigned version,
    const struct claims_given *given);

/* Version 1 of another grade, to this end (exp). */
void claims_regrade(struct claims *out, const struct claims *before,
    const struct claims_given *given, enum grade grade, int64_t end_s);

#endif

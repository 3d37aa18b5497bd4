/*
 * Did two officers agree to exactly these claims? One function over bytes, in one code path for the
 * issuer, who signs nothing without its result, and for the verifier, who believes nothing without it.
 */
#ifndef REGISTRY_QUORUM_H
#define REGISTRY_QUORUM_H

#include "core/err.h"
#include "core/span.h"

struct trust; /* keys/trust.h */

enum quorum_answer {
	QUORUM_UNDECIDED =
	    0, /* a zeroed answer never reads as agreement; err says what stopped us */
	QUORUM_AGREED,
	QUORUM_MALFORMED,   /* not two acts of ours, or claims that cannot be read */
	QUORUM_KINDS,       /* not a proposal to issue and an approval of it */
	QUORUM_UNKNOWN_KEY, /* signed by no officer the bundle lists */
	QUORUM_SIGNATURE,   /* a signature does not hold: altered, or an act of another bureau */
	QUORUM_CLAIMS,      /* they agreed to something else */
	QUORUM_ANSWER, /* the approval is not of this proposal, or does not follow it directly */
	QUORUM_ONE_PERSON,  /* one key or one person did both */
	QUORUM_ROLES,       /* the two roles were not theirs at the time, or do not issue */
	QUORUM_TIMES,       /* too late, in the wrong order, or not the time of the certificate */
	QUORUM_COMPROMISED, /* all else agrees, but one of the keys was stolen: only a newer snapshot
	                       * that lists the credential can say it counts */
};

/* Proof of the agreement: only quorum_check() makes one, and credential_sign() takes nothing else. */
struct quorum;

/*
 *   out       new object if the answer is QUORUM_AGREED, else NULL; quorum_free()
 *   trust     the bundle to believe; the bureau is the bundle's
 *   claims    the claims bytes of the credential
 *   proposal, approval  whole acts
 *   why       the sentence behind any other answer than QUORUM_AGREED
 */
MUST_CHECK enum quorum_answer quorum_check(struct quorum **out, const struct trust *trust,
    struct span claims, struct span proposal, struct span approval, struct err *why);
void quorum_free(struct quorum *q);

/* The claims agreed to, byte for byte; borrowed. */
struct span quorum_claims(const struct quorum *q);
/* The moment before which they must be carried out. */
int64_t quorum_not_after_s(const struct quorum *q);

#endif

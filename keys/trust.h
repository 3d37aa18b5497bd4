/*
 * Whom we believe: a root set somebody chose, and the newest trust bundle two of its three roots signed
 * (formats: root set and trust bundle). A key counts only because the bundle lists it; no X.509 path is
 * built. Keys are parsed once, when a bundle is accepted.
 *
 * An object that holds a bundle is read only: threads may share it.
 */
#ifndef KEYS_TRUST_H
#define KEYS_TRUST_H

#include "credential/act.h"
#include "credential/bundle.h"
#include "credential/checkpoint.h"
#include "credential/credential.h"
#include "credential/note.h"
#include "keys/signatures.h"

struct trust;

/* What became of bytes that claim to be signed by somebody we believe. */
enum trust_answer {
	TRUST_UNDECIDED = 0, /* a zeroed answer is no yes; err says what stopped us */
	TRUST_YES,
	TRUST_MALFORMED,   /* not an object of that kind */
	TRUST_UNKNOWN_KEY, /* no listed key of that use has this kid and algorithm */
	TRUST_SIGNATURE,   /* a signature does not hold, or fewer hold than must */
	TRUST_OTHER,       /* of another bureau or root set */
	TRUST_OLDER,       /* an earlier sequence than the one held */
	TRUST_ALARM,       /* the sequence held, with other bytes */
	TRUST_GAP,         /* does not follow the bundle held: those between are needed */
	TRUST_EXPIRED,     /* was good until its end, which has passed */
	TRUST_QUORUM,      /* genuine, but fewer auditors signed than the bundle asks */
};

/*
 * Open a root file (root.cose): all three roots must have signed it.
 *   out  new object without a bundle; trust_free(). NULL on failure.
 * ERR_MALFORMED, ERR_CRYPTO (a signature does not hold)
 */
MUST_CHECK bool trust_open(struct trust **out, struct span root_file, struct err *err);
void trust_free(struct trust *t);

/* SHA-256 of the root set: what a person types. SHA256_BYTES. */
const uint8_t *trust_fingerprint(const struct trust *t);
const struct root_set *trust_roots(const struct trust *t);

/* Let trust_verify_act() and its like look up, and keep, what holds in s; borrowed while t lives. */
void trust_remember(struct trust *t, struct signatures *s);

/*
 * Judge a bundle file against the roots and the bundle held, and hold it if the answer is TRUST_YES.
 * The bundle held already, byte for byte, is a TRUST_YES too, even when it has expired since: whoever asks
 * looks at trust_bundle()->exp_s. The first bundle may have any sequence.
 *
 *   now_s  a bundle that has expired, or is dated more than 5 minutes ahead, is TRUST_EXPIRED
 *   why    the sentence behind any other answer than TRUST_YES
 */
MUST_CHECK enum trust_answer trust_accept(
    struct trust *t, struct span bundle_file, int64_t now_s, struct err *why);

/*
 * For the register, which lives by the bundles it adopted one after the other, whatever the time: as
 * trust_accept(), but expiry is not asked.
 */
MUST_CHECK enum trust_answer trust_adopt(struct trust *t, struct span bundle_file, struct err *why);

/* The bundle held; NULL before the first. Borrowed until the next trust_accept(). */
const struct bundle *trust_bundle(const struct trust *t);
/* SHA-256 of its payload; only where one is held. */
const uint8_t *trust_bundle_hash(const struct trust *t);

/*
 * Which listed key of this use signed this? Every key with that kid and algorithm is tried; state and
 * dates are for the caller to judge from *signer, which is set with TRUST_YES only.
 */
MUST_CHECK enum trust_answer trust_verify_sign1(const struct bundle_key **signer,
    const struct trust *t, enum key_use use, const struct cose_sign1 *message,
    struct span external_aad);
/* As trust_verify_sign1, over an act (external_aad is the bureau's id) or a credential. */
MUST_CHECK enum trust_answer trust_verify_act(const struct bundle_key **signer,
    const struct trust *t, enum key_use use, const struct act *act);
MUST_CHECK enum trust_answer trust_verify_credential(
    const struct bundle_key **signer, const struct trust *t, const struct credential *credential);

/*
 * A snapshot's signatures: exactly one by an active status key, and as many by different active audit
 * keys as the bundle asks; any signature that does not hold spoils it. TRUST_QUORUM if only auditors are
 * missing. *status_key is set with TRUST_YES and TRUST_QUORUM.
 */
MUST_CHECK enum trust_answer trust_verify_snapshot(const struct bundle_key **status_key,
    const struct trust *t, const struct cose_sign *snapshot, int64_t iat_s);

/*
 * A checkpoint of the log: signed by the log key the bundle names, with the witnesses' cosignatures it
 * asks for (*witnessed says whether there was any). ERR_MALFORMED, ERR_CRYPTO.
 */
MUST_CHECK bool trust_verify_checkpoint(struct checkpoint *out, bool *witnessed,
    const struct trust *t, struct span note, struct err *err);

/* The witness's cosignature (C2SP cosignature/v1) on a note that holds; NULL: there is none. */
const struct note_signature *trust_find_cosignature(const struct note *note, struct span vkey);

/* The parsed key of an entry of the bundle held; NULL for a key of a kind we cannot use. */
const struct key *trust_key(const struct trust *t, const struct bundle_key *entry);
/* What trust_remember() was given; NULL: nothing is remembered. */
struct signatures *trust_signatures(const struct trust *t);

#endif

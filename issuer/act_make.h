/*
 * From a wish to a recorded act: fill in what the chain and the bundle dictate, sign, record. One way for
 * every command; with a draft the last two steps happen elsewhere.
 */
#ifndef ISSUER_ACT_MAKE_H
#define ISSUER_ACT_MAKE_H

#include "credential/act_body.h"
#include "issuer/bureau.h"
#include "keys/signer.h"

/* Acts under preparation, of one sitting or of a part of it. Set the first four, zero the rest; sitting_free() when done. */
struct sitting {
	struct bureau *bureau;
	int64_t now_s;
	bool bundle_waiting;         /* a newer trust bundle has come and is not adopted */
	const char *idempotency_key; /* of the command line; NULL: none */
	size_t
	    place; /* in the sitting, of the act added next: with the key it makes that act's own */
	struct buf *claims; /* encoded act claims, one for each act */
	size_t n_claims;
	struct buf *context; /* bytes of the acts that the claims answer */
	size_t n_context;
};

/*
 * Add an act: sequence and previous hash from the register's chain of the subject, time now, a random
 * nonce, the bundle adopted last. With an idempotency key, its hash with the act's place in the sitting.
 * Whether it may be recorded is judged when it is.
 */
MUST_CHECK bool sitting_add(
    struct sitting *s, struct span subject, const struct act_body *body, struct err *err);

/* Add the act that an answer just added is about, so that who signs can read it. */
MUST_CHECK bool sitting_add_context(struct sitting *s, struct span act, struct err *err);

/*
 * The act that is in the register under the idempotency key of the act to be added next. Whoever has to
 * draw or date something for it takes what that one has, and so repeats it; what else differs is refused
 * when recorded (ACT-08).
 *
 *   found  false: no key was given, or it was not used yet
 *   out    spans are borrowed from `bytes`
 */
MUST_CHECK bool sitting_recall(bool *found, struct chain_entry *out, struct buf *bytes,
    const struct sitting *s, struct err *err);

/* The draft file of the sitting (issuer/draft.h), appended. */
MUST_CHECK bool sitting_export(struct buf *out, const struct sitting *s, struct err *err);

/*
 * Sign each act and record them in one transaction.
 *   items  n_claims of them, the caller's array: what became of each. Their `act` spans are borrowed from
 *   acts   n_claims empty buffers of the caller, who frees them with buf_free()
 */
MUST_CHECK bool sitting_record(struct registry_item *items, struct buf *acts,
    const struct sitting *s, const struct signer *signer, struct err *err);

/* Forget the acts, to go on with the next part of the same sitting. */
void sitting_clear(struct sitting *s);
void sitting_free(struct sitting *s);

/* A new sitting's ID that no proposal in the register has: "P-9XQ4-7". */
MUST_CHECK bool sitting_new_id(
    char out[REGISTRY_SITTING_BYTES], const struct bureau *b, struct err *err);

#endif

/*
 * From a wish to a recorded act: fill in what the chain and the bundle dictate, sign, record. One way for
 * every command; with export only the last two steps happen elsewhere.
 */
#ifndef ISSUER_ACT_MAKE_H
#define ISSUER_ACT_MAKE_H

#include "credential/act_body.h"
#include "issuer/bureau.h"
#include "issuer/draft.h"
#include "issuer/officer.h"

/* Acts under preparation, of one sitting. Zero it; sitting_free() when done. */
struct sitting {
	struct bureau *bureau;
	int64_t now_s;
	const char *
	    idempotency_key; /* of the command line, or NULL: hashed with the position in the sitting */
	struct buf *claims; /* encoded act-claims, one for each act */
	size_t n_claims;
	struct buf *context; /* bytes of acts the claims answer */
	size_t n_context;
};

/*
 * Add an act: sequence and previous hash from the register's chain of the subject, time now, a random
 * nonce, the bundle adopted last.
 */
MUST_CHECK bool sitting_add(
    struct sitting *s, struct span subject, const struct act_body *body, struct err *err);

/* Add the act that an answer is about, so that who signs can read it. */
MUST_CHECK bool sitting_add_context(struct sitting *s, struct span act, struct err *err);

/* The draft file of the sitting. */
MUST_CHECK bool sitting_export(struct buf *out, const struct sitting *s, struct err *err);

/*
 * Sign each act and record them in one transaction. items: n_claims of them, the caller's array; their
 * `act` spans are borrowed from `acts`, an array of n_claims the caller frees with acts_free().
 */
MUST_CHECK bool sitting_record(struct registry_item *items, struct buf *acts,
    const struct sitting *s, const struct signer *signer, struct err *err);

void sitting_free(struct sitting *s);
void acts_free(struct buf *acts, size_t n);

/* A new sitting's ID: "P-9XQ4-7". */
MUST_CHECK bool sitting_new_id(char out[REGISTRY_SITTING_BYTES], struct err *err);

/* n random bytes from the system. ERR_CRYPTO. */
MUST_CHECK bool random_bytes(uint8_t *out, size_t n, struct err *err);

#endif

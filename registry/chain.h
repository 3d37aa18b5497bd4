/*
 * A subject's chain as the register holds it: its recorded acts, decoded, in order. What a case or a
 * licence is, is a fold over this (case.h, licence.h).
 */
#ifndef REGISTRY_CHAIN_H
#define REGISTRY_CHAIN_H

#include "credential/act_body.h"
#include "credential/bundle.h"

/* Who signed: a plain value, so that it outlives the bundle that listed the key. */
struct chain_who {
	uint8_t person[BUNDLE_PERSON_BYTES]; /* zeros for the service */
	uint8_t key[SHA256_BYTES];           /* SHA-256 of the key's SubjectPublicKeyInfo */
	const char *name; /* what the bureau calls the person; NULL: unknown. Borrowed */
};

/* One act on the subject. Spans are borrowed from the act's bytes. */
struct chain_entry {
	struct act act;
	struct act_body body;
	struct chain_who who;
	int64_t recorded_s; /* by the register's clock */
	uint64_t index;     /* in the log */
};

/* Where the next act follows. */
struct chain_tail {
	uint64_t acts;              /* so far: the next sequence */
	uint8_t hash[SHA256_BYTES]; /* of the last act; zeros if there is none */
};

/*
 * Decode an act and its body; who, recorded_s and index are the caller's to set. No signature is checked.
 * ERR_MALFORMED, ERR_LIMIT, ERR_REFUSED as act_parse() and act_body_parse().
 */
MUST_CHECK bool chain_entry_parse(struct chain_entry *out, struct span act, struct err *err);

/* The signer a bundle lists under this key. `name` may be NULL. */
struct chain_who chain_who_of(const struct bundle_key *key, const char *name);

struct chain_tail chain_tail(const struct chain_entry *entries, size_t n);

/* Same person, whatever the key. */
bool chain_same_person(const struct chain_who *a, const struct chain_who *b);

/* Of a proposal; 0 and an empty span for any other act. */
int64_t chain_not_after_s(const struct chain_entry *proposal);
struct span chain_sitting(const struct chain_entry *proposal);

/* Does this answer name this proposal, by hash and by kind? */
bool chain_answers(const struct chain_entry *answer, const struct chain_entry *proposal);

#endif

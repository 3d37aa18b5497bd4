/* Bundles offered to somebody who holds the bureau's first. For tests only. */
#ifndef TESTS_KEYS_OFFER_H
#define TESTS_KEYS_OFFER_H

#include "tests/keys/bureau.h"

#define DAY_S 86400

/* State of a test: a bureau of its own. */
static inline int
bureau_set_up(void **state)
{
	*state = bureau_new();
	return 0;
}

static inline int
bureau_tear_down(void **state)
{
	bureau_free(*state);
	return 0;
}

/* What is offered to a verifier that holds bundle 1. */
struct offer {
	struct bundle bundle;
	struct signer *by[4];
	size_t n;
	int64_t now_s;
};

/* Bundle 2, as it should be. */
static inline struct offer
offer_next(const struct bureau *b)
{
	struct offer o = { b->bundle, { b->root[0], b->root[2] }, 2, BUREAU_NOW_S + DAY_S };

	o.bundle.seq = 2;
	o.bundle.iat_s += DAY_S;
	o.bundle.prev = span_of(trust_bundle_hash(b->trust), SHA256_BYTES);
	return o;
}

/* Signed and offered. */
static inline enum trust_answer
offer_to(struct trust *t, const struct offer *o, struct err *why)
{
	struct buf file = BUF_EMPTY;

	bureau_sign(&file, &o->bundle, o->by, o->n);
	enum trust_answer answer = trust_accept(t, buf_span(&file), o->now_s, why);
	buf_free(&file);
	return answer;
}

#endif

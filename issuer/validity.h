/* A certificate on a date as known at a time, from the register: both clocks, and what its holder may do. */
#ifndef ISSUER_VALIDITY_H
#define ISSUER_VALIDITY_H

#include "issuer/bureau.h"

/* A certificate and what befell it. Points into itself: not to be copied. */
struct validity {
	struct registry_instrument instrument;
	struct credential credential;
	char shown[NUMBER_SHOWN_BYTES];
	struct history_entry *history; /* owned */
	size_t n_history;
};

/* Load by number, stored or shown. validity_free() it, also after a failure. */
MUST_CHECK bool validity_load(
    struct validity *out, const struct bureau *b, struct span number, struct err *err);
void validity_free(struct validity *s);

enum validity_state {
	VALIDITY_UNKNOWN, /* it was not made yet, as known then */
	VALIDITY_NOT_YET, /* before its first day */
	VALIDITY_IN_FORCE,
	VALIDITY_SUSPENDED,
	VALIDITY_REVOKED,
	VALIDITY_EXPIRED
};

enum validity_work { WORK_NO, WORK_SUPERVISED, WORK_YES };

struct validity_answer {
	enum validity_state state;
	enum validity_work contracts;      /* new classified contracts */
	enum validity_work existing;       /* finishing existing work */
	const struct history_entry *entry; /* what decided it; NULL: none. Borrowed */
};

/* On the moment on_s, as known at known_s. */
struct validity_answer validity_ask(const struct validity *s, int64_t on_s, int64_t known_s);

/* "in force", and for machines "in-force" */
const char *validity_words(const struct validity_answer *a, enum lang lang);
const char *validity_work_words(enum validity_work work, enum lang lang);
/* { number, holder, uscc, grade, valid_from_s, valid_until_s, state, new_contracts, existing_work } */
struct json_t *validity_json(const struct validity *s, const struct validity_answer *a);

#endif

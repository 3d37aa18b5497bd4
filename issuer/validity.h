/* A certificate on a date as known at a time, from the register: both clocks, and what its holder may do. */
#ifndef ISSUER_VALIDITY_H
#define ISSUER_VALIDITY_H

#include "issuer/bureau.h"
#include "registry/registry_licence.h"

/* A certificate and what befell its licence, as known at a moment. Points into itself: not to be copied. */
struct validity {
	struct registry_instrument instrument; /* the newest version of then */
	struct credential credential;
	char shown[NUMBER_SHOWN_BYTES];
	int64_t known_s;
	struct registry_record record;
	struct registry_licence versions;
	struct registry_chain chain;  /* the acts on the number, later ones too */
	size_t n_known;               /* those recorded by then */
	struct licence_state licence; /* that they amount to */
};

/*
 * Load by number, stored or shown. validity_free() it, also after a failure.
 * ERR_NOT_FOUND: no such certificate; one made later than known_s is found, and unknown then
 */
MUST_CHECK bool validity_load(struct validity *out, const struct bureau *b, struct span number,
    int64_t known_s, struct err *err);
void validity_free(struct validity *s);

enum validity_state {
	VALIDITY_UNKNOWN, /* it was not made yet, as known then */
	VALIDITY_NOT_YET, /* before its first day */
	VALIDITY_IN_FORCE,
	VALIDITY_EXPIRED, /* past its effective end */
	VALIDITY_SUSPENDED,
	VALIDITY_REPLACED, /* by a newer version */
	VALIDITY_ENDED,    /* withdrawn, deregistered, superseded */
	VALIDITY_REVOKED,
	VALIDITY_ANNULLED
};

struct validity_answer {
	enum validity_state state;
	enum licence_status ended;         /* how, where it ended */
	enum work contracts;               /* new classified contracts */
	enum work existing;                /* finishing existing work */
	int64_t end_s;                     /* effective end, by orders */
	struct span order;                 /* the one that moved it; empty: none */
	const struct history_entry *entry; /* what decided it; NULL: none. Borrowed */
};

/* On the moment on_s. */
struct validity_answer validity_ask(const struct validity *s, int64_t on_s);

/* "in force", and for machines "in-force" */
const char *validity_words(const struct validity_answer *a, enum lang lang);
const char *validity_work_words(enum work work, enum lang lang);
/* "2026-03-01 to 2031-02-28", and what an order made of it, appended. */
void validity_days(
    struct buf *out, const struct validity *s, const struct validity_answer *a, enum lang lang);
/*
 * { number, version, holder, uscc, grade, valid_from_s, valid_until_s, effective_until_s, ? order, state,
 * ? ended, ? since_s, ? until_at_least_s, ? replaced_by, new_contracts, existing_work }
 */
struct json_t *validity_json(const struct validity *s, const struct validity_answer *a);

#endif

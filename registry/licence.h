/*
 * A licence: what became of a certificate's right, computed from the acts on its number. It is born
 * active by the *made* act of its case; suspensions, liftings and the revocation come here.
 */
#ifndef REGISTRY_LICENCE_H
#define REGISTRY_LICENCE_H

#include "credential/credential.h"
#include "credential/history.h"
#include "registry/chain.h"

/* Entries are borrowed from the chain; NULL: none. */
struct licence_state {
	enum status status;            /* by the last effective act, whatever its date */
	struct history_entry *history; /* owned; in the order of recording */
	size_t n_history;
	const struct chain_entry *suspension; /* the effective suspension, while it lasts */
	const struct chain_entry *revocation;
	const struct chain_entry *open; /* the proposal that waits for an answer */
};

/*
 * The licence as it stands at now_s: what is asked of it for another date or as known earlier is
 * history_find() over its history.
 *
 *   out      licence_free() it; zeroed on failure
 *   entries  the acts on the number, oldest first; none: the licence as it was made
 *
 * ERR_MEMORY
 */
MUST_CHECK bool licence_fold(struct licence_state *out, const struct chain_entry *entries, size_t n,
    int64_t now_s, struct err *err);
void licence_free(struct licence_state *state);

#endif

/*
 * A licence: what became of a certificate's right, and its instruments, the versions of the certificate.
 * Computed from the acts on its number, the versions made and what superseded it; nothing is stored that
 * the acts do not say.
 *
 * The two clocks: a licence is folded as known at a moment, from what was recorded by then; what was or
 * will be on any date is asked of the fold. The projections keep per instrument what history_find() and
 * history_find_order() read (credential/history.h): each act that changes anything adds the entries by
 * which their answers become those of the fold, so that a snapshot answers as the register does.
 */
#ifndef REGISTRY_LICENCE_H
#define REGISTRY_LICENCE_H

#include "credential/credential.h"
#include "credential/history.h"
#include "registry/chain.h"
#include "registry/ground.h"

/* An instrument of the licence. */
struct licence_version {
	unsigned version;        /* from 1 on; without a gap unless acts were lost */
	int64_t recorded_s;      /* when it was made */
	int64_t replaces_from_s; /* the version before it is void from then on; of the first: 0 */
	int64_t iat_s;           /* the time of issue in its claims */
};

/*
 * What was published of an instrument before later acts on its licence were lost (docs/format/loss.md). Of one
 * that was made since, nothing.
 */
struct licence_floor {
	const struct history_entry *entries;
	size_t n;
	const struct history_order *orders; /* of its slot */
	size_t n_orders;
	bool known; /* it was published */
};

/* The loss that was accepted, where it concerns the licence. */
struct licence_loss {
	const struct licence_floor
	    *floors; /* one beside each version; NULL: nothing of it was lost */
	const uint8_t
	    *proposal;  /* hash of the act by which it was accepted, for rulings on what is lost */
	uint64_t index; /* of its approval */
	uint64_t size;  /* an act below it, recorded by then, is in the floors */
	int64_t iat_s;
};

/* What a licence is folded from. All borrowed. */
struct licence_facts {
	const struct chain_entry *entries; /* the acts on the number, oldest first */
	size_t n;
	const struct licence_version *versions; /* ascending; at least one */
	size_t n_versions;
	int64_t begin_s, exp_s; /* [begin, exp) as printed */
	bool superseded;        /* a licence of another grade has taken its place */
	int64_t superseded_from_s;
	struct licence_loss loss;
};

/* A proposal that took effect. */
struct licence_act {
	const struct chain_entry *proposal;
	int64_t recorded_s; /* of its approval: known from then on */
	uint64_t index;     /* of it, in the log */
	bool struck;        /* corrected: counts as never effective */
	bool aside;         /* by a ruling it counts no more from aside_from_s on */
	int64_t aside_from_s;
	enum status aside_status; /* what the ruling left */
};

struct licence_state {
	enum licence_status
	    status;    /* by the last act that counts, whatever its date; expired at now_s */
	int64_t end_s; /* effective end, by the orders in force at now_s */
	struct licence_act *acts; /* owned; in the order of recording */
	size_t n_acts;
	const struct licence_act
	    *suspension; /* the one that counts, while the status is suspended */
	const struct chain_entry
	    *making; /* reissue or regrade approved, its certificate still to be made */
	const struct chain_entry *making_approval;
	const struct chain_entry *open; /* the proposal that waits for an answer */
	struct licence_facts facts;
};

/*
 * The licence as it stands at now_s.
 *
 *   out  licence_free() it; zeroed on failure. Borrows what the facts borrow.
 *
 * ERR_MEMORY
 */
MUST_CHECK bool licence_fold(
    struct licence_state *out, const struct licence_facts *facts, int64_t now_s, struct err *err);
void licence_free(struct licence_state *state);

/* The act that took effect by the proposal with this hash; NULL if there is none. */
const struct licence_act *licence_find_act(
    const struct licence_state *s, const uint8_t proposal[SHA256_BYTES]);

/*
 * May this act be corrected, or set aside (`verb`)? Not twice; and a ruling is about a sanction or an ending.
 * A certificate that was made is replaced, not corrected: its making is no act of this list. What was published
 * before a loss cannot be told apart from what is lost: a ruling says what is left of both.
 */
bool licence_act_yields(
    const struct licence_state *s, const struct licence_act *act, enum act_kind verb);

/* The licence as it would stand if this proposal took effect now. */
struct licence_foresight {
	struct licence_state licence;
	struct chain_entry *entries; /* owned; the proposal and its approval last */
};

/*
 *   out   licence_foresight_free() it, also after a failure. Borrows what facts and body borrow.
 *   body  of a proposal on the licence that makes no certificate
 *
 * ERR_MEMORY
 */
MUST_CHECK bool licence_foresee(struct licence_foresight *out, const struct licence_facts *facts,
    const struct act_body *body, int64_t now_s, struct err *err);
void licence_foresight_free(struct licence_foresight *f);

/*
 * Where an act stands to a loss: in the floors, which say what became of it, or between them and the loss, where
 * it can make nothing better than the floors say. Any other counts as always.
 */
bool licence_act_is_floor(const struct licence_state *s, const struct licence_act *act);
bool licence_act_is_between(const struct licence_state *s, const struct licence_act *act);
/* Is it a ruling that sets aside what the floors say: an act in them, or whatever was lost? */
bool licence_act_rules_on_floor(const struct licence_state *s, const struct licence_act *act);
/* Does this hash, as the target of an act, mean whatever was lost? */
bool licence_is_loss(const struct licence_state *s, const uint8_t target[SHA256_BYTES]);

/* What the floors say of the licence at a moment, whatever became of one instrument. */
enum status licence_floor_at(const struct licence_state *s, int64_t on_s);
enum licence_status licence_floor_status(const struct licence_state *s, int64_t on_s);
/* The order in them that moved its end, of those in force at the moment; NULL: none. */
const struct history_order *licence_floor_order(const struct licence_state *s, int64_t on_s);
/* The entry that decides one instrument in them; NULL: none. */
const struct history_entry *licence_floor_entry(
    const struct licence_state *s, unsigned version, int64_t on_s);
/* The next version that no certificate has, of those that are lost neither. */
unsigned licence_next_version(const struct licence_state *s);

/* What a moment means for one instrument. */
struct licence_moment {
	enum status status;
	enum licence_status licence; /* what of the licence gave it that status; never expired */
	uint16_t by;                 /* the newer version, when replaced; else 0 */
	int64_t end_s;               /* effective end */
	int64_t
	    suspended_to_s; /* suspended: to then at least; 0: it is not, or its window is over */
};
struct licence_moment licence_at(const struct licence_state *s, unsigned version, int64_t on_s);

/*
 * Entries to be recorded now beside those of an instrument, so that history_find() answers for every
 * moment what licence_at() says. A suspension is two entries: since its end restores nothing, one without
 * an end; over it one that ends with its window, so that who asks inside it is told so.
 *
 *   out   owned, free(); NULL if nothing changed
 *   have  what is recorded already
 */
MUST_CHECK bool licence_history_news(struct history_entry **out, size_t *n,
    const struct licence_state *s, unsigned version, const struct history_entry *have,
    size_t n_have, int64_t recorded_s, struct err *err);

/*
 * The same for its effective end: orders of one slot, for history_find_order(). Order names are borrowed
 * from the acts.
 */
MUST_CHECK bool licence_order_news(struct history_order **out, size_t *n,
    const struct licence_state *s, const struct history_order *have, size_t n_have,
    struct history_slot *slot, int64_t recorded_s, struct err *err);

#endif

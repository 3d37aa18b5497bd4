/*
 * May this act be recorded now? Every rule that stands between an officer's wish and the register, one
 * function each, in a fixed order; the first that says no gives the answer. Pure: the caller brings the
 * subject's chain and the facts, so that the store, an audit and an officer's inbox get one answer.
 *
 * A refusal is ERR_REFUSED; its text begins with the rule's id ("SEP-01: ..."); docs/format/rules.md has
 * them all.
 */
#ifndef REGISTRY_JUDGE_H
#define REGISTRY_JUDGE_H

#include "registry/applied.h"
#include "registry/licence.h"
#include "registry/policy.h"

struct trust; /* keys/trust.h */

#define JUDGE_RULE_BYTES 7 /* "SEP-01" and NUL */

/* Seconds an officer's time may lie after the recording, and before it (an issue proposal: the last). */
#define JUDGE_AHEAD_S 300
#define JUDGE_BEHIND_S (15 * 86400)
#define JUDGE_ISSUE_BEHIND_S 3600

/* What a rule may look at. Everything is borrowed. */
struct judge {
	/* The register. */
	const struct policy *policy;
	const struct bundle *bundle; /* adopted last */
	const uint64_t *adopted;     /* sequences of all bundles ever adopted */
	size_t n_adopted;
	bool bundle_waiting;  /* a newer valid bundle is known and not adopted */
	bool stopped;         /* an officer stopped the making of certificates */
	uint64_t epoch_index; /* of the act by which a loss was accepted last; 0: none was */
	uint64_t lists; /* status lists below this number take no new certificate since then */
	int64_t now_s;  /* the time of recording */
	int64_t last_s; /* of the last recording; 0 if there is none */

	/* The subject, folded at now_s. */
	const struct chain_entry *chain; /* its acts, oldest first */
	size_t n_chain;
	const struct case_state *dossier;    /* a case; else NULL */
	const struct licence_state *licence; /* a number that was issued; else NULL */
	const struct claims *claims;         /* of that number's newest credential; else NULL */

	/* What is already there, for the act in hand. */
	bool act_known; /* the same bytes, or another act with the same nonce */
	bool key_known; /* another act with the same idempotency key */
	/* A proposal that makes a certificate: */
	bool number_known;     /* its number was used before */
	bool slot_known;       /* its status slot was used before */
	unsigned number_class; /* from which numbers of its year are drawn */
	/* The approval of one: */
	bool number_awaited; /* another with its number is approved, and still to be made */
	/* An application, a decision or what is granted on one: */
	struct applied applied;     /* of the act in hand, or of the dossier */
	const struct case_bar *bar; /* what keeps the applicant from it; NULL: nothing */
	struct applied_licence of;  /* the licence it is about */
};

/*
 * The listed key, of an officer or of the service, that signed the act for the trust's bureau (rules
 * ACT-01, ACT-02); NULL on failure. Whether it might is for judge_act().
 */
MUST_CHECK bool judge_signer(const struct bundle_key **out, const struct trust *trust,
    const struct act *act, struct err *err);

/*
 * May `act` be recorded? `signer` is what judge_signer() gave; act->who and act->recorded_s (now_s) are
 * set. ERR_REFUSED, or ERR_MALFORMED if claims or application inside cannot be read.
 */
MUST_CHECK bool judge_act(const struct judge *j, const struct chain_entry *act,
    const struct bundle_key *signer, struct err *err);

/*
 * Could this person sign an act of this kind on the subject now? The same rules, as far as they do not
 * ask for the act's bytes; an answer means the proposal that is open. ERR_REFUSED with the rule.
 */
MUST_CHECK bool judge_may(const struct judge *j, enum act_kind kind, const struct chain_who *who,
    const struct bundle_key *signer, struct err *err);

/* Could this person, whatever his key, be in the team of an on-site review ordered now? */
MUST_CHECK bool judge_may_visit(
    const struct judge *j, const struct chain_who *who, struct err *err);

/* The act a case waits for by its bureau's policy, whoever may sign it; ACT_NONE at its end. */
enum act_kind judge_next(const struct judge *j);

/*
 * Is this a proposal of a certificate that follows another, by an order or by what was granted about a
 * licence? Its approval is judged by what became of that one meanwhile.
 */
bool judge_follows(const struct chain_entry *proposal);

/* The rule's id from a refusal's text; an empty string if it is no refusal by a rule. */
void judge_rule(char out[JUDGE_RULE_BYTES], const struct err *err);

#endif

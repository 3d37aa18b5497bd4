#include "registry/quorum.h"

#include "core/buf.h"
#include "keys/trust.h"
#include "registry/chain.h"

#include <stdlib.h>

/* The clocks of two officers may differ by this much. */
#define CLOCKS_S 300

struct quorum {
	struct buf claims;
	int64_t not_after_s;
};

struct evidence {
	const struct trust *trust;
	struct span claims_bytes;
	struct claims claims;
	struct chain_entry proposal, approval;
	const struct bundle_key *proposer, *approver;
};

/* Sentence and answer in one line. */
#define NO(answer, ...) (err_set(why, ERR_REFUSED, __VA_ARGS__), (answer))

static enum quorum_answer
unreadable(struct err *why, const char *what)
{
	const bool no_memory = why->code == ERR_MEMORY;
	err_in(why, "%s", what);
	return no_memory ? QUORUM_UNDECIDED : QUORUM_MALFORMED;
}

static enum quorum_answer
read_all(struct evidence *e, struct span proposal, struct span approval, struct err *why)
{
	if (!chain_entry_parse(&e->proposal, proposal, why))
		return unreadable(why, "proposal");
	if (!chain_entry_parse(&e->approval, approval, why))
		return unreadable(why, "approval");
	if (!credential_claims_parse(&e->claims, e->claims_bytes, why))
		return unreadable(why, "claims");
	if (!act_body_makes(e->proposal.act.kind) || e->approval.act.kind != ACT_APPROVE)
		return NO(QUORUM_KINDS,
		    "the acts are \"%s\" and \"%s\", not a proposal to issue and an approval",
		    act_kind_word(e->proposal.act.kind), act_kind_word(e->approval.act.kind));
	return QUORUM_AGREED;
}

static enum quorum_answer
check_signature(const struct bundle_key **signer, const struct trust *trust, const struct act *act,
    struct err *why)
{
	const char *word = act_kind_word(act->kind);

	switch (trust_verify_act(signer, trust, KEY_USE_OFFICER, act)) {
	case TRUST_YES:
		return QUORUM_AGREED;
	case TRUST_UNKNOWN_KEY:
		return NO(QUORUM_UNKNOWN_KEY,
		    "\"%s\" is signed by no officer the trust bundle lists", word);
	case TRUST_UNDECIDED:
		return NO(QUORUM_UNDECIDED, "the signature of \"%s\" could not be checked", word);
	default:
		return NO(QUORUM_SIGNATURE,
		    "the signature of \"%s\" does not hold: altered, or of another bureau", word);
	}
}

static enum quorum_answer
check_signatures(struct evidence *e, struct err *why)
{
	enum quorum_answer answer = check_signature(&e->proposer, e->trust, &e->proposal.act, why);
	if (answer == QUORUM_AGREED)
		answer = check_signature(&e->approver, e->trust, &e->approval.act, why);
	return answer;
}

static enum quorum_answer
check_subject_matter(struct evidence *e, struct err *why)
{
	const struct act *proposal = &e->proposal.act, *approval = &e->approval.act;

	if (!span_equal(e->proposal.body.issue.claims, e->claims_bytes))
		return NO(QUORUM_CLAIMS, "the officers agreed to other claims than these");
	if (!chain_answers(&e->approval, &e->proposal))
		return NO(QUORUM_ANSWER, "the approval is of another proposal");
	if (!span_equal(approval->subject, proposal->subject) ||
	    approval->seq != proposal->seq + 1 ||
	    memcmp(approval->prev, proposal->hash, sizeof approval->prev) != 0)
		return NO(QUORUM_ANSWER, "the approval does not follow the proposal directly");
	return QUORUM_AGREED;
}

static enum quorum_answer
check_persons(struct evidence *e, struct err *why)
{
	struct chain_who proposer = chain_who_of(e->proposer, NULL);
	struct chain_who approver = chain_who_of(e->approver, NULL);

	if (memcmp(proposer.key, approver.key, sizeof proposer.key) == 0)
		return NO(QUORUM_ONE_PERSON, "proposal and approval are signed by the same key");
	if (chain_same_person(&proposer, &approver))
		return NO(QUORUM_ONE_PERSON, "the same person proposed and approved");
	return QUORUM_AGREED;
}

static enum quorum_answer
check_roles(struct evidence *e, struct err *why)
{
	const struct bundle *bundle = trust_bundle(e->trust);
	int64_t proposed_s = e->proposal.act.time_s, approved_s = e->approval.act.time_s;

	if (!span_equal(e->proposer->issuer, e->claims.iss) ||
	    !span_equal(e->approver->issuer, e->claims.iss))
		return NO(QUORUM_ROLES, "an officer of another issuer signed");
	if (!bundle_key_served(e->proposer, proposed_s) ||
	    !bundle_key_served(e->approver, approved_s))
		return NO(QUORUM_ROLES, "an officer signed with a key that was not in use then");
	for (size_t i = 0; i < bundle->n_issuing; i++) {
		const struct bundle_issuing *pair = &bundle->issuing[i];
		if (pair->from_s <= e->claims.iat_s && e->claims.iat_s <= pair->until_s &&
		    bundle_key_has_role(e->proposer, pair->proposal, proposed_s) &&
		    bundle_key_has_role(e->approver, pair->approval, approved_s))
			return QUORUM_AGREED;
	}
	return NO(
	    QUORUM_ROLES, "the two officers did not have, when they signed, two roles that issue");
}

static enum quorum_answer
check_times(struct evidence *e, struct err *why)
{
	int64_t proposed_s = e->proposal.act.time_s, approved_s = e->approval.act.time_s;

	if (e->claims.iat_s != proposed_s)
		return NO(
		    QUORUM_TIMES, "the certificate's time of issue is not that of the proposal");
	if (approved_s >= chain_not_after_s(&e->proposal))
		return NO(QUORUM_TIMES, "the approval came after the proposal had lapsed");
	if (approved_s < proposed_s - CLOCKS_S)
		return NO(QUORUM_TIMES, "the approval is dated before the proposal");
	return QUORUM_AGREED;
}

/* Last, so that this answer says that nothing else is wrong. */
static enum quorum_answer
check_thefts(struct evidence *e, struct err *why)
{
	if (e->proposer->state != KEY_COMPROMISED && e->approver->state != KEY_COMPROMISED)
		return QUORUM_AGREED;
	return NO(QUORUM_COMPROMISED, "one of the two officers' keys was reported stolen");
}

static enum quorum_answer
check(struct evidence *e, struct err *why)
{
	static enum quorum_answer (*const checks[])(
	    struct evidence *, struct err *) = { check_signatures, check_subject_matter,
		check_persons, check_roles, check_times, check_thefts };
	enum quorum_answer answer = QUORUM_AGREED;
	for (size_t i = 0; i < sizeof checks / sizeof checks[0] && answer == QUORUM_AGREED; i++)
		answer = checks[i](e, why);
	return answer;
}

/* NULL: no memory. */
static struct quorum *
quorum_new(const struct evidence *e)
{
	struct quorum *q = calloc(1, sizeof *q);
	if (q == NULL)
		return NULL;
	q->not_after_s = chain_not_after_s(&e->proposal);
	buf_add_span(&q->claims, e->claims_bytes);
	if (!buf_ok(&q->claims, NULL)) {
		quorum_free(q);
		return NULL;
	}
	return q;
}

enum quorum_answer
quorum_check(struct quorum **out, const struct trust *trust, struct span claims,
    struct span proposal, struct span approval, struct err *why)
{
	struct evidence e = { .trust = trust, .claims_bytes = claims };

	*out = NULL;
	enum quorum_answer answer = read_all(&e, proposal, approval, why);
	if (answer == QUORUM_AGREED)
		answer = check(&e, why);
	if (answer != QUORUM_AGREED)
		return answer;
	*out = quorum_new(&e);
	if (*out == NULL) {
		err_set(why, ERR_MEMORY, "out of memory");
		return QUORUM_UNDECIDED;
	}
	return QUORUM_AGREED;
}

void
quorum_free(struct quorum *q)
{
	if (q == NULL)
		return;
	buf_free(&q->claims);
	free(q);
}

struct span
quorum_claims(const struct quorum *q)
{
	return buf_span(&q->claims);
}

int64_t
quorum_not_after_s(const struct quorum *q)
{
	return q->not_after_s;
}

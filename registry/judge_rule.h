/* Inside of judge.h: what a rule sees, and the rules, in files by what they are about. */
#ifndef REGISTRY_JUDGE_RULE_H
#define REGISTRY_JUDGE_RULE_H

#include "registry/judge.h"

#define JUDGE_NAME_BYTES 64

struct judged {
	const struct judge *j;
	enum act_kind kind;
	const struct chain_who *who;
	const struct bundle_key *signer;
	const struct chain_entry
	    *open; /* the proposal at the chain's end, lapsed or not; NULL: none */
	const struct chain_entry *act; /* NULL: only asked what he might sign */
};

/* True: the rule has nothing against it. Sentences come without the rule's id. */
typedef bool judge_rule_fn(const struct judged *q, struct err *err);

/* judge_act.c: time, order, role */
judge_rule_fn rule_known, rule_idempotency, rule_use, rule_key, rule_time, rule_bundle, rule_chain;
judge_rule_fn rule_role, rule_stopped;
/* judge_stage.c: what fits where a case stands */
judge_rule_fn rule_stage, rule_outcome;
/* judge_case.c: a case beside its stages */
judge_rule_fn rule_recused, rule_team, rule_visit, rule_case_ground, rule_bar, rule_type;
judge_rule_fn rule_authority;
/* judge_person.c: answers, and who may not do both */
judge_rule_fn rule_answer, rule_directly, rule_not_after;
judge_rule_fn rule_other_person, rule_other_key, rule_inspector, rule_officials, rule_proposer;
judge_rule_fn rule_apart;
/* judge_licence.c: what is done to a licence */
judge_rule_fn rule_ground, rule_licence, rule_target, rule_duration, rule_dates;
/* judge_loss.c: since acts were lost */
judge_rule_fn rule_before_loss, rule_lost_number;
/* judge_claims.c: what a certificate says */
judge_rule_fn rule_number, rule_claims, rule_power;

/* judge_claims.c, judge_successor.c: parts of rule_claims. Asked of a proposal, and again at its approval. */

/* Issuer and time are those of the proposal. */
MUST_CHECK bool judge_claims_fit_act(const struct judged *q, const struct claims *c,
    const struct chain_entry *proposal, struct err *err);
/* Does a reissue or regrade say of the certificate before it what its ground permits? */
MUST_CHECK bool judge_successor_fits(
    const struct judged *q, const struct chain_entry *proposal, struct err *err);
/* Are number, version and validity those of what was applied for: new, or about a licence? */
MUST_CHECK bool judge_grant_fits(const struct judged *q, const struct claims *c,
    const struct body_issue *body, const struct decision *d, struct err *err);

/* What people call somebody: his name, or his id in hex. */
const char *judge_name(char out[JUDGE_NAME_BYTES], const struct chain_who *who);

/* The kind of proposal an answer is about: the one it names or, asked without an act, the open one. */
enum act_kind judge_answered(const struct judged *q);

#endif

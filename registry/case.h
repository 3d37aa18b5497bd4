/*
 * A case: the road of one application from submission to certificate, computed from the acts on
 * "case/C-2026-0017". Nothing of it is stored: a lapse, for one, is no act but follows from the moment
 * asked.
 *
 * Order and power were judged when the acts were recorded (judge.h); the fold only says what they
 * amount to.
 */
#ifndef REGISTRY_CASE_H
#define REGISTRY_CASE_H

#include "registry/chain.h"

enum case_stage {
	CASE_NONE = 0,
	CASE_SUBMITTED,
	CASE_ACCEPTED,
	CASE_EXAMINED,
	CASE_EXAMINATION_FAILED,
	CASE_INSPECTED_ONCE, /* one of two officials has signed the report */
	CASE_INSPECTED,
	CASE_INSPECTION_FAILED,
	CASE_DECISION_PROPOSED,
	CASE_GRANTED,
	CASE_REFUSED,
	CASE_ISSUE_PROPOSED,
	CASE_ISSUE_APPROVED, /* by two officers; the certificate is still to be made */
	CASE_ISSUED,
	CASE_STAGES
};

/* What an officer may do to a case, as bits of a set: what policies keep apart (policy.h). */
enum case_step {
	STEP_ACCEPT = 0, /* submit and accept */
	STEP_EXAMINE,
	STEP_INSPECT,
	STEP_DECIDE,
	STEP_DECIDE_APPROVE,
	STEP_ISSUE,
	STEP_ISSUE_APPROVE,
	CASE_STEPS
};

/* Entries are borrowed from the chain; NULL: not done, or without effect. */
struct case_state {
	enum case_stage stage;
	enum case_stage
	    base; /* by what is effective and carried out: without the proposal in hand */
	const struct chain_entry *submit, *accept, *examine;
	const struct chain_entry *inspect[2];
	const struct chain_entry
	    *decision; /* approved; the issue proposal if it held the decision */
	const struct chain_entry *decision_approval;
	const struct chain_entry *issue; /* approved */
	const struct chain_entry *issue_approval;
	const struct chain_entry *made;
	const struct chain_entry *open; /* the proposal that waits for an answer */
};

/*
 * The case as it stands at now_s. A proposal whose not-after has passed is open no more, and an approved
 * issue that was not made by then is void; any act after a proposal that is no answer to it ends it.
 */
void case_fold(struct case_state *out, const struct chain_entry *entries, size_t n, int64_t now_s);

/* "issue proposed"; for people and for JSON ("issue-proposed"). */
const char *case_stage_words(enum case_stage stage);

/* "decide-approve", as in a policy; and back: CASE_STEPS for no word of ours. */
const char *case_step_word(enum case_step step);
enum case_step case_step_find(struct span word);

/* The decision in a decide proposal, or in an issue proposal that has one; NULL if there is none. */
const struct decision *case_decision(const struct chain_entry *proposal);

/*
 * The steps that an act of this kind is, as bits 1 << enum case_step. `answered` is the kind of proposal
 * that an approval answers; with_decision: the issue proposal holds the decision.
 */
unsigned case_steps_of(enum act_kind kind, enum act_kind answered, bool with_decision);

/* The steps a person has done in what counts of this case, the open proposal included. */
unsigned case_steps_by(const struct case_state *state, const struct chain_who *who);

#endif

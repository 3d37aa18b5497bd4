/*
 * A case: the road of one application from submission to certificate, computed from the acts on
 * "case/C-2026-0017". What time alone does is no act but follows from the moment asked: an application
 * that nobody answers is accepted, corrections that do not come abandon it, a proposal lapses. Terms are
 * days of the calendar at +08:00: the day of recording is not counted, the last one counts to its end.
 *
 * Order and power were judged when the acts were recorded (judge.h); the fold only says what they
 * amount to.
 */
#ifndef REGISTRY_CASE_H
#define REGISTRY_CASE_H

#include "registry/case_ground.h"
#include "registry/chain.h"

#define CASE_DAYS_TO_ACCEPT 5 /* then silence has accepted it */
#define CASE_DAYS_TO_AMEND 15 /* then the application is abandoned */

enum case_stage {
	CASE_NONE = 0,
	CASE_SUBMITTED,
	CASE_CORRECTION_ASKED,
	CASE_ABANDONED, /* by time alone: the corrections did not come */
	CASE_DECLINED,  /* not accepted */
	CASE_RETRACTED, /* by the applicant */
	CASE_ACCEPTED,  /* by an act, or by time alone */
	CASE_EXAMINED,
	CASE_EXAMINATION_FAILED,
	CASE_SCHEDULED,
	CASE_INSPECTED_ONCE, /* one of two officials has signed the report */
	CASE_INSPECTED,
	CASE_INSPECTION_FAILED,
	CASE_INSPECTION_STOPPED, /* a basic item failed */
	CASE_PROLONGATION_PROPOSED,
	CASE_TERMINATION_PROPOSED,
	CASE_TERMINATED, /* the review; a refusal follows */
	CASE_DECISION_PROPOSED,
	CASE_GRANTED,
	CASE_REFUSED,
	CASE_ISSUE_PROPOSED,
	CASE_ISSUE_APPROVED, /* by two officers; the certificate is still to be made */
	CASE_ISSUED,
	CASE_DELIVERED,
	CASE_FILED, /* Grade B, with the State bureau */
	CASE_STAGES
};

/* What an officer may do to a case, as bits of a set: what policies keep apart (policy.h). */
enum case_step {
	STEP_ACCEPT = 0, /* all that is done up to the acceptance */
	STEP_EXAMINE,
	STEP_INSPECT,
	STEP_DECIDE, /* also to prolong and to terminate */
	STEP_DECIDE_APPROVE,
	STEP_ISSUE,
	STEP_ISSUE_APPROVE,
	CASE_STEPS
};

/* Entries are borrowed from the chain; NULL: not done, or without effect. */
struct case_state {
	enum case_stage stage;
	enum case_stage
	    base;        /* by what is effective and carried out: without the proposal in hand */
	int64_t turns_s; /* when time alone makes it another stage; 0: never */
	enum case_stage turns_to;
	const struct chain_entry *submit, *ask;
	const struct chain_entry *application; /* as it counts: submit, or the newest amend */
	const struct chain_entry *accept, *decline, *retract;
	int64_t accepted_s;  /* by whatever; 0: not accepted */
	int64_t abandoned_s; /* 0: not abandoned */
	const struct chain_entry *examine, *schedule;
	const struct chain_entry *inspect[2];
	const struct chain_entry *prolong, *prolong_approval; /* approved */
	const struct chain_entry *terminate, *terminate_approval;
	const struct chain_entry
	    *decision; /* approved; the issue proposal if it held the decision */
	const struct chain_entry *decision_approval;
	const struct chain_entry *issue; /* approved */
	const struct chain_entry *issue_approval;
	const struct chain_entry *made, *deliver, *file;
	const struct chain_entry *open; /* the proposal that waits for an answer */
};

/*
 * The case as it stands at now_s. A proposal whose not-after has passed is open no more, and an approved
 * issue that was not made by then is void; any act after a proposal that is no answer to it ends it.
 * Who is recused takes with him what has to be done again: his examination; the on-site review, report
 * and order, of a team he was in.
 */
void case_fold(struct case_state *out, const struct chain_entry *entries, size_t n, int64_t now_s);

/* What the case waits for, whoever does it; ACT_NONE at its end. Of what a bureau decides it is the
 * decision, though a policy may put that into the issue proposal. */
enum act_kind case_next(const struct case_state *state);

/* The grade decided on; GRADE_NONE before. */
enum grade case_grade(const struct case_state *state);

/* Canonical JSON of the application as it counts; empty if there is none. */
struct span case_application(const struct case_state *state);

/* What keeps an applicant from applying again for the same family. A plain value. */
struct case_bar {
	const struct case_ground *ground;
	int64_t until_s;                     /* from then on he may */
	char subject[ACT_SUBJECT_BYTES + 1]; /* the case or licence it comes from */
};

/* The longest bar that follows from the case; false: none does. */
bool case_bar(struct case_bar *out, const struct case_state *state);

/* A bar of this ground from the day of t_s on; until_s 0 if it sets none. */
struct case_bar case_bar_from(struct span code, int64_t t_s, struct span subject);

/* Was this person recused in any of these acts? */
bool case_is_recused(const struct chain_entry *entries, size_t n, const uint8_t *person);

/* Is this person in the team that a schedule act names? */
bool case_has_in_team(const struct chain_entry *schedule, const uint8_t *person);

/* The end of the nth day after the day of t_s: the first second that is too late. */
int64_t case_term_s(int64_t t_s, int days);

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

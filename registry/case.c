#include "registry/case.h"

static const char *const stage_words[CASE_STAGES] = {
	[CASE_NONE] = "nothing submitted",
	[CASE_SUBMITTED] = "submitted",
	[CASE_ACCEPTED] = "accepted",
	[CASE_EXAMINED] = "examined",
	[CASE_EXAMINATION_FAILED] = "examination failed",
	[CASE_INSPECTED_ONCE] = "inspected once",
	[CASE_INSPECTED] = "inspected",
	[CASE_INSPECTION_FAILED] = "inspection failed",
	[CASE_DECISION_PROPOSED] = "decision proposed",
	[CASE_GRANTED] = "granted",
	[CASE_REFUSED] = "refused",
	[CASE_ISSUE_PROPOSED] = "issue proposed",
	[CASE_ISSUE_APPROVED] = "issue approved",
	[CASE_ISSUED] = "issued",
};

static const char *const step_words[CASE_STEPS] = {
	[STEP_ACCEPT] = "accept",
	[STEP_EXAMINE] = "examine",
	[STEP_INSPECT] = "inspect",
	[STEP_DECIDE] = "decide",
	[STEP_DECIDE_APPROVE] = "decide-approve",
	[STEP_ISSUE] = "issue",
	[STEP_ISSUE_APPROVE] = "issue-approve",
};

const char *
case_stage_words(enum case_stage stage)
{
	return stage < CASE_STAGES ? stage_words[stage] : "unknown";
}

const char *
case_step_word(enum case_step step)
{
	return step < CASE_STEPS ? step_words[step] : NULL;
}

enum case_step
case_step_find(struct span word)
{
	enum case_step step = STEP_ACCEPT;
	while (step < CASE_STEPS && !span_is(word, step_words[step]))
		step++;
	return step;
}

const struct decision *
case_decision(const struct chain_entry *proposal)
{
	if (proposal == NULL)
		return NULL;
	if (proposal->act.kind == ACT_DECIDE)
		return &proposal->body.decide.decision;
	if (proposal->act.kind == ACT_ISSUE && proposal->body.issue.has_decision)
		return &proposal->body.issue.decision;
	return NULL;
}

/* Where the case stands by its effective acts alone. */
static enum case_stage
base_stage(const struct case_state *s)
{
	if (s->made != NULL)
		return CASE_ISSUED;
	if (s->decision != NULL)
		return case_decision(s->decision)->outcome == DECISION_GRANT ? CASE_GRANTED
									     : CASE_REFUSED;
	if (s->inspect[1] != NULL)
		return s->inspect[1]->body.result.result == RESULT_PASS ? CASE_INSPECTED
									: CASE_INSPECTION_FAILED;
	if (s->inspect[0] != NULL)
		return CASE_INSPECTED_ONCE;
	if (s->examine != NULL)
		return s->examine->body.result.result == RESULT_PASS ? CASE_EXAMINED
								     : CASE_EXAMINATION_FAILED;
	if (s->accept != NULL)
		return CASE_ACCEPTED;
	return s->submit != NULL ? CASE_SUBMITTED : CASE_NONE;
}

/* An issue that is not carried out counts for nothing, nor does the decision it held. */
static void
drop_issue(struct case_state *s)
{
	if (s->decision == s->issue) {
		s->decision = NULL;
		s->decision_approval = NULL;
	}
	s->issue = NULL;
	s->issue_approval = NULL;
}

/* What time alone does. */
static void
lapse(struct case_state *s, int64_t now_s)
{
	if (s->open != NULL && now_s >= chain_not_after_s(s->open))
		s->open = NULL;
	if (s->issue != NULL && s->made == NULL && now_s >= chain_not_after_s(s->issue))
		drop_issue(s);
}

static void
approve(struct case_state *s, const struct chain_entry *approval)
{
	const struct chain_entry *proposal = s->open;
	if (case_decision(proposal) != NULL) {
		s->decision = proposal;
		s->decision_approval = approval;
	}
	if (proposal->act.kind == ACT_ISSUE) {
		s->issue = proposal;
		s->issue_approval = approval;
	}
}

static void
apply(struct case_state *s, const struct chain_entry *e)
{
	const struct chain_entry *open = s->open;

	switch (e->act.kind) {
	case ACT_SUBMIT:
		s->submit = e;
		break;
	case ACT_ACCEPT:
		s->accept = e;
		break;
	case ACT_EXAMINE:
		s->examine = e;
		break;
	case ACT_INSPECT:
		s->inspect[s->inspect[0] != NULL] = e;
		break;
	case ACT_APPROVE:
		if (open != NULL && chain_answers(e, open))
			approve(s, e);
		break;
	case ACT_MADE:
		s->made = e;
		break;
	default:
		break;
	}
	/* Whatever comes after a proposal answers it or voids it. */
	s->open = act_kind_form(e->act.kind) == ACT_PROPOSAL ? e : NULL;
}

/* The base, or the proposal in hand. */
static enum case_stage
stage_now(const struct case_state *s)
{
	if (s->issue != NULL && s->made == NULL)
		return CASE_ISSUE_APPROVED;
	if (s->open == NULL)
		return s->base;
	return s->open->act.kind == ACT_ISSUE ? CASE_ISSUE_PROPOSED : CASE_DECISION_PROPOSED;
}

void
case_fold(struct case_state *out, const struct chain_entry *entries, size_t n, int64_t now_s)
{
	struct case_state s = { .stage = CASE_NONE };

	for (size_t i = 0; i < n; i++) {
		lapse(&s, entries[i].recorded_s);
		apply(&s, &entries[i]);
	}
	lapse(&s, now_s);

	*out = s;
	if (s.made == NULL)
		drop_issue(&s);
	out->base = base_stage(&s);
	out->stage = stage_now(out);
}

unsigned
case_steps_of(enum act_kind kind, enum act_kind answered, bool with_decision)
{
	switch (kind) {
	case ACT_SUBMIT:
	case ACT_ACCEPT:
		return 1u << STEP_ACCEPT;
	case ACT_EXAMINE:
		return 1u << STEP_EXAMINE;
	case ACT_INSPECT:
		return 1u << STEP_INSPECT;
	case ACT_DECIDE:
		return 1u << STEP_DECIDE;
	case ACT_ISSUE:
		return 1u << STEP_ISSUE | (with_decision ? 1u << STEP_DECIDE : 0);
	case ACT_APPROVE:
		if (answered == ACT_DECIDE)
			return 1u << STEP_DECIDE_APPROVE;
		if (answered == ACT_ISSUE)
			return 1u << STEP_ISSUE_APPROVE |
			    (with_decision ? 1u << STEP_DECIDE_APPROVE : 0);
		return 0;
	default:
		return 0;
	}
}

unsigned
case_steps_by(const struct case_state *state, const struct chain_who *who)
{
	const struct {
		const struct chain_entry *entry, *answered;
	} done[] = {
		{ state->submit, NULL },
		{ state->accept, NULL },
		{ state->examine, NULL },
		{ state->inspect[0], NULL },
		{ state->inspect[1], NULL },
		{ state->decision, NULL },
		{ state->decision_approval, state->decision },
		{ state->issue, NULL },
		{ state->issue_approval, state->issue },
		{ state->open, NULL },
	};
	unsigned steps = 0;
	for (size_t i = 0; i < sizeof done / sizeof done[0]; i++) {
		const struct chain_entry *e = done[i].entry;
		if (e == NULL || !chain_same_person(&e->who, who))
			continue;
		const struct chain_entry *proposal = done[i].answered ? done[i].answered : e;
		steps |=
		    case_steps_of(e->act.kind, proposal->act.kind, case_decision(proposal) != NULL);
	}
	return steps;
}

#include "registry/case.h"

#include "core/civil.h"

static const char *const stage_words[CASE_STAGES] = {
	[CASE_NONE] = "nothing submitted",
	[CASE_SUBMITTED] = "submitted",
	[CASE_CORRECTION_ASKED] = "corrections asked for",
	[CASE_ABANDONED] = "abandoned",
	[CASE_DECLINED] = "not accepted",
	[CASE_RETRACTED] = "retracted",
	[CASE_ACCEPTED] = "accepted",
	[CASE_EXAMINED] = "examined",
	[CASE_EXAMINATION_FAILED] = "examination failed",
	[CASE_SCHEDULED] = "visit ordered",
	[CASE_INSPECTED_ONCE] = "inspected once",
	[CASE_INSPECTED] = "inspected",
	[CASE_INSPECTION_FAILED] = "inspection failed",
	[CASE_INSPECTION_STOPPED] = "inspection stopped",
	[CASE_PROLONGATION_PROPOSED] = "prolongation proposed",
	[CASE_TERMINATION_PROPOSED] = "termination proposed",
	[CASE_TERMINATED] = "terminated",
	[CASE_DECISION_PROPOSED] = "decision proposed",
	[CASE_GRANTED] = "granted",
	[CASE_REFUSED] = "refused",
	[CASE_ISSUE_PROPOSED] = "issue proposed",
	[CASE_ISSUE_APPROVED] = "issue approved",
	[CASE_ISSUED] = "issued",
	[CASE_DELIVERED] = "delivered",
	[CASE_FILED] = "filed",
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

struct span
case_application(const struct case_state *state)
{
	return state->application != NULL ? state->application->body.submit.application
					  : span_of(NULL, 0);
}

int64_t
case_term_s(int64_t t_s, int days)
{
	return civil_start_s(civil_add_days(civil_of(t_s), days + 1));
}

bool
case_has_in_team(const struct chain_entry *schedule, const uint8_t *person)
{
	for (size_t i = 0; schedule != NULL && i < schedule->body.schedule.n_team; i++)
		if (memcmp(schedule->body.schedule.team[i].id, person, BODY_PERSON_BYTES) == 0)
			return true;
	return false;
}

bool
case_is_recused(const struct chain_entry *entries, size_t n, const uint8_t *person)
{
	for (size_t i = 0; i < n; i++)
		if (entries[i].act.kind == ACT_RECUSE &&
		    memcmp(entries[i].body.recuse.person.id, person, BODY_PERSON_BYTES) == 0)
			return true;
	return false;
}

/* ---- where it stands ---- */

/* Are the corrections still to come that were asked for? */
static bool
waits_for_applicant(const struct case_state *s)
{
	return s->ask != NULL && s->application == s->submit;
}

static enum case_stage
stage_of_review(const struct case_state *s)
{
	static const enum case_stage by_result[] = { CASE_INSPECTED, CASE_INSPECTED,
		CASE_INSPECTION_FAILED, CASE_INSPECTION_STOPPED };

	if (s->examine == NULL)
		return CASE_ACCEPTED;
	if (s->examine->body.result.result != RESULT_PASS)
		return CASE_EXAMINATION_FAILED;
	if (s->inspect[1] != NULL)
		return by_result[s->inspect[1]->body.result.result];
	if (s->inspect[0] != NULL)
		return CASE_INSPECTED_ONCE;
	return s->schedule != NULL ? CASE_SCHEDULED : CASE_EXAMINED;
}

static enum case_stage
stage_of_instrument(const struct case_state *s)
{
	if (s->deliver == NULL)
		return CASE_ISSUED;
	return s->file != NULL ? CASE_FILED : CASE_DELIVERED;
}

/* By its effective acts alone, the last of them first. */
static enum case_stage
base_stage(const struct case_state *s)
{
	if (s->made != NULL)
		return stage_of_instrument(s);
	if (s->decision != NULL)
		return case_decision(s->decision)->outcome == DECISION_GRANT ? CASE_GRANTED
									     : CASE_REFUSED;
	if (s->terminate != NULL)
		return CASE_TERMINATED;
	if (s->retract != NULL)
		return CASE_RETRACTED;
	if (s->decline != NULL)
		return CASE_DECLINED;
	if (s->abandoned_s != 0)
		return CASE_ABANDONED;
	if (s->submit == NULL)
		return CASE_NONE;
	if (s->accepted_s != 0)
		return stage_of_review(s);
	return waits_for_applicant(s) ? CASE_CORRECTION_ASKED : CASE_SUBMITTED;
}

/* The base, or the proposal in hand. */
static enum case_stage
stage_now(const struct case_state *s)
{
	if (s->issue != NULL && s->made == NULL)
		return CASE_ISSUE_APPROVED;
	if (s->open == NULL)
		return s->base;
	switch (s->open->act.kind) {
	case ACT_ISSUE:
		return CASE_ISSUE_PROPOSED;
	case ACT_TERMINATE:
		return CASE_TERMINATION_PROPOSED;
	case ACT_PROLONG:
		return CASE_PROLONGATION_PROPOSED;
	default:
		return CASE_DECISION_PROPOSED;
	}
}

/* ---- what time alone does ---- */

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

/* What waits for an answer before the acceptance, and by when silence is one; NULL: nothing. */
static const struct chain_entry *
unanswered(int *days, const struct case_state *s)
{
	*days = s->base == CASE_SUBMITTED ? CASE_DAYS_TO_ACCEPT : CASE_DAYS_TO_AMEND;
	if (s->base == CASE_SUBMITTED)
		return s->application;
	return s->base == CASE_CORRECTION_ASKED ? s->ask : NULL;
}

/* When, and into what, time alone will turn the stage. */
static void
see_ahead(struct case_state *s)
{
	int days;
	const struct chain_entry *since = unanswered(&days, s);

	s->turns_s = 0;
	s->turns_to = s->base;
	if (s->issue != NULL && s->made == NULL) {
		s->turns_s = chain_not_after_s(s->issue);
	} else if (s->open != NULL) {
		s->turns_s = chain_not_after_s(s->open);
	} else if (since != NULL) {
		s->turns_s = case_term_s(since->recorded_s, days);
		s->turns_to = s->base == CASE_SUBMITTED ? CASE_ACCEPTED : CASE_ABANDONED;
	}
}

/* Silence: nobody answered the application, or the applicant the list of corrections. */
static void
fall_silent(struct case_state *s, int64_t now_s)
{
	s->base = base_stage(s);
	see_ahead(s);
	if (s->turns_s == 0 || now_s < s->turns_s)
		return;
	if (s->base == CASE_SUBMITTED)
		s->accepted_s = s->turns_s;
	else if (s->base == CASE_CORRECTION_ASKED)
		s->abandoned_s = s->turns_s;
}

static void
lapse(struct case_state *s, int64_t now_s)
{
	if (s->open != NULL && now_s >= chain_not_after_s(s->open))
		s->open = NULL;
	if (s->issue != NULL && s->made == NULL && now_s >= chain_not_after_s(s->issue))
		drop_issue(s);
	fall_silent(s, now_s);
}

/* ---- what acts do ---- */

static void
approve(struct case_state *s, const struct chain_entry *approval)
{
	const struct chain_entry *proposal = s->open;

	if (case_decision(proposal) != NULL) {
		s->decision = proposal;
		s->decision_approval = approval;
	}
	switch (proposal->act.kind) {
	case ACT_ISSUE:
		s->issue = proposal;
		s->issue_approval = approval;
		break;
	case ACT_TERMINATE:
		s->terminate = proposal;
		s->terminate_approval = approval;
		break;
	case ACT_PROLONG:
		s->prolong = proposal;
		s->prolong_approval = approval;
		break;
	default:
		break;
	}
}

/* What he did counts no more, as far as it can be done again. */
static void
recuse(struct case_state *s, const uint8_t *person)
{
	if (s->examine != NULL && memcmp(s->examine->who.person, person, BODY_PERSON_BYTES) == 0)
		s->examine = NULL;
	if (!case_has_in_team(s->schedule, person))
		return;
	s->schedule = NULL;
	s->inspect[0] = NULL;
	s->inspect[1] = NULL;
}

static void
apply_statement(struct case_state *s, const struct chain_entry *e)
{
	switch (e->act.kind) {
	case ACT_SUBMIT:
		s->submit = e;
		s->application = e;
		break;
	case ACT_ASK:
		s->ask = e;
		break;
	case ACT_AMEND:
		s->application = e;
		break;
	case ACT_ACCEPT:
		s->accept = e;
		s->accepted_s = e->recorded_s;
		break;
	case ACT_DECLINE:
		s->decline = e;
		break;
	case ACT_RETRACT:
		s->retract = e;
		break;
	case ACT_EXAMINE:
		s->examine = e;
		break;
	case ACT_SCHEDULE:
		s->schedule = e;
		break;
	case ACT_INSPECT:
		s->inspect[s->inspect[0] != NULL] = e;
		break;
	case ACT_RECUSE:
		recuse(s, e->body.recuse.person.id);
		break;
	case ACT_DELIVER:
		s->deliver = e;
		break;
	case ACT_FILE:
		s->file = e;
		break;
	default:
		break;
	}
}

static void
apply(struct case_state *s, const struct chain_entry *e)
{
	if (e->act.kind == ACT_APPROVE && s->open != NULL && chain_answers(e, s->open))
		approve(s, e);
	else if (e->act.kind == ACT_MADE)
		s->made = e;
	else
		apply_statement(s, e);
	/* Whatever comes after a proposal answers it or voids it. */
	s->open = act_kind_form(e->act.kind) == ACT_PROPOSAL ? e : NULL;
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
	see_ahead(out);
}

/* ---- what comes next ---- */

enum grade
case_grade(const struct case_state *state)
{
	const struct decision *d = case_decision(state->decision);
	return d != NULL ? d->grade : GRADE_NONE;
}

enum act_kind
case_next(const struct case_state *state)
{
	static const enum act_kind next[CASE_STAGES] = {
		[CASE_NONE] = ACT_SUBMIT,
		[CASE_SUBMITTED] = ACT_ACCEPT,
		[CASE_CORRECTION_ASKED] = ACT_AMEND,
		[CASE_ACCEPTED] = ACT_EXAMINE,
		[CASE_EXAMINED] = ACT_SCHEDULE,
		[CASE_EXAMINATION_FAILED] = ACT_DECIDE,
		[CASE_SCHEDULED] = ACT_INSPECT,
		[CASE_INSPECTED_ONCE] = ACT_INSPECT,
		[CASE_INSPECTED] = ACT_DECIDE,
		[CASE_INSPECTION_FAILED] = ACT_DECIDE,
		[CASE_INSPECTION_STOPPED] = ACT_DECIDE,
		[CASE_TERMINATED] = ACT_DECIDE,
		[CASE_GRANTED] = ACT_ISSUE,
		[CASE_ISSUED] = ACT_DELIVER,
	};

	if (state->stage == CASE_ISSUE_APPROVED)
		return ACT_MADE;
	if (state->base == CASE_DELIVERED && case_grade(state) == GRADE_B)
		return ACT_FILE;
	return next[state->base];
}

/* ---- what it leaves behind ---- */

struct case_bar
case_bar_from(struct span code, int64_t t_s, struct span subject)
{
	struct case_bar bar = { .ground = case_ground_find(code) };

	if (bar.ground == NULL || bar.ground->bar == 0 || subject.len >= sizeof bar.subject)
		return bar;
	bar.until_s = civil_start_s(civil_add_months(civil_of(t_s), (int)bar.ground->bar));
	memcpy(bar.subject, subject.ptr, subject.len);
	return bar;
}

static void
take_longer(struct case_bar *bar, struct span code, const struct chain_entry *since)
{
	struct case_bar other = case_bar_from(code, since->recorded_s, since->act.subject);
	if (other.until_s > bar->until_s)
		*bar = other;
}

bool
case_bar(struct case_bar *out, const struct case_state *state)
{
	const struct chain_entry *report = state->inspect[1];

	*out = (struct case_bar){ .ground = NULL };
	if (state->decline != NULL)
		take_longer(out, state->decline->body.notice.ground, state->decline);
	if (report != NULL && report->body.result.result == RESULT_FAIL)
		take_longer(out, span_text(CASE_GROUND_FAILED), report);
	if (report != NULL && report->body.result.result == RESULT_STOP)
		take_longer(out, span_text(CASE_GROUND_STOPPED), report);
	if (state->terminate != NULL)
		take_longer(out, state->terminate->body.notice.ground, state->terminate_approval);
	return out->until_s > 0;
}

/* ---- who did what ---- */

unsigned
case_steps_of(enum act_kind kind, enum act_kind answered, bool with_decision)
{
	switch (kind) {
	case ACT_SUBMIT:
	case ACT_ASK:
	case ACT_AMEND:
	case ACT_ACCEPT:
	case ACT_DECLINE:
		return 1u << STEP_ACCEPT;
	case ACT_EXAMINE:
		return 1u << STEP_EXAMINE;
	case ACT_INSPECT:
		return 1u << STEP_INSPECT;
	case ACT_DECIDE:
	case ACT_PROLONG:
	case ACT_TERMINATE:
		return 1u << STEP_DECIDE;
	case ACT_ISSUE:
		return 1u << STEP_ISSUE | (with_decision ? 1u << STEP_DECIDE : 0);
	case ACT_APPROVE:
		if (answered == ACT_ISSUE)
			return 1u << STEP_ISSUE_APPROVE |
			    (with_decision ? 1u << STEP_DECIDE_APPROVE : 0);
		return 1u << STEP_DECIDE_APPROVE;
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
		{ state->ask, NULL },
		{ state->application, NULL },
		{ state->accept, NULL },
		{ state->examine, NULL },
		{ state->inspect[0], NULL },
		{ state->inspect[1], NULL },
		{ state->prolong, NULL },
		{ state->prolong_approval, state->prolong },
		{ state->terminate, NULL },
		{ state->terminate_approval, state->terminate },
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

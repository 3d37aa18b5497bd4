/* Rules on what fits where a case stands. */
#include "registry/judge_rule.h"

#define AT(stage) (1u << (stage))

_Static_assert(CASE_STAGES <= 32, "a set of stages is 32 bits");

/* Accepted, and nothing decided. */
#define IN_REVIEW                                                                                  \
	(AT(CASE_ACCEPTED) | AT(CASE_EXAMINED) | AT(CASE_EXAMINATION_FAILED) |                     \
	    AT(CASE_SCHEDULED) | AT(CASE_INSPECTED_ONCE) | AT(CASE_INSPECTED) |                    \
	    AT(CASE_INSPECTION_FAILED) | AT(CASE_INSPECTION_STOPPED))
#define UNDECIDED (AT(CASE_SUBMITTED) | AT(CASE_CORRECTION_ASKED) | IN_REVIEW)

/* Where, by its base, a case takes each kind of act. */
static const struct {
	enum act_kind kind;
	unsigned bases;
} places[] = {
	{ ACT_SUBMIT, AT(CASE_NONE) },
	{ ACT_ASK, AT(CASE_SUBMITTED) },
	{ ACT_AMEND, AT(CASE_CORRECTION_ASKED) },
	{ ACT_ACCEPT, AT(CASE_SUBMITTED) },
	{ ACT_DECLINE, AT(CASE_SUBMITTED) },
	{ ACT_RETRACT, UNDECIDED },
	{ ACT_EXAMINE, AT(CASE_ACCEPTED) },
	{ ACT_SCHEDULE, AT(CASE_EXAMINED) | AT(CASE_SCHEDULED) },
	{ ACT_INSPECT, AT(CASE_SCHEDULED) | AT(CASE_INSPECTED_ONCE) },
	{ ACT_RECUSE, UNDECIDED | AT(CASE_TERMINATED) | AT(CASE_GRANTED) },
	{ ACT_PROLONG, IN_REVIEW },
	{ ACT_TERMINATE, IN_REVIEW },
	{ ACT_DECIDE,
	    AT(CASE_EXAMINATION_FAILED) | AT(CASE_INSPECTED) | AT(CASE_INSPECTION_FAILED) |
		AT(CASE_INSPECTION_STOPPED) | AT(CASE_TERMINATED) },
	{ ACT_ISSUE, AT(CASE_GRANTED) },
	{ ACT_DELIVER, AT(CASE_ISSUED) },
	{ ACT_FILE, AT(CASE_ISSUED) | AT(CASE_DELIVERED) },
};

enum act_kind
judge_next(const struct judge *j)
{
	enum act_kind next = case_next(j->dossier);
	bool grants_in_issue = next == ACT_DECIDE && j->dossier->base == CASE_INSPECTED &&
	    j->policy->decision_in_issue;
	return grants_in_issue ? ACT_ISSUE : next;
}

static bool
has_place(const struct judged *q)
{
	const struct case_state *c = q->j->dossier;

	/* Between the second signature and the certificate there is nothing else. */
	if (c->stage == CASE_ISSUE_APPROVED)
		return q->kind == ACT_MADE;
	if (q->kind == judge_next(q->j))
		return true;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (places[i].kind == q->kind)
			return (places[i].bases & AT(c->base)) != 0;
	return false;
}

/* What is done once in a case. */
static bool
only_once(const struct judged *q, struct err *err)
{
	const struct case_state *c = q->j->dossier;

	if (q->kind == ACT_ASK && c->ask != NULL)
		return err_set(err, ERR_REFUSED,
		    "corrections are asked for once, all in one list, and were; accept it, or "
		    "decline it");
	if (q->kind == ACT_PROLONG && c->prolong != NULL)
		return err_set(err, ERR_REFUSED, "the time to decide was prolonged once already");
	if (q->kind == ACT_FILE && (c->file != NULL || case_grade(c) != GRADE_B))
		return err_set(err, ERR_REFUSED,
		    "a certificate of Grade B is filed with the State bureau, once");
	return true;
}

static bool
stage_of_register(const struct judged *q, struct err *err)
{
	if (q->kind == ACT_REGISTER && q->j->n_adopted > 0)
		return err_set(err, ERR_REFUSED, "the register has begun already");
	return true;
}

/* A later version, or a certificate of another grade, is made after its approval alone. */
static bool
stage_of_licence(const struct judged *q, struct err *err)
{
	if (q->kind != ACT_MADE || (q->j->licence != NULL && q->j->licence->making != NULL))
		return true;
	return err_set(err, ERR_REFUSED, "no certificate waits to be made");
}

bool
rule_stage(const struct judged *q, struct err *err)
{
	const struct case_state *c = q->j->dossier;

	if (c == NULL)
		return stage_of_register(q, err) && stage_of_licence(q, err);
	if (act_kind_form(q->kind) == ACT_ANSWER)
		return true; /* fits where its proposal is open: APP-01 to 03 */
	if (has_place(q))
		return only_once(q, err);
	enum act_kind next = judge_next(q->j);
	if (next == ACT_NONE)
		return err_set(err, ERR_REFUSED, "the case is %s; nothing more is done to it",
		    case_stage_words(c->stage));
	return err_set(err, ERR_REFUSED, "the case is at \"%s\"; next comes \"%s\", not \"%s\"",
	    case_stage_words(c->stage), act_kind_word(next), act_kind_word(q->kind));
}

bool
rule_outcome(const struct judged *q, struct err *err)
{
	const struct case_state *c = q->j->dossier;

	if (q->kind == ACT_DECIDE && q->act->body.decide.decision.outcome == DECISION_GRANT) {
		if (c->base != CASE_INSPECTED)
			return err_set(err, ERR_REFUSED,
			    "after \"%s\" only a refusal can be decided",
			    case_stage_words(c->base));
		if (q->j->policy->decision_in_issue)
			return err_set(err, ERR_REFUSED,
			    "by this bureau's policy a grant is part of the issue proposal: next "
			    "comes "
			    "\"issue\"");
	}
	if (q->kind == ACT_ISSUE && q->act->body.issue.has_decision != (c->base == CASE_INSPECTED))
		return err_set(err, ERR_REFUSED, "%s",
		    c->base == CASE_INSPECTED
			? "by this bureau's policy the issue proposal must hold the decision"
			: "the case is decided: the issue proposal must hold no other decision");
	return true;
}

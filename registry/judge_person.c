/* Rules on answers, and on who may not do both. */
#include "core/rfc3339.h"
#include "registry/judge_rule.h"

/* The act that an answer names, in the subject's chain; NULL if it is not there. */
static const struct chain_entry *
named(const struct judged *q)
{
	const struct judge *j = q->j;
	for (size_t i = 0; i < j->n_chain; i++)
		if (chain_answers(q->act, &j->chain[i]))
			return &j->chain[i];
	return NULL;
}

static bool
is_answer(const struct judged *q)
{
	return act_kind_form(q->kind) == ACT_ANSWER;
}

bool
rule_answer(const struct judged *q, struct err *err)
{
	if (!is_answer(q))
		return true;
	if (q->act == NULL)
		return q->open != NULL ||
		    err_set(err, ERR_REFUSED, "no proposal waits for an answer");

	const struct chain_entry *proposal = named(q);
	if (proposal == NULL)
		return err_set(err, ERR_REFUSED,
		    "it answers no proposal on this subject: hash or kind are those of none");
	const struct chain_entry *end = q->j->chain + q->j->n_chain;
	if (proposal + 1 < end && chain_answers(proposal + 1, proposal))
		return err_set(err, ERR_REFUSED, "that proposal has its answer: \"%s\"",
		    act_kind_word(proposal[1].act.kind));
	return true;
}

bool
rule_directly(const struct judged *q, struct err *err)
{
	if (!is_answer(q))
		return true;
	const struct chain_entry *proposal = named(q);
	if (proposal == q->open)
		return true;
	return err_set(err, ERR_REFUSED,
	    "after that proposal came \"%s\", which made it void; it has to be proposed again",
	    act_kind_word(proposal[1].act.kind));
}

static bool
too_late(int64_t not_after_s, struct err *err)
{
	char text[RFC3339_TEXT_BYTES];
	rfc3339_format(text, not_after_s);
	return err_set(err, ERR_REFUSED, "it had to be done before %s; propose it again", text);
}

/* A proposal waits no longer than the policy allows, and not in the past. */
static bool
proposal_waits(const struct judged *q, struct err *err)
{
	int64_t not_after_s = chain_not_after_s(q->act);
	if (not_after_s <= q->j->now_s || not_after_s <= q->act->act.time_s)
		return too_late(not_after_s, err);
	if (not_after_s <= policy_not_after_s(q->j->policy, q->kind, q->act->act.time_s))
		return true;
	return err_set(err, ERR_REFUSED,
	    "a proposal to %s may wait %u days by the policy, not longer", act_kind_word(q->kind),
	    policy_proposal(q->j->policy, q->kind)->days);
}

bool
rule_not_after(const struct judged *q, struct err *err)
{
	if (act_kind_form(q->kind) == ACT_PROPOSAL)
		return q->act == NULL || proposal_waits(q, err);
	if (!is_answer(q))
		return true;
	int64_t not_after_s = chain_not_after_s(q->open);
	if (q->j->now_s >= not_after_s || (q->act != NULL && q->act->act.time_s >= not_after_s))
		return too_late(not_after_s, err);
	return true;
}

bool
rule_other_person(const struct judged *q, struct err *err)
{
	char name[JUDGE_NAME_BYTES];
	if (q->kind != ACT_APPROVE || !chain_same_person(q->who, &q->open->who))
		return true;
	return err_set(err, ERR_REFUSED, "%s proposed it: another person must approve",
	    judge_name(name, q->who));
}

bool
rule_other_key(const struct judged *q, struct err *err)
{
	if (q->kind != ACT_APPROVE ||
	    memcmp(q->who->key, q->open->who.key, sizeof q->who->key) != 0)
		return true;
	return err_set(err, ERR_REFUSED, "proposal and approval are signed by the same key");
}

bool
rule_inspector(const struct judged *q, struct err *err)
{
	char name[JUDGE_NAME_BYTES];
	const struct judge *j = q->j;

	if (j->dossier == NULL ||
	    (act_kind_form(q->kind) != ACT_PROPOSAL && q->kind != ACT_APPROVE))
		return true;
	/* Also a report that counts no more. */
	for (size_t i = 0; i < j->n_chain; i++)
		if (j->chain[i].act.kind == ACT_INSPECT &&
		    chain_same_person(q->who, &j->chain[i].who))
			return err_set(err, ERR_REFUSED,
			    "%s was on the case's on-site team; who inspected neither decides, "
			    "issues nor approves",
			    judge_name(name, q->who));
	return true;
}

bool
rule_officials(const struct judged *q, struct err *err)
{
	char name[JUDGE_NAME_BYTES];
	const struct case_state *c = q->j->dossier;

	if (q->kind != ACT_INSPECT || c == NULL || c->base != CASE_INSPECTED_ONCE)
		return true;
	if (chain_same_person(q->who, &c->inspect[0]->who))
		return err_set(err, ERR_REFUSED,
		    "%s has signed the on-site report; a second official must",
		    judge_name(name, q->who));
	if (q->act != NULL && !span_equal(q->act->act.body, c->inspect[0]->act.body))
		return err_set(err, ERR_REFUSED,
		    "both officials sign the same on-site report; this one differs from that of %s",
		    judge_name(name, &c->inspect[0]->who));
	return true;
}

bool
rule_proposer(const struct judged *q, struct err *err)
{
	char name[JUDGE_NAME_BYTES];
	if (q->kind != ACT_CANCEL || chain_same_person(q->who, &q->open->who))
		return true;
	return err_set(err, ERR_REFUSED, "only %s, who proposed it, can cancel it",
	    judge_name(name, &q->open->who));
}

bool
rule_apart(const struct judged *q, struct err *err)
{
	char name[JUDGE_NAME_BYTES];
	const struct policy *policy = q->j->policy;

	if (q->j->dossier == NULL)
		return true;
	unsigned doing = case_steps_of(q->kind, judge_answered(q), policy->decision_in_issue);
	unsigned done = case_steps_by(q->j->dossier, q->who);
	for (enum case_step a = 0; a < CASE_STEPS; a++)
		for (enum case_step b = 0; b < CASE_STEPS; b++)
			if ((doing & 1u << a) != 0 && (done & 1u << b) != 0 &&
			    (policy->apart[a] & 1u << b) != 0)
				return err_set(err, ERR_REFUSED,
				    "the policy keeps \"%s\" and \"%s\" apart, and %s did \"%s\" "
				    "in this "
				    "case",
				    case_step_word(b), case_step_word(a), judge_name(name, q->who),
				    case_step_word(b));
	return true;
}

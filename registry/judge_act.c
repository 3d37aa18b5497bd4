/* Rules on every act: time, order, power, stage. */
#include "core/rfc3339.h"
#include "registry/judge_rule.h"

bool
rule_known(const struct judged *q, struct err *err)
{
	return !q->j->act_known || err_set(err, ERR_REFUSED, "this act was recorded before");
}

bool
rule_idempotency(const struct judged *q, struct err *err)
{
	return !q->j->key_known ||
	    err_set(err, ERR_REFUSED,
		"another act was recorded under this idempotency key; take a new key for a new "
		"act");
}

bool
rule_use(const struct judged *q, struct err *err)
{
	bool machine = act_kind_form(q->kind) == ACT_MACHINE;
	if (q->signer->use == (machine ? KEY_USE_SERVICE : KEY_USE_OFFICER))
		return true;
	return err_set(err, ERR_REFUSED, "a key for %s cannot sign \"%s\": %s",
	    bundle_use_word(q->signer->use), act_kind_word(q->kind),
	    machine ? "that is for the service key alone" : "that is for officers");
}

bool
rule_key(const struct judged *q, struct err *err)
{
	char name[JUDGE_NAME_BYTES];
	const struct judge *j = q->j;

	if (q->signer->state == KEY_RETIRED)
		return err_set(
		    err, ERR_REFUSED, "the key of %s is retired", judge_name(name, q->who));
	if (q->signer->state != KEY_ACTIVE)
		return err_set(
		    err, ERR_REFUSED, "the key of %s is reported stolen", judge_name(name, q->who));
	if (!bundle_key_covers(q->signer, j->now_s) ||
	    (q->act != NULL && !bundle_key_covers(q->signer, q->act->act.time_s)))
		return err_set(err, ERR_REFUSED, "the key of %s is listed for another time",
		    judge_name(name, q->who));
	return true;
}

bool
rule_time(const struct judged *q, struct err *err)
{
	char written[RFC3339_TEXT_BYTES];
	int64_t time_s = q->act->act.time_s, now_s = q->j->now_s;
	const bool makes = act_body_makes(q->kind);
	int64_t behind_s = makes ? JUDGE_ISSUE_BEHIND_S : JUDGE_BEHIND_S;

	if (now_s < q->j->last_s)
		return err_set(err, ERR_REFUSED, "the clock stands before the last recording");
	rfc3339_format(written, time_s);
	if (time_s > now_s + JUDGE_AHEAD_S)
		return err_set(err, ERR_REFUSED,
		    "it was signed with the time %s, more than %d minutes ahead of the register's "
		    "clock",
		    written, JUDGE_AHEAD_S / 60);
	if (time_s < now_s - behind_s)
		return err_set(err, ERR_REFUSED,
		    "it was signed at %s, more than %d %s ago; sign it again", written,
		    makes ? JUDGE_ISSUE_BEHIND_S / 60 : JUDGE_BEHIND_S / 86400,
		    makes ? "minutes" : "days");
	return true;
}

bool
rule_bundle(const struct judged *q, struct err *err)
{
	const struct judge *j = q->j;
	uint64_t seen = q->act->act.bundle_seq;

	if (q->kind == ACT_REGISTER)
		return true;
	if (j->bundle_waiting && q->kind != ACT_ADOPT)
		return err_set(err, ERR_REFUSED, "a newer trust bundle waits; adopt it first");
	for (size_t i = 0; i < j->n_adopted; i++)
		if (j->adopted[i] == seen)
			return true;
	return err_set(err, ERR_REFUSED,
	    "its signer saw trust bundle %llu, which this register never adopted",
	    (unsigned long long)seen);
}

bool
rule_chain(const struct judged *q, struct err *err)
{
	struct chain_tail tail = chain_tail(q->j->chain, q->j->n_chain);
	const struct act *act = &q->act->act;

	if (act->seq == tail.acts && memcmp(act->prev, tail.hash, sizeof tail.hash) == 0)
		return true;
	return err_set(err, ERR_REFUSED,
	    "it does not follow the %llu acts on %.*s; something was recorded meanwhile: prepare "
	    "it "
	    "again",
	    (unsigned long long)tail.acts, (int)act->subject.len, (const char *)act->subject.ptr);
}

bool
rule_role(const struct judged *q, struct err *err)
{
	char name[JUDGE_NAME_BYTES];
	enum role role = policy_role(q->j->policy, q->kind, judge_answered(q));

	if (role == ROLE_NONE)
		return true;
	if (!bundle_key_has_role(q->signer, role, q->j->now_s))
		return err_set(err, ERR_REFUSED, "%s does not have the role %s",
		    judge_name(name, q->who), bundle_role_word(role));
	if (q->act != NULL && !bundle_key_has_role(q->signer, role, q->act->act.time_s))
		return err_set(err, ERR_REFUSED, "%s did not have the role %s when it was signed",
		    judge_name(name, q->who), bundle_role_word(role));
	return true;
}

/* The act that a case at this stage waits for; ACT_NONE: none ever. */
static enum act_kind
next_kind(const struct judge *j)
{
	static const enum act_kind next[CASE_STAGES] = {
		[CASE_NONE] = ACT_SUBMIT,
		[CASE_SUBMITTED] = ACT_ACCEPT,
		[CASE_ACCEPTED] = ACT_EXAMINE,
		[CASE_EXAMINED] = ACT_INSPECT,
		[CASE_EXAMINATION_FAILED] = ACT_DECIDE,
		[CASE_INSPECTED_ONCE] = ACT_INSPECT,
		[CASE_INSPECTED] = ACT_DECIDE,
		[CASE_INSPECTION_FAILED] = ACT_DECIDE,
		[CASE_GRANTED] = ACT_ISSUE,
	};
	const struct case_state *c = j->dossier;

	if (c->stage == CASE_ISSUE_APPROVED)
		return ACT_MADE;
	if (c->base == CASE_INSPECTED && j->policy->decision_in_issue)
		return ACT_ISSUE;
	return next[c->base];
}

/* Does it make a certificate, or let one be made? */
static bool
makes(const struct judged *q)
{
	const enum act_kind kind = q->kind == ACT_APPROVE ? judge_answered(q) : q->kind;
	return act_body_makes(kind) || kind == ACT_MADE;
}

bool
rule_stopped(const struct judged *q, struct err *err)
{
	if (q->kind == ACT_RESUME && !q->j->stopped)
		return err_set(err, ERR_REFUSED, "nothing is stopped");
	return !q->j->stopped || !makes(q) ||
	    err_set(err, ERR_REFUSED,
		"an officer stopped the making of certificates; two resume it: qualcert resume");
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
	enum act_kind next = next_kind(q->j);
	if (q->kind == next)
		return true;
	/* A refusal is decided by itself also where a grant would be part of the issue proposal. */
	if (q->kind == ACT_DECIDE && c->base == CASE_INSPECTED && c->stage != CASE_ISSUE_APPROVED)
		return true;
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

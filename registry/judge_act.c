/* Rules on every act: time, order, role. */
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

#include "registry/judge.h"

#include "core/encode.h"
#include "registry/judge_rule.h"

/*
 * In this order the rules are asked. Those that concern the person and the stage alone also answer
 * what somebody might sign.
 */
static const struct rule {
	const char *id;
	bool without_act;
	judge_rule_fn *holds;
} rules[] = {
	{ "ACT-10", false, rule_known },
	{ "ACT-08", false, rule_idempotency },
	{ "ACT-09", true, rule_use },
	{ "ACT-02", true, rule_key },
	{ "ACT-04", false, rule_time },
	{ "ACT-06", false, rule_bundle },
	{ "ACT-05", false, rule_chain },
	{ "APP-01", true, rule_answer },
	{ "APP-02", false, rule_directly },
	{ "APP-03", true, rule_not_after },
	{ "EPO-02", true, rule_before_loss },
	{ "ACT-07", true, rule_stage },
	{ "SEP-01", true, rule_other_person }, /* before the role: it is the one nothing can cure */
	{ "ACT-03", true, rule_role },
	{ "SEP-07", true, rule_recused },
	{ "SEP-02", true, rule_other_key },
	{ "SEP-04", true, rule_inspector },
	{ "SEP-05", true, rule_officials },
	{ "SEP-08", true, rule_team },
	{ "SEP-06", true, rule_proposer },
	{ "SEP-03", true, rule_apart },
	{ "POW-02", true, rule_authority },
	{ "DAT-02", true, rule_visit },
	{ "STP-01", true, rule_stopped }, /* after what he never could, stopped or not */
	{ "ACT-07", false, rule_outcome },
	{ "CAS-01", false, rule_case_ground },
	{ "BAR-01", false, rule_bar },
	{ "TYP-01", false, rule_type },
	{ "LIC-02", false, rule_ground },
	{ "LIC-01", true, rule_licence },
	{ "LIC-04", true, rule_target },
	{ "LIC-03", false, rule_duration },
	{ "DAT-01", false, rule_dates },
	{ "NUM-01", false, rule_number },
	{ "NUM-02", false, rule_lost_number },
	{ "CLM-01", false, rule_claims },
	{ "POW-01", false, rule_power },
};

static bool
judge(const struct judged *q, struct err *err)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if ((q->act != NULL || rules[i].without_act) && !rules[i].holds(q, err))
			return err_in(err, "%s", rules[i].id);
	return true;
}

/* The proposal at the chain's end; APP-03 says whether it has lapsed. */
static const struct chain_entry *
open_proposal(const struct judge *j)
{
	const struct chain_entry *last = j->n_chain > 0 ? &j->chain[j->n_chain - 1] : NULL;
	return last != NULL && act_kind_form(last->act.kind) == ACT_PROPOSAL ? last : NULL;
}

bool
judge_act(const struct judge *j, const struct chain_entry *act, const struct bundle_key *signer,
    struct err *err)
{
	struct judged q = { .j = j,
		.kind = act->act.kind,
		.who = &act->who,
		.signer = signer,
		.open = open_proposal(j),
		.act = act };
	return judge(&q, err);
}

bool
judge_may(const struct judge *j, enum act_kind kind, const struct chain_who *who,
    const struct bundle_key *signer, struct err *err)
{
	struct judged q = {
		.j = j, .kind = kind, .who = who, .signer = signer, .open = open_proposal(j)
	};
	return judge(&q, err);
}

void
judge_rule(char out[JUDGE_RULE_BYTES], const struct err *err)
{
	size_t len = JUDGE_RULE_BYTES - 1;

	memset(out, 0, JUDGE_RULE_BYTES);
	if (err->code == ERR_REFUSED && strcspn(err->text, ":") == len && err->text[3] == '-')
		memcpy(out, err->text, len);
}

const char *
judge_name(char out[JUDGE_NAME_BYTES], const struct chain_who *who)
{
	if (who->name != NULL)
		return who->name;
	hex_encode(out, span_of(who->person, sizeof who->person));
	return out;
}

enum act_kind
judge_answered(const struct judged *q)
{
	if (act_kind_form(q->kind) != ACT_ANSWER)
		return ACT_NONE;
	if (q->act != NULL)
		return q->act->body.answer.proposal_kind;
	return q->open != NULL ? q->open->act.kind : ACT_NONE;
}

#include "registry/licence.h"

#include <stdlib.h>

/* ---- the acts that took effect ---- */

static bool
is_open(const struct chain_entry *proposal, int64_t now_s)
{
	return proposal != NULL && now_s < chain_not_after_s(proposal);
}

/* An approval takes effect; an instrument only when it is made. */
static void
approve(struct licence_state *s, const struct chain_entry *approval)
{
	const struct chain_entry *proposal = s->open;

	if (act_body_makes(proposal->act.kind)) {
		s->making = proposal;
		s->making_approval = approval;
		return;
	}
	s->acts[s->n_acts++] = (struct licence_act){
		.proposal = proposal, .recorded_s = approval->recorded_s, .index = approval->index
	};
}

/* Whatever comes after a proposal answers it or voids it; after an approval to make, it makes or voids. */
static void
apply(struct licence_state *s, const struct chain_entry *e)
{
	bool approves = e->act.kind == ACT_APPROVE && is_open(s->open, e->recorded_s) &&
	    chain_answers(e, s->open);

	s->making = s->making_approval = NULL;
	if (approves)
		approve(s, e);
	s->open = act_kind_form(e->act.kind) == ACT_PROPOSAL ? e : NULL;
}

static struct licence_act *
find(const struct licence_state *s, const uint8_t proposal[SHA256_BYTES])
{
	for (size_t i = 0; i < s->n_acts; i++)
		if (memcmp(s->acts[i].proposal->act.hash, proposal, SHA256_BYTES) == 0)
			return &s->acts[i];
	return NULL;
}

const struct licence_act *
licence_find_act(const struct licence_state *s, const uint8_t proposal[SHA256_BYTES])
{
	return find(s, proposal);
}

/* Corrections and rulings, the last first: what they are about came before them. */
static void
strike(struct licence_state *s)
{
	for (size_t i = s->n_acts; i-- > 0;) {
		const struct licence_act *act = &s->acts[i];
		const struct body_order *order = &act->proposal->body.order;
		struct licence_act *target = find(s, order->target);

		if (act->struck || target == NULL)
			continue;
		if (act->proposal->act.kind == ACT_CORRECT) {
			target->struck = true;
		} else if (act->proposal->act.kind == ACT_SET_ASIDE && !target->aside) {
			target->aside = true;
			target->aside_from_s = order->from_s;
			target->aside_status = order->status;
		}
	}
}

/* ---- where it stands ---- */

static enum licence_status
after(enum licence_status status, const struct licence_act *act)
{
	const struct ground *ground = ground_find(act->proposal->body.order.ground);

	if (act->struck || ground == NULL || ground->to > LICENCE_STATUSES)
		return status;
	if (!act->aside)
		return ground->to;
	return act->aside_status == STATUS_SUSPENDED ? LICENCE_SUSPENDED : status;
}

/* Of what stands for a status in lists, which is worse? */
static enum licence_status
worse(enum licence_status a, enum licence_status b)
{
	const enum status x = licence_row(a)->value, y = licence_row(b)->value;
	return status_worse(x, y) == x ? a : b;
}

/* What a ruling on lost acts leaves. */
static enum licence_status
ruled(const struct licence_act *act)
{
	return act->proposal->body.order.status == STATUS_SUSPENDED ? LICENCE_SUSPENDED
								    : LICENCE_ACTIVE;
}

static enum licence_status
status_of(const struct licence_state *s, int64_t now_s)
{
	/* By the last of what was published before a loss, whatever its date; then by what came after. */
	enum licence_status status = licence_floor_status(s, HISTORY_OPEN - 1);

	for (size_t i = 0; i < s->n_acts; i++) {
		const struct licence_act *act = &s->acts[i];
		if (licence_act_is_floor(s, act))
			continue;
		const enum licence_status next = after(status, act);
		if (licence_act_is_between(s, act))
			status = worse(status, next);
		else if (licence_act_rules_on_floor(s, act) && !act->struck)
			status = ruled(act);
		else
			status = next;
	}
	bool lives = status == LICENCE_ACTIVE || status == LICENCE_SUSPENDED;
	if (lives && s->facts.superseded)
		return LICENCE_SUPERSEDED;
	return lives && now_s >= s->end_s ? LICENCE_EXPIRED : status;
}

static const struct licence_act *
find_suspension(const struct licence_state *s)
{
	for (size_t i = s->n_acts; i-- > 0;) {
		const struct licence_act *act = &s->acts[i];
		if (!licence_act_is_floor(s, act) && after(LICENCE_NONE, act) == LICENCE_SUSPENDED)
			return act;
	}
	return NULL; /* it is one that was lost */
}

bool
licence_fold(
    struct licence_state *out, const struct licence_facts *facts, int64_t now_s, struct err *err)
{
	struct licence_state s = { .facts = *facts };

	*out = (struct licence_state){ 0 };
	if (facts->n > 0 && (s.acts = calloc(facts->n, sizeof *s.acts)) == NULL)
		return err_set(err, ERR_MEMORY, "no memory for %zu acts on a licence", facts->n);
	for (size_t i = 0; i < facts->n; i++)
		apply(&s, &facts->entries[i]);
	if (!is_open(s.open, now_s))
		s.open = NULL;
	if (!is_open(s.making, now_s))
		s.making = s.making_approval = NULL;
	strike(&s);
	s.end_s = licence_at(&s, 1, now_s).end_s;
	s.status = status_of(&s, now_s);
	if (s.status == LICENCE_SUSPENDED)
		s.suspension = find_suspension(&s);
	*out = s;
	return true;
}

void
licence_free(struct licence_state *state)
{
	free(state->acts);
	*state = (struct licence_state){ 0 };
}

bool
licence_act_yields(const struct licence_state *s, const struct licence_act *act, enum act_kind verb)
{
	const enum act_kind kind = act->proposal->act.kind;

	if (act->struck || (verb == ACT_SET_ASIDE && act->aside))
		return false;
	if (verb == ACT_CORRECT)
		return !licence_act_is_floor(s, act);
	return kind == ACT_SUSPEND || kind == ACT_REVOKE || kind == ACT_ANNUL ||
	    kind == ACT_WITHDRAW || kind == ACT_DEREGISTER;
}

/* ---- what would be ---- */

bool
licence_foresee(struct licence_foresight *out, const struct licence_facts *facts,
    const struct act_body *body, int64_t now_s, struct err *err)
{
	struct licence_facts then = *facts;

	*out = (struct licence_foresight){ .entries = calloc(facts->n + 2, sizeof *out->entries) };
	if (out->entries == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (facts->n > 0)
		memcpy(out->entries, facts->entries, facts->n * sizeof *out->entries);
	struct chain_entry *proposal = &out->entries[facts->n], *approval = proposal + 1;
	*proposal = (struct chain_entry){ .body = *body, .recorded_s = now_s, .index = UINT64_MAX };
	proposal->act.kind = body->kind;
	proposal->body.not_after_s = INT64_MAX;
	*approval = (struct chain_entry){ .recorded_s = now_s, .index = UINT64_MAX };
	approval->act.kind = approval->body.kind = ACT_APPROVE;
	approval->body.answer.proposal_kind = body->kind; /* both without bytes: their hash is 0 */
	then.entries = out->entries;
	then.n = facts->n + 2;
	return licence_fold(&out->licence, &then, now_s, err);
}

void
licence_foresight_free(struct licence_foresight *f)
{
	licence_free(&f->licence);
	free(f->entries);
	*f = (struct licence_foresight){ 0 };
}

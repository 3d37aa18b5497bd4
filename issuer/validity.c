#include "issuer/validity.h"

#include <jansson.h>
#include <stdlib.h>

bool
validity_load(struct validity *out, const struct bureau *b, struct span text, struct err *err)
{
	char stored[NUMBER_STORED_BYTES];
	struct number number;

	*out = (struct validity){ 0 };
	if (!number_parse(&number, text, err))
		return false;
	number_stored(stored, &number);
	number_shown(out->shown, &number);
	return registry_find_instrument(&out->instrument, b->registry, span_text(stored), err) &&
	    credential_parse(
		&out->credential, span_of(out->instrument.qc1, out->instrument.qc1_len), err) &&
	    registry_record_load(&out->record, b->registry,
		(struct history_slot){ out->instrument.list, out->instrument.idx }, err);
}

void
validity_free(struct validity *s)
{
	registry_record_free(&s->record);
	*s = (struct validity){ 0 };
}

static enum validity_state
state_of_status(enum status status, bool expired)
{
	switch (status) {
	case STATUS_ACTIVE:
		return expired ? VALIDITY_EXPIRED : VALIDITY_IN_FORCE;
	case STATUS_SUSPENDED:
		return VALIDITY_SUSPENDED;
	case STATUS_REPLACED:
		return VALIDITY_REPLACED;
	case STATUS_REVOKED:
		return VALIDITY_REVOKED;
	case STATUS_ANNULLED:
		return VALIDITY_ANNULLED;
	default:
		return VALIDITY_ENDED;
	}
}

/* As a verifier asks the snapshot (verifier/standing.c): first the status, then the dates. */
struct validity_answer
validity_ask(const struct validity *s, int64_t on_s, int64_t known_s)
{
	const struct claims *claims = &s->credential.claims;
	const struct registry_record *r = &s->record;
	const struct history_order *order =
	    history_find_order(r->orders, r->n_orders, r->slot, on_s, known_s);
	struct validity_answer a = { .end_s = history_end(order, claims->exp_s),
		.entry = history_find(r->history, r->n_history, on_s, known_s) };
	const enum status status = a.entry != NULL ? a.entry->status : STATUS_ACTIVE;
	const bool early = on_s < claims_from_s(claims);

	if (a.end_s > claims->exp_s)
		a.order = order->order;
	a.state = state_of_status(status, on_s >= a.end_s);
	if (s->instrument.made_s > known_s)
		a.state = VALIDITY_UNKNOWN;
	else if (early && status == STATUS_ACTIVE)
		a.state = VALIDITY_NOT_YET;
	if (a.state != VALIDITY_UNKNOWN && !early)
		licence_effects(&a.contracts, &a.existing, status, on_s >= a.end_s);
	return a;
}

static const struct {
	const char *word, *zh, *en;
} states[] = {
	[VALIDITY_UNKNOWN] = { "unknown", "当时尚未制作", "not made yet, as known then" },
	[VALIDITY_NOT_YET] = { "not-yet-valid", "尚未生效", "not yet valid" },
	[VALIDITY_IN_FORCE] = { "in-force", "有效", "in force" },
	[VALIDITY_EXPIRED] = { "expired", "已过期", "expired" },
	[VALIDITY_SUSPENDED] = { "suspended", "已暂停", "suspended" },
	[VALIDITY_REPLACED] = { "replaced", "已由新版本取代", "replaced by a newer version" },
	[VALIDITY_ENDED] = { "ended", "已终止", "ended" },
	[VALIDITY_REVOKED] = { "revoked", "已吊销", "revoked" },
	[VALIDITY_ANNULLED] = { "annulled", "已撤销", "annulled" },
};

const char *
validity_words(const struct validity_answer *a, enum lang lang)
{
	return LANG_PICK(lang, states[a->state].zh, states[a->state].en);
}

const char *
validity_work_words(enum work work, enum lang lang)
{
	static const char *const zh[] = { "不得", "在监督下可以", "可以" };
	static const char *const en[] = { "no", "under supervision", "yes" };
	return LANG_PICK(lang, zh[work], en[work]);
}

struct json_t *
validity_json(const struct validity *s, const struct validity_answer *a)
{
	const struct claims *c = &s->credential.claims;

	json_t *out = json_pack("{s:s, s:s%, s:s%, s:s, s:I, s:I, s:I, s:s, s:s, s:s}", "number",
	    s->shown, "holder", c->holder.ptr, c->holder.len, "uscc", c->uscc.ptr, c->uscc.len,
	    "grade", c->grade == GRADE_A ? "A" : "B", "valid_from_s", (json_int_t)claims_from_s(c),
	    "valid_until_s", (json_int_t)claims_last_s(c), "effective_until_s",
	    (json_int_t)(a->end_s - 1), "state", states[a->state].word, "new_contracts",
	    validity_work_words(a->contracts, LANG_EN), "existing_work",
	    validity_work_words(a->existing, LANG_EN));

	if (a->order.len > 0)
		json_object_set_new(
		    out, "order", json_stringn((const char *)a->order.ptr, a->order.len));
	if (a->state == VALIDITY_REPLACED)
		json_object_set_new(out, "replaced_by", json_integer(a->entry->by));
	return out;
}

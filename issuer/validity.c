#include "issuer/validity.h"

#include "core/civil.h"
#include "core/text.h"
#include "issuer/words.h"

#include <jansson.h>
#include <stdlib.h>

/* The newest version that was made by then; the first, where none was. */
static unsigned
version_known(const struct validity *s)
{
	unsigned version = 1;

	for (size_t i = 0; i < s->versions.n; i++)
		if (s->versions.versions[i].recorded_s <= s->known_s)
			version = s->versions.versions[i].version;
	return version;
}

/* The licence, from the acts recorded by then. */
static bool
fold_known(struct validity *s, struct err *err)
{
	while (s->n_known < s->chain.n && s->chain.entries[s->n_known].recorded_s <= s->known_s)
		s->n_known++;
	struct licence_facts facts =
	    registry_licence_facts(&s->versions, s->chain.entries, s->n_known);
	return licence_fold(&s->licence, &facts, s->known_s, err);
}

static bool
load(struct validity *s, struct registry *r, struct span number, struct err *err)
{
	if (!registry_licence_load(&s->versions, r, number, err) ||
	    !registry_find_version(&s->instrument, r, number, version_known(s), err) ||
	    !credential_parse(
		&s->credential, span_of(s->instrument.qc1, s->instrument.qc1_len), err) ||
	    !registry_chain(&s->chain, r, number, err) || !fold_known(s, err))
		return false;
	const struct history_slot slot = { s->instrument.list, s->instrument.idx };
	return registry_record_load(&s->record, r, slot, err);
}

bool
validity_load(struct validity *out, const struct bureau *b, struct span text, int64_t known_s,
    struct err *err)
{
	char stored[NUMBER_STORED_BYTES];
	struct number number;

	*out = (struct validity){ .known_s = known_s };
	if (!number_parse(&number, text, err))
		return false;
	number_stored(stored, &number);
	number_shown(out->shown, &number);
	return load(out, b->registry, span_text(stored), err);
}

void
validity_free(struct validity *s)
{
	licence_free(&s->licence);
	registry_chain_free(&s->chain);
	registry_licence_free(&s->versions);
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
validity_ask(const struct validity *s, int64_t on_s)
{
	const struct claims *claims = &s->credential.claims;
	const struct registry_record *r = &s->record;
	const struct history_order *order =
	    history_find_order(r->orders, r->n_orders, r->slot, on_s, s->known_s);
	struct validity_answer a = { .end_s = history_end(order, claims->exp_s),
		.entry = history_find(r->history, r->n_history, on_s, s->known_s) };
	const enum status status = a.entry != NULL ? a.entry->status : STATUS_ACTIVE;
	const bool early = on_s < claims_from_s(claims);

	if (a.end_s > claims->exp_s)
		a.order = order->order;
	a.state = state_of_status(status, on_s >= a.end_s);
	if (s->instrument.made_s > s->known_s)
		a.state = VALIDITY_UNKNOWN;
	else if (early && status == STATUS_ACTIVE)
		a.state = VALIDITY_NOT_YET;
	if (a.state == VALIDITY_ENDED)
		a.ended = licence_at(&s->licence, s->instrument.version, on_s).licence;
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
	if (a->state == VALIDITY_ENDED)
		return word_licence(a->ended, lang);
	return LANG_PICK(lang, states[a->state].zh, states[a->state].en);
}

const char *
validity_work_words(enum work work, enum lang lang)
{
	static const char *const zh[] = { "不得", "在监督下可以", "可以" };
	static const char *const en[] = { "no", "under supervision", "yes" };
	return LANG_PICK(lang, zh[work], en[work]);
}

void
validity_days(
    struct buf *out, const struct validity *s, const struct validity_answer *a, enum lang lang)
{
	const struct claims *claims = &s->credential.claims;
	char from[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES], printed[CIVIL_TEXT_BYTES];

	civil_format(from, civil_of(claims_from_s(claims)));
	civil_format(until, civil_of(a->end_s - 1));
	civil_format(printed, civil_of(claims_last_s(claims)));
	buf_printf(out, LANG_PICK(lang, "%s 至 %s", "%s to %s"), from, until);
	if (a->order.len == 0)
		return;
	buf_printf(
	    out, LANG_PICK(lang, "（证面为 %s，依 ", " (printed: %s, extended by "), printed);
	text_escape(out, a->order);
	buf_add_text(out, LANG_PICK(lang, " 顺延）", ")"));
}

static void
set_time(json_t *out, const char *name, int64_t t_s)
{
	if (t_s > 0 && t_s != HISTORY_OPEN)
		json_object_set_new(out, name, json_integer((json_int_t)t_s));
}

struct json_t *
validity_json(const struct validity *s, const struct validity_answer *a)
{
	const struct claims *c = &s->credential.claims;

	json_t *out = json_pack("{s:s, s:i, s:s%, s:s%, s:s, s:I, s:I, s:I, s:s, s:s, s:s}",
	    "number", s->shown, "version", (int)s->instrument.version, "holder", c->holder.ptr,
	    c->holder.len, "uscc", c->uscc.ptr, c->uscc.len, "grade",
	    c->grade == GRADE_A ? "A" : "B", "valid_from_s", (json_int_t)claims_from_s(c),
	    "valid_until_s", (json_int_t)claims_last_s(c), "effective_until_s",
	    (json_int_t)(a->end_s - 1), "state", states[a->state].word, "new_contracts",
	    validity_work_words(a->contracts, LANG_EN), "existing_work",
	    validity_work_words(a->existing, LANG_EN));

	if (a->order.len > 0)
		json_object_set_new(
		    out, "order", json_stringn((const char *)a->order.ptr, a->order.len));
	if (a->state == VALIDITY_ENDED)
		json_object_set_new(out, "ended", json_string(licence_row(a->ended)->word));
	if (a->state == VALIDITY_REPLACED)
		json_object_set_new(out, "replaced_by", json_integer(a->entry->by));
	if (a->entry != NULL && a->entry->status != STATUS_ACTIVE) {
		set_time(out, "since_s", a->entry->from_s);
		set_time(out, "until_at_least_s", a->entry->until_s);
	}
	return out;
}

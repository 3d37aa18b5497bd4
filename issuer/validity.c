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
	    registry_history(&out->history, &out->n_history, b->registry, span_text(stored), err);
}

void
validity_free(struct validity *s)
{
	free(s->history);
	*s = (struct validity){ 0 };
}

static enum validity_state
state_of(const struct validity *s, const struct history_entry *entry, int64_t on_s, int64_t known_s)
{
	const struct claims *claims = &s->credential.claims;

	if (s->instrument.made_s > known_s)
		return VALIDITY_UNKNOWN;
	if (on_s < claims_from_s(claims))
		return VALIDITY_NOT_YET;
	if (entry != NULL && entry->status == STATUS_REVOKED)
		return VALIDITY_REVOKED;
	if (on_s >= claims->exp_s)
		return VALIDITY_EXPIRED;
	if (entry != NULL && entry->status == STATUS_SUSPENDED)
		return VALIDITY_SUSPENDED;
	return VALIDITY_IN_FORCE;
}

struct validity_answer
validity_ask(const struct validity *s, int64_t on_s, int64_t known_s)
{
	static const struct {
		enum validity_work contracts, existing;
	} effects[] = {
		[VALIDITY_UNKNOWN] = { WORK_NO, WORK_NO },
		[VALIDITY_NOT_YET] = { WORK_NO, WORK_NO },
		[VALIDITY_IN_FORCE] = { WORK_YES, WORK_YES },
		[VALIDITY_SUSPENDED] = { WORK_NO, WORK_SUPERVISED },
		[VALIDITY_REVOKED] = { WORK_NO, WORK_NO },
		[VALIDITY_EXPIRED] = { WORK_NO, WORK_YES },
	};
	const struct history_entry *entry = history_find(s->history, s->n_history, on_s, known_s);
	enum validity_state state = state_of(s, entry, on_s, known_s);

	return (struct validity_answer){ .state = state,
		.contracts = effects[state].contracts,
		.existing = effects[state].existing,
		.entry = entry };
}

static const char *
state_word(enum validity_state state)
{
	static const char *const words[] = { "unknown", "not-yet-valid", "in-force", "suspended",
		"revoked", "expired" };
	return words[state];
}

const char *
validity_words(const struct validity_answer *a, enum lang lang)
{
	static const char *const zh[] = { "当时尚未制作", "尚未生效", "有效", "已暂停", "已吊销",
		"已过期" };
	static const char *const en[] = { "not made yet, as known then", "not yet valid",
		"in force", "suspended", "revoked", "expired" };
	return LANG_PICK(lang, zh[a->state], en[a->state]);
}

const char *
validity_work_words(enum validity_work work, enum lang lang)
{
	static const char *const zh[] = { "不得", "在监督下可以", "可以" };
	static const char *const en[] = { "no", "under supervision", "yes" };
	return LANG_PICK(lang, zh[work], en[work]);
}

struct json_t *
validity_json(const struct validity *s, const struct validity_answer *a)
{
	const struct claims *c = &s->credential.claims;

	return json_pack("{s:s, s:s%, s:s%, s:s, s:I, s:I, s:s, s:s, s:s}", "number", s->shown,
	    "holder", c->holder.ptr, c->holder.len, "uscc", c->uscc.ptr, c->uscc.len, "grade",
	    c->grade == GRADE_A ? "A" : "B", "valid_from_s", (json_int_t)claims_from_s(c),
	    "valid_until_s", (json_int_t)claims_last_s(c), "state", state_word(a->state),
	    "new_contracts", validity_work_words(a->contracts, LANG_EN), "existing_work",
	    validity_work_words(a->existing, LANG_EN));
}

#include "issuer/who.h"

/* Was this person's other key asked before? */
static bool
named_before(const struct bundle *bundle, size_t i, const bool *may)
{
	for (size_t k = 0; k < i; k++)
		if (may[k] &&
		    memcmp(bundle->keys[k].person, bundle->keys[i].person, BUNDLE_PERSON_BYTES) ==
			0)
			return true;
	return false;
}

static bool
may_sign(const struct judge *subject, const struct bundle_key *key, enum act_kind kind)
{
	struct chain_who who;

	if (key->use != KEY_USE_OFFICER)
		return false;
	who = chain_who_of(key, NULL);
	return judge_may(subject, kind, &who, key, NULL);
}

size_t
who_may(struct buf *out, const struct bureau *b, const struct judge *subject, enum act_kind kind,
    enum lang lang)
{
	char room[OFFICER_NAME_BYTES];
	const struct bundle *bundle = subject->bundle;
	bool may[LIMIT_KEYS_IN_BUNDLE] = { false };
	size_t named = 0;

	for (size_t i = 0; i < bundle->n_keys; i++) {
		may[i] = may_sign(subject, &bundle->keys[i], kind);
		if (!may[i] || named_before(bundle, i, may))
			continue;
		buf_add_text(out, named++ > 0 ? LANG_PICK(lang, "或", " or ") : "");
		buf_add_text(out, officer_name(room, b, bundle->keys[i].person, lang));
	}
	if (named == 0)
		buf_add_text(out, LANG_PICK(lang, "（无人）", "nobody"));
	return named;
}

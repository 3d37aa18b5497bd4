#include "issuer/draft.h"

#include "core/encode.h"
#include "core/rfc3339.h"
#include "issuer/act_text.h"
#include "issuer/words.h"

#include <stdio.h>

static void
hash_row(struct buf *out, enum lang lang, const char *zh, const char *en, struct span bytes)
{
	char hex[2 * SHA256_BYTES + 1];
	hex_encode(hex, bytes);
	act_text_row(out, lang, zh, en, span_text(hex));
}

/* Under whom: what an officer compares with what he knows of his bureau. */
static bool
show_bundle(struct buf *out, const struct draft *d, enum lang lang, struct err *err)
{
	const struct bundle *b = d->bundle;
	uint8_t fingerprint[SHA256_BYTES];
	char text[RFC3339_TEXT_BYTES + 32];
	struct buf roots = BUF_EMPTY;

	root_set_encode(&roots, &b->roots);
	bool ok = buf_ok(&roots, err);
	sha256(fingerprint, buf_span(&roots));
	buf_free(&roots);
	if (!ok)
		return false;
	buf_printf(out, "%s\n",
	    LANG_PICK(
		lang, "本草稿依据的机关与信任包", "The bureau and trust bundle of this draft"));
	act_text_row(out, lang, "发证机关", "Issuer", b->roots.issuer);
	hash_row(out, lang, "机关标识", "Bureau id", span_of(d->bureau, sizeof d->bureau));
	hash_row(out, lang, "根密钥指纹", "Fingerprint of roots",
	    span_of(fingerprint, sizeof fingerprint));
	snprintf(text, sizeof text, "%llu%s", (unsigned long long)b->seq, b->test ? " TEST" : "");
	act_text_row(out, lang, "信任包序号", "Trust bundle", span_text(text));
	rfc3339_format(text, b->exp_s);
	act_text_row(out, lang, "信任包有效期至", "It expires", span_text(text));
	return true;
}

static bool
show_item(struct buf *out, const struct draft_item *item, const struct bureau *b, enum lang lang,
    struct err *err)
{
	char room[OFFICER_NAME_BYTES];

	act_text_claims(out, &item->act, lang);
	if (!act_text_body(out, &item->body, lang, err))
		return false;
	if (item->proposal == NULL)
		return true;
	buf_printf(out, " %s\n", LANG_PICK(lang, "所答的提议", "The proposal that it answers"));
	act_text_row(out, lang, "提议人", "Proposed by",
	    span_text(officer_name(room, b, item->proposal->who.person, lang)));
	act_text_claims(out, &item->proposal->act, lang);
	return act_text_body(out, &item->proposal->body, lang, err);
}

bool
draft_show(
    struct buf *out, const struct draft *d, const struct bureau *b, enum lang lang, struct err *err)
{
	if (!show_bundle(out, d, lang, err))
		return false;
	for (size_t i = 0; i < d->n_items; i++) {
		if (lang == LANG_ZH)
			buf_printf(out, "\n第 %zu 项，共 %zu 项\n", i + 1, d->n_items);
		else
			buf_printf(out, "\nAct %zu of %zu\n", i + 1, d->n_items);
		if (!show_item(out, &d->items[i], b, lang, err))
			return err_in(err, "act %zu", i + 1);
	}
	return buf_ok(out, err);
}

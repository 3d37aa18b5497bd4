#include "issuer/inbox_look.h"

#include <stdio.h>
#include <stdlib.h>

struct held {
	char number[NUMBER_STORED_BYTES];
	char uscc[20];
};

struct inbox_looks {
	struct bureau *bureau;
	enum lang lang;
	struct held *held; /* certificates not revoked, superseded or ended */
	size_t n;
	bool loaded;
};

bool
inbox_looks_new(struct inbox_looks **out, struct bureau *b, enum lang lang, struct err *err)
{
	*out = calloc(1, sizeof **out);
	if (*out == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	(*out)->bureau = b;
	(*out)->lang = lang;
	return true;
}

void
inbox_looks_free(struct inbox_looks *looks)
{
	if (looks == NULL)
		return;
	free(looks->held);
	free(looks);
}

/* ---- a second certificate ---- */

static bool
on_instrument(void *ctx, const struct registry_instrument *i, struct err *err)
{
	struct inbox_looks *looks = ctx;
	struct credential credential;

	if (i->version > 1)
		return true;
	if (!credential_parse(&credential, span_of(i->qc1, i->qc1_len), err))
		return false;
	struct held *grown = realloc(looks->held, (looks->n + 1) * sizeof *grown);
	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	looks->held = grown;
	struct held *held = &grown[looks->n++];
	memcpy(held->number, i->number, sizeof held->number);
	struct span uscc = credential.claims.uscc;
	snprintf(held->uscc, sizeof held->uscc, "%.*s", (int)uscc.len, (const char *)uscc.ptr);
	return true;
}

/* Is the licence still one that its holder could use, or get back? */
static bool
is_alive(
    bool *out, struct inbox_looks *looks, const struct held *held, int64_t now_s, struct err *err)
{
	struct registry_subject subject = { 0 };

	bool ok = registry_subject_load(
	    &subject, looks->bureau->registry, span_text(held->number), now_s, err);
	enum licence_status status = subject.licence.status;
	*out = ok && (status == LICENCE_ACTIVE || status == LICENCE_SUSPENDED);
	registry_subject_free(&subject);
	return ok;
}

static bool
look_at_holder(struct buf *out, struct inbox_looks *looks, const struct dossier *d, struct err *err)
{
	const struct application *app = d->application;
	char shown[NUMBER_SHOWN_BYTES];
	struct number number;
	bool alive;

	if (!looks->loaded &&
	    !registry_each_instrument(looks->bureau->registry, on_instrument, looks, err))
		return false;
	looks->loaded = true;
	for (size_t i = 0; i < looks->n; i++) {
		const struct held *held = &looks->held[i];
		if (!span_is(app->uscc, held->uscc) || app->family.len != 2 ||
		    memcmp(held->number, app->family.ptr, 2) != 0)
			continue;
		if (!number_parse(&number, span_text(held->number), err) ||
		    !is_alive(&alive, looks, held, d->subject.judge.now_s, err))
			return false;
		number_shown(shown, &number);
		if (span_is(app->of, shown) || span_is(app->of, held->number))
			continue;
		if (alive)
			buf_printf(out,
			    LANG_PICK(looks->lang, "该单位已持有 %s：是延续，还是误报？\n",
				"holder already has %s: renewal, or a mistake?\n"),
			    shown);
	}
	return true;
}

/* ---- what the rules note ---- */

static bool
look_at_rules(struct buf *out, struct inbox_looks *looks, const struct dossier *d, struct err *err)
{
	struct defects defects = { 0 };

	if (!dossier_rules(&defects, d, NULL, err)) {
		defects_free(&defects);
		return false;
	}
	for (size_t i = 0; i < defects.count; i++)
		if (defects.items[i].severity != SEVERITY_INFO)
			buf_printf(out, "%s: %s\n", defects.items[i].code,
			    LANG_PICK(looks->lang, defects.items[i].zh, defects.items[i].en));
	defects_free(&defects);
	return true;
}

bool
inbox_look(struct buf *out, struct inbox_looks *looks, const struct dossier *d, enum act_kind kind,
    struct err *err)
{
	if (kind != ACT_DECIDE && kind != ACT_ISSUE)
		return true;
	return look_at_rules(out, looks, d, err) && look_at_holder(out, looks, d, err) &&
	    buf_ok(out, err);
}

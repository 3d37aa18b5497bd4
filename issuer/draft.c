#include "issuer/draft.h"

#include "credential/cbor.h"
#include "keys/key.h"

#include <stdlib.h>

#define DRAFT_WORD "qualcert-draft"
#define SIGNED_WORD "qualcert-signed"
#define VERSION 1
#define DEPTH 2 /* the array and the lists in it */

/* ---- files ---- */

static void
put_list(struct buf *out, const struct buf *items, size_t n)
{
	cbor_put_array(out, n);
	for (size_t i = 0; i < n; i++)
		cbor_put_bytes(out, buf_span(&items[i]));
}

void
draft_encode(struct buf *out, const struct draft_parts *parts)
{
	cbor_put_array(out, 6);
	cbor_put_text(out, span_text(DRAFT_WORD));
	cbor_put_uint(out, VERSION);
	cbor_put_bytes(out, span_of(parts->bureau, BUREAU_ID_BYTES));
	cbor_put_bytes(out, parts->bundle);
	put_list(out, parts->claims, parts->n_claims);
	put_list(out, parts->context, parts->n_context);
}

static void
take_head(struct cbor_in *c, size_t items, const char *word)
{
	cbor_in_array(c, items, items);
	if (!span_is(cbor_in_text(c, 1, 32), word))
		cbor_in_fail(c, "a file of another kind");
	if (cbor_in_uint(c, UINT16_MAX) != VERSION)
		cbor_in_fail(c, "a later version than this program knows");
}

static bool
check_length(struct span in, struct err *err)
{
	return in.len <= LIMIT_DRAFT_BYTES ||
	    err_set(err, ERR_LIMIT, "%zu bytes; the longest that is read is %u", in.len,
		LIMIT_DRAFT_BYTES);
}

bool
signed_parse(struct span **acts, size_t *n, struct span in, struct err *err)
{
	*acts = NULL;
	*n = 0;
	if (!check_length(in, err))
		return false;
	struct cbor_in c = cbor_in_over(in, DEPTH);
	take_head(&c, 3, SIGNED_WORD);
	size_t count = cbor_in_array(&c, 1, LIMIT_DRAFT_ACTS);
	struct span *list = calloc(count + 1, sizeof *list);
	if (list == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < count; i++)
		list[i] = cbor_in_bytes(&c, 1, LIMIT_ACT_BYTES);
	if (!cbor_in_done(&c, err)) {
		free(list);
		return false;
	}
	*acts = list;
	*n = count;
	return true;
}

/* ---- what it says ---- */

static bool
parse_item(struct draft_item *item, const struct draft *d, struct err *err)
{
	if (!act_claims_parse(&item->act, item->claims, err) ||
	    !act_body_parse(&item->body, item->act.kind, item->act.body, err))
		return false;
	if (act_kind_form(item->act.kind) == ACT_MACHINE)
		return err_set(
		    err, ERR_REFUSED, "no officer signs \"%s\"", act_kind_word(item->act.kind));
	return item->act.bundle_seq == d->bundle->seq ||
	    err_set(err, ERR_REFUSED, "prepared under trust bundle %llu, not %llu",
		(unsigned long long)item->act.bundle_seq, (unsigned long long)d->bundle->seq);
}

/* Which officer of the bundle signed this act for the bureau? NULL: none. */
static const struct bundle_key *
find_signer(const struct draft *d, const struct act *act)
{
	const struct cose_signer *by = &act->envelope.signer;
	const struct bundle_key *entry = NULL;
	struct buf tbs = BUF_EMPTY;
	bool holds = false;

	act_to_be_signed(&tbs, by->header, d->bureau, act->envelope.payload);
	while (!holds && (entry = bundle_find_key(d->bundle, by->kid, KEY_USE_OFFICER, entry))) {
		struct key *key = NULL;
		holds = buf_ok(&tbs, NULL) && key_from_spki(&key, entry->key, NULL) &&
		    key_alg(key) == by->alg &&
		    key_verify(key, buf_span(&tbs), by->signature) == KEY_HOLDS;
		key_free(key);
	}
	buf_free(&tbs);
	return entry;
}

static bool
parse_context(struct chain_entry *out, const struct draft *d, struct span bytes, struct err *err)
{
	if (!chain_entry_parse(out, bytes, err))
		return false;
	const struct bundle_key *signer = find_signer(d, &out->act);
	if (signer == NULL)
		return err_set(err, ERR_REFUSED,
		    "\"%s\" on %.*s is signed by no officer of the trust bundle",
		    act_kind_word(out->act.kind), (int)out->act.subject.len,
		    (const char *)out->act.subject.ptr);
	out->who = chain_who_of(signer, NULL);
	return true;
}

/* Does this answer come right after that proposal? */
static bool
answers(const struct draft_item *item, const struct chain_entry *proposal)
{
	const struct body_answer *body = &item->body.answer;
	return memcmp(body->proposal, proposal->act.hash, SHA256_BYTES) == 0 &&
	    body->proposal_kind == proposal->act.kind &&
	    span_equal(item->act.subject, proposal->act.subject) &&
	    item->act.seq == proposal->act.seq + 1 &&
	    memcmp(item->act.prev, proposal->act.hash, SHA256_BYTES) == 0;
}

/* Answers and the acts they answer stand in the same order, one for one. */
static bool
pair(struct draft *d, struct err *err)
{
	size_t next = 0;

	for (size_t i = 0; i < d->n_items; i++) {
		struct draft_item *item = &d->items[i];
		if (act_kind_form(item->act.kind) != ACT_ANSWER)
			continue;
		if (next == d->n_context || !answers(item, &d->context[next]))
			return err_set(err, ERR_REFUSED,
			    "act %zu answers a proposal that the draft does not show", i + 1);
		item->proposal = &d->context[next++];
	}
	return next == d->n_context ||
	    err_set(err, ERR_REFUSED, "the draft shows a proposal that nothing in it answers");
}

static bool
parse_bundle(struct draft *d, struct err *err)
{
	struct cose_sign envelope;

	if (!bundle_parse_file(&envelope, &d->bundle, d->bundle_file, err))
		return err_in(err, "trust bundle");
	return memcmp(d->bundle->roots.bureau_id, d->bureau, BUREAU_ID_BYTES) == 0 ||
	    err_set(err, ERR_REFUSED, "the trust bundle in it is another bureau's");
}

/* The outside: bytes taken apart, nothing of them believed. */
static bool
split(struct draft *d, struct span **context, struct span in, struct err *err)
{
	struct cbor_in c = cbor_in_over(in, DEPTH);

	take_head(&c, 6, DRAFT_WORD);
	cbor_in_copy(&c, d->bureau, sizeof d->bureau);
	d->bundle_file = cbor_in_bytes(&c, 1, LIMIT_BUNDLE_BYTES);
	d->n_items = cbor_in_array(&c, 1, LIMIT_DRAFT_ACTS);
	d->items = calloc(d->n_items + 1, sizeof *d->items);
	for (size_t i = 0; d->items != NULL && i < d->n_items; i++)
		d->items[i].claims = cbor_in_bytes(&c, 1, LIMIT_ACT_BYTES);
	d->n_context = cbor_in_array(&c, 0, LIMIT_DRAFT_ACTS);
	d->context = calloc(d->n_context + 1, sizeof *d->context);
	*context = calloc(d->n_context + 1, sizeof **context);
	if (d->items == NULL || d->context == NULL || *context == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < d->n_context; i++)
		(*context)[i] = cbor_in_bytes(&c, 1, LIMIT_ACT_BYTES);
	return cbor_in_done(&c, err);
}

static bool
open_all(struct draft *d, struct span in, struct err *err)
{
	struct span *context = NULL;
	bool ok = split(d, &context, in, err) && parse_bundle(d, err);

	for (size_t i = 0; ok && i < d->n_items; i++)
		ok = parse_item(&d->items[i], d, err) || err_in(err, "act %zu", i + 1);
	for (size_t i = 0; ok && i < d->n_context; i++)
		ok = parse_context(&d->context[i], d, context[i], err);
	free(context);
	return ok && pair(d, err);
}

bool
draft_open(struct draft **out, struct span in, struct err *err)
{
	*out = NULL;
	if (!check_length(in, err))
		return err_in(err, "draft");
	struct draft *d = calloc(1, sizeof *d);
	if (d == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!open_all(d, in, err)) {
		draft_free(d);
		return err_in(err, "draft");
	}
	*out = d;
	return true;
}

void
draft_free(struct draft *d)
{
	if (d == NULL)
		return;
	bundle_free(d->bundle);
	free(d->items);
	free(d->context);
	free(d);
}

bool
draft_sign(struct buf *out, const struct draft *d, const struct signer *signer, struct err *err)
{
	struct buf act = BUF_EMPTY;
	bool ok = true;

	cbor_put_array(out, 3);
	cbor_put_text(out, span_text(SIGNED_WORD));
	cbor_put_uint(out, VERSION);
	cbor_put_array(out, d->n_items);
	for (size_t i = 0; ok && i < d->n_items; i++) {
		buf_free(&act);
		ok = signer_sign1(&act, signer, ACT_TYP, d->items[i].claims,
		    span_of(d->bureau, sizeof d->bureau), err);
		cbor_put_bytes(out, buf_span(&act));
	}
	buf_free(&act);
	return ok && buf_ok(out, err);
}

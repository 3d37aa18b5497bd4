#include "issuer/act_make.h"

#include "core/encode.h"
#include "issuer/draft.h"
#include "issuer/random.h"

#include <stdlib.h>

/* ---- preparing ---- */

/* Room for one more at the end of a list of buffers. NULL: out of memory. */
static struct buf *
grow(struct buf **list, size_t *n)
{
	struct buf *grown = realloc(*list, (*n + 1) * sizeof *grown);
	if (grown == NULL)
		return NULL;
	*list = grown;
	grown[*n] = BUF_EMPTY;
	return &grown[(*n)++];
}

/* Key and place, so that one key on the command line is one for each act of the sitting. */
static bool
idempotency(uint8_t out[SHA256_BYTES], const struct sitting *s)
{
	uint8_t place[4];

	if (s->idempotency_key == NULL)
		return false;
	for (size_t i = 0; i < sizeof place; i++)
		place[i] = (uint8_t)(s->place >> (24 - 8 * i));
	sha256_two(out, span_of(place, sizeof place), span_text(s->idempotency_key));
	return true;
}

static bool
fill(struct act *act, const struct sitting *s, struct span subject, struct err *err)
{
	const struct trust *trust;
	struct chain_tail tail;

	if (!bureau_trust(&trust, s->bureau, err) ||
	    !registry_tail(&tail, s->bureau->registry, subject, err))
		return false;
	act->subject = subject;
	act->seq = tail.acts;
	memcpy(act->prev, tail.hash, sizeof act->prev);
	act->time_s = s->now_s;
	act->bundle_seq = trust_bundle(trust)->seq;
	act->has_idempotency = idempotency(act->idempotency, s);
	return random_bytes(act->nonce, sizeof act->nonce, err);
}

bool
sitting_add(struct sitting *s, struct span subject, const struct act_body *body, struct err *err)
{
	struct act act = { .kind = body->kind };
	struct buf bytes = BUF_EMPTY, claims = BUF_EMPTY;
	bool ok = false;

	if (s->n_claims == LIMIT_DRAFT_ACTS)
		return err_set(err, ERR_LIMIT, "a sitting has at most %d acts", LIMIT_DRAFT_ACTS);
	if (!fill(&act, s, subject, err) || !act_body_encode(&bytes, body, err))
		goto out;
	act.body = buf_span(&bytes);
	if (!act_claims_encode(&claims, &act, err))
		goto out;
	struct buf *room = grow(&s->claims, &s->n_claims);
	if (room == NULL) {
		err_set(err, ERR_MEMORY, "out of memory");
		goto out;
	}
	*room = claims;
	claims = BUF_EMPTY;
	s->place++;
	ok = true;
out:
	buf_free(&claims);
	buf_free(&bytes);
	return ok;
}

bool
sitting_add_context(struct sitting *s, struct span act, struct err *err)
{
	struct buf *room = grow(&s->context, &s->n_context);
	if (room == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	buf_add_span(room, act);
	return buf_ok(room, err);
}

bool
sitting_recall(bool *found, struct chain_entry *out, struct buf *bytes, const struct sitting *s,
    struct err *err)
{
	uint8_t key[SHA256_BYTES];
	struct registry_entry entry;
	struct err absent = { 0 };

	*found = false;
	if (!idempotency(key, s))
		return true;
	if (!registry_find_idempotency(&entry, bytes, s->bureau->registry, key, &absent))
		return absent.code == ERR_NOT_FOUND || err_set(err, absent.code, "%s", absent.text);
	*found = true;
	return chain_entry_parse(out, entry.bytes, err);
}

void
sitting_clear(struct sitting *s)
{
	for (size_t i = 0; i < s->n_claims; i++)
		buf_free(&s->claims[i]);
	for (size_t i = 0; i < s->n_context; i++)
		buf_free(&s->context[i]);
	s->n_claims = 0;
	s->n_context = 0;
}

void
sitting_free(struct sitting *s)
{
	sitting_clear(s);
	free(s->claims);
	free(s->context);
	*s = (struct sitting){ 0 };
}

/* ---- signing ---- */

bool
sitting_export(struct buf *out, const struct sitting *s, struct err *err)
{
	const struct trust *trust;
	struct buf bundle = BUF_EMPTY;
	bool ok = bureau_trust(&trust, s->bureau, err) &&
	    registry_bundle(&bundle, s->bureau->registry, 0, err);

	if (ok) {
		draft_encode(out,
		    &(struct draft_parts){ .bureau = trust_roots(trust)->bureau_id,
			.bundle = buf_span(&bundle),
			.claims = s->claims,
			.n_claims = s->n_claims,
			.context = s->context,
			.n_context = s->n_context });
		ok = buf_ok(out, err);
	}
	buf_free(&bundle);
	return ok;
}

bool
sitting_record(struct registry_item *items, struct buf *acts, const struct sitting *s,
    const struct signer *signer, struct err *err)
{
	const struct trust *trust;

	if (!bureau_trust(&trust, s->bureau, err))
		return false;
	struct span bureau = span_of(trust_roots(trust)->bureau_id, BUREAU_ID_BYTES);
	for (size_t i = 0; i < s->n_claims; i++) {
		if (!signer_sign1(&acts[i], signer, ACT_TYP, buf_span(&s->claims[i]), bureau, err))
			return false;
		items[i] = (struct registry_item){ .act = buf_span(&acts[i]) };
	}
	return registry_append(
	    s->bureau->registry, items, s->n_claims, s->bundle_waiting, s->now_s, err);
}

/* ---- sittings ---- */

/* Five random bytes give eight characters, of which four are taken; the last is a check of them. */
static bool
draw_id(char out[REGISTRY_SITTING_BYTES], struct err *err)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint8_t bytes[5];
	char text[9];
	size_t sum = 0;

	if (!random_bytes(bytes, sizeof bytes, err))
		return false;
	base32_encode5(text, bytes);
	for (size_t i = 0; i < 4; i++)
		sum += (i + 1) * (size_t)(strchr(digits, text[i]) - digits);
	memcpy(out, "P-", 2);
	memcpy(out + 2, text, 4);
	out[6] = '-';
	out[7] = digits[sum % 31];
	out[8] = '\0';
	return true;
}

static bool
count_one(void *ctx, const struct registry_proposal *p, struct err *err)
{
	(void)p;
	(void)err;
	*(size_t *)ctx += 1;
	return true;
}

bool
sitting_new_id(char out[REGISTRY_SITTING_BYTES], const struct bureau *b, struct err *err)
{
	size_t used;

	do {
		used = 0;
		if (!draw_id(out, err) ||
		    !registry_each_proposal(b->registry, span_text(out), count_one, &used, err))
			return false;
	} while (used > 0);
	return true;
}

#include "credential/act.h"

#include "core/cursor.h"
#include "credential/cbor.h"
#include "credential/number.h"

/* The keys of act-claims. */
#define CLAIM_VERSION 0
#define CLAIM_KIND 1
#define CLAIM_SUBJECT 2
#define CLAIM_SEQ 3
#define CLAIM_TIME 4
#define CLAIM_PREV 5
#define CLAIM_BODY 6
#define CLAIM_NONCE 7
#define CLAIM_IDEMPOTENCY 8
#define CLAIM_BUNDLE 9

#define CASE_PREFIX "case/C-"

/* ---- kinds and subjects ---- */

struct kind_row {
	enum act_kind kind;
	const char *word;
	enum act_form form;
	unsigned subjects; /* enum act_subject, as bits */
};

static const struct kind_row kinds[] = {
#define KIND_ROW(name, no, word, form, subjects) { ACT_##name, word, form, subjects },
	ACT_KINDS(KIND_ROW)
#undef KIND_ROW
};

enum act_kind
act_kind_at(size_t place)
{
	return kinds[place].kind;
}

size_t
act_kind_place(enum act_kind kind)
{
	size_t i = 0;
	while (i < ACT_KIND_COUNT && kinds[i].kind != kind)
		i++;
	return i;
}

static const struct kind_row *
row_of(enum act_kind kind)
{
	const size_t place = act_kind_place(kind);
	return place < ACT_KIND_COUNT ? &kinds[place] : NULL;
}

const char *
act_kind_word(enum act_kind kind)
{
	const struct kind_row *row = row_of(kind);
	return row != NULL ? row->word : NULL;
}

enum act_kind
act_kind_find(struct span word)
{
	for (size_t i = 0; i < ACT_KIND_COUNT; i++)
		if (span_is(word, kinds[i].word))
			return kinds[i].kind;
	return ACT_NONE;
}

enum act_form
act_kind_form(enum act_kind kind)
{
	const struct kind_row *row = row_of(kind);
	return row != NULL ? row->form : ACT_FORM_NONE;
}

static bool
all_digits(struct cursor *c, size_t n)
{
	struct span s = cursor_take(c, n);
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			c->bad = true;
	return !c->bad;
}

/* C-2026-0017: the year, and a serial of four digits or, without leading zero, of more. */
static bool
is_case(struct span subject)
{
	struct cursor c = cursor_over(subject);

	cursor_expect(&c, span_text(CASE_PREFIX));
	all_digits(&c, 4);
	cursor_expect(&c, span_text("-"));
	if (cursor_left(&c) < 4 || (cursor_left(&c) > 4 && cursor_peek(&c) == '0'))
		return false;
	return all_digits(&c, cursor_left(&c)) && cursor_done(&c);
}

enum act_subject
act_subject_of(struct span subject)
{
	struct number number;

	if (span_is(subject, "register"))
		return SUBJECT_REGISTER;
	if (subject.len <= ACT_SUBJECT_BYTES && is_case(subject))
		return SUBJECT_CASE;
	if (subject.len == NUMBER_STORED_BYTES - 1 && number_parse(&number, subject, NULL))
		return SUBJECT_NUMBER;
	return SUBJECT_NONE;
}

/* ---- encode ---- */

static void
put_claims(struct buf *out, const struct act *act)
{
	cbor_put_map(out, act->has_idempotency ? 10 : 9);
	cbor_put_uint(out, CLAIM_VERSION);
	cbor_put_uint(out, 1);
	cbor_put_uint(out, CLAIM_KIND);
	cbor_put_uint(out, act->kind);
	cbor_put_uint(out, CLAIM_SUBJECT);
	cbor_put_text(out, act->subject);
	cbor_put_uint(out, CLAIM_SEQ);
	cbor_put_uint(out, act->seq);
	cbor_put_uint(out, CLAIM_TIME);
	cbor_put_int(out, act->time_s);
	cbor_put_uint(out, CLAIM_PREV);
	cbor_put_bytes(out, span_of(act->prev, sizeof act->prev));
	cbor_put_uint(out, CLAIM_BODY);
	cbor_put_raw(out, act->body);
	cbor_put_uint(out, CLAIM_NONCE);
	cbor_put_bytes(out, span_of(act->nonce, sizeof act->nonce));
	if (act->has_idempotency) {
		cbor_put_uint(out, CLAIM_IDEMPOTENCY);
		cbor_put_bytes(out, span_of(act->idempotency, sizeof act->idempotency));
	}
	cbor_put_uint(out, CLAIM_BUNDLE);
	cbor_put_uint(out, act->bundle_seq);
}

bool
act_claims_encode(struct buf *out, const struct act *act, struct err *err)
{
	struct buf bytes = BUF_EMPTY;
	struct act again;

	put_claims(&bytes, act);
	bool good = buf_ok(&bytes, err) && act_claims_parse(&again, buf_span(&bytes), err);
	if (good)
		buf_add_span(out, buf_span(&bytes));
	buf_free(&bytes);
	return good && buf_ok(out, err);
}

void
act_header_encode(struct buf *out, int64_t alg, struct span kid)
{
	cose_header_encode(out, alg, kid, ACT_TYP);
}

void
act_to_be_signed(
    struct buf *out, struct span header, const uint8_t bureau[BUREAU_ID_BYTES], struct span claims)
{
	cose_sign1_to_be_signed(out, header, span_of(bureau, BUREAU_ID_BYTES), claims);
}

void
act_encode(struct buf *out, struct span header, struct span claims, struct span signature)
{
	struct cose_sign1 m = { .payload = claims };

	m.signer.header = header;
	m.signer.signature = signature;
	cose_sign1_encode(out, &m);
}

/* ---- parse ---- */

/* The body is any map here; act_body_parse() knows what each kind's holds. */
static struct span
take_body(struct cbor_in *c)
{
	if (cbor_in_peek(c) != CBOR_MAP)
		cbor_in_fail(c, "a body is a map");
	return cbor_in_raw(c);
}

static bool
check_claims(const struct act *act, struct err *err)
{
	static const uint8_t zeros[SHA256_BYTES];
	const struct kind_row *row = row_of(act->kind);

	if (row == NULL)
		return err_set(
		    err, ERR_MALFORMED, "kind %u is none this program knows", (unsigned)act->kind);
	if ((row->subjects & act_subject_of(act->subject)) == 0)
		return err_set(
		    err, ERR_MALFORMED, "the subject is none of an act of kind %s", row->word);
	if ((act->seq == 0) != (memcmp(act->prev, zeros, sizeof zeros) == 0))
		return err_set(err, ERR_MALFORMED,
		    "the first act on a subject, and no other, has a previous hash of zeros");
	return true;
}

bool
act_claims_parse(struct act *out, struct span claims, struct err *err)
{
	struct cbor_in c = cbor_in_over(claims, LIMIT_CBOR_DEPTH);
	struct cbor_map m = cbor_in_map(&c);
	struct act act = { 0 };

	cbor_in_key(&c, &m, CLAIM_VERSION);
	if (cbor_in_uint(&c, UINT16_MAX) != 1)
		cbor_in_fail(&c, "a later version of acts than this program knows");
	cbor_in_key(&c, &m, CLAIM_KIND);
	act.kind = (enum act_kind)cbor_in_uint(&c, UINT16_MAX);
	cbor_in_key(&c, &m, CLAIM_SUBJECT);
	act.subject = cbor_in_text(&c, 1, ACT_SUBJECT_BYTES);
	cbor_in_key(&c, &m, CLAIM_SEQ);
	act.seq = cbor_in_uint(&c, UINT32_MAX);
	cbor_in_key(&c, &m, CLAIM_TIME);
	act.time_s = cbor_in_time(&c);
	cbor_in_key(&c, &m, CLAIM_PREV);
	cbor_in_copy(&c, act.prev, sizeof act.prev);
	cbor_in_key(&c, &m, CLAIM_BODY);
	act.body = take_body(&c);
	cbor_in_key(&c, &m, CLAIM_NONCE);
	cbor_in_copy(&c, act.nonce, sizeof act.nonce);
	act.has_idempotency = cbor_in_try_key(&c, &m, CLAIM_IDEMPOTENCY);
	if (act.has_idempotency)
		cbor_in_copy(&c, act.idempotency, sizeof act.idempotency);
	cbor_in_key(&c, &m, CLAIM_BUNDLE);
	act.bundle_seq = cbor_in_uint(&c, UINT32_MAX);
	cbor_in_end(&c, &m);
	if (!cbor_in_done(&c, err) || !check_claims(&act, err))
		return err_in(err, "act");
	*out = act;
	return true;
}

bool
act_parse(struct act *out, struct span in, struct err *err)
{
	struct cose_sign1 envelope;
	struct act act;

	if (in.len > LIMIT_ACT_BYTES)
		return err_set(err, ERR_LIMIT, "act: %zu bytes; the longest we record is %u",
		    in.len, LIMIT_ACT_BYTES);
	if (!cose_sign1_parse(&envelope, in, ACT_TYP, err))
		return err_in(err, "act");
	if (!act_claims_parse(&act, envelope.payload, err))
		return false;
	act.envelope = envelope;
	act.bytes = in;
	sha256(act.hash, in);
	*out = act;
	return true;
}

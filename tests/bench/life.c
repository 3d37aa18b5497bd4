#include "tests/bench/life.h"

#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

#define SANCTIONS 5 /* proposals for each case, with their answers: as many acts as on its road */
#define ODD_SERIALS ((NUMBER_SERIAL_MAX + 1) / 2)
#define LIST_SLOTS 32768 /* of a status list: it is filled to the half */

/* A chain, as far as the next act on it needs it. */
struct subject {
	char name[ACT_SUBJECT_BYTES + 1];
	char number[NUMBER_STORED_BYTES];
	uint64_t acts;
	struct act last;        /* kind and hash only */
	struct buf claims_file; /* of a case, until the certificate is made */
	bool suspended;         /* of a licence */
};

struct life {
	const struct bureau *bureau;
	struct road road; /* whose bodies the acts have */
	uint64_t acts, n;
	unsigned width; /* cases that go through their stages side by side */
	int64_t now_s;
	struct subject *cases, **chosen, *licences;
	size_t n_licences, rounds;
	unsigned n_cases;
	struct buf application;
	life_fn *fn;
	void *ctx;
};

/* Sign as this person, next in the subject's chain, and hand it on. */
static void
act(struct life *l, struct subject *s, enum signer who, const struct act_body *body)
{
	struct buf bytes = BUF_EMPTY;
	struct act claims = { .subject = span_text(s->name),
		.seq = s->acts,
		.time_s = l->now_s,
		.bundle_seq = BUREAU_BUNDLE_SEQ };

	if (l->acts == l->n)
		return;
	l->acts++;
	memcpy(claims.nonce, &l->acts, sizeof l->acts);
	if (s->acts > 0)
		memcpy(claims.prev, s->last.hash, sizeof claims.prev);
	bureau_sign_act(&bytes, l->bureau, who, &claims, body);
	l->fn(l->ctx, buf_span(&bytes), l->now_s);
	sha256(s->last.hash, buf_span(&bytes));
	s->last.kind = body->kind;
	s->acts++;
	l->now_s++;
	buf_free(&bytes);
}

/* The road as it is where this subject stands. */
static struct road *
at(struct life *l, const struct subject *s)
{
	struct road *r = &l->road;

	r->now_s = l->now_s;
	r->n = 1;
	r->entries[0].act.kind = s->last.kind;
	memcpy(r->entries[0].act.hash, s->last.hash, SHA256_BYTES);
	return r;
}

/* ---- cases ---- */

static void
begin(struct life *l, struct subject *s)
{
	const unsigned k = l->n_cases++;
	struct number number;
	char region[8];

	*s = (struct subject){ .claims_file = BUF_EMPTY };
	snprintf(s->name, sizeof s->name, "case/C-2026-%04u", k + 1);
	/* Odd serials are those of a year without a loss. */
	snprintf(region, sizeof region, "9999%02u", k / ODD_SERIALS % 100);
	if (!number_make(&number, "JC", 'A', region, 2026, 2 * (int)(k % ODD_SERIALS) + 1, NULL))
		fail_msg("no number for certificate %u", k);
	number_stored(s->number, &number);
}

static void
propose_issue(struct life *l, struct subject *s, unsigned k)
{
	struct road *r = at(l, s);

	memcpy(r->number, s->number, sizeof s->number);
	r->idx = (uint16_t)(k % LIST_SLOTS * 2);
	r->list = (uint16_t)(k / LIST_SLOTS);
	struct act_body body = road_issue(r);
	act(l, s, YIN, &body);
	s->claims_file = r->claims_file;
	r->claims_file = (struct buf)BUF_EMPTY;
}

static void
make(struct life *l, struct subject *s)
{
	struct road *r = at(l, s);

	r->claims_file = s->claims_file;
	s->claims_file = (struct buf)BUF_EMPTY;
	struct act_body body = road_made(r);
	act(l, s, SERVICE, &body);
	buf_free(&r->claims_file);
	buf_free(&r->qc1);
	struct subject *licence = &l->licences[l->n_licences++];
	*licence = (struct subject){ .claims_file = BUF_EMPTY };
	memcpy(licence->name, s->number, sizeof s->number);
}

static void
step(struct life *l, struct subject *s, enum case_stage stage, unsigned k)
{
	struct road *r = at(l, s);
	struct act_body body = { .kind = ACT_SUBMIT, .submit = { buf_span(&l->application) } };

	switch (stage) {
	case CASE_NONE:
		act(l, s, AN, &body);
		break;
	case CASE_SUBMITTED:
		body = road_accept();
		act(l, s, AN, &body);
		break;
	case CASE_ACCEPTED:
		body = road_examine(RESULT_PASS);
		act(l, s, SHEN, &body);
		break;
	case CASE_EXAMINED:
		body = road_schedule(r, SHI, XIANG);
		act(l, s, AN, &body);
		break;
	case CASE_SCHEDULED:
	case CASE_INSPECTED_ONCE:
		body = road_inspect(RESULT_PASS);
		act(l, s, stage == CASE_SCHEDULED ? SHI : XIANG, &body);
		break;
	case CASE_INSPECTED:
		body = road_decide(r, DECISION_GRANT);
		act(l, s, GUAN, &body);
		break;
	case CASE_GRANTED:
		propose_issue(l, s, k);
		break;
	case CASE_DECISION_PROPOSED:
	case CASE_ISSUE_PROPOSED:
		body = road_answer(r, ACT_APPROVE);
		act(l, s, stage == CASE_DECISION_PROPOSED ? BI : FU, &body);
		break;
	default:
		make(l, s);
	}
}

/* Some cases, stage by stage. */
static void
live_cases(struct life *l)
{
	static const enum case_stage stages[] = { CASE_NONE, CASE_SUBMITTED, CASE_ACCEPTED,
		CASE_EXAMINED, CASE_SCHEDULED, CASE_INSPECTED_ONCE, CASE_INSPECTED,
		CASE_DECISION_PROPOSED, CASE_GRANTED, CASE_ISSUE_PROPOSED, CASE_ISSUE_APPROVED };
	const unsigned first = l->n_cases;

	for (unsigned i = 0; i < l->width; i++)
		begin(l, &l->cases[i]);
	for (size_t s = 0; s < COUNT_OF(stages); s++)
		for (unsigned i = 0; i < l->width; i++)
			step(l, &l->cases[i], stages[s], first + i);
	for (unsigned i = 0; i < l->width; i++)
		buf_free(&l->cases[i].claims_file);
}

/* ---- licences ---- */

/* A walk over all licences that meets none twice: in no order a cache would like. */
static struct subject *
pick(struct life *l, size_t i)
{
	return &l->licences[(i * 7919 + l->rounds * 104729) % l->n_licences];
}

static void
live_sanctions(struct life *l)
{
	const size_t most = SANCTIONS * l->width;
	const size_t n = l->n_licences < most ? l->n_licences : most;

	for (size_t i = 0; i < n; i++) {
		struct subject *s = l->chosen[i] = pick(l, i);
		struct act_body body =
		    road_sanction(at(l, s), s->suspended ? ACT_LIFT : ACT_SUSPEND);
		act(l, s, CHANG, &body);
	}
	for (size_t i = 0; i < n; i++) {
		struct subject *s = l->chosen[i];
		struct act_body body = road_answer(at(l, s), ACT_APPROVE);
		act(l, s, FU, &body);
		s->suspended = !s->suspended;
	}
}

/* ---- */

static void
open_register(struct life *l)
{
	const struct bureau *b = l->bureau;
	struct subject s = { .name = "register" };
	struct act_body body = { .kind = ACT_REGISTER,
		.reg = { .iss = span_text(BUREAU_ISS),
		    .bundle = buf_span(&b->bundle_file),
		    .origin = span_text(BUREAU_ORIGIN),
		    .root = buf_span(&b->root_file) } };

	memcpy(body.reg.bureau, b->bureau_id, BUREAU_ID_BYTES);
	memcpy(body.reg.root_fingerprint, trust_fingerprint(b->trust), SHA256_BYTES);
	act(l, &s, SERVICE, &body);
}

/* JSON as it is signed: without the blanks that people put between. */
static void
add_dense(struct buf *out, struct span json)
{
	bool quoted = false;

	for (size_t i = 0; i < json.len; i++) {
		const uint8_t c = json.ptr[i];
		if (c == '"')
			quoted = !quoted; /* the example has none inside a text */
		if (quoted || (c != ' ' && c != '\n'))
			buf_add_byte(out, c);
	}
}

/* The road's application with a whole one inside: of the usual length. */
static void
make_application(struct buf *out)
{
	const struct act_body body = road_submit();
	struct span s = body.submit.application;
	struct buf example = BUF_EMPTY;

	bureau_read(&example, SOURCE_DIR "/templates/examples/star-bridge.json");
	buf_add(out, s.ptr, s.len - 1);
	buf_add_text(out, ",\"whole\":");
	add_dense(out, buf_span(&example));
	buf_add_text(out, "}");
	assert_true(buf_ok(out, NULL));
	buf_free(&example);
}

void
life_live(const struct bureau *b, unsigned width, uint64_t n, life_fn *fn, void *ctx)
{
	struct life *l = calloc(1, sizeof *l);

	assert_non_null(l);
	*l = (struct life){
		.bureau = b, .width = width, .n = n, .now_s = BUREAU_START_S, .fn = fn, .ctx = ctx
	};
	l->cases = calloc(width, sizeof *l->cases);
	l->chosen = calloc(SANCTIONS * width, sizeof(struct subject *));
	l->licences = calloc(n / 10 + width, sizeof *l->licences);
	assert_true(l->cases != NULL && l->chosen != NULL && l->licences != NULL);
	make_application(&l->application);
	road_open_case(&l->road, b);
	open_register(l);
	for (; l->acts < n; l->rounds++) {
		live_cases(l);
		live_sanctions(l);
	}
	buf_free(&l->application);
	free(l->licences);
	free(l->chosen);
	free(l->cases);
	free(l);
}

#include "tests/verifier/desk.h"
#include "tests/printed_field.h"

#include "core/encode.h"
#include "core/file.h"
#include "credential/act_body.h"
#include "credential/number.h"
#include "credential/qr_text.h"
#include "credential/status_token.h"
#include "keys/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NUMBER_SERIAL 48213

static void
must(bool done, const struct err *err)
{
	if (done)
		return;
	fprintf(stderr, "desk: %s\n", err->text);
	abort();
}

void
desk_put(const struct desk *d, const char *name, struct span bytes)
{
	char path[256];
	struct err err = { 0 };

	snprintf(path, sizeof path, "%s/%s", d->folder.path, name);
	must(file_write(path, bytes, 0644, &err), &err);
}

void
desk_remove(const struct desk *d, const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", d->folder.path, name);
	if (unlink(path) != 0)
		abort();
}

/* ---- the certificate ---- */

static void
sign_act(struct buf *out, const struct desk *d, const struct signer *s, struct act *act,
    const struct act_body *body)
{
	struct err err = { 0 };
	struct buf inside = BUF_EMPTY, claims = BUF_EMPTY;

	must(act_body_encode(&inside, body, &err), &err);
	act->kind = body->kind;
	act->subject = span_text("case/C-2026-0017");
	act->bundle_seq = 1;
	act->body = buf_span(&inside);
	must(act_claims_encode(&claims, act, &err), &err);
	must(signer_sign1(out, s, ACT_TYP, buf_span(&claims),
		 span_of(d->b->bundle.roots.bureau_id, BUREAU_ID_BYTES), &err),
	    &err);
	buf_free(&inside);
	buf_free(&claims);
}

static void
sign_proposal(struct buf *out, const struct desk *d, struct span claims)
{
	struct act_body body = { .kind = ACT_ISSUE };
	struct act act = { .seq = 7, .time_s = d->claims.iat_s, .prev = { 1 }, .nonce = { 1 } };

	body.issue.claims = claims;
	uint8_t face[PRINTED_FIELD_BYTES];
	body.issue.face = printed_field_only(face, "holder", span_text("示例星桥信息技术有限公司"));
	body.issue.template_id = span_text("grade-a");
	body.not_after_s = d->claims.iat_s + 29 * DESK_DAY_S;
	body.sitting = span_text("P-9XQ4-7");
	sign_act(out, d, d->b->key[d->proposer], &act, &body);
}

void
desk_sign_approval(struct buf *out, const struct desk *d, struct span proposal)
{
	struct act_body body = { .kind = ACT_APPROVE };
	struct act act = { .seq = 8, .time_s = d->claims.iat_s + 60, .nonce = { 2 } };

	sha256(act.prev, proposal);
	sha256(body.answer.proposal, proposal);
	body.answer.proposal_kind = ACT_ISSUE;
	sign_act(out, d, d->b->key[d->approver], &act, &body);
}

/* Bytes without meaning or pattern, as a picture of the page would be. */
static void
add_padding(struct buf *out, size_t n)
{
	uint64_t word = 1;

	buf_reserve(out, n);
	for (size_t i = 0; i < n; i++) {
		word = word * UINT64_C(6364136223846793005) + 1; /* Knuth's */
		buf_add_byte(out, (uint8_t)(word >> 56));
	}
}

/* A PDF as far as the envelope reader looks: no page, but the right lines in the right places. */
static void
make_file(struct desk *d)
{
	struct buf head = BUF_EMPTY, seal = BUF_EMPTY;
	struct err err = { 0 };
	char hex[4096 + 1];
	const size_t contents = sizeof hex - 1;

	buf_add_text(&head, "%PDF-1.7\n");
	const size_t at = head.len;
	buf_add_span(&head, buf_span(&d->cose));
	buf_add_text(&head, "\n");
	add_padding(&head, d->padding);
	const size_t gap = head.len + 40 + 1 + 39 + 1 + strlen("/Contents ");
	const size_t after = gap + contents + 2;
	const char *tail = "\n>>\nendobj\n%%EOF\n";
	char line[64];
	snprintf(line, sizeof line, "/ByteRange [ 0 %zu %zu %zu", gap, after, strlen(tail));
	buf_printf(&head, "%-39s]\n", line);
	snprintf(line, sizeof line, "/QualcertAttachment [ %zu %zu", at, d->cose.len);
	buf_printf(&head, "%-38s]\n/Contents ", line);
	if (head.len != gap)
		abort();
	must(seal_make(&seal, d->b->sealer, buf_span(&head), span_text(tail), NULL, &err), &err);
	memset(hex, '0', contents);
	hex_encode(hex, buf_span(&seal));
	hex[2 * seal.len] = '0';
	buf_add_span(&d->file, buf_span(&head));
	buf_add_text(&d->file, "<");
	buf_add(&d->file, hex, contents);
	buf_add_text(&d->file, ">");
	buf_add_text(&d->file, tail);
	buf_free(&head);
	buf_free(&seal);
}

static void
drop_certificate(struct desk *d)
{
	buf_free(&d->qc1);
	buf_free(&d->cose);
	buf_free(&d->code);
	buf_free(&d->file);
}

void
desk_make_over(struct desk *d, struct span claims)
{
	struct err err = { 0 };
	struct buf proposal = BUF_EMPTY, approval = BUF_EMPTY;

	drop_certificate(d);
	must(signer_sign1(
		 &d->qc1, d->b->key[BUREAU_CREDENTIAL], NULL, claims, span_of(NULL, 0), &err),
	    &err);
	sign_proposal(&proposal, d, claims);
	desk_sign_approval(&approval, d, buf_span(&proposal));
	cose_file_encode(&d->cose,
	    &(struct cose_file){ buf_span(&d->qc1), buf_span(&proposal), buf_span(&approval) });
	must(qr_text_prefix(&d->code, span_text("v.example"), &err), &err);
	qr_text_digits(&d->code, buf_span(&d->qc1));
	make_file(d);
	buf_free(&proposal);
	buf_free(&approval);
}

void
desk_seal(struct desk *d)
{
	buf_free(&d->file);
	make_file(d);
	sha256(d->file_hash, buf_span(&d->file));
}

void
desk_make(struct desk *d)
{
	struct err err = { 0 };
	struct buf claims = BUF_EMPTY;

	must(credential_claims_encode(&claims, &d->claims, &err), &err);
	desk_make_over(d, buf_span(&claims));
	sha256(d->file_hash, buf_span(&d->file));
	buf_free(&claims);
}

/* ---- what is published ---- */

void
desk_publish_bundle(struct desk *d)
{
	struct buf file = BUF_EMPTY;
	char name[64];

	bureau_sign(&file, &d->b->bundle, d->b->root, 2);
	desk_put(d, "v1/trust-bundle", buf_span(&file));
	snprintf(name, sizeof name, "v1/trust-bundles/%llu", (unsigned long long)d->b->bundle.seq);
	desk_put(d, name, buf_span(&file));
	buf_free(&file);
}

static void
put_part(uint8_t hash[SHA256_BYTES], const struct desk *d, struct span bytes)
{
	char name[96], hex[2 * SHA256_BYTES + 1];

	sha256(hash, bytes);
	hex_encode(hex, span_of(hash, SHA256_BYTES));
	snprintf(name, sizeof name, "v1/parts/%s", hex);
	desk_put(d, name, bytes);
}

static void
put_list(struct snapshot_list *out, const struct desk *d)
{
	uint8_t list[LIMIT_LIST_BYTES], hash[SHA256_BYTES];
	struct buf fingerprints = BUF_EMPTY, history = BUF_EMPTY;
	struct fingerprint f = {
		.idx = DESK_IDX, .files = span_of(d->file_hash, FINGERPRINT_BYTES), .n_files = 1
	};
	struct slot_history slot = { DESK_IDX, d->entries, d->n_entries };

	out->list = DESK_LIST;
	status_list_clear(list);
	status_list_set(list, DESK_IDX, d->status);
	put_part(out->status_hash, d, span_of(list, sizeof list));
	credential_hash(hash, buf_span(&d->qc1));
	memcpy(f.credential, hash, FINGERPRINT_BYTES);
	if (!d->unassigned)
		fingerprints_add(&fingerprints, &f);
	put_part(out->fingerprints_hash, d, buf_span(&fingerprints));
	history_part_encode(&history, &slot, 1);
	put_part(out->history_hash, d, buf_span(&history));
	buf_free(&fingerprints);
	buf_free(&history);
}

static void
put_orders(uint8_t hash[SHA256_BYTES], const struct desk *d)
{
	struct buf orders = BUF_EMPTY;

	orders_part_encode(&orders, &d->order, d->has_order ? 1 : 0);
	put_part(hash, d, buf_span(&orders));
	buf_free(&orders);
}

static void
add_checkpoint(struct buf *out, const struct desk *d)
{
	const struct span origin = d->b->bundle.log.origin;
	struct checkpoint c = { .origin = origin, .size = d->log_size };
	struct buf text = BUF_EMPTY;
	struct err err = { 0 };

	sha256(c.root.b, span_of(&d->log_size, sizeof d->log_size));
	checkpoint_encode(&text, &c);
	must(signer_note(out, d->b->log, origin, buf_span(&text), &err), &err);
	buf_free(&text);
}

static void
name_bundle(struct snapshot *s, const struct desk *d)
{
	struct buf payload = BUF_EMPTY;

	bundle_encode(&payload, &d->b->bundle);
	sha256(s->bundle_hash, buf_span(&payload));
	s->bundle_seq = d->b->bundle.seq;
	buf_free(&payload);
}

static void
put_token(const struct desk *d)
{
	uint8_t list[LIMIT_LIST_BYTES];
	struct buf deflated = BUF_EMPTY, sub = BUF_EMPTY, payload = BUF_EMPTY, file = BUF_EMPTY;
	struct err err = { 0 };
	char name[64];

	status_list_clear(list);
	status_list_set(list, DESK_IDX, d->token_status);
	status_list_deflate(&deflated, span_of(list, sizeof list));
	status_token_sub(&sub, d->b->bundle.status_base, d->snapshot.issuer, DESK_LIST);
	status_token_encode(&payload,
	    &(struct status_token){ .sub = buf_span(&sub),
		.iat_s = d->token_iat_s,
		.exp_s = d->token_iat_s + 7 * DESK_DAY_S,
		.ttl_s = STATUS_TOKEN_TTL_S,
		.lst = buf_span(&deflated) });
	must(signer_sign1(&file, d->b->key[d->token_key], STATUS_TOKEN_TYP, buf_span(&payload),
		 span_of(NULL, 0), &err),
	    &err);
	snprintf(name, sizeof name, "v1/status/%.*s/%u", (int)d->snapshot.issuer.len,
	    (const char *)d->snapshot.issuer.ptr, (unsigned)DESK_LIST);
	desk_put(d, name, buf_span(&file));
	buf_free(&deflated);
	buf_free(&sub);
	buf_free(&payload);
	buf_free(&file);
}

void
desk_publish(struct desk *d)
{
	struct snapshot_list list;
	struct snapshot s = d->snapshot;
	struct buf note = BUF_EMPTY, payload = BUF_EMPTY, file = BUF_EMPTY, audited = BUF_EMPTY;
	struct err err = { 0 };

	put_list(&list, d);
	put_orders(s.orders_hash, d);
	add_checkpoint(&note, d);
	if (s.bundle_seq == 0)
		name_bundle(&s, d);
	s.lists = &list;
	s.n_lists = 1;
	s.checkpoint = buf_span(&note);
	memcpy(s.bureau_id, d->b->bundle.roots.bureau_id, sizeof s.bureau_id);
	snapshot_encode(&payload, &s);
	must(signer_sign(&file, d->b->key[d->status_key], SNAPSHOT_TYP, buf_span(&payload), &err),
	    &err);
	must(signer_sign_too(
		 &audited, d->b->key[BUREAU_AUDIT_1], SNAPSHOT_TYP, buf_span(&file), &err),
	    &err);
	desk_put(d, "v1/snapshot", d->unaudited ? buf_span(&file) : buf_span(&audited));
	if (d->token_iat_s != 0)
		put_token(d);
	buf_free(&note);
	buf_free(&payload);
	buf_free(&file);
	buf_free(&audited);
}

/* ---- the desk ---- */

static void
fill_claims(struct desk *d)
{
	static char stored[NUMBER_STORED_BYTES];
	struct number number;
	struct err err = { 0 };

	must(number_make(&number, "JC", 'A', "999900", 2026, NUMBER_SERIAL, &err), &err);
	number_stored(stored, &number);
	d->claims = (struct claims){ .iss = span_text("TEST"),
		.sub = span_text(stored),
		.iat_s = DESK_IAT_S,
		.exp_s = civil_start_s(civil_anniversary(civil_of(DESK_IAT_S), 5)),
		.holder = span_text("示例星桥信息技术有限公司"),
		.uscc = span_text("91999901MADEM00110"),
		.grade = GRADE_A,
		.scopes = { { 1, 2 }, 2 },
		.list = DESK_LIST,
		.idx = DESK_IDX,
		.version = 1 };
}

void
desk_open(struct desk *d)
{
	struct err err = { 0 };
	char folder[256];
	static const char *const folders[] = { "v1/parts", "v1/status/TEST", "v1/status/ZZ",
		"v1/trust-bundles" };

	*d = (struct desk){ .b = bureau_new(),
		.proposer = BUREAU_OFFICER_3,
		.approver = BUREAU_OFFICER_4,
		.status_key = BUREAU_STATUS,
		.token_key = BUREAU_STATUS,
		.log_size = 40,
		.snapshot = { .seq = 5,
		    .iat_s = DESK_DATA_S,
		    .exp_s = DESK_DATA_S + 7 * DESK_DAY_S,
		    .issuer = span_text("TEST") },
		.question = { .now_s = DESK_NOW_S } };
	folder_new(&d->folder);
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		snprintf(folder, sizeof folder, "%s/%s", d->folder.path, folders[i]);
		must(file_make_folder(folder, 0755, &err), &err);
	}
	snprintf(d->root, sizeof d->root, "%s/root.cose", d->folder.path);
	desk_put(d, "root.cose", buf_span(&d->b->root_file));
	fill_claims(d);
	desk_make(d);
	desk_publish_bundle(d);
	desk_publish(d);
}

void
desk_close(struct desk *d)
{
	folder_remove(&d->folder);
	drop_certificate(d);
	bureau_free(d->b);
}

void
desk_ask(struct answer *out, struct desk *d, struct span input)
{
	struct published *p = NULL;
	struct err err = { 0 };

	must(published_open_paths(&p, d->root, d->folder.path, &d->memory, d->question.now_s, &err),
	    &err);
	must(verify(out, &d->question, p, d->live, input, &err), &err);
	published_close(p);
}

void
desk_expect(const struct answer *a, enum verdict verdict, enum finding reason, const char *row)
{
	if (a->verdict != verdict || a->reason != reason)
		fail_msg("%s: %s, %s; want %s, %s", row, verdict_word(a->verdict),
		    finding_word(a->reason), verdict_word(verdict), finding_word(reason));
}

void
desk_expect_cose(struct desk *d, enum verdict verdict, enum finding reason, const char *row)
{
	struct answer a;

	desk_ask(&a, d, buf_span(&d->cose));
	desk_expect(&a, verdict, reason, row);
}

void
desk_happens(struct desk *d, enum status status, int64_t from_s, int64_t recorded_s)
{
	d->entries[d->n_entries++] = (struct history_entry){ .status = status,
		.from_s = from_s,
		.until_s = HISTORY_OPEN,
		.recorded_s = recorded_s };
	d->status = status;
}

void
desk_next_bundle(struct desk *d, uint8_t prev[SHA256_BYTES], int64_t iat_s)
{
	memcpy(prev, trust_bundle_hash(d->b->trust), SHA256_BYTES);
	d->b->bundle.seq = 2;
	d->b->bundle.prev = span_of(prev, SHA256_BYTES);
	d->b->bundle.iat_s = iat_s;
	d->b->bundle.exp_s = iat_s + 31536000;
	desk_publish_bundle(d);
}

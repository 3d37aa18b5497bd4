#include "tests/verifier/fixture.h"

#include "core/encode.h"
#include "core/file.h"
#include "credential/act_body.h"
#include "credential/cose_file.h"
#include "credential/parts.h"
#include "credential/qr_text.h"
#include "credential/snapshot.h"
#include "credential/status_token.h"
#include "keys/seal.h"
#include "registry/snapshot_build.h"
#include "tests/printed_field.h"
#include "tests/test.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SEAL_DIGITS 4096

/* ---- files ---- */

static void
path_of(char out[256], const struct fixture *f, const char *name)
{
	assert_in_range(snprintf(out, 256, "%s/%s", f->folder, name), 1, 255);
}

void
fixture_write(struct fixture *f, const char *name, struct span bytes)
{
	char path[256], folder[256];

	path_of(path, f, name);
	path_of(folder, f, name);
	*strrchr(folder, '/') = '\0';
	MUST(file_make_folder(folder, 0700, &err));
	MUST(file_write(path, bytes, 0600, &err));
}

void
fixture_remove(struct fixture *f, const char *name)
{
	char path[256];

	path_of(path, f, name);
	assert_int_equal(unlink(path), 0);
}

void
fixture_read(struct buf *out, struct fixture *f, const char *name)
{
	char path[256];

	path_of(path, f, name);
	MUST(file_read(out, path, LIMIT_PART_BYTES, &err));
}

/* ---- open and close ---- */

void
fixture_open(struct fixture *f)
{
	const char *tmp = getenv("TMPDIR");

	*f = (struct fixture){ .bureau = bureau_new() };
	snprintf(f->folder, sizeof f->folder, "%.40s/qualcert-XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->root, sizeof f->root, "%s/root.cose", f->folder);
	snprintf(f->public_folder, sizeof f->public_folder, "%s/public", f->folder);
	snprintf(f->lookup, sizeof f->lookup, "%s/lookup.db", f->folder);
	snprintf(f->memory, sizeof f->memory, "%s/memory", f->folder);
	fixture_write(f, "root.cose", buf_span(&f->bureau->root_file));
	fixture_publish_bundle(f);
}

static void
paper_free(struct paper *p)
{
	buf_free(&p->claims_bytes);
	buf_free(&p->proposal);
	buf_free(&p->approval);
	buf_free(&p->qc1);
	buf_free(&p->cose);
	buf_free(&p->code);
	buf_free(&p->pdf);
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void
fixture_close(struct fixture *f)
{
	for (size_t i = 0; i < f->n_papers; i++)
		paper_free(&f->papers[i]);
	bureau_free(f->bureau);
	assert_int_equal(nftw(f->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* ---- certificates ---- */

static void
sign_act(struct buf *out, struct fixture *f, enum bureau_key who, struct act *act,
    const struct act_body *body)
{
	struct buf body_bytes = BUF_EMPTY, claims = BUF_EMPTY;

	MUST(act_body_encode(&body_bytes, body, &err));
	act->kind = body->kind;
	act->subject = span_text("case/C-2026-0001");
	act->body = buf_span(&body_bytes);
	act->bundle_seq = 1;
	MUST(act_claims_encode(&claims, act, &err));
	MUST(signer_sign1(out, f->bureau->key[who], ACT_TYP, buf_span(&claims),
	    span_of(f->bureau->bundle.roots.bureau_id, BUREAU_ID_BYTES), &err));
	buf_free(&body_bytes);
	buf_free(&claims);
}

/* A proposal to issue by officer 3, approved a minute later by officer 4. */
static void
sign_acts(struct fixture *f, struct paper *p)
{
	struct act proposal = {
		.seq = 6, .time_s = p->claims.iat_s, .prev = { 1 }, .nonce = { 1 }
	};
	struct act approval = { .seq = 7, .time_s = p->claims.iat_s + 60, .nonce = { 2 } };
	uint8_t face[PRINTED_FIELD_BYTES];
	struct act_body issue = { .kind = ACT_ISSUE,
		.not_after_s = p->claims.iat_s + 86400,
		.sitting = span_text("P-9XQ4-7"),
		.issue = { .claims = buf_span(&p->claims_bytes),
		    .face = printed_field_only(face, "holder", p->claims.holder),
		    .template_id = span_text("grade-b") } };
	struct act_body yes = { .kind = ACT_APPROVE, .answer = { .proposal_kind = ACT_ISSUE } };

	sign_act(&p->proposal, f, BUREAU_OFFICER_3, &proposal, &issue);
	sha256(approval.prev, buf_span(&p->proposal));
	memcpy(yes.answer.proposal, approval.prev, SHA256_BYTES);
	sign_act(&p->approval, f, BUREAU_OFFICER_4, &approval, &yes);
}

/* A file of our form (docs/format/pdf.md section 2) with nothing to see on it. */
static void
seal_pdf(struct fixture *f, struct paper *p)
{
	static const char head[] = "%PDF-1.7\n1 0 obj\n", middle[] = "\nendobj\n2 0 obj\n<<\n";
	static const char tail[] = "\n>>\nendobj\ntrailer\nstartxref\n0\n%%EOF\n";
	const size_t gap = strlen(head) + p->cose.len + strlen(middle) + 91;
	const size_t after = gap + SEAL_DIGITS + 2;
	struct buf seal = BUF_EMPTY;
	char range[48], place[48], hex[SEAL_DIGITS + 1];

	snprintf(range, sizeof range, "/ByteRange [ 0 %zu %zu %zu ", gap, after, strlen(tail));
	snprintf(place, sizeof place, "/QualcertAttachment [ %zu %zu ", strlen(head), p->cose.len);
	buf_add_text(&p->pdf, head);
	buf_add_span(&p->pdf, buf_span(&p->cose));
	buf_printf(&p->pdf, "%s%-39s]\n%-38s]\n/Contents ", middle, range, place);
	assert_int_equal(p->pdf.len, gap);
	MUST(seal_make(
	    &seal, f->bureau->sealer, buf_span(&p->pdf), span_text(tail), f->stamper, &err));
	memset(hex, '0', SEAL_DIGITS);
	hex[SEAL_DIGITS] = '\0';
	assert_true(2 * seal.len <= SEAL_DIGITS);
	hex_encode(hex, buf_span(&seal));
	hex[2 * seal.len] = '0';
	buf_printf(&p->pdf, "<%s>%s", hex, tail);
	sha256(p->pdf_hash, buf_span(&p->pdf));
	buf_free(&seal);
}

void
fixture_seal_again(struct fixture *f, struct paper *p)
{
	buf_free(&p->pdf);
	seal_pdf(f, p);
}

void
fixture_sign_again(struct fixture *f, struct paper *p, enum bureau_key credential_key)
{
	struct cose_file file;

	paper_free(p);
	MUST(credential_claims_encode(&p->claims_bytes, &p->claims, &err));
	sign_acts(f, p);
	MUST(signer_sign1(&p->qc1, f->bureau->key[credential_key], NULL, buf_span(&p->claims_bytes),
	    span_of(NULL, 0), &err));
	credential_check_code(p->check_code, buf_span(&p->qc1));
	file =
	    (struct cose_file){ buf_span(&p->qc1), buf_span(&p->proposal), buf_span(&p->approval) };
	cose_file_encode(&p->cose, &file);
	MUST(qr_text_prefix(&p->code, f->bureau->hosts[0], &err));
	qr_text_digits(&p->code, buf_span(&p->qc1));
	seal_pdf(f, p);
}

struct paper *
fixture_sign(struct fixture *f, int64_t iat_s)
{
	struct number number;

	assert_in_range(f->n_papers, 0, FIXTURE_PAPERS - 1);
	struct paper *p = &f->papers[f->n_papers];
	MUST(number_make(&number, "JC", 'B', "999900", 2026, 31556 + (int)f->n_papers, &err));
	number_stored(p->number, &number);
	p->claims = (struct claims){ .iss = span_text("TEST"),
		.sub = span_text(p->number),
		.iat_s = iat_s,
		.exp_s = FIXTURE_DAY_S(0) - 9 * 3600 + 1826 * INT64_C(86400),
		.holder = span_text(FIXTURE_HOLDER),
		.uscc = span_text(FIXTURE_USCC),
		.grade = GRADE_B,
		.scopes = { .no = { 1, 2 }, .count = 2 },
		.list = 0,
		.idx = (uint16_t)(1000 + 3 * f->n_papers),
		.version = 1 };
	fixture_sign_again(f, p, BUREAU_CREDENTIAL);
	f->n_papers++;
	return p;
}

struct paper *
fixture_issue(struct fixture *f, int64_t iat_s)
{
	struct paper *p = fixture_sign(f, iat_s);

	p->registered = true;
	p->registered_s = iat_s + 60;
	f->log_size += 8;
	return p;
}

void
fixture_happens(struct fixture *f, struct paper *p, enum status status, int64_t from_s,
    int64_t until_s, int64_t recorded_s)
{
	assert_in_range(p->n_entries, 0, FIXTURE_ENTRIES - 1);
	p->entries[p->n_entries++] = (struct history_entry){
		.status = status, .from_s = from_s, .until_s = until_s, .recorded_s = recorded_s
	};
	f->log_size += 2;
}

/* ---- what is published ---- */

static size_t
entries_until(const struct paper *p, int64_t recorded_s)
{
	size_t n = 0;
	while (n < p->n_entries && p->entries[n].recorded_s <= recorded_s)
		n++;
	return n;
}

static void
build_parts(struct snapshot_parts *out, const struct fixture *f, int64_t at_s)
{
	struct snapshot_row rows[FIXTURE_PAPERS];
	uint8_t hashes[FIXTURE_PAPERS][1][SHA256_BYTES];
	size_t n = 0;

	for (size_t i = 0; i < f->n_papers; i++) {
		const struct paper *p = &f->papers[i];
		const bool made = p->registered && p->registered_s <= at_s;
		if (!made && !p->reserved)
			continue;
		rows[n] = (struct snapshot_row){ .idx = p->claims.idx, .assigned = made };
		if (made) {
			credential_hash(rows[n].credential_hash, buf_span(&p->qc1));
			memcpy(hashes[n][0], p->pdf_hash, SHA256_BYTES);
			rows[n].files = (const uint8_t(*)[SHA256_BYTES])hashes[n];
			rows[n].n_files = 1;
			rows[n].entries = p->entries;
			rows[n].n_entries = entries_until(p, at_s);
		}
		n++;
	}
	MUST(snapshot_build(out, rows, n, at_s, &err));
}

/* Write a part under its hash. */
static void
put_part(uint8_t hash[SHA256_BYTES], struct fixture *f, struct span part)
{
	char name[96], hex[2 * SHA256_BYTES + 1];

	sha256(hash, part);
	hex_encode(hex, span_of(hash, SHA256_BYTES));
	snprintf(name, sizeof name, "public/v1/parts/%s", hex);
	fixture_write(f, name, part);
}

static void
sign_checkpoint(struct buf *out, const struct fixture *f)
{
	struct buf text = BUF_EMPTY;
	struct checkpoint c = { .origin = span_text(BUREAU_LOG), .size = f->log_size };

	memset(c.root.b, (int)(f->log_size & 0xff), sizeof c.root.b);
	checkpoint_encode(&text, &c);
	MUST(signer_note(out, f->bureau->log, span_text(BUREAU_LOG), buf_span(&text), &err));
	buf_free(&text);
}

static void
sign_snapshot(struct fixture *f, const struct snapshot *s, unsigned auditors)
{
	struct buf payload = BUF_EMPTY, file = BUF_EMPTY;

	snapshot_encode(&payload, s);
	MUST(signer_sign(
	    &file, f->bureau->key[BUREAU_STATUS], SNAPSHOT_TYP, buf_span(&payload), &err));
	for (unsigned i = 0; i < auditors; i++) {
		struct buf more = BUF_EMPTY;
		MUST(signer_sign_too(&more, f->bureau->key[BUREAU_AUDIT_1 + i], SNAPSHOT_TYP,
		    buf_span(&file), &err));
		buf_free(&file);
		file = more;
	}
	fixture_write(f, "public/v1/snapshot", buf_span(&file));
	buf_free(&payload);
	buf_free(&file);
}

void
fixture_publish_as(struct fixture *f, int64_t iat_s, uint64_t seq, unsigned auditors)
{
	struct snapshot_parts parts = { BUF_EMPTY, BUF_EMPTY, BUF_EMPTY };
	struct buf orders = BUF_EMPTY, checkpoint = BUF_EMPTY;
	struct snapshot_list list = { .list = 0 };
	struct snapshot s = { .seq = seq,
		.iat_s = iat_s,
		.exp_s = iat_s + FIXTURE_LIFE_S,
		.issuer = span_text("TEST"),
		.bundle_seq = f->bureau->bundle.seq,
		.lists = &list,
		.n_lists = 1 };

	build_parts(&parts, f, iat_s);
	orders_part_encode(&orders, NULL, 0);
	put_part(list.status_hash, f, buf_span(&parts.status));
	put_part(list.fingerprints_hash, f, buf_span(&parts.fingerprints));
	put_part(list.history_hash, f, buf_span(&parts.history));
	put_part(s.orders_hash, f, buf_span(&orders));
	sign_checkpoint(&checkpoint, f);
	s.checkpoint = buf_span(&checkpoint);
	memcpy(s.bundle_hash, trust_bundle_hash(f->bureau->trust), SHA256_BYTES);
	memcpy(s.bureau_id, f->bureau->bundle.roots.bureau_id, BUREAU_ID_BYTES);
	sign_snapshot(f, &s, auditors);
	fixture_write(f, "public/log/checkpoint", buf_span(&checkpoint));
	snapshot_parts_free(&parts);
	buf_free(&orders);
	buf_free(&checkpoint);
}

void
fixture_publish(struct fixture *f, int64_t iat_s)
{
	fixture_publish_as(f, iat_s, ++f->snapshot_seq, 1);
}

void
fixture_publish_token(struct fixture *f, int64_t iat_s)
{
	struct snapshot_parts parts = { BUF_EMPTY, BUF_EMPTY, BUF_EMPTY };
	struct buf sub = BUF_EMPTY, lst = BUF_EMPTY, payload = BUF_EMPTY, file = BUF_EMPTY;
	struct status_token token = {
		.iat_s = iat_s, .exp_s = iat_s + FIXTURE_LIFE_S, .ttl_s = STATUS_TOKEN_TTL_S
	};

	build_parts(&parts, f, iat_s);
	status_list_deflate(&lst, buf_span(&parts.status));
	status_token_sub(&sub, f->bureau->bundle.status_base, span_text("TEST"), 0);
	token.sub = buf_span(&sub);
	token.lst = buf_span(&lst);
	status_token_encode(&payload, &token);
	MUST(signer_sign1(&file, f->bureau->key[BUREAU_STATUS], STATUS_TOKEN_TYP,
	    buf_span(&payload), span_of(NULL, 0), &err));
	fixture_write(f, "public/v1/status/TEST/0", buf_span(&file));
	snapshot_parts_free(&parts);
	buf_free(&sub);
	buf_free(&lst);
	buf_free(&payload);
	buf_free(&file);
}

void
fixture_publish_bundle(struct fixture *f)
{
	char name[64];

	snprintf(name, sizeof name, "public/v1/trust-bundles/%llu",
	    (unsigned long long)f->bureau->bundle.seq);
	fixture_write(f, name, buf_span(&f->bureau->bundle_file));
	fixture_write(f, "public/v1/trust-bundle", buf_span(&f->bureau->bundle_file));
}

void
fixture_next_bundle(struct fixture *f, int64_t iat_s)
{
	struct bureau *b = f->bureau;
	uint8_t prev[SHA256_BYTES];

	memcpy(prev, trust_bundle_hash(b->trust), sizeof prev);
	b->bundle.seq++;
	b->bundle.iat_s = iat_s;
	b->bundle.prev = span_of(prev, sizeof prev);
	buf_free(&b->bundle_file);
	bureau_sign(&b->bundle_file, &b->bundle, b->root, 2);
	MUST(trust_accept(b->trust, buf_span(&b->bundle_file), iat_s, &err) == TRUST_YES);
	fixture_publish_bundle(f);
}

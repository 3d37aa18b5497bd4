/*
 * Target: verify(), with all it reads. The first byte of the input says which object of an honest bureau is
 * changed, the rest how (change.h); whoever signs that object then signs it again, so that the change gets
 * past every signature: stolen keys, each alone. The question is asked about an honest certificate, or the
 * changed one.
 */
#include "core/encode.h"
#include "core/file.h"
#include "credential/pdf_envelope.h"
#include "credential/status_token.h"
#include "tests/fuzz/change.h"
#include "tests/fuzz/fuzz.h"
#include "tests/verifier/desk.h"
#include "verifier/answer_json.h"

#include <stdio.h>

enum object {
	CLAIMS,          /* by the credential key, beside the acts of another certificate */
	APPROVED_CLAIMS, /* and two officers signed acts over it */
	PROPOSAL,        /* by an officer, and another approves what he sees */
	APPROVAL,
	COSE_FILE,  /* nobody signs */
	CODE,       /* nobody signs */
	PDF_FILE,   /* nobody signs */
	RESEALED,   /* a PDF, by the seal key */
	ROOTS,      /* all three */
	BUNDLE,     /* and a snapshot names it */
	SNAPSHOT,   /* the status key and an auditor */
	CHECKPOINT, /* the log, and a snapshot holds it */
	STATUS,     /* a part, and a snapshot names it */
	FINGERPRINTS,
	HISTORY,
	ORDERS,
	TOKEN,         /* the status key */
	TOKEN_REVOKED, /* and the snapshot says that the certificate was revoked */
	OBJECTS
};

/* A file that stands for the one of its name. */
struct substitute {
	char name[96];
	struct buf bytes;
};

struct stage {
	struct desk desk;
	struct buf cose, code, file; /* the honest certificate */
	struct buf claims, proposal, approval, root, bundle, snapshot, note;
	struct shelf_copies genuine; /* what lies in the desk's folder */
	struct buf revoked;          /* another snapshot of it */
	struct published *published; /* all of it genuine */
	struct substitute instead[3];
	size_t n_instead;
};

/* ---- the stage: made once; nothing of it changes but what is put instead ---- */

static bool
read_stage(const struct shelf *self, struct buf *out, bool *found, const char *name, size_t max,
    struct err *err)
{
	const struct stage *s = self->ctx;
	struct span bytes = span_of(NULL, 0);

	(void)err; /* memory serves */
	for (size_t i = 0; i < s->genuine.n; i++)
		if (strcmp(s->genuine.copies[i].name, name) == 0)
			bytes = buf_span(&s->genuine.copies[i].bytes);
	for (size_t i = 0; i < s->n_instead; i++)
		if (strcmp(s->instead[i].name, name) == 0)
			bytes = buf_span(&s->instead[i].bytes);
	*found = bytes.len > 0 && bytes.len <= max;
	if (*found)
		buf_add_span(out, bytes);
	return true;
}

static struct span
genuine_file(const struct stage *s, const char *name)
{
	for (size_t i = 0; i < s->genuine.n; i++)
		if (strcmp(s->genuine.copies[i].name, name) == 0)
			return buf_span(&s->genuine.copies[i].bytes);
	abort();
}

/* Everything a verifier reads of the folder, into memory; what is there already stays. */
static void
read_folder(struct stage *s)
{
	struct desk *d = &s->desk;
	struct memory memory = { 0 };
	struct published *p = NULL;

	s->genuine.from = shelf_folder(d->folder.path);
	const struct shelf shelf = shelf_copying(&s->genuine);
	fuzz_promise(published_open(
	    &p, buf_span(&d->b->root_file), &shelf, &memory, d->question.now_s, NULL));
	published_load_all(p);
	published_close(p);
}

static void
keep_payload_of_act(struct buf *out, struct span bytes)
{
	struct act act;

	fuzz_promise(act_parse(&act, bytes, NULL));
	buf_add_span(out, act.envelope.payload);
}

/* What is to be changed. */
static void
keep_payloads(struct stage *s)
{
	struct desk *d = &s->desk;
	struct cose_file cose;
	struct credential c;
	struct cose_sign envelope;
	struct snapshot *snapshot;

	buf_add_span(&s->cose, buf_span(&d->cose));
	buf_add_span(&s->code, buf_span(&d->code));
	buf_add_span(&s->file, buf_span(&d->file));
	fuzz_promise(credential_parse(&c, buf_span(&d->qc1), NULL));
	buf_add_span(&s->claims, c.envelope.payload);
	fuzz_promise(cose_file_parse(&cose, buf_span(&s->cose), NULL));
	keep_payload_of_act(&s->proposal, cose.proposal);
	keep_payload_of_act(&s->approval, cose.approval);
	root_set_encode(&s->root, &d->b->bundle.roots);
	bundle_encode(&s->bundle, &d->b->bundle);
	fuzz_promise(
	    snapshot_parse_file(&envelope, &snapshot, genuine_file(s, "v1/snapshot"), NULL));
	buf_add_span(&s->snapshot, envelope.payload);
	const struct span note = snapshot->checkpoint; /* text, blank line, signature */
	buf_add(&s->note, note.ptr,
	    (size_t)((uint8_t *)memmem(note.ptr, note.len, "\n\n", 2) + 1 - note.ptr));
	snapshot_free(snapshot);
}

static void
build(struct stage *s)
{
	struct desk *d = &s->desk;
	struct memory memory = { 0 };
	const struct shelf shelf = { .read = read_stage, .ctx = s };

	desk_open(d);
	d->token_iat_s = DESK_DATA_S + 60;
	desk_publish(d);
	read_folder(s);
	keep_payloads(s);
	desk_happens(d, STATUS_REVOKED, DESK_IAT_S + 60, DESK_IAT_S + 60);
	desk_publish(d);
	read_folder(s);
	fuzz_promise(file_read(
	    &s->revoked, folder_at(&d->folder, "v1/snapshot"), LIMIT_SNAPSHOT_BYTES, NULL));
	folder_remove(&d->folder);
	fuzz_promise(published_open(
	    &s->published, buf_span(&d->b->root_file), &shelf, &memory, d->question.now_s, NULL));
	published_load_all(s->published);
}

static void
put_instead(struct stage *s, const char *name, struct span bytes)
{
	struct substitute *i = &s->instead[s->n_instead++];

	snprintf(i->name, sizeof i->name, "%s", name);
	i->bytes = BUF_EMPTY;
	buf_add_span(&i->bytes, bytes);
}

static void
clear_instead(struct stage *s)
{
	while (s->n_instead > 0)
		buf_free(&s->instead[--s->n_instead].bytes);
}

/* ---- the question ---- */

/* What holds of every answer; of a VALID one also that it tells of the honest certificate. */
static enum verdict
judge(struct stage *s, struct published *p, struct span input)
{
	struct answer a;
	bool no = false, unknown = false;

	fuzz_promise(verify(&a, &s->desk.question, p, NULL, input, NULL));
	for (int i = 0; i < PART_COUNT; i++) {
		const enum reply reply = a.parts[i].reply;
		no |= reply == REPLY_NO;
		unknown |= reply != REPLY_YES && part_required(a.kind, (enum part)i);
	}
	fuzz_promise(a.verdict ==
	    (no               ? VERDICT_REJECTED
		    : unknown ? VERDICT_UNDETERMINED
			      : VERDICT_VALID));
	fuzz_promise((a.reason == FINDING_NONE) == (a.verdict == VERDICT_VALID));
	fuzz_promise(
	    !a.claims_proven || (a.claims_read && a.parts[PART_AUTHENTIC].reply == REPLY_YES));
	if (a.verdict == VERDICT_VALID) {
		fuzz_promise(strcmp(a.uscc, "91999901MADEM00110") == 0 && a.grade == GRADE_A);
		fuzz_promise(a.status == STATUS_ACTIVE && a.iat_s == DESK_IAT_S);
	}
	json_t *json = answer_json(&a, NULL);
	fuzz_promise(json != NULL);
	json_decref(json);
	return a.verdict;
}

/* The same of what was put instead, with this root file. */
static enum verdict
judge_files(struct stage *s, struct span root_file, struct span input)
{
	const struct shelf shelf = { .read = read_stage, .ctx = s };
	struct memory memory = { 0 };
	struct published *p = NULL;
	enum verdict verdict = VERDICT_UNDETERMINED;

	if (published_open(&p, root_file, &shelf, &memory, s->desk.question.now_s, NULL))
		verdict = judge(s, p, input);
	published_close(p);
	return verdict;
}

/* ---- certificates ---- */

static void
sign_act(struct buf *out, const struct stage *s, enum bureau_key key, struct span payload)
{
	const struct bureau *b = s->desk.b;

	fuzz_promise(signer_sign1(out, b->key[key], ACT_TYP, payload,
	    span_of(b->bundle.roots.bureau_id, BUREAU_ID_BYTES), NULL));
}

/* The honest credential with other acts. */
static void
try_acts(struct stage *s, enum object object, struct span changed)
{
	struct cose_file cose;
	struct buf file = BUF_EMPTY, proposal = BUF_EMPTY, approval = BUF_EMPTY;

	fuzz_promise(cose_file_parse(&cose, buf_span(&s->cose), NULL));
	if (object == PROPOSAL) {
		sign_act(&proposal, s, s->desk.proposer, changed);
		desk_sign_approval(&approval, &s->desk, buf_span(&proposal));
		cose.proposal = buf_span(&proposal);
	} else {
		sign_act(&approval, s, s->desk.approver, changed);
	}
	cose.approval = buf_span(&approval);
	cose_file_encode(&file, &cose);
	(void)judge(s, s->published, buf_span(&file));
	buf_free(&file);
	buf_free(&proposal);
	buf_free(&approval);
}

/* Of any other credential than the registered one nothing is good. */
static void
try_claims(struct stage *s, enum object object, struct span changed)
{
	struct desk *d = &s->desk;
	struct buf qc1 = BUF_EMPTY, file = BUF_EMPTY;
	struct cose_file cose;

	if (object == APPROVED_CLAIMS) {
		struct claims claims;
		if (!credential_claims_parse(&claims, changed, NULL))
			return; /* no officer could sign it */
		desk_make_over(d, changed);
		fuzz_promise(judge(s, s->published, buf_span(&d->code)) != VERDICT_VALID);
		fuzz_promise(judge(s, s->published, buf_span(&d->file)) != VERDICT_VALID);
		return;
	}
	fuzz_promise(signer_sign1(
	    &qc1, d->b->key[BUREAU_CREDENTIAL], NULL, changed, span_of(NULL, 0), NULL));
	fuzz_promise(cose_file_parse(&cose, buf_span(&s->cose), NULL));
	cose.qc1 = buf_span(&qc1);
	cose_file_encode(&file, &cose);
	fuzz_promise(judge(s, s->published, buf_span(&file)) != VERDICT_VALID);
	buf_free(&qc1);
	buf_free(&file);
}

/* Nobody signs it again: only what was issued is VALID. */
static void
try_file(struct stage *s, struct span changed, struct span genuine)
{
	while (changed.len > 0 && genuine.ptr == s->code.ptr &&
	    (changed.ptr[changed.len - 1] == '\n' || changed.ptr[changed.len - 1] == '\r'))
		changed.len--; /* as files of text end */
	fuzz_promise(
	    (judge(s, s->published, changed) == VERDICT_VALID) == span_equal(changed, genuine));
}

/* The holder of the seal key seals what he changed: it is another file than the registered one. */
static void
try_sealed(struct stage *s, struct buf *file)
{
	struct pdf_envelope e;
	struct buf seal = BUF_EMPTY;
	char hex[2 * LIMIT_PDF_CONTENTS_BYTES + 1];

	fuzz_promise(pdf_envelope_read(&e, buf_span(file), NULL));
	if (e.finding == PDF_SEALED) {
		fuzz_promise(
		    seal_make(&seal, s->desk.b->sealer, e.signed_1, e.signed_2, NULL, NULL));
		const size_t room = file->len - e.signed_1.len - e.signed_2.len - 2;
		hex_encode(hex, buf_span(&seal));
		memset(file->ptr + e.signed_1.len + 1, '0', room);
		if (2 * seal.len <= room)
			memcpy(file->ptr + e.signed_1.len + 1, hex, 2 * seal.len);
	}
	fuzz_promise(judge(s, s->published, buf_span(file)) != VERDICT_VALID);
	pdf_envelope_free(&e);
	buf_free(&seal);
}

/* ---- what is published ---- */

static void
sign_by(
    struct buf *out, const char *typ, struct span payload, struct signer *const *signers, size_t n)
{
	struct buf file = BUF_EMPTY;

	fuzz_promise(signer_sign(&file, signers[0], typ, payload, NULL));
	for (size_t i = 1; i < n; i++) {
		struct buf more = BUF_EMPTY;
		fuzz_promise(signer_sign_too(&more, signers[i], typ, buf_span(&file), NULL));
		buf_free(&file);
		file = more;
	}
	buf_add_span(out, buf_span(&file));
	buf_free(&file);
}

static void
put_snapshot(struct stage *s, struct span payload)
{
	struct buf file = BUF_EMPTY;
	const struct bureau *b = s->desk.b;
	struct signer *const by[] = { b->key[BUREAU_STATUS], b->key[BUREAU_AUDIT_1] };

	sign_by(&file, SNAPSHOT_TYP, payload, by, 2);
	put_instead(s, "v1/snapshot", buf_span(&file));
	buf_free(&file);
}

static void
put_bundle(struct stage *s, struct snapshot *names, struct span payload)
{
	struct buf file = BUF_EMPTY;
	struct bundle *b;

	sign_by(&file, BUNDLE_TYP, payload, s->desk.b->root, 2);
	put_instead(s, "v1/trust-bundle", buf_span(&file));
	if (bundle_parse(&b, payload, NULL))
		names->bundle_seq = b->seq;
	sha256(names->bundle_hash, payload);
	bundle_free(b);
	buf_free(&file);
}

static void
put_part(struct stage *s, uint8_t hash[SHA256_BYTES], struct span part)
{
	char hex[2 * SHA256_BYTES + 1], name[96];

	sha256(hash, part);
	hex_encode(hex, span_of(hash, SHA256_BYTES));
	snprintf(name, sizeof name, "v1/parts/%s", hex);
	put_instead(s, name, part);
}

/* The hash by which a snapshot names the part. */
static uint8_t *
hash_of(struct snapshot *snapshot, enum object object)
{
	switch (object) {
	case STATUS:
		return snapshot->lists[0].status_hash;
	case FINGERPRINTS:
		return snapshot->lists[0].fingerprints_hash;
	case HISTORY:
		return snapshot->lists[0].history_hash;
	default:
		return snapshot->orders_hash;
	}
}

/* A snapshot that names, or holds, what was changed. */
static void
try_named(struct stage *s, enum object object, struct span changed)
{
	struct snapshot *snapshot;
	struct buf payload = BUF_EMPTY, text = BUF_EMPTY, note = BUF_EMPTY;

	buf_add_span(&text, changed);
	if (changed.ptr[changed.len - 1] != '\n')
		buf_add_byte(&text, '\n'); /* the signer sees to that */
	fuzz_promise(snapshot_parse(&snapshot, buf_span(&s->snapshot), NULL));
	if (object == BUNDLE)
		put_bundle(s, snapshot, changed);
	else if (object == CHECKPOINT)
		fuzz_promise(signer_note(
		    &note, s->desk.b->log, s->desk.b->bundle.log.origin, buf_span(&text), NULL));
	else
		put_part(s, hash_of(snapshot, object), changed);
	if (object == CHECKPOINT)
		snapshot->checkpoint = buf_span(&note);
	snapshot_encode(&payload, snapshot);
	put_snapshot(s, buf_span(&payload));
	(void)judge_files(s, buf_span(&s->desk.b->root_file), buf_span(&s->cose));
	snapshot_free(snapshot);
	buf_free(&payload);
	buf_free(&text);
	buf_free(&note);
}

/* A token may only worsen what the snapshot says. */
static void
try_token(struct stage *s, enum object object, struct span changed)
{
	struct buf file = BUF_EMPTY;

	fuzz_promise(signer_sign1(&file, s->desk.b->key[BUREAU_STATUS], STATUS_TOKEN_TYP, changed,
	    span_of(NULL, 0), NULL));
	put_instead(s, "v1/status/TEST/3", buf_span(&file));
	if (object == TOKEN_REVOKED)
		put_instead(s, "v1/snapshot", buf_span(&s->revoked));
	const enum verdict verdict =
	    judge_files(s, buf_span(&s->desk.b->root_file), buf_span(&s->cose));
	fuzz_promise(object == TOKEN || verdict == VERDICT_REJECTED);
	buf_free(&file);
}

static void
try_roots(struct stage *s, struct span changed)
{
	struct buf file = BUF_EMPTY;
	struct root_set set;

	sign_by(&file, ROOT_SET_TYP, changed, s->desk.b->root, ROOT_SET_KEYS);
	if (judge_files(s, buf_span(&file), buf_span(&s->cose)) == VERDICT_VALID)
		fuzz_promise(root_set_parse(&set, changed, NULL) &&
		    memcmp(set.bureau_id, s->desk.b->bundle.roots.bureau_id, BUREAU_ID_BYTES) == 0);
	buf_free(&file);
}

/* ---- all of it ---- */

static struct span
genuine_part(const struct stage *s, enum object object)
{
	struct snapshot *snapshot;
	char hex[2 * SHA256_BYTES + 1], name[96];

	fuzz_promise(snapshot_parse(&snapshot, buf_span(&s->snapshot), NULL));
	hex_encode(hex, span_of(hash_of(snapshot, object), SHA256_BYTES));
	snprintf(name, sizeof name, "v1/parts/%s", hex);
	snapshot_free(snapshot);
	return genuine_file(s, name);
}

static struct span
genuine_token(const struct stage *s)
{
	static uint8_t list[LIMIT_LIST_BYTES];
	struct cose_sign1 envelope;
	struct status_token token;

	fuzz_promise(status_token_parse_file(
	    &envelope, &token, list, genuine_file(s, "v1/status/TEST/3"), NULL));
	return envelope.payload;
}

static struct span
genuine_object(const struct stage *s, enum object object)
{
	switch (object) {
	case CLAIMS:
	case APPROVED_CLAIMS:
		return buf_span(&s->claims);
	case PROPOSAL:
		return buf_span(&s->proposal);
	case APPROVAL:
		return buf_span(&s->approval);
	case COSE_FILE:
		return buf_span(&s->cose);
	case CODE:
		return buf_span(&s->code);
	case PDF_FILE:
	case RESEALED:
		return buf_span(&s->file);
	case ROOTS:
		return buf_span(&s->root);
	case BUNDLE:
		return buf_span(&s->bundle);
	case SNAPSHOT:
		return buf_span(&s->snapshot);
	case CHECKPOINT:
		return buf_span(&s->note);
	case TOKEN:
	case TOKEN_REVOKED:
		return genuine_token(s);
	default:
		return genuine_part(s, object);
	}
}

static void
try_changed(struct stage *s, enum object object, struct buf *changed)
{
	switch (object) {
	case CLAIMS:
	case APPROVED_CLAIMS:
		try_claims(s, object, buf_span(changed));
		break;
	case PROPOSAL:
	case APPROVAL:
		try_acts(s, object, buf_span(changed));
		break;
	case COSE_FILE:
	case CODE:
	case PDF_FILE:
		try_file(s, buf_span(changed), genuine_object(s, object));
		break;
	case RESEALED:
		try_sealed(s, changed);
		break;
	case ROOTS:
		try_roots(s, buf_span(changed));
		break;
	case SNAPSHOT:
		put_snapshot(s, buf_span(changed));
		(void)judge_files(s, buf_span(&s->desk.b->root_file), buf_span(&s->cose));
		break;
	case TOKEN:
	case TOKEN_REVOKED:
		try_token(s, object, buf_span(changed));
		break;
	default:
		try_named(s, object, buf_span(changed));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct stage stage;
	struct buf changed = BUF_EMPTY;

	if (stage.published == NULL)
		build(&stage);
	if (size == 0)
		return 0;
	const enum object object = data[0] % OBJECTS;
	buf_add_span(&changed, genuine_object(&stage, object));
	change_all(&changed, span_of(data + 1, size - 1));
	try_changed(&stage, object, &changed);
	clear_instead(&stage);
	buf_free(&changed);
	return 0;
}

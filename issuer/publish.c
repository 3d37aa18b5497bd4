#include "issuer/publish_parts.h"

#include "core/file.h"
#include "core/limits.h"
#include "credential/parts.h"
#include "credential/status_token.h"
#include "issuer/waiting.h"
#include "registry/registry_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* One publication, in one view of the register. */
struct edition {
	struct bureau *bureau;
	const struct trust *trust;
	struct publish_folder folder;
	int64_t now_s; /* the clock, but not before the newest act */
	struct registry_head head;
	struct snapshot_parts *parts; /* of each list; owned */
	struct snapshot manifest;     /* its lists are owned, its spans borrow from here */
	struct buf checkpoint;        /* signed note */
};

static void
edition_free(struct edition *e)
{
	for (size_t i = 0; i < e->manifest.n_lists; i++)
		snapshot_parts_free(&e->parts[i]);
	free(e->parts);
	free(e->manifest.lists);
	buf_free(&e->checkpoint);
	publish_folder_close(&e->folder);
}

static bool put(struct edition *e, const struct buf *bytes, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static bool
put(struct edition *e, const struct buf *bytes, struct err *err, const char *fmt, ...)
{
	char name[128];
	struct buf path = BUF_EMPTY;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(name, sizeof name, fmt, ap);
	va_end(ap);
	bool ok = buf_ok(bytes, err) && publish_folder_path(&path, &e->folder, err, "%s", name) &&
	    publish_folder_put(&e->folder, buf_text(&path), buf_span(bytes), err);
	buf_free(&path);
	return ok;
}

/* ---- what the register says ---- */

static bool
load_lists(struct edition *e, struct registry *r, struct err *err)
{
	size_t n;

	if (!registry_lists(&n, r, err))
		return false;
	e->parts = calloc(n + 1, sizeof *e->parts);
	e->manifest.lists = calloc(n + 1, sizeof *e->manifest.lists);
	if (e->parts == NULL || e->manifest.lists == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < n; i++) {
		e->manifest.lists[i].list = (uint16_t)i;
		if (!registry_list_parts(&e->parts[i], r, (uint16_t)i, e->now_s, err))
			return false;
		e->manifest.n_lists++;
	}
	return true;
}

/* A status counts from when its act was recorded, so the edition is not dated before the newest one. */
static bool
load(struct edition *e, int64_t now_s, struct err *err)
{
	struct registry *r = e->bureau->registry;

	if (!registry_trust(&e->trust, r, err) || !registry_head(&e->head, r, err))
		return false;
	e->now_s = now_s > e->head.recorded_s ? now_s : e->head.recorded_s;
	return load_lists(e, r, err);
}

/* ---- heads: what the two keys signed last ---- */

/* The file beside a key, and what it says; a size of 0 if the key signed nothing yet. */
static bool
read_head(
    struct buf *path, struct head *last, const struct edition *e, const char *key, struct err *err)
{
	struct err why = { 0 };

	*last = (struct head){ 0 };
	if (!bureau_path(path, e->bureau, err, "keys/%s.head", key))
		return false;
	return head_read(last, buf_text(path), &why) || why.code == ERR_NOT_FOUND ||
	    err_set(err, why.code, "%s", why.text);
}

/* What is published now; NULL if there is none that can be read. */
static struct snapshot *
read_manifest(const struct edition *e)
{
	struct buf path = BUF_EMPTY, file = BUF_EMPTY;
	struct cose_sign envelope;
	struct snapshot *s = NULL;

	if (!publish_folder_path(&path, &e->folder, NULL, "v1/snapshot") ||
	    !file_read(&file, buf_text(&path), LIMIT_SNAPSHOT_BYTES, NULL) ||
	    !snapshot_parse_file(&envelope, &s, buf_span(&file), NULL))
		s = NULL;
	buf_free(&path);
	buf_free(&file);
	return s;
}

/* A key whose head file was lost goes on above what it published: readers take no lower number. */
static uint64_t
last_seq(const struct edition *e, const struct head *last)
{
	struct snapshot *published = last->seq == 0 ? read_manifest(e) : NULL;
	uint64_t seq = published != NULL ? published->seq : last->seq;

	snapshot_free(published);
	return seq;
}

/* Remember what is about to be signed; *known is how much of the log was signed before. */
static bool
advance(uint64_t *known, struct edition *e, const char *key, bool numbered, struct err *err)
{
	struct buf path = BUF_EMPTY;
	struct merkle_hash then;
	struct head last;

	bool ok = read_head(&path, &last, e, key, err);
	if (ok) {
		bool held = last.size > 0 && last.size <= e->head.size;
		struct head next = { 0, e->head.size, e->head.root };
		if (numbered)
			e->manifest.seq = next.seq = last_seq(e, &last) + 1;
		*known = last.size;
		ok = (!held || registry_root_at(&then, e->bureau->registry, last.size, err)) &&
		    head_advance(buf_text(&path), &next, held ? &then : NULL, err);
	}
	buf_free(&path);
	return ok;
}

/* ---- parts and tokens ---- */

static bool
put_parts(struct edition *e, struct err *err)
{
	struct buf orders = BUF_EMPTY;
	struct publish_folder *f = &e->folder;
	bool ok = true;

	for (size_t i = 0; ok && i < e->manifest.n_lists; i++) {
		struct snapshot_list *named = &e->manifest.lists[i];
		const struct snapshot_parts *p = &e->parts[i];
		ok = publish_part(named->status_hash, f, buf_span(&p->status), err) &&
		    publish_part(named->fingerprints_hash, f, buf_span(&p->fingerprints), err) &&
		    publish_part(named->history_hash, f, buf_span(&p->history), err);
	}
	ok = ok && registry_orders_part(&orders, e->bureau->registry, err) &&
	    publish_part(e->manifest.orders_hash, f, buf_span(&orders), err);
	buf_free(&orders);
	return ok;
}

static bool
put_token(struct edition *e, size_t list, const struct signer *key, struct err *err)
{
	const struct bundle *b = trust_bundle(e->trust);
	const char *iss = e->bureau->conf.iss;
	struct buf sub = BUF_EMPTY, lst = BUF_EMPTY, claims = BUF_EMPTY, file = BUF_EMPTY;

	status_token_sub(&sub, b->status_base, span_text(iss), list);
	status_list_deflate(&lst, buf_span(&e->parts[list].status));
	status_token_encode(&claims,
	    &(struct status_token){ .sub = buf_span(&sub),
		.iat_s = e->now_s,
		.exp_s = e->now_s + b->snapshot_age_s,
		.ttl_s = STATUS_TOKEN_TTL_S,
		.lst = buf_span(&lst) });
	bool ok = buf_ok(&sub, err) && buf_ok(&lst, err) && buf_ok(&claims, err) &&
	    signer_sign1(&file, key, STATUS_TOKEN_TYP, buf_span(&claims), span_of(NULL, 0), err) &&
	    put(e, &file, err, "v1/status/%s/%zu", iss, list);
	buf_free(&sub);
	buf_free(&lst);
	buf_free(&claims);
	buf_free(&file);
	return ok;
}

/* ---- bundles ---- */

/* All that were adopted: each follows the one before it, so the numbers have no gap. */
static bool
put_bundles(struct edition *e, struct err *err)
{
	struct buf file = BUF_EMPTY;
	struct err why = { 0 };
	uint64_t newest = trust_bundle(e->trust)->seq;
	bool ok = true;

	for (uint64_t seq = newest; ok && seq > 0; seq--) {
		buf_free(&file);
		if (!registry_bundle(&file, e->bureau->registry, seq, &why)) {
			ok = why.code == ERR_NOT_FOUND || err_set(err, why.code, "%s", why.text);
			break;
		}
		ok = put(e, &file, err, "v1/trust-bundles/%llu", (unsigned long long)seq) &&
		    (seq < newest || put(e, &file, err, "v1/trust-bundle"));
	}
	buf_free(&file);
	return ok;
}

/* ---- the log ---- */

static bool
put_log(struct edition *e, struct err *err)
{
	const struct bundle_log *log = &trust_bundle(e->trust)->log;
	const struct checkpoint c = { log->origin, e->head.size, e->head.root };
	struct checkpoint again;
	struct buf text = BUF_EMPTY;
	const struct signer *key;
	uint64_t known = 0;
	bool witnessed;

	checkpoint_encode(&text, &c);
	bool ok = buf_ok(&text, err) &&
	    bureau_signer(&key, NULL, e->bureau, ROLE_KEY_LOG, e->now_s, err) &&
	    advance(&known, e, "log", false, err) &&
	    signer_note(&e->checkpoint, key, log->origin, buf_span(&text), err) &&
	    trust_verify_checkpoint(&again, &witnessed, e->trust, buf_span(&e->checkpoint), err) &&
	    publish_tiles(&e->folder, e->bureau->registry, known, e->head.size, err) &&
	    put(e, &e->checkpoint, err, "log/checkpoint");
	buf_free(&text);
	return ok;
}

/* ---- the manifest ---- */

static void
fill_manifest(struct edition *e)
{
	const struct bundle *b = trust_bundle(e->trust);
	struct snapshot *m = &e->manifest;

	m->iat_s = e->now_s;
	m->exp_s = e->now_s + b->snapshot_age_s;
	m->issuer = span_text(e->bureau->conf.iss);
	m->bundle_seq = b->seq;
	memcpy(m->bundle_hash, trust_bundle_hash(e->trust), SHA256_BYTES);
	m->checkpoint = buf_span(&e->checkpoint);
	memcpy(m->bureau_id, b->roots.bureau_id, BUREAU_ID_BYTES);
}

/* Does it hold for those who read it? */
static bool
check_manifest(const struct edition *e, struct span file, struct err *err)
{
	const struct bundle_key *key;
	struct cose_sign envelope;

	if (!cose_sign_parse(&envelope, file, SNAPSHOT_TYP, err))
		return false;
	return trust_verify_snapshot(&key, e->trust, &envelope, e->manifest.iat_s) == TRUST_YES ||
	    err_set(err, ERR_CRYPTO, "the snapshot's signature does not hold");
}

static bool
put_manifest(struct edition *e, const struct signer *key, struct err *err)
{
	struct buf payload = BUF_EMPTY, file = BUF_EMPTY;
	struct snapshot *old = read_manifest(e);

	fill_manifest(e);
	snapshot_encode(&payload, &e->manifest);
	bool ok = buf_ok(&payload, err) &&
	    signer_sign(&file, key, SNAPSHOT_TYP, buf_span(&payload), err) &&
	    check_manifest(e, buf_span(&file), err) && put(e, &file, err, "v1/snapshot") &&
	    publish_sweep(&e->folder, old, &e->manifest, e->now_s, err);
	snapshot_free(old);
	buf_free(&payload);
	buf_free(&file);
	return ok;
}

/* ---- */

/* What names a folder and an address must not lead out of either. */
static bool
check_iss(const char *iss, struct err *err)
{
	return (iss[0] != '.' && strchr(iss, '/') == NULL) ||
	    err_set(err, ERR_REFUSED, "%s cannot stand in the address of a status list", iss);
}

/* Nothing good is published that its readers could not believe. */
static bool
check_cosigners(const struct bundle *b, struct err *err)
{
	if (b->audit_quorum > 0)
		return err_set(err, ERR_REFUSED,
		    "trust bundle %llu asks for the signatures of %u auditors on a snapshot: this "
		    "version publishes without auditors only",
		    (unsigned long long)b->seq, b->audit_quorum);
	return b->log.quorum == 0 ||
	    err_set(err, ERR_REFUSED,
		"trust bundle %llu asks for cosignatures of %llu witnesses: this version "
		"publishes without witnesses only",
		(unsigned long long)b->seq, (unsigned long long)b->log.quorum);
}

static bool
put_all(struct edition *e, struct err *err)
{
	const struct signer *status_key;
	uint64_t known;
	bool ok = bureau_signer(&status_key, NULL, e->bureau, ROLE_KEY_STATUS, e->now_s, err) &&
	    advance(&known, e, "status", true, err) && put_parts(e, err);

	for (size_t i = 0; ok && i < e->manifest.n_lists; i++)
		ok = put_token(e, i, status_key, err);
	return ok && put_bundles(e, err) && put_log(e, err) && put_manifest(e, status_key, err);
}

bool
publish(struct publish_report *out, struct bureau *b, const char *folder, int64_t now_s,
    struct err *err)
{
	struct edition e = { .bureau = b };

	bool ok = check_iss(b->conf.iss, err) && publish_folder_open(&e.folder, folder, err) &&
	    waiting_refuse(b, now_s, err);
	if (ok) {
		ok = registry_view_begin(b->registry, err) && load(&e, now_s, err) &&
		    check_cosigners(trust_bundle(e.trust), err) && put_all(&e, err);
		if (ok)
			*out = (struct publish_report){ .seq = e.manifest.seq,
				.size = e.head.size,
				.written = e.folder.written,
				.renew_s = e.now_s + trust_bundle(e.trust)->snapshot_age_s / 2 };
		registry_view_end(b->registry);
	}
	edition_free(&e);
	return ok;
}

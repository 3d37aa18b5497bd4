#include "issuer/publish_parts.h"

#include "core/file.h"
#include "core/limits.h"
#include "credential/note.h"
#include "credential/parts.h"
#include "credential/status_token.h"
#include "issuer/loss.h"
#include "issuer/waiting.h"
#include "registry/registry_floor.h"
#include "registry/registry_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void
edition_free(struct edition *e)
{
	for (size_t i = 0; i < e->n_parts; i++)
		snapshot_parts_free(&e->parts[i]);
	free(e->parts);
	buf_free(&e->checkpoint);
	snapshot_free(e->published);
	making_free(&e->making);
	publish_folder_close(&e->folder);
}

bool
edition_asks_witnesses(const struct edition *e)
{
	return trust_bundle(e->trust)->log.quorum > 0;
}

bool
edition_asks_auditors(const struct edition *e)
{
	return trust_bundle(e->trust)->audit_quorum > 0;
}

bool
edition_put(struct edition *e, struct span bytes, struct err *err, const char *fmt, ...)
{
	char name[128];
	struct buf path = BUF_EMPTY;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(name, sizeof name, fmt, ap);
	va_end(ap);
	bool ok = publish_folder_path(&path, &e->folder, err, "%s", name) &&
	    publish_folder_put(&e->folder, buf_text(&path), bytes, err);
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
	if (e->parts == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < n; i++) {
		if (!registry_list_parts(&e->parts[i], r, (uint16_t)i, e->now_s, err))
			return false;
		e->n_parts++;
	}
	return true;
}

/* What is published now; NULL if there is none that can be read. */
static struct snapshot *
read_published(const struct edition *e)
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

/* A status counts from when its act was recorded, so the edition is not dated before the newest one. */
static bool
load(struct edition *e, int64_t now_s, struct err *err)
{
	struct registry *r = e->bureau->registry;

	if (!registry_trust(&e->trust, r, err) || !registry_head(&e->head, r, err))
		return false;
	e->now_s = now_s > e->head.recorded_s ? now_s : e->head.recorded_s;
	e->published = read_published(e);
	return load_lists(e, r, err) && cosign_load(&e->making, e->bureau, e->trust, err);
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

/* A key whose head file was lost goes on above what it gave out: readers take no lower number. */
static uint64_t
last_seq(const struct edition *e, const struct head *last)
{
	uint64_t seq = last->seq > e->floor_seq ? last->seq : e->floor_seq;

	if (last->seq == 0 && e->published != NULL)
		seq = e->published->seq;
	if (last->seq == 0 && e->making.manifest != NULL && e->making.manifest->seq > seq)
		seq = e->making.manifest->seq;
	return seq;
}

bool
edition_advance(
    uint64_t *known, uint64_t *seq, const struct edition *e, const char *key, struct err *err)
{
	struct buf path = BUF_EMPTY;
	struct merkle_hash then;
	struct head last;

	bool ok = read_head(&path, &last, e, key, err);
	if (ok) {
		struct head next = { trust_bundle(e->trust)->log.epoch, 0, e->head.size,
			e->head.root };
		const bool same = last.epoch == next.epoch;
		bool held = same && last.size > 0 && last.size <= e->head.size;
		if (seq != NULL)
			*seq = next.seq = last_seq(e, &last) + 1;
		*known = same ? last.size : 0;
		ok = (!held || registry_root_at(&then, e->bureau->registry, last.size, err)) &&
		    head_advance(buf_text(&path), &next, held ? &then : NULL, err);
	}
	buf_free(&path);
	return ok;
}

/* ---- tokens ---- */

bool
edition_sign_token(struct buf *file, const struct edition *e, size_t list, struct err *err)
{
	const struct bundle *b = trust_bundle(e->trust);
	struct buf sub = BUF_EMPTY, lst = BUF_EMPTY, claims = BUF_EMPTY;

	status_token_sub(&sub, b->status_base, span_text(e->bureau->conf.iss), list);
	status_list_deflate(&lst, buf_span(&e->parts[list].status));
	status_token_encode(&claims,
	    &(struct status_token){ .sub = buf_span(&sub),
		.iat_s = e->now_s,
		.exp_s = e->now_s + b->snapshot_age_s,
		.ttl_s = STATUS_TOKEN_TTL_S,
		.lst = buf_span(&lst) });
	bool ok = buf_ok(&sub, err) && buf_ok(&lst, err) && buf_ok(&claims, err) &&
	    signer_sign1(
		file, e->status_key, STATUS_TOKEN_TYP, buf_span(&claims), span_of(NULL, 0), err);
	buf_free(&sub);
	buf_free(&lst);
	buf_free(&claims);
	return ok;
}

static bool
put_token(struct edition *e, size_t list, struct err *err)
{
	struct buf file = BUF_EMPTY;

	bool ok = edition_sign_token(&file, e, list, err) &&
	    edition_put(e, buf_span(&file), err, "v1/status/%s/%zu", e->bureau->conf.iss, list);
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
		ok = edition_put(e, buf_span(&file), err, "v1/trust-bundles/%llu",
			 (unsigned long long)seq) &&
		    (seq < newest || edition_put(e, buf_span(&file), err, "v1/trust-bundle"));
	}
	buf_free(&file);
	return ok;
}

/* ---- the log ---- */

bool
edition_sign_checkpoint(struct edition *e, struct err *err)
{
	const struct bundle_log *log = &trust_bundle(e->trust)->log;
	const struct checkpoint c = { log->origin, e->head.size, e->head.root };
	struct buf text = BUF_EMPTY;
	const struct signer *key;

	checkpoint_encode(&text, &c);
	bool ok = buf_ok(&text, err) &&
	    bureau_signer(&key, NULL, e->bureau, ROLE_KEY_LOG, e->now_s, err) &&
	    signer_note(&e->checkpoint, key, log->origin, buf_span(&text), err);
	buf_free(&text);
	return ok;
}

bool
edition_put_checkpoint(struct edition *e, struct span note, struct err *err)
{
	struct checkpoint again;
	bool witnessed;

	return trust_verify_checkpoint(&again, &witnessed, e->trust, note, err) &&
	    edition_put(e, note, err, "log/checkpoint");
}

/* Nothing that was signed or published is missing here. */
static bool
check_loss(struct edition *e, struct err *err)
{
	struct buf path = BUF_EMPTY;
	struct registry_epoch last;
	struct err none = { 0 };

	bool ok = publish_folder_path(&path, &e->folder, err, "log/checkpoint") &&
	    loss_refuse(e->bureau, buf_text(&path), err) && loss_refuse_unnamed(e->bureau, err) &&
	    (registry_epoch(&last, e->bureau->registry, &none) || none.code == ERR_NOT_FOUND ||
		err_set(err, none.code, "%s", none.text));
	e->floor_seq = ok ? last.floor_seq : 0;
	buf_free(&path);
	return ok;
}

/* Tiles go first, so that witnesses, too, find them. */
static bool
put_log(struct edition *e, struct err *err)
{
	return publish_set_log_aside(&e->folder, &trust_bundle(e->trust)->log, err) &&
	    publish_tiles(&e->folder, e->bureau->registry, e->known, e->head.size, err) &&
	    (edition_asks_witnesses(e) ||
		(edition_sign_checkpoint(e, err) &&
		    edition_put_checkpoint(e, buf_span(&e->checkpoint), err)));
}

/* ---- */

/* What names a folder and an address must not lead out of either. */
static bool
check_iss(const char *iss, struct err *err)
{
	return (iss[0] != '.' && strchr(iss, '/') == NULL) ||
	    err_set(err, ERR_REFUSED, "%s cannot stand in the address of a status list", iss);
}

static bool
put_all(struct edition *e, struct err *err)
{
	bool ok = check_loss(e, err) &&
	    bureau_signer(&e->status_key, NULL, e->bureau, ROLE_KEY_STATUS, e->now_s, err) &&
	    edition_advance(&e->known, NULL, e, "log", err);

	for (size_t i = 0; ok && i < e->n_parts; i++)
		ok = put_token(e, i, err);
	return ok && put_bundles(e, err) && put_log(e, err) && edition_put_snapshot(e, err);
}

bool
publish(struct publish_report *out, struct bureau *b, const char *folder, int64_t now_s,
    struct err *err)
{
	struct edition e = { .bureau = b, .report = out };

	*out = (struct publish_report){ 0 };
	bool ok = check_iss(b->conf.iss, err) && publish_folder_open(&e.folder, folder, err) &&
	    waiting_refuse(b, now_s, err);
	if (ok) {
		ok = registry_view_begin(b->registry, err) && load(&e, now_s, err) &&
		    put_all(&e, err);
		if (ok)
			edition_report(&e);
		registry_view_end(b->registry);
	}
	edition_free(&e);
	return ok;
}

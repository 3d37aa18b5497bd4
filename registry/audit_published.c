#include "core/encode.h"
#include "credential/parts.h"
#include "credential/snapshot.h"
#include "registry/audit_step.h"
#include "registry/registry_parts.h"

#include <stdio.h>
#include <stdlib.h>

#define NAME_BYTES 96
#define SQL_BUNDLES "SELECT seq, file FROM bundles WHERE log_index < ? ORDER BY seq"

/* ---- the snapshot ---- */

struct audit_snapshot {
	struct buf file;
	struct cose_sign envelope; /* borrows the file */
	struct snapshot *manifest;
	struct checkpoint checkpoint; /* borrows the manifest; signature not yet checked */
};

void
audit_snapshot_close(struct audit_snapshot *s)
{
	if (s == NULL)
		return;
	snapshot_free(s->manifest);
	buf_free(&s->file);
	free(s);
}

uint64_t
audit_snapshot_size(const struct audit_snapshot *s)
{
	return s->checkpoint.size;
}

const struct checkpoint *
audit_snapshot_checkpoint(const struct audit_snapshot *s)
{
	return &s->checkpoint;
}

/* False with MALFORMED or LIMIT: what was read into s->file is no snapshot. */
static bool
parse_snapshot(struct audit_snapshot *s, struct err *err)
{
	return snapshot_parse_file(&s->envelope, &s->manifest, buf_span(&s->file), err) &&
	    checkpoint_parse_note(&s->checkpoint, s->manifest->checkpoint, err);
}

static bool
read_snapshot(struct audit *a, struct err *err)
{
	bool found = false;
	struct err why = { 0 };
	struct audit_snapshot *s = calloc(1, sizeof *s);

	if (s == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = audit_read(
	    &s->file, &found, a->question->published, "v1/snapshot", LIMIT_SNAPSHOT_BYTES, err);
	if (ok && !found)
		audit_skips(a, "a published snapshot: there is none");
	if (ok && found && !parse_snapshot(s, &why)) {
		err_in(&why, "the published snapshot");
		ok = audit_blames(a, &why, err);
		found = false;
	}
	if (ok && found)
		a->snapshot = s;
	else
		audit_snapshot_close(s);
	return ok;
}

bool
audit_published_read(struct audit *a, struct err *err)
{
	bool found;

	if (a->question->published == NULL) {
		audit_skips(a, "the published files");
		return true;
	}
	a->result->published = true;
	if (!audit_read(&a->published_log, &found, a->question->published, "log/checkpoint",
		LIMIT_NOTE_BYTES, err))
		return false;
	if (!found)
		audit_skips(a, "a published log: there is none");
	return read_snapshot(a, err);
}

/* Who signed it, and under which bundle: asked of the register as it was then. */
static bool
check_signed(struct audit *a, const struct audit_snapshot *s, struct err *err)
{
	const struct snapshot *m = s->manifest;
	const struct bundle_key *key;
	const struct trust *trust;
	struct checkpoint checked;
	struct err why = { 0 };
	bool witnessed;

	if (!registry_trust(&trust, a->fresh, err))
		return false;
	if (memcmp(m->bureau_id, trust_roots(trust)->bureau_id, BUREAU_ID_BYTES) != 0)
		return audit_finds(a, "the %s is another bureau's", a->snapshot_name);
	if (m->bundle_seq != trust_bundle(trust)->seq ||
	    memcmp(m->bundle_hash, trust_bundle_hash(trust), SHA256_BYTES) != 0)
		return audit_finds(a,
		    "the %s names trust bundle %llu, which was not the one adopted then",
		    a->snapshot_name, (unsigned long long)m->bundle_seq);
	enum trust_answer answer = trust_verify_snapshot(&key, trust, &s->envelope, m->iat_s);
	if (answer == TRUST_QUORUM && !a->candidate)
		return audit_finds(a,
		    "the %s is not signed by as many auditors as trust bundle %llu asks",
		    a->snapshot_name, (unsigned long long)m->bundle_seq);
	if (answer != TRUST_YES && answer != TRUST_QUORUM)
		return audit_finds(a, "the %s is not signed by the status key", a->snapshot_name);
	if (!span_equal(m->issuer, key->issuer))
		return audit_finds(
		    a, "the %s is of another issuer than its status key", a->snapshot_name);
	return trust_verify_checkpoint(&checked, &witnessed, trust, m->checkpoint, &why) ||
	    audit_finds(a, "the checkpoint in the %s: %s", a->snapshot_name, why.text);
}

/* The file of that name below the published folder is the part. */
static bool
compare_part_file(struct audit *a, const uint8_t hash[SHA256_BYTES], const struct buf *part,
    const char *what, unsigned list, struct err *err)
{
	struct buf file = BUF_EMPTY;
	char name[NAME_BYTES] = "v1/parts/";
	bool found = false;

	hex_encode(name + strlen(name), span_of(hash, SHA256_BYTES));
	bool ok = audit_read(&file, &found, a->question->published, name, LIMIT_PART_BYTES, err);
	if (ok && !found)
		audit_finds(a, "%s, the %s of list %u, is missing", name, what, list);
	else if (ok && !span_equal(buf_span(&file), buf_span(part)))
		audit_finds(a, "%s is not what its name says", name);
	buf_free(&file);
	return ok;
}

/* The part made again has the hash the manifest says, and where files are looked at, its file is there. */
static bool
compare_part(struct audit *a, const uint8_t want[SHA256_BYTES], const struct buf *part,
    const char *what, unsigned list, struct err *err)
{
	uint8_t hash[SHA256_BYTES];

	sha256(hash, buf_span(part));
	if (memcmp(hash, want, sizeof hash) != 0)
		return audit_finds(a, "the %s of list %u in the %s does not follow from the acts",
		    what, list, a->snapshot_name);
	if (a->question->published != NULL && !compare_part_file(a, hash, part, what, list, err))
		return false;
	a->result->parts += a->result->clean;
	return true;
}

static bool
compare_list(
    struct audit *a, const struct snapshot *m, const struct snapshot_list *list, struct err *err)
{
	struct snapshot_parts parts;

	if (!registry_list_parts(&parts, a->fresh, list->list, m->iat_s, err))
		return false;
	bool ok = compare_part(a, list->status_hash, &parts.status, "status", list->list, err);
	if (ok && a->result->clean)
		ok = compare_part(a, list->fingerprints_hash, &parts.fingerprints, "fingerprints",
		    list->list, err);
	if (ok && a->result->clean)
		ok =
		    compare_part(a, list->history_hash, &parts.history, "history", list->list, err);
	snapshot_parts_free(&parts);
	return ok;
}

static bool
compare_orders(struct audit *a, const struct snapshot *m, struct err *err)
{
	struct buf orders = BUF_EMPTY;

	bool ok = registry_orders_part(&orders, a->fresh, err) &&
	    compare_part(a, m->orders_hash, &orders, "extension orders", 0, err);
	buf_free(&orders);
	return ok;
}

bool
audit_snapshot_compare(struct audit *a, const struct audit_snapshot *s, struct err *err)
{
	const struct snapshot *m = s->manifest;
	char checkpoint[NAME_BYTES];
	size_t lists;

	snprintf(checkpoint, sizeof checkpoint, "the checkpoint in the %s", a->snapshot_name);
	if (!check_signed(a, s, err) || !audit_checkpoint(a, &s->checkpoint, checkpoint, err) ||
	    !registry_lists(&lists, a->fresh, err))
		return false;
	if (a->result->clean && lists != m->n_lists)
		audit_finds(a, "the %s has %zu status lists, the register %zu", a->snapshot_name,
		    m->n_lists, lists);
	for (size_t i = 0; i < m->n_lists && a->result->clean; i++)
		if (!compare_list(a, m, &m->lists[i], err))
			return false;
	return !a->result->clean || compare_orders(a, m, err);
}

/* The register ends where the candidate does. */
static bool
compare_candidate(struct audit *a, const struct audit_snapshot *s, struct err *err)
{
	struct registry_head head;

	if (!registry_head(&head, a->fresh, err))
		return false;
	if (audit_snapshot_size(s) != head.size)
		return audit_finds(a, "the candidate covers %llu entries, the register %llu",
		    (unsigned long long)audit_snapshot_size(s), (unsigned long long)head.size);
	a->result->acts = a->result->size = head.size;
	a->result->root = head.root;
	if (s->manifest->iat_s < head.recorded_s)
		return audit_finds(a, "the candidate is dated before the newest act");
	return audit_snapshot_compare(a, s, err);
}

bool
registry_audit_candidate(
    struct audit_result *out, struct registry *r, struct span file, struct err *err)
{
	const struct audit_question nothing = { 0 };
	struct audit_snapshot *s = calloc(1, sizeof *s);
	struct audit a = { .question = &nothing,
		.result = out,
		.candidate = true,
		.snapshot_name = "candidate",
		.fresh = r };
	struct err why = { 0 };

	*out = (struct audit_result){ .clean = true };
	if (s == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	buf_add_span(&s->file, file);
	bool ok = buf_ok(&s->file, err);
	if (ok)
		ok = parse_snapshot(s, &why) ? compare_candidate(&a, s, err)
					     : audit_blames(&a, &why, err);
	audit_snapshot_close(s);
	return ok;
}

/* ---- bundle, checkpoint and tiles ---- */

/* A published file must hold the bundle; `name` is below the folder. */
static bool
compare_bundle(struct audit *a, const char *name, struct span adopted, struct err *err)
{
	struct buf file = BUF_EMPTY;
	bool found = false;

	bool ok = audit_read(&file, &found, a->question->published, name, LIMIT_BUNDLE_BYTES, err);
	if (ok && !found)
		audit_finds(a, "%s is missing", name);
	else if (ok && !span_equal(buf_span(&file), adopted))
		audit_finds(a, "%s is not the trust bundle that was adopted", name);
	buf_free(&file);
	return ok;
}

/* Witnesses hold back a checkpoint, and nothing else of what is published beside it. */
static bool
log_lags(const struct audit *a, const struct bundle *b)
{
	return a->question->waiting && b->log.quorum > 0;
}

/* Every bundle adopted by then under its number, the newest also by itself. */
static bool
compare_bundles(struct audit *a, const struct bundle *adopted, uint64_t size, struct err *err)
{
	char name[NAME_BYTES];
	struct buf newest = BUF_EMPTY;
	bool ok, row;

	struct sql_stmt *q = sql_use(a->fresh->db, SQL_BUNDLES);
	sql_put_int(q, (int64_t)size);
	while ((ok = sql_next(q, &row, err)) && row && a->result->clean) {
		snprintf(name, sizeof name, "v1/trust-bundles/%lld", (long long)sql_get_int(q));
		newest.len = 0;
		buf_add_span(&newest, sql_get_bytes(q));
		if (!(ok = buf_ok(&newest, err) && compare_bundle(a, name, buf_span(&newest), err)))
			break;
	}
	sql_end(q);
	if (ok && a->result->clean && !log_lags(a, adopted))
		ok = compare_bundle(a, "v1/trust-bundle", buf_span(&newest), err);
	buf_free(&newest);
	return ok;
}

static bool
read_tile(struct buf *out, bool *found, char name[NAME_BYTES], const struct audit *a,
    const struct log_tile *tile, struct err *err)
{
	char path[LOG_TILE_PATH_BYTES];

	log_tile_path(path, tile);
	snprintf(name, NAME_BYTES, "log/%s", path);
	return audit_read(out, found, a->question->published, name, LIMIT_PART_BYTES, err);
}

/* The tile's file, or the beginning of the full one that has taken its place. */
static bool
read_tile_or_full(struct buf *out, bool *found, char name[NAME_BYTES], const struct audit *a,
    const struct log_tile *tile, struct err *err)
{
	struct log_tile full = *tile;
	char other[NAME_BYTES];

	full.width = LOG_TILE_WIDTH;
	if (!read_tile(out, found, name, a, tile, err))
		return false;
	if (*found || tile->width == LOG_TILE_WIDTH)
		return true;
	if (!read_tile(out, found, other, a, &full, err))
		return false;
	out->len = out->len / LOG_TILE_WIDTH * tile->width; /* all its items are of one length */
	return true;
}

static bool
compare_tile(struct audit *a, const struct log_tile *tile, struct err *err)
{
	struct buf file = BUF_EMPTY, computed = BUF_EMPTY;
	char name[NAME_BYTES];
	bool found = false;

	bool ok = read_tile_or_full(&file, &found, name, a, tile, err) &&
	    registry_tile(&computed, a->fresh, tile, err);
	if (ok && !found)
		audit_finds(a, "%s is missing", name);
	else if (ok && !span_equal(buf_span(&file), buf_span(&computed)))
		audit_finds(a, "%s does not follow from the acts", name);
	else if (ok)
		a->result->tiles++;
	buf_free(&file);
	buf_free(&computed);
	return ok;
}

static bool
compare_level(struct audit *a, uint64_t size, unsigned level, bool entries, struct err *err)
{
	const uint64_t count = log_tile_count(size, level);

	for (uint64_t i = 0; i < count && a->result->clean; i++) {
		struct log_tile tile = log_tile_at(size, level, i);
		tile.entries = entries;
		if (!compare_tile(a, &tile, err))
			return false;
	}
	return true;
}

static bool
compare_tiles(struct audit *a, uint64_t size, struct err *err)
{
	if (!compare_level(a, size, 0, true, err))
		return false;
	for (unsigned level = 0; a->result->clean && log_tile_count(size, level) > 0; level++)
		if (!compare_level(a, size, level, false, err))
			return false;
	return true;
}

/*
 * An older snapshot put back would take back a suspension until it ends by itself. While auditors or
 * witnesses are waited for, the log is ahead of the snapshot by nature.
 */
static void
compare_ages(struct audit *a, const struct bundle *b, uint64_t log_size)
{
	const uint64_t size = a->snapshot != NULL ? audit_snapshot_size(a->snapshot) : 0;

	if (!a->result->clean || (a->snapshot == NULL && !a->snapshot_lost) || size >= log_size)
		return;
	const bool others = b->audit_quorum > 0 || b->log.quorum > 0;
	if (others && a->question->waiting)
		audit_skips(
		    a, "whether the published snapshot is the newest: the next waits for others");
	else
		audit_finds(a,
		    "the published snapshot covers %llu entries, the published checkpoint %llu%s: "
		    "an older snapshot was put back, or a publication was cut short",
		    (unsigned long long)size, (unsigned long long)log_size,
		    others ? ", and no other is on its way in cosign/" : "");
}

/* The newest bundle may be the first to ask for witnesses, who have still to see the log. */
static void
check_published(struct checkpoint *out, struct audit *a, const struct trust *trust)
{
	struct err why = { 0 };
	bool witnessed;

	if (trust_verify_checkpoint(out, &witnessed, trust, buf_span(&a->published_log), &why))
		return;
	if (why.code == ERR_CRYPTO && log_lags(a, trust_bundle(trust)))
		audit_skips(a, "who signed the published log: it waits for witnesses");
	else
		audit_finds(a, "the published checkpoint: %s", why.text);
}

static bool
compare_log(struct audit *a, struct err *err)
{
	const struct trust *trust;
	struct checkpoint c;

	if (!registry_trust(&trust, a->fresh, err))
		return false;
	check_published(&c, a, trust);
	if (a->result->clean && !audit_checkpoint(a, &c, "the published checkpoint", err))
		return false;
	a->published_size = c.size;
	compare_ages(a, trust_bundle(trust), c.size);
	return (!a->result->clean || compare_tiles(a, c.size, err)) &&
	    (!a->result->clean || compare_bundles(a, trust_bundle(trust), c.size, err));
}

bool
audit_published_log(struct audit *a, struct err *err)
{
	if (a->question->published == NULL)
		return true;
	if (a->published_log.len > 0 && !a->log_lost && !compare_log(a, err))
		return false;
	audit_skips(a, "the status tokens: they only worsen what the snapshot says");
	return true;
}

/* What is published beside the snapshot, against the acts: trust bundles, checkpoint and tiles. */
#include "registry/audit_step.h"

#include <stdio.h>

#define NAME_BYTES 96
#define SQL_BUNDLES "SELECT seq, file FROM bundles WHERE log_index < ? ORDER BY seq"

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
	return audit_snapshot_read(a, err);
}

/* ---- bundles ---- */

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

/* ---- tiles ---- */

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

/* ---- checkpoint ---- */

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

#include "registry/registry_floor.h"

#include "core/civil.h"
#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "registry/floor.h"
#include "registry/store.h"
#include "registry/writer_lock.h"

#include <libgen.h>
#include <stdlib.h>

#define SQL_FILE "SELECT file FROM floors WHERE hash = ?"
#define SQL_FILES "SELECT hash, file FROM floors ORDER BY hash"
#define SQL_FILE_PUT "INSERT OR IGNORE INTO floors VALUES (?, ?)"
#define SQL_EPOCH                                                                                  \
	"SELECT epoch, log_index, recorded_s, proposal, floor_seq, floor_s, floor_size, lists"     \
	" FROM epochs ORDER BY epoch DESC LIMIT 1"
#define SQL_LOSSES "SELECT count(*) FROM epochs WHERE recorded_s >= ?"

/* ---- files ---- */

static bool
put_file(struct registry *r, const uint8_t hash[SHA256_BYTES], struct span file, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_FILE_PUT);
	sql_put_blob(q, span_of(hash, SHA256_BYTES));
	sql_put_blob(q, file);
	return sql_do(q, err);
}

/* floor/HEX beside a file of acts. */
static bool
path_beside(struct buf *out, const char *acts, const uint8_t hash[SHA256_BYTES], struct err *err)
{
	char hex[2 * SHA256_BYTES + 1];
	char *copy = strdup(acts);

	if (copy == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	hex_encode(hex, span_of(hash, SHA256_BYTES));
	buf_printf(out, "%s/floor/%s", dirname(copy), hex);
	free(copy);
	return buf_ok(out, err);
}

/* What another machine, or another disk, has of it; it is kept here from then on. */
static bool
find_beside(struct buf *out, struct registry *r, const uint8_t hash[SHA256_BYTES], struct err *err)
{
	const char *acts = r->acts_beside != NULL ? r->acts_beside : r->config.second_copy;
	struct buf path = BUF_EMPTY, file = BUF_EMPTY;
	uint8_t have[SHA256_BYTES];

	if (acts == NULL)
		return err_set(err, ERR_NOT_FOUND, "a file of the floor is not kept here");
	bool ok = path_beside(&path, acts, hash, err) &&
	    file_read(&file, buf_text(&path), LIMIT_PART_BYTES, err);
	sha256(have, buf_span(&file));
	if (ok && memcmp(have, hash, sizeof have) != 0)
		ok = err_set(err, ERR_MALFORMED, "%s is not what its name says", buf_text(&path));
	ok = ok && put_file(r, hash, buf_span(&file), err);
	buf_add_span(out, buf_span(&file));
	buf_free(&path);
	buf_free(&file);
	return ok && buf_ok(out, err);
}

bool
store_floor_find(void *ctx, struct buf *out, const uint8_t hash[SHA256_BYTES], struct err *err)
{
	struct registry *r = ctx;
	bool row;

	struct sql_stmt *q = sql_use(r->db, SQL_FILE);
	sql_put_blob(q, span_of(hash, SHA256_BYTES));
	bool ok = sql_next(q, &row, err);
	if (ok && row)
		buf_add_span(out, sql_get_bytes(q));
	sql_end(q);
	if (ok && !row)
		return find_beside(out, r, hash, err);
	return ok && buf_ok(out, err);
}

static bool
put_beside(const char *acts, const uint8_t hash[SHA256_BYTES], struct span file, struct err *err)
{
	struct buf path = BUF_EMPTY;

	bool ok = path_beside(&path, acts, hash, err);
	char *copy = ok ? strdup(buf_text(&path)) : NULL;
	if (ok && copy == NULL)
		ok = err_set(err, ERR_MEMORY, "out of memory");
	ok = ok && file_make_folder(dirname(copy), 0700, err) &&
	    (file_exists(buf_text(&path)) || file_write_new(buf_text(&path), file, 0600, err));
	free(copy);
	buf_free(&path);
	return ok;
}

static bool
put_one_beside(void *ctx, const uint8_t hash[SHA256_BYTES], struct span file, struct err *err)
{
	return put_beside(ctx, hash, file, err);
}

bool
store_floors_beside(struct registry *r, struct err *err)
{
	char *acts = strdup(r->config.second_copy);

	if (acts == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = registry_each_floor(r, put_one_beside, acts, err);
	free(acts);
	return ok;
}

bool
registry_each_floor(struct registry *r, registry_floor_fn *fn, void *ctx, struct err *err)
{
	bool ok, row;

	struct sql_stmt *q = sql_use(r->db, SQL_FILES);
	while ((ok = sql_next(q, &row, err)) && row) {
		uint8_t hash[SHA256_BYTES];
		sql_get_copy(q, hash, sizeof hash);
		struct span file = sql_get_bytes(q);
		if (!(ok = sql_row_ok(q, err) && fn(ctx, hash, file, err)))
			break;
	}
	sql_end(q);
	return ok;
}

static bool
copy_one(void *ctx, const uint8_t hash[SHA256_BYTES], struct span file, struct err *err)
{
	uint8_t is[SHA256_BYTES];

	(void)hash;
	sha256(is, file);
	return put_file(ctx, is, file, err);
}

bool
store_floors_copy(struct registry *to, struct registry *from, struct err *err)
{
	return registry_each_floor(from, copy_one, to, err);
}

bool
registry_put_floor(struct registry *r, struct span file, struct err *err)
{
	uint8_t hash[SHA256_BYTES];
	int fd = -1;

	sha256(hash, file);
	bool ok = writer_lock(&fd, r->config.path, r->config.command, SQL_BUSY_MS, err) &&
	    put_file(r, hash, file, err);
	writer_unlock(fd);
	return ok;
}

/* ---- keeping what is published ---- */

struct keeping {
	struct registry *registry;
	const char *published;
	uint8_t snapshot[SHA256_BYTES];
};

static bool
read_published(
    struct buf *out, const struct keeping *k, const uint8_t hash[SHA256_BYTES], struct err *err)
{
	char hex[2 * SHA256_BYTES + 1];
	struct buf path = BUF_EMPTY;

	hex_encode(hex, span_of(hash, SHA256_BYTES));
	if (memcmp(hash, k->snapshot, SHA256_BYTES) == 0)
		buf_printf(&path, "%s/v1/snapshot", k->published);
	else
		buf_printf(&path, "%s/v1/parts/%s", k->published, hex);
	bool ok = buf_ok(&path, err) && file_read(out, buf_text(&path), LIMIT_PART_BYTES, err);
	buf_free(&path);
	return ok;
}

/* Found once, and kept twice. */
static bool
keep_file(void *ctx, struct buf *out, const uint8_t hash[SHA256_BYTES], struct err *err)
{
	const struct keeping *k = ctx;
	const size_t before = out->len;

	if (!read_published(out, k, hash, err))
		return false;
	struct span file = span_of(out->ptr + before, out->len - before);
	return put_beside(k->registry->config.second_copy, hash, file, err) &&
	    put_file(k->registry, hash, file, err);
}

static bool
look_only(void *ctx, const struct floor_slot *slot, struct err *err)
{
	(void)ctx;
	(void)slot;
	(void)err;
	return true;
}

static bool
keep(struct keeping *k, struct err *err)
{
	struct floor floor;

	if (!floor_open(&floor, k->snapshot, keep_file, k, err))
		return false;
	bool ok = floor_each(&floor, look_only, NULL, err);
	floor_close(&floor);
	return ok;
}

static bool
hash_snapshot(struct keeping *k, struct err *err)
{
	struct buf path = BUF_EMPTY, file = BUF_EMPTY;

	buf_printf(&path, "%s/v1/snapshot", k->published);
	bool ok =
	    buf_ok(&path, err) && file_read(&file, buf_text(&path), LIMIT_SNAPSHOT_BYTES, err);
	sha256(k->snapshot, buf_span(&file));
	buf_free(&path);
	buf_free(&file);
	return ok;
}

bool
registry_keep_floor(
    uint8_t snapshot[SHA256_BYTES], struct registry *r, const char *published, struct err *err)
{
	struct keeping k = { .registry = r, .published = published };
	int fd = -1;

	if (!hash_snapshot(&k, err) ||
	    !writer_lock(&fd, r->config.path, r->config.command, SQL_BUSY_MS, err))
		return false;
	bool begun = sql_run(r->db, "BEGIN IMMEDIATE", err);
	bool ok = begun && keep(&k, err) && sql_run(r->db, "COMMIT", err);
	if (begun && !ok)
		registry_view_end(r);
	writer_unlock(fd);
	memcpy(snapshot, k.snapshot, SHA256_BYTES);
	return ok;
}

/* ---- epochs ---- */

bool
registry_epoch(struct registry_epoch *out, struct registry *r, struct err *err)
{
	bool row;

	*out = (struct registry_epoch){ 0 };
	struct sql_stmt *q = sql_use(r->db, SQL_EPOCH);
	bool ok = sql_next(q, &row, err);
	if (ok && !row)
		ok = err_set(err, ERR_NOT_FOUND, "no loss was ever accepted");
	if (ok) {
		out->epoch = (uint64_t)sql_get_int(q);
		out->index = (uint64_t)sql_get_int(q);
		out->recorded_s = sql_get_int(q);
		sql_get_copy(q, out->proposal, sizeof out->proposal);
		out->floor_seq = (uint64_t)sql_get_int(q);
		out->floor_s = sql_get_int(q);
		out->floor_size = (uint64_t)sql_get_int(q);
		out->lists = (uint64_t)sql_get_int(q);
		ok = sql_row_ok(q, err);
	}
	sql_end(q);
	return ok;
}

/* The same where it is no trouble that there is none: epoch is 0 then. */
bool
store_epoch(struct registry_epoch *out, struct registry *r, struct err *err)
{
	struct err why = { 0 };
	struct row *row = r->row;

	if (row != NULL && row->epoch_known) {
		*out = row->epoch;
		return true;
	}
	if (!registry_epoch(out, r, &why) && why.code != ERR_NOT_FOUND)
		return err_set(err, why.code, "%s", why.text);
	if (row != NULL) {
		row->epoch = *out;
		row->epoch_known = true;
	}
	return true;
}

bool
registry_number_class(unsigned *out, struct registry *r, int year, struct err *err)
{
	bool row;
	const struct civil_date first = { year, 1, 1 };

	struct sql_stmt *q = sql_use(r->db, SQL_LOSSES);
	/* Numbers follow the time their signer wrote, which may be so much ahead. */
	sql_put_int(q, civil_start_s(first) - JUDGE_AHEAD_S);
	bool ok = sql_next(q, &row, err);
	*out = ok && row ? (unsigned)sql_get_int(q) : 0;
	sql_end(q);
	return ok;
}

#include "registry/lookup.h"

#include "registry/lookup_key.h"
#include "registry/sql.h"

#include <stdlib.h>

#define SQL_SIZE "SELECT coalesce(max(log_size), 0) FROM state"
#define SQL_CONFIRM                                                                                \
	"SELECT number, version, qc1, pdf_hash, list, idx FROM instruments WHERE confirm = ?"
#define SQL_CHANGES                                                                                \
	"SELECT log_index, list, idx, status, from_s, until_s, recorded_s, newer FROM changes"     \
	" WHERE log_index >= ? ORDER BY log_index, list, idx, n"

struct lookup {
	struct sql *db;
};

static bool
check_version(struct sql *db, const char *path, struct err *err)
{
	int64_t id, version;

	if (!sql_number(&id, db, "PRAGMA application_id", err) ||
	    !sql_number(&version, db, "PRAGMA user_version", err))
		return false;
	return (id == LOOKUP_APPLICATION_ID && version == LOOKUP_VERSION) ||
	    err_set(err, ERR_MALFORMED, "%s is no lookup table of this version", path);
}

bool
lookup_open(struct lookup **out, const char *path, struct err *err)
{
	*out = NULL;
	struct lookup *l = calloc(1, sizeof *l);
	if (l == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!sql_open(&l->db, path, SQL_READ, err) || !check_version(l->db, path, err)) {
		lookup_close(l);
		return false;
	}
	*out = l;
	return true;
}

void
lookup_close(struct lookup *l)
{
	if (l == NULL)
		return;
	sql_close(l->db);
	free(l);
}

static bool
number(uint64_t *out, struct lookup *l, const char *text, struct err *err)
{
	int64_t v;
	if (!sql_number(&v, l->db, text, err))
		return false;
	*out = (uint64_t)v;
	return true;
}

bool
lookup_version(uint64_t *out, struct lookup *l, struct err *err)
{
	return number(out, l, "PRAGMA data_version", err);
}

bool
lookup_log_size(uint64_t *out, struct lookup *l, struct err *err)
{
	return number(out, l, SQL_SIZE, err);
}

static void
read_instrument(struct lookup_instrument *out, struct sql_stmt *q)
{
	sql_get_text(q, out->number, sizeof out->number);
	out->version = (unsigned)sql_get_int(q);
	struct span qc1 = sql_get_bytes(q);
	out->qc1_len = qc1.len <= sizeof out->qc1 ? qc1.len : 0;
	if (out->qc1_len > 0)
		memcpy(out->qc1, qc1.ptr, out->qc1_len);
	sql_get_copy(q, out->pdf_hash, sizeof out->pdf_hash);
	out->list = (uint16_t)sql_get_int(q);
	out->idx = (uint16_t)sql_get_int(q);
}

bool
lookup_confirm(bool *found, struct lookup_instrument *out, struct lookup *l, struct span number_,
    struct span check_code, struct err *err)
{
	uint8_t key[SHA256_BYTES];

	*out = (struct lookup_instrument){ 0 };
	lookup_key(key, number_, check_code);
	struct sql_stmt *q = sql_use(l->db, SQL_CONFIRM);
	sql_put_blob(q, span_of(key, sizeof key));
	bool ok = sql_next(q, found, err);
	if (ok && *found) {
		read_instrument(out, q);
		ok = sql_row_ok(q, err);
	}
	sql_end(q);
	return ok;
}

static void
read_change(struct lookup_change *out, struct sql_stmt *q)
{
	out->index = (uint64_t)sql_get_int(q);
	out->list = (uint16_t)sql_get_int(q);
	out->idx = (uint16_t)sql_get_int(q);
	out->entry.status = (enum status)sql_get_int(q);
	out->entry.from_s = sql_get_int(q);
	out->entry.until_s = sql_get_null(q) ? HISTORY_OPEN : sql_get_int(q);
	out->entry.recorded_s = sql_get_int(q);
	out->entry.by = (uint16_t)sql_get_int(q);
}

static bool
visit_changes(
    struct lookup *l, uint64_t from_index, lookup_change_fn *fn, void *ctx, struct err *err)
{
	struct lookup_change change;
	bool ok, row;

	struct sql_stmt *q = sql_use(l->db, SQL_CHANGES);
	sql_put_int(q, (int64_t)from_index);
	while ((ok = sql_next(q, &row, err)) && row) {
		read_change(&change, q);
		if (!(ok = sql_row_ok(q, err) && fn(ctx, &change, err)))
			break;
	}
	sql_end(q);
	return ok;
}

bool
lookup_each_change(uint64_t *log_size, struct lookup *l, uint64_t from_index, lookup_change_fn *fn,
    void *ctx, struct err *err)
{
	struct err ignored = { 0 }; /* a transaction that only read has nothing to lose */

	if (!sql_run(l->db, "BEGIN", err))
		return false;
	bool ok = lookup_log_size(log_size, l, err) && visit_changes(l, from_index, fn, ctx, err);
	return sql_run(l->db, "ROLLBACK", ok ? err : &ignored) && ok;
}

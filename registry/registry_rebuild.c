#include "registry/store.h"

#include "registry/writer_lock.h"

#define SQL_ROWS "SELECT log_index, recorded_s, act FROM acts ORDER BY log_index"

/* Every table but acts; what refers to another comes before it. */
static const char empty_projections[] =
    "DELETE FROM floor_slots; DELETE FROM epochs; DELETE FROM history; DELETE FROM orders;"
    "DELETE FROM supersessions; DELETE FROM instruments; DELETE FROM slots; DELETE FROM proposals;"
    "DELETE FROM bars;"
    "DELETE FROM cases; DELETE FROM bundles; DELETE FROM nodes; DELETE FROM log;"
    "DELETE FROM links;";

bool
store_each_row(struct registry *r, registry_entry_fn *fn, void *ctx, struct err *err)
{
	struct registry_entry entry = { 0 };
	bool ok, row;

	struct sql_stmt *q = sql_use(r->db, SQL_ROWS);
	while ((ok = sql_next(q, &row, err)) && row) {
		entry.index = (uint64_t)sql_get_int(q);
		entry.recorded_s = sql_get_int(q);
		entry.bytes = sql_get_bytes(q);
		if (!(ok = sql_row_ok(q, err) && fn(ctx, &entry, err)))
			break;
	}
	sql_end(q);
	return ok;
}

static bool
record_again(void *ctx, struct store_act *act, uint64_t want, struct err *err)
{
	struct registry *r = ctx;
	uint64_t index;

	if (!store_record(&index, r, act, false, RECORD_ROW, err))
		return err_in(err, "act %llu", (unsigned long long)want);
	return index == want ||
	    err_set(err, ERR_REFUSED, "act %llu is missing", (unsigned long long)index);
}

static bool
add_row(void *ctx, const struct registry_entry *row, struct err *err)
{
	return ahead_add(ctx, row->bytes, row->recorded_s, row->index, err);
}

static bool
record_all_again(struct registry *r, struct err *err)
{
	struct ahead *ahead = NULL;

	bool ok = sql_run(r->db, empty_projections, err) &&
	    ahead_open(&ahead, r, record_again, r, err) && store_each_row(r, add_row, ahead, err) &&
	    ahead_flush(ahead, err);
	ahead_close(ahead);
	return ok;
}

bool
registry_rebuild(struct registry *r, struct err *err)
{
	int fd = -1;

	if (!writer_lock(&fd, r->config.path, r->config.command, SQL_BUSY_MS, err))
		return false;
	bool begun = sql_run(r->db, "BEGIN IMMEDIATE", err);
	store_trust_forget(r);
	bool ok = begun && record_all_again(r, err) && sql_run(r->db, "COMMIT", err);
	if (begun && !ok)
		registry_view_end(r);
	store_trust_forget(r);
	writer_unlock(fd);
	return ok;
}

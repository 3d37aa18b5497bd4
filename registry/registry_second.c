#include "registry/store.h"

#define SQL_LAST_SHARED                                                                            \
	"SELECT log_index, file_end, length(act), recorded_s, hash"                                \
	" FROM links JOIN acts USING (log_index) WHERE file_end <= ? ORDER BY log_index DESC "     \
	"LIMIT 1"

#define WRITE_AT_ONCE (8u << 20) /* bytes gathered before they are written and synced */

/* The newest act that both copies should hold. */
struct shared {
	uint64_t acts;       /* how many are shared */
	uint64_t begin, end; /* of the last, in the file */
	struct log_entry log;
};

static bool
find_shared(struct shared *out, struct registry *r, uint64_t file_bytes, struct err *err)
{
	bool row;
	*out = (struct shared){ .begin = ACT_FILE_BEGIN, .end = ACT_FILE_BEGIN };

	struct sql_stmt *q = sql_use(r->db, SQL_LAST_SHARED);
	sql_put_int(q, (int64_t)file_bytes);
	bool ok = sql_next(q, &row, err);
	if (ok && row) {
		out->acts = (uint64_t)sql_get_int(q) + 1;
		out->end = (uint64_t)sql_get_int(q);
		out->begin = out->end - ACT_FILE_OVERHEAD - (uint64_t)sql_get_int(q);
		out->log.recorded_s = sql_get_int(q);
		sql_get_copy(q, out->log.act_hash, SHA256_BYTES);
		ok = sql_row_ok(q, err);
	}
	sql_end(q);
	return ok;
}

static bool
disagree(const struct registry *r, uint64_t index, struct err *err)
{
	return err_set(err, ERR_REFUSED,
	    "the second copy %s disagrees with the register at entry %llu: nothing is recorded "
	    "until "
	    "an audit has found out which is right; a copy that is moved away is written anew",
	    r->config.second_copy, (unsigned long long)index);
}

/* The last shared entry stands for all before it: only the audit reads them all. */
static bool
check_shared(
    const struct act_file *f, const struct registry *r, const struct shared *s, struct err *err)
{
	struct act_file_entry entry;
	struct buf bytes = BUF_EMPTY;
	struct err why = { 0 };

	if (s->acts == 0)
		return true;
	bool same = act_file_read(&entry, &bytes, f, s->begin, &why) && entry.end == s->end &&
	    entry.log.recorded_s == s->log.recorded_s &&
	    memcmp(entry.log.act_hash, s->log.act_hash, SHA256_BYTES) == 0;
	buf_free(&bytes);
	return same || disagree(r, s->acts - 1, err);
}

/* ---- writing what the file lacks ---- */

struct writing {
	struct act_file *file;
	uint64_t at; /* where the gathered bytes belong */
	struct buf bytes;
};

static bool
flush(struct writing *w, struct err *err)
{
	if (!buf_ok(&w->bytes, err) || !act_file_write(w->file, w->at, buf_span(&w->bytes), err))
		return false;
	w->at += w->bytes.len;
	buf_free(&w->bytes);
	return true;
}

static bool
gather(void *ctx, const struct registry_entry *entry, struct err *err)
{
	struct writing *w = ctx;
	act_file_encode(&w->bytes, entry->bytes, entry->recorded_s);
	return w->bytes.len < WRITE_AT_ONCE || flush(w, err);
}

static bool
write_from(
    struct act_file *f, struct registry *r, uint64_t from_index, uint64_t at, struct err *err)
{
	struct writing w = { .file = f, .at = at, .bytes = BUF_EMPTY };
	bool ok = registry_each_act(r, from_index, UINT64_MAX, gather, &w, err) && flush(&w, err);
	buf_free(&w.bytes);
	return ok;
}

bool
store_second_write(struct act_file *f, struct registry *r, uint64_t from_index, struct err *err)
{
	struct store_head head;
	uint64_t at;

	if (!store_head_load(&head, r, err))
		return false;
	if (head.size == from_index)
		return true;
	return act_file_size(&at, f, err) && write_from(f, r, from_index, at, err);
}

/* ---- taking what the file has beyond the tables ---- */

/*
 * What was synced to the second copy and not committed was never acknowledged, but it was judged and
 * signed: it is recorded now, so that nothing acknowledged is lost either when it is the database that
 * went back. An entry that was cut off by a crash was never acknowledged.
 */
static bool
take_tail(
    struct act_file *f, struct registry *r, const struct shared *s, uint64_t size, struct err *err)
{
	struct store_place place = { s->end, s->acts };

	if (!store_take(&place, r, f, REGISTRY_TAKE_ALL, err))
		return err_in(err, "the second copy %s holds what is not in the register",
		    r->config.second_copy);
	return place.at == size || act_file_write(f, place.at, span_of(NULL, 0), err);
}

/* Shorter, but for an entry that was cut off: a whole one is another act than ours. */
static bool
add_missing(struct act_file *f, struct registry *r, const struct shared *s, struct err *err)
{
	struct act_file_entry entry;
	struct buf bytes = BUF_EMPTY;
	struct err why = { 0 };

	bool other = act_file_read(&entry, &bytes, f, s->end, &why);
	buf_free(&bytes);
	if (other)
		return disagree(r, s->acts, err);
	return store_floors_beside(r, err) && write_from(f, r, s->acts, s->end, err);
}

static bool
make_equal(struct act_file *f, struct registry *r, struct err *err)
{
	struct store_head head;
	struct shared shared;
	uint64_t size;

	if (!store_head_load(&head, r, err) || !act_file_size(&size, f, err))
		return false;
	if (!find_shared(&shared, r, size, err) || !check_shared(f, r, &shared, err))
		return false;
	if (shared.acts < head.size)
		return add_missing(f, r, &shared, err);
	return size == shared.end || take_tail(f, r, &shared, size, err);
}

bool
store_second_open(struct act_file **out, struct registry *r, struct err *err)
{
	if (!act_file_open(out, r->config.second_copy, true, err))
		return false;
	if (make_equal(*out, r, err))
		return true;
	act_file_close(*out);
	*out = NULL;
	return false;
}

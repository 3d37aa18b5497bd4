/* What a file of acts holds, and the register does not, is judged and recorded. */
#include "registry/store.h"

#include "registry/writer_lock.h"

#define SQL_END "SELECT file_end FROM links WHERE log_index = ?"

struct taking {
	struct registry *registry;
	const struct act_file *file;
	uint64_t held; /* acts in the register before */
	struct ahead *ahead;
	struct buf bytes, ours;
};

static bool
differs(uint64_t index, const char *how, struct err *err)
{
	return err_set(err, ERR_REFUSED,
	    "the acts file does not extend what is held here: act %llu is %s",
	    (unsigned long long)index, how);
}

/* Both hold it: it must be the same act, recorded at the same time. */
static bool
compare(struct taking *t, const struct act_file_entry *entry, uint64_t index, struct err *err)
{
	struct registry_entry ours;
	struct err why = { 0 };

	t->ours.len = 0;
	bool found = registry_find_act(&ours, &t->ours, t->registry, entry->log.act_hash, &why);
	if (!found && why.code != ERR_NOT_FOUND)
		return err_set(err, why.code, "%s", why.text);
	return (found && ours.index == index && ours.recorded_s == entry->log.recorded_s) ||
	    differs(index, "another there", err);
}

static bool
record(void *ctx, struct store_act *act, uint64_t index, struct err *err)
{
	return store_record(&index, ctx, act, false, RECORD_NEW, err) ||
	    err_in(err, "act %llu in the acts file", (unsigned long long)index);
}

static bool
take_entries(struct taking *t, struct store_place *place, uint64_t size, struct err *err)
{
	struct act_file_entry entry;
	struct err why = { 0 };

	while (place->index < size && act_file_read(&entry, &t->bytes, t->file, place->at, &why)) {
		bool ok = place->index < t->held
		    ? compare(t, &entry, place->index, err)
		    : ahead_add(t->ahead, entry.act, entry.log.recorded_s, place->index, err);
		if (!ok)
			return false;
		place->at = entry.end;
		place->index++;
	}
	if (why.code != ERR_NONE && why.code != ERR_MALFORMED)
		return err_set(err, why.code, "%s", why.text);
	return ahead_flush(t->ahead, err);
}

bool
store_take(struct store_place *place, struct registry *r, const struct act_file *file,
    uint64_t size, struct err *err)
{
	struct taking t = { .registry = r, .file = file };
	struct store_head head;

	bool ok = store_head_load(&head, r, err) && ahead_open(&t.ahead, r, record, r, err);
	t.held = ok ? head.size : 0;
	ok = ok && take_entries(&t, place, size, err);
	ahead_close(t.ahead);
	buf_free(&t.bytes);
	buf_free(&t.ours);
	return ok;
}

/* Of the last act held: where it must stand if all before it are the same. */
static bool
place_of_last(struct store_place *out, struct registry *r, struct err *err)
{
	struct store_head head;
	bool row;

	if (!store_head_load(&head, r, err))
		return false;
	*out = (struct store_place){ ACT_FILE_BEGIN, head.size > 0 ? head.size - 1 : 0 };
	struct sql_stmt *q = sql_use(r->db, SQL_END);
	sql_put_int(q, (int64_t)out->index - 1);
	bool ok = sql_next(q, &row, err);
	if (ok && row)
		out->at = (uint64_t)sql_get_int(q);
	sql_end(q);
	return ok;
}

static bool
check_size(struct registry *r, const struct store_place *end, uint64_t size, struct err *err)
{
	struct store_head head;

	if (!store_head_load(&head, r, err))
		return false;
	if (end->index < head.size)
		return differs(end->index, "missing", err);
	return head.size == size ||
	    err_set(err, ERR_REFUSED,
		"the acts file has %llu whole entries, too few: copy it again",
		(unsigned long long)head.size);
}

/* Is it the bureau that is meant? */
static bool
check_root(struct registry *r, struct span root_file, struct err *err)
{
	bool same;

	return store_same_bureau(&same, r, root_file, err) &&
	    (same ||
		err_set(err, ERR_REFUSED,
		    "the acts belong to another bureau than the root file held here"));
}

static bool
take(struct registry *r, const struct act_file *file, uint64_t size, const struct span *root_file,
    struct err *err)
{
	struct store_place place = { ACT_FILE_BEGIN, 0 };
	const bool all = size == REGISTRY_TAKE_ALL;

	return (all || place_of_last(&place, r, err)) && store_take(&place, r, file, size, err) &&
	    (all || check_size(r, &place, size, err)) &&
	    (root_file == NULL || check_root(r, *root_file, err));
}

bool
registry_take(struct registry *r, const struct act_file *file, uint64_t size,
    const struct span *root_file, struct err *err)
{
	int fd = -1;

	if (!writer_lock(&fd, r->config.path, r->config.command, SQL_BUSY_MS, err))
		return false;
	r->acts_beside = act_file_path(file);
	bool begun = sql_run(r->db, "BEGIN IMMEDIATE", err);
	bool ok = begun && take(r, file, size, root_file, err) && sql_run(r->db, "COMMIT", err);
	if (begun && !ok) {
		registry_view_end(r);
		store_trust_forget(r); /* it may be of a bundle that was not kept */
	}
	r->acts_beside = NULL;
	writer_unlock(fd);
	return ok;
}

/* A replica: the same acts again, judged by another machine. */
#include "registry/store.h"

#include "registry/writer_lock.h"

#define SQL_LAST                                                                                   \
	"SELECT file_end, length(act), recorded_s, hash FROM links JOIN acts USING (log_index)"    \
	" ORDER BY log_index DESC LIMIT 1"

struct following {
	struct registry *replica;
	struct act_file *file;
	struct ahead *ahead;
	struct buf bytes;
	uint64_t at;   /* where the next entry stands */
	uint64_t size; /* of the replica's log with what was read */
};

static bool
differs(const struct following *f, struct err *err)
{
	return err_set(err, ERR_REFUSED,
	    "the acts file does not extend what is held here: entry %llu is another there, or is "
	    "missing",
	    (unsigned long long)f->size - 1);
}

/* The replica's last entry must stand in the file where it would if all before it were the same. */
static bool
find_place(struct following *f, struct err *err)
{
	struct act_file_entry entry;
	struct err why = { 0 };
	uint8_t hash[SHA256_BYTES];
	bool row;

	f->at = ACT_FILE_BEGIN;
	struct sql_stmt *q = sql_use(f->replica->db, SQL_LAST);
	bool ok = sql_next(q, &row, err);
	if (ok && row) {
		uint64_t end = (uint64_t)sql_get_int(q);
		f->at = end - ACT_FILE_OVERHEAD - (uint64_t)sql_get_int(q);
		int64_t recorded_s = sql_get_int(q);
		sql_get_copy(q, hash, sizeof hash);
		ok = sql_row_ok(q, err);
		if (ok && act_file_read(&entry, &f->bytes, f->file, f->at, &why))
			ok = (entry.end == end && entry.log.recorded_s == recorded_s &&
				 memcmp(entry.log.act_hash, hash, sizeof hash) == 0) ||
			    differs(f, err);
		else if (ok)
			ok = why.code == ERR_MALFORMED ? differs(f, err)
						       : err_set(err, why.code, "%s", why.text);
		f->at = end;
	}
	sql_end(q);
	return ok;
}

static bool
record(void *ctx, struct store_act *act, uint64_t index, struct err *err)
{
	const struct following *f = ctx;

	return store_record(&index, f->replica, act, false, RECORD_NEW, err) ||
	    err_in(err, "act %llu in the acts file", (unsigned long long)index);
}

static bool
take_one(struct following *f, struct err *err)
{
	struct act_file_entry entry;
	struct err why = { 0 };

	if (!act_file_read(&entry, &f->bytes, f->file, f->at, &why))
		return why.code == ERR_MALFORMED
		    ? err_set(err, ERR_REFUSED,
			  "the acts file has %llu whole entries, too few: copy it again",
			  (unsigned long long)f->size)
		    : err_set(err, why.code, "%s", why.text);
	f->at = entry.end;
	return ahead_add(f->ahead, entry.act, entry.log.recorded_s, f->size++, err);
}

static bool
take(struct following *f, uint64_t size, struct err *err)
{
	bool ok = ahead_open(&f->ahead, f->replica, record, f, err);

	while (ok && f->size < size)
		ok = take_one(f, err);
	ok = ok && ahead_flush(f->ahead, err);
	ahead_close(f->ahead);
	return ok;
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
follow(struct registry *r, struct act_file *file, struct span root_file, uint64_t size,
    struct err *err)
{
	struct following f = { .replica = r, .file = file };
	struct store_head head;

	if (!store_head_load(&head, r, err))
		return false;
	f.size = head.size;
	bool ok = find_place(&f, err) && take(&f, size, err);
	buf_free(&f.bytes);
	return ok && check_root(r, root_file, err);
}

bool
registry_follow(struct registry *r, const char *acts_path, struct span root_file, uint64_t size,
    struct err *err)
{
	struct act_file *file = NULL;
	int fd = -1;

	if (!act_file_open(&file, acts_path, false, err))
		return false;
	r->acts_beside = acts_path;
	bool begun = writer_lock(&fd, r->config.path, r->config.command, SQL_BUSY_MS, err) &&
	    sql_run(r->db, "BEGIN IMMEDIATE", err);
	bool ok = begun && follow(r, file, root_file, size, err) && sql_run(r->db, "COMMIT", err);
	if (begun && !ok) {
		registry_view_end(r);
		store_trust_forget(r); /* it may be of a bundle that was not kept */
	}
	writer_unlock(fd);
	act_file_close(file);
	r->acts_beside = NULL;
	return ok;
}

/* What a file of acts holds, and the register does not, is judged and recorded. */
#include "registry/store.h"

#include "registry/writer_lock.h"

struct taking {
	struct registry *registry;
	const struct act_file *file;
	uint64_t known; /* acts in the register before */
	struct registry_taken *out;
	struct ahead *ahead;
	struct buf bytes, ours;
};

/* Both hold it: it must be the same act, recorded at the same time. */
static bool
compare(struct taking *t, const struct act_file_entry *entry, struct err *err)
{
	const uint64_t index = t->out->shared;
	struct registry_entry ours;
	struct err why = { 0 };

	t->ours.len = 0;
	bool found = registry_find_act(&ours, &t->ours, t->registry, entry->log.act_hash, &why);
	if (!found && why.code != ERR_NOT_FOUND)
		return err_set(err, why.code, "%s", why.text);
	t->out->shared++;
	return (found && ours.index == index && ours.recorded_s == entry->log.recorded_s) ||
	    err_set(err, ERR_REFUSED, "act %llu there is another than in the register",
		(unsigned long long)index);
}

static bool
record(void *ctx, struct store_act *act, uint64_t index, struct err *err)
{
	struct taking *t = ctx;

	t->out->taken++;
	return store_record(&index, t->registry, act, false, RECORD_NEW, err) ||
	    err_in(err, "act %llu there", (unsigned long long)index);
}

/* An entry that is cut off was never acknowledged. */
static bool
take_all(struct taking *t, struct err *err)
{
	struct act_file_entry entry = { .end = ACT_FILE_BEGIN };
	struct err why = { 0 };
	uint64_t size, index = 0;

	if (!act_file_size(&size, t->file, err))
		return false;
	while (entry.end < size && act_file_read(&entry, &t->bytes, t->file, entry.end, &why)) {
		bool ok = index < t->known
		    ? compare(t, &entry, err)
		    : ahead_add(t->ahead, entry.act, entry.log.recorded_s, index, err);
		if (!ok)
			return false;
		index++;
	}
	if (why.code != ERR_NONE && why.code != ERR_MALFORMED)
		return err_set(err, why.code, "%s", why.text);
	return ahead_flush(t->ahead, err);
}

static bool
take(struct taking *t, struct err *err)
{
	struct store_head head;

	bool ok = store_head_load(&head, t->registry, err) &&
	    ahead_open(&t->ahead, t->registry, record, t, err);
	t->known = ok ? head.size : 0;
	ok = ok && take_all(t, err);
	ahead_close(t->ahead);
	return ok;
}

bool
registry_take(
    struct registry_taken *out, struct registry *r, const struct act_file *file, struct err *err)
{
	struct taking t = { .registry = r, .file = file, .out = out };
	int fd = -1;

	r->acts_beside = act_file_path(file);
	*out = (struct registry_taken){ 0 };
	if (!writer_lock(&fd, r->config.path, r->config.command, SQL_BUSY_MS, err))
		return false;
	bool begun = sql_run(r->db, "BEGIN IMMEDIATE", err);
	bool ok = begun && take(&t, err) && sql_run(r->db, "COMMIT", err);
	if (begun && !ok) {
		registry_view_end(r);
		store_trust_forget(r); /* it may be of a bundle that was not kept */
	}
	r->acts_beside = NULL;
	buf_free(&t.bytes);
	buf_free(&t.ours);
	writer_unlock(fd);
	return ok;
}

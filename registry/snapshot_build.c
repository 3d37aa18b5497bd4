#include "registry/snapshot_build.h"

#include "credential/parts.h"
#include "credential/status_list.h"

#include <assert.h>
#include <stdlib.h>

/* The first bytes of each file's hash, one after the other. */
static void
add_fingerprint(struct buf *out, struct buf *files, const struct snapshot_row *row)
{
	struct fingerprint f = { .idx = row->idx, .n_files = row->n_files };

	memcpy(f.credential, row->credential_hash, FINGERPRINT_BYTES);
	files->len = 0;
	for (size_t i = 0; i < row->n_files; i++)
		buf_add(files, row->files[i], FINGERPRINT_BYTES);
	f.files = buf_span(files);
	fingerprints_add(out, &f);
}

static enum status
status_at(const struct snapshot_row *row, int64_t at_s)
{
	if (!row->assigned)
		return STATUS_PENDING;
	const struct history_entry *e = history_find(row->entries, row->n_entries, at_s, at_s);
	return e != NULL ? e->status : STATUS_ACTIVE;
}

static bool
build_history(struct buf *out, const struct snapshot_row *rows, size_t n, struct err *err)
{
	size_t count = 0;
	struct slot_history *slots = calloc(n > 0 ? n : 1, sizeof *slots);

	if (slots == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < n; i++)
		if (rows[i].n_entries > 0)
			slots[count++] = (struct slot_history){ .idx = rows[i].idx,
				.entries = rows[i].entries,
				.n_entries = rows[i].n_entries };
	history_part_encode(out, slots, count);
	free(slots);
	return true;
}

bool
snapshot_build(struct snapshot_parts *out, const struct snapshot_row *rows, size_t n, int64_t at_s,
    struct err *err)
{
	uint8_t list[LIMIT_LIST_BYTES];
	struct buf files = BUF_EMPTY;

	*out = (struct snapshot_parts){ 0 };
	status_list_clear(list);
	for (size_t i = 0; i < n; i++) {
		assert(i == 0 || rows[i - 1].idx < rows[i].idx);
		status_list_set(list, rows[i].idx, status_at(&rows[i], at_s));
		if (rows[i].assigned)
			add_fingerprint(&out->fingerprints, &files, &rows[i]);
	}
	buf_add(&out->status, list, sizeof list);
	bool ok = build_history(&out->history, rows, n, err) && buf_ok(&files, err) &&
	    buf_ok(&out->status, err) && buf_ok(&out->fingerprints, err) &&
	    buf_ok(&out->history, err);
	buf_free(&files);
	if (!ok)
		snapshot_parts_free(out);
	return ok;
}

void
snapshot_parts_free(struct snapshot_parts *parts)
{
	buf_free(&parts->status);
	buf_free(&parts->fingerprints);
	buf_free(&parts->history);
}

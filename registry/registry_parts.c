#include "registry/registry_parts.h"

#include "core/limits.h"
#include "registry/store.h"
#include "registry/theft.h"

#include <stdlib.h>

#define SQL_LISTS "SELECT coalesce(max(list) + 1, 0) FROM slots"
/* Assigned, or (state 0 and 1) reserved by a proposal that has not lapsed. */
#define SQL_ROWS                                                                                   \
	"SELECT idx, instruments.subject, made_index, credential_hash, pdf_hash FROM slots"        \
	" JOIN proposals ON log_index = slots.proposal_index"                                      \
	" LEFT JOIN instruments USING (list, idx)"                                                 \
	" WHERE list = ? AND (slots.state = 2 OR slots.state < 2 AND not_after_s > ?) ORDER BY "   \
	"idx"
#define SQL_ENTRIES                                                                                \
	"SELECT idx, history.log_index, status, from_s, until_s, recorded_s, newer"                \
	" FROM instruments JOIN history USING (number) WHERE list = ? ORDER BY idx, n"

/* Rows of one list with what they point at. */
struct rows {
	struct snapshot_row *row;
	uint8_t (*file)[SHA256_BYTES]; /* beside each row */
	size_t n;
	struct history_entry *entry;
	uint16_t *entry_idx; /* beside each entry: whose it is */
	size_t n_entries;
	struct thefts thefts; /* no good news rests on what they signed */
};

static void
rows_free(struct rows *t)
{
	free(t->row);
	free(t->file);
	free(t->entry);
	free(t->entry_idx);
	thefts_free(&t->thefts);
}

/* What an assigned slot points at; the statement stands behind idx. */
static bool
read_instrument(struct rows *t, struct registry *r, struct sql_stmt *q, struct err *err)
{
	struct snapshot_row *row = &t->row[t->n];
	struct span subject = sql_get_bytes(q);
	int64_t made_index = sql_get_int(q);
	bool stolen;

	sql_get_copy(q, row->credential_hash, SHA256_BYTES);
	sql_get_copy(q, t->file[t->n], SHA256_BYTES);
	if (!sql_row_ok(q, err) ||
	    !thefts_touch_case(&stolen, &t->thefts, r, subject, made_index, err))
		return false;
	t->n += !stolen;
	return true;
}

static bool
add_row(struct rows *t, struct registry *r, struct sql_stmt *q, struct err *err)
{
	struct snapshot_row *row = realloc(t->row, (t->n + 1) * sizeof *row);
	if (row != NULL)
		t->row = row;
	uint8_t(*file)[SHA256_BYTES] = realloc(t->file, (t->n + 1) * sizeof *file);
	if (file != NULL)
		t->file = file;
	if (row == NULL || file == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");

	row += t->n;
	*row = (struct snapshot_row){ .idx = (uint16_t)sql_get_int(q) };
	row->assigned = !sql_get_null(q);
	if (row->assigned)
		return read_instrument(t, r, q, err);
	t->n++;
	return sql_row_ok(q, err);
}

static bool
add_entry(struct rows *t, struct registry *r, struct sql_stmt *q, struct err *err)
{
	struct history_entry *entry = realloc(t->entry, (t->n_entries + 1) * sizeof *entry);
	if (entry != NULL)
		t->entry = entry;
	uint16_t *idx = realloc(t->entry_idx, (t->n_entries + 1) * sizeof *idx);
	if (idx != NULL)
		t->entry_idx = idx;
	if (entry == NULL || idx == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");

	entry += t->n_entries;
	idx[t->n_entries] = (uint16_t)sql_get_int(q);
	int64_t index = sql_get_int(q);
	store_read_history(entry, q);
	if (!sql_row_ok(q, err))
		return false;
	bool stolen = false;
	if (entry->status == STATUS_ACTIVE && !thefts_touch_act(&stolen, &t->thefts, r, index, err))
		return false;
	t->n_entries += !stolen;
	return true;
}

static bool
load_slots(struct rows *t, struct registry *r, uint16_t list, int64_t at_s, struct err *err)
{
	bool ok, row;

	struct sql_stmt *q = sql_use(r->db, SQL_ROWS);
	sql_put_int(q, list);
	sql_put_int(q, at_s);
	while ((ok = sql_next(q, &row, err)) && row)
		if (!(ok = add_row(t, r, q, err)))
			break;
	sql_end(q);
	return ok;
}

static bool
load_entries(struct rows *t, struct registry *r, uint16_t list, struct err *err)
{
	bool ok, row;

	struct sql_stmt *q = sql_use(r->db, SQL_ENTRIES);
	sql_put_int(q, list);
	while ((ok = sql_next(q, &row, err)) && row)
		if (!(ok = add_entry(t, r, q, err)))
			break;
	sql_end(q);
	return ok;
}

static bool
load_rows(struct rows *t, struct registry *r, uint16_t list, int64_t at_s, struct err *err)
{
	return thefts_load(&t->thefts, r, err) && load_slots(t, r, list, at_s, err) &&
	    load_entries(t, r, list, err);
}

/* Both lists ascend by idx; an entry belongs to an assigned slot, or to one that was left out. */
static void
join(struct rows *t)
{
	size_t e = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct snapshot_row *row = &t->row[i];
		row->files = (const uint8_t(*)[SHA256_BYTES]) & t->file[i];
		row->n_files = 1;
		while (e < t->n_entries && t->entry_idx[e] < row->idx)
			e++;
		row->entries = t->entry != NULL ? t->entry + e : NULL;
		while (e < t->n_entries && t->entry_idx[e] == row->idx) {
			row->n_entries++;
			e++;
		}
	}
}

bool
registry_lists(size_t *out, struct registry *r, struct err *err)
{
	int64_t lists;
	if (!sql_number(&lists, r->db, SQL_LISTS, err))
		return false;
	*out = (size_t)lists;
	return true;
}

bool
registry_list_parts(
    struct snapshot_parts *out, struct registry *r, uint16_t list, int64_t at_s, struct err *err)
{
	struct rows rows = { 0 };

	*out = (struct snapshot_parts){ 0 };
	bool ok = load_rows(&rows, r, list, at_s, err);
	if (ok) {
		join(&rows);
		ok = snapshot_build(out, rows.row, rows.n, at_s, err);
	}
	rows_free(&rows);
	return ok;
}

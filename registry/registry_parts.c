#include "registry/registry_parts.h"

#include "core/limits.h"
#include "credential/parts.h"
#include "registry/store.h"
#include "registry/theft.h"

#include <stdlib.h>

#define SQL_LISTS                                                                                  \
	"SELECT max((SELECT coalesce(max(list) + 1, 0) FROM slots),"                               \
	" (SELECT coalesce(max(lists) - 1, 0) FROM epochs))"
/* Assigned, or (state 0 and 1) reserved by a proposal that has not lapsed. */
#define SQL_ROWS                                                                                   \
	"SELECT idx, instruments.number, made_index, credential_hash, pdf_hash FROM slots"         \
	" JOIN proposals ON log_index = slots.proposal_index"                                      \
	" LEFT JOIN instruments USING (list, idx)"                                                 \
	" WHERE list = ? AND (slots.state = 2 OR slots.state < 2 AND not_after_s > ?) ORDER BY "   \
	"idx"
#define SQL_FLOOR "SELECT idx, credential, files FROM floor_slots WHERE list = ? ORDER BY idx"
#define SQL_ENTRIES                                                                                \
	"SELECT idx, log_index, status, from_s, until_s, recorded_s, newer FROM history"           \
	" WHERE list = ? ORDER BY idx, n"
/* Of one slot in their order; those of one paper together where that leaves it so. */
#define SQL_ORDERS                                                                                 \
	"SELECT log_index, (SELECT new_end_s FROM orders b"                                        \
	"  WHERE b.list = o.list AND b.idx = o.idx AND b.n = o.n - 1),"                            \
	" n, document, new_end_s, effective_s, recorded_s, list, idx FROM orders o"                \
	" ORDER BY recorded_s, n, document, new_end_s, effective_s, list, idx"

/* Slots in order, with what they point at. */
struct slots {
	struct snapshot_row *row;
	uint8_t (*file)[SHA256_BYTES]; /* of all rows, one after the other */
	size_t n, n_files;
};

/* Rows of one list with what they point at. */
struct rows {
	struct slots own, floor;
	struct snapshot_row *row; /* of both */
	size_t n;
	struct history_entry *entry;
	uint16_t *entry_idx; /* beside each entry: whose it is */
	size_t n_entries;
	struct thefts thefts; /* no good news rests on what they signed */
};

static void
rows_free(struct rows *t)
{
	free(t->own.row);
	free(t->own.file);
	free(t->floor.row);
	free(t->floor.file);
	free(t->row);
	free(t->entry);
	free(t->entry_idx);
	thefts_free(&t->thefts);
}

/* A row more; there is room for so many files of it. */
static struct snapshot_row *
grow(struct slots *s, size_t files, struct err *err)
{
	struct snapshot_row *row = realloc(s->row, (s->n + 1) * sizeof *row);
	if (row != NULL)
		s->row = row;
	uint8_t(*file)[SHA256_BYTES] = realloc(s->file, (s->n_files + files + 1) * sizeof *file);
	if (file != NULL)
		s->file = file;
	if (row == NULL || file == NULL) {
		err_set(err, ERR_MEMORY, "out of memory");
		return NULL;
	}
	s->row[s->n] = (struct snapshot_row){ 0 };
	return &s->row[s->n++];
}

/* What an assigned slot points at; the statement stands behind idx. Of one that is stolen, nothing. */
static bool
read_instrument(struct snapshot_row *row, struct rows *t, struct registry *r, struct sql_stmt *q,
    struct err *err)
{
	struct slots *s = &t->own;
	struct span number = sql_get_bytes(q);
	int64_t made_index = sql_get_int(q);
	bool stolen;

	sql_get_copy(q, row->credential_hash, SHA256_BYTES);
	sql_get_copy(q, s->file[s->n_files], SHA256_BYTES);
	if (!sql_row_ok(q, err) ||
	    !thefts_touch_instrument(&stolen, &t->thefts, r, number, made_index, err))
		return false;
	row->n_files = !stolen;
	s->n_files += row->n_files;
	return true;
}

static bool
is_stolen(const struct snapshot_row *own)
{
	return own->assigned && own->n_files == 0;
}

static bool
add_row(struct rows *t, struct registry *r, struct sql_stmt *q, struct err *err)
{
	struct snapshot_row *row = grow(&t->own, 1, err);

	if (row == NULL)
		return false;
	row->idx = (uint16_t)sql_get_int(q);
	row->assigned = !sql_get_null(q);
	return row->assigned ? read_instrument(row, t, r, q, err) : sql_row_ok(q, err);
}

/* Of what the floor shows only the first bytes of each hash are known, and more are never asked. */
static bool
add_floor_row(struct rows *t, struct registry *r, struct sql_stmt *q, struct err *err)
{
	struct slots *s = &t->floor;
	struct snapshot_row seen = { .idx = (uint16_t)sql_get_int(q) };
	(void)r;

	seen.assigned = !sql_get_null(q);
	if (seen.assigned)
		sql_get_copy(q, seen.credential_hash, FINGERPRINT_BYTES);
	struct span files = sql_get_bytes(q);
	seen.n_files = files.len / FINGERPRINT_BYTES;
	struct snapshot_row *row = sql_row_ok(q, err) ? grow(s, seen.n_files, err) : NULL;
	if (row == NULL)
		return false;
	for (size_t i = 0; i < seen.n_files; i++)
		memcpy(s->file[s->n_files++], files.ptr + i * FINGERPRINT_BYTES, FINGERPRINT_BYTES);
	*row = seen;
	return true;
}

/* Does the entry say less good of the moment it begins at than those of its slot before it? */
static bool
is_worse(const struct rows *t, const struct history_entry *e, uint16_t idx)
{
	size_t first = t->n_entries;

	while (first > 0 && t->entry_idx[first - 1] == idx)
		first--;
	const struct history_entry *before =
	    history_find(t->entry + first, t->n_entries - first, e->from_s, e->recorded_s);
	const enum status then = before != NULL ? before->status : STATUS_ACTIVE;
	return e->status != then && status_worse(e->status, then) == e->status;
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
	bool stolen;
	if (!thefts_touch_act(&stolen, &t->thefts, r, index, err))
		return false;
	t->n_entries += !stolen || is_worse(t, entry, idx[t->n_entries]);
	return true;
}

static bool
load_slots(struct rows *t, struct registry *r, struct sql_stmt *q,
    bool (*add)(struct rows *, struct registry *, struct sql_stmt *, struct err *), struct err *err)
{
	bool ok, row;

	while ((ok = sql_next(q, &row, err)) && row)
		if (!(ok = add(t, r, q, err)))
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
	if (!thefts_load(&t->thefts, r, err))
		return false;
	struct sql_stmt *q = sql_use(r->db, SQL_ROWS);
	sql_put_int(q, list);
	sql_put_int(q, at_s);
	if (!load_slots(t, r, q, add_row, err))
		return false;
	q = sql_use(r->db, SQL_FLOOR);
	sql_put_int(q, list);
	return load_slots(t, r, q, add_floor_row, err) && load_entries(t, r, list, err);
}

/* Where the files of each row begin: they have come to rest. */
static void
point_at_files(struct slots *s)
{
	size_t at = 0;

	for (size_t i = 0; i < s->n; i++) {
		s->row[i].files = (const uint8_t(*)[SHA256_BYTES])(s->file + at);
		at += s->row[i].n_files;
	}
}

/* One list of rows: where the floor shows something, it is shown, unless it is known to be stolen. */
static bool
merge(struct rows *t, struct err *err)
{
	size_t own = 0, floor = 0;

	point_at_files(&t->own);
	point_at_files(&t->floor);
	t->row = calloc(t->own.n + t->floor.n + 1, sizeof *t->row);
	if (t->row == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (;;) {
		const struct snapshot_row *a = own < t->own.n ? &t->own.row[own] : NULL;
		const struct snapshot_row *b = floor < t->floor.n ? &t->floor.row[floor] : NULL;
		if (a == NULL && b == NULL)
			return true;
		const bool is_own = a != NULL && (b == NULL || a->idx <= b->idx);
		const bool shows_floor = b != NULL && (a == NULL || b->idx <= a->idx);
		own += is_own;
		floor += shows_floor;
		if (!is_own || !is_stolen(a))
			t->row[t->n++] = shows_floor ? *b : *a;
	}
}

/* Both lists ascend by idx; an entry belongs to an assigned slot, or to one that was left out. */
static void
join(struct rows *t)
{
	size_t e = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct snapshot_row *row = &t->row[i];
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
	bool ok = load_rows(&rows, r, list, at_s, err) && merge(&rows, err);
	if (ok) {
		join(&rows);
		ok = snapshot_build(out, rows.row, rows.n, at_s, err);
	}
	rows_free(&rows);
	return ok;
}

/* ---- orders ---- */

/* Names and slots lie in two buffers that grow: an order says where its own begin. */
struct orders {
	struct history_order *order; /* owned */
	size_t *slots_at, *name_at;  /* owned, beside each */
	size_t n;
	int64_t place;             /* among those of its slots, of the last order */
	struct history_slot *slot; /* owned, of all orders */
	size_t n_slots;
	struct buf names;
	struct thefts thefts;
};

static void
orders_free(struct orders *t)
{
	free(t->order);
	free(t->slots_at);
	free(t->name_at);
	free(t->slot);
	buf_free(&t->names);
	thefts_free(&t->thefts);
}

static bool
same_order(const struct orders *t, const struct history_order *o, int64_t place, struct span name)
{
	const struct history_order *last = t->n > 0 ? &t->order[t->n - 1] : NULL;

	return last != NULL && t->place == place && last->new_end_s == o->new_end_s &&
	    last->effective_s == o->effective_s && last->recorded_s == o->recorded_s &&
	    span_equal(span_of(t->names.ptr + t->name_at[t->n - 1], last->order.len), name);
}

static bool
add_order(struct orders *t, const struct history_order *o, struct span name, struct err *err)
{
	struct history_order *order = realloc(t->order, (t->n + 1) * sizeof *order);
	if (order != NULL)
		t->order = order;
	size_t *slots_at = realloc(t->slots_at, (t->n + 1) * sizeof *slots_at);
	if (slots_at != NULL)
		t->slots_at = slots_at;
	size_t *name_at = realloc(t->name_at, (t->n + 1) * sizeof *name_at);
	if (name_at != NULL)
		t->name_at = name_at;
	if (order == NULL || slots_at == NULL || name_at == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	order[t->n] = *o;
	order[t->n].order.len = name.len;
	slots_at[t->n] = t->n_slots;
	name_at[t->n++] = t->names.len;
	buf_add_span(&t->names, name);
	return buf_ok(&t->names, err);
}

/* A row of SQL_ORDERS. */
struct order_row {
	int64_t index;      /* of the act */
	int64_t end_before; /* by the order before it; 0: there is none */
	int64_t place;
	struct span name;
	struct history_order order;
	struct history_slot slot;
};

static bool
read_order(struct order_row *out, struct sql_stmt *q, struct err *err)
{
	*out = (struct order_row){ .index = sql_get_int(q) };
	out->end_before = sql_get_null(q) ? 0 : sql_get_int(q);
	out->place = sql_get_int(q);
	out->name = sql_get_bytes(q);
	out->order.new_end_s = sql_get_int(q);
	out->order.effective_s = sql_get_int(q);
	out->order.recorded_s = sql_get_int(q);
	out->slot.list = (uint16_t)sql_get_int(q);
	out->slot.idx = (uint16_t)sql_get_int(q);
	return sql_row_ok(q, err);
}

static bool
add_slot(struct orders *t, const struct order_row *row, struct err *err)
{
	struct history_slot *slot = realloc(t->slot, (t->n_slots + 1) * sizeof *slot);

	if (slot == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	t->slot = slot;
	if (!same_order(t, &row->order, row->place, row->name) &&
	    !add_order(t, &row->order, row->name, err))
		return false;
	t->place = row->place;
	slot[t->n_slots++] = row->slot;
	t->order[t->n - 1].n_slots++;
	return true;
}

static bool
take_order(struct orders *t, struct registry *r, struct sql_stmt *q, struct err *err)
{
	struct order_row row;
	bool stolen;

	if (!read_order(&row, q, err) || !thefts_touch_act(&stolen, &t->thefts, r, row.index, err))
		return false;
	return (stolen && row.order.new_end_s > row.end_before) || add_slot(t, &row, err);
}

bool
registry_orders_part(struct buf *out, struct registry *r, struct err *err)
{
	struct orders t = { 0 };
	bool ok, row;

	if (!thefts_load(&t.thefts, r, err))
		return false;
	struct sql_stmt *q = sql_use(r->db, SQL_ORDERS);
	while ((ok = sql_next(q, &row, err)) && row)
		if (!(ok = take_order(&t, r, q, err)))
			break;
	sql_end(q);
	for (size_t i = 0; ok && i < t.n; i++) {
		t.order[i].order.ptr = t.names.ptr + t.name_at[i];
		t.order[i].slots = t.slot + t.slots_at[i];
	}
	if (ok) {
		orders_part_encode(out, t.order, t.n);
		ok = buf_ok(out, err);
	}
	orders_free(&t);
	return ok;
}

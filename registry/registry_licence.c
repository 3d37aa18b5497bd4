#include "registry/store.h"

#include <stdlib.h>

#define SQL_VERSIONS                                                                               \
	"SELECT version, recorded_s, replaces_from_s, list, idx, qc1 FROM instruments"             \
	" JOIN acts ON log_index = made_index WHERE number = ? ORDER BY version"
#define SQL_SUPERSEDED "SELECT from_s FROM supersessions WHERE number = ?"
#define SQL_HISTORY                                                                                \
	"SELECT status, from_s, until_s, recorded_s, newer FROM history"                           \
	" WHERE list = ? AND idx = ? ORDER BY n"
#define SQL_ORDERS                                                                                 \
	"SELECT document, new_end_s, effective_s, recorded_s FROM orders"                          \
	" WHERE list = ? AND idx = ? ORDER BY n"
/* Is the newest loss one of something on the licence, and what do the floors have of each version? */
#define SQL_LOST                                                                                   \
	"SELECT count(*) FROM instruments JOIN floor_slots USING (list, idx)"                      \
	" WHERE number = ? AND lost = 1"
#define SQL_FLOOR "SELECT n_history, n_orders FROM floor_slots WHERE list = ? AND idx = ?"
#define SQL_HISTORY_PUT "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
#define SQL_ORDER_PUT "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

/* ---- the licence ---- */

static bool
add_version(struct registry_licence *l, struct sql_stmt *q, struct err *err)
{
	struct licence_version *versions = realloc(l->versions, (l->n + 1) * sizeof *versions);
	if (versions != NULL)
		l->versions = versions;
	struct history_slot *slots = realloc(l->slots, (l->n + 1) * sizeof *slots);
	if (slots != NULL)
		l->slots = slots;
	if (versions == NULL || slots == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	struct licence_version *v = &versions[l->n];
	v->version = (unsigned)sql_get_int(q);
	v->recorded_s = sql_get_int(q);
	v->replaces_from_s = sql_get_int(q);
	slots[l->n].list = (uint16_t)sql_get_int(q);
	slots[l->n].idx = (uint16_t)sql_get_int(q);
	struct span qc1 = sql_get_bytes(q);
	struct credential credential;
	if (!sql_row_ok(q, err) || !credential_parse(&credential, qc1, err))
		return false;
	v->iat_s = credential.claims.iat_s;
	if (l->n++ == 0) {
		l->begin_s = claims_from_s(&credential.claims);
		l->exp_s = credential.claims.exp_s;
	}
	return true;
}

static bool
load_superseded(struct registry_licence *l, struct registry *r, struct span number, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_SUPERSEDED);

	sql_put_text(q, number);
	bool ok = sql_next(q, &l->superseded, err);
	if (ok && l->superseded)
		l->superseded_from_s = sql_get_int(q);
	sql_end(q);
	return ok;
}

static bool
is_lost(bool *out, struct registry *r, struct span number, struct err *err)
{
	bool row;
	struct sql_stmt *q = sql_use(r->db, SQL_LOST);

	sql_put_text(q, number);
	bool ok = sql_next(q, &row, err);
	*out = ok && row && sql_get_int(q) > 0;
	sql_end(q);
	return ok;
}

static bool
load_floor(struct licence_floor *out, struct registry_record *record, struct registry *r,
    struct history_slot slot, struct err *err)
{
	if (!registry_record_load(record, r, slot, err))
		return false;
	struct sql_stmt *q = sql_use(r->db, SQL_FLOOR);
	sql_put_int(q, slot.list);
	sql_put_int(q, slot.idx);
	bool ok = sql_next(q, &out->known, err);
	if (ok && out->known) {
		out->entries = record->history;
		out->n = (size_t)sql_get_int(q);
		out->orders = record->orders;
		out->n_orders = (size_t)sql_get_int(q);
	}
	sql_end(q);
	return ok;
}

static bool
load_floors(struct registry_licence *l, struct registry *r, struct span number, struct err *err)
{
	bool lost;

	if (!store_epoch(&l->epoch, r, err))
		return false;
	if (l->epoch.epoch == 0 || l->n == 0)
		return true;
	if (!is_lost(&lost, r, number, err))
		return false;
	if (!lost)
		return true;
	l->floors = calloc(l->n, sizeof *l->floors);
	l->floor_records = calloc(l->n, sizeof *l->floor_records);
	if (l->floors == NULL || l->floor_records == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < l->n; i++)
		if (!load_floor(&l->floors[i], &l->floor_records[i], r, l->slots[i], err))
			return false;
	return true;
}

bool
registry_licence_load(
    struct registry_licence *out, struct registry *r, struct span number, struct err *err)
{
	bool ok, row;

	*out = (struct registry_licence){ 0 };
	struct sql_stmt *q = sql_use(r->db, SQL_VERSIONS);
	sql_put_text(q, number);
	while ((ok = sql_next(q, &row, err)) && row)
		if (!(ok = add_version(out, q, err)))
			break;
	sql_end(q);
	return ok && load_superseded(out, r, number, err) && load_floors(out, r, number, err);
}

void
registry_licence_free(struct registry_licence *l)
{
	for (size_t i = 0; l->floor_records != NULL && i < l->n; i++)
		registry_record_free(&l->floor_records[i]);
	for (size_t i = 0; l->records != NULL && i < l->n; i++)
		registry_record_free(&l->records[i]);
	free(l->records);
	free(l->floor_records);
	free(l->floors);
	free(l->versions);
	free(l->slots);
	*l = (struct registry_licence){ 0 };
}

struct licence_facts
registry_licence_facts(
    const struct registry_licence *l, const struct chain_entry *entries, size_t n)
{
	return (struct licence_facts){ .entries = entries,
		.n = n,
		.versions = l->versions,
		.n_versions = l->n,
		.begin_s = l->begin_s,
		.exp_s = l->exp_s,
		.superseded = l->superseded,
		.superseded_from_s = l->superseded_from_s,
		.loss = { .floors = l->floors,
		    .proposal = l->epoch.proposal,
		    .index = l->epoch.index,
		    .size = l->epoch.floor_size,
		    .iat_s = l->epoch.floor_s } };
}

/* ---- what is recorded of an instrument ---- */

void
store_read_history(struct history_entry *out, struct sql_stmt *q)
{
	out->status = (enum status)sql_get_int(q);
	out->from_s = sql_get_int(q);
	out->until_s = sql_get_null(q) ? HISTORY_OPEN : sql_get_int(q);
	out->recorded_s = sql_get_int(q);
	out->by = (uint16_t)sql_get_int(q);
}

static bool
add_entry(struct registry_record *out, struct sql_stmt *q, struct err *err)
{
	struct history_entry *grown = realloc(out->history, (out->n_history + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	out->history = grown;
	store_read_history(&grown[out->n_history++], q);
	return sql_row_ok(q, err);
}

/* Names lie in one buffer: spans are set when it has come to rest. */
static bool
add_order(struct registry_record *out, struct sql_stmt *q, struct err *err)
{
	struct history_order *grown = realloc(out->orders, (out->n_orders + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	out->orders = grown;
	struct history_order *o = &grown[out->n_orders++];
	struct span name = sql_get_bytes(q);
	*o = (struct history_order){ .order = { NULL, name.len }, .n_slots = 1 };
	buf_add_span(&out->names, name);
	o->new_end_s = sql_get_int(q);
	o->effective_s = sql_get_int(q);
	o->recorded_s = sql_get_int(q);
	return sql_row_ok(q, err);
}

static bool
each_row(struct registry_record *out, struct registry *r, const char *text,
    bool (*add)(struct registry_record *, struct sql_stmt *, struct err *), struct err *err)
{
	bool ok, row;

	struct sql_stmt *q = sql_use(r->db, text);
	sql_put_int(q, out->slot.list);
	sql_put_int(q, out->slot.idx);
	while ((ok = sql_next(q, &row, err)) && row)
		if (!(ok = add(out, q, err)))
			break;
	sql_end(q);
	return ok;
}

bool
registry_record_load(
    struct registry_record *out, struct registry *r, struct history_slot slot, struct err *err)
{
	size_t at = 0;

	*out = (struct registry_record){ .slot = slot };
	if (!each_row(out, r, SQL_HISTORY, add_entry, err) ||
	    !each_row(out, r, SQL_ORDERS, add_order, err) || !buf_ok(&out->names, err))
		return false;
	for (size_t i = 0; i < out->n_orders; i++) {
		out->orders[i].order.ptr = out->names.ptr + at;
		out->orders[i].slots = &out->slot;
		at += out->orders[i].order.len;
	}
	return true;
}

void
registry_record_free(struct registry_record *record)
{
	free(record->history);
	free(record->orders);
	buf_free(&record->names);
	*record = (struct registry_record){ 0 };
}

/* ---- what an act adds to it ---- */

bool
store_put_history(struct registry *r, struct history_slot slot, size_t n,
    const struct history_entry *h, uint64_t index, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_HISTORY_PUT);
	sql_put_int(q, slot.list);
	sql_put_int(q, slot.idx);
	sql_put_int(q, (int64_t)n);
	sql_put_int(q, (int64_t)index);
	sql_put_int(q, h->status);
	sql_put_int(q, h->from_s);
	if (h->until_s == HISTORY_OPEN)
		sql_put_null(q);
	else
		sql_put_int(q, h->until_s);
	sql_put_int(q, h->recorded_s);
	sql_put_int(q, h->by);
	return sql_do(q, err);
}

bool
store_put_order(struct registry *r, struct history_slot slot, size_t n,
    const struct history_order *o, uint64_t index, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_ORDER_PUT);
	sql_put_int(q, slot.list);
	sql_put_int(q, slot.idx);
	sql_put_int(q, (int64_t)n);
	sql_put_int(q, (int64_t)index);
	sql_put_text(q, o->order);
	sql_put_int(q, o->new_end_s);
	sql_put_int(q, o->effective_s);
	sql_put_int(q, o->recorded_s);
	return sql_do(q, err);
}

/* What came is in the table: the record has it, too. Of orders there are few: they are read again. */
static bool
keep_news(struct registry *r, struct registry_record *record, const struct history_entry *entries,
    size_t n, bool ordered, struct err *err)
{
	const struct history_slot slot = record->slot;

	if (ordered) {
		registry_record_free(record);
		return registry_record_load(record, r, slot, err);
	}
	if (n == 0)
		return true;
	struct history_entry *grown =
	    realloc(record->history, (record->n_history + n) * sizeof *grown);
	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	record->history = grown;
	memcpy(grown + record->n_history, entries, n * sizeof *grown);
	record->n_history += n;
	return true;
}

static bool
put_news(struct registry *r, const struct licence_state *state, struct registry_record *known,
    unsigned version, uint64_t index, int64_t recorded_s, struct err *err)
{
	struct history_entry *entries = NULL;
	struct history_order *orders = NULL;
	size_t n_entries = 0, n_orders = 0;

	bool ok = licence_history_news(&entries, &n_entries, state, version, known->history,
		      known->n_history, recorded_s, err) &&
	    licence_order_news(&orders, &n_orders, state, known->orders, known->n_orders,
		&known->slot, recorded_s, err);
	for (size_t i = 0; ok && i < n_entries; i++)
		ok = store_put_history(
		    r, known->slot, known->n_history + i, &entries[i], index, err);
	for (size_t i = 0; ok && i < n_orders; i++)
		ok = store_put_order(r, known->slot, known->n_orders + i, &orders[i], index, err);
	ok = ok && keep_news(r, known, entries, n_entries, n_orders > 0, err);
	free(entries);
	free(orders);
	return ok;
}

static bool
load_records(struct registry_licence *l, struct registry *r, struct err *err)
{
	if (l->records != NULL)
		return true;
	l->records = calloc(l->n, sizeof *l->records);
	if (l->records == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < l->n; i++)
		if (!registry_record_load(&l->records[i], r, l->slots[i], err))
			return false;
	return true;
}

static bool
put_versions(struct registry *r, struct registry_licence *l, const struct licence_state *state,
    uint64_t index, int64_t recorded_s, struct err *err)
{
	if (!load_records(l, r, err))
		return false;
	for (size_t i = 0; i < l->n; i++)
		if (!put_news(
			r, state, &l->records[i], l->versions[i].version, index, recorded_s, err))
			return false;
	return true;
}

bool
store_project_licence(struct registry *r, struct registry_licence *licence,
    const struct chain_entry *entries, size_t n, uint64_t index, int64_t recorded_s,
    struct err *err)
{
	const struct licence_facts facts = registry_licence_facts(licence, entries, n);
	struct licence_state state;

	if (licence->n == 0)
		return true;
	bool ok = licence_fold(&state, &facts, recorded_s, err) &&
	    put_versions(r, licence, &state, index, recorded_s, err);
	licence_free(&state);
	return ok;
}

/* A loss accepted: what must be so that it can be, and what follows from it. */
#include "core/limits.h"
#include "registry/floor.h"
#include "registry/registry_parts.h"
#include "registry/store.h"

#include <stdlib.h>

#define SQL_EPOCH_PUT "INSERT INTO epochs VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
/* What was lost once stays lost. */
#define SQL_SLOT_PUT                                                                               \
	"INSERT INTO floor_slots VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (list, idx) DO"       \
	" UPDATE SET epoch = excluded.epoch, credential = excluded.credential,"                    \
	" files = excluded.files, n_history = excluded.n_history,"                                 \
	" n_orders = excluded.n_orders, lost = max(lost, excluded.lost)"
#define SQL_KNOWN "SELECT count(*) FROM instruments WHERE list = ? AND idx = ?"
#define SQL_CHANGED                                                                                \
	"SELECT DISTINCT number FROM instruments JOIN floor_slots USING (list, idx)"               \
	" WHERE epoch = ? AND lost = 1 ORDER BY number"
/* Proposals of the lost time may have been approved and made in it: none is answered now. */
#define SQL_VOID                                                                                   \
	"UPDATE proposals SET state = 4 WHERE state = 0 AND log_index IN"                          \
	" (SELECT proposal_index FROM slots WHERE state < 2)"
#define SQL_BURN "UPDATE slots SET state = 3 WHERE state < 2"

/* ---- may it be accepted? ---- */

static bool
look_only(void *ctx, const struct floor_slot *slot, struct err *err)
{
	(void)ctx;
	(void)slot;
	(void)err;
	return true;
}

/* Published by this bureau, as far as it could be believed, under a bundle that is adopted. */
static bool
check_published(const struct floor *f, const struct trust *held, int64_t now_s, struct err *err)
{
	const struct snapshot *m = f->manifest;
	const struct bundle *b = trust_bundle(held);
	const struct bundle_key *key;
	struct checkpoint checkpoint;
	struct err why = { 0 };
	bool witnessed;

	if (memcmp(m->bureau_id, b->roots.bureau_id, BUREAU_ID_BYTES) != 0)
		return err_set(err, ERR_REFUSED, "the snapshot is another bureau's");
	if (m->bundle_seq > b->seq)
		return err_set(err, ERR_REFUSED,
		    "the snapshot names trust bundle %llu, and %llu is the newest that was "
		    "adopted: "
		    "qualcert adopt it first",
		    (unsigned long long)m->bundle_seq, (unsigned long long)b->seq);
	if (m->iat_s > now_s)
		return err_set(err, ERR_REFUSED, "the snapshot is dated later than the clock");
	if (trust_verify_snapshot(&key, held, &f->envelope, m->iat_s) != TRUST_YES)
		return err_set(err, ERR_REFUSED,
		    "the snapshot is not signed by the status key and the auditors it needs");
	return trust_verify_checkpoint(&checkpoint, &witnessed, held, m->checkpoint, &why) ||
	    err_set(err, ERR_REFUSED, "the snapshot's checkpoint: %s", why.text);
}

/* Does the register still hold the log that is said to be lost? */
static bool
check_lost(struct registry *r, const struct body_loss *loss, struct err *err)
{
	struct store_head head;
	struct merkle_hash root;

	if (!store_head_load(&head, r, err))
		return false;
	if (head.size < loss->size)
		return true;
	if (!registry_root_at(&root, r, loss->size, err))
		return false;
	return !merkle_equal(&root, &loss->root) ||
	    err_set(err, ERR_REFUSED,
		"nothing published is lost: the register holds all %llu entries",
		(unsigned long long)loss->size);
}

static bool
check_named(struct registry *r, const struct floor *f, const struct body_loss *loss,
    const struct trust *held, struct err *err)
{
	const struct checkpoint *c = &f->checkpoint;
	struct registry_epoch last;

	if (loss->size < c->size || (loss->size == c->size && !merkle_equal(&loss->root, &c->root)))
		return err_set(err, ERR_REFUSED,
		    "the lost log is not the one that the snapshot is of, or is shorter");
	if (!store_epoch(&last, r, err))
		return false;
	if (f->manifest->seq < last.floor_seq)
		return err_set(err, ERR_REFUSED,
		    "snapshot %llu is older than %llu, on which the register stands already",
		    (unsigned long long)f->manifest->seq, (unsigned long long)last.floor_seq);
	uint64_t now = trust_bundle(held)->log.epoch;
	if (last.epoch > now)
		now = last.epoch;
	return loss->epoch == now + 1 ||
	    err_set(err, ERR_REFUSED, "the epoch that begins is %llu, not %llu",
		(unsigned long long)now + 1, (unsigned long long)loss->epoch);
}

bool
store_check_loss(struct registry *r, const struct body_loss *loss, const struct trust *held,
    int64_t now_s, struct err *err)
{
	struct floor floor;

	if (!floor_open(&floor, loss->snapshot, store_floor_find, r, err))
		return err_in(err, "EPO-01: the floor");
	bool ok = floor_each(&floor, look_only, NULL, err) || err_in(err, "EPO-01: the floor");
	ok = ok &&
	    ((check_published(&floor, held, now_s, err) &&
		 check_named(r, &floor, loss, held, err) && check_lost(r, loss, err)) ||
		err_in(err, "EPO-01"));
	floor_close(&floor);
	return ok;
}

/* ---- what is lost ---- */

struct counting {
	struct registry *registry;
	struct registry_loss *out;
};

static bool
is_known(bool *out, struct registry *r, const struct history_slot *slot, struct err *err)
{
	bool row;

	struct sql_stmt *q = sql_use(r->db, SQL_KNOWN);
	sql_put_int(q, slot->list);
	sql_put_int(q, slot->idx);
	bool ok = sql_next(q, &row, err);
	*out = ok && row && sql_get_int(q) > 0;
	sql_end(q);
	return ok;
}

static bool
same_entry(const struct history_entry *a, const struct history_entry *b)
{
	return a->status == b->status && a->from_s == b->from_s && a->until_s == b->until_s &&
	    a->recorded_s == b->recorded_s && a->by == b->by;
}

/* How many of the floor's entries the register has, in their places. */
static size_t
shared_entries(const struct registry_record *known, const struct slot_history *h)
{
	size_t n = 0;
	while (n < known->n_history && n < h->n_entries &&
	    same_entry(&known->history[n], &h->entries[n]))
		n++;
	return n;
}

static size_t
shared_orders(
    const struct registry_record *known, const struct history_order *orders, size_t n_orders)
{
	size_t n = 0;
	for (; n < known->n_orders && n < n_orders; n++) {
		const struct history_order *a = &known->orders[n], *b = &orders[n];
		if (!span_equal(a->order, b->order) || a->new_end_s != b->new_end_s ||
		    a->effective_s != b->effective_s || a->recorded_s != b->recorded_s)
			break;
	}
	return n;
}

static bool
count_slot(void *ctx, const struct floor_slot *slot, struct err *err)
{
	struct counting *c = ctx;
	struct registry_record known;
	bool is;

	if (!slot->assigned)
		return true;
	c->out->assigned++;
	if (!is_known(&is, c->registry, &slot->slot, err) ||
	    !registry_record_load(&known, c->registry, slot->slot, err))
		return false;
	if (!is)
		c->out->unknown++;
	else if (shared_entries(&known, &slot->history) < slot->history.n_entries)
		c->out->changed++;
	registry_record_free(&known);
	return true;
}

bool
registry_loss(struct registry_loss *out, struct registry *r, const uint8_t snapshot[SHA256_BYTES],
    struct err *err)
{
	struct counting c = { r, out };
	struct floor floor;

	*out = (struct registry_loss){ 0 };
	if (!floor_open(&floor, snapshot, store_floor_find, r, err))
		return false;
	out->seq = floor.manifest->seq;
	out->iat_s = floor.manifest->iat_s;
	out->size = floor.checkpoint.size;
	out->root = floor.checkpoint.root;
	bool ok = floor_each(&floor, count_slot, &c, err);
	floor_close(&floor);
	return ok;
}

/* ---- what follows ---- */

struct beginning {
	struct registry *registry;
	const struct floor *floor;
	uint64_t index; /* of the approval */
	uint64_t epoch;
};

/* What is recorded of a slot stands in two tables; the statements for each. */
struct shelf {
	const char *drop; /* what the floor must have, and has not in this place */
	const char *lift; /* what was recorded beyond the floor: out of the way ... */
	const char *first;
	const char *settle; /* ... and behind the floor's own */
};

#define LIFTED 1000000 /* above any place in a slot */
#define OF_SLOT " WHERE list = ?1 AND idx = ?2 AND n "
#define SHELF(table)                                                                               \
	{                                                                                          \
		"DELETE FROM " table OF_SLOT ">= ?3 AND log_index < ?4 AND recorded_s <= ?5",      \
		    "UPDATE " table " SET n = n + 1000000" OF_SLOT ">= ?3",                        \
		    "SELECT n FROM " table OF_SLOT ">= ?3 ORDER BY n LIMIT 1",                     \
		    "UPDATE " table " SET n = ?4" OF_SLOT "= ?3",                                  \
	}
static const struct shelf history_shelf = SHELF("history"), orders_shelf = SHELF("orders");

static struct sql_stmt *
use_of_slot(struct registry *r, const char *text, const struct history_slot *slot, int64_t n)
{
	struct sql_stmt *q = sql_use(r->db, text);

	sql_put_int(q, slot->list);
	sql_put_int(q, slot->idx);
	sql_put_int(q, n);
	return q;
}

/* From this place on: what the floor covers goes, what came after it is lifted. */
static bool
make_room(const struct beginning *b, const struct shelf *shelf, const struct history_slot *slot,
    size_t from, struct err *err)
{
	struct sql_stmt *q = use_of_slot(b->registry, shelf->drop, slot, (int64_t)from);

	sql_put_int(q, (int64_t)b->floor->checkpoint.size);
	sql_put_int(q, b->floor->manifest->iat_s);
	return sql_do(q, err) &&
	    sql_do(use_of_slot(b->registry, shelf->lift, slot, (int64_t)from), err);
}

/* What was lifted follows the first n. */
static bool
settle(const struct beginning *b, const struct shelf *shelf, const struct history_slot *slot,
    size_t n, struct err *err)
{
	for (bool row = true; row; n++) {
		struct sql_stmt *q = use_of_slot(b->registry, shelf->first, slot, LIFTED);
		bool ok = sql_next(q, &row, err);
		const int64_t lifted = ok && row ? sql_get_int(q) : 0;
		sql_end(q);
		if (!ok)
			return false;
		if (!row)
			break;
		q = use_of_slot(b->registry, shelf->settle, slot, lifted);
		sql_put_int(q, (int64_t)n);
		if (!sql_do(q, err))
			return false;
	}
	return true;
}

static bool
put_entries(const struct beginning *b, const struct registry_record *known,
    const struct slot_history *h, size_t shared, struct err *err)
{
	if (!make_room(b, &history_shelf, &known->slot, shared, err))
		return false;
	for (size_t i = shared; i < h->n_entries; i++)
		if (!store_put_history(b->registry, known->slot, i, &h->entries[i], b->index, err))
			return false;
	return settle(b, &history_shelf, &known->slot, h->n_entries, err);
}

static bool
put_orders(const struct beginning *b, const struct registry_record *known,
    const struct history_order *orders, size_t n, size_t shared, struct err *err)
{
	if (!make_room(b, &orders_shelf, &known->slot, shared, err))
		return false;
	for (size_t i = shared; i < n; i++)
		if (!store_put_order(b->registry, known->slot, i, &orders[i], b->index, err))
			return false;
	return settle(b, &orders_shelf, &known->slot, n, err);
}

static bool
put_slot_row(const struct beginning *b, const struct floor_slot *s, size_t n_orders, bool lost,
    struct err *err)
{
	struct sql_stmt *q = sql_use(b->registry->db, SQL_SLOT_PUT);

	sql_put_int(q, s->slot.list);
	sql_put_int(q, s->slot.idx);
	sql_put_int(q, (int64_t)b->epoch);
	if (s->assigned)
		sql_put_blob(q, span_of(s->fingerprint.credential, FINGERPRINT_BYTES));
	else
		sql_put_null(q);
	sql_put_blob(q, s->fingerprint.files);
	sql_put_int(q, (int64_t)s->history.n_entries);
	sql_put_int(q, (int64_t)n_orders);
	sql_put_int(q, lost);
	return sql_do(q, err);
}

/* The floor's entries are the first, in place of what the register has of that time. */
static bool
put_slot(void *ctx, const struct floor_slot *s, struct err *err)
{
	const struct beginning *b = ctx;
	struct registry_record known = { 0 };
	struct history_order *orders = NULL;
	size_t n_orders = 0;

	bool ok = registry_record_load(&known, b->registry, s->slot, err) &&
	    floor_orders(&orders, &n_orders, b->floor, &s->slot, err);
	if (ok) {
		const size_t entries = shared_entries(&known, &s->history);
		const size_t shared = shared_orders(&known, orders, n_orders);
		const bool lost = entries < s->history.n_entries || shared < n_orders;
		ok = put_entries(b, &known, &s->history, entries, err) &&
		    put_orders(b, &known, orders, n_orders, shared, err) &&
		    put_slot_row(b, s, n_orders, lost, err);
	}
	free(orders);
	registry_record_free(&known);
	return ok;
}

static bool
put_epoch(const struct beginning *b, const struct chain_entry *proposal, int64_t recorded_s,
    struct err *err)
{
	const struct snapshot *m = b->floor->manifest;
	size_t lists;

	if (!registry_lists(&lists, b->registry, err))
		return false;
	if (lists < m->n_lists)
		lists = m->n_lists;
	if (b->registry->row != NULL)
		b->registry->row->epoch_known = false;
	struct sql_stmt *q = sql_use(b->registry->db, SQL_EPOCH_PUT);
	sql_put_int(q, (int64_t)b->epoch);
	sql_put_int(q, (int64_t)b->index);
	sql_put_int(q, recorded_s);
	sql_put_blob(q, span_of(proposal->act.hash, SHA256_BYTES));
	sql_put_int(q, (int64_t)m->seq);
	sql_put_int(q, m->iat_s);
	sql_put_int(q, (int64_t)b->floor->checkpoint.size);
	sql_put_int(q, (int64_t)lists + 1); /* the lost acts may have opened one more */
	return sql_do(q, err);
}

/* Licences of which something was lost: what they are now is recorded. */
static bool
put_changed(const struct beginning *b, int64_t recorded_s, struct err *err)
{
	bool ok, row;

	struct sql_stmt *q = sql_use(b->registry->db, SQL_CHANGED);
	sql_put_int(q, (int64_t)b->epoch);
	while ((ok = sql_next(q, &row, err)) && row) {
		char number[NUMBER_STORED_BYTES];
		sql_get_text(q, number, sizeof number);
		if (!(ok = sql_row_ok(q, err) &&
			    store_project_number(
				b->registry, span_text(number), b->index, recorded_s, err)))
			break;
	}
	sql_end(q);
	return ok;
}

bool
store_project_loss(struct registry *r, const struct chain_entry *proposal, uint64_t index,
    int64_t recorded_s, struct err *err)
{
	const struct body_loss *loss = &proposal->body.loss;
	struct floor floor;

	if (!floor_open(&floor, loss->snapshot, store_floor_find, r, err))
		return false;
	const struct beginning b = {
		.registry = r, .floor = &floor, .index = index, .epoch = loss->epoch
	};
	bool ok = put_epoch(&b, proposal, recorded_s, err) &&
	    floor_each(&floor, put_slot, (void *)&b, err) && sql_run(r->db, SQL_VOID, err) &&
	    sql_run(r->db, SQL_BURN, err) && put_changed(&b, recorded_s, err);
	floor_close(&floor);
	return ok && store_row_forget(r, err); /* what was proposed before has lapsed */
}

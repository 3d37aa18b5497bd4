#include "registry/floor.h"

#include "core/encode.h"
#include "credential/note.h"
#include "credential/status_list.h"

#include <stdlib.h>

/* The file with this hash, and no other. */
static bool
find(struct buf *out, const struct floor *f, const uint8_t hash[SHA256_BYTES], struct err *err)
{
	char hex[2 * SHA256_BYTES + 1];
	uint8_t have[SHA256_BYTES];

	if (!f->find(f->ctx, out, hash, err))
		return false;
	sha256(have, buf_span(out));
	if (memcmp(have, hash, sizeof have) == 0)
		return true;
	hex_encode(hex, span_of(hash, SHA256_BYTES));
	return err_set(err, ERR_MALFORMED, "a part of the snapshot is not the file %s", hex);
}

static bool
read_checkpoint(struct floor *f, struct err *err)
{
	struct note *note = calloc(1, sizeof *note);

	if (note == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = note_parse(note, f->manifest->checkpoint, err) &&
	    checkpoint_parse(&f->checkpoint, note->text, err);
	free(note);
	return ok;
}

bool
floor_open(struct floor *out, const uint8_t snapshot[SHA256_BYTES], floor_find_fn *find_fn,
    void *ctx, struct err *err)
{
	struct floor f = { .find = find_fn, .ctx = ctx };

	*out = f;
	if (find(&f.file, &f, snapshot, err) &&
	    snapshot_parse_file(&f.envelope, &f.manifest, buf_span(&f.file), err) &&
	    read_checkpoint(&f, err) && find(&f.orders_file, &f, f.manifest->orders_hash, err) &&
	    orders_part_parse(&f.orders, buf_span(&f.orders_file), err)) {
		*out = f;
		return true;
	}
	floor_close(&f);
	return false;
}

void
floor_close(struct floor *f)
{
	snapshot_free(f->manifest);
	orders_part_free(f->orders);
	buf_free(&f->file);
	buf_free(&f->orders_file);
	*f = (struct floor){ 0 };
}

/* ---- slots ---- */

struct list {
	struct buf status, fingerprint_bytes, history_bytes;
	struct fingerprints *fingerprints;
	struct history_part *history;
};

static void
list_close(struct list *l)
{
	fingerprints_free(l->fingerprints);
	history_part_free(l->history);
	buf_free(&l->status);
	buf_free(&l->fingerprint_bytes);
	buf_free(&l->history_bytes);
}

static bool
list_open(struct list *l, const struct floor *f, const struct snapshot_list *named, struct err *err)
{
	return find(&l->status, f, named->status_hash, err) &&
	    find(&l->fingerprint_bytes, f, named->fingerprints_hash, err) &&
	    find(&l->history_bytes, f, named->history_hash, err) &&
	    status_list_check(buf_span(&l->status), err) &&
	    fingerprints_parse(&l->fingerprints, buf_span(&l->fingerprint_bytes), err) &&
	    history_part_parse(&l->history, buf_span(&l->history_bytes), err);
}

static bool
each_of_list(const struct list *l, uint16_t list, floor_slot_fn *fn, void *ctx, struct err *err)
{
	for (size_t i = 0; i < LIMIT_LIST_SLOTS; i++) {
		const uint16_t idx = (uint16_t)i;
		struct floor_slot slot = { .slot = { list, idx } };
		slot.assigned = fingerprints_find(&slot.fingerprint, l->fingerprints, idx);
		slot.history = history_part_find(l->history, idx);
		if (!slot.assigned && status_list_get(l->status.ptr, idx) == STATUS_UNKNOWN)
			continue;
		if (!fn(ctx, &slot, err))
			return false;
	}
	return true;
}

bool
floor_each(const struct floor *f, floor_slot_fn *fn, void *ctx, struct err *err)
{
	for (size_t i = 0; i < f->manifest->n_lists; i++) {
		const struct snapshot_list *named = &f->manifest->lists[i];
		struct list l = { 0 };
		bool ok =
		    list_open(&l, f, named, err) && each_of_list(&l, named->list, fn, ctx, err);
		list_close(&l);
		if (!ok)
			return err_in(err, "status list %u", named->list);
	}
	return true;
}

/* ---- orders ---- */

static bool
reaches(const struct history_order *order, const struct history_slot *slot)
{
	/* What an order says of a slot it lists holds from its own effective date on. */
	return history_find_order(order, 1, *slot, order->effective_s, order->recorded_s) != NULL;
}

bool
floor_orders(struct history_order **out, size_t *n, const struct floor *f,
    const struct history_slot *slot, struct err *err)
{
	size_t n_all;
	const struct history_order *all = orders_part_all(f->orders, &n_all);

	*n = 0;
	*out = calloc(n_all + 1, sizeof **out);
	if (*out == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < n_all; i++) {
		if (!reaches(&all[i], slot))
			continue;
		(*out)[*n] = all[i];
		(*out)[*n].slots = slot;
		(*out)[(*n)++].n_slots = 1;
	}
	return true;
}

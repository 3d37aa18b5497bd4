#include "credential/history.h"

#include <assert.h>

/* ---- statuses ---- */

const struct history_entry *
history_find(const struct history_entry *entries, size_t n, int64_t on_s, int64_t known_s)
{
	const struct history_entry *found = NULL;

	for (size_t i = 0; i < n && entries[i].recorded_s <= known_s; i++)
		if (entries[i].from_s <= on_s && on_s < entries[i].until_s)
			found = &entries[i];
	return found;
}

/* The first moment after on_s where another entry may decide; at most to_s. */
static int64_t
next_boundary(
    const struct history_entry *entries, size_t n, int64_t on_s, int64_t to_s, int64_t known_s)
{
	for (size_t i = 0; i < n && entries[i].recorded_s <= known_s; i++) {
		if (entries[i].from_s > on_s && entries[i].from_s < to_s)
			to_s = entries[i].from_s;
		if (entries[i].until_s > on_s && entries[i].until_s < to_s)
			to_s = entries[i].until_s;
	}
	return to_s;
}

enum status
history_worst(const struct history_entry **why, const struct history_entry *entries, size_t n,
    int64_t from_s, int64_t to_s, int64_t known_s)
{
	const struct history_entry *found = history_find(entries, n, from_s, known_s);
	enum status worst = found != NULL ? found->status : STATUS_ACTIVE;

	assert(from_s < to_s);
	for (int64_t on_s = next_boundary(entries, n, from_s, to_s, known_s); on_s < to_s;
	     on_s = next_boundary(entries, n, on_s, to_s, known_s)) {
		const struct history_entry *e = history_find(entries, n, on_s, known_s);
		enum status s = e != NULL ? e->status : STATUS_ACTIVE;
		if (status_worse(worst, s) != worst) {
			worst = s;
			found = e;
		}
	}
	if (why != NULL)
		*why = found;
	return worst;
}

/* ---- extension orders ---- */

static bool
lists_slot(const struct history_order *order, struct history_slot slot)
{
	size_t low = 0, high = order->n_slots;
	uint32_t want = (uint32_t)slot.list << 16 | slot.idx;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct history_slot *s = &order->slots[mid];
		uint32_t have = (uint32_t)s->list << 16 | s->idx;
		if (have == want)
			return true;
		if (have < want)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

const struct history_order *
history_find_order(const struct history_order *orders, size_t n, struct history_slot slot,
    int64_t on_s, int64_t known_s)
{
	const struct history_order *found = NULL;

	for (size_t i = 0; i < n && orders[i].recorded_s <= known_s; i++)
		if (orders[i].effective_s <= on_s && lists_slot(&orders[i], slot))
			found = &orders[i];
	return found;
}

int64_t
history_end(const struct history_order *order, int64_t exp_s)
{
	return order != NULL && order->new_end_s > exp_s ? order->new_end_s : exp_s;
}

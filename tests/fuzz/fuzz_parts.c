/* Targets: credential/fingerprints.c, history_part.c, orders_part.c, history.c. */
#include "credential/parts.h"
#include "tests/fuzz/fuzz.h"

/* Taken out slot by slot and put together again, a part is the same. */
static void
try_fingerprints(struct span in)
{
	struct fingerprints *f;
	struct buf again = BUF_EMPTY;

	if (!fingerprints_parse(&f, in, NULL))
		return;
	for (unsigned idx = 0; idx < LIMIT_LIST_SLOTS; idx++) {
		struct fingerprint found;
		if (!fingerprints_find(&found, f, (uint16_t)idx))
			continue;
		fuzz_promise(found.idx == idx);
		fingerprints_add(&again, &found);
	}
	fuzz_promise(span_equal(buf_span(&again), in));
	buf_free(&again);
	fingerprints_free(f);
}

/* Every moment has one answer, and a span of moments none better. */
static void
try_clocks(const struct slot_history *h)
{
	for (size_t i = 0; i < h->n_entries && i < 8; i++) {
		int64_t on_s = h->entries[i].from_s, known_s = h->entries[i].recorded_s;
		const struct history_entry *e =
		    history_find(h->entries, h->n_entries, on_s, known_s);
		fuzz_promise(e != NULL && e->from_s <= on_s && on_s < e->until_s);
		enum status worst =
		    history_worst(NULL, h->entries, h->n_entries, on_s, on_s + 86400, known_s);
		fuzz_promise(status_worse(worst, e->status) == worst);
	}
}

static void
try_history(struct span in)
{
	static struct slot_history slots[LIMIT_LIST_SLOTS];
	struct history_part *h;
	struct buf again = BUF_EMPTY;

	if (!history_part_parse(&h, in, NULL))
		return;
	for (unsigned idx = 0; idx < LIMIT_LIST_SLOTS; idx++) {
		slots[idx] = history_part_find(h, (uint16_t)idx);
		try_clocks(&slots[idx]);
	}
	history_part_encode(&again, slots, LIMIT_LIST_SLOTS);
	fuzz_promise(span_equal(buf_span(&again), in));
	buf_free(&again);
	history_part_free(h);
}

static void
try_orders(struct span in)
{
	struct orders_part *o;
	struct buf again = BUF_EMPTY;
	size_t n;

	if (!orders_part_parse(&o, in, NULL))
		return;
	const struct history_order *orders = orders_part_all(o, &n);
	for (size_t i = 0; i < n; i++)
		fuzz_promise(history_find_order(orders, n, orders[i].slots[0],
				 orders[i].effective_s, orders[i].recorded_s) != NULL);
	orders_part_encode(&again, orders, n);
	fuzz_promise(span_equal(buf_span(&again), in));
	buf_free(&again);
	orders_part_free(o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of(data, size);
	try_fingerprints(in);
	try_history(in);
	try_orders(in);
	return 0;
}

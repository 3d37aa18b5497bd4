#include "core/limits.h"
#include "credential/cbor.h"
#include "credential/parts.h"

#include <stdlib.h>

struct orders_part {
	struct history_order *orders;
	size_t n;
	struct history_slot **slots; /* of each order, owned */
};

void
orders_part_encode(struct buf *out, const struct history_order *orders, size_t n)
{
	cbor_put_array(out, n);
	for (size_t i = 0; i < n; i++) {
		cbor_put_array(out, 5);
		cbor_put_text(out, orders[i].order);
		cbor_put_array(out, orders[i].n_slots);
		for (size_t j = 0; j < orders[i].n_slots; j++) {
			cbor_put_array(out, 2);
			cbor_put_uint(out, orders[i].slots[j].list);
			cbor_put_uint(out, orders[i].slots[j].idx);
		}
		cbor_put_int(out, orders[i].new_end_s);
		cbor_put_int(out, orders[i].effective_s);
		cbor_put_int(out, orders[i].recorded_s);
	}
}

/* As one number, for the order of slots. */
static uint32_t
slot_rank(struct history_slot s)
{
	return (uint32_t)s.list << 16 | s.idx;
}

/* NULL only if there is no memory. */
static struct history_slot *
read_slots(size_t *n, struct cbor_in *in)
{
	*n = cbor_in_array(in, 1, LIMIT_ORDER_SLOTS);
	struct history_slot *slots = calloc(*n + 1, sizeof *slots);
	for (size_t i = 0; slots != NULL && i < *n; i++) {
		cbor_in_array(in, 2, 2);
		slots[i].list = (uint16_t)cbor_in_uint(in, UINT16_MAX);
		slots[i].idx = (uint16_t)cbor_in_uint(in, UINT16_MAX);
		if (i > 0 && slot_rank(slots[i]) <= slot_rank(slots[i - 1]))
			cbor_in_fail(in, "slots that do not ascend");
	}
	return slots;
}

/* False only if there is no memory; so below. */
static bool
read_order(struct history_order *order, struct history_slot **slots, struct cbor_in *in)
{
	cbor_in_array(in, 5, 5);
	order->order = cbor_in_text(in, 1, LIMIT_ORDER_BYTES);
	*slots = read_slots(&order->n_slots, in);
	order->slots = *slots;
	order->new_end_s = cbor_in_time(in);
	order->effective_s = cbor_in_time(in);
	order->recorded_s = cbor_in_time(in);
	return *slots != NULL;
}

static bool
read_orders(struct orders_part *o, struct cbor_in *in)
{
	size_t n = cbor_in_array(in, 0, LIMIT_ORDERS);
	o->orders = calloc(n + 1, sizeof *o->orders);
	o->slots = calloc(n + 1, sizeof *o->slots);
	if (o->orders == NULL || o->slots == NULL)
		return false;
	for (; o->n < n && !in->bad; o->n++) {
		struct history_order *order = &o->orders[o->n];
		if (!read_order(order, &o->slots[o->n], in))
			return false;
		if (o->n > 0 && order->recorded_s < order[-1].recorded_s)
			cbor_in_fail(in, "orders that are not in the order of recording");
	}
	return true;
}

bool
orders_part_parse(struct orders_part **out, struct span part, struct err *err)
{
	*out = NULL;
	if (part.len > LIMIT_PART_BYTES)
		return err_set(err, ERR_LIMIT, "orders: %zu bytes; the longest we read is %u",
		    part.len, LIMIT_PART_BYTES);
	struct cbor_in in = cbor_in_over(part, LIMIT_CBOR_DEPTH);
	struct orders_part *o = calloc(1, sizeof *o);
	if (o == NULL || !read_orders(o, &in)) {
		orders_part_free(o);
		return err_set(err, ERR_MEMORY, "orders: out of memory");
	}
	if (!cbor_in_done(&in, err)) {
		orders_part_free(o);
		return err_in(err, "orders");
	}
	*out = o;
	return true;
}

void
orders_part_free(struct orders_part *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < o->n; i++)
		free(o->slots[i]);
	free(o->orders);
	free(o->slots);
	free(o);
}

const struct history_order *
orders_part_all(const struct orders_part *o, size_t *n)
{
	*n = o->n;
	return o->orders;
}

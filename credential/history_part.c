#include "core/limits.h"
#include "credential/cbor.h"
#include "credential/parts.h"

#include <stdlib.h>

struct place {
	uint16_t idx;
	size_t first, n; /* of its entries */
};

struct history_part {
	struct place *places; /* ascending by idx */
	size_t n_places;
	struct history_entry *entries; /* of all slots, one after the other */
	size_t n_entries, room;
};

/* ---- writing ---- */

static void
put_entry(struct buf *out, const struct history_entry *e)
{
	cbor_put_array(out, 5);
	cbor_put_uint(out, e->status);
	cbor_put_int(out, e->from_s);
	cbor_put_int(out, e->recorded_s);
	if (e->until_s == HISTORY_OPEN)
		cbor_put_null(out);
	else
		cbor_put_int(out, e->until_s);
	if (e->by == 0)
		cbor_put_null(out);
	else
		cbor_put_uint(out, e->by);
}

void
history_part_encode(struct buf *out, const struct slot_history *slots, size_t n)
{
	size_t with_entries = 0;

	for (size_t i = 0; i < n; i++)
		with_entries += slots[i].n_entries > 0;
	cbor_put_array(out, with_entries);
	for (size_t i = 0; i < n; i++) {
		if (slots[i].n_entries == 0)
			continue;
		cbor_put_array(out, 2);
		cbor_put_uint(out, slots[i].idx);
		cbor_put_array(out, slots[i].n_entries);
		for (size_t j = 0; j < slots[i].n_entries; j++)
			put_entry(out, &slots[i].entries[j]);
	}
}

/* ---- reading ---- */

static void
read_entry(struct history_entry *e, struct cbor_in *in)
{
	cbor_in_array(in, 5, 5);
	unsigned status = (unsigned)cbor_in_uint(in, STATUS_UNKNOWN);
	if (!status_is_known(status))
		cbor_in_fail(in, "a reserved status");
	e->status = (enum status)status;
	e->from_s = cbor_in_time(in);
	e->recorded_s = cbor_in_time(in);
	e->until_s = cbor_in_try_null(in) ? HISTORY_OPEN : cbor_in_time(in);
	if (e->until_s <= e->from_s)
		cbor_in_fail(in, "an interval that ends before it begins");
	e->by = 0;
	if (cbor_in_try_null(in))
		return;
	e->by = (uint16_t)cbor_in_uint(in, UINT16_MAX);
	if (e->by == 0 || e->status != STATUS_REPLACED)
		cbor_in_fail(in, "a newer version behind a status other than replaced, or 0");
}

static struct history_entry *
new_entry(struct history_part *h)
{
	if (h->n_entries == h->room) {
		size_t room = h->room < 64 ? 64 : 2 * h->room;
		struct history_entry *more = realloc(h->entries, room * sizeof *more);
		if (more == NULL)
			return NULL;
		h->entries = more;
		h->room = room;
	}
	return &h->entries[h->n_entries++];
}

/* False only if there is no memory; so below. */
static bool
read_place(struct history_part *h, struct place *place, struct cbor_in *in)
{
	int64_t last_s = 0;

	cbor_in_array(in, 2, 2);
	place->idx = (uint16_t)cbor_in_uint(in, UINT16_MAX);
	place->first = h->n_entries;
	place->n = cbor_in_array(in, 1, LIMIT_SUBJECT_ACTS);
	for (size_t i = 0; i < place->n; i++) {
		struct history_entry *e = new_entry(h);
		if (e == NULL)
			return false;
		read_entry(e, in);
		if (e->recorded_s < last_s)
			cbor_in_fail(in, "entries that are not in the order of recording");
		last_s = e->recorded_s;
	}
	return true;
}

static bool
read_places(struct history_part *h, struct cbor_in *in)
{
	h->n_places = cbor_in_array(in, 0, LIMIT_LIST_SLOTS);
	h->places = calloc(h->n_places + 1, sizeof *h->places);
	if (h->places == NULL)
		return false;
	for (size_t i = 0; i < h->n_places && !in->bad; i++) {
		if (!read_place(h, &h->places[i], in))
			return false;
		if (i > 0 && h->places[i].idx <= h->places[i - 1].idx)
			cbor_in_fail(in, "slots that do not ascend");
	}
	return true;
}

bool
history_part_parse(struct history_part **out, struct span part, struct err *err)
{
	*out = NULL;
	if (part.len > LIMIT_PART_BYTES)
		return err_set(err, ERR_LIMIT, "history: %zu bytes; the longest we read is %u",
		    part.len, LIMIT_PART_BYTES);
	struct cbor_in in = cbor_in_over(part, LIMIT_CBOR_DEPTH);
	struct history_part *h = calloc(1, sizeof *h);
	if (h == NULL || !read_places(h, &in)) {
		history_part_free(h);
		return err_set(err, ERR_MEMORY, "history: out of memory");
	}
	if (!cbor_in_done(&in, err)) {
		history_part_free(h);
		return err_in(err, "history");
	}
	*out = h;
	return true;
}

void
history_part_free(struct history_part *h)
{
	if (h == NULL)
		return;
	free(h->places);
	free(h->entries);
	free(h);
}

static int
order_places(const void *idx, const void *place)
{
	int a = *(const uint16_t *)idx, b = ((const struct place *)place)->idx;
	return (a > b) - (a < b);
}

struct slot_history
history_part_find(const struct history_part *h, uint16_t idx)
{
	const struct place *place =
	    bsearch(&idx, h->places, h->n_places, sizeof *h->places, order_places);
	if (place == NULL)
		return (struct slot_history){ idx, NULL, 0 };
	return (struct slot_history){ idx, &h->entries[place->first], place->n };
}

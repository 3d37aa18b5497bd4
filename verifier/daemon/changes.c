#include "verifier/daemon/changes.h"

#include <stdlib.h>

struct row {
	struct lookup_change change;
	size_t at; /* its place in the order of the log */
};

struct changes {
	uint64_t log_size;
	size_t n, room;
	struct row *rows; /* while reading */
	/* Ascending by slot, then in the order of recording; entries[i] befell slots[i]. */
	uint32_t *slots;
	struct history_entry *entries;
};

static uint32_t
slot_key(uint16_t list, uint16_t idx)
{
	return (uint32_t)list << 16 | idx;
}

static bool
add_row(void *ctx, const struct lookup_change *change, struct err *err)
{
	struct changes *c = ctx;

	if (c->n == c->room) {
		const size_t room = c->room > 0 ? 2 * c->room : 64;
		struct row *rows = reallocarray(c->rows, room, sizeof *rows);
		if (rows == NULL)
			return err_set(err, ERR_MEMORY, "out of memory");
		c->rows = rows;
		c->room = room;
	}
	c->rows[c->n] = (struct row){ *change, c->n };
	c->n++;
	return true;
}

static uint32_t
row_key(const struct row *r)
{
	return slot_key(r->change.list, r->change.idx);
}

static int
by_slot(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (row_key(x) != row_key(y))
		return row_key(x) < row_key(y) ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static bool
index_rows(struct changes *c, struct err *err)
{
	const size_t n = c->n > 0 ? c->n : 1;

	c->slots = calloc(n, sizeof *c->slots);
	c->entries = calloc(n, sizeof *c->entries);
	if (c->slots == NULL || c->entries == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (c->n > 0)
		qsort(c->rows, c->n, sizeof *c->rows, by_slot);
	for (size_t i = 0; i < c->n; i++) {
		c->slots[i] = row_key(&c->rows[i]);
		c->entries[i] = c->rows[i].change.entry;
	}
	free(c->rows);
	c->rows = NULL;
	return true;
}

bool
changes_read(struct changes **out, struct lookup *l, struct err *err)
{
	struct changes *c = calloc(1, sizeof *c);

	*out = NULL;
	if (c == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!lookup_each_change(&c->log_size, l, 0, add_row, c, err) || !index_rows(c, err)) {
		changes_free(c);
		return false;
	}
	*out = c;
	return true;
}

void
changes_free(struct changes *c)
{
	if (c == NULL)
		return;
	free(c->rows);
	free(c->slots);
	free(c->entries);
	free(c);
}

uint64_t
changes_log_size(const struct changes *c)
{
	return c->log_size;
}

/* The first place whose slot is not below this one. */
static size_t
first_at(const struct changes *c, uint32_t key)
{
	size_t low = 0, high = c->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (c->slots[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t
changes_of_slot(void *ctx, uint16_t list, uint16_t idx, const struct history_entry **out)
{
	const struct changes *c = ctx;
	const uint32_t key = slot_key(list, idx);
	const size_t from = first_at(c, key);
	size_t to = from;

	while (to < c->n && c->slots[to] == key)
		to++;
	*out = c->entries + from;
	return to - from;
}

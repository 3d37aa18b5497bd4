#include "registry/store.h"

#include "core/limits.h"

/* Below what an accepted loss says, lost certificates may have places that nobody knows. */
#define SQL_NEWEST_LIST                                                                            \
	"SELECT max((SELECT coalesce(max(list), 0) FROM slots),"                                   \
	" (SELECT coalesce(max(lists), 0) FROM epochs))"
#define SQL_USED "SELECT idx FROM slots WHERE list = ?"

/* Slots in use of one list, as bits. */
struct used {
	uint8_t bits[LIMIT_LIST_SLOTS / 8];
	size_t count;
};

static void
mark(struct used *u, uint16_t idx)
{
	u->bits[idx / 8] |= (uint8_t)(1u << idx % 8);
	u->count++;
}

static bool
is_marked(const struct used *u, size_t idx)
{
	return (u->bits[idx / 8] >> idx % 8 & 1) != 0;
}

static bool
load_used(struct used *out, struct registry *r, uint16_t list, struct err *err)
{
	bool ok, row;

	*out = (struct used){ 0 };
	struct sql_stmt *q = sql_use(r->db, SQL_USED);
	sql_put_int(q, list);
	while ((ok = sql_next(q, &row, err)) && row)
		mark(out, (uint16_t)sql_get_int(q));
	sql_end(q);
	return ok;
}

/* The free slot with this rank among the free ones: there are more than rank of them. */
static uint16_t
free_slot(const struct used *u, size_t rank)
{
	size_t idx = 0;
	while (is_marked(u, idx) || rank-- > 0)
		idx++;
	return (uint16_t)idx;
}

bool
registry_pick_slots(
    struct history_slot *out, size_t n, struct registry *r, const uint64_t *random, struct err *err)
{
	struct used used;
	int64_t newest;

	if (!sql_number(&newest, r->db, SQL_NEWEST_LIST, err))
		return false;
	uint16_t list = (uint16_t)newest;
	if (!load_used(&used, r, list, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (used.count >= LIMIT_LIST_SLOTS / 2) {
			if (list + 1 == LIMIT_LISTS)
				return err_set(
				    err, ERR_LIMIT, "all %d status lists are in use", LIMIT_LISTS);
			list++;
			used = (struct used){ 0 };
		}
		size_t rank = (size_t)(random[i] % (LIMIT_LIST_SLOTS - used.count));
		out[i] = (struct history_slot){ list, free_slot(&used, rank) };
		mark(&used, out[i].idx);
	}
	return true;
}

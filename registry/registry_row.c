/* What is remembered while many acts are judged in a row. */
#include "registry/store.h"

#include <stdlib.h>

#define FIRST_ROOM 64u
#define ACTS_MOST                                                                                  \
	524288u /* in all chains kept: as much as a register in memory has itself by then */

bool
store_row_begin(struct registry *r, struct err *err)
{
	struct row *row = calloc(1, sizeof *row);
	const struct trust *trust;
	struct err none = { 0 };

	if (row == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	/* As this transaction has it. The same bundle stays where it is: somebody may hold a key of it. */
	bool ok = store_trust(&trust, r, &none) || none.code == ERR_NOT_FOUND;
	if (trust == NULL)
		store_trust_forget(r);
	r->row = row;
	if (!ok)
		return err_set(err, none.code, "%s", none.text);
	return trust != NULL || known_new(&row->known, err);
}

bool
store_row_save(struct registry *r, struct err *err)
{
	return !r->row->grown || store_head_save(r, &r->row->head, err);
}

/* ---- subjects ---- */

static void
drop(struct row *row, struct registry_subject **shelf)
{
	if (*shelf == NULL)
		return;
	row->n--;
	row->acts -= (*shelf)->chain.n;
	registry_subject_free(*shelf);
	free(*shelf);
	*shelf = NULL;
}

void
store_row_forget(struct registry *r)
{
	for (size_t i = 0; r->row != NULL && i < r->row->room; i++)
		drop(r->row, &r->row->shelf[i]);
}

void
store_row_end(struct registry *r)
{
	if (r->row == NULL)
		return;
	store_row_forget(r);
	free(r->row->shelf);
	known_free(r->row->known);
	free(r->row);
	r->row = NULL;
}

/*
 * Its place, by FNV-1a. Whoever chooses subjects of one hash only slows an audit down to what it was
 * without this.
 */
static struct registry_subject **
shelf_of(const struct row *row, struct span subject)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < subject.len; i++)
		hash = (hash ^ subject.ptr[i]) * 16777619u;
	return &row->shelf[hash & (row->room - 1)];
}

static struct span
name_of(const struct registry_subject *kept)
{
	return kept->chain.entries[0].act.subject;
}

/* Whoever finds his place taken is not kept. */
static void
put(struct row *row, struct registry_subject *s)
{
	struct registry_subject **shelf = shelf_of(row, name_of(s));

	drop(row, shelf);
	*shelf = s;
	row->n++;
	row->acts += s->chain.n;
}

static bool
make_room(struct row *row, struct err *err)
{
	struct row wider = *row;

	if (row->room > 4 * row->n)
		return true;
	wider.room = row->room > 0 ? 4 * row->room : FIRST_ROOM;
	wider.shelf = calloc(wider.room, sizeof *wider.shelf);
	if (wider.shelf == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	wider.n = wider.acts = 0;
	for (size_t i = 0; i < row->room; i++)
		if (row->shelf[i] != NULL)
			put(&wider, row->shelf[i]);
	free(row->shelf);
	*row = wider;
	return true;
}

static bool
is_of(const struct registry_subject *kept, struct span subject)
{
	return kept != NULL && span_equal(name_of(kept), subject);
}

struct registry_subject *
store_row_take(struct row *row, struct span subject)
{
	struct registry_subject **shelf, *taken;

	if (row->n == 0)
		return NULL;
	shelf = shelf_of(row, subject);
	taken = *shelf;
	if (!is_of(taken, subject))
		return NULL;
	row->n--;
	row->acts -= taken->chain.n;
	*shelf = NULL;
	return taken;
}

bool
store_row_keep(struct row *row, struct registry_subject *s, struct err *err)
{
	if (!make_room(row, err))
		return false;
	put(row, s);
	for (; row->acts > ACTS_MOST; row->hand++)
		drop(row, &row->shelf[row->hand & (row->room - 1)]);
	return true;
}

void
store_row_drop(struct row *row, struct span subject)
{
	if (row->n > 0 && is_of(*shelf_of(row, subject), subject))
		drop(row, shelf_of(row, subject));
}

/* What is remembered while many acts are judged in a row. */
#include "registry/store.h"

#include <stdlib.h>

#define ACTS_MOST 16384u /* in all chains kept: some 60 MB */

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
	row->acts -= (*shelf)->chain.n;
	registry_subject_free(*shelf);
	free(*shelf);
	*shelf = NULL;
}

void
store_row_forget(struct registry *r)
{
	for (size_t i = 0; r->row != NULL && i < ROW_SHELVES; i++)
		drop(r->row, &r->row->shelf[i]);
}

void
store_row_end(struct registry *r)
{
	if (r->row == NULL)
		return;
	store_row_forget(r);
	known_free(r->row->known);
	free(r->row);
	r->row = NULL;
}

/*
 * Its place, by FNV-1a. Whoever chooses subjects of one hash only slows an audit down to what it was
 * without this.
 */
static struct registry_subject **
shelf_of(struct row *row, struct span subject)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < subject.len; i++)
		hash = (hash ^ subject.ptr[i]) * 16777619u;
	return &row->shelf[hash % ROW_SHELVES];
}

static bool
is_of(const struct registry_subject *kept, struct span subject)
{
	return kept != NULL && span_equal(kept->chain.entries[0].act.subject, subject);
}

struct registry_subject *
store_row_take(struct row *row, struct span subject)
{
	struct registry_subject **shelf = shelf_of(row, subject), *taken = *shelf;

	if (!is_of(taken, subject))
		return NULL;
	row->acts -= taken->chain.n;
	*shelf = NULL;
	return taken;
}

void
store_row_keep(struct row *row, struct registry_subject *s)
{
	struct registry_subject **shelf = shelf_of(row, s->chain.entries[0].act.subject);

	drop(row, shelf);
	*shelf = s;
	row->acts += s->chain.n;
	for (; row->acts > ACTS_MOST; row->hand++)
		drop(row, &row->shelf[row->hand % ROW_SHELVES]);
}

void
store_row_drop(struct row *row, struct span subject)
{
	struct registry_subject **shelf = shelf_of(row, subject);

	if (is_of(*shelf, subject))
		drop(row, shelf);
}

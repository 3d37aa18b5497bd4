/* What is remembered while many acts are judged in a row. */
#include "registry/store.h"

#include <stdlib.h>

#define SHELVES 4096     /* a subject has its place on one of them, by its hash */
#define ACTS_MOST 16384u /* in all chains: some 50 MB */

struct chains {
	struct registry_chain shelf[SHELVES]; /* n = 0: none */
	size_t acts;
	size_t hand; /* where what falls out is looked for */
};

static void
drop(struct chains *c, struct registry_chain *chain)
{
	c->acts -= chain->n;
	registry_chain_free(chain);
}

bool
store_row_begin(struct registry *r, struct err *err)
{
	struct row *row = calloc(1, sizeof *row);
	struct chains *chains = calloc(1, sizeof *chains);
	const struct trust *trust;
	struct err none = { 0 };

	if (row == NULL || chains == NULL) {
		free(row);
		free(chains);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	row->chains = chains;
	/* As this transaction has it. The same bundle stays where it is: somebody may hold a key of it. */
	bool ok = store_trust(&trust, r, &none) || none.code == ERR_NOT_FOUND;
	if (trust == NULL)
		store_trust_forget(r);
	r->row = row;
	return ok || err_set(err, none.code, "%s", none.text);
}

bool
store_row_save(struct registry *r, struct err *err)
{
	return !r->row->grown || store_head_save(r, &r->row->head, err);
}

void
store_row_forget(struct registry *r)
{
	for (size_t i = 0; r->row != NULL && i < SHELVES; i++)
		drop(r->row->chains, &r->row->chains->shelf[i]);
}

void
store_row_end(struct registry *r)
{
	if (r->row == NULL)
		return;
	store_row_forget(r);
	free(r->row->chains);
	free(r->row);
	r->row = NULL;
}

/* ---- chains ---- */

/* FNV-1a. Whoever chooses subjects of one hash only slows an audit down to what it was without this. */
static struct registry_chain *
shelf_of(struct chains *c, struct span subject)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < subject.len; i++)
		hash = (hash ^ subject.ptr[i]) * 16777619u;
	return &c->shelf[hash % SHELVES];
}

bool
store_row_take(struct registry_chain *out, struct registry *r, struct span subject)
{
	struct chains *c = r->row->chains;
	struct registry_chain *shelf = shelf_of(c, subject);

	if (shelf->n == 0 || !span_equal(shelf->entries[0].act.subject, subject))
		return false;
	*out = *shelf;
	c->acts -= out->n;
	*shelf = (struct registry_chain){ 0 };
	return true;
}

void
store_row_keep(struct registry *r, struct registry_chain *chain)
{
	struct chains *c = r->row->chains;
	struct registry_chain *shelf = shelf_of(c, chain->entries[0].act.subject);

	drop(c, shelf);
	*shelf = *chain;
	c->acts += chain->n;
	*chain = (struct registry_chain){ 0 };
	for (; c->acts > ACTS_MOST; c->hand++)
		drop(c, &c->shelf[c->hand % SHELVES]);
}

#include "registry/store.h"

#include <stdlib.h>

#define SHELVES 4096     /* a subject has its place on one of them, by its hash */
#define ACTS_MOST 16384u /* in all chains: some 50 MB */

struct chains {
	struct registry_chain shelf[SHELVES]; /* n = 0: none */
	size_t acts;
	size_t hand; /* where what falls out is looked for */
};

bool
chains_new(struct chains **out, struct err *err)
{
	*out = calloc(1, sizeof **out);
	return *out != NULL || err_set(err, ERR_MEMORY, "out of memory");
}

static void
drop(struct chains *c, struct registry_chain *chain)
{
	c->acts -= chain->n;
	registry_chain_free(chain);
}

void
chains_free(struct chains *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < SHELVES; i++)
		drop(c, &c->shelf[i]);
	free(c);
}

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
chains_take(struct registry_chain *out, struct chains *c, struct span subject)
{
	struct registry_chain *shelf = shelf_of(c, subject);

	if (shelf->n == 0 || !span_equal(shelf->entries[0].act.subject, subject))
		return false;
	*out = *shelf;
	c->acts -= out->n;
	*shelf = (struct registry_chain){ 0 };
	return true;
}

void
chains_put(struct chains *c, struct registry_chain *chain)
{
	struct registry_chain *shelf = shelf_of(c, chain->entries[0].act.subject);

	drop(c, shelf);
	*shelf = *chain;
	c->acts += chain->n;
	*chain = (struct registry_chain){ 0 };
	for (; c->acts > ACTS_MOST; c->hand++)
		drop(c, &c->shelf[c->hand % SHELVES]);
}

#include "registry/store.h"

#include "registry/crew.h"

#include <stdlib.h>

#define ACTS 512 /* in a block: some hundredths of a second's work for a processor */

struct block {
	struct store_act act[ACTS];
	uint64_t index[ACTS];
	size_t n;
};

/* One block is filled while the crew works on the other. */
struct ahead {
	struct registry *registry;
	ahead_fn *fn;
	void *ctx;
	struct crew *crew;
	struct block *filling, *worked_on;
	const struct trust *trust; /* what the crew works with; NULL: the register has none yet */
};

/* What the judge will ask. That it was asked before he sees of a signer; a credential is remembered. */
static void
ask_ahead(const struct trust *trust, struct store_act *act)
{
	const struct chain_entry *e = &act->entry;
	const struct bundle_key *key;
	struct credential credential;
	struct err ignored = { 0 };

	if (!judge_signer(&act->signer, trust, &e->act, &ignored))
		return;
	act->bundle_seq = trust_bundle(trust)->seq;
	if (e->act.kind == ACT_MADE && credential_parse(&credential, e->body.made.qc1, &ignored) &&
	    trust_verify_credential(&key, trust, &credential) == TRUST_YES)
		return;
}

static void
work(void *ctx, size_t i)
{
	const struct ahead *a = ctx;
	struct store_act *act = &a->worked_on->act[i];

	store_act_decode(act);
	if (a->trust != NULL && act->why.code == ERR_NONE)
		ask_ahead(a->trust, act);
}

/* A bundle, and so the keys, may change with this act: nobody may work with the old ones meanwhile. */
static bool
changes_trust(const struct store_act *act)
{
	return act->why.code == ERR_NONE &&
	    (act->entry.act.kind == ACT_REGISTER || act->entry.act.kind == ACT_ADOPT);
}

/* What has been worked on comes out. */
static bool
hand_out(struct ahead *a, struct block *b, struct err *err)
{
	bool ok = true;

	for (size_t i = 0; i < b->n; i++) {
		if (changes_trust(&b->act[i]))
			crew_end(a->crew);
		ok = ok && a->fn(a->ctx, &b->act[i], b->index[i], err);
		store_act_free(&b->act[i]);
	}
	b->n = 0;
	return ok;
}

/* The crew gets what was filled, and meanwhile what it had comes out. */
static bool
turn(struct ahead *a, struct err *err)
{
	struct err none = { 0 };
	struct block *ready = a->worked_on;

	crew_end(a->crew);
	a->worked_on = a->filling;
	a->filling = ready;
	if (!store_trust(&a->trust, a->registry, &none))
		a->trust = NULL;
	crew_begin(a->crew, a->worked_on->n, work, a);
	return hand_out(a, ready, err);
}

bool
ahead_open(struct ahead **out, struct registry *r, ahead_fn *fn, void *ctx, struct err *err)
{
	*out = NULL;
	struct ahead *a = calloc(1, sizeof *a);
	if (a == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	*a = (struct ahead){ .registry = r, .fn = fn, .ctx = ctx };
	a->filling = calloc(1, sizeof *a->filling);
	a->worked_on = calloc(1, sizeof *a->worked_on);
	if (a->filling == NULL || a->worked_on == NULL)
		err_set(err, ERR_MEMORY, "out of memory");
	else if (store_row_begin(r, err) && crew_new(&a->crew, crew_spare_processors(), err))
		*out = a;
	if (*out == NULL)
		ahead_close(a);
	return *out != NULL;
}

static void
block_free(struct block *b)
{
	for (size_t i = 0; b != NULL && i < b->n; i++)
		store_act_free(&b->act[i]);
	free(b);
}

void
ahead_close(struct ahead *a)
{
	if (a == NULL)
		return;
	if (a->crew != NULL)
		crew_end(a->crew);
	crew_free(a->crew);
	store_row_end(a->registry);
	block_free(a->filling);
	block_free(a->worked_on);
	free(a);
}

bool
ahead_add(struct ahead *a, struct span act, int64_t recorded_s, uint64_t index, struct err *err)
{
	struct block *b = a->filling;

	store_act_copy(&b->act[b->n], act, recorded_s);
	b->index[b->n++] = index;
	/* The first act brings the first trust: nothing can be asked before. */
	return (b->n < ACTS && a->trust != NULL) || turn(a, err);
}

bool
ahead_flush(struct ahead *a, struct err *err)
{
	return turn(a, err) && turn(a, err) && store_row_save(a->registry, err);
}

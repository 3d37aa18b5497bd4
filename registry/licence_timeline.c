#include "registry/licence.h"

#include <stdlib.h>

/* ---- one moment ---- */

static int64_t
from_of(const struct licence_act *act)
{
	/* An annulled grant never was: it counts for every date. */
	return act->proposal->act.kind == ACT_ANNUL ? 0 : act->proposal->body.order.from_s;
}

/* What the licence's status becomes by this act at a moment it reaches. */
static enum status
overlay(enum status status, const struct licence_act *act)
{
	const struct ground *ground = ground_find(act->proposal->body.order.ground);
	const struct licence_row *row = ground != NULL ? licence_row(ground->to) : NULL;

	if (row == NULL)
		return status; /* the instrument or its end changed, or another act */
	/* Closing the record of a licence that was revoked or annulled makes it nothing better. */
	return ground->verb == ACT_DEREGISTER ? status_worse(status, row->value) : row->value;
}

static enum status
status_at(const struct licence_state *s, int64_t on_s)
{
	enum status status = STATUS_ACTIVE;

	for (size_t i = 0; i < s->n_acts; i++) {
		const struct licence_act *act = &s->acts[i];
		if (act->struck || on_s < from_of(act))
			continue;
		if (!act->aside || on_s < act->aside_from_s)
			status = overlay(status, act);
		else if (act->aside_status == STATUS_SUSPENDED)
			status = STATUS_SUSPENDED;
	}
	if (s->facts.superseded && on_s >= s->facts.superseded_from_s)
		status = status_worse(status, STATUS_ENDED);
	return status;
}

/* The version that took this one's place by then; 0: none. */
static uint16_t
replaced_by(const struct licence_state *s, unsigned version, int64_t on_s)
{
	for (size_t i = 0; i < s->facts.n_versions; i++) {
		const struct licence_version *next = &s->facts.versions[i];
		if (next->version == version + 1 && on_s >= next->replaces_from_s)
			return (uint16_t)next->version;
	}
	return 0;
}

/* The order that moved the end, of those in force at the moment; NULL: none. */
static const struct licence_act *
order_at(const struct licence_state *s, int64_t on_s)
{
	const struct licence_act *found = NULL;

	for (size_t i = 0; i < s->n_acts; i++) {
		const struct licence_act *act = &s->acts[i];
		if (act->proposal->act.kind == ACT_EXTEND && !act->struck &&
		    on_s >= act->proposal->body.order.from_s)
			found = act;
	}
	return found;
}

struct licence_moment
licence_at(const struct licence_state *s, unsigned version, int64_t on_s)
{
	const struct licence_act *order = order_at(s, on_s);
	const uint16_t by = replaced_by(s, version, on_s);
	struct licence_moment m = { .status = status_at(s, on_s), .end_s = s->facts.exp_s };

	if (by != 0)
		m.status = status_worse(m.status, STATUS_REPLACED);
	if (m.status == STATUS_REPLACED)
		m.by = by;
	if (order != NULL && order->proposal->body.order.until_s > m.end_s)
		m.end_s = order->proposal->body.order.until_s;
	return m;
}

/* ---- all moments: where an answer may change ---- */

struct breaks {
	int64_t *at; /* owned, ascending, from 0 on */
	size_t n;
};

static void
add_break(struct breaks *b, int64_t at_s)
{
	if (at_s > 0 && at_s != HISTORY_OPEN)
		b->at[b->n++] = at_s;
}

static int
by_time(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* `more`: how many the caller adds before breaks_sort(). */
static bool
breaks_of(struct breaks *b, const struct licence_state *s, size_t more, struct err *err)
{
	*b = (struct breaks){ 0 };
	b->at = calloc(2 * s->n_acts + s->facts.n_versions + more + 2, sizeof *b->at);
	if (b->at == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	b->at[b->n++] = 0;
	for (size_t i = 0; i < s->n_acts; i++) {
		add_break(b, from_of(&s->acts[i]));
		if (s->acts[i].aside)
			add_break(b, s->acts[i].aside_from_s);
	}
	for (size_t i = 0; i < s->facts.n_versions; i++)
		add_break(b, s->facts.versions[i].replaces_from_s);
	if (s->facts.superseded)
		add_break(b, s->facts.superseded_from_s);
	return true;
}

/* In order, each once. */
static void
breaks_sort(struct breaks *b)
{
	size_t kept = 1;

	qsort(b->at, b->n, sizeof *b->at, by_time);
	for (size_t i = 1; i < b->n; i++)
		if (b->at[i] != b->at[kept - 1])
			b->at[kept++] = b->at[i];
	b->n = kept;
}

/* ---- news ---- */

static bool
tells(const struct history_entry *have, size_t n_have, int64_t on_s, const struct licence_moment *m)
{
	const struct history_entry *e = history_find(have, n_have, on_s, HISTORY_OPEN);
	const enum status status = e != NULL ? e->status : STATUS_ACTIVE;

	return status == m->status && (e != NULL ? e->by : 0) == m->by;
}

bool
licence_history_news(struct history_entry **out, size_t *n, const struct licence_state *s,
    unsigned version, const struct history_entry *have, size_t n_have, int64_t recorded_s,
    struct err *err)
{
	struct breaks b;
	struct history_entry *last = NULL;

	*out = NULL;
	*n = 0;
	if (!breaks_of(&b, s, 2 * n_have, err))
		return false;
	for (size_t i = 0; i < n_have; i++) {
		add_break(&b, have[i].from_s);
		add_break(&b, have[i].until_s);
	}
	breaks_sort(&b);
	*out = calloc(b.n, sizeof **out);
	for (size_t i = 0; *out != NULL && i < b.n; i++) {
		const int64_t until_s = i + 1 < b.n ? b.at[i + 1] : HISTORY_OPEN;
		const struct licence_moment m = licence_at(s, version, b.at[i]);
		if (tells(have, n_have, b.at[i], &m)) {
			last = NULL;
		} else if (last != NULL && last->status == m.status && last->by == m.by) {
			last->until_s = until_s;
		} else {
			last = &(*out)[(*n)++];
			*last =
			    (struct history_entry){ m.status, b.at[i], until_s, recorded_s, m.by };
		}
	}
	free(b.at);
	return *out != NULL || err_set(err, ERR_MEMORY, "out of memory");
}

/* The end that the orders say, the later ones in `more` first asked; 0: none. */
static int64_t
end_by(const struct history_order *have, size_t n_have, const struct history_order *more,
    size_t n_more, struct history_slot slot, int64_t on_s, int64_t exp_s)
{
	const struct history_order *order =
	    history_find_order(more, n_more, slot, on_s, HISTORY_OPEN);

	if (order == NULL)
		order = history_find_order(have, n_have, slot, on_s, HISTORY_OPEN);
	return history_end(order, exp_s);
}

/* By which paper the end is what it is: an order, or the correction of one. */
static struct span
paper_at(const struct licence_state *s, int64_t on_s)
{
	const struct licence_act *order = order_at(s, on_s);

	if (order == NULL)
		order = &s->acts[s->n_acts - 1];
	return order->proposal->body.order.document;
}

bool
licence_order_news(struct history_order **out, size_t *n, const struct licence_state *s,
    const struct history_order *have, size_t n_have, struct history_slot *slot, int64_t recorded_s,
    struct err *err)
{
	struct breaks b;

	*out = NULL;
	*n = 0;
	if (!breaks_of(&b, s, n_have, err))
		return false;
	for (size_t i = 0; i < n_have; i++)
		add_break(&b, have[i].effective_s);
	breaks_sort(&b);
	*out = calloc(b.n, sizeof **out);
	for (size_t i = 0; *out != NULL && i < b.n; i++) {
		const int64_t end_s = licence_at(s, 1, b.at[i]).end_s;
		if (end_by(have, n_have, *out, *n, *slot, b.at[i], s->facts.exp_s) != end_s)
			(*out)[(*n)++] = (struct history_order){ paper_at(s, b.at[i]), slot, 1,
				end_s, b.at[i], recorded_s };
	}
	free(b.at);
	return *out != NULL || err_set(err, ERR_MEMORY, "out of memory");
}

#include "registry/licence.h"

#include <stdlib.h>

/* ---- one moment ---- */

static int64_t
from_of(const struct licence_act *act)
{
	/* An annulled grant never was: it counts for every date. */
	return act->proposal->act.kind == ACT_ANNUL ? 0 : act->proposal->body.order.from_s;
}

/* The status that acts leave, and how long it lasts at least. */
struct standing {
	enum status status;
	enum licence_status licence;
	int64_t suspended_to_s;
};

/* What it becomes by this act at a moment it reaches. */
static void
overlay(struct standing *now, const struct licence_act *act)
{
	const struct ground *ground = ground_find(act->proposal->body.order.ground);
	const struct licence_row *row = ground != NULL ? licence_row(ground->to) : NULL;

	if (row == NULL)
		return; /* the instrument or its end changed, or another act */
	/* Closing the record of a licence that was revoked or annulled makes it nothing better. */
	if (ground->verb == ACT_DEREGISTER && status_worse(now->status, row->value) != row->value)
		return;
	now->status = row->value;
	now->licence = row->status;
	now->suspended_to_s = act->proposal->body.order.until_s;
}

/* What this act leaves at a moment. */
static void
reach(struct standing *now, const struct licence_state *s, const struct licence_act *act,
    int64_t on_s)
{
	const bool rules = licence_act_rules_on_floor(s, act);

	if (act->struck || on_s < from_of(act))
		return;
	if (rules)
		*now = (struct standing){ STATUS_ACTIVE, LICENCE_ACTIVE, 0 };
	if (!rules && (!act->aside || on_s < act->aside_from_s))
		overlay(now, act);
	else if ((rules ? act->proposal->body.order.status : act->aside_status) == STATUS_SUSPENDED)
		*now = (struct standing){ STATUS_SUSPENDED, LICENCE_SUSPENDED, 0 };
}

static struct standing
standing_at(const struct licence_state *s, int64_t on_s)
{
	struct standing now = { licence_floor_at(s, on_s), licence_floor_status(s, on_s), 0 };

	for (size_t i = 0; i < s->n_acts; i++) {
		const struct licence_act *act = &s->acts[i];
		if (licence_act_is_floor(s, act))
			continue;
		struct standing next = now;
		reach(&next, s, act, on_s);
		if (!licence_act_is_between(s, act) ||
		    status_worse(now.status, next.status) == next.status)
			now = next;
	}
	if (s->facts.superseded && on_s >= s->facts.superseded_from_s &&
	    status_worse(now.status, STATUS_ENDED) != now.status) {
		now.status = STATUS_ENDED;
		now.licence = LICENCE_SUPERSEDED;
	}
	return now;
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
		    on_s >= act->proposal->body.order.from_s && !licence_act_is_floor(s, act) &&
		    !licence_act_is_between(s, act))
			found = act;
	}
	return found;
}

struct licence_moment
licence_at(const struct licence_state *s, unsigned version, int64_t on_s)
{
	const struct licence_act *order = order_at(s, on_s);
	const struct standing standing = standing_at(s, on_s);
	const struct history_entry *floor = licence_floor_entry(s, version, on_s);
	const bool lost = floor != NULL && floor->status == STATUS_REPLACED;
	const uint16_t by = lost ? floor->by : replaced_by(s, version, on_s);
	struct licence_moment m = { .status = standing.status,
		.licence = standing.licence,
		.end_s = history_end(licence_floor_order(s, on_s), s->facts.exp_s) };

	if (lost || by != 0)
		m.status = status_worse(m.status, STATUS_REPLACED);
	if (m.status == STATUS_REPLACED)
		m.by = by;
	if (m.status == STATUS_SUSPENDED && on_s < standing.suspended_to_s)
		m.suspended_to_s = standing.suspended_to_s;
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

static size_t
floor_breaks(const struct licence_state *s)
{
	size_t n = 0;

	for (size_t i = 0; s->facts.loss.floors != NULL && i < s->facts.n_versions; i++)
		n += 2 * s->facts.loss.floors[i].n + s->facts.loss.floors[i].n_orders;
	return n;
}

static void
add_floor_breaks(struct breaks *b, const struct licence_floor *f)
{
	for (size_t i = 0; i < f->n; i++) {
		add_break(b, f->entries[i].from_s);
		add_break(b, f->entries[i].until_s);
	}
	for (size_t i = 0; i < f->n_orders; i++)
		add_break(b, f->orders[i].effective_s);
}

/* `more`: how many the caller adds before breaks_sort(). */
static bool
breaks_of(struct breaks *b, const struct licence_state *s, size_t more, struct err *err)
{
	const size_t most = 3 * s->n_acts + s->facts.n_versions + floor_breaks(s) + more + 2;

	*b = (struct breaks){ 0 };
	b->at = calloc(most, sizeof *b->at);
	if (b->at == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	b->at[b->n++] = 0;
	for (size_t i = 0; i < s->n_acts; i++) {
		add_break(b, from_of(&s->acts[i]));
		add_break(b, s->acts[i].proposal->body.order.until_s);
		if (s->acts[i].aside)
			add_break(b, s->acts[i].aside_from_s);
	}
	for (size_t i = 0; i < s->facts.n_versions; i++) {
		add_break(b, s->facts.versions[i].replaces_from_s);
		if (s->facts.loss.floors != NULL)
			add_floor_breaks(b, &s->facts.loss.floors[i]);
	}
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

/* What is recorded and what is about to be. */
struct news {
	const struct history_entry *have;
	size_t n_have;
	struct history_entry *fresh; /* owned */
	size_t n;
	const struct licence_state *licence;
	unsigned version;
	const struct breaks *breaks;
	int64_t recorded_s;
};

static int64_t
break_after(const struct breaks *b, size_t i)
{
	return i + 1 < b->n ? b->at[i + 1] : HISTORY_OPEN;
}

/* Where history_find() would say something else than the licence. */
static void
add_changes(struct news *w)
{
	struct history_entry *last = NULL;

	for (size_t i = 0; i < w->breaks->n; i++) {
		const int64_t at_s = w->breaks->at[i], until_s = break_after(w->breaks, i);
		const struct licence_moment m = licence_at(w->licence, w->version, at_s);
		if (tells(w->have, w->n_have, at_s, &m)) {
			last = NULL;
		} else if (last != NULL && last->status == m.status && last->by == m.by) {
			last->until_s = until_s;
		} else {
			last = &w->fresh[w->n++];
			*last =
			    (struct history_entry){ m.status, at_s, until_s, w->recorded_s, m.by };
		}
	}
}

/* Does whoever asks about this moment of a suspension learn how long it lasts at least? */
static bool
tells_window(const struct news *w, int64_t on_s)
{
	const struct history_entry *e = history_find(w->fresh, w->n, on_s, HISTORY_OPEN);

	if (e == NULL)
		e = history_find(w->have, w->n_have, on_s, HISTORY_OPEN);
	return e == NULL || e->until_s != HISTORY_OPEN;
}

/* The window of a suspension over the entry that has no end: from the same moment on, to its own end. */
static void
add_windows(struct news *w)
{
	int64_t from_s = HISTORY_OPEN; /* since when it is suspended */

	for (size_t i = 0; i < w->breaks->n; i++) {
		const int64_t at_s = w->breaks->at[i];
		const struct licence_moment m = licence_at(w->licence, w->version, at_s);
		if (m.status != STATUS_SUSPENDED)
			from_s = HISTORY_OPEN;
		else if (from_s == HISTORY_OPEN)
			from_s = at_s;
		if (m.suspended_to_s == 0 || tells_window(w, at_s))
			continue;
		struct history_entry *window = &w->fresh[w->n++];
		*window = (struct history_entry){ m.status, from_s, m.suspended_to_s, w->recorded_s,
			m.by };
		/* Not over what came sooner than its end. */
		for (size_t k = i + 1; k < w->breaks->n && w->breaks->at[k] < window->until_s; k++)
			if (licence_at(w->licence, w->version, w->breaks->at[k]).status !=
			    STATUS_SUSPENDED)
				window->until_s = w->breaks->at[k];
	}
}

bool
licence_history_news(struct history_entry **out, size_t *n, const struct licence_state *s,
    unsigned version, const struct history_entry *have, size_t n_have, int64_t recorded_s,
    struct err *err)
{
	struct breaks b;
	struct news w = { have, n_have, NULL, 0, s, version, &b, recorded_s };

	*out = NULL;
	*n = 0;
	if (!breaks_of(&b, s, 2 * n_have, err))
		return false;
	for (size_t i = 0; i < n_have; i++) {
		add_break(&b, have[i].from_s);
		add_break(&b, have[i].until_s);
	}
	breaks_sort(&b);
	w.fresh = calloc(2 * b.n, sizeof *w.fresh);
	if (w.fresh != NULL) {
		add_changes(&w);
		add_windows(&w);
	}
	free(b.at);
	*out = w.fresh;
	*n = w.n;
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
	const struct history_order *floor = licence_floor_order(s, on_s);

	if (order == NULL && floor != NULL)
		return floor->order;
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

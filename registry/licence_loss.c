/* A licence of which later acts were lost: what was published of it is where it goes on from. */
#include "registry/licence.h"

static bool
has_floors(const struct licence_state *s)
{
	return s->facts.loss.floors != NULL;
}

bool
licence_act_is_floor(const struct licence_state *s, const struct licence_act *act)
{
	const struct licence_loss *loss = &s->facts.loss;
	return has_floors(s) && act->index < loss->size && act->recorded_s <= loss->iat_s;
}

bool
licence_act_is_between(const struct licence_state *s, const struct licence_act *act)
{
	return has_floors(s) && act->index < s->facts.loss.index && !licence_act_is_floor(s, act);
}

bool
licence_is_loss(const struct licence_state *s, const uint8_t target[SHA256_BYTES])
{
	return has_floors(s) && memcmp(s->facts.loss.proposal, target, SHA256_BYTES) == 0;
}

bool
licence_act_rules_on_floor(const struct licence_state *s, const struct licence_act *act)
{
	const uint8_t *about = act->proposal->body.order.target;

	if (!has_floors(s) || act->proposal->act.kind != ACT_SET_ASIDE)
		return false;
	const struct licence_act *target = licence_find_act(s, about);
	return target != NULL ? licence_act_is_floor(s, target) : licence_is_loss(s, about);
}

/* The newest instrument that was published: the older ones were replaced. */
static const struct licence_floor *
newest(const struct licence_state *s)
{
	for (size_t i = s->facts.n_versions; has_floors(s) && i-- > 0;)
		if (s->facts.loss.floors[i].known)
			return &s->facts.loss.floors[i];
	return NULL;
}

enum status
licence_floor_at(const struct licence_state *s, int64_t on_s)
{
	const struct licence_floor *f = newest(s);
	const struct history_entry *e =
	    f != NULL ? history_find(f->entries, f->n, on_s, HISTORY_OPEN) : NULL;

	/* That a lost version replaced it is of the instrument, not of the licence. */
	return e == NULL || e->status == STATUS_REPLACED ? STATUS_ACTIVE : e->status;
}

/* How a record was closed is not published. */
enum licence_status
licence_floor_status(const struct licence_state *s, int64_t on_s)
{
	switch (licence_floor_at(s, on_s)) {
	case STATUS_SUSPENDED:
		return LICENCE_SUSPENDED;
	case STATUS_REVOKED:
		return LICENCE_REVOKED;
	case STATUS_ANNULLED:
		return LICENCE_ANNULLED;
	case STATUS_ENDED:
		return s->facts.superseded ? LICENCE_SUPERSEDED : LICENCE_DEREGISTERED;
	default:
		return LICENCE_ACTIVE;
	}
}

const struct history_order *
licence_floor_order(const struct licence_state *s, int64_t on_s)
{
	const struct licence_floor *f = newest(s);

	return f != NULL && f->n_orders > 0
	    ? history_find_order(f->orders, f->n_orders, f->orders->slots[0], on_s, HISTORY_OPEN)
	    : NULL;
}

const struct history_entry *
licence_floor_entry(const struct licence_state *s, unsigned version, int64_t on_s)
{
	for (size_t i = 0; has_floors(s) && i < s->facts.n_versions; i++) {
		const struct licence_floor *f = &s->facts.loss.floors[i];
		if (s->facts.versions[i].version == version)
			return history_find(f->entries, f->n, on_s, HISTORY_OPEN);
	}
	return NULL;
}

unsigned
licence_next_version(const struct licence_state *s)
{
	unsigned last = 0;

	for (size_t i = 0; i < s->facts.n_versions; i++) {
		if (s->facts.versions[i].version > last)
			last = s->facts.versions[i].version;
		for (size_t k = 0; has_floors(s) && k < s->facts.loss.floors[i].n; k++)
			if (s->facts.loss.floors[i].entries[k].by > last)
				last = s->facts.loss.floors[i].entries[k].by;
	}
	return last + 1;
}

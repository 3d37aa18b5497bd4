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

/* ---- subjects ---- */

static void
subject_free(struct registry_subject *s)
{
	registry_subject_free(s);
	free(s);
}

static void
drop_all(struct row *row)
{
	for (size_t i = 0; i < row->room; i++)
		if (row->shelf[i].kept != NULL) {
			subject_free(row->shelf[i].kept);
			row->shelf[i].kept = NULL;
		}
	row->n = row->acts = 0;
}

static bool
save_all(struct registry *r, struct err *err)
{
	for (size_t i = 0; i < r->row->room; i++)
		if (r->row->shelf[i].kept != NULL &&
		    !store_save_case(r, r->row->shelf[i].kept, err))
			return false;
	return true;
}

bool
store_row_save(struct registry *r, struct err *err)
{
	return save_all(r, err) && (!r->row->grown || store_head_save(r, &r->row->head, err));
}

bool
store_row_forget(struct registry *r, struct err *err)
{
	if (r->row == NULL)
		return true;
	if (!save_all(r, err))
		return false;
	drop_all(r->row);
	return true;
}

void
store_row_end(struct registry *r)
{
	if (r->row == NULL)
		return;
	drop_all(r->row);
	free(r->row->shelf);
	known_free(r->row->known);
	free(r->row);
	r->row = NULL;
}

static struct span
name_of(const struct registry_subject *kept)
{
	return kept->chain.entries[0].act.subject;
}

/* FNV-1a. Whoever chooses names of one hash only slows an audit down to what it was without this. */
static uint64_t
hash_of(struct span name)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ name.ptr[i]) * 1099511628211u;
	return hash;
}

/* Its place, or else the free one where it would be. */
static size_t
place_of(const struct row *row, uint64_t hash, struct span name)
{
	size_t at = hash & (row->room - 1);

	while (row->shelf[at].kept != NULL &&
	    !(row->shelf[at].hash == hash && span_equal(name_of(row->shelf[at].kept), name)))
		at = (at + 1) & (row->room - 1);
	return at;
}

static void
put(struct row *row, struct row_place place)
{
	row->shelf[place_of(row, place.hash, name_of(place.kept))] = place;
	row->n++;
	row->acts += place.kept->chain.n;
}

/* Those behind it that would not be found across the gap come nearer. */
static struct registry_subject *
take(struct row *row, size_t at)
{
	struct registry_subject *taken = row->shelf[at].kept;
	struct row_place next;

	row->shelf[at].kept = NULL;
	row->n--;
	row->acts -= taken->chain.n;
	while ((next = row->shelf[at = (at + 1) & (row->room - 1)]).kept != NULL) {
		row->shelf[at].kept = NULL;
		row->shelf[place_of(row, next.hash, name_of(next.kept))] = next;
	}
	return taken;
}

static bool
make_room(struct row *row, struct err *err)
{
	struct row wider = *row;

	if (row->room > 2 * row->n)
		return true;
	wider.room = row->room > 0 ? 4 * row->room : FIRST_ROOM;
	wider.shelf = calloc(wider.room, sizeof *wider.shelf);
	if (wider.shelf == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	wider.n = wider.acts = 0;
	for (size_t i = 0; i < row->room; i++)
		if (row->shelf[i].kept != NULL)
			put(&wider, row->shelf[i]);
	free(row->shelf);
	*row = wider;
	return true;
}

struct registry_subject *
store_row_take(struct row *row, struct span subject)
{
	if (row->n == 0)
		return NULL;
	size_t at = place_of(row, hash_of(subject), subject);
	return row->shelf[at].kept != NULL ? take(row, at) : NULL;
}

/* Whoever is where the hand points makes room. */
static bool
drop_one(struct registry *r, struct err *err)
{
	struct row *row = r->row;
	const size_t at = row->hand++ & (row->room - 1);

	if (row->shelf[at].kept == NULL)
		return true;
	if (!store_save_case(r, row->shelf[at].kept, err))
		return false;
	subject_free(take(row, at));
	return true;
}

bool
store_row_keep(struct registry *r, struct registry_subject *s, struct err *err)
{
	struct row *row = r->row;

	while (row->acts + s->chain.n > ACTS_MOST && row->n > 0)
		if (!drop_one(r, err))
			return false;
	if (!make_room(row, err))
		return false;
	put(row, (struct row_place){ hash_of(name_of(s)), s });
	return true;
}

void
store_row_drop(struct row *row, struct span subject)
{
	struct registry_subject *dropped = store_row_take(row, subject);

	if (dropped != NULL)
		subject_free(dropped);
}

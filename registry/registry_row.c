/* What is remembered while many acts are judged in a row. */
#include "registry/store.h"

#include <stdlib.h>
#include <unistd.h>

#define FIRST_ROOM 64u
#define ACT_BYTES 512u /* what one says, with what it takes to keep it: of most */

bool
store_row_begin(struct registry *r, struct err *err)
{
	struct row *row = calloc(1, sizeof *row);
	const struct trust *trust;
	struct err none = { 0 };

	if (row == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (getentropy(&row->seed, sizeof row->seed) != 0) {
		free(row);
		return err_errno(err, "random bytes");
	}
	/* As this transaction has it. The same bundle stays where it is: somebody may hold a key of it. */
	bool ok = store_trust(&trust, r, &none) || none.code == ERR_NOT_FOUND;
	if (trust == NULL)
		store_trust_forget(r);
	r->row = row;
	if (!ok)
		return err_set(err, none.code, "%s", none.text);
	return trust != NULL || known_new(&row->known, row->seed, err);
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
	row->n = row->bytes = 0;
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

/* FNV-1a, seeded: nobody can choose names that lie in each other's way. */
static uint64_t
hash_of(const struct row *row, struct span name)
{
	uint64_t hash = 14695981039346656037u ^ row->seed;

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ name.ptr[i]) * 1099511628211u;
	return hash ^ hash >> 32;
}

static size_t
bytes_of(const struct registry_subject *s)
{
	return sizeof *s + s->chain.room * (sizeof *s->chain.entries + sizeof *s->chain.bytes) +
	    s->chain.n * ACT_BYTES;
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
	row->bytes += bytes_of(place.kept);
}

/* Whoever stands behind the gap, and began to look for a place at the gap or before it, goes into it. */
static void
close_gap(struct row *row, size_t gap)
{
	const size_t mask = row->room - 1;

	for (size_t at = (gap + 1) & mask; row->shelf[at].kept != NULL; at = (at + 1) & mask) {
		const size_t home = row->shelf[at].hash & mask;
		if (((at - home) & mask) < ((at - gap) & mask))
			continue;
		row->shelf[gap] = row->shelf[at];
		row->shelf[at].kept = NULL;
		gap = at;
	}
}

static struct registry_subject *
take(struct row *row, size_t at)
{
	struct registry_subject *taken = row->shelf[at].kept;

	row->shelf[at].kept = NULL;
	row->n--;
	row->bytes -= bytes_of(taken);
	close_gap(row, at);
	return taken;
}

/* At most half of the places are taken. */
static bool
make_room(struct row *row, struct err *err)
{
	struct row_place *before = row->shelf;
	const size_t places = row->room;

	if (row->room > 2 * row->n)
		return true;
	row->room = places > 0 ? 4 * places : FIRST_ROOM;
	row->shelf = calloc(row->room, sizeof *row->shelf);
	if (row->shelf == NULL) {
		row->shelf = before;
		row->room = places;
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	row->n = row->bytes = 0;
	for (size_t i = 0; i < places; i++)
		if (before[i].kept != NULL)
			put(row, before[i]);
	free(before);
	return true;
}

struct registry_subject *
store_row_take(struct row *row, struct span subject)
{
	if (row->n == 0)
		return NULL;
	size_t at = place_of(row, hash_of(row, subject), subject);
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

	while (row->n > 0 && row->bytes + bytes_of(s) > r->keep_bytes)
		if (!drop_one(r, err))
			return false;
	if (!make_room(row, err))
		return false;
	put(row, (struct row_place){ hash_of(row, name_of(s)), s });
	return true;
}

void
store_row_drop(struct row *row, struct span subject)
{
	struct registry_subject *dropped = store_row_take(row, subject);

	if (dropped != NULL)
		subject_free(dropped);
}

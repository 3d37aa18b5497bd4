#include "verifier/believed.h"

#include "core/file.h"
#include "credential/root_set.h"

#include <assert.h>

#include <stdlib.h>

struct bureau {
	struct published *published;
	bool guarded;
	/* Only of one that is kept. */
	struct shelf_copies *files;
	struct buf root_file;
	uint8_t fingerprint[SHA256_BYTES];
	struct memory memory;
};

struct believed {
	struct bureau *bureaus;
	size_t n;
};

bool
believed_new(struct believed **out, struct err *err)
{
	*out = calloc(1, sizeof **out);
	return *out != NULL || err_set(err, ERR_MEMORY, "out of memory");
}

static void
bureau_close(struct bureau *u)
{
	published_close(u->published);
	if (u->files != NULL)
		shelf_copies_free(u->files);
	free(u->files);
	buf_free(&u->root_file);
}

void
believed_free(struct believed *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->n; i++)
		bureau_close(&b->bureaus[i]);
	free(b->bureaus);
	free(b);
}

/* The shelf from now on, if what is read from it shall be kept. */
static bool
keep_files(struct bureau *u, struct shelf *shelf, struct err *err)
{
	u->files = calloc(1, sizeof *u->files);
	if (u->files == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	u->files->from = *shelf;
	*shelf = shelf_copying(u->files);
	return true;
}

/* Judged by what is remembered; and remembered. */
static bool
open_bureau(struct bureau *u, const struct believed_paths *paths, int64_t now_s, struct err *err)
{
	struct shelf shelf = shelf_folder(paths->folder);
	const struct span root = buf_span(&u->root_file);
	struct memory memory = { 0 };

	if (!root_set_fingerprint(u->fingerprint, root, err) ||
	    (paths->memory != NULL && !memory_load(&memory, paths->memory, u->fingerprint, err)) ||
	    (paths->keep && !keep_files(u, &shelf, err)))
		return false;
	u->memory = memory;
	if (!published_open(&u->published, root, &shelf, &memory, now_s, err))
		return false;
	u->guarded = paths->memory != NULL &&
	    memory_save(&memory, &u->memory, paths->memory, u->fingerprint, NULL);
	return true;
}

/* Room for one more, zeroed; NULL without memory. */
static struct bureau *
another(struct believed *b, struct err *err)
{
	struct bureau *more = reallocarray(b->bureaus, b->n + 1, sizeof *more);

	if (more == NULL) {
		err_set(err, ERR_MEMORY, "out of memory");
		return NULL;
	}
	b->bureaus = more;
	more[b->n] = (struct bureau){ 0 };
	return &more[b->n];
}

/* It is one of them, or gone. */
static bool
added(struct believed *b, bool ok)
{
	if (ok)
		b->n++;
	else
		bureau_close(&b->bureaus[b->n]);
	return ok;
}

bool
believed_add(struct believed *b, const struct believed_paths *paths, int64_t now_s, struct err *err)
{
	struct bureau *u = another(b, err);

	return u != NULL &&
	    added(b,
		file_read(&u->root_file, paths->root, LIMIT_BUNDLE_BYTES, err) &&
		    (open_bureau(u, paths, now_s, err) || err_in(err, "%s", paths->root)));
}

bool
believed_add_shelf(struct believed *b, struct span root_file, const struct shelf *shelf,
    const struct memory *memory, bool guarded, int64_t now_s, struct err *err)
{
	struct bureau *u = another(b, err);

	if (u == NULL)
		return false;
	u->memory = *memory;
	u->guarded = guarded;
	return added(b, published_open(&u->published, root_file, shelf, &u->memory, now_s, err));
}

size_t
believed_count(const struct believed *b)
{
	return b->n;
}

struct published *
believed_published(const struct believed *b, size_t i)
{
	return b->bureaus[i].published;
}

struct believed_kept
believed_kept(const struct believed *b, size_t i)
{
	const struct bureau *u = &b->bureaus[i];
	struct believed_kept kept = { .root_file = buf_span(&u->root_file),
		.guarded = u->guarded,
		.memory = u->memory,
		.files = u->files };

	assert(u->files != NULL);
	memcpy(kept.fingerprint, u->fingerprint, sizeof kept.fingerprint);
	return kept;
}

static int
severity(const struct answer *a)
{
	static const int order[] = { [VERDICT_UNDECIDED] = 3,
		[VERDICT_VALID] = 0,
		[VERDICT_REJECTED] = 2,
		[VERDICT_UNDETERMINED] = 1 };
	return order[a->verdict];
}

/* Does this one say more than the one held? Who recognises it before who does not. */
static bool
says_more(const struct answer *a, const struct answer *held)
{
	if (a->recognised != held->recognised)
		return a->recognised;
	if (a->recognised)
		return severity(a) > severity(held);
	return a->verdict == VERDICT_UNDETERMINED && held->verdict != VERDICT_UNDETERMINED;
}

bool
believed_ask(struct answer *out, size_t *which, const struct believed *b, believed_judge *judge,
    const void *input, struct err *err)
{
	size_t best = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct answer other, *a = i == 0 ? out : &other;
		if (!judge(a, b->bureaus[i].published, input, err))
			return false;
		a->unguarded = !b->bureaus[i].guarded;
		if (i == 0 || !says_more(a, out))
			continue;
		*out = *a;
		best = i;
	}
	if (b->n > 1 && !out->recognised)
		answer_unname(out);
	if (which != NULL)
		*which = best;
	return true;
}

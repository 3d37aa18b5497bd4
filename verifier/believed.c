#include "verifier/believed.h"

#include "core/file.h"
#include "credential/root_set.h"
#include "verifier/memory.h"

#include <stdlib.h>

struct bureau {
	struct published *published;
	bool guarded;
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

void
believed_free(struct believed *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->n; i++)
		published_close(b->bureaus[i].published);
	free(b->bureaus);
	free(b);
}

/* Under what its memory lies. Whether it is signed is found out when it is opened. */
static bool
fingerprint_of(uint8_t out[SHA256_BYTES], struct span root_file, struct err *err)
{
	struct cose_sign envelope;
	struct root_set set;

	if (!root_set_parse_file(&envelope, &set, root_file, err))
		return false;
	sha256(out, envelope.payload);
	return true;
}

static bool
open_bureau(struct bureau *out, struct span root, const struct believed_paths *paths, int64_t now_s,
    struct err *err)
{
	const struct shelf shelf = shelf_folder(paths->folder);
	struct memory memory = { 0 }, before;
	uint8_t fingerprint[SHA256_BYTES];

	if (!fingerprint_of(fingerprint, root, err) ||
	    (paths->memory != NULL && !memory_load(&memory, paths->memory, fingerprint, err)))
		return false;
	before = memory;
	if (!published_open(&out->published, root, &shelf, &memory, now_s, err))
		return false;
	out->guarded = paths->memory != NULL &&
	    memory_save(&memory, &before, paths->memory, fingerprint, NULL);
	return true;
}

bool
believed_add(struct believed *b, const struct believed_paths *paths, int64_t now_s, struct err *err)
{
	struct bureau *more = reallocarray(b->bureaus, b->n + 1, sizeof *more);
	struct buf root = BUF_EMPTY;
	bool ok = more != NULL || err_set(err, ERR_MEMORY, "out of memory");

	if (ok) {
		b->bureaus = more;
		b->bureaus[b->n] = (struct bureau){ 0 };
		ok = file_read(&root, paths->root, LIMIT_BUNDLE_BYTES, err) &&
		    (open_bureau(&b->bureaus[b->n], buf_span(&root), paths, now_s, err) ||
			err_in(err, "%s", paths->root));
	}
	if (ok)
		b->n++;
	buf_free(&root);
	return ok;
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

/*
 * The bureaus a verifier believes: each a root set with its own published files and its own memory of them.
 * They are never merged: whatever is handed in is judged wholly under one of them at a time.
 */
#ifndef VERIFIER_BELIEVED_H
#define VERIFIER_BELIEVED_H

#include "verifier/answer.h"
#include "verifier/published.h"

struct believed;

/* All borrowed for as long as the object lives. */
struct believed_paths {
	const char *root;   /* root.cose */
	const char *folder; /* a copy of what the bureau publishes; NULL: none is held */
	const char
	    *memory; /* folder to remember in; NULL: roll-back is unguarded, as answers say */
	bool keep;   /* what is read is kept, for evidence */
};

/* ERR_MEMORY. believed_free() it; NULL is accepted. */
MUST_CHECK bool believed_new(struct believed **out, struct err *err);
void believed_free(struct believed *b);

/*
 * Believe one more: read what it publishes, judge it by what is remembered, and remember.
 * False for a root file or a memory that cannot be used (ERR_NOT_FOUND, ERR_MALFORMED, ERR_CRYPTO), a file that
 * cannot be read (ERR_IO) or no memory; a memory that cannot be written makes it unguarded, no more.
 */
MUST_CHECK bool believed_add(
    struct believed *b, const struct believed_paths *paths, int64_t now_s, struct err *err);
/*
 * Believe one whose files lie elsewhere than in a folder, and which was judged by this memory.
 *   root_file  the bytes of root.cose; borrowed during the call
 *   shelf      what it points at must outlive b
 *   guarded    what answers say of roll-back
 */
MUST_CHECK bool believed_add_shelf(struct believed *b, struct span root_file,
    const struct shelf *shelf, const struct memory *memory, bool guarded, int64_t now_s,
    struct err *err);
size_t believed_count(const struct believed *b);
/* Of the bureau added i-th, from 0. */
struct published *believed_published(const struct believed *b, size_t i);

/* Of a bureau added to be kept: all that its answers rest on so far. Borrowed. */
struct believed_kept {
	struct span root_file;
	uint8_t fingerprint[SHA256_BYTES];
	bool guarded;
	struct memory memory; /* by which its files were judged */
	const struct shelf_copies *files;
};
struct believed_kept believed_kept(const struct believed *b, size_t i);

/* What one bureau's files say: verify() and its like. False: we could not do the job. */
typedef bool believed_judge(
    struct answer *out, struct published *published, const void *input, struct err *err);

/*
 * The answer of the bureau that recognises its own signature or seal, whatever it is. If none does: CANNOT TELL where
 * one of them cannot know, for want of newer trust data, else NOT VALID, and no bureau is named. If several do, which
 * happens only where one lists another's key, the worst.
 *
 *   which  its index; of the first where none recognises it. May be NULL
 */
MUST_CHECK bool believed_ask(struct answer *out, size_t *which, const struct believed *b,
    believed_judge *judge, const void *input, struct err *err);

#endif

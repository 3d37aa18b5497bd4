#include "keys/signatures.h"

#include <pthread.h>
#include <stdlib.h>

#define SHELVES 4096 /* a signature has its place on one of them, by the hash of what was signed */
#define PLACES 4     /* on each; the oldest is given up */

/* What holds: nothing less than all of it is compared. */
struct fact {
	uint8_t key[SHA256_BYTES], message[SHA256_BYTES]; /* hashes */
	uint8_t signature[COSE_SIGNATURE_BYTES];
};

struct shelf {
	struct fact fact[PLACES];
	unsigned kept; /* so far: the next goes to place kept % PLACES */
};

struct signatures {
	pthread_mutex_t lock;
	struct shelf shelves[SHELVES];
};

bool
signatures_new(struct signatures **out, struct err *err)
{
	*out = calloc(1, sizeof **out);
	if (*out == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (pthread_mutex_init(&(*out)->lock, NULL) == 0)
		return true;
	free(*out);
	*out = NULL;
	return err_set(err, ERR_MEMORY, "out of memory");
}

void
signatures_free(struct signatures *s)
{
	if (s == NULL)
		return;
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static struct shelf *
shelf_of(struct signatures *s, const struct fact *f)
{
	return &s->shelves[(f->message[0] << 8 | f->message[1]) % SHELVES];
}

static bool
is_kept(struct signatures *s, const struct fact *f)
{
	const struct shelf *shelf = shelf_of(s, f);
	bool found = false;

	pthread_mutex_lock(&s->lock);
	const unsigned n = shelf->kept < PLACES ? shelf->kept : PLACES;
	for (unsigned i = 0; i < n && !found; i++)
		found = memcmp(&shelf->fact[i], f, sizeof *f) == 0;
	pthread_mutex_unlock(&s->lock);
	return found;
}

static void
keep(struct signatures *s, const struct fact *f)
{
	struct shelf *shelf = shelf_of(s, f);

	pthread_mutex_lock(&s->lock);
	shelf->fact[shelf->kept++ % PLACES] = *f;
	pthread_mutex_unlock(&s->lock);
}

enum key_answer
signatures_verify(
    struct signatures *s, const struct key *key, struct span message, struct span signature)
{
	struct fact f;

	if (s == NULL || signature.len != sizeof f.signature)
		return key_verify(key, message, signature);
	memcpy(f.key, key_hash(key), sizeof f.key);
	sha256(f.message, message);
	memcpy(f.signature, signature.ptr, sizeof f.signature);
	if (is_kept(s, &f))
		return KEY_HOLDS;
	const enum key_answer answer = key_verify_hash(key, f.message, signature);
	if (answer == KEY_HOLDS)
		keep(s, &f);
	return answer;
}

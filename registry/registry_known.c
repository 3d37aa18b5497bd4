#include "registry/store.h"

#include <stdlib.h>

#define FIRST_ROOM 4096

/* Open addressing, filled to a half at most; zeros are a free place. */
struct known {
	uint8_t (*keys)[KNOWN_BYTES];
	size_t n, room; /* room is a power of two */
	uint64_t seed;
};

static const uint8_t none[KNOWN_BYTES];

void
known_free(struct known *k)
{
	if (k == NULL)
		return;
	free(k->keys);
	free(k);
}

bool
known_new(struct known **out, uint64_t seed, struct err *err)
{
	struct known *k = calloc(1, sizeof *k);

	*out = NULL;
	if (k == NULL || (k->keys = calloc(FIRST_ROOM, sizeof *k->keys)) == NULL) {
		known_free(k);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	k->room = FIRST_ROOM;
	k->seed = seed;
	*out = k;
	return true;
}

/* Where the key is, or would be. */
static uint8_t *
place_of(const struct known *k, const uint8_t key[KNOWN_BYTES])
{
	uint64_t half[2];
	size_t at;

	memcpy(half, key, sizeof half);
	at = (size_t)(((half[0] ^ k->seed) * 0x9e3779b97f4a7c15u ^
			  (half[1] + k->seed) * 0xc2b2ae3d27d4eb4fu) >>
	    32);
	for (at &= k->room - 1; memcmp(k->keys[at], none, KNOWN_BYTES) != 0 &&
	     memcmp(k->keys[at], key, KNOWN_BYTES) != 0;)
		at = (at + 1) & (k->room - 1);
	return k->keys[at];
}

bool
known_has(const struct known *k, const uint8_t key[KNOWN_BYTES])
{
	return memcmp(place_of(k, key), key, KNOWN_BYTES) == 0;
}

static bool
grow(struct known *k, struct err *err)
{
	struct known wider = { .n = k->n, .room = 2 * k->room, .seed = k->seed };

	wider.keys = calloc(wider.room, sizeof *wider.keys);
	if (wider.keys == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < k->room; i++)
		memcpy(place_of(&wider, k->keys[i]), k->keys[i], KNOWN_BYTES);
	free(k->keys);
	*k = wider;
	return true;
}

bool
known_add(struct known *k, const uint8_t key[KNOWN_BYTES], struct err *err)
{
	if (2 * (k->n + 1) > k->room && !grow(k, err))
		return false;
	uint8_t *place = place_of(k, key);
	k->n += memcmp(place, none, KNOWN_BYTES) == 0;
	memcpy(place, key, KNOWN_BYTES);
	return true;
}

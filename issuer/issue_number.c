#include "issuer/issue_parts.h"

#include "core/civil.h"
#include "issuer/random.h"
#include "registry/registry_floor.h"

#include <stdio.h>
#include <stdlib.h>

#define NUMBER_TRIES 4096 /* even when nine of ten numbers of a year are used, one is found */

static bool
draw(char out[NUMBER_STORED_BYTES], const struct sitting *s, struct span family, enum grade grade,
    struct err *err)
{
	uint64_t random;
	char letters[FAMILY_BYTES];
	struct number number;
	unsigned class;
	const int year = civil_of(s->now_s).year;

	snprintf(letters, sizeof letters, "%.*s", (int)family.len, (const char *)family.ptr);
	if (!registry_number_class(&class, s->bureau->registry, year, err) ||
	    !random_bytes((uint8_t *)&random, sizeof random, err))
		return false;
	if (class >= NUMBER_CLASSES)
		return err_set(err, ERR_LIMIT, "no numbers are left for this year");
	if (!number_make(&number, letters, grade == GRADE_A ? 'A' : 'B', s->bureau->conf.region,
		year, number_serial(class, random), err))
		return false;
	number_stored(out, &number);
	return true;
}

/* Is it new in the register and among those taken? */
static bool
is_new(bool *out, const struct sitting *s, const char (*taken)[NUMBER_STORED_BYTES], size_t n,
    const char *number, struct err *err)
{
	*out = false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(taken[i], number) == 0)
			return true;
	return registry_number_free(out, s->bureau->registry, span_text(number), err);
}

bool
issue_new_number(char out[NUMBER_STORED_BYTES], const struct sitting *s, struct span family,
    enum grade grade, const char (*taken)[NUMBER_STORED_BYTES], size_t n, struct err *err)
{
	bool found = false;

	for (int tries = 0; tries < NUMBER_TRIES; tries++) {
		if (!draw(out, s, family, grade, err) || !is_new(&found, s, taken, n, out, err))
			return false;
		if (found)
			return true;
	}
	return err_set(err, ERR_LIMIT, "the numbers of this year are running out");
}

bool
issue_new_slots(struct history_slot *out, size_t n, const struct sitting *s, struct err *err)
{
	uint64_t *random = calloc(n + 1, sizeof *random);

	bool ok = (random != NULL || err_set(err, ERR_MEMORY, "out of memory")) &&
	    random_bytes((uint8_t *)random, n * sizeof *random, err) &&
	    registry_pick_slots(out, n, s->bureau->registry, random, err);
	free(random);
	return ok;
}

/*
 * Grounds: why a licence may be suspended, given back or taken away, and what people call it. The table
 * is templates/grounds.json.
 */
#ifndef REGISTRY_GROUND_H
#define REGISTRY_GROUND_H

#include "core/lang.h"
#include "credential/act.h"

struct ground {
	char *code;         /* "SUS-05" */
	enum act_kind verb; /* suspend, lift or revoke */
	char *zh, *en;
};

struct grounds {
	struct ground *rows; /* owned, in the file's order */
	size_t count;
	uint8_t hash[SHA256_BYTES]; /* of the file's bytes */
};

/*
 *   out  grounds_free() it; zeroed on failure
 *
 * ERR_MALFORMED  not exactly such a table; a code twice
 * ERR_LIMIT, ERR_MEMORY
 */
MUST_CHECK bool grounds_parse(struct grounds *out, struct span json, struct err *err);
void grounds_free(struct grounds *g);

/* NULL if there is no such code. */
const struct ground *grounds_find(const struct grounds *g, struct span code);
bool ground_fits(const struct ground *ground, enum act_kind verb);
const char *ground_name(const struct ground *ground, enum lang lang);

#endif

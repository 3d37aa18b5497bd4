/*
 * Grounds: why a licence may be suspended, given back or taken away, and what people call it. The table
 * is templates/grounds.json, compiled in: what may be recorded must not depend on a file that somebody
 * can edit beside the register.
 */
#ifndef REGISTRY_GROUND_H
#define REGISTRY_GROUND_H

#include "core/lang.h"
#include "credential/act.h"

struct ground {
	const char *code;   /* "SUS-05" */
	enum act_kind verb; /* suspend, lift or revoke */
	const char *zh, *en;
};

/* All rows, those of one verb together; *count gets how many. */
const struct ground *ground_all(size_t *count);

/* NULL if there is no such code. */
const struct ground *ground_find(struct span code);
bool ground_fits(enum act_kind verb, struct span code);
const char *ground_name(const struct ground *ground, enum lang lang);

#endif

/* The writing side of lookup.db (registry/lookup.h): it follows the register, under the writer's lock. */
#ifndef REGISTRY_LOOKUP_WRITE_H
#define REGISTRY_LOOKUP_WRITE_H

#include "registry/registry.h"

/* Does the file reflect the whole log? No also if there is none or it cannot be read. */
bool lookup_is_current(struct registry *r, const char *path);

/* Bring the file up to date, making it if it is missing and anew if it is of another log. */
MUST_CHECK bool lookup_update(struct registry *r, const char *path, struct err *err);

#endif

/*
 * Work shared by all processors: many small pieces of one kind, done by other threads while their owner
 * does something else.
 */
#ifndef REGISTRY_CREW_H
#define REGISTRY_CREW_H

#include "core/err.h"

#include <stddef.h>

struct crew;

/* One piece; it may touch what no other piece touches. */
typedef void crew_fn(void *ctx, size_t i);

/*
 * `threads` beside the owner's; fewer, or none, if the system has no more. ERR_MEMORY.
 */
MUST_CHECK bool crew_new(struct crew **out, size_t threads, struct err *err);
/* After crew_end(). */
void crew_free(struct crew *c);

/* How many threads beside its own would find a processor to run on. */
size_t crew_spare_processors(void);

/* Begin fn(ctx, 0) to fn(ctx, n - 1), in any order and side by side. */
void crew_begin(struct crew *c, size_t n, crew_fn *fn, void *ctx);
/* Help until all of them are done; nothing if none was begun. */
void crew_end(struct crew *c);

#endif

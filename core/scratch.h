/*
 * A private folder for one job. It is gone when the job is done, and when its process is killed or crashes: a
 * child waits for that. It stays where both end at once, as when all of a service is killed or power fails.
 * Part of core_file.
 */
#ifndef CORE_SCRATCH_H
#define CORE_SCRATCH_H

#include "core/err.h"

struct scratch;

/*
 * Make it, mode 0700. To be called while the process has one thread, and before any lock is taken.
 *
 *   out     scratch_close() it; NULL on failure
 *   parent  an existing folder
 *   prefix  of its name
 *
 * ERR_IO  no folder can be made there, or its path leaves no room for files in it
 */
MUST_CHECK bool scratch_open(
    struct scratch **out, const char *parent, const char *prefix, struct err *err);

/* Its path, with the parent's; borrowed. */
const char *scratch_path(const struct scratch *s);

/* Remove it and all that is in it. Accepts NULL. ERR_IO: something is left, and where. */
MUST_CHECK bool scratch_close(struct scratch *s, struct err *err);

#endif

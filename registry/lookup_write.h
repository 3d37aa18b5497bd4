/* The writing side of lookup.db (registry/lookup.h): it follows the register, under the writer's lock. */
#ifndef REGISTRY_LOOKUP_WRITE_H
#define REGISTRY_LOOKUP_WRITE_H

#include "registry/registry.h"

/* lookup.db held open, so that an act does not have to wait for its opening and closing. */
struct lookup_writer;
void lookup_writer_close(struct lookup_writer *w); /* accepts NULL */

/* Does the file reflect the whole log? No also if there is none or it cannot be read. */
bool lookup_is_current(struct registry *r, const char *path);

/*
 * Bring the file up to date, making it if it is missing and anew if it is of another log. *w is NULL at
 * first; what it becomes is kept for the next time, also on failure.
 *
 * It lasts through the death of any process. A power failure may take back the newest changes, which the
 * next writer who opens the register puts in again.
 */
MUST_CHECK bool lookup_update(
    struct lookup_writer **w, struct registry *r, const char *path, struct err *err);

#endif

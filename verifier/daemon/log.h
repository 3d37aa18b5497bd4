/*
 * The daemon's log: one JSON object a line on standard error. No digits of a code, no number, no name, no
 * address ever stands in it; whoever adds a field keeps to that.
 */
#ifndef VERIFIER_DAEMON_LOG_H
#define VERIFIER_DAEMON_LOG_H

#include "core/err.h"

#include <jansson.h>

/* `more` is taken over; its members follow time, level and event. NULL: none. */
void log_info(const char *event, json_t *more);
void log_warning(const char *event, json_t *more);

/*
 * From now on a thread writes the lines, so that nobody waits for a reader of standard error that is slow: what it has not
 * taken beyond LOG_BYTES is lost, and a line says how many lines those were. Like standard error, there is one of it.
 * ERR_MEMORY, ERR_IO.
 */
#define LOG_BYTES (256u << 10)
MUST_CHECK bool log_open(struct err *err);
/* Wait until all is written, but no longer than a second for a reader that takes nothing. */
void log_close(void);

#endif

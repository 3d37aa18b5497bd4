/*
 * The daemon's log: one JSON object a line on standard error. No digits of a code, no number, no name, no
 * address ever stands in it; whoever adds a field keeps to that.
 */
#ifndef VERIFIER_LOG_H
#define VERIFIER_LOG_H

#include <jansson.h>

/* `more` is taken over; its members follow time, level and event. NULL: none. */
void log_info(const char *event, json_t *more);
void log_warning(const char *event, json_t *more);

#endif

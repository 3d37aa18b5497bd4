/* A request's body as JSON. */
#ifndef VERIFIER_DAEMON_BODY_JSON_H
#define VERIFIER_DAEMON_BODY_JSON_H

#include "core/buf.h"

#include <jansson.h>

/*
 * Read an object, no member of which stands twice. Its nesting and its values are counted before it is read: a value
 * of two bytes takes a hundred once it is read.
 *
 *   out     the caller's; NULL on failure
 *   values  how many there may be, names of members included
 *
 * ERR_MALFORMED  no such object
 * ERR_LIMIT      more values, or deeper than LIMIT_BODY_JSON_DEPTH
 */
MUST_CHECK bool body_json_read(json_t **out, struct span body, size_t values, struct err *err);

#endif

/* What an audit found: on the screen, or with --json in the answer; and the exit code. */
#ifndef ISSUER_AUDIT_SHOW_H
#define ISSUER_AUDIT_SHOW_H

#include "issuer/command.h"
#include "registry/audit.h"

#include <stdint.h>

/*
 * Of a bureau, open as c->bureau unless nothing of it could be opened.
 *   began_ms  monotonic_ms() when the audit did
 */
void audit_show(struct command *c, const struct audit_result *r, int64_t began_ms);
/* Of a published log alone. */
void audit_show_log(struct command *c, const struct audit_result *r, int64_t began_ms);

#endif

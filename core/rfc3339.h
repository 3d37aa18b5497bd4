/*
 * Instants: whole seconds since 1970-01-01T00:00:00Z, int64_t, named *_s. No leap seconds, no local
 * time but +08:00, which has no summer time. The range is 0 to CIVIL_LAST_S (core/civil.h).
 */
#ifndef CORE_RFC3339_H
#define CORE_RFC3339_H

#include "core/err.h"
#include "core/span.h"

#define RFC3339_TEXT_BYTES 26 /* "2026-11-20T16:12:00+08:00" and NUL */

/*
 * Strict RFC 3339 date-time: fixed widths, 'T', seconds 00-59, no fraction, "Z" or
 * "+HH:MM"/"-HH:MM"; 2026-02-30, :60, one-digit fields and instants out of range are ERR_MALFORMED.
 */
MUST_CHECK bool rfc3339_parse(int64_t *out_s, struct span text, struct err *err);

/* Write t_s, held within the range, as YYYY-MM-DDTHH:MM:SS+08:00. */
void rfc3339_format(char out[RFC3339_TEXT_BYTES], int64_t t_s);

#endif

/* A form that comes in pieces of one's choice, to a server without threads: for what upload.c makes of it. */
#ifndef TESTS_VERIFIER_POSTED_H
#define TESTS_VERIFIER_POSTED_H

#include "core/span.h"
#include "verifier/daemon/http.h"

/* The form that was read, borrowed; NULL: it was refused. */
typedef void posted_fn(const struct http_form *form);

/*
 * Send a body whose boundary is "bound": its first bytes, then pieces of `step` bytes.
 *
 *   step  at least 1
 *
 * False: the server did not answer; with a body of less than 64 KiB it must.
 */
bool posted(struct span body, size_t first, size_t step, posted_fn *see);

#endif

/*
 * A helper of ours, in a process of its own: it reads its standard input and writes its standard output, and it
 * is killed when its time is over. What must not happen in this program (a network, a picture's decoder) happens
 * there.
 *
 * Whoever writes to one ignores SIGPIPE: a helper may die at any moment, which is an error here and no signal.
 */
#ifndef VERIFIER_HELPER_H
#define VERIFIER_HELPER_H

#include "core/buf.h"

#include <stdint.h>

/*
 * Append the path of a helper: ../libexec/NAME beside the program that runs, else where it was to be installed.
 *
 * ERR_NOT_FOUND  it is in neither place; the text names the first
 */
MUST_CHECK bool helper_find(struct buf *out, const char *name, struct err *err);

struct helper;

/*
 * Start one.
 *   argv  argv[0] is its path; ends with NULL
 * ERR_NOT_FOUND (no such program), ERR_IO, ERR_MEMORY
 */
MUST_CHECK bool helper_start(struct helper **out, const char *const argv[], struct err *err);

/* Kill it if it still runs, and wait for its end. Accepts NULL. */
void helper_stop(struct helper *h);

/* A moment of the monotonic clock, so many seconds from now. */
int64_t helper_deadline_ms(unsigned wait_s);

/*
 * Give it bytes on its standard input, and close that when nothing more will come.
 * ERR_LIMIT (the time was over), ERR_IO (it ended, or closed its input)
 */
MUST_CHECK bool helper_write(
    struct helper *h, struct span bytes, int64_t deadline_ms, struct err *err);
void helper_close_input(struct helper *h);

/*
 * Append exactly n bytes of what it says; a line up to its newline, without it, of at most max bytes; or all up
 * to its end, at most max bytes.
 * ERR_LIMIT (too long, or the time was over), ERR_IO (it ended before), ERR_MEMORY
 */
MUST_CHECK bool helper_read(
    struct buf *out, struct helper *h, size_t n, int64_t deadline_ms, struct err *err);
MUST_CHECK bool helper_read_line(
    struct buf *out, struct helper *h, size_t max, int64_t deadline_ms, struct err *err);
MUST_CHECK bool helper_read_all(
    struct buf *out, struct helper *h, size_t max, int64_t deadline_ms, struct err *err);

#endif

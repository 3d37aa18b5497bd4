/*
 * Other programs: found by PATH, run to their end without a shell, in a process group of their own. Part of core_file.
 */
#ifndef CORE_PROGRAM_H
#define CORE_PROGRAM_H

#include "core/buf.h"

#define PROGRAM_WAIT_S 30 /* a page is read in a second: what takes longer has come to a stop */

/*
 * Run one with nothing to read, and append what it says, on standard output and standard error together.
 *
 *   wait_s     after so many seconds it is killed, with what it started (ERR_LIMIT)
 *   status     its exit status; 128 and above: ended by a signal
 *   max_bytes  of what it says (ERR_LIMIT beyond; it is waited for all the same)
 *   argv       argv[0] is its name; ends with NULL
 *
 * ERR_NOT_FOUND  no such program
 * ERR_IO         it cannot be run
 */
MUST_CHECK bool program_run(int *status, struct buf *out, size_t max_bytes, unsigned wait_s,
    const char *const argv[], struct err *err);

/* The same with `in` to read on its standard input. */
MUST_CHECK bool program_feed(int *status, struct buf *out, size_t max_bytes, unsigned wait_s,
    const char *const argv[], struct span in, struct err *err);

#endif

/*
 * What a process may still do once it looks at a stranger's bytes. A decoder that was taken over can spoil its own
 * answer and nothing else: it opens no file and no socket, starts nothing, writes to the descriptors it has and
 * ends in seconds.
 *
 * Resource limits and the filter of system calls (seccomp) always; Landlock where the kernel has it (Linux 5.13):
 * without it the filter alone says what may be opened, by flags and not by path. A call that is not on the list
 * fails with EPERM. What is inherited by programs started afterwards stays in force in them.
 */
#ifndef VERIFIER_DECODE_SANDBOX_H
#define VERIFIER_DECODE_SANDBOX_H

#include "core/err.h"

/* For who decodes: no path at all. ERR_IO */
MUST_CHECK bool sandbox_decoder(struct err *err);

/* For who becomes pdftoppm: files are read, below the system's folders only, and nothing is written. ERR_IO */
MUST_CHECK bool sandbox_renderer(struct err *err);

#endif

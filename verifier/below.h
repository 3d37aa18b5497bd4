/* A file of a folder that is laid out like a bureau's web site. */
#ifndef VERIFIER_BELOW_H
#define VERIFIER_BELOW_H

#include "core/buf.h"

/*
 * Append FOLDER/NAME. *found is false, and nothing is an error, if it is not there or longer than max
 * bytes: it is none of ours. ERR_IO, ERR_MEMORY.
 */
MUST_CHECK bool below_read(struct buf *out, bool *found, const char *folder, const char *name,
    size_t max, struct err *err);

#endif

/*
 * Files that nobody else may read: regular, mode 0600 (or less), owned by the effective user, and the path
 * itself no symbolic link. Anything else is refused before a byte is read.
 */
#ifndef KEYS_SECRET_FILE_H
#define KEYS_SECRET_FILE_H

#include "core/buf.h"

/*
 * Append the whole file, at most max_bytes. The caller wipes `out`.
 * ERR_NOT_FOUND, ERR_IO, ERR_LIMIT; ERR_REFUSED: others could read or replace it
 */
MUST_CHECK bool secret_file_read(
    struct buf *out, const char *path, size_t max_bytes, struct err *err);

#endif

/*
 * Whole files, read under a ceiling and written so that a crash leaves the old or the new one. The
 * part of core/ that touches the system, with scratch.h; a library of its own (core_file).
 */
#ifndef CORE_FILE_H
#define CORE_FILE_H

#include "core/buf.h"

#include <glob.h>
#include <sys/types.h>

/* Append the whole of a regular file of at most max_bytes. ERR_NOT_FOUND, ERR_LIMIT, ERR_IO. */
MUST_CHECK bool file_read(struct buf *out, const char *path, size_t max_bytes, struct err *err);

/* Append all of an open descriptor up to end of file, at most max_bytes (ERR_LIMIT beyond). */
MUST_CHECK bool file_read_fd(struct buf *out, int fd, size_t max_bytes, struct err *err);

/* As pread(), but only the end of the file makes it fewer bytes. -1 with errno. */
ssize_t file_read_at(int fd, void *out, size_t n, uint64_t at);

/*
 * Temporary name in the same folder, write, fsync, rename, fsync of the folder. Replaces an old
 * file.
 */
MUST_CHECK bool file_write(const char *path, struct span bytes, mode_t mode, struct err *err);

/* As file_write, but ERR_CONFLICT if the path exists (link, not rename): nothing is ever replaced.
 */
MUST_CHECK bool file_write_new(const char *path, struct span bytes, mode_t mode, struct err *err);

/* The same without a sync, for what is of no use after a power failure; cut short, it is removed. */
MUST_CHECK bool file_write_passing(
    const char *path, struct span bytes, mode_t mode, struct err *err);

/* The same with a sync of its bytes, but not of its folder: of several files file_sync_folder() is called once. */
MUST_CHECK bool file_write_one(const char *path, struct span bytes, mode_t mode, struct err *err);

/*
 * As file_write_new piece by piece, for what is longer than memory should be: begin, add as often as needed, sync,
 * and then give it its name. file_new_free() it, whatever became of it: what has no name by then is gone.
 */
struct file_new;
MUST_CHECK bool file_new_begin(struct file_new **out, const char *path, struct err *err);
MUST_CHECK bool file_new_add(struct file_new *f, struct span bytes, struct err *err);
/* All of it is on disk, and can be read under the temporary name, which is borrowed from f. */
MUST_CHECK bool file_new_sync(
    const char **temporary, struct file_new *f, mode_t mode, struct err *err);
/* Its own name: only a free one (else ERR_CONFLICT), or in place of an old file. */
MUST_CHECK bool file_new_name(struct file_new *f, struct err *err);
MUST_CHECK bool file_new_replace(struct file_new *f, struct err *err);
void file_new_free(struct file_new *f);

/* Create a folder and its parents where missing. ERR_CONFLICT if something else is in the way. */
MUST_CHECK bool file_make_folder(const char *path, mode_t mode, struct err *err);

/* fsync a folder, so that names made or removed in it last. */
MUST_CHECK bool file_sync_folder(const char *path, struct err *err);

/*
 * Paths that fit a pattern below this folder, whose own name is no pattern, sorted; none is no error, a folder that
 * cannot be read is (ERR_IO). globfree() them, also after a failure.
 */
MUST_CHECK bool file_find(glob_t *out, const char *folder, const char *pattern, struct err *err);

/* Is there anything at this path? */
bool file_exists(const char *path);

#endif

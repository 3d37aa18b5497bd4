#include "issuer/issue_parts.h"

#include "core/file.h"
#include "core/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define MAKING ".making"

static bool
path_of(char out[PATH_MAX], const struct issue_folder *f, struct err *err, const char *folder,
    const char *name)
{
	int n = snprintf(
	    out, PATH_MAX, "%.*s/%s%s", (int)f->path.len, (const char *)f->path.ptr, folder, name);
	return (n > 0 && n < PATH_MAX) || err_set(err, ERR_LIMIT, "a path is too long");
}

static bool
lock(int fd, const char *folder, enum issue_patience patience, struct err *err)
{
	while (flock(fd, LOCK_EX | (patience == ISSUE_TRY ? LOCK_NB : 0)) != 0) {
		if (errno == EWOULDBLOCK)
			return err_set(err, ERR_BUSY, "another process makes certificates");
		if (errno != EINTR)
			return err_errno(err, "lock %s", folder);
	}
	return true;
}

bool
issue_folder_open(
    struct issue_folder *out, struct bureau *b, enum issue_patience patience, struct err *err)
{
	char making[PATH_MAX];

	*out = (struct issue_folder){ .fd = -1 };
	if (!bureau_path(&out->path, b, err, "issued") || !path_of(making, out, err, MAKING, "") ||
	    !file_make_folder(making, 0750, err))
		return false;
	const char *folder = buf_text(&out->path);
	out->fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->fd < 0)
		return err_errno(err, "open %s", folder);
	return lock(out->fd, folder, patience, err);
}

void
issue_folder_close(struct issue_folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	buf_free(&f->path);
	f->fd = -1;
}

/* FILE.ENDING as it will be, and where it is until then. */
static bool
names_of(char named[PATH_MAX], char unnamed[PATH_MAX], const struct issue_folder *f,
    const char *file, const char *ending, struct err *err)
{
	char name[NUMBER_FILE_BYTES + 8];

	snprintf(name, sizeof name, "%s.%s", file, ending);
	return path_of(named, f, err, "", name) && path_of(unnamed, f, err, MAKING "/", name);
}

bool
issue_folder_put(const struct issue_folder *f, const char *file, const char *ending,
    struct span bytes, struct err *err)
{
	char named[PATH_MAX], unnamed[PATH_MAX];
	struct buf again = BUF_EMPTY;

	if (!names_of(named, unnamed, f, file, ending, err))
		return false;
	if (unlink(unnamed) != 0 && errno != ENOENT) /* its bytes may have a name already */
		return err_errno(err, "remove %s", unnamed);
	bool ok =
	    file_write_one(unnamed, bytes, 0640, err) && file_read(&again, unnamed, bytes.len, err);
	if (ok && !span_equal(buf_span(&again), bytes))
		ok = err_set(err, ERR_IO, "%s does not hold what was written to it", unnamed);
	buf_free(&again);
	return ok;
}

bool
issue_folder_keep(const struct issue_folder *f, struct err *err)
{
	char making[PATH_MAX];

	return path_of(making, f, err, MAKING, "") && file_sync_folder(making, err);
}

/* Is there a file with this hash? One that cannot be read is none. */
static bool
holds(const char *path, const uint8_t hash[SHA256_BYTES])
{
	struct buf bytes = BUF_EMPTY;
	uint8_t found[SHA256_BYTES] = { 0 };

	bool ok = file_read(&bytes, path, LIMIT_PDF_BYTES, NULL);
	if (ok)
		sha256(found, buf_span(&bytes));
	buf_free(&bytes);
	return ok && memcmp(found, hash, SHA256_BYTES) == 0;
}

bool
issue_folder_link(const struct issue_folder *f, const char *file, const char *ending,
    const uint8_t hash[SHA256_BYTES], struct err *err)
{
	char named[PATH_MAX], unnamed[PATH_MAX];

	if (!names_of(named, unnamed, f, file, ending, err))
		return false;
	if (file_exists(named))
		return holds(named, hash) ||
		    err_set(err, ERR_CONFLICT,
			"%s is not the file that was made: its SHA-256 differs", named);
	if (!holds(unnamed, hash))
		return err_set(err, ERR_NOT_FOUND, "it was made, but its file %s is lost", named);
	return link(unnamed, named) == 0 || err_errno(err, "link %s to %s", unnamed, named);
}

bool
issue_folder_sync(const struct issue_folder *f, struct err *err)
{
	return fsync(f->fd) == 0 ||
	    err_errno(err, "sync %.*s", (int)f->path.len, (const char *)f->path.ptr);
}

bool
issue_folder_unlink(
    const struct issue_folder *f, const char *file, const char *ending, struct err *err)
{
	char named[PATH_MAX], unnamed[PATH_MAX];

	return names_of(named, unnamed, f, file, ending, err) &&
	    (unlink(unnamed) == 0 || errno == ENOENT || err_errno(err, "remove %s", unnamed));
}

bool
issue_folder_each_leftover(
    const struct issue_folder *f, issue_leftover_fn *fn, void *ctx, struct err *err)
{
	char path[PATH_MAX];
	bool ok = true;

	if (!path_of(path, f, err, MAKING, ""))
		return false;
	DIR *dir = opendir(path);
	if (dir == NULL)
		return err_errno(err, "open %s", path);
	/* A folder is not of our making, where the file system tells. */
	for (struct dirent *e; ok && (e = readdir(dir)) != NULL;)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
		    e->d_type != DT_DIR &&
		    faccessat(dirfd(dir), e->d_name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			ok = fn(ctx, e->d_name, err);
	closedir(dir);
	return ok;
}

bool
issue_folder_remove_leftover(const struct issue_folder *f, const char *name, struct err *err)
{
	char path[PATH_MAX];

	if (!path_of(path, f, err, MAKING "/", name))
		return false;
	return unlink(path) == 0 || errno == ENOENT || err_errno(err, "remove %s", path);
}

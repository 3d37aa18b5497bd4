#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES 16384 /* read at once where the length is not known */

/* Straight into the buffer: bytes are in no second place, which matters for a key and for a long file. */
bool
file_read_fd(struct buf *out, int fd, size_t max_bytes, struct err *err)
{
	const size_t before = out->len;
	ssize_t n = -1;

	do {
		/* One byte more than is allowed tells that there is more. */
		const size_t left = max_bytes - (out->len - before) + 1;
		if (out->cap < out->len + 2)
			buf_reserve(out, left < BLOCK_BYTES ? left : BLOCK_BYTES);
		if (!buf_ok(out, err))
			break;
		const size_t room = out->cap - out->len - 1;
		n = read(fd, out->ptr + out->len, room < left ? room : left);
		if (n > 0)
			out->len += (size_t)n;
		else if (n < 0 && errno != EINTR)
			err_errno(err, "read");
		if (out->len - before > max_bytes) {
			err_set(err, ERR_LIMIT, "longer than %zu bytes", max_bytes);
			break;
		}
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n != 0)
		out->len = before;
	return n == 0;
}

/* It may have grown, or shrunk, since its size was asked; where it has not, the last read finds its end. */
static bool
read_sized(struct buf *out, int fd, off_t size, size_t max_bytes, struct err *err)
{
	if (size > 0)
		buf_reserve(out, (size_t)size + 1);
	return file_read_fd(out, fd, max_bytes, err);
}

bool
file_read(struct buf *out, const char *path, size_t max_bytes, struct err *err)
{
	struct stat st = { 0 };
	bool ok = false;

	/* O_NONBLOCK: opening a named pipe must not wait for its writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return err_set(err, ERR_NOT_FOUND, "there is no file %s", path);
	if (fd < 0)
		return err_errno(err, "open %s", path);
	if (fstat(fd, &st) != 0)
		err_errno(err, "look at %s", path);
	else if (!S_ISREG(st.st_mode))
		err_set(err, ERR_IO, "%s is not a regular file", path);
	else if (st.st_size > 0 && (uint64_t)st.st_size > max_bytes)
		err_set(err, ERR_LIMIT, "%s: longer than %zu bytes", path, max_bytes);
	else if (!read_sized(out, fd, st.st_size, max_bytes, err))
		err_in(err, "%s", path);
	else
		ok = true;
	close(fd);
	return ok;
}

ssize_t
file_read_at(int fd, void *out, size_t n, uint64_t at)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, (uint8_t *)out + done, n - done, (off_t)(at + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/* The folder a path lies in, as its own text. */
static bool
folder_of(char out[PATH_MAX], const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path);

	if (len >= PATH_MAX)
		return err_set(err, ERR_LIMIT, "the path is longer than %d bytes", PATH_MAX);
	if (slash == NULL)
		out[len++] = '.';
	else if (len == 0)
		out[len++] = '/';
	else
		memcpy(out, path, len);
	out[len] = '\0';
	return true;
}

/* ---- new files ---- */

struct file_new {
	int fd;
	char path[PATH_MAX];
	char folder[PATH_MAX];
	char temporary[PATH_MAX]; /* empty: there is none, or no longer */
};

static bool
make_temporary(struct file_new *f, const char *path, struct err *err)
{
	if (!folder_of(f->folder, path, err))
		return false;
	int n = snprintf(f->temporary, sizeof f->temporary, "%s/.qualcert-XXXXXX", f->folder);
	if (n < 0 || (size_t)n >= sizeof f->temporary || strlen(path) >= sizeof f->path)
		return err_set(err, ERR_LIMIT, "the path is longer than %d bytes", PATH_MAX);
	memcpy(f->path, path, strlen(path) + 1);
	f->fd = mkostemp(f->temporary, O_CLOEXEC); /* 0600 and O_EXCL until it is whole */
	return f->fd >= 0 || err_errno(err, "make a file in %s", f->folder);
}

bool
file_new_begin(struct file_new **out, const char *path, struct err *err)
{
	struct file_new *f = calloc(1, sizeof *f);

	*out = NULL;
	if (f == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	f->fd = -1;
	if (!make_temporary(f, path, err)) {
		free(f);
		return false;
	}
	*out = f;
	return true;
}

void
file_new_free(struct file_new *f)
{
	if (f == NULL)
		return;
	if (f->fd >= 0)
		close(f->fd);
	if (f->temporary[0] != '\0')
		unlink(f->temporary);
	free(f);
}

static bool
write_bytes(int fd, struct span bytes, const char *path, struct err *err)
{
	size_t done = 0;

	while (done < bytes.len) {
		ssize_t n = write(fd, bytes.ptr + done, bytes.len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "write %s", path);
		done += (size_t)n;
	}
	return true;
}

bool
file_new_add(struct file_new *f, struct span bytes, struct err *err)
{
	return write_bytes(f->fd, bytes, f->temporary, err);
}

bool
file_new_sync(const char **temporary, struct file_new *f, mode_t mode, struct err *err)
{
	int fd = f->fd;

	*temporary = f->temporary;
	if (fchmod(fd, mode) != 0 || fsync(fd) != 0)
		return err_errno(err, "write %s", f->temporary);
	f->fd = -1;
	return close(fd) == 0 || err_errno(err, "close %s", f->temporary);
}

bool
file_new_name(struct file_new *f, struct err *err)
{
	/* link() follows no symbolic link at `path` and fails if anything stands there. */
	bool ok = link(f->temporary, f->path) == 0;

	if (!ok && errno == EEXIST)
		err_set(err, ERR_CONFLICT, "%s exists already", f->path);
	else if (!ok)
		err_errno(err, "make %s", f->path);
	unlink(f->temporary);
	f->temporary[0] = '\0';
	return ok && file_sync_folder(f->folder, err);
}

bool
file_new_replace(struct file_new *f, struct err *err)
{
	if (rename(f->temporary, f->path) != 0)
		return err_errno(err, "rename %s to %s", f->temporary, f->path);
	f->temporary[0] = '\0';
	return file_sync_folder(f->folder, err);
}

static bool
write_whole(struct file_new *f, struct span bytes, mode_t mode, struct err *err)
{
	const char *temporary;
	return file_new_add(f, bytes, err) && file_new_sync(&temporary, f, mode, err);
}

bool
file_write(const char *path, struct span bytes, mode_t mode, struct err *err)
{
	struct file_new *f = NULL;
	bool ok = file_new_begin(&f, path, err) && write_whole(f, bytes, mode, err) &&
	    file_new_replace(f, err);

	file_new_free(f);
	return ok;
}

bool
file_write_new(const char *path, struct span bytes, mode_t mode, struct err *err)
{
	struct file_new *f = NULL;

	if (file_exists(path))
		return err_set(err, ERR_CONFLICT, "%s exists already", path);
	bool ok = file_new_begin(&f, path, err) && write_whole(f, bytes, mode, err) &&
	    file_new_name(f, err);
	file_new_free(f);
	return ok;
}

static bool
write_here(const char *path, struct span bytes, mode_t mode, bool sync, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0 && errno == EEXIST)
		return err_set(err, ERR_CONFLICT, "%s exists already", path);
	if (fd < 0)
		return err_errno(err, "make %s", path);
	bool ok = write_bytes(fd, bytes, path, err);
	if (ok && sync && fsync(fd) != 0)
		ok = err_errno(err, "sync %s", path);
	if (close(fd) != 0 && ok)
		ok = err_errno(err, "close %s", path);
	if (!ok)
		unlink(path);
	return ok;
}

bool
file_write_passing(const char *path, struct span bytes, mode_t mode, struct err *err)
{
	return write_here(path, bytes, mode, false, err);
}

bool
file_write_one(const char *path, struct span bytes, mode_t mode, struct err *err)
{
	return write_here(path, bytes, mode, true, err);
}

/* ---- folders ---- */

static bool
make_one_folder(const char *path, mode_t mode, struct err *err)
{
	struct stat st;
	char parent[PATH_MAX];

	if (mkdir(path, mode) == 0)
		return folder_of(parent, path, err) && file_sync_folder(parent, err);
	if (errno != EEXIST)
		return err_errno(err, "make the folder %s", path);
	if (stat(path, &st) != 0)
		return err_errno(err, "look at %s", path);
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ERR_CONFLICT, "%s exists and is not a folder", path);
	return true;
}

bool
file_make_folder(const char *path, mode_t mode, struct err *err)
{
	char upto[PATH_MAX];
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof upto)
		return err_set(
		    err, ERR_LIMIT, "a path is 1 to %d bytes long, not %zu", PATH_MAX - 1, len);
	for (size_t i = 1; i <= len; i++) {
		if ((path[i] != '/' && path[i] != '\0') || path[i - 1] == '/')
			continue;
		memcpy(upto, path, i);
		upto[i] = '\0';
		if (!make_one_folder(upto, mode, err))
			return false;
	}
	return true;
}

bool
file_sync_folder(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "open the folder %s", path);
	bool ok = fsync(fd) == 0;
	if (!ok)
		err_errno(err, "sync the folder %s", path);
	close(fd);
	return ok;
}

/* The folder's name with what would mean something in a pattern escaped. */
static void
add_folder(struct buf *out, const char *folder)
{
	for (const char *p = folder; *p != '\0'; p++) {
		if (strchr("*?[\\", *p) != NULL)
			buf_add_byte(out, '\\');
		buf_add_byte(out, (uint8_t)*p);
	}
	buf_add_byte(out, '/');
}

/* Who may not look must not take a folder for empty; one that is not there is. */
static int
is_trouble(const char *path, int fault)
{
	(void)path;
	return fault != ENOENT && fault != ENOTDIR;
}

bool
file_find(glob_t *out, const char *folder, const char *pattern, struct err *err)
{
	struct buf whole = BUF_EMPTY;
	int rc = 0;

	*out = (glob_t){ 0 };
	add_folder(&whole, folder);
	buf_add_text(&whole, pattern);
	bool ok = buf_ok(&whole, err);
	if (ok)
		rc = glob(buf_text(&whole), 0, is_trouble, out);
	buf_free(&whole);
	if (rc == GLOB_NOSPACE)
		return err_set(err, ERR_MEMORY, "out of memory");
	return ok && (rc == 0 || rc == GLOB_NOMATCH || err_errno(err, "look into %s", folder));
}

bool
file_exists(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0;
}

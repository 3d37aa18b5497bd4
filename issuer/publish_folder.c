#include "issuer/publish_parts.h"

#include "core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define PATH_MOST 512 /* of a file below the folder */

bool
publish_folder_open(struct publish_folder *out, const char *path, struct err *err)
{
	*out = (struct publish_folder){ .fd = -1, .path = path };
	if (!file_make_folder(path, 0755, err))
		return false;
	out->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->fd < 0)
		return err_errno(err, "open %s", path);
	while (flock(out->fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return err_errno(err, "lock %s", path);
	return true;
}

void
publish_folder_close(struct publish_folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

bool
publish_folder_path(
    struct buf *out, const struct publish_folder *f, struct err *err, const char *fmt, ...)
{
	char below[PATH_MOST];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(below, sizeof below, fmt, ap);
	va_end(ap);
	if (n < 0 || n >= (int)sizeof below)
		return err_set(err, ERR_LIMIT, "a path is too long");
	buf_printf(out, "%s/%s", f->path, below);
	return buf_ok(out, err);
}

static bool
has_bytes(const char *path, struct span bytes)
{
	struct buf have = BUF_EMPTY;
	bool same = file_read(&have, path, bytes.len, NULL) && span_equal(buf_span(&have), bytes);
	buf_free(&have);
	return same;
}

static bool
make_folder_above(const char *path, struct err *err)
{
	struct buf above = BUF_EMPTY;

	buf_add(&above, path, (size_t)(strrchr(path, '/') - path));
	bool ok = buf_ok(&above, err) && file_make_folder(buf_text(&above), 0755, err);
	buf_free(&above);
	return ok;
}

bool
publish_folder_put(struct publish_folder *f, const char *path, struct span bytes, struct err *err)
{
	if (has_bytes(path, bytes))
		return true;
	if (!make_folder_above(path, err) || !file_write(path, bytes, 0644, err))
		return false;
	f->written++;
	return true;
}

bool
publish_folder_remove(const char *path, struct err *err)
{
	DIR *dir = opendir(path);

	if (dir == NULL)
		return errno == ENOENT || err_errno(err, "open %s", path);
	for (struct dirent *e; (e = readdir(dir)) != NULL;)
		unlinkat(dirfd(dir), e->d_name, 0); /* "." and "..": refused by the system */
	closedir(dir);
	return rmdir(path) == 0 || err_errno(err, "remove %s", path);
}

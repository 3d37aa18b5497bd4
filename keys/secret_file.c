#include "keys/secret_file.h"

#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_mine_alone(const struct stat *st, struct err *err)
{
	if (!S_ISREG(st->st_mode))
		return err_set(err, ERR_REFUSED, "it is not a regular file");
	if (st->st_uid != geteuid())
		return err_set(err, ERR_REFUSED, "it belongs to user %u, not to user %u",
		    (unsigned)st->st_uid, (unsigned)geteuid());
	if ((st->st_mode & 077) != 0)
		return err_set(err, ERR_REFUSED, "others may use it (mode %04o): chmod 600",
		    (unsigned)(st->st_mode & 07777));
	return true;
}

bool
secret_file_read(struct buf *out, const char *path, size_t max_bytes, struct err *err)
{
	struct stat st;

	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return err_set(err, ERR_NOT_FOUND, "there is no file %s", path);
	if (fd < 0 && errno == ELOOP)
		return err_set(err, ERR_REFUSED, "%s: it is a symbolic link", path);
	if (fd < 0)
		return err_errno(err, "open %s", path);
	bool ok = fstat(fd, &st) == 0 ? is_mine_alone(&st, err) : err_errno(err, "look at it");
	ok = ok && file_read_fd(out, fd, max_bytes, err);
	close(fd);
	return ok || err_in(err, "%s", path);
}

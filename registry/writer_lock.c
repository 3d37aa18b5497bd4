#include "registry/writer_lock.h"

#include "core/buf.h"
#include "core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define HOLDER_BYTES 200 /* process id and command */
#define POLL_MS 20

static int
open_beside(const char *register_path, struct err *err)
{
	struct buf path = BUF_EMPTY;
	char *copy = strdup(register_path);
	if (copy != NULL)
		buf_printf(&path, "%s/registry.lock", dirname(copy));
	const char *name = copy != NULL ? buf_text(&path) : NULL;
	int fd = -1;
	if (name == NULL)
		err_set(err, ERR_MEMORY, "out of memory");
	else if ((fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)) < 0)
		err_errno(err, "open %s", name);
	buf_free(&path);
	free(copy);
	return fd;
}

/* The holder wrote its line after it got the lock: for a moment there may be none. */
static bool
busy(int fd, struct err *err)
{
	char line[HOLDER_BYTES];
	struct buf shown = BUF_EMPTY;
	ssize_t n = pread(fd, line, sizeof line, 0);

	text_escape(&shown, span_of(line, n > 0 ? strnlen(line, (size_t)n) : 0));
	const char *who = buf_text(&shown);
	err_set(err, ERR_BUSY, "the register is held by %s",
	    who != NULL && n > 0 ? who : "another process");
	buf_free(&shown);
	return false;
}

static void
write_holder(int fd, const char *command)
{
	char line[HOLDER_BYTES] = { 0 };

	snprintf(line, sizeof line, "process %ld: %s", (long)getpid(), command);
	/*
	 * Only a courtesy to those who wait: the lock holds without it. In full length over the one before:
	 * a file that is cut to nothing is written to the disk at once when it is closed.
	 */
	if (pwrite(fd, line, sizeof line, 0) < 0)
		return;
}

bool
writer_lock(int *fd, const char *register_path, const char *command, int wait_ms, struct err *err)
{
	const struct timespec pause = { 0, POLL_MS * 1000000L };

	*fd = -1;
	int lock = open_beside(register_path, err);
	if (lock < 0)
		return false;
	for (int waited = 0; flock(lock, LOCK_EX | LOCK_NB) != 0; waited += POLL_MS) {
		bool ok = errno == EWOULDBLOCK || errno == EINTR;
		if (ok && waited < wait_ms) {
			nanosleep(&pause, NULL);
			continue;
		}
		if (ok)
			busy(lock, err);
		else
			err_errno(err, "lock the register");
		close(lock);
		return false;
	}
	write_holder(lock, command);
	*fd = lock;
	return true;
}

void
writer_unlock(int fd)
{
	if (fd >= 0)
		close(fd);
}

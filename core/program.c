#include "core/program.h"

#include "core/wallclock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* Output and error into the pipe. 0, or what went wrong. */
static int
spawn(pid_t *child, int from, int into, const char *const argv[])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t group;
	int fault = posix_spawn_file_actions_init(&actions);

	if (fault != 0)
		return fault;
	for (int fd = 0; fault == 0 && fd <= 2; fd++)
		fault = posix_spawn_file_actions_adddup2(&actions, fd == 0 ? from : into, fd);
	posix_spawnattr_init(&group); /* of zeros: its own group */
	posix_spawnattr_setflags(&group, POSIX_SPAWN_SETPGROUP);
	if (fault == 0)
		fault =
		    posix_spawnp(child, argv[0], &actions, &group, (char *const *)argv, environ);
	posix_spawnattr_destroy(&group);
	posix_spawn_file_actions_destroy(&actions);
	return fault;
}

/* A file in memory, to be read from its beginning: unlike a pipe it takes all at once. -1 with errno. */
static int
file_of(struct span in)
{
	const int fd = memfd_create("input", MFD_CLOEXEC);

	for (size_t at = 0; fd >= 0 && at < in.len;) {
		const ssize_t n = pwrite(fd, in.ptr + at, in.len - at, (off_t)at);
		if (n < 0 && errno != EINTR) {
			close(fd);
			return -1;
		}
		at += n > 0 ? (size_t)n : 0;
	}
	return fd;
}

/* Until there is something to read, or an end; false when the time is over. */
static bool
ready(int fd, int64_t until_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	for (;;) {
		int64_t left = until_ms - monotonic_ms();
		int n = poll(&p, 1, left > 0 ? (int)left : 0);
		if (n > 0)
			return true;
		if (left <= 0 || (n < 0 && errno != EINTR))
			return false;
	}
}

/* What it says, up to the end; *late is true when the time is over before. */
static bool
listen_to(bool *late, struct buf *out, int fd, size_t max_bytes, int64_t until_ms, struct err *err)
{
	uint8_t block[16384];
	size_t before = out->len;

	while (!(*late = !ready(fd, until_ms))) {
		ssize_t n = read(fd, block, sizeof block);
		if (n == 0)
			return true;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "read");
		if ((size_t)n > max_bytes - (out->len - before))
			return err_set(err, ERR_LIMIT, "longer than %zu bytes", max_bytes);
		buf_add(out, block, (size_t)n);
		if (!buf_ok(out, err))
			return false;
	}
	return true;
}

/* It may have closed its output and go on. */
static void
wait_or_kill(bool *late, pid_t child, int64_t until_ms)
{
	int fd = pidfd_open(child, 0);

	if (fd >= 0) {
		*late = *late || !ready(fd, until_ms);
		close(fd);
	}
	if (*late)
		kill(-child, SIGKILL);
}

static bool
await(int *status, pid_t child, const char *name, struct err *err)
{
	int how;

	while (waitpid(child, &how, 0) < 0)
		if (errno != EINTR)
			return err_errno(err, "wait for %s", name);
	*status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
	return true;
}

/* Start it; the end of a pipe through which it speaks, or -1 and the error. */
static int
start(pid_t *child, const char *const argv[], struct span in, struct err *err)
{
	int ends[2];
	const int from = file_of(in);

	if (from < 0 || pipe2(ends, O_CLOEXEC) != 0) {
		err_errno(err, "run %s", argv[0]);
		if (from >= 0)
			close(from);
		return -1;
	}
	const int fault = spawn(child, from, ends[1], argv);
	close(from);
	close(ends[1]);
	if (fault == 0)
		return ends[0];
	close(ends[0]);
	errno = fault;
	if (fault == ENOENT)
		err_set(err, ERR_NOT_FOUND, "there is no program %s", argv[0]);
	else
		err_errno(err, "run %s", argv[0]);
	return -1;
}

bool
program_feed(int *status, struct buf *out, size_t max_bytes, unsigned wait_s,
    const char *const argv[], struct span in, struct err *err)
{
	const int64_t until_ms = monotonic_ms() + (int64_t)wait_s * 1000;
	pid_t child;
	bool late = false;
	const int said = start(&child, argv, in, err);

	if (said < 0)
		return false;
	bool ok =
	    listen_to(&late, out, said, max_bytes, until_ms, err) || err_in(err, "%s", argv[0]);
	close(said); /* what it still says ends it */
	wait_or_kill(&late, child, until_ms);
	ok = await(status, child, argv[0], ok ? err : NULL) && ok;
	if (ok && late)
		return err_set(err, ERR_LIMIT, "%s did not end within %u seconds and was killed",
		    argv[0], wait_s);
	return ok;
}

bool
program_run(int *status, struct buf *out, size_t max_bytes, unsigned wait_s,
    const char *const argv[], struct err *err)
{
	return program_feed(status, out, max_bytes, wait_s, argv, span_of(NULL, 0), err);
}

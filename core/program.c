#include "core/program.h"

#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

/* Standard input from nowhere, output and error into the pipe. 0, or what went wrong. */
static int
spawn(pid_t *child, int into, const char *const argv[])
{
	posix_spawn_file_actions_t actions;
	int fault = posix_spawn_file_actions_init(&actions);

	if (fault != 0)
		return fault;
	fault = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	for (int fd = 1; fault == 0 && fd <= 2; fd++)
		fault = posix_spawn_file_actions_adddup2(&actions, into, fd);
	if (fault == 0)
		fault = posix_spawnp(child, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return fault;
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

bool
program_run(
    int *status, struct buf *out, size_t max_bytes, const char *const argv[], struct err *err)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_errno(err, "run %s", argv[0]);
	int fault = spawn(&child, ends[1], argv);
	close(ends[1]);
	if (fault != 0) {
		close(ends[0]);
		errno = fault;
		return fault == ENOENT
		    ? err_set(err, ERR_NOT_FOUND, "there is no program %s", argv[0])
		    : err_errno(err, "run %s", argv[0]);
	}
	bool ok = file_read_fd(out, ends[0], max_bytes, err) || err_in(err, "%s", argv[0]);
	close(ends[0]); /* what it still says ends it */
	return await(status, child, argv[0], ok ? err : NULL) && ok;
}

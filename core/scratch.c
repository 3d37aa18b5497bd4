#include "core/scratch.h"

#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPEN_AT_ONCE 16 /* folders */
#define ROOM_BYTES 256  /* for the paths of what is put into it */

struct scratch {
	char path[PATH_MAX];
	int alive; /* nothing is written here: that it is closed tells the child that we are done */
	pid_t sweeper;
};

/* ---- the child ---- */

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	remove(path);
	return 0; /* what stays keeps its folder: seen at the end */
}

/* Of its parent's files and folders it holds none: who waits for their end does not wait for the child. */
static void
let_go(const char *path, int parent)
{
	dup2(parent, STDIN_FILENO);
	close_range(STDIN_FILENO + 1, ~0U, 0);
	if (path[0] == '/' && chdir("/") != 0)
		return; /* only its folder is held */
}

/* In a session of its own, so that what ends its parent at a terminal does not end it. */
static void
sweep(const char *path, int parent)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	char none;

	setsid();
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		signal(signals[i], SIG_IGN);
	let_go(path, parent);
	while (read(STDIN_FILENO, &none, 1) < 0 && errno == EINTR)
		continue;
	nftw(path, remove_one, OPEN_AT_ONCE, FTW_DEPTH | FTW_PHYS);
	_exit(EXIT_SUCCESS);
}

static bool
start_sweeper(struct scratch *s, struct err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_errno(err, "make a pipe");
	s->sweeper = fork();
	if (s->sweeper == 0) {
		close(ends[1]);
		sweep(s->path, ends[0]);
	}
	close(ends[0]);
	s->alive = ends[1];
	if (s->sweeper > 0)
		return true;
	err_errno(err, "start a process");
	close(s->alive);
	return false;
}

/* ---- */

const char *
scratch_path(const struct scratch *s)
{
	return s->path;
}

static bool
make_folder(struct scratch *s, const char *parent, const char *prefix, struct err *err)
{
	int len = snprintf(s->path, sizeof s->path, "%s/%s.XXXXXX", parent, prefix);

	if (len < 0 || (size_t)len >= sizeof s->path - ROOM_BYTES)
		return err_set(err, ERR_IO, "the path of a folder for passing files is too long");
	return mkdtemp(s->path) != NULL || err_errno(err, "make a folder in %s", parent);
}

bool
scratch_open(struct scratch **out, const char *parent, const char *prefix, struct err *err)
{
	struct scratch *s = calloc(1, sizeof *s);

	*out = NULL;
	if (s == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!make_folder(s, parent, prefix, err)) {
		free(s);
		return false;
	}
	if (!start_sweeper(s, err)) {
		rmdir(s->path);
		free(s);
		return false;
	}
	*out = s;
	return true;
}

bool
scratch_close(struct scratch *s, struct err *err)
{
	if (s == NULL)
		return true;
	close(s->alive);
	while (waitpid(s->sweeper, NULL, 0) < 0 && errno == EINTR)
		continue;
	bool ok = !file_exists(s->path) ||
	    err_set(err, ERR_IO, "%s could not be removed: remove it", s->path);
	free(s);
	return ok;
}

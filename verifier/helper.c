#include "verifier/helper.h"

#include "core/wallclock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCK_BYTES 65536

struct helper {
	pid_t child;
	int in, out; /* its standard input and output, seen from here; neither blocks */
	size_t pos, len;
	uint8_t block[BLOCK_BYTES]; /* read, but not asked for yet: from pos to len */
};

/* ---- where it is ---- */

/* The folder of the folder this program lies in: /opt/qualcert of /opt/qualcert/bin/qualverify. */
static bool
installed_at(char out[PATH_MAX])
{
	const ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);

	if (n <= 0)
		return false;
	out[n] = '\0';
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(out, '/');
		if (slash == NULL)
			return false;
		*slash = '\0';
	}
	return true;
}

bool
helper_find(struct buf *out, const char *name, struct err *err)
{
	char beside[PATH_MAX];
	const size_t before = out->len;
	const bool known = installed_at(beside);

	if (known) {
		buf_printf(out, "%s/libexec/%s", beside, name);
		if (!buf_ok(out, err))
			return false;
		if (access(buf_text(out) + before, X_OK) == 0)
			return true;
		out->len = before;
	}
	buf_printf(out, "%s/%s", QUALCERT_LIBEXEC, name);
	if (!buf_ok(out, err))
		return false;
	if (access(buf_text(out) + before, X_OK) == 0)
		return true;
	out->len = before;
	return known ? err_set(err, ERR_NOT_FOUND, "there is no %s/libexec/%s", beside, name)
		     : err_set(err, ERR_NOT_FOUND, "there is no %s/%s", QUALCERT_LIBEXEC, name);
}

/* ---- its life ---- */

static int
spawn(pid_t *child, int in, int out, const char *const argv[])
{
	posix_spawn_file_actions_t actions;
	int fault = posix_spawn_file_actions_init(&actions);

	if (fault != 0)
		return fault;
	fault = posix_spawn_file_actions_adddup2(&actions, in, 0);
	if (fault == 0)
		fault = posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (fault == 0)
		fault = posix_spawn(child, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return fault;
}

static void
close_both(int ends[2])
{
	if (ends[0] >= 0)
		close(ends[0]);
	if (ends[1] >= 0)
		close(ends[1]);
}

/* Its two pipes. The ends that stay here do not block: a deadline must hold. */
static bool
open_pipes(int in[2], int out[2])
{
	return pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 &&
	    fcntl(in[1], F_SETFL, O_NONBLOCK) == 0 && fcntl(out[0], F_SETFL, O_NONBLOCK) == 0;
}

bool
helper_start(struct helper **out, const char *const argv[], struct err *err)
{
	int in[2] = { -1, -1 }, said[2] = { -1, -1 };
	struct helper *h = malloc(sizeof *h);

	*out = NULL;
	if (h == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	h->pos = h->len = 0;
	int fault = open_pipes(in, said) ? 0 : errno;
	if (fault == 0)
		fault = spawn(&h->child, in[0], said[1], argv);
	if (fault != 0) {
		close_both(in);
		close_both(said);
		free(h);
		errno = fault;
		return fault == ENOENT
		    ? err_set(err, ERR_NOT_FOUND, "there is no program %s", argv[0])
		    : err_errno(err, "run %s", argv[0]);
	}
	close(in[0]);
	close(said[1]);
	h->in = in[1];
	h->out = said[0];
	*out = h;
	return true;
}

void
helper_close_input(struct helper *h)
{
	if (h->in >= 0)
		close(h->in);
	h->in = -1;
}

void
helper_stop(struct helper *h)
{
	if (h == NULL)
		return;
	helper_close_input(h);
	close(h->out);
	kill(h->child, SIGKILL); /* no other process has its number before it is waited for */
	while (waitpid(h->child, NULL, 0) < 0 && errno == EINTR)
		continue;
	free(h);
}

/* ---- what is said, in time ---- */

int64_t
helper_deadline_ms(unsigned wait_s)
{
	return monotonic_ms() + (int64_t)wait_s * 1000;
}

static bool
wait_for(int fd, short events, int64_t deadline_ms, struct err *err)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		const int64_t left = deadline_ms - monotonic_ms();
		const int n = poll(&p, 1, left > INT_MAX ? INT_MAX : left > 0 ? (int)left : 0);
		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return err_errno(err, "wait for a helper");
		if (left <= 0)
			return err_set(err, ERR_LIMIT, "a helper took too long");
	}
}

bool
helper_write(struct helper *h, struct span bytes, int64_t deadline_ms, struct err *err)
{
	for (size_t at = 0; at < bytes.len;) {
		const ssize_t n = write(h->in, bytes.ptr + at, bytes.len - at);
		if (n >= 0)
			at += (size_t)n;
		else if (errno == EAGAIN ? !wait_for(h->in, POLLOUT, deadline_ms, err)
					 : errno != EINTR && !err_errno(err, "write to a helper"))
			return false;
	}
	return true;
}

/* The next block, once the one before is used up; *end: it said all it will say. */
static bool
fill(bool *end, struct helper *h, int64_t deadline_ms, struct err *err)
{
	ssize_t n;

	do {
		if (!wait_for(h->out, POLLIN, deadline_ms, err))
			return false;
		n = read(h->out, h->block, sizeof h->block);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	if (n < 0)
		return err_errno(err, "read from a helper");
	h->pos = 0;
	h->len = (size_t)n;
	*end = n == 0;
	return true;
}

/* The same where an end comes too early. */
static bool
fill_more(struct helper *h, int64_t deadline_ms, struct err *err)
{
	bool end = false;

	if (h->pos < h->len)
		return true;
	if (!fill(&end, h, deadline_ms, err))
		return false;
	return !end || err_set(err, ERR_IO, "a helper ended before its answer");
}

static void
take(struct buf *out, struct helper *h, size_t n)
{
	buf_add(out, h->block + h->pos, n);
	h->pos += n;
}

bool
helper_read(struct buf *out, struct helper *h, size_t n, int64_t deadline_ms, struct err *err)
{
	buf_reserve(out, n);
	while (n > 0) {
		if (!fill_more(h, deadline_ms, err))
			return false;
		const size_t have = h->len - h->pos < n ? h->len - h->pos : n;
		take(out, h, have);
		n -= have;
	}
	return buf_ok(out, err);
}

bool
helper_read_line(
    struct buf *out, struct helper *h, size_t max, int64_t deadline_ms, struct err *err)
{
	for (;;) {
		if (!fill_more(h, deadline_ms, err))
			return false;
		const uint8_t c = h->block[h->pos++];
		if (c == '\n')
			return buf_ok(out, err);
		if (max-- == 0)
			return err_set(err, ERR_LIMIT, "a helper's line is too long");
		buf_add_byte(out, c);
	}
}

bool
helper_read_all(struct buf *out, struct helper *h, size_t max, int64_t deadline_ms, struct err *err)
{
	for (bool end = false; !end;) {
		const size_t have = h->len - h->pos;
		if (have > max)
			return err_set(err, ERR_LIMIT, "a helper's answer is too long");
		take(out, h, have);
		max -= have;
		if (!buf_ok(out, err) || !fill(&end, h, deadline_ms, err))
			return false;
	}
	return true;
}

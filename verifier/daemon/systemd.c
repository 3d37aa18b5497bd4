#include "verifier/daemon/systemd.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define FIRST 3    /* SD_LISTEN_FDS_START */
#define SOCKETS 16 /* more than there are names for */

/* How many were handed over to this very process. */
static int
count(void)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");

	if (pid == NULL || n == NULL || strtol(pid, NULL, 10) != getpid())
		return 0;
	const long fds = strtol(n, NULL, 10);
	return fds > 0 && fds <= SOCKETS ? (int)fds : 0;
}

/* The i-th of the names, which colons stand between. */
static void
name_of(char *out, size_t room, int i)
{
	const char *names = getenv("LISTEN_FDNAMES");

	for (; names != NULL && i > 0; i--) {
		names = strchr(names, ':');
		names += names != NULL;
	}
	snprintf(out, room, "%.*s", names != NULL ? (int)strcspn(names, ":") : 0,
	    names != NULL ? names : "");
}

static bool
is_listening(int fd)
{
	int on = 0;
	socklen_t len = sizeof on;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) == 0 && on != 0 &&
	    fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

bool
systemd_socket(int *fd, const char *name, struct err *err)
{
	const int n = count();
	int site = 0, admin = 0;

	*fd = -1;
	for (int i = 0; i < n; i++) {
		char handed[64];
		name_of(handed, sizeof handed, i);
		site += strcmp(handed, "site") == 0;
		admin += strcmp(handed, "admin") == 0;
		if (site + admin != i + 1 || site > 1 || admin > 1)
			return err_set(err, ERR_USAGE,
			    "systemd hands over \"%s\": one socket may be named site and one admin "
			    "(FileDescriptorName=)",
			    handed);
		if (!is_listening(FIRST + i))
			return err_set(err, ERR_USAGE,
			    "what systemd hands over as %s is no listening socket", handed);
		if (strcmp(handed, name) == 0)
			*fd = FIRST + i;
	}
	return true;
}

/* ---- news ---- */

void
systemd_tell(const char *state)
{
	const char *to = getenv("NOTIFY_SOCKET");
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const size_t len = to != NULL ? strlen(to) : 0;

	if (len < 2 || len >= sizeof at.sun_path || (to[0] != '/' && to[0] != '@'))
		return;
	memcpy(at.sun_path, to, len);
	if (to[0] == '@')
		at.sun_path[0] = '\0'; /* a name that is no path */
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)(void *)&at,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	close(fd);
}

void
systemd_tell_reloading(void)
{
	struct timespec t = { 0 };
	char state[64];

	clock_gettime(CLOCK_MONOTONIC, &t);
	snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000);
	systemd_tell(state);
}

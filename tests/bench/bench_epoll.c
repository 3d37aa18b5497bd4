/*
 * bench_epoll REPLY: the ceiling of a server on this machine. One thread waits for whatever is readable and answers each
 * request with the same bytes, those of the file REPLY. It parses nothing, and knows no deadline and no limit.
 *
 * A request is what ends with an empty line and whatever comes in the same read: wrk sends each in one piece.
 */
#include "core/file.h"
#include "tests/bench/measure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS 256
#define REQUEST_BYTES 8192
#define REPLY_BYTES (256u << 10)

static void
must(bool done)
{
	if (!done) {
		perror("bench_epoll");
		exit(EXIT_FAILURE);
	}
}

static int
listening(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	must(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 4096) == 0 &&
	    getsockname(fd, (struct sockaddr *)&at, &len) == 0);
	printf("Open http://127.0.0.1:%d/\n", ntohs(at.sin_port));
	fflush(stdout);
	return fd;
}

static void
watch(int epoll, int fd)
{
	struct epoll_event e = { .events = EPOLLIN, .data.fd = fd };
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) == 0);
}

static void
accept_all(int epoll, int listener)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
		watch(epoll, fd);
}

static void
answer(int fd, struct span reply)
{
	char request[REQUEST_BYTES];
	const ssize_t n = recv(fd, request, sizeof request, 0);

	if (n == 0 || (n < 0 && errno != EAGAIN))
		close(fd);
	if (n <= 0)
		return;
	for (const char *at = request, *end;
	     (end = memmem(at, (size_t)(request + n - at), "\r\n\r\n", 4)) != NULL; at = end + 4) {
		if (send(fd, reply.ptr, reply.len, MSG_NOSIGNAL) != (ssize_t)reply.len) {
			close(fd); /* counted as an error by whoever asked */
			return;
		}
	}
}

int
main(int argc, char **argv)
{
	struct buf reply = BUF_EMPTY;
	struct epoll_event events[EVENTS];

	if (argc != 2)
		return EXIT_FAILURE;
	MEASURE_MUST(file_read(&reply, argv[1], REPLY_BYTES, &err));
	const int epoll = epoll_create1(EPOLL_CLOEXEC), listener = listening();
	must(epoll >= 0);
	watch(epoll, listener);
	for (;;) {
		const int n = epoll_wait(epoll, events, EVENTS, -1);
		for (int i = 0; i < n; i++) {
			if (events[i].data.fd == listener)
				accept_all(epoll, listener);
			else
				answer(events[i].data.fd, buf_span(&reply));
		}
	}
}

/*
 * bench_ask PORT REQUEST SECONDS: ask an OCSP responder on this machine again and again, from four threads, each request
 * over a connection of its own, which is all that `openssl ocsp` keeps. REQUEST is a file, the request's DER.
 * Prints {"n":..., "wall_s":..., "errors":...}; every reply must be a successful one.
 */
#include "core/file.h"
#include "tests/bench/measure.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS 4
#define REQUEST_BYTES 4096
#define REPLY_BYTES 16384

struct asker {
	struct sockaddr_in at;
	struct buf request;
	double until_s;
	atomic_ullong n, errors;
};

/* OCSPResponse (RFC 6960 4.2.1) begins with its status: SEQUENCE, long length, ENUMERATED 0. */
static bool
is_successful(const char *reply, size_t n)
{
	const char *body = memmem(reply, n, "\r\n\r\n", 4);
	return body != NULL && n - (size_t)(body + 4 - reply) > 7 &&
	    memmem(body + 4, 8, "\x0a\x01\x00", 3) != NULL;
}

static bool
ask(const struct asker *a)
{
	char reply[REPLY_BYTES];
	size_t n = 0;
	ssize_t got = 0;
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	bool ok = fd >= 0 && connect(fd, (const struct sockaddr *)&a->at, sizeof a->at) == 0 &&
	    send(fd, a->request.ptr, a->request.len, MSG_NOSIGNAL) == (ssize_t)a->request.len;
	while (ok && n < sizeof reply && (got = recv(fd, reply + n, sizeof reply - n, 0)) > 0)
		n += (size_t)got;
	ok = ok && got == 0 && is_successful(reply, n);
	if (fd >= 0)
		close(fd);
	return ok;
}

static void *
keep_asking(void *ctx)
{
	struct asker *a = ctx;

	while (measure_clock(CLOCK_MONOTONIC) < a->until_s)
		atomic_fetch_add(ask(a) ? &a->n : &a->errors, 1);
	return NULL;
}

int
main(int argc, char **argv)
{
	struct asker a = { .at.sin_family = AF_INET };
	struct buf der = BUF_EMPTY;
	pthread_t threads[THREADS];

	if (argc != 4)
		return EXIT_FAILURE;
	a.at.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	a.at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	MEASURE_MUST(file_read(&der, argv[2], REQUEST_BYTES, &err));
	buf_printf(&a.request,
	    "POST / HTTP/1.0\r\nContent-Type: application/ocsp-request\r\nContent-Length: "
	    "%zu\r\n\r\n",
	    der.len);
	buf_add_span(&a.request, buf_span(&der));
	const double begun_s = measure_clock(CLOCK_MONOTONIC);
	a.until_s = begun_s + strtod(argv[3], NULL);
	for (size_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, keep_asking, &a) != 0)
			abort();
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("{\"n\":%llu,\"wall_s\":%.6f,\"errors\":%llu}\n", atomic_load(&a.n),
	    measure_clock(CLOCK_MONOTONIC) - begun_s, atomic_load(&a.errors));
	buf_free(&der);
	buf_free(&a.request);
	return EXIT_SUCCESS;
}

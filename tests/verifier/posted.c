#include "tests/verifier/posted.h"

#include "verifier/daemon/upload.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RUNS 8 /* of the server, after each piece */

static enum MHD_Result
answer(struct MHD_Connection *c, struct upload *u, posted_fn *see)
{
	static char ok[] = "ok";

	see(upload_form(u));
	struct MHD_Response *r = MHD_create_response_from_buffer(2, ok, MHD_RESPMEM_PERSISTENT);
	const enum MHD_Result queued = MHD_queue_response(c, 200, r);
	MHD_destroy_response(r);
	return queued;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *c, const char *path, const char *method,
    const char *version, const char *bytes, size_t *n, void **ctx)
{
	struct upload *u = *ctx;
	struct err err = { 0 };

	(void)path;
	(void)method;
	(void)version;
	if (u == NULL) {
		const bool ok = upload_begin(&u, c, &err);
		*ctx = u;
		return ok ? MHD_YES : MHD_NO;
	}
	if (*n == 0)
		return answer(c, u, *(posted_fn **)cls);
	upload_add(u, bytes, *n);
	*n = 0;
	return MHD_YES;
}

static void
on_completed(void *cls, struct MHD_Connection *c, void **ctx, enum MHD_RequestTerminationCode how)
{
	(void)cls;
	(void)c;
	(void)how;
	upload_free(*ctx);
	*ctx = NULL;
}

static bool
put(struct MHD_Daemon *d, int fd, struct span bytes)
{
	const bool sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL) == (ssize_t)bytes.len;

	for (int i = 0; i < RUNS; i++)
		MHD_run(d);
	return sent;
}

static bool
put_all(struct MHD_Daemon *d, int fd, struct span body, size_t first, size_t step)
{
	char head[160], reply[16] = "";
	const int n = snprintf(head, sizeof head,
	    "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=bound\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    body.len);
	bool ok = put(d, fd, span_of(head, (size_t)n)) && put(d, fd, span_of(body.ptr, first));

	for (size_t at = first; ok && at < body.len; at += step)
		ok =
		    put(d, fd, span_of(body.ptr + at, step < body.len - at ? step : body.len - at));
	for (int i = 0; i < 64 && recv(fd, reply, sizeof reply - 1, MSG_DONTWAIT) <= 0; i++)
		MHD_run(d);
	return ok && strncmp(reply, "HTTP/1.1 200", 12) == 0;
}

bool
posted(struct span body, size_t first, size_t step, posted_fn *see)
{
	const struct sockaddr nobody = { .sa_family = AF_UNIX };
	int pair[2];
	struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_request,
	    &see, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
	bool ok = false;

	if (d == NULL)
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
		ok = MHD_add_connection(d, pair[0], &nobody, sizeof nobody) == MHD_YES &&
		    put_all(d, pair[1], body, first, step);
		close(pair[1]);
	}
	MHD_stop_daemon(d);
	return ok;
}

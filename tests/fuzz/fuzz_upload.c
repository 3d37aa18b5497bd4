/*
 * Targets: verifier/daemon/upload.c, and with it the reader of forms of libmicrohttpd. The input is the body; it
 * comes to a server without threads through a pair of sockets, in two pieces.
 */
#include "core/limits.h"
#include "tests/fuzz/fuzz.h"
#include "verifier/daemon/upload.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static enum MHD_Result
answer(struct MHD_Connection *c, struct upload *u)
{
	static char body[] = "ok";
	const struct http_form *f = upload_form(u);

	for (size_t i = 0; f != NULL && i < HTTP_FIELDS; i++)
		fuzz_promise(f->fields[i].len <=
		    (i == HTTP_FIELD_CODE ? LIMIT_QR_TEXT_BYTES : LIMIT_FORM_FIELD_BYTES));
	for (size_t i = 0; f != NULL && i < f->n_files; i++)
		fuzz_promise(f->files[i].bytes.len <= LIMIT_PDF_BYTES);
	struct MHD_Response *r = MHD_create_response_from_buffer(2, body, MHD_RESPMEM_PERSISTENT);
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

	(void)cls;
	(void)path;
	(void)method;
	(void)version;
	if (u == NULL) {
		fuzz_promise(upload_begin(&u, c, &err));
		*ctx = u;
		return MHD_YES;
	}
	if (*n == 0)
		return answer(c, u);
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

static void
put(int fd, const void *bytes, size_t n)
{
	fuzz_promise(send(fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sockaddr nobody = { .sa_family = AF_UNIX };
	char head[160], reply[64];
	int pair[2];

	if (size > 60000)
		return 0;
	struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_request,
	    NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
	fuzz_promise(d != NULL && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	fuzz_promise(MHD_add_connection(d, pair[0], &nobody, sizeof nobody) == MHD_YES);
	const int n = snprintf(head, sizeof head,
	    "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=bound\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    size);
	put(pair[1], head, (size_t)n);
	put(pair[1], data, size / 2);
	for (int i = 0; i < 8; i++)
		MHD_run(d);
	put(pair[1], data + size / 2, size - size / 2);
	shutdown(pair[1], SHUT_WR);
	for (int i = 0; i < 64 && recv(pair[1], reply, sizeof reply, MSG_DONTWAIT) <= 0; i++)
		MHD_run(d);
	MHD_stop_daemon(d);
	close(pair[1]);
	return 0;
}

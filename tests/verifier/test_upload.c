/* The form is the same however the network cuts it. */
#include "tests/test.h"
#include "verifier/daemon/upload.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PART(name) "--bound\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_PART(name)                                                                            \
	"--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" name "\"\r\n\r\n"

/* clang-format off */
static const char body[] =
    PART("number") "JC-A\r\n"
    FILE_PART("empty") "\r\n"
    FILE_PART("letter") "x\r\n"
    FILE_PART("ends") "\r\n--\r\n--b\r\n"
    FILE_PART("") "\r\n"
    FILE_PART("last") "\r\r\n"
    "--bound--\r\n";
/* clang-format on */
static const struct {
	const char *name, *bytes;
} files[] = { { "empty", "" }, { "letter", "x" }, { "ends", "\r\n--\r\n--b" }, { "last", "\r" } };

static enum MHD_Result
answer(struct MHD_Connection *c, struct upload *u)
{
	static char ok[] = "ok";
	const struct http_form *f = upload_form(u);

	assert_non_null(f);
	assert_true(span_is(buf_span(&f->fields[HTTP_FIELD_NUMBER]), "JC-A"));
	assert_int_equal(f->n_files, COUNT_OF(files));
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		assert_true(span_is(buf_span(&f->files[i].name), files[i].name));
		assert_true(span_is(buf_span(&f->files[i].bytes), files[i].bytes));
	}
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

	(void)cls;
	(void)path;
	(void)method;
	(void)version;
	if (u == NULL) {
		assert_true(upload_begin(&u, c, &err));
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
put(struct MHD_Daemon *d, int fd, const char *bytes, size_t n)
{
	assert_int_equal(send(fd, bytes, n, MSG_NOSIGNAL), n);
	for (int i = 0; i < 4; i++)
		MHD_run(d);
}

/* The body in pieces: of so many bytes first, then each as long as `step`. */
static void
sent(size_t first, size_t step)
{
	const struct sockaddr nobody = { .sa_family = AF_UNIX };
	const size_t size = sizeof body - 1;
	char head[160], reply[16] = "";
	int pair[2];

	struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_request,
	    NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
	assert_non_null(d);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(MHD_add_connection(d, pair[0], &nobody, sizeof nobody), MHD_YES);
	const int n = snprintf(head, sizeof head,
	    "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=bound\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    size);
	put(d, pair[1], head, (size_t)n);
	put(d, pair[1], body, first);
	for (size_t at = first; at < size; at += step)
		put(d, pair[1], body + at, step < size - at ? step : size - at);
	assert_true(recv(pair[1], reply, sizeof reply - 1, MSG_DONTWAIT) > 0);
	assert_int_equal(strncmp(reply, "HTTP/1.1 200", 12), 0);
	MHD_stop_daemon(d);
	close(pair[1]);
}

static void
a_form_in_two_pieces_is_the_same_wherever_it_is_cut(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < sizeof body - 1; cut++)
		sent(cut, sizeof body);
}

static void
a_form_in_short_pieces_is_the_same(void **state)
{
	(void)state;
	for (size_t step = 1; step < 64; step++)
		sent(0, step);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_in_two_pieces_is_the_same_wherever_it_is_cut),
		cmocka_unit_test(a_form_in_short_pieces_is_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

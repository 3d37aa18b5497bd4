#include "tests/verifier/wire.h"

#include "core/wallclock.h"
#include "tests/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

void
wire_open(struct wire *w, const char *url)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };

	*w = (struct wire){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	to.sin_port = htons((uint16_t)strtoul(strrchr(url, ':') + 1, NULL, 10));
	assert_int_equal(connect(w->fd, (struct sockaddr *)(void *)&to, sizeof to), 0);
}

void
wire_close(struct wire *w)
{
	close(w->fd);
	buf_free(&w->got);
}

void
wire_send(struct wire *w, struct span bytes)
{
	while (bytes.len > 0) {
		const ssize_t n = send(w->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
		if (n < 0)
			return; /* the other side has enough: the test looks at what it said */
		bytes = span_of(bytes.ptr + n, bytes.len - (size_t)n);
	}
}

static bool
whole(struct wire *w)
{
	const char *text = buf_text(&w->got);
	const char *end = text != NULL ? strstr(text, "\r\n\r\n") : NULL;
	const char *length = text != NULL ? strstr(text, "Content-Length: ") : NULL;

	return end != NULL && length != NULL && length < end &&
	    w->got.len >= (size_t)(end + 4 - text) + strtoul(length + 16, NULL, 10);
}

void
wire_read(struct wire *w, int ms)
{
	const int64_t until_ms = monotonic_ms() + ms;
	uint8_t some[4096];

	while (!w->closed && !whole(w)) {
		struct pollfd p = { .fd = w->fd, .events = POLLIN };
		const int64_t left_ms = until_ms - monotonic_ms();
		if (left_ms <= 0 || poll(&p, 1, (int)left_ms) <= 0)
			return;
		const ssize_t n = recv(w->fd, some, sizeof some, 0);
		w->closed = n <= 0;
		if (n > 0)
			buf_add(&w->got, some, (size_t)n);
	}
}

unsigned
wire_status(struct wire *w)
{
	const char *text = buf_text(&w->got);
	return text != NULL && strncmp(text, "HTTP/1.", 7) == 0
	    ? (unsigned)strtoul(text + 9, NULL, 10)
	    : 0;
}

const char *
wire_body(struct wire *w)
{
	const char *text = buf_text(&w->got);
	const char *end = text != NULL ? strstr(text, "\r\n\r\n") : NULL;
	return end != NULL ? end + 4 : "";
}

unsigned
wire_once(const char *url, const char *request)
{
	struct wire w;

	wire_open(&w, url);
	wire_send(&w, span_text(request));
	wire_read(&w, 5000);
	const unsigned status = wire_status(&w);
	wire_close(&w);
	return status;
}

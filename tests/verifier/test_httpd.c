/* The listener as the network meets it. */
#include "core/cursor.h"
#include "core/file.h"
#include "core/limits.h"
#include "tests/test.h"
#include "tests/verifier/house.h"
#include "tests/verifier/wire.h"
#include "verifier/daemon/kept.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#define DAY(n) FIXTURE_DAY_S(n)

/* threat_44: what two servers could read differently is refused, and the connection with it. */
static void
threat_44_ambiguous_requests_are_refused(void **state)
{
	static const struct {
		const char *attack, *request;
		unsigned status;
	} rows[] = {
		{ "length and chunks",
		    HOUSE_POST
		    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HOUSE_GOOD,
		    400 },
		{ "chunks and length",
		    HOUSE_POST
		    "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" HOUSE_GOOD,
		    400 },
		{ "two lengths",
		    HOUSE_POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" HOUSE_GOOD,
		    400 },
		{ "the same length twice",
		    HOUSE_POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" HOUSE_GOOD,
		    400 },
		{ "a list of lengths", HOUSE_POST "Content-Length: 5, 5\r\n\r\nhello" HOUSE_GOOD,
		    400 },
		{ "a signed length", HOUSE_POST "Content-Length: +5\r\n\r\nhello" HOUSE_GOOD, 400 },
		{ "a negative length", HOUSE_POST "Content-Length: -5\r\n\r\nhello" HOUSE_GOOD,
		    400 },
		{ "an empty length", HOUSE_POST "Content-Length: \r\n\r\nhello" HOUSE_GOOD, 400 },
		{ "a length with a blank before the colon",
		    HOUSE_POST "Content-Length : 5\r\n\r\nhello" HOUSE_GOOD, 400 },
		{ "chunks alone",
		    HOUSE_POST
		    "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" HOUSE_GOOD,
		    411 },
		{ "chunks under another name",
		    HOUSE_POST
		    "Transfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" HOUSE_GOOD,
		    411 },
		{ "two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" HOUSE_GOOD, 400 },
		{ "no host", "GET / HTTP/1.1\r\n\r\n" HOUSE_GOOD, 400 },
		{ "a length in a folded line",
		    HOUSE_POST
		    "X: y\r\n Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!" HOUSE_GOOD,
		    400 },
		{ "a body nobody reads",
		    "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" HOUSE_GOOD, 413 },
		{ "two media types",
		    "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
		    "Content-Type: text/html\r\nContent-Length: 5\r\n\r\nhello" HOUSE_GOOD,
		    400 },
		{ "an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n" HOUSE_GOOD, 400 },
		{ "a host with a blank", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n" HOUSE_GOOD, 400 },
		{ "a line without a name, and what it hides",
		    "GET /page.css HTTP/1.1\r\nHost: x\r\n: x\r\nTransfer-Encoding: "
		    "chunked\r\n\r\n" HOUSE_GOOD,
		    400 },
		{ "a line without a name that is the last",
		    "GET /page.css HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n" HOUSE_GOOD, 400 },
		{ "a line that ends with LF alone",
		    "GET /page.css HTTP/1.1\r\nHost: x\nX: y\r\n\r\n" HOUSE_GOOD, 400 },
		{ "an address whose line ends with LF alone",
		    "GET /page.css HTTP/1.1\nHost: x\r\n\r\n" HOUSE_GOOD, 400 },
		{ "an empty line of LF alone",
		    "GET /page.css HTTP/1.1\r\nHost: x\r\n\n\n\n" HOUSE_GOOD, 400 },
		{ "CR inside a value",
		    HOUSE_POST
		    "X: a\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello" HOUSE_GOOD,
		    400 },
		{ "a folded line",
		    "GET /page.css HTTP/1.1\r\nHost: x\r\nX: y\r\n z\r\n\r\n" HOUSE_GOOD, 400 },
		{ "two blanks before the address",
		    "GET  /page.css HTTP/1.1\r\nHost: x\r\n\r\n" HOUSE_GOOD, 400 },
		{ "HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505 },
	};
	struct house o;
	(void)state;

	house_open(&o);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct wire w;
		wire_open(&w, httpd_url(o.h));
		wire_send(&w, span_text(rows[i].request));
		wire_read(&w, 5000);
		if (wire_status(&w) != rows[i].status)
			fail_msg("%s: %u", rows[i].attack, wire_status(&w));
		buf_free(&w.got); /* and nothing after it is answered */
		wire_read(&w, 5000);
		CHECK_ROW(w.closed && wire_status(&w) == 0, rows[i].attack);
		wire_close(&w);
	}
	house_close(&o);
}

/* A NUL ends a text for one reader and not for the other; some the library drops without a word. */
static void
threat_44_a_nul_anywhere_in_the_header_is_refused(void **state)
{
	static const char *const rows[] = { "GET /page.css@ HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /page.css@HTTP/1.1 HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET@ /page.css HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /page.css HTTP/1.1@\r\nHost: x\r\n\r\n",
		"GET /page.css HTTP/1.1\r\nHost: x@\r\n\r\n",
		"GET /page.css HTTP/1.1\r\nHost@: x\r\n\r\n",
		"GET /page.css HTTP/1.1\r\nHost: x\r\nX: y@Z: a\r\n\r\n",
		"GET /page.css HTTP/1.1\r\nHost: x\r\nX: y@@Z: a\r\n\r\n",
		"GET /page.css HTTP/1.1\r\nHost: x\r\n@\r\n\r\n",
		(HOUSE_POST "Content-Length: 5@4\r\n\r\nhello") };
	struct house o;
	(void)state;

	house_open(&o);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf request = BUF_EMPTY;
		struct wire w;
		for (const char *c = rows[i]; *c != '\0'; c++)
			buf_add_byte(&request, *c == '@' ? 0 : (uint8_t)*c);
		wire_open(&w, httpd_url(o.h));
		wire_send(&w, buf_span(&request));
		wire_read(&w, 5000);
		const unsigned status = wire_status(&w);
		if (status < 400 && !(w.closed && status == 0))
			fail_msg("%s: %u", rows[i], status);
		wire_close(&w);
		buf_free(&request);
	}
	house_close(&o);
}

#define PHONE                                                                                      \
	"Host: x\r\nConnection: keep-alive\r\nsec-ch-ua: \"Chromium\";v=\"142\", \"Google "        \
	"Chrome\";v=\"142\"\r\nsec-ch-ua-mobile: ?1\r\nsec-ch-ua-platform: "                       \
	"\"Android\"\r\nUpgrade-Insecure-Requests: 1\r\nUser-Agent: Mozilla/5.0 (Linux; Android "  \
	"14; "                                                                                     \
	"2311DRK48C Build/UP1A.230905.011; wv) AppleWebKit/537.36 (KHTML, like Gecko) "            \
	"Version/4.0 "                                                                             \
	"Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160065 MMWEBSDK/20231202 MMWEBID/1234 "       \
	"MicroMessenger/8.0.47.2560(0x28002F35) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN "  \
	"ABI/arm64\r\nAccept: "                                                                    \
	"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif\r\n"                     \
	"Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-User: "                     \
	"?1\r\nSec-Fetch-Dest: "                                                                   \
	"document\r\nAccept-Encoding: gzip, deflate, br\r\nAccept-Language: zh-CN,zh;q=0.9\r\n"    \
	"X-Forwarded-For: 2001:db8:1234:5678:9abc:def0:1234:5678\r\nX-Forwarded-Proto: https\r\n"

/* A code was scanned: whatever a phone's browser says of itself, and cookies of the whole domain, are no reason to refuse. */
static void
a_phone_that_scans_the_longest_code_is_answered(void **state)
{
	struct house o;
	struct buf request = BUF_EMPTY;
	(void)state;

	house_open(&o);
	buf_printf(&request, "GET /q/1/%0*d HTTP/1.1\r\n" PHONE "Cookie: a=%04000d\r\n\r\n",
	    LIMIT_QR_DIGITS, 1, 1);
	assert_int_equal(wire_once(httpd_url(o.h), buf_text(&request)), 200);
	buf_free(&request);
	house_close(&o);
}

/* Every reader takes these for the same. */
static void
an_unusual_but_lawful_header_is_read(void **state)
{
	static const char *const rows[] = { "GET /page.css HTTP/1.1\r\nHost:x\r\n\r\n",
		"GET /page.css HTTP/1.1\r\nhOST: \t x\r\nX:\r\nY: a:b\tc \r\n\r\n",
		"GET /page.css?a=%20&b&c=d HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
		"GET /page%2Ecss HTTP/1.1\r\nHost: x\r\nCookie: a=b; c=d\r\n\r\n",
		"GET /page.css HTTP/1.0\r\n\r\n",
		"GET /page.css HTTP/1.1\r\nHost: x\r\nAccept: a\r\nAccept: b\r\n\r\n",
		"GET http://v.example/page.css HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET HTTPS://[::1]:8080/v1/snapshot?a=/b HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://v.example/page%2Ecss HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://v.example HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://v.example?lang=en HTTP/1.1\r\nHost: x\r\n\r\n" };
	struct house o;
	(void)state;

	house_open(&o);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(wire_once(httpd_url(o.h), rows[i]) == 200, rows[i]);
	house_close(&o);
}

/* What is neither a path nor an address of the web leads nowhere, however near it comes, also to a file from memory. */
static void
an_address_that_is_none_leads_nowhere(void **state)
{
	static const char *const rows[] = { "http://a@v.example/v1/snapshot", "http:///v1/snapshot",
		"http:/v1/snapshot", "http:%2f%2fv.example/v1/snapshot",
		"http%3a//v.example/v1/snapshot", "http://v%2eexample/v1/snapshot",
		"http://v.example%2fv1/snapshot", "http://v.example#/v1/snapshot",
		"http://v.example\\/v1/snapshot", "http://?/v1/snapshot",
		"http://v.example//v1/snapshot", "http://v.example/http://v.example/v1/snapshot",
		"http://v.example/livez", "file://v.example/v1/snapshot", "//v.example/v1/snapshot",
		"v.example:80", "*v1/snapshot", "?v1/snapshot" };
	struct house o;
	struct wire w;
	(void)state;

	house_open(&o);
	wire_open(&w, httpd_url(o.h));
	for (size_t i = 0; i < 20 * COUNT_OF(rows); i++) {
		const char *row = i % 2 == 0 ? "/v1/snapshot" : rows[i / 2 % COUNT_OF(rows)];
		char request[128];
		snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", row);
		buf_free(&w.got);
		wire_send(&w, span_text(request));
		wire_read(&w, 5000);
		CHECK_ROW(wire_status(&w) == (i % 2 == 0 ? 200 : 404), row);
	}
	wire_close(&w);
	house_close(&o);
}

/* The last entry of the last line is the proxy's; the lines before are whatever the client likes. */
static void
threat_43_a_client_cannot_forge_who_it_is(void **state)
{
	struct house o;
	char request[512];
	static const char body[] =
	    "{\"number\":\"JC-B-999900-2026-31556-5\",\"check_code\":\"0A1B2C3D\"}";
	unsigned status = 0;
	(void)state;

	house_open_beside_its_register(&o);
	for (int i = 0; i <= CLIENT_GUESSES; i++) {
		snprintf(request, sizeof request,
		    "POST /v1/confirm HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
		    "X-Forwarded-For: 198.51.100.%d\r\nX-Forwarded-For: 203.0.113.%d, 192.0.2.9\r\n"
		    "Content-Length: %zu\r\n\r\n%s",
		    i, i, sizeof body - 1, body);
		status = wire_once(httpd_url(o.h), request);
		assert_int_equal(status, i < CLIENT_GUESSES ? 200 : 429);
	}
	house_close(&o);
}

/* Whatever its length: answered, or told that it is too long; never dropped without a word but where not one more fits. */
static void
a_header_of_any_length_gets_a_reply(void **state)
{
	struct house o;
	unsigned read = 0, refused = 0, dropped = 0;
	(void)state;

	house_open(&o);
	for (int n = 0; n < 2 * (int)LIMIT_HEADER_BYTES; n += 80) {
		struct buf request = BUF_EMPTY;
		buf_printf(
		    &request, "GET /nothing HTTP/1.1\r\nHost: x\r\nX: %0*d\r\n\r\n", n + 1, 0);
		const unsigned status = wire_once(httpd_url(o.h), buf_text(&request));
		assert_true(status == 404 || status == 431 || status == 0);
		assert_true(status == 404 || n > (int)LIMIT_HEADER_BYTES - 400);
		read += status == 404;
		refused += status == 431;
		dropped += status == 0;
		buf_free(&request);
	}
	assert_true(read > 0 && refused > 0 && dropped < 6);
	house_close(&o);
}

static void
what_is_too_long_is_refused_without_reading_it(void **state)
{
	struct house o;
	struct buf request = BUF_EMPTY;
	(void)state;

	house_open(&o);
	assert_int_equal(
	    wire_once(httpd_url(o.h), HOUSE_POST "Content-Length: 8388609\r\n\r\n"), 413);
	assert_int_equal(wire_once(httpd_url(o.h),
			     HOUSE_POST "Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n"),
	    413);
	buf_printf(&request, "GET / HTTP/1.1\r\nHost: x\r\nX: %040000d\r\n\r\n", 0);
	assert_int_equal(wire_once(httpd_url(o.h), buf_text(&request)), 431);
	buf_free(&request);
	buf_printf(&request, "GET /q/1/%01705d HTTP/1.1\r\nHost: x\r\n\r\n", 1);
	assert_int_equal(wire_once(httpd_url(o.h), buf_text(&request)), 200);
	buf_free(&request);
	assert_int_equal(
	    wire_once(httpd_url(o.h), "GET /openapi.yaml%00 HTTP/1.1\r\nHost: x\r\n\r\n"), 404);
	house_close(&o);
}

static void
every_reply_is_strict_about_the_browser(void **state)
{
	static const char *const requests[] = { HOUSE_GOOD,
		"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /v1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n",
		HOUSE_POST "Content-Length: 5\r\n\r\nhello" };
	static const char *const headers[] = { "\r\nContent-Security-Policy: default-src 'none';",
		"\r\nReferrer-Policy: no-referrer\r\n", "\r\nX-Content-Type-Options: nosniff\r\n" };
	struct house o;
	(void)state;

	house_open(&o);
	for (size_t i = 0; i < COUNT_OF(requests); i++) {
		struct wire w;
		wire_open(&w, httpd_url(o.h));
		wire_send(&w, span_text(requests[i]));
		wire_read(&w, 5000);
		for (size_t k = 0; k < COUNT_OF(headers); k++)
			CHECK_ROW(strstr(buf_text(&w.got), headers[k]) != NULL, requests[i]);
		wire_close(&w);
	}
	house_close(&o);
}

static void
a_file_is_verified_and_head_has_no_body(void **state)
{
	struct house o;
	struct wire w;
	struct buf request = BUF_EMPTY;
	(void)state;

	house_open(&o);
	const struct paper *p = &o.f.papers[0];
	buf_printf(&request,
	    "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/pdf\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    p->pdf.len);
	buf_add_span(&request, buf_span(&p->pdf));
	wire_open(&w, httpd_url(o.h));
	wire_send(&w, buf_span(&request));
	wire_read(&w, 5000);
	assert_int_equal(wire_status(&w), 200);
	assert_non_null(strstr(wire_body(&w), "\"kind\":\"pdf\""));
	buf_free(&w.got); /* the same connection again */
	wire_send(
	    &w, span_text("HEAD /v1/snapshot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
	while (!w.closed)
		wire_read(&w, 5000);
	assert_int_equal(wire_status(&w), 200);
	assert_string_equal(wire_body(&w), "");
	wire_close(&w);
	buf_free(&request);
	house_close(&o);
}

/* ---- published files ---- */

#define SNAPSHOT "GET /v1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n"

/* The bytes of a reply after its header, which may hold NULs. */
static struct span
body_of(const struct wire *w)
{
	const uint8_t *end = memmem(w->got.ptr, w->got.len, "\r\n\r\n", 4);

	assert_non_null(end);
	return span_of(end + 4, w->got.len - (size_t)(end + 4 - w->got.ptr));
}

static void
snapshot_is_what_is_on_disk(struct house *o, struct wire *w)
{
	char path[128];
	struct buf file = BUF_EMPTY;

	snprintf(path, sizeof path, "%s/v1/snapshot", o->f.public_folder);
	assert_true(file_read(&file, path, 1 << 20, NULL));
	buf_free(&w->got);
	wire_send(w, span_text(SNAPSHOT));
	wire_read(w, 5000);
	assert_int_equal(wire_status(w), 200);
	assert_true(span_equal(body_of(w), buf_span(&file)));
	buf_free(&file);
}

/* From disk, from memory, and from disk again where another one lies there. */
static void
a_published_file_is_always_the_one_on_disk(void **state)
{
	struct house o;
	struct wire w;
	(void)state;

	house_open(&o);
	wire_open(&w, httpd_url(o.h));
	for (int64_t s = 0; s < 5; s++) {
		for (int i = 0; i < 20; i++)
			snapshot_is_what_is_on_disk(&o, &w);
		fixture_publish(&o.f, DAY(2) + s);
		usleep((KEPT_LOOK_MS + 1) * 1000);
	}
	wire_close(&w);
	assert_int_equal(atomic_load(&o.c.counters.replies[2]), 100);
	house_close(&o);
}

/* The same header every time, and a body where one is wanted. */
static void
a_file_from_memory_is_sent_like_one_from_disk(void **state)
{
	struct house o;
	struct wire first, w;
	(void)state;

	house_open(&o);
	wire_open(&first, httpd_url(o.h));
	wire_send(&first, span_text(SNAPSHOT));
	wire_read(&first, 5000);
	for (int i = 0; i < 3; i++) {
		wire_open(&w, httpd_url(o.h));
		wire_send(&w, span_text(SNAPSHOT));
		wire_read(&w, 5000);
		assert_int_equal(w.got.len, first.got.len);
		assert_non_null(strstr(buf_text(&w.got), "\r\nETag: \""));
		buf_free(&w.got);
		wire_send(&w,
		    span_text(
			"HEAD /v1/snapshot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
		while (!w.closed)
			wire_read(&w, 5000);
		assert_int_equal(wire_status(&w), 200);
		assert_int_equal(body_of(&w).len, 0);
		wire_close(&w);
	}
	wire_close(&first);
	assert_int_equal(wire_once(httpd_url(o.h),
			     "POST /v1/snapshot HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"),
	    405);
	assert_int_equal(wire_once(httpd_url(o.h),
			     "GET /v1/snapshot HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"),
	    413);
	house_close(&o);
}

/* RFC 9110 8.6: a cache would take a length of nothing for the file's. */
static void
what_did_not_change_has_the_length_it_would_have(void **state)
{
	static const char *const paths[] = { "/v1/snapshot", "/v1/status/TEST/0", "/page.css" };
	struct house o;
	struct wire w;
	struct buf request = BUF_EMPTY;
	char line[64], etag[64];
	(void)state;

	house_open(&o);
	fixture_publish_token(&o.f, DAY(2));
	wire_open(&w, httpd_url(o.h));
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		buf_free(&request);
		buf_printf(&request, "GET %s HTTP/1.1\r\nHost: x\r\n", paths[i]);
		buf_free(&w.got);
		wire_send(&w, buf_span(&request));
		wire_send(&w, span_text("\r\n"));
		wire_read(&w, 5000);
		CHECK_ROW(wire_status(&w) == 200, paths[i]);
		snprintf(line, sizeof line, "\r\nContent-Length: %zu\r\n", body_of(&w).len);
		snprintf(etag, sizeof etag, "%.34s", strstr(buf_text(&w.got), "\r\nETag: ") + 8);
		buf_free(&w.got);
		buf_printf(&request, "If-None-Match: %s\r\nConnection: close\r\n\r\n", etag);
		struct wire again;
		wire_open(&again, httpd_url(o.h));
		wire_send(&again, buf_span(&request));
		wire_read(&again, 5000);
		CHECK_ROW(wire_status(&again) == 304, paths[i]);
		CHECK_ROW(strstr(buf_text(&again.got), line) != NULL, paths[i]);
		CHECK_ROW(body_of(&again).len == 0, paths[i]);
		wire_close(&again);
	}
	wire_close(&w);
	buf_free(&request);
	house_close(&o);
}

/* ---- the page's form ---- */

#define PART(name) "--bound\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static void
a_form_is_read_whole_or_not_at_all(void **state)
{
	static const struct {
		const char *row, *type, *body;
		unsigned status;
	} rows[] = {
		{ "a file", "multipart/form-data; boundary=bound",
		    "--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n"
		    "Content-Type: application/pdf\r\n\r\nhello\r\n--bound--\r\n",
		    200 },
		{ "empty fields beside it", "multipart/form-data; boundary=bound",
		    PART("number") "\r\n" PART("at") "\r\n" PART("file") "hello\r\n--bound--\r\n",
		    200 },
		{ "nothing filled in", "multipart/form-data; boundary=bound",
		    PART("number") "\r\n" PART("file") "\r\n--bound--\r\n", 400 },
		{ "two files, one of them empty", "multipart/form-data; boundary=bound",
		    PART("file") "\r\n" PART("file") "again\r\n--bound--\r\n", 200 },
		{ "a field twice", "multipart/form-data; boundary=bound",
		    PART("file") "hello\r\n" PART("at") "2026-11-20\r\n" PART(
			"at") "2026-11-20\r\n--bound--\r\n",
		    400 },
		{ "a field nobody knows", "multipart/form-data; boundary=bound",
		    PART("file") "hello\r\n" PART("other") "x\r\n--bound--\r\n", 400 },
		{ "no last boundary", "multipart/form-data; boundary=bound",
		    PART("file") "hello\r\n", 400 },
		{ "another boundary", "multipart/form-data; boundary=other",
		    PART("file") "hello\r\n--bound--\r\n", 400 },
		{ "no boundary", "multipart/form-data", PART("file") "hello\r\n--bound--\r\n",
		    400 },
		{ "nothing", "multipart/form-data; boundary=bound", "", 400 },
		{ "no form", "application/x-www-form-urlencoded", "file=hello", 415 },
		{ "a field that is too long", "multipart/form-data; boundary=bound",
		    PART("file") "hello\r\n" PART(
			"holder") "0123456789012345678901234567890123456789012345678901234567890123"
				  "0123456789012345678901234567890123456789012345678901234567890123"
				  "x"
				  "\r\n--bound--\r\n",
		    400 },
	};
	struct house o;
	(void)state;

	house_open(&o);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf request = BUF_EMPTY;
		buf_printf(&request,
		    "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: "
		    "%zu\r\n\r\n%s",
		    rows[i].type, strlen(rows[i].body), rows[i].body);
		const unsigned status = wire_once(httpd_url(o.h), buf_text(&request));
		if (status != rows[i].status)
			fail_msg("%s: %u", rows[i].row, status);
		buf_free(&request);
	}
	house_close(&o);
}

/* ---- the log ---- */

/* threat_38: lines are JSON, and nothing of what was asked or who asked stands in them. */
static void
threat_38_the_log_tells_of_nobody(void **state)
{
	struct house o;
	struct buf request = BUF_EMPTY, log = BUF_EMPTY;
	char path[96];
	struct err err = { 0 };
	(void)state;

	house_open(&o);
	const struct paper *p = &o.f.papers[0];
	const char *digits = buf_text(&o.f.papers[0].code) + strlen("https://v.example");
	snprintf(path, sizeof path, "%s/log", o.f.folder);
	const int file = open(path, O_RDWR | O_CREAT, 0600), before = dup(STDERR_FILENO);
	assert_true(file >= 0 && before >= 0 && dup2(file, STDERR_FILENO) >= 0);
	buf_printf(&request,
	    "GET %s HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.77\r\nUser-Agent: "
	    "\"\\n\033[2J\r\n\r\n",
	    digits);
	const unsigned code = wire_once(httpd_url(o.h), buf_text(&request));
	const unsigned confirmed = wire_once(httpd_url(o.h),
	    "POST /v1/confirm HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	    "Content-Length: 61\r\n\r\n"
	    "{\"number\":\"JC-B-999900-2026-31556-5\",\"check_code\":\"0A1B2C3D\"}");
	while (atomic_load(&o.c.counters.connections) > 0)
		usleep(1000);
	dup2(before, STDERR_FILENO);
	close(before);
	assert_int_equal(code, 200);
	assert_int_equal(confirmed, 501);
	assert_true(lseek(file, 0, SEEK_SET) == 0 && file_read_fd(&log, file, 65536, &err));
	close(file);

	struct cursor c = cursor_over(buf_span(&log));
	size_t lines = 0;
	for (; cursor_left(&c) > 0; lines++) {
		const struct span line = cursor_until(&c, '\n');
		json_t *json =
		    json_loadb((const char *)line.ptr, line.len, JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(json);
		json_decref(json);
	}
	assert_int_equal(lines, 2);
	assert_non_null(strstr(buf_text(&log), "\"route\":\"/q/1/*\""));
	const char *const secrets[] = { "31556", "0A1B2C3D", "192.0.2", "127.0.0.1", FIXTURE_USCC,
		FIXTURE_HOLDER, p->check_code };
	for (size_t i = 0; i < COUNT_OF(secrets); i++)
		CHECK_ROW(strstr(buf_text(&log), secrets[i]) == NULL, secrets[i]);
	assert_null(strstr(buf_text(&log), digits + strlen("/q/1/")));
	buf_free(&log);
	buf_free(&request);
	house_close(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threat_44_ambiguous_requests_are_refused),
		cmocka_unit_test(threat_44_a_nul_anywhere_in_the_header_is_refused),
		cmocka_unit_test(an_unusual_but_lawful_header_is_read),
		cmocka_unit_test(an_address_that_is_none_leads_nowhere),
		cmocka_unit_test(a_phone_that_scans_the_longest_code_is_answered),
		cmocka_unit_test(threat_43_a_client_cannot_forge_who_it_is),
		cmocka_unit_test(a_header_of_any_length_gets_a_reply),
		cmocka_unit_test(a_published_file_is_always_the_one_on_disk),
		cmocka_unit_test(a_file_from_memory_is_sent_like_one_from_disk),
		cmocka_unit_test(what_did_not_change_has_the_length_it_would_have),
		cmocka_unit_test(what_is_too_long_is_refused_without_reading_it),
		cmocka_unit_test(every_reply_is_strict_about_the_browser),
		cmocka_unit_test(a_file_is_verified_and_head_has_no_body),
		cmocka_unit_test(a_form_is_read_whole_or_not_at_all),
		cmocka_unit_test(threat_38_the_log_tells_of_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "verifier/httpd.h"

#include "core/limits.h"
#include "verifier/connection.h"
#include "verifier/counters.h"
#include "verifier/listen.h"
#include "verifier/log.h"
#include "verifier/pool.h"
#include "verifier/upload.h"

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define MORE_CONNECTIONS 512 /* beyond LIMIT_CONNECTIONS: to be told to come back */
#define COME_BACK_S "5"
#define USUAL_BYTES (256u << 10) /* of a certificate; room is made for no more before it has come */

struct httpd {
	struct MHD_Daemon *daemon;
	struct connections *connections;
	const struct route *table;
	const struct service *service;
	atomic_size_t body_bytes; /* held now, of all requests */
	struct listen_address address;
};

/* One request under way. */
struct exchange {
	const struct route *route;
	bool answered;
	/* Where it is slow: what a thread of the pool needs. The connection sleeps meanwhile. */
	const struct service *service;
	struct MHD_Connection *connection;
	struct request request;
	struct response reply;
	struct buf body;
	struct upload *upload;
	size_t counted; /* body bytes counted against the ceiling */
	bool too_much;
	int64_t begun_ms;
};

/* ---- what came ---- */

/* The header lines that make two servers disagree about where a request ends. */
struct guard {
	unsigned lengths, encodings, hosts;
	bool
	    strange; /* a header name with anything but token characters: "Content-Length " is another */
};

static enum MHD_Result
count_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct guard *g = cls;
	static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	(void)kind;
	(void)value;
	g->lengths += strcasecmp(name, "Content-Length") == 0;
	g->encodings += strcasecmp(name, "Transfer-Encoding") == 0;
	g->hosts += strcasecmp(name, "Host") == 0;
	g->strange |= name[0] == '\0' || name[strspn(name, token)] != '\0';
	return MHD_YES;
}

static bool
body_length(uint64_t *out, const char *text)
{
	*out = 0;
	if (text == NULL)
		return true;
	const size_t n = strspn(text, "0123456789");
	if (n == 0 || n > 18 || text[n] != '\0')
		return false;
	*out = strtoull(text, NULL, 10);
	return true;
}

struct seeing {
	http_see_fn *see;
	void *ctx;
	bool refused;
};

static enum MHD_Result
see_query(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct seeing *s = cls;

	(void)kind;
	s->refused = s->refused || !s->see(s->ctx, name, value);
	return s->refused ? MHD_NO : MHD_YES;
}

static bool
each_query(const struct request *r, http_see_fn *see, void *see_ctx)
{
	struct seeing s = { see, see_ctx, false };

	MHD_get_connection_values(r->ctx, MHD_GET_ARGUMENT_KIND, see_query, &s);
	return !s.refused;
}

static struct request
request_of(struct MHD_Connection *c, const char *method, const char *path)
{
	return (struct request){ .method = method,
		.path = path,
		.type = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Type"),
		.encoding = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Encoding"),
		.accept = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Accept"),
		.accept_language =
		    MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Accept-Language"),
		.if_none_match = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-None-Match"),
		.each_query = each_query,
		.ctx = c,
		.now_s = time(NULL) };
}

/* Behind a proxy on this machine the client is whom the proxy names. */
static struct client
client_of_request(struct MHD_Connection *c, const struct connection *from)
{
	const struct client peer = connection_client(from);
	if (!client_is_local(peer))
		return peer;
	return client_forwarded(MHD_lookup_connection_value(c, MHD_HEADER_KIND, "X-Forwarded-For"));
}

/* ---- what goes back ---- */

static struct MHD_Response *
response_of(struct response *r)
{
	if (r->fd <= 0)
		return MHD_create_response_from_buffer(
		    r->body.len, r->body.ptr, MHD_RESPMEM_MUST_COPY);
	struct MHD_Response *m = MHD_create_response_from_fd64(r->file_bytes, r->fd);
	if (m != NULL)
		r->fd = 0; /* the library's now */
	return m;
}

static void
add_headers(struct MHD_Response *m, const struct response *r)
{
	static const struct {
		const char *name, *value;
	} always[] = {
		{ "Content-Security-Policy",
		    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
		    "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" },
		{ "Permissions-Policy", "camera=(self), geolocation=(), microphone=()" },
		{ "Referrer-Policy", "no-referrer" },
		{ "X-Content-Type-Options", "nosniff" },
	};
	for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
		MHD_add_response_header(m, always[i].name, always[i].value);
	for (size_t i = 0; i < r->n_headers; i++)
		MHD_add_response_header(m, r->headers[i].name, r->headers[i].value);
	if (r->type != NULL)
		MHD_add_response_header(m, "Content-Type", r->type);
	if (r->close)
		MHD_add_response_header(m, "Connection", "close");
}

static enum MHD_Result
send_reply(struct httpd *h, struct MHD_Connection *c, struct connection *from, struct exchange *e)
{
	struct response *r = &e->reply;
	struct MHD_Response *m;

	if (!buf_ok(&r->body, NULL) || r->status == 0)
		return MHD_NO;
	r->close |= connections_ending(h->connections);
	connection_takes(h->connections, from, r->fd > 0 ? r->file_bytes : r->body.len);
	m = response_of(r);
	if (m == NULL)
		return MHD_NO;
	add_headers(m, r);
	counters_reply(h->service->counters, r);
	const enum MHD_Result queued = MHD_queue_response(c, r->status, m);
	MHD_destroy_response(m);
	return queued;
}

/* ---- one request, from its header to its reply ---- */

static const struct route *
guarded(struct httpd *h, struct MHD_Connection *c, struct connection *from, struct response *out,
    const struct request *q, uint64_t *length)
{
	struct guard g = { 0 };

	*length = 0;
	MHD_get_connection_values(c, MHD_HEADER_KIND, count_header, &g);
	const char *text = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Length");
	if (connection_turned_away(from)) {
		http_problem(out, q, &problem_busy, "too many connections: come back in a moment");
		http_header(out, "Retry-After", COME_BACK_S);
	} else if (g.lengths > 1 || g.hosts > 1 || g.strange ||
	    (g.lengths > 0 && g.encodings > 0) || !body_length(length, text)) {
		http_problem(out, q, &problem_header, "the header is ambiguous");
	} else if (g.encodings > 0) {
		http_problem(out, q, &problem_length, "send the body with its Content-Length");
	} else {
		return route_choose(out, h->table, q, *length);
	}
	out->close = true;
	return NULL;
}

static struct exchange *
begin(struct httpd *h, struct MHD_Connection *c, struct connection *from, const char *method,
    const char *path)
{
	struct err err = { 0 };
	struct exchange *e = calloc(1, sizeof *e);
	const struct request q = request_of(c, method, path);
	uint64_t length;

	if (e == NULL)
		return NULL;
	e->begun_ms = connection_clock_ms();
	connection_sends(h->connections, from);
	e->route = guarded(h, c, from, &e->reply, &q, &length);
	if (e->route != NULL && e->route->body == ROUTE_INPUT)
		buf_reserve(&e->body, length < USUAL_BYTES ? length : USUAL_BYTES);
	if (e->route != NULL && e->route->body == ROUTE_FORM &&
	    !upload_begin(&e->upload, c, &err)) {
		http_problem(&e->reply, &q, &problem_form, "%s", err.text);
		e->reply.close = true;
		e->route = NULL;
	}
	return e;
}

static void
take_body(struct httpd *h, struct exchange *e, const char *bytes, size_t n)
{
	if (atomic_fetch_add(&h->body_bytes, n) + n > LIMIT_BODIES_BYTES)
		e->too_much = true;
	e->counted += n;
	if (e->too_much)
		return;
	if (e->upload != NULL)
		upload_add(e->upload, bytes, n);
	else if (e->body.len + n <= e->route->body_bytes)
		buf_add(&e->body, bytes, n);
}

static void
come_back(struct exchange *e, const struct request *q)
{
	http_problem(&e->reply, q, &problem_busy, "too much is under way: come back in a moment");
	http_header(&e->reply, "Retry-After", COME_BACK_S);
}

/* In a thread of the pool. */
static void
answer_slowly(void *ctx)
{
	struct exchange *e = ctx;

	e->request.pictures_until_ms = connection_clock_ms() + LIMIT_PICTURES_MS;
	e->route->answer(&e->reply, e->service, &e->request);
	MHD_resume_connection(e->connection);
}

/* False: the connection sleeps, and on_request() is called again when it is answered. */
static bool
answer(struct httpd *h, struct MHD_Connection *c, struct connection *from, struct exchange *e,
    struct request *q)
{
	q->client = client_of_request(c, from);
	q->body = buf_span(&e->body);
	q->form = e->upload != NULL ? upload_form(e->upload) : NULL;
	e->answered = true;
	if (e->too_much || !buf_ok(&e->body, NULL)) {
		come_back(e, q);
	} else if (e->upload != NULL && q->form == NULL) {
		http_problem(&e->reply, q, &problem_form,
		    "The form did not arrive whole, or has fields that are not asked for.");
	} else if (e->route->slow == NULL || !e->route->slow(q)) {
		e->route->answer(&e->reply, h->service, q);
	} else {
		e->service = h->service;
		e->connection = c;
		e->request = *q;
		connection_is_served(h->connections, from);
		MHD_suspend_connection(c);
		if (!pool_add(h->service->slow, answer_slowly, e)) {
			come_back(e, q);
			MHD_resume_connection(c);
		}
		return false;
	}
	return true;
}

static struct connection *
connection_under(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info != NULL ? info->socket_context : NULL;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *c, const char *path, const char *method,
    const char *version, const char *bytes, size_t *n, void **ctx)
{
	struct httpd *h = cls;
	struct exchange *e = *ctx;
	struct connection *from = connection_under(c);

	(void)version;
	if (from == NULL)
		return MHD_NO;
	if (e == NULL) {
		*ctx = e = begin(h, c, from, method, path);
		if (e == NULL)
			return MHD_NO;
		return e->route != NULL ? MHD_YES : send_reply(h, c, from, e);
	}
	if (*n > 0) {
		take_body(h, e, bytes, *n);
		*n = 0;
		return MHD_YES;
	}
	struct request q = request_of(c, method, path);
	return e->answered || answer(h, c, from, e, &q) ? send_reply(h, c, from, e) : MHD_YES;
}

static void
on_completed(void *cls, struct MHD_Connection *c, void **ctx, enum MHD_RequestTerminationCode how)
{
	struct httpd *h = cls;
	struct exchange *e = *ctx;
	struct connection *from = connection_under(c);

	if (e == NULL)
		return;
	json_t *facts = json_pack("{s:s, s:i, s:I, s:b}", "route",
	    e->route != NULL ? e->route->path : "-", "status", (int)e->reply.status, "ms",
	    (json_int_t)(connection_clock_ms() - e->begun_ms), "complete",
	    how == MHD_REQUEST_TERMINATED_COMPLETED_OK);
	if (facts != NULL && e->reply.verdict != VERDICT_UNDECIDED)
		json_object_set_new(facts, "verdict", json_string(verdict_word(e->reply.verdict)));
	log_info("request", facts);
	atomic_fetch_sub(&h->body_bytes, e->counted);
	if (from != NULL)
		connection_waits(h->connections, from);
	upload_free(e->upload);
	buf_free(&e->body);
	http_free(&e->reply);
	free(e);
	*ctx = NULL;
}

/* ---- the listener ---- */

static void
on_connection(void *cls, struct MHD_Connection *c, void **socket_context,
    enum MHD_ConnectionNotificationCode code)
{
	struct httpd *h = cls;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		connections_remove(h->connections, *socket_context);
		*socket_context = NULL;
		return;
	}
	const union MHD_ConnectionInfo *fd =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *address =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (fd != NULL && address != NULL)
		*socket_context = connections_add(
		    h->connections, fd->connect_fd, client_of(address->client_addr));
}

/* An address that hides a NUL stays as it is and fits nothing. */
static size_t
unescape(void *cls, struct MHD_Connection *c, char *text)
{
	(void)cls;
	(void)c;
	return strstr(text, "%00") == NULL ? MHD_http_unescape(text) : strlen(text);
}

static unsigned
workers(void)
{
	const long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 2 ? 2 : n > 16 ? 16 : (unsigned)n;
}

static bool
start(struct httpd *h, struct err *err)
{
	h->daemon =
	    MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC,
		0, NULL, NULL, on_request, h, MHD_OPTION_LISTEN_SOCKET, h->address.fd,
		MHD_OPTION_THREAD_POOL_SIZE, workers(), MHD_OPTION_CONNECTION_LIMIT,
		LIMIT_CONNECTIONS + MORE_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)LIMIT_REQUEST_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, h, MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL, MHD_OPTION_END);
	return h->daemon != NULL ||
	    err_set(err, ERR_IO, "%s: the server does not start", h->address.url);
}

bool
httpd_open(struct httpd **out, const char *address, const struct route *table,
    const struct service *service, struct err *err)
{
	struct httpd *h = calloc(1, sizeof *h);

	*out = NULL;
	if (h == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	h->table = table;
	h->service = service;
	h->address.fd = -1;
	if (!listen_on(&h->address, address, err) ||
	    !connections_new(&h->connections, service->clients, service->counters, err) ||
	    !start(h, err)) {
		httpd_close(h);
		return false;
	}
	*out = h;
	return true;
}

void
httpd_close(struct httpd *h)
{
	if (h == NULL)
		return;
	if (h->daemon != NULL) {
		MHD_quiesce_daemon(h->daemon);
		connections_end(h->connections);
		MHD_stop_daemon(h->daemon);
	}
	listen_close(&h->address);
	connections_free(h->connections);
	free(h);
}

const char *
httpd_url(const struct httpd *h)
{
	return h->address.url;
}

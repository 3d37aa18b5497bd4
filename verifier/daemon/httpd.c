#include "verifier/daemon/httpd.h"

#include "core/limits.h"
#include "verifier/daemon/connection.h"
#include "verifier/daemon/counters.h"
#include "verifier/daemon/header.h"
#include "verifier/daemon/kept.h"
#include "verifier/daemon/listen.h"
#include "verifier/daemon/log.h"
#include "verifier/daemon/pool.h"
#include "verifier/daemon/upload.h"
#include "verifier/daemon/worker.h"

#include <microhttpd.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MORE_CONNECTIONS 512 /* beyond the limit: to be told to come back */
#define COME_BACK_S "5"
#define USUAL_BYTES (256u << 10) /* of a certificate; room is made for no more before it has come */
#define MOST_WORKERS 16

struct httpd {
	size_t n_workers;
	struct worker workers[MOST_WORKERS];
	struct connections *connections;
	const struct route *table;
	struct kept_files *files; /* that the table's routes publish; NULL: none */
	const struct service *service;
	atomic_size_t body_bytes; /* held now, of all requests */
	struct listen_address address;
};

/* One request under way. */
struct exchange {
	const struct route *route;
	bool answered;
	/* Where it is slow: what a thread of the pool needs. The connection sleeps meanwhile. */
	struct worker *worker;
	int64_t queued_ms;
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
request_of(struct MHD_Connection *c, const char *method, const char *path, const struct header *h)
{
	return (struct request){ .method = method,
		.path = path,
		.type = h->type,
		.encoding = h->encoding,
		.accept = h->accept,
		.accept_language = h->accept_language,
		.if_none_match = h->if_none_match,
		.each_query = each_query,
		.ctx = c,
		.now_s = time(NULL) };
}

/* Behind a proxy on this machine the client is whom the proxy names. */
static struct client
client_of_request(const struct header *header, const struct connection *from)
{
	const struct client peer = connection_client(from);
	return client_is_local(peer) ? client_forwarded(header->forwarded) : peer;
}

/* ---- what goes back ---- */

static struct MHD_Response *
response_of(struct response *r)
{
	if (r->fd <= 0 && r->kept != NULL)
		return MHD_create_response_from_buffer(
		    r->kept->bytes.len, r->kept->bytes.ptr, MHD_RESPMEM_PERSISTENT);
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
	/* A request that filled the connection's memory leaves no room for more than it must have. */
	const size_t n_always = r->status == MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE
	    ? 0
	    : sizeof always / sizeof always[0];
	for (size_t i = 0; i < n_always; i++)
		MHD_add_response_header(m, always[i].name, always[i].value);
	for (size_t i = 0; i < r->n_headers; i++)
		MHD_add_response_header(m, r->headers[i].name, r->headers[i].value);
	if (r->type != NULL)
		MHD_add_response_header(m, "Content-Type", r->type);
	if (r->close)
		MHD_add_response_header(m, "Connection", "close");
}

static void
reply_free(void *reply)
{
	MHD_destroy_response(reply);
}

/* A published file's reply is the same for everybody: whoever asks next finds it made. True: it is the file's now. */
static bool
keep_reply(const struct response *r, struct MHD_Response *m)
{
	void *none = NULL;

	if (r->kept == NULL || r->status != MHD_HTTP_OK || r->kept->bytes.len == 0 || r->close ||
	    time(NULL) >= atomic_load(&r->kept->reply_until_s))
		return false;
	r->kept->reply_free = reply_free;
	return atomic_compare_exchange_strong(&r->kept->reply, &none, m);
}

static enum MHD_Result
send_reply(struct httpd *h, struct MHD_Connection *c, struct connection *from, struct exchange *e)
{
	struct response *r = &e->reply;
	struct MHD_Response *m;

	if (!buf_ok(&r->body, NULL) || r->status == 0)
		return MHD_NO;
	r->close |= connections_ending(h->connections);
	connection_takes(from, r->kept != NULL ? r->file_bytes : r->body.len);
	m = response_of(r);
	if (m == NULL)
		return MHD_NO;
	add_headers(m, r);
	counters_reply(h->service->counters, r->status, r->verdict);
	const enum MHD_Result queued = MHD_queue_response(c, r->status, m);
	if (!keep_reply(r, m))
		MHD_destroy_response(m);
	return queued;
}

/* ---- published files, most of what is asked ---- */

/* The file whose reply is made already; NULL: the usual way must be gone. */
static struct kept *
file_at_hand(const struct httpd *h, const struct connection *from, const char *method,
    const char *path, const struct header *header)
{
	if (h->files == NULL || header->ambiguous || header->too_long || header->chunked ||
	    header->has_length || header->if_none_match != NULL ||
	    (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) || path[0] != '/' ||
	    connection_turned_away(from) || connections_ending(h->connections))
		return NULL;
	struct kept *k = kept_peek(h->files, path + 1);
	if (k != NULL &&
	    (atomic_load(&k->reply) == NULL || time(NULL) >= atomic_load(&k->reply_until_s))) {
		kept_release(k);
		return NULL;
	}
	return k;
}

static enum MHD_Result
send_file(struct httpd *h, struct MHD_Connection *c, struct connection *from)
{
	const struct kept *k = connection_note(from)->file;

	connection_takes(from, k->size);
	counters_reply(h->service->counters, MHD_HTTP_OK, VERDICT_UNDECIDED);
	return MHD_queue_response(c, MHD_HTTP_OK, atomic_load(&k->reply));
}

/* ---- one request, from its header to its reply ---- */

static const struct route *
guarded(struct httpd *h, const struct connection *from, struct response *out,
    const struct request *q, const struct header *header)
{
	if (header->ambiguous) {
		http_problem(out, q, &problem_header, "the header is ambiguous");
	} else if (header->too_long) {
		http_begin(out, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, NULL);
	} else if (connection_turned_away(from)) {
		http_problem(out, q, &problem_busy, "too many connections: come back in a moment");
		http_header(out, "Retry-After", COME_BACK_S);
	} else if (header->chunked) {
		http_problem(out, q, &problem_length, "send the body with its Content-Length");
	} else {
		return route_choose(out, h->table, q, header->length);
	}
	out->close = true;
	return NULL;
}

static struct exchange *
begin(struct httpd *h, struct MHD_Connection *c, struct connection *from, const char *method,
    const char *path, const struct header *header)
{
	struct err err = { 0 };
	struct exchange *e = calloc(1, sizeof *e);

	if (e == NULL)
		return NULL;
	e->begun_ms = connection_clock_ms();
	e->request = request_of(c, method, path, header);
	e->request.client = client_of_request(header, from);
	connection_sends(from);
	e->route = guarded(h, from, &e->reply, &e->request, header);
	e->answered = e->route == NULL;
	if (e->route != NULL && e->route->body == ROUTE_INPUT)
		buf_reserve(&e->body, header->length < USUAL_BYTES ? header->length : USUAL_BYTES);
	if (e->route != NULL && e->route->body == ROUTE_FORM &&
	    !upload_begin(&e->upload, c, &err)) {
		http_problem(&e->reply, &e->request, &problem_form, "%s", err.text);
		e->reply.close = true;
		e->route = NULL;
	}
	return e;
}

/* The header is there. */
static enum MHD_Result
on_header(struct httpd *h, struct MHD_Connection *c, struct connection *from, const char *method,
    const char *address, const char *version, void **ctx)
{
	struct connection_note *note = connection_note(from);
	const struct header header = header_read(c, method, address, version, note->after_address);
	const char *path = address + note->before_path;
	struct exchange *e;

	if (note->before_path > 0 && path[0] == '\0')
		path = "/"; /* RFC 9110 4.2.3 */
	note->file = file_at_hand(h, from, method, path, &header);
	if (note->file != NULL) {
		*ctx = note;
		return MHD_YES;
	}
	*ctx = e = begin(h, c, from, method, path, &header);
	if (e == NULL)
		return MHD_NO;
	/* A reply given before the body was asked for ends the connection: where there is none, it waits for the next call. */
	return e->reply.close ? send_reply(h, c, from, e) : MHD_YES;
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
come_back(const struct service *s, struct exchange *e)
{
	atomic_fetch_add(&s->counters->come_back, 1);
	http_problem(
	    &e->reply, &e->request, &problem_busy, "too much is under way: come back in a moment");
	http_header(&e->reply, "Retry-After", COME_BACK_S);
}

/* In a thread of the pool. */
static void
answer_slowly(void *ctx)
{
	struct exchange *e = ctx;
	const struct httpd *h = e->worker->listener;
	const struct service *s = h->service;
	const int64_t now_ms = connection_clock_ms();

	/* Who waited for long is hardly there any more, and who asks next should not wait as long. */
	if (now_ms - e->queued_ms > LIMIT_SLOW_WAIT_MS || connections_ending(h->connections)) {
		come_back(s, e);
	} else {
		e->request.pictures_until_ms = now_ms + LIMIT_PICTURES_MS;
		e->route->answer(&e->reply, s, &e->request);
	}
	if (!client_is_local(e->request.client))
		clients_leave_slow(s->clients, e->request.client);
	worker_resume(e->worker, e->connection);
}

/* To the pool, if there is a place for it, and not all of its client's are taken. */
static void
answer_later(
    struct worker *w, struct MHD_Connection *c, struct connection *from, struct exchange *e)
{
	const struct service *s = w->listener->service;
	const struct client who = e->request.client;
	const bool local = client_is_local(who);

	e->worker = w;
	e->connection = c;
	e->queued_ms = connection_clock_ms();
	connection_is_served(from);
	MHD_suspend_connection(c);
	if (local || clients_enter_slow(s->clients, who)) {
		if (pool_add(s->slow, answer_slowly, e))
			return;
		if (!local)
			clients_leave_slow(s->clients, who);
	}
	come_back(s, e);
	worker_resume(w, c);
}

/* False: the connection sleeps, and on_request() is called again when it is answered. */
static bool
answer(struct worker *w, struct MHD_Connection *c, struct connection *from, struct exchange *e)
{
	struct request *q = &e->request;

	q->now_s = time(NULL);
	q->body = buf_span(&e->body);
	q->form = e->upload != NULL ? upload_form(e->upload) : NULL;
	e->answered = true;
	if (e->too_much || !buf_ok(&e->body, NULL)) {
		come_back(w->listener->service, e);
	} else if (e->upload != NULL && q->form == NULL) {
		http_problem(&e->reply, q, &problem_form,
		    "The form did not arrive whole, or has fields that are not asked for.");
	} else if (e->route->slow == NULL || !e->route->slow(q)) {
		e->route->answer(&e->reply, w->listener->service, q);
	} else {
		answer_later(w, c, from, e);
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
	struct worker *w = cls;
	struct httpd *h = w->listener;
	struct exchange *e = *ctx;
	struct connection *from = connection_under(c);

	if (from == NULL)
		return MHD_NO;
	if (*ctx == NULL)
		return on_header(h, c, from, method, path, version, ctx);
	if (*ctx == connection_note(from))
		return send_file(h, c, from);
	if (*n > 0) {
		take_body(h, e, bytes, *n);
		*n = 0;
		return MHD_YES;
	}
	return e->answered || answer(w, c, from, e) ? send_reply(h, c, from, e) : MHD_YES;
}

/* Published files that were sent are not worth a line: /metrics counts them. */
static void
log_request(const struct exchange *e, bool complete)
{
	if (e->reply.kept != NULL && complete)
		return;
	json_t *facts = json_pack("{s:s, s:i, s:I, s:b}", "route",
	    e->route != NULL ? e->route->path : "-", "status", (int)e->reply.status, "ms",
	    (json_int_t)(connection_clock_ms() - e->begun_ms), "complete", complete);
	if (facts != NULL && e->reply.verdict != VERDICT_UNDECIDED)
		json_object_set_new(facts, "verdict", json_string(verdict_word(e->reply.verdict)));
	log_info("request", facts);
}

static void
exchange_free(struct httpd *h, struct exchange *e)
{
	atomic_fetch_sub(&h->body_bytes, e->counted);
	upload_free(e->upload);
	buf_free(&e->body);
	http_free(&e->reply);
	free(e);
}

static void
on_completed(void *cls, struct MHD_Connection *c, void **ctx, enum MHD_RequestTerminationCode how)
{
	struct httpd *h = cls;
	struct connection *from = connection_under(c);

	if (*ctx == NULL)
		return;
	if (from != NULL && *ctx == connection_note(from)) {
		kept_release(connection_note(from)->file);
	} else {
		log_request(*ctx, how == MHD_REQUEST_TERMINATED_COMPLETED_OK);
		exchange_free(h, *ctx);
	}
	if (from != NULL)
		connection_waits(h->connections, from);
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

/* The address as it came. */
static void *
on_address(void *cls, const char *address, struct MHD_Connection *c)
{
	struct connection *from = connection_under(c);

	(void)cls;
	if (from == NULL)
		return NULL;
	connection_note(from)->after_address = header_after_address(address);
	connection_note(from)->before_path = header_before_path(address);
	return NULL;
}

/* An address that hides a NUL stays as it is and fits nothing. */
static size_t
unescape(void *cls, struct MHD_Connection *c, char *text)
{
	(void)cls;
	(void)c;
	return strstr(text, "%00") == NULL ? MHD_http_unescape(text) : strlen(text);
}

/* One for each processor this process may use. */
static size_t
processors(void)
{
	cpu_set_t set;
	const int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

	return n > MOST_WORKERS ? MOST_WORKERS : (size_t)n;
}

static struct MHD_Daemon *
daemon_of(struct worker *w, unsigned connections)
{
	struct httpd *h = w->listener;

	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request,
	    w, MHD_OPTION_LISTEN_SOCKET, h->address.fd, MHD_OPTION_CONNECTION_LIMIT, connections,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_EXCHANGE_BYTES,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
	    MHD_OPTION_URI_LOG_CALLBACK, on_address, h, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
	    h, MHD_OPTION_NOTIFY_COMPLETED, on_completed, h, MHD_OPTION_UNESCAPE_CALLBACK, unescape,
	    NULL, MHD_OPTION_END);
}

static bool
start(struct httpd *h, struct err *err)
{
	const size_t n = processors();
	const unsigned each = (h->service->connections + MORE_CONNECTIONS) / (unsigned)n;

	for (; h->n_workers < n; h->n_workers++) {
		struct worker *w = &h->workers[h->n_workers];
		w->listener = h;
		w->daemon = daemon_of(w, each);
		if (w->daemon == NULL)
			return err_set(
			    err, ERR_IO, "%s: the server does not start", h->address.url);
	}
	for (size_t i = 0; i < n; i++)
		if (!worker_start(&h->workers[i], err))
			return false;
	return true;
}

static void
stop(struct httpd *h)
{
	listen_end(&h->address);
	for (size_t i = 0; i < h->n_workers; i++)
		worker_hush(&h->workers[i]);
	if (h->connections != NULL)
		connections_end(h->connections);
	for (size_t i = 0; i < h->n_workers; i++)
		worker_stop(&h->workers[i]);
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
	h->files = table == routes_public ? service->files : NULL;
	h->service = service;
	h->address.fd = -1;
	if (!listen_on(&h->address, address, err) ||
	    !connections_new(
		&h->connections, service->connections, service->clients, service->counters, err) ||
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
	stop(h);
	listen_close(&h->address);
	connections_free(h->connections);
	free(h);
}

const char *
httpd_url(const struct httpd *h)
{
	return h->address.url;
}

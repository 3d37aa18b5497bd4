#include "tests/verifier/caller.h"

#include "tests/test.h"
#include "verifier/daemon/kept.h"

static bool
each_query(const struct request *r, http_see_fn *see, void *see_ctx)
{
	const struct caller *c = r->ctx;

	for (size_t i = 0; i < CALLER_QUERIES; i++) {
		if (c->queries[i][0] != NULL && !see(see_ctx, c->queries[i][0], c->queries[i][1]))
			return false;
	}
	return true;
}

void
caller_open(struct caller *c, const struct fixture *f, bool beside_register, int64_t now_s)
{
	const struct feed_paths paths = { .root = f->root,
		.public_folder = f->public_folder,
		.lookup = beside_register ? f->lookup : NULL };
	struct err err = { 0 };

	*c = (struct caller){ .request = { .each_query = each_query, .now_s = now_s } };
	c->service.counters = &c->counters;
	c->upkeep.site = &c->counters;
	c->service.upkeep = &c->upkeep;
	c->service.connections = CALLER_CONNECTIONS;
	if (!feed_open(&c->service.feed, &paths, now_s, &err) ||
	    !clients_new(&c->service.clients, &err) || !kept_new(&c->service.files, &err) ||
	    !pool_new(&c->service.slow, 1, CALLER_WAITING, &err))
		fail_msg("%s", err.text);
}

void
caller_close(struct caller *c)
{
	http_free(&c->response);
	http_form_free(&c->form);
	pool_free(c->service.slow);
	kept_free(c->service.files);
	clients_free(c->service.clients);
	feed_close(c->service.feed);
}

unsigned
caller_send(struct caller *c, const struct route *table, const char *method, const char *path)
{
	struct request *q = &c->request;

	q->method = method;
	q->path = path;
	q->ctx = c;
	http_free(&c->response);
	const struct route *r = route_choose(&c->response, table, q, q->body.len);
	if (r != NULL) {
		q->form = r->body == ROUTE_FORM ? &c->form : NULL;
		r->answer(&c->response, &c->service, q);
	}
	return c->response.status;
}

unsigned
caller_post(struct caller *c, const char *path, const char *type, struct span body)
{
	c->request.type = type;
	c->request.body = body;
	const unsigned status = caller_send(c, routes_public, "POST", path);
	c->request.type = NULL;
	c->request.body = span_of(NULL, 0);
	return status;
}

unsigned
caller_form(struct caller *c)
{
	return caller_post(c, "/", "multipart/form-data; boundary=x", span_of(NULL, 0));
}

const char *
caller_header(const struct caller *c, const char *name)
{
	for (size_t i = 0; i < c->response.n_headers; i++) {
		if (strcmp(c->response.headers[i].name, name) == 0)
			return c->response.headers[i].value;
	}
	return NULL;
}

const char *
caller_body(struct caller *c)
{
	const char *text = buf_text(&c->response.body);
	return text != NULL ? text : "";
}

bool
caller_says(struct caller *c, const char *text)
{
	return strstr(caller_body(c), text) != NULL;
}

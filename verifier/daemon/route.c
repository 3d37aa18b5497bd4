#include "verifier/daemon/route.h"

#include <strings.h>

/* Does the path fit the pattern? A last part of "*" stands for one character or more. */
static bool
fits(const char *pattern, const char *path)
{
	const size_t n = strlen(pattern);

	if (n > 0 && pattern[n - 1] == '*')
		return strncmp(path, pattern, n - 1) == 0 && path[n - 1] != '\0';
	return strcmp(path, pattern) == 0;
}

static bool
method_fits(const struct route *r, const char *method)
{
	return strcmp(r->method, method) == 0 ||
	    (strcmp(r->method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

/* What is at an address. */
struct place {
	const struct route *route; /* for the method asked; NULL: there is none */
	bool exists, shared;
	char allow[64]; /* the methods it answers */
};

static struct place
find(const struct route *table, const struct request *q)
{
	struct place p = { 0 };

	for (const struct route *r = table; r->method != NULL; r++) {
		if (!fits(r->path, q->path))
			continue;
		if (method_fits(r, q->method))
			p.route = r;
		p.exists = true;
		p.shared |= r->shared;
		strncat(p.allow, strcmp(r->method, "GET") == 0 ? "GET, HEAD, " : "POST, ",
		    sizeof p.allow - strlen(p.allow) - 1);
	}
	strncat(p.allow, "OPTIONS", sizeof p.allow - strlen(p.allow) - 1);
	return p;
}

/* ---- the body ---- */

static const char *const input_types[] = { "application/pdf", "application/cose", "text/plain",
	"image/png", "image/jpeg", NULL };
static const char *const json_types[] = { "application/json", NULL };
static const char *const form_types[] = { "multipart/form-data", NULL };

static const char *const *
types_of(const struct route *r)
{
	return r->body == ROUTE_JSON ? json_types
	    : r->body == ROUTE_FORM  ? form_types
				     : input_types;
}

static bool
type_fits(const struct route *r, const char *type)
{
	for (const char *const *t = types_of(r); *t != NULL; t++)
		if (http_type_is(type, *t))
			return true;
	return false;
}

static void
refuse_type(struct response *out, const struct route *r, const struct request *q)
{
	char types[160] = "";

	for (const char *const *t = types_of(r); *t != NULL; t++) {
		strncat(types, types[0] != '\0' ? ", " : "", sizeof types - strlen(types) - 1);
		strncat(types, *t, sizeof types - strlen(types) - 1);
	}
	http_problem(out, q, &problem_type, "this address takes %s", types);
	http_header(out, "Accept", "%s", types);
}

/* A compressed body is a bomb, and its length says nothing. */
static bool
is_plain(const struct request *q)
{
	return q->encoding == NULL || strcasecmp(q->encoding, "identity") == 0;
}

static bool
see_any(void *ctx, const char *name, const char *value)
{
	(void)ctx;
	(void)name;
	(void)value;
	return false;
}

/* Who asks in the address where the body asks would be answered as if nothing had been asked. */
static bool
asks_beside_the_body(const struct route *r, const struct request *q)
{
	return (r->body == ROUTE_JSON || r->body == ROUTE_FORM) && q->each_query != NULL &&
	    !q->each_query(q, see_any, NULL);
}

static bool
body_fits(struct response *out, const struct route *r, const struct request *q, uint64_t body_bytes)
{
	if (r->body == ROUTE_NO_BODY && body_bytes > 0) {
		http_problem(out, q, &problem_too_long, "nothing is read here: send no body");
	} else if (r->body == ROUTE_NO_BODY) {
		return true;
	} else if (body_bytes > r->body_bytes) {
		http_problem(out, q, &problem_too_long, "the body may have %zu bytes at most",
		    r->body_bytes);
	} else if (!is_plain(q)) {
		http_problem(out, q, &problem_encoding,
		    "bodies are not decompressed here: send it without Content-Encoding");
		http_header(out, "Accept-Encoding", "identity");
	} else if (!type_fits(r, q->type)) {
		refuse_type(out, r, q);
	} else if (asks_beside_the_body(r, q)) {
		http_form_problem(out, q, &problem_question, NULL,
		    "要求应写在提交的内容里，不能写在网址里。请从首页重新填写提交。",
		    "Questions stand in the body, not in the address.");
	} else {
		return true;
	}
	return false;
}

/* ---- what is no operation ---- */

/* What may be asked of this address, also by a browser on behalf of another site's script (CORS preflight). */
static void
tell_options(struct response *out, const struct place *p)
{
	http_begin(out, 204, NULL);
	http_header(out, "Allow", "%s", p->allow);
	if (!p->shared)
		return;
	http_shared(out);
	http_header(out, "Access-Control-Allow-Methods", "GET, HEAD");
	http_header(out, "Access-Control-Allow-Headers", "If-None-Match");
	http_header(out, "Access-Control-Max-Age", "86400");
}

static void
refuse_method(struct response *out, const struct place *p, const struct request *q)
{
	http_problem(out, q, &problem_method, "this address answers %s", p->allow);
	http_header(out, "Allow", "%s", p->allow);
}

const struct route *
route_choose(
    struct response *out, const struct route *table, const struct request *q, uint64_t body_bytes)
{
	const struct place p = find(table, q);

	if (p.route != NULL && body_fits(out, p.route, q, body_bytes))
		return p.route;
	if (!p.exists)
		http_problem(out, q, &problem_nowhere, "there is nothing at this address");
	else if (strcmp(q->method, "OPTIONS") == 0)
		tell_options(out, &p);
	else if (p.route == NULL)
		refuse_method(out, &p, q);
	out->close = body_bytes > 0; /* the body is not read */
	return NULL;
}

#include "verifier/route.h"

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

static const struct route *
find(const struct route *table, const struct request *q, char *allow, size_t room)
{
	allow[0] = '\0';
	for (const struct route *r = table; r->method != NULL; r++) {
		if (!fits(r->path, q->path))
			continue;
		if (method_fits(r, q->method))
			return r;
		if (allow[0] != '\0')
			strncat(allow, ", ", room - strlen(allow) - 1);
		strncat(allow, strcmp(r->method, "GET") == 0 ? "GET, HEAD" : r->method,
		    room - strlen(allow) - 1);
	}
	return NULL;
}

static bool
type_fits(const struct route *r, const char *type)
{
	switch (r->body) {
	case ROUTE_INPUT:
		return http_type_is(type, "application/pdf") ||
		    http_type_is(type, "application/cose") || http_type_is(type, "text/plain") ||
		    http_type_is(type, "image/png") || http_type_is(type, "image/jpeg");
	case ROUTE_JSON:
		return http_type_is(type, "application/json");
	case ROUTE_FORM:
		return http_type_is(type, "multipart/form-data");
	case ROUTE_NO_BODY:
		break;
	}
	return true;
}

static const char *
wanted_types(const struct route *r)
{
	switch (r->body) {
	case ROUTE_JSON:
		return "application/json";
	case ROUTE_FORM:
		return "multipart/form-data";
	default:
		return "application/pdf, application/cose, text/plain, image/png or image/jpeg";
	}
}

static bool
body_fits(struct response *out, const struct route *r, const struct request *q, uint64_t body_bytes)
{
	if (r->body == ROUTE_NO_BODY && body_bytes > 0)
		http_problem(out, q, 413, "nothing is read here: send no body");
	else if (body_bytes > r->body_bytes)
		http_problem(out, q, 413, "the body may have %zu bytes at most", r->body_bytes);
	else if (!type_fits(r, q->type))
		http_problem(out, q, 415, "send %s", wanted_types(r));
	else
		return true;
	out->close = body_bytes > 0; /* the body is not read */
	return false;
}

const struct route *
route_choose(
    struct response *out, const struct route *table, const struct request *q, uint64_t body_bytes)
{
	char allow[64];
	const struct route *r = find(table, q, allow, sizeof allow);

	if (r == NULL) {
		if (allow[0] != '\0') {
			http_problem(out, q, 405, "this address answers %s", allow);
			http_header(out, "Allow", "%s", allow);
		} else {
			http_problem(out, q, 404, "there is nothing at this address");
		}
		out->close = body_bytes > 0;
		return NULL;
	}
	return body_fits(out, r, q, body_bytes) ? r : NULL;
}

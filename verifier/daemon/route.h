/*
 * From method and path to the function that answers.
 */
#ifndef VERIFIER_DAEMON_ROUTE_H
#define VERIFIER_DAEMON_ROUTE_H

#include "verifier/daemon/feed.h"
#include "verifier/daemon/http.h"

/* What all routes share. */
struct service {
	struct feed *feed;
	struct clients *clients;
	struct counters *counters;
	struct pool *slow; /* who answers slow requests */
	const struct upkeep *upkeep;
	struct kept_files *files; /* those published that are in memory */
	unsigned connections;     /* a listener holds at most */
};

typedef void route_fn(struct response *out, const struct service *s, const struct request *q);

/* Will this request, whose body is there, take longer than a worker of the server may be kept? */
typedef bool route_slow_fn(const struct request *q);

/* What a body may be. JSON and the form hold the questions too: no query stands beside them. */
enum route_body { ROUTE_NO_BODY = 0, ROUTE_INPUT, ROUTE_JSON, ROUTE_FORM };

struct route {
	const char *method; /* GET answers HEAD too */
	const char *path;   /* a last part of "*" stands for anything that follows */
	route_fn *answer;
	enum route_body body;
	size_t body_bytes;   /* at most */
	route_slow_fn *slow; /* NULL: never */
	bool shared;         /* scripts of other sites may ask for it (CORS) */
};

/* Each listener has a table, ended by a row without a method. */
extern const struct route routes_public[], routes_admin[];

/*
 * The route for a request of which only the headers are known. NULL: *out is the reply, the refusal (400, 404, 405 with
 * Allow, 413, 415) or what OPTIONS wants to know.
 *
 *   body_bytes  Content-Length; 0 without one
 */
const struct route *route_choose(
    struct response *out, const struct route *table, const struct request *q, uint64_t body_bytes);

#endif

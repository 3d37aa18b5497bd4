/* A caller of the daemon's routes, without a server between: one request, and the reply to look at. */
#ifndef TESTS_VERIFIER_CALLER_H
#define TESTS_VERIFIER_CALLER_H

#include "tests/verifier/fixture.h"
#include "verifier/daemon/counters.h"
#include "verifier/daemon/pool.h"
#include "verifier/daemon/route.h"
#include "verifier/daemon/upkeep.h"

#define CALLER_QUERIES 8
#define CALLER_CONNECTIONS 400
#define CALLER_WAITING 1 /* slow requests, besides the one that is answered */

struct caller {
	struct service service;
	struct counters counters;
	struct upkeep upkeep;
	/* What to send; changed by a test. */
	struct request request;
	const char *queries[CALLER_QUERIES][2]; /* name, value */
	struct http_form form;
	struct response response;
};

/* A service over what the fixture has published, beside its register or with published files alone. */
void caller_open(struct caller *c, const struct fixture *f, bool beside_register, int64_t now_s);
void caller_close(struct caller *c);

/* Send to the public or the admin table; gives the status. The reply before is forgotten. */
unsigned caller_send(
    struct caller *c, const struct route *table, const char *method, const char *path);
/* POST this body of this type. */
unsigned caller_post(struct caller *c, const char *path, const char *type, struct span body);
/* POST the form as it stands in c->form. */
unsigned caller_form(struct caller *c);

/* A header of the reply; NULL if absent. */
const char *caller_header(const struct caller *c, const char *name);
/* The body as text, and whether something stands in it. */
const char *caller_body(struct caller *c);
bool caller_says(struct caller *c, const char *text);

#endif

/* A daemon over a fixture. Its clock is the machine's, so its answers are about whenever this runs. */
#ifndef TESTS_VERIFIER_HOUSE_H
#define TESTS_VERIFIER_HOUSE_H

#include "tests/verifier/caller.h"
#include "verifier/daemon/httpd.h"

struct house {
	struct fixture f; /* with a certificate, published the day after */
	struct caller c;  /* for its service */
	struct httpd *h;
};

void house_open(struct house *o);
void house_open_beside_its_register(struct house *o);
void house_close(struct house *o);

/* A request that is always answered with 200. */
#define HOUSE_GOOD "GET /page.css HTTP/1.1\r\nHost: x\r\n\r\n"
/* The beginning of one that hands in the text of a code. */
#define HOUSE_POST "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"

#endif

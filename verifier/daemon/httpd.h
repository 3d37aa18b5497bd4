/*
 * A listener: libmicrohttpd with what it lacks. Requests that two servers could read differently are
 * refused (two lengths, length and Transfer-Encoding, two hosts, strange header names); bodies are
 * counted against one ceiling; header, body and reply each have a deadline that dribbling does not move;
 * a client may hold CLIENT_CONNECTIONS, all together LIMIT_CONNECTIONS, and who is turned away is told
 * when to come back.
 */
#ifndef VERIFIER_DAEMON_HTTPD_H
#define VERIFIER_DAEMON_HTTPD_H

#include "verifier/daemon/route.h"

struct httpd;

/*
 *   address  "127.0.0.1:8080", "[::1]:8080", ":8080" for all; port 0: any free one
 *   table    routes_public or routes_admin
 *   service  borrowed until httpd_close()
 *
 * ERR_USAGE  no such address; ERR_IO: it cannot be listened on
 */
MUST_CHECK bool httpd_open(struct httpd **out, const char *address, const struct route *table,
    const struct service *service, struct err *err);

/* Take no more connections, let requests under way finish for as long as deadlines allow, stop. */
void httpd_close(struct httpd *h);

/* "http://127.0.0.1:8080/" */
const char *httpd_url(const struct httpd *h);

#endif

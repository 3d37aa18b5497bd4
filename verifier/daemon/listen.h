/* A socket that listens: on an address a person typed, or handed over by systemd (sd_listen_fds(3)). */
#ifndef VERIFIER_DAEMON_LISTEN_H
#define VERIFIER_DAEMON_LISTEN_H

#include "core/err.h"

struct listen_address {
	int fd;    /* listen_close() it */
	bool ours; /* not systemd's */
	char url
	    [128]; /* "http://127.0.0.1:8080/", with the port it really has; "http://unix:/PATH:/" */
	char path[112]; /* of a local socket made here, which is removed at the end; else empty */
};

/*
 * "127.0.0.1:8080", "[::1]:8080", ":8080" for every address, port 0: any free one; "unix:/PATH", which everybody
 * who may enter its folder may connect to: one that nobody listens on any more is replaced; "systemd:NAME", the
 * socket handed over under that name.
 *
 * ERR_USAGE  no such address; ERR_CONFLICT: somebody listens there, or the path is something else; ERR_IO
 */
MUST_CHECK bool listen_on(struct listen_address *out, const char *address, struct err *err);
/* Refuse whoever comes from now on; a socket of systemd's goes on listening, for who is started next. */
void listen_end(struct listen_address *a);
void listen_close(struct listen_address *a);

/* Is it one of the first three kinds, by its form? Nothing is opened. ERR_USAGE. */
MUST_CHECK bool listen_is_address(const char *address, struct err *err);

/* Of two such addresses: would one be refused where the other is listened on already? */
bool listen_is_taken(const char *address, const char *other);

#endif

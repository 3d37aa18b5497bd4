/*
 * The open connections of a listener and their deadlines. libmicrohttpd's own time-out is for idleness
 * alone: one byte a second outlives it. A thread here shuts what is overdue, however busy it looks.
 *
 * What a connection does is told without a lock, as often as it changes; the thread looks at each a few times a
 * minute, and at the moment its deadline may be over.
 */
#ifndef VERIFIER_DAEMON_CONNECTION_H
#define VERIFIER_DAEMON_CONNECTION_H

#include "verifier/daemon/client.h"

#include <stddef.h>

#define CONNECTION_HEADER_S 10 /* from its beginning, or the reply before, to the end of a header */
#define CONNECTION_BODY_S 30   /* from there to the end of the body */
#define CONNECTION_SERVED_S                                                                        \
	300 /* a slow request: the work is bounded by less, and the client does no wrong */
#define CONNECTION_REPLY_S 30 /* to take a reply, and a second more for each of these bytes: */
#define CONNECTION_REPLY_RATE 16384

struct connections;
struct connection;
struct counters;
struct kept;

/*
 * Starts the thread. ERR_MEMORY, ERR_IO.
 *
 *   most  open at once; who comes then is turned away
 */
MUST_CHECK bool connections_new(struct connections **out, unsigned most, struct clients *clients,
    struct counters *counters, struct err *err);
void connections_free(struct connections *all);

/* A connection that was accepted; it has until the deadline for a header. NULL if memory ran out. */
struct connection *connections_add(struct connections *all, int fd, struct client client);
/* Before its descriptor is closed. NULL is nothing. */
void connections_remove(struct connections *all, struct connection *c);

/* What it does now, each with a deadline of its own: waits for a request, sends a body, is served, takes a reply. */
void connection_waits(struct connections *all, struct connection *c);
void connection_sends(struct connection *c);
void connection_is_served(struct connection *c);
void connection_takes(struct connection *c, uint64_t bytes);

struct client connection_client(const struct connection *c);
/* One more than its client, or all, may hold: its request is to be answered by 503. */
bool connection_turned_away(const struct connection *c);

/* What the listener keeps with it from one callback to the next; zeroed at first. */
struct connection_note {
	const char *after_address; /* header_after_address() of the request that is coming */
	size_t before_path;        /* header_before_path() of it */
	struct kept *file;         /* the published file that is its reply, held */
};
struct connection_note *connection_note(struct connection *c);

/* Shut those that wait for a request, and return when all others have gone or met their deadlines. */
void connections_end(struct connections *all);
bool connections_ending(const struct connections *all);

/* Milliseconds of a clock that nobody sets. */
int64_t connection_clock_ms(void);

#endif

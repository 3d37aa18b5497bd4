/*
 * Who asks, as far as a server must tell callers apart: how many connections each holds, and how often
 * each guessed a check code wrong. A table of fixed size under a secret hash: it forgets nobody's misses
 * under a flood, and two callers that share a place share their allowance. Threads may share it.
 */
#ifndef VERIFIER_DAEMON_CLIENT_H
#define VERIFIER_DAEMON_CLIENT_H

#include "core/err.h"

#include <stdint.h>

/* A network address: all of an IPv4 one, the first 64 bits of an IPv6 one. Zeros: this machine. */
struct client {
	uint8_t address[16];
};

struct sockaddr;

/* Loopback and local sockets are this machine: not a client but, as a rule, the proxy of all clients. */
struct client client_of(const struct sockaddr *address);
/*
 * The last entry of X-Forwarded-For, which the proxy on this machine wrote, with or without a port. NULL: zeros; what is
 * no address: one client for all of them.
 */
struct client client_forwarded(const char *header);
bool client_is_local(struct client c);

struct clients;

/* Random bytes make the hash secret. ERR_MEMORY, ERR_IO. */
MUST_CHECK bool clients_new(struct clients **out, struct err *err);
void clients_free(struct clients *c);

/* One connection more: false if this client has CLIENT_CONNECTIONS already; leave() what entered. */
#define CLIENT_CONNECTIONS 32
bool clients_enter(struct clients *c, struct client who);
void clients_leave(struct clients *c, struct client who);

/* One slow request more: false if this client has CLIENT_SLOW under way; leave() what entered. */
#define CLIENT_SLOW 4
bool clients_enter_slow(struct clients *c, struct client who);
void clients_leave_slow(struct clients *c, struct client who);

/*
 * Wrong guesses: CLIENT_GUESSES at once, then one more every CLIENT_GUESS_S seconds. guess() gives 0, or says after how
 * many seconds to come back; after a 0, guessed() says what it was, and only a miss costs. So a client could have
 * CLIENT_GUESSING more misses by asking all at once, and no more.
 */
#define CLIENT_GUESSES 10
#define CLIENT_GUESS_S 6
#define CLIENT_GUESSING 32 /* at once */
int64_t clients_guess(struct clients *c, struct client who, int64_t now_s);
void clients_guessed(struct clients *c, struct client who, bool right, int64_t now_s);

#endif

#include "verifier/connection.h"

#include "core/limits.h"
#include "verifier/counters.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define LOOK_MS 250     /* how often deadlines are looked at */
#define TURNED_AWAY_S 2 /* to send the request that is answered by 503 */
#define GRACE_S 1       /* when all ends, for a request that is just coming */

struct connection {
	struct connection *next, *before;
	struct client client;
	int fd;
	int64_t deadline_ms;
	bool turned_away;
	bool waiting; /* for a request */
};

struct connections {
	struct clients *clients;
	struct counters *counters;
	pthread_mutex_t lock; /* over all below */
	pthread_cond_t changed;
	struct connection *first;
	size_t n;
	bool stop;
	atomic_bool ending;
	pthread_t thread;
	bool started;
};

int64_t
connection_clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Removal takes the lock before the descriptor is closed: what is shut here is never somebody else's. */
static void
shut_overdue(struct connections *all, int64_t now_ms)
{
	for (struct connection *c = all->first; c != NULL; c = c->next) {
		if (now_ms < c->deadline_ms)
			continue;
		shutdown(c->fd, SHUT_RDWR);
		c->deadline_ms = INT64_MAX;
		if (!all->ending)
			atomic_fetch_add(&all->counters->cut_off, 1);
	}
}

/* Sleep, for LOOK_MS at most, with the lock let go. */
static void
wait_a_little(struct connections *all)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOK_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_cond_timedwait(&all->changed, &all->lock, &until);
}

static void *
reap(void *ctx)
{
	struct connections *all = ctx;

	pthread_mutex_lock(&all->lock);
	while (!all->stop) {
		shut_overdue(all, connection_clock_ms());
		wait_a_little(all);
	}
	pthread_mutex_unlock(&all->lock);
	return NULL;
}

bool
connections_new(
    struct connections **out, struct clients *clients, struct counters *counters, struct err *err)
{
	pthread_condattr_t monotonic;
	struct connections *all = calloc(1, sizeof *all);

	*out = NULL;
	if (all == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	all->clients = clients;
	all->counters = counters;
	pthread_mutex_init(&all->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&all->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	errno = pthread_create(&all->thread, NULL, reap, all);
	all->started = errno == 0;
	if (!all->started) {
		connections_free(all);
		return err_errno(err, "a thread");
	}
	*out = all;
	return true;
}

void
connections_free(struct connections *all)
{
	if (all == NULL)
		return;
	pthread_mutex_lock(&all->lock);
	all->stop = true;
	pthread_cond_broadcast(&all->changed);
	pthread_mutex_unlock(&all->lock);
	if (all->started)
		pthread_join(all->thread, NULL);
	pthread_cond_destroy(&all->changed);
	pthread_mutex_destroy(&all->lock);
	free(all);
}

struct connection *
connections_add(struct connections *all, int fd, struct client client)
{
	struct connection *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	/* This machine is no client: it is the proxy of all of them, or somebody trying things. */
	const bool room = client_is_local(client) || clients_enter(all->clients, client);
	*c = (struct connection){
		.fd = fd, .client = client, .turned_away = !room, .waiting = true
	};
	pthread_mutex_lock(&all->lock);
	if (all->n >= LIMIT_CONNECTIONS && room) {
		c->turned_away = true;
		if (!client_is_local(client))
			clients_leave(all->clients, client);
	}
	c->deadline_ms =
	    connection_clock_ms() + 1000 * (c->turned_away ? TURNED_AWAY_S : CONNECTION_HEADER_S);
	c->next = all->first;
	if (all->first != NULL)
		all->first->before = c;
	all->first = c;
	all->n++;
	pthread_mutex_unlock(&all->lock);
	if (c->turned_away)
		atomic_fetch_add(&all->counters->turned_away, 1);
	atomic_fetch_add(&all->counters->connections, 1);
	return c;
}

void
connections_remove(struct connections *all, struct connection *c)
{
	if (c == NULL)
		return;
	pthread_mutex_lock(&all->lock);
	if (c->before != NULL)
		c->before->next = c->next;
	else
		all->first = c->next;
	if (c->next != NULL)
		c->next->before = c->before;
	all->n--;
	pthread_cond_broadcast(&all->changed);
	pthread_mutex_unlock(&all->lock);
	if (!c->turned_away && !client_is_local(c->client))
		clients_leave(all->clients, c->client);
	atomic_fetch_sub(&all->counters->connections, 1);
	free(c);
}

static void
set_deadline(struct connections *all, struct connection *c, int64_t seconds, bool waiting)
{
	pthread_mutex_lock(&all->lock);
	c->waiting = waiting;
	c->deadline_ms = connection_clock_ms() + 1000 * seconds;
	pthread_mutex_unlock(&all->lock);
}

void
connection_waits(struct connections *all, struct connection *c)
{
	set_deadline(all, c, all->ending ? GRACE_S : CONNECTION_HEADER_S, true);
}

void
connection_sends(struct connections *all, struct connection *c)
{
	set_deadline(all, c, CONNECTION_BODY_S, false);
}

void
connection_is_served(struct connections *all, struct connection *c)
{
	set_deadline(all, c, CONNECTION_SERVED_S, false);
}

void
connection_takes(struct connections *all, struct connection *c, uint64_t bytes)
{
	set_deadline(all, c, CONNECTION_REPLY_S + (int64_t)(bytes / CONNECTION_REPLY_RATE), false);
}

struct client
connection_client(const struct connection *c)
{
	return c->client;
}

bool
connection_turned_away(const struct connection *c)
{
	return c->turned_away;
}

void
connections_end(struct connections *all)
{
	pthread_mutex_lock(&all->lock);
	all->ending = true;
	const int64_t soon_ms = connection_clock_ms() + 1000 * GRACE_S;
	for (struct connection *c = all->first; c != NULL; c = c->next) {
		if (c->waiting && c->deadline_ms > soon_ms)
			c->deadline_ms = soon_ms;
	}
	while (all->n > 0)
		wait_a_little(all);
	pthread_mutex_unlock(&all->lock);
}

bool
connections_ending(struct connections *all)
{
	return all->ending;
}

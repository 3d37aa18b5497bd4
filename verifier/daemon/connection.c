#include "verifier/daemon/connection.h"

#include "core/limits.h"
#include "verifier/daemon/counters.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define LOOK_MS 250     /* how often deadlines are looked at */
#define TURNED_AWAY_S 2 /* to send the request that is answered by 503 */
#define GRACE_S 1       /* when all ends, for a request that is just coming */
#define LAST_S 60       /* and for everything else: systemd's unit waits for 120 */

/*
 * Connections lie in as many lists as there are looks in the longest time between two looks at one of them, each in that
 * of its next look. No deadline that is set later than at its beginning is nearer than that time, so that none is missed.
 */
#define LISTS (CONNECTION_HEADER_S * 1000 / LOOK_MS + 2)

struct connection {
	struct connection *next, *before; /* with the lock of all */
	_Atomic int64_t until; /* its deadline in ms; negative while it waits for a request */
	struct connection_note note;
	struct client client;
	int fd;
	unsigned short list; /* with the lock of all */
	bool turned_away;
};

struct connections {
	struct clients *clients;
	struct counters *counters;
	unsigned most;
	pthread_mutex_t lock; /* over all below */
	pthread_cond_t changed;
	struct connection *lists[LISTS];
	int64_t look; /* the last one, counted from the clock's beginning */
	size_t n;
	int64_t last_ms; /* once all ends: nothing lasts beyond it */
	bool stop;
	atomic_bool ending;
	pthread_t thread;
	bool started;
};

int64_t
connection_clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- in which list ---- */

static void
take_out(struct connections *all, struct connection *c)
{
	if (c->before != NULL)
		c->before->next = c->next;
	else
		all->lists[c->list] = c->next;
	if (c->next != NULL)
		c->next->before = c->before;
}

/* Into the list of the look when its deadline is over, or of the last look before it must be looked at. */
static void
put_in(struct connections *all, struct connection *c)
{
	const int64_t due = llabs(atomic_load(&c->until)) / LOOK_MS + 1;
	int64_t look = due < all->look + LISTS - 1 ? due : all->look + LISTS - 1;

	if (look <= all->look)
		look = all->look + 1;
	c->list = (unsigned short)(look % LISTS);
	c->before = NULL;
	c->next = all->lists[c->list];
	if (c->next != NULL)
		c->next->before = c;
	all->lists[c->list] = c;
}

/* ---- the thread ---- */

/* Removal takes the lock before the descriptor is closed: what is shut here is never somebody else's. */
static void
shut_overdue(struct connections *all, struct connection *c, int64_t now_ms)
{
	const bool last = all->ending && now_ms >= all->last_ms;

	if (now_ms < llabs(atomic_load(&c->until)) && !last)
		return;
	shutdown(c->fd, SHUT_RDWR);
	atomic_store(&c->until, INT64_MAX);
	if (!all->ending)
		atomic_fetch_add(&all->counters->cut_off, 1);
}

static void
look_at(struct connections *all, unsigned list, int64_t now_ms)
{
	struct connection *c = all->lists[list], *next;

	all->lists[list] = NULL;
	for (; c != NULL; c = next) {
		next = c->next;
		shut_overdue(all, c, now_ms);
		put_in(all, c);
	}
}

/* All whose time has come since the last look; when all ends, everybody. */
static void
look(struct connections *all, int64_t now_ms)
{
	const int64_t now = now_ms / LOOK_MS;
	int64_t from = all->look;

	if (now - from > LISTS || all->ending)
		from = now - LISTS;
	all->look = now;
	for (int64_t i = from + 1; i <= now; i++)
		look_at(all, (unsigned)(i % LISTS), now_ms);
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
		look(all, connection_clock_ms());
		wait_a_little(all);
	}
	pthread_mutex_unlock(&all->lock);
	return NULL;
}

bool
connections_new(struct connections **out, unsigned most, struct clients *clients,
    struct counters *counters, struct err *err)
{
	pthread_condattr_t monotonic;
	struct connections *all = calloc(1, sizeof *all);

	*out = NULL;
	if (all == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	all->most = most;
	all->clients = clients;
	all->counters = counters;
	all->look = connection_clock_ms() / LOOK_MS;
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

/* ---- one of them ---- */

/* This machine is no client: it is the proxy of all of them, or somebody trying things. */
static bool
enter(struct connections *all, struct client client)
{
	return client_is_local(client) || clients_enter(all->clients, client);
}

static void
leave(struct connections *all, struct client client)
{
	if (!client_is_local(client))
		clients_leave(all->clients, client);
}

struct connection *
connections_add(struct connections *all, int fd, struct client client)
{
	struct connection *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	const bool room = enter(all, client);
	*c = (struct connection){ .fd = fd, .client = client, .turned_away = !room };
	pthread_mutex_lock(&all->lock);
	if (all->n >= all->most && room) {
		c->turned_away = true;
		leave(all, client);
	}
	c->until = -(
	    connection_clock_ms() + 1000 * (c->turned_away ? TURNED_AWAY_S : CONNECTION_HEADER_S));
	put_in(all, c);
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
	take_out(all, c);
	all->n--;
	if (all->ending)
		pthread_cond_broadcast(&all->changed);
	pthread_mutex_unlock(&all->lock);
	if (!c->turned_away)
		leave(all, c->client);
	atomic_fetch_sub(&all->counters->connections, 1);
	free(c);
}

static int64_t
in_ms(int64_t seconds)
{
	return connection_clock_ms() + 1000 * seconds;
}

void
connection_waits(struct connections *all, struct connection *c)
{
	atomic_store(&c->until, -in_ms(all->ending ? GRACE_S : CONNECTION_HEADER_S));
}

void
connection_sends(struct connection *c)
{
	atomic_store(&c->until, in_ms(CONNECTION_BODY_S));
}

void
connection_is_served(struct connection *c)
{
	atomic_store(&c->until, in_ms(CONNECTION_SERVED_S));
}

void
connection_takes(struct connection *c, uint64_t bytes)
{
	atomic_store(
	    &c->until, in_ms(CONNECTION_REPLY_S + (int64_t)(bytes / CONNECTION_REPLY_RATE)));
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

struct connection_note *
connection_note(struct connection *c)
{
	return &c->note;
}

/* ---- the end ---- */

/* One that waits for a request waits no longer than that; one that begins to send in this moment goes on. */
static void
hurry(struct connection *c, int64_t soon_ms)
{
	int64_t until = atomic_load(&c->until);

	while (until < -soon_ms && !atomic_compare_exchange_weak(&c->until, &until, -soon_ms))
		;
}

void
connections_end(struct connections *all)
{
	pthread_mutex_lock(&all->lock);
	all->last_ms = in_ms(LAST_S);
	all->ending = true;
	const int64_t soon_ms = in_ms(GRACE_S);
	for (size_t i = 0; i < LISTS; i++)
		for (struct connection *c = all->lists[i]; c != NULL; c = c->next)
			hurry(c, soon_ms);
	while (all->n > 0)
		wait_a_little(all);
	pthread_mutex_unlock(&all->lock);
}

bool
connections_ending(const struct connections *all)
{
	return all->ending;
}

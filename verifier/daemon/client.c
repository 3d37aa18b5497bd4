#include "verifier/daemon/client.h"

#include "credential/sha256.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

#define PLACES 65536

struct place {
	uint16_t connections, slow, guessing; /* held now */
	int64_t
	    free_s; /* when all guesses are free again: each miss moves it on by CLIENT_GUESS_S */
};

struct clients {
	uint8_t secret[SHA256_BYTES];
	pthread_mutex_t lock;
	struct place places[PLACES];
};

static struct client
of_ipv4(const struct in_addr *a)
{
	struct client c = { { 0 } };
	const uint8_t *octet = (const uint8_t *)&a->s_addr;

	if (octet[0] == 127)
		return c;
	memset(c.address + 10, 0xff, 2); /* as IPv6 maps it (RFC 4291 2.5.5.2) */
	memcpy(c.address + 12, octet, 4);
	return c;
}

static struct client
of_ipv6(const struct in6_addr *a)
{
	struct client c = { { 0 } };

	if (IN6_IS_ADDR_V4MAPPED(a)) {
		struct in_addr v4;
		memcpy(&v4, a->s6_addr + 12, sizeof v4);
		return of_ipv4(&v4);
	}
	if (!IN6_IS_ADDR_LOOPBACK(a))
		memcpy(c.address, a->s6_addr, 8);
	return c;
}

struct client
client_of(const struct sockaddr *address)
{
	if (address != NULL && address->sa_family == AF_INET)
		return of_ipv4(&((const struct sockaddr_in *)(const void *)address)->sin_addr);
	if (address != NULL && address->sa_family == AF_INET6)
		return of_ipv6(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
	return (struct client){ { 0 } };
}

/* "192.0.2.1", "192.0.2.1:1234", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:1234" */
static bool
read_address(struct client *out, const char *text)
{
	char plain[INET6_ADDRSTRLEN];
	struct in_addr v4;
	struct in6_addr v6;
	const bool bracket = text[0] == '[';
	const bool one_colon = strchr(text, ':') == strrchr(text, ':');
	const size_t n = strcspn(text + bracket, bracket ? "]" : one_colon ? ": \t" : " \t");

	if (n >= sizeof plain || (bracket && text[1 + n] != ']'))
		return false;
	memcpy(plain, text + bracket, n);
	plain[n] = '\0';
	if (inet_pton(AF_INET, plain, &v4) == 1)
		*out = of_ipv4(&v4);
	else if (inet_pton(AF_INET6, plain, &v6) == 1)
		*out = of_ipv6(&v6);
	else
		return false;
	return true;
}

struct client
client_forwarded(const char *header)
{
	struct client c = { { 0 } };

	if (header == NULL)
		return c;
	const char *last = strrchr(header, ',');
	last = last != NULL ? last + 1 : header;
	if (!read_address(&c, last + strspn(last, " \t")))
		memset(&c, 0xff, sizeof c); /* nobody's: all who are not named share it */
	return c;
}

bool
client_is_local(struct client c)
{
	static const struct client local;
	return memcmp(&c, &local, sizeof c) == 0;
}

bool
clients_new(struct clients **out, struct err *err)
{
	struct clients *c = calloc(1, sizeof *c);

	*out = NULL;
	if (c == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (getrandom(c->secret, sizeof c->secret, 0) != (ssize_t)sizeof c->secret) {
		free(c);
		return err_errno(err, "random bytes");
	}
	pthread_mutex_init(&c->lock, NULL);
	*out = c;
	return true;
}

void
clients_free(struct clients *c)
{
	if (c == NULL)
		return;
	pthread_mutex_destroy(&c->lock);
	free(c);
}

static struct place *
place_of(struct clients *c, struct client who)
{
	uint8_t hash[SHA256_BYTES];

	sha256_two(
	    hash, span_of(c->secret, sizeof c->secret), span_of(who.address, sizeof who.address));
	return &c->places[hash[0] << 8 | hash[1]];
}

/* Take one more of what a client may have so many of. */
static bool
enter(struct clients *c, uint16_t *held, uint16_t most)
{
	pthread_mutex_lock(&c->lock);
	const bool room = *held < most;
	*held = (uint16_t)(*held + room);
	pthread_mutex_unlock(&c->lock);
	return room;
}

static void
leave(struct clients *c, uint16_t *held)
{
	pthread_mutex_lock(&c->lock);
	(*held)--;
	pthread_mutex_unlock(&c->lock);
}

bool
clients_enter(struct clients *c, struct client who)
{
	return enter(c, &place_of(c, who)->connections, CLIENT_CONNECTIONS);
}

void
clients_leave(struct clients *c, struct client who)
{
	leave(c, &place_of(c, who)->connections);
}

bool
clients_enter_slow(struct clients *c, struct client who)
{
	return enter(c, &place_of(c, who)->slow, CLIENT_SLOW);
}

void
clients_leave_slow(struct clients *c, struct client who)
{
	leave(c, &place_of(c, who)->slow);
}

/* A clock that was set back must not lock anybody out for longer than all misses that can be. */
static void
hold_free_s(struct place *p, int64_t now_s)
{
	const int64_t most_s = (CLIENT_GUESSES + CLIENT_GUESSING) * CLIENT_GUESS_S;

	if (p->free_s > now_s + most_s)
		p->free_s = now_s + most_s;
	if (p->free_s < now_s)
		p->free_s = now_s;
}

int64_t
clients_guess(struct clients *c, struct client who, int64_t now_s)
{
	const int64_t room_s = (CLIENT_GUESSES - 1) * CLIENT_GUESS_S;
	struct place *p = place_of(c, who);

	pthread_mutex_lock(&c->lock);
	hold_free_s(p, now_s);
	const int64_t spent_s = p->free_s - now_s;
	const int64_t wait_s = spent_s > room_s ? spent_s - room_s
	    : p->guessing == CLIENT_GUESSING    ? 1
						: 0;
	if (wait_s == 0)
		p->guessing++;
	pthread_mutex_unlock(&c->lock);
	return wait_s;
}

void
clients_guessed(struct clients *c, struct client who, bool right, int64_t now_s)
{
	struct place *p = place_of(c, who);

	pthread_mutex_lock(&c->lock);
	p->guessing--;
	if (!right)
		p->free_s += CLIENT_GUESS_S;
	hold_free_s(p, now_s);
	pthread_mutex_unlock(&c->lock);
}

#include "verifier/daemon/listen.h"

#include "verifier/daemon/systemd.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define UNIX "unix:"
#define SYSTEMD "systemd:"
#define WAITING 4096 /* connections not accepted yet; the system allows no more by itself */

static bool
begins(const char *address, const char *kind)
{
	return strncmp(address, kind, strlen(kind)) == 0;
}

static bool
no_address(const char *address, struct err *err)
{
	return err_set(err, ERR_USAGE,
	    "\"%.80s\" is no address to listen on: give numbers, such as 127.0.0.1:8080 or "
	    "[::1]:8080, or "
	    "unix:/PATH of at most 107 bytes",
	    address);
}

/* ---- host and port ---- */

/* Take "HOST:PORT" apart; the brackets of an IPv6 address go. */
static bool
split(char *host, size_t room, const char **port, const char *address)
{
	const char *colon = strrchr(address, ':');
	size_t len = colon != NULL ? (size_t)(colon - address) : 0;

	if (colon == NULL || colon[1] == '\0' || len >= room)
		return false;
	if (len >= 2 && address[0] == '[' && address[len - 1] == ']') {
		address++;
		len -= 2;
	} else if (memchr(address, ':', len) != NULL) {
		return false; /* of an IPv6 address nobody could tell where the port begins */
	}
	memcpy(host, address, len);
	host[len] = '\0';
	*port = colon + 1;
	return true;
}

static bool
resolve(struct addrinfo **out, const char *address)
{
	const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM };
	const char *port = NULL;
	char host[64];

	*out = NULL;
	return split(host, sizeof host, &port, address) && strspn(port, "0123456789") <= 5 &&
	    strtoul(port, NULL, 10) <= 65535 &&
	    getaddrinfo(host[0] != '\0' ? host : NULL, port, &hints, out) == 0;
}

static bool
listen_at(int fd, const struct sockaddr *at, socklen_t len)
{
	return fd >= 0 && bind(fd, at, len) == 0 && listen(fd, WAITING) == 0;
}

static int
new_socket(int family)
{
	return socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static bool
listen_on_port(struct listen_address *out, const char *address, struct err *err)
{
	const int on = 1;
	struct addrinfo *at;

	if (!resolve(&at, address))
		return no_address(address, err);
	out->fd = new_socket(at->ai_family);
	if (out->fd >= 0)
		setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	const bool ok = listen_at(out->fd, at->ai_addr, at->ai_addrlen) ||
	    err_errno(err, "listen on %.80s", address);
	freeaddrinfo(at);
	return ok;
}

/* ---- a path ---- */

static bool
unix_name(struct sockaddr_un *out, const char *path)
{
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	return path[0] == '/' &&
	    snprintf(out->sun_path, sizeof out->sun_path, "%s", path) < (int)sizeof out->sun_path;
}

/* Whoever left a socket behind without an end is gone if nobody answers there. */
static bool
make_way(const struct sockaddr_un *at, struct err *err)
{
	struct stat st;

	if (lstat(at->sun_path, &st) != 0)
		return errno == ENOENT || err_errno(err, "%s", at->sun_path);
	if (!S_ISSOCK(st.st_mode))
		return err_set(
		    err, ERR_CONFLICT, "%s is there already and is no socket", at->sun_path);
	const int fd = new_socket(AF_UNIX);
	const bool gone = fd >= 0 &&
	    connect(fd, (const struct sockaddr *)(const void *)at, sizeof *at) != 0 &&
	    errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	if (!gone)
		return err_set(
		    err, ERR_CONFLICT, "%s: somebody listens there already", at->sun_path);
	return unlink(at->sun_path) == 0 || err_errno(err, "%s", at->sun_path);
}

static bool
listen_on_path(struct listen_address *out, const char *path, struct err *err)
{
	struct sockaddr_un at;

	if (!unix_name(&at, path))
		return no_address(path, err);
	if (!make_way(&at, err))
		return false;
	out->fd = new_socket(AF_UNIX);
	if (!listen_at(out->fd, (struct sockaddr *)(void *)&at, sizeof at) ||
	    chmod(path, 0666) != 0)
		return err_errno(err, "listen on unix:%.100s", path);
	snprintf(out->path, sizeof out->path, "%s", path);
	return true;
}

/* ---- any ---- */

static void
name_it(struct listen_address *out)
{
	union {
		struct sockaddr any;
		struct sockaddr_un local;
		struct sockaddr_storage room;
	} name = { .room = { 0 } };
	socklen_t len = sizeof name.room;
	char host[64] = "", port[8] = "";

	if (getsockname(out->fd, &name.any, &len) == 0 && name.any.sa_family == AF_UNIX) {
		snprintf(out->url, sizeof out->url, "http://unix:%.107s:/", name.local.sun_path);
		return;
	}
	(void)getnameinfo(
	    &name.any, len, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
	const bool v6 = strchr(host, ':') != NULL;
	snprintf(out->url, sizeof out->url, "http://%s%s%s:%s/", v6 ? "[" : "", host, v6 ? "]" : "",
	    port);
}

bool
listen_on(struct listen_address *out, const char *address, struct err *err)
{
	bool ok;

	*out = (struct listen_address){ .fd = -1 };
	if (begins(address, UNIX))
		ok = listen_on_path(out, address + strlen(UNIX), err);
	else if (begins(address, SYSTEMD))
		ok = systemd_socket(&out->fd, address + strlen(SYSTEMD), err) &&
		    (out->fd >= 0 ||
			err_set(err, ERR_USAGE, "no socket was handed over as %.80s", address));
	else
		ok = listen_on_port(out, address, err);
	out->ours = ok && !begins(address, SYSTEMD);
	if (ok)
		name_it(out);
	else
		listen_close(out);
	return ok;
}

void
listen_end(struct listen_address *a)
{
	if (a->ours)
		shutdown(a->fd, SHUT_RDWR);
	if (a->path[0] != '\0')
		unlink(a->path);
	a->path[0] = '\0';
}

void
listen_close(struct listen_address *a)
{
	listen_end(a);
	if (a->fd >= 0)
		close(a->fd);
	*a = (struct listen_address){ .fd = -1 };
}

bool
listen_is_address(const char *address, struct err *err)
{
	struct addrinfo *at = NULL;
	struct sockaddr_un path;
	const bool ok = begins(address, UNIX) ? unix_name(&path, address + strlen(UNIX))
					      : resolve(&at, address);

	if (at != NULL)
		freeaddrinfo(at);
	return ok || no_address(address, err);
}

struct place {
	char host[64], port[8];
};

static bool
place_of(struct place *out, const char *address)
{
	struct addrinfo *at = NULL;
	const bool ok = resolve(&at, address) &&
	    getnameinfo(at->ai_addr, at->ai_addrlen, out->host, sizeof out->host, out->port,
		sizeof out->port, NI_NUMERICHOST | NI_NUMERICSERV) == 0;

	if (at != NULL)
		freeaddrinfo(at);
	return ok;
}

/* [::] is every address, 0.0.0.0 every one of IPv4. */
static bool
covers(const char *host, const char *other)
{
	return strcmp(host, other) == 0 || strcmp(host, "::") == 0 ||
	    (strcmp(host, "0.0.0.0") == 0 && strchr(other, ':') == NULL);
}

bool
listen_is_taken(const char *address, const char *other)
{
	struct place a, b;

	if (begins(address, UNIX) || begins(other, UNIX))
		return strcmp(address, other) == 0;
	return place_of(&a, address) && place_of(&b, other) && strcmp(a.port, b.port) == 0 &&
	    strcmp(a.port, "0") != 0 && (covers(a.host, b.host) || covers(b.host, a.host));
}

#include "verifier/listen.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Take "HOST:PORT" apart; the brackets of an IPv6 address go. */
static bool
split(char *host, size_t room, const char **port, const char *address, struct err *err)
{
	const char *colon = strrchr(address, ':');
	size_t len = colon != NULL ? (size_t)(colon - address) : 0;

	if (colon == NULL || colon[1] == '\0' || len >= room)
		return err_set(err, ERR_USAGE,
		    "\"%.80s\" is no address to listen on, such as 127.0.0.1:8080", address);
	if (len >= 2 && address[0] == '[' && address[len - 1] == ']') {
		address++;
		len -= 2;
	}
	memcpy(host, address, len);
	host[len] = '\0';
	*port = colon + 1;
	return true;
}

static bool
listen_at(int *fd, const struct addrinfo *at)
{
	const int on = 1;

	*fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0)
		return false;
	setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(*fd, at->ai_addr, at->ai_addrlen) == 0 && listen(*fd, 256) == 0)
		return true;
	return false;
}

static void
name_it(struct listen_address *out)
{
	struct sockaddr_storage name;
	socklen_t len = sizeof name;
	char host[64] = "", port[8] = "";

	if (getsockname(out->fd, (struct sockaddr *)&name, &len) == 0)
		(void)getnameinfo((struct sockaddr *)&name, len, host, sizeof host, port,
		    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
	const bool v6 = strchr(host, ':') != NULL;
	snprintf(out->url, sizeof out->url, "http://%s%s%s:%s/", v6 ? "[" : "", host, v6 ? "]" : "",
	    port);
}

bool
listen_on(struct listen_address *out, const char *address, struct err *err)
{
	const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM };
	struct addrinfo *at = NULL;
	char host[64];
	const char *port = NULL;

	*out = (struct listen_address){ .fd = -1 };
	if (!split(host, sizeof host, &port, address, err))
		return false;
	if (getaddrinfo(host[0] != '\0' ? host : NULL, port, &hints, &at) != 0)
		return err_set(err, ERR_USAGE,
		    "\"%.80s\" is no address to listen on: give numbers, such as 127.0.0.1:8080",
		    address);
	bool ok = listen_at(&out->fd, at);
	if (!ok)
		err_errno(err, "listen on %.80s", address);
	freeaddrinfo(at);
	if (ok) {
		name_it(out);
	} else if (out->fd >= 0) {
		close(out->fd);
		out->fd = -1;
	}
	return ok;
}

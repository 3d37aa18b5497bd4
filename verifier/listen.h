/* A socket that listens on an address a person typed. */
#ifndef VERIFIER_LISTEN_H
#define VERIFIER_LISTEN_H

#include "core/err.h"

struct listen_address {
	int fd;        /* the caller's to close */
	char url[128]; /* "http://127.0.0.1:8080/", with the port it really has */
};

/* "127.0.0.1:8080", "[::1]:8080", ":8080" for every address; port 0: any free one. ERR_USAGE, ERR_IO. */
MUST_CHECK bool listen_on(struct listen_address *out, const char *address, struct err *err);

#endif

/* Raw bytes to a listener and what comes back, for requests no HTTP library would send. */
#ifndef TESTS_VERIFIER_WIRE_H
#define TESTS_VERIFIER_WIRE_H

#include "core/buf.h"

struct wire {
	int fd;
	struct buf got;
	bool closed; /* by the other side */
};

/* Connect to "http://127.0.0.1:PORT/". */
void wire_open(struct wire *w, const char *url);
void wire_close(struct wire *w);
void wire_send(struct wire *w, struct span bytes);
/* Read until a whole reply is there (by its Content-Length), the end, or so many milliseconds. */
void wire_read(struct wire *w, int ms);
/* The status of the reply; 0 if there is none. */
unsigned wire_status(struct wire *w);
/* The body of the reply as text. */
const char *wire_body(struct wire *w);

/* Connect, send, read and close: the status. */
unsigned wire_once(const char *url, const char *request);

#endif

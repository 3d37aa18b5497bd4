/* A command that goes on until it is told to end: SIGTERM and SIGINT are waited for, not caught. */
#ifndef ISSUER_WATCH_H
#define ISSUER_WATCH_H

#include <signal.h>
#include <stdbool.h>

struct watch {
	sigset_t signals;
};

void watch_begin(struct watch *w);
/* Wait so long; true if the end was told meanwhile. */
bool watch_ends(const struct watch *w, long wait_ms);

#endif

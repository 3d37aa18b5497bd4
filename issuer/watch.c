#include "issuer/watch.h"

#include <time.h>

void
watch_begin(struct watch *w)
{
	sigemptyset(&w->signals);
	sigaddset(&w->signals, SIGTERM);
	sigaddset(&w->signals, SIGINT);
	sigprocmask(SIG_BLOCK, &w->signals, NULL);
}

bool
watch_ends(const struct watch *w, long wait_ms)
{
	const struct timespec wait = { wait_ms / 1000, wait_ms % 1000 * 1000000L };
	return sigtimedwait(&w->signals, NULL, &wait) > 0;
}

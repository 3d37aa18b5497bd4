#include "core/wallclock.h"

struct wallclock
wallclock_begin(int64_t now_s)
{
	struct wallclock w = { .began_s = now_s };

	clock_gettime(CLOCK_MONOTONIC, &w.began);
	return w;
}

int64_t
wallclock_now_s(const struct wallclock *w)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return w->began_s + (now.tv_sec - w->began.tv_sec) - (now.tv_nsec < w->began.tv_nsec);
}

#include "core/wallclock.h"

#include <time.h>

struct wallclock
wallclock_begin(int64_t now_s)
{
	return (struct wallclock){ now_s, monotonic_ms() };
}

int64_t
wallclock_now_s(const struct wallclock *w)
{
	return w->began_s + (monotonic_ms() - w->began_ms) / 1000;
}

int64_t
monotonic_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

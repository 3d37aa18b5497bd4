/* A clock that was read once and runs on: what takes long asks it again, and a test says what it showed. */
#ifndef CORE_WALLCLOCK_H
#define CORE_WALLCLOCK_H

#include <stdint.h>

struct wallclock {
	int64_t began_s;  /* what the clock showed */
	int64_t began_ms; /* monotonic_ms() then */
};

/* now_s: what the clock shows. */
struct wallclock wallclock_begin(int64_t now_s);
/* What it shows by now. */
int64_t wallclock_now_s(const struct wallclock *w);

/* Milliseconds of the clock that nobody sets (CLOCK_MONOTONIC): for deadlines and durations. */
int64_t monotonic_ms(void);

#endif

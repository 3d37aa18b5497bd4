/*
 * What the bench's programs share: two clocks, and one line of JSON each on stdout, by which tests/bench/run
 * gets their figures.
 */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Wall clock and processor time of the whole process, from measure_begin() on. */
struct measure {
	double wall_s, cpu_s;
};

static inline double
measure_clock(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline struct measure
measure_begin(void)
{
	return (struct measure){ measure_clock(CLOCK_MONOTONIC),
		measure_clock(CLOCK_PROCESS_CPUTIME_ID) };
}

/* {"n":1000,"wall_s":0.1,"cpu_s":0.1}: n things done since then. */
static inline void
measure_end(const struct measure *begun, unsigned long long n)
{
	const struct measure now = measure_begin();
	printf("{\"n\":%llu,\"wall_s\":%.6f,\"cpu_s\":%.6f}\n", n, now.wall_s - begun->wall_s,
	    now.cpu_s - begun->cpu_s);
}

/* A call that must do its job; the error is named `err` inside. */
#define MEASURE_MUST(call)                                                                         \
	do {                                                                                       \
		struct err err = { 0 };                                                            \
		if (!(call)) {                                                                     \
			fprintf(stderr, "%s: %s\n", #call, err.text);                              \
			exit(EXIT_FAILURE);                                                        \
		}                                                                                  \
	} while (0)

#endif

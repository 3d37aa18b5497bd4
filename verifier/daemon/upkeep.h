/*
 * What the daemon's main thread does and sees besides answering: reloads, and whether the clock runs evenly. Other
 * threads show it in /readyz and /metrics. A zeroed one is ready for use.
 */
#ifndef VERIFIER_DAEMON_UPKEEP_H
#define VERIFIER_DAEMON_UPKEEP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define UPKEEP_JUMP_S                                                                              \
	30 /* a clock that is only slewed never gets so far from one look to the next */
#define UPKEEP_SETTLE_S 60 /* after a jump it is believed again when it ran evenly for so long */

struct counters;

struct upkeep {
	const struct counters *site; /* what is counted of the public listener alone */
	int64_t started_s;
	atomic_ullong reloads, refused; /* of configuration and data: done, and left as it was */
	atomic_ullong clock_jumps;
	atomic_llong jumped_s;   /* how far the last one went; 0: there was none */
	atomic_llong settled_ms; /* when it is believed again, by the clock that nobody sets */
	int64_t ahead_ms;        /* the clock before that other one; the main thread's own */
	bool looked;
};

/*
 * Look at both clocks, a few times a second: true if the first jumped since the last look.
 *
 *   wall_ms    since 1970, as the machine believes
 *   steady_ms  of a clock that runs through sleep and that nobody sets
 */
bool upkeep_clock(struct upkeep *u, int64_t wall_ms, int64_t steady_ms);

/* By how many seconds it jumped lately, backwards if less than 0; 0: it is believed. */
int64_t upkeep_jumped_s(const struct upkeep *u, int64_t steady_ms);

#endif

/* What /metrics shows: plain counts, nothing about anybody. Threads may share it. */
#ifndef VERIFIER_DAEMON_COUNTERS_H
#define VERIFIER_DAEMON_COUNTERS_H

#include "verifier/daemon/http.h"

#include <stdatomic.h>

struct counters {
	atomic_ullong replies[6];  /* by hundreds of the status: replies[2] are 200 to 299 */
	atomic_ullong not_offered; /* 501, which is no fault and not among replies[5] */
	atomic_ullong come_back;   /* requests sent away because too much was under way */
	atomic_ullong verdicts[4]; /* by enum verdict */
	atomic_ullong turned_away; /* connections beyond what one client or all may hold */
	atomic_ullong cut_off;     /* connections that took longer than a deadline */
	atomic_uint connections;   /* open now */
};

/* Count a reply that is about to be sent. */
void counters_reply(struct counters *c, unsigned status, enum verdict verdict);

#endif

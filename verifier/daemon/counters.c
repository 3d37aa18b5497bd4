#include "verifier/daemon/counters.h"

void
counters_reply(struct counters *c, unsigned status, enum verdict verdict)
{
	atomic_fetch_add(status == 501 ? &c->not_offered : &c->replies[status / 100 % 6], 1);
	if (verdict != VERDICT_UNDECIDED)
		atomic_fetch_add(&c->verdicts[verdict], 1);
}

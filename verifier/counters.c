#include "verifier/counters.h"

void
counters_reply(struct counters *c, const struct response *r)
{
	atomic_fetch_add(&c->replies[r->status / 100 % 6], 1);
	atomic_fetch_add(&c->verdicts[r->verdict], 1);
}

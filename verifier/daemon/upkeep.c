#include "verifier/daemon/upkeep.h"

bool
upkeep_clock(struct upkeep *u, int64_t wall_ms, int64_t steady_ms)
{
	const int64_t ahead_ms = wall_ms - steady_ms, jump_ms = ahead_ms - u->ahead_ms;
	const bool jumped =
	    u->looked && (jump_ms >= UPKEEP_JUMP_S * 1000 || jump_ms <= -UPKEEP_JUMP_S * 1000);

	u->looked = true;
	u->ahead_ms = ahead_ms;
	if (!jumped)
		return false;
	atomic_store(&u->settled_ms, steady_ms + UPKEEP_SETTLE_S * 1000);
	atomic_store(&u->jumped_s, jump_ms / 1000);
	atomic_fetch_add(&u->clock_jumps, 1);
	return true;
}

int64_t
upkeep_jumped_s(const struct upkeep *u, int64_t steady_ms)
{
	return steady_ms < atomic_load(&u->settled_ms) ? atomic_load(&u->jumped_s) : 0;
}

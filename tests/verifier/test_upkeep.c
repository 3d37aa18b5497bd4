#include "verifier/daemon/upkeep.h"

#include "tests/test.h"

#define DAY_MS INT64_C(86400000)

static void
a_clock_that_runs_evenly_or_is_slewed_is_believed(void **state)
{
	struct upkeep u = { 0 };
	(void)state;

	assert_false(upkeep_clock(&u, 500 * DAY_MS, 1000)); /* whatever it was before the start */
	for (int64_t i = 1; i < 1000; i++)                  /* a tenth faster, for minutes */
		assert_false(upkeep_clock(&u, 500 * DAY_MS + i * 220, 1000 + i * 200));
	assert_false(upkeep_clock(&u, 501 * DAY_MS, 1000 + DAY_MS)); /* asleep for a day */
	assert_int_equal(upkeep_jumped_s(&u, 2000 + DAY_MS), 0);
}

static void
a_clock_that_jumped_is_not_believed_for_a_while(void **state)
{
	static const int64_t jumps_s[] = { UPKEEP_JUMP_S, -UPKEEP_JUMP_S, 86400 * 365,
		-86400 * 365 };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(jumps_s); i++) {
		struct upkeep u = { 0 };
		const int64_t wall_ms = 500 * DAY_MS + jumps_s[i] * 1000;
		assert_false(upkeep_clock(&u, 500 * DAY_MS, 0));
		assert_false(upkeep_clock(&u, 500 * DAY_MS + 200, 200));
		assert_true(upkeep_clock(&u, wall_ms + 400, 400));
		assert_false(upkeep_clock(&u, wall_ms + 600, 600));
		assert_int_equal(upkeep_jumped_s(&u, 600), jumps_s[i]);
		assert_int_equal(upkeep_jumped_s(&u, 400 + UPKEEP_SETTLE_S * 1000), 0);
		assert_int_equal(u.clock_jumps, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_that_runs_evenly_or_is_slewed_is_believed),
		cmocka_unit_test(a_clock_that_jumped_is_not_believed_for_a_while),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

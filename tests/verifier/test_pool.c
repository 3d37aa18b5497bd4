/* The threads for what takes long, and the queue before them. */
#include "verifier/daemon/pool.h"

#include "tests/test.h"

#include <unistd.h>

/* Work that says it has begun, and ends when it may. */
struct gate {
	int begun[2], may_end[2];
};

static void
pass(void *ctx)
{
	const struct gate *g = ctx;
	char c = 'x';

	assert_int_equal(write(g->begun[1], &c, 1), 1);
	assert_int_equal(read(g->may_end[0], &c, 1), 1);
}

static void
what_waits_is_counted_and_no_more_than_there_is_room_for(void **state)
{
	struct gate g;
	struct pool *p;
	struct err err = { 0 };
	char c;
	(void)state;

	assert_int_equal(pipe(g.begun), 0);
	assert_int_equal(pipe(g.may_end), 0);
	assert_true(pool_new(&p, 1, 2, &err));
	assert_true(pool_add(p, pass, &g));
	assert_int_equal(read(g.begun[0], &c, 1), 1);
	assert_int_equal(pool_waiting(p), 0); /* it is worked on */
	assert_true(pool_add(p, pass, &g));
	assert_int_equal(pool_waiting(p), 1);
	assert_true(pool_add(p, pass, &g));
	assert_false(pool_add(p, pass, &g));
	assert_int_equal(pool_waiting(p), 2);
	assert_int_equal(write(g.may_end[1], "xxx", 3), 3);
	pool_free(p); /* all of it is done */
	for (int i = 0; i < 2; i++)
		assert_int_equal(read(g.begun[0], &c, 1), 1);
	for (int i = 0; i < 2; i++) {
		close(g.begun[i]);
		close(g.may_end[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_waits_is_counted_and_no_more_than_there_is_room_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

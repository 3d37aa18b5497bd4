/* Threads that serve connections wake whenever there is something to do. */
#include "tests/test.h"
#include "tests/verifier/caller.h"
#include "tests/verifier/wire.h"
#include "verifier/daemon/connection.h"
#include "verifier/daemon/httpd.h"

#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DAY(n) FIXTURE_DAY_S(n)
#define CROWD 128
#define ROUNDS 4
#define ONE_BY_ONE 160
#define GOOD "GET /page.css HTTP/1.1\r\nHost: x\r\n\r\n"

/* One whose only worker does not interrupt who sends: all have sent before it looks. */
static void
on_one_processor(void)
{
	const struct sched_param batch = { 0 };
	cpu_set_t set, one;

	CPU_ZERO(&one);
	assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
	for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
		if (CPU_ISSET(i, &set))
			CPU_SET(i, &one);
	assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
	assert_int_equal(sched_setscheduler(0, SCHED_BATCH, &batch), 0);
}

/* As many at once as the library fetches events at once. */
static void
a_crowd_that_asks_at_once_is_answered_without_waiting_for_another(void **state)
{
	static struct wire crowd[CROWD];
	struct fixture f;
	struct caller c;
	struct httpd *h;
	struct err err = { 0 };
	(void)state;

	on_one_processor();
	fixture_open(&f);
	fixture_publish(&f, DAY(2));
	caller_open(&c, &f, false, DAY(2) + 60);
	assert_true(httpd_open(&h, "127.0.0.1:0", routes_public, &c.service, &err));
	for (size_t i = 0; i < CROWD; i++)
		wire_open(&crowd[i], httpd_url(h));
	while (atomic_load(&c.counters.connections) < CROWD)
		usleep(1000);
	for (int round = 0; round < ROUNDS; round++) {
		usleep(20000);
		for (size_t i = 0; i < CROWD; i++) {
			buf_free(&crowd[i].got);
			wire_send(&crowd[i], span_text(GOOD));
		}
		for (size_t i = 0; i < CROWD; i++) {
			wire_read(&crowd[i], 1000 * (CONNECTION_HEADER_S / 2));
			if (wire_status(&crowd[i]) != 200)
				fail_msg("round %d: number %zu has no answer", round, i);
		}
	}
	for (size_t i = 0; i < CROWD; i++)
		wire_close(&crowd[i]);
	httpd_close(h);
	caller_close(&c);
	fixture_close(&f);
}

/* Nobody else comes to wake the worker: asleep for its longest after each, it would take twice as long. */
static void
who_waited_for_the_pool_is_answered_when_it_is_done(void **state)
{
	static const char batch[] = "{\"inputs\":[{\"code\":\"x\"}]}";
	struct fixture f;
	struct caller c;
	struct httpd *h;
	struct wire w;
	struct buf request = BUF_EMPTY;
	struct err err = { 0 };
	const int64_t began_s = time(NULL);
	(void)state;

	fixture_open(&f);
	fixture_publish(&f, DAY(2));
	caller_open(&c, &f, false, DAY(2) + 60);
	assert_true(httpd_open(&h, "127.0.0.1:0", routes_public, &c.service, &err));
	buf_printf(&request,
	    "POST /v1/verify-batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    strlen(batch), batch);
	wire_open(&w, httpd_url(h));
	for (int i = 0; i < ONE_BY_ONE; i++) {
		buf_free(&w.got);
		wire_send(&w, buf_span(&request));
		wire_read(&w, 5000);
		assert_int_equal(wire_status(&w), 200);
	}
	assert_in_range(time(NULL) - began_s, 0, ONE_BY_ONE / 8);
	wire_close(&w);
	buf_free(&request);
	httpd_close(h);
	caller_close(&c);
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_waited_for_the_pool_is_answered_when_it_is_done),
		cmocka_unit_test(a_crowd_that_asks_at_once_is_answered_without_waiting_for_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Many at once, slow ones, and the end: who is answered, and when. */
#include "core/wallclock.h"
#include "tests/test.h"
#include "tests/verifier/codes.h"
#include "tests/verifier/house.h"
#include "tests/verifier/wire.h"
#include "verifier/daemon/connection.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#define CROWD 128
#define ROUNDS 4
#define ONE_BY_ONE 160
#define SLOW 300

/* ---- slow requests ---- */

#define PICTURES (CALLER_WAITING + 6)

/* Many at once: each is answered, or told to come back, and good requests go on between. */
static void
pictures_are_read_beside_everything_else_and_some_are_told_to_come_back(void **state)
{
	struct house o;
	struct wire w[PICTURES];
	struct buf png = BUF_EMPTY, head = BUF_EMPTY;
	unsigned answered = 0, back = 0;
	(void)state;

	house_open(&o);
	codes_png(&png, (const char *[]){ buf_text(&o.f.papers[0].code) }, 1, 4);
	buf_printf(&head,
	    "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    png.len);
	for (size_t i = 0; i < PICTURES; i++) {
		wire_open(&w[i], httpd_url(o.h));
		wire_send(&w[i], buf_span(&head));
		wire_send(&w[i], buf_span(&png));
	}
	assert_int_equal(wire_once(httpd_url(o.h), HOUSE_GOOD), 200);
	for (size_t i = 0; i < PICTURES; i++) {
		wire_read(&w[i], 60000);
		answered += wire_status(&w[i]) == 200;
		back += wire_status(&w[i]) == 503 &&
		    strstr(buf_text(&w[i].got), "Retry-After: ") != NULL;
		wire_close(&w[i]);
	}
	assert_int_equal(answered + back, PICTURES);
	assert_true(answered > 0 && back > 0);
	assert_int_equal(atomic_load(&o.c.counters.replies[5]), back);
	assert_int_equal(atomic_load(&o.c.counters.come_back), back);
	buf_free(&head);
	buf_free(&png);
	house_close(&o);
}

/* Nobody else comes to wake the worker: asleep for its longest after each, it would take twice as long. */
static void
who_waited_for_the_pool_is_answered_when_it_is_done(void **state)
{
	static const char batch[] = "{\"inputs\":[{\"code\":\"x\"}]}";
	struct house o;
	struct wire w;
	struct buf request = BUF_EMPTY;
	const int64_t began_ms = monotonic_ms();
	(void)state;

	house_open(&o);
	buf_printf(&request,
	    "POST /v1/verify-batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    strlen(batch), batch);
	wire_open(&w, httpd_url(o.h));
	for (int i = 0; i < ONE_BY_ONE; i++) {
		buf_free(&w.got);
		wire_send(&w, buf_span(&request));
		wire_read(&w, 5000);
		assert_int_equal(wire_status(&w), 200);
	}
	assert_in_range(monotonic_ms() - began_ms, 0, 1000 * (ONE_BY_ONE / 8));
	wire_close(&w);
	buf_free(&request);
	house_close(&o);
}

/* ---- time and number ---- */

/* threat_43: hundreds that dribble neither last nor keep a good client waiting. */
static void
threat_43_slow_clients_are_cut_off_and_hinder_nobody(void **state)
{
	static struct wire slow[SLOW];
	struct house o;
	int64_t worst_ms = 0;
	(void)state;

	house_open(&o);
	const int64_t began_ms = monotonic_ms();
	for (size_t i = 0; i < SLOW; i++) {
		wire_open(&slow[i], httpd_url(o.h));
		wire_send(&slow[i], span_text("GET / HTTP/1.1\r\nHost: x\r\nX: "));
	}
	while (monotonic_ms() - began_ms < 1000 * (CONNECTION_HEADER_S - 1)) {
		const int64_t asked_ms = monotonic_ms();
		assert_int_equal(wire_once(httpd_url(o.h), HOUSE_GOOD), 200);
		const int64_t took_ms = monotonic_ms() - asked_ms;
		worst_ms = took_ms > worst_ms ? took_ms : worst_ms;
		for (size_t i = 0; i < SLOW; i++)
			wire_send(&slow[i], span_text("x"));
		usleep(300000);
	}
	assert_true(worst_ms < 1000);
	for (size_t i = 0; i < SLOW; i++) {
		wire_read(&slow[i], 5000);
		assert_true(slow[i].closed);
		wire_close(&slow[i]);
	}
	assert_in_range(
	    (monotonic_ms() - began_ms) / 1000, CONNECTION_HEADER_S - 1, CONNECTION_HEADER_S + 4);
	/* A client sees its end a moment before the server counts it. */
	for (int i = 0; i < 200 && atomic_load(&o.c.counters.cut_off) < SLOW; i++)
		usleep(10000);
	assert_int_equal(atomic_load(&o.c.counters.cut_off), SLOW);
	house_close(&o);
}

/* threat_43: who is one too many is told when to come back. */
static void
threat_43_beyond_the_limit_one_is_told_to_come_back(void **state)
{
	static struct wire idle[CALLER_CONNECTIONS];
	struct house o;
	struct wire w;
	(void)state;

	house_open(&o);
	for (size_t i = 0; i < CALLER_CONNECTIONS; i++)
		wire_open(&idle[i], httpd_url(o.h));
	while (atomic_load(&o.c.counters.connections) < CALLER_CONNECTIONS)
		usleep(1000);
	wire_open(&w, httpd_url(o.h));
	wire_send(&w, span_text(HOUSE_GOOD));
	wire_read(&w, 5000);
	assert_int_equal(wire_status(&w), 503);
	assert_non_null(strstr(buf_text(&w.got), "\r\nRetry-After: 5\r\n"));
	wire_close(&w);
	for (size_t i = 0; i < CALLER_CONNECTIONS; i++)
		wire_close(&idle[i]);
	while (atomic_load(&o.c.counters.connections) > 0)
		usleep(1000);
	assert_int_equal(wire_once(httpd_url(o.h), HOUSE_GOOD), 200);
	house_close(&o);
}

static void *
end(void *ctx)
{
	httpd_close(ctx);
	return NULL;
}

static void
a_request_under_way_is_answered_before_the_end(void **state)
{
	struct house o;
	struct wire w, idle;
	pthread_t thread;
	(void)state;

	house_open(&o);
	wire_open(&idle, httpd_url(o.h));
	wire_open(&w, httpd_url(o.h));
	wire_send(&w, span_text(HOUSE_POST "Content-Length: 10\r\n\r\nhello"));
	while (atomic_load(&o.c.counters.connections) < 2)
		usleep(1000);
	usleep(50000); /* for the header to be read */
	assert_int_equal(pthread_create(&thread, NULL, end, o.h), 0);
	usleep(300000);
	wire_send(&w, span_text("again"));
	wire_read(&w, 5000);
	assert_int_equal(wire_status(&w), 200);
	assert_non_null(strstr(buf_text(&w.got), "\r\nConnection: close\r\n"));
	wire_read(&idle, 5000);
	assert_true(idle.closed);
	pthread_join(thread, NULL);
	wire_close(&w);
	wire_close(&idle);
	caller_close(&o.c);
	fixture_close(&o.f);
}

/* ---- a crowd ---- */

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
	struct house o;
	(void)state;

	on_one_processor();
	house_open(&o);
	for (size_t i = 0; i < CROWD; i++)
		wire_open(&crowd[i], httpd_url(o.h));
	while (atomic_load(&o.c.counters.connections) < CROWD)
		usleep(1000);
	for (int round = 0; round < ROUNDS; round++) {
		usleep(20000);
		for (size_t i = 0; i < CROWD; i++) {
			buf_free(&crowd[i].got);
			wire_send(&crowd[i], span_text(HOUSE_GOOD));
		}
		for (size_t i = 0; i < CROWD; i++) {
			wire_read(&crowd[i], 1000 * (CONNECTION_HEADER_S / 2));
			if (wire_status(&crowd[i]) != 200)
				fail_msg("round %d: number %zu has no answer", round, i);
		}
	}
	for (size_t i = 0; i < CROWD; i++)
		wire_close(&crowd[i]);
	house_close(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    pictures_are_read_beside_everything_else_and_some_are_told_to_come_back),
		cmocka_unit_test(who_waited_for_the_pool_is_answered_when_it_is_done),
		cmocka_unit_test(threat_43_slow_clients_are_cut_off_and_hinder_nobody),
		cmocka_unit_test(threat_43_beyond_the_limit_one_is_told_to_come_back),
		cmocka_unit_test(a_request_under_way_is_answered_before_the_end),
		cmocka_unit_test(a_crowd_that_asks_at_once_is_answered_without_waiting_for_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

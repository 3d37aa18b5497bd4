/* Callers told apart, and what each may do. */
#include "tests/test.h"
#include "verifier/daemon/client.h"

#include <arpa/inet.h>
#include <string.h>

static struct client
of(const char *text)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return client_of((const struct sockaddr *)(const void *)&v4);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return client_of((const struct sockaddr *)(const void *)&v6);
}

static bool
same(const char *a, const char *b)
{
	const struct client x = of(a), y = of(b);
	return memcmp(&x, &y, sizeof x) == 0;
}

static void
addresses_of_one_network_are_one_client(void **state)
{
	(void)state;
	assert_true(same("192.0.2.1", "192.0.2.1"));
	assert_false(same("192.0.2.1", "192.0.2.2"));
	assert_true(same("192.0.2.1", "::ffff:192.0.2.1"));
	assert_true(same("2001:db8::1", "2001:db8::ffff"));
	assert_false(same("2001:db8::1", "2001:db8:0:1::1"));
	assert_true(client_is_local(of("127.0.0.1")));
	assert_true(client_is_local(of("127.8.9.10")));
	assert_true(client_is_local(of("::1")));
	assert_true(client_is_local(client_of(NULL)));
	assert_false(client_is_local(of("192.0.2.1")));
}

static void
the_proxys_word_is_the_last_one(void **state)
{
	static const struct {
		const char *header, *client;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "10.0.0.1, 192.0.2.1", "192.0.2.1" },
		{ "garbage,2001:db8::5", "2001:db8::5" },
		{ "192.0.2.1:50123", "192.0.2.1" },
		{ "10.0.0.1,\t192.0.2.1 ", "192.0.2.1" },
		{ "[2001:db8::5]:50123", "2001:db8::5" },
		{ "[2001:db8::5]", "2001:db8::5" },
		{ "127.0.0.1", "127.0.0.1" },
		{ NULL, "127.0.0.1" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct client got = client_forwarded(rows[i].header),
				    want = of(rows[i].client);
		CHECK_ROW(memcmp(&got, &want, sizeof got) == 0, rows[i].client);
	}
}

/* No way to be the proxy itself, which has no limits. */
static void
whoever_the_proxy_names_unreadably_is_one_client(void **state)
{
	static const char *const headers[] = {
		"192.0.2.1,", "192.0.2.1, unknown", "", " ", "[", "[::1", "[::1x]", ":80",
		"192.0.2.256", "_hidden", "127.0.0.1.", "::1::", "for=127.0.0.1",
		"00000000000000000000000000000000000000000000000000000000000000000000000127.0.0.1"
	};
	const struct client one = client_forwarded("unknown");
	(void)state;

	for (size_t i = 0; i < COUNT_OF(headers); i++) {
		const struct client got = client_forwarded(headers[i]);
		CHECK_ROW(memcmp(&got, &one, sizeof got) == 0, headers[i]);
	}
	assert_false(client_is_local(one));
}

static void
a_client_holds_so_many_connections_and_no_more(void **state)
{
	struct clients *c = NULL;
	const struct client one = of("192.0.2.1"), other = of("192.0.2.2");
	(void)state;

	assert_true(clients_new(&c, NULL));
	for (int i = 0; i < CLIENT_CONNECTIONS; i++)
		assert_true(clients_enter(c, one));
	assert_false(clients_enter(c, one));
	assert_true(clients_enter(c, other));
	clients_leave(c, one);
	assert_true(clients_enter(c, one));
	assert_false(clients_enter(c, one));
	clients_free(c);
}

static void
a_client_has_so_many_slow_requests_under_way_and_no_more(void **state)
{
	struct clients *c = NULL;
	const struct client one = of("192.0.2.1"), other = of("192.0.2.2");
	(void)state;

	assert_true(clients_new(&c, NULL));
	for (int i = 0; i < CLIENT_SLOW; i++)
		assert_true(clients_enter_slow(c, one));
	assert_false(clients_enter_slow(c, one));
	assert_true(clients_enter(c, one));
	assert_true(clients_enter_slow(c, other));
	clients_leave_slow(c, one);
	assert_true(clients_enter_slow(c, one));
	assert_false(clients_enter_slow(c, one));
	clients_free(c);
}

static void
guesses_come_back_with_time_and_a_clock_set_back_locks_nobody_out(void **state)
{
	struct clients *c = NULL;
	const struct client one = of("192.0.2.1");
	const int64_t now_s = 1795161900;
	(void)state;

	assert_true(clients_new(&c, NULL));
	for (int i = 0; i < CLIENT_GUESSES; i++) {
		assert_int_equal(clients_guess(c, one, now_s), 0);
		clients_guessed(c, one, true, now_s);
		assert_int_equal(clients_guess(c, one, now_s), 0);
		clients_guessed(c, one, false, now_s);
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(clients_guess(c, one, now_s), CLIENT_GUESS_S);
	assert_int_equal(clients_guess(c, one, now_s + CLIENT_GUESS_S - 1), 1);
	assert_int_equal(clients_guess(c, one, now_s + CLIENT_GUESS_S), 0);
	clients_guessed(c, one, true, now_s);
	const int64_t most_s = (CLIENT_GUESSING + 1) * CLIENT_GUESS_S;
	assert_int_equal(clients_guess(c, one, now_s - 86400), most_s);
	assert_int_equal(clients_guess(c, one, now_s - 86400 + most_s), 0);
	clients_guessed(c, one, true, now_s);
	clients_free(c);
}

/* Right ones may come many at once, wrong ones gain little by it. */
static void
guesses_under_way_are_no_misses_and_bounded(void **state)
{
	struct clients *c = NULL;
	const struct client one = of("192.0.2.1");
	const int64_t now_s = 1795161900;
	(void)state;

	assert_true(clients_new(&c, NULL));
	for (int i = 0; i < CLIENT_GUESSING; i++)
		assert_int_equal(clients_guess(c, one, now_s), 0);
	assert_int_equal(clients_guess(c, one, now_s), 1);
	for (int i = 0; i < CLIENT_GUESSING; i++)
		clients_guessed(c, one, i > 0, now_s);
	assert_int_equal(clients_guess(c, one, now_s), 0);
	clients_guessed(c, one, true, now_s);
	clients_free(c);
}

/* Guessing in crowds gains CLIENT_GUESSING once, and nothing by and by. */
static void
a_crowd_of_guesses_is_paid_for(void **state)
{
	struct clients *c = NULL;
	const struct client one = of("192.0.2.1");
	const int64_t began_s = 1795161900, minutes = 10;
	int misses = 0;
	(void)state;

	assert_true(clients_new(&c, NULL));
	for (int64_t now_s = began_s; now_s < began_s + 60 * minutes; now_s++) {
		int under_way = 0;
		while (clients_guess(c, one, now_s) == 0)
			under_way++;
		misses += under_way;
		while (under_way-- > 0)
			clients_guessed(c, one, false, now_s);
	}
	assert_in_range(
	    misses, 1, CLIENT_GUESSES + CLIENT_GUESSING + 60 * minutes / CLIENT_GUESS_S);
	clients_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_of_one_network_are_one_client),
		cmocka_unit_test(the_proxys_word_is_the_last_one),
		cmocka_unit_test(whoever_the_proxy_names_unreadably_is_one_client),
		cmocka_unit_test(a_client_holds_so_many_connections_and_no_more),
		cmocka_unit_test(a_client_has_so_many_slow_requests_under_way_and_no_more),
		cmocka_unit_test(guesses_under_way_are_no_misses_and_bounded),
		cmocka_unit_test(a_crowd_of_guesses_is_paid_for),
		cmocka_unit_test(guesses_come_back_with_time_and_a_clock_set_back_locks_nobody_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "registry/crew.h"

#include "tests/test.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#define PIECES 500

struct counts {
	atomic_int done[PIECES];
	atomic_int busy, most; /* at one time */
};

static void
count(void *ctx, size_t i)
{
	struct counts *c = ctx;
	const int busy = atomic_fetch_add(&c->busy, 1) + 1;
	int most = atomic_load(&c->most);

	while (busy > most && !atomic_compare_exchange_weak(&c->most, &most, busy))
		;
	if (i % 50 == 0)
		usleep(1000);
	atomic_fetch_add(&c->done[i], 1);
	atomic_fetch_sub(&c->busy, 1);
}

static void
each_piece_is_done_once(void **state)
{
	(void)state;
	static const size_t pieces[] = { 0, 1, 2, PIECES };

	for (size_t threads = 0; threads <= 4; threads++) {
		struct crew *crew;
		assert_true(crew_new(&crew, threads, NULL));
		crew_end(crew); /* nothing was begun */
		for (size_t p = 0; p < COUNT_OF(pieces); p++) {
			struct counts c = { 0 };
			crew_begin(crew, pieces[p], count, &c);
			crew_end(crew);
			crew_end(crew);
			for (size_t i = 0; i < PIECES; i++)
				assert_int_equal(c.done[i], i < pieces[p]);
			assert_in_range(c.most, 0, threads + 1);
		}
		crew_free(crew);
	}
}

/* A piece that waits until another is begun: done by one thread it would never end. */
static void
meet(void *ctx, size_t i)
{
	(void)i;
	pthread_barrier_wait(ctx);
}

static void
pieces_are_done_side_by_side(void **state)
{
	(void)state;
	struct crew *crew;
	pthread_barrier_t barrier;

	assert_true(crew_new(&crew, 2, NULL));
	assert_int_equal(pthread_barrier_init(&barrier, NULL, 3), 0);
	crew_begin(crew, 3, meet, &barrier);
	crew_end(crew); /* two of them, and the owner himself */
	assert_int_equal(pthread_barrier_init(&barrier, NULL, 2), 0);
	crew_begin(crew, 2, meet, &barrier);
	crew_end(crew);
	pthread_barrier_destroy(&barrier);
	crew_free(crew);
}

static pthread_t signalled;
static volatile sig_atomic_t signals;

static void
note(int number)
{
	(void)number;
	signalled = pthread_self();
	signals = 1;
}

/* Or else whoever waits for one would not be woken: while the owner wants none, it stays. */
static void
signals_come_to_the_owner(void **state)
{
	(void)state;
	struct crew *crew;
	sigset_t usr1;

	assert_true(crew_new(&crew, 4, NULL));
	signal(SIGUSR1, note);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	kill(getpid(), SIGUSR1);
	usleep(20000);
	assert_false(signals);
	pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
	assert_true(signals && pthread_equal(signalled, pthread_self()));
	signal(SIGUSR1, SIG_DFL);
	crew_free(crew);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_piece_is_done_once),
		cmocka_unit_test(pieces_are_done_side_by_side),
		cmocka_unit_test(signals_come_to_the_owner),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

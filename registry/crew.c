#include "registry/crew.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#define THREADS_MOST 63

struct crew {
	pthread_mutex_t lock; /* over all below */
	pthread_cond_t begun, done;
	crew_fn *fn;
	void *ctx;
	size_t n, next, finished; /* pieces: all, taken, done */
	bool closing;
	pthread_t thread[THREADS_MOST];
	size_t threads;
};

/* Take and do pieces as long as there are any. The lock is held, but not meanwhile. */
static void
work(struct crew *c)
{
	while (c->next < c->n) {
		const size_t i = c->next++;
		pthread_mutex_unlock(&c->lock);
		c->fn(c->ctx, i);
		pthread_mutex_lock(&c->lock);
		if (++c->finished == c->n)
			pthread_cond_signal(&c->done);
	}
}

static void *
run(void *crew)
{
	struct crew *c = crew;

	pthread_mutex_lock(&c->lock);
	while (!c->closing) {
		if (c->next < c->n)
			work(c);
		else
			pthread_cond_wait(&c->begun, &c->lock);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* A signal is the owner's to get. */
static void
hire(struct crew *c, size_t threads)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (c->threads < threads && c->threads < THREADS_MOST &&
	    pthread_create(&c->thread[c->threads], NULL, run, c) == 0)
		c->threads++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

bool
crew_new(struct crew **out, size_t threads, struct err *err)
{
	struct crew *c = calloc(1, sizeof *c);

	*out = NULL;
	if (c == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->begun, NULL);
	pthread_cond_init(&c->done, NULL);
	hire(c, threads);
	*out = c;
	return true;
}

void
crew_free(struct crew *c)
{
	if (c == NULL)
		return;
	pthread_mutex_lock(&c->lock);
	c->closing = true;
	pthread_cond_broadcast(&c->begun);
	pthread_mutex_unlock(&c->lock);
	for (size_t i = 0; i < c->threads; i++)
		pthread_join(c->thread[i], NULL);
	pthread_cond_destroy(&c->done);
	pthread_cond_destroy(&c->begun);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

size_t
crew_spare_processors(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

	return n > 1 ? (size_t)n - 1 : 0;
}

void
crew_begin(struct crew *c, size_t n, crew_fn *fn, void *ctx)
{
	pthread_mutex_lock(&c->lock);
	c->fn = fn;
	c->ctx = ctx;
	c->n = n;
	c->next = 0;
	c->finished = 0;
	pthread_cond_broadcast(&c->begun);
	pthread_mutex_unlock(&c->lock);
}

void
crew_end(struct crew *c)
{
	pthread_mutex_lock(&c->lock);
	work(c);
	while (c->finished < c->n)
		pthread_cond_wait(&c->done, &c->lock);
	c->n = 0;
	c->next = 0;
	c->finished = 0;
	pthread_mutex_unlock(&c->lock);
}

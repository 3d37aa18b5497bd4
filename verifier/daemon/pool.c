#include "verifier/daemon/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct piece {
	void (*work)(void *ctx);
	void *ctx;
};

struct pool {
	pthread_mutex_t lock; /* over all below */
	pthread_cond_t changed;
	bool ending;
	size_t first, n, room; /* of the ring that waits */
	struct piece *ring;
	size_t n_threads;
	pthread_t threads[];
};

/* The next piece; false when all is done and no more will come. */
static bool
take(struct pool *p, struct piece *out)
{
	pthread_mutex_lock(&p->lock);
	while (p->n == 0 && !p->ending)
		pthread_cond_wait(&p->changed, &p->lock);
	const bool some = p->n > 0;
	if (some) {
		*out = p->ring[p->first];
		p->first = (p->first + 1) % p->room;
		p->n--;
	}
	pthread_mutex_unlock(&p->lock);
	return some;
}

static void *
work(void *ctx)
{
	struct piece piece;

	while (take(ctx, &piece))
		piece.work(piece.ctx);
	return NULL;
}

bool
pool_new(struct pool **out, size_t threads, size_t waiting, struct err *err)
{
	struct pool *p = calloc(1, sizeof *p + threads * sizeof p->threads[0]);

	*out = NULL;
	if (p == NULL || (p->ring = calloc(waiting, sizeof *p->ring)) == NULL) {
		free(p);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	p->room = waiting;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	for (; p->n_threads < threads; p->n_threads++) {
		errno = pthread_create(&p->threads[p->n_threads], NULL, work, p);
		if (errno != 0) {
			err_errno(err, "a thread");
			pool_free(p);
			return false;
		}
	}
	*out = p;
	return true;
}

void
pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; i < p->n_threads; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
	free(p->ring);
	free(p);
}

bool
pool_add(struct pool *p, void (*work_fn)(void *ctx), void *ctx)
{
	pthread_mutex_lock(&p->lock);
	const bool room = p->n < p->room;
	if (room) {
		p->ring[(p->first + p->n) % p->room] = (struct piece){ work_fn, ctx };
		p->n++;
		pthread_cond_signal(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
	return room;
}

size_t
pool_waiting(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	const size_t n = p->n;
	pthread_mutex_unlock(&p->lock);
	return n;
}

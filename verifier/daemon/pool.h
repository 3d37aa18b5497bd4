/*
 * A few threads for work that takes longer than a server's worker may be kept, behind a queue that can be full:
 * who comes then is told so at once.
 */
#ifndef VERIFIER_DAEMON_POOL_H
#define VERIFIER_DAEMON_POOL_H

#include "core/err.h"

#include <stddef.h>

struct pool;

/*
 *   threads  how many work at a time, at least 1
 *   waiting  how many pieces of work may wait besides
 * ERR_MEMORY, ERR_IO: the system gives no thread
 */
MUST_CHECK bool pool_new(struct pool **out, size_t threads, size_t waiting, struct err *err);

/* Lets all that was added be done. NULL is accepted. */
void pool_free(struct pool *p);

/* Have a thread call work(ctx). False: as many as may wait do. */
MUST_CHECK bool pool_add(struct pool *p, void (*work)(void *ctx), void *ctx);

/* How many pieces no thread has taken yet. */
size_t pool_waiting(struct pool *p);

#endif

/*
 * The life of a busy bureau as a stream of signed acts, each of which a register will take: cases on the
 * whole road from application to certificate, and between them suspensions and liftings of certificates
 * issued before, as many acts as on the roads. For the bench: what the bureau signs is real, nothing is
 * drawn.
 */
#ifndef TESTS_BENCH_LIFE_H
#define TESTS_BENCH_LIFE_H

#include "tests/registry/road.h"

/* Called with each act in turn and the time it is to be recorded at. */
typedef void life_fn(void *ctx, struct span act, int64_t recorded_s);

/* n acts, the one that opens the register among them; `width` cases go side by side. */
void life_live(const struct bureau *b, unsigned width, uint64_t n, life_fn *fn, void *ctx);

#endif

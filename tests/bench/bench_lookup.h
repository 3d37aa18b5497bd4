/*
 * lookup.db of a large register, as the register writes it. Some of its certificates can be confirmed; of the
 * others there are rows of the same shape. Ends the program where anything goes wrong.
 */
#ifndef TESTS_BENCH_BENCH_LOOKUP_H
#define TESTS_BENCH_BENCH_LOOKUP_H

#include "core/span.h"
#include "credential/sha256.h"

struct bench_lookup;

/* Of n certificates. bench_lookup_write() ends it. */
struct bench_lookup *bench_lookup_new(uint64_t n);

/* The next of them. `hash` is any 32 bytes of its own: its place in the table, and what its PDF hashes to. */
void bench_lookup_add(struct bench_lookup *l, uint16_t list, uint16_t idx, bool suspended,
    const uint8_t hash[SHA256_BYTES]);
/* The one added last has this number (stored form) and check code, and this is its QC1. */
void bench_lookup_confirms(
    struct bench_lookup *l, const char *number, const char *check_code, struct span qc1);

/*
 * Write the file, where one at least can be confirmed; suspensions are from from_s on, and the log is as long as there are certificates. Its rows are in
 * the order of their keys, so that a million takes seconds.
 */
void bench_lookup_write(struct bench_lookup *l, const char *path, int64_t from_s);

#endif

/* The policy of the bench's bureau. */
#ifndef TESTS_BENCH_POLICY_H
#define TESTS_BENCH_POLICY_H

#include "core/file.h"
#include "core/limits.h"
#include "registry/policy.h"
#include "tests/bench/measure.h"

static inline void
bench_policy(struct policy *out)
{
	struct buf json = BUF_EMPTY;

	MEASURE_MUST(file_read(&json, SOURCE_DIR "/templates/policy-standard.json",
			 LIMIT_JSON_BYTES, &err) &&
	    policy_parse(out, buf_span(&json), &err));
	buf_free(&json);
}

#endif

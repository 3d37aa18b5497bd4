/*
 * bench_take FOLDER REPLICA HELD NEW: an auditor's replica, made in REPLICA, that holds the first HELD acts of
 * what bench_acts made in FOLDER takes over the next NEW: judged again, and recorded.
 */
#include "registry/act_file.h"
#include "registry/registry.h"
#include "tests/bench/policy.h"

int
main(int argc, char **argv)
{
	char acts[256], db[256], second[256];
	struct policy policy;
	struct registry *r = NULL;
	struct act_file *f = NULL;

	if (argc != 5) {
		fputs("bench_take FOLDER REPLICA HELD NEW\n", stderr);
		return EXIT_FAILURE;
	}
	const uint64_t held = strtoull(argv[3], NULL, 10), new = strtoull(argv[4], NULL, 10);
	snprintf(acts, sizeof acts, "%s/acts.log", argv[1]);
	snprintf(db, sizeof db, "%s/registry.db", argv[2]);
	snprintf(second, sizeof second, "%s/acts.log", argv[2]);
	bench_policy(&policy);
	const struct registry_config config = { .path = db,
		.second_copy = second,
		.command = "the bench",
		.policies = &policy,
		.n_policies = 1 };
	MEASURE_MUST(registry_create(db, &err) && registry_open(&r, &config, &err));
	MEASURE_MUST(act_file_open(&f, acts, false, &err));
	MEASURE_MUST(registry_take(r, f, held, NULL, &err));
	const struct measure begun = measure_begin();
	MEASURE_MUST(registry_take(r, f, held + new, NULL, &err));
	measure_end(&begun, new);
	act_file_close(f);
	registry_close(r);
	return EXIT_SUCCESS;
}

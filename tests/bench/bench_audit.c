/*
 * bench_audit FOLDER: the audit of what bench_acts made there: every act judged again, the tables compared
 * with what follows from them, the second copy compared.
 */
#include "core/file.h"
#include "registry/audit.h"
#include "tests/bench/policy.h"

int
main(int argc, char **argv)
{
	char acts[256], db[256], root[256];
	struct audit_result result;
	struct policy policy;
	struct buf root_file = BUF_EMPTY;

	if (argc != 2) {
		fputs("bench_audit FOLDER\n", stderr);
		return EXIT_FAILURE;
	}
	snprintf(acts, sizeof acts, "%s/acts.log", argv[1]);
	snprintf(db, sizeof db, "%s/registry.db", argv[1]);
	snprintf(root, sizeof root, "%s/root.cose", argv[1]);
	bench_policy(&policy);
	MEASURE_MUST(file_read(&root_file, root, LIMIT_BUNDLE_BYTES, &err));
	struct audit_question question = { .registry = db,
		.policies = &policy,
		.n_policies = 1,
		.root = buf_span(&root_file),
		.second_copy = acts };
	const struct measure begun = measure_begin();
	MEASURE_MUST(registry_audit(&result, &question, &err));
	measure_end(&begun, result.acts);
	buf_free(&root_file);
	if (!result.clean)
		fprintf(stderr, "%s\n", result.finding);
	return result.clean ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Built to fail: each in one way: ctest expects it, so that a silent alarm is itself a failed test. */
#include "tests/test.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
a_false_assertion(void **state)
{
	assert_int_equal(*(int *)*state, 4);
}

static int
failed_tests(int argc)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(a_false_assertion, &argc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int
main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "";

	if (strcmp(way, "assertion") == 0)
		return failed_tests(argc);
	if (strcmp(way, "overflow") == 0)
		printf("%d\n", INT_MAX - 1 + argc); /* argc is 2 */
	if (strcmp(way, "heap") == 0) {
		volatile char *bytes = calloc(1, (size_t)argc);
		if (bytes != NULL)
			printf("%d\n", bytes[argc]);
		free((void *)bytes);
	}
	return 0;
}

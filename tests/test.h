/* What every test file includes: cmocka, and how a table row says which row it is. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

/* cmocka.h wants the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

/* In a table: fail and name the row. */
#define CHECK_ROW(cond, row)                                                                       \
	do {                                                                                       \
		if (!(cond))                                                                       \
			fail_msg("%s: %s", row, #cond);                                            \
	} while (0)

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

#endif

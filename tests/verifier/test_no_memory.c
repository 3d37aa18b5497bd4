/*
 * Each allocation of opening and asking made to fail in turn: there is no answer, or one that knows less,
 * never a no. The linker puts ours before the allocator (tests.cmake).
 */
#include "tests/test.h"
#include "tests/verifier/desk.h"

static size_t granted = SIZE_MAX; /* allocations still granted */

/* NOLINTBEGIN(cert-dcl51-cpp): the linker chose these names */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t n);
/* NOLINTEND(cert-dcl51-cpp) */

static bool
grant(void)
{
	if (granted == 0)
		return false;
	granted--;
	return true;
}

void *
__wrap_malloc(size_t n)
{
	return grant() ? __real_malloc(n) : NULL;
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return grant() ? __real_calloc(n, size) : NULL;
}

void *
__wrap_realloc(void *old, size_t n)
{
	return grant() ? __real_realloc(old, n) : NULL;
}

/* The verdict with the first n allocations granted; VERDICT_UNDECIDED without an answer. */
static enum verdict
ask_with(const struct desk *d, struct span input, size_t n, const char *row)
{
	struct published *p = NULL;
	struct memory memory = { 0 };
	struct answer a = { 0 };
	struct err err = { 0 };

	granted = n;
	const bool ok =
	    published_open_paths(&p, d->root, d->folder.path, &memory, d->question.now_s, &err) &&
	    verify(&a, &d->question, p, NULL, input, &err);
	granted = SIZE_MAX;
	published_close(p);
	if (!ok && err.code != ERR_MEMORY)
		fail_msg("%s, allocation %zu: %s", row, n, err.text);
	return ok ? a.verdict : VERDICT_UNDECIDED;
}

static void
missing_memory_is_never_a_no(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	d.token_iat_s = DESK_DATA_S;
	desk_publish(&d);
	const struct {
		const char *row;
		struct span input;
	} rows[] = {
		{ "cose", buf_span(&d.cose) },
		{ "code", buf_span(&d.code) },
		{ "file", buf_span(&d.file) },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum verdict v = VERDICT_UNDECIDED;
		size_t n, silent = 0;
		for (n = 0; v != VERDICT_VALID; n++) {
			v = ask_with(&d, rows[i].input, n, rows[i].row);
			silent += v == VERDICT_UNDECIDED;
			if (v == VERDICT_REJECTED)
				fail_msg("%s: a no for want of allocation %zu", rows[i].row, n + 1);
		}
		CHECK_ROW(silent > 10, rows[i].row);
	}
	desk_close(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_memory_is_never_a_no),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Each allocation of opening and asking made to fail in turn: there is no answer, or one that knows less,
 * never a no. The linker puts ours before the allocator (tests.cmake).
 */
#include "tests/test.h"
#include "tests/verifier/desk.h"
#include "verifier/evidence.h"

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

/* ---- evidence ---- */

static bool
into_buf(void *ctx, struct span bytes, struct err *err)
{
	buf_add_span(ctx, bytes);
	return buf_ok(ctx, err);
}

static bool
judge(struct answer *out, struct published *published, const void *ctx, struct err *err)
{
	const struct desk *d = ctx;

	return verify(out, &d->question, published, NULL, buf_span(&d->cose), err);
}

/* Evidence of the desk's certificate; false without memory. */
static bool
record(struct buf *out, const struct desk *d, struct err *err)
{
	const struct believed_paths paths = {
		.root = d->root, .folder = d->folder.path, .keep = true
	};
	const struct evidence_sink sink = { into_buf, out };
	struct believed *b = NULL;
	struct evidence_writer *w = NULL;
	struct answer a = { 0 };

	const bool ok = believed_new(&b, err) && believed_add(b, &paths, d->question.now_s, err) &&
	    believed_ask(&a, NULL, b, judge, d, err) && a.verdict == VERDICT_VALID &&
	    evidence_write_begin(&w, sink, b, "qualverify test", d->question.now_s, err) &&
	    evidence_write_answer(w, &d->question, &a, err) &&
	    evidence_write_input(w, "cose", buf_span(&d->cose), NULL, err) &&
	    evidence_write_end(w, err);
	evidence_writer_free(w);
	believed_free(b);
	return ok;
}

static bool
judge_again(struct evidence_judged *out, struct span file, struct err *err)
{
	static const struct evidence_handed nothing;
	struct evidence *e = NULL;
	struct believed *b = NULL;
	struct evidence_input in = { 0 };

	const bool ok = evidence_parse(&e, file, err) && believed_new(&b, err) &&
	    evidence_believe(b, e, err) && evidence_input_read(&in, e, 0, err) &&
	    evidence_judge(out, e, b, &in, 0, &nothing, err);
	evidence_input_free(&in);
	believed_free(b);
	evidence_free(e);
	return ok;
}

static void
missing_memory_makes_no_other_evidence_and_confirms_no_other_answer(void **state)
{
	struct desk d;
	struct buf whole = BUF_EMPTY;
	struct evidence_judged j = { 0 };
	struct err err = { 0 };
	size_t n, failed = 0;
	bool ok = false;
	(void)state;

	desk_open(&d);
	assert_true(record(&whole, &d, &err));
	for (n = 0; !ok; n++) {
		struct buf file = BUF_EMPTY;
		granted = n;
		ok = record(&file, &d, &err);
		granted = SIZE_MAX;
		assert_true(!ok || span_equal(buf_span(&file), buf_span(&whole)));
		failed += !ok;
		buf_free(&file);
	}
	for (n = 0; j.outcome != EVIDENCE_SAME; n++) {
		granted = n;
		ok = judge_again(&j, buf_span(&whole), &err);
		granted = SIZE_MAX;
		if (!ok && err.code != ERR_MEMORY)
			fail_msg("allocation %zu: %s", n, err.text);
		assert_true(!ok || j.answer.verdict != VERDICT_REJECTED);
		failed += !ok;
	}
	assert_int_equal(j.answer.verdict, VERDICT_VALID);
	assert_true(failed > 40);
	buf_free(&whole);
	desk_close(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_memory_is_never_a_no),
		cmocka_unit_test(
		    missing_memory_makes_no_other_evidence_and_confirms_no_other_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

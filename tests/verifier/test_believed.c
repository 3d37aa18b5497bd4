/* Several bureaus side by side: each answers for its own, and none for another (threats 10, 48). */
#include "core/encode.h"
#include "tests/test.h"
#include "tests/verifier/desk.h"
#include "verifier/believed.h"

#include <stdio.h>

struct asked {
	const struct question *question;
	struct span input;
};

static bool
judge(struct answer *out, struct published *published, const void *input, struct err *err)
{
	const struct asked *a = input;
	return verify(out, a->question, published, NULL, a->input, err);
}

static bool
no_answer(struct answer *out, struct published *published, const void *input, struct err *err)
{
	(void)out;
	(void)published;
	(void)input;
	return err_set(err, ERR_MEMORY, "out of memory");
}

static void
believe(struct believed *b, const struct desk *d, const char *memory, bool keep)
{
	struct err err = { 0 };
	const struct believed_paths paths = { d->root, d->folder.path, memory, keep };

	if (!believed_add(b, &paths, DESK_NOW_S, &err))
		fail_msg("%s", err.text);
}

static void
expect(const struct believed *b, const struct desk *of, enum verdict verdict, enum finding reason,
    size_t by)
{
	const struct asked asked = { &of->question, buf_span(&of->cose) };
	struct answer a;
	size_t which;

	assert_true(believed_ask(&a, &which, b, judge, &asked, NULL));
	desk_expect(&a, verdict, reason, of->root);
	assert_int_equal(which, by);
	assert_true(believed_ask(&a, NULL, b, judge, &asked, NULL));
	assert_int_equal(a.verdict, verdict);
}

static void
each_bureau_answers_for_its_own(void **state)
{
	struct desk one, two, stranger;
	struct believed *b = NULL;
	(void)state;

	desk_open(&one);
	desk_open(&two);
	desk_open(&stranger);
	assert_true(believed_new(&b, NULL));
	believe(b, &one, NULL, false);
	expect(b, &stranger, VERDICT_REJECTED, FINDING_KEY_UNKNOWN, 0);
	believe(b, &two, NULL, false);
	assert_int_equal(believed_count(b), 2);
	expect(b, &one, VERDICT_VALID, FINDING_NONE, 0);
	expect(b, &two, VERDICT_VALID, FINDING_NONE, 1);
	expect(b, &stranger, VERDICT_REJECTED, FINDING_KEY_UNKNOWN, 0);
	assert_false(believed_ask(&(struct answer){ 0 }, NULL, b, no_answer, NULL, NULL));
	believed_free(b);
	believed_free(NULL);
	desk_close(&one);
	desk_close(&two);
	desk_close(&stranger);
}

/* A revoked certificate of the second is no less revoked for the first one's not knowing it. */
static void
who_recognises_it_is_heard_whatever_he_says(void **state)
{
	struct desk one, two, silent;
	struct believed *b = NULL;
	(void)state;

	desk_open(&one);
	desk_open(&two);
	desk_open(&silent);
	desk_happens(&two, STATUS_REVOKED, DESK_IAT_S + 60, DESK_IAT_S + 60);
	desk_publish(&two);
	desk_remove(&silent, "v1/trust-bundle");
	assert_true(believed_new(&b, NULL));
	believe(b, &one, NULL, false);
	believe(b, &silent, NULL, false);
	/* Of this nobody here can tell: the second may have a bundle that does. */
	expect(b, &two, VERDICT_UNDETERMINED, FINDING_KEY_UNKNOWN_HERE, 1);
	believe(b, &two, NULL, false);
	expect(b, &two, VERDICT_REJECTED, FINDING_STATUS_REVOKED, 2);
	believe(b, &two, NULL, false); /* twice the same is no more than once */
	expect(b, &two, VERDICT_REJECTED, FINDING_STATUS_REVOKED, 2);
	believed_free(b);
	desk_close(&one);
	desk_close(&two);
	desk_close(&silent);
}

/* Neither has any trust data: either might know it, and no verdict is for or against anybody. */
static void
who_knows_nothing_rejects_nobody(void **state)
{
	struct desk one, two, stranger;
	struct believed *b = NULL;
	(void)state;

	desk_open(&one);
	desk_open(&two);
	desk_open(&stranger);
	desk_remove(&one, "v1/trust-bundle");
	desk_remove(&two, "v1/trust-bundle");
	assert_true(believed_new(&b, NULL));
	believe(b, &one, NULL, false);
	believe(b, &two, NULL, false);
	expect(b, &stranger, VERDICT_UNDETERMINED, FINDING_KEY_UNKNOWN_HERE, 0);
	believed_free(b);
	desk_close(&one);
	desk_close(&two);
	desk_close(&stranger);
}

static void
what_cannot_be_used_is_none_of_them(void **state)
{
	struct err err = { 0 };
	struct desk d;
	struct believed *b = NULL;
	char memory[200], name[64], hex[17];
	(void)state;

	desk_open(&d);
	snprintf(memory, sizeof memory, "%s/memory", d.folder.path);
	assert_true(believed_new(&b, NULL));
	assert_false(believed_add(
	    b, &(struct believed_paths){ .root = "/nowhere/root.cose" }, DESK_NOW_S, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	believe(b, &d, memory, true);
	const struct believed_kept kept = believed_kept(b, 0);
	assert_true(kept.guarded && kept.files->n > 0);
	hex_encode(hex, span_of(kept.fingerprint, 8));
	snprintf(name, sizeof name, "memory/%s.state", hex);
	desk_put(&d, name, span_text("spoilt"));
	const struct believed_paths paths = { d.root, d.folder.path, memory, true };
	err = (struct err){ 0 };
	assert_false(believed_add(b, &paths, DESK_NOW_S, &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	desk_put(&d, "root.cose", span_text("no root file"));
	assert_false(believed_add(b, &paths, DESK_NOW_S, &err));
	assert_int_equal(believed_count(b), 1);
	believed_free(b);
	desk_close(&d);
}

static void
a_copying_shelf_keeps_what_it_gave(void **state)
{
	struct shelf_file files[20] = { 0 };
	struct shelf_files held = { files, COUNT_OF(files) };
	struct shelf_copies copies = { .from = shelf_held(&held) };
	const struct shelf shelf = shelf_copying(&copies);
	struct buf out = BUF_EMPTY;
	bool found;
	(void)state;

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		snprintf(files[i].name, sizeof files[i].name, "%02zu", i);
		files[i].bytes = span_text(files[i].name);
	}
	assert_true(shelf_read(&out, &found, &shelf, "00", 1, NULL));
	assert_false(found); /* longer than asked for */
	for (size_t i = 0; i < COUNT_OF(files); i++)
		assert_true(shelf_read(&out, &found, &shelf, files[i].name, 2, NULL) && found);
	assert_int_equal(copies.n, COUNT_OF(files));
	for (size_t i = 0; i < copies.n; i++)
		assert_true(span_is(buf_span(&copies.copies[i].bytes), files[i].name));
	buf_free(&out);
	shelf_copies_free(&copies);
}

static void
a_word_that_is_none_finds_nothing(void **state)
{
	struct part_answer parts[PART_COUNT] = { 0 };
	enum verdict v;
	enum finding f;
	(void)state;

	assert_true(verdict_find(&v, "valid") && finding_find(&f, "CODE-HOST"));
	assert_false(verdict_find(&v, "undecided"));
	assert_false(finding_find(&f, "CODE-GHOST"));
	for (size_t i = 0; i < PART_COUNT; i++)
		parts[i].reply = REPLY_YES;
	assert_int_equal(verdict_of(INPUT_COSE, parts, &f), VERDICT_VALID);
	parts[PART_FIT] =
	    (struct part_answer){ .reply = REPLY_UNKNOWN, .finding = FINDING_FIT_SCOPE };
	assert_int_equal(verdict_of(INPUT_COSE, parts, &f), VERDICT_UNDETERMINED);
	assert_int_equal(f, FINDING_FIT_SCOPE);
	assert_int_equal(verdict_of(INPUT_NOTHING_OF_OURS, parts, &f), VERDICT_UNDETERMINED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_bureau_answers_for_its_own),
		cmocka_unit_test(who_recognises_it_is_heard_whatever_he_says),
		cmocka_unit_test(who_knows_nothing_rejects_nobody),
		cmocka_unit_test(what_cannot_be_used_is_none_of_them),
		cmocka_unit_test(a_copying_shelf_keeps_what_it_gave),
		cmocka_unit_test(a_word_that_is_none_finds_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

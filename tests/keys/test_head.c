#include "core/file.h"
#include "keys/head.h"
#include "tests/keys/folder.h"

static int
set_up(void **state)
{
	struct folder *f = calloc(1, sizeof *f);

	folder_new(f);
	folder_at(f, "status.head");
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct folder *f = *state;

	folder_remove(f);
	free(f);
	return 0;
}

static const struct merkle_hash root_5 = { { 5 } }, root_9 = { { 9 } };

static struct head
head(uint64_t seq, uint64_t size, const struct merkle_hash *root)
{
	return (struct head){ 1, seq, size, *root };
}

static void
the_first_head_needs_none_before_it(void **state)
{
	struct folder *f = *state;
	struct head h = head(1, 5, &root_5), got;
	struct err err = { 0 };

	assert_false(head_read(&got, f->at, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_true(head_advance(f->at, &h, NULL, NULL));
	assert_true(head_read(&got, f->at, NULL));
	assert_int_equal(got.seq, 1);
	assert_int_equal(got.size, 5);
	assert_true(merkle_equal(&got.root, &root_5));
}

static void
a_log_that_grew_may_be_signed(void **state)
{
	struct folder *f = *state;
	struct head first = head(1, 5, &root_5), next = head(2, 9, &root_9), got;
	/* Nothing new in the log, but a new snapshot of it. */
	struct head same = head(3, 9, &root_9);

	assert_true(head_advance(f->at, &first, NULL, NULL));
	assert_true(head_advance(f->at, &next, &root_5, NULL));
	assert_true(head_advance(f->at, &same, &root_9, NULL));
	assert_true(head_read(&got, f->at, NULL));
	assert_int_equal(got.seq, 3);
}

static void
what_has_no_sequence_goes_by_the_log_alone(void **state)
{
	struct folder *f = *state;
	struct head first = head(0, 5, &root_5), again = first, next = head(0, 9, &root_9);

	assert_true(head_advance(f->at, &first, NULL, NULL));
	assert_true(head_advance(f->at, &again, &root_5, NULL));
	assert_true(head_advance(f->at, &next, &root_5, NULL));
}

static void
threat_34_a_register_that_was_put_back_is_not_signed(void **state)
{
	static const struct {
		const char *mistake;
		struct head next;
		const struct merkle_hash *root_then;
	} rows[] = {
		{ "an earlier sequence", { 1, 6, 12, { { 1 } } }, &root_9 },
		{ "the same sequence", { 1, 7, 12, { { 1 } } }, &root_9 },
		{ "no sequence any more", { 1, 0, 12, { { 1 } } }, &root_9 },
		{ "a smaller log", { 1, 8, 5, { { 5 } } }, &root_5 },
		{ "a log that was another then", { 1, 8, 12, { { 1 } } }, &root_5 },
		{ "an earlier epoch", { 0, 8, 12, { { 1 } } }, &root_9 },
		{ "a later epoch, and an earlier sequence", { 2, 6, 5, { { 1 } } }, NULL },
		{ "nothing known of the log then", { 1, 8, 12, { { 1 } } }, NULL },
	};
	struct folder *f = *state;
	struct head last = head(7, 9, &root_9), got;

	assert_true(head_advance(f->at, &last, NULL, NULL));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		CHECK_ROW(
		    !head_advance(f->at, &rows[i].next, rows[i].root_then, &err), rows[i].mistake);
		CHECK_ROW(err.code == ERR_REFUSED, rows[i].mistake);
		CHECK_ROW(
		    head_read(&got, f->at, NULL) && got.seq == 7 && got.size == 9, rows[i].mistake);
	}
}

/* Two officers accepted that acts are lost, and the roots named the epoch. */
static void
a_later_epoch_begins_anew(void **state)
{
	struct folder *f = *state;
	struct head last = head(7, 9, &root_9), next = { 2, 8, 5, root_5 }, got;

	assert_true(head_advance(f->at, &last, NULL, NULL));
	assert_true(head_advance(f->at, &next, NULL, NULL));
	assert_true(head_read(&got, f->at, NULL));
	assert_int_equal(got.epoch, 2);
	assert_int_equal(got.size, 5);
}

static void
a_damaged_head_stops_the_signer(void **state)
{
	static const char *const texts[] = {
		"",
		"qualcert head 2\n",
		"qualcert head 1\nsequence 1\nsize 2\nroot "
		"0500000000000000000000000000000000000000000000000000000000000000\n",
		"qualcert head 2\nepoch 1\nsequence x\nsize 2\nroot "
		"0500000000000000000000000000000000000000000000000000000000000000\n",
		"qualcert head 2\nepoch 1\nsequence 99999999999999999999\nsize 2\nroot "
		"0500000000000000000000000000000000000000000000000000000000000000\n",
		"qualcert head 2\nepoch 1\nsequence 1\nsize 2\nroot 05\n",
		"qualcert head 2\nepoch 1\nsequence 1\nsize 2\nroot "
		"0500000000000000000000000000000000000000000000000000000000000000\nmore\n",
	};
	struct folder *f = *state;
	struct head next = head(9, 9, &root_9), got;

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct err err = { 0 };
		folder_write(f, "status.head", texts[i], 0600);
		CHECK_ROW(!head_read(&got, f->at, &err), texts[i]);
		CHECK_ROW(err.code == ERR_MALFORMED, texts[i]);
		CHECK_ROW(!head_advance(f->at, &next, &root_9, &err), texts[i]);
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(the_first_head_needs_none_before_it),
		TEST(a_log_that_grew_may_be_signed),
		TEST(what_has_no_sequence_goes_by_the_log_alone),
		TEST(threat_34_a_register_that_was_put_back_is_not_signed),
		TEST(a_later_epoch_begins_anew),
		TEST(a_damaged_head_stops_the_signer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

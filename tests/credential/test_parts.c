#include "core/limits.h"
#include "credential/parts.h"
#include "tests/credential/mistake.h"

#include <stdlib.h>

/* ---- fingerprints ---- */

/* Slot 3 with one file, 700 with two, 65535 with 255. */
static struct buf
fingerprints_sample(void)
{
	static uint8_t files[UINT8_MAX * FINGERPRINT_BYTES];
	struct buf part = BUF_EMPTY;

	for (size_t i = 0; i < UINT8_MAX; i++)
		files[i * FINGERPRINT_BYTES] = (uint8_t)i;
	fingerprints_add(
	    &part, &(struct fingerprint){ 3, { 0xc3 }, span_of(files, FINGERPRINT_BYTES), 1 });
	fingerprints_add(&part,
	    &(struct fingerprint){ 700, { 0xc7 }, span_of(files, 2 * FINGERPRINT_BYTES), 2 });
	fingerprints_add(&part,
	    &(struct fingerprint){ 65535, { 0xcf }, span_of(files, sizeof files), UINT8_MAX });
	return part;
}

static void
fingerprints_are_found_by_slot(void **state)
{
	struct buf part = fingerprints_sample();
	struct fingerprints *f;
	struct fingerprint found;
	uint8_t hash[SHA256_BYTES] = { 0xc7 };
	(void)state;

	assert_true(fingerprints_parse(&f, buf_span(&part), NULL));
	assert_true(fingerprints_find(&found, f, 700));
	assert_int_equal(found.idx, 700);
	assert_int_equal(found.n_files, 2);
	assert_true(fingerprint_is_of(&found, hash));
	hash[FINGERPRINT_BYTES] = 1; /* beyond the sixteen bytes kept */
	assert_true(fingerprint_is_of(&found, hash));
	hash[FINGERPRINT_BYTES - 1] = 1;
	assert_false(fingerprint_is_of(&found, hash));
	assert_true(fingerprints_find(&found, f, 65535));
	assert_int_equal(found.n_files, UINT8_MAX);
	for (unsigned idx = 0; idx < LIMIT_LIST_SLOTS; idx++)
		assert_int_equal(fingerprints_find(&found, f, (uint16_t)idx),
		    idx == 3 || idx == 700 || idx == 65535);
	fingerprints_free(f);
	buf_free(&part);
}

/* Each of its own files, so that one is not taken for another. */
static void
neighbours_are_not_mixed_up(void **state)
{
	static const uint16_t slots[] = { 0, 8, 9, 10, 15, 16, 24, 31 };
	struct buf part = BUF_EMPTY;
	struct fingerprints *f;
	struct fingerprint found;
	(void)state;

	for (size_t i = 0; i < COUNT_OF(slots); i++) {
		uint8_t files[2 * FINGERPRINT_BYTES] = { (uint8_t)slots[i] };
		const size_t n = 1 + slots[i] % 2;
		fingerprints_add(&part,
		    &(struct fingerprint){
			slots[i], { 0 }, span_of(files, n * FINGERPRINT_BYTES), n });
	}
	assert_true(fingerprints_parse(&f, buf_span(&part), NULL));
	for (uint16_t idx = 0; idx < 40; idx++) {
		bool listed = false;
		for (size_t i = 0; i < COUNT_OF(slots); i++)
			listed = listed || slots[i] == idx;
		assert_int_equal(fingerprints_find(&found, f, idx), listed);
		assert_true(!listed || (found.idx == idx && found.files.ptr[0] == idx));
	}
	fingerprints_free(f);
	buf_free(&part);
}

static void
every_file_of_a_slot_is_known_and_no_other(void **state)
{
	struct buf part = fingerprints_sample();
	struct fingerprints *f;
	struct fingerprint found;
	(void)state;

	assert_true(fingerprints_parse(&f, buf_span(&part), NULL));
	assert_true(fingerprints_find(&found, f, 700));
	for (unsigned first = 0; first <= UINT8_MAX; first++) {
		uint8_t hash[SHA256_BYTES] = { (uint8_t)first };
		assert_int_equal(fingerprint_has_file(&found, hash), first < 2);
		hash[FINGERPRINT_BYTES - 1] = 1;
		assert_false(fingerprint_has_file(&found, hash));
	}
	fingerprints_free(f);
	buf_free(&part);
}

static void
an_empty_part_has_no_slot_assigned(void **state)
{
	struct fingerprints *f;
	struct fingerprint found;
	(void)state;

	assert_true(fingerprints_parse(&f, (struct span){ NULL, 0 }, NULL));
	assert_false(fingerprints_find(&found, f, 0));
	fingerprints_free(f);
}

static void
mistakes_in_fingerprints_are_refused(void **state)
{
	static const struct mistake rows[] = {
		{ "a slot twice", "02bc02", "000302", "do not ascend" },
		{ "slots that fall", "02bc02", "000202", "do not ascend" },
		{ "a slot without a file", "000301c3", "000300c3", "without a file" },
		{ "one file more than there is", "ffffffcf", "fffffecf", "cut off" },
	};
	struct buf good = fingerprints_sample();
	struct fingerprints *f;
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf bad = mistake_made(buf_span(&good), &rows[i]);
		struct err err = { 0 };
		mistake_named(&rows[i], !fingerprints_parse(&f, buf_span(&bad), &err), &err);
		assert_null(f);
		buf_free(&bad);
	}
	/* Cut inside the second record, 35 bytes behind the first: never between records. */
	for (size_t n = 36; n < 35 + 51; n++)
		assert_false(fingerprints_parse(&f, span_of(good.ptr, n), NULL));
	buf_free(&good);
}

/* ---- history ---- */

static const struct history_entry slot_9[] = {
	{ STATUS_SUSPENDED, 1000, 2000, 900, 0 },
	{ STATUS_ACTIVE, 1500, HISTORY_OPEN, 1490, 0 },
};
static const struct history_entry slot_40000[] = {
	{ STATUS_REPLACED, 3000, HISTORY_OPEN, 3000, 2 },
};
static const struct slot_history sample_slots[] = {
	{ 9, slot_9, COUNT_OF(slot_9) },
	{ 10, NULL, 0 },
	{ 40000, slot_40000, COUNT_OF(slot_40000) },
};

static void
assert_entry(const struct history_entry *got, const struct history_entry *want)
{
	assert_int_equal(got->status, want->status);
	assert_int_equal(got->from_s, want->from_s);
	assert_int_equal(got->until_s, want->until_s);
	assert_int_equal(got->recorded_s, want->recorded_s);
	assert_int_equal(got->by, want->by);
}

static void
a_history_comes_back(void **state)
{
	struct buf part = BUF_EMPTY, again = BUF_EMPTY;
	struct history_part *h;
	(void)state;

	history_part_encode(&part, sample_slots, COUNT_OF(sample_slots));
	assert_true(history_part_parse(&h, buf_span(&part), NULL));
	struct slot_history found = history_part_find(h, 9);
	assert_int_equal(found.n_entries, 2);
	assert_entry(&found.entries[0], &slot_9[0]);
	assert_entry(&found.entries[1], &slot_9[1]);
	struct slot_history last = history_part_find(h, 40000);
	assert_int_equal(last.n_entries, 1);
	assert_entry(&last.entries[0], &slot_40000[0]);
	assert_int_equal(history_part_find(h, 10).n_entries, 0);
	assert_int_equal(history_part_find(h, 0).n_entries, 0);
	assert_int_equal(history_part_find(h, 65535).n_entries, 0);

	history_part_encode(&again, (struct slot_history[]){ found, last }, 2);
	assert_true(span_equal(buf_span(&again), buf_span(&part)));
	history_part_free(h);
	buf_free(&part);
	buf_free(&again);
}

static void
a_long_history_comes_back(void **state)
{
	enum { SLOTS = 1000, EACH = 3 };
	struct history_entry entries[EACH] = { { STATUS_SUSPENDED, 1, 2, 3, 0 },
		{ STATUS_ACTIVE, 2, 3, 3, 0 }, { STATUS_REVOKED, 3, HISTORY_OPEN, 4, 0 } };
	struct slot_history slots[SLOTS];
	struct buf part = BUF_EMPTY;
	struct history_part *h;
	(void)state;

	for (size_t i = 0; i < SLOTS; i++)
		slots[i] = (struct slot_history){ (uint16_t)(60 * i), entries, EACH };
	history_part_encode(&part, slots, SLOTS);
	assert_true(history_part_parse(&h, buf_span(&part), NULL));
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot_history found = history_part_find(h, (uint16_t)(60 * i));
		assert_int_equal(found.n_entries, EACH);
		assert_entry(&found.entries[2], &entries[2]);
	}
	history_part_free(h);
	buf_free(&part);
}

static void
a_history_of_nothing_is_good(void **state)
{
	struct buf part = BUF_EMPTY;
	struct history_part *h;
	(void)state;

	history_part_encode(&part, NULL, 0);
	assert_true(history_part_parse(&h, buf_span(&part), NULL));
	assert_int_equal(history_part_find(h, 0).n_entries, 0);
	history_part_free(h);
	buf_free(&part);
}

static void
mistakes_in_a_history_are_refused(void **state)
{
	/* 82 | 82 09 82 | 85 02 1903e8 190384 1907d0 f6 | 85 00 1905dc 1905d2 f6 f6 | ... */
	static const struct mistake rows[] = {
		{ "a reserved status", "85021903e8", "85041903e8", "reserved" },
		{ "a status beyond four bits", "85021903e8", "85101903e8", "too large" },
		{ "an interval that ends where it begins", "1903e81903841907d0",
		    "1903e81903841903e8", "ends before" },
		{ "an interval that ends before", "1903e81903841907d0", "1903e81903841903e7",
		    "ends before" },
		{ "recorded out of order", "1905dc1905d2", "1905dc190383", "order of recording" },
		{ "a slot in a longer form than needed", "82199c4081", "8219000881",
		    "longer form" },
		{ "slots that do not ascend", "820982", "82199c4082", "ascend" },
		{ "a slot without entries", "82199c4081850c190bb8190bb8f602", "82199c4080",
		    "too few" },
		{ "a newer version of something not replaced", "1907d0f6", "1907d002", "newer" },
		{ "a newer version 0", "190bb8f602", "190bb8f600", "newer" },
		{ "until left out", "1903841907d0f6", "190384f6", "byte" },
		{ "from null", "85021903e8", "8502f6", "whole number" },
		{ "until undefined", "1905d2f6f6", "1905d2f7f6", "does not use" },
	};
	struct buf good = BUF_EMPTY;
	struct history_part *h;
	(void)state;

	history_part_encode(&good, sample_slots, COUNT_OF(sample_slots));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf bad = mistake_made(buf_span(&good), &rows[i]);
		struct err err = { 0 };
		mistake_named(&rows[i], !history_part_parse(&h, buf_span(&bad), &err), &err);
		assert_null(h);
		buf_free(&bad);
	}
	for (size_t n = 0; n < good.len; n++)
		assert_false(history_part_parse(&h, span_of(good.ptr, n), NULL));
	buf_free(&good);
}

/* ---- orders ---- */

static struct buf
orders_sample(void)
{
	static const struct history_slot slots[] = { { 1, 7 }, { 1, 9 }, { 2, 0 } };
	struct history_order orders[] = {
		{ span_text("order/2026-001"), slots, COUNT_OF(slots), 9000, 500, 400 },
		{ span_text("order/2026-002"), slots, 1, 9500, 300, 600 },
	};
	struct buf part = BUF_EMPTY;

	orders_part_encode(&part, orders, COUNT_OF(orders));
	return part;
}

static void
orders_come_back(void **state)
{
	struct buf part = orders_sample(), again = BUF_EMPTY;
	struct orders_part *o;
	size_t n;
	(void)state;

	assert_true(orders_part_parse(&o, buf_span(&part), NULL));
	const struct history_order *orders = orders_part_all(o, &n);
	assert_int_equal(n, 2);
	assert_true(span_is(orders[1].order, "order/2026-002"));
	assert_int_equal(orders[0].n_slots, 3);
	assert_int_equal(orders[0].slots[2].list, 2);
	assert_int_equal(orders[0].slots[1].idx, 9);
	assert_int_equal(orders[1].new_end_s, 9500);
	assert_int_equal(orders[1].effective_s, 300);
	assert_int_equal(orders[1].recorded_s, 600);
	assert_ptr_equal(
	    history_find_order(orders, n, (struct history_slot){ 1, 7 }, 600, 600), &orders[1]);
	assert_ptr_equal(
	    history_find_order(orders, n, (struct history_slot){ 2, 0 }, 600, 600), &orders[0]);
	orders_part_encode(&again, orders, n);
	assert_true(span_equal(buf_span(&again), buf_span(&part)));
	orders_part_free(o);
	buf_free(&part);
	buf_free(&again);
}

static void
no_orders_is_good(void **state)
{
	struct buf part = BUF_EMPTY;
	struct orders_part *o;
	size_t n = 1;
	(void)state;

	orders_part_encode(&part, NULL, 0);
	assert_true(orders_part_parse(&o, buf_span(&part), NULL));
	orders_part_all(o, &n);
	assert_int_equal(n, 0);
	orders_part_free(o);
	buf_free(&part);
}

static void
mistakes_in_orders_are_refused(void **state)
{
	static const struct mistake rows[] = {
		{ "an order without a number", "6e6f726465722f323032362d303031", "60", "length" },
		{ "a slot twice", "820107820109", "820107820107", "ascend" },
		{ "slots that fall", "820109820200", "820109820100", "ascend" },
		{ "an order without slots", "83820107820109820200", "80", "too few" },
		{ "recorded out of order", "19012c190258", "19012c19018f", "order of recording" },
		{ "no end", "1923281901f4190190", "f61901f4190190", "whole number" },
		{ "a slot beyond the list", "820109", "82011a00010000", "too large" },
		{ "a slot of one number", "820109", "8101", "too few" },
	};
	struct buf good = orders_sample();
	struct orders_part *o;
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf bad = mistake_made(buf_span(&good), &rows[i]);
		struct err err = { 0 };
		mistake_named(&rows[i], !orders_part_parse(&o, buf_span(&bad), &err), &err);
		assert_null(o);
		buf_free(&bad);
	}
	for (size_t n = 0; n < good.len; n++)
		assert_false(orders_part_parse(&o, span_of(good.ptr, n), NULL));
	buf_free(&good);
}

static void
a_part_beyond_the_limit_is_not_read(void **state)
{
	uint8_t *zeros = calloc(1, LIMIT_PART_BYTES + 1);
	struct span part = span_of(zeros, LIMIT_PART_BYTES + 1);
	struct fingerprints *f;
	struct history_part *h;
	struct orders_part *o;
	struct err err = { 0 };
	(void)state;

	assert_false(fingerprints_parse(&f, part, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	err = (struct err){ 0 };
	assert_false(history_part_parse(&h, part, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	err = (struct err){ 0 };
	assert_false(orders_part_parse(&o, part, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	free(zeros);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fingerprints_are_found_by_slot),
		cmocka_unit_test(neighbours_are_not_mixed_up),
		cmocka_unit_test(every_file_of_a_slot_is_known_and_no_other),
		cmocka_unit_test(an_empty_part_has_no_slot_assigned),
		cmocka_unit_test(mistakes_in_fingerprints_are_refused),
		cmocka_unit_test(a_history_comes_back),
		cmocka_unit_test(a_long_history_comes_back),
		cmocka_unit_test(a_history_of_nothing_is_good),
		cmocka_unit_test(mistakes_in_a_history_are_refused),
		cmocka_unit_test(orders_come_back),
		cmocka_unit_test(no_orders_is_good),
		cmocka_unit_test(mistakes_in_orders_are_refused),
		cmocka_unit_test(a_part_beyond_the_limit_is_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

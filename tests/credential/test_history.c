#include "core/civil.h"
#include "credential/history.h"
#include "tests/test.h"

#define ALL_KNOWN INT64_MAX

/* 00:00 +08:00 of a date, written as people write it. */
static int64_t
day(const char *date)
{
	struct civil_date d;
	assert_true(civil_parse(&d, span_text(date), NULL));
	return civil_start_s(d);
}

static enum status
status_on(const struct history_entry *entries, size_t n, int64_t on_s, int64_t known_s)
{
	const struct history_entry *e = history_find(entries, n, on_s, known_s);
	return e != NULL ? e->status : STATUS_ACTIVE;
}

static void
a_certificate_without_history_is_active(void **state)
{
	const struct history_entry *why = &(struct history_entry){ 0 };
	(void)state;

	assert_null(history_find(NULL, 0, 0, ALL_KNOWN));
	assert_int_equal(history_worst(&why, NULL, 0, 0, 1, ALL_KNOWN), STATUS_ACTIVE);
	assert_null(why);
}

/* Every second on which an answer changes, and its two neighbours, on both clocks. */
static void
both_clocks_change_on_the_second(void **state)
{
	const struct history_entry e[] = { { STATUS_SUSPENDED, 1000, 2000, 1500, 0 } };
	static const struct {
		const char *row;
		int64_t on_s, known_s;
		enum status want;
	} rows[] = {
		{ "the second before it takes effect", 999, 9999, STATUS_ACTIVE },
		{ "the second it takes effect", 1000, 9999, STATUS_SUSPENDED },
		{ "the second after", 1001, 9999, STATUS_SUSPENDED },
		{ "the last second", 1999, 9999, STATUS_SUSPENDED },
		{ "the second it ends: [from, until)", 2000, 9999, STATUS_ACTIVE },
		{ "the second after its end", 2001, 9999, STATUS_ACTIVE },
		{ "known the second before recording", 1700, 1499, STATUS_ACTIVE },
		{ "known the second of recording", 1700, 1500, STATUS_SUSPENDED },
		{ "known the second after", 1700, 1501, STATUS_SUSPENDED },
		{ "a day before recording, known later", 1200, 1500, STATUS_SUSPENDED },
		{ "a day before recording, known then", 1200, 1200, STATUS_ACTIVE },
		{ "a day to come, known now", 1900, 1500, STATUS_SUSPENDED },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(
		    status_on(e, 1, rows[i].on_s, rows[i].known_s) == rows[i].want, rows[i].row);
}

/* The last one recorded decides, whatever the order of the dates it is about. */
static void
a_later_entry_overrules_an_earlier_one_where_it_holds(void **state)
{
	const struct history_entry e[] = {
		{ STATUS_SUSPENDED, 1000, 3000, 900, 0 },
		{ STATUS_ACTIVE, 2000, HISTORY_OPEN, 1990, 0 },  /* lifted early */
		{ STATUS_REVOKED, 4000, HISTORY_OPEN, 3900, 0 }, /* and revoked later */
	};
	(void)state;

	assert_int_equal(status_on(e, 3, 1999, ALL_KNOWN), STATUS_SUSPENDED);
	assert_int_equal(status_on(e, 3, 2000, ALL_KNOWN), STATUS_ACTIVE);
	assert_int_equal(status_on(e, 3, 3999, ALL_KNOWN), STATUS_ACTIVE);
	assert_int_equal(status_on(e, 3, 4000, ALL_KNOWN), STATUS_REVOKED);
	assert_int_equal(status_on(e, 3, 2500, 1989), STATUS_SUSPENDED);
	assert_int_equal(status_on(e, 3, 9000, 3899), STATUS_ACTIVE);
	assert_int_equal(status_on(e, 3, INT64_MAX - 1, ALL_KNOWN), STATUS_REVOKED);
}

static void
two_entries_of_one_second_count_in_their_order(void **state)
{
	const struct history_entry e[] = {
		{ STATUS_SUSPENDED, 100, HISTORY_OPEN, 50, 0 },
		{ STATUS_REVOKED, 100, HISTORY_OPEN, 50, 0 },
	};
	(void)state;

	assert_int_equal(status_on(e, 2, 100, 50), STATUS_REVOKED);
}

/* A suspension of a leap day: it lasts exactly that day at +08:00. */
static void
a_leap_day_is_a_day(void **state)
{
	const struct history_entry e[] = {
		{ STATUS_SUSPENDED, day("2028-02-29"), day("2028-03-01"), day("2028-02-20"), 0 },
	};
	(void)state;

	assert_int_equal(e[0].until_s - e[0].from_s, CIVIL_DAY_S);
	assert_int_equal(status_on(e, 1, day("2028-02-29") - 1, ALL_KNOWN), STATUS_ACTIVE);
	assert_int_equal(status_on(e, 1, day("2028-02-29"), ALL_KNOWN), STATUS_SUSPENDED);
	assert_int_equal(status_on(e, 1, day("2028-03-01") - 1, ALL_KNOWN), STATUS_SUSPENDED);
	assert_int_equal(status_on(e, 1, day("2028-03-01"), ALL_KNOWN), STATUS_ACTIVE);
}

/* Revoked from service of the decision; annulled for every date. */
static void
annulment_reaches_back_and_revocation_does_not(void **state)
{
	const struct history_entry revoked[] = { { STATUS_REVOKED, 5000, HISTORY_OPEN, 4900, 0 } };
	const struct history_entry annulled[] = { { STATUS_ANNULLED, 0, HISTORY_OPEN, 4900, 0 } };
	(void)state;

	assert_int_equal(status_on(revoked, 1, 1, ALL_KNOWN), STATUS_ACTIVE);
	assert_int_equal(status_on(annulled, 1, 1, ALL_KNOWN), STATUS_ANNULLED);
	assert_int_equal(status_on(annulled, 1, 1, 4899), STATUS_ACTIVE);
}

/* A mistaken entry counts as never effective, and both clocks keep it. */
static void
a_correction_is_a_later_entry_and_nothing_is_lost(void **state)
{
	const struct history_entry e[] = {
		{ STATUS_REVOKED, 1000, HISTORY_OPEN, 1000, 0 },
		{ STATUS_ACTIVE, 1000, HISTORY_OPEN, 1600, 0 },
	};
	(void)state;

	assert_int_equal(status_on(e, 2, 1200, 1300), STATUS_REVOKED);
	assert_int_equal(status_on(e, 2, 1200, 1600), STATUS_ACTIVE);
	assert_int_equal(status_on(e, 2, 999, 1300), STATUS_ACTIVE);
}

/* An older file never brings back what a newer entry ended: a milder status is a later entry. */
static void
threat_20_flapping_needs_a_later_entry(void **state)
{
	const struct history_entry e[] = { { STATUS_REVOKED, 1000, HISTORY_OPEN, 1000, 0 } };
	(void)state;

	for (int64_t known_s = 1000; known_s < 5000; known_s += 250)
		assert_int_equal(status_on(e, 1, 4000, known_s), STATUS_REVOKED);
}

/* ---- whole days ---- */

static void
a_whole_day_is_as_good_as_its_worst_moment(void **state)
{
	const struct history_entry e[] = {
		{ STATUS_SUSPENDED, 1500, 1501, 100, 0 }, /* one second at noon */
		{ STATUS_REVOKED, 2999, HISTORY_OPEN, 200, 0 },
		{ STATUS_ACTIVE, 5000, HISTORY_OPEN, 300, 0 },
	};
	static const struct {
		const char *row;
		int64_t from_s, to_s, known_s;
		enum status want;
		int why; /* number of the entry, -1: none */
	} rows[] = {
		{ "nothing befalls it", 0, 1000, ALL_KNOWN, STATUS_ACTIVE, -1 },
		{ "one second inside", 1000, 2000, ALL_KNOWN, STATUS_SUSPENDED, 0 },
		{ "that second alone", 1500, 1501, ALL_KNOWN, STATUS_SUSPENDED, 0 },
		{ "it began before", 1500, 2000, ALL_KNOWN, STATUS_SUSPENDED, 0 },
		{ "it ends where the day begins", 1501, 2000, ALL_KNOWN, STATUS_ACTIVE, -1 },
		{ "it begins where the day ends", 1000, 1500, ALL_KNOWN, STATUS_ACTIVE, -1 },
		{ "the last second", 2000, 3000, ALL_KNOWN, STATUS_REVOKED, 1 },
		{ "two in one span", 1000, 3000, ALL_KNOWN, STATUS_REVOKED, 1 },
		{ "not yet known", 2000, 3000, 199, STATUS_ACTIVE, -1 },
		{ "it gets better inside", 4000, 6000, ALL_KNOWN, STATUS_REVOKED, 1 },
		{ "after it got better", 5000, 6000, ALL_KNOWN, STATUS_ACTIVE, 2 },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct history_entry *why;
		enum status got = history_worst(
		    &why, e, COUNT_OF(e), rows[i].from_s, rows[i].to_s, rows[i].known_s);
		CHECK_ROW(got == rows[i].want, rows[i].row);
		CHECK_ROW(why == (rows[i].why < 0 ? NULL : &e[rows[i].why]), rows[i].row);
	}
}

/* Against asking second by second, over intervals that overlap in every way. */
static void
the_worst_of_a_span_is_the_worst_of_its_seconds(void **state)
{
	static const enum status kinds[] = { STATUS_SUSPENDED, STATUS_ACTIVE, STATUS_REVOKED,
		STATUS_REPLACED, STATUS_ANNULLED };
	struct history_entry e[5];
	(void)state;

	for (uint32_t seed = 1; seed <= 200; seed++) {
		uint32_t r = seed * 2654435761u;
		for (size_t i = 0; i < COUNT_OF(e); i++) {
			r = r * 1664525u + 1013904223u;
			int64_t from_s = r >> 28;
			e[i] = (struct history_entry){ kinds[(r >> 8) % COUNT_OF(kinds)], from_s,
				from_s + 1 + (r >> 20) % 9, (int64_t)i, 0 };
		}
		int64_t from_s = r % 12, to_s = from_s + 1 + r / 64 % 12, known_s = r / 7 % 6;
		enum status want = STATUS_ACTIVE;
		for (int64_t on_s = from_s; on_s < to_s; on_s++)
			want = status_worse(want, status_on(e, COUNT_OF(e), on_s, known_s));
		assert_int_equal(history_worst(NULL, e, COUNT_OF(e), from_s, to_s, known_s), want);
	}
}

/* ---- extension orders ---- */

static const struct history_slot listed[] = { { 1, 7 }, { 1, 9 }, { 2, 0 }, { 2, 8 } };

static void
an_order_moves_the_end_of_the_slots_it_lists(void **state)
{
	const struct history_order o[] = { { { NULL, 0 }, listed, COUNT_OF(listed), 9000, 500,
	    400 } };
	(void)state;

	for (uint16_t list = 0; list < 4; list++)
		for (uint16_t idx = 0; idx < 12; idx++) {
			bool in = false;
			for (size_t i = 0; i < COUNT_OF(listed); i++)
				in = in || (listed[i].list == list && listed[i].idx == idx);
			const struct history_order *found = history_find_order(
			    o, 1, (struct history_slot){ list, idx }, 600, ALL_KNOWN);
			assert_ptr_equal(found, in ? &o[0] : NULL);
			assert_int_equal(history_end(found, 8000), in ? 9000 : 8000);
		}
}

static void
an_order_counts_from_its_effect_and_its_recording(void **state)
{
	const struct history_order o[] = {
		{ { NULL, 0 }, listed, COUNT_OF(listed), 9000, 500, 400 },
		{ { NULL, 0 }, listed, 1, 9500, 700, 600 },
	};
	const struct history_slot both = { 1, 7 }, first_only = { 1, 9 };
	(void)state;

	assert_null(history_find_order(o, 2, both, 499, ALL_KNOWN));
	assert_ptr_equal(history_find_order(o, 2, both, 500, ALL_KNOWN), &o[0]);
	assert_ptr_equal(history_find_order(o, 2, both, 699, ALL_KNOWN), &o[0]);
	assert_ptr_equal(history_find_order(o, 2, both, 700, ALL_KNOWN), &o[1]);
	assert_null(history_find_order(o, 2, both, 9999, 399));
	assert_ptr_equal(history_find_order(o, 2, both, 9999, 400), &o[0]);
	assert_ptr_equal(history_find_order(o, 2, both, 9999, 599), &o[0]);
	assert_ptr_equal(history_find_order(o, 2, both, 9999, 600), &o[1]);
	assert_ptr_equal(history_find_order(o, 2, first_only, 9999, ALL_KNOWN), &o[0]);
}

/* The last order counts, a shorter one too; but none takes from what the certificate says. */
static void
no_order_ends_a_certificate_before_its_own_end(void **state)
{
	const struct history_order back = { { NULL, 0 }, listed, 1, 100, 0, 0 };
	(void)state;

	assert_int_equal(history_end(&back, 8000), 8000);
	assert_int_equal(history_end(NULL, 8000), 8000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_without_history_is_active),
		cmocka_unit_test(both_clocks_change_on_the_second),
		cmocka_unit_test(a_later_entry_overrules_an_earlier_one_where_it_holds),
		cmocka_unit_test(two_entries_of_one_second_count_in_their_order),
		cmocka_unit_test(a_leap_day_is_a_day),
		cmocka_unit_test(annulment_reaches_back_and_revocation_does_not),
		cmocka_unit_test(a_correction_is_a_later_entry_and_nothing_is_lost),
		cmocka_unit_test(threat_20_flapping_needs_a_later_entry),
		cmocka_unit_test(a_whole_day_is_as_good_as_its_worst_moment),
		cmocka_unit_test(the_worst_of_a_span_is_the_worst_of_its_seconds),
		cmocka_unit_test(an_order_moves_the_end_of_the_slots_it_lists),
		cmocka_unit_test(an_order_counts_from_its_effect_and_its_recording),
		cmocka_unit_test(no_order_ends_a_certificate_before_its_own_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

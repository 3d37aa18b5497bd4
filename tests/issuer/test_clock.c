#include "issuer/clock.h"

#include "core/file.h"
#include "core/limits.h"
#include "tests/registry/road.h"
#include "tests/test.h"

static struct bureau *standard;
static struct calendar calendar;

static int
open_bureau(void **state)
{
	struct err err = { 0 };
	struct buf json = BUF_EMPTY;
	(void)state;
	standard = bureau_new("standard");
	bureau_read(&json, SOURCE_DIR "/templates/calendar.json");
	if (!calendar_parse(&calendar, buf_span(&json), &err))
		fail_msg("%s", err.text);
	buf_free(&json);
	return 0;
}

static int
close_bureau(void **state)
{
	(void)state;
	bureau_free(standard);
	return 0;
}

static int64_t
midnight(int year, int month, int day)
{
	return civil_start_s((struct civil_date){ year, month, day });
}

static struct clock_decision
clock_at(struct road *r, int64_t now_s)
{
	struct clock_decision out;
	r->now_s = now_s;
	struct case_state dossier = road_case(r);
	struct judge judge = road_judge(r, &dossier, NULL);
	assert_true(clock_decision(&out, &judge, &calendar));
	return out;
}

static int64_t
due_s(const struct road *r)
{
	struct case_state dossier = road_case(r);
	struct judge judge = road_judge(r, &dossier, NULL);
	return clock_due_s(&judge, &calendar);
}

static void
is_day(struct civil_date day, int year, int month, int of_month)
{
	assert_true(civil_start_s(day) == midnight(year, month, of_month));
}

/* Accepted on Friday 2026-11-20: the twentieth working day is 2026-12-18. */
static void
twenty_working_days_from_the_acceptance(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_ACCEPTED);
	struct clock_decision c = clock_at(&r, r.now_s);
	assert_int_equal(c.allowed, 20);
	assert_int_equal(c.used, 0);
	is_day(c.due, 2026, 12, 18);
	assert_int_equal(clock_at(&r, midnight(2026, 11, 23) - 1).used, 0);
	assert_int_equal(clock_at(&r, midnight(2026, 11, 23)).used, 1);
	assert_int_equal(clock_at(&r, midnight(2026, 12, 18)).used, 20);
	assert_int_equal(clock_at(&r, midnight(2026, 12, 21)).used, 21);
	assert_true(due_s(&r) == midnight(2026, 12, 19) - 1);
	assert_false(c.stopped || c.stands_still || c.guessed);
	road_close(&r);
}

/* At the end of Wednesday 2026-11-25. */
static void
by_silence_the_clock_begins_with_the_next_day(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_SUBMITTED);
	assert_true(due_s(&r) == midnight(2026, 11, 26) - 1);
	assert_int_equal(clock_at(&r, midnight(2026, 11, 26)).used, 1);
	is_day(clock_at(&r, midnight(2026, 11, 26)).due, 2026, 12, 23);
	road_close(&r);
}

static void
before_the_acceptance_and_at_the_end_there_is_none(void **state)
{
	(void)state;
	static const enum case_stage stages[] = { CASE_NONE, CASE_SUBMITTED };
	struct clock_decision c;
	for (size_t i = 0; i < COUNT_OF(stages); i++) {
		struct road r;
		road_open_case(&r, standard);
		road_to(&r, stages[i]);
		struct case_state dossier = road_case(&r);
		struct judge judge = road_judge(&r, &dossier, NULL);
		assert_false(clock_decision(&c, &judge, &calendar));
		road_close(&r);
	}
}

/* Ordered on Tuesday 24, signed on Friday 4 December: nine working days do not count. */
static void
it_stands_still_while_a_visit_is_ordered(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_EXAMINED);
	r.now_s = midnight(2026, 11, 24);
	struct act_body order = road_schedule(&r, SHI, XIANG);
	order.schedule.visit_s = midnight(2026, 12, 2);
	road_do(&r, AN, order);
	struct clock_decision c = clock_at(&r, midnight(2026, 12, 1));
	assert_true(c.stands_still);
	assert_int_equal(c.used, 1);
	assert_true(due_s(&r) == midnight(2026, 12, 3) - 1); /* the day of the visit */
	/* As if it went on tomorrow: 19 days are left. */
	is_day(c.due, 2026, 12, 28);
	r.now_s = midnight(2026, 12, 3);
	road_to(&r, CASE_INSPECTED_ONCE);
	assert_true(clock_at(&r, r.now_s).stands_still);
	r.now_s = midnight(2026, 12, 4);
	road_to(&r, CASE_INSPECTED);
	c = clock_at(&r, midnight(2026, 12, 7));
	assert_false(c.stands_still);
	assert_int_equal(c.used, 2);
	is_day(c.due, 2026, 12, 31);
	road_close(&r);
}

static void
a_reopened_review_stands_still_twice(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	r.now_s = midnight(2026, 11, 20);
	road_to(&r, CASE_EXAMINED);
	r.now_s = midnight(2026, 11, 23);
	road_to(&r, CASE_INSPECTED);
	r.now_s = midnight(2026, 11, 25);
	road_do(&r, CHANG, road_recuse(&r, SHI));
	r.now_s = midnight(2026, 11, 27);
	road_do(&r, AN, road_schedule(&r, ALL, XIANG));
	/* 23 and 27 do not count; 24, 25 and 26 do. */
	struct clock_decision c = clock_at(&r, midnight(2026, 11, 27));
	assert_int_equal(c.used, 3);
	assert_true(c.stands_still);
	road_close(&r);
}

static void
a_prolongation_adds_ten(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_EXAMINED);
	road_do(&r, GUAN, road_notice(&r, ACT_PROLONG));
	assert_int_equal(clock_at(&r, r.now_s).allowed, 20);
	road_do(&r, BI, road_answer(&r, ACT_APPROVE));
	struct clock_decision c = clock_at(&r, r.now_s);
	assert_int_equal(c.allowed, 30);
	is_day(c.due, 2027, 1, 4); /* past New Year */
	road_close(&r);
}

static void
the_decision_stops_it_and_begins_the_next(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_INSPECTED);
	r.now_s = midnight(2026, 12, 7);
	road_to(&r, CASE_GRANTED);
	struct clock_decision c = clock_at(&r, midnight(2027, 3, 1));
	assert_true(c.stopped);
	assert_int_equal(c.used, 11);
	/* The certificate within ten days of the calendar, and handed out by then. */
	assert_true(due_s(&r) == midnight(2026, 12, 18) - 1);
	r.now_s = midnight(2026, 12, 8);
	road_to(&r, CASE_ISSUED);
	assert_true(due_s(&r) == midnight(2026, 12, 18) - 1);
	road_do(&r, AN, road_notice(&r, ACT_DELIVER));
	assert_true(due_s(&r) == 0);
	road_close(&r);
}

static void
years_without_data_are_said(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_ACCEPTED);
	assert_true(clock_at(&r, midnight(2028, 1, 1)).guessed);
	road_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twenty_working_days_from_the_acceptance),
		cmocka_unit_test(by_silence_the_clock_begins_with_the_next_day),
		cmocka_unit_test(before_the_acceptance_and_at_the_end_there_is_none),
		cmocka_unit_test(it_stands_still_while_a_visit_is_ordered),
		cmocka_unit_test(a_reopened_review_stands_still_twice),
		cmocka_unit_test(a_prolongation_adds_ten),
		cmocka_unit_test(the_decision_stops_it_and_begins_the_next),
		cmocka_unit_test(years_without_data_are_said),
	};
	return cmocka_run_group_tests(tests, open_bureau, close_bureau);
}

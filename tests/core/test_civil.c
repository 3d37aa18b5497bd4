#include "core/civil.h"
#include "tests/test.h"

#include <time.h>

static struct civil_date
date(const char *text)
{
	struct civil_date d = { 0 };
	struct err err = { 0 };
	if (!civil_parse(&d, span_text(text), &err))
		fail_msg("%s: %s", text, err.text);
	return d;
}

static void
assert_date(struct civil_date d, const char *want)
{
	char text[CIVIL_TEXT_BYTES];
	civil_format(text, d);
	assert_string_equal(text, want);
}

static void
what_is_no_date_is_refused(void **state)
{
	static const char *const wrong[] = { "", "2026", "2026-11", "2026-11-2", "2026-1-20",
		"26-11-20", "2026-11-201", "2026/11/20", "20261120", "2026-11-20 ", " 2026-11-20",
		"2026-11-20T", "+026-11-20", "2026-00-10", "2026-13-10", "2026-11-00", "2026-11-31",
		"2026-02-29", "2026-02-30", "2100-02-29", "2024-02-30", "1969-12-31", "0000-01-01",
		"-999-01-01", "2026-1a-20", "２０２６-11-20" };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct civil_date d = { 1, 2, 3 };
		struct err err = { 0 };
		CHECK_ROW(!civil_parse(&d, span_text(wrong[i]), &err), wrong[i]);
		CHECK_ROW(err.code == ERR_MALFORMED && err.text[0] != '\0', wrong[i]);
		CHECK_ROW(d.year == 1 && d.month == 2 && d.day == 3, wrong[i]);
	}
}

static void
dates_at_the_edges_are_read_and_written(void **state)
{
	static const char *const right[] = { "1970-01-01", "2000-02-29", "2024-02-29", "2026-12-31",
		"2100-02-28", "9999-12-31" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(right); i++)
		assert_date(date(right[i]), right[i]);
}

/* Against another implementation: the C library's calendar, for each day until 9999. */
static void
every_day_has_its_number_and_weekday(void **state)
{
	struct civil_date d = date("1970-01-01");
	int64_t number = 0;
	(void)state;

	for (;; number += 1) {
		time_t t = (time_t)(number * CIVIL_DAY_S);
		struct tm tm;
		gmtime_r(&t, &tm);
		if (d.year != tm.tm_year + 1900 || d.month != tm.tm_mon + 1 ||
		    d.day != tm.tm_mday || civil_weekday(d) != tm.tm_wday ||
		    civil_day_number(d) != number)
			fail_msg("day %d", (int)number);
		if (d.year == 9999 && d.month == 12 && d.day == 31)
			break;
		d = civil_add_days(d, 1);
	}
	assert_int_equal(number, 2932896);
}

static void
a_day_begins_at_midnight_in_beijing(void **state)
{
	(void)state;
	/* 2026-11-20T00:00:00+08:00 is 2026-11-19T16:00:00Z */
	assert_true(civil_start_s(date("2026-11-20")) == 1795104000);
	assert_date(civil_of(1795104000), "2026-11-20");
	assert_date(civil_of(1795103999), "2026-11-19");
	assert_date(civil_of(1795104000 + CIVIL_DAY_S - 1), "2026-11-20");
	assert_date(civil_of(civil_start_s(date("2027-01-01")) - 1), "2026-12-31");
	assert_date(civil_of(0), "1970-01-01");
	assert_date(civil_of(CIVIL_LAST_S), "9999-12-31");
}

static void
what_lies_outside_the_range_is_held_at_its_end(void **state)
{
	(void)state;
	assert_date(civil_of(-1), "1970-01-01");
	assert_date(civil_of(INT64_MIN), "1970-01-01");
	assert_date(civil_of(CIVIL_LAST_S + 1), "9999-12-31");
	assert_date(civil_of(INT64_MAX), "9999-12-31");
	assert_date(civil_add_days(date("2026-11-20"), INT64_MAX), "9999-12-31");
	assert_date(civil_add_days(date("2026-11-20"), INT64_MIN), "1970-01-01");
	assert_date(civil_add_months(date("2026-11-20"), INT32_MAX), "9999-12-31");
	assert_date(civil_add_months(date("2026-11-20"), INT32_MIN), "1970-01-01");
	assert_date(civil_anniversary(date("2026-11-20"), INT32_MAX), "9999-12-31");
	assert_date(civil_anniversary(date("2026-11-20"), INT32_MIN), "1970-01-01");
}

static void
months_are_clamped_to_their_last_day(void **state)
{
	static const struct {
		const char *from;
		int months;
		const char *to;
	} rows[] = {
		{ "2026-01-31", 1, "2026-02-28" },
		{ "2024-01-31", 1, "2024-02-29" },
		{ "2026-10-31", 1, "2026-11-30" },
		{ "2026-12-31", 1, "2027-01-31" },
		{ "2026-11-20", 36, "2029-11-20" },
		{ "2024-02-29", 12, "2025-02-28" },
		{ "2024-02-29", 48, "2028-02-29" },
		{ "2026-03-31", -1, "2026-02-28" },
		{ "2026-01-15", -1, "2025-12-15" },
		{ "2026-01-15", -13, "2024-12-15" },
		{ "2026-05-05", 0, "2026-05-05" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_date(civil_add_months(date(rows[i].from), rows[i].months), rows[i].to);
}

static void
an_anniversary_that_is_missing_rolls_forward(void **state)
{
	(void)state;
	assert_date(civil_anniversary(date("2024-02-29"), 3), "2027-03-01");
	assert_date(civil_anniversary(date("2024-02-29"), 4), "2028-02-29");
	assert_date(civil_anniversary(date("2026-02-28"), 2), "2028-02-28");
	assert_date(civil_anniversary(date("2026-12-31"), 3), "2029-12-31");
	assert_date(civil_anniversary(date("2026-12-31"), -3), "2023-12-31");
}

static void
days_cross_months_years_and_leap_days(void **state)
{
	(void)state;
	assert_date(civil_add_days(date("2024-02-28"), 1), "2024-02-29");
	assert_date(civil_add_days(date("2024-02-28"), 2), "2024-03-01");
	assert_date(civil_add_days(date("2026-12-31"), 1), "2027-01-01");
	assert_date(civil_add_days(date("2027-01-01"), -1), "2026-12-31");
	assert_int_equal(
	    civil_day_number(date("2027-03-01")) - civil_day_number(date("2024-03-01")), 1095);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(dates_at_the_edges_are_read_and_written),
		cmocka_unit_test(every_day_has_its_number_and_weekday),
		cmocka_unit_test(a_day_begins_at_midnight_in_beijing),
		cmocka_unit_test(what_lies_outside_the_range_is_held_at_its_end),
		cmocka_unit_test(months_are_clamped_to_their_last_day),
		cmocka_unit_test(an_anniversary_that_is_missing_rolls_forward),
		cmocka_unit_test(days_cross_months_years_and_leap_days),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

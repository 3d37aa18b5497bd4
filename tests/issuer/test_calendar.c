#include "issuer/calendar.h"

#include "core/file.h"
#include "core/limits.h"
#include "tests/test.h"

static void
load(struct calendar *out)
{
	struct err err = { 0 };
	struct buf json = BUF_EMPTY;
	*out = (struct calendar){ .n = 0 };
	if (!file_read(&json, SOURCE_DIR "/templates/calendar.json", LIMIT_JSON_BYTES, &err) ||
	    !calendar_parse(out, buf_span(&json), &err))
		fail_msg("%s", err.text);
	buf_free(&json);
}

static struct civil_date
day(const char *text)
{
	struct civil_date out;
	assert_true(civil_parse(&out, span_text(text), NULL));
	return out;
}

static void
holidays_and_the_days_that_make_up_for_them(void **state)
{
	(void)state;
	static const struct {
		const char *day;
		bool working;
		const char *why;
	} rows[] = {
		{ "2026-11-20", true, "a Friday" },
		{ "2026-11-21", false, "a Saturday" },
		{ "2026-11-22", false, "a Sunday" },
		{ "2026-09-30", true, "the day before a holiday" },
		{ "2026-10-01", false, "its first day, a Thursday" },
		{ "2026-10-07", false, "its last, a Wednesday" },
		{ "2026-10-08", true, "the day after" },
		{ "2026-10-10", true, "a Saturday that makes up for it" },
		{ "2026-09-20", true, "a Sunday that does" },
		{ "2028-10-02", true, "a holiday of a year without data" },
		{ "2028-10-01", false, "a Sunday of such a year" },
	};
	struct calendar c;
	load(&c);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(
		    calendar_is_working(&c, day(rows[i].day)) == rows[i].working, rows[i].why);
	assert_true(calendar_knows(&c, 2026) && calendar_knows(&c, 2027));
	assert_false(calendar_knows(&c, 2028));
}

static void
working_days_are_counted_on(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to;
		unsigned n;
	} rows[] = {
		{ "2026-11-20", "2026-11-20", 0 },
		{ "2026-11-20", "2026-11-23", 1 },
		{ "2026-09-30", "2026-10-08", 1 },
		{ "2026-10-08", "2026-10-10", 2 }, /* Friday, then the Saturday */
		{ "2026-10-08", "2026-10-12", 3 },
		{ "2026-12-31", "2027-01-04", 1 },
		{ "2026-11-20", "2026-12-18", 20 },
	};
	struct calendar c;
	load(&c);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct civil_date to = calendar_add(&c, day(rows[i].from), rows[i].n);
		CHECK_ROW(civil_day_number(to) == civil_day_number(day(rows[i].to)), rows[i].from);
	}
}

/* The table is replaced by hand every year: what cannot be meant is found. */
static void
the_table_is_one_of_days_that_make_sense(void **state)
{
	(void)state;
	struct calendar c;
	load(&c);
	for (size_t i = 0; i < c.n; i++) {
		const struct calendar_year *y = &c.years[i];
		size_t off = 0;
		for (size_t k = 0; k < y->n_holidays; k++)
			off += (size_t)(y->last[k] - y->first[k]) + 1;
		assert_in_range(off, 20, 40);
		for (size_t k = 0; k < y->n_workdays; k++) {
			struct civil_date d =
			    civil_add_days((struct civil_date){ 1970, 1, 1 }, y->workday[k]);
			int weekday = civil_weekday(d);
			assert_true(weekday == 0 || weekday == 6);
			for (size_t h = 0; h < y->n_holidays; h++)
				assert_false(
				    y->first[h] <= y->workday[k] && y->workday[k] <= y->last[h]);
		}
	}
}

#define CALENDAR(years) "{\"calendar\":\"qualcert-calendar/1\",\"note\":\"\",\"years\":[" years "]}"

static void
a_calendar_with_a_mistake_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *mistake, *json;
	} rows[] = {
		{ "no JSON", "{" },
		{ "another format", "{\"calendar\":\"x\",\"note\":\"\",\"years\":[]}" },
		{ "an unknown key",
		    "{\"calendar\":\"qualcert-calendar/1\",\"note\":\"\",\"years\":[],\"x\":1}" },
		{ "years that are no list",
		    "{\"calendar\":\"qualcert-calendar/1\",\"note\":\"\",\"years\":{}}" },
		{ "a year without workdays", CALENDAR("{\"year\":2026,\"holidays\":[]}") },
		{ "a year twice",
		    CALENDAR("{\"year\":2026,\"holidays\":[],\"workdays\":[]},{\"year\":2026,"
			     "\"holidays\":[],\"workdays\":[]}") },
		{ "a holiday that is one day",
		    CALENDAR("{\"year\":2026,\"holidays\":[[\"2026-01-01\"]],\"workdays\":[]}") },
		{ "a day of another year",
		    CALENDAR("{\"year\":2026,\"holidays\":[[\"2026-12-31\",\"2027-01-01\"]],"
			     "\"workdays\":[]}") },
		{ "no date",
		    CALENDAR("{\"year\":2026,\"holidays\":[],\"workdays\":[\"2026-02-30\"]}") },
		{ "a holiday that ends first",
		    CALENDAR("{\"year\":2026,\"holidays\":[[\"2026-01-02\",\"2026-01-01\"]],"
			     "\"workdays\":[]}") },
		{ "holidays that are no list",
		    CALENDAR("{\"year\":2026,\"holidays\":1,\"workdays\":[]}") },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct calendar c;
		struct err err = { 0 };
		CHECK_ROW(!calendar_parse(&c, span_text(rows[i].json), &err), rows[i].mistake);
		CHECK_ROW(err.code == ERR_MALFORMED && c.n == 0, rows[i].mistake);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holidays_and_the_days_that_make_up_for_them),
		cmocka_unit_test(working_days_are_counted_on),
		cmocka_unit_test(the_table_is_one_of_days_that_make_sense),
		cmocka_unit_test(a_calendar_with_a_mistake_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

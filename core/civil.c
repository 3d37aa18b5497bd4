#include "core/civil.h"

#include "core/cursor.h"

#include <assert.h>
#include <stdio.h>

#define YEAR_FIRST 1970
#define YEAR_LAST 9999
#define DAY_LAST 2932896 /* day number of 9999-12-31 */

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

bool
civil_parse(struct civil_date *out, struct span text, struct err *err)
{
	struct cursor c = cursor_over(text);
	struct civil_date d;

	d.year = cursor_decimal(&c, 4);
	cursor_expect(&c, span_text("-"));
	d.month = cursor_decimal(&c, 2);
	cursor_expect(&c, span_text("-"));
	d.day = cursor_decimal(&c, 2);
	if (!cursor_done(&c))
		return err_set(err, ERR_MALFORMED, "a date is written YYYY-MM-DD");
	if (d.year < YEAR_FIRST)
		return err_set(
		    err, ERR_MALFORMED, "the year %04d is before %d", d.year, YEAR_FIRST);
	if (d.month < 1 || d.month > 12)
		return err_set(err, ERR_MALFORMED, "there is no month %02d", d.month);
	if (d.day < 1 || d.day > month_days(d.year, d.month))
		return err_set(err, ERR_MALFORMED, "there is no day %02d in %04d-%02d", d.day,
		    d.year, d.month);
	*out = d;
	return true;
}

void
civil_format(char out[CIVIL_TEXT_BYTES], struct civil_date d)
{
	assert(d.year >= YEAR_FIRST && d.year <= YEAR_LAST && d.month >= 1 && d.month <= 12);
	assert(d.day >= 1 && d.day <= month_days(d.year, d.month));
	snprintf(out, CIVIL_TEXT_BYTES, "%04u-%02u-%02u", (unsigned)d.year % 10000u,
	    (unsigned)d.month % 100u, (unsigned)d.day % 100u);
}

/*
 * Days and dates convert over eras of 400 years (146,097 days each, leap years included) that begin
 * on 1 March of year 0, so that the leap day is the last of its year.
 */
#define ERA_DAYS 146097
#define DAY_OF_YEAR_0 719468 /* from 0000-03-01 to 1970-01-01 */

int64_t
civil_day_number(struct civil_date d)
{
	int year = d.month > 2 ? d.year : d.year - 1;
	int from_march = (d.month + 9) % 12;
	int year_of_era = year % 400;
	int day_of_year = (153 * from_march + 2) / 5 + d.day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return (int64_t)(year / 400) * ERA_DAYS + day_of_era - DAY_OF_YEAR_0;
}

static struct civil_date
date_of_day(int64_t number)
{
	if (number < 0)
		number = 0;
	if (number > DAY_LAST)
		number = DAY_LAST;

	int day = (int)number + DAY_OF_YEAR_0;
	int in_era = day % ERA_DAYS;
	int year_of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int from_march = (5 * in_year + 2) / 153;
	int month = from_march < 10 ? from_march + 3 : from_march - 9;

	return (struct civil_date){
		.year = day / ERA_DAYS * 400 + year_of_era + (month <= 2 ? 1 : 0),
		.month = month,
		.day = in_year - (153 * from_march + 2) / 5 + 1,
	};
}

struct civil_date
civil_of(int64_t t_s)
{
	if (t_s < 0)
		t_s = 0;
	if (t_s > CIVIL_LAST_S)
		t_s = CIVIL_LAST_S;
	return date_of_day((t_s + CIVIL_OFFSET_S) / CIVIL_DAY_S);
}

int64_t
civil_start_s(struct civil_date d)
{
	return civil_day_number(d) * CIVIL_DAY_S - CIVIL_OFFSET_S;
}

struct civil_date
civil_add_days(struct civil_date d, int64_t days)
{
	if (days > DAY_LAST)
		days = DAY_LAST;
	if (days < -DAY_LAST)
		days = -DAY_LAST;
	return date_of_day(civil_day_number(d) + days);
}

struct civil_date
civil_add_months(struct civil_date d, int months)
{
	int64_t from_0 = (int64_t)d.year * 12 + d.month - 1 + months;
	if (from_0 / 12 < YEAR_FIRST)
		return date_of_day(0);
	if (from_0 / 12 > YEAR_LAST)
		return date_of_day(DAY_LAST);

	struct civil_date to = { (int)(from_0 / 12), (int)(from_0 % 12) + 1, d.day };
	int last = month_days(to.year, to.month);
	if (to.day > last)
		to.day = last;
	return to;
}

struct civil_date
civil_anniversary(struct civil_date d, int years)
{
	int64_t year = (int64_t)d.year + years;
	if (year < YEAR_FIRST)
		return date_of_day(0);
	if (year > YEAR_LAST)
		return date_of_day(DAY_LAST);
	if (d.day > month_days((int)year, d.month))
		return (struct civil_date){ (int)year, 3, 1 };
	return (struct civil_date){ (int)year, d.month, d.day };
}

int
civil_weekday(struct civil_date d)
{
	return (int)((civil_day_number(d) + 4) % 7); /* 1970-01-01 was a Thursday */
}

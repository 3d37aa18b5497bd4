/*
 * Working days: Monday to Friday without the holidays, and the Saturdays and Sundays that make up for them,
 * as templates/calendar.json has them. Officers' due dates are counted with it; no act is judged by it.
 */
#ifndef ISSUER_CALENDAR_H
#define ISSUER_CALENDAR_H

#include "core/civil.h"

#define CALENDAR_YEARS 32  /* in one file */
#define CALENDAR_RANGES 24 /* holidays, or workdays, of a year */

struct calendar_year {
	int year;
	int64_t first[CALENDAR_RANGES], last[CALENDAR_RANGES]; /* holidays, by day number */
	size_t n_holidays;
	int64_t workday[CALENDAR_RANGES];
	size_t n_workdays;
};

/* A plain value; zeroed it knows no year. */
struct calendar {
	struct calendar_year years[CALENDAR_YEARS];
	size_t n;
};

/*
 * Parse a calendar, strictly.
 * ERR_MALFORMED  not JSON of this form; a year twice; a day of another year; a holiday that ends before it
 *                begins
 */
MUST_CHECK bool calendar_parse(struct calendar *out, struct span json, struct err *err);

/* Is there data for this year? If not, Monday to Friday are its working days. */
bool calendar_knows(const struct calendar *c, int year);

bool calendar_is_working(const struct calendar *c, struct civil_date day);

/* The nth working day after this day; the day itself for 0. */
struct civil_date calendar_add(const struct calendar *c, struct civil_date day, unsigned n);

#endif

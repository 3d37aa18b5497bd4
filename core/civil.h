/*
 * Civil dates of the bureau: days at +08:00 (no summer time). A date is a plain value; day
 * arithmetic goes through the day number, month and year arithmetic clamps or rolls as said at each
 * function. What would fall outside 1970-01-01 to 9999-12-31 is held at that end.
 */
#ifndef CORE_CIVIL_H
#define CORE_CIVIL_H

#include "core/err.h"
#include "core/span.h"

struct civil_date {
	int year;  /* 1970 to 9999 */
	int month; /* 1 to 12 */
	int day;   /* 1 to the month's last */
};

#define CIVIL_TEXT_BYTES 11 /* "2026-11-20" and NUL */
#define CIVIL_DAY_S 86400
#define CIVIL_OFFSET_S 28800               /* +08:00 */
#define CIVIL_LAST_S INT64_C(253402271999) /* 9999-12-31T23:59:59+08:00 */

/* Strict YYYY-MM-DD. */
MUST_CHECK bool civil_parse(struct civil_date *out, struct span text, struct err *err);
void civil_format(char out[CIVIL_TEXT_BYTES], struct civil_date d);
/* The date at +08:00 of an instant, and the instant of 00:00 +08:00 of a date. */
struct civil_date civil_of(int64_t t_s);
int64_t civil_start_s(struct civil_date d);
/* Days since 1970-01-01; the difference of two is the number of days between. */
int64_t civil_day_number(struct civil_date d);
struct civil_date civil_add_days(struct civil_date d, int64_t days);
/* `months` may be negative. Clamped to the month's last day: 2026-01-31 and 1 month is 2026-02-28. */
struct civil_date civil_add_months(struct civil_date d, int months);
/* The anniversary; one missing in that year (29 February) rolls forward to 1 March. */
struct civil_date civil_anniversary(struct civil_date d, int years);
/* 0 is Sunday. */
int civil_weekday(struct civil_date d);

#endif

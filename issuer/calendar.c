#include "issuer/calendar.h"

#include "core/limits.h"

#include <jansson.h>

#define FORMAT "qualcert-calendar/1"

/* ---- reading ---- */

static bool
malformed(struct err *err, const char *what)
{
	return err_set(err, ERR_MALFORMED, "calendar: %s", what);
}

static bool
read_day(int64_t *out, const json_t *text, int year, struct err *err)
{
	struct civil_date day;
	const char *word = json_string_value(text);

	if (word == NULL || !civil_parse(&day, span_text(word), NULL) || day.year != year)
		return malformed(err, "a day is no date of its year");
	*out = civil_day_number(day);
	return true;
}

static bool
read_holidays(struct calendar_year *y, const json_t *list, struct err *err)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *pair = json_array_get(list, i);
		if (json_array_size(pair) != 2 || y->n_holidays == CALENDAR_RANGES)
			return malformed(err, "holidays are pairs of a first and a last day");
		size_t n = y->n_holidays++;
		if (!read_day(&y->first[n], json_array_get(pair, 0), y->year, err) ||
		    !read_day(&y->last[n], json_array_get(pair, 1), y->year, err))
			return false;
		if (y->last[n] < y->first[n])
			return malformed(err, "a holiday ends before it begins");
	}
	return true;
}

static bool
read_workdays(struct calendar_year *y, const json_t *list, struct err *err)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (y->n_workdays == CALENDAR_RANGES ||
		    !read_day(&y->workday[y->n_workdays++], json_array_get(list, i), y->year, err))
			return malformed(err, "workdays are dates of their year");
	return true;
}

static bool
read_year(struct calendar *c, json_t *item, struct err *err)
{
	json_t *holidays, *workdays;
	json_error_t error;
	int year;

	if (json_unpack_ex(item, &error, JSON_STRICT, "{s:i, s:o, s:o}", "year", &year, "holidays",
		&holidays, "workdays", &workdays) != 0)
		return malformed(err, error.text);
	if (c->n == CALENDAR_YEARS || calendar_knows(c, year))
		return malformed(err, "a year stands twice, or there are too many");
	if (!json_is_array(holidays) || !json_is_array(workdays))
		return malformed(err, "holidays and workdays are lists");
	struct calendar_year *y = &c->years[c->n++];
	y->year = year;
	return read_holidays(y, holidays, err) && read_workdays(y, workdays, err);
}

static bool
read_calendar(struct calendar *c, json_t *root, struct err *err)
{
	const char *format, *note;
	json_t *years;
	json_error_t error;

	if (json_unpack_ex(root, &error, JSON_STRICT, "{s:s, s:s, s:o}", "calendar", &format,
		"note", &note, "years", &years) != 0)
		return malformed(err, error.text);
	if (strcmp(format, FORMAT) != 0 || !json_is_array(years))
		return malformed(err, "it is of another format than " FORMAT);
	for (size_t i = 0; i < json_array_size(years); i++)
		if (!read_year(c, json_array_get(years, i), err))
			return false;
	return true;
}

bool
calendar_parse(struct calendar *out, struct span json, struct err *err)
{
	json_error_t error;

	*out = (struct calendar){ .n = 0 };
	json_t *root = json_loadb((const char *)json.ptr, json.len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		return err_set(err, ERR_MALFORMED, "calendar: line %d: %s", error.line, error.text);
	bool ok = read_calendar(out, root, err);
	json_decref(root);
	if (!ok)
		*out = (struct calendar){ .n = 0 };
	return ok;
}

/* ---- counting ---- */

static const struct calendar_year *
find_year(const struct calendar *c, int year)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->years[i].year == year)
			return &c->years[i];
	return NULL;
}

bool
calendar_knows(const struct calendar *c, int year)
{
	return find_year(c, year) != NULL;
}

static bool
is_holiday(const struct calendar_year *y, int64_t day)
{
	for (size_t i = 0; i < y->n_holidays; i++)
		if (y->first[i] <= day && day <= y->last[i])
			return true;
	return false;
}

static bool
makes_up(const struct calendar_year *y, int64_t day)
{
	for (size_t i = 0; i < y->n_workdays; i++)
		if (y->workday[i] == day)
			return true;
	return false;
}

bool
calendar_is_working(const struct calendar *c, struct civil_date day)
{
	const struct calendar_year *y = find_year(c, day.year);
	const int weekday = civil_weekday(day);
	const bool in_week = weekday >= 1 && weekday <= 5;

	if (y == NULL)
		return in_week;
	int64_t number = civil_day_number(day);
	return makes_up(y, number) || (in_week && !is_holiday(y, number));
}

struct civil_date
calendar_add(const struct calendar *c, struct civil_date day, unsigned n)
{
	while (n > 0) {
		day = civil_add_days(day, 1);
		n -= calendar_is_working(c, day);
	}
	return day;
}

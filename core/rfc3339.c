#include "core/rfc3339.h"

#include "core/civil.h"
#include "core/cursor.h"

#include <stdio.h>

/* "Z" or "+HH:MM" or "-HH:MM", in seconds east of Greenwich. */
static int
take_offset(struct cursor *c)
{
	if (cursor_peek(c) == 'Z') {
		cursor_u8(c);
		return 0;
	}
	uint8_t sign = cursor_u8(c);
	int hours = cursor_decimal(c, 2);
	cursor_expect(c, span_text(":"));
	int minutes = cursor_decimal(c, 2);
	if ((sign != '+' && sign != '-') || hours > 23 || minutes > 59)
		c->bad = true;
	int offset_s = hours * 3600 + minutes * 60;
	return sign == '-' ? -offset_s : offset_s;
}

bool
rfc3339_parse(int64_t *out_s, struct span text, struct err *err)
{
	struct cursor c = cursor_over(text);
	struct civil_date date;

	struct span day = cursor_take(&c, CIVIL_TEXT_BYTES - 1);
	cursor_expect(&c, span_text("T"));
	int hour = cursor_decimal(&c, 2);
	cursor_expect(&c, span_text(":"));
	int minute = cursor_decimal(&c, 2);
	cursor_expect(&c, span_text(":"));
	int second = cursor_decimal(&c, 2);
	int offset_s = take_offset(&c);
	if (!cursor_done(&c))
		return err_set(err, ERR_MALFORMED,
		    "a time is written YYYY-MM-DDTHH:MM:SS+08:00, or with Z at the end");
	if (!civil_parse(&date, day, err))
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return err_set(err, ERR_MALFORMED, "there is no time of day %02d:%02d:%02d", hour,
		    minute, second);
	int in_day_s = hour * 3600 + minute * 60 + second;
	int64_t t_s = civil_day_number(date) * CIVIL_DAY_S + in_day_s - offset_s;
	if (t_s < 0 || t_s > CIVIL_LAST_S)
		return err_set(err, ERR_MALFORMED, "the time lies outside the years 1970 to 9999");
	*out_s = t_s;
	return true;
}

void
rfc3339_format(char out[RFC3339_TEXT_BYTES], int64_t t_s)
{
	if (t_s < 0)
		t_s = 0;
	if (t_s > CIVIL_LAST_S)
		t_s = CIVIL_LAST_S;

	char date[CIVIL_TEXT_BYTES];
	civil_format(date, civil_of(t_s));
	unsigned in_day = (unsigned)((t_s + CIVIL_OFFSET_S) % CIVIL_DAY_S);
	snprintf(out, RFC3339_TEXT_BYTES, "%sT%02u:%02u:%02u+08:00", date, in_day / 3600 % 24,
	    in_day / 60 % 60, in_day % 60);
}

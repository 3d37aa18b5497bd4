#include "verifier/daemon/typed.h"

#include "core/text.h"

#include <ctype.h>
#include <stdio.h>

#define NO_BREAK_BLANK 0xa0
#define YEAR 0x5e74  /* 年 */
#define MONTH 0x6708 /* 月 */
#define DAY 0x65e5   /* 日 */

static int32_t
next(struct span text, size_t *pos)
{
	const int32_t c = text_half_width(text_next(text, pos));

	return c == '\t' || c == NO_BREAK_BLANK ? ' ' : c;
}

static bool
is_blank(struct span text)
{
	size_t pos = 0;

	while (next(text, &pos) == ' ')
		;
	return pos == text.len;
}

struct span
typed_unlabelled(struct span typed)
{
	size_t pos = 0, begin = 0;
	int32_t c, last = 0, last_but_one = 0;

	while ((c = next(typed, &pos)) >= 0) {
		if (c == ':' ||
		    (c == '.' && (last == 'o' || last == 'O') &&
			(last_but_one == 'n' || last_but_one == 'N')))
			begin = pos;
		last_but_one = last;
		last = c;
	}
	if (begin == 0)
		return typed;
	const struct span rest = span_of(typed.ptr + begin, typed.len - begin);
	return is_blank(rest) ? typed : rest;
}

bool
typed_plain(char *out, size_t room, struct span typed)
{
	size_t n = 0, pos = 0;
	int32_t c;

	while ((c = next(typed, &pos)) >= 0) {
		if (c == ' ' || c == '-')
			continue;
		if (c < ' ' || c >= 0x80 || n + 1 == room)
			return false;
		out[n++] = (char)toupper(c);
	}
	out[n] = '\0';
	return pos == typed.len;
}

/* With hyphens in whatever people part it by. */
static bool
hyphened(char *out, size_t room, struct span typed)
{
	size_t n = 0, pos = 0;
	int32_t c;

	while ((c = next(typed, &pos)) >= 0) {
		if (c == ' ' || c == DAY)
			continue;
		if (c == '/' || c == '.' || c == YEAR || c == MONTH)
			c = '-';
		if ((c != '-' && (c < '0' || c > '9')) || n + 1 == room)
			return false;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return pos == typed.len;
}

/* Digits, then `end`; at most as many as hyphened() had room for. */
static bool
part(unsigned long *out, const char **at, char end)
{
	*out = 0;
	for (; isdigit((unsigned char)**at); (*at)++)
		*out = 10 * *out + (unsigned long)(**at - '0');
	return *(*at)++ == end;
}

bool
typed_date(char out[TYPED_DATE_BYTES], struct span typed)
{
	char text[sizeof "2026-12-01"] = "";
	unsigned long year, month, day;
	const char *at = text;

	if (!hyphened(text, sizeof text, typed_unlabelled(typed)) || !part(&year, &at, '-') ||
	    !part(&month, &at, '-') || !part(&day, &at, '\0'))
		return false;
	snprintf(out, TYPED_DATE_BYTES, "%04lu-%02lu-%02lu", year, month, day);
	return true;
}

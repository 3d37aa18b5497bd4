#include "core/civil.h"
#include "core/rfc3339.h"
#include "tests/test.h"

static void
what_is_no_instant_is_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"2026-11-20",
		"2026-11-20T16:12:00", /* no offset: whose time? */
		"2026-11-20T16:12:00+08",
		"2026-11-20T16:12:00+0800",
		"2026-11-20T16:12:00+8:00",
		"2026-11-20T16:12:00 08:00",
		"2026-11-20T16:12:00+24:00",
		"2026-11-20T16:12:00+08:60",
		"2026-11-20T16:12:00+08:00 ",
		"2026-11-20T16:12:00Z+08:00",
		"2026-11-20T16:12:00.5+08:00",
		"2026-11-20T16:12:00,5Z",
		"2026-11-20 16:12:00+08:00",
		"2026-11-20t16:12:00+08:00",
		"2026-11-20T16:12:00z",
		"2026-11-20T16:12Z",
		"2026-11-20T16:12:0Z",
		"2026-11-20T6:12:00Z",
		"2026-1-20T16:12:00Z",
		"2026-11-20T24:00:00Z",
		"2026-11-20T23:60:00Z",
		"2026-11-20T23:59:60Z", /* leap second */
		"2026-11-20T-1:59:00Z",
		"2026-02-30T00:00:00Z",
		"2026-02-29T00:00:00Z",
		"2026-13-01T00:00:00Z",
		"1969-12-31T23:59:59Z",
		"1970-01-01T00:00:00+08:00", /* before 1970 at Greenwich */
		"9999-12-31T23:59:59Z",      /* after 9999 in Beijing */
		"12026-11-20T16:12:00Z",
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		int64_t t_s = 42;
		struct err err = { 0 };
		CHECK_ROW(!rfc3339_parse(&t_s, span_text(wrong[i]), &err), wrong[i]);
		CHECK_ROW(err.code == ERR_MALFORMED && err.text[0] != '\0', wrong[i]);
		CHECK_ROW(t_s == 42, wrong[i]);
	}
}

static void
instants_are_read_with_their_offset(void **state)
{
	static const struct {
		const char *text;
		int64_t t_s;
		const char *written;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0, "1970-01-01T08:00:00+08:00" },
		{ "2026-11-20T16:12:00+08:00", 1795162320, "2026-11-20T16:12:00+08:00" },
		{ "2026-11-20T08:12:00Z", 1795162320, "2026-11-20T16:12:00+08:00" },
		{ "2026-11-20T08:12:00-00:00", 1795162320, "2026-11-20T16:12:00+08:00" },
		{ "2026-11-20T02:42:00-05:30", 1795162320, "2026-11-20T16:12:00+08:00" },
		{ "2024-02-29T23:59:59+08:00", 1709222399, "2024-02-29T23:59:59+08:00" },
		{ "2026-12-31T23:59:59Z", 1798761599, "2027-01-01T07:59:59+08:00" },
		{ "9999-12-31T23:59:59+08:00", CIVIL_LAST_S, "9999-12-31T23:59:59+08:00" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t t_s = -1;
		struct err err = { 0 };
		char text[RFC3339_TEXT_BYTES];
		if (!rfc3339_parse(&t_s, span_text(rows[i].text), &err))
			fail_msg("%s: %s", rows[i].text, err.text);
		CHECK_ROW(t_s == rows[i].t_s, rows[i].text);
		rfc3339_format(text, t_s);
		assert_string_equal(text, rows[i].written);
	}
}

static void
an_instant_out_of_range_is_written_as_the_end(void **state)
{
	char text[RFC3339_TEXT_BYTES];
	(void)state;
	rfc3339_format(text, INT64_MIN);
	assert_string_equal(text, "1970-01-01T08:00:00+08:00");
	rfc3339_format(text, INT64_MAX);
	assert_string_equal(text, "9999-12-31T23:59:59+08:00");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_instant_is_refused),
		cmocka_unit_test(instants_are_read_with_their_offset),
		cmocka_unit_test(an_instant_out_of_range_is_written_as_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

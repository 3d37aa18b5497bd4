/* What a caller would rather have, by the weights of its lists (RFC 9110 12.4.2). */
#include "tests/test.h"
#include "verifier/daemon/accept.h"

static void
a_language_has_the_best_weight_of_its_ranges(void **state)
{
	static const struct {
		const char *header;
		unsigned zh, en;
	} rows[] = {
		{ "", 0, 0 },
		{ "zh", 1000, 0 },
		{ "zh-CN", 1000, 0 },
		{ "ZH-Hant-TW;Q=0.5", 500, 0 },
		{ "zhx, zh_CN", 0, 0 },
		{ "en-GB,en;q=0.9,zh-CN;q=0.8", 800, 1000 },
		{ "zh;q=0.2 , zh-CN ; q=0.7", 700, 0 },
		{ "en;q=0, *;q=0.5", 500, 0 },
		{ "*", 1000, 1000 },
		{ "fr, *;q=0.1", 100, 100 },
		{ "en;q=1.000, zh;q=0.999", 999, 1000 },
		{ "en;q=1.001", 0, 0 },
		{ "en;q=2", 0, 0 },
		{ "en;q=.5", 0, 0 },
		{ "en;q=0.1234", 0, 0 },
		{ "en;q=0.-1", 0, 0 },
		{ "en;q=-1", 0, 0 },
		{ "en;q=", 0, 0 },
		{ "en;q=nan", 0, 0 },
		{ "en;level=1;q=0.3", 0, 300 },
		{ "en;;q=0.3", 0, 300 },
		{ ";q=0.3, en", 0, 1000 },
		{ ",,, en ,,", 0, 1000 },
		{ "en\tzh", 0, 1000 },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK_ROW(accept_language(rows[i].header, "zh") == rows[i].zh, rows[i].header);
		CHECK_ROW(accept_language(rows[i].header, "en") == rows[i].en, rows[i].header);
	}
}

static void
of_the_same_weight_what_is_named_first_is_wanted_more(void **state)
{
	static const struct {
		const char *header;
		bool page;
	} rows[] = {
		{ "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true },
		{ "text/html, application/json", true },
		{ "application/json, text/html", false },
		{ "application/json;q=0.9, text/html", true },
		{ "text/html;q=0.9, application/json", false },
		{ "text/html;q=0.5, application/json;q=0.5", true },
		{ "text/html;q=0.5, application/json, text/html", false },
		{ "text/html, application/json, text/html", true },
		{ "application/json;q=0, Text/HTML;q=0.1", true },
		{ "text/html;q=0", false },
		{ "text/html;q=0, application/json;q=0", false },
		{ "application/json", false },
		{ "", false },
		{ "*/*", false },
		{ "text/*", false },
		{ "text/html-sandboxed", false },
		{ "text/htm", false },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(
		    accept_rather(rows[i].header, "text/html", "application/json") == rows[i].page,
		    rows[i].header);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_language_has_the_best_weight_of_its_ranges),
		cmocka_unit_test(of_the_same_weight_what_is_named_first_is_wanted_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

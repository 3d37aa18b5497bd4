/* Who is expected in which file: read from a table that an office keeps. */
#include "core/rfc3339.h"
#include "tests/test.h"
#include "verifier/cli/bidders.h"

#define ONE "91999901MADEM00110"
#define TWO "91999902MADEM002X6"

static void
parse(struct bidders *out, const char *table)
{
	struct buf mistakes = BUF_EMPTY;
	struct err err = { 0 };

	if (!bidders_parse(out, &mistakes, span_text(table), &err))
		fail_msg("%s: %s", err.text, buf_text(&mistakes));
	assert_int_equal(mistakes.len, 0);
	buf_free(&mistakes);
}

static void
a_row_asks_what_its_cells_say_and_else_what_the_options_say(void **state)
{
	struct bidders b;
	struct question q = { .grade = 1, .scope = 2, .at_given = true, .at_s = 7 };
	int64_t two_s;

	(void)state;
	assert_true(rfc3339_parse(&two_s, span_text("2026-11-20T14:00:00+08:00"), NULL));
	parse(&b,
	    "at,grade,file,holder,scope\n"
	    ",,01.pdf," ONE ",\n"
	    "2026-11-20T14:00,B,02.pdf," TWO ",software\n");
	assert_true(b.dated);
	bidders_ask(&q, bidders_find(&b, "01.pdf"));
	assert_string_equal(q.holder, ONE);
	assert_int_equal(q.grade, 1);
	assert_int_equal(q.scope, 2);
	assert_int_equal(q.at_s, 7);
	bidders_ask(&q, bidders_find(&b, "02.pdf"));
	assert_string_equal(q.holder, TWO);
	assert_int_equal(q.grade, 2);
	assert_int_not_equal(q.scope, 2);
	assert_int_equal(q.at_s, two_s);
	assert_false(q.at_whole_day);
	bidders_free(&b);
}

static void
a_chinese_table_asks_the_same(void **state)
{
	static const struct {
		const char *zh, *word;
	} grades[] = { { "甲级", "A" }, { "甲", "A" }, { "乙级", "B" }, { "乙", "B" } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(grades); i++) {
		struct buf table = BUF_EMPTY;
		struct bidders b;
		struct question q = { 0 };
		buf_printf(&table,
		    "文件,统一社会信用代码,等级,业务种类\n01.pdf," ONE ",%s,软件开发\n"
		    "02.pdf," ONE ",%s,software\n",
		    grades[i].zh, grades[i].word);
		parse(&b, buf_text(&table));
		bidders_ask(&q, bidders_find(&b, "01.pdf"));
		const struct question zh = q;
		bidders_ask(&q, bidders_find(&b, "02.pdf"));
		assert_int_not_equal(zh.scope, 0);
		assert_int_equal(zh.scope, q.scope);
		assert_int_equal(zh.grade, q.grade);
		assert_int_equal(zh.grade, grades[i].word[0] == 'A' ? 1 : 2);
		bidders_free(&b);
		buf_free(&table);
	}
}

static void
tables_are_taken_as_office_programs_write_them(void **state)
{
	static const char *const tables[] = {
		"file,holder\n01.pdf," ONE "\n",
		"file,holder\r\n01.pdf," ONE "\r\n,\r\n\r\n",
		"\xef\xbb\xbf文件,统一社会信用代码,等级,业务种类,时点\r\n01.pdf," ONE ",,,\r\n",
		"\"file\",\"holder\"\n\"./01.pdf\",\"" ONE "\"",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		struct bidders b;
		parse(&b, tables[i]);
		CHECK_ROW(b.n == 1 && !b.dated, tables[i]);
		CHECK_ROW(bidders_find(&b, "bids/01.pdf") == b.rows, tables[i]);
		bidders_free(&b);
	}
}

static void
a_file_is_named_by_its_path_or_the_end_of_it(void **state)
{
	static const struct {
		const char *input, *holder;
	} rows[] = {
		{ "01.pdf", ONE },
		{ "./01.pdf", ONE },
		{ "bids/01.pdf", ONE },
		{ "/x/bids/01.pdf", ONE },
		{ "bids/lot-2/01.pdf", TWO }, /* the longest says whose it is */
		{ "lot-2/01.pdf", TWO },
		{ "not-lot-2/01.pdf", ONE },
		{ "bids/101.pdf", NULL },
		{ "01.pdf/x.pdf", NULL },
		{ "01.PDF", NULL },
		{ "-", NULL },
		{ "", NULL },
	};
	struct bidders b;

	(void)state;
	parse(&b, "file,holder\n01.pdf," ONE "\nlot-2/01.pdf," TWO "\n");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct bidder *found = bidders_find(&b, rows[i].input);
		CHECK_ROW((found == NULL) == (rows[i].holder == NULL), rows[i].input);
		if (found != NULL)
			CHECK_ROW(strcmp(found->holder, rows[i].holder) == 0, rows[i].input);
	}
	bidders_free(&b);
}

static void
every_mistake_is_told_with_its_line(void **state)
{
	static const struct {
		const char *table, *told;
	} rows[] = {
		{ "", "line 1: the table names no file\n" },
		{ "file,holder\n", "line 1: the table names no file\n" },
		{ "01.pdf," ONE "\n",
		    "line 1: no column is called \"01.pdf\": there are file, holder, grade, scope, "
		    "at\n"
		    "line 1: no column is called \"" ONE
		    "\": there are file, holder, grade, scope, at\n"
		    "line 1: there is no column file\nline 1: there is no column holder\n" },
		{ "file,holder,文件\n01.pdf," ONE ",\n", "line 1: two columns are called file\n" },
		{ "file\n01.pdf\n",
		    "line 1: there is no column holder\nline 2: holder: unified social "
		    "credit code: bad length: 0 characters, want 18\n" },
		{ "file,holder\n01.pdf," ONE "\n02.pdf\n",
		    "line 3: 1 cells, but the heading has 2\n" },
		{ "file,holder\n\n01.pdf," ONE "\n01.pdf," TWO "\n./01.pdf," ONE "\n",
		    "line 4: 01.pdf stands on line 3 already\n"
		    "line 5: 01.pdf stands on line 4 already\n" },
		{ "file,holder,grade,scope,at\n,,"
		  "A,,\n01.pdf," ONE ",C,flying,soon\n",
		    "line 2: file: it is empty\n"
		    "line 2: holder: unified social credit code: bad length: 0 characters, want "
		    "18\n"
		    "line 3: grade is A or B, not \"C\"\n"
		    "line 3: scope: there is no scope \"flying\"\n"
		    "line 3: at: \"soon\" is neither a date (2026-11-20) nor a time "
		    "(2026-11-20T14:00) of the years 2000 to 2099\n" },
		{ "file,holder\n\"a\nb\"," ONE "\nc\"," ONE "\n",
		    "line 2: file: character 2 (U+000A) is a control character\n"
		    "line 4: a quote in the middle of a cell\n" },
		{ "file,holder\n01.pdf," ONE "\n\xca\xbe\xc0\xfd.pdf," TWO "\n",
		    "line 3: this is not UTF-8: save the table again as \"CSV UTF-8\" (另存为 CSV "
		    "UTF-8)\n" },
		{ "\xff\xfe"
		  "f",
		    "line 1: this is not UTF-8: save the table again as \"CSV UTF-8\" "
		    "(另存为 CSV UTF-8)\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bidders b;
		struct buf mistakes = BUF_EMPTY;
		struct err err = { 0 };
		CHECK_ROW(
		    !bidders_parse(&b, &mistakes, span_text(rows[i].table), &err), rows[i].told);
		assert_int_equal(err.code, ERR_MALFORMED);
		if (!span_is(buf_span(&mistakes), rows[i].told))
			fail_msg("%s: %s", rows[i].table, buf_text(&mistakes));
		bidders_free(&b);
		buf_free(&mistakes);
	}
}

static void
nobody_is_told_more_mistakes_than_he_reads(void **state)
{
	struct buf table = BUF_EMPTY, mistakes = BUF_EMPTY;
	struct bidders b;
	struct err err = { 0 };

	(void)state;
	buf_add_text(&table, "file,holder\n");
	for (int i = 0; i < LIMIT_DEFECTS + 50; i++)
		buf_printf(&table, "%d.pdf,nobody\n", i);
	assert_false(bidders_parse(&b, &mistakes, buf_span(&table), &err));
	assert_string_equal(err.text, "250 mistakes");
	assert_non_null(strstr(buf_text(&mistakes), "\nand 50 more\n"));
	bidders_free(&b);
	buf_free(&table);
	buf_free(&mistakes);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_asks_what_its_cells_say_and_else_what_the_options_say),
		cmocka_unit_test(a_chinese_table_asks_the_same),
		cmocka_unit_test(tables_are_taken_as_office_programs_write_them),
		cmocka_unit_test(a_file_is_named_by_its_path_or_the_end_of_it),
		cmocka_unit_test(every_mistake_is_told_with_its_line),
		cmocka_unit_test(nobody_is_told_more_mistakes_than_he_reads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

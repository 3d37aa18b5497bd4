#include "core/csv.h"

#include "tests/test.h"

static void
cells_are_quoted_where_they_must_be_and_never_formulas(void **state)
{
	static const struct {
		const char *text, *cell;
	} rows[] = {
		{ "", "" },
		{ "示例星桥信息技术有限公司", "示例星桥信息技术有限公司" },
		{ "a, b", "\"a, b\"" },
		{ "say \"yes\"", "\"say \"\"yes\"\"\"" },
		{ "two\nlines", "\"two\nlines\"" },
		{ "=1+1", "'=1+1" },
		{ "+86", "'+86" },
		{ "-1", "'-1" },
		{ "@SUM(A1)", "'@SUM(A1)" },
		{ "\t=1", "\"'\t=1\"" },
		{ "=\"a\"", "\"'=\"\"a\"\"\"" },
		{ "1-1", "1-1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_EMPTY;
		csv_cell(&out, true, span_text(rows[i].text));
		const char *got = out.len > 0 ? buf_text(&out) : "";
		if (strcmp(got, rows[i].cell) != 0)
			fail_msg("%s: %s", rows[i].text, got);
		buf_free(&out);
	}
}

static void
a_line_has_commas_between_its_cells(void **state)
{
	struct buf out = BUF_EMPTY;

	(void)state;
	csv_cell(&out, true, span_text("a"));
	csv_cell(&out, false, span_text(""));
	csv_cell(&out, false, span_text("c"));
	csv_end_line(&out);
	assert_string_equal(buf_text(&out), "a,,c\r\n");
	buf_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_quoted_where_they_must_be_and_never_formulas),
		cmocka_unit_test(a_line_has_commas_between_its_cells),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

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

/* The rows of a table as "line: [cell][cell]", a mistake as "line! sentence". */
static void
told(struct buf *out, const char *text)
{
	struct csv_table t = csv_table_over(span_text(text));
	struct csv_row row = { 0 };

	while (csv_more(&t)) {
		struct err err = { 0 };
		if (!csv_read_row(&row, &t, &err)) {
			buf_printf(out, "%u! %s\n", row.line, err.text);
			continue;
		}
		buf_printf(out, "%u: ", row.line);
		for (size_t i = 0; i < row.n; i++) {
			const struct span cell = csv_row_cell(&row, i);
			buf_printf(out, "[%.*s]", (int)cell.len,
			    cell.len > 0 ? (const char *)cell.ptr : "");
		}
		buf_add_byte(out, '\n');
	}
	csv_row_free(&row);
}

static void
a_table_is_read_as_others_write_it_and_mistakes_are_told_by_line(void **state)
{
	static const struct {
		const char *text, *told;
	} rows[] = {
		{ "", "" },
		{ "a,b\n", "1: [a][b]\n" },
		{ CSV_MARK "文件,b\r\n1,2\r\n", "1: [文件][b]\n2: [1][2]\n" },
		{ "no end", "1: [no end]\n" },
		{ "a\r", "1: [a]\n" },
		{ "a\rb\n", "1: [a\rb]\n" },
		{ ",\n\n", "1: [][]\n2: []\n" },
		{ "\"a, \"\"b\"\"\",\"\"\n", "1: [a, \"b\"][]\n" },
		{ "\"two\r\nlines\",x\ny\n", "1: [two\r\nlines][x]\n3: [y]\n" },
		{ "a\"b\nc\n", "1! a quote in the middle of a cell\n2: [c]\n" },
		{ "\"a\"b,c\nd\n", "1! text after the quote that closes a cell\n2: [d]\n" },
		{ "a\n\"b\nc\n", "1: [a]\n2! a quote is opened and never closed\n" },
		{ ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\nd\n", "1! more than 32 cells\n2: [d]\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_EMPTY;
		told(&out, rows[i].text);
		if (!span_is(buf_span(&out), rows[i].told))
			fail_msg("%s: %s", rows[i].text, buf_text(&out));
		buf_free(&out);
	}
}

static void
what_is_written_is_read_back(void **state)
{
	static const char *const cells[] = { "a", "", "b, \"c\"", "two\r\nlines", "示例" };
	struct buf out = BUF_EMPTY;
	struct csv_row row = { 0 };
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cells); i++)
		csv_cell(&out, i == 0, span_text(cells[i]));
	csv_end_line(&out);
	struct csv_table t = csv_table_over(buf_span(&out));
	assert_true(csv_read_row(&row, &t, &err));
	assert_int_equal(row.n, COUNT_OF(cells));
	for (size_t i = 0; i < COUNT_OF(cells); i++)
		CHECK_ROW(span_is(csv_row_cell(&row, i), cells[i]), cells[i]);
	assert_false(csv_more(&t));
	csv_row_free(&row);
	buf_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_quoted_where_they_must_be_and_never_formulas),
		cmocka_unit_test(a_line_has_commas_between_its_cells),
		cmocka_unit_test(a_table_is_read_as_others_write_it_and_mistakes_are_told_by_line),
		cmocka_unit_test(what_is_written_is_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

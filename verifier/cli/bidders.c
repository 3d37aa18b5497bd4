#include "verifier/cli/bidders.h"

#include "core/csv.h"
#include "core/text.h"
#include "registry/codes.h"
#include "verifier/ask.h"

#include <stdlib.h>

enum column { FILE_NAME, HOLDER, GRADE, SCOPE, AT, COLUMNS };

static const struct heading {
	const char *word, *zh;
} headings[COLUMNS] = {
	{ "file", "文件" },
	{ "holder", "统一社会信用代码" },
	{ "grade", "等级" },
	{ "scope", "业务种类" },
	{ "at", "时点" },
};

/* A table as it is read. */
struct reading {
	struct bidders *out;
	struct buf *mistakes;
	size_t n_mistakes;
	size_t place[COLUMNS]; /* from 1; 0: there is no such column */
	size_t n_columns;
	bool no_memory;
};

static void
mistake(struct reading *r, unsigned line, const struct err *err)
{
	if (err->code == ERR_MEMORY)
		r->no_memory = true;
	if (++r->n_mistakes > LIMIT_DEFECTS)
		return;
	buf_printf(r->mistakes, "line %u: ", line);
	text_escape(r->mistakes, span_text(err->text));
	buf_add_byte(r->mistakes, '\n');
}

/* ---- heading ---- */

static size_t
column_of(struct span cell)
{
	size_t i = 0;

	while (i < COLUMNS && !span_is(cell, headings[i].word) && !span_is(cell, headings[i].zh))
		i++;
	return i;
}

static void
read_heading(struct reading *r, const struct csv_row *row)
{
	struct err err = { 0 };

	r->n_columns = row->n;
	for (size_t i = 0; i < row->n; i++) {
		const struct span cell = csv_row_cell(row, i);
		const size_t column = column_of(cell);
		if (column == COLUMNS)
			err_set(&err, ERR_MALFORMED,
			    "no column is called \"%.*s\": there are file, holder, grade, scope, "
			    "at",
			    (int)(cell.len < 40 ? cell.len : 40), (const char *)cell.ptr);
		else if (r->place[column] != 0)
			err_set(&err, ERR_MALFORMED, "two columns are called %s",
			    headings[column].word);
		else {
			r->place[column] = i + 1;
			continue;
		}
		mistake(r, row->line, &err);
	}
	for (size_t i = FILE_NAME; i <= HOLDER; i++) {
		if (r->place[i] != 0)
			continue;
		err_set(&err, ERR_MALFORMED, "there is no column %s", headings[i].word);
		mistake(r, row->line, &err);
	}
}

/* ---- rows ---- */

/* A cell as a C string; empty where there is no such column. */
static bool
cell_text(
    char **out, const struct reading *r, const struct csv_row *row, size_t column, struct err *err)
{
	const size_t place = r->place[column];
	const struct span cell = place > 0 ? csv_row_cell(row, place - 1) : span_of(NULL, 0);

	*out = NULL;
	if (cell.len > 0 && !text_check_shown(cell, LIMIT_FIELD_BYTES, err))
		return err_in(err, "%s", headings[column].word);
	*out = strndup(cell.len > 0 ? (const char *)cell.ptr : "", cell.len);
	return *out != NULL || err_set(err, ERR_MEMORY, "out of memory");
}

static const char *
without_dot(const char *path)
{
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	return path;
}

static bool
set_file(struct bidder *b, const char *cell, struct err *err)
{
	cell = without_dot(cell);
	if (cell[0] == '\0')
		return err_set(err, ERR_MALFORMED, "file: it is empty");
	b->file = strdup(cell);
	return b->file != NULL || err_set(err, ERR_MEMORY, "out of memory");
}

/* What is asked in Chinese, in the word that ask_set() knows; anything else as it is. */
static const char *
word_of(size_t column, const char *cell)
{
	size_t n;
	const struct code *scopes = codes_all(&n, CODES_SCOPES);

	if (column == GRADE && (strcmp(cell, "甲级") == 0 || strcmp(cell, "甲") == 0))
		return "A";
	if (column == GRADE && (strcmp(cell, "乙级") == 0 || strcmp(cell, "乙") == 0))
		return "B";
	for (size_t i = 0; column == SCOPE && i < n; i++)
		if (strcmp(cell, scopes[i].zh) == 0)
			return scopes[i].word;
	return cell;
}

static bool
set_word(struct bidder *b, size_t column, const char *cell, struct err *err)
{
	if (column == FILE_NAME)
		return set_file(b, cell, err);
	if (column != HOLDER && cell[0] == '\0')
		return true;
	if (!ask_set(&b->asked, headings[column].word, word_of(column, cell), err))
		return false;
	if (column == HOLDER)
		memcpy(b->holder, cell, USCC_LENGTH);
	b->asked.holder = NULL; /* the cell will not last */
	return true;
}

static void
read_words(struct bidder *b, struct reading *r, const struct csv_row *row)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		struct err err = { 0 };
		char *cell;
		if (!cell_text(&cell, r, row, i, &err) || !set_word(b, i, cell, &err))
			mistake(r, row->line, &err);
		free(cell);
	}
}

/* Spreadsheets leave rows of empty cells behind. */
static bool
is_empty(const struct csv_row *row)
{
	return row->text.len == 0;
}

static bool
add_row(struct reading *r, const struct csv_row *row, struct err *err)
{
	struct bidder *more;

	if (row->n != r->n_columns)
		return err_set(
		    err, ERR_MALFORMED, "%zu cells, but the heading has %zu", row->n, r->n_columns);
	more = reallocarray(r->out->rows, r->out->n + 1, sizeof *more);
	if (more == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	r->out->rows = more;
	more[r->out->n] = (struct bidder){ .line = row->line };
	read_words(&more[r->out->n], r, row);
	r->out->dated = r->out->dated || more[r->out->n].asked.at_given;
	r->out->n++;
	return true;
}

static void
read_rows(struct reading *r, struct span text)
{
	struct csv_table table = csv_table_over(text);
	struct csv_row row = { 0 };

	while (csv_more(&table) && !r->no_memory) {
		struct err err = { 0 };
		if (!csv_read_row(&row, &table, &err))
			mistake(r, row.line, &err);
		else if (is_empty(&row))
			continue;
		else if (r->n_columns == 0)
			read_heading(r, &row);
		else if (!add_row(r, &row, &err))
			mistake(r, row.line, &err);
		if (r->n_mistakes > 0 && r->n_columns == 0)
			break;
	}
	csv_row_free(&row);
}

/* ---- the whole ---- */

/* Mistaken rows have none. */
static const char *
file_of(const struct bidder *b)
{
	return b->file != NULL ? b->file : "";
}

static int
by_file(const void *a, const void *b)
{
	const struct bidder *left = a, *right = b;
	const int order = strcmp(file_of(left), file_of(right));

	return order != 0 ? order : left->line < right->line ? -1 : left->line > right->line;
}

static void
find_twice(struct reading *r)
{
	const struct bidders *b = r->out;

	for (size_t i = 1; i < b->n; i++) {
		struct err err = { 0 };
		if (b->rows[i].file == NULL ||
		    strcmp(file_of(&b->rows[i - 1]), b->rows[i].file) != 0)
			continue;
		err_set(&err, ERR_MALFORMED, "%s stands on line %u already", b->rows[i].file,
		    b->rows[i - 1].line);
		mistake(r, b->rows[i].line, &err);
	}
}

/* Office programs like to write Chinese in another encoding. */
static bool
check_encoding(struct reading *r, struct span text)
{
	struct err err = { 0 };
	struct cursor lines = cursor_over(text);
	unsigned line = 1;

	if (text.len == 0 || text_is_utf8(text))
		return true;
	while (text_is_utf8(cursor_until(&lines, '\n')) && cursor_left(&lines) > 0)
		line++;
	err_set(&err, ERR_MALFORMED,
	    "this is not UTF-8: save the table again as \"CSV UTF-8\" (另存为 CSV UTF-8)");
	mistake(r, line, &err);
	return false;
}

bool
bidders_parse(struct bidders *out, struct buf *mistakes, struct span table, struct err *err)
{
	struct reading r = { .out = out, .mistakes = mistakes };

	*out = (struct bidders){ 0 };
	if (check_encoding(&r, table)) {
		read_rows(&r, table);
		if (r.n_mistakes == 0 && out->n == 0) {
			err_set(err, ERR_MALFORMED, "the table names no file");
			mistake(&r, 1, err);
		}
	}
	if (out->n > 0) {
		qsort(out->rows, out->n, sizeof *out->rows, by_file);
		find_twice(&r);
	}
	if (r.no_memory)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (r.n_mistakes > LIMIT_DEFECTS)
		buf_printf(mistakes, "and %zu more\n", r.n_mistakes - LIMIT_DEFECTS);
	if (!buf_ok(mistakes, err))
		return false;
	return r.n_mistakes == 0 ||
	    err_set(
		err, ERR_MALFORMED, "%zu mistake%s", r.n_mistakes, r.n_mistakes == 1 ? "" : "s");
}

void
bidders_free(struct bidders *b)
{
	for (size_t i = 0; i < b->n; i++)
		free(b->rows[i].file);
	free(b->rows);
	*b = (struct bidders){ 0 };
}

static int
against_file(const void *key, const void *row)
{
	return strcmp(key, ((const struct bidder *)row)->file);
}

struct bidder *
bidders_find(const struct bidders *b, const char *input)
{
	const char *end = without_dot(input);
	struct bidder *found = NULL;

	while (b->n > 0 && end != NULL && found == NULL) {
		found = bsearch(end, b->rows, b->n, sizeof *b->rows, against_file);
		end = strchr(end, '/');
		end = end != NULL ? end + 1 : NULL;
	}
	return found;
}

void
bidders_ask(struct question *q, const struct bidder *b)
{
	q->holder = b->holder;
	if (b->asked.grade != 0)
		q->grade = b->asked.grade;
	if (b->asked.scope != 0)
		q->scope = b->asked.scope;
	if (b->asked.at_given) {
		q->at_given = true;
		q->at_s = b->asked.at_s;
		q->at_whole_day = b->asked.at_whole_day;
	}
}

#include "core/csv.h"

static bool
holds(struct span text, const char *any)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '\0' && strchr(any, text.ptr[i]) != NULL)
			return true;
	return false;
}

void
csv_cell(struct buf *out, bool first, struct span text)
{
	const bool formula = text.len > 0 && holds(span_of(text.ptr, 1), "=+-@\t\r");
	const bool quoted = holds(text, ",\"\r\n\t");

	buf_add_text(out, first ? "" : ",");
	buf_add_text(out, quoted ? "\"" : "");
	buf_add_text(out, formula ? "'" : "");
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_add_byte(out, '"');
		buf_add_byte(out, text.ptr[i]);
	}
	buf_add_text(out, quoted ? "\"" : "");
}

void
csv_end_line(struct buf *out)
{
	buf_add_text(out, "\r\n");
}

/* ---- reading ---- */

struct csv_table
csv_table_over(struct span text)
{
	struct csv_table t = { cursor_over(text), 1 };
	const struct span mark = span_text(CSV_MARK);

	if (text.len >= mark.len && span_equal(span_of(text.ptr, mark.len), mark))
		cursor_take(&t.in, mark.len);
	return t;
}

bool
csv_more(const struct csv_table *t)
{
	return cursor_left(&t->in) > 0;
}

/* Take it if it is next. */
static bool
take(struct cursor *c, char byte)
{
	if (cursor_peek(c) != (uint8_t)byte)
		return false;
	cursor_u8(c);
	return true;
}

static bool
cell_ends(const struct cursor *c)
{
	const int next = cursor_peek(c);
	const struct span rest = cursor_rest(c);

	return next < 0 || next == ',' || next == '\n' ||
	    (next == '\r' && (rest.len == 1 || rest.ptr[1] == '\n'));
}

static bool
read_quoted(struct buf *out, struct csv_table *t, struct err *err)
{
	cursor_u8(&t->in);
	while (csv_more(t)) {
		const uint8_t byte = cursor_u8(&t->in);
		if (byte == '"' && !take(&t->in, '"'))
			return cell_ends(&t->in) ||
			    err_set(err, ERR_MALFORMED, "text after the quote that closes a cell");
		t->line += byte == '\n';
		buf_add_byte(out, byte);
	}
	return err_set(err, ERR_MALFORMED, "a quote is opened and never closed");
}

static bool
read_cell(struct buf *out, struct csv_table *t, struct err *err)
{
	if (cursor_peek(&t->in) == '"')
		return read_quoted(out, t, err);
	while (!cell_ends(&t->in)) {
		const uint8_t byte = cursor_u8(&t->in);
		if (byte == '"')
			return err_set(err, ERR_MALFORMED, "a quote in the middle of a cell");
		buf_add_byte(out, byte);
	}
	return true;
}

static bool
read_cells(struct csv_row *out, struct csv_table *t, struct err *err)
{
	do {
		if (out->n == CSV_CELLS)
			return err_set(err, ERR_LIMIT, "more than %d cells", CSV_CELLS);
		if (!read_cell(&out->text, t, err))
			return false;
		out->end[out->n++] = out->text.len;
	} while (take(&t->in, ','));
	return buf_ok(&out->text, err);
}

bool
csv_read_row(struct csv_row *out, struct csv_table *t, struct err *err)
{
	out->line = t->line;
	out->text.len = 0;
	out->n = 0;
	const bool ok = read_cells(out, t, err);
	while (csv_more(t) && cursor_u8(&t->in) != '\n')
		;
	t->line++;
	return ok;
}

struct span
csv_row_cell(const struct csv_row *row, size_t i)
{
	const size_t begin = i > 0 ? row->end[i - 1] : 0;

	return span_of(row->text.ptr + begin, row->end[i] - begin);
}

void
csv_row_free(struct csv_row *row)
{
	buf_free(&row->text);
}

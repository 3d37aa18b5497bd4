/*
 * Tables that people open in a spreadsheet: comma-separated values (RFC 4180), UTF-8 with the mark that
 * office programs want, and no cell that they would take for a formula.
 */
#ifndef CORE_CSV_H
#define CORE_CSV_H

#include "core/buf.h"
#include "core/cursor.h"

/* What a file begins with. */
#define CSV_MARK "\xef\xbb\xbf"

/*
 * Append a cell, with a comma before it unless it is the first of its line. What begins like a formula
 * (= + - @, a tab) gets an apostrophe in front; quotes where commas, quotes or line ends ask for them.
 */
void csv_cell(struct buf *out, bool first, struct span text);
void csv_end_line(struct buf *out);

/* ---- reading what others wrote, with or without the mark, lines ended by CR LF or LF ---- */

#define CSV_CELLS 32 /* in a row, at most */

struct csv_table {
	struct cursor in;
	unsigned line; /* of the next row, from 1 */
};

/* Zero it before first use; csv_row_free() it at last. */
struct csv_row {
	unsigned line;   /* where it begins */
	struct buf text; /* all cells, without quotes */
	size_t end[CSV_CELLS], n;
};

/* `text` is borrowed as long as it is read. */
struct csv_table csv_table_over(struct span text);
bool csv_more(const struct csv_table *t);

/*
 * The next row in place of the last. False: why not, without its line; the table then stands at the next line.
 *
 * ERR_MALFORMED  a quote in the middle of a cell, or one that is not closed
 * ERR_LIMIT      more than CSV_CELLS cells
 * ERR_MEMORY
 */
MUST_CHECK bool csv_read_row(struct csv_row *out, struct csv_table *t, struct err *err);
/* Borrowed until the next row; i below row->n. */
struct span csv_row_cell(const struct csv_row *row, size_t i);
void csv_row_free(struct csv_row *row);

#endif

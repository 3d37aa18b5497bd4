/*
 * Tables that people open in a spreadsheet: comma-separated values (RFC 4180), UTF-8 with the mark that
 * office programs want, and no cell that they would take for a formula.
 */
#ifndef CORE_CSV_H
#define CORE_CSV_H

#include "core/buf.h"

/* What a file begins with. */
#define CSV_MARK "\xef\xbb\xbf"

/*
 * Append a cell, with a comma before it unless it is the first of its line. What begins like a formula
 * (= + - @, a tab) gets an apostrophe in front; quotes where commas, quotes or line ends ask for them.
 */
void csv_cell(struct buf *out, bool first, struct span text);
void csv_end_line(struct buf *out);

#endif

/*
 * What became of many inputs as a table for a spreadsheet (CSV): a heading, and a row for each answer. Headings and words
 * are for machines, too, and never translated; only `sentence` is. Nothing stands in a row that is not proven: where the
 * claims are not, their cells are empty.
 *
 *	input            what it is called, with control characters escaped
 *	verdict          valid, rejected, undetermined, "test " before it under a test bundle; unreadable; missing
 *	reason           finding code
 *	sentence         the truth in a sentence
 *	holder ... to    the claims; `to` is the last day by the orders in force, else the printed one
 *	at, known        what was asked about, and the status data it rests on
 *	compare          yes: it is a code, and the paper has to be compared
 *	expected_holder  who was asked for
 */
#ifndef VERIFIER_BATCH_TABLE_H
#define VERIFIER_BATCH_TABLE_H

#include "core/buf.h"
#include "verifier/answer.h"
#include "verifier/screen.h"

void batch_table_heading(struct buf *out);

/* `expected_holder` may be NULL. */
void batch_table_row(struct buf *out, const struct answer *a, const struct screen_item *item,
    const char *expected_holder, enum lang lang);

/* About an input without an answer. */
void batch_table_row_without(struct buf *out, const char *word, const char *input,
    const char *sentence, const char *expected_holder);

#endif

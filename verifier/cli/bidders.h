/*
 * Who is expected in which file: a table (CSV, UTF-8) with a heading and a row for each file.
 *
 *	file,holder,grade,scope,at
 *	01.pdf,91999901MADEM00110,A,software,2026-11-20T14:00
 *
 * The columns may stand in any order, also under their Chinese headings; file and holder are needed. The words are those
 * of the options; an empty cell, or no such column, asks what the options ask. `file` is a path or the end of
 * one: "01.pdf" is any 01.pdf that is handed in, "lot-2/01.pdf" only one in a folder lot-2.
 */
#ifndef VERIFIER_CLI_BIDDERS_H
#define VERIFIER_CLI_BIDDERS_H

#include "credential/uscc.h"
#include "verifier/answer.h"

struct bidder {
	char *file; /* owned */
	unsigned line;
	char holder[USCC_LENGTH + 1];
	struct question asked; /* what else its row asks: grade, scope, at */
	bool handed_in;        /* for the caller to set */
};

/* A zeroed one expects nobody. */
struct bidders {
	struct bidder *rows; /* owned; by file */
	size_t n;
	bool dated; /* some row asks about a date of its own */
};

/*
 * Read a table. False, with all that is wrong with it appended to `mistakes`, a line each ("line 3: holder: ..."), or
 * for want of memory. bidders_free() it, whatever became of it.
 *
 * ERR_MALFORMED  mistakes
 * ERR_MEMORY
 */
MUST_CHECK bool bidders_parse(
    struct bidders *out, struct buf *mistakes, struct span table, struct err *err);
void bidders_free(struct bidders *b);

/* Whose row is about this input; the longest `file` where there are several. NULL: nobody's. */
struct bidder *bidders_find(const struct bidders *b, const char *input);

/* Put the row's question. The holder is borrowed from it. */
void bidders_ask(struct question *q, const struct bidder *b);

#endif

/*
 * A question in words, as it comes on a command line, in a web address or in a form:
 *
 *   at      2026-11-20, the whole day, or 2026-11-20T14:00[:00][+08:00], of the years 2000 to 2099
 *   known   the same; a bare date means its end
 *   holder  a unified social credit code
 *   grade   A or B
 *   scope   a word of the code table, such as software
 *   for     new or existing
 */
#ifndef VERIFIER_ASK_H
#define VERIFIER_ASK_H

#include "core/buf.h"
#include "verifier/answer.h"

#define ASK_WORDS 6

extern const char *const ask_words[ASK_WORDS];

/*
 * Set what one word asks. `holder` is borrowed by the question.
 * ERR_USAGE names the word and says what it wants.
 */
MUST_CHECK bool ask_set(struct question *q, const char *word, const char *value, struct err *err);

/* Append what ask_set() would read for the i-th of ask_words; false if it is not asked. */
bool ask_value(struct buf *out, const struct question *q, size_t i);

#endif

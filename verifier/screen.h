/*
 * An answer as a screen of at most 84 columns, hanzi counted double: the verdict and the truth in a
 * sentence, the facts, the checks, what it allows, how old the data are, what to do now.
 */
#ifndef VERIFIER_SCREEN_H
#define VERIFIER_SCREEN_H

#include "core/buf.h"
#include "core/lang.h"
#include "verifier/answer.h"

/* Append the screen. `colour` marks the verdict and every NO with ANSI colours. */
void screen_answer(struct buf *out, const struct answer *a, enum lang lang, bool colour);

/* One of many inputs. */
struct screen_item {
	const char *input; /* what it is called: any bytes */
	const char *note; /* a sentence more about it, in the language of the screen; may be NULL */
	bool dated;       /* say which date was asked about, since others were too */
};

/*
 * One line for one of many inputs: verdict, its name (escaped), reason or holder. What does not fit goes on in a second
 * line that begins with blanks, but a name is never broken.
 */
void screen_line(struct buf *out, const struct answer *a, const struct screen_item *item,
    enum lang lang, bool colour);

/*
 * The same about an input without an answer: `word` in the verdict's place, and a sentence.
 */
void screen_line_without(
    struct buf *out, const char *word, const char *input, const char *sentence);

/* Text from this column on, and from the indent on where the line is full. */
void screen_wrapped(struct buf *out, struct span text, size_t column, size_t indent);

#endif

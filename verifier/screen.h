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

/* One line for one of many inputs: verdict, name of the input (escaped), reason or holder. */
void screen_line(
    struct buf *out, const struct answer *a, const char *input, enum lang lang, bool colour);

#endif

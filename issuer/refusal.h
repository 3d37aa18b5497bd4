/*
 * A refusal as officers read it. Whoever refuses writes one English sentence, which machines get as it stands; the
 * screens in Chinese say the rule in Chinese.
 */
#ifndef ISSUER_REFUSAL_H
#define ISSUER_REFUSAL_H

#include "core/buf.h"
#include "core/lang.h"

/*
 * Append it. In Chinese: the sentence of its rule, with what the rule found in brackets, in English, where that says
 * more than the rule; what stands before the rule's id (a case, a line) stays. A sentence of no rule in the table
 * is appended as it is.
 */
void refusal_text(struct buf *out, const char *text, enum lang lang);

#endif

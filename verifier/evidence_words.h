/* What people read about evidence, in Chinese and English, on a terminal and on a page. */
#ifndef VERIFIER_EVIDENCE_WORDS_H
#define VERIFIER_EVIDENCE_WORDS_H

#include "core/buf.h"
#include "core/lang.h"
#include "verifier/evidence.h"

/* "SAME ANSWER"; for machines "same". Never NULL. */
const char *evidence_outcome_words(enum evidence_outcome outcome, enum lang lang);
const char *evidence_outcome_word(enum evidence_outcome outcome);

/* What that means for this answer, in a sentence or two without an end of line. */
void evidence_explain(struct buf *out, const struct evidence_judged *j, enum lang lang);

/* "NOT VALID: this file was changed after the bureau sealed it (FILE-CHANGED)": the answer as it was recorded. */
void evidence_recorded(struct buf *out, const struct evidence_judged *j, enum lang lang);

/* "new contracts; in force on 2026-11-20; Grade B or better": what was asked beside the usual question. */
void evidence_asked(struct buf *out, const struct question *q, enum lang lang);

/* "2026-11-26 17:00:00 +08:00" */
void evidence_time(struct buf *out, int64_t t_s);

#endif

/* An act in words: every field it has, each on lines of its own, in one language. */
#ifndef ISSUER_ACT_TEXT_H
#define ISSUER_ACT_TEXT_H

#include "core/lang.h"
#include "credential/act_body.h"

/*
 * Append what the act claims (kind, subject, sequence, time and so on). Spans are escaped; nothing is cut.
 */
void act_text_claims(struct buf *out, const struct act *act, enum lang lang);

/* Append its body. ERR_MALFORMED: claims or a paper in it cannot be read. */
MUST_CHECK bool act_text_body(
    struct buf *out, const struct act_body *body, enum lang lang, struct err *err);

/* A decision alone. */
void act_text_decision(struct buf *out, const struct decision *d, enum lang lang);

/* One line: two blanks, the label in its column, the value escaped. */
void act_text_row(
    struct buf *out, enum lang lang, const char *zh, const char *en, struct span value);

#endif

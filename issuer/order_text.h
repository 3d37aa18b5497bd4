/*
 * An order on a licence in plain words: what it is about, what stands today, what it changes, who sees it
 * and how it is undone; of one that makes a certificate also what is printed anew. Read by who proposes it and
 * by who approves it.
 */
#ifndef ISSUER_ORDER_TEXT_H
#define ISSUER_ORDER_TEXT_H

#include "core/lang.h"
#include "registry/registry_subject.h"

/*
 * Append all of it.
 *   licence  of a number that was issued, as it stands before the order
 *   before   of a proposal that makes a certificate: by what the newest version was made; else NULL
 *   body     of a proposal on it
 */
MUST_CHECK bool order_text(struct buf *out, const struct registry_subject *licence,
    const struct body_issue *before, const struct act_body *body, enum lang lang, struct err *err);

/* "SUSPEND (暂停)   ground SUS-05: no annual report" and the row with paper and date: what a list has in common. */
void order_text_heading(struct buf *out, const struct act_body *body, enum lang lang);

/* What of it differs from line to line, at the end of a line: the dates of an end that moves, or where it stands. */
void order_text_change(struct buf *out, const struct licence_state *licence,
    const struct act_body *body, enum lang lang);

#endif

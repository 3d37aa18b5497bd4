/* Proposals on licences, one act for each number, in one sitting: what suspend, revoke, extend and the others share. */
#ifndef ISSUER_ORDER_H
#define ISSUER_ORDER_H

#include "issuer/command.h"

struct order_line {
	char stored[NUMBER_STORED_BYTES], shown[NUMBER_SHOWN_BYTES];
	int64_t until_s; /* suspend, extend: its end; else 0 */
};

/* A number as it is typed. ERR_MALFORMED, ERR_REFUSED as number_parse(). */
MUST_CHECK bool order_number(struct order_line *out, const char *word, struct err *err);

/*
 * Propose it for every line, and say of each what became of it: "proposed ID NUMBER", or why not. What is
 * proposed was shown and confirmed before.
 *   body  whose until_s is each line's
 */
MUST_CHECK bool order_propose(struct command *c, struct sitting *s, enum act_kind kind,
    const struct body_order *body, const struct order_line *lines, size_t n, struct err *err);

#endif

/* Proposals on licences, one act for each number, in one sitting: what suspend, revoke, extend and the others share. */
#ifndef ISSUER_ORDER_H
#define ISSUER_ORDER_H

#include "issuer/command.h"
#include "registry/licence.h"

struct order_line {
	char stored[NUMBER_STORED_BYTES], shown[NUMBER_SHOWN_BYTES];
	int64_t until_s; /* suspend, extend: its end; else 0 */
};

/* A number as it is typed. ERR_MALFORMED, ERR_REFUSED as number_parse(). */
MUST_CHECK bool order_number(struct order_line *out, const char *word, struct err *err);

/*
 * The ground on the command line, if it is one for this verb and what stands so; else those that are, on
 * stderr.
 *   repeated  under an idempotency key: where the licence stands is not asked again
 * ERR_USAGE, ERR_REFUSED (LIC-01)
 */
MUST_CHECK bool order_ground(struct span *out, const struct command *c, enum act_kind verb,
    enum licence_status status, bool repeated, struct err *err);

/* What waits for an answer, or for its certificate, becomes void by any further act: say so. */
void order_warn_of_open(
    const struct command *c, const struct licence_state *s, const struct order_line *line);

/*
 * Propose it for every line, and say of each what became of it: "proposed ID NUMBER", or why not. What is
 * proposed was shown and confirmed before.
 *   body  whose until_s is each line's
 */
MUST_CHECK bool order_propose(struct command *c, struct sitting *s, enum act_kind kind,
    const struct body_order *body, const struct order_line *lines, size_t n, struct err *err);

#endif

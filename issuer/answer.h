/*
 * The proposals of one sitting, of whatever kind, and what an officer may answer to each: what approve,
 * refuse and cancel share.
 */
#ifndef ISSUER_ANSWER_H
#define ISSUER_ANSWER_H

#include "issuer/command.h"
#include "registry/chain.h"

/* One proposal. */
struct answer_line {
	struct registry_proposal proposal;
	struct buf bytes;         /* of the act; owned */
	struct chain_entry entry; /* of the proposal, its signer known */
	bool may;                 /* the officer may answer it */
	struct err why;           /* why not */
	bool chosen;              /* it will be answered; set by answer_open() where `may` is */
	size_t place;             /* of its answer in the sitting */
};

struct answer {
	const char *id;     /* of the sitting, borrowed */
	enum act_kind kind; /* approve, refuse or cancel */
	struct answer_line *lines;
	size_t n;
	struct sitting sitting;
	struct command_record record;
};

/*
 * Begin to write and load the sitting `id`. answer_free() it, also after a failure.
 * ERR_NOT_FOUND: no such sitting
 */
MUST_CHECK bool answer_open(
    struct answer *out, struct command *c, enum act_kind kind, const char *id, struct err *err);
void answer_free(struct answer *a);

size_t answer_chosen(const struct answer *a);

/* Answer every chosen line; `reason` of a refusal, else empty. */
MUST_CHECK bool answer_send(
    struct answer *a, struct command *c, struct span reason, struct err *err);

/* Was this chosen line's answer recorded? Why not is said. */
bool answer_recorded(const struct answer *a, const struct answer_line *line, struct command *c);

/*
 * Append the numbered lines of the sitting: what each is about, and why not where it cannot be answered. One
 * proposal is shown with all it says. Where there are more than a screen holds, all lines are also written to
 * the file ID.txt.
 */
MUST_CHECK bool answer_text(
    struct buf *out, const struct answer *a, const struct command *c, struct err *err);

#endif

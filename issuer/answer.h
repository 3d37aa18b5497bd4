/*
 * The proposals of one sitting, of whatever kind, and what an officer may answer to each: what approve,
 * refuse and cancel share.
 */
#ifndef ISSUER_ANSWER_H
#define ISSUER_ANSWER_H

#include "issuer/command.h"
#include "registry/chain.h"

/* One proposal. A sitting may have 10,000: its act stays in the register until it is looked at. */
struct answer_line {
	uint8_t proposal[SHA256_BYTES]; /* hash of the act */
	enum act_kind kind;
	enum proposal_state state;
	bool may;    /* the officer may answer it */
	char *why;   /* why not; owned */
	bool chosen; /* it will be answered; set by answer_open() where `may` is */
};

/* The act of a proposal, its signer known. Spans are borrowed from bytes; buf_free() them. */
struct answer_act {
	struct buf bytes;
	struct chain_entry entry;
};

struct answer {
	const char *id;     /* of the sitting, borrowed */
	enum act_kind kind; /* approve, refuse or cancel */
	struct answer_line *lines;
	size_t n;
	struct answer_act first; /* of line 1 */
	struct sitting sitting;
	struct command_record record; /* what became of the part sent last */
	size_t told;                  /* of that part, by answer_recorded() */
};

/*
 * Begin to write and load the sitting `id`. answer_free() it, also after a failure.
 * ERR_NOT_FOUND: no such sitting
 */
MUST_CHECK bool answer_open(
    struct answer *out, struct command *c, enum act_kind kind, const char *id, struct err *err);
void answer_free(struct answer *a);

/* The act of a line. buf_free(&out->bytes), also after a failure. */
MUST_CHECK bool answer_act(struct answer_act *out, const struct answer_line *line,
    const struct command *c, struct err *err);

size_t answer_chosen(const struct answer *a);

/*
 * Answer the chosen ones of the lines from <= i < until, which follow those sent before; `reason` of a refusal,
 * else empty. What is exported or only shown is one file: all lines at once.
 */
MUST_CHECK bool answer_send(struct answer *a, struct command *c, size_t from, size_t until,
    struct span reason, struct err *err);

/*
 * What became of the chosen lines of the part sent: the next of them at each call, in order. Was its answer
 * recorded? Why not is said.
 */
bool answer_recorded(struct answer *a, const struct answer_line *line, struct command *c);

/*
 * Append the numbered lines of the sitting: what each is about, and why not where it cannot be answered. One
 * proposal is shown with all it says. Where there are more than a screen holds, all lines are also written to
 * the file ID.txt.
 */
MUST_CHECK bool answer_text(
    struct buf *out, const struct answer *a, const struct command *c, struct err *err);

#endif

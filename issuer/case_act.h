/* One act on a case from the command line: what its commands share. */
#ifndef ISSUER_CASE_ACT_H
#define ISSUER_CASE_ACT_H

#include "issuer/command.h"
#include "issuer/dossier.h"

struct case_act {
	struct sitting sitting;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct dossier dossier;
	struct defects defects; /* of a paper that comes with it */
	struct buf paper;       /* canonical */
};

/*
 * Begin to write, load the case (C-2026-0017) and ask whether the officer may sign an act of this kind on it.
 * case_act_free() it, also after a failure.
 */
MUST_CHECK bool case_act_begin(
    struct case_act *a, struct command *c, const char *shown, enum act_kind kind, struct err *err);
void case_act_free(struct case_act *a);

/* Sign and record a statement; prints "SAID CASE", or "SAID CASE: RESULT" where `result` is not NULL. */
MUST_CHECK bool case_act_say(struct case_act *a, struct command *c, const struct act_body *body,
    const char *said, const char *result, struct err *err);

/*
 * Show a proposal, ask for the holder's code, sign and record it; prints "proposed ID CASE". Sitting and
 * not-after of the body are filled in.
 *   headline  what will be done: "GRANT"
 */
MUST_CHECK bool case_act_propose(struct case_act *a, struct command *c, struct act_body *body,
    const char *headline, struct err *err);

/* --ground CODE, one for this kind of act; where it is none, those that are are named on stderr. */
MUST_CHECK bool case_act_ground(
    struct span *out, const struct command *c, enum act_kind kind, struct err *err);

#endif

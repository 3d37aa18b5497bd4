/*
 * What waits, as one officer sees it: what he may sign now, what he should look at first, what the rules
 * keep from him and who may do it instead, what he sent and another has not answered. The same rules say so
 * that judge the act when it comes.
 */
#ifndef ISSUER_INBOX_H
#define ISSUER_INBOX_H

#include "issuer/officer.h"
#include "registry/ground.h"

enum inbox_group {
	INBOX_SIGN,
	INBOX_LOOK,
	INBOX_NOT_YOU,
	INBOX_SENT,
	INBOX_OVERDUE, /* for those who supervise: what others should have done by now */
	INBOX_AHEAD    /* nothing to sign, but something to know of */
};

/*
 * One case, one sitting, one licence, the register, or all cases of which the certificate can be proposed
 * without a second look.
 */
struct inbox_line {
	enum inbox_group group;
	unsigned number;             /* from 1; 0 where there is nothing for him to sign */
	enum act_kind kind;          /* what is to be signed: accept ... issue, approve, lift,
	                                         deregister, resume; ahead: none */
	const struct ground *ground; /* on which that is due; NULL: of no licence */
	enum act_kind answers;       /* approve: what was proposed */
	char sitting[REGISTRY_SITTING_BYTES];    /* approve; else empty */
	uint8_t person[BUNDLE_PERSON_BYTES];     /* approve: who proposed it */
	char (*subjects)[ACT_SUBJECT_BYTES + 1]; /* owned */
	size_t n_subjects;
	struct buf holder; /* of the first subject, for people */
	enum grade grade;
	int64_t due_s;  /* by then it should be signed, or lapses; 0: no such day */
	struct buf why; /* what it is about, or to look at; NOT_YOU: the rule; may be empty */
	struct buf who; /* NOT_YOU, SENT and OVERDUE: who may */
};

struct inbox {
	struct inbox_line *lines; /* groups one after the other */
	size_t n;
	size_t others;      /* that wait for another role */
	struct buf stopped; /* who stopped the making of certificates, and why; empty: nobody */
};

/*
 *   out   inbox_free() it, also after a failure
 *   who   the officer's entry in the bundle adopted last
 *   lang  of holders, reasons and names
 */
MUST_CHECK bool inbox_load(struct inbox *out, struct bureau *b, const struct bundle_key *who,
    int64_t now_s, enum lang lang, struct err *err);
void inbox_free(struct inbox *inbox);

/* The line with this number; NULL if there is none. */
const struct inbox_line *inbox_find(const struct inbox *inbox, unsigned number);

#endif

/*
 * The bodies of acts, one struct per kind (docs/format/acts.md has the table). Spans are borrowed: when
 * parsing from the body's bytes, when encoding from the caller. Every field is checked in both
 * directions; a field this program does not know is refused, since nobody could have seen it.
 */
#ifndef CREDENTIAL_ACT_BODY_H
#define CREDENTIAL_ACT_BODY_H

#include "credential/act.h"
#include "credential/decision.h"
#include "credential/merkle.h"
#include "credential/printed_face.h"
#include "credential/status_list.h"

#define BODY_PERSON_BYTES 8 /* a person's random id, as in a trust bundle */

struct body_person {
	uint8_t id[BODY_PERSON_BYTES];
};

/* RESULT_STOP: a basic item of the scoring scheme failed on site, and the review was stopped. */
enum act_result { RESULT_NONE = 0, RESULT_PASS = 1, RESULT_FAIL = 2, RESULT_STOP = 3 };

struct body_register {
	struct span iss;
	uint8_t bureau[BUREAU_ID_BYTES];
	uint8_t root_fingerprint[SHA256_BYTES];
	struct span bundle; /* the first trust bundle, whole file */
	struct span origin; /* of the log */
	struct span root;   /* root file */
};

struct body_adopt {
	struct span bundle; /* whole file */
};

struct body_made {
	struct span qc1;
	uint8_t pdf_hash[SHA256_BYTES];
	uint64_t pdf_bytes; /* length of the PDF */
};

/* submit and amend */
struct body_submit {
	struct span application; /* canonical JSON */
};

/* examine and inspect */
struct body_result {
	struct span report; /* canonical JSON */
	enum act_result result;
};

/* ask: the one list of what is to be corrected */
struct body_ask {
	struct span document; /* number of the notice */
	struct span items;    /* act_body_asked() */
};

/* schedule: who visits, and when */
struct body_schedule {
	struct span document; /* number of the order */
	struct body_person team[LIMIT_TEAM];
	size_t n_team;                   /* at least two officials; the first leads */
	int64_t visit_s;                 /* 00:00 +08:00 of the first day */
	struct span experts[LIMIT_TEAM]; /* by name; may be none */
	size_t n_experts;
};

/* recuse: somebody has an interest in the case and takes no part in it */
struct body_recuse {
	struct body_person person;
	struct span reason;
};

/*
 * A paper with its number, and what its kind asks for beside it: accept, retract, deliver, file (nothing);
 * decline, terminate (ground and reason); prolong, stop, resume (reason). Stop and resume have no number.
 */
struct body_notice {
	struct span ground; /* code of the table of grounds */
	struct span document;
	struct span reason;
};

struct body_decide {
	struct decision decision;
};

/*
 * What is done to a licence, and by which paper: suspend, lift, revoke, annul, withdraw, deregister, extend,
 * correct, set-aside; with reissue and regrade beside the certificate. act_body_order_has() says which of
 * the last four fields a kind has; the others are zero.
 */
struct body_order {
	struct span ground;           /* code of the table of grounds */
	struct span document;         /* number of the order, ruling or notice */
	int64_t from_s;               /* effective from */
	int64_t until_s;              /* suspend: its end at least; extend: the new end */
	uint8_t target[SHA256_BYTES]; /* correct, set-aside: hash of the proposal it is about */
	enum status status;           /* set-aside: what the ruling leaves: active or suspended */
};

enum body_order_field { ORDER_FROM = 1, ORDER_UNTIL = 2, ORDER_TARGET = 4, ORDER_STATUS = 8 };

/* issue, reissue, regrade */
struct body_issue {
	struct span claims; /* credential_claims_parse() */
	struct span face;   /* printed_face_parse() */
	struct span template_id;
	uint8_t template_hash[SHA256_BYTES];
	bool has_decision; /* where the policy puts the decision into the issue proposal */
	struct decision decision;
	struct span
	    supersedes; /* issue: number of the licence that a renewal or upgrade follows; may be empty */
	struct body_order
	    order; /* reissue, regrade: why, by which paper, from when the older one ends */
};

/* accept-loss: acts that were published are lost, and the log begins a new epoch */
struct body_loss {
	uint8_t snapshot[SHA256_BYTES]; /* of the newest published snapshot's file: the floor */
	uint64_t size;                  /* of the lost log, as published last */
	struct merkle_hash root;
	uint64_t epoch; /* that begins */
};

/* approve, refuse, cancel */
struct body_answer {
	uint8_t proposal[SHA256_BYTES]; /* hash of the proposal's bytes */
	enum act_kind proposal_kind;
	struct span reason; /* refuse only; else empty */
};

struct act_body {
	enum act_kind kind;  /* says which member is meant */
	int64_t not_after_s; /* a proposal: an answer comes before this */
	struct span sitting; /* a proposal: P-9XQ4-7, the same for all of one sitting */
	union {
		struct body_register reg;
		struct body_adopt adopt;
		struct body_made made;
		struct body_submit submit;
		struct body_notice notice;
		struct body_ask ask;
		struct body_schedule schedule;
		struct body_recuse recuse;
		struct body_result result;
		struct body_decide decide;
		struct body_issue issue;
		struct body_order order;
		struct body_loss loss;
		struct body_answer answer;
	};
};

/*
 * ERR_MALFORMED  not exactly the body of this kind
 * ERR_REFUSED    a text with characters nobody may sign
 * ERR_LIMIT      a field too long, too many printed fields
 */
MUST_CHECK bool act_body_parse(
    struct act_body *out, enum act_kind kind, struct span body, struct err *err);
MUST_CHECK bool act_body_encode(struct buf *out, const struct act_body *body, struct err *err);

/* The list of an ask: 1 to LIMIT_ASKED texts, as a CBOR array. */
struct asked {
	struct span item[LIMIT_ASKED];
	size_t count;
};
void act_body_put_asked(struct buf *out, const struct asked *asked);
/* ERR_MALFORMED: not such a list; ERR_REFUSED, ERR_LIMIT: as a body's texts */
MUST_CHECK bool act_body_asked(struct asked *out, struct span items, struct err *err);

/* Which fields the order of this kind has, as a set of enum body_order_field; 0: it is no order. */
unsigned act_body_order_has(enum act_kind kind);

/* Does a proposal of this kind make a certificate: issue, reissue, regrade? Then it has a body_issue. */
bool act_body_makes(enum act_kind kind);

/* The order in the body: its own, or the one beside a certificate; NULL if it has none. */
const struct body_order *act_body_order(const struct act_body *body);

#endif

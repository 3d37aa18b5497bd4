/*
 * The bodies of acts, one struct per kind (docs/format/acts.md has the table). Spans are borrowed: when
 * parsing from the body's bytes, when encoding from the caller. Every field is checked in both
 * directions; a field this program does not know is refused, since nobody could have seen it.
 */
#ifndef CREDENTIAL_ACT_BODY_H
#define CREDENTIAL_ACT_BODY_H

#include "credential/act.h"
#include "credential/decision.h"

enum act_result { RESULT_NONE = 0, RESULT_PASS = 1, RESULT_FAIL = 2 };

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

struct body_submit {
	struct span application; /* canonical JSON */
};

struct body_accept {
	struct span document; /* number of the notice */
};

/* examine and inspect */
struct body_result {
	struct span report; /* canonical JSON */
	enum act_result result;
};

struct body_decide {
	struct decision decision;
	int64_t not_after_s; /* an answer comes before this */
	struct span sitting; /* P-9XQ4-7, the same for all proposals of one sitting */
};

/* One printed field: its name in the template, and the text printed. */
struct printed_field {
	struct span name;
	struct span text;
};

struct body_issue {
	struct span claims; /* credential_claims_parse() */
	struct printed_field
	    face[LIMIT_FACE_FIELDS]; /* when parsed: by length of name, then name */
	size_t face_count;
	struct span template_id;
	uint8_t template_hash[SHA256_BYTES];
	int64_t not_after_s;
	struct span sitting;
	bool has_decision; /* where the policy puts the decision into the issue proposal */
	struct decision decision;
};

/* suspend, lift, revoke */
struct body_sanction {
	struct span ground;   /* code of the table of grounds */
	struct span document; /* number of the order */
	int64_t from_s;
	int64_t until_s; /* suspend only; else 0 */
	int64_t not_after_s;
	struct span sitting;
};

/* approve, refuse, cancel */
struct body_answer {
	uint8_t proposal[SHA256_BYTES]; /* hash of the proposal's bytes */
	enum act_kind proposal_kind;
	struct span reason; /* refuse only; else empty */
};

struct act_body {
	enum act_kind kind; /* says which member is meant */
	union {
		struct body_register reg;
		struct body_adopt adopt;
		struct body_made made;
		struct body_submit submit;
		struct body_accept accept;
		struct body_result result;
		struct body_decide decide;
		struct body_issue issue;
		struct body_sanction sanction;
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

/* The printed text under this name; an empty span if there is none. */
struct span act_body_face(const struct body_issue *body, const char *name);

#endif

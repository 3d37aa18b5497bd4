/*
 * One subject's road through a register that consists of nothing else: acts are signed, judged and, if
 * the rules agree, recorded in memory. For tests only.
 */
#ifndef TESTS_REGISTRY_ROAD_H
#define TESTS_REGISTRY_ROAD_H

#include "registry/judge.h"
#include "tests/registry/bureau.h"

#define ROAD_ACTS 32
#define ROAD_CASE "case/C-2026-0017"
#define ROAD_SITTING "P-9XQ4-7"
#define ROAD_HOLDER "示例星桥信息技术有限公司"
#define ROAD_USCC "91999901MADEM00110"
#define ROAD_RENEWED "JCA999900202148213U" /* a licence that could be renewed */
#define ROAD_RENEWAL                                                                               \
	"{\"applicant\":{\"kind\":\"enterprise\",\"name\":{\"zh\":\"" ROAD_HOLDER                  \
	"\"},\"uscc\":\"" ROAD_USCC "\"},\"of\":\"" ROAD_RENEWED "\",\"qualification\":"           \
	"{\"family\":\"JC\",\"grade\":\"A\",\"scopes\":[\"integration\"]},\"type\":\"renewal\"}"

struct road {
	const struct bureau *bureau;
	char subject[ACT_SUBJECT_BYTES + 1];
	char number[NUMBER_STORED_BYTES];
	int64_t now_s; /* the register's clock: a minute passes with each act */
	struct chain_entry entries[ROAD_ACTS];
	struct buf bytes[ROAD_ACTS]; /* of the acts */
	size_t n;
	struct claims claims;           /* of the certificate the case is about */
	struct licence_version version; /* the first, of a licence */
	bool superseded;                /* by a licence of another grade, from its beginning on */
	struct buf claims_file;         /* encoded */
	struct buf qc1;
	enum grade grade;   /* applied for */
	uint16_t nonce;     /* of the last act */
	uint16_t list, idx; /* status slot of the certificate */
	/* Facts that a test may change before it signs. */
	struct judge facts;
};

/* The case, or the licence it led to (which has the certificate's number as its subject). */
void road_open_case(struct road *r, const struct bureau *b);
void road_open_case_b(struct road *r, const struct bureau *b); /* of Grade B */
void road_open_licence(struct road *r, const struct bureau *b);
void road_close(struct road *r);

/* As it stands now. road_licence()'s answer goes to licence_free(). */
struct case_state road_case(const struct road *r);
struct licence_state road_licence(const struct road *r);

/* ---- bodies, as they should be; a test spoils them as it likes ---- */

struct act_body road_submit(void);
struct act_body road_submit_b(void);
struct act_body road_amend(void); /* the same application again */
struct act_body road_ask(void);
struct act_body road_accept(void);
/* decline, retract, prolong, terminate, deliver, file */
struct act_body road_notice(const struct road *r, enum act_kind kind);
struct act_body road_recuse(const struct road *r, enum signer who);
struct act_body road_examine(enum act_result result);
/* Today, by these two. */
struct act_body road_schedule(const struct road *r, enum signer leader, enum signer other);
struct act_body road_inspect(enum act_result result);
struct act_body road_decide(const struct road *r, enum decision_outcome outcome);
/* Claims for an issue proposed now (r->claims; after a change, encode them again); with a decision where the policy wants it there. */
struct act_body road_issue(struct road *r);
void road_encode_claims(struct road *r);
struct act_body road_made(struct road *r);
/* From today; a suspension lasts six months. */
struct act_body road_sanction(const struct road *r, enum act_kind kind);
/* Of the last act. */
struct act_body road_answer(const struct road *r, enum act_kind kind);

/* ---- acts ---- */

/* The claims of the next act, right in all. */
struct act road_next(struct road *r);
/* Sign, judge and, if the answer is true, record. */
bool road_try(struct road *r, enum signer who, const struct act *claims,
    const struct act_body *body, struct err *err);
/* What must be possible. */
void road_do(struct road *r, enum signer who, struct act_body body);
/* What must be refused by this rule; nothing is recorded. `row` names it in a table. */
void road_refused(struct road *r, enum signer who, const struct act *claims, struct act_body body,
    const char *rule, const char *row);

/* Take a case by the right persons of its policy to this stage (one without failures). */
void road_to(struct road *r, enum case_stage stage);

/* The facts for judge_may(); the states are borrowed. */
struct judge road_judge(
    const struct road *r, const struct case_state *dossier, const struct licence_state *licence);

#endif

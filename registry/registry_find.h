/*
 * What is in the register: projections of the acts, as plain values. Stages and states are those
 * recorded; what time alone changes (a proposal lapses) is for the caller to see from not_after_s and
 * the moment asked. "find" sets ERR_NOT_FOUND for what is not there.
 */
#ifndef REGISTRY_REGISTRY_FIND_H
#define REGISTRY_REGISTRY_FIND_H

#include "core/limits.h"
#include "credential/act.h"
#include "credential/credential.h"
#include "credential/history.h"
#include "credential/number.h"
#include "registry/case.h"
#include "registry/registry.h"

/* ---- cases ---- */

struct registry_case {
	char subject[ACT_SUBJECT_BYTES + 1]; /* "case/C-2026-0017" */
	enum case_stage stage;               /* by the newest act */
	int64_t turns_s;                     /* when time alone makes it another; 0: never */
	enum case_stage turns_to;
	uint64_t acts;                    /* on the case */
	uint64_t last_index;              /* of the newest */
	int64_t opened_s, last_s;         /* recording times of the first and the newest */
	char number[NUMBER_STORED_BYTES]; /* of the issue proposed or made; else empty */
};

typedef bool registry_case_fn(void *ctx, const struct registry_case *c, struct err *err);

MUST_CHECK bool registry_find_case(
    struct registry_case *out, struct registry *r, struct span subject, struct err *err);
/* In the order of opening; unless open_at_s is 0, only those for which something waits to be done then. */
MUST_CHECK bool registry_each_case(
    struct registry *r, int64_t open_at_s, registry_case_fn *fn, void *ctx, struct err *err);
/* Where it stands at this moment. */
enum case_stage registry_case_stage(const struct registry_case *c, int64_t now_s);
/* The first unused subject of a year: "case/C-2026-0018". */
MUST_CHECK bool registry_next_case(
    char out[ACT_SUBJECT_BYTES + 1], struct registry *r, int year, struct err *err);

/* ---- proposals ---- */

enum proposal_state {
	PROPOSAL_OPEN = 0, /* and lapsed, once not_after_s has come */
	PROPOSAL_APPROVED,
	PROPOSAL_REFUSED,
	PROPOSAL_CANCELLED,
	PROPOSAL_VOID /* another act came in between */
};

#define REGISTRY_SITTING_BYTES 32 /* a sitting's ID and NUL */

struct registry_proposal {
	uint64_t index; /* of the proposal */
	uint8_t hash[SHA256_BYTES];
	char subject[ACT_SUBJECT_BYTES + 1];
	enum act_kind kind;
	char sitting[REGISTRY_SITTING_BYTES];
	int64_t recorded_s, not_after_s;
	enum proposal_state state;
	uint64_t answer_index; /* of the approval, refusal or cancellation; 0: none */
};

typedef bool registry_proposal_fn(void *ctx, const struct registry_proposal *p, struct err *err);

/* Of one sitting in the order of recording, whatever became of them. */
MUST_CHECK bool registry_each_proposal(
    struct registry *r, struct span sitting, registry_proposal_fn *fn, void *ctx, struct err *err);
/* All with state PROPOSAL_OPEN, lapsed ones too. */
MUST_CHECK bool registry_each_open_proposal(
    struct registry *r, registry_proposal_fn *fn, void *ctx, struct err *err);
/* Certificates approved and not made: what recovery finishes. */
MUST_CHECK bool registry_each_half_made(
    struct registry *r, registry_proposal_fn *fn, void *ctx, struct err *err);

/* The one by which this version of a certificate was made. ERR_NOT_FOUND: none was. */
MUST_CHECK bool registry_find_maker(struct registry_proposal *out, struct registry *r,
    struct span number, unsigned version, struct err *err);

/* ---- numbers and slots ---- */

/* Was this number (stored form) never proposed? */
MUST_CHECK bool registry_number_free(
    bool *out, struct registry *r, struct span number, struct err *err);
/*
 * n different free slots of the newest list, or of the next when that is half full: one for each random
 * number, every free slot as likely as another. Nothing is reserved by this: the recorded proposal does.
 */
MUST_CHECK bool registry_pick_slots(struct history_slot *out, size_t n, struct registry *r,
    const uint64_t *random, struct err *err);

/* ---- instruments and licences ---- */

struct registry_instrument {
	char number[NUMBER_STORED_BYTES];
	unsigned version;
	char subject[ACT_SUBJECT_BYTES + 1]; /* the case, or the number it followed */
	uint16_t list, idx;
	uint8_t qc1[LIMIT_QC1_BYTES];
	size_t qc1_len;
	uint8_t credential_hash[SHA256_BYTES];
	char check_code[CREDENTIAL_CHECK_CODE_BYTES];
	uint8_t pdf_hash[SHA256_BYTES];
	uint64_t pdf_bytes;
	uint64_t proposal_index, approval_index, made_index;
	int64_t made_s; /* recorded */
};

/* Its file in issued/: "JC-A-999900-2026-48213-6.pdf", from the second version on "….v2.pdf". */
#define REGISTRY_FILE_BYTES 64
MUST_CHECK bool registry_instrument_file(char out[REGISTRY_FILE_BYTES],
    const struct registry_instrument *i, const char *ending, struct err *err);

typedef bool registry_instrument_fn(
    void *ctx, const struct registry_instrument *i, struct err *err);

/* A licence, by its first certificate. */
struct registry_holding {
	char number[NUMBER_STORED_BYTES];
	char uscc[19]; /* of the holder */
	int64_t exp_s; /* end as printed */
	bool acted;    /* there are acts on the number: it may stand otherwise than by its dates */
};

typedef bool registry_holding_fn(void *ctx, const struct registry_holding *h, struct err *err);

/* Every licence, in the order of making. */
MUST_CHECK bool registry_each_holding(
    struct registry *r, registry_holding_fn *fn, void *ctx, struct err *err);

/* One version of the certificate with this number. ERR_NOT_FOUND. */
MUST_CHECK bool registry_find_version(struct registry_instrument *out, struct registry *r,
    struct span number, unsigned version, struct err *err);
/* The newest version with this number. ERR_NOT_FOUND. */
MUST_CHECK bool registry_find_instrument(
    struct registry_instrument *out, struct registry *r, struct span number, struct err *err);
/* The one that was made by the proposal at this index. ERR_NOT_FOUND. */
MUST_CHECK bool registry_find_made(
    struct registry_instrument *out, struct registry *r, uint64_t proposal_index, struct err *err);
/* In the order of making. */
MUST_CHECK bool registry_each_instrument(
    struct registry *r, registry_instrument_fn *fn, void *ctx, struct err *err);

#endif

/*
 * An invented bureau in memory: roots, officers with real keys, a trust bundle, and whatever they sign.
 * For tests only; what goes wrong ends the test.
 */
#ifndef TESTS_REGISTRY_BUREAU_H
#define TESTS_REGISTRY_BUREAU_H

#include "keys/trust.h"
#include "registry/chain.h"
#include "registry/policy.h"

/* Friday 2026-11-20 09:00 +08:00: when the tests begin. */
#define BUREAU_START_S INT64_C(1795136400)
#define BUREAU_ISS "TEST"
#define BUREAU_REGION "999900"
#define BUREAU_ORIGIN "v.example/log"
#define BUREAU_HOST "v.example"
#define BUREAU_BUNDLE_SEQ 7

/* Keys by their holders. The standard policy's officers, then the small one's, then odd ones. */
enum signer {
	AN = 0,          /* accepts */
	SHEN,            /* examines */
	SHI,             /* inspects */
	XIANG,           /* inspects */
	GUAN,            /* decides */
	BI,              /* approves decisions */
	YIN,             /* issues */
	FU,              /* countersigns */
	CHANG,           /* sanctions */
	ONE = CHANG + 1, /* small bureau: accepts, examines, inspects */
	TWO,             /* inspects */
	THREE,           /* decides, sanctions */
	FOUR,            /* approves, countersigns */
	ALL,             /* has every role, as have those below */
	ALL_AGAIN,       /* a second key of the same person */
	OTHER,           /* another person */
	RETIRED,
	STOLEN,
	EARLY,   /* had the roles until the day before the start */
	LATE,    /* has them from the start on */
	SERVICE, /* the machine */
	CREDENTIAL,
	STATUS, /* signs snapshots */
	SIGNERS
};

#define BUREAU_ROOTS 3

struct bureau_key {
	struct evp_pkey_st *pkey;
	uint8_t spki[128];
	size_t spki_len;
	uint8_t kid[COSE_KID_BYTES];
};

struct bureau {
	struct bureau_key roots[BUREAU_ROOTS];
	struct bureau_key keys[SIGNERS];
	struct evp_pkey_st *log; /* Ed25519 */
	struct buf policy_file, root_file, bundle_file;
	struct policy policy;
	struct trust *trust; /* holds the bundle */
	uint8_t bureau_id[BUREAU_ID_BYTES];
};

/* `policy` is "standard" or "small". Two bureaus differ in everything but names. */
struct bureau *bureau_new(const char *policy);
void bureau_free(struct bureau *b);

const struct bundle *bureau_bundle(const struct bureau *b);
/* How the bundle lists a signer; NULL for nobody. */
const struct bundle_key *bureau_entry(const struct bureau *b, enum signer who);
struct chain_who bureau_who(const struct bureau *b, enum signer who);
const char *bureau_name(enum signer who);

/* ES256, r || s, low-S. */
void bureau_sign(
    uint8_t out[COSE_SIGNATURE_BYTES], const struct bureau_key *key, struct span message);
/* Append the whole act that `claims` describe, with this body. */
void bureau_sign_act(struct buf *out, const struct bureau *b, enum signer who,
    const struct act *claims, const struct act_body *body);
/* Append QC1 over these claims bytes. */
void bureau_sign_credential(struct buf *out, const struct bureau *b, struct span claims);

/* Append the note with this text, signed by the log's key. */
void bureau_sign_note(struct buf *out, const struct bureau *b, struct span text);
/* Append the file of a snapshot or a bundle: a payload signed by n of these keys. */
void bureau_sign_payload(
    struct buf *out, const struct bureau_key *keys, size_t n, const char *typ, struct span payload);

/* The whole of a file of the source tree, appended. */
void bureau_read(struct buf *out, const char *path);

#endif

/*
 * The keys of a bureau on disk, and the root file and trust bundles that list them: what a ceremony leaves
 * behind. Apart from workshop.c because two things are called a bureau.
 */
#ifndef TESTS_ISSUER_WORKSHOP_KEYS_H
#define TESTS_ISSUER_WORKSHOP_KEYS_H

#include "keys/signer.h"
#include "keys/trust.h"

#define WORKSHOP_NOW_S INT64_C(1795161900) /* Friday 2026-11-20T16:05:00+08:00 */
#define WORKSHOP_UNTIL_S                                                                           \
	(WORKSHOP_NOW_S + INT64_C(20) * 31536000) /* of bundle, keys, roles and powers */
#define WORKSHOP_PASSPHRASE "a passphrase of the workshop"

/* Officers, by what they do. */
enum workshop_officer {
	AN,    /* accepts; in the small bureau examines and inspects too */
	SHEN,  /* examines */
	SHI,   /* inspects */
	XIANG, /* inspects */
	GUAN,  /* decides; in the small bureau sanctions too */
	BI,    /* approves; in the small bureau countersigns too */
	YIN,   /* issues */
	FU,    /* countersigns */
	CHANG, /* sanctions */
	WORKSHOP_OFFICERS
};

struct workshop_keys {
	struct bureau *base; /* of tests/keys/bureau.h */
	struct signer *officer[WORKSHOP_OFFICERS];
	struct bundle_key *keys; /* all of the bundle: role keys, then officers */
	size_t n_keys;
	struct bundle_grant grants[WORKSHOP_OFFICERS][3];
	struct span root_file;
	struct buf bundle_file; /* number 1 */
};

/* Make keys and the first bundle; key files (light) and their passphrase go into folder/keys/. */
void workshop_keys_new(struct workshop_keys *out, const char *folder, bool small,
    const uint8_t policy_hash[SHA256_BYTES]);
void workshop_keys_free(struct workshop_keys *k);

/* What a next bundle may change. */
struct workshop_change {
	int stolen;      /* an officer whose key is reported stolen; -1: none */
	int64_t since_s; /* 0: since the beginning */
	int64_t exp_s;   /* 0: as before */
	unsigned audit_quorum;
	unsigned witness_quorum; /* 0 or 1 */
	struct span previous;    /* bundle file; empty: number 1 */
};

/* Append the bundle file that follows. */
void workshop_keys_next(
    struct buf *out, const struct workshop_keys *k, const struct workshop_change *change);

/* In the bundles from now on the log has the next epoch, under another name. */
void workshop_new_epoch(struct workshop_keys *k);

/* The auditors' keys: AUDITORS of them, listed in every bundle. Borrowed. */
#define WORKSHOP_AUDITORS 2
const struct signer *workshop_auditor(const struct workshop_keys *k, size_t which);

/* Append the note with the cosignature of the one witness whom every bundle lists. */
void workshop_witness(
    struct buf *out, const struct workshop_keys *k, struct span note, uint64_t time_s);

#endif

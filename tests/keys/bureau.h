/*
 * A bureau in memory, with keys of its own: roots, role keys, four officers, a log, a reader CA and a
 * first trust bundle. For the tests of every folder that needs something signed. Fails by aborting.
 */
#ifndef TESTS_KEYS_BUREAU_H
#define TESTS_KEYS_BUREAU_H

#include "keys/seal.h"
#include "keys/signer.h"
#include "keys/trust.h"

#define BUREAU_NOW_S INT64_C(1795161900) /* 2026-11-20T16:05:00+08:00: the bundle's iat */
#define BUREAU_FROM_S (BUREAU_NOW_S - 86400)
#define BUREAU_UNTIL_S (BUREAU_NOW_S + 2 * 31536000)
#define BUREAU_EXP_S (BUREAU_NOW_S + 31536000)
#define BUREAU_LOG "v.example/log"
#define BUREAU_LOG_2 "v.example/log/2"
#define BUREAU_GRANTS 4 /* of one officer */
#define BUREAU_MORE_KEYS 2

/* Keys the bundle lists, by their place in it. */
enum bureau_key {
	BUREAU_CREDENTIAL,
	BUREAU_SEAL,
	BUREAU_STATUS,
	BUREAU_AUDIT_1,
	BUREAU_AUDIT_2,
	BUREAU_SERVICE,
	BUREAU_OFFICER_1, /* accept, examine, inspect */
	BUREAU_OFFICER_2, /* inspect */
	BUREAU_OFFICER_3, /* decide, issue, sanction */
	BUREAU_OFFICER_4, /* approve, countersign */
	BUREAU_KEYS
};

struct bureau {
	struct signer *root[ROOT_SET_KEYS];
	struct signer *key[BUREAU_KEYS];
	struct signer *log;
	struct signer *witness;
	struct signer *ca;

	/* The first bundle, to be changed before bureau_sign(); points into what is here. */
	struct bundle bundle;
	struct bundle_issuer issuer;
	struct bundle_power powers[2];
	struct bundle_key keys[BUREAU_KEYS + BUREAU_MORE_KEYS];
	struct bundle_grant grants[4][BUREAU_GRANTS];
	struct bundle_issuing issuing[2];
	struct span hosts[1];
	struct span witnesses[1];
	struct buf log_vkey, log_2_vkey, witness_vkey;

	struct buf ca_certificate;   /* DER */
	struct buf seal_certificate; /* DER */
	struct sealer *sealer;       /* with the seal key and that */
	struct buf root_file;
	struct buf bundle_file; /* the first, signed by roots 0 and 1 */
	struct trust *trust;    /* holds the first bundle, or a later one */
};

struct bureau *bureau_new(void);
void bureau_free(struct bureau *b);

/* Append a bundle file: the bundle as it is now, signed by the first n of these. */
void bureau_sign(
    struct buf *out, const struct bundle *bundle, struct signer *const *signers, size_t n);

/* The bundle names a log of the next epoch. */
void bureau_new_epoch(struct bureau *b);

/* One more entry of the bundle, active for the time of the others; key and use are to be filled in. */
struct bundle_key *bureau_add_key(struct bureau *b);
/* The bundle as it is now becomes the next one, signed and adopted. */
void bureau_renew(struct bureau *b);

/* List the bundle's entry with this signer's public key. */
void bureau_list_key(struct bundle_key *entry, const struct signer *s);

#endif

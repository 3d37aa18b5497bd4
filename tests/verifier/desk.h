/*
 * What lies on the desk of somebody who verifies: one certificate of the bureau in memory, as `.cose` and
 * as a code, and a folder of published files. A test changes what it wants to be otherwise, publishes and
 * asks. Fails by aborting.
 */
#ifndef TESTS_VERIFIER_DESK_H
#define TESTS_VERIFIER_DESK_H

#include "credential/cose_file.h"
#include "credential/parts.h"
#include "credential/snapshot.h"
#include "tests/keys/bureau.h"
#include "tests/keys/folder.h"
#include "verifier/verify.h"

#define DESK_HOUR_S 3600
#define DESK_DAY_S 86400

/* Proposed an hour after the bundle, published a day later, asked ten minutes after that. */
#define DESK_IAT_S (BUREAU_NOW_S + DESK_HOUR_S)
#define DESK_DATA_S (DESK_IAT_S + DESK_DAY_S)
#define DESK_NOW_S (DESK_DATA_S + 600)
/* 2026-11-22T00:00:00+08:00, the midnight after the question. */
#define DESK_TOMORROW_S INT64_C(1795276800)

#define DESK_LIST 3
#define DESK_IDX 4711
#define DESK_ENTRIES 4

struct desk {
	struct bureau *b;
	struct folder folder; /* has v1/ */
	char root[160];       /* root.cose in it */

	/* The certificate: claims may be changed before desk_make(), officers as well. */
	struct claims claims;
	enum bureau_key proposer, approver;
	size_t padding;                   /* bytes of `file` that mean nothing */
	struct buf qc1, cose, code, file; /* `file` is a PDF of the right form */

	/* What the register knows of its slot; changed before desk_publish(). */
	struct history_entry entries[DESK_ENTRIES];
	size_t n_entries;
	bool unassigned;
	enum status status; /* at the slot, in the status part */
	struct history_order order;
	bool has_order;
	uint8_t file_hash[SHA256_BYTES];
	struct snapshot snapshot;
	enum bureau_key status_key;
	bool unaudited;
	uint64_t log_size;

	/* A status token, written if its time is set. */
	int64_t token_iat_s;
	enum status token_status;
	enum bureau_key token_key;

	struct memory memory;
	struct question question; /* about now */
	struct live *live;
};

void desk_open(struct desk *d);
void desk_close(struct desk *d);

/* Sign the certificate anew. */
void desk_make(struct desk *d);
/* The same over any bytes for claims, which the register does not learn of. */
void desk_make_over(struct desk *d, struct span claims);
/* The other officer's act on whatever was proposed. */
void desk_sign_approval(struct buf *out, const struct desk *d, struct span proposal);
/* Seal another file around the certificate as it is. */
void desk_seal(struct desk *d);
/* Sign the bundle as it is in b->bundle, by roots 0 and 1, and write it as the newest and by number. */
void desk_publish_bundle(struct desk *d);
/* Write snapshot, parts and token; the snapshot names the bundle in b->bundle. */
void desk_publish(struct desk *d);
/* The file's hash is what the register holds, where it is a PDF. */
void desk_ask(struct answer *out, struct desk *d, struct span input);

/* The register learns of a status without an end. */
void desk_happens(struct desk *d, enum status status, int64_t from_s, int64_t recorded_s);
/* Publish bundle 2: as bundle 1 but for what the test changed. `prev` is room for the hash of bundle 1. */
void desk_next_bundle(struct desk *d, uint8_t prev[SHA256_BYTES], int64_t iat_s);

/* Fails with the row's name unless this is the verdict for this reason. */
void desk_expect(
    const struct answer *a, enum verdict verdict, enum finding reason, const char *row);
void desk_expect_cose(struct desk *d, enum verdict verdict, enum finding reason, const char *row);

/* Write, and remove, one file. */
void desk_put(const struct desk *d, const char *name, struct span bytes);
void desk_remove(const struct desk *d, const char *name);

#endif

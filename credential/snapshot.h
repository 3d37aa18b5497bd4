/*
 * The snapshot's manifest: a small signed object that names the parts by their SHA-256 (formats:
 * snapshot). It carries all good news, so besides the status key as many audit keys sign it as the
 * bundle asks. Structure only: signatures are checked in keys/.
 */
#ifndef CREDENTIAL_SNAPSHOT_H
#define CREDENTIAL_SNAPSHOT_H

#include "credential/cose.h"
#include "credential/root_set.h"

#define SNAPSHOT_TYP "application/qsnap+cbor"

struct snapshot_list {
	uint16_t list; /* number of the status list */
	uint8_t status_hash[SHA256_BYTES];
	uint8_t fingerprints_hash[SHA256_BYTES];
	uint8_t history_hash[SHA256_BYTES];
};

/* A plain value; one that was parsed owns its lists and the bytes its spans point into. */
struct snapshot {
	uint64_t seq; /* from 1 */
	int64_t iat_s, exp_s;
	struct span issuer; /* iss */
	uint64_t bundle_seq;
	uint8_t bundle_hash[SHA256_BYTES];
	struct span checkpoint;      /* C2SP signed note, as it is */
	struct snapshot_list *lists; /* ascending by number; may be none */
	size_t n_lists;
	uint8_t orders_hash[SHA256_BYTES];
	uint8_t bureau_id[BUREAU_ID_BYTES];
	struct buf bytes;           /* the payload, owned, when parsed; empty when built */
	uint8_t hash[SHA256_BYTES]; /* of the payload, when parsed */
};

/*
 *   out      new object with its own copy of the payload; snapshot_free(). NULL on failure.
 *   payload  1 to LIMIT_SNAPSHOT_BYTES bytes
 *
 * ERR_MALFORMED  anything else than the format, exp not after iat, lists not ascending
 * ERR_LIMIT      too long
 */
MUST_CHECK bool snapshot_parse(struct snapshot **out, struct span payload, struct err *err);
void snapshot_free(struct snapshot *s);

/* The file v1/snapshot: COSE_Sign. The envelope's spans are borrowed from `file`. */
MUST_CHECK bool snapshot_parse_file(
    struct cose_sign *envelope, struct snapshot **out, struct span file, struct err *err);

/* Append the payload. */
void snapshot_encode(struct buf *out, const struct snapshot *s);

/* NULL if the snapshot has no such list. */
const struct snapshot_list *snapshot_find_list(const struct snapshot *s, uint64_t list);

#endif

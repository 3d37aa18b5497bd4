/*
 * The root set: the three offline keys of a bureau, two of which make a trust bundle count
 * (formats: root set and trust bundle). It stands in the file root.cose, signed by all three, and
 * again in every bundle. Structure only: signatures are checked in keys/, by key and not by entry.
 */
#ifndef CREDENTIAL_ROOT_SET_H
#define CREDENTIAL_ROOT_SET_H

#include "core/buf.h"
#include "credential/cbor.h"
#include "credential/cose.h"
#include "credential/sha256.h"

#define ROOT_SET_TYP "application/qroot+cbor"
#define ROOT_SET_KEYS 3
#define ROOT_SET_THRESHOLD 2
#define BUREAU_ID_BYTES 32
#define ISS_MIN_BYTES 2
#define ISS_MAX_BYTES 16

struct root_set {
	struct span issuer;                 /* iss of the bureau, ISS_MIN_BYTES to ISS_MAX_BYTES */
	struct span root[ROOT_SET_KEYS];    /* SubjectPublicKeyInfo DER, all different */
	uint8_t bureau_id[BUREAU_ID_BYTES]; /* external_aad of every act */
};

/*
 * Payload <-> struct. The spans of a parsed set are borrowed from `payload`.
 *
 * ERR_MALFORMED  not exactly the map of the format, a threshold other than 2, a key listed twice
 */
MUST_CHECK bool root_set_parse(struct root_set *out, struct span payload, struct err *err);
void root_set_encode(struct buf *out, const struct root_set *set);

/* The map at the cursor, for objects that hold a root set inside: mistakes stay in the cursor. */
void root_set_read(struct root_set *out, struct cbor_in *in);

/*
 * The file root.cose: COSE_Sign with exactly three signers around the payload. The fingerprint a
 * person types is SHA-256(envelope->payload). Spans are borrowed from `file`.
 */
MUST_CHECK bool root_set_parse_file(
    struct cose_sign *envelope, struct root_set *out, struct span file, struct err *err);

/* That fingerprint of a root file. ERR_MALFORMED: it is none. */
MUST_CHECK bool root_set_fingerprint(uint8_t out[SHA256_BYTES], struct span file, struct err *err);

bool root_set_equal(const struct root_set *a, const struct root_set *b);

#endif

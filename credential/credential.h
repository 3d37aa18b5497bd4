/*
 * QC1, the credential: what a certificate says, as CWT claims (RFC 8392) in deterministic CBOR in a
 * COSE_Sign1. Claims in memory carry their registered names. One set of claims has one encoding.
 */
#ifndef CREDENTIAL_CREDENTIAL_H
#define CREDENTIAL_CREDENTIAL_H

#include "credential/cose.h"
#include "credential/scopes.h"
#include "credential/sha256.h"

#define CREDENTIAL_CHECK_CODE_BYTES 9 /* eight characters and NUL */
#define CREDENTIAL_FAMILY_BYTES 3     /* two letters and NUL */

/* As on the wire. */
enum grade { GRADE_NONE = 0, GRADE_A = 1, GRADE_B = 2 };

struct claims {
	struct span iss; /* issuer id, 2 to 16 bytes */
	struct span sub; /* certificate number, stored form */
	int64_t exp_s;   /* 00:00 +08:00 of the day after the last day */
	int64_t nbf_s;   /* only where validity starts at another time than iat (later: a renewal;
	                        * earlier: a later version); 0: it starts at iat */
	int64_t iat_s;   /* the proposal's time */
	struct span holder;    /* name in Chinese, up to LIMIT_HOLDER_BYTES */
	struct span holder_en; /* name in English; empty: none */
	struct span uscc;      /* unified social credit code */
	enum grade grade;
	struct scopes scopes;
	uint16_t list;    /* status list */
	uint16_t idx;     /* slot in it */
	uint16_t version; /* of the instrument, from 1 */
};

/* A parsed QC1. Spans are borrowed from the bytes it was parsed from. */
struct credential {
	struct span bytes; /* the whole QC1 */
	struct cose_sign1 envelope;
	struct claims claims;
	char family[CREDENTIAL_FAMILY_BYTES]; /* JC, YZ, JG or JS: the number's letters */
};

/* Append the claims bytes. Claims that could not be parsed again are refused like there. */
MUST_CHECK bool credential_claims_encode(
    struct buf *out, const struct claims *claims, struct err *err);

/*
 * ERR_MALFORMED  not exactly our claims; a number or code whose check character is wrong; scopes not
 *                ascending; exp not after the beginning of validity
 * ERR_REFUSED    a holder's name that is not NFC or has characters nobody may sign
 * ERR_LIMIT      a text too long or too deep
 */
MUST_CHECK bool credential_claims_parse(struct claims *out, struct span in, struct err *err);

/* A whole QC1 of at most LIMIT_QC1_BYTES (ERR_LIMIT); structure only, no signature is checked. */
MUST_CHECK bool credential_parse(struct credential *out, struct span qc1, struct err *err);

/* SHA-256(00 || QC1): what the register and the fingerprints call this credential. */
void credential_hash(uint8_t out[SHA256_BYTES], struct span qc1);

/* First 5 bytes of SHA-256(01 || QC1) in Crockford base 32: printed under the code, published nowhere. */
void credential_check_code(char out[CREDENTIAL_CHECK_CODE_BYTES], struct span qc1);

/* The last day of validity as an instant of that day: exp less one second. */
static inline int64_t
claims_last_s(const struct claims *c)
{
	return c->exp_s - 1;
}

/* Validity begins here. */
static inline int64_t
claims_from_s(const struct claims *c)
{
	return c->nbf_s > 0 ? c->nbf_s : c->iat_s;
}

#endif

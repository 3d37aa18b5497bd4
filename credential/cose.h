/*
 * COSE envelopes (RFC 9052) in exactly the shapes this system writes: COSE_Sign1 (4.2) for
 * credentials, acts and status tokens; COSE_Sign (4.1) for what several keys sign. Tagged; an
 * integer alg and an 8-byte kid, both protected; where the object has one, a typ (RFC 9596); the
 * unprotected map empty; a payload; signatures of 64 bytes. Any other header, protected or not, is
 * refused.
 *
 * Structure only: a parsed envelope is not a genuine one until key_verify() has agreed, and alg is
 * what the message says, never what is believed.
 */
#ifndef CREDENTIAL_COSE_H
#define CREDENTIAL_COSE_H

#include "core/buf.h"
#include "core/limits.h"

/* IANA COSE Algorithms, and one of its private-use range. */
#define COSE_ALG_ES256 (-7)       /* ECDSA P-256 with SHA-256, r||s */
#define COSE_ALG_SM2_SM3 (-70501) /* private use: SM2 with SM3 (GB/T 32918) */
#define COSE_KID_BYTES 8          /* SHA-256(SubjectPublicKeyInfo DER), first 8 */
#define COSE_SIGNATURE_BYTES 64

/* A signer's protected header and signature; spans are borrowed from the message. */
struct cose_signer {
	int64_t alg;
	struct span kid;       /* COSE_KID_BYTES */
	struct span header;    /* protected header, encoded */
	struct span signature; /* COSE_SIGNATURE_BYTES */
};

struct cose_sign1 {
	struct cose_signer signer;
	struct span payload;
};

struct cose_sign {
	struct span header; /* body's protected header, encoded: typ alone */
	struct span payload;
	size_t signers; /* 1 to LIMIT_COSE_SIGNERS */
	struct cose_signer signer[LIMIT_COSE_SIGNERS];
};

/*
 * Protected headers. typ is NULL for a credential (QC1), which has none. kid has COSE_KID_BYTES.
 */
void cose_header_encode(struct buf *out, int64_t alg, struct span kid, const char *typ);
void cose_body_header_encode(struct buf *out, const char *typ);

/*
 * The bytes a signature is made over: Sig_structure (RFC 9052 4.4). external_aad may be empty.
 * `header` is the protected header; for cose_sign the body's, and signer_header the signer's.
 */
void cose_sign1_to_be_signed(
    struct buf *out, struct span header, struct span external_aad, struct span payload);
void cose_sign_to_be_signed(struct buf *out, struct span header, struct span signer_header,
    struct span external_aad, struct span payload);

/* The whole message. Only header and signature of a signer are used: alg and kid are in the header.
 */
void cose_sign1_encode(struct buf *out, const struct cose_sign1 *m);
void cose_sign_encode(struct buf *out, const struct cose_sign *m);

/*
 *   out  spans borrowed from `in`
 *   in   exactly one message
 *   typ  the typ it must carry; NULL: it must carry none
 *
 * ERR_MALFORMED  anything else than the shape above
 * ERR_LIMIT      too deeply nested, or more than LIMIT_COSE_SIGNERS signatures
 */
MUST_CHECK bool cose_sign1_parse(
    struct cose_sign1 *out, struct span in, const char *typ, struct err *err);
MUST_CHECK bool cose_sign_parse(
    struct cose_sign *out, struct span in, const char *typ, struct err *err);

#endif

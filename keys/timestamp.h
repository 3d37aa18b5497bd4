/*
 * A time-stamp (RFC 3161): the token of an authority says that an imprint was there at a time. In a seal
 * the imprint is of the seal's signature (EN 319 122-1, signature-time-stamp).
 *
 * An authority counts only because the trust bundle lists its certificate, byte for byte; no X.509 path is
 * built. Of the other certificates in a token, which are for other people's readers, nothing is believed
 * and nothing asked: not one of their bytes is covered by the token's signature.
 */
#ifndef KEYS_TIMESTAMP_H
#define KEYS_TIMESTAMP_H

#include "core/buf.h"
#include "keys/trust.h"

#define TIMESTAMP_SKEW_S                                                                           \
	300 /* clocks of a bureau, an authority and a verifier may differ by this */

enum timestamp_answer {
	TIMESTAMP_UNDECIDED = 0, /* a zeroed answer is no yes; no memory to find out */
	TIMESTAMP_HOLDS,
	TIMESTAMP_FORM,      /* not a token of the form below */
	TIMESTAMP_UNLISTED,  /* by an authority that the bundle does not list */
	TIMESTAMP_SIGNATURE, /* the signature does not hold */
	TIMESTAMP_OTHER,     /* genuine, but over another imprint */
};

struct timestamp {
	int64_t time_s;               /* genTime, a fraction of a second cut off */
	const struct bundle_key *key; /* of the authority; state and dates are the caller's */
};

/*
 * Is `token` a time-stamp over this imprint? At most LIMIT_TIMESTAMP_BYTES of a TimeStampToken in DER; one
 * SignerInfo with SHA-256, 384 or 512 by RSA (PKCS #1 v1.5, at least 2,048 bits) or by ECDSA on P-256, 384
 * or 521; its certificate in it, named by signing-certificate or signing-certificate-v2, and good for
 * time-stamping (a critical extended key usage) and for nothing else; no revocation list, no unsigned
 * attribute, no critical extension; an imprint by SHA-256. A SHA-1 in signing-certificate decides nothing:
 * the certificate is the one listed.
 *
 *   out  set with TIMESTAMP_HOLDS only, else zeroed
 *   t    holds a bundle
 *   why  a sentence for evidence, for any other answer; may be NULL
 */
MUST_CHECK enum timestamp_answer timestamp_check(struct timestamp *out, const struct trust *t,
    const uint8_t imprint[SHA256_BYTES], struct span token, struct err *why);

/*
 * Could a certificate that was proposed at iat_s bear this time-stamp now? Not one made before it, nor one
 * from the future; TIMESTAMP_SKEW_S either way.
 */
bool timestamp_fits(const struct timestamp *stamp, int64_t iat_s, int64_t now_s);

/*
 * What a trust bundle says of an authority's certificate: the kid, and as algorithm what COSE calls its
 * key with the digest of its size (RS256, ES256, ES384, ES512).
 * ERR_MALFORMED  not an X.509 certificate in DER
 * ERR_REFUSED    not one that timestamp_check() could accept
 */
MUST_CHECK bool timestamp_list(struct bundle_key *out, struct span certificate, struct err *err);

/* Append what a listed authority calls itself: its certificate's common name, else its organisation. */
void timestamp_authority(struct buf *out, struct span certificate);

#endif

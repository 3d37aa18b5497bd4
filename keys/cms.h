/*
 * The seal of a certificate: CMS SignedData (RFC 5652), detached, CAdES baseline B, or T where it has a
 * time-stamp (EN 319 122-1), in the one form our issuer writes. A digest check alone leaves room for altered
 * files, so there is no room: from the listed certificate, the sealed bytes, the signature and the token of
 * the time-stamp follows every byte of the seal, and it is compared with that. Nothing in it is searched
 * for, parsed by OpenSSL or believed, but for that token, which timestamp_check() judges.
 */
#ifndef KEYS_CMS_H
#define KEYS_CMS_H

#include "keys/timestamp.h"

enum cms_answer {
	CMS_UNDECIDED = 0, /* a zeroed answer is no yes; no memory to find out */
	CMS_SEALED,
	CMS_FORM,              /* not the one form */
	CMS_UNLISTED,          /* sealed with a certificate the bundle does not list */
	CMS_CHANGED,           /* a genuine seal, but of other bytes: the file was changed */
	CMS_SIGNATURE,         /* the signature does not hold */
	CMS_TIMESTAMP,         /* the signature holds, the time-stamp over it does not */
	CMS_TIMESTAMP_UNLISTED /* and is by an authority the bundle does not list */
};

struct cms_seal {
	const struct bundle_key
	    *key; /* the listed seal certificate; state and dates are the caller's */
	struct timestamp timestamp; /* so are its authority's; without a key there there is none */
};

/*
 * Is `der` the seal over the bytes whose SHA-256 this is? One SignerInfo over SHA-256 by ECDSA P-256 with low s; signed
 * attributes content-type, message-digest and signing-certificate-v2 and no other; the listed seal
 * certificate and no other; no unsigned attribute but one signature-time-stamp with one token, over the
 * signature; DER.
 *
 *   out  set with CMS_SEALED only, else zeroed
 *   why  a sentence for evidence, for any other answer; may be NULL
 */
MUST_CHECK enum cms_answer cms_check(struct cms_seal *out, const struct trust *t,
    const uint8_t digest[SHA256_BYTES], struct span der, struct err *why);

#endif

/*
 * The seal of a certificate: CMS SignedData (RFC 5652), detached, CAdES baseline (EN 319 122-1), in the
 * one canonical form our issuer writes. OpenSSL parses; every rule about form is checked here, since a
 * digest check alone leaves room for altered files.
 */
#ifndef KEYS_CMS_H
#define KEYS_CMS_H

#include "keys/trust.h"

enum cms_answer {
	CMS_UNDECIDED = 0,
	CMS_SEALED,
	CMS_FORM,      /* not the canonical form */
	CMS_UNLISTED,  /* sealed with a certificate the bundle does not list */
	CMS_CHANGED,   /* the file is not the one that was sealed */
	CMS_SIGNATURE, /* the signature does not hold */
	CMS_STAMP      /* the time-stamp does not hold */
};

struct cms_seal {
	const struct bundle_key
	    *key; /* the listed seal certificate; state and dates are the caller's to judge */
	bool stamped;
	int64_t stamped_s; /* time of the time-stamp, when stamped */
};

/*
 * Is `der` the seal over part_1 || part_2? One SignerInfo over SHA-256 by ECDSA P-256 with low s; signed
 * attributes content-type, message-digest and signing-certificate-v2 and no other; certificates: the
 * sealing one, or it and the bundle's reader CA; unsigned attributes: none, or one signature time-stamp
 * (RFC 3161) by a listed TSA; DER that re-encodes to itself.
 *
 *   why  a sentence for evidence, for any other answer than CMS_SEALED
 */
MUST_CHECK enum cms_answer cms_check(struct cms_seal *out, const struct trust *t,
    struct span part_1, struct span part_2, struct span der, struct err *why);

#endif

/*
 * Making the seal of a certificate: CMS SignedData (RFC 5652), detached, CAdES baseline B (EN 319 122-1),
 * without a signing-time attribute. keys/cms.h judges what this makes, with other code.
 */
#ifndef KEYS_SEAL_H
#define KEYS_SEAL_H

#include "keys/signer.h"

/*
 * Append the DER of the seal over part_1 || part_2. Its signature was verified; the form is for
 * cms_check() to judge.
 *   certificate  X.509 DER of the signer's key; the only one that goes into the seal
 * ERR_REFUSED  the certificate is of another key
 * ERR_CRYPTO, ERR_MEMORY
 */
MUST_CHECK bool seal_make(struct buf *out, const struct signer *s, struct span certificate,
    struct span part_1, struct span part_2, struct err *err);

#endif

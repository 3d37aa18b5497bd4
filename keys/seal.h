/*
 * Making the seal of a certificate: CMS SignedData (RFC 5652), detached, CAdES baseline B, or T with a
 * time-stamp (EN 319 122-1), without a signing-time attribute. keys/cms.h judges what this makes, with other code.
 */
#ifndef KEYS_SEAL_H
#define KEYS_SEAL_H

#include "credential/sha256.h"
#include "keys/signer.h"

/*
 * Who time-stamps: nothing here knows a network. Called once, when the signature is made, with the SHA-256
 * of its octets.
 *   token  empty; to be filled with a TimeStampToken in DER that timestamp_check() accepts under the trust
 *          the seal is made for (nothing here has it), or left empty: then the seal has no time-stamp
 * False with `err`: there will be no seal.
 */
struct seal_stamper {
	bool (*stamp)(
	    struct buf *token, void *ctx, const uint8_t imprint[SHA256_BYTES], struct err *err);
	void *ctx;
};

/* A key that seals, with its certificate. Threads may share it. */
struct sealer;

/*
 *   out          new object; sealer_free(). NULL on failure
 *   key          borrowed; must outlive it
 *   certificate  X.509 DER of the key; the only one that goes into its seals
 * ERR_REFUSED  the certificate is of another key
 * ERR_CRYPTO, ERR_MEMORY
 */
MUST_CHECK bool sealer_new(
    struct sealer **out, const struct signer *key, struct span certificate, struct err *err);
void sealer_free(struct sealer *s);

/*
 * Append the DER of the seal over part_1 || part_2. Its signature was verified; the form is for
 * cms_check() to judge.
 *   stamper  NULL: no time-stamp
 * ERR_CRYPTO, ERR_MEMORY
 */
MUST_CHECK bool seal_make(struct buf *out, const struct sealer *s, struct span part_1,
    struct span part_2, const struct seal_stamper *stamper, struct err *err);

#endif

/* The one place where a credential is signed: it takes two officers' agreement and nothing else. */
#ifndef ISSUER_CREDENTIAL_SIGN_H
#define ISSUER_CREDENTIAL_SIGN_H

#include "keys/signer.h"
#include "registry/quorum.h"

/*
 * Append the QC1 over the claims agreed to. ERR_CRYPTO, ERR_LIMIT (longer than LIMIT_QC1_BYTES).
 */
MUST_CHECK bool credential_sign(struct buf *out, const struct quorum *agreement,
    const struct signer *credential_key, struct err *err);

#endif

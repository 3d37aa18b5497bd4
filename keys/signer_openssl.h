/* Inside of a signer, for the files of this library that make signatures with OpenSSL. */
#ifndef KEYS_SIGNER_OPENSSL_H
#define KEYS_SIGNER_OPENSSL_H

#include "keys/key.h"
#include "keys/signer.h"

#include <openssl/evp.h>

struct signer {
	enum signer_kind kind;
	EVP_PKEY *pkey;       /* owned */
	struct key *verifier; /* SIGNER_ES256: the public key, parsed anew; owned */
	struct buf spki;
	uint8_t kid[COSE_KID_BYTES];
};

/* Takes `pkey` over, whatever comes of it. ERR_MALFORMED: a key of neither kind. */
MUST_CHECK bool signer_new(struct signer **out, EVP_PKEY *pkey, struct err *err);

/* ECDSA over SHA-256 of the message, r || s, low s, verified. */
MUST_CHECK bool signer_ecdsa(uint8_t out[COSE_SIGNATURE_BYTES], const struct signer *s,
    struct span message, struct err *err);

/* "WHAT: REASON" of OpenSSL's last error, whose queue is emptied. Always false. */
bool crypto_failed(struct err *err, const char *what);

#endif

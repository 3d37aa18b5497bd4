/*
 * A private key in use. Every signature is verified with the public key before it is handed out: a bit that
 * flipped in a chip must not leave the machine. Only the library `signer` holds private keys; the verifier
 * does not link it.
 *
 * A signer says nothing of what it may be used for: that is the trust bundle's to say. Threads may share one.
 */
#ifndef KEYS_SIGNER_H
#define KEYS_SIGNER_H

#include "core/buf.h"
#include "credential/cose.h"

#define SIGNER_ED25519_BYTES 32

enum signer_kind {
	SIGNER_NONE = 0,
	SIGNER_ES256,  /* ECDSA P-256 with SHA-256: everything but the log */
	SIGNER_ED25519 /* the log's notes */
};

struct signer; /* opened by keys/key_file.h */

/* A new random key, on no disk yet. ERR_CRYPTO. */
MUST_CHECK bool signer_generate(struct signer **out, enum signer_kind kind, struct err *err);
/* Wipes the key. */
void signer_free(struct signer *s);

enum signer_kind signer_kind(const struct signer *s);
/* SubjectPublicKeyInfo, DER; borrowed. */
struct span signer_spki(const struct signer *s);
/* First COSE_KID_BYTES of SHA-256 of it; borrowed. */
struct span signer_kid(const struct signer *s);
/* The public key alone, of SIGNER_ED25519. */
void signer_ed25519(uint8_t out[SIGNER_ED25519_BYTES], const struct signer *s);

/*
 * Append a COSE_Sign1 (RFC 9052 4.2), ES256 with low s.
 *   typ           NULL for a credential, which has none
 *   external_aad  may be empty; of an act the bureau's id
 * ERR_CRYPTO, ERR_MEMORY, ERR_USAGE (a key of another kind)
 */
MUST_CHECK bool signer_sign1(struct buf *out, const struct signer *s, const char *typ,
    struct span payload, struct span external_aad, struct err *err);

/* Append a COSE_Sign (RFC 9052 4.1) with this one signature. */
MUST_CHECK bool signer_sign(
    struct buf *out, const struct signer *s, const char *typ, struct span payload, struct err *err);
/*
 * Append the COSE_Sign `file` with one signature more. ERR_CONFLICT: this key has signed it already.
 * ERR_LIMIT: LIMIT_COSE_SIGNERS have.
 */
MUST_CHECK bool signer_sign_too(
    struct buf *out, const struct signer *s, const char *typ, struct span file, struct err *err);

/*
 * Append a signed note (C2SP): the text, which ends in LF, a blank line, and the signature of this
 * SIGNER_ED25519 under `name`.
 */
MUST_CHECK bool signer_note(
    struct buf *out, const struct signer *s, struct span name, struct span text, struct err *err);

#endif

/*
 * A public key and its one algorithm, never parted. The algorithm comes from the key; the message must
 * agree, never the reverse.
 */
#ifndef KEYS_KEY_H
#define KEYS_KEY_H

#include "core/err.h"
#include "credential/cose.h"
#include "credential/sha256.h"

#define KEY_ED25519_BYTES 32

struct key;

/*
 * Parse a key once, to be used often. Only ECDSA on the named curve P-256 (ES256), uncompressed: explicit
 * curve parameters, other curves, other algorithms and other encodings are refused, so that one key has one
 * kid.
 *
 *   out   new object; key_free(). NULL on failure. Threads may share it.
 *   spki  SubjectPublicKeyInfo, DER, exactly
 *
 * ERR_REFUSED    a key of another kind, curve or encoding
 * ERR_MALFORMED  not a point of the curve; not a certificate
 */
MUST_CHECK bool key_from_spki(struct key **out, struct span spki, struct err *err);
/* The key in an X.509 certificate. Nothing else of the certificate is believed. As above. */
MUST_CHECK bool key_from_x509(struct key **out, struct span der, struct err *err);
void key_free(struct key *key);

/* SHA-256 of the SubjectPublicKeyInfo; its first COSE_KID_BYTES are the kid. Borrowed. */
const uint8_t *key_hash(const struct key *key);
struct span key_kid(const struct key *key);
int64_t key_alg(const struct key *key);
bool key_same(const struct key *a, const struct key *b);
/* Is it the key of this SubjectPublicKeyInfo? */
bool key_is(const struct key *key, struct span spki);

enum key_answer {
	KEY_UNDECIDED = 0, /* no memory to find out: neither yes nor no */
	KEY_HOLDS,
	KEY_FAILS
};

/*
 * Is this the signature of this key over the message? ES256: r || s, 32 bytes each, both in 1..n-1,
 * s in the lower half, since the other half would be a second signature of the same message.
 */
MUST_CHECK enum key_answer key_verify(
    const struct key *key, struct span message, struct span signature);
/* The same, of the message whose SHA-256 this is. */
MUST_CHECK enum key_answer key_verify_hash(
    const struct key *key, const uint8_t hash[SHA256_BYTES], struct span signature);

/* Ed25519 (RFC 8032): notes of the log and of witnesses. */
bool key_verify_ed25519(
    const uint8_t public_key[KEY_ED25519_BYTES], struct span message, struct span signature);

#endif

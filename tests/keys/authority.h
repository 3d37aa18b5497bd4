/*
 * A time-stamping authority in memory: a key, its certificate, and tokens as one is supposed to make them.
 * The mistakes are for the tests to make. Fails by aborting.
 */
#ifndef TESTS_KEYS_AUTHORITY_H
#define TESTS_KEYS_AUTHORITY_H

#include "credential/sha256.h"
#include "tests/keys/bureau.h"

#include <openssl/pkcs7.h>
#include <openssl/x509.h>

struct authority {
	EVP_PKEY *key, *ca_key;
	X509 *certificate, *ca;
	struct buf der; /* of the certificate */
};

/* How an authority may differ from a usual one; zeros: ECDSA on P-256, its CA not in tokens. */
struct authority_kind {
	unsigned rsa_bits; /* an RSA key instead */
	const char *curve;
	const char *uses; /* extended key usage, as OpenSSL writes it; "": none */
	bool with_ca;     /* a token carries the CA's certificate, too */
};

struct authority *authority_new(const struct authority_kind *kind);
void authority_free(struct authority *a);

/* Append a TSTInfo over an imprint. */
void authority_info(struct buf *out, const uint8_t imprint[SHA256_BYTES], int64_t time_s);
/* A token over any content, signed with this digest; PKCS7_free() it. */
PKCS7 *authority_sign(const struct authority *a, struct span info, const char *digest);
/* After something signed was changed: the message digest and the signature anew. */
void authority_sign_again(const struct authority *a, PKCS7 *token);
/* Append its DER. */
void authority_der(struct buf *out, PKCS7 *token);
/* All of it. */
void authority_token(struct buf *out, const struct authority *a,
    const uint8_t imprint[SHA256_BYTES], int64_t time_s);

/* The bureau's next bundle, adopted, lists it from BUREAU_FROM_S until BUREAU_UNTIL_S. */
void authority_list(struct bureau *b, const struct authority *a);

#endif

#include "keys/key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <stdlib.h>

#define P256_BYTES 32

struct key {
	EVP_PKEY *pkey; /* owned; P-256 */
	uint8_t kid[COSE_KID_BYTES];
};

/* The order of P-256 (SEC 2, 2.4.2), and its half: s above it is the twin of a signature below. */
static const uint8_t order[P256_BYTES] = { 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84,
	0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51 };
static const uint8_t half_order[P256_BYTES] = { 0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00,
	0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf,
	0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8 };

static const uint8_t zero[P256_BYTES];

/* Named curve P-256 and nothing that only looks like it (CVE-2020-0601). */
static bool
is_named_p256(EVP_PKEY *pkey)
{
	char group[32] = "", encoding[32] = "";
	return EVP_PKEY_is_a(pkey, "EC") == 1 &&
	    EVP_PKEY_get_utf8_string_param(
		pkey, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL) == 1 &&
	    EVP_PKEY_get_utf8_string_param(
		pkey, OSSL_PKEY_PARAM_EC_ENCODING, encoding, sizeof encoding, NULL) == 1 &&
	    strcmp(group, "prime256v1") == 0 && strcmp(encoding, OSSL_PKEY_EC_ENCODING_GROUP) == 0;
}

/* Takes `pkey` over, whatever comes of it. */
static bool
key_new(struct key **out, EVP_PKEY *pkey, struct span spki, struct err *err)
{
	uint8_t hash[SHA256_BYTES];
	struct key *key = NULL;

	if (!is_named_p256(pkey)) {
		EVP_PKEY_free(pkey);
		return err_set(err, ERR_REFUSED, "the key is not ECDSA on the named curve P-256");
	}
	key = calloc(1, sizeof *key);
	if (key == NULL) {
		EVP_PKEY_free(pkey);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	sha256(hash, spki);
	memcpy(key->kid, hash, sizeof key->kid);
	key->pkey = pkey;
	*out = key;
	return true;
}

bool
key_from_spki(struct key **out, struct span spki, struct err *err)
{
	const unsigned char *at = spki.ptr;

	*out = NULL;
	EVP_PKEY *pkey = spki.len > 0 ? d2i_PUBKEY(NULL, &at, (long)spki.len) : NULL;
	ERR_clear_error();
	if (pkey == NULL || at != spki.ptr + spki.len) {
		EVP_PKEY_free(pkey);
		return err_set(err, ERR_MALFORMED, "not a public key (SubjectPublicKeyInfo, DER)");
	}
	return key_new(out, pkey, spki, err);
}

bool
key_from_x509(struct key **out, struct span der, struct err *err)
{
	const unsigned char *at = der.ptr;
	unsigned char *spki = NULL;
	int spki_len = 0;
	bool ok = false;

	*out = NULL;
	X509 *cert = der.len > 0 ? d2i_X509(NULL, &at, (long)der.len) : NULL;
	if (cert == NULL || at != der.ptr + der.len) {
		err_set(err, ERR_MALFORMED, "not an X.509 certificate (DER)");
		goto out;
	}
	spki_len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &spki);
	EVP_PKEY *pkey = X509_get_pubkey(cert);
	if (spki_len <= 0 || pkey == NULL) {
		EVP_PKEY_free(pkey);
		err_set(err, ERR_MALFORMED, "the certificate's key cannot be read");
		goto out;
	}
	ok = key_new(out, pkey, span_of(spki, (size_t)spki_len), err);
out:
	ERR_clear_error();
	OPENSSL_free(spki);
	X509_free(cert);
	return ok;
}

void
key_free(struct key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

struct span
key_kid(const struct key *key)
{
	return span_of(key->kid, sizeof key->kid);
}

int64_t
key_alg(const struct key *key)
{
	(void)key; /* one algorithm so far; a second gets a field */
	return COSE_ALG_ES256;
}

/* r and s in 1..n-1, s at most n/2; CVE-2022-21449 was a verifier that did not look. */
static bool
in_range(const uint8_t *r, const uint8_t *s)
{
	return memcmp(r, zero, P256_BYTES) != 0 && memcmp(s, zero, P256_BYTES) != 0 &&
	    memcmp(r, order, P256_BYTES) < 0 && memcmp(s, half_order, P256_BYTES) <= 0;
}

static int
signature_der(unsigned char **der, const uint8_t *r, const uint8_t *s)
{
	int len = -1;
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *br = BN_bin2bn(r, P256_BYTES, NULL), *bs = BN_bin2bn(s, P256_BYTES, NULL);

	if (sig != NULL && br != NULL && bs != NULL && ECDSA_SIG_set0(sig, br, bs) == 1) {
		br = bs = NULL; /* now the signature's */
		len = i2d_ECDSA_SIG(sig, der);
	}
	BN_free(br);
	BN_free(bs);
	ECDSA_SIG_free(sig);
	return len;
}

bool
key_verify(const struct key *key, struct span message, struct span signature)
{
	uint8_t digest[SHA256_BYTES];
	unsigned char *der = NULL;
	bool ok = false;

	if (signature.len != COSE_SIGNATURE_BYTES ||
	    !in_range(signature.ptr, signature.ptr + P256_BYTES))
		return false;
	const int der_len = signature_der(&der, signature.ptr, signature.ptr + P256_BYTES);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key->pkey, NULL);
	if (der_len > 0 && ctx != NULL && EVP_PKEY_verify_init(ctx) == 1) {
		sha256(digest, message);
		ok = EVP_PKEY_verify(ctx, der, (size_t)der_len, digest, sizeof digest) == 1;
	}
	ERR_clear_error();
	EVP_PKEY_CTX_free(ctx);
	OPENSSL_free(der);
	return ok;
}

bool
key_verify_ed25519(
    const uint8_t public_key[KEY_ED25519_BYTES], struct span message, struct span signature)
{
	bool ok = false;
	EVP_PKEY *pkey =
	    EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, KEY_ED25519_BYTES);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (pkey != NULL && ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1)
		ok = EVP_DigestVerify(
			 ctx, signature.ptr, signature.len, message.ptr, message.len) == 1;
	ERR_clear_error();
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return ok;
}

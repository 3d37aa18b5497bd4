#include "keys/key.h"

#include "keys/der.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <stdatomic.h>
#include <stdlib.h>

#define P256_BYTES 32
#define UNCOMPRESSED 0x04 /* SEC 1, 2.3.3: x and y follow */

#define SPARES 4 /* contexts kept ready: as many threads use a key at once without making one */

struct spares {
	_Atomic(EVP_PKEY_CTX *) ctx[SPARES]; /* NULL: in use, or not yet made */
};

struct key {
	EVP_PKEY *pkey; /* owned; P-256 */
	struct spares *spares;
	uint8_t spki_hash[SHA256_BYTES];
};

/*
 * SubjectPublicKeyInfo of ECDSA on the named curve P-256 (RFC 5480 2), up to the point. There is one
 * encoding of a key and no other: explicit curve parameters that only look like P-256 (CVE-2020-0601) and
 * a second name for a key that is listed already are kept out by comparing bytes.
 */
static const uint8_t p256_prefix[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce,
	0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42,
	0x00, UNCOMPRESSED };

#define P256_SPKI_BYTES (sizeof p256_prefix + 2 * P256_BYTES)
#define POINT_AT (sizeof p256_prefix - 1) /* with its first byte, UNCOMPRESSED */
#define POINT_BYTES (1 + 2 * P256_BYTES)

/* The order of P-256 (SEC 2, 2.4.2), and its half: s above it is the twin of a signature below. */
static const uint8_t order[P256_BYTES] = { 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84,
	0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51 };
static const uint8_t half_order[P256_BYTES] = { 0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00,
	0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf,
	0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8 };

static const uint8_t zero[P256_BYTES];

#define DER_INTEGER 0x02
#define DER_SEQUENCE 0x30
#define SIGNATURE_DER_BYTES (2 + 2 * (2 + 1 + P256_BYTES)) /* at most */

/* The key of a point; NULL if it is not on the curve. A fifth of what d2i_PUBKEY() costs. */
static EVP_PKEY *
from_point(struct span point)
{
	char group[] = "prime256v1";
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group - 1),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)point.ptr, point.len),
		OSSL_PARAM_END,
	};
	EVP_PKEY *pkey = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

bool
key_from_spki(struct key **out, struct span spki, struct err *err)
{
	struct key *key = NULL;

	*out = NULL;
	if (spki.len != P256_SPKI_BYTES || memcmp(spki.ptr, p256_prefix, sizeof p256_prefix) != 0)
		return err_set(err, ERR_REFUSED,
		    "not a public key for ECDSA on the named curve P-256, in its one encoding");
	EVP_PKEY *pkey = from_point(span_of(spki.ptr + POINT_AT, POINT_BYTES));
	ERR_clear_error();
	if (pkey == NULL)
		return err_set(err, ERR_MALFORMED, "the public key is no point of the curve P-256");
	key = calloc(1, sizeof *key);
	if (key == NULL || (key->spares = calloc(1, sizeof *key->spares)) == NULL) {
		EVP_PKEY_free(pkey);
		free(key);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	sha256(key->spki_hash, spki);
	key->pkey = pkey;
	*out = key;
	return true;
}

/* Certificate and TBSCertificate up to the key (RFC 5280 4.1), which is a twentieth of what d2i_X509() costs. */
static struct span
spki_of(struct cursor *whole, struct cursor *certificate, struct cursor *tbs)
{
	*certificate = cursor_over(der_take(whole, DER_SEQUENCE));
	*tbs = cursor_over(der_take(certificate, DER_SEQUENCE));
	(void)der_take(tbs, DER_CONTEXT_0); /* version */
	(void)der_take(tbs, DER_INTEGER);   /* serial number */
	(void)der_take(tbs, DER_SEQUENCE);  /* algorithm */
	(void)der_take(tbs, DER_SEQUENCE);  /* issuer */
	(void)der_take(tbs, DER_SEQUENCE);  /* validity */
	(void)der_take(tbs, DER_SEQUENCE);  /* subject */
	return der_take_whole(tbs, DER_SEQUENCE);
}

bool
key_from_x509(struct key **out, struct span der, struct err *err)
{
	struct cursor whole = cursor_over(der), certificate, tbs;
	const struct span spki = spki_of(&whole, &certificate, &tbs);

	*out = NULL;
	if (!cursor_done(&whole) || certificate.bad || tbs.bad)
		return err_set(err, ERR_MALFORMED, "not an X.509 certificate in DER");
	return key_from_spki(out, spki, err);
}

void
key_free(struct key *key)
{
	if (key == NULL)
		return;
	for (size_t i = 0; i < SPARES; i++)
		EVP_PKEY_CTX_free(key->spares->ctx[i]);
	free(key->spares);
	EVP_PKEY_free(key->pkey);
	free(key);
}

const uint8_t *
key_hash(const struct key *key)
{
	return key->spki_hash;
}

struct span
key_kid(const struct key *key)
{
	return span_of(key->spki_hash, COSE_KID_BYTES);
}

bool
key_same(const struct key *a, const struct key *b)
{
	return memcmp(a->spki_hash, b->spki_hash, SHA256_BYTES) == 0;
}

bool
key_is(const struct key *key, struct span spki)
{
	uint8_t hash[SHA256_BYTES];

	sha256(hash, spki);
	return memcmp(key->spki_hash, hash, SHA256_BYTES) == 0;
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

/* One INTEGER of DER: the shortest form, and never negative. */
static size_t
put_integer(uint8_t *der, const uint8_t v[P256_BYTES])
{
	size_t skip = 0;
	while (v[skip] == 0) /* v is not zero: in_range() */
		skip++;
	const bool pad = v[skip] >= 0x80;
	const size_t len = P256_BYTES - skip;
	der[0] = DER_INTEGER;
	der[1] = (uint8_t)(len + pad);
	der[2] = 0;
	memcpy(der + 2 + pad, v + skip, len);
	return 2 + pad + len;
}

/* ECDSA-Sig-Value (SEC 1, C.5) of r and s. */
static size_t
signature_der(uint8_t der[SIGNATURE_DER_BYTES], const uint8_t *r, const uint8_t *s)
{
	size_t len = 2 + put_integer(der + 2, r);
	len += put_integer(der + len, s);
	der[0] = DER_SEQUENCE;
	der[1] = (uint8_t)(len - 2);
	return len;
}

/* A context costs a tenth of a verification. */
static EVP_PKEY_CTX *
take_context(const struct key *key)
{
	EVP_PKEY_CTX *ctx = NULL;

	for (size_t i = 0; i < SPARES && ctx == NULL; i++)
		ctx = atomic_exchange(&key->spares->ctx[i], NULL);
	if (ctx != NULL)
		return ctx;
	ctx = EVP_PKEY_CTX_new(key->pkey, NULL);
	if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1)
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

static void
give_back(const struct key *key, EVP_PKEY_CTX *ctx)
{
	for (size_t i = 0; i < SPARES && ctx != NULL; i++) {
		EVP_PKEY_CTX *none = NULL;
		if (atomic_compare_exchange_strong(&key->spares->ctx[i], &none, ctx))
			return;
	}
	EVP_PKEY_CTX_free(ctx);
}

enum key_answer
key_verify_hash(const struct key *key, const uint8_t hash[SHA256_BYTES], struct span signature)
{
	uint8_t der[SIGNATURE_DER_BYTES];
	int holds = -1; /* in OpenSSL's words: 1 yes, 0 no, else it could not tell */

	if (signature.len != COSE_SIGNATURE_BYTES ||
	    !in_range(signature.ptr, signature.ptr + P256_BYTES))
		return KEY_FAILS;
	const size_t len = signature_der(der, signature.ptr, signature.ptr + P256_BYTES);
	EVP_PKEY_CTX *ctx = take_context(key);
	if (ctx != NULL)
		holds = EVP_PKEY_verify(ctx, der, len, hash, SHA256_BYTES);
	ERR_clear_error();
	give_back(key, ctx);
	return holds == 1 ? KEY_HOLDS : holds == 0 ? KEY_FAILS : KEY_UNDECIDED;
}

enum key_answer
key_verify(const struct key *key, struct span message, struct span signature)
{
	uint8_t hash[SHA256_BYTES];

	sha256(hash, message);
	return key_verify_hash(key, hash, signature);
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

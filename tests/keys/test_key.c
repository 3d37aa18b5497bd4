#include "core/encode.h"
#include "keys/key.h"
#include "keys/signer_openssl.h"
#include "tests/test.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>

#define MESSAGE "what was signed"

/* The order of P-256. */
#define ORDER "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"
#define ONE "0000000000000000000000000000000000000000000000000000000000000001"
/* Half of it, rounded down: the largest s we take. */
#define HALF "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8"
#define ABOVE_HALF "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9"

struct fixture {
	struct signer *signer;
	struct key *key;
	uint8_t signature[COSE_SIGNATURE_BYTES];
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	assert_true(signer_generate(&f->signer, SIGNER_ES256, NULL));
	assert_true(key_from_spki(&f->key, signer_spki(f->signer), NULL));
	assert_true(signer_ecdsa(f->signature, f->signer, span_text(MESSAGE), NULL));
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	key_free(f->key);
	signer_free(f->signer);
	free(f);
	return 0;
}

static bool
verifies(const struct fixture *f, struct span message, struct span signature)
{
	return key_verify(f->key, message, signature) == KEY_HOLDS;
}

static void
a_signature_holds_for_its_message_only(void **state)
{
	struct fixture *f = *state;
	struct span signature = span_of(f->signature, sizeof f->signature);

	assert_true(verifies(f, span_text(MESSAGE), signature));
	assert_false(verifies(f, span_text(MESSAGE "."), signature));
	assert_false(verifies(f, span_of(NULL, 0), signature));
	for (size_t bit = 0; bit < 8 * sizeof f->signature; bit++) {
		f->signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(verifies(f, span_text(MESSAGE), signature));
		f->signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_true(verifies(f, span_text(MESSAGE), signature));
}

static void
threat_11_signatures_outside_the_range_are_refused(void **state)
{
	static const struct {
		const char *mistake, *r, *s;
	} rows[] = {
		{ "r = s = 0, which any key once accepted", ZERO, ZERO },
		{ "r = 0", ZERO, ONE },
		{ "s = 0", ONE, ZERO },
		{ "r = n", ORDER, ONE },
		{ "s = n", ONE, ORDER },
		{ "r = n, s = n", ORDER, ORDER },
		{ "s in the upper half", ONE, ABOVE_HALF },
		{ "s at the end of the lower half, of another message", ONE, HALF },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t sig[COSE_SIGNATURE_BYTES];
		assert_true(hex_decode(sig, 32, span_text(rows[i].r), NULL));
		assert_true(hex_decode(sig + 32, 32, span_text(rows[i].s), NULL));
		CHECK_ROW(
		    !verifies(f, span_text(MESSAGE), span_of(sig, sizeof sig)), rows[i].mistake);
	}
}

static void
threat_11_the_twin_of_a_signature_is_refused(void **state)
{
	struct fixture *f = *state;
	BIGNUM *n = NULL, *s = BN_bin2bn(f->signature + 32, 32, NULL);

	assert_true(BN_hex2bn(&n, ORDER) > 0);
	assert_int_equal(BN_sub(s, n, s), 1);
	assert_int_equal(BN_bn2binpad(s, f->signature + 32, 32), 32);
	assert_false(verifies(f, span_text(MESSAGE), span_of(f->signature, sizeof f->signature)));
	BN_free(s);
	BN_free(n);
}

static void
a_signature_of_another_length_is_none(void **state)
{
	const struct fixture *f = *state;
	uint8_t longer[COSE_SIGNATURE_BYTES + 1] = { 0 };

	memcpy(longer, f->signature, sizeof f->signature);
	assert_false(verifies(f, span_text(MESSAGE), span_of(NULL, 0)));
	assert_false(verifies(f, span_text(MESSAGE), span_of(f->signature, 63)));
	assert_false(verifies(f, span_text(MESSAGE), span_of(longer, sizeof longer)));
}

static void
our_own_signatures_always_have_a_low_s(void **state)
{
	const struct fixture *f = *state;
	uint8_t half[32], sig[COSE_SIGNATURE_BYTES];

	assert_true(hex_decode(half, sizeof half, span_text(HALF), NULL));
	for (int i = 0; i < 64; i++) {
		assert_true(signer_ecdsa(sig, f->signer, span_text(MESSAGE), NULL));
		assert_true(memcmp(sig + 32, half, sizeof half) <= 0);
	}
}

static void
a_kid_is_the_hash_of_the_public_key(void **state)
{
	const struct fixture *f = *state;
	uint8_t hash[SHA256_BYTES];

	sha256(hash, signer_spki(f->signer));
	assert_memory_equal(key_kid(f->key).ptr, hash, COSE_KID_BYTES);
	assert_memory_equal(signer_kid(f->signer).ptr, hash, COSE_KID_BYTES);
	assert_int_equal(key_alg(f->key), COSE_ALG_ES256);
	assert_true(key_is(f->key, signer_spki(f->signer)));
}

/* ---- keys that are not taken ---- */

static EVP_PKEY *
explicit_parameters(void)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	assert_int_equal(
	    EVP_PKEY_set_utf8_string_param(pkey, "encoding", OSSL_PKEY_EC_ENCODING_EXPLICIT), 1);
	return pkey;
}

static EVP_PKEY *
compressed_point(void)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	assert_int_equal(EVP_PKEY_set_utf8_string_param(pkey, "point-format", "compressed"), 1);
	return pkey;
}

static EVP_PKEY *
other_curve(void)
{
	return EVP_EC_gen("P-384");
}

static EVP_PKEY *
koblitz_curve(void)
{
	return EVP_EC_gen("secp256k1");
}

static EVP_PKEY *
rsa(void)
{
	return EVP_RSA_gen(1024);
}

static EVP_PKEY *
ed25519(void)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

static void
threats_12_and_16_keys_of_another_kind_are_refused(void **state)
{
	static const struct {
		const char *kind;
		EVP_PKEY *(*make)(void);
	} rows[] = {
		{ "P-256 with its parameters spelled out", explicit_parameters },
		{ "P-256 with a compressed point: a second name of the key", compressed_point },
		{ "P-384", other_curve },
		{ "secp256k1", koblitz_curve },
		{ "RSA with 1024 bits", rsa },
		{ "Ed25519", ed25519 },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct key *key = NULL;
		unsigned char *der = NULL;
		EVP_PKEY *pkey = rows[i].make();
		int len = i2d_PUBKEY(pkey, &der);
		CHECK_ROW(len > 0, rows[i].kind);
		CHECK_ROW(!key_from_spki(&key, span_of(der, (size_t)len), &err), rows[i].kind);
		CHECK_ROW(key == NULL && err.code == ERR_REFUSED, rows[i].kind);
		OPENSSL_free(der);
		EVP_PKEY_free(pkey);
	}
}

static void
every_change_of_a_public_key_is_another_key_or_none(void **state)
{
	const struct fixture *f = *state;
	struct span spki = signer_spki(f->signer);
	uint8_t copy[128];

	assert_true(spki.len + 1 < sizeof copy);
	memcpy(copy, spki.ptr, spki.len);
	for (size_t bit = 0; bit < 8 * spki.len; bit++) {
		struct key *key = NULL;
		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (key_from_spki(&key, span_of(copy, spki.len), NULL))
			assert_false(key_same(key, f->key));
		key_free(key);
		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	struct key *key = NULL;
	assert_false(key_from_spki(&key, span_of(copy, spki.len - 1), NULL));
	assert_false(key_from_spki(&key, span_of(copy, spki.len + 1), NULL));
	assert_false(key_from_spki(&key, span_of(NULL, 0), NULL));
}

static void
a_point_beside_the_curve_is_malformed(void **state)
{
	const struct fixture *f = *state;
	struct span spki = signer_spki(f->signer);
	uint8_t copy[128];
	struct key *key = NULL;
	struct err err = { 0 };

	memcpy(copy, spki.ptr, spki.len);
	memset(copy + spki.len - 32, 0, 32);
	assert_false(key_from_spki(&key, span_of(copy, spki.len), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
}

static void
what_is_no_certificate_has_no_key(void **state)
{
	const struct fixture *f = *state;
	struct key *key = NULL;
	struct err err = { 0 };

	assert_false(key_from_x509(&key, signer_spki(f->signer), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	assert_false(key_from_x509(&key, span_of(NULL, 0), &err));
	assert_null(key);
}

/* RFC 8032 7.1, test 2. */
static void
ed25519_agrees_with_the_published_vector(void **state)
{
	uint8_t public_key[32], sig[64], message = 0x72;
	(void)state;

	assert_true(hex_decode(public_key, sizeof public_key,
	    span_text("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"), NULL));
	assert_true(hex_decode(sig, sizeof sig,
	    span_text("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
	    NULL));
	assert_true(key_verify_ed25519(public_key, span_of(&message, 1), span_of(sig, 64)));
	assert_false(key_verify_ed25519(public_key, span_of(&message, 1), span_of(sig, 63)));
	sig[0] ^= 1;
	assert_false(key_verify_ed25519(public_key, span_of(&message, 1), span_of(sig, 64)));
}

/* RFC 6979 A.2.5, P-256 with SHA-256, "sample": s lies in the upper half, so we take its twin. */
static void
ecdsa_agrees_with_the_published_vector(void **state)
{
	static const char spki_hex[] =
	    "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
	    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
	    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
	static const char r[] = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
	static const char s[] = "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
	uint8_t spki[91], sig[64];
	struct key *key = NULL;
	BIGNUM *n = NULL, *twin = NULL;
	(void)state;

	assert_true(hex_decode(spki, sizeof spki, span_text(spki_hex), NULL));
	assert_true(key_from_spki(&key, span_of(spki, sizeof spki), NULL));
	assert_true(hex_decode(sig, 32, span_text(r), NULL));
	assert_true(hex_decode(sig + 32, 32, span_text(s), NULL));
	assert_int_equal(key_verify(key, span_text("sample"), span_of(sig, 64)), KEY_FAILS);
	assert_true(BN_hex2bn(&n, ORDER) > 0 && BN_hex2bn(&twin, s) > 0);
	assert_int_equal(BN_sub(twin, n, twin), 1);
	assert_int_equal(BN_bn2binpad(twin, sig + 32, 32), 32);
	assert_int_equal(key_verify(key, span_text("sample"), span_of(sig, 64)), KEY_HOLDS);
	BN_free(twin);
	BN_free(n);
	key_free(key);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_signature_holds_for_its_message_only),
		TEST(threat_11_signatures_outside_the_range_are_refused),
		TEST(threat_11_the_twin_of_a_signature_is_refused),
		TEST(a_signature_of_another_length_is_none),
		TEST(our_own_signatures_always_have_a_low_s),
		TEST(a_kid_is_the_hash_of_the_public_key),
		cmocka_unit_test(threats_12_and_16_keys_of_another_kind_are_refused),
		TEST(every_change_of_a_public_key_is_another_key_or_none),
		TEST(a_point_beside_the_curve_is_malformed),
		TEST(what_is_no_certificate_has_no_key),
		cmocka_unit_test(ed25519_agrees_with_the_published_vector),
		cmocka_unit_test(ecdsa_agrees_with_the_published_vector),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

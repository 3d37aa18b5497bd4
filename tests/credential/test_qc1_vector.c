/* tests/vectors/qc1-example.txt, made by another program: every byte of one credential. */
#include "core/encode.h"
#include "core/file.h"
#include "credential/credential.h"
#include "credential/qr_text.h"
#include "tests/test.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>

struct vector {
	struct buf file;
	struct buf spki, to_be_signed, signature, qc1;
	uint8_t hash[SHA256_BYTES];
	struct span check_code;
	struct span url;
};

/* The words behind `label`, up to the end of that line or of the next one. */
static struct span
behind(struct vector *v, const char *label, bool next_line)
{
	const char *at = strstr(buf_text(&v->file), label);
	assert_non_null(at);
	at = next_line ? strchr(at, '\n') + 1 : at + strlen(label);
	return span_of(at, strcspn(at, "\n"));
}

static void
from_hex(struct buf *out, struct span hex)
{
	uint8_t bytes[1024];
	assert_true(hex.len / 2 <= sizeof bytes);
	assert_true(hex_decode(bytes, hex.len / 2, hex, NULL));
	buf_add(out, bytes, hex.len / 2);
}

static int
load(void **state)
{
	struct vector *v = calloc(1, sizeof *v);
	assert_true(
	    file_read(&v->file, SOURCE_DIR "/tests/vectors/qc1-example.txt", 1 << 20, NULL));
	from_hex(&v->spki, behind(v, "SubjectPublicKeyInfo DER = ", false));
	from_hex(&v->to_be_signed, behind(v, "-- Sig_structure", true));
	from_hex(&v->signature, behind(v, "-- signature", true));
	from_hex(&v->qc1, behind(v, "-- COSE_Sign1", true));
	struct span hash = behind(v, "SHA-256(00 || QC1) = ", false);
	assert_true(hex_decode(v->hash, sizeof v->hash, hash, NULL));
	v->check_code = behind(v, "SHA-256(01 || QC1) = ", false);
	v->url = behind(v, "-- QR text", true);
	*state = v;
	return 0;
}

static int
unload(void **state)
{
	struct vector *v = *state;
	buf_free(&v->file);
	buf_free(&v->spki);
	buf_free(&v->to_be_signed);
	buf_free(&v->signature);
	buf_free(&v->qc1);
	free(v);
	return 0;
}

static struct claims
example(void)
{
	struct claims c = { .exp_s = 1952870400, .iat_s = 1795161900, .grade = GRADE_A };
	c.iss = span_text("TEST");
	c.sub = span_text("JCA9999002026482136");
	c.holder = span_text("示例星桥信息技术有限公司");
	c.uscc = span_text("91999901MADEM00110");
	c.scopes = (struct scopes){ { 1, 3 }, 2 };
	c.list = 1;
	c.idx = 48211;
	c.version = 1;
	return c;
}

/* ECDSA with the key of the vector, r||s as COSE writes it. */
static bool
signature_verifies(struct vector *v, struct span signed_bytes, struct span signature)
{
	const uint8_t *at = v->spki.ptr;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)v->spki.len);
	ECDSA_SIG *pair = ECDSA_SIG_new();
	ECDSA_SIG_set0(
	    pair, BN_bin2bn(signature.ptr, 32, NULL), BN_bin2bn(signature.ptr + 32, 32, NULL));
	uint8_t *der = NULL;
	int der_len = i2d_ECDSA_SIG(pair, &der);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	    EVP_DigestVerify(ctx, der, (size_t)der_len, signed_bytes.ptr, signed_bytes.len) == 1;
	EVP_MD_CTX_free(ctx);
	OPENSSL_free(der);
	ECDSA_SIG_free(pair);
	EVP_PKEY_free(key);
	return good;
}

static void
claims_and_envelope_come_out_as_there(void **state)
{
	struct vector *v = *state;
	struct claims claims = example();
	struct buf header = BUF_EMPTY, payload = BUF_EMPTY, signed_bytes = BUF_EMPTY,
		   qc1 = BUF_EMPTY;
	uint8_t kid[SHA256_BYTES];

	sha256(kid, buf_span(&v->spki));
	cose_header_encode(&header, COSE_ALG_ES256, span_of(kid, COSE_KID_BYTES), NULL);
	assert_true(credential_claims_encode(&payload, &claims, NULL));
	cose_sign1_to_be_signed(
	    &signed_bytes, buf_span(&header), (struct span){ NULL, 0 }, buf_span(&payload));
	assert_true(span_equal(buf_span(&signed_bytes), buf_span(&v->to_be_signed)));

	struct cose_sign1 m = { .payload = buf_span(&payload) };
	m.signer.header = buf_span(&header);
	m.signer.signature = buf_span(&v->signature);
	cose_sign1_encode(&qc1, &m);
	assert_true(span_equal(buf_span(&qc1), buf_span(&v->qc1)));

	buf_free(&header);
	buf_free(&payload);
	buf_free(&signed_bytes);
	buf_free(&qc1);
}

static void
the_credential_reads_back(void **state)
{
	struct vector *v = *state;
	struct credential c;
	struct claims want = example();
	struct err err = { 0 };

	if (!credential_parse(&c, buf_span(&v->qc1), &err))
		fail_msg("%s", err.text);
	assert_int_equal(c.envelope.signer.alg, COSE_ALG_ES256);
	assert_true(span_equal(c.claims.iss, want.iss));
	assert_true(span_equal(c.claims.sub, want.sub));
	assert_true(span_equal(c.claims.holder, want.holder));
	assert_int_equal(c.claims.holder_en.len, 0);
	assert_true(span_equal(c.claims.uscc, want.uscc));
	assert_true(c.claims.exp_s == want.exp_s && c.claims.iat_s == want.iat_s);
	assert_true(claims_from_s(&c.claims) == want.iat_s);
	assert_true(claims_last_s(&c.claims) == want.exp_s - 1);
	assert_int_equal(c.claims.grade, GRADE_A);
	assert_true(scopes_equal(&c.claims.scopes, &want.scopes));
	assert_int_equal(c.claims.list, 1);
	assert_int_equal(c.claims.idx, 48211);
	assert_int_equal(c.claims.version, 1);
	assert_string_equal(c.family, "JC");
}

static void
the_signature_is_over_our_bytes(void **state)
{
	struct vector *v = *state;
	assert_true(signature_verifies(v, buf_span(&v->to_be_signed), buf_span(&v->signature)));
}

static void
hash_check_code_and_text_are_the_same(void **state)
{
	struct vector *v = *state;
	uint8_t hash[SHA256_BYTES];
	char code[CREDENTIAL_CHECK_CODE_BYTES];
	struct buf text = BUF_EMPTY, bytes = BUF_EMPTY;
	struct qr_text parts;

	credential_hash(hash, buf_span(&v->qc1));
	assert_memory_equal(hash, v->hash, sizeof hash);
	credential_check_code(code, buf_span(&v->qc1));
	assert_true(span_is(v->check_code, code));

	assert_true(qr_text_prefix(&text, span_text("v.example"), NULL));
	qr_text_digits(&text, buf_span(&v->qc1));
	assert_true(span_equal(buf_span(&text), v->url));
	assert_true(qr_text_parse(&parts, v->url, NULL));
	assert_true(span_is(parts.host, "v.example"));
	assert_true(qr_text_decode(&bytes, parts.digits, NULL));
	assert_true(span_equal(buf_span(&bytes), buf_span(&v->qc1)));
	buf_free(&text);
	buf_free(&bytes);
}

/* What a changed credential says is written in exactly the changed bytes. */
static void
check_one_encoding(struct credential *c, struct span changed)
{
	struct buf claims = BUF_EMPTY, whole = BUF_EMPTY;

	assert_true(credential_claims_encode(&claims, &c->claims, NULL));
	assert_true(span_equal(buf_span(&claims), c->envelope.payload));
	cose_sign1_encode(&whole, &c->envelope);
	assert_true(span_equal(buf_span(&whole), changed));
	buf_free(&claims);
	buf_free(&whole);
}

/* threat_15, and D5: a changed bit is refused, or it is another message that nobody signed. */
static void
no_changed_bit_leaves_the_credential_genuine(void **state)
{
	struct vector *v = *state;
	int parsed = 0;

	for (size_t bit = 0; bit < v->qc1.len * 8; bit++) {
		struct buf changed = BUF_EMPTY, signed_bytes = BUF_EMPTY;
		struct credential c;
		buf_add_span(&changed, buf_span(&v->qc1));
		changed.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (credential_parse(&c, buf_span(&changed), NULL)) {
			parsed++;
			check_one_encoding(&c, buf_span(&changed));
			cose_sign1_to_be_signed(&signed_bytes, c.envelope.signer.header,
			    (struct span){ NULL, 0 }, c.envelope.payload);
			assert_false(signature_verifies(
			    v, buf_span(&signed_bytes), c.envelope.signer.signature));
		}
		buf_free(&changed);
		buf_free(&signed_bytes);
	}
	assert_true(parsed > 512); /* at least every bit of the signature */
}

/* threat_15: nor does one byte less or more. */
static void
no_shorter_or_longer_credential_is_read(void **state)
{
	struct vector *v = *state;
	struct credential c;

	for (size_t len = 0; len < v->qc1.len; len++)
		assert_false(credential_parse(&c, span_of(v->qc1.ptr, len), NULL));
	for (int extra = 0; extra < 256; extra++) {
		struct buf longer = BUF_EMPTY;
		buf_add_span(&longer, buf_span(&v->qc1));
		buf_add_byte(&longer, (uint8_t)extra);
		assert_false(credential_parse(&c, buf_span(&longer), NULL));
		buf_free(&longer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(claims_and_envelope_come_out_as_there),
		cmocka_unit_test(the_credential_reads_back),
		cmocka_unit_test(the_signature_is_over_our_bytes),
		cmocka_unit_test(hash_check_code_and_text_are_the_same),
		cmocka_unit_test(no_changed_bit_leaves_the_credential_genuine),
		cmocka_unit_test(no_shorter_or_longer_credential_is_read),
	};
	return cmocka_run_group_tests(tests, load, unload);
}

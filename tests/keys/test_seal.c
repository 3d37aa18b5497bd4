/* The seal, made by one half of the code and judged by the other. The mistakes are made with OpenSSL. */
#include "keys/cms.h"
#include "keys/der.h"
#include "keys/seal.h"
#include "keys/signer_openssl.h"
#include "tests/keys/authority.h"
#include "tests/test.h"

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/x509.h>
#include <stdlib.h>

#define PART_1 "the first part of a certificate, "
#define PART_2 "and what follows its seal"

struct fixture {
	struct bureau *b;
	struct authority *a; /* listed; NULL: none is */
	struct buf seal;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->b = bureau_new();
	assert_true(
	    seal_make(&f->seal, f->b->sealer, span_text(PART_1), span_text(PART_2), NULL, NULL));
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	buf_free(&f->seal);
	authority_free(f->a);
	bureau_free(f->b);
	free(f);
	return 0;
}

/* Over the two parts of a file that a seal stands between. */
static enum cms_answer
check_parts(struct cms_seal *out, const struct fixture *f, const char *part_1, const char *part_2,
    struct span der, struct err *why)
{
	uint8_t digest[SHA256_BYTES];

	sha256_two(digest, span_text(part_1), span_text(part_2));
	return cms_check(out, f->b->trust, digest, der, why);
}

static enum cms_answer
judge(const struct fixture *f, struct span der)
{
	struct cms_seal out;
	struct err why = { 0 };
	enum cms_answer answer = check_parts(&out, f, PART_1, PART_2, der, &why);

	/* A sentence behind every no, a key behind every yes and no other. */
	assert_true((answer == CMS_SEALED) == (why.code == ERR_NONE));
	assert_true((answer == CMS_SEALED) == (out.key != NULL));
	return answer;
}

static void
a_seal_of_ours_is_good_and_names_its_key(void **state)
{
	const struct fixture *f = *state;
	struct cms_seal out;

	assert_int_equal(
	    check_parts(&out, f, PART_1, PART_2, buf_span(&f->seal), NULL), CMS_SEALED);
	assert_ptr_equal(out.key, &trust_bundle(f->b->trust)->keys[BUREAU_SEAL]);
}

static void
a_changed_file_is_told_from_a_broken_seal(void **state)
{
	const struct fixture *f = *state;
	struct cms_seal out;

	assert_int_equal(
	    check_parts(&out, f, PART_1, "other", buf_span(&f->seal), NULL), CMS_CHANGED);
	assert_null(out.key);
	/* Bytes moved from one side of the seal to the other are the same bytes: the envelope fixes where. */
	assert_int_equal(
	    check_parts(&out, f, PART_1 PART_2, "", buf_span(&f->seal), NULL), CMS_SEALED);
}

/* Measured elsewhere: a reader that only checks the digest took 75 of 321 such changes for good. */
static void
no_bit_of_a_seal_can_be_changed(void **state)
{
	struct fixture *f = *state;

	for (size_t bit = 0; bit < 8 * f->seal.len; bit++) {
		f->seal.ptr[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (judge(f, buf_span(&f->seal)) == CMS_SEALED)
			fail_msg("bit %zu of byte %zu", bit % 8, bit / 8);
		f->seal.ptr[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(judge(f, buf_span(&f->seal)), CMS_SEALED);
}

static void
nothing_can_be_cut_off_or_added(void **state)
{
	struct fixture *f = *state;

	for (size_t len = 0; len < f->seal.len; len++)
		assert_int_not_equal(judge(f, span_of(f->seal.ptr, len)), CMS_SEALED);
	buf_add_byte(&f->seal, 0);
	assert_int_equal(judge(f, buf_span(&f->seal)), CMS_FORM);
}

/* ---- seals of the right key in another form ---- */

/* One lawful seal, parsed by OpenSSL, for a hand that changes it. */
static CMS_ContentInfo *
parse(struct span der)
{
	const unsigned char *at = der.ptr;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)der.len);
	assert_non_null(cms);
	return cms;
}

static CMS_SignerInfo *
signer_of(CMS_ContentInfo *cms)
{
	return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
}

static X509 *
certificate(const struct buf *der)
{
	const unsigned char *at = der->ptr;
	X509 *cert = d2i_X509(NULL, &at, (long)der->len);
	assert_non_null(cert);
	return cert;
}

static void
add_unsigned_attribute(CMS_ContentInfo *cms, const struct bureau *b)
{
	(void)b;
	assert_int_equal(CMS_unsigned_add1_attr_by_NID(
			     signer_of(cms), NID_pkcs9_unstructuredName, V_ASN1_UTF8STRING, "x", 1),
	    1);
}

static void
add_reader_ca(CMS_ContentInfo *cms, const struct bureau *b)
{
	X509 *ca = certificate(&b->ca_certificate);
	assert_int_equal(CMS_add1_cert(cms, ca), 1);
	X509_free(ca);
}

static void
add_crl(CMS_ContentInfo *cms, const struct bureau *b)
{
	X509_CRL *crl = X509_CRL_new();
	X509 *ca = certificate(&b->ca_certificate);

	X509_CRL_set_version(crl, 1);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca));
	X509_CRL_set1_lastUpdate(crl, X509_get0_notBefore(ca));
	assert_true(X509_CRL_sign(crl, b->ca->pkey, EVP_sha256()) > 0);
	assert_int_equal(CMS_add1_crl(cms, crl), 1);
	X509_CRL_free(crl);
	X509_free(ca);
}

static void
add_second_signer(CMS_ContentInfo *cms, const struct bureau *b)
{
	X509 *ca = certificate(&b->ca_certificate);

	assert_non_null(CMS_add1_signer(cms, ca, b->ca->pkey, EVP_sha256(),
	    CMS_BINARY | CMS_NOSMIMECAP | CMS_NOCERTS | CMS_REUSE_DIGEST));
	X509_free(ca);
}

/* s -> n - s: as good a signature to ECDSA, and another file. */
static void
take_high_twin(CMS_ContentInfo *cms, const struct bureau *b)
{
	ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer_of(cms));
	const unsigned char *at = ASN1_STRING_get0_data(value);
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, ASN1_STRING_length(value));
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	BIGNUM *r = BN_dup(ECDSA_SIG_get0_r(sig)), *s = BN_new();
	unsigned char *der = NULL;

	(void)b;
	assert_int_equal(BN_sub(s, EC_GROUP_get0_order(group), ECDSA_SIG_get0_s(sig)), 1);
	assert_int_equal(ECDSA_SIG_set0(sig, r, s), 1);
	int len = i2d_ECDSA_SIG(sig, &der);
	assert_int_equal(ASN1_STRING_set(value, der, len), 1);
	OPENSSL_free(der);
	EC_GROUP_free(group);
	ECDSA_SIG_free(sig);
}

static void
name_another_algorithm(CMS_ContentInfo *cms, const struct bureau *b)
{
	X509_ALGOR *alg = NULL;

	(void)b;
	CMS_SignerInfo_get0_algs(signer_of(cms), NULL, NULL, NULL, &alg);
	X509_ALGOR_set0(alg, OBJ_nid2obj(NID_sha1WithRSAEncryption), V_ASN1_NULL, NULL);
}

static void
add_null_parameters(CMS_ContentInfo *cms, const struct bureau *b)
{
	X509_ALGOR *alg = NULL;

	(void)b;
	CMS_SignerInfo_get0_algs(signer_of(cms), NULL, NULL, &alg, NULL);
	X509_ALGOR_set0(alg, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL);
}

/* r as its own negative in 33 bytes: whoever drops the sign has a second form of the signature. */
static void
take_negative_r(CMS_ContentInfo *cms, const struct bureau *b)
{
	ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer_of(cms));
	const unsigned char *at = ASN1_STRING_get0_data(value);
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, ASN1_STRING_length(value));
	ASN1_INTEGER *r = BN_to_ASN1_INTEGER(ECDSA_SIG_get0_r(sig), NULL);
	ASN1_INTEGER *s = BN_to_ASN1_INTEGER(ECDSA_SIG_get0_s(sig), NULL);
	unsigned char *r_der = NULL, *s_der = NULL;
	struct buf both = BUF_EMPTY, der = BUF_EMPTY;

	(void)b;
	r->type = V_ASN1_NEG_INTEGER;
	const int r_len = i2d_ASN1_INTEGER(r, &r_der), s_len = i2d_ASN1_INTEGER(s, &s_der);
	buf_add(&both, r_der, (size_t)r_len);
	buf_add(&both, s_der, (size_t)s_len);
	der_wrap(&der, DER_SEQUENCE, &both);
	assert_int_equal(ASN1_STRING_set(value, der.ptr, (int)der.len), 1);
	buf_free(&der);
	OPENSSL_free(r_der);
	OPENSSL_free(s_der);
	ASN1_INTEGER_free(r);
	ASN1_INTEGER_free(s);
	ECDSA_SIG_free(sig);
}

static void
drop_signing_certificate(CMS_ContentInfo *cms, const struct bureau *b)
{
	CMS_SignerInfo *si = signer_of(cms);
	int at = CMS_signed_get_attr_by_NID(si, NID_id_smime_aa_signingCertificateV2, -1);

	(void)b;
	assert_true(at >= 0);
	X509_ATTRIBUTE_free(CMS_signed_delete_attr(si, at));
}

static void
a_seal_of_the_right_key_in_another_form_is_refused(void **state)
{
	static const struct {
		const char *mistake;
		void (*make)(CMS_ContentInfo *cms, const struct bureau *b);
		enum cms_answer want;
	} rows[] = {
		{ "an unsigned attribute", add_unsigned_attribute, CMS_FORM },
		{ "the reader CA beside the certificate", add_reader_ca, CMS_UNLISTED },
		{ "a revocation list", add_crl, CMS_FORM },
		{ "a second signer", add_second_signer, CMS_FORM },
		{ "the other signature with the same r", take_high_twin, CMS_SIGNATURE },
		{ "a negative r", take_negative_r, CMS_SIGNATURE },
		{ "SHA-256 with the parameters NULL", add_null_parameters, CMS_FORM },
		{ "RSA with SHA-1 named as the algorithm", name_another_algorithm, CMS_FORM },
		{ "no signing-certificate-v2", drop_signing_certificate, CMS_FORM },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CMS_ContentInfo *cms = parse(buf_span(&f->seal));
		unsigned char *der = NULL;
		rows[i].make(cms, f->b);
		int len = i2d_CMS_ContentInfo(cms, &der);
		CHECK_ROW(len > 0, rows[i].mistake);
		CHECK_ROW(judge(f, span_of(der, (size_t)len)) == rows[i].want, rows[i].mistake);
		OPENSSL_free(der);
		CMS_ContentInfo_free(cms);
	}
}

/* What OpenSSL signs by itself: with a signing time, or over another digest. */
static void
a_seal_made_by_other_software_with_our_key_is_refused(void **state)
{
	static const struct {
		const char *mistake;
		const char *digest;
		unsigned flags;
	} rows[] = {
		{ "a signing time", "SHA256", CMS_CADES | CMS_NOSMIMECAP },
		{ "SHA-512", "SHA512", CMS_CADES | CMS_NOSMIMECAP },
		{ "SHA-1", "SHA1", CMS_CADES | CMS_NOSMIMECAP },
		{ "no signed attributes", "SHA256", CMS_NOATTR },
		{ "S/MIME capabilities", "SHA256", CMS_CADES },
	};
	const unsigned base = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL;
	const struct fixture *f = *state;
	X509 *cert = certificate(&f->b->seal_certificate);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		BIO *content = BIO_new_mem_buf(PART_1 PART_2, -1);
		CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, base);
		unsigned char *der = NULL;
		CHECK_ROW(CMS_add1_signer(cms, cert, f->b->key[BUREAU_SEAL]->pkey,
			      EVP_get_digestbyname(rows[i].digest), base | rows[i].flags) != NULL,
		    rows[i].mistake);
		CHECK_ROW(
		    CMS_final(cms, content, NULL, CMS_BINARY | CMS_DETACHED) == 1, rows[i].mistake);
		int len = i2d_CMS_ContentInfo(cms, &der);
		CHECK_ROW(judge(f, span_of(der, (size_t)len)) == CMS_FORM, rows[i].mistake);
		OPENSSL_free(der);
		CMS_ContentInfo_free(cms);
		BIO_free(content);
	}
	X509_free(cert);
}

/* The same values, encoded as BER allows and DER does not. */
static void
another_encoding_of_the_same_seal_is_refused(void **state)
{
	const struct fixture *f = *state;
	struct cursor c = cursor_over(buf_span(&f->seal));
	struct span inside = der_take(&c, DER_SEQUENCE);
	struct buf indefinite = BUF_EMPTY, long_form = BUF_EMPTY;

	assert_true(cursor_done(&c));
	buf_add_be(&indefinite, 0x3080, 2);
	buf_add_span(&indefinite, inside);
	buf_add_be(&indefinite, 0, 2);
	assert_int_equal(judge(f, buf_span(&indefinite)), CMS_FORM);

	buf_add_be(&long_form, 0x3083, 2); /* three bytes where two do */
	buf_add_be(&long_form, inside.len, 3);
	buf_add_span(&long_form, inside);
	assert_int_equal(judge(f, buf_span(&long_form)), CMS_FORM);
	buf_free(&indefinite);
	buf_free(&long_form);
}

/* ---- other keys ---- */

static void
threat_10_a_seal_that_brings_its_own_certificate_is_unlisted(void **state)
{
	const struct fixture *f = *state;
	struct bureau *other = bureau_new();
	struct buf seal = BUF_EMPTY;

	assert_true(
	    seal_make(&seal, other->sealer, span_text(PART_1), span_text(PART_2), NULL, NULL));
	assert_int_equal(judge(f, buf_span(&seal)), CMS_UNLISTED);
	buf_free(&seal);
	bureau_free(other);
}

/* By issuer and serial number it is the listed one; only its bytes tell. */
static void
threat_10_a_twin_of_the_listed_certificate_is_unlisted(void **state)
{
	const struct fixture *f = *state;
	const struct signer *thief = f->b->key[BUREAU_STATUS];
	X509 *cert = certificate(&f->b->seal_certificate);
	unsigned char *der = NULL;
	struct sealer *twin = NULL;
	struct buf seal = BUF_EMPTY;

	assert_int_equal(X509_set_pubkey(cert, thief->pkey), 1);
	assert_true(X509_sign(cert, f->b->ca->pkey, EVP_sha256()) > 0);
	const int len = i2d_X509(cert, &der);
	assert_true(sealer_new(&twin, thief, span_of(der, (size_t)len), NULL));
	assert_true(seal_make(&seal, twin, span_text(PART_1), span_text(PART_2), NULL, NULL));
	assert_int_equal(judge(f, buf_span(&seal)), CMS_UNLISTED);
	sealer_free(twin);
	buf_free(&seal);
	OPENSSL_free(der);
	X509_free(cert);
}

/* The listed certificate around a signature of another key. */
static void
a_certificate_without_its_key_seals_nothing(void **state)
{
	const struct fixture *f = *state;
	CMS_ContentInfo *cms = parse(buf_span(&f->seal));
	ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer_of(cms));
	uint8_t digest[SHA256_BYTES] = { 1 };
	unsigned char sig[80], *der = NULL;
	size_t sig_len = sizeof sig;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(f->b->key[BUREAU_STATUS]->pkey, NULL);

	assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
	assert_int_equal(EVP_PKEY_sign(ctx, sig, &sig_len, digest, sizeof digest), 1);
	assert_int_equal(ASN1_STRING_set(value, sig, (int)sig_len), 1);
	int len = i2d_CMS_ContentInfo(cms, &der);
	assert_int_equal(judge(f, span_of(der, (size_t)len)), CMS_SIGNATURE);
	OPENSSL_free(der);
	EVP_PKEY_CTX_free(ctx);
	CMS_ContentInfo_free(cms);
}

/* Roots may list anything: what is listed is compared with, and read as little as anything else. */
static void
a_listed_certificate_that_is_none_seals_nothing(void **state)
{
	const struct fixture *f = *state;
	struct bundle_key *listed = &f->b->keys[BUREAU_SEAL];
	struct buf odd = BUF_EMPTY, seal = BUF_EMPTY;
	struct cms_seal out;
	struct err why = { 0 };

	buf_add_span(&odd, listed->key);
	buf_add_span(&seal, buf_span(&f->seal));
	uint8_t *at = memmem(seal.ptr, seal.len, odd.ptr, odd.len);
	assert_non_null(at);
	odd.ptr[4] = at[4] = DER_SET; /* where TBSCertificate begins */
	listed->key = buf_span(&odd);
	listed->alg = COSE_ALG_SM2_SM3; /* whose keys are not looked into */
	bureau_renew(f->b);
	assert_int_equal(check_parts(&out, f, PART_1, PART_2, buf_span(&seal), &why), CMS_FORM);
	assert_non_null(strstr(why.text, "listed certificate"));
	buf_free(&odd);
	buf_free(&seal);
}

/* A profile to come lists SM2 keys, which this program cannot use. */
static void
a_seal_key_of_another_algorithm_seals_nothing(void **state)
{
	const struct fixture *f = *state;
	struct bundle next = f->b->bundle;
	struct buf file = BUF_EMPTY;

	f->b->keys[BUREAU_SEAL].alg = COSE_ALG_SM2_SM3;
	next.seq = 2;
	next.prev = span_of(trust_bundle_hash(f->b->trust), SHA256_BYTES);
	bureau_sign(&file, &next, f->b->root, 2);
	assert_int_equal(trust_accept(f->b->trust, buf_span(&file), BUREAU_NOW_S, NULL), TRUST_YES);
	assert_int_equal(judge(f, buf_span(&f->seal)), CMS_SIGNATURE);
	buf_free(&file);
}

static void
nothing_seals_with_the_certificate_of_another_key(void **state)
{
	const struct fixture *f = *state;
	struct sealer *s = NULL;
	struct err err = { 0 };

	assert_false(
	    sealer_new(&s, f->b->key[BUREAU_STATUS], buf_span(&f->b->seal_certificate), &err));
	assert_int_equal(err.code, ERR_REFUSED);
	assert_null(s);
}

/* ---- time-stamps ---- */

/* An authority's desk: what it stamps, or makes of a request. */
struct desk {
	const struct authority *a;
	bool refuses, away;
	const uint8_t *imprint; /* instead of the one it is asked for; NULL: that */
	uint8_t asked[SHA256_BYTES];
};

static bool
stamp(struct buf *token, void *ctx, const uint8_t imprint[SHA256_BYTES], struct err *err)
{
	struct desk *desk = ctx;

	memcpy(desk->asked, imprint, SHA256_BYTES);
	if (desk->refuses)
		return err_set(err, ERR_BUSY, "not today");
	if (!desk->away)
		authority_token(
		    token, desk->a, desk->imprint != NULL ? desk->imprint : imprint, BUREAU_NOW_S);
	return true;
}

static bool
make(struct buf *seal, const struct fixture *f, struct desk *desk, struct err *err)
{
	return seal_make(seal, f->b->sealer, span_text(PART_1), span_text(PART_2),
	    &(struct seal_stamper){ stamp, desk }, err);
}

/* A seal with a time-stamp in the place of the one without. */
static int
set_up_stamped(void **state)
{
	set_up(state);
	struct fixture *f = *state;
	f->a = authority_new(&(struct authority_kind){ .with_ca = true });
	authority_list(f->b, f->a);
	buf_free(&f->seal);
	assert_true(make(&f->seal, f, &(struct desk){ .a = f->a }, NULL));
	return 0;
}

static void
a_time_stamped_seal_is_good_and_tells_when_and_by_whom(void **state)
{
	const struct fixture *f = *state;
	struct cms_seal out;

	assert_int_equal(
	    check_parts(&out, f, PART_1, PART_2, buf_span(&f->seal), NULL), CMS_SEALED);
	assert_ptr_equal(out.key, &trust_bundle(f->b->trust)->keys[BUREAU_SEAL]);
	assert_ptr_equal(out.timestamp.key, &trust_bundle(f->b->trust)->keys[BUREAU_KEYS]);
	assert_true(out.timestamp.time_s == BUREAU_NOW_S);
}

static void
a_changed_file_is_told_though_its_seal_is_time_stamped(void **state)
{
	const struct fixture *f = *state;
	struct cms_seal out;

	assert_int_equal(
	    check_parts(&out, f, PART_1, "other", buf_span(&f->seal), NULL), CMS_CHANGED);
	assert_null(out.timestamp.key);
}

/* But for the CA's certificate, which is for other people's readers: no signature covers it. */
static void
no_bit_of_a_time_stamped_seal_can_be_changed(void **state)
{
	struct fixture *f = *state;
	unsigned char *ca = NULL;
	const size_t ca_len = (size_t)i2d_X509(f->a->ca, &ca);
	const size_t ca_at =
	    (size_t)((const uint8_t *)memmem(f->seal.ptr, f->seal.len, ca, ca_len) - f->seal.ptr);

	for (size_t bit = 0; bit < 8 * f->seal.len; bit++) {
		if (bit / 8 >= ca_at && bit / 8 < ca_at + ca_len)
			continue;
		f->seal.ptr[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (judge(f, buf_span(&f->seal)) == CMS_SEALED)
			fail_msg("bit %zu of byte %zu", bit % 8, bit / 8);
		f->seal.ptr[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(judge(f, buf_span(&f->seal)), CMS_SEALED);
	OPENSSL_free(ca);
}

static void
a_stamper_that_has_no_token_leaves_the_seal_without_and_one_that_fails_makes_none(void **state)
{
	const struct fixture *f = *state;
	struct cms_seal out;
	struct buf seal = BUF_EMPTY;
	struct err err = { 0 };

	assert_true(make(&seal, f, &(struct desk){ .a = f->a, .away = true }, NULL));
	assert_int_equal(check_parts(&out, f, PART_1, PART_2, buf_span(&seal), NULL), CMS_SEALED);
	assert_null(out.timestamp.key);
	buf_free(&seal);
	assert_false(make(&seal, f, &(struct desk){ .a = f->a, .refuses = true }, &err));
	assert_int_equal(err.code, ERR_BUSY);
	assert_int_equal(seal.len, 0);
}

static void
a_token_of_another_seal_is_no_time_stamp_of_this_one(void **state)
{
	const struct fixture *f = *state;
	struct desk first = { .a = f->a }, second = { .a = f->a, .imprint = first.asked };
	struct buf seal = BUF_EMPTY, other = BUF_EMPTY;

	assert_true(make(&other, f, &first, NULL)); /* ECDSA: each signature is another */
	assert_true(make(&seal, f, &second, NULL));
	assert_int_equal(judge(f, buf_span(&other)), CMS_SEALED);
	assert_int_equal(judge(f, buf_span(&seal)), CMS_TIMESTAMP);
	buf_free(&seal);
	buf_free(&other);
}

static void
threat_10_a_time_stamp_of_an_unlisted_authority_is_told(void **state)
{
	const struct fixture *f = *state;
	struct authority *thief = authority_new(&(struct authority_kind){ 0 });
	struct buf seal = BUF_EMPTY;

	assert_true(make(&seal, f, &(struct desk){ .a = thief }, NULL));
	assert_int_equal(judge(f, buf_span(&seal)), CMS_TIMESTAMP_UNLISTED);
	buf_free(&seal);
	authority_free(thief);
}

static X509_ATTRIBUTE *
time_stamp_of(CMS_ContentInfo *cms)
{
	return CMS_unsigned_get_attr(signer_of(cms), 0);
}

static void
add_the_same_again(CMS_ContentInfo *cms, const struct bureau *b)
{
	(void)b;
	assert_int_equal(CMS_unsigned_add1_attr(signer_of(cms), time_stamp_of(cms)), 1);
}

static void
add_a_second_value(CMS_ContentInfo *cms, const struct bureau *b)
{
	X509_ATTRIBUTE *attribute = time_stamp_of(cms);
	const ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(attribute, 0);

	(void)b;
	assert_int_equal(X509_ATTRIBUTE_set1_data(attribute, V_ASN1_SEQUENCE,
			     ASN1_STRING_get0_data(value->value.sequence),
			     ASN1_STRING_length(value->value.sequence)),
	    1);
}

static void
call_it_otherwise(CMS_ContentInfo *cms, const struct bureau *b)
{
	(void)b;
	assert_int_equal(X509_ATTRIBUTE_set1_object(
			     time_stamp_of(cms), OBJ_nid2obj(NID_id_smime_aa_ets_contentTimestamp)),
	    1);
}

static void
nothing_may_stand_beside_the_time_stamp(void **state)
{
	static const struct {
		const char *mistake;
		void (*make)(CMS_ContentInfo *cms, const struct bureau *b);
	} rows[] = {
		{ "a second unsigned attribute", add_unsigned_attribute },
		{ "the same time-stamp twice", add_the_same_again },
		{ "two tokens in one attribute", add_a_second_value },
		{ "a time-stamp of another kind", call_it_otherwise },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CMS_ContentInfo *cms = parse(buf_span(&f->seal));
		unsigned char *der = NULL;
		rows[i].make(cms, f->b);
		int len = i2d_CMS_ContentInfo(cms, &der);
		CHECK_ROW(len > 0, rows[i].mistake);
		CHECK_ROW(judge(f, span_of(der, (size_t)len)) == CMS_FORM, rows[i].mistake);
		OPENSSL_free(der);
		CMS_ContentInfo_free(cms);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_seal_of_ours_is_good_and_names_its_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_changed_file_is_told_from_a_broken_seal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_bit_of_a_seal_can_be_changed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_can_be_cut_off_or_added, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_seal_of_the_right_key_in_another_form_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_seal_made_by_other_software_with_our_key_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    another_encoding_of_the_same_seal_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    threat_10_a_seal_that_brings_its_own_certificate_is_unlisted, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    threat_10_a_twin_of_the_listed_certificate_is_unlisted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_certificate_without_its_key_seals_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_listed_certificate_that_is_none_seals_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_seal_key_of_another_algorithm_seals_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    nothing_seals_with_the_certificate_of_another_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_time_stamped_seal_is_good_and_tells_when_and_by_whom, set_up_stamped,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    a_changed_file_is_told_though_its_seal_is_time_stamped, set_up_stamped,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    no_bit_of_a_time_stamped_seal_can_be_changed, set_up_stamped, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_stamper_that_has_no_token_leaves_the_seal_without_and_one_that_fails_makes_none,
		    set_up_stamped, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_token_of_another_seal_is_no_time_stamp_of_this_one, set_up_stamped,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    threat_10_a_time_stamp_of_an_unlisted_authority_is_told, set_up_stamped,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    nothing_may_stand_beside_the_time_stamp, set_up_stamped, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

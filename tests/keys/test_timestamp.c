/* Time-stamps: by whom, over what, in which form. The mistakes are made with OpenSSL, and signed again where they can be. */
#include "core/limits.h"
#include "keys/der.h"
#include "tests/keys/authority.h"
#include "tests/test.h"

#include "keys/signer_openssl.h"
#include "keys/timestamp.h"

#include <openssl/ess.h>
#include <openssl/ts.h>
#include <stdlib.h>

static const uint8_t imprint[SHA256_BYTES] = { 1, 2, 3 };
static const uint8_t another[SHA256_BYTES] = { 1, 2, 4 };

struct fixture {
	struct bureau *b;
	struct authority *a; /* listed */
	struct buf token;    /* over imprint, at BUREAU_NOW_S */
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->b = bureau_new();
	f->a = authority_new(&(struct authority_kind){ 0 });
	authority_list(f->b, f->a);
	authority_token(&f->token, f->a, imprint, BUREAU_NOW_S);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	buf_free(&f->token);
	authority_free(f->a);
	bureau_free(f->b);
	free(f);
	return 0;
}

static enum timestamp_answer
judge(const struct fixture *f, struct span token)
{
	struct timestamp out;
	struct err why = { 0 };
	enum timestamp_answer answer = timestamp_check(&out, f->b->trust, imprint, token, &why);

	/* A sentence behind every no, a key and a time behind every yes and no other. */
	assert_true((answer == TIMESTAMP_HOLDS) == (why.code == ERR_NONE));
	assert_true((answer == TIMESTAMP_HOLDS) == (out.key != NULL));
	assert_true((answer == TIMESTAMP_HOLDS) == (out.time_s != 0));
	return answer;
}

static enum timestamp_answer
judge_token(const struct fixture *f, PKCS7 *token)
{
	struct buf der = BUF_EMPTY;

	authority_der(&der, token);
	const enum timestamp_answer answer = judge(f, buf_span(&der));
	buf_free(&der);
	return answer;
}

static void
a_time_stamp_of_a_listed_authority_holds_and_tells_time_and_key(void **state)
{
	const struct fixture *f = *state;
	struct timestamp out;
	struct buf name = BUF_EMPTY;

	assert_int_equal(timestamp_check(&out, f->b->trust, imprint, buf_span(&f->token), NULL),
	    TIMESTAMP_HOLDS);
	assert_true(out.time_s == BUREAU_NOW_S);
	assert_ptr_equal(out.key, &trust_bundle(f->b->trust)->keys[BUREAU_KEYS]);
	timestamp_authority(&name, out.key->key);
	assert_string_equal(buf_text(&name), "示例时间戳机构");
	buf_free(&name);
}

static void
every_kind_of_key_that_counts_stamps(void **state)
{
	static const struct {
		const char *row;
		struct authority_kind kind;
		const char *digest;
		int64_t alg;
	} rows[] = {
		{ "P-256", { 0 }, "SHA256", -7 },
		{ "P-384", { .curve = "P-384" }, "SHA384", -35 },
		{ "P-521", { .curve = "P-521" }, "SHA512", -36 },
		{ "RSA", { .rsa_bits = 2048 }, "SHA512", -257 },
		{ "its CA beside it", { .with_ca = true }, "SHA256", -7 },
	};
	struct buf info = BUF_EMPTY;

	(void)state;
	authority_info(&info, imprint, BUREAU_NOW_S);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fixture f = { bureau_new(), authority_new(&rows[i].kind), BUF_EMPTY };
		struct bundle_key entry = { 0 };
		authority_list(f.b, f.a);
		CHECK_ROW(timestamp_list(&entry, buf_span(&f.a->der), NULL), rows[i].row);
		CHECK_ROW(entry.alg == rows[i].alg, rows[i].row);
		PKCS7 *token = authority_sign(f.a, buf_span(&info), rows[i].digest);
		CHECK_ROW(judge_token(&f, token) == TIMESTAMP_HOLDS, rows[i].row);
		PKCS7_free(token);
		authority_free(f.a);
		bureau_free(f.b);
	}
	buf_free(&info);
}

static void
change_each_bit(struct fixture *f)
{
	for (size_t bit = 0; bit < 8 * f->token.len; bit++) {
		f->token.ptr[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (judge(f, buf_span(&f->token)) == TIMESTAMP_HOLDS)
			fail_msg("bit %zu of byte %zu", bit % 8, bit / 8);
		f->token.ptr[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(judge(f, buf_span(&f->token)), TIMESTAMP_HOLDS);
}

static void
no_bit_of_a_token_can_be_changed(void **state)
{
	struct fixture rsa = { bureau_new(),
		authority_new(&(struct authority_kind){ .rsa_bits = 2048 }), BUF_EMPTY };

	authority_list(rsa.b, rsa.a);
	authority_token(&rsa.token, rsa.a, imprint, BUREAU_NOW_S);
	change_each_bit(*state);
	change_each_bit(&rsa);
	buf_free(&rsa.token);
	authority_free(rsa.a);
	bureau_free(rsa.b);
}

static void
nothing_can_be_cut_off_or_added(void **state)
{
	struct fixture *f = *state;

	for (size_t len = 0; len < f->token.len; len++)
		assert_int_equal(judge(f, span_of(f->token.ptr, len)), TIMESTAMP_FORM);
	buf_add_byte(&f->token, 0);
	assert_int_equal(judge(f, buf_span(&f->token)), TIMESTAMP_FORM);
}

/* The same values, encoded as BER allows and DER does not. */
static void
another_encoding_of_the_same_token_is_refused(void **state)
{
	const struct fixture *f = *state;
	struct cursor c = cursor_over(buf_span(&f->token));
	struct span inside = der_take(&c, DER_SEQUENCE);
	struct buf indefinite = BUF_EMPTY, long_form = BUF_EMPTY;

	assert_true(cursor_done(&c));
	buf_add_be(&indefinite, 0x3080, 2);
	buf_add_span(&indefinite, inside);
	buf_add_be(&indefinite, 0, 2);
	assert_int_equal(judge(f, buf_span(&indefinite)), TIMESTAMP_FORM);

	buf_add_be(&long_form, 0x3083, 2); /* three bytes where two do */
	buf_add_be(&long_form, inside.len, 3);
	buf_add_span(&long_form, inside);
	assert_int_equal(judge(f, buf_span(&long_form)), TIMESTAMP_FORM);
	buf_free(&indefinite);
	buf_free(&long_form);
}

/* ---- tokens of the right authority in another form ---- */

static PKCS7_SIGNER_INFO *
signer_of(PKCS7 *token)
{
	return sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(token), 0);
}

static void
drop_attribute(PKCS7 *token, int nid)
{
	STACK_OF(X509_ATTRIBUTE) *all = signer_of(token)->auth_attr;
	const int at = X509at_get_attr_by_NID(all, nid, -1);

	assert_true(at >= 0);
	X509_ATTRIBUTE_free(X509at_delete_attr(all, at));
}

static void
drop_signing_certificate(PKCS7 *token, const struct authority *a)
{
	drop_attribute(token, NID_id_smime_aa_signingCertificateV2);
	authority_sign_again(a, token);
}

/* An authority's own signature, but it says that it is another's. */
static void
name_another_certificate(PKCS7 *token, const struct authority *a)
{
	struct authority *other = authority_new(&(struct authority_kind){ 0 });
	ESS_SIGNING_CERT_V2 *ess =
	    OSSL_ESS_signing_cert_v2_new_init(EVP_sha256(), other->certificate, NULL, 0);
	ASN1_STRING *value = ASN1_STRING_new();
	unsigned char *der = NULL;
	const int len = i2d_ESS_SIGNING_CERT_V2(ess, &der);

	drop_attribute(token, NID_id_smime_aa_signingCertificateV2);
	assert_int_equal(ASN1_STRING_set(value, der, len), 1);
	assert_int_equal(PKCS7_add_signed_attribute(signer_of(token),
			     NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE, value),
	    1);
	authority_sign_again(a, token);
	OPENSSL_free(der);
	ESS_SIGNING_CERT_V2_free(ess);
	authority_free(other);
}

static void
call_it_data(PKCS7 *token, const struct authority *a)
{
	drop_attribute(token, NID_pkcs9_contentType);
	assert_int_equal(
	    PKCS7_add_attrib_content_type(signer_of(token), OBJ_nid2obj(NID_pkcs7_data)), 1);
	authority_sign_again(a, token);
}

static void
add_unsigned_attribute(PKCS7 *token, const struct authority *a)
{
	ASN1_STRING *x = ASN1_STRING_type_new(V_ASN1_UTF8STRING);

	(void)a;
	assert_int_equal(ASN1_STRING_set(x, "x", 1), 1);
	assert_int_equal(
	    PKCS7_add_attribute(signer_of(token), NID_pkcs9_unstructuredName, V_ASN1_UTF8STRING, x),
	    1);
}

static void
add_crl(PKCS7 *token, const struct authority *a)
{
	X509_CRL *crl = X509_CRL_new();

	X509_CRL_set_version(crl, 1);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(a->certificate));
	X509_CRL_set1_lastUpdate(crl, X509_get0_notBefore(a->certificate));
	assert_true(X509_CRL_sign(crl, a->key, EVP_sha256()) > 0);
	assert_int_equal(PKCS7_add_crl(token, crl), 1);
	X509_CRL_free(crl);
}

static void
add_second_signer(PKCS7 *token, const struct authority *a)
{
	PKCS7_SIGNER_INFO *si = PKCS7_add_signature(token, a->certificate, a->key, EVP_sha256());

	assert_non_null(si);
	assert_int_equal(PKCS7_add0_attrib_signing_time(si, NULL), 1);
	assert_int_equal(PKCS7_SIGNER_INFO_sign(si), 1);
}

static void
drop_certificate(PKCS7 *token, const struct authority *a)
{
	(void)a;
	X509_free(sk_X509_pop(token->d.sign->cert));
}

static void
add_null_parameters(PKCS7 *token, const struct authority *a)
{
	ASN1_TYPE *parameter = signer_of(token)->digest_alg->parameter;

	(void)a;
	ASN1_TYPE_set(parameter, V_ASN1_OCTET_STRING, ASN1_OCTET_STRING_new());
}

static void
name_another_algorithm(PKCS7 *token, const struct authority *a)
{
	(void)a;
	X509_ALGOR_set0(signer_of(token)->digest_enc_alg, OBJ_nid2obj(NID_ecdsa_with_SHA512),
	    V_ASN1_UNDEF, NULL);
}

static void
drop_contents(PKCS7 *token, const struct authority *a)
{
	(void)a;
	ASN1_TYPE_free(token->d.sign->contents->d.other);
	token->d.sign->contents->d.other = NULL;
}

static void
drop_everything(PKCS7 *token, const struct authority *a)
{
	(void)a;
	PKCS7_SIGNED_free(token->d.sign);
	token->d.sign = NULL;
}

static void
name_an_earlier_version(PKCS7 *token, const struct authority *a)
{
	(void)a;
	ASN1_INTEGER_set(token->d.sign->version, 1);
}

static void
change_signature(PKCS7 *token, const struct authority *a)
{
	(void)a;
	signer_of(token)->enc_digest->data[7] ^= 1;
}

static void
a_token_of_the_right_authority_in_another_form_is_refused(void **state)
{
	static const struct {
		const char *mistake;
		void (*make)(PKCS7 *token, const struct authority *a);
		enum timestamp_answer want;
	} rows[] = {
		{ "no signing certificate named", drop_signing_certificate, TIMESTAMP_FORM },
		{ "another signing certificate named", name_another_certificate, TIMESTAMP_FORM },
		{ "a content type of data", call_it_data, TIMESTAMP_FORM },
		{ "an unsigned attribute", add_unsigned_attribute, TIMESTAMP_FORM },
		{ "a revocation list", add_crl, TIMESTAMP_FORM },
		{ "a second signer", add_second_signer, TIMESTAMP_FORM },
		{ "no certificate", drop_certificate, TIMESTAMP_FORM },
		{ "a digest with parameters", add_null_parameters, TIMESTAMP_FORM },
		{ "a signature over another digest named", name_another_algorithm, TIMESTAMP_FORM },
		{ "no contents", drop_contents, TIMESTAMP_FORM },
		{ "no signed data", drop_everything, TIMESTAMP_FORM },
		{ "an earlier version", name_an_earlier_version, TIMESTAMP_FORM },
		{ "a changed signature", change_signature, TIMESTAMP_SIGNATURE },
	};
	const struct fixture *f = *state;
	struct buf info = BUF_EMPTY;

	authority_info(&info, imprint, BUREAU_NOW_S);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		PKCS7 *token = authority_sign(f->a, buf_span(&info), "SHA256");
		rows[i].make(token, f->a);
		CHECK_ROW(judge_token(f, token) == rows[i].want, rows[i].mistake);
		PKCS7_free(token);
	}
	buf_free(&info);
}

static void
threat_16_a_weak_digest_or_key_does_not_count(void **state)
{
	static const struct {
		const char *mistake;
		struct authority_kind kind;
		const char *digest;
	} rows[] = {
		{ "SHA-1", { .rsa_bits = 2048 }, "SHA1" },
		{ "MD5", { .rsa_bits = 2048 }, "MD5" },
		{ "SHA-224", { .rsa_bits = 2048 }, "SHA224" },
		{ "RSA of 1024 bits", { .rsa_bits = 1024 }, "SHA256" },
		{ "P-224", { .curve = "P-224" }, "SHA256" },
		{ "secp256k1", { .curve = "secp256k1" }, "SHA256" },
	};
	struct buf info = BUF_EMPTY;

	(void)state;
	authority_info(&info, imprint, BUREAU_NOW_S);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fixture f = { bureau_new(), authority_new(&rows[i].kind), BUF_EMPTY };
		authority_list(f.b, f.a);
		PKCS7 *token = authority_sign(f.a, buf_span(&info), rows[i].digest);
		CHECK_ROW(judge_token(&f, token) == TIMESTAMP_FORM, rows[i].mistake);
		PKCS7_free(token);
		authority_free(f.a);
		bureau_free(f.b);
	}
	buf_free(&info);
}

/* ---- certificates ---- */

static void
a_certificate_not_for_time_stamping_alone_neither_counts_nor_is_listed(void **state)
{
	static const char *const uses[] = { "timeStamping", "", "critical,emailProtection",
		"critical,timeStamping,emailProtection", "critical,timeStamping,1.2.3.4" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(uses); i++) {
		struct fixture f = { bureau_new(),
			authority_new(&(struct authority_kind){ .uses = uses[i] }), BUF_EMPTY };
		struct bundle_key entry = { 0 };
		struct err err = { 0 };
		authority_list(f.b, f.a);
		authority_token(&f.token, f.a, imprint, BUREAU_NOW_S);
		CHECK_ROW(judge(&f, buf_span(&f.token)) == TIMESTAMP_FORM, uses[i]);
		CHECK_ROW(!timestamp_list(&entry, buf_span(&f.a->der), &err), uses[i]);
		CHECK_ROW(err.code == ERR_REFUSED, uses[i]);
		buf_free(&f.token);
		authority_free(f.a);
		bureau_free(f.b);
	}
}

static void
what_is_no_certificate_is_not_listed(void **state)
{
	const struct fixture *f = *state;
	struct bundle_key entry = { 0 };
	struct err err = { 0 };

	assert_false(timestamp_list(&entry, span_text("no certificate"), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	buf_add_byte(&f->a->der, 0);
	assert_false(timestamp_list(&entry, buf_span(&f->a->der), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
}

static void
threat_10_an_authority_that_brings_its_own_certificate_is_unlisted(void **state)
{
	const struct fixture *f = *state;
	struct authority *thief = authority_new(&(struct authority_kind){ 0 });
	struct buf token = BUF_EMPTY;

	authority_token(&token, thief, imprint, BUREAU_NOW_S);
	assert_int_equal(judge(f, buf_span(&token)), TIMESTAMP_UNLISTED);
	buf_free(&token);
	authority_free(thief);
}

/* Another use than tsa does not make an authority. */
static void
a_seal_certificate_stamps_nothing(void **state)
{
	struct fixture *f = *state;

	f->b->keys[BUREAU_KEYS].use = KEY_USE_SEAL;
	f->b->keys[BUREAU_KEYS].alg = COSE_ALG_SM2_SM3;
	bureau_renew(f->b);
	assert_int_equal(judge(f, buf_span(&f->token)), TIMESTAMP_UNLISTED);
}

/* One use for each key: a seal's key, certified for time-stamping as well, is no authority's. */
static void
a_key_that_stands_elsewhere_is_not_listed_as_an_authoritys(void **state)
{
	const struct fixture *f = *state;
	X509 *certificate = f->a->certificate;
	struct bundle next = f->b->bundle;
	struct bundle_key *entry = &f->b->keys[BUREAU_KEYS];
	struct buf file = BUF_EMPTY;
	struct err why = { 0 };
	unsigned char *der = NULL;

	assert_int_equal(X509_set_pubkey(certificate, f->b->key[BUREAU_SEAL]->pkey), 1);
	assert_true(X509_sign(certificate, f->a->ca_key, EVP_sha256()) > 0);
	const int len = i2d_X509(certificate, &der);
	entry->key = span_of(der, (size_t)len);
	assert_true(timestamp_list(entry, entry->key, NULL));
	next.seq++;
	next.prev = span_of(trust_bundle_hash(f->b->trust), SHA256_BYTES);
	bureau_sign(&file, &next, f->b->root, 2);
	assert_int_equal(
	    trust_accept(f->b->trust, buf_span(&file), BUREAU_NOW_S, &why), TRUST_MALFORMED);
	assert_non_null(strstr(why.text, "its public key stands elsewhere too"));
	buf_free(&file);
	OPENSSL_free(der);
}

/* ---- contents ---- */

static void
a_token_over_something_else_is_told_from_a_broken_one(void **state)
{
	const struct fixture *f = *state;
	struct timestamp out;

	assert_int_equal(timestamp_check(&out, f->b->trust, another, buf_span(&f->token), NULL),
	    TIMESTAMP_OTHER);
	assert_null(out.key);
}

static void
hash_with_sha1(TS_TST_INFO *info)
{
	TS_MSG_IMPRINT *of = TS_TST_INFO_get_msg_imprint(info);
	X509_ALGOR_set0(TS_MSG_IMPRINT_get_algo(of), OBJ_nid2obj(NID_sha1), V_ASN1_NULL, NULL);
}

static void
add_critical_extension(TS_TST_INFO *info)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_STRING_set(value, "\x05\x00", 2);
	X509_EXTENSION *extension =
	    X509_EXTENSION_create_by_NID(NULL, NID_certificate_policies, 1, value);
	assert_int_equal(TS_TST_INFO_add_ext(info, extension, -1), 1);
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(value);
}

static void
call_it_version_2(TS_TST_INFO *info)
{
	TS_TST_INFO_set_version(info, 2);
}

static void
contents_that_are_not_ours_are_refused_though_signed(void **state)
{
	static const struct {
		const char *mistake;
		void (*make)(TS_TST_INFO *info);
		enum timestamp_answer want;
	} rows[] = {
		{ "an imprint by SHA-1", hash_with_sha1, TIMESTAMP_OTHER },
		{ "a critical extension", add_critical_extension, TIMESTAMP_FORM },
		{ "version 2", call_it_version_2, TIMESTAMP_FORM },
	};
	const struct fixture *f = *state;
	struct buf plain = BUF_EMPTY;

	authority_info(&plain, imprint, BUREAU_NOW_S);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const unsigned char *at = plain.ptr;
		unsigned char *der = NULL;
		TS_TST_INFO *info = d2i_TS_TST_INFO(NULL, &at, (long)plain.len);
		rows[i].make(info);
		const int len = i2d_TS_TST_INFO(info, &der);
		PKCS7 *token = authority_sign(f->a, span_of(der, (size_t)len), "SHA256");
		CHECK_ROW(judge_token(f, token) == rows[i].want, rows[i].mistake);
		PKCS7_free(token);
		OPENSSL_free(der);
		TS_TST_INFO_free(info);
	}
	buf_free(&plain);
}

static void
a_token_longer_than_any_of_an_authority_is_refused(void **state)
{
	const struct fixture *f = *state;
	const unsigned char *at = f->token.ptr;
	PKCS7 *token = d2i_PKCS7(NULL, &at, (long)f->token.len);
	struct buf der = BUF_EMPTY;

	while (der.len <= LIMIT_TIMESTAMP_BYTES) {
		buf_free(&der);
		assert_int_equal(PKCS7_add_certificate(token, f->a->certificate), 1);
		authority_der(&der, token);
	}
	assert_int_equal(judge(f, buf_span(&der)), TIMESTAMP_FORM);
	buf_free(&der);
	PKCS7_free(token);
}

static void
a_time_stamp_fits_between_proposal_and_now(void **state)
{
	static const struct {
		const char *row;
		int64_t at_s;
		bool fits;
	} rows[] = {
		{ "5 minutes before the proposal", 1000 - 300, true },
		{ "a second earlier", 1000 - 301, false },
		{ "between", 1500, true },
		{ "5 minutes ahead", 2000 + 300, true },
		{ "a second later", 2000 + 301, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(timestamp_fits(&(struct timestamp){ rows[i].at_s, NULL }, 1000, 2000) ==
			rows[i].fits,
		    rows[i].row);
}

/* ---- memory ---- */

static long until_failure = -1; /* allocations that are still served; below zero: all are */

static bool
is_served(void)
{
	return until_failure < 0 || until_failure-- > 0;
}

static void *
new_memory(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return is_served() ? malloc(n) : NULL;
}

static void *
more_memory(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return is_served() ? realloc(p, n) : NULL;
}

static void
free_memory(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

/*
 * Each allocation of the library fails in turn while it reads a token: that is never taken for a fault of the
 * token. (Where it hashes and verifies it does not tell why it failed.)
 */
static void
want_of_memory_to_read_it_is_no_answer(void **state)
{
	const struct fixture *f = *state;
	struct bureau *other = bureau_new(); /* lists no authority: there the reading ends */
	bool failed = true;

	for (long n = 0; failed; n++) {
		struct timestamp out;
		until_failure = n;
		const enum timestamp_answer answer =
		    timestamp_check(&out, other->trust, imprint, buf_span(&f->token), NULL);
		failed = until_failure < 0;
		until_failure = -1;
		if (answer != TIMESTAMP_UNLISTED && (!failed || answer != TIMESTAMP_UNDECIDED))
			fail_msg("answer %d when allocation %ld failed", (int)answer, n);
	}
	bureau_free(other);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(a_time_stamp_of_a_listed_authority_holds_and_tells_time_and_key),
		cmocka_unit_test(every_kind_of_key_that_counts_stamps),
		WITH_FIXTURE(no_bit_of_a_token_can_be_changed),
		WITH_FIXTURE(nothing_can_be_cut_off_or_added),
		WITH_FIXTURE(another_encoding_of_the_same_token_is_refused),
		WITH_FIXTURE(a_token_of_the_right_authority_in_another_form_is_refused),
		cmocka_unit_test(threat_16_a_weak_digest_or_key_does_not_count),
		cmocka_unit_test(
		    a_certificate_not_for_time_stamping_alone_neither_counts_nor_is_listed),
		WITH_FIXTURE(what_is_no_certificate_is_not_listed),
		WITH_FIXTURE(threat_10_an_authority_that_brings_its_own_certificate_is_unlisted),
		WITH_FIXTURE(a_seal_certificate_stamps_nothing),
		WITH_FIXTURE(a_key_that_stands_elsewhere_is_not_listed_as_an_authoritys),
		WITH_FIXTURE(a_token_over_something_else_is_told_from_a_broken_one),
		WITH_FIXTURE(contents_that_are_not_ours_are_refused_though_signed),
		WITH_FIXTURE(a_token_longer_than_any_of_an_authority_is_refused),
		cmocka_unit_test(a_time_stamp_fits_between_proposal_and_now),
		WITH_FIXTURE(want_of_memory_to_read_it_is_no_answer),
	};
	if (CRYPTO_set_mem_functions(new_memory, more_memory, free_memory) != 1)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

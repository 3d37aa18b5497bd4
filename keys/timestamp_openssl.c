#include "keys/timestamp.h"

#include "core/limits.h"
#include "credential/sha256.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <time.h>

#define TOKEN_VERSION 3 /* of SignedData: its content is no data (RFC 5652 5.1) */
#define SIGNER_VERSION 1
#define INFO_VERSION 1
#define RSA_LEAST_BITS 2048
#define RSA_MOST_BITS 8192 /* what a verification may cost */

/* RFC 9053 2.1, RFC 8812 2. */
#define COSE_ALG_ES384 (-35)
#define COSE_ALG_ES512 (-36)
#define COSE_ALG_RS256 (-257)

/* A token and what was found in it. */
struct token {
	PKCS7 *p7;
	PKCS7_SIGNER_INFO *si; /* p7 owns it, and the certificate */
	X509 *certificate;
	TS_TST_INFO *info;
};

static void
token_free(struct token *t)
{
	TS_TST_INFO_free(t->info);
	PKCS7_free(t->p7);
	*t = (struct token){ 0 };
}

/* The library says no for want of memory, too. */
static bool
ran_out_of_memory(void)
{
	bool found = false;

	for (unsigned long error; (error = ERR_get_error()) != 0;)
		found |= ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE;
	return found;
}

static enum timestamp_answer
no(enum timestamp_answer answer, struct err *why, const char *sentence)
{
	if (ran_out_of_memory()) {
		err_set(why, ERR_MEMORY, "out of memory");
		return TIMESTAMP_UNDECIDED;
	}
	err_set(why, ERR_REFUSED, "%s", sentence);
	return answer;
}

/* ---- algorithms ---- */

/* Parameters say nothing: absent, or NULL where that is allowed. */
static bool
is_bare(const X509_ALGOR *alg, bool null_allowed)
{
	int type;

	X509_ALGOR_get0(NULL, &type, NULL, alg);
	return type == V_ASN1_UNDEF || (null_allowed && type == V_ASN1_NULL);
}

static int
nid_of(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid;

	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	return OBJ_obj2nid(oid);
}

static bool
is_digest(const X509_ALGOR *alg)
{
	const int nid = nid_of(alg);

	return (nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512) && is_bare(alg, true);
}

/* What COSE calls a key of a kind that counts; 0: none of those. */
static int64_t
key_alg_of(EVP_PKEY *key)
{
	static const struct {
		const char *group;
		int64_t alg;
	} groups[] = { { "prime256v1", COSE_ALG_ES256 }, { "secp384r1", COSE_ALG_ES384 },
		{ "secp521r1", COSE_ALG_ES512 } };
	char name[32];
	int explicit = 0;

	if (key == NULL)
		return 0;
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
		const int bits = EVP_PKEY_get_bits(key);
		return bits >= RSA_LEAST_BITS && bits <= RSA_MOST_BITS ? COSE_ALG_RS256 : 0;
	}
	/* Parameters that only look like those of a curve (CVE-2020-0601) are none. */
	if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC ||
	    EVP_PKEY_get_group_name(key, name, sizeof name, NULL) != 1 ||
	    (EVP_PKEY_get_int_param(
		 key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit) == 1 &&
		explicit != 0))
		return 0;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (strcmp(name, groups[i].group) == 0)
			return groups[i].alg;
	return 0;
}

/* Does this name a signature by this key over that digest? */
static bool
is_signature(const X509_ALGOR *alg, int digest, EVP_PKEY *key)
{
	const bool rsa = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
	const int nid = nid_of(alg);
	int md, kind;

	if (!is_bare(alg, rsa))
		return false;
	if (rsa && nid == NID_rsaEncryption)
		return true; /* PKCS #1 v1.5 with the digest named beside it (RFC 3370 3.2) */
	return OBJ_find_sigid_algs(nid, &md, &kind) == 1 && md == digest &&
	    kind == (rsa ? NID_rsaEncryption : NID_X9_62_id_ecPublicKey);
}

/* ---- certificate ---- */

/* For time-stamping and nothing else, as RFC 3161 2.3 has it. */
static bool
stamps_only(const X509 *certificate)
{
	int critical = 0;
	EXTENDED_KEY_USAGE *uses =
	    X509_get_ext_d2i(certificate, NID_ext_key_usage, &critical, NULL);
	const bool ok = uses != NULL && critical == 1 && sk_ASN1_OBJECT_num(uses) == 1 &&
	    OBJ_obj2nid(sk_ASN1_OBJECT_value(uses, 0)) == NID_time_stamp;

	EXTENDED_KEY_USAGE_free(uses);
	return ok;
}

/* NULL: these bytes are no certificate. */
static X509 *
open_certificate(struct span der)
{
	const unsigned char *at = der.ptr;
	X509 *certificate = der.len > 0 ? d2i_X509(NULL, &at, (long)der.len) : NULL;

	if (certificate != NULL && at == der.ptr + der.len)
		return certificate;
	X509_free(certificate);
	return NULL;
}

static bool
is_certificate(X509 *certificate, struct span der)
{
	unsigned char *encoded = NULL;
	const int len = i2d_X509(certificate, &encoded);
	const bool same = len > 0 && span_equal(span_of(encoded, (size_t)len), der);

	OPENSSL_free(encoded);
	return same;
}

static const struct bundle_key *
find_authority(const struct bundle *b, X509 *certificate)
{
	for (size_t i = 0; i < b->n_keys; i++)
		if (b->keys[i].use == KEY_USE_TSA && is_certificate(certificate, b->keys[i].key))
			return &b->keys[i];
	return NULL;
}

/* ---- form ---- */

/* One value in DER, and nothing behind it. */
static bool
open_token(PKCS7 **out, struct span der)
{
	const unsigned char *at = der.ptr;
	unsigned char *again = NULL;

	*out = der.len > 0 ? d2i_PKCS7(NULL, &at, (long)der.len) : NULL;
	const int len = *out != NULL ? i2d_PKCS7(*out, &again) : -1;
	const bool ok = len > 0 && span_equal(span_of(again, (size_t)len), der);
	OPENSSL_free(again);
	return ok;
}

/* SignedData over a TSTInfo by one signer, with nothing that its signature does not cover but certificates. */
static bool
is_outline(const PKCS7 *p7)
{
	const PKCS7_SIGNED *data = PKCS7_type_is_signed(p7) ? p7->d.sign : NULL;

	if (data == NULL || ASN1_INTEGER_get(data->version) != TOKEN_VERSION ||
	    sk_X509_ALGOR_num(data->md_algs) != 1 || data->crl != NULL ||
	    sk_PKCS7_SIGNER_INFO_num(data->signer_info) != 1)
		return false;
	const PKCS7_SIGNER_INFO *si = sk_PKCS7_SIGNER_INFO_value(data->signer_info, 0);
	const X509_ALGOR *digest = sk_X509_ALGOR_value(data->md_algs, 0);
	return ASN1_INTEGER_get(si->version) == SIGNER_VERSION && si->unauth_attr == NULL &&
	    is_digest(digest) && is_digest(si->digest_alg) &&
	    nid_of(digest) == nid_of(si->digest_alg);
}

static bool
is_over_info(const PKCS7_SIGNER_INFO *si)
{
	const ASN1_TYPE *type = PKCS7_get_signed_attribute(si, NID_pkcs9_contentType);

	return type != NULL && type->type == V_ASN1_OBJECT &&
	    OBJ_obj2nid(type->value.object) == NID_id_smime_ct_TSTInfo;
}

/* A TSTInfo (RFC 3161 2.4.2) whose critical extensions we know, which are none. */
static bool
is_info(const TS_TST_INFO *info)
{
	TS_TST_INFO *held = (TS_TST_INFO *)info; /* its readers are not const, and change nothing */

	return info != NULL && TS_TST_INFO_get_version(info) == INFO_VERSION &&
	    TS_TST_INFO_get_ext_by_critical(held, 1, -1) < 0;
}

/* The certificate's issuer as it writes it: the library compares names without their letters' case. */
static bool
is_issuer(const X509_NAME *name, const X509 *certificate)
{
	struct span of[2];
	const X509_NAME *names[] = { name, X509_get_issuer_name(certificate) };

	for (size_t i = 0; i < 2; i++)
		if (X509_NAME_get0_der(names[i], &of[i].ptr, &of[i].len) != 1)
			return false;
	return span_equal(of[0], of[1]);
}

static const char *
read_token(struct token *out, struct span der)
{
	if (der.len > LIMIT_TIMESTAMP_BYTES)
		return "the time-stamp is longer than any of an authority";
	if (!open_token(&out->p7, der) || !is_outline(out->p7))
		return "the time-stamp is no token in DER, with one signer and nothing unsigned";
	out->si = sk_PKCS7_SIGNER_INFO_value(out->p7->d.sign->signer_info, 0);
	out->info = PKCS7_to_TS_TST_INFO(out->p7);
	if (!is_over_info(out->si) || !is_info(out->info))
		return "the time-stamp's contents are not those of RFC 3161";
	out->certificate = PKCS7_cert_from_signer_info(out->p7, out->si);
	if (out->certificate == NULL ||
	    !is_issuer(out->si->issuer_and_serial->issuer, out->certificate))
		return "the time-stamp does not hold its authority's certificate";
	return NULL;
}

/* ---- signature ---- */

/* The signer's certificate first, then the others that may be named. */
static STACK_OF(X509) * certificates_of(const struct token *t)
{
	const STACK_OF(X509) *all = t->p7->d.sign->cert;
	STACK_OF(X509) *out = sk_X509_new_null();

	if (out == NULL || sk_X509_push(out, t->certificate) == 0)
		return out;
	for (int i = 0; i < sk_X509_num(all); i++)
		if (sk_X509_value(all, i) != t->certificate)
			sk_X509_push(out, sk_X509_value(all, i));
	return out;
}

static const unsigned char *
attribute(long *len, const PKCS7_SIGNER_INFO *si, int nid)
{
	const ASN1_TYPE *value = PKCS7_get_signed_attribute(si, nid);

	if (value == NULL || value->type != V_ASN1_SEQUENCE)
		return NULL;
	*len = ASN1_STRING_length(value->value.sequence);
	return ASN1_STRING_get0_data(value->value.sequence);
}

/* Did the signer say under which certificate (RFC 2634 5.4, RFC 5035 3)? */
static bool
names_its_certificate(const struct token *t)
{
	ESS_SIGNING_CERT *v1 = NULL;
	ESS_SIGNING_CERT_V2 *v2 = NULL;
	STACK_OF(X509) *certificates = certificates_of(t);
	const unsigned char *at;
	long len = 0;

	if ((at = attribute(&len, t->si, NID_id_smime_aa_signingCertificate)) != NULL)
		v1 = d2i_ESS_SIGNING_CERT(NULL, &at, len);
	if ((at = attribute(&len, t->si, NID_id_smime_aa_signingCertificateV2)) != NULL)
		v2 = d2i_ESS_SIGNING_CERT_V2(NULL, &at, len);
	const bool ok =
	    certificates != NULL && OSSL_ESS_check_signing_certs(v1, v2, certificates, 1) == 1;
	ESS_SIGNING_CERT_free(v1);
	ESS_SIGNING_CERT_V2_free(v2);
	sk_X509_free(certificates);
	return ok;
}

static bool
is_signed(const struct token *t)
{
	unsigned char room[1024];
	BIO *content = PKCS7_dataInit(t->p7, NULL);

	while (content != NULL && BIO_read(content, room, sizeof room) > 0)
		; /* it hashes what passes through */
	const bool ok =
	    content != NULL && PKCS7_signatureVerify(content, t->p7, t->si, t->certificate) == 1;
	BIO_free_all(content);
	return ok;
}

/* ---- contents ---- */

static bool
is_imprint(const TS_TST_INFO *info, const uint8_t imprint[SHA256_BYTES])
{
	TS_MSG_IMPRINT *of = TS_TST_INFO_get_msg_imprint((TS_TST_INFO *)info);
	const X509_ALGOR *alg = TS_MSG_IMPRINT_get_algo(of);
	const ASN1_OCTET_STRING *said = TS_MSG_IMPRINT_get_msg(of);

	return nid_of(alg) == NID_sha256 && is_bare(alg, true) &&
	    span_equal(span_of(ASN1_STRING_get0_data(said), (size_t)ASN1_STRING_length(said)),
		span_of(imprint, SHA256_BYTES));
}

static bool
read_time(int64_t *out_s, const TS_TST_INFO *info)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &tm) != 1)
		return false;
	*out_s = (int64_t)timegm(&tm);
	return true;
}

static enum timestamp_answer
judge(struct timestamp *out, struct token *t, const struct trust *trust,
    const uint8_t imprint[SHA256_BYTES], struct span der, struct err *why)
{
	struct timestamp found;

	const char *fault = read_token(t, der);
	if (fault != NULL)
		return no(TIMESTAMP_FORM, why, fault);
	found.key = find_authority(trust_bundle(trust), t->certificate);
	if (found.key == NULL)
		return no(TIMESTAMP_UNLISTED, why,
		    "the time-stamp's authority is not one the trust bundle lists");
	EVP_PKEY *key = X509_get0_pubkey(t->certificate);
	if (key ==
	    NULL) { /* of a listed certificate: for want of memory, though it does not say so */
		err_set(why, ERR_MEMORY, "the authority's public key could not be read");
		return TIMESTAMP_UNDECIDED;
	}
	if (key_alg_of(key) == 0 || !stamps_only(t->certificate))
		return no(TIMESTAMP_FORM, why,
		    "the authority's certificate is not for time-stamping alone, or has a key of a "
		    "kind that does not count");
	if (!is_signature(t->si->digest_enc_alg, nid_of(t->si->digest_alg), key) ||
	    !names_its_certificate(t))
		return no(TIMESTAMP_FORM, why,
		    "the time-stamp is not signed with an algorithm that counts, or does not name "
		    "its certificate");
	if (!is_signed(t))
		return no(TIMESTAMP_SIGNATURE, why, "the time-stamp's signature does not hold");
	if (!read_time(&found.time_s, t->info))
		return no(TIMESTAMP_FORM, why, "the time-stamp has no time");
	if (!is_imprint(t->info, imprint))
		return no(TIMESTAMP_OTHER, why, "the time-stamp is over something else");
	*out = found;
	return TIMESTAMP_HOLDS;
}

enum timestamp_answer
timestamp_check(struct timestamp *out, const struct trust *t, const uint8_t imprint[SHA256_BYTES],
    struct span token, struct err *why)
{
	struct token parsed = { 0 };

	*out = (struct timestamp){ 0 };
	ERR_clear_error();
	const enum timestamp_answer answer = judge(out, &parsed, t, imprint, token, why);
	token_free(&parsed);
	ERR_clear_error();
	return answer;
}

bool
timestamp_fits(const struct timestamp *stamp, int64_t iat_s, int64_t now_s)
{
	return stamp->time_s >= iat_s - TIMESTAMP_SKEW_S &&
	    stamp->time_s <= now_s + TIMESTAMP_SKEW_S;
}

/* ---- a certificate to be listed ---- */

static void
key_id_of(uint8_t kid[COSE_KID_BYTES], const X509 *certificate)
{
	unsigned char *spki = NULL;
	uint8_t hash[SHA256_BYTES] = { 0 };
	const int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &spki);

	if (len > 0)
		sha256(hash, span_of(spki, (size_t)len));
	memcpy(kid, hash, COSE_KID_BYTES);
	OPENSSL_free(spki);
}

bool
timestamp_list(struct bundle_key *out, struct span certificate, struct err *err)
{
	X509 *parsed = open_certificate(certificate);
	bool ok = false;

	if (parsed == NULL) {
		err_set(err, ERR_MALFORMED, "not an X.509 certificate in DER");
	} else if (!stamps_only(parsed)) {
		err_set(err, ERR_REFUSED,
		    "its extended key usage is not timeStamping alone and critical, as RFC 3161 "
		    "asks of an authority");
	} else if ((out->alg = key_alg_of(X509_get0_pubkey(parsed))) == 0) {
		err_set(err, ERR_REFUSED,
		    "its key is none that counts: RSA of 2048 to 8192 bits, or ECDSA on P-256, "
		    "P-384 or P-521");
	} else {
		key_id_of(out->kid, parsed);
		ok = true;
	}
	ERR_clear_error();
	X509_free(parsed);
	return ok;
}

void
timestamp_authority(struct buf *out, struct span certificate)
{
	static const int names[] = { NID_commonName, NID_organizationName };
	X509 *parsed = open_certificate(certificate);
	int len = -1;

	for (size_t i = 0; parsed != NULL && len < 0 && i < sizeof names / sizeof *names; i++) {
		const X509_NAME *subject = X509_get_subject_name(parsed);
		const int at = X509_NAME_get_index_by_NID(subject, names[i], -1);
		unsigned char *text = NULL;
		if (at < 0)
			continue;
		len = ASN1_STRING_to_UTF8(
		    &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
		if (len > 0)
			buf_add(out, text, (size_t)len);
		OPENSSL_free(text);
	}
	ERR_clear_error();
	X509_free(parsed);
}

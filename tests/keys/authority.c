#include "tests/keys/authority.h"

#include "keys/timestamp.h"

#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#define NOT_OURS (-257) /* RS256 */

#define MUST(done)                                                                                 \
	do {                                                                                       \
		if (!(done)) {                                                                     \
			fprintf(stderr, "authority: %s\n", #done);                                 \
			ERR_print_errors_fp(stderr);                                               \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* ---- the authority ---- */

static void
add_extension(X509 *certificate, int nid, const char *value)
{
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, certificate, certificate, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	MUST(extension != NULL && X509_add_ext(certificate, extension, -1) == 1);
	X509_EXTENSION_free(extension);
}

static X509 *
certify(EVP_PKEY *key, const char *name, int serial, X509 *ca)
{
	X509 *x = X509_new();
	X509_NAME *subject = X509_get_subject_name(x);

	MUST(X509_set_version(x, X509_VERSION_3) == 1 &&
	    ASN1_INTEGER_set(X509_get_serialNumber(x), serial) == 1 &&
	    ASN1_TIME_set(X509_getm_notBefore(x), (time_t)BUREAU_FROM_S) != NULL &&
	    ASN1_TIME_set(X509_getm_notAfter(x), (time_t)BUREAU_UNTIL_S) != NULL &&
	    X509_NAME_add_entry_by_txt(
		subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1 &&
	    X509_set_issuer_name(x, ca != NULL ? X509_get_subject_name(ca) : subject) == 1 &&
	    X509_set_pubkey(x, key) == 1);
	return x;
}

struct authority *
authority_new(const struct authority_kind *kind)
{
	struct authority *a = calloc(1, sizeof *a);
	const char *uses = kind->uses != NULL ? kind->uses : "critical,timeStamping";
	unsigned char *der = NULL;

	MUST(a != NULL);
	a->ca_key = EVP_EC_gen("P-256");
	a->key = kind->rsa_bits != 0 ? EVP_RSA_gen(kind->rsa_bits)
				     : EVP_EC_gen(kind->curve != NULL ? kind->curve : "P-256");
	MUST(a->key != NULL && a->ca_key != NULL);
	X509 *ca = certify(a->ca_key, "A CA", 1, NULL);
	add_extension(ca, NID_basic_constraints, "critical,CA:TRUE");
	MUST(X509_sign(ca, a->ca_key, EVP_sha256()) > 0);
	a->certificate = certify(a->key, "示例时间戳机构", 2, ca);
	if (uses[0] != '\0')
		add_extension(a->certificate, NID_ext_key_usage, uses);
	MUST(X509_sign(a->certificate, a->ca_key, EVP_sha256()) > 0);
	const int len = i2d_X509(a->certificate, &der);
	MUST(len > 0);
	buf_add(&a->der, der, (size_t)len);
	OPENSSL_free(der);
	if (kind->with_ca)
		a->ca = ca;
	else
		X509_free(ca);
	return a;
}

void
authority_free(struct authority *a)
{
	if (a == NULL)
		return;
	EVP_PKEY_free(a->key);
	EVP_PKEY_free(a->ca_key);
	X509_free(a->certificate);
	X509_free(a->ca);
	buf_free(&a->der);
	free(a);
}

/* ---- its tokens ---- */

void
authority_info(struct buf *out, const uint8_t imprint[SHA256_BYTES], int64_t time_s)
{
	uint8_t copy[SHA256_BYTES];
	TS_TST_INFO *info = TS_TST_INFO_new();
	TS_MSG_IMPRINT *of = TS_MSG_IMPRINT_new();
	X509_ALGOR *alg = X509_ALGOR_new();
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	ASN1_GENERALIZEDTIME *time = ASN1_GENERALIZEDTIME_set(NULL, (time_t)time_s);
	ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4.1", 1);
	unsigned char *der = NULL;

	memcpy(copy, imprint, sizeof copy);
	MUST(X509_ALGOR_set0(alg, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
	    TS_MSG_IMPRINT_set_algo(of, alg) == 1 &&
	    TS_MSG_IMPRINT_set_msg(of, copy, SHA256_BYTES) == 1 &&
	    ASN1_INTEGER_set(serial, 17) == 1 && TS_TST_INFO_set_version(info, 1) == 1 &&
	    TS_TST_INFO_set_policy_id(info, policy) == 1 &&
	    TS_TST_INFO_set_msg_imprint(info, of) == 1 &&
	    TS_TST_INFO_set_serial(info, serial) == 1 && TS_TST_INFO_set_time(info, time) == 1);
	const int len = i2d_TS_TST_INFO(info, &der);
	MUST(len > 0);
	buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	ASN1_OBJECT_free(policy);
	ASN1_GENERALIZEDTIME_free(time);
	ASN1_INTEGER_free(serial);
	X509_ALGOR_free(alg);
	TS_MSG_IMPRINT_free(of);
	TS_TST_INFO_free(info);
}

static void
set_content(PKCS7 *token, struct span info)
{
	PKCS7 *content = PKCS7_new();
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();

	MUST(ASN1_STRING_set(octets, info.ptr, (int)info.len) == 1);
	content->type = OBJ_nid2obj(NID_id_smime_ct_TSTInfo);
	content->d.other = ASN1_TYPE_new();
	ASN1_TYPE_set(content->d.other, V_ASN1_OCTET_STRING, octets);
	MUST(PKCS7_set_content(token, content) == 1);
}

static void
add_signing_certificate(const struct authority *a, PKCS7_SIGNER_INFO *si)
{
	ESS_SIGNING_CERT_V2 *ess =
	    OSSL_ESS_signing_cert_v2_new_init(EVP_sha256(), a->certificate, NULL, 0);
	ASN1_STRING *value = ASN1_STRING_new();
	unsigned char *der = NULL;
	const int len = i2d_ESS_SIGNING_CERT_V2(ess, &der);

	MUST(len > 0 && ASN1_STRING_set(value, der, len) == 1 &&
	    PKCS7_add_signed_attribute(
		si, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE, value) == 1);
	OPENSSL_free(der);
	ESS_SIGNING_CERT_V2_free(ess);
}

static PKCS7_SIGNER_INFO *
signer_of(PKCS7 *token)
{
	return sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(token), 0);
}

void
authority_sign_again(const struct authority *a, PKCS7 *token)
{
	const ASN1_OCTET_STRING *content = token->d.sign->contents->d.other->value.octet_string;
	PKCS7_SIGNER_INFO *si = signer_of(token);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	const EVP_MD *md = EVP_get_digestbyobj(si->digest_alg->algorithm);

	si->pkey = a->key;
	MUST(md != NULL &&
	    EVP_Digest(ASN1_STRING_get0_data(content), (size_t)ASN1_STRING_length(content), digest,
		&len, md, NULL) == 1 &&
	    PKCS7_add1_attrib_digest(si, digest, (int)len) == 1 && PKCS7_SIGNER_INFO_sign(si) == 1);
	si->pkey = NULL;
}

PKCS7 *
authority_sign(const struct authority *a, struct span info, const char *digest)
{
	PKCS7 *token = PKCS7_new();

	MUST(PKCS7_set_type(token, NID_pkcs7_signed) == 1 &&
	    ASN1_INTEGER_set(token->d.sign->version, 3) == 1 &&
	    PKCS7_add_certificate(token, a->certificate) == 1 &&
	    (a->ca == NULL || PKCS7_add_certificate(token, a->ca) == 1));
	set_content(token, info);
	PKCS7_SIGNER_INFO *si =
	    PKCS7_add_signature(token, a->certificate, a->key, EVP_get_digestbyname(digest));
	MUST(si != NULL &&
	    PKCS7_add_attrib_content_type(si, OBJ_nid2obj(NID_id_smime_ct_TSTInfo)) == 1);
	add_signing_certificate(a, si);
	EVP_PKEY_free(si->pkey); /* it took a reference */
	authority_sign_again(a, token);
	return token;
}

void
authority_der(struct buf *out, PKCS7 *token)
{
	unsigned char *der = NULL;
	const int len = i2d_PKCS7(token, &der);

	MUST(len > 0);
	buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
}

void
authority_token(
    struct buf *out, const struct authority *a, const uint8_t imprint[SHA256_BYTES], int64_t time_s)
{
	struct buf info = BUF_EMPTY;

	authority_info(&info, imprint, time_s);
	PKCS7 *token = authority_sign(a, buf_span(&info), "SHA256");
	authority_der(out, token);
	PKCS7_free(token);
	buf_free(&info);
}

void
authority_list(struct bureau *b, const struct authority *a)
{
	struct bundle_key *entry = bureau_add_key(b);

	if (!timestamp_list(entry, buf_span(&a->der), NULL))
		entry->alg = NOT_OURS; /* a mistake that nobody noticed */
	entry->use = KEY_USE_TSA;
	entry->key = buf_span(&a->der);
	bureau_renew(b);
}

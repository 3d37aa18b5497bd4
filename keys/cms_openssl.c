#include "keys/cms.h"

#include "core/limits.h"

#include <openssl/asn1t.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

/* The signed attributes as they are signed: a DER SET OF (RFC 5652 5.4). */
typedef STACK_OF(X509_ATTRIBUTE) signed_attributes;
ASN1_ITEM_TEMPLATE(signed_attributes) = ASN1_EX_TEMPLATE_TYPE(
    ASN1_TFLG_SET_ORDER | ASN1_TFLG_IMPTAG | ASN1_TFLG_UNIVERSAL, V_ASN1_SET, signed_attributes,
    X509_ATTRIBUTE) static_ASN1_ITEM_TEMPLATE_END(signed_attributes)

    static enum cms_answer no(enum cms_answer answer, struct err *why, const char *sentence)
{
	err_set(why, ERR_REFUSED, "%s", sentence);
	return answer;
}

/* AlgorithmIdentifiers, without parameters (RFC 5754 2, 3.2). */
static const uint8_t alg_sha256[] = { 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
	0x04, 0x02, 0x01 };
static const uint8_t alg_ecdsa_sha256[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
	0x04, 0x03, 0x02 };
static const uint8_t oid_signed_data[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
	0x07, 0x02 };
static const uint8_t content_info_data[] = { 0x30, 0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
	0x0d, 0x01, 0x07, 0x01 };
static const uint8_t version_1[] = { 0x02, 0x01, 0x01 };

#define DER_SEQUENCE 0x30
#define DER_SET 0x31
#define DER_OCTETS 0x04
#define DER_CONTEXT_0 0xa0
#define DER_CONTEXT_1 0xa1

/* Append tag, shortest length and content; the content is freed. */
static void
der_wrap(struct buf *out, uint8_t tag, struct buf *content)
{
	size_t bytes = 1;
	while (bytes < sizeof content->len && content->len >> (8 * bytes) != 0)
		bytes++;
	buf_add_byte(out, tag);
	if (content->len >= 0x80)
		buf_add_byte(out, (uint8_t)(0x80 | bytes));
	buf_add_be(out, content->len, bytes);
	buf_add_span(out, buf_span(content));
	out->bad |= content->bad;
	buf_free(content);
}

/* The inside of a DER value: what follows its tag and length. */
static struct span
der_inside(const unsigned char *der, int len)
{
	const unsigned char *at = der;
	long inside = 0;
	int tag, class;
	if (len <= 0 || (ASN1_get_object(&at, &inside, &tag, &class, len) & 0x80) != 0)
		return span_of(NULL, 0);
	return span_of(at, (size_t)inside);
}

static void
add_signer_id(struct buf *out, CMS_SignerInfo *si)
{
	X509_NAME *issuer = NULL;
	ASN1_INTEGER *serial = NULL;
	unsigned char *name = NULL, *number = NULL;
	struct buf id = BUF_EMPTY;

	if (CMS_SignerInfo_get0_signer_id(si, NULL, &issuer, &serial) == 1 && issuer != NULL &&
	    serial != NULL) {
		const int name_len = i2d_X509_NAME(issuer, &name);
		const int number_len = i2d_ASN1_INTEGER(serial, &number);
		if (name_len > 0 && number_len > 0) {
			buf_add(&id, name, (size_t)name_len);
			buf_add(&id, number, (size_t)number_len);
		}
	}
	der_wrap(out, DER_SEQUENCE, &id);
	OPENSSL_free(name);
	OPENSSL_free(number);
}

/* Attributes of the signer as a DER SET OF with another tag. */
static void
add_attributes(struct buf *out, uint8_t tag, CMS_SignerInfo *si, bool are_signed)
{
	unsigned char *der = NULL;
	struct buf inside = BUF_EMPTY;
	signed_attributes *all = sk_X509_ATTRIBUTE_new_null();
	const int n = are_signed ? CMS_signed_get_attr_count(si) : CMS_unsigned_get_attr_count(si);

	for (int i = 0; all != NULL && i < n; i++)
		sk_X509_ATTRIBUTE_push(
		    all, are_signed ? CMS_signed_get_attr(si, i) : CMS_unsigned_get_attr(si, i));
	if (all != NULL && n > 0) {
		const int len =
		    ASN1_item_i2d((ASN1_VALUE *)all, &der, ASN1_ITEM_rptr(signed_attributes));
		buf_add_span(&inside, der_inside(der, len));
		der_wrap(out, tag, &inside);
	}
	OPENSSL_free(der);
	sk_X509_ATTRIBUTE_free(all);
}

static void
add_certificates(struct buf *out, CMS_ContentInfo *ci)
{
	struct buf inside = BUF_EMPTY;
	STACK_OF(X509) *certs = CMS_get1_certs(ci);
	for (int i = 0; i < sk_X509_num(certs); i++) {
		unsigned char *der = NULL;
		const int len = i2d_X509(sk_X509_value(certs, i), &der);
		if (len > 0)
			buf_add(&inside, der, (size_t)len);
		OPENSSL_free(der);
	}
	der_wrap(out, DER_CONTEXT_0, &inside);
	sk_X509_pop_free(certs, X509_free);
}

static void
add_signer_info(struct buf *out, CMS_SignerInfo *si)
{
	struct buf info = BUF_EMPTY, signature = BUF_EMPTY;
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(si);

	buf_add(&info, version_1, sizeof version_1);
	add_signer_id(&info, si);
	buf_add(&info, alg_sha256, sizeof alg_sha256);
	add_attributes(&info, DER_CONTEXT_0, si, true);
	buf_add(&info, alg_ecdsa_sha256, sizeof alg_ecdsa_sha256);
	buf_add(&signature, ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
	der_wrap(&info, DER_OCTETS, &signature);
	add_attributes(&info, DER_CONTEXT_1, si, false);
	der_wrap(out, DER_SEQUENCE, &info);
}

/*
 * The one form of a seal with these certificates, attributes and signature. Most of a SignedData is not
 * signed; whoever compares with this leaves no bit of it free.
 */
static void
canonical(struct buf *out, CMS_ContentInfo *ci, CMS_SignerInfo *si)
{
	struct buf data = BUF_EMPTY, set = BUF_EMPTY, wrapped = BUF_EMPTY, content = BUF_EMPTY;

	buf_add(&data, version_1, sizeof version_1);
	buf_add(&set, alg_sha256, sizeof alg_sha256);
	der_wrap(&data, DER_SET, &set);
	buf_add(&data, content_info_data, sizeof content_info_data);
	add_certificates(&data, ci);
	add_signer_info(&set, si);
	der_wrap(&data, DER_SET, &set);
	der_wrap(&wrapped, DER_SEQUENCE, &data);
	buf_add(&content, oid_signed_data, sizeof oid_signed_data);
	der_wrap(&content, DER_CONTEXT_0, &wrapped);
	der_wrap(out, DER_SEQUENCE, &content);
}

/* One SignedData without content, one signer, in the canonical form to the last bit. */
static enum cms_answer
check_form(CMS_SignerInfo **si, CMS_ContentInfo *ci, struct span der, struct err *why)
{
	struct buf again = BUF_EMPTY;

	if (OBJ_obj2nid(CMS_get0_type(ci)) != NID_pkcs7_signed || CMS_is_detached(ci) != 1)
		return no(CMS_FORM, why, "the seal is not a detached CMS signature");
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(ci);
	if (sk_CMS_SignerInfo_num(signers) != 1)
		return no(CMS_FORM, why, "the seal does not have exactly one signer");
	*si = sk_CMS_SignerInfo_value(signers, 0);
	canonical(&again, ci, *si);
	const bool same = buf_ok(&again, NULL) && span_equal(buf_span(&again), der);
	buf_free(&again);
	return same ? CMS_SEALED : no(CMS_FORM, why, "the seal is not in its canonical form");
}

static struct span
cert_der(X509 *cert, unsigned char **out)
{
	const int len = i2d_X509(cert, out);
	return span_of(*out, len > 0 ? (size_t)len : 0);
}

static const struct bundle_key *
find_seal_key(const struct bundle *b, struct span der)
{
	for (size_t i = 0; i < b->n_keys; i++) {
		if (b->keys[i].use == KEY_USE_SEAL && span_equal(b->keys[i].key, der))
			return &b->keys[i];
	}
	return NULL;
}

/*
 * Exactly the expected certificates: the signer's, byte for byte one that the bundle lists, and perhaps
 * the reader CA for other people's readers. *cert is borrowed from ci.
 */
static enum cms_answer
find_sealer(const struct bundle_key **key, X509 **cert, CMS_ContentInfo *ci, CMS_SignerInfo *si,
    const struct bundle *b, struct err *why)
{
	STACK_OF(X509) *certs = CMS_get1_certs(ci);
	enum cms_answer answer = CMS_SEALED;
	const int n = sk_X509_num(certs);
	int others = 0;

	*key = NULL;
	for (int i = 0; i < n && answer == CMS_SEALED; i++) {
		X509 *c = sk_X509_value(certs, i);
		unsigned char *bytes = NULL;
		const struct span der = cert_der(c, &bytes);
		if (*key == NULL && CMS_SignerInfo_cert_cmp(si, c) == 0) {
			*key = find_seal_key(b, der);
			*cert = c;
			if (*key == NULL)
				answer = no(CMS_UNLISTED, why,
				    "the trust bundle does not list the seal's certificate");
		} else if (b->reader_ca.len == 0 || !span_equal(der, b->reader_ca) ||
		    ++others > 1) {
			answer = no(CMS_FORM, why,
			    "the seal carries a certificate that does not belong there");
		}
		OPENSSL_free(bytes);
	}
	sk_X509_pop_free(certs, X509_free);
	if (answer == CMS_SEALED && *key == NULL)
		answer = no(CMS_UNLISTED, why, "the seal does not carry its certificate");
	return answer;
}

/* signing-certificate-v2 (RFC 5035): exactly one entry, the hash of this certificate, SHA-256. */
static bool
names_certificate(CMS_SignerInfo *si, X509 *cert)
{
	uint8_t want[SHA256_BYTES];
	unsigned char *bytes = NULL;
	bool ok = false;
	ASN1_STRING *value = CMS_signed_get0_data_by_OBJ(
	    si, OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2), -3, V_ASN1_SEQUENCE);

	if (value == NULL)
		return false;
	const unsigned char *at = ASN1_STRING_get0_data(value);
	ESS_SIGNING_CERT_V2 *ess = d2i_ESS_SIGNING_CERT_V2(NULL, &at, ASN1_STRING_length(value));
	if (ess != NULL) {
		STACK_OF(X509) *chain = sk_X509_new_null();
		sha256(want, cert_der(cert, &bytes));
		if (chain != NULL && sk_X509_push(chain, cert) > 0)
			ok = OSSL_ESS_check_signing_certs(NULL, ess, chain, 1) == 1;
		sk_X509_free(chain);
	}
	OPENSSL_free(bytes);
	ESS_SIGNING_CERT_V2_free(ess);
	return ok;
}

static enum cms_answer
check_digest(CMS_SignerInfo *si, struct span part_1, struct span part_2, struct err *why)
{
	uint8_t digest[SHA256_BYTES];
	ASN1_OCTET_STRING *value = CMS_signed_get0_data_by_OBJ(
	    si, OBJ_nid2obj(NID_pkcs9_messageDigest), -3, V_ASN1_OCTET_STRING);
	ASN1_OBJECT *type =
	    CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT);

	if (value == NULL || type == NULL || OBJ_obj2nid(type) != NID_pkcs7_data ||
	    CMS_signed_get_attr_count(si) != 3)
		return no(CMS_FORM, why, "the seal's signed attributes are not the three of ours");
	sha256_two(digest, part_1, part_2);
	if (!span_equal(span_of(digest, sizeof digest),
		span_of(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value))))
		return no(CMS_CHANGED, why, "the file is not the one that was sealed");
	return CMS_SEALED;
}

/* ECDSA signature, DER -> r || s; false for integers that do not fit. */
static bool
raw_signature(uint8_t out[COSE_SIGNATURE_BYTES], const ASN1_OCTET_STRING *der)
{
	const unsigned char *at = ASN1_STRING_get0_data(der);
	unsigned char *again = NULL;
	bool ok = false;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, ASN1_STRING_length(der));

	if (sig == NULL)
		return false;
	const int len = i2d_ECDSA_SIG(sig, &again);
	ok = len == ASN1_STRING_length(der) &&
	    memcmp(again, ASN1_STRING_get0_data(der), (size_t)len) == 0 &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, COSE_SIGNATURE_BYTES / 2) > 0 &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + COSE_SIGNATURE_BYTES / 2,
		COSE_SIGNATURE_BYTES / 2) > 0;
	OPENSSL_free(again);
	ECDSA_SIG_free(sig);
	return ok;
}

static enum cms_answer
check_signature(CMS_SignerInfo *si, const struct key *key, struct err *why)
{
	uint8_t raw[COSE_SIGNATURE_BYTES];
	unsigned char *der = NULL;
	int len = -1;
	signed_attributes *attributes = sk_X509_ATTRIBUTE_new_null();

	for (int i = 0; attributes != NULL && i < CMS_signed_get_attr_count(si); i++)
		sk_X509_ATTRIBUTE_push(attributes, CMS_signed_get_attr(si, i));
	if (attributes != NULL)
		len = ASN1_item_i2d(
		    (ASN1_VALUE *)attributes, &der, ASN1_ITEM_rptr(signed_attributes));
	const bool good = key != NULL && len > 0 &&
	    raw_signature(raw, CMS_SignerInfo_get0_signature(si)) &&
	    key_verify(key, span_of(der, (size_t)len), span_of(raw, sizeof raw));
	OPENSSL_free(der);
	sk_X509_ATTRIBUTE_free(attributes);
	return good ? CMS_SEALED : no(CMS_SIGNATURE, why, "the seal's signature does not hold");
}

/* The time-stamp's signer: exactly one of the certificates the bundle lists for it. */
static X509_STORE *
tsa_store(const struct bundle *b)
{
	X509_STORE *store = X509_STORE_new();
	for (size_t i = 0; store != NULL && i < b->n_keys; i++) {
		const unsigned char *at = b->keys[i].key.ptr;
		if (b->keys[i].use != KEY_USE_TSA || b->keys[i].state == KEY_COMPROMISED)
			continue;
		X509 *cert = d2i_X509(NULL, &at, (long)b->keys[i].key.len);
		if (cert != NULL)
			X509_STORE_add_cert(store, cert);
		X509_free(cert);
	}
	if (store != NULL)
		X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
	return store;
}

static bool
token_time(int64_t *out, const PKCS7 *token)
{
	struct tm tm = { 0 };
	TS_TST_INFO *info = PKCS7_to_TS_TST_INFO((PKCS7 *)token);
	const bool ok = info != NULL && ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &tm) == 1;
	TS_TST_INFO_free(info);
	if (ok)
		*out = timegm(&tm);
	return ok;
}

/* Does the token stamp this signature (RFC 3161, RFC 5816)? */
static bool
verify_token(const struct bundle *b, PKCS7 *token, const ASN1_OCTET_STRING *signature)
{
	uint8_t imprint[SHA256_BYTES];
	bool ok = false;
	TS_VERIFY_CTX *ctx = TS_VERIFY_CTX_new();
	unsigned char *copy = OPENSSL_malloc(SHA256_BYTES);

	sha256(imprint,
	    span_of(ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature)));
	if (ctx != NULL && copy != NULL) {
		memcpy(copy, imprint, SHA256_BYTES);
		TS_VERIFY_CTX_set_flags(ctx, TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_SIGNATURE);
		TS_VERIFY_CTX_set_store(ctx, tsa_store(b)); /* now the context's, as is the copy */
		TS_VERIFY_CTX_set_imprint(ctx, copy, SHA256_BYTES);
		copy = NULL;
		ok = TS_RESP_verify_token(ctx, token) == 1;
	}
	OPENSSL_free(copy);
	TS_VERIFY_CTX_free(ctx);
	return ok;
}

static enum cms_answer
check_stamp(struct cms_seal *out, const struct bundle *b, CMS_SignerInfo *si, struct err *why)
{
	const int n = CMS_unsigned_get_attr_count(si);
	if (n <= 0)
		return CMS_SEALED;
	ASN1_STRING *value = CMS_unsigned_get0_data_by_OBJ(
	    si, OBJ_nid2obj(NID_id_smime_aa_timeStampToken), -3, V_ASN1_SEQUENCE);
	if (n != 1 || value == NULL)
		return no(CMS_FORM, why,
		    "the seal carries an unsigned attribute that does not belong there");
	const unsigned char *at = ASN1_STRING_get0_data(value);
	PKCS7 *token = d2i_PKCS7(NULL, &at, ASN1_STRING_length(value));
	out->stamped = token != NULL && PKCS7_type_is_signed(token) &&
	    verify_token(b, token, CMS_SignerInfo_get0_signature(si)) &&
	    token_time(&out->stamped_s, token);
	PKCS7_free(token);
	return out->stamped ? CMS_SEALED
			    : no(CMS_STAMP, why, "the seal's time-stamp does not hold");
}

static enum cms_answer
check(struct cms_seal *out, const struct trust *t, CMS_ContentInfo *ci, struct span parts[2],
    struct span der, struct err *why)
{
	const struct bundle *b = trust_bundle(t);
	CMS_SignerInfo *si = NULL;
	X509 *cert = NULL;
	enum cms_answer answer = check_form(&si, ci, der, why);

	if (answer == CMS_SEALED)
		answer = find_sealer(&out->key, &cert, ci, si, b, why);
	if (answer == CMS_SEALED)
		answer = check_digest(si, parts[0], parts[1], why);
	if (answer == CMS_SEALED && !names_certificate(si, cert))
		answer = no(CMS_FORM, why, "the seal does not name its own certificate");
	if (answer == CMS_SEALED)
		answer = check_signature(si, trust_key(t, out->key), why);
	if (answer == CMS_SEALED)
		answer = check_stamp(out, b, si, why);
	return answer;
}

enum cms_answer
cms_check(struct cms_seal *out, const struct trust *t, struct span part_1, struct span part_2,
    struct span der, struct err *why)
{
	const unsigned char *at = der.ptr;
	struct span parts[2] = { part_1, part_2 };
	enum cms_answer answer;
	CMS_ContentInfo *ci = NULL;

	*out = (struct cms_seal){ 0 };
	if (der.len == 0 || der.len > LIMIT_PDF_CONTENTS_BYTES)
		return no(CMS_FORM, why, "the seal is empty or too long");
	ci = d2i_CMS_ContentInfo(NULL, &at, (long)der.len);
	if (ci == NULL || at != der.ptr + der.len)
		answer = no(CMS_FORM, why, "the seal is not CMS");
	else
		answer = check(out, t, ci, parts, der, why);
	ERR_clear_error();
	CMS_ContentInfo_free(ci);
	if (answer != CMS_SEALED)
		*out = (struct cms_seal){ 0 };
	return answer;
}

#include "keys/seal.h"

#include "credential/sha256.h"
#include "keys/signer_openssl.h"

#include <openssl/asn1t.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdlib.h>

/* What is signed: the attributes as a DER SET OF (RFC 5652 5.4). */
typedef STACK_OF(X509_ATTRIBUTE) attribute_set;
/* clang-format off */
ASN1_ITEM_TEMPLATE(attribute_set) =
	/* cppcheck-suppress unknownMacro */
	ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SET_ORDER | ASN1_TFLG_IMPTAG | ASN1_TFLG_UNIVERSAL,
	    V_ASN1_SET, attribute_set, X509_ATTRIBUTE)
static_ASN1_ITEM_TEMPLATE_END(attribute_set);
/* clang-format on */

static bool
attributes_der(struct buf *out, CMS_SignerInfo *si)
{
	unsigned char *der = NULL;
	int len = -1;
	STACK_OF(X509_ATTRIBUTE) *all = sk_X509_ATTRIBUTE_new_null();

	for (int i = 0; all != NULL && i < CMS_signed_get_attr_count(si); i++)
		sk_X509_ATTRIBUTE_push(all, CMS_signed_get_attr(si, i));
	if (all != NULL && sk_X509_ATTRIBUTE_num(all) == CMS_signed_get_attr_count(si))
		len = ASN1_item_i2d((ASN1_VALUE *)all, &der, ASN1_ITEM_rptr(attribute_set));
	if (len > 0)
		buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	sk_X509_ATTRIBUTE_free(all);
	return len > 0;
}

/* r || s -> ECDSA-Sig-Value. */
static bool
set_signature(CMS_SignerInfo *si, const uint8_t raw[COSE_SIGNATURE_BYTES])
{
	unsigned char *der = NULL;
	int len = -1;
	int half = COSE_SIGNATURE_BYTES / 2;
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw, half, NULL), *s = BN_bin2bn(raw + half, half, NULL);

	if (sig != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(sig, r, s) == 1) {
		r = s = NULL; /* now the signature's */
		len = i2d_ECDSA_SIG(sig, &der);
	}
	bool ok = len > 0 && ASN1_STRING_set(CMS_SignerInfo_get0_signature(si), der, len) == 1;
	OPENSSL_free(der);
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	return ok;
}

/* What CMS_final() would do, but for the signing-time it always adds. */
static bool
sign_attributes(
    CMS_SignerInfo *si, const struct signer *s, const uint8_t digest[SHA256_BYTES], struct err *err)
{
	uint8_t raw[COSE_SIGNATURE_BYTES];
	X509_ALGOR *algorithm = NULL;
	struct buf der = BUF_EMPTY;
	bool ok = false;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, NULL, &algorithm);
	if (CMS_signed_add1_attr_by_NID(
		si, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data), -1) != 1 ||
	    CMS_signed_add1_attr_by_NID(
		si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest, SHA256_BYTES) != 1 ||
	    X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_ecdsa_with_SHA256), V_ASN1_UNDEF, NULL) !=
		1 ||
	    !attributes_der(&der, si) || !buf_ok(&der, NULL))
		crypto_failed(err, "the seal's attributes");
	else if (signer_ecdsa(raw, s, buf_span(&der), err))
		ok = set_signature(si, raw) || crypto_failed(err, "the seal's signature");
	buf_free(&der);
	return ok;
}

/* Over the signature, as the one unsigned attribute. */
static bool
add_time_stamp(CMS_SignerInfo *si, const struct seal_stamper *stamper, struct err *err)
{
	const ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(si);
	uint8_t imprint[SHA256_BYTES];
	struct buf token = BUF_EMPTY;

	sha256(imprint,
	    span_of(ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature)));
	bool ok = stamper->stamp(&token, stamper->ctx, imprint, err) && buf_ok(&token, err);
	if (ok && token.len > 0)
		ok = CMS_unsigned_add1_attr_by_NID(si, NID_id_smime_aa_timeStampToken,
			 V_ASN1_SEQUENCE, token.ptr, (int)token.len) == 1 ||
		    crypto_failed(err, "the seal's time-stamp");
	buf_free(&token);
	return ok;
}

static bool
add_der(struct buf *out, CMS_ContentInfo *cms, struct err *err)
{
	unsigned char *der = NULL;
	int len = i2d_CMS_ContentInfo(cms, &der);

	if (len <= 0)
		return crypto_failed(err, "the seal");
	buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	return buf_ok(out, err);
}

struct sealer {
	const struct signer *key;
	X509 *certificate;
};

void
sealer_free(struct sealer *s)
{
	if (s == NULL)
		return;
	X509_free(s->certificate);
	free(s);
}

static bool
parse_certificate(X509 **out, const struct signer *s, struct span der, struct err *err)
{
	const unsigned char *at = der.ptr;

	*out = d2i_X509(NULL, &at, (long)der.len);
	if (*out == NULL || at != der.ptr + der.len)
		return crypto_failed(err, "the seal's certificate");
	/* OpenSSL keeps what it finds out about extensions: now, before threads share it. */
	if (X509_check_private_key(*out, s->pkey) == 1 && X509_check_purpose(*out, -1, 0) == 1)
		return true;
	ERR_clear_error();
	return err_set(err, ERR_REFUSED, "the seal's certificate is of another key");
}

bool
sealer_new(struct sealer **out, const struct signer *key, struct span certificate, struct err *err)
{
	struct sealer *s = calloc(1, sizeof *s);

	*out = NULL;
	if (s == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	s->key = key;
	if (!parse_certificate(&s->certificate, key, certificate, err)) {
		sealer_free(s);
		return false;
	}
	*out = s;
	return true;
}

bool
seal_make(struct buf *out, const struct sealer *s, struct span part_1, struct span part_2,
    const struct seal_stamper *stamper, struct err *err)
{
	const unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL;
	uint8_t digest[SHA256_BYTES];
	CMS_SignerInfo *si = NULL; /* cms owns it */
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);

	if (cms != NULL) /* CMS_CADES: with signing-certificate-v2 */
		si = CMS_add1_signer(cms, s->certificate, s->key->pkey, EVP_sha256(),
		    flags | CMS_NOSMIMECAP | CMS_CADES);
	bool ok = si != NULL || crypto_failed(err, "the seal");
	if (ok) {
		sha256_two(digest, part_1, part_2);
		ok = sign_attributes(si, s->key, digest, err) &&
		    (stamper == NULL || add_time_stamp(si, stamper, err)) && add_der(out, cms, err);
	}
	CMS_ContentInfo_free(cms);
	return ok;
}

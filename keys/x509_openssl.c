#include "keys/x509.h"

#include "keys/signer_openssl.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define SERIAL_BYTES 20                       /* RFC 5280 4.1.2.2: at most */
#define DOCUMENT_SIGNING "1.3.6.1.5.5.7.3.36" /* RFC 9336; OpenSSL 3.0 has no name for it */
#define EMAIL_PROTECTION "emailProtection"

/* One row of a profile: what X509V3 calls an extension and its value. */
struct extension {
	int nid;
	const char *value;
};

static const struct extension reader_ca_profile[] = {
	{ NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
	{ NID_key_usage, "critical,keyCertSign,cRLSign" },
	{ NID_subject_key_identifier, "hash" },
};

static const struct extension seal_profile[] = {
	{ NID_basic_constraints, "critical,CA:FALSE" },
	{ NID_key_usage, "critical,digitalSignature,nonRepudiation" },
	{ NID_ext_key_usage, DOCUMENT_SIGNING "," EMAIL_PROTECTION },
	{ NID_subject_key_identifier, "hash" },
	{ NID_authority_key_identifier, "keyid:always" },
};

static bool
add_extensions(X509 *cert, X509 *issuer, const struct extension *profile, size_t n)
{
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	for (size_t i = 0; i < n; i++) {
		X509_EXTENSION *ext =
		    X509V3_EXT_conf_nid(NULL, &ctx, profile[i].nid, profile[i].value);
		bool ok = ext != NULL && X509_add_ext(cert, ext, -1) == 1;
		X509_EXTENSION_free(ext);
		if (!ok)
			return false;
	}
	return true;
}

/* Positive, never zero, and long: nobody can guess the next one. */
static bool
set_serial(X509 *cert)
{
	uint8_t random[SERIAL_BYTES];
	BIGNUM *n = NULL;
	bool ok = false;

	if (RAND_bytes(random, sizeof random) != 1)
		return false;
	random[0] = (uint8_t)((random[0] & 0x7f) | 0x40);
	n = BN_bin2bn(random, sizeof random, NULL);
	ok = n != NULL && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert)) != NULL;
	BN_free(n);
	return ok;
}

static bool
add_name(X509_NAME *name, int nid, struct span value)
{
	return value.len == 0 ||
	    X509_NAME_add_entry_by_NID(
		name, nid, MBSTRING_UTF8, value.ptr, (int)value.len, -1, 0) == 1;
}

static bool
set_subject(X509 *cert, const struct x509_subject *subject)
{
	X509_NAME *name = X509_get_subject_name(cert);

	return add_name(name, NID_countryName, span_text("CN")) &&
	    add_name(name, NID_organizationName, subject->organisation) &&
	    add_name(name, NID_organizationIdentifier, subject->organisation_id) &&
	    add_name(name, NID_commonName, subject->common_name);
}

static bool
set_dates(X509 *cert, int64_t from_s, int64_t until_s)
{
	return X509_time_adj_ex(X509_getm_notBefore(cert), 0, 0, &(time_t){ from_s }) != NULL &&
	    X509_time_adj_ex(X509_getm_notAfter(cert), 0, 0, &(time_t){ until_s }) != NULL;
}

/* All but issuer, extensions and signature. */
static X509 *
certificate_new(EVP_PKEY *key, const struct x509_subject *subject, int64_t from_s, int64_t until_s)
{
	X509 *cert = X509_new();

	if (cert != NULL && X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cert) &&
	    set_dates(cert, from_s, until_s) && set_subject(cert, subject) &&
	    X509_set_pubkey(cert, key) == 1)
		return cert;
	X509_free(cert);
	return NULL;
}

static bool
sign_and_add(struct buf *out, X509 *cert, const struct signer *ca, struct err *err)
{
	unsigned char *der = NULL;

	if (X509_sign(cert, ca->pkey, EVP_sha256()) <= 0 || X509_verify(cert, ca->pkey) != 1)
		return crypto_failed(err, "signing the certificate");
	int len = i2d_X509(cert, &der);
	if (len <= 0)
		return crypto_failed(err, "the certificate");
	buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	return buf_ok(out, err);
}

bool
x509_make_reader_ca(struct buf *out, const struct signer *ca, const struct x509_subject *subject,
    int64_t from_s, int64_t until_s, struct err *err)
{
	X509 *cert = certificate_new(ca->pkey, subject, from_s, until_s);
	bool ok = false;

	if (cert == NULL || X509_set_issuer_name(cert, X509_get_subject_name(cert)) != 1 ||
	    !add_extensions(cert, cert, reader_ca_profile,
		sizeof reader_ca_profile / sizeof *reader_ca_profile))
		crypto_failed(err, "the reader CA's certificate");
	else
		ok = sign_and_add(out, cert, ca, err);
	X509_free(cert);
	return ok;
}

/* The CA's own certificate; its key must be the one that signs. */
static X509 *
open_ca(struct span der, const struct signer *ca, int64_t until_s, struct err *err)
{
	const unsigned char *at = der.ptr;
	X509 *cert = d2i_X509(NULL, &at, (long)der.len);
	time_t until = until_s;

	if (cert == NULL || at != der.ptr + der.len)
		err_set(err, ERR_MALFORMED, "the reader CA's certificate cannot be read");
	else if (X509_check_private_key(cert, ca->pkey) != 1)
		err_set(err, ERR_REFUSED, "the reader CA's certificate is of another key");
	else if (X509_cmp_time(X509_get0_notAfter(cert), &until) < 0)
		err_set(err, ERR_REFUSED, "the reader CA ends before the seal certificate would");
	else
		return cert;
	ERR_clear_error();
	X509_free(cert);
	return NULL;
}

static EVP_PKEY *
open_spki(struct span spki, struct err *err)
{
	const unsigned char *at = spki.ptr;
	struct key *key = NULL;

	if (!key_from_spki(&key, spki, err))
		return NULL;
	key_free(key);
	return d2i_PUBKEY(NULL, &at, (long)spki.len);
}

bool
x509_make_seal(struct buf *out, const struct signer *ca, struct span ca_certificate,
    struct span spki, const struct x509_subject *subject, int64_t from_s, int64_t until_s,
    struct err *err)
{
	X509 *cert = NULL;
	EVP_PKEY *key = NULL;
	X509 *issuer = open_ca(ca_certificate, ca, until_s, err);
	bool ok = false;

	if (issuer == NULL || (key = open_spki(spki, err)) == NULL)
		goto out;
	cert = certificate_new(key, subject, from_s, until_s);
	if (cert == NULL || X509_set_issuer_name(cert, X509_get_subject_name(issuer)) != 1 ||
	    !add_extensions(cert, issuer, seal_profile, sizeof seal_profile / sizeof *seal_profile))
		crypto_failed(err, "the seal's certificate");
	else
		ok = sign_and_add(out, cert, ca, err);
out:
	X509_free(cert);
	EVP_PKEY_free(key);
	X509_free(issuer);
	return ok;
}

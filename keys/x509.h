/*
 * The two certificates we make, both for other people's PDF readers: the reader CA (ca.pem) and the
 * certificate of a seal key under it (RFC 5280, RFC 9336). Nothing of ours builds a path with them.
 */
#ifndef KEYS_X509_H
#define KEYS_X509_H

#include "keys/signer.h"

struct x509_subject {
	struct span organisation;    /* O: the bureau's name, UTF-8 */
	struct span organisation_id; /* organizationIdentifier 2.5.4.97; may be empty */
	struct span common_name;     /* CN, UTF-8, at most 64 characters */
};

/*
 * Append a certificate, DER, version 3, serial of 20 random bytes, valid from from_s to until_s, both
 * included (RFC 5280 4.1.2.5).
 *
 * Reader CA: self-signed; basicConstraints CA pathlen 0, keyUsage keyCertSign and cRLSign, both critical.
 * Seal: basicConstraints CA:FALSE and keyUsage digitalSignature and nonRepudiation, both critical;
 * extendedKeyUsage documentSigning and emailProtection.
 *
 * ERR_CRYPTO, ERR_MALFORMED (a name the form cannot hold, a CA that cannot be read)
 * ERR_REFUSED (ca_certificate is not of the key `ca`, or would end before the certificate)
 */
MUST_CHECK bool x509_make_reader_ca(struct buf *out, const struct signer *ca,
    const struct x509_subject *subject, int64_t from_s, int64_t until_s, struct err *err);
MUST_CHECK bool x509_make_seal(struct buf *out, const struct signer *ca, struct span ca_certificate,
    struct span spki, const struct x509_subject *subject, int64_t from_s, int64_t until_s,
    struct err *err);

#endif

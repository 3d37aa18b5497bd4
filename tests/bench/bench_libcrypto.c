/*
 * What a verifier does that takes libcrypto as it comes, one thread:
 *
 *	bench_libcrypto digest N      N times EVP_DigestVerify() of 300 bytes by ECDSA P-256, the key at hand
 *	bench_libcrypto parse N       the same, the key parsed each time with d2i_PUBKEY()
 *	bench_libcrypto cms PDF N     N times d2i_CMS_ContentInfo() and CMS_verify() of a PDF's seal over the bytes of
 *	                              its /ByteRange, the sealing certificate being trusted: no chain to build
 */
#include "core/cursor.h"
#include "core/file.h"
#include "core/limits.h"
#include "tests/bench/measure.h"

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdint.h>
#include <string.h>

static void
must(int done)
{
	if (done != 1)
		abort();
}

/* ---- a signature ---- */

struct signed_message {
	EVP_PKEY *key;
	uint8_t message[300], signature[80];
	size_t len;
	uint8_t *spki;
	int spki_len;
};

static void
sign(struct signed_message *s)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	*s = (struct signed_message){ .key = EVP_EC_gen("P-256"), .len = sizeof s->signature };
	must(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, s->key));
	must(EVP_DigestSign(ctx, s->signature, &s->len, s->message, sizeof s->message));
	s->spki_len = i2d_PUBKEY(s->key, &s->spki);
	EVP_MD_CTX_free(ctx);
}

static void
verify(const struct signed_message *s, EVP_PKEY *key)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	must(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key));
	must(EVP_DigestVerify(ctx, s->signature, s->len, s->message, sizeof s->message));
	EVP_MD_CTX_free(ctx);
}

static void
verify_parsing(const struct signed_message *s)
{
	const uint8_t *at = s->spki;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, s->spki_len);

	verify(s, key);
	EVP_PKEY_free(key);
}

static void
signatures(bool parse, unsigned long long n)
{
	struct signed_message s;

	sign(&s);
	const struct measure begun = measure_begin();
	for (unsigned long long i = 0; i < n; i++) {
		if (parse)
			verify_parsing(&s);
		else
			verify(&s, s.key);
	}
	measure_end(&begun, n);
	OPENSSL_free(s.spki);
	EVP_PKEY_free(s.key);
}

/* ---- a sealed PDF ---- */

struct sealed {
	struct buf file, content; /* content: what /ByteRange says */
	uint8_t *der;
	long der_len;
	X509_STORE *store;
};

/* What stands between the two ranges is the seal in hexadecimal, with zeros behind its end. */
static void
read_sealed(struct sealed *s, const char *path)
{
	static const char range[] = "/ByteRange [ 0 ";

	*s = (struct sealed){ .store = X509_STORE_new() };
	MEASURE_MUST(file_read(&s->file, path, LIMIT_PDF_BYTES, &err));
	struct cursor c = cursor_over(buf_span(&s->file));
	must(cursor_find(&c, span_text(range)));
	cursor_take(&c, strlen(range));
	const size_t gap = (size_t)cursor_number(&c, ' '), after = (size_t)cursor_number(&c, ' ');
	must(!c.bad && after > gap + 2 && after < s->file.len);
	buf_add(&s->content, s->file.ptr, gap);
	buf_add(&s->content, s->file.ptr + after, s->file.len - after);
	s->file.ptr[after - 1] = '\0';
	s->der = OPENSSL_hexstr2buf((const char *)s->file.ptr + gap + 1, &s->der_len);
	must(s->der != NULL);
}

static CMS_ContentInfo *
parse_seal(const struct sealed *s)
{
	const uint8_t *at = s->der;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, s->der_len);

	must(cms != NULL);
	return cms;
}

static void
trust_sealer(struct sealed *s)
{
	CMS_ContentInfo *cms = parse_seal(s);
	STACK_OF(X509) *certificates = CMS_get1_certs(cms);
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(s->store);

	for (int i = 0; i < sk_X509_num(certificates); i++)
		must(X509_STORE_add_cert(s->store, sk_X509_value(certificates, i)));
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
	sk_X509_pop_free(certificates, X509_free);
	CMS_ContentInfo_free(cms);
}

static void
verify_seal(const struct sealed *s)
{
	CMS_ContentInfo *cms = parse_seal(s);
	BIO *content = BIO_new_mem_buf(s->content.ptr, (int)s->content.len);

	must(CMS_verify(cms, NULL, s->store, content, NULL, CMS_DETACHED | CMS_BINARY));
	BIO_free(content);
	CMS_ContentInfo_free(cms);
}

static void
seals(const char *path, unsigned long long n)
{
	struct sealed s;

	read_sealed(&s, path);
	trust_sealer(&s);
	const struct measure begun = measure_begin();
	for (unsigned long long i = 0; i < n; i++)
		verify_seal(&s);
	measure_end(&begun, n);
	X509_STORE_free(s.store);
	OPENSSL_free(s.der);
	buf_free(&s.file);
	buf_free(&s.content);
}

int
main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (argc == 3 && strcmp(what, "digest") == 0)
		signatures(false, strtoull(argv[2], NULL, 10));
	else if (argc == 3 && strcmp(what, "parse") == 0)
		signatures(true, strtoull(argv[2], NULL, 10));
	else if (argc == 4 && strcmp(what, "cms") == 0)
		seals(argv[2], strtoull(argv[3], NULL, 10));
	else
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

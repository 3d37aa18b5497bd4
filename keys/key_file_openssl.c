#include "keys/key_file.h"

#include "core/cursor.h"
#include "core/file.h"
#include "core/limits.h"
#include "keys/pem.h"
#include "keys/secret_file.h"
#include "keys/signer_openssl.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#define LABEL "ENCRYPTED PRIVATE KEY"
#define KEY_BYTES 32
#define SALT_BYTES 16
#define IV_BYTES 16
#define SCRYPT_R 8
#define SCRYPT_P 1
#define N_STANDARD (UINT64_C(1) << 17)
#define N_LIGHT (UINT64_C(1) << 12)
/* scrypt needs 128 N r bytes and little more; OpenSSL's own ceiling of 32 MiB would refuse N_STANDARD. */
#define SCRYPT_MEMORY (UINT64_C(160) << 20)

/* How the key is wrapped: PBES2 (RFC 8018 6.2) with scrypt (RFC 7914) and AES-256-CBC. */
struct wrapping {
	uint64_t n;
	uint8_t salt[SALT_BYTES];
	uint8_t iv[IV_BYTES];
};

static bool
derive(uint8_t out[KEY_BYTES], const struct wrapping *w, struct span passphrase)
{
	uint64_t n = w->n, memory = SCRYPT_MEMORY;
	uint32_t r = SCRYPT_R, p = SCRYPT_P;
	OSSL_PARAM params[] = {
		OSSL_PARAM_octet_string(
		    OSSL_KDF_PARAM_PASSWORD, (void *)passphrase.ptr, passphrase.len),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT, (void *)w->salt, SALT_BYTES),
		OSSL_PARAM_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
		OSSL_PARAM_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
		OSSL_PARAM_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
		OSSL_PARAM_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
		OSSL_PARAM_END,
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SCRYPT", NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	bool ok = ctx != NULL && EVP_KDF_derive(ctx, out, KEY_BYTES, params) == 1;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok;
}

/* Encrypt or decrypt under the passphrase; false, too, for padding that a wrong one leaves. */
static bool
cipher(
    struct buf *out, const struct wrapping *w, struct span passphrase, struct span in, int encrypt)
{
	uint8_t key[KEY_BYTES];
	uint8_t block[LIMIT_KEY_FILE_BYTES + IV_BYTES];
	int n = 0, last = 0;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	bool ok = in.len <= LIMIT_KEY_FILE_BYTES && ctx != NULL && derive(key, w, passphrase) &&
	    EVP_CipherInit_ex2(ctx, EVP_aes_256_cbc(), key, w->iv, encrypt, NULL) == 1 &&
	    EVP_CipherUpdate(ctx, block, &n, in.ptr, (int)in.len) == 1 &&
	    EVP_CipherFinal_ex(ctx, block + n, &last) == 1;
	if (ok)
		buf_add(out, block, (size_t)n + (size_t)last);
	EVP_CIPHER_CTX_free(ctx);
	OPENSSL_cleanse(key, sizeof key);
	OPENSSL_cleanse(block, sizeof block);
	return ok;
}

/* ---- the algorithm identifier ---- */

static bool
set_scrypt(X509_ALGOR *out, const struct wrapping *w)
{
	SCRYPT_PARAMS *scrypt = SCRYPT_PARAMS_new();
	ASN1_STRING *packed = NULL;

	if (scrypt != NULL && ASN1_STRING_set(scrypt->salt, w->salt, SALT_BYTES) == 1 &&
	    ASN1_INTEGER_set_uint64(scrypt->costParameter, w->n) == 1 &&
	    ASN1_INTEGER_set_uint64(scrypt->blockSize, SCRYPT_R) == 1 &&
	    ASN1_INTEGER_set_uint64(scrypt->parallelizationParameter, SCRYPT_P) == 1)
		packed = ASN1_item_pack(scrypt, ASN1_ITEM_rptr(SCRYPT_PARAMS), NULL);
	SCRYPT_PARAMS_free(scrypt);
	return packed != NULL &&
	    X509_ALGOR_set0(out, OBJ_nid2obj(NID_id_scrypt), V_ASN1_SEQUENCE, packed) == 1;
}

static bool
set_cipher(X509_ALGOR *out, const struct wrapping *w)
{
	ASN1_OCTET_STRING *iv = ASN1_OCTET_STRING_new();

	if (iv == NULL || ASN1_OCTET_STRING_set(iv, w->iv, IV_BYTES) != 1) {
		ASN1_OCTET_STRING_free(iv);
		return false;
	}
	return X509_ALGOR_set0(out, OBJ_nid2obj(NID_aes_256_cbc), V_ASN1_OCTET_STRING, iv) == 1;
}

static bool
set_wrapping(X509_ALGOR *out, const struct wrapping *w)
{
	PBE2PARAM *pbe = PBE2PARAM_new();
	ASN1_STRING *packed = NULL;

	if (pbe != NULL && set_scrypt(pbe->keyfunc, w) && set_cipher(pbe->encryption, w))
		packed = ASN1_item_pack(pbe, ASN1_ITEM_rptr(PBE2PARAM), NULL);
	PBE2PARAM_free(pbe);
	return packed != NULL &&
	    X509_ALGOR_set0(out, OBJ_nid2obj(NID_pbes2), V_ASN1_SEQUENCE, packed) == 1;
}

/* The parameter of an algorithm identifier, if it is of this algorithm and type; else NULL. */
static const ASN1_STRING *
parameter_of(const X509_ALGOR *alg, int nid, int type)
{
	const ASN1_OBJECT *oid = NULL;
	const void *value = NULL;
	int is = V_ASN1_UNDEF;

	X509_ALGOR_get0(&oid, &is, &value, alg);
	return OBJ_obj2nid(oid) == nid && is == type ? value : NULL;
}

static bool
is_number(const ASN1_INTEGER *value, uint64_t want)
{
	uint64_t v = 0;
	return value != NULL && ASN1_INTEGER_get_uint64(&v, value) == 1 && v == want;
}

static bool
copy_string(uint8_t *out, const ASN1_STRING *s, int len)
{
	if (s == NULL || ASN1_STRING_length(s) != len)
		return false;
	memcpy(out, ASN1_STRING_get0_data(s), (size_t)len);
	return true;
}

static bool
get_scrypt(struct wrapping *out, const X509_ALGOR *alg)
{
	const ASN1_STRING *packed = parameter_of(alg, NID_id_scrypt, V_ASN1_SEQUENCE);
	SCRYPT_PARAMS *scrypt =
	    packed != NULL ? ASN1_item_unpack(packed, ASN1_ITEM_rptr(SCRYPT_PARAMS)) : NULL;
	bool ok = scrypt != NULL && copy_string(out->salt, scrypt->salt, SALT_BYTES) &&
	    is_number(scrypt->blockSize, SCRYPT_R) &&
	    is_number(scrypt->parallelizationParameter, SCRYPT_P) &&
	    ASN1_INTEGER_get_uint64(&out->n, scrypt->costParameter) == 1 && out->n >= N_LIGHT &&
	    out->n <= N_STANDARD;

	SCRYPT_PARAMS_free(scrypt);
	return ok;
}

static bool
get_wrapping(struct wrapping *out, const X509_ALGOR *alg)
{
	const ASN1_STRING *packed = parameter_of(alg, NID_pbes2, V_ASN1_SEQUENCE);
	PBE2PARAM *pbe =
	    packed != NULL ? ASN1_item_unpack(packed, ASN1_ITEM_rptr(PBE2PARAM)) : NULL;
	bool ok = pbe != NULL && get_scrypt(out, pbe->keyfunc) &&
	    copy_string(out->iv,
		parameter_of(pbe->encryption, NID_aes_256_cbc, V_ASN1_OCTET_STRING), IV_BYTES);

	PBE2PARAM_free(pbe);
	return ok;
}

/* ---- writing ---- */

static bool
encode_wrapped(struct buf *out, const struct wrapping *w, struct span cipher_text)
{
	unsigned char *der = NULL;
	X509_ALGOR *alg = NULL;
	ASN1_OCTET_STRING *data = NULL;
	X509_SIG *wrapped = X509_SIG_new(); /* EncryptedPrivateKeyInfo has the same form */
	int len = -1;

	if (wrapped != NULL)
		X509_SIG_getm(wrapped, &alg, &data);
	if (wrapped != NULL && set_wrapping(alg, w) &&
	    ASN1_OCTET_STRING_set(data, cipher_text.ptr, (int)cipher_text.len) == 1)
		len = i2d_X509_SIG(wrapped, &der);
	if (len > 0)
		pem_encode(out, LABEL, span_of(der, (size_t)len));
	OPENSSL_free(der);
	X509_SIG_free(wrapped);
	return len > 0;
}

static bool
wrap(struct buf *out, const struct signer *s, struct span passphrase, const struct wrapping *w)
{
	unsigned char *plain = NULL;
	struct buf cipher_text = BUF_EMPTY;
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(s->pkey);
	int len = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO(info, &plain) : -1;
	bool ok = len > 0 && cipher(&cipher_text, w, passphrase, span_of(plain, (size_t)len), 1) &&
	    encode_wrapped(out, w, buf_span(&cipher_text));

	buf_free(&cipher_text);
	if (len > 0)
		OPENSSL_clear_free(plain, (size_t)len);
	PKCS8_PRIV_KEY_INFO_free(info); /* overwrites the key */
	return ok;
}

bool
key_file_write(const char *path, const struct signer *s, struct span passphrase,
    enum key_file_cost cost, struct err *err)
{
	struct wrapping w = { .n = cost == KEY_FILE_LIGHT ? N_LIGHT : N_STANDARD };
	struct buf pem = BUF_EMPTY;
	bool ok = false;

	if (passphrase.len < PASSPHRASE_MIN_BYTES)
		return err_set(
		    err, ERR_REFUSED, "a passphrase has at least %d bytes", PASSPHRASE_MIN_BYTES);
	if (RAND_bytes(w.salt, SALT_BYTES) != 1 || RAND_bytes(w.iv, IV_BYTES) != 1 ||
	    !wrap(&pem, s, passphrase, &w))
		ok = crypto_failed(err, "encrypting the key");
	else
		ok = buf_ok(&pem, err) && file_write_new(path, buf_span(&pem), 0600, err);
	buf_free(&pem);
	return ok;
}

/* ---- reading ---- */

static bool
unwrap(struct buf *plain, struct span der, struct span passphrase, struct err *err)
{
	const X509_ALGOR *alg = NULL;
	const ASN1_OCTET_STRING *data = NULL;
	struct wrapping w;
	const unsigned char *at = der.ptr;
	X509_SIG *wrapped = d2i_X509_SIG(NULL, &at, (long)der.len);
	bool ok = false;

	if (wrapped != NULL)
		X509_SIG_get0(wrapped, &alg, &data);
	if (wrapped == NULL || at != der.ptr + der.len || !get_wrapping(&w, alg))
		err_set(err, ERR_MALFORMED, "not encrypted as our key files are");
	else if (!cipher(plain, &w, passphrase,
		     span_of(ASN1_STRING_get0_data(data), (size_t)ASN1_STRING_length(data)), 0))
		err_set(err, ERR_CRYPTO, "wrong passphrase");
	else
		ok = buf_ok(plain, err);
	ERR_clear_error();
	X509_SIG_free(wrapped);
	return ok;
}

static bool
parse_plain(struct signer **out, struct span plain, struct err *err)
{
	const unsigned char *at = plain.ptr;
	PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)plain.len);
	EVP_PKEY *pkey = info != NULL && at == plain.ptr + plain.len ? EVP_PKCS82PKEY(info) : NULL;

	PKCS8_PRIV_KEY_INFO_free(info);
	ERR_clear_error();
	if (pkey == NULL) /* one wrong passphrase in 256 leaves good padding */
		return err_set(err, ERR_CRYPTO, "wrong passphrase");
	return signer_new(out, pkey, err);
}

static bool
contains(const struct buf *pem, const char *what)
{
	struct cursor c = cursor_over(buf_span(pem));
	return cursor_find(&c, span_text(what));
}

static bool
read_encrypted(struct buf *der, const char *path, struct err *err)
{
	struct buf pem = BUF_EMPTY;
	bool ok = secret_file_read(&pem, path, LIMIT_KEY_FILE_BYTES, err);

	if (ok && contains(&pem, "PRIVATE KEY") && !contains(&pem, LABEL))
		ok = err_set(err, ERR_REFUSED, "%s: a key that is not encrypted", path);
	else if (ok)
		ok = pem_decode(der, LABEL, buf_span(&pem), err) || err_in(err, "%s", path);
	buf_wipe(&pem);
	return ok;
}

bool
key_file_open(struct signer **out, const char *path, struct span passphrase, struct err *err)
{
	struct buf der = BUF_EMPTY, plain = BUF_EMPTY;

	*out = NULL;
	bool ok = read_encrypted(&der, path, err) &&
	    ((unwrap(&plain, buf_span(&der), passphrase, err) &&
		 parse_plain(out, buf_span(&plain), err)) ||
		err_in(err, "%s", path));
	buf_wipe(&plain);
	buf_free(&der);
	return ok;
}

bool
key_file_unlock(
    struct signer **out, const char *path, const struct passphrase_source *source, struct err *err)
{
	int tries = source->from == PASSPHRASE_TERMINAL ? 2 : 1;
	struct buf prompt = BUF_EMPTY;
	bool ok = false;

	*out = NULL;
	buf_printf(&prompt, "Passphrase of %s: ", path);
	if (!buf_ok(&prompt, err))
		tries = 0;
	for (int i = 0; i < tries && !ok; i++) {
		struct buf passphrase = BUF_EMPTY;
		bool asked = passphrase_read(&passphrase, source, buf_text(&prompt), err);
		ok = asked && key_file_open(out, path, buf_span(&passphrase), err);
		buf_wipe(&passphrase);
		if (!ok && (!asked || (err != NULL && err->code != ERR_CRYPTO)))
			break;
	}
	buf_free(&prompt);
	return ok;
}

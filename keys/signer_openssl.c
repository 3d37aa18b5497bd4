#include "keys/signer_openssl.h"

#include "credential/note.h"
#include "credential/sha256.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdlib.h>

#define HALF (COSE_SIGNATURE_BYTES / 2)

bool
crypto_failed(struct err *err, const char *what)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;

	err_set(err, ERR_CRYPTO, "%s: %s", what, reason != NULL ? reason : "the library refused");
	ERR_clear_error();
	return false;
}

/* ---- keys ---- */

static enum signer_kind
kind_of(const EVP_PKEY *pkey)
{
	if (EVP_PKEY_is_a(pkey, "EC"))
		return SIGNER_ES256; /* its curve is for key_from_spki() to judge */
	return EVP_PKEY_is_a(pkey, "ED25519") ? SIGNER_ED25519 : SIGNER_NONE;
}

static bool
take_public_half(struct signer *s, struct err *err)
{
	uint8_t hash[SHA256_BYTES];
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(s->pkey, &der);

	if (len <= 0)
		return crypto_failed(err, "public key");
	buf_add(&s->spki, der, (size_t)len);
	OPENSSL_free(der);
	sha256(hash, buf_span(&s->spki));
	memcpy(s->kid, hash, sizeof s->kid);
	return buf_ok(&s->spki, err) &&
	    (s->kind != SIGNER_ES256 || key_from_spki(&s->verifier, buf_span(&s->spki), err));
}

bool
signer_new(struct signer **out, EVP_PKEY *pkey, struct err *err)
{
	struct signer *s = calloc(1, sizeof *s);

	*out = NULL;
	if (s == NULL) {
		EVP_PKEY_free(pkey);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	s->pkey = pkey;
	s->kind = kind_of(pkey);
	bool ok = s->kind != SIGNER_NONE
	    ? take_public_half(s, err)
	    : err_set(err, ERR_MALFORMED, "a key that is neither ECDSA P-256 nor Ed25519");
	if (!ok) {
		signer_free(s);
		return false;
	}
	*out = s;
	return true;
}

bool
signer_generate(struct signer **out, enum signer_kind kind, struct err *err)
{
	*out = NULL;
	EVP_PKEY *pkey = kind == SIGNER_ED25519 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
						: EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	if (pkey == NULL)
		return crypto_failed(err, "making a key");
	return signer_new(out, pkey, err);
}

void
signer_free(struct signer *s)
{
	if (s == NULL)
		return;
	EVP_PKEY_free(s->pkey); /* overwrites the private half */
	key_free(s->verifier);
	buf_free(&s->spki);
	free(s);
}

enum signer_kind
signer_kind(const struct signer *s)
{
	return s->kind;
}

struct span
signer_spki(const struct signer *s)
{
	return buf_span(&s->spki);
}

struct span
signer_kid(const struct signer *s)
{
	return span_of(s->kid, sizeof s->kid);
}

void
signer_ed25519(uint8_t out[SIGNER_ED25519_BYTES], const struct signer *s)
{
	struct span spki = signer_spki(s);

	/* The key is the last thing in its SubjectPublicKeyInfo (RFC 8410 4). */
	memcpy(out, spki.ptr + spki.len - SIGNER_ED25519_BYTES, SIGNER_ED25519_BYTES);
}

/* ---- signatures ---- */

/* s -> n - s where s lies in the upper half. */
static bool
make_low(BIGNUM *s)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	BIGNUM *half = BN_new();
	bool ok = false;

	if (group != NULL && half != NULL && BN_rshift1(half, EC_GROUP_get0_order(group)) == 1)
		ok = BN_cmp(s, half) <= 0 || BN_sub(s, EC_GROUP_get0_order(group), s) == 1;
	BN_free(half);
	EC_GROUP_free(group);
	return ok;
}

/* ECDSA-Sig-Value -> r || s with low s. */
static bool
to_raw(uint8_t out[COSE_SIGNATURE_BYTES], const uint8_t *der, size_t len)
{
	const unsigned char *at = der;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)len);
	BIGNUM *s = sig != NULL ? BN_dup(ECDSA_SIG_get0_s(sig)) : NULL;
	bool ok = s != NULL && make_low(s) &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, HALF) == HALF &&
	    BN_bn2binpad(s, out + HALF, HALF) == HALF;

	BN_free(s);
	ECDSA_SIG_free(sig);
	return ok;
}

/* At most `*len` bytes; Ed25519 has a digest of its own. */
static bool
digest_sign(uint8_t *sig, size_t *len, const struct signer *s, struct span message)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const EVP_MD *md = s->kind == SIGNER_ES256 ? EVP_sha256() : NULL;
	bool ok = ctx != NULL && EVP_DigestSignInit(ctx, NULL, md, NULL, s->pkey) == 1 &&
	    EVP_DigestSign(ctx, sig, len, message.ptr, message.len) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

bool
signer_ecdsa(
    uint8_t out[COSE_SIGNATURE_BYTES], const struct signer *s, struct span message, struct err *err)
{
	uint8_t der[80]; /* two integers of at most 33 bytes */
	size_t len = sizeof der;

	if (s->kind != SIGNER_ES256)
		return err_set(err, ERR_USAGE, "this key signs notes only");
	if (!digest_sign(der, &len, s, message) || !to_raw(out, der, len))
		return crypto_failed(err, "signing");
	if (key_verify(s->verifier, message, span_of(out, COSE_SIGNATURE_BYTES)) == KEY_HOLDS)
		return true;
	explicit_bzero(out, COSE_SIGNATURE_BYTES); /* a faulty signature can betray the key */
	return err_set(
	    err, ERR_CRYPTO, "the signature just made does not verify: do not trust this machine");
}

static bool
sign_ed25519(
    uint8_t out[NOTE_ED25519_BYTES], const struct signer *s, struct span message, struct err *err)
{
	uint8_t public_key[SIGNER_ED25519_BYTES];
	size_t len = NOTE_ED25519_BYTES;

	if (s->kind != SIGNER_ED25519)
		return err_set(err, ERR_USAGE, "only an Ed25519 key signs notes");
	if (!digest_sign(out, &len, s, message) || len != NOTE_ED25519_BYTES)
		return crypto_failed(err, "signing");
	signer_ed25519(public_key, s);
	if (key_verify_ed25519(public_key, message, span_of(out, NOTE_ED25519_BYTES)))
		return true;
	explicit_bzero(out, NOTE_ED25519_BYTES);
	return err_set(
	    err, ERR_CRYPTO, "the signature just made does not verify: do not trust this machine");
}

/* ---- envelopes ---- */

bool
signer_sign1(struct buf *out, const struct signer *s, const char *typ, struct span payload,
    struct span external_aad, struct err *err)
{
	uint8_t signature[COSE_SIGNATURE_BYTES];
	struct buf header = BUF_EMPTY, tbs = BUF_EMPTY;
	bool ok = false;

	cose_header_encode(&header, COSE_ALG_ES256, signer_kid(s), typ);
	cose_sign1_to_be_signed(&tbs, buf_span(&header), external_aad, payload);
	if (!buf_ok(&header, err) || !buf_ok(&tbs, err) ||
	    !signer_ecdsa(signature, s, buf_span(&tbs), err))
		goto out;
	cose_sign1_encode(out,
	    &(struct cose_sign1){ .signer = { .header = buf_span(&header),
				      .signature = span_of(signature, sizeof signature) },
		.payload = payload });
	ok = buf_ok(out, err);
out:
	buf_free(&tbs);
	buf_free(&header);
	return ok;
}

/* `m` with one signature more. */
static bool
add_signature(struct buf *out, const struct signer *s, struct cose_sign *m, struct err *err)
{
	uint8_t signature[COSE_SIGNATURE_BYTES];
	struct buf header = BUF_EMPTY, tbs = BUF_EMPTY;
	bool ok = false;

	cose_header_encode(&header, COSE_ALG_ES256, signer_kid(s), NULL);
	cose_sign_to_be_signed(&tbs, m->header, buf_span(&header), span_of(NULL, 0), m->payload);
	if (!buf_ok(&header, err) || !buf_ok(&tbs, err) ||
	    !signer_ecdsa(signature, s, buf_span(&tbs), err))
		goto out;
	m->signer[m->signers++] = (struct cose_signer){ .header = buf_span(&header),
		.signature = span_of(signature, sizeof signature) };
	cose_sign_encode(out, m);
	ok = buf_ok(out, err);
out:
	buf_free(&tbs);
	buf_free(&header);
	return ok;
}

bool
signer_sign(
    struct buf *out, const struct signer *s, const char *typ, struct span payload, struct err *err)
{
	struct buf header = BUF_EMPTY;
	bool ok = false;

	cose_body_header_encode(&header, typ);
	if (buf_ok(&header, err)) {
		struct cose_sign m = { .header = buf_span(&header), .payload = payload };
		ok = add_signature(out, s, &m, err);
	}
	buf_free(&header);
	return ok;
}

bool
signer_sign_too(
    struct buf *out, const struct signer *s, const char *typ, struct span file, struct err *err)
{
	struct cose_sign m;

	if (!cose_sign_parse(&m, file, typ, err))
		return false;
	for (size_t i = 0; i < m.signers; i++)
		if (span_equal(m.signer[i].kid, signer_kid(s)))
			return err_set(err, ERR_CONFLICT, "this key has signed it already");
	if (m.signers == LIMIT_COSE_SIGNERS)
		return err_set(
		    err, ERR_LIMIT, "it has %d signatures, and no more fit", LIMIT_COSE_SIGNERS);
	return add_signature(out, s, &m, err);
}

bool
signer_note(
    struct buf *out, const struct signer *s, struct span name, struct span text, struct err *err)
{
	uint8_t signature[NOTE_ED25519_BYTES];
	struct note_key key = { .name = name, .type = NOTE_ED25519 };

	if (!sign_ed25519(signature, s, text, err))
		return false;
	signer_ed25519(key.key, s);
	note_key_id(key.id, name, NOTE_ED25519, key.key);
	note_begin(out, text);
	note_add_signature(out, &key, span_of(signature, sizeof signature));
	return buf_ok(out, err);
}

#include "keys/cms.h"

#include "core/limits.h"
#include "credential/sha256.h"
#include "keys/der.h"

/* Parts of every seal, encoded. */
static const uint8_t version_1[] = { DER_INTEGER, 1, 1 };
static const uint8_t oid_signed_data[] = { DER_OID, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
	0x07, 0x02 };
static const uint8_t oid_data[] = { DER_OID, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07,
	0x01 };
static const uint8_t oid_content_type[] = { DER_OID, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
	0x09, 0x03 };
static const uint8_t oid_message_digest[] = { DER_OID, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
	0x09, 0x04 };
static const uint8_t oid_signing_certificate_v2[] = { DER_OID, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7,
	0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f };
static const uint8_t oid_signature_time_stamp[] = { DER_OID, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x09, 0x10, 0x02, 0x0e };
/* AlgorithmIdentifiers, without parameters (RFC 5754 2 and 3.2). */
static const uint8_t alg_sha256[] = { DER_SEQUENCE, 11, DER_OID, 9, 0x60, 0x86, 0x48, 0x01, 0x65,
	0x03, 0x04, 0x02, 0x01 };
static const uint8_t alg_ecdsa_sha256[] = { DER_SEQUENCE, 10, DER_OID, 8, 0x2a, 0x86, 0x48, 0xce,
	0x3d, 0x04, 0x03, 0x02 };

#define HALF (COSE_SIGNATURE_BYTES / 2)

static enum cms_answer
no(enum cms_answer answer, struct err *why, const char *sentence)
{
	err_set(why, ERR_REFUSED, "%s", sentence);
	return answer;
}

/* ---- what a seal has to be ---- */

/* What a seal follows from. */
struct ingredients {
	struct span certificate;
	struct span issuer, serial; /* of the certificate, as DER values */
	uint8_t digest[SHA256_BYTES];
	struct span signature; /* ECDSA-Sig-Value, DER */
	struct span token;     /* of the time-stamp over it; empty: none */
};

/* Issuer and serial number of a certificate (RFC 5280 4.1). It is a listed one, but may be odd. */
static bool
read_certificate(struct ingredients *in, struct span certificate)
{
	struct cursor outer = cursor_over(certificate);
	struct cursor inner = cursor_over(der_take(&outer, DER_SEQUENCE));
	struct cursor c = cursor_over(der_take(&inner, DER_SEQUENCE));

	in->certificate = certificate;
	(void)der_take(&c, DER_CONTEXT_0); /* version */
	in->serial = der_take_whole(&c, DER_INTEGER);
	(void)der_take(&c, DER_SEQUENCE); /* algorithm */
	in->issuer = der_take_whole(&c, DER_SEQUENCE);
	return !c.bad; /* which it is if one around it is */
}

/* Attribute ::= SEQUENCE { type, SET { value } }; the value is freed. */
static void
put_attribute(struct buf *out, const uint8_t *oid, size_t oid_len, struct buf *value)
{
	struct buf attribute = BUF_EMPTY;

	buf_add(&attribute, oid, oid_len);
	der_wrap(&attribute, DER_SET, value);
	der_wrap(out, DER_SEQUENCE, &attribute);
}

/* SigningCertificateV2 (RFC 5035 3) with one certificate: hash, issuer and serial number. */
static void
put_signing_certificate(struct buf *out, const struct ingredients *in)
{
	uint8_t hash[SHA256_BYTES];
	struct buf names = BUF_EMPTY, issuer_serial = BUF_EMPTY, id = BUF_EMPTY, ids = BUF_EMPTY,
		   all = BUF_EMPTY, value = BUF_EMPTY;

	sha256(hash, in->certificate);
	der_put(&names, DER_CONTEXT_4, in->issuer); /* GeneralNames with one directoryName */
	der_wrap(&issuer_serial, DER_SEQUENCE, &names);
	buf_add_span(&issuer_serial, in->serial);
	der_put(&id, DER_OCTETS, span_of(hash, sizeof hash));
	der_wrap(&id, DER_SEQUENCE, &issuer_serial);
	der_wrap(&ids, DER_SEQUENCE, &id);
	der_wrap(&all, DER_SEQUENCE, &ids);
	der_wrap(&value, DER_SEQUENCE, &all);
	put_attribute(out, oid_signing_certificate_v2, sizeof oid_signing_certificate_v2, &value);
}

/* The three attributes in the order of DER: their lengths alone decide it. */
static void
put_attributes(struct buf *out, const struct ingredients *in)
{
	struct buf type = BUF_EMPTY, digest = BUF_EMPTY;

	buf_add(&type, oid_data, sizeof oid_data);
	put_attribute(out, oid_content_type, sizeof oid_content_type, &type);
	der_put(&digest, DER_OCTETS, span_of(in->digest, SHA256_BYTES));
	put_attribute(out, oid_message_digest, sizeof oid_message_digest, &digest);
	put_signing_certificate(out, in);
}

/* The one unsigned attribute that there may be (EN 319 122-1 5.3). */
static void
put_time_stamp(struct buf *out, struct span token)
{
	struct buf value = BUF_EMPTY, attributes = BUF_EMPTY;

	buf_add_span(&value, token);
	put_attribute(
	    &attributes, oid_signature_time_stamp, sizeof oid_signature_time_stamp, &value);
	der_wrap(out, DER_CONTEXT_1, &attributes);
}

static void
put_signer_info(struct buf *out, const struct ingredients *in)
{
	struct buf info = BUF_EMPTY, id = BUF_EMPTY, attributes = BUF_EMPTY;

	buf_add(&info, version_1, sizeof version_1);
	buf_add_span(&id, in->issuer);
	buf_add_span(&id, in->serial);
	der_wrap(&info, DER_SEQUENCE, &id);
	buf_add(&info, alg_sha256, sizeof alg_sha256);
	put_attributes(&attributes, in);
	der_wrap(&info, DER_CONTEXT_0, &attributes);
	buf_add(&info, alg_ecdsa_sha256, sizeof alg_ecdsa_sha256);
	der_put(&info, DER_OCTETS, in->signature);
	if (in->token.len > 0)
		put_time_stamp(&info, in->token);
	der_wrap(out, DER_SEQUENCE, &info);
}

/* The whole (RFC 5652 3, 5.1, 5.3). */
static void
put_seal(struct buf *out, const struct ingredients *in)
{
	struct buf data = BUF_EMPTY, algs = BUF_EMPTY, infos = BUF_EMPTY, wrapped = BUF_EMPTY,
		   content = BUF_EMPTY;

	buf_add(&data, version_1, sizeof version_1);
	buf_add(&algs, alg_sha256, sizeof alg_sha256);
	der_wrap(&data, DER_SET, &algs);
	der_put(&data, DER_SEQUENCE, span_of(oid_data, sizeof oid_data)); /* detached */
	der_put(&data, DER_CONTEXT_0, in->certificate);
	put_signer_info(&infos, in);
	der_wrap(&data, DER_SET, &infos);
	der_wrap(&wrapped, DER_SEQUENCE, &data);
	buf_add(&content, oid_signed_data, sizeof oid_signed_data);
	der_wrap(&content, DER_CONTEXT_0, &wrapped);
	der_wrap(out, DER_SEQUENCE, &content);
}

/* ---- what the seal is ---- */

/* The parts of a seal that say which ingredients to take; nothing else of it is looked at. */
struct found {
	struct span certificates;
	struct span attributes;
	struct span signature;
	struct span token; /* what stands where a time-stamp's does */
};

/* The first value of the first unsigned attribute. */
static struct span
read_time_stamp(struct cursor *signer)
{
	struct cursor attributes = cursor_over(der_take(signer, DER_CONTEXT_1));
	struct cursor attribute = cursor_over(der_take(&attributes, DER_SEQUENCE));
	(void)der_take(&attribute, DER_OID);
	struct cursor values = cursor_over(der_take(&attribute, DER_SET));
	const struct span token = der_take_whole(&values, DER_SEQUENCE);

	if (values.bad) /* which it is if one around it is */
		signer->bad = true;
	return token;
}

static bool
read_seal(struct found *out, struct span der)
{
	struct cursor whole = cursor_over(der);
	struct cursor info = cursor_over(der_take(&whole, DER_SEQUENCE));
	(void)der_take(&info, DER_OID);
	struct cursor content = cursor_over(der_take(&info, DER_CONTEXT_0));
	struct cursor data = cursor_over(der_take(&content, DER_SEQUENCE));

	(void)der_take(&data, DER_INTEGER);
	(void)der_take(&data, DER_SET);
	(void)der_take(&data, DER_SEQUENCE);
	out->certificates = der_take(&data, DER_CONTEXT_0);
	struct cursor signers = cursor_over(der_take(&data, DER_SET));
	struct cursor signer = cursor_over(der_take(&signers, DER_SEQUENCE));
	(void)der_take(&signer, DER_INTEGER);
	(void)der_take(&signer, DER_SEQUENCE);
	(void)der_take(&signer, DER_SEQUENCE);
	out->attributes = der_take(&signer, DER_CONTEXT_0);
	(void)der_take(&signer, DER_SEQUENCE);
	out->signature = der_take(&signer, DER_OCTETS);
	out->token = cursor_left(&signer) > 0 ? read_time_stamp(&signer) : span_of(NULL, 0);
	return !signer
		    .bad; /* which it is if one around it is: nothing was taken out of that one later */
}

/* The digest where our attributes have it; false where it cannot be. */
static bool
read_digest(uint8_t out[SHA256_BYTES], struct span attributes)
{
	struct cursor c = cursor_over(attributes);

	(void)der_take(&c, DER_SEQUENCE); /* content-type */
	struct cursor attribute = cursor_over(der_take(&c, DER_SEQUENCE));
	(void)der_take(&attribute, DER_OID);
	struct cursor values = cursor_over(der_take(&attribute, DER_SET));
	struct span digest = der_take(&values, DER_OCTETS);
	if (digest.len != SHA256_BYTES)
		return false;
	memcpy(out, digest.ptr, SHA256_BYTES);
	return true;
}

/* A positive INTEGER of at most 32 bytes, in the shortest form, into 32. */
static bool
read_integer(uint8_t out[HALF], struct cursor *c)
{
	struct span v = der_take(c, DER_INTEGER);

	if (v.len > 1 &&
	    v.ptr[0] == 0) { /* keeps a high bit from meaning a sign, else is none of DER */
		if (v.ptr[1] < 0x80)
			return false;
		v = span_of(v.ptr + 1, v.len - 1);
	} else if (v.len > 0 && v.ptr[0] >= 0x80) {
		return false;
	}
	if (v.len == 0 || v.len > HALF)
		return false;
	memset(out, 0, HALF);
	memcpy(out + HALF - v.len, v.ptr, v.len);
	return true;
}

/* ECDSA-Sig-Value -> r || s. */
static bool
read_signature(uint8_t out[COSE_SIGNATURE_BYTES], struct span der)
{
	struct cursor outer = cursor_over(der);
	struct cursor c = cursor_over(der_take(&outer, DER_SEQUENCE));

	return read_integer(out, &c) && read_integer(out + HALF, &c) && cursor_done(&c) &&
	    cursor_done(&outer);
}

/* ---- the comparison ---- */

static const struct bundle_key *
find_sealer(const struct bundle *b, struct span certificates)
{
	for (size_t i = 0; i < b->n_keys; i++)
		if (b->keys[i].use == KEY_USE_SEAL && span_equal(b->keys[i].key, certificates))
			return &b->keys[i];
	return NULL;
}

/* False only if there is no memory. */
static bool
is_seal_of(bool *same, struct span der, const struct ingredients *in, struct err *err)
{
	struct buf expected = BUF_EMPTY;

	put_seal(&expected, in);
	const bool ok = buf_ok(&expected, err);
	*same = ok && span_equal(buf_span(&expected), der);
	buf_free(&expected);
	return ok;
}

/* Does the key's signature hold over the attributes as they are signed, a SET (RFC 5652 5.4)? */
static enum key_answer
is_signed(const struct key *key, const struct ingredients *in)
{
	uint8_t raw[COSE_SIGNATURE_BYTES];
	struct buf attributes = BUF_EMPTY, set = BUF_EMPTY;
	enum key_answer answer = KEY_UNDECIDED;

	if (key == NULL || !read_signature(raw, in->signature))
		return KEY_FAILS;
	put_attributes(&attributes, in);
	der_wrap(&set, DER_SET, &attributes);
	if (buf_ok(&set, NULL))
		answer = key_verify(key, buf_span(&set), span_of(raw, sizeof raw));
	buf_free(&set);
	return answer;
}

/* A seal with a listed certificate, its outline read. */
static enum cms_answer
compare(const struct key *key, struct ingredients *in, const struct found *found, struct span der,
    struct err *why)
{
	bool ours, of_others = false;

	if (!is_seal_of(&ours, der, in, why))
		return CMS_UNDECIDED;
	/* A seal of other bytes is told from one that is broken. */
	if (!ours && read_digest(in->digest, found->attributes) &&
	    !is_seal_of(&of_others, der, in, why))
		return CMS_UNDECIDED;
	if (!ours && !of_others)
		return no(CMS_FORM, why, "the seal is not in the one form of ours");
	switch (is_signed(key, in)) {
	case KEY_HOLDS:
		return ours ? CMS_SEALED
			    : no(CMS_CHANGED, why, "the file is not the one that was sealed");
	case KEY_FAILS:
		return no(CMS_SIGNATURE, why, "the seal's signature does not hold");
	default:
		err_set(why, ERR_MEMORY, "out of memory");
		return CMS_UNDECIDED;
	}
}

/* A genuine seal: its time-stamp is over the octets of its signature. */
static enum cms_answer
check_time_stamp(
    struct timestamp *out, const struct trust *t, const struct ingredients *in, struct err *why)
{
	uint8_t imprint[SHA256_BYTES];

	sha256(imprint, in->signature);
	switch (timestamp_check(out, t, imprint, in->token, why)) {
	case TIMESTAMP_HOLDS:
		return CMS_SEALED;
	case TIMESTAMP_UNDECIDED:
		return CMS_UNDECIDED;
	case TIMESTAMP_UNLISTED:
		return CMS_TIMESTAMP_UNLISTED;
	default:
		return CMS_TIMESTAMP;
	}
}

enum cms_answer
cms_check(struct cms_seal *out, const struct trust *t, const uint8_t digest[SHA256_BYTES],
    struct span der, struct err *why)
{
	struct found found;
	struct ingredients in = { 0 };

	*out = (struct cms_seal){ 0 };
	if (der.len > LIMIT_PDF_CONTENTS_BYTES || !read_seal(&found, der))
		return no(CMS_FORM, why, "the seal is not a CMS signature of our form");
	const struct bundle_key *key = find_sealer(trust_bundle(t), found.certificates);
	if (key == NULL)
		return no(
		    CMS_UNLISTED, why, "the seal's certificate is not one the trust bundle lists");
	if (!read_certificate(&in, key->key))
		return no(CMS_FORM, why, "the listed certificate is not in DER");
	in.signature = found.signature;
	in.token = found.token;
	memcpy(in.digest, digest, SHA256_BYTES);
	enum cms_answer answer = compare(trust_key(t, key), &in, &found, der, why);
	if (answer == CMS_SEALED && in.token.len > 0)
		answer = check_time_stamp(&out->timestamp, t, &in, why);
	if (answer == CMS_SEALED)
		out->key = key;
	return answer;
}

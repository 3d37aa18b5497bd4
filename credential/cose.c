#include "credential/cose.h"

#include "credential/cbor.h"

/* RFC 9052 4: tags; 3.1 and RFC 9596: header labels. */
#define TAG_SIGN1 18
#define TAG_SIGN 98
#define HEADER_ALG 1
#define HEADER_KID 4
#define HEADER_TYP 16
#define HEADER_BYTES 128 /* longest protected header of ours */

/* ---- writing ---- */

void
cose_header_encode(struct buf *out, int64_t alg, struct span kid, const char *typ)
{
	cbor_put_map(out, typ != NULL ? 3 : 2);
	cbor_put_uint(out, HEADER_ALG);
	cbor_put_int(out, alg);
	cbor_put_uint(out, HEADER_KID);
	cbor_put_bytes(out, kid);
	if (typ != NULL) {
		cbor_put_uint(out, HEADER_TYP);
		cbor_put_text(out, span_text(typ));
	}
}

void
cose_body_header_encode(struct buf *out, const char *typ)
{
	cbor_put_map(out, 1);
	cbor_put_uint(out, HEADER_TYP);
	cbor_put_text(out, span_text(typ));
}

void
cose_sign1_to_be_signed(
    struct buf *out, struct span header, struct span external_aad, struct span payload)
{
	cbor_put_array(out, 4);
	cbor_put_text(out, span_text("Signature1"));
	cbor_put_bytes(out, header);
	cbor_put_bytes(out, external_aad);
	cbor_put_bytes(out, payload);
}

void
cose_sign_to_be_signed(struct buf *out, struct span header, struct span signer_header,
    struct span external_aad, struct span payload)
{
	cbor_put_array(out, 5);
	cbor_put_text(out, span_text("Signature"));
	cbor_put_bytes(out, header);
	cbor_put_bytes(out, signer_header);
	cbor_put_bytes(out, external_aad);
	cbor_put_bytes(out, payload);
}

/* Both messages, and each signer of a COSE_Sign, begin with the protected and the empty other header. */
static void
put_headers(struct buf *out, struct span header)
{
	cbor_put_bytes(out, header);
	cbor_put_map(out, 0);
}

void
cose_sign1_encode(struct buf *out, const struct cose_sign1 *m)
{
	cbor_put_tag(out, TAG_SIGN1);
	cbor_put_array(out, 4);
	put_headers(out, m->signer.header);
	cbor_put_bytes(out, m->payload);
	cbor_put_bytes(out, m->signer.signature);
}

void
cose_sign_encode(struct buf *out, const struct cose_sign *m)
{
	cbor_put_tag(out, TAG_SIGN);
	cbor_put_array(out, 4);
	put_headers(out, m->header);
	cbor_put_bytes(out, m->payload);
	cbor_put_array(out, m->signers);
	for (size_t i = 0; i < m->signers; i++) {
		cbor_put_array(out, 3);
		put_headers(out, m->signer[i].header);
		cbor_put_bytes(out, m->signer[i].signature);
	}
}

/* ---- reading ---- */

/* A protected header stands in a byte string and is CBOR of its own. */
static struct span
take_headers(struct cbor_in *c)
{
	struct span header = cbor_in_bytes(c, 1, HEADER_BYTES);
	struct cbor_map unprotected = cbor_in_map(c);
	if (unprotected.left > 0)
		cbor_in_fail(c, "an unprotected header");
	return header;
}

static void
take_typ(struct cbor_in *c, struct cbor_map *m, const char *typ)
{
	cbor_in_key(c, m, HEADER_TYP);
	if (!span_is(cbor_in_text(c, 1, HEADER_BYTES), typ))
		cbor_in_fail(c, "another kind of object (typ) than expected here");
}

/* alg, kid and, where expected, typ; nothing else. */
static bool
parse_header(struct cose_signer *s, const char *typ, struct err *err)
{
	struct cbor_in c = cbor_in_over(s->header, 1);
	struct cbor_map m = cbor_in_map(&c);

	cbor_in_key(&c, &m, HEADER_ALG);
	s->alg = cbor_in_int(&c, INT32_MIN, INT32_MAX);
	if (s->alg != COSE_ALG_ES256 && s->alg != COSE_ALG_SM2_SM3)
		cbor_in_fail(&c, "an algorithm this system does not use");
	cbor_in_key(&c, &m, HEADER_KID);
	s->kid = cbor_in_bytes(&c, COSE_KID_BYTES, COSE_KID_BYTES);
	if (typ != NULL)
		take_typ(&c, &m, typ);
	cbor_in_end(&c, &m);
	return cbor_in_done(&c, err) || err_in(err, "protected header");
}

static bool
parse_body_header(struct span header, const char *typ, struct err *err)
{
	struct cbor_in c = cbor_in_over(header, 1);
	struct cbor_map m = cbor_in_map(&c);

	take_typ(&c, &m, typ);
	cbor_in_end(&c, &m);
	return cbor_in_done(&c, err) || err_in(err, "protected header");
}

bool
cose_sign1_parse(struct cose_sign1 *out, struct span in, const char *typ, struct err *err)
{
	struct cbor_in c = cbor_in_over(in, LIMIT_CBOR_DEPTH_QC1);
	struct cose_sign1 m = { 0 };

	cbor_in_tag(&c, TAG_SIGN1);
	cbor_in_array(&c, 4, 4);
	m.signer.header = take_headers(&c);
	m.payload = cbor_in_bytes(&c, 1, SIZE_MAX);
	m.signer.signature = cbor_in_bytes(&c, COSE_SIGNATURE_BYTES, COSE_SIGNATURE_BYTES);
	if (!cbor_in_done(&c, err) || !parse_header(&m.signer, typ, err))
		return err_in(err, "COSE_Sign1");
	*out = m;
	return true;
}

static void
take_signer(struct cbor_in *c, struct cose_signer *s)
{
	cbor_in_array(c, 3, 3);
	s->header = take_headers(c);
	s->signature = cbor_in_bytes(c, COSE_SIGNATURE_BYTES, COSE_SIGNATURE_BYTES);
}

bool
cose_sign_parse(struct cose_sign *out, struct span in, const char *typ, struct err *err)
{
	struct cbor_in c = cbor_in_over(in, LIMIT_CBOR_DEPTH);
	struct cose_sign m = { 0 };

	cbor_in_tag(&c, TAG_SIGN);
	cbor_in_array(&c, 4, 4);
	m.header = take_headers(&c);
	m.payload = cbor_in_bytes(&c, 1, SIZE_MAX);
	m.signers = cbor_in_array(&c, 1, LIMIT_COSE_SIGNERS);
	for (size_t i = 0; i < m.signers; i++)
		take_signer(&c, &m.signer[i]);
	if (!cbor_in_done(&c, err) || !parse_body_header(m.header, typ, err))
		return err_in(err, "COSE_Sign");
	for (size_t i = 0; i < m.signers; i++)
		if (!parse_header(&m.signer[i], NULL, err))
			return err_in(err, "COSE_Sign: signer %zu", i + 1);
	*out = m;
	return true;
}

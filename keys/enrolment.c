#include "keys/enrolment.h"

#include "core/limits.h"
#include "core/text.h"
#include "keys/key.h"

#define VERSION 1
#define DEPTH 2

void
enrolment_encode(struct buf *out, const struct enrolment *e)
{
	cbor_put_map(out, 4);
	cbor_put_uint(out, 0);
	cbor_put_uint(out, VERSION);
	cbor_put_uint(out, 1);
	cbor_put_text(out, e->name);
	cbor_put_uint(out, 2);
	cbor_put_bytes(out, e->spki);
	cbor_put_uint(out, 3);
	cbor_put_array(out, e->n_roles);
	for (size_t i = 0; i < e->n_roles; i++)
		cbor_put_text(out, span_text(bundle_role_word(e->roles[i])));
}

static void
take_roles(struct enrolment *out, struct cbor_in *c)
{
	out->n_roles = cbor_in_array(c, 1, ROLES);
	for (size_t i = 0; i < out->n_roles; i++) {
		out->roles[i] = bundle_role_of(cbor_in_text(c, 1, ENROLMENT_NAME_BYTES));
		if (out->roles[i] == ROLE_NONE)
			cbor_in_fail(c, "no role we know");
		for (size_t before = 0; before < i; before++)
			if (out->roles[before] == out->roles[i])
				cbor_in_fail(c, "a role stands twice");
	}
}

static bool
parse_payload(struct enrolment *out, struct span payload, struct err *err)
{
	struct cbor_in c = cbor_in_over(payload, DEPTH);
	struct cbor_map m = cbor_in_map(&c);

	*out = (struct enrolment){ 0 };
	cbor_in_key(&c, &m, 0);
	if (cbor_in_uint(&c, VERSION) != VERSION)
		cbor_in_fail(&c, "a version other than 1");
	cbor_in_key(&c, &m, 1);
	out->name = cbor_in_text(&c, 1, ENROLMENT_NAME_BYTES);
	cbor_in_key(&c, &m, 2);
	out->spki = cbor_in_bytes(&c, 1, LIMIT_SPKI_BYTES);
	cbor_in_key(&c, &m, 3);
	take_roles(out, &c);
	cbor_in_end(&c, &m);
	return cbor_in_done(&c, err) && text_check_field(out->name, ENROLMENT_NAME_BYTES, err);
}

static bool
is_signed_by(const struct key *key, const struct cose_sign1 *m, struct err *err)
{
	struct buf tbs = BUF_EMPTY;

	cose_sign1_to_be_signed(&tbs, m->signer.header, span_of(NULL, 0), m->payload);
	bool ok = buf_ok(&tbs, err) &&
	    ((m->signer.alg == key_alg(key) && span_equal(m->signer.kid, key_kid(key)) &&
		 key_verify(key, buf_span(&tbs), m->signer.signature) == KEY_HOLDS) ||
		err_set(err, ERR_CRYPTO, "it is not signed by the key it names"));
	buf_free(&tbs);
	return ok;
}

bool
enrolment_open(struct enrolment *out, struct span file, struct err *err)
{
	struct cose_sign1 m;
	struct key *key = NULL;

	if (file.len > ENROLMENT_BYTES)
		return err_set(err, ERR_LIMIT, "enrolment: longer than %d bytes", ENROLMENT_BYTES);
	bool ok = cose_sign1_parse(&m, file, ENROLMENT_TYP, err) &&
	    parse_payload(out, m.payload, err) && key_from_spki(&key, out->spki, err) &&
	    is_signed_by(key, &m, err);
	key_free(key);
	return ok || err_in(err, "enrolment");
}

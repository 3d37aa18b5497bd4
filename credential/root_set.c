#include "credential/root_set.h"

#include "core/limits.h"

void
root_set_read(struct root_set *out, struct cbor_in *in)
{
	struct cbor_map m = cbor_in_map(in);

	*out = (struct root_set){ 0 };
	cbor_in_key(in, &m, 0);
	if (cbor_in_uint(in, UINT64_MAX) != 1)
		cbor_in_fail(in, "a version of the root set other than 1");
	cbor_in_key(in, &m, 1);
	out->issuer = cbor_in_text(in, ISS_MIN_BYTES, ISS_MAX_BYTES);
	cbor_in_key(in, &m, 2);
	if (cbor_in_uint(in, UINT64_MAX) != ROOT_SET_THRESHOLD)
		cbor_in_fail(in, "a threshold of root signatures other than 2");
	cbor_in_key(in, &m, 3);
	cbor_in_array(in, ROOT_SET_KEYS, ROOT_SET_KEYS);
	for (size_t i = 0; i < ROOT_SET_KEYS; i++) {
		out->root[i] = cbor_in_bytes(in, 1, LIMIT_SPKI_BYTES);
		for (size_t j = 0; j < i; j++)
			if (span_equal(out->root[i], out->root[j]))
				cbor_in_fail(in, "the same root key twice");
	}
	cbor_in_key(in, &m, 4);
	cbor_in_copy(in, out->bureau_id, BUREAU_ID_BYTES);
	cbor_in_end(in, &m);
}

bool
root_set_parse(struct root_set *out, struct span payload, struct err *err)
{
	struct cbor_in in = cbor_in_over(payload, LIMIT_CBOR_DEPTH);

	root_set_read(out, &in);
	return cbor_in_done(&in, err) || err_in(err, "root set");
}

bool
root_set_parse_file(
    struct cose_sign *envelope, struct root_set *out, struct span file, struct err *err)
{
	if (!cose_sign_parse(envelope, file, ROOT_SET_TYP, err))
		return err_in(err, "root set");
	if (envelope->signers != ROOT_SET_KEYS)
		return err_set(err, ERR_MALFORMED,
		    "root set: %zu signatures; every one of the three roots signs it",
		    envelope->signers);
	return root_set_parse(out, envelope->payload, err);
}

bool
root_set_fingerprint(uint8_t out[SHA256_BYTES], struct span file, struct err *err)
{
	struct cose_sign envelope;
	struct root_set set;

	if (!root_set_parse_file(&envelope, &set, file, err))
		return false;
	sha256(out, envelope.payload);
	return true;
}

void
root_set_encode(struct buf *out, const struct root_set *set)
{
	cbor_put_map(out, 5);
	cbor_put_uint(out, 0);
	cbor_put_uint(out, 1);
	cbor_put_uint(out, 1);
	cbor_put_text(out, set->issuer);
	cbor_put_uint(out, 2);
	cbor_put_uint(out, ROOT_SET_THRESHOLD);
	cbor_put_uint(out, 3);
	cbor_put_array(out, ROOT_SET_KEYS);
	for (size_t i = 0; i < ROOT_SET_KEYS; i++)
		cbor_put_bytes(out, set->root[i]);
	cbor_put_uint(out, 4);
	cbor_put_bytes(out, span_of(set->bureau_id, BUREAU_ID_BYTES));
}

bool
root_set_equal(const struct root_set *a, const struct root_set *b)
{
	for (size_t i = 0; i < ROOT_SET_KEYS; i++)
		if (!span_equal(a->root[i], b->root[i]))
			return false;
	return span_equal(a->issuer, b->issuer) &&
	    memcmp(a->bureau_id, b->bureau_id, BUREAU_ID_BYTES) == 0;
}

#include "credential/act_body_parts.h"

void
act_body_put_loss(struct buf *out, const struct act_body *body)
{
	const struct body_loss *b = &body->loss;

	cbor_put_map(out, 5);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, span_of(b->snapshot, sizeof b->snapshot));
	cbor_put_uint(out, 2);
	cbor_put_array(out, 2);
	cbor_put_uint(out, b->size);
	cbor_put_bytes(out, span_of(b->root.b, SHA256_BYTES));
	cbor_put_uint(out, 3);
	cbor_put_uint(out, b->epoch);
	act_body_put_proposal(out, body);
}

void
act_body_take_loss(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	struct body_loss *b = &body->loss;

	cbor_in_key(c, m, 1);
	cbor_in_copy(c, b->snapshot, sizeof b->snapshot);
	cbor_in_key(c, m, 2);
	cbor_in_array(c, 2, 2);
	b->size = cbor_in_uint(c, INT64_MAX);
	cbor_in_copy(c, b->root.b, SHA256_BYTES);
	cbor_in_key(c, m, 3);
	b->epoch = cbor_in_uint(c, UINT32_MAX);
	act_body_take_proposal(c, m, body);
}

bool
act_body_check_loss(const struct act_body *body, struct err *err)
{
	return act_body_check_sitting(body->sitting, err);
}

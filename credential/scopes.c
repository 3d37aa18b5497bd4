#include "credential/scopes.h"

void
scopes_put(struct buf *out, const struct scopes *s)
{
	cbor_put_array(out, s->count);
	for (size_t i = 0; i < s->count; i++)
		cbor_put_uint(out, s->no[i]);
}

struct scopes
scopes_take(struct cbor_in *c)
{
	struct scopes s = { .count = cbor_in_array(c, 1, LIMIT_SCOPES) };
	unsigned before = 0;

	for (size_t i = 0; i < s.count; i++) {
		s.no[i] = (uint16_t)cbor_in_uint(c, UINT16_MAX);
		if (s.no[i] <= before)
			cbor_in_fail(c, "scopes count from 1 and ascend");
		before = s.no[i];
	}
	return s;
}

bool
scopes_equal(const struct scopes *a, const struct scopes *b)
{
	bool equal = a->count == b->count;
	for (size_t i = 0; equal && i < a->count; i++)
		equal = a->no[i] == b->no[i];
	return equal;
}

#include "credential/cbor.h"

#include <cbor.h>

#define HEAD_BYTES 9 /* the longest head: type and a 64-bit value */

void
cbor_put_uint(struct buf *out, uint64_t v)
{
	uint8_t head[HEAD_BYTES];

	buf_add(out, head, cbor_encode_uint(v, head, sizeof head));
}

void
cbor_put_int(struct buf *out, int64_t v)
{
	uint8_t head[HEAD_BYTES];

	if (v >= 0)
		cbor_put_uint(out, (uint64_t)v);
	else
		buf_add(out, head, cbor_encode_negint((uint64_t)(-1 - v), head, sizeof head));
}

void
cbor_put_bytes(struct buf *out, struct span v)
{
	uint8_t head[HEAD_BYTES];

	buf_add(out, head, cbor_encode_bytestring_start(v.len, head, sizeof head));
	buf_add_span(out, v);
}

void
cbor_put_text(struct buf *out, struct span v)
{
	uint8_t head[HEAD_BYTES];

	buf_add(out, head, cbor_encode_string_start(v.len, head, sizeof head));
	buf_add_span(out, v);
}

void
cbor_put_array(struct buf *out, size_t items)
{
	uint8_t head[HEAD_BYTES];

	buf_add(out, head, cbor_encode_array_start(items, head, sizeof head));
}

void
cbor_put_map(struct buf *out, size_t pairs)
{
	uint8_t head[HEAD_BYTES];

	buf_add(out, head, cbor_encode_map_start(pairs, head, sizeof head));
}

void
cbor_put_tag(struct buf *out, uint64_t tag)
{
	uint8_t head[HEAD_BYTES];

	buf_add(out, head, cbor_encode_tag(tag, head, sizeof head));
}

void
cbor_put_bool(struct buf *out, bool v)
{
	uint8_t head[HEAD_BYTES];

	buf_add(out, head, cbor_encode_bool(v, head, sizeof head));
}

void
cbor_put_null(struct buf *out)
{
	uint8_t head[HEAD_BYTES];

	buf_add(out, head, cbor_encode_null(head, sizeof head));
}

void
cbor_put_raw(struct buf *out, struct span item)
{
	buf_add_span(out, item);
}

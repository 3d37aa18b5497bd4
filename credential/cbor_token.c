#include "credential/cbor_token.h"

#include <cbor.h>

/*
 * One-byte tags 6 to 20, COSE_Sign1's 18 among them, had no meaning when libcbor 0.8 was written, and it
 * refuses them; later versions read them like any tag.
 */
#define TAG_6 0xc6
#define TAG_20 0xd4
#define TAG_BITS 0x1f

static void
on_number(void *ctx, enum cbor_kind kind, uint64_t v)
{
	*(struct cbor_token *)ctx = (struct cbor_token){ .kind = kind, .value = v };
}

static void
on_uint8(void *ctx, uint8_t v)
{
	on_number(ctx, CBOR_UINT, v);
}

static void
on_uint16(void *ctx, uint16_t v)
{
	on_number(ctx, CBOR_UINT, v);
}

static void
on_uint32(void *ctx, uint32_t v)
{
	on_number(ctx, CBOR_UINT, v);
}

static void
on_uint64(void *ctx, uint64_t v)
{
	on_number(ctx, CBOR_UINT, v);
}

static void
on_nint8(void *ctx, uint8_t v)
{
	on_number(ctx, CBOR_NINT, v);
}

static void
on_nint16(void *ctx, uint16_t v)
{
	on_number(ctx, CBOR_NINT, v);
}

static void
on_nint32(void *ctx, uint32_t v)
{
	on_number(ctx, CBOR_NINT, v);
}

static void
on_nint64(void *ctx, uint64_t v)
{
	on_number(ctx, CBOR_NINT, v);
}

static void
on_bytes(void *ctx, cbor_data at, size_t len)
{
	*(struct cbor_token *)ctx = (struct cbor_token){ CBOR_BYTES, len, span_of(at, len) };
}

static void
on_text(void *ctx, cbor_data at, size_t len)
{
	*(struct cbor_token *)ctx = (struct cbor_token){ CBOR_TEXT, len, span_of(at, len) };
}

static void
on_array(void *ctx, size_t items)
{
	on_number(ctx, CBOR_ARRAY, items);
}

static void
on_map(void *ctx, size_t pairs)
{
	on_number(ctx, CBOR_MAP, pairs);
}

static void
on_tag(void *ctx, uint64_t tag)
{
	on_number(ctx, CBOR_TAG, tag);
}

static void
on_bool(void *ctx, bool v)
{
	on_number(ctx, CBOR_BOOL, v);
}

static void
on_null(void *ctx)
{
	on_number(ctx, CBOR_NULL, 0);
}

static void
on_refused(void *ctx)
{
	on_number(ctx, CBOR_NOTHING, 0);
}

static void
on_float(void *ctx, float v)
{
	(void)v;
	on_refused(ctx);
}

static void
on_double(void *ctx, double v)
{
	(void)v;
	on_refused(ctx);
}

static const struct cbor_callbacks callbacks = {
	.uint8 = on_uint8,
	.uint16 = on_uint16,
	.uint32 = on_uint32,
	.uint64 = on_uint64,
	.negint8 = on_nint8,
	.negint16 = on_nint16,
	.negint32 = on_nint32,
	.negint64 = on_nint64,
	.byte_string = on_bytes,
	.string = on_text,
	.array_start = on_array,
	.map_start = on_map,
	.tag = on_tag,
	.boolean = on_bool,
	.null = on_null,
	.byte_string_start = on_refused,
	.string_start = on_refused,
	.indef_array_start = on_refused,
	.indef_map_start = on_refused,
	.indef_break = on_refused,
	.undefined = on_refused,
	.float2 = on_float,
	.float4 = on_float,
	.float8 = on_double,
};

size_t
cbor_token_read(struct cbor_token *t, struct span in)
{
	*t = (struct cbor_token){ 0 };
	if (in.len == 0)
		return 0;
	if (in.ptr[0] >= TAG_6 && in.ptr[0] <= TAG_20) {
		on_tag(t, in.ptr[0] & TAG_BITS);
		return 1;
	}
	struct cbor_decoder_result r = cbor_stream_decode(in.ptr, in.len, &callbacks, t);
	return r.status == CBOR_DECODER_FINISHED && t->kind != CBOR_NOTHING ? r.read : 0;
}

/* Heads have one shortest form, whatever they begin (RFC 8949 3). */
static size_t
shortest_head(uint64_t value)
{
	if (value < 24)
		return 1;
	return value <= UINT8_MAX ? 2 : value <= UINT16_MAX ? 3 : value <= UINT32_MAX ? 5 : 9;
}

bool
cbor_token_is_shortest(const struct cbor_token *t, size_t len)
{
	if (t->kind == CBOR_BOOL || t->kind == CBOR_NULL)
		return len == 1;
	return len - t->string.len == shortest_head(t->value);
}

#include "credential/status_token.h"

#include "credential/cbor.h"

#define CLAIM_SUB 2
#define CLAIM_EXP 4
#define CLAIM_IAT 6
#define CLAIM_STATUS_LIST 65533
#define CLAIM_TTL 65534
#define BITS 4
#define SUB_BYTES 512

void
status_token_encode(struct buf *out, const struct status_token *token)
{
	cbor_put_map(out, 5);
	cbor_put_uint(out, CLAIM_SUB);
	cbor_put_text(out, token->sub);
	cbor_put_uint(out, CLAIM_EXP);
	cbor_put_int(out, token->exp_s);
	cbor_put_uint(out, CLAIM_IAT);
	cbor_put_int(out, token->iat_s);
	cbor_put_uint(out, CLAIM_STATUS_LIST);
	cbor_put_map(out, 2);
	cbor_put_text(out, span_text("lst"));
	cbor_put_bytes(out, token->lst);
	cbor_put_text(out, span_text("bits"));
	cbor_put_uint(out, BITS);
	cbor_put_uint(out, CLAIM_TTL);
	cbor_put_int(out, token->ttl_s);
}

static void
expect_word(struct cbor_in *in, struct cbor_map *m, const char *word)
{
	if (!cbor_in_next(in, m) || !span_is(cbor_in_text(in, 0, SUB_BYTES), word))
		cbor_in_fail(in, "a status list has exactly 'lst' and 'bits'");
}

static void
read_claims(struct status_token *out, struct cbor_in *in)
{
	struct cbor_map m = cbor_in_map(in);

	cbor_in_key(in, &m, CLAIM_SUB);
	out->sub = cbor_in_text(in, 1, SUB_BYTES);
	cbor_in_key(in, &m, CLAIM_EXP);
	out->exp_s = cbor_in_time(in);
	cbor_in_key(in, &m, CLAIM_IAT);
	out->iat_s = cbor_in_time(in);
	if (out->exp_s <= out->iat_s)
		cbor_in_fail(in, "a token that expires before it was made");
	cbor_in_key(in, &m, CLAIM_STATUS_LIST);
	struct cbor_map list = cbor_in_map(in);
	expect_word(in, &list, "lst");
	out->lst = cbor_in_bytes(in, 1, LIMIT_TOKEN_BYTES);
	expect_word(in, &list, "bits");
	if (cbor_in_uint(in, UINT8_MAX) != BITS)
		cbor_in_fail(in, "bits of a slot other than 4");
	cbor_in_end(in, &list);
	cbor_in_key(in, &m, CLAIM_TTL);
	out->ttl_s = cbor_in_time(in);
	if (out->ttl_s == 0)
		cbor_in_fail(in, "a time to live of 0");
	cbor_in_end(in, &m);
}

bool
status_token_parse(
    struct status_token *out, uint8_t list[LIMIT_LIST_BYTES], struct span payload, struct err *err)
{
	struct cbor_in in = cbor_in_over(payload, LIMIT_CBOR_DEPTH);

	*out = (struct status_token){ 0 };
	read_claims(out, &in);
	return (cbor_in_done(&in, err) &&
		   status_list_inflate(list, LIMIT_LIST_BYTES, out->lst, err) &&
		   status_list_check(span_of(list, LIMIT_LIST_BYTES), err)) ||
	    err_in(err, "status token");
}

bool
status_token_parse_file(struct cose_sign1 *envelope, struct status_token *out,
    uint8_t list[LIMIT_LIST_BYTES], struct span file, struct err *err)
{
	if (file.len > LIMIT_TOKEN_BYTES)
		return err_set(err, ERR_LIMIT, "status token: %zu bytes; the longest we read is %u",
		    file.len, LIMIT_TOKEN_BYTES);
	if (!cose_sign1_parse(envelope, file, STATUS_TOKEN_TYP, err))
		return err_in(err, "status token");
	return status_token_parse(out, list, envelope->payload, err);
}

void
status_token_sub(struct buf *out, struct span status_base, struct span iss, uint64_t list)
{
	buf_add_span(out, status_base);
	buf_add_span(out, iss);
	buf_printf(out, "/%llu", (unsigned long long)list);
}

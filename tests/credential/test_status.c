#include "credential/status_token.h"
#include "tests/credential/mistake.h"

#include <stdio.h>

/* The status token of the published example: 128 slots, a signature of zeros. */
static const char example[] =
    "d284582aa3012604484486c0ee29640b5e10781a6170706c69636174696f6e2f7374617475736c6973742b637774"
    "a05857a502782268747470733a2f2f762e6578616d706c652f76312f7374617475732f544553542f31041a6b0afa"
    "80061a6b01c00019fffda2636c73745078dafbcf2fffe9fc7ff2010098e03db464626974730419fffe19012c5840"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000";

#define EXAMPLE_SLOTS 128
#define EXAMPLE_BYTES (EXAMPLE_SLOTS / 2)

/* ---- lists ---- */

static void
even_slots_stand_in_the_low_four_bits(void **state)
{
	static uint8_t list[LIMIT_LIST_BYTES];
	(void)state;

	status_list_clear(list);
	status_list_set(list, 0, STATUS_REVOKED);
	status_list_set(list, 3, STATUS_SUSPENDED);
	status_list_set(list, 65535, STATUS_REPLACED);
	assert_int_equal(list[0], 0xF1);
	assert_int_equal(list[1], 0x2F);
	assert_int_equal(list[32767], 0xCF);
	assert_int_equal(status_list_get(list, 0), STATUS_REVOKED);
	assert_int_equal(status_list_get(list, 1), STATUS_UNKNOWN);
	assert_int_equal(status_list_get(list, 3), STATUS_SUSPENDED);
	assert_int_equal(status_list_get(list, 65535), STATUS_REPLACED);
	status_list_set(list, 1, STATUS_ACTIVE);
	assert_int_equal(list[0], 0x01);
}

static void
every_slot_takes_every_status_and_no_neighbour_changes(void **state)
{
	static uint8_t list[LIMIT_LIST_BYTES];
	(void)state;

	for (unsigned value = 0; value <= 0x0F; value++) {
		if (!status_is_known(value))
			continue;
		for (unsigned idx = 1; idx < LIMIT_LIST_SLOTS - 1; idx += 4095) {
			status_list_clear(list);
			status_list_set(list, (uint16_t)idx, (enum status)value);
			assert_int_equal(status_list_get(list, (uint16_t)idx), value);
			assert_int_equal(
			    status_list_get(list, (uint16_t)(idx - 1)), STATUS_UNKNOWN);
			assert_int_equal(
			    status_list_get(list, (uint16_t)(idx + 1)), STATUS_UNKNOWN);
		}
	}
}

static void
a_list_holds_known_statuses_only(void **state)
{
	static uint8_t list[LIMIT_LIST_BYTES + 1];
	struct err err = { 0 };
	(void)state;

	status_list_clear(list);
	assert_true(status_list_check(span_of(list, LIMIT_LIST_BYTES), NULL));
	assert_false(status_list_check(span_of(list, LIMIT_LIST_BYTES - 1), NULL));
	assert_false(status_list_check(span_of(list, LIMIT_LIST_BYTES + 1), NULL));
	for (unsigned value = 0; value <= 0x0F; value++) {
		list[100] = (uint8_t)(0xF0 | value);
		assert_int_equal(status_list_check(span_of(list, LIMIT_LIST_BYTES), &err),
		    value <= 3 || value >= 0x0C);
	}
	list[100] = 0x4F;
	assert_false(status_list_check(span_of(list, LIMIT_LIST_BYTES), &err));
	assert_string_equal(err.text, "status list: slot 201 has the reserved value 4");
}

static void
the_words_are_those_of_the_interface(void **state)
{
	static const struct {
		enum status status;
		const char *word;
	} rows[] = {
		{ 0x00, "active" },
		{ 0x01, "revoked" },
		{ 0x02, "suspended" },
		{ 0x03, "annulled" },
		{ 0x0C, "replaced" },
		{ 0x0D, "ended" },
		{ 0x0E, "pending" },
		{ 0x0F, "unknown" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_string_equal(status_word(rows[i].status), rows[i].word);
}

/* One signature may say no: whatever the two say, the answer is never better than either. */
static void
threat_20_the_worse_of_two_never_betters_either(void **state)
{
	static const enum status order[] = { STATUS_ACTIVE, STATUS_PENDING, STATUS_UNKNOWN,
		STATUS_SUSPENDED, STATUS_REPLACED, STATUS_ENDED, STATUS_REVOKED, STATUS_ANNULLED };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(order); i++)
		for (size_t j = 0; j < COUNT_OF(order); j++)
			assert_int_equal(status_worse(order[i], order[j]), order[i > j ? i : j]);
}

/* ---- deflated ---- */

static void
the_deflated_example_is_reproduced(void **state)
{
	static uint8_t list[LIMIT_LIST_BYTES];
	struct buf lst = BUF_EMPTY, want = mistake_bytes("78dafbcf2fffe9fc7ff2010098e03db4");
	(void)state;

	status_list_clear(list);
	status_list_set(list, 3, STATUS_ACTIVE);
	status_list_set(list, 5, STATUS_REVOKED);
	status_list_set(list, 6, STATUS_SUSPENDED);
	status_list_set(list, 9, STATUS_REPLACED);
	status_list_deflate(&lst, span_of(list, EXAMPLE_BYTES));
	assert_true(span_equal(buf_span(&lst), buf_span(&want)));

	uint8_t back[EXAMPLE_BYTES];
	assert_true(status_list_inflate(back, sizeof back, buf_span(&lst), NULL));
	assert_memory_equal(back, list, sizeof back);
	buf_free(&lst);
	buf_free(&want);
}

static void
only_the_right_length_inflates(void **state)
{
	static uint8_t list[LIMIT_LIST_BYTES], back[LIMIT_LIST_BYTES];
	struct buf lst = BUF_EMPTY;
	(void)state;

	status_list_clear(list);
	status_list_deflate(&lst, span_of(list, sizeof list));
	assert_true(status_list_inflate(back, sizeof back, buf_span(&lst), NULL));
	assert_false(status_list_inflate(back, sizeof back - 1, buf_span(&lst), NULL));
	for (size_t n = 0; n < lst.len; n++)
		assert_false(status_list_inflate(back, sizeof back, span_of(lst.ptr, n), NULL));
	buf_add_byte(&lst, 0);
	assert_false(status_list_inflate(back, sizeof back, buf_span(&lst), NULL));
	lst.len--;
	lst.ptr[lst.len - 1] ^= 1; /* the check value at the end */
	assert_false(status_list_inflate(back, sizeof back, buf_span(&lst), NULL));
	buf_free(&lst);
}

/* What inflates to a thousand times its size stops at the size a list has. */
static void
threat_41_a_decompression_bomb_stops_at_the_list(void **state)
{
	enum { BOMB = 8 << 20 };
	static uint8_t zeros[BOMB], back[LIMIT_LIST_BYTES + 16];
	struct buf bomb = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	memset(back, 0xA5, sizeof back);
	status_list_deflate(&bomb, span_of(zeros, sizeof zeros));
	assert_true(bomb.len < LIMIT_TOKEN_BYTES);
	assert_false(status_list_inflate(back, LIMIT_LIST_BYTES, buf_span(&bomb), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	for (size_t i = LIMIT_LIST_BYTES; i < sizeof back; i++)
		assert_int_equal(back[i], 0xA5);
	buf_free(&bomb);
}

static void
threat_41_an_overlong_token_is_not_even_begun(void **state)
{
	static uint8_t zeros[LIMIT_TOKEN_BYTES + 1], list[LIMIT_LIST_BYTES];
	struct span in = span_of(zeros, sizeof zeros);
	struct cose_sign1 envelope;
	struct status_token t;
	struct err err = { 0 };
	(void)state;

	assert_false(status_list_inflate(list, sizeof list, in, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	err = (struct err){ 0 };
	assert_false(status_token_parse_file(&envelope, &t, list, in, &err));
	assert_int_equal(err.code, ERR_LIMIT);
}

/* ---- tokens ---- */

static void
the_example_token_is_reproduced(void **state)
{
	struct buf token = mistake_bytes(example), claims = BUF_EMPTY, sub = BUF_EMPTY;
	struct buf lst = mistake_bytes("78dafbcf2fffe9fc7ff2010098e03db4");
	struct cose_sign1 envelope;
	(void)state;

	assert_int_equal(token.len, 202);
	assert_true(cose_sign1_parse(&envelope, buf_span(&token), STATUS_TOKEN_TYP, NULL));
	assert_int_equal(envelope.signer.alg, COSE_ALG_ES256);
	status_token_sub(&sub, span_text("https://v.example/v1/status/"), span_text("TEST"), 1);
	struct status_token t = { buf_span(&sub), 0x6b01c000, 0x6b0afa80, STATUS_TOKEN_TTL_S,
		buf_span(&lst) };
	status_token_encode(&claims, &t);
	assert_true(span_equal(buf_span(&claims), envelope.payload));
	buf_free(&token);
	buf_free(&claims);
	buf_free(&sub);
	buf_free(&lst);
}

/* The example with its 128 slots is too short a list to be one of ours. */
static void
a_list_of_another_size_is_refused(void **state)
{
	static uint8_t list[LIMIT_LIST_BYTES];
	struct buf token = mistake_bytes(example);
	struct cose_sign1 envelope;
	struct status_token t;
	struct err err = { 0 };
	(void)state;

	assert_false(status_token_parse_file(&envelope, &t, list, buf_span(&token), &err));
	assert_non_null(strstr(err.text, "not one zlib stream of exactly 32768 bytes"));
	buf_free(&token);
}

/* Claims of a whole list, deflated into *lst; both are the caller's to free. */
static struct buf
good_claims(struct buf *lst)
{
	static uint8_t list[LIMIT_LIST_BYTES];
	struct buf claims = BUF_EMPTY;

	status_list_clear(list);
	status_list_set(list, 48211, STATUS_SUSPENDED);
	status_list_deflate(lst, span_of(list, sizeof list));
	status_token_encode(&claims,
	    &(struct status_token){ span_text("https://v.example/v1/status/TEST/1"), 0x6b01c000,
		0x6b0afa80, 300, buf_span(lst) });
	return claims;
}

static void
a_token_comes_back(void **state)
{
	static uint8_t list[LIMIT_LIST_BYTES];
	struct buf lst = BUF_EMPTY, claims = good_claims(&lst), file = BUF_EMPTY;
	uint8_t signature[COSE_SIGNATURE_BYTES] = { 1 };
	struct buf header = BUF_EMPTY;
	struct cose_sign1 envelope;
	struct status_token t;
	(void)state;

	cose_header_encode(&header, COSE_ALG_ES256, span_text("kid-8888"), STATUS_TOKEN_TYP);
	cose_sign1_encode(&file,
	    &(struct cose_sign1){
		{ .header = buf_span(&header), .signature = span_of(signature, sizeof signature) },
		buf_span(&claims) });
	assert_true(status_token_parse_file(&envelope, &t, list, buf_span(&file), NULL));
	assert_true(span_is(envelope.signer.kid, "kid-8888"));
	assert_true(span_is(t.sub, "https://v.example/v1/status/TEST/1"));
	assert_int_equal(t.iat_s, 0x6b01c000);
	assert_int_equal(t.exp_s, 0x6b0afa80);
	assert_int_equal(t.ttl_s, 300);
	assert_int_equal(status_list_get(list, 48211), STATUS_SUSPENDED);
	assert_int_equal(status_list_get(list, 48210), STATUS_UNKNOWN);
	buf_free(&lst);
	buf_free(&claims);
	buf_free(&file);
	buf_free(&header);
}

static void
mistakes_in_a_token_are_refused(void **state)
{
	static const struct mistake rows[] = {
		{ "no sub",
		    "a502782268747470733a2f2f762e6578616d706c652f76312f7374617475732f54455354"
		    "2f31",
		    "a4", "byte 1" },
		{ "an empty sub",
		    "782268747470733a2f2f762e6578616d706c652f76312f7374617475732f544553542f31",
		    "60", "length" },
		{ "one claim fewer announced", "a502", "a402", "bytes after the end" },
		{ "exp before iat", "041a6b0afa80", "041a6b01bfff", "expires before" },
		{ "exp at iat", "041a6b0afa80", "041a6b01c000", "expires before" },
		{ "iat negative", "061a6b01c000", "063a6b01c000", "whole number" },
		{ "iat tagged", "061a6b01c000", "06c11a6b01c000", "whole number" },
		{ "iat a float", "061a6b01c000", "06fa4ed60380", "does not use" },
		{ "eight bits a slot", "646269747304", "646269747308", "bits" },
		{ "one bit a slot", "646269747304", "646269747301", "bits" },
		{ "bits under another name", "646269747304", "646269747a04", "exactly" },
		{ "bits before lst", "a2636c7374", "a2646c737474", "byte" },
		{ "a time to live of 0", "19fffe19012c", "19fffe00", "time to live" },
		{ "an unknown claim", "19fffe19012c", "19ffff19012c", "missing" },
		{ "a longer form of 300", "19fffe19012c", "19fffe1a0000012c", "longer form" },
		{ "a byte behind the claims", "19fffe19012c", "19fffe19012c00", "after the end" },
		{ "a list that is no zlib", "78da", "78db", "zlib" },
	};
	static uint8_t list[LIMIT_LIST_BYTES];
	struct buf lst = BUF_EMPTY, good = good_claims(&lst);
	struct status_token t;
	(void)state;

	assert_true(status_token_parse(&t, list, buf_span(&good), NULL));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf bad = mistake_made(buf_span(&good), &rows[i]);
		struct err err = { 0 };
		mistake_named(&rows[i], !status_token_parse(&t, list, buf_span(&bad), &err), &err);
		buf_free(&bad);
	}
	buf_free(&lst);
	buf_free(&good);
}

/* A token may not be taken for another signed object, nor another for a token. */
static void
threat_22_only_the_typ_of_a_token_is_a_token(void **state)
{
	static uint8_t list[LIMIT_LIST_BYTES];
	struct buf good = mistake_bytes(example);
	const struct mistake other = { "typ of an act",
		"781a6170706c69636174696f6e2f7374617475736c6973742b637774",
		"781a6170706c69636174696f6e2f7374617475736c6973742b6a7774", "typ" };
	struct buf bad = mistake_made(buf_span(&good), &other);
	struct cose_sign1 envelope;
	struct status_token t;
	struct err err = { 0 };
	(void)state;

	assert_false(status_token_parse_file(&envelope, &t, list, buf_span(&bad), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	assert_null(strstr(err.text, "zlib"));
	buf_free(&good);
	buf_free(&bad);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(even_slots_stand_in_the_low_four_bits),
		cmocka_unit_test(every_slot_takes_every_status_and_no_neighbour_changes),
		cmocka_unit_test(a_list_holds_known_statuses_only),
		cmocka_unit_test(the_words_are_those_of_the_interface),
		cmocka_unit_test(threat_20_the_worse_of_two_never_betters_either),
		cmocka_unit_test(the_deflated_example_is_reproduced),
		cmocka_unit_test(only_the_right_length_inflates),
		cmocka_unit_test(threat_41_a_decompression_bomb_stops_at_the_list),
		cmocka_unit_test(threat_41_an_overlong_token_is_not_even_begun),
		cmocka_unit_test(the_example_token_is_reproduced),
		cmocka_unit_test(a_list_of_another_size_is_refused),
		cmocka_unit_test(a_token_comes_back),
		cmocka_unit_test(mistakes_in_a_token_are_refused),
		cmocka_unit_test(threat_22_only_the_typ_of_a_token_is_a_token),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

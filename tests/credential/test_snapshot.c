#include "core/limits.h"
#include "credential/snapshot.h"
#include "tests/credential/mistake.h"

#include <stdlib.h>

static struct snapshot_list sample_lists[] = {
	{ 1, { 0x11 }, { 0x12 }, { 0x13 } },
	{ 2, { 0x21 }, { 0x22 }, { 0x23 } },
	{ 300, { 0x31 }, { 0x32 }, { 0x33 } },
};

static struct buf
encoded(void)
{
	struct buf payload = BUF_EMPTY;

	snapshot_encode(&payload,
	    &(struct snapshot){ .seq = 42,
		.iat_s = 1795161900,
		.exp_s = 1795766700,
		.issuer = span_text("TEST"),
		.bundle_seq = 7,
		.bundle_hash = { 0xbb },
		.checkpoint = span_text("a signed note"),
		.lists = sample_lists,
		.n_lists = COUNT_OF(sample_lists),
		.orders_hash = { 0x0d },
		.bureau_id = { 0xb1 } });
	return payload;
}

static void
a_snapshot_comes_back(void **state)
{
	struct buf payload = encoded(), again = BUF_EMPTY;
	struct snapshot *s;
	uint8_t hash[SHA256_BYTES];
	(void)state;

	assert_true(snapshot_parse(&s, buf_span(&payload), NULL));
	assert_int_equal(s->seq, 42);
	assert_int_equal(s->iat_s, 1795161900);
	assert_int_equal(s->exp_s, 1795766700);
	assert_true(span_is(s->issuer, "TEST"));
	assert_int_equal(s->bundle_seq, 7);
	assert_int_equal(s->bundle_hash[0], 0xbb);
	assert_true(span_is(s->checkpoint, "a signed note"));
	assert_int_equal(s->n_lists, 3);
	assert_int_equal(s->orders_hash[0], 0x0d);
	assert_int_equal(s->bureau_id[0], 0xb1);
	sha256(hash, buf_span(&payload));
	assert_memory_equal(s->hash, hash, sizeof hash);
	snapshot_encode(&again, s);
	assert_true(span_equal(buf_span(&again), buf_span(&payload)));

	memset(payload.ptr, 0, payload.len); /* it owns its bytes */
	assert_true(span_is(s->checkpoint, "a signed note"));
	snapshot_free(s);
	buf_free(&again);
	buf_free(&payload);
}

static void
a_list_is_found_by_its_number(void **state)
{
	struct buf payload = encoded();
	struct snapshot *s;
	(void)state;

	assert_true(snapshot_parse(&s, buf_span(&payload), NULL));
	assert_int_equal(snapshot_find_list(s, 1)->status_hash[0], 0x11);
	assert_int_equal(snapshot_find_list(s, 2)->fingerprints_hash[0], 0x22);
	assert_int_equal(snapshot_find_list(s, 300)->history_hash[0], 0x33);
	assert_null(snapshot_find_list(s, 0));
	assert_null(snapshot_find_list(s, 3));
	assert_null(snapshot_find_list(s, 301));
	assert_null(snapshot_find_list(s, 65536 + 1));
	snapshot_free(s);
	buf_free(&payload);
}

/* A bureau's first snapshot, before anything was issued. */
static void
a_snapshot_without_lists_is_good(void **state)
{
	struct buf payload = BUF_EMPTY;
	struct snapshot *s;
	(void)state;

	snapshot_encode(&payload,
	    &(struct snapshot){
		.seq = 1, .exp_s = 1, .issuer = span_text("TEST"), .checkpoint = span_text("c") });
	assert_true(snapshot_parse(&s, buf_span(&payload), NULL));
	assert_int_equal(s->n_lists, 0);
	assert_null(snapshot_find_list(s, 1));
	snapshot_free(s);
	buf_free(&payload);
}

static void
mistakes_in_a_snapshot_are_refused(void **state)
{
	static const struct mistake rows[] = {
		{ "another version", "aa0001", "aa0002", "version" },
		{ "number 0", "000101182a", "00010100", "number 1" },
		{ "a longer form of 42", "01182a", "0119002a", "longer form" },
		{ "expired before it was made", "031a6b0939ac", "031a6afffe00", "expires" },
		{ "expired when it was made", "031a6b0939ac", "031a6affff2c", "expires" },
		{ "a negative time", "021a6affff2c", "023a6affff2c", "whole number" },
		{ "an issuer of one letter", "046454455354", "046154", "length" },
		{ "a bundle without its hash", "05820758", "05810758", "byte" },
		{ "no checkpoint", "064d61207369676e6564206e6f7465", "0640", "length" },
		{ "a checkpoint as text", "064d61207369676e6564206e6f7465",
		    "066d61207369676e6564206e6f7465", "byte string" },
		{ "a list twice", "8402582021", "8401582021", "ascend" },
		{ "lists that fall", "8402582021", "8400582021", "ascend" },
		{ "a list number of three bytes", "8419012c", "841a0001012c", "too large" },
		{ "a list without its history", "8402582021", "8302582021", "byte" },
		{ "a part's hash cut short", "8402582021", "8402581f21", "byte" },
		{ "an unknown key", "095820b1", "0a5820b1", "missing" },
		{ "a bureau id of another length", "095820b1", "095821b1", "cut short" },
	};
	struct buf good = encoded();
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf bad = mistake_made(buf_span(&good), &rows[i]);
		struct snapshot *s;
		struct err err = { 0 };
		mistake_named(&rows[i], !snapshot_parse(&s, buf_span(&bad), &err), &err);
		assert_null(s);
		buf_free(&bad);
	}
	buf_free(&good);
}

static void
no_part_of_a_snapshot_is_a_snapshot(void **state)
{
	struct buf good = encoded();
	struct snapshot *s;
	(void)state;

	for (size_t n = 0; n < good.len; n++)
		assert_false(snapshot_parse(&s, span_of(good.ptr, n), NULL));
	buf_add_byte(&good, 0);
	assert_false(snapshot_parse(&s, buf_span(&good), NULL));
	buf_free(&good);
}

static void
a_snapshot_beyond_the_limit_is_not_read(void **state)
{
	static uint8_t zeros[LIMIT_SNAPSHOT_BYTES + 1];
	struct snapshot *s;
	struct err err = { 0 };
	(void)state;

	assert_false(snapshot_parse(&s, span_of(zeros, sizeof zeros), &err));
	assert_int_equal(err.code, ERR_LIMIT);
}

static void
the_file_carries_typ_and_signers(void **state)
{
	static const uint8_t signature[COSE_SIGNATURE_BYTES];
	static const char *const typs[] = { SNAPSHOT_TYP, "application/qbundle+cbor" };
	struct buf payload = encoded();
	(void)state;

	for (size_t i = 0; i < COUNT_OF(typs); i++) {
		struct buf header = BUF_EMPTY, signer = BUF_EMPTY, file = BUF_EMPTY;
		struct cose_sign envelope, m = { .payload = buf_span(&payload), .signers = 1 };
		struct snapshot *s;
		cose_body_header_encode(&header, typs[i]);
		cose_header_encode(&signer, COSE_ALG_ES256, span_text("kid-8888"), NULL);
		m.header = buf_span(&header);
		m.signer[0].header = buf_span(&signer);
		m.signer[0].signature = span_of(signature, sizeof signature);
		cose_sign_encode(&file, &m);
		assert_int_equal(snapshot_parse_file(&envelope, &s, buf_span(&file), NULL), i == 0);
		if (i == 0)
			assert_true(span_is(envelope.signer[0].kid, "kid-8888"));
		snapshot_free(s);
		buf_free(&header);
		buf_free(&signer);
		buf_free(&file);
	}
	buf_free(&payload);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_snapshot_comes_back),
		cmocka_unit_test(a_list_is_found_by_its_number),
		cmocka_unit_test(a_snapshot_without_lists_is_good),
		cmocka_unit_test(mistakes_in_a_snapshot_are_refused),
		cmocka_unit_test(no_part_of_a_snapshot_is_a_snapshot),
		cmocka_unit_test(a_snapshot_beyond_the_limit_is_not_read),
		cmocka_unit_test(the_file_carries_typ_and_signers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

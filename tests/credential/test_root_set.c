#include "credential/root_set.h"
#include "tests/credential/mistake.h"

static struct root_set
sample(void)
{
	return (struct root_set){ span_text("TEST"),
		{ span_text("root-key-1"), span_text("root-key-2"), span_text("root-key-3") },
		{ 0xb1, 0xb2 } };
}

static struct buf
encoded(void)
{
	struct buf payload = BUF_EMPTY;
	struct root_set set = sample();

	root_set_encode(&payload, &set);
	return payload;
}

static void
a_root_set_comes_back(void **state)
{
	struct buf payload = encoded();
	struct root_set set, want = sample();
	(void)state;

	assert_true(root_set_parse(&set, buf_span(&payload), NULL));
	assert_true(root_set_equal(&set, &want));
	assert_true(span_is(set.issuer, "TEST"));
	assert_true(span_is(set.root[2], "root-key-3"));
	assert_int_equal(set.bureau_id[1], 0xb2);
	buf_free(&payload);
}

static void
two_root_sets_are_equal_only_if_every_field_is(void **state)
{
	struct root_set a = sample(), b = sample();
	(void)state;

	assert_true(root_set_equal(&a, &b));
	b.issuer = span_text("TES7");
	assert_false(root_set_equal(&a, &b));
	for (size_t i = 0; i < ROOT_SET_KEYS; i++) {
		b = sample();
		b.root[i] = span_text("root-key-4");
		assert_false(root_set_equal(&a, &b));
	}
	b = sample();
	b.bureau_id[31] = 1;
	assert_false(root_set_equal(&a, &b));
}

static void
mistakes_in_a_root_set_are_refused(void **state)
{
	static const struct mistake rows[] = {
		{ "another version", "a50001", "a50002", "version" },
		{ "an issuer of one letter", "016454455354", "016154", "length" },
		{ "an issuer in bytes", "016454455354", "014454455354", "text should" },
		{ "a threshold of 1", "020203", "020103", "threshold" },
		{ "a threshold of 3", "020203", "020303", "threshold" },
		{ "two roots", "0383", "0382", "byte" },
		{ "the same root twice", "4a726f6f742d6b65792d32", "4a726f6f742d6b65792d31",
		    "twice" },
		{ "an empty root", "4a726f6f742d6b65792d32", "40", "length" },
		{ "a bureau id cut short", "045820b1b2", "04581fb1b2", "bytes after the end" },
		{ "an unknown key", "a50001", "a60001", "cut short" },
		{ "a key missing", "a5000101", "a40001", "byte" },
		{ "an array of keys in place of the map", "a5", "8a", "map should" },
	};
	struct buf good = encoded();
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf bad = mistake_made(buf_span(&good), &rows[i]);
		struct root_set set;
		struct err err = { 0 };
		mistake_named(&rows[i], !root_set_parse(&set, buf_span(&bad), &err), &err);
		buf_free(&bad);
	}
	buf_free(&good);
}

/* The file with this many signatures, each of its own signer. */
static struct buf
file_signed_by(size_t signers, const char *typ)
{
	static const uint8_t signature[COSE_SIGNATURE_BYTES];
	struct buf payload = encoded(), header = BUF_EMPTY, file = BUF_EMPTY;
	struct buf signer_header[LIMIT_COSE_SIGNERS] = { 0 };
	struct cose_sign m = { .signers = signers };

	cose_body_header_encode(&header, typ);
	m.header = buf_span(&header);
	m.payload = buf_span(&payload);
	for (size_t i = 0; i < signers; i++) {
		uint8_t kid[COSE_KID_BYTES] = { (uint8_t)i };
		cose_header_encode(
		    &signer_header[i], COSE_ALG_ES256, span_of(kid, sizeof kid), NULL);
		m.signer[i].header = buf_span(&signer_header[i]);
		m.signer[i].signature = span_of(signature, sizeof signature);
	}
	cose_sign_encode(&file, &m);
	for (size_t i = 0; i < signers; i++)
		buf_free(&signer_header[i]);
	buf_free(&header);
	buf_free(&payload);
	return file;
}

static void
threat_48_a_root_file_is_signed_by_all_three(void **state)
{
	(void)state;

	for (size_t signers = 1; signers <= 4; signers++) {
		struct buf file = file_signed_by(signers, ROOT_SET_TYP);
		struct cose_sign envelope;
		struct root_set set;
		struct err err = { 0 };
		assert_int_equal(root_set_parse_file(&envelope, &set, buf_span(&file), &err),
		    signers == ROOT_SET_KEYS);
		if (signers != ROOT_SET_KEYS)
			assert_int_equal(err.code, ERR_MALFORMED);
		buf_free(&file);
	}
}

static void
another_typ_is_no_root_file(void **state)
{
	struct buf file = file_signed_by(3, "application/qbundle+cbor");
	struct cose_sign envelope;
	struct root_set set;
	struct err err = { 0 };
	(void)state;

	assert_false(root_set_parse_file(&envelope, &set, buf_span(&file), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	buf_free(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_root_set_comes_back),
		cmocka_unit_test(two_root_sets_are_equal_only_if_every_field_is),
		cmocka_unit_test(mistakes_in_a_root_set_are_refused),
		cmocka_unit_test(threat_48_a_root_file_is_signed_by_all_three),
		cmocka_unit_test(another_typ_is_no_root_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

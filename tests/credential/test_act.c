#include "credential/act_body.h"
#include "credential/cose_file.h"
#include "tests/credential/act_vectors.h"

static void
every_kind_has_a_vector(void **state)
{
	static const enum act_kind kinds[] = {
#define KIND_ONLY(name, no, word, form, subjects) ACT_##name,
		ACT_KINDS(KIND_ONLY)
#undef KIND_ONLY
	};
	(void)state;
	for (size_t k = 0; k < COUNT_OF(kinds); k++) {
		bool met = false;
		for (size_t i = 0; i < VECTOR_COUNT; i++)
			met = met || kind_of[i] == kinds[k];
		CHECK_ROW(met, act_kind_word(kinds[k]));
		CHECK_ROW(act_kind_form(kinds[k]) != ACT_FORM_NONE, act_kind_word(kinds[k]));
	}
	assert_null(act_kind_word((enum act_kind)99));
	assert_int_equal(act_kind_form((enum act_kind)99), ACT_FORM_NONE);
	assert_int_equal(act_kind_find(span_text("approved")), ACT_NONE);
}

static void
whole_act(struct buf *out, struct span claims)
{
	struct buf header = BUF_EMPTY;
	uint8_t signature[COSE_SIGNATURE_BYTES] = { 9 };
	act_header_encode(&header, COSE_ALG_ES256, span_text("12345678"));
	act_encode(out, buf_span(&header), claims, span_of(signature, sizeof signature));
	buf_free(&header);
}

static void
a_whole_act_has_the_hash_of_all_its_bytes(void **state)
{
	struct buf whole = BUF_EMPTY, signed_bytes = BUF_EMPTY;
	struct act act;
	uint8_t hash[SHA256_BYTES];
	(void)state;

	whole_act(&whole, buf_span(&claims_of[0]));
	assert_true(act_parse(&act, buf_span(&whole), NULL));
	sha256(hash, buf_span(&whole));
	assert_memory_equal(act.hash, hash, sizeof hash);
	assert_true(span_equal(act.bytes, buf_span(&whole)));
	assert_true(span_is(act.envelope.signer.kid, "12345678"));

	/* The bureau's id is signed and not sent. */
	uint8_t bureau[BUREAU_ID_BYTES];
	memset(bureau, 0xbb, sizeof bureau);
	act_to_be_signed(&signed_bytes, act.envelope.signer.header, bureau, act.envelope.payload);
	assert_non_null(memmem(signed_bytes.ptr, signed_bytes.len, bureau, sizeof bureau));
	assert_null(memmem(whole.ptr, whole.len, bureau, sizeof bureau));
	buf_free(&whole);
	buf_free(&signed_bytes);
}

static void
an_act_without_its_typ_or_too_long_is_refused(void **state)
{
	struct buf whole = BUF_EMPTY, header = BUF_EMPTY;
	struct act act;
	struct err err = { 0 };
	(void)state;

	cose_header_encode(&header, COSE_ALG_ES256, span_text("12345678"), NULL);
	act_encode(&whole, buf_span(&header), buf_span(&claims_of[0]),
	    span_of(claims_of[0].ptr, COSE_SIGNATURE_BYTES));
	assert_false(act_parse(&act, buf_span(&whole), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	while (whole.len <= LIMIT_ACT_BYTES)
		buf_add_span(&whole, buf_span(&vectors));
	assert_false(act_parse(&act, buf_span(&whole), &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&whole);
	buf_free(&header);
}

/* A flipped bit anywhere in claims: refused, or said in exactly the flipped bytes. */
static void
each_act_has_one_encoding(void **state)
{
	(void)state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		for (size_t bit = 0; bit < claims_of[i].len * 8; bit++) {
			struct act act;
			struct act_body body;
			struct buf claims = BUF_EMPTY, again = BUF_EMPTY;
			claims_of[i].ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
			if (act_claims_parse(&act, buf_span(&claims_of[i]), NULL)) {
				assert_true(act_claims_encode(&claims, &act, NULL));
				assert_true(span_equal(buf_span(&claims), buf_span(&claims_of[i])));
				if (act_body_parse(&body, act.kind, act.body, NULL)) {
					assert_true(act_body_encode(&again, &body, NULL));
					assert_true(span_equal(buf_span(&again), act.body));
				}
			}
			claims_of[i].ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
			buf_free(&claims);
			buf_free(&again);
		}
	}
}

/* ---- mistakes ---- */

#define ZEROS                                                                                      \
	"5820"                                                                                     \
	"0000000000000000000000000000000000000000000000000000000000000000"

static void
mistaken_claims_are_refused(void **state)
{
	static const struct {
		const char *name, *from, *to;
	} rows[] = {
		{ "version 2", "a90001", "a90002" },
		{ "a kind there is not", "010102", "01186302" },
		{ "kind 0", "010102", "010002" },
		{ "a kind that does not fit the subject", "010102", "010a02" },
		{ "another subject", "687265676973746572", "687265676973746573" },
		{ "no subject", "02687265676973746572", "0260" },
		{ "a case's subject under register", "687265676973746572",
		    "70636173652f432d323032362d30303137" },
		{ "sequence 1 after nothing", "0300", "0301" },
		{ "something before sequence 0", ZEROS,
		    "5820"
		    "0000000000000000000000000000000000000000000000000000000000000001" },
		{ "a short previous hash", ZEROS,
		    "41"
		    "00" },
		{ "time negative", "041a6affff2c", "0420" },
		{ "time a float", "041a6affff2c", "04fa4f5c0000" },
		{ "body a list", "06a6", "068c" },
		{ "nonce of 15 bytes", "0750", "074f" },
		{ "no bundle", "a90001", "a80001" },
		{ "an unknown key", "a90001", "aa0001" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf hex = BUF_EMPTY, bytes = BUF_EMPTY;
		struct act act;
		struct err err = { 0 };
		char *text = calloc(1, 2 * claims_of[0].len + 1);
		hex_encode(text, buf_span(&claims_of[0]));
		buf_add_text(&hex, text);
		edit_replace(&hex, rows[i].from, rows[i].to, rows[i].name);
		if (i == COUNT_OF(rows) - 1)
			buf_add_text(&hex, "0a00");
		edit_to_bytes(&bytes, &hex, rows[i].name);
		CHECK_ROW(!act_claims_parse(&act, buf_span(&bytes), &err), rows[i].name);
		CHECK_ROW(err.code == ERR_MALFORMED, rows[i].name);
		buf_free(&hex);
		buf_free(&bytes);
		free(text);
	}
}

static void
only_three_kinds_of_subject_are_known(void **state)
{
	static const struct {
		const char *subject;
		enum act_subject what;
	} rows[] = {
		{ "register", SUBJECT_REGISTER },
		{ "case/C-2026-0017", SUBJECT_CASE },
		{ "case/C-2026-9999", SUBJECT_CASE },
		{ "case/C-2026-10000", SUBJECT_CASE },
		{ "JCA9999002026482136", SUBJECT_NUMBER },
		{ "", SUBJECT_NONE },
		{ "Register", SUBJECT_NONE },
		{ "register ", SUBJECT_NONE },
		{ "case/C-2026-017", SUBJECT_NONE },
		{ "case/C-2026-00017", SUBJECT_NONE },
		{ "case/C-26-0017", SUBJECT_NONE },
		{ "case/C-2026-0017x", SUBJECT_NONE },
		{ "case/c-2026-0017", SUBJECT_NONE },
		{ "C-2026-0017", SUBJECT_NONE },
		{ "case/../C-2026-0017", SUBJECT_NONE },
		{ "JC-A-999900-2026-48213-6", SUBJECT_NONE },
		{ "JCA9999002026482137", SUBJECT_NONE },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(
		    act_subject_of(span_text(rows[i].subject)) == rows[i].what, rows[i].subject);
}

static void
a_credential_file_comes_back(void **state)
{
	struct cose_file f, again;
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	f = (struct cose_file){ span_text("qc1"), span_text("proposal"), span_text("approval") };
	cose_file_encode(&out, &f);
	assert_true(cose_file_parse(&again, buf_span(&out), NULL));
	assert_true(span_equal(again.qc1, f.qc1));
	assert_true(span_equal(again.proposal, f.proposal));
	assert_true(span_equal(again.approval, f.approval));

	buf_add_byte(&out, 0);
	assert_false(cose_file_parse(&again, buf_span(&out), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	buf_free(&out);
	cose_file_encode(&out, &(struct cose_file){ f.qc1, f.proposal, { NULL, 0 } });
	assert_false(cose_file_parse(&again, buf_span(&out), NULL));
	while (out.len <= LIMIT_COSE_FILE_BYTES)
		buf_add_span(&out, buf_span(&vectors));
	assert_false(cose_file_parse(&again, buf_span(&out), &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_has_a_vector),
		cmocka_unit_test(a_whole_act_has_the_hash_of_all_its_bytes),
		cmocka_unit_test(an_act_without_its_typ_or_too_long_is_refused),
		cmocka_unit_test(each_act_has_one_encoding),
		cmocka_unit_test(mistaken_claims_are_refused),
		cmocka_unit_test(only_three_kinds_of_subject_are_known),
		cmocka_unit_test(a_credential_file_comes_back),
	};
	return cmocka_run_group_tests(tests, load, unload);
}

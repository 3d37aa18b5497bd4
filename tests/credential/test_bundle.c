#include "core/limits.h"
#include "tests/credential/bundle_sample.h"
#include "tests/credential/mistake.h"

#include <stdlib.h>

/* Every test has the sample, encoded and parsed. */
struct fixture {
	struct bundle_sample sample;
	struct buf payload;
	struct bundle *b;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	bundle_sample_fill(&f->sample);
	bundle_encode(&f->payload, &f->sample.bundle);
	assert_true(bundle_parse(&f->b, buf_span(&f->payload), NULL));
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	bundle_free(f->b);
	buf_free(&f->payload);
	bundle_sample_free(&f->sample);
	free(f);
	return 0;
}

/* Encode the sample as it has been changed; true if that parses. */
static bool
still_good(struct fixture *f, struct err *err)
{
	struct buf payload = BUF_EMPTY;
	struct bundle *b;

	*err = (struct err){ 0 };
	bundle_encode(&payload, &f->sample.bundle);
	bool ok = bundle_parse(&b, buf_span(&payload), err);
	bundle_free(b);
	buf_free(&payload);
	return ok;
}

static void
a_bundle_comes_back_byte_for_byte(void **state)
{
	struct fixture *f = *state;
	struct buf again = BUF_EMPTY;
	uint8_t hash[SHA256_BYTES];

	bundle_encode(&again, f->b);
	assert_true(span_equal(buf_span(&again), buf_span(&f->payload)));
	sha256(hash, buf_span(&f->payload));
	assert_memory_equal(f->b->hash, hash, sizeof hash);
	buf_free(&again);
}

static void
every_field_is_where_it_was(void **state)
{
	const struct fixture *f = *state;
	const struct bundle *b = f->b;

	assert_int_equal(b->seq, 7);
	assert_int_equal(b->iat_s, 1795161900);
	assert_int_equal(b->exp_s, 1826697900);
	assert_int_equal(b->prev.len, SHA256_BYTES);
	assert_true(root_set_equal(&b->roots, &f->sample.bundle.roots));
	assert_int_equal(b->n_issuers, 2);
	assert_true(span_is(b->issuers[0].name_zh, "示范资质管理局"));
	assert_int_equal(b->issuers[1].level, BUNDLE_PROVINCIAL);
	assert_int_equal(b->issuers[1].name_en.len, 0);
	assert_true(span_is(b->issuers[1].contact, "0000-000001"));
	assert_int_equal(b->n_keys, SAMPLE_KEYS);
	assert_int_equal(b->keys[5].alg, -257);
	assert_int_equal(b->keys[8].state, KEY_COMPROMISED);
	assert_int_equal(b->keys[8].since_s, 1700);
	assert_int_equal(b->keys[7].person[0], 2);
	assert_true(span_is(b->log.origin, "v.example/log"));
	assert_int_equal(b->log.quorum, 1);
	assert_int_equal(b->log.n_witnesses, 2);
	assert_int_equal(b->policy_hash[0], 0xcc);
	assert_true(b->test);
	assert_int_equal(b->snapshot_age_s, 604800);
	assert_int_equal(b->token_age_s, 86400);
	assert_int_equal(b->audit_quorum, 1);
	assert_true(span_is(b->reader_ca, "reader-ca"));
	assert_int_equal(b->n_issuing, 2);
}

static void
a_bundle_owns_its_bytes(void **state)
{
	struct fixture *f = *state;

	memset(f->payload.ptr, 0, f->payload.len);
	assert_true(span_is(f->b->status_base, "https://v.example/v1/status/"));
}

static void
a_copy_of_a_key_outlives_its_bundle(void **state)
{
	const struct fixture *f = *state;

	for (size_t i = 0; i < f->b->n_keys; i++) {
		const struct bundle_key *key = &f->b->keys[i];
		struct bundle_key *copy = bundle_key_copy(key);
		assert_non_null(copy);
		assert_true(copy->issuer.ptr != key->issuer.ptr && copy->key.ptr != key->key.ptr);
		assert_true(
		    span_equal(copy->issuer, key->issuer) && span_equal(copy->key, key->key));
		assert_int_equal(copy->n_grants, key->n_grants);
		for (size_t g = 0; g < key->n_grants; g++)
			assert_int_equal(copy->grants[g].role, key->grants[g].role);
		free(copy);
	}
	struct bundle_key *empty = bundle_key_copy(&(struct bundle_key){ 0 });
	assert_int_equal(empty->key.len, 0);
	free(empty);
}

static void
a_bundle_without_its_optional_fields_is_good(void **state)
{
	struct fixture *f = *state;
	struct err err;

	f->sample.bundle.reader_ca = (struct span){ NULL, 0 };
	f->sample.bundle.log.n_witnesses = 0;
	f->sample.bundle.log.quorum = 0;
	f->sample.bundle.seq = 1;
	f->sample.bundle.prev = (struct span){ NULL, 0 };
	assert_true(still_good(f, &err));
}

/* ---- look-ups ---- */

static void
threat_09_a_kid_finds_keys_of_one_use_only(void **state)
{
	const struct fixture *f = *state;
	struct span kid = span_of(f->b->keys[0].kid, COSE_KID_BYTES);

	const struct bundle_key *key = bundle_find_key(f->b, kid, KEY_USE_CREDENTIAL, NULL);
	assert_ptr_equal(key, &f->b->keys[0]);
	assert_null(bundle_find_key(f->b, kid, KEY_USE_CREDENTIAL, key));
	assert_null(bundle_find_key(f->b, kid, KEY_USE_STATUS, NULL));
	assert_null(bundle_find_key(f->b, span_of(kid.ptr, 7), KEY_USE_CREDENTIAL, NULL));
	assert_null(bundle_find_key(f->b, span_text("../../x'"), KEY_USE_CREDENTIAL, NULL));
	assert_null(bundle_find_key(f->b, (struct span){ NULL, 0 }, KEY_USE_CREDENTIAL, NULL));
}

/* Eight bytes of a hash may collide: whoever looks up tries each. Certificates here, since their
 * kid is checked elsewhere and so can be made to. */
static void
keys_that_share_a_kid_are_found_one_after_the_other(void **state)
{
	struct fixture *f = *state;
	struct buf payload = BUF_EMPTY;
	struct bundle *b;

	f->sample.keys[5].use = KEY_USE_SEAL;
	f->sample.keys[5].alg = COSE_ALG_ES256;
	memcpy(f->sample.keys[5].kid, f->sample.keys[1].kid, COSE_KID_BYTES);
	bundle_encode(&payload, &f->sample.bundle);
	assert_true(bundle_parse(&b, buf_span(&payload), NULL));

	struct span kid = span_of(b->keys[1].kid, COSE_KID_BYTES);
	const struct bundle_key *first = bundle_find_key(b, kid, KEY_USE_SEAL, NULL);
	assert_ptr_equal(first, &b->keys[1]);
	const struct bundle_key *second = bundle_find_key(b, kid, KEY_USE_SEAL, first);
	assert_ptr_equal(second, &b->keys[5]);
	assert_null(bundle_find_key(b, kid, KEY_USE_SEAL, second));
	bundle_free(b);
	buf_free(&payload);
}

static void
a_key_covers_its_window_with_both_ends(void **state)
{
	const struct fixture *f = *state;
	const struct bundle_key *key = &f->b->keys[0];

	assert_false(bundle_key_covers(key, SAMPLE_FROM_S - 1));
	assert_true(bundle_key_covers(key, SAMPLE_FROM_S));
	assert_true(bundle_key_covers(key, SAMPLE_UNTIL_S));
	assert_false(bundle_key_covers(key, SAMPLE_UNTIL_S + 1));
}

static void
an_officer_has_a_role_only_while_grant_and_key_last(void **state)
{
	static const struct {
		const char *row;
		enum role role;
		int64_t at_s;
		bool has;
	} rows[] = {
		{ "before the grant", ROLE_ISSUE, 999, false },
		{ "its first second", ROLE_ISSUE, 1000, true },
		{ "its last second", ROLE_ISSUE, 1499, true },
		{ "between two grants", ROLE_ISSUE, 1500, false },
		{ "the second grant", ROLE_ISSUE, 1600, true },
		{ "the key's last second", ROLE_ISSUE, 2000, true },
		{ "the grant outlasts the key", ROLE_ISSUE, 2001, false },
		{ "another role", ROLE_COUNTERSIGN, 1200, false },
		{ "no role", ROLE_NONE, 1200, false },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(
		    bundle_key_has_role(&f->b->keys[6], rows[i].role, rows[i].at_s) == rows[i].has,
		    rows[i].row);
	assert_false(bundle_key_has_role(&f->b->keys[0], ROLE_ISSUE, 1200));
}

static void
an_issuer_may_do_what_its_powers_cover(void **state)
{
	static const struct {
		const char *row, *iss, *what, *family;
		unsigned grade;
		int64_t at_s;
		bool may;
	} rows[] = {
		{ "as granted", "TEST", "issue", "JC", 1, 1500, true },
		{ "the first second", "TEST", "issue", "JC", 1, 1000, true },
		{ "the last second", "TEST", "issue", "JC", 1, 2000, true },
		{ "too early", "TEST", "issue", "JC", 1, 999, false },
		{ "too late", "TEST", "issue", "JC", 1, 2001, false },
		{ "the other grade lasts longer", "TEST", "issue", "JC", 2, 2001, true },
		{ "another family", "TEST", "issue", "YZ", 1, 1500, false },
		{ "another grade", "TEST", "issue", "JC", 3, 1500, false },
		{ "another power", "TEST", "sanction", "JC", 1, 1500, false },
		{ "an issuer without powers", "TEST2", "issue", "JC", 1, 1500, false },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct bundle_issuer *issuer =
		    bundle_find_issuer(f->b, span_text(rows[i].iss));
		CHECK_ROW(bundle_issuer_may(issuer, rows[i].what, span_text(rows[i].family),
			      rows[i].grade, rows[i].at_s) == rows[i].may,
		    rows[i].row);
	}
	assert_null(bundle_find_issuer(f->b, span_text("TEST3")));
	assert_null(bundle_find_issuer(f->b, span_text("TES")));
}

static void
two_roles_issue_in_their_order_and_window(void **state)
{
	const struct bundle *b = ((const struct fixture *)*state)->b;

	assert_true(bundle_roles_issue(b, ROLE_ISSUE, ROLE_COUNTERSIGN, 1500));
	assert_false(bundle_roles_issue(b, ROLE_ISSUE, ROLE_COUNTERSIGN, 1501));
	assert_true(bundle_roles_issue(b, ROLE_DECIDE, ROLE_APPROVE, 1501));
	assert_false(bundle_roles_issue(b, ROLE_APPROVE, ROLE_DECIDE, 1501));
	assert_false(bundle_roles_issue(b, ROLE_COUNTERSIGN, ROLE_ISSUE, 1500));
}

static void
a_host_is_listed_exactly(void **state)
{
	const struct bundle *b = ((const struct fixture *)*state)->b;

	assert_true(bundle_lists_host(b, span_text("v.example")));
	assert_true(bundle_lists_host(b, span_text("old.example")));
	assert_false(bundle_lists_host(b, span_text("v.example.evil")));
	assert_false(bundle_lists_host(b, span_text("V.example")));
	assert_false(bundle_lists_host(b, (struct span){ NULL, 0 }));
}

static void
every_word_is_read_back(void **state)
{
	(void)state;

	for (enum role role = ROLE_NONE + 1; role < ROLES; role++)
		assert_int_equal(bundle_role_of(span_text(bundle_role_word(role))), role);
	for (enum key_use use = KEY_USE_NONE + 1; use < KEY_USES; use++)
		assert_int_equal(bundle_use_of(span_text(bundle_use_word(use))), use);
	assert_int_equal(bundle_role_of(span_text("none")), ROLE_NONE);
	assert_int_equal(bundle_use_of(span_text("none")), KEY_USE_NONE);
	assert_int_equal(bundle_use_of(span_text("root")), KEY_USE_NONE);
}

/* ---- mistakes of form: the good bundle with other bytes in one place ---- */

static void
mistakes_of_form_are_refused(void **state)
{
	static const struct mistake rows[] = {
		{ "another version", "b1000101", "b1000201", "version" },
		{ "number 0", "0001010702", "0001010002", "number 1" },
		{ "bundle 1 with one before it", "0001010702", "0001010102", "only bundle 1" },
		{ "expired before it was made", "031a6ce132ac", "031a6affff2c", "expires" },
		{ "a float for a time", "021a6affff2c", "02fa4ed5fffe", "does not use" },
		{ "a negative time", "021a6affff2c", "023a6affff2c", "whole number" },
		{ "an issuer neither national nor provincial", "0302048005", "0303048005",
		    "too large" },
		{ "an issuer of level 0", "0302048005", "0300048005", "neither" },
		{ "an issuer without a contact", "a50175e7a4ba", "a40175e7a4ba", "byte" },
		{ "a name with a control character", "6b303030302d303030303031",
		    "6b303030302d3030300a3031", "printed" },
		{ "a key of an unknown use", "046673746174757305", "046673746174756105", "use" },
		{ "a key of an unknown algorithm", "03260466737461747573", "03270466737461747573",
		    "not ours" },
		{ "a key that ends before it begins", "061903e8071907d0", "061907d1071907d0",
		    "ends before" },
		{ "an officer without a person", "a90148465c", "a80148465c", "byte" },
		{ "a person behind a key that is no officer's", "04676f666669636572",
		    "0466737461747573", "officer's" },
		{ "a kid of seven bytes", "a80148", "a80147", "byte" },
		{ "a key in an unknown state", "08020919", "08030919", "too large" },
		{ "a stolen key that does not say since when", "0802091906a4", "0800091906a4",
		    "since" },
		{ "an officer with no role",
		    "8183"
		    "6b636f756e7465727369676e1903e81907d0",
		    "80", "too few" },
		{ "a role we do not know", "6b636f756e7465727369676e1903e81907d0",
		    "6b636f756e746572736967671903e81907d0", "no role" },
		{ "a grant that ends before it begins", "6b636f756e7465727369676e1903e81907d0",
		    "6b636f756e7465727369676e1907d01903e8", "ends before" },
		{ "test as a number", "0bf5", "0b01", "true or false" },
		{ "test as null", "0bf5", "0bf6", "true or false" },
		{ "no host", "0c8269762e6578616d706c656b6f6c642e6578616d706c65", "0c80",
		    "too few" },
		{ "a snapshot age below a day", "0d821a00093a80", "0d821901f4", "1 to 31" },
		{ "a snapshot age above 31 days", "0d821a00093a80", "0d821a0028de81", "1 to 31" },
		{ "a token older than a snapshot", "0d821a00093a801a00015180",
		    "0d821a00093a801a00093a81", "token" },
		{ "no reader CA and yet its place", "0f497265616465722d6361", "0f40", "length" },
		{ "an unknown key", "108284656973737565", "118284656973737565", "missing" },
		{ "keys out of order", "0e010f49", "0f010e49", "order" },
		{ "more cosignatures than witnesses", "0482018278", "0482038278", "witnesses" },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf bad = mistake_made(buf_span(&f->payload), &rows[i]);
		struct bundle *b;
		struct err err = { 0 };
		mistake_named(&rows[i], !bundle_parse(&b, buf_span(&bad), &err), &err);
		assert_null(b);
		buf_free(&bad);
	}
}

/* Cut anywhere, a bundle is none. */
static void
no_part_of_a_bundle_is_a_bundle(void **state)
{
	const struct fixture *f = *state;
	struct bundle *b;

	for (size_t n = 0; n < f->payload.len; n++)
		assert_false(bundle_parse(&b, span_of(f->payload.ptr, n), NULL));
}

static void
a_bundle_beyond_the_limit_is_not_read(void **state)
{
	static uint8_t zeros[LIMIT_BUNDLE_BYTES + 1];
	struct bundle *b;
	struct err err = { 0 };
	(void)state;

	assert_false(bundle_parse(&b, span_of(zeros, sizeof zeros), &err));
	assert_int_equal(err.code, ERR_LIMIT);
}

/* ---- mistakes between fields ---- */

static void
refused(struct fixture *f, const char *says)
{
	struct err err;

	assert_false(still_good(f, &err));
	assert_int_equal(err.code, ERR_REFUSED);
	assert_non_null(strstr(err.text, says));
}

static void
a_public_key_under_two_uses_is_refused(void **state)
{
	struct fixture *f = *state;

	f->sample.keys[2] = sample_key(KEY_USE_STATUS, "credential-key");
	refused(f, "a public key stands twice");
}

static void
a_root_key_is_no_other_key(void **state)
{
	struct fixture *f = *state;

	f->sample.keys[3] = sample_key(KEY_USE_AUDIT, "root-key-2");
	refused(f, "a public key stands twice");
}

static void
one_key_of_two_persons_is_refused(void **state)
{
	struct fixture *f = *state;

	f->sample.keys[7].key = f->sample.keys[6].key;
	memcpy(f->sample.keys[7].kid, f->sample.keys[6].kid, COSE_KID_BYTES);
	refused(f, "a public key stands twice");
}

static void
a_certificate_twice_is_refused(void **state)
{
	struct fixture *f = *state;

	f->sample.keys[5].key = f->sample.keys[1].key;
	refused(f, "a public key stands twice");
}

static void
a_kid_that_is_not_that_of_its_key_is_refused(void **state)
{
	struct fixture *f = *state;

	f->sample.keys[0].kid[7] ^= 1;
	refused(f, "its bytes give the kid");
}

static void
a_key_of_an_unlisted_issuer_is_refused(void **state)
{
	struct fixture *f = *state;

	f->sample.keys[0].issuer = span_text("OTHER");
	refused(f, "key 1 is of an issuer that is not listed");
}

static void
roots_of_an_unlisted_issuer_are_refused(void **state)
{
	struct fixture *f = *state;

	f->sample.bundle.roots.issuer = span_text("OTHER");
	refused(f, "the root set is of an issuer that is not listed");
}

static void
a_host_twice_is_refused(void **state)
{
	struct fixture *f = *state;

	f->sample.hosts[1] = f->sample.hosts[0];
	refused(f, "a host stands twice");
}

static void
a_witness_twice_is_refused(void **state)
{
	struct fixture *f = *state;

	f->sample.witnesses[1] = f->sample.witnesses[0];
	refused(f, "a witness stands twice");
}

static void
a_log_key_for_a_witness_is_refused(void **state)
{
	struct fixture *f = *state;

	f->sample.witnesses[1] = f->sample.bundle.log.vkey;
	refused(f, "witness 2: not a key for cosignatures");
}

static void
a_log_key_of_another_name_is_refused(void **state)
{
	struct fixture *f = *state;

	f->sample.bundle.log.origin = span_text("v.example/log2");
	refused(f, "name of the log");
}

static void
a_log_key_that_is_none_is_refused(void **state)
{
	struct fixture *f = *state;
	struct err err;

	f->sample.bundle.log.vkey = span_text("v.example/log+00000000+AAAA");
	assert_false(still_good(f, &err));
	assert_non_null(strstr(err.text, "log key"));
}

/* ---- the file ---- */

static void
threat_48_a_bundle_file_has_two_signatures_at_least(void **state)
{
	static const uint8_t signature[COSE_SIGNATURE_BYTES];
	const struct fixture *f = *state;

	for (size_t signers = 1; signers <= 3; signers++) {
		struct buf header = BUF_EMPTY, signer_header = BUF_EMPTY, file = BUF_EMPTY;
		struct cose_sign m = { .payload = buf_span(&f->payload), .signers = signers };
		struct cose_sign envelope;
		struct bundle *b;
		struct err err = { 0 };
		cose_body_header_encode(&header, BUNDLE_TYP);
		cose_header_encode(&signer_header, COSE_ALG_ES256, span_text("kid-8888"), NULL);
		m.header = buf_span(&header);
		for (size_t i = 0; i < signers; i++) {
			m.signer[i].header = buf_span(&signer_header);
			m.signer[i].signature = span_of(signature, sizeof signature);
		}
		cose_sign_encode(&file, &m);
		bool ok = bundle_parse_file(&envelope, &b, buf_span(&file), &err);
		assert_int_equal(ok, signers >= ROOT_SET_THRESHOLD);
		bundle_free(b);
		buf_free(&header);
		buf_free(&signer_header);
		buf_free(&file);
	}
}

static void
another_typ_is_no_bundle_file(void **state)
{
	static const uint8_t signature[COSE_SIGNATURE_BYTES];
	const struct fixture *f = *state;
	struct buf header = BUF_EMPTY, signer_header = BUF_EMPTY, file = BUF_EMPTY;
	struct cose_sign envelope, m = { .payload = buf_span(&f->payload), .signers = 2 };
	struct bundle *b;
	struct err err = { 0 };

	cose_body_header_encode(&header, ROOT_SET_TYP);
	cose_header_encode(&signer_header, COSE_ALG_ES256, span_text("kid-8888"), NULL);
	m.header = buf_span(&header);
	for (size_t i = 0; i < m.signers; i++) {
		m.signer[i].header = buf_span(&signer_header);
		m.signer[i].signature = span_of(signature, sizeof signature);
	}
	cose_sign_encode(&file, &m);
	assert_false(bundle_parse_file(&envelope, &b, buf_span(&file), &err));
	assert_null(b);
	assert_int_equal(err.code, ERR_MALFORMED);
	buf_free(&header);
	buf_free(&signer_header);
	buf_free(&file);
}

#define WITH_BUNDLE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BUNDLE(a_bundle_comes_back_byte_for_byte),
		WITH_BUNDLE(every_field_is_where_it_was),
		WITH_BUNDLE(a_bundle_owns_its_bytes),
		WITH_BUNDLE(a_copy_of_a_key_outlives_its_bundle),
		WITH_BUNDLE(a_bundle_without_its_optional_fields_is_good),
		WITH_BUNDLE(threat_09_a_kid_finds_keys_of_one_use_only),
		WITH_BUNDLE(keys_that_share_a_kid_are_found_one_after_the_other),
		WITH_BUNDLE(a_key_covers_its_window_with_both_ends),
		WITH_BUNDLE(an_officer_has_a_role_only_while_grant_and_key_last),
		WITH_BUNDLE(an_issuer_may_do_what_its_powers_cover),
		WITH_BUNDLE(two_roles_issue_in_their_order_and_window),
		WITH_BUNDLE(a_host_is_listed_exactly),
		cmocka_unit_test(every_word_is_read_back),
		WITH_BUNDLE(mistakes_of_form_are_refused),
		WITH_BUNDLE(no_part_of_a_bundle_is_a_bundle),
		cmocka_unit_test(a_bundle_beyond_the_limit_is_not_read),
		WITH_BUNDLE(a_public_key_under_two_uses_is_refused),
		WITH_BUNDLE(a_root_key_is_no_other_key),
		WITH_BUNDLE(one_key_of_two_persons_is_refused),
		WITH_BUNDLE(a_certificate_twice_is_refused),
		WITH_BUNDLE(a_kid_that_is_not_that_of_its_key_is_refused),
		WITH_BUNDLE(a_key_of_an_unlisted_issuer_is_refused),
		WITH_BUNDLE(roots_of_an_unlisted_issuer_are_refused),
		WITH_BUNDLE(a_host_twice_is_refused),
		WITH_BUNDLE(a_witness_twice_is_refused),
		WITH_BUNDLE(a_log_key_for_a_witness_is_refused),
		WITH_BUNDLE(a_log_key_of_another_name_is_refused),
		WITH_BUNDLE(a_log_key_that_is_none_is_refused),
		WITH_BUNDLE(threat_48_a_bundle_file_has_two_signatures_at_least),
		WITH_BUNDLE(another_typ_is_no_bundle_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

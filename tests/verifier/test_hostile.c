/* What a thief or a mirror that lies can put on the desk: nothing of it becomes VALID. */
#include "tests/test.h"
#include "tests/verifier/desk.h"

static void
an_honest_certificate_is_valid_in_each_of_its_forms(void **state)
{
	struct desk d;
	struct answer a;
	(void)state;

	desk_open(&d);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "cose");
	desk_ask(&a, &d, buf_span(&d.code));
	desk_expect(&a, VERDICT_VALID, FINDING_NONE, "code");
	desk_ask(&a, &d, buf_span(&d.file));
	desk_expect(&a, VERDICT_VALID, FINDING_NONE, "file");
	assert_true(a.test);
	desk_close(&d);
}

/* threat_10: the key is the bureau's, the name in the credential somebody else's. */
static void
a_credential_in_another_issuers_name_is_refused(void **state)
{
	struct desk d;
	struct answer a;
	(void)state;

	desk_open(&d);
	d.claims.iss = span_text("ZZ");
	desk_make(&d);
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_KEY_UNKNOWN, "an issuer nobody lists");
	desk_ask(&a, &d, buf_span(&d.file));
	desk_expect(&a, VERDICT_REJECTED, FINDING_KEY_UNKNOWN, "its file");
	assert_false(a.claims_proven);
	desk_close(&d);
}

/* As it comes out of a scanner or an editor: blanks behind it, and nothing else. */
static void
a_code_may_end_a_line(void **state)
{
	static const struct {
		const char *tail;
		enum verdict verdict;
	} rows[] = {
		{ "\n", VERDICT_VALID },
		{ "\r\n", VERDICT_VALID },
		{ "\n\n", VERDICT_VALID },
		{ " ", VERDICT_VALID },
		{ " 0", VERDICT_REJECTED },
		{ "\xe3\x80\x80", VERDICT_REJECTED },
		{ "\n0", VERDICT_REJECTED },
	};
	struct desk d;
	(void)state;

	desk_open(&d);
	const size_t len = d.code.len;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct answer a;
		d.code.len = len;
		buf_add_text(&d.code, rows[i].tail);
		desk_ask(&a, &d, buf_span(&d.code));
		CHECK_ROW(a.verdict == rows[i].verdict, rows[i].tail);
	}
	desk_close(&d);
}

/* ---- tokens and orders ---- */

/* A status key alone may say no; that it forgot the slot is no news to act on. */
static void
threat_22_a_token_that_knows_nothing_of_the_slot_leaves_it_open(void **state)
{
	static const enum status rows[] = { STATUS_PENDING, STATUS_UNKNOWN };
	struct desk d;
	struct answer a;
	(void)state;

	desk_open(&d);
	d.token_iat_s = DESK_DATA_S + 60;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		d.token_status = rows[i];
		desk_publish(&d);
		desk_ask(&a, &d, buf_span(&d.cose));
		desk_expect(&a, VERDICT_UNDETERMINED, FINDING_STATUS_NEWS, "cose");
		assert_int_equal(a.status, STATUS_ACTIVE);
	}
	desk_close(&d);
}

static void
an_order_moves_the_end_and_is_named(void **state)
{
	struct desk d;
	struct answer a;
	const struct history_slot slot = { DESK_LIST, DESK_IDX };
	(void)state;

	desk_open(&d);
	d.order = (struct history_order){ .order = span_text("示例令〔2026〕9号"),
		.slots = &slot,
		.n_slots = 1,
		.new_end_s = d.claims.exp_s + 365 * DESK_DAY_S,
		.effective_s = DESK_IAT_S,
		.recorded_s = DESK_IAT_S + 60 };
	d.has_order = true;
	desk_publish(&d);
	desk_ask(&a, &d, buf_span(&d.cose));
	desk_expect(&a, VERDICT_VALID, FINDING_NONE, "extended");
	assert_int_equal(a.end_s, d.order.new_end_s);
	assert_string_equal(a.order, "示例令〔2026〕9号");
	d.order.new_end_s = d.claims.exp_s; /* it moves nothing */
	d.snapshot.seq++;
	desk_publish(&d);
	desk_ask(&a, &d, buf_span(&d.cose));
	assert_int_equal(a.end_s, d.claims.exp_s);
	assert_string_equal(a.order, "");
	desk_close(&d);
}

/* ---- files of different ages ---- */

static void
a_snapshot_that_names_a_newer_bundle_shows_that_ours_is_old(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	d.snapshot.bundle_seq = 2;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_TRUST_OLDER, "bundle 2 named, 1 held");
	desk_close(&d);
}

static void
a_snapshot_that_names_another_bundle_of_the_same_number_is_an_alarm(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	d.snapshot.bundle_seq = 1;
	memset(d.snapshot.bundle_hash, 7, sizeof d.snapshot.bundle_hash);
	desk_publish(&d);
	desk_expect_cose(
	    &d, VERDICT_UNDETERMINED, FINDING_STATUS_ALARM, "bundle 1 with another hash");
	desk_close(&d);
}

/* ---- stolen keys ---- */

static void
steal(struct desk *d, enum bureau_key key)
{
	d->b->keys[key].state = KEY_COMPROMISED;
	d->b->keys[key].since_s = DESK_IAT_S;
}

/* A register that lives by the older bundle has not looked for what the thief made. */
static void
a_stolen_key_counts_where_a_snapshot_made_under_the_report_lists_it(void **state)
{
	static const struct {
		const char *row;
		enum bureau_key key;
	} rows[] = {
		{ "credential", BUREAU_CREDENTIAL },
		{ "seal", BUREAU_SEAL },
		{ "officer", BUREAU_OFFICER_4 },
	};
	uint8_t prev[SHA256_BYTES];
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct desk d;
		struct answer a;
		desk_open(&d);
		d.snapshot.bundle_seq = 1;
		memcpy(d.snapshot.bundle_hash, trust_bundle_hash(d.b->trust), SHA256_BYTES);
		steal(&d, rows[i].key);
		desk_next_bundle(&d, prev, DESK_DATA_S - 60);
		desk_publish(&d);
		desk_ask(&a, &d, buf_span(&d.file));
		desk_expect(&a, VERDICT_UNDETERMINED, FINDING_KEY_COMPROMISED, rows[i].row);
		d.snapshot.bundle_seq = 0; /* the one it is published with */
		d.snapshot.seq++;
		desk_publish(&d);
		desk_ask(&a, &d, buf_span(&d.file));
		desk_expect(&a, VERDICT_VALID, FINDING_NONE, rows[i].row);
		d.unassigned = true;
		d.status = STATUS_UNKNOWN;
		d.snapshot.seq++;
		desk_publish(&d);
		desk_ask(&a, &d, buf_span(&d.file));
		desk_expect(&a, VERDICT_REJECTED, FINDING_REGISTRY_UNKNOWN, rows[i].row);
		desk_close(&d);
	}
}

/* ---- what was seen before ---- */

static void
threat_19_an_older_snapshot_is_refused_also_of_a_key_retired_since(void **state)
{
	uint8_t prev[SHA256_BYTES];
	struct desk d;
	(void)state;

	desk_open(&d);
	d.snapshot.seq = 6;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "snapshot 6");
	d.snapshot.seq = 5;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_OLDER, "snapshot 5");
	d.b->keys[BUREAU_STATUS].state = KEY_RETIRED;
	d.b->keys[BUREAU_STATUS].since_s = DESK_DATA_S + 60;
	desk_next_bundle(&d, prev, DESK_DATA_S + 60);
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_OLDER, "its key retired");
	desk_close(&d);
}

static void
a_log_that_began_anew_counts_when_the_bundle_says_so(void **state)
{
	uint8_t prev[SHA256_BYTES];
	struct desk d;
	(void)state;

	desk_open(&d);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "40 acts");
	d.log_size = 2;
	d.snapshot.seq++;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_ALARM, "2 acts");
	bureau_new_epoch(d.b);
	desk_next_bundle(&d, prev, DESK_DATA_S - 60);
	desk_expect_cose(
	    &d, VERDICT_UNDETERMINED, FINDING_STATUS_MISSING, "the old log's snapshot");
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "2 acts of a new log");
	d.log_size = 1;
	d.snapshot.seq++;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_ALARM, "1 act of it");
	desk_close(&d);
}

static void
roots_may_change_for_whoever_knows_the_first_ones(void **state)
{
	uint8_t prev[SHA256_BYTES];
	struct signer *new_root = NULL;
	struct desk d;
	struct buf file = BUF_EMPTY;
	(void)state;

	desk_open(&d);
	assert_true(signer_generate(&new_root, SIGNER_ES256, NULL));
	struct signer *both[] = { d.b->root[1], d.b->root[2], new_root };
	d.b->bundle.roots.root[0] = signer_spki(new_root);
	desk_next_bundle(&d, prev, DESK_DATA_S - 60);
	bureau_sign(&file, &d.b->bundle, both, 3);
	desk_put(&d, "v1/trust-bundle", buf_span(&file));
	desk_put(&d, "v1/trust-bundles/2", buf_span(&file));
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "bundle 2 by old and new roots");

	/* Bundle 3, by the new set alone: one of the two is no root of the first. */
	uint8_t prev_3[SHA256_BYTES];
	struct buf payload = BUF_EMPTY;
	struct signer *pair[] = { new_root, d.b->root[2] };
	bundle_encode(&payload, &d.b->bundle);
	sha256(prev_3, buf_span(&payload));
	d.b->bundle.prev = span_of(prev_3, sizeof prev_3);
	d.b->bundle.seq = 3;
	buf_free(&file);
	bureau_sign(&file, &d.b->bundle, pair, 2);
	desk_put(&d, "v1/trust-bundle", buf_span(&file));
	desk_put(&d, "v1/trust-bundles/3", buf_span(&file));
	d.snapshot.seq++;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "bundle 3, with memory of 2");
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "bundle 3, with memory of 3");
	d.memory = (struct memory){ 0 };
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "bundle 3, without memory");
	desk_remove(&d, "v1/trust-bundles/1");
	d.memory = (struct memory){ 0 };
	desk_expect_cose(
	    &d, VERDICT_UNDETERMINED, FINDING_KEY_UNKNOWN_HERE, "no way from the roots held");
	buf_free(&file);
	buf_free(&payload);
	signer_free(new_root);
	desk_close(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_honest_certificate_is_valid_in_each_of_its_forms),
		cmocka_unit_test(a_credential_in_another_issuers_name_is_refused),
		cmocka_unit_test(a_code_may_end_a_line),
		cmocka_unit_test(threat_22_a_token_that_knows_nothing_of_the_slot_leaves_it_open),
		cmocka_unit_test(an_order_moves_the_end_and_is_named),
		cmocka_unit_test(a_snapshot_that_names_a_newer_bundle_shows_that_ours_is_old),
		cmocka_unit_test(
		    a_snapshot_that_names_another_bundle_of_the_same_number_is_an_alarm),
		cmocka_unit_test(
		    a_stolen_key_counts_where_a_snapshot_made_under_the_report_lists_it),
		cmocka_unit_test(
		    threat_19_an_older_snapshot_is_refused_also_of_a_key_retired_since),
		cmocka_unit_test(a_log_that_began_anew_counts_when_the_bundle_says_so),
		cmocka_unit_test(roots_may_change_for_whoever_knows_the_first_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

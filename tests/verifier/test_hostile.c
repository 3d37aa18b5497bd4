/*
 * What a thief, a mirror that lies or a careless copy can put on the desk: nothing of it becomes VALID, and
 * nothing that is only missing or old here makes an honest certificate NOT VALID.
 */
#include "tests/test.h"
#include "tests/verifier/desk.h"

static void
expect(const struct answer *a, enum verdict verdict, enum finding reason, const char *row)
{
	if (a->verdict != verdict || a->reason != reason)
		fail_msg("%s: %s, %s; want %s, %s", row, verdict_word(a->verdict),
		    finding_word(a->reason), verdict_word(verdict), finding_word(reason));
}

/* Ask about the `.cose` and close the desk. */
static void
expect_cose(struct desk *d, enum verdict verdict, enum finding reason, const char *row)
{
	const struct answer a = desk_cose(d);

	expect(&a, verdict, reason, row);
}

static void
happens(struct desk *d, enum status status, int64_t from_s, int64_t recorded_s)
{
	d->entries[d->n_entries++] = (struct history_entry){ .status = status,
		.from_s = from_s,
		.until_s = HISTORY_OPEN,
		.recorded_s = recorded_s };
	d->status = status;
}

static void
an_honest_certificate_is_valid_in_each_of_its_forms(void **state)
{
	struct desk d;
	struct answer a;
	(void)state;

	desk_open(&d);
	expect_cose(&d, VERDICT_VALID, FINDING_NONE, "cose");
	desk_ask(&a, &d, buf_span(&d.code));
	expect(&a, VERDICT_VALID, FINDING_NONE, "code");
	desk_ask(&a, &d, buf_span(&d.file));
	expect(&a, VERDICT_VALID, FINDING_NONE, "file");
	assert_true(a.test);
	desk_close(&d);
}

/* ---- a clock that runs a little behind ---- */

static void
a_revocation_counts_for_a_clock_that_is_minutes_behind(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	happens(&d, STATUS_REVOKED, DESK_DATA_S - 16 * DESK_HOUR_S, DESK_DATA_S - 5);
	desk_publish(&d);
	d.question.now_s = DESK_DATA_S - 200;
	expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "revoked by the snapshot");
	desk_close(&d);

	desk_open(&d);
	d.token_iat_s = DESK_NOW_S + 200;
	d.token_status = STATUS_REVOKED;
	desk_publish(&d);
	expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "revoked by a token");
	desk_close(&d);
}

static void
a_certificate_made_just_now_is_in_force_for_a_clock_that_is_minutes_behind(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	d.snapshot.iat_s = DESK_IAT_S + 100;
	desk_publish(&d);
	d.question.now_s = DESK_IAT_S - 100;
	expect_cose(&d, VERDICT_VALID, FINDING_NONE, "a clock 100 s behind the proposal");
	desk_close(&d);
}

/* ---- several issuers under one bundle ---- */

/* A second issuer, and the second audit key's place for a status key of its own. */
static void
add_issuer(struct desk *d, struct bundle_issuer issuers[2])
{
	issuers[0] = (struct bundle_issuer){ span_text("ZZ"), span_text("另一机关"),
		span_text("Another"), BUNDLE_PROVINCIAL, NULL, 0, span_text("1111") };
	issuers[1] = d->b->issuer;
	d->b->bundle.issuers = issuers;
	d->b->bundle.n_issuers = 2;
	d->b->keys[BUREAU_AUDIT_2].use = KEY_USE_STATUS;
	d->b->keys[BUREAU_AUDIT_2].issuer = span_text("ZZ");
	desk_publish_bundle(d);
}

static void
another_issuers_snapshot_says_nothing_of_a_certificate(void **state)
{
	struct bundle_issuer issuers[2];
	struct desk d;
	(void)state;

	desk_open(&d);
	add_issuer(&d, issuers);
	d.snapshot.issuer = span_text("ZZ");
	d.status_key = BUREAU_AUDIT_2;
	d.unassigned = true;
	d.status = STATUS_UNKNOWN;
	desk_publish(&d);
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_REGISTRY_MISSING, "ZZ's snapshot");
	desk_close(&d);
}

static void
threat_22_another_issuers_token_says_nothing_of_a_certificate(void **state)
{
	struct bundle_issuer issuers[2];
	struct desk d;
	(void)state;

	desk_open(&d);
	add_issuer(&d, issuers);
	d.token_iat_s = DESK_DATA_S + 60;
	d.token_status = STATUS_REVOKED;
	d.token_key = BUREAU_AUDIT_2;
	desk_publish(&d);
	expect_cose(&d, VERDICT_VALID, FINDING_NONE, "a token by ZZ's status key");
	d.token_key = BUREAU_STATUS;
	desk_publish(&d);
	expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "a token by its own");
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
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_TRUST_OLDER, "bundle 2 named, 1 held");
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
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_ALARM, "bundle 1 with another hash");
	desk_close(&d);
}

/* Bundle 2, as bundle 1 but for what was changed meanwhile. */
static void
next_bundle(struct desk *d, uint8_t prev[SHA256_BYTES], int64_t iat_s)
{
	memcpy(prev, trust_bundle_hash(d->b->trust), SHA256_BYTES);
	d->b->bundle.seq = 2;
	d->b->bundle.prev = span_of(prev, SHA256_BYTES);
	d->b->bundle.iat_s = iat_s;
	d->b->bundle.exp_s = iat_s + 31536000;
	desk_publish_bundle(d);
}

/* ---- what only a newer bundle could tell ---- */

static void
no_such_host(struct desk *d)
{
	d->b->hosts[0] = span_text("w.example");
}

static void
no_power(struct desk *d)
{
	d->b->powers[0].until_s = DESK_IAT_S - 1;
}

static void
key_ended(struct desk *d)
{
	d->b->keys[BUREAU_CREDENTIAL].until_s = DESK_IAT_S - 1;
}

static void
key_begins_later(struct desk *d)
{
	d->b->keys[BUREAU_CREDENTIAL].from_s = DESK_IAT_S + 1;
}

static void
key_retired(struct desk *d)
{
	d->b->keys[BUREAU_CREDENTIAL].state = KEY_RETIRED;
	d->b->keys[BUREAU_CREDENTIAL].since_s = DESK_IAT_S;
}

static void
seal_retired(struct desk *d)
{
	d->b->keys[BUREAU_SEAL].state = KEY_RETIRED;
	d->b->keys[BUREAU_SEAL].since_s = DESK_IAT_S;
}

static void
role_ended(struct desk *d)
{
	for (size_t i = 0; i < BUREAU_GRANTS; i++)
		d->b->grants[3][i].until_s = DESK_IAT_S - 1;
	for (size_t i = 0; i < BUREAU_GRANTS; i++)
		d->b->grants[3][i].from_s = BUREAU_FROM_S;
}

/*
 * What the bundle held does not allow, a newer one may: a host, a power, a role, a longer life of a key.
 * Only a fresh snapshot that names the bundle held makes it a no.
 */
static void
what_a_newer_bundle_may_allow_is_no_reason_to_reject(void **state)
{
	static const struct {
		const char *row;
		void (*change)(struct desk *d);
		enum input_kind kind;
		enum finding no;
	} rows[] = {
		{ "a host", no_such_host, INPUT_CODE, FINDING_CODE_HOST },
		{ "a power", no_power, INPUT_COSE, FINDING_ISSUER_POWER },
		{ "a key that has ended", key_ended, INPUT_CODE, FINDING_KEY_DATES },
		{ "a key not yet in use", key_begins_later, INPUT_COSE, FINDING_KEY_DATES },
		{ "a retired key", key_retired, INPUT_COSE, FINDING_KEY_DATES },
		{ "a retired seal", seal_retired, INPUT_PDF, FINDING_KEY_DATES },
		{ "a role", role_ended, INPUT_COSE, FINDING_APPROVAL_BAD },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct desk d;
		struct answer a;
		desk_open(&d);
		rows[i].change(&d);
		desk_publish_bundle(&d);
		desk_publish(&d);
		const struct span input = rows[i].kind == INPUT_CODE ? buf_span(&d.code)
		    : rows[i].kind == INPUT_PDF                      ? buf_span(&d.file)
								     : buf_span(&d.cose);
		desk_ask(&a, &d, input);
		expect(&a, VERDICT_REJECTED, rows[i].no, rows[i].row);
		desk_remove(&d, "v1/snapshot");
		desk_ask(&a, &d, input);
		expect(&a, VERDICT_UNDETERMINED, FINDING_TRUST_OLDER, rows[i].row);
		desk_close(&d);
	}
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
		next_bundle(&d, prev, DESK_DATA_S - 60);
		desk_publish(&d);
		desk_ask(&a, &d, buf_span(&d.file));
		expect(&a, VERDICT_UNDETERMINED, FINDING_KEY_COMPROMISED, rows[i].row);
		d.snapshot.bundle_seq = 0; /* the one it is published with */
		d.snapshot.seq++;
		desk_publish(&d);
		desk_ask(&a, &d, buf_span(&d.file));
		expect(&a, VERDICT_VALID, FINDING_NONE, rows[i].row);
		d.unassigned = true;
		d.status = STATUS_UNKNOWN;
		d.snapshot.seq++;
		desk_publish(&d);
		desk_ask(&a, &d, buf_span(&d.file));
		expect(&a, VERDICT_REJECTED, FINDING_REGISTRY_UNKNOWN, rows[i].row);
		desk_close(&d);
	}
}

/* ---- news between the snapshot and now ---- */

static void
a_token_of_the_second_of_the_snapshot_is_listened_to(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	d.token_iat_s = DESK_DATA_S;
	d.token_status = STATUS_REVOKED;
	desk_publish(&d);
	expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "same second");
	d.token_status = STATUS_ACTIVE;
	happens(&d, STATUS_SUSPENDED, DESK_DATA_S - 16 * DESK_HOUR_S, DESK_DATA_S - 60);
	d.snapshot.seq++;
	desk_publish(&d);
	expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_SUSPENDED, "a token never betters");
	desk_close(&d);
}

static void
a_token_does_not_say_since_when(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	d.question.now_s = DESK_NOW_S + 3 * DESK_DAY_S;
	d.token_iat_s = d.question.now_s - 60;
	d.token_status = STATUS_REVOKED;
	desk_publish(&d);
	expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "now");
	d.question.at_given = true;
	d.question.at_s = DESK_TOMORROW_S;
	d.question.at_whole_day = true;
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_NEWS, "between snapshot and token");
	d.question.at_s -= DESK_DAY_S;
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_NEWS, "before the snapshot");
	d.token_status = STATUS_ANNULLED;
	desk_publish(&d);
	expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_ANNULLED, "annulled for every date");
	desk_close(&d);
}

static void
what_was_known_is_asked_of_data_that_reach_there(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	d.question.known_given = true;
	d.question.known_s = DESK_NOW_S + 2 * DESK_DAY_S;
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_DATE_AFTER_DATA, "as known in two days");

	d.question.now_s = DESK_NOW_S + 30 * DESK_DAY_S;
	d.question.at_given = true;
	d.question.at_s = DESK_IAT_S + 60;
	d.question.known_s = DESK_DATA_S - 1;
	expect_cose(&d, VERDICT_VALID, FINDING_NONE, "old data, as known before they were made");
	d.question.known_s = DESK_DATA_S;
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_STALE,
	    "in their last second more may have been recorded");
	desk_close(&d);
}

/* ---- data of ours that are too old or contradict themselves ---- */

static void
an_unknown_file_is_no_reason_to_reject_by_old_data(void **state)
{
	struct desk d;
	struct answer a;
	(void)state;

	desk_open(&d);
	d.file_hash[0] ^= 1;
	desk_publish(&d);
	desk_ask(&a, &d, buf_span(&d.file));
	expect(&a, VERDICT_REJECTED, FINDING_FILE_UNREGISTERED, "fresh");
	d.question.now_s = DESK_DATA_S + 8 * DESK_DAY_S;
	desk_ask(&a, &d, buf_span(&d.file));
	expect(&a, VERDICT_UNDETERMINED, FINDING_STATUS_STALE, "old");
	desk_close(&d);
}

static void
a_status_that_its_history_does_not_bear_out_is_not_believed(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	d.status = STATUS_REVOKED;
	desk_publish(&d);
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_REGISTRY_MISSING, "revoked, no history");
	d.status = STATUS_PENDING;
	d.snapshot.seq++;
	desk_publish(&d);
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_REGISTRY_MISSING, "reserved, but assigned");
	desk_close(&d);
}

/* ---- before anything of the bureau is here ---- */

static void
what_is_no_certificate_needs_no_bundle_to_be_rejected(void **state)
{
	static const struct {
		const char *input;
		enum finding no;
	} rows[] = {
		{ "", FINDING_FORMAT_NOT_OURS },
		{ "hello", FINDING_FORMAT_NOT_OURS },
		{ "https://example.com/", FINDING_FORMAT_NOT_OURS },
		{ "%PDF-1.7\nno seal\n%%EOF\n", FINDING_FILE_NO_SEAL },
	};
	struct desk d;
	struct answer a;
	(void)state;

	desk_open(&d);
	desk_remove(&d, "v1/trust-bundle");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		desk_ask(&a, &d, span_text(rows[i].input));
		expect(&a, VERDICT_REJECTED, rows[i].no, rows[i].input);
	}
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_KEY_UNKNOWN_HERE, "a certificate");
	desk_ask(&a, &d, buf_span(&d.file));
	expect(&a, VERDICT_UNDETERMINED, FINDING_KEY_UNKNOWN_HERE, "a file");
	desk_close(&d);
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
	expect_cose(&d, VERDICT_VALID, FINDING_NONE, "snapshot 6");
	d.snapshot.seq = 5;
	desk_publish(&d);
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_OLDER, "snapshot 5");
	d.b->keys[BUREAU_STATUS].state = KEY_RETIRED;
	d.b->keys[BUREAU_STATUS].since_s = DESK_DATA_S + 60;
	next_bundle(&d, prev, DESK_DATA_S + 60);
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_OLDER, "its key retired");
	desk_close(&d);
}

static void
a_log_that_began_anew_counts_when_the_bundle_says_so(void **state)
{
	uint8_t prev[SHA256_BYTES];
	struct desk d;
	(void)state;

	desk_open(&d);
	expect_cose(&d, VERDICT_VALID, FINDING_NONE, "40 acts");
	d.log_size = 2;
	d.snapshot.seq++;
	desk_publish(&d);
	expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_ALARM, "2 acts");
	d.b->bundle.log.epoch++;
	next_bundle(&d, prev, DESK_DATA_S - 60);
	desk_publish(&d);
	expect_cose(&d, VERDICT_VALID, FINDING_NONE, "2 acts of a new log");
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
	next_bundle(&d, prev, DESK_DATA_S - 60);
	bureau_sign(&file, &d.b->bundle, both, 3);
	desk_put(&d, "v1/trust-bundle", buf_span(&file));
	desk_put(&d, "v1/trust-bundles/2", buf_span(&file));
	desk_publish(&d);
	expect_cose(&d, VERDICT_VALID, FINDING_NONE, "bundle 2 by old and new roots");

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
	expect_cose(&d, VERDICT_VALID, FINDING_NONE, "bundle 3, with memory of 2");
	expect_cose(&d, VERDICT_VALID, FINDING_NONE, "bundle 3, with memory of 3");
	d.memory = (struct memory){ 0 };
	expect_cose(&d, VERDICT_VALID, FINDING_NONE, "bundle 3, without memory");
	desk_remove(&d, "v1/trust-bundles/1");
	d.memory = (struct memory){ 0 };
	expect_cose(
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
		cmocka_unit_test(a_revocation_counts_for_a_clock_that_is_minutes_behind),
		cmocka_unit_test(
		    a_certificate_made_just_now_is_in_force_for_a_clock_that_is_minutes_behind),
		cmocka_unit_test(another_issuers_snapshot_says_nothing_of_a_certificate),
		cmocka_unit_test(threat_22_another_issuers_token_says_nothing_of_a_certificate),
		cmocka_unit_test(a_snapshot_that_names_a_newer_bundle_shows_that_ours_is_old),
		cmocka_unit_test(
		    a_snapshot_that_names_another_bundle_of_the_same_number_is_an_alarm),
		cmocka_unit_test(what_a_newer_bundle_may_allow_is_no_reason_to_reject),
		cmocka_unit_test(
		    a_stolen_key_counts_where_a_snapshot_made_under_the_report_lists_it),
		cmocka_unit_test(a_token_of_the_second_of_the_snapshot_is_listened_to),
		cmocka_unit_test(a_token_does_not_say_since_when),
		cmocka_unit_test(what_was_known_is_asked_of_data_that_reach_there),
		cmocka_unit_test(an_unknown_file_is_no_reason_to_reject_by_old_data),
		cmocka_unit_test(a_status_that_its_history_does_not_bear_out_is_not_believed),
		cmocka_unit_test(what_is_no_certificate_needs_no_bundle_to_be_rejected),
		cmocka_unit_test(
		    threat_19_an_older_snapshot_is_refused_also_of_a_key_retired_since),
		cmocka_unit_test(a_log_that_began_anew_counts_when_the_bundle_says_so),
		cmocka_unit_test(roots_may_change_for_whoever_knows_the_first_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * What is old, missing or said by others here: it makes no honest certificate NOT VALID, and no bad one VALID.
 */
#include "tests/test.h"
#include "tests/verifier/desk.h"

/* ---- a clock that runs a little behind ---- */

static void
a_revocation_counts_for_a_clock_that_is_minutes_behind(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	desk_happens(&d, STATUS_REVOKED, DESK_DATA_S - 16 * DESK_HOUR_S, DESK_DATA_S - 5);
	desk_publish(&d);
	d.question.now_s = DESK_DATA_S - 200;
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "revoked by the snapshot");
	desk_close(&d);

	desk_open(&d);
	d.token_iat_s = DESK_NOW_S + 200;
	d.token_status = STATUS_REVOKED;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "revoked by a token");
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
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "a clock 100 s behind the proposal");
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
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_REGISTRY_MISSING, "ZZ's snapshot");
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
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "a token by ZZ's status key");
	d.token_key = BUREAU_STATUS;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "a token by its own");
	desk_close(&d);
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
		desk_expect(&a, VERDICT_REJECTED, rows[i].no, rows[i].row);

		d.memory = (struct memory){ 0 };
		d.snapshot.iat_s = DESK_IAT_S - 60;
		desk_publish(&d);
		desk_ask(&a, &d, input);
		desk_expect(&a, VERDICT_UNDETERMINED, FINDING_TRUST_OLDER, "made since");

		desk_remove(&d, "v1/snapshot");
		desk_ask(&a, &d, input);
		desk_expect(&a, VERDICT_UNDETERMINED, FINDING_TRUST_OLDER, rows[i].row);
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
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "same second");
	d.token_status = STATUS_ACTIVE;
	desk_happens(&d, STATUS_SUSPENDED, DESK_DATA_S - 16 * DESK_HOUR_S, DESK_DATA_S - 60);
	d.snapshot.seq++;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_SUSPENDED, "a token never betters");
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
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "now");
	d.question.at_given = true;
	d.question.at_s = DESK_TOMORROW_S;
	d.question.at_whole_day = true;
	desk_expect_cose(
	    &d, VERDICT_UNDETERMINED, FINDING_STATUS_NEWS, "between snapshot and token");
	d.question.at_s -= DESK_DAY_S;
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_NEWS, "before the snapshot");
	d.token_status = STATUS_ANNULLED;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_ANNULLED, "annulled for every date");
	desk_close(&d);
}

/* One signature may say no: the auditor's silence does not keep a revocation from being told. */
static void
a_fresh_token_revokes_what_an_old_snapshot_listed(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	d.question.now_s = DESK_DATA_S + 9 * DESK_DAY_S;
	d.token_iat_s = d.question.now_s - DESK_HOUR_S;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_STALE, "a token never says yes");
	d.token_status = STATUS_REVOKED;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "an hour old");
	d.token_iat_s = d.question.now_s - DESK_DAY_S;
	desk_publish(&d);
	desk_expect_cose(
	    &d, VERDICT_UNDETERMINED, FINDING_STATUS_STALE, "as old as a token may be");
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
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_DATE_AFTER_DATA, "as known in two days");

	d.question.now_s = DESK_NOW_S + 30 * DESK_DAY_S;
	d.question.at_given = true;
	d.question.at_s = DESK_IAT_S + 60;
	d.question.known_s = DESK_DATA_S - 1;
	desk_expect_cose(
	    &d, VERDICT_VALID, FINDING_NONE, "old data, as known before they were made");
	d.question.known_s = DESK_DATA_S;
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_STALE,
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
	desk_expect(&a, VERDICT_REJECTED, FINDING_FILE_UNREGISTERED, "fresh");
	d.question.now_s = DESK_DATA_S + 8 * DESK_DAY_S;
	desk_ask(&a, &d, buf_span(&d.file));
	desk_expect(&a, VERDICT_UNDETERMINED, FINDING_STATUS_STALE, "old");
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
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_REGISTRY_MISSING, "revoked, no history");
	d.status = STATUS_PENDING;
	d.snapshot.seq++;
	desk_publish(&d);
	desk_expect_cose(
	    &d, VERDICT_UNDETERMINED, FINDING_REGISTRY_MISSING, "reserved, but assigned");
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
		desk_expect(&a, VERDICT_REJECTED, rows[i].no, rows[i].input);
	}
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_KEY_UNKNOWN_HERE, "a certificate");
	desk_ask(&a, &d, buf_span(&d.file));
	desk_expect(&a, VERDICT_UNDETERMINED, FINDING_KEY_UNKNOWN_HERE, "a file");
	desk_close(&d);
}

/* ---- what was accepted before ---- */

static void
other_bundle(struct memory *m)
{
	m->bundle.hash[0] ^= 1;
}

static void
later_epoch(struct memory *m)
{
	m->log_epoch++;
}

static void
other_log_root(struct memory *m)
{
	m->checkpoint.hash[0] ^= 1;
}

static void
newer_bundle(struct memory *m)
{
	m->bundle.seq++;
}

static void
key_no_bundle_lists(struct memory *m)
{
	m->snapshots[0].kid[0] ^= 1;
	m->snapshots[0].mark.seq = 1000;
}

static void
what_was_seen_before_contradicts_or_is_no_measure(void **state)
{
	static const struct {
		const char *row;
		void (*change)(struct memory *m);
		enum verdict verdict;
		enum finding reason;
	} rows[] = {
		{ "another bundle 1", other_bundle, VERDICT_UNDETERMINED, FINDING_STATUS_ALARM },
		{ "an earlier log", later_epoch, VERDICT_UNDETERMINED, FINDING_STATUS_ALARM },
		{ "another log as long", other_log_root, VERDICT_UNDETERMINED,
		    FINDING_STATUS_ALARM },
		{ "a newer bundle", newer_bundle, VERDICT_UNDETERMINED, FINDING_KEY_UNKNOWN_HERE },
		{ "a key that is gone", key_no_bundle_lists, VERDICT_VALID, FINDING_NONE },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct desk d;
		desk_open(&d);
		desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, rows[i].row);
		rows[i].change(&d.memory);
		desk_expect_cose(&d, rows[i].verdict, rows[i].reason, rows[i].row);
		desk_close(&d);
	}
}

/* ---- tokens that say nothing ---- */

static void
a_token_counts_in_its_time_and_its_keys(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	d.token_status = STATUS_REVOKED;
	d.token_iat_s = DESK_NOW_S + 301;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "dated in the future");
	d.token_iat_s = DESK_DATA_S + 60;
	desk_publish(&d);
	d.question.known_given = true;
	d.question.known_s = d.question.at_s = DESK_DATA_S + 59;
	d.question.at_given = true;
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "as known before it");
	d.question = (struct question){ .now_s = DESK_NOW_S };
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "in its time");
	d.b->bundle.exp_s = DESK_NOW_S - 1;
	d.memory = (struct memory){ 0 };
	desk_publish_bundle(&d);
	desk_publish(&d);
	desk_expect_cose(
	    &d, VERDICT_UNDETERMINED, FINDING_TRUST_EXPIRED, "under a bundle that has ended");
	desk_close(&d);

	desk_open(&d);
	d.token_status = STATUS_REVOKED;
	d.token_iat_s = DESK_DATA_S + 60;
	d.b->keys[BUREAU_STATUS].until_s = DESK_DATA_S + 30;
	desk_publish_bundle(&d);
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "its key had ended");
	desk_close(&d);
}

/* ---- a slot ---- */

static void
a_slot_nobody_has_stays_so_in_old_data(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	d.unassigned = true;
	desk_publish(&d);
	desk_expect_cose(
	    &d, VERDICT_UNDETERMINED, FINDING_REGISTRY_MISSING, "active, and nobody's");
	d.status = STATUS_UNKNOWN;
	d.snapshot.seq++;
	desk_publish(&d);
	d.question.now_s = DESK_NOW_S + 9 * DESK_DAY_S;
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_REGISTRY_UNKNOWN, "old data");
	desk_close(&d);

	desk_open(&d);
	d.claims.list = DESK_LIST + 1;
	desk_make(&d);
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_REGISTRY_UNKNOWN, "a list there is not");
	desk_close(&d);
}

static void
a_folder_that_is_none_says_nothing(void **state)
{
	struct published *p = NULL;
	struct memory memory = { 0 };
	int64_t iat_s;
	struct desk d;
	(void)state;

	desk_open(&d);
	assert_true(published_open_paths(&p, d.root, NULL, &memory, DESK_NOW_S, NULL));
	assert_int_equal(published_trouble(p, DESK_NOW_S), FINDING_TRUST_MISSING);
	assert_false(published_token_fits(&iat_s, p, DESK_LIST, span_text("")));
	published_close(p);
	assert_false(published_open_paths(&p, "/nowhere", NULL, &memory, DESK_NOW_S, NULL));
	desk_close(&d);
}

/* ---- officers and seals of another issuer ---- */

static void
another_issuers_officers_and_seal_make_no_certificate(void **state)
{
	static const struct {
		enum bureau_key key;
		enum finding no;
	} rows[] = {
		{ BUREAU_OFFICER_3, FINDING_APPROVAL_BAD },
		{ BUREAU_OFFICER_4, FINDING_APPROVAL_BAD },
		{ BUREAU_SEAL, FINDING_KEY_DATES },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bundle_issuer issuers[2];
		struct desk d;
		struct answer a;
		desk_open(&d);
		d.b->keys[rows[i].key].issuer = span_text("ZZ");
		add_issuer(&d, issuers);
		desk_publish(&d);
		desk_ask(&a, &d, buf_span(&d.file));
		desk_expect(&a, VERDICT_REJECTED, rows[i].no, "another issuer's");
		desk_close(&d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_revocation_counts_for_a_clock_that_is_minutes_behind),
		cmocka_unit_test(
		    a_certificate_made_just_now_is_in_force_for_a_clock_that_is_minutes_behind),
		cmocka_unit_test(another_issuers_snapshot_says_nothing_of_a_certificate),
		cmocka_unit_test(threat_22_another_issuers_token_says_nothing_of_a_certificate),
		cmocka_unit_test(what_a_newer_bundle_may_allow_is_no_reason_to_reject),
		cmocka_unit_test(a_token_of_the_second_of_the_snapshot_is_listened_to),
		cmocka_unit_test(a_token_does_not_say_since_when),
		cmocka_unit_test(a_fresh_token_revokes_what_an_old_snapshot_listed),
		cmocka_unit_test(what_was_known_is_asked_of_data_that_reach_there),
		cmocka_unit_test(an_unknown_file_is_no_reason_to_reject_by_old_data),
		cmocka_unit_test(a_status_that_its_history_does_not_bear_out_is_not_believed),
		cmocka_unit_test(what_was_seen_before_contradicts_or_is_no_measure),
		cmocka_unit_test(a_token_counts_in_its_time_and_its_keys),
		cmocka_unit_test(a_slot_nobody_has_stays_so_in_old_data),
		cmocka_unit_test(a_folder_that_is_none_says_nothing),
		cmocka_unit_test(another_issuers_officers_and_seal_make_no_certificate),
		cmocka_unit_test(what_is_no_certificate_needs_no_bundle_to_be_rejected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

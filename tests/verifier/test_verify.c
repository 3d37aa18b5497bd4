/* The verdict, part by part: what is genuine, whose it is, whether the register knows it, whether it fits. */
#include "credential/cose_file.h"
#include "tests/test.h"
#include "tests/verifier/asked.h"

#define ISSUED FIXTURE_DAY_S(1)
#define NOW (FIXTURE_DAY_S(2) + 60)

/* A bureau with one certificate, published the day after. */
static struct paper *
one_certificate(struct fixture *f)
{
	fixture_open(f);
	struct paper *p = fixture_issue(f, ISSUED);
	fixture_publish(f, FIXTURE_DAY_S(2));
	return p;
}

static void
what_was_issued_is_valid(void **state)
{
	static const enum reply want[3][PART_COUNT] = {
		{ REPLY_YES, REPLY_YES, REPLY_YES, REPLY_YES, REPLY_YES, REPLY_YES },
		{ REPLY_YES, REPLY_YES, REPLY_NOT_ASKED, REPLY_YES, REPLY_YES, REPLY_YES },
		{ REPLY_YES, REPLY_NOT_ASKED, REPLY_NOT_ASKED, REPLY_YES, REPLY_YES, REPLY_YES },
	};
	static const enum input_kind kinds[3] = { INPUT_PDF, INPUT_COSE, INPUT_CODE };
	const struct question q = { .now_s = NOW };
	struct fixture f;
	struct paper *p = one_certificate(&f);
	const struct span inputs[3] = { buf_span(&p->pdf), buf_span(&p->cose), buf_span(&p->code) };
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		const struct answer a = asked_once(&f, &q, inputs[i]);
		asked_is(&a, VERDICT_VALID, FINDING_NONE, "issued");
		assert_int_equal(a.kind, kinds[i]);
		for (size_t part = 0; part < PART_COUNT; part++)
			assert_int_equal(a.parts[part].reply, want[i][part]);
		assert_true(a.claims_proven && a.test && a.unwitnessed);
		assert_string_equal(a.number, "JC-B-999900-2026-31556-5");
		assert_string_equal(a.holder_zh, FIXTURE_HOLDER);
		assert_string_equal(a.uscc, FIXTURE_USCC);
		assert_string_equal(a.check_code, p->check_code);
		assert_int_equal(a.effects.new_work, WORK_YES);
		assert_int_equal(a.data_iat_s, FIXTURE_DAY_S(2));
	}
	fixture_close(&f);
}

static void
a_suspension_ends_with_its_lifting_and_a_revocation_does_not(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	const struct question existing = { .now_s = FIXTURE_DAY_S(3) + 60, .existing = true };
	(void)state;

	fixture_happens(
	    &f, p, STATUS_SUSPENDED, FIXTURE_DAY_S(2), HISTORY_OPEN, FIXTURE_DAY_S(2) + 600);
	fixture_publish(&f, FIXTURE_DAY_S(3));
	asked_now(&f, buf_span(&p->pdf), FIXTURE_DAY_S(3) + 60, VERDICT_REJECTED,
	    FINDING_STATUS_SUSPENDED, "suspended");
	struct answer a = asked_once(&f, &existing, buf_span(&p->pdf));
	asked_is(&a, VERDICT_VALID, FINDING_NONE, "suspended, to finish existing work");
	assert_int_equal(a.effects.new_work, WORK_NO);
	assert_int_equal(a.effects.existing_work, WORK_SUPERVISED);

	fixture_happens(
	    &f, p, STATUS_ACTIVE, FIXTURE_DAY_S(3), HISTORY_OPEN, FIXTURE_DAY_S(3) + 600);
	fixture_publish(&f, FIXTURE_DAY_S(4));
	asked_now(
	    &f, buf_span(&p->pdf), FIXTURE_DAY_S(4) + 60, VERDICT_VALID, FINDING_NONE, "lifted");

	fixture_happens(
	    &f, p, STATUS_REVOKED, FIXTURE_DAY_S(4), HISTORY_OPEN, FIXTURE_DAY_S(4) + 600);
	fixture_publish(&f, FIXTURE_DAY_S(5));
	asked_now(&f, buf_span(&p->pdf), FIXTURE_DAY_S(5) + 60, VERDICT_REJECTED,
	    FINDING_STATUS_REVOKED, "revoked");
	const struct question after = { .now_s = FIXTURE_DAY_S(5) + 60, .existing = true };
	a = asked_once(&f, &after, buf_span(&p->pdf));
	asked_is(&a, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "revoked, to finish existing work");
	fixture_close(&f);
}

/* ---- what is not in the register ---- */

static void
what_the_register_does_not_know_is_refused_once_data_are_an_hour_newer(void **state)
{
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_sign(&f, ISSUED);
	fixture_publish(&f, ISSUED + 3599);
	asked_now(&f, buf_span(&p->code), NOW, VERDICT_UNDETERMINED, FINDING_REGISTRY_PENDING,
	    "made 3599 s before the snapshot");
	fixture_publish(&f, ISSUED + 3600);
	const struct question q = { .now_s = NOW };
	const struct answer a = asked_once(&f, &q, buf_span(&p->pdf));
	asked_is(&a, VERDICT_REJECTED, FINDING_REGISTRY_UNKNOWN, "3600 s before");
	assert_true(a.claims_read && !a.claims_proven);
	fixture_close(&f);
}

static void
what_was_made_after_the_snapshot_cannot_be_told(void **state)
{
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *later = fixture_issue(&f, FIXTURE_DAY_S(2) + 10);
	struct paper *reserved = fixture_sign(&f, ISSUED);
	reserved->reserved = true;
	fixture_publish(&f, FIXTURE_DAY_S(2));
	asked_now(&f, buf_span(&later->pdf), NOW, VERDICT_UNDETERMINED, FINDING_REGISTRY_PENDING,
	    "made after the snapshot");
	asked_now(&f, buf_span(&reserved->code), NOW, VERDICT_UNDETERMINED,
	    FINDING_REGISTRY_PENDING, "proposed before it, not made");
	fixture_close(&f);
}

static void
a_slot_that_holds_another_certificate_is_refused(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct paper *thief = fixture_sign(&f, ISSUED);
	(void)state;

	thief->claims.idx = p->claims.idx;
	fixture_sign_again(&f, thief, BUREAU_CREDENTIAL);
	asked_now(&f, buf_span(&thief->code), NOW, VERDICT_REJECTED, FINDING_REGISTRY_UNKNOWN,
	    "a slot that is somebody else's");
	fixture_close(&f);
}

/* The same credential in another file: sealed by the bureau's key, but not what the register holds. */
static void
another_file_of_the_same_certificate_is_refused(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	(void)state;

	fixture_seal_again(&f, p);
	asked_now(&f, buf_span(&p->pdf), NOW, VERDICT_REJECTED, FINDING_FILE_UNREGISTERED,
	    "sealed again");
	fixture_close(&f);
}

/* ---- whose it is ---- */

static void
another_bureaus_certificate_is_refused_only_by_fresh_data(void **state)
{
	struct fixture f, other;
	(void)state;

	one_certificate(&f);
	struct paper *p = one_certificate(&other);
	asked_now(&f, buf_span(&p->code), NOW, VERDICT_REJECTED, FINDING_KEY_UNKNOWN, "its code");
	asked_now(&f, buf_span(&p->cose), NOW, VERDICT_REJECTED, FINDING_KEY_UNKNOWN, "its .cose");
	asked_now(&f, buf_span(&p->pdf), NOW, VERDICT_REJECTED, FINDING_SEAL_UNLISTED, "its PDF");
	asked_now(&f, buf_span(&p->code), FIXTURE_DAY_S(10), VERDICT_UNDETERMINED,
	    FINDING_KEY_UNKNOWN_HERE, "its code, by stale data");
	fixture_remove(&f, "public/v1/snapshot");
	asked_now(&f, buf_span(&p->pdf), NOW, VERDICT_UNDETERMINED, FINDING_KEY_UNKNOWN_HERE,
	    "its PDF, without a snapshot");
	fixture_close(&f);
	fixture_close(&other);
}

/* threat_22 and key use: every role key signs only what it is for. */
static void
a_key_of_another_use_signs_no_credential(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	(void)state;

	for (enum bureau_key key = BUREAU_SEAL; key < BUREAU_KEYS; key++) {
		fixture_sign_again(&f, p, key);
		asked_now(&f, buf_span(&p->code), NOW, VERDICT_REJECTED, FINDING_KEY_UNKNOWN,
		    "signed by a key of another use");
	}
	fixture_close(&f);
}

static void
a_host_that_the_bundle_does_not_list_is_refused(void **state)
{
	static const char *const hosts[] = { "evil.example", "v.example.evil.example",
		"vv.example" };
	struct fixture f;
	struct paper *p = one_certificate(&f);
	(void)state;

	for (size_t i = 0; i < COUNT_OF(hosts); i++) {
		struct buf text = BUF_EMPTY;
		buf_printf(&text, "https://%s%s", hosts[i],
		    buf_text(&p->code) + strlen("https://v.example"));
		asked_now(&f, buf_span(&text), NOW, VERDICT_REJECTED, FINDING_CODE_HOST, hosts[i]);
		buf_free(&text);
	}
	fixture_close(&f);
}

/* threat_21: what a stolen key signed counts where a newer snapshot lists it, and only there. */
static void
threat_21_a_stolen_keys_certificates_live_by_a_newer_snapshot(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct paper *forged = fixture_sign(&f, ISSUED + 60);
	struct bundle_key *key = &f.bureau->keys[BUREAU_CREDENTIAL];
	(void)state;

	key->state = KEY_COMPROMISED;
	key->since_s = FIXTURE_DAY_S(2);
	fixture_next_bundle(&f, FIXTURE_DAY_S(2) + 600);
	asked_now(&f, buf_span(&p->pdf), FIXTURE_DAY_S(2) + 700, VERDICT_UNDETERMINED,
	    FINDING_KEY_COMPROMISED, "by the snapshot from before");
	fixture_publish(&f, FIXTURE_DAY_S(3));
	asked_now(&f, buf_span(&p->pdf), FIXTURE_DAY_S(3) + 60, VERDICT_VALID, FINDING_NONE,
	    "listed by a newer snapshot");
	asked_now(&f, buf_span(&forged->pdf), FIXTURE_DAY_S(3) + 60, VERDICT_REJECTED,
	    FINDING_REGISTRY_UNKNOWN, "what the thief signed");
	fixture_close(&f);
}

/* ---- two officers ---- */

static void
the_acts_of_another_certificate_approve_nothing(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	struct paper *other = fixture_sign(&f, ISSUED + 60);
	struct buf mixed = BUF_EMPTY;
	(void)state;

	const struct cose_file both = { buf_span(&p->qc1), buf_span(&other->proposal),
		buf_span(&other->approval) };
	cose_file_encode(&mixed, &both);
	asked_now(&f, buf_span(&mixed), NOW, VERDICT_REJECTED, FINDING_APPROVAL_BAD,
	    "two acts over other claims");
	buf_free(&mixed);
	const struct cose_file one = { buf_span(&p->qc1), buf_span(&p->proposal),
		buf_span(&p->proposal) };
	cose_file_encode(&mixed, &one);
	asked_now(&f, buf_span(&mixed), NOW, VERDICT_REJECTED, FINDING_APPROVAL_BAD,
	    "the proposal for an approval");
	buf_free(&mixed);
	fixture_close(&f);
}

/* ---- what was asked besides ---- */

static void
what_was_asked_besides_must_fit(void **state)
{
	static const struct {
		const char *row, *holder;
		unsigned grade, scope;
		enum finding want;
	} rows[] = {
		{ "all of it", FIXTURE_USCC, 2, 1, FINDING_NONE },
		{ "another holder", "91999902MADEM002X6", 0, 0, FINDING_FIT_HOLDER },
		{ "Grade A of a B", NULL, 1, 0, FINDING_FIT_GRADE },
		{ "a scope it lacks", NULL, 0, 3, FINDING_FIT_SCOPE },
		{ "holder first", "91999902MADEM002X6", 1, 3, FINDING_FIT_HOLDER },
	};
	struct fixture f;
	struct paper *p = one_certificate(&f);
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct question q = { .now_s = NOW,
			.holder = rows[i].holder,
			.grade = rows[i].grade,
			.scope = rows[i].scope };
		const struct answer a = asked_once(&f, &q, buf_span(&p->pdf));
		asked_is(&a, rows[i].want == FINDING_NONE ? VERDICT_VALID : VERDICT_REJECTED,
		    rows[i].want, rows[i].row);
	}
	fixture_close(&f);
}

/* ---- altered ---- */

static void
bytes_added_or_missing_are_counted(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	const struct question q = { .now_s = NOW };
	(void)state;

	struct answer a = asked_once(&f, &q, span_of(p->pdf.ptr, p->pdf.len - 9));
	asked_is(&a, VERDICT_REJECTED, FINDING_FILE_CHANGED, "cut");
	assert_true(a.extra_bytes == 9 && !a.added_bytes && !a.claims_read);
	buf_add_text(&p->pdf, "% a stamp of the holder");
	a = asked_once(&f, &q, buf_span(&p->pdf));
	asked_is(&a, VERDICT_REJECTED, FINDING_FILE_CHANGED, "stamped");
	assert_true(a.extra_bytes == 23 && a.added_bytes && !a.claims_read);
	fixture_close(&f);
}

/* Flip each bit set in `step` bytes apart; the answer must never be good again. */
static void
flip(const struct fixture *f, struct buf *input, size_t step)
{
	struct published *published = asked_open(f, NOW);
	const struct question q = { .now_s = NOW };

	for (size_t i = 0; i < input->len; i += step) {
		input->ptr[i] ^= (uint8_t)(1u << (i % 8));
		const struct answer a = asked(published, &q, buf_span(input));
		if (a.verdict == VERDICT_VALID || a.verdict == VERDICT_UNDECIDED)
			fail_msg("byte %zu of %zu: %s", i, input->len, verdict_word(a.verdict));
		input->ptr[i] ^= (uint8_t)(1u << (i % 8));
	}
	published_close(published);
}

static void
no_flipped_byte_stays_valid(void **state)
{
	struct fixture f;
	struct paper *p = one_certificate(&f);
	(void)state;

	flip(&f, &p->cose, 1);
	flip(&f, &p->code, 1);
	flip(&f, &p->pdf, 5);
	fixture_close(&f);
}

static void
what_is_nothing_of_ours_is_refused_even_without_data(void **state)
{
	static const char *const inputs[] = { "", "hello", "%PDF-1.4\n", "https://v.example/",
		"https://v.example/q/1/", "https://v.example/q/1/12x", "\x83", "\xd2\x84" };
	struct fixture f;
	(void)state;

	one_certificate(&f);
	for (size_t i = 0; i < COUNT_OF(inputs); i++) {
		const struct question q = { .now_s = NOW };
		const struct answer a = asked_once(&f, &q, span_text(inputs[i]));
		CHECK_ROW(a.verdict == VERDICT_REJECTED, inputs[i]);
		CHECK_ROW(!a.claims_read, inputs[i]);
	}
	fixture_close(&f);
}

static void
a_number_nobody_has_is_refused_without_saying_why(void **state)
{
	const struct question q = { .now_s = NOW };
	struct fixture f;
	struct answer a;
	(void)state;

	one_certificate(&f);
	struct published *p = asked_open(&f, NOW);
	verify_no_such(&a, &q, p);
	asked_is(&a, VERDICT_REJECTED, FINDING_CONFIRM_UNKNOWN, "no such certificate");
	assert_true(a.test && !a.claims_read);
	published_close(p);
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_issued_is_valid),
		cmocka_unit_test(a_suspension_ends_with_its_lifting_and_a_revocation_does_not),
		cmocka_unit_test(
		    what_the_register_does_not_know_is_refused_once_data_are_an_hour_newer),
		cmocka_unit_test(what_was_made_after_the_snapshot_cannot_be_told),
		cmocka_unit_test(a_slot_that_holds_another_certificate_is_refused),
		cmocka_unit_test(another_file_of_the_same_certificate_is_refused),
		cmocka_unit_test(another_bureaus_certificate_is_refused_only_by_fresh_data),
		cmocka_unit_test(a_key_of_another_use_signs_no_credential),
		cmocka_unit_test(a_host_that_the_bundle_does_not_list_is_refused),
		cmocka_unit_test(threat_21_a_stolen_keys_certificates_live_by_a_newer_snapshot),
		cmocka_unit_test(the_acts_of_another_certificate_approve_nothing),
		cmocka_unit_test(what_was_asked_besides_must_fit),
		cmocka_unit_test(bytes_added_or_missing_are_counted),
		cmocka_unit_test(no_flipped_byte_stays_valid),
		cmocka_unit_test(what_is_nothing_of_ours_is_refused_even_without_data),
		cmocka_unit_test(a_number_nobody_has_is_refused_without_saying_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

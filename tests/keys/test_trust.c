/* What becomes trusted: root files, and one bundle after the other. */
#include "tests/keys/offer.h"
#include "tests/test.h"

/* ---- root files ---- */

static void
a_root_file_counts_only_with_all_three_signatures(void **state)
{
	struct bureau *b = *state;
	struct bureau *other = bureau_new();
	struct buf payload = BUF_EMPTY;
	struct trust *t = NULL;

	root_set_encode(&payload, &b->bundle.roots);
	struct signer *const by[][3] = {
		{ b->root[0], b->root[1], other->root[2] },
		{ other->root[0], other->root[1], other->root[2] },
	};
	for (size_t i = 0; i < COUNT_OF(by); i++) {
		struct buf one = BUF_EMPTY, two = BUF_EMPTY, file = BUF_EMPTY;
		struct err err = { 0 };
		assert_true(signer_sign(&one, by[i][0], ROOT_SET_TYP, buf_span(&payload), NULL) &&
		    signer_sign_too(&two, by[i][1], ROOT_SET_TYP, buf_span(&one), NULL) &&
		    signer_sign_too(&file, by[i][2], ROOT_SET_TYP, buf_span(&two), NULL));
		assert_false(trust_open(&t, buf_span(&file), &err));
		assert_null(t);
		assert_int_equal(err.code, ERR_CRYPTO);
		assert_false(
		    trust_open(&t, buf_span(&two), &err)); /* two signatures are no root file */
		buf_free(&file);
		buf_free(&two);
		buf_free(&one);
	}
	buf_free(&payload);
	bureau_free(other);
}

static void
a_fingerprint_is_the_hash_of_the_root_set(void **state)
{
	struct bureau *b = *state;
	struct buf payload = BUF_EMPTY;
	uint8_t hash[SHA256_BYTES];

	root_set_encode(&payload, &b->bundle.roots);
	sha256(hash, buf_span(&payload));
	assert_memory_equal(trust_fingerprint(b->trust), hash, sizeof hash);
	buf_free(&payload);
}

/* A root set with one key under two names would need one holder only: two encodings are refused. */
static void
a_root_that_is_no_p256_key_is_refused(void **state)
{
	struct bureau *b = *state;
	struct buf payload = BUF_EMPTY, one = BUF_EMPTY, two = BUF_EMPTY, file = BUF_EMPTY;
	struct root_set set = b->bundle.roots;
	struct trust *t = NULL;
	struct err err = { 0 };

	set.root[2] = signer_spki(b->log);
	root_set_encode(&payload, &set);
	assert_true(signer_sign(&one, b->root[0], ROOT_SET_TYP, buf_span(&payload), NULL) &&
	    signer_sign_too(&two, b->root[1], ROOT_SET_TYP, buf_span(&one), NULL) &&
	    signer_sign_too(&file, b->root[2], ROOT_SET_TYP, buf_span(&two), NULL));
	assert_false(trust_open(&t, buf_span(&file), &err));
	assert_int_equal(err.code, ERR_REFUSED);
	buf_free(&file);
	buf_free(&two);
	buf_free(&one);
	buf_free(&payload);
}

/* ---- bundles: threat 48, the list swapped ---- */

static void
the_next_bundle_is_accepted_and_held(void **state)
{
	struct bureau *b = *state;
	struct offer o = offer_next(b);
	struct buf file = BUF_EMPTY, again = BUF_EMPTY;

	bureau_new_epoch(b);
	o.bundle.log = b->bundle.log;
	bureau_sign(&file, &o.bundle, o.by, o.n);
	bureau_sign(&again, &o.bundle, b->root, 3);
	assert_int_equal(trust_accept(b->trust, buf_span(&file), o.now_s, NULL), TRUST_YES);
	assert_int_equal(trust_bundle(b->trust)->seq, 2);
	/* The one held, offered again, even when it has expired since or more roots have signed it. */
	const int64_t late_s = BUREAU_EXP_S + 10 * DAY_S;
	assert_int_equal(trust_accept(b->trust, buf_span(&file), late_s, NULL), TRUST_YES);
	assert_int_equal(trust_accept(b->trust, buf_span(&again), late_s, NULL), TRUST_YES);
	buf_free(&again);
	buf_free(&file);
}

static void
one_signature(struct offer *o, struct bureau *b)
{
	(void)b;
	o->n = 1;
}

static void
one_root_and_a_stranger(struct offer *o, struct bureau *b)
{
	o->by[1] = b->key[BUREAU_SERVICE];
}

static void
lower_sequence(struct offer *o, struct bureau *b)
{
	struct offer third = offer_next(b);

	third.bundle.seq = 3;
	assert_int_equal(offer_to(b->trust, &third, NULL), TRUST_YES);
	o->bundle.prev = span_of(trust_bundle_hash(b->trust), SHA256_BYTES);
}

static void
same_sequence_other_bytes(struct offer *o, struct bureau *b)
{
	o->bundle = b->bundle;
	o->bundle.exp_s++;
}

static void
next_but_after_another(struct offer *o, struct bureau *b)
{
	(void)b;
	o->bundle.prev = span_text("0123456789abcdef0123456789abcdef");
}

static void
some_are_missing_between(struct offer *o, struct bureau *b)
{
	next_but_after_another(o, b);
	o->bundle.seq = 4;
}

static void
expired(struct offer *o, struct bureau *b)
{
	(void)b;
	o->now_s = BUREAU_EXP_S;
}

static void
dated_ahead(struct offer *o, struct bureau *b)
{
	(void)b;
	o->now_s = o->bundle.iat_s - 301;
}

static void
the_log_under_another_name(struct offer *o, struct bureau *b)
{
	struct bundle before = b->bundle;

	bureau_new_epoch(b);
	o->bundle.log = b->bundle.log;
	o->bundle.log.epoch--;
	b->bundle = before;
}

static void
a_later_epoch_under_the_same_name(struct offer *o, struct bureau *b)
{
	(void)b;
	o->bundle.log.epoch++;
}

static void
an_earlier_epoch(struct offer *o, struct bureau *b)
{
	the_log_under_another_name(o, b);
	o->bundle.log.epoch = 0;
}

static void
another_bureau_of_the_same_roots(struct offer *o, struct bureau *b)
{
	(void)b;
	o->bundle.roots.bureau_id[0] ^= 1;
}

static void
new_roots_that_did_not_sign(struct offer *o, struct bureau *b)
{
	o->bundle.roots.root[1] = signer_spki(b->ca);
	o->bundle.roots.root[2] = signer_spki(b->key[BUREAU_AUDIT_2]);
	o->bundle.n_keys = BUREAU_AUDIT_1; /* no key stands twice */
}

static void
a_key_of_two_uses(struct offer *o, struct bureau *b)
{
	bureau_list_key(&b->keys[BUREAU_STATUS], b->key[BUREAU_SEAL]);
	(void)o;
}

static void
a_root_that_also_seals(struct offer *o, struct bureau *b)
{
	o->bundle.roots.root[1] = signer_spki(b->key[BUREAU_SEAL]);
	o->by[1] = b->root[2];
	o->by[2] = b->key[BUREAU_SEAL];
	o->n = 3;
}

static void
a_kid_of_another_certificate(struct offer *o, struct bureau *b)
{
	b->keys[BUREAU_SEAL].kid[0] ^= 1;
	(void)o;
}

static void
an_officer_with_another_kind_of_key(struct offer *o, struct bureau *b)
{
	bureau_list_key(&b->keys[BUREAU_OFFICER_1], b->witness);
	(void)o;
}

static void
threat_48_a_bundle_that_does_not_count_is_not_held(void **state)
{
	static const struct {
		const char *mistake;
		void (*make)(struct offer *o, struct bureau *b);
		enum trust_answer want;
	} rows[] = {
		{ "one signature", one_signature, TRUST_MALFORMED },
		{ "a root and a stranger", one_root_and_a_stranger, TRUST_SIGNATURE },
		{ "an earlier sequence", lower_sequence, TRUST_OLDER },
		{ "the sequence held, other bytes", same_sequence_other_bytes, TRUST_ALARM },
		{ "the next sequence after another bundle", next_but_after_another, TRUST_ALARM },
		{ "bundles between are missing", some_are_missing_between, TRUST_GAP },
		{ "expired", expired, TRUST_EXPIRED },
		{ "dated ahead of the clock", dated_ahead, TRUST_EXPIRED },
		{ "the log under another name", the_log_under_another_name, TRUST_MALFORMED },
		{ "a later epoch under the same name", a_later_epoch_under_the_same_name,
		    TRUST_MALFORMED },
		{ "an earlier epoch", an_earlier_epoch, TRUST_MALFORMED },
		{ "another bureau's", another_bureau_of_the_same_roots, TRUST_OTHER },
		{ "new roots that did not sign", new_roots_that_did_not_sign, TRUST_SIGNATURE },
		{ "the seal's key also signs status", a_key_of_two_uses, TRUST_MALFORMED },
		{ "a root also seals", a_root_that_also_seals, TRUST_MALFORMED },
		{ "a kid that is not the certificate's", a_kid_of_another_certificate,
		    TRUST_MALFORMED },
		{ "an officer with an Ed25519 key", an_officer_with_another_kind_of_key,
		    TRUST_MALFORMED },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bureau *b = bureau_new();
		struct offer o = offer_next(b);
		struct err why = { 0 };
		rows[i].make(&o, b);
		const uint64_t before = trust_bundle(b->trust)->seq;
		enum trust_answer answer = offer_to(b->trust, &o, &why);
		if (answer != rows[i].want)
			fail_msg("%s: answer %d: %s", rows[i].mistake, (int)answer, why.text);
		CHECK_ROW(why.code != ERR_NONE, rows[i].mistake);
		CHECK_ROW(trust_bundle(b->trust)->seq == before, rows[i].mistake);
		bureau_free(b);
	}
}

/* signer_sign_too() refuses this, so it is put together by hand. */
static void
threat_48_one_root_that_signs_twice_counts_once(void **state)
{
	struct bureau *b = *state;
	struct offer o = offer_next(b);
	struct buf payload = BUF_EMPTY, one = BUF_EMPTY, other = BUF_EMPTY, file = BUF_EMPTY;
	struct cose_sign m, again;
	struct err why = { 0 };

	bundle_encode(&payload, &o.bundle);
	assert_true(signer_sign(&one, b->root[0], BUNDLE_TYP, buf_span(&payload), NULL));
	assert_true(signer_sign(&other, b->root[0], BUNDLE_TYP, buf_span(&payload), NULL));
	assert_true(cose_sign_parse(&m, buf_span(&one), BUNDLE_TYP, NULL));
	assert_true(cose_sign_parse(&again, buf_span(&other), BUNDLE_TYP, NULL));
	assert_false(span_equal(m.signer[0].signature, again.signer[0].signature));
	m.signer[m.signers++] = again.signer[0];
	cose_sign_encode(&file, &m);
	assert_int_equal(trust_accept(b->trust, buf_span(&file), o.now_s, &why), TRUST_SIGNATURE);
	buf_free(&file);
	buf_free(&other);
	buf_free(&one);
	buf_free(&payload);
}

static void
a_first_bundle_may_have_any_sequence_and_older_ones_lead_to_a_newer(void **state)
{
	struct bureau *b = *state;
	struct trust *t = NULL;
	struct offer second = offer_next(b), third;
	struct buf file = BUF_EMPTY;

	/* Somebody who comes late begins with the newest. */
	assert_true(trust_open(&t, buf_span(&b->root_file), NULL));
	assert_null(trust_bundle(t));
	assert_int_equal(offer_to(t, &second, NULL), TRUST_YES);
	assert_int_equal(trust_bundle(t)->seq, 2);

	/* Somebody who holds the first needs the second before the third, though it has expired. */
	third = second;
	third.bundle.seq = 3;
	third.bundle.prev = span_of(trust_bundle_hash(t), SHA256_BYTES);
	third.bundle.exp_s = BUREAU_EXP_S + 30 * DAY_S;
	third.now_s = BUREAU_EXP_S + DAY_S;
	assert_int_equal(offer_to(b->trust, &third, NULL), TRUST_GAP);
	bureau_sign(&file, &second.bundle, second.by, second.n);
	assert_int_equal(trust_adopt(b->trust, buf_span(&file), NULL), TRUST_YES);
	assert_int_equal(offer_to(b->trust, &third, NULL), TRUST_YES);
	buf_free(&file);
	trust_free(t);
}

static void
roots_change_when_both_sets_sign(void **state)
{
	struct bureau *b = *state;
	struct bureau *next = bureau_new();
	struct offer o = offer_next(b), after;

	for (size_t i = 0; i < ROOT_SET_KEYS; i++)
		o.bundle.roots.root[i] = signer_spki(next->root[i]);
	o.by[2] = next->root[0];
	o.n = 3;
	assert_int_equal(
	    offer_to(b->trust, &o, NULL), TRUST_SIGNATURE); /* one of the new is too few */
	o.by[3] = next->root[1];
	o.n = 4;
	assert_int_equal(offer_to(b->trust, &o, NULL), TRUST_YES);

	/* From now on the new set speaks, the old one does not. */
	after = o;
	after.bundle.seq = 3;
	after.bundle.prev = span_of(trust_bundle_hash(b->trust), SHA256_BYTES);
	after.by[0] = b->root[0];
	after.by[1] = b->root[1];
	after.n = 2;
	assert_int_equal(offer_to(b->trust, &after, NULL), TRUST_SIGNATURE);
	after.by[0] = next->root[1];
	after.by[1] = next->root[2];
	assert_int_equal(offer_to(b->trust, &after, NULL), TRUST_YES);
	bureau_free(next);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, bureau_set_up, bureau_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_root_file_counts_only_with_all_three_signatures),
		TEST(a_fingerprint_is_the_hash_of_the_root_set),
		TEST(a_root_that_is_no_p256_key_is_refused),
		TEST(the_next_bundle_is_accepted_and_held),
		cmocka_unit_test(threat_48_a_bundle_that_does_not_count_is_not_held),
		TEST(threat_48_one_root_that_signs_twice_counts_once),
		TEST(a_first_bundle_may_have_any_sequence_and_older_ones_lead_to_a_newer),
		TEST(roots_change_when_both_sets_sign),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

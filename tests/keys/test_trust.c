#include "credential/checkpoint.h"
#include "credential/note.h"
#include "credential/snapshot.h"
#include "keys/signer_openssl.h"
#include "keys/trust.h"
#include "tests/keys/bureau.h"
#include "tests/test.h"

#include <stdlib.h>

#define DAY_S 86400

static int
set_up(void **state)
{
	*state = bureau_new();
	return 0;
}

static int
tear_down(void **state)
{
	bureau_free(*state);
	return 0;
}

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

/* What is offered to a verifier that holds bundle 1. */
struct offer {
	struct bundle bundle;
	struct signer *by[4];
	size_t n;
	int64_t now_s;
};

static struct offer
next_bundle(const struct bureau *b)
{
	struct offer o = { b->bundle, { b->root[0], b->root[2] }, 2, BUREAU_NOW_S + DAY_S };

	o.bundle.seq = 2;
	o.bundle.iat_s += DAY_S;
	o.bundle.prev = span_of(trust_bundle_hash(b->trust), SHA256_BYTES);
	return o;
}

static enum trust_answer
offer(struct trust *t, const struct offer *o, struct err *why)
{
	struct buf file = BUF_EMPTY;

	bureau_sign(&file, &o->bundle, o->by, o->n);
	enum trust_answer answer = trust_accept(t, buf_span(&file), o->now_s, why);
	buf_free(&file);
	return answer;
}

static void
the_next_bundle_is_accepted_and_held(void **state)
{
	struct bureau *b = *state;
	struct offer o = next_bundle(b);
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
	struct offer third = next_bundle(b);

	third.bundle.seq = 3;
	assert_int_equal(offer(b->trust, &third, NULL), TRUST_YES);
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
		struct offer o = next_bundle(b);
		struct err why = { 0 };
		rows[i].make(&o, b);
		const uint64_t before = trust_bundle(b->trust)->seq;
		enum trust_answer answer = offer(b->trust, &o, &why);
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
	struct offer o = next_bundle(b);
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
	struct offer second = next_bundle(b), third;
	struct buf file = BUF_EMPTY;

	/* Somebody who comes late begins with the newest. */
	assert_true(trust_open(&t, buf_span(&b->root_file), NULL));
	assert_null(trust_bundle(t));
	assert_int_equal(offer(t, &second, NULL), TRUST_YES);
	assert_int_equal(trust_bundle(t)->seq, 2);

	/* Somebody who holds the first needs the second before the third, though it has expired. */
	third = second;
	third.bundle.seq = 3;
	third.bundle.prev = span_of(trust_bundle_hash(t), SHA256_BYTES);
	third.bundle.exp_s = BUREAU_EXP_S + 30 * DAY_S;
	third.now_s = BUREAU_EXP_S + DAY_S;
	assert_int_equal(offer(b->trust, &third, NULL), TRUST_GAP);
	bureau_sign(&file, &second.bundle, second.by, second.n);
	assert_int_equal(trust_adopt(b->trust, buf_span(&file), NULL), TRUST_YES);
	assert_int_equal(offer(b->trust, &third, NULL), TRUST_YES);
	buf_free(&file);
	trust_free(t);
}

static void
roots_change_when_both_sets_sign(void **state)
{
	struct bureau *b = *state;
	struct bureau *next = bureau_new();
	struct offer o = next_bundle(b), after;

	for (size_t i = 0; i < ROOT_SET_KEYS; i++)
		o.bundle.roots.root[i] = signer_spki(next->root[i]);
	o.by[2] = next->root[0];
	o.n = 3;
	assert_int_equal(
	    offer(b->trust, &o, NULL), TRUST_SIGNATURE); /* one of the new is too few */
	o.by[3] = next->root[1];
	o.n = 4;
	assert_int_equal(offer(b->trust, &o, NULL), TRUST_YES);

	/* From now on the new set speaks, the old one does not. */
	after = o;
	after.bundle.seq = 3;
	after.bundle.prev = span_of(trust_bundle_hash(b->trust), SHA256_BYTES);
	after.by[0] = b->root[0];
	after.by[1] = b->root[1];
	after.n = 2;
	assert_int_equal(offer(b->trust, &after, NULL), TRUST_SIGNATURE);
	after.by[0] = next->root[1];
	after.by[1] = next->root[2];
	assert_int_equal(offer(b->trust, &after, NULL), TRUST_YES);
	bureau_free(next);
}

/* ---- one signature ---- */

#define TYP "application/qact+cbor"

struct message {
	struct buf bytes;
	struct cose_sign1 parsed;
};

static struct message
sign(const struct signer *s, struct span aad)
{
	struct message m = { BUF_EMPTY, { { 0 }, { NULL, 0 } } };

	assert_true(signer_sign1(&m.bytes, s, TYP, span_text("payload"), aad, NULL));
	assert_true(cose_sign1_parse(&m.parsed, buf_span(&m.bytes), TYP, NULL));
	return m;
}

static void
the_key_that_signed_is_found(void **state)
{
	struct bureau *b = *state;
	const struct bundle_key *by = NULL;
	struct message m = sign(b->key[BUREAU_OFFICER_2], span_text("aad"));

	assert_int_equal(
	    trust_verify_sign1(&by, b->trust, KEY_USE_OFFICER, &m.parsed, span_text("aad")),
	    TRUST_YES);
	assert_ptr_equal(by, &trust_bundle(b->trust)->keys[BUREAU_OFFICER_2]);
	buf_free(&m.bytes);
}

static void
a_signature_that_does_not_fit_names_no_key(void **state)
{
	struct bureau *b = *state;
	struct bureau *other = bureau_new();
	const struct bundle_key *by = &b->keys[0];
	struct message m = sign(b->key[BUREAU_OFFICER_1], span_text("aad"));
	struct message foreign = sign(other->key[BUREAU_OFFICER_1], span_text("aad"));

	/* Another aad: an act of another bureau. */
	assert_int_equal(
	    trust_verify_sign1(&by, b->trust, KEY_USE_OFFICER, &m.parsed, span_text("bad")),
	    TRUST_SIGNATURE);
	assert_null(by);
	/* Threat 9: a kid that nobody has. */
	assert_int_equal(
	    trust_verify_sign1(&by, b->trust, KEY_USE_OFFICER, &foreign.parsed, span_text("aad")),
	    TRUST_UNKNOWN_KEY);
	/* One use each: an officer's key signs no credential. */
	assert_int_equal(
	    trust_verify_sign1(&by, b->trust, KEY_USE_CREDENTIAL, &m.parsed, span_text("aad")),
	    TRUST_UNKNOWN_KEY);
	/* Threat 8: the algorithm is the key's; a message that says another has no key. */
	m.parsed.signer.alg = COSE_ALG_SM2_SM3;
	assert_int_equal(
	    trust_verify_sign1(&by, b->trust, KEY_USE_OFFICER, &m.parsed, span_text("aad")),
	    TRUST_UNKNOWN_KEY);
	assert_null(by);
	buf_free(&foreign.bytes);
	buf_free(&m.bytes);
	bureau_free(other);
}

static void
nothing_is_believed_before_the_first_bundle(void **state)
{
	struct bureau *b = *state;
	const struct bundle_key *by;
	struct trust *t = NULL;
	struct checkpoint c;
	bool witnessed;
	struct message m = sign(b->key[BUREAU_OFFICER_1], span_text("aad"));

	assert_true(trust_open(&t, buf_span(&b->root_file), NULL));
	assert_int_equal(trust_verify_sign1(&by, t, KEY_USE_OFFICER, &m.parsed, span_text("aad")),
	    TRUST_UNKNOWN_KEY);
	assert_false(trust_verify_checkpoint(&c, &witnessed, t, span_text("x"), NULL));
	trust_free(t);
	buf_free(&m.bytes);
}

/* ---- snapshots ---- */

/* A COSE_Sign over anything, by these. */
static enum trust_answer
verify_signed_by(
    struct trust *t, const struct bundle_key **status, struct signer *const *by, size_t n)
{
	struct buf file = BUF_EMPTY;
	struct cose_sign m = { 0 };

	*status = NULL;
	assert_true(signer_sign(&file, by[0], SNAPSHOT_TYP, span_text("manifest"), NULL));
	for (size_t i = 1; i < n; i++) {
		struct buf more = BUF_EMPTY;
		assert_true(signer_sign_too(&more, by[i], SNAPSHOT_TYP, buf_span(&file), NULL));
		buf_free(&file);
		file = more;
	}
	assert_true(cose_sign_parse(&m, buf_span(&file), SNAPSHOT_TYP, NULL));
	enum trust_answer answer = trust_verify_snapshot(status, t, &m, BUREAU_NOW_S);
	buf_free(&file);
	return answer;
}

static void
a_snapshot_needs_the_status_key_and_its_auditors(void **state)
{
	struct bureau *b = *state;
	struct signer *status = b->key[BUREAU_STATUS], *audit_1 = b->key[BUREAU_AUDIT_1],
		      *audit_2 = b->key[BUREAU_AUDIT_2], *officer = b->key[BUREAU_OFFICER_1];
	const struct {
		const char *row;
		struct signer *by[3];
		size_t n;
		enum trust_answer want;
	} rows[] = {
		{ "status and one auditor", { status, audit_1 }, 2, TRUST_YES },
		{ "in another order", { audit_2, status }, 2, TRUST_YES },
		{ "more auditors than asked", { status, audit_1, audit_2 }, 3, TRUST_YES },
		{ "no auditor", { status }, 1, TRUST_QUORUM },
		{ "auditors alone", { audit_1, audit_2 }, 2, TRUST_SIGNATURE },
		{ "an officer beside them", { status, audit_1, officer }, 3, TRUST_UNKNOWN_KEY },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct bundle_key *key;
		CHECK_ROW(verify_signed_by(b->trust, &key, rows[i].by, rows[i].n) == rows[i].want,
		    rows[i].row);
		CHECK_ROW(
		    (key != NULL) == (rows[i].want == TRUST_YES || rows[i].want == TRUST_QUORUM),
		    rows[i].row);
	}
}

static void
one_auditor_counts_once(void **state)
{
	struct bureau *b = *state;
	struct offer o = next_bundle(b);
	const struct bundle_key *key;
	struct signer *by[] = { b->key[BUREAU_STATUS], b->key[BUREAU_AUDIT_1],
		b->key[BUREAU_AUDIT_2] };

	o.bundle.audit_quorum = 2;
	assert_int_equal(offer(b->trust, &o, NULL), TRUST_YES);
	assert_int_equal(verify_signed_by(b->trust, &key, by, 2), TRUST_QUORUM);
	assert_int_equal(verify_signed_by(b->trust, &key, by, 3), TRUST_YES);

	/* The same auditor's two signatures. */
	struct buf one = BUF_EMPTY, two = BUF_EMPTY, status = BUF_EMPTY;
	struct cose_sign m, n, s;
	assert_true(signer_sign(&status, by[0], SNAPSHOT_TYP, span_text("manifest"), NULL) &&
	    signer_sign(&one, by[1], SNAPSHOT_TYP, span_text("manifest"), NULL) &&
	    signer_sign(&two, by[1], SNAPSHOT_TYP, span_text("manifest"), NULL));
	assert_true(cose_sign_parse(&s, buf_span(&status), SNAPSHOT_TYP, NULL) &&
	    cose_sign_parse(&m, buf_span(&one), SNAPSHOT_TYP, NULL) &&
	    cose_sign_parse(&n, buf_span(&two), SNAPSHOT_TYP, NULL));
	s.signer[1] = m.signer[0];
	s.signer[2] = n.signer[0];
	s.signers = 3;
	assert_int_equal(trust_verify_snapshot(&key, b->trust, &s, BUREAU_NOW_S), TRUST_SIGNATURE);
	buf_free(&status);
	buf_free(&two);
	buf_free(&one);
}

static void
a_snapshot_key_counts_in_its_time_and_state(void **state)
{
	static const struct {
		const char *row;
		enum key_state state;
		int64_t since_s, from_s;
		enum trust_answer want;
	} rows[] = {
		{ "retired afterwards", KEY_RETIRED, BUREAU_NOW_S + 1, BUREAU_FROM_S, TRUST_YES },
		{ "retired before", KEY_RETIRED, BUREAU_NOW_S, BUREAU_FROM_S, TRUST_SIGNATURE },
		{ "stolen, even if later", KEY_COMPROMISED, BUREAU_NOW_S + 1, BUREAU_FROM_S,
		    TRUST_SIGNATURE },
		{ "not yet", KEY_ACTIVE, 0, BUREAU_NOW_S + 1, TRUST_SIGNATURE },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bureau *b = bureau_new();
		const struct bundle_key *key;
		struct signer *by[] = { b->key[BUREAU_STATUS], b->key[BUREAU_AUDIT_1] };
		struct bundle_key *audit = &b->keys[BUREAU_AUDIT_1];
		audit->state = rows[i].state;
		audit->since_s = rows[i].since_s;
		audit->from_s = rows[i].from_s;
		struct offer o = next_bundle(b);
		assert_int_equal(offer(b->trust, &o, NULL), TRUST_YES);
		CHECK_ROW(verify_signed_by(b->trust, &key, by, 2) == rows[i].want, rows[i].row);
		bureau_free(b);
	}
}

/* ---- checkpoints ---- */

static void
encode_checkpoint(struct buf *out, const char *origin)
{
	struct checkpoint c = { .origin = span_text(origin), .size = 5, .root = { { 7 } } };
	checkpoint_encode(out, &c);
}

static bool
verify_checkpoint(const struct trust *t, const struct signer *s, const char *name,
    const char *origin, struct err *err)
{
	struct buf text = BUF_EMPTY, note = BUF_EMPTY;
	struct checkpoint c = { 0 };
	bool witnessed = true;

	encode_checkpoint(&text, origin);
	assert_true(signer_note(&note, s, span_text(name), buf_span(&text), NULL));
	bool ok = trust_verify_checkpoint(&c, &witnessed, t, buf_span(&note), err);
	assert_false(witnessed);
	assert_true(!ok || c.size == 5);
	buf_free(&note);
	buf_free(&text);
	return ok;
}

static void
a_checkpoint_counts_under_the_key_and_name_of_the_log(void **state)
{
	struct bureau *b = *state;
	struct err err = { 0 };

	assert_true(verify_checkpoint(b->trust, b->log, BUREAU_LOG, BUREAU_LOG, &err));
	assert_false(verify_checkpoint(b->trust, b->log, BUREAU_LOG, "other/log", &err));
	assert_int_equal(err.code, ERR_CRYPTO);
	assert_false(verify_checkpoint(b->trust, b->log, "other/log", BUREAU_LOG, &err));
	assert_false(verify_checkpoint(b->trust, b->witness, BUREAU_LOG, BUREAU_LOG, &err));
}

static void
a_checkpoint_without_its_witness_is_refused_where_one_is_asked(void **state)
{
	struct bureau *b = *state;
	struct offer o = next_bundle(b);
	struct err err = { 0 };

	o.bundle.log.quorum = 1;
	assert_int_equal(offer(b->trust, &o, NULL), TRUST_YES);
	assert_false(verify_checkpoint(b->trust, b->log, BUREAU_LOG, BUREAU_LOG, &err));
	assert_string_equal(err.text, "the checkpoint has 0 of the 1 cosignatures it needs");
}

/* What a witness adds: its time and an Ed25519 signature over time and text (C2SP cosignature/v1). */
static void
cosign(struct buf *note, const struct signer *witness, const char *name, uint64_t time_s,
    struct span text)
{
	struct note_key key = { .name = span_text(name), .type = NOTE_COSIGNATURE };
	struct buf said = BUF_EMPTY, sig = BUF_EMPTY;
	uint8_t ed25519[NOTE_ED25519_BYTES];
	size_t len = sizeof ed25519;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	signer_ed25519(key.key, witness);
	note_key_id(key.id, key.name, NOTE_COSIGNATURE, key.key);
	note_cosigned(&said, time_s, text);
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, NULL, NULL, witness->pkey), 1);
	assert_int_equal(EVP_DigestSign(ctx, ed25519, &len, said.ptr, said.len), 1);
	buf_add_be(&sig, time_s, 8);
	buf_add(&sig, ed25519, len);
	note_add_signature(note, &key, buf_span(&sig));
	EVP_MD_CTX_free(ctx);
	buf_free(&sig);
	buf_free(&said);
}

static void
a_witness_counts_by_its_key_and_once(void **state)
{
	struct bureau *b = *state;
	struct offer o = next_bundle(b);
	struct buf text = BUF_EMPTY, note = BUF_EMPTY, other = BUF_EMPTY;
	struct checkpoint c;
	bool witnessed = false;

	o.bundle.log.quorum = 1;
	assert_int_equal(offer(b->trust, &o, NULL), TRUST_YES);
	encode_checkpoint(&text, BUREAU_LOG);
	assert_true(signer_note(&note, b->log, span_text(BUREAU_LOG), buf_span(&text), NULL));
	assert_true(signer_note(&other, b->log, span_text(BUREAU_LOG), buf_span(&text), NULL));
	cosign(&other, b->log, "w.example", 1, buf_span(&text)); /* a stranger under its name */
	assert_false(trust_verify_checkpoint(&c, &witnessed, b->trust, buf_span(&other), NULL));
	cosign(&note, b->witness, "w.example", BUREAU_NOW_S, buf_span(&text));
	assert_true(trust_verify_checkpoint(&c, &witnessed, b->trust, buf_span(&note), NULL));
	assert_true(witnessed);
	buf_free(&other);
	buf_free(&note);
	buf_free(&text);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_root_file_counts_only_with_all_three_signatures),
		TEST(a_fingerprint_is_the_hash_of_the_root_set),
		TEST(a_root_that_is_no_p256_key_is_refused),
		TEST(the_next_bundle_is_accepted_and_held),
		cmocka_unit_test(threat_48_a_bundle_that_does_not_count_is_not_held),
		TEST(threat_48_one_root_that_signs_twice_counts_once),
		TEST(a_first_bundle_may_have_any_sequence_and_older_ones_lead_to_a_newer),
		TEST(roots_change_when_both_sets_sign),
		TEST(the_key_that_signed_is_found),
		TEST(a_signature_that_does_not_fit_names_no_key),
		TEST(nothing_is_believed_before_the_first_bundle),
		TEST(a_snapshot_needs_the_status_key_and_its_auditors),
		TEST(one_auditor_counts_once),
		cmocka_unit_test(a_snapshot_key_counts_in_its_time_and_state),
		TEST(a_checkpoint_counts_under_the_key_and_name_of_the_log),
		TEST(a_checkpoint_without_its_witness_is_refused_where_one_is_asked),
		TEST(a_witness_counts_by_its_key_and_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What is believed under a bundle: messages, snapshots and checkpoints by who signed them. */
#include "credential/checkpoint.h"
#include "credential/note.h"
#include "credential/snapshot.h"
#include "keys/signer_openssl.h"
#include "tests/keys/offer.h"
#include "tests/test.h"

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
	struct offer o = offer_next(b);
	const struct bundle_key *key;
	struct signer *by[] = { b->key[BUREAU_STATUS], b->key[BUREAU_AUDIT_1],
		b->key[BUREAU_AUDIT_2] };

	o.bundle.audit_quorum = 2;
	assert_int_equal(offer_to(b->trust, &o, NULL), TRUST_YES);
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
two_status_keys_are_one_too_many(void **state)
{
	struct bureau *b = *state;
	const struct bundle_key *key;
	struct signer *by[] = { b->key[BUREAU_STATUS], b->key[BUREAU_AUDIT_2],
		b->key[BUREAU_AUDIT_1] };

	b->keys[BUREAU_AUDIT_2].use = KEY_USE_STATUS;
	bureau_renew(b);
	assert_int_equal(verify_signed_by(b->trust, &key, by, 3), TRUST_SIGNATURE);
	assert_null(key);
	assert_int_equal(verify_signed_by(b->trust, &key, by + 1, 2), TRUST_YES);
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
		struct offer o = offer_next(b);
		assert_int_equal(offer_to(b->trust, &o, NULL), TRUST_YES);
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
	struct offer o = offer_next(b);
	struct err err = { 0 };

	o.bundle.log.quorum = 1;
	assert_int_equal(offer_to(b->trust, &o, NULL), TRUST_YES);
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
	struct offer o = offer_next(b);
	struct buf text = BUF_EMPTY, note = BUF_EMPTY, other = BUF_EMPTY;
	struct checkpoint c;
	bool witnessed = false;

	o.bundle.log.quorum = 1;
	assert_int_equal(offer_to(b->trust, &o, NULL), TRUST_YES);
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
#define TEST(f) cmocka_unit_test_setup_teardown(f, bureau_set_up, bureau_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(the_key_that_signed_is_found),
		TEST(a_signature_that_does_not_fit_names_no_key),
		TEST(nothing_is_believed_before_the_first_bundle),
		TEST(a_snapshot_needs_the_status_key_and_its_auditors),
		TEST(one_auditor_counts_once),
		TEST(two_status_keys_are_one_too_many),
		cmocka_unit_test(a_snapshot_key_counts_in_its_time_and_state),
		TEST(a_checkpoint_counts_under_the_key_and_name_of_the_log),
		TEST(a_checkpoint_without_its_witness_is_refused_where_one_is_asked),
		TEST(a_witness_counts_by_its_key_and_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

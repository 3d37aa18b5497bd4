/*
 * threat_21, threat_23: what holds while a key of a bureau with one auditor is in a thief's hands, before anybody knows
 * and after the roots have said so. Credential, status and seal key, each alone and in pairs.
 */
#include "tests/test.h"
#include "tests/verifier/desk.h"

#define FAR_AHEAD (UINT64_C(1) << 60)

enum { CREDENTIAL = 1, STATUS = 2, SEAL = 4 };

static const struct theft {
	const char *row;
	int keys;
} thefts[] = {
	{ "credential key", CREDENTIAL },
	{ "status key", STATUS },
	{ "seal key", SEAL },
	{ "credential and status key", CREDENTIAL | STATUS },
	{ "credential and seal key", CREDENTIAL | SEAL },
	{ "status and seal key", STATUS | SEAL },
};

/* The keys as he took them, whatever the bureau uses since. */
struct thief {
	int keys;
	struct signer *credential, *status;
};

/* What somebody hands in; the file is empty where it could not be sealed. */
struct wares {
	struct buf code, cose, file;
};

static void
wares_free(struct wares *w)
{
	buf_free(&w->code);
	buf_free(&w->cose);
	buf_free(&w->file);
}

static void
wares_of(struct wares *out, const struct desk *d)
{
	*out = (struct wares){ 0 };
	buf_add_span(&out->code, buf_span(&d->code));
	buf_add_span(&out->cose, buf_span(&d->cose));
	buf_add_span(&out->file, buf_span(&d->file));
}

/* As the thief has them: officers' keys are none of his, so he signs the acts with what he has. */
static void
hold_stolen(struct desk *d, const struct thief *t, struct signer *kept[2])
{
	kept[0] = d->b->key[BUREAU_CREDENTIAL];
	kept[1] = d->b->key[BUREAU_STATUS];
	d->b->key[BUREAU_CREDENTIAL] = t->credential;
	d->b->key[BUREAU_STATUS] = t->status;
}

static void
hold_own(struct desk *d, struct signer *kept[2])
{
	d->b->key[BUREAU_CREDENTIAL] = kept[0];
	d->b->key[BUREAU_STATUS] = kept[1];
}

/*
 * A certificate for another unit at the slot of an honest one, or, without the credential key, the honest one in another
 * file. The desk keeps what he made, as what he would have the register say.
 */
static void
thief_makes(struct wares *out, struct desk *d, const struct thief *t)
{
	const enum bureau_key proposer = d->proposer, approver = d->approver;
	struct signer *kept[2];

	*out = (struct wares){ 0 };
	hold_stolen(d, t, kept);
	if (t->keys & CREDENTIAL) {
		d->claims.holder = span_text("示例盗用有限公司");
		d->claims.iat_s += 60;
		d->proposer = d->approver = BUREAU_CREDENTIAL;
		desk_make(d);
		buf_add_span(&out->code, buf_span(&d->code));
		buf_add_span(&out->cose, buf_span(&d->cose));
	} else if (t->keys & SEAL) {
		desk_seal(d);
	}
	if (t->keys & SEAL)
		buf_add_span(&out->file, buf_span(&d->file));
	hold_own(d, kept);
	d->proposer = proposer;
	d->approver = approver;
}

/* All the news a thief can make: a snapshot of his, for ever ahead, and a token that says all is well. */
static void
thief_publishes(struct desk *d, const struct thief *t)
{
	struct signer *kept[2];
	const uint64_t seq = d->snapshot.seq;

	hold_stolen(d, t, kept);
	d->unaudited = true;
	d->snapshot.seq = FAR_AHEAD;
	d->token_iat_s = DESK_DATA_S + 60;
	d->token_status = STATUS_ACTIVE;
	desk_publish(d);
	d->unaudited = false;
	d->snapshot.seq = seq;
	d->token_iat_s = 0;
	hold_own(d, kept);
}

static void
never_valid(struct desk *d, const struct wares *w, const char *row, const char *when)
{
	const struct buf *all[] = { &w->code, &w->cose, &w->file };

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct answer a;
		if (all[i]->len == 0)
			continue;
		desk_ask(&a, d, buf_span(all[i]));
		if (a.verdict == VERDICT_VALID)
			fail_msg("%s, %s: VALID (%zu)", row, when, i);
	}
}

static void
all_valid(struct desk *d, const struct wares *w, const char *row)
{
	const struct buf *all[] = { &w->code, &w->cose, &w->file };

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct answer a;
		if (all[i]->len == 0)
			continue;
		desk_ask(&a, d, buf_span(all[i]));
		desk_expect(&a, VERDICT_VALID, FINDING_NONE, row);
	}
}

/* The desk publishes what the register knows of the honest certificate. */
static void
publish_honest(struct desk *d)
{
	d->snapshot.seq++;
	desk_publish(d);
}

/* By the honest files, by his beside them, and by his alone. */
static void
nobody_knows_yet(struct desk *d, const struct thief *t, const struct wares *loot, const char *row)
{
	never_valid(d, loot, row, "by the honest files");
	if (!(t->keys & STATUS))
		return;
	thief_publishes(d, t);
	never_valid(d, loot, row, "by the thief's files, the honest ones seen before");
	const struct memory seen = d->memory;
	d->memory = (struct memory){ 0 };
	never_valid(d, loot, row, "by the thief's files alone");
	d->memory = seen;
}

/* Bundle 2 closes what was stolen, and lists successors of credential and status key. */
static void
report(struct desk *d, const struct thief *t, uint8_t prev[SHA256_BYTES], struct signer *fresh[2])
{
	static const enum bureau_key keys[] = { BUREAU_CREDENTIAL, BUREAU_STATUS };

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct bundle_key *entry = &d->b->keys[keys[i]];
		fresh[i] = NULL;
		if (!(t->keys & (1 << i)))
			continue;
		struct bundle_key *old = bureau_add_key(d->b);
		*old = *entry;
		old->state = KEY_COMPROMISED;
		old->since_s = DESK_IAT_S - 60;
		assert_true(signer_generate(&fresh[i], SIGNER_ES256, NULL));
		bureau_list_key(entry, fresh[i]);
		d->b->key[keys[i]] = fresh[i];
	}
	if (t->keys & SEAL) {
		d->b->keys[BUREAU_SEAL].state = KEY_COMPROMISED;
		d->b->keys[BUREAU_SEAL].since_s = DESK_IAT_S - 60;
	}
	desk_next_bundle(d, prev, DESK_DATA_S - 60);
}

/* A token by a key that is closed says nothing, not even what is bad. */
static void
his_token_is_no_news(
    struct desk *d, const struct thief *t, const struct wares *honest, const char *row)
{
	struct signer *kept[2];

	if (!(t->keys & STATUS))
		return;
	hold_stolen(d, t, kept);
	d->token_iat_s = DESK_DATA_S + 120;
	d->token_status = STATUS_REVOKED;
	desk_publish(d);
	hold_own(d, kept);
	d->token_iat_s = 0;
	publish_honest(d); /* the token still lies there */
	all_valid(d, honest, row);
}

static void
successors_go_on(struct desk *d, const struct thief *t, const struct wares *loot, const char *row)
{
	struct wares next;

	d->claims.iat_s += 120;
	desk_make(d);
	publish_honest(d);
	wares_of(&next, d);
	if (t->keys & SEAL)
		buf_free(&next.file); /* the seal has no successor here */
	all_valid(d, &next, row);
	never_valid(d, loot, row, "after the next certificate");
	wares_free(&next);
}

static void
play(const struct theft *theft)
{
	struct desk d;
	struct wares honest, loot;
	uint8_t prev[SHA256_BYTES], file_hash[SHA256_BYTES];
	struct signer *fresh[2];
	struct buf qc1 = BUF_EMPTY;

	desk_open(&d);
	const struct thief t = { theft->keys, d.b->key[BUREAU_CREDENTIAL],
		d.b->key[BUREAU_STATUS] };
	const struct claims claims = d.claims;
	wares_of(&honest, &d);
	buf_add_span(&qc1, buf_span(&d.qc1));
	memcpy(file_hash, d.file_hash, sizeof file_hash);
	all_valid(&d, &honest, theft->row);
	thief_makes(&loot, &d, &t);
	nobody_knows_yet(&d, &t, &loot, theft->row);

	/* The register goes on as it was: the honest certificate stands at its slot. */
	d.claims = claims;
	buf_free(&d.qc1);
	d.qc1 = qc1;
	memcpy(d.file_hash, file_hash, sizeof file_hash);
	publish_honest(&d);
	all_valid(&d, &honest, theft->row); /* whatever was shown before */
	never_valid(&d, &loot, theft->row, "by newer honest files");

	report(&d, &t, prev, fresh);
	publish_honest(&d);
	all_valid(&d, &honest, theft->row);
	never_valid(&d, &loot, theft->row, "after the report");
	his_token_is_no_news(&d, &t, &honest, theft->row);
	successors_go_on(&d, &t, &loot, theft->row);

	wares_free(&honest);
	wares_free(&loot);
	desk_close(&d);
	if (fresh[0] != NULL)
		signer_free(t.credential);
	if (fresh[1] != NULL)
		signer_free(t.status);
}

static void
threat_23_what_a_thief_signs_is_never_valid_and_honest_certificates_stay_so(void **state)
{
	(void)state;

	for (size_t i = 0; i < COUNT_OF(thefts); i++)
		play(&thefts[i]);
}

/* ---- the status key alone ---- */

static void
threat_20_the_status_key_alone_takes_no_revocation_back(void **state)
{
	struct desk d;
	(void)state;

	desk_open(&d);
	const struct thief t = { STATUS, d.b->key[BUREAU_CREDENTIAL], d.b->key[BUREAU_STATUS] };
	desk_happens(&d, STATUS_REVOKED, DESK_DATA_S - 60, DESK_DATA_S - 60);
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "revoked");
	d.token_iat_s = DESK_DATA_S + 60;
	d.token_status = STATUS_ACTIVE;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "a token that betters");
	d.n_entries = 0;
	d.status = STATUS_ACTIVE;
	thief_publishes(&d, &t);
	desk_expect_cose(
	    &d, VERDICT_UNDETERMINED, FINDING_STATUS_NO_AUDITOR, "a snapshot that betters");
	d.memory = (struct memory){ 0 };
	desk_expect_cose(
	    &d, VERDICT_UNDETERMINED, FINDING_STATUS_NO_AUDITOR, "and nothing else seen");
	desk_close(&d);
}

/* Without an auditor his snapshot is taken, however far it counts: until the roots close the key. */
static void
what_a_thief_counted_up_is_forgotten_with_his_key(void **state)
{
	struct desk d;
	uint8_t prev[SHA256_BYTES];
	struct signer *fresh[2];
	(void)state;

	desk_open(&d);
	const struct thief t = { STATUS, d.b->key[BUREAU_CREDENTIAL], d.b->key[BUREAU_STATUS] };
	d.b->bundle.audit_quorum = 0;
	desk_publish_bundle(&d);
	thief_publishes(&d, &t);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "far ahead");
	desk_remove(&d, "v1/status/TEST/3");
	d.unaudited = true;
	publish_honest(&d);
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_OLDER, "honest, and not so far");

	struct buf payload = BUF_EMPTY;
	bundle_encode(&payload, &d.b->bundle);
	report(&d, &t, prev, fresh);
	sha256(prev, buf_span(&payload)); /* the first bundle was changed above */
	desk_publish_bundle(&d);
	publish_honest(&d);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "by the successor");
	d.snapshot.seq--;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_OLDER, "his own are remembered");
	buf_free(&payload);
	desk_close(&d);
	signer_free(t.status);
}

/* The same of the log: with its key, and the status key, a thief makes it as long as he likes. */
static void
what_a_thief_added_to_the_log_is_forgotten_with_its_key(void **state)
{
	struct desk d;
	uint8_t prev[SHA256_BYTES];
	struct signer *fresh[2];
	struct buf payload = BUF_EMPTY, vkey = BUF_EMPTY;
	(void)state;

	desk_open(&d);
	const struct thief t = { STATUS, d.b->key[BUREAU_CREDENTIAL], d.b->key[BUREAU_STATUS] };
	struct signer *stolen_log = d.b->log;
	const uint64_t size = d.log_size;
	d.b->bundle.audit_quorum = 0;
	desk_publish_bundle(&d);
	d.log_size = FAR_AHEAD;
	thief_publishes(&d, &t);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "a long log");
	desk_remove(&d, "v1/status/TEST/3");
	d.log_size = size;
	d.unaudited = true;
	bundle_encode(&payload, &d.b->bundle);
	report(&d, &t, prev, fresh);
	sha256(prev, buf_span(&payload));
	desk_publish_bundle(&d);
	publish_honest(&d);
	desk_expect_cose(
	    &d, VERDICT_UNDETERMINED, FINDING_STATUS_ALARM, "the log has its key still");

	struct note_key key = { .name = d.b->bundle.log.origin, .type = NOTE_ED25519 };
	uint8_t second[SHA256_BYTES];
	buf_free(&payload);
	bundle_encode(&payload, &d.b->bundle);
	sha256(second, buf_span(&payload));
	assert_true(signer_generate(&d.b->log, SIGNER_ED25519, NULL));
	signer_ed25519(key.key, d.b->log);
	note_key_format(&vkey, &key);
	d.b->bundle.log.vkey = buf_span(&vkey);
	d.b->bundle.prev = span_of(second, sizeof second);
	d.b->bundle.seq = 3;
	desk_publish_bundle(&d);
	publish_honest(&d);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "and now another");
	d.log_size--;
	publish_honest(&d);
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_STATUS_ALARM, "which may not shrink");
	buf_free(&payload);
	buf_free(&vkey);
	desk_close(&d);
	signer_free(stolen_log);
	signer_free(t.status);
}

/* ---- two issuers under one bundle ---- */

static void
another_issuers_sequence_is_its_own(void **state)
{
	struct bundle_issuer issuers[2];
	struct desk d;
	(void)state;

	desk_open(&d);
	issuers[0] = (struct bundle_issuer){ span_text("ZZ"), span_text("另一机关"),
		span_text("Another"), BUNDLE_PROVINCIAL, NULL, 0, span_text("1111") };
	issuers[1] = d.b->issuer;
	d.b->bundle.issuers = issuers;
	d.b->bundle.n_issuers = 2;
	d.b->keys[BUREAU_AUDIT_2].use = KEY_USE_STATUS;
	d.b->keys[BUREAU_AUDIT_2].issuer = span_text("ZZ");
	desk_publish_bundle(&d);
	d.snapshot.issuer = span_text("ZZ");
	d.snapshot.seq = 1000;
	d.status_key = BUREAU_AUDIT_2;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_UNDETERMINED, FINDING_REGISTRY_MISSING, "ZZ's snapshot 1000");
	d.snapshot.issuer = span_text("TEST");
	d.snapshot.seq = 5;
	d.status_key = BUREAU_STATUS;
	desk_publish(&d);
	desk_expect_cose(&d, VERDICT_VALID, FINDING_NONE, "its own snapshot 5");
	desk_close(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    threat_23_what_a_thief_signs_is_never_valid_and_honest_certificates_stay_so),
		cmocka_unit_test(threat_20_the_status_key_alone_takes_no_revocation_back),
		cmocka_unit_test(what_a_thief_counted_up_is_forgotten_with_his_key),
		cmocka_unit_test(what_a_thief_added_to_the_log_is_forgotten_with_its_key),
		cmocka_unit_test(another_issuers_sequence_is_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

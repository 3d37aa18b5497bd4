/* The auditor signs what follows from acts he judged, and nothing else. */
#include "issuer/auditor.h"

#include "core/file.h"
#include "core/limits.h"
#include "credential/checkpoint.h"
#include "keys/head.h"
#include "registry/act_file.h"
#include "registry/registry_floor.h"
#include "tests/issuer/cosigners.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };

/* The bureau, and the auditor's machine beside it, which sees the bureau's folder. */
struct pair {
	struct workshop w;
	struct buf bundle;
	char folder[96], key[128];
	struct auditor auditor;
};

static int
open_pair(void **state)
{
	static struct pair p;

	p = (struct pair){ 0 };
	workshop_open(&p.w, "standard");
	cosigners_ask(&p.bundle, &p.w, 1, 0);
	snprintf(p.folder, sizeof p.folder, "%s/auditor", p.w.folder);
	snprintf(p.key, sizeof p.key, "%s/audit.pem", p.folder);
	REQUIRE(file_make_folder(p.folder, 0700, &err));
	workshop_write(&p.w, "auditor/root.cose", p.w.keys.root_file);
	p.auditor = (struct auditor){ .folder = p.folder,
		.copy = p.w.folder,
		.key_path = p.key,
		.key = workshop_auditor(&p.w.keys, 0) };
	*state = &p;
	return 0;
}

static int
close_pair(void **state)
{
	struct pair *p = *state;
	buf_free(&p->bundle);
	workshop_close(&p->w);
	return 0;
}

/* The auditor's round must end so; what he did is in the report. */
static struct auditor_report
sign(struct pair *p, enum auditor_did did)
{
	struct auditor_report r;

	REQUIRE(auditor_sign(&r, &p->auditor, p->w.now_s, &err));
	assert_int_equal(r.did, did);
	auditor_report_free(&r);
	return r;
}

/* He refuses in these words, and nothing is given out. */
static void
must_not_sign(struct pair *p, const char *words)
{
	struct auditor_report r;
	struct buf head = BUF_EMPTY, after = BUF_EMPTY;
	struct err why = { 0 };
	const bool before = workshop_read(&head, &p->w, "auditor/audit.head");
	const size_t files = workshop_count(&p->w, "cosign");
	struct buf signed_before = BUF_EMPTY, signed_after = BUF_EMPTY;

	workshop_read(&signed_before, &p->w, "auditor/cosigned");

	assert_false(auditor_sign(&r, &p->auditor, p->w.now_s, &why));
	auditor_report_free(&r);
	if (strstr(why.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why.text, words);
	assert_int_equal(workshop_count(&p->w, "cosign"), files);
	assert_int_equal(workshop_read(&after, &p->w, "auditor/audit.head"), before);
	assert_true(span_equal(buf_span(&head), buf_span(&after)));
	workshop_read(&signed_after, &p->w, "auditor/cosigned");
	assert_true(span_equal(buf_span(&signed_before), buf_span(&signed_after)));
	buf_free(&signed_before);
	buf_free(&signed_after);
	buf_free(&head);
	buf_free(&after);
}

static void
take_away(const struct pair *p, const char *name)
{
	char path[160];
	snprintf(path, sizeof path, "%s/%s", p->w.folder, name);
	unlink(path);
}

/* Made by the bureau, signed by the auditor, published. */
static void
round_of_both(struct pair *p)
{
	cosigners_publish(&p->w);
	sign(p, AUDITOR_SIGNED);
	assert_true(cosigners_publish(&p->w).published);
}

/* ---- what is good ---- */

static void
only_what_is_new_is_judged(void **state)
{
	struct pair *p = *state;
	char number[NUMBER_SHOWN_BYTES];

	sign(p, AUDITOR_FOUND_NOTHING);
	cosigners_publish(&p->w);
	struct auditor_report r = sign(p, AUDITOR_SIGNED);
	assert_int_equal(r.seq, 1);
	assert_int_equal(r.size, 2);
	assert_int_equal(r.judged, 2);
	assert_int_equal(r.parts, 1); /* no list yet: the orders */
	assert_true(cosigners_publish(&p->w).published);
	sign(p, AUDITOR_FOUND_NOTHING);

	workshop_issue(number, &p->w, &STAR_BRIDGE);
	cosigners_publish(&p->w);
	r = sign(p, AUDITOR_SIGNED);
	assert_int_equal(r.seq, 2);
	assert_int_equal(r.judged, r.size - 2);
	assert_int_equal(r.parts, 4);
	assert_true(cosigners_publish(&p->w).published);
}

/* A copy that is slow, a machine that went down: the same file again, no other signature. */
static void
the_same_candidate_again_gets_the_same_answer(void **state)
{
	struct pair *p = *state;
	struct buf first = BUF_EMPTY, again = BUF_EMPTY;
	char name[64];

	cosigners_publish(&p->w);
	sign(p, AUDITOR_SIGNED);
	char kid[17] = "";
	for (int i = 0; i < COSE_KID_BYTES; i++)
		snprintf(kid + 2 * i, 3, "%02x", signer_kid(p->auditor.key).ptr[i]);
	snprintf(name, sizeof name, "cosign/candidate.%s", kid);
	assert_true(workshop_read(&first, &p->w, name));
	sign(p, AUDITOR_REPEATED);
	take_away(p, name);
	sign(p, AUDITOR_REPEATED);
	assert_true(workshop_read(&again, &p->w, name));
	assert_true(span_equal(buf_span(&first), buf_span(&again)));
	/* it went down between the signature and the head: signed once more, as nothing had left */
	take_away(p, name);
	take_away(p, "auditor/audit.head");
	sign(p, AUDITOR_SIGNED);
	assert_true(cosigners_publish(&p->w).published);
	buf_free(&first);
	buf_free(&again);
}

/* The replica is made again from the whole file; what was signed still binds. */
static void
a_lost_replica_is_made_again(void **state)
{
	struct pair *p = *state;
	char number[NUMBER_SHOWN_BYTES];

	round_of_both(p);
	take_away(p, "auditor/registry.db");
	take_away(p, "auditor/registry.db-wal");
	take_away(p, "auditor/registry.db-shm");
	workshop_issue(number, &p->w, &STAR_BRIDGE);
	cosigners_publish(&p->w);
	struct auditor_report r = sign(p, AUDITOR_SIGNED);
	assert_int_equal(r.judged, r.size);
}

/* ---- the acts ---- */

static void
acts_that_were_cut_or_rewritten_are_refused(void **state)
{
	struct pair *p = *state;
	struct buf acts = BUF_EMPTY;
	char number[NUMBER_SHOWN_BYTES];

	round_of_both(p);
	workshop_issue(number, &p->w, &STAR_BRIDGE);
	cosigners_publish(&p->w);
	assert_true(workshop_read(&acts, &p->w, "second/acts.log"));
	workshop_write(&p->w, "second/acts.log", span_of(acts.ptr, acts.len - 1));
	must_not_sign(p, "too few");
	workshop_write(&p->w, "second/acts.log", span_of(acts.ptr, ACT_FILE_BEGIN + 100));
	must_not_sign(p, "does not extend");
	acts.ptr[ACT_FILE_BEGIN + 20] ^= 1; /* before what was judged last: not read, not missed */
	acts.ptr[acts.len - 100] ^= 1;
	workshop_write(&p->w, "second/acts.log", buf_span(&acts));
	must_not_sign(p, "too few");
	acts.ptr[acts.len - 100] ^= 1;
	workshop_write(&p->w, "second/acts.log", buf_span(&acts));
	sign(p, AUDITOR_SIGNED);
	buf_free(&acts);
}

/* Register and second copy, to be put back. */
struct backup {
	struct buf db, acts;
};

static void
take_backup(struct backup *out, struct workshop *w)
{
	*out = (struct backup){ .db = BUF_EMPTY };
	bureau_close(w->bureau);
	w->bureau = NULL;
	assert_true(workshop_read(&out->db, w, "registry.db"));
	assert_true(workshop_read(&out->acts, w, "second/acts.log"));
	workshop_reopen(w);
}

static void
put_back(struct pair *p, struct backup *b)
{
	struct workshop *w = &p->w;

	bureau_close(w->bureau);
	w->bureau = NULL;
	take_away(p, "registry.db-wal");
	take_away(p, "registry.db-shm");
	workshop_write(w, "registry.db", buf_span(&b->db));
	workshop_write(w, "second/acts.log", buf_span(&b->acts));
	workshop_reopen(w);
	buf_free(&b->db);
	buf_free(&b->acts);
}

static void
take_replica_away(const struct pair *p)
{
	take_away(p, "auditor/registry.db");
	take_away(p, "auditor/registry.db-wal");
	take_away(p, "auditor/registry.db-shm");
}

/* Threat 34 with all of the bureau's machine: register, second copy and published files went back together. */
static void
threat_34_a_bureau_that_went_back_is_refused(void **state)
{
	struct pair *p = *state;
	struct workshop *w = &p->w;
	struct backup then;
	char number[NUMBER_SHOWN_BYTES];

	workshop_issue(number, w, &STAR_BRIDGE);
	take_backup(&then, w);
	workshop_sanction(w, number, ACT_REVOKE);
	round_of_both(p);

	take_away(p, "keys/status.head");
	take_away(p, "keys/log.head");
	take_away(p, "public/log/checkpoint");
	put_back(p, &then);
	cosigners_publish(w);
	must_not_sign(p, "acts were removed");
	workshop_sanction(w, number, ACT_SUSPEND); /* as many acts as there were */
	workshop_sanction(w, number, ACT_LIFT);
	take_away(p, "cosign/candidate");
	cosigners_publish(w);
	must_not_sign(p, "does not extend");
	/* an auditor who lost his replica still knows what he signed */
	take_replica_away(p);
	must_not_sign(p, "not those that were signed last");
}

/* Two officers say that what was published last is all that is left of the acts. */
static void
accept_loss(struct workshop *w)
{
	struct act_body body = { .kind = ACT_ACCEPT_LOSS, .loss = { .epoch = 2 } };
	struct buf note = BUF_EMPTY;
	struct checkpoint published;
	const struct policy *policy;
	char folder[96];

	snprintf(folder, sizeof folder, "%s/public", w->folder);
	REQUIRE(registry_keep_floor(body.loss.snapshot, w->bureau->registry, folder, &err));
	assert_true(workshop_read(&note, w, "public/log/checkpoint"));
	REQUIRE(checkpoint_parse_note(&published, buf_span(&note), &err));
	body.loss.size = published.size;
	body.loss.root = published.root;
	REQUIRE(bureau_policy(&policy, w->bureau, &err));
	body.not_after_s = policy_not_after_s(policy, ACT_ACCEPT_LOSS, w->now_s);
	body.sitting = span_text("P-9XQ4-7");
	REQUIRE(workshop_try(w, CHANG, "register", &body, &err));
	workshop_approve(w, FU, "register");
	buf_free(&note);
}

/* The roots named the new epoch of the log: the replica of the old one is of no use, what was signed still counts. */
static void
threat_31_after_an_accepted_loss_a_new_replica_follows(void **state)
{
	struct pair *p = *state;
	struct workshop *w = &p->w;
	struct backup then;
	struct head head;
	char number[NUMBER_SHOWN_BYTES], path[128];

	workshop_issue(number, w, &STAR_BRIDGE);
	take_backup(&then, w);
	workshop_sanction(w, number, ACT_SUSPEND);
	workshop_sanction(w, number, ACT_LIFT);
	workshop_sanction(w, number, ACT_REVOKE); /* more than come after the loss */
	round_of_both(p);
	put_back(p, &then);
	accept_loss(w);
	workshop_new_epoch(&w->keys);
	cosigners_ask(&p->bundle, w, 1, 0);
	cosigners_publish(w);
	must_not_sign(p, "acts were removed");
	take_replica_away(p);
	sign(p, AUDITOR_SIGNED);
	assert_true(cosigners_publish(w).published);
	snprintf(path, sizeof path, "%s/audit.head", p->folder);
	REQUIRE(head_read(&head, path, &err));
	assert_int_equal(head.epoch, 2);
	assert_int_equal(head.seq, 2);
}

static void
another_bureaus_acts_are_refused(void **state)
{
	struct pair *p = *state;
	struct workshop *other = calloc(1, sizeof *other);
	char root[128];

	workshop_open(other, "standard");
	cosigners_publish(&p->w);
	snprintf(root, sizeof root, "%s/root.cose", other->folder);
	p->auditor.root = root;
	must_not_sign(p, "another bureau");
	p->auditor.root = NULL;
	sign(p, AUDITOR_SIGNED);
	workshop_close(other);
	free(other);
}

/* ---- the candidate: somebody with all keys of the issuing machine ---- */

static void
no_parts(struct candidate *c)
{
	c->manifest->lists[0].status_hash[0] ^= 1;
}

static void
other_fingerprints(struct candidate *c)
{
	c->manifest->lists[0].fingerprints_hash[31] ^= 1;
}

static void
other_history(struct candidate *c)
{
	c->manifest->lists[0].history_hash[5] ^= 1;
}

static void
other_orders(struct candidate *c)
{
	c->manifest->orders_hash[5] ^= 1;
}

static void
a_list_less(struct candidate *c)
{
	c->manifest->n_lists = 0;
}

static void
another_list(struct candidate *c)
{
	c->manifest->lists[0].list = 1;
}

static void
another_bundle(struct candidate *c)
{
	c->manifest->bundle_seq = 1;
}

static void
another_bundle_hash(struct candidate *c)
{
	c->manifest->bundle_hash[0] ^= 1;
}

static void
another_bureau(struct candidate *c)
{
	c->manifest->bureau_id[0] ^= 1;
}

static void
another_issuer(struct candidate *c)
{
	c->manifest->issuer = span_text("OTHER");
}

static void
from_tomorrow(struct candidate *c)
{
	c->manifest->iat_s += 86400;
	c->manifest->exp_s += 86400;
}

static void
from_before_the_last_act(struct candidate *c)
{
	c->manifest->iat_s -= 3600;
	c->manifest->exp_s -= 3600;
}

static void
good_for_longer(struct candidate *c)
{
	c->manifest->exp_s += 1;
}

static const struct {
	const char *name;
	void (*change)(struct candidate *c);
	const char *words;
} forged[] = {
	{ "another status part", no_parts, "status of list 0" },
	{ "other fingerprints", other_fingerprints, "fingerprints of list 0" },
	{ "another history", other_history, "history of list 0" },
	{ "other orders", other_orders, "extension orders" },
	{ "a list left out", a_list_less, "has 0 status lists" },
	{ "a list of another number", another_list, "status of list 1" },
	{ "another bundle", another_bundle, "trust bundle 1" },
	{ "other bytes of the bundle", another_bundle_hash, "trust bundle 2" },
	{ "another bureau", another_bureau, "another bureau" },
	{ "another issuer", another_issuer, "another issuer" },
	{ "tomorrow's date", from_tomorrow, "ahead of the clock" },
	{ "a date before the last act", from_before_the_last_act, "before the newest act" },
	{ "a longer life", good_for_longer, "just as long" },
};

static void
a_candidate_that_does_not_follow_is_refused(void **state)
{
	struct pair *p = *state;
	char number[NUMBER_SHOWN_BYTES];

	workshop_issue(number, &p->w, &STAR_BRIDGE);
	cosigners_publish(&p->w);
	for (size_t i = 0; i < COUNT_OF(forged); i++) {
		struct candidate c;
		print_message("  %s\n", forged[i].name);
		candidate_read(&c, &p->w);
		forged[i].change(&c);
		cosigners_forge(&p->w, c.manifest);
		must_not_sign(p, forged[i].words);
		workshop_write(&p->w, "cosign/candidate", buf_span(&c.file));
		candidate_free(&c);
	}
	sign(p, AUDITOR_SIGNED);
}

/* A checkpoint of another log, or of this one but not by the log's key. */
static void
a_checkpoint_that_is_not_the_logs_is_refused(void **state)
{
	struct pair *p = *state;
	struct candidate c;
	const struct signer *log;
	struct checkpoint checkpoint = { span_text("v.example/log"), 2, { { 1 } } };
	struct buf text = BUF_EMPTY, note = BUF_EMPTY;

	cosigners_publish(&p->w);
	candidate_read(&c, &p->w);
	checkpoint_encode(&text, &checkpoint);
	REQUIRE(bureau_signer(&log, NULL, p->w.bureau, ROLE_KEY_LOG, p->w.now_s, &err));
	REQUIRE(signer_note(&note, log, checkpoint.origin, buf_span(&text), &err));
	c.manifest->checkpoint = buf_span(&note);
	cosigners_forge(&p->w, c.manifest);
	must_not_sign(p, "the checkpoint in the candidate does not fit");
	note.len = 0;
	note_begin(&note, buf_span(&text));
	note_add_signature(&note,
	    &(struct note_key){ .name = checkpoint.origin, .type = NOTE_ED25519 },
	    span_text("0123456789012345678901234567890123456789012345678901234567890123"));
	c.manifest->checkpoint = buf_span(&note);
	cosigners_forge(&p->w, c.manifest);
	must_not_sign(p, "not signed by the log's key");
	candidate_free(&c);
	buf_free(&text);
	buf_free(&note);
}

static void
what_the_status_key_did_not_sign_is_refused(void **state)
{
	struct pair *p = *state;
	struct candidate c;
	struct buf file = BUF_EMPTY;

	cosigners_publish(&p->w);
	candidate_read(&c, &p->w);
	REQUIRE(signer_sign(
	    &file, p->w.keys.officer[FU], SNAPSHOT_TYP, buf_span(&c.manifest->bytes), &err));
	workshop_write(&p->w, "cosign/candidate", buf_span(&file));
	must_not_sign(p, "not signed by the status key");
	workshop_write(&p->w, "cosign/candidate", span_text("no snapshot"));
	must_not_sign(p, "cosign/candidate");
	candidate_free(&c);
	buf_free(&file);
}

/* A candidate that was left lying until its snapshot would be stale. */
static void
a_candidate_whose_time_is_over_is_refused(void **state)
{
	struct pair *p = *state;

	cosigners_publish(&p->w);
	p->w.now_s += 7 * 86400;
	must_not_sign(p, "time is over");
	p->w.now_s -= 120;
	sign(p, AUDITOR_SIGNED);
}

/* ---- numbers ---- */

static void
numbers_never_fall_nor_stand_twice(void **state)
{
	struct pair *p = *state;
	struct candidate first, second;

	cosigners_publish(&p->w);
	candidate_read(&first, &p->w);
	round_of_both(p);
	p->w.now_s += 4 * 86400; /* renewed when half its life is over */
	cosigners_publish(&p->w);
	sign(p, AUDITOR_SIGNED);
	candidate_read(&second, &p->w);
	workshop_write(&p->w, "cosign/candidate", buf_span(&first.file));
	must_not_sign(p, "it is older");
	second.manifest->iat_s += 1; /* the same number, another second */
	second.manifest->exp_s += 1;
	cosigners_forge(&p->w, second.manifest);
	must_not_sign(p, "two different snapshots with the number 2");
	take_away(p, "auditor/cosigned");
	must_not_sign(p, "two different snapshots");
	candidate_free(&first);
	candidate_free(&second);
}

/* ---- keys and bundles ---- */

static void
a_key_that_is_not_listed_for_it_signs_nothing(void **state)
{
	struct pair *p = *state;

	cosigners_publish(&p->w);
	p->auditor.key = p->w.keys.officer[GUAN];
	must_not_sign(p, "lists no active audit key");
	p->auditor.key = workshop_auditor(&p->w.keys, 0);
	sign(p, AUDITOR_SIGNED);
}

/* The roots sent it here too: the bureau cannot go on as if it had not come. */
static void
a_bundle_the_bureau_passes_over_stops_it(void **state)
{
	struct pair *p = *state;
	struct buf next = BUF_EMPTY;

	cosigners_publish(&p->w);
	workshop_keys_next(&next, &p->w.keys,
	    &(struct workshop_change){
		.stolen = FU, .audit_quorum = 1, .previous = buf_span(&p->bundle) });
	workshop_write(&p->w, "auditor/trust-bundle", buf_span(&next));
	must_not_sign(p, "ACT-06: trust bundle 3");
	buf_free(&p->bundle);
	p->bundle = next;
	REQUIRE(workshop_try(&p->w, -1, "register",
	    &(struct act_body){ .kind = ACT_ADOPT, .adopt = { buf_span(&p->bundle) } }, &err));
	round_of_both(p);
}

#define ON(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(only_what_is_new_is_judged),
		ON(the_same_candidate_again_gets_the_same_answer),
		ON(a_lost_replica_is_made_again),
		ON(acts_that_were_cut_or_rewritten_are_refused),
		ON(threat_34_a_bureau_that_went_back_is_refused),
		ON(threat_31_after_an_accepted_loss_a_new_replica_follows),
		ON(another_bureaus_acts_are_refused),
		ON(a_candidate_that_does_not_follow_is_refused),
		ON(a_checkpoint_that_is_not_the_logs_is_refused),
		ON(what_the_status_key_did_not_sign_is_refused),
		ON(a_candidate_whose_time_is_over_is_refused),
		ON(numbers_never_fall_nor_stand_twice),
		ON(a_key_that_is_not_listed_for_it_signs_nothing),
		ON(a_bundle_the_bureau_passes_over_stops_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

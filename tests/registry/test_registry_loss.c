/*
 * Acts that were published are lost for good, and two officers accept it: threats 20, 33, 34. A register lives on from
 * an older one, on the floor of what was published last.
 */
#include "core/civil.h"
#include "core/encode.h"
#include "core/file.h"
#include "credential/checkpoint.h"
#include "credential/note.h"
#include "credential/parts.h"
#include "credential/snapshot.h"
#include "registry/act_file.h"
#include "registry/registry_floor.h"
#include "registry/registry_licence.h"
#include "registry/registry_parts.h"
#include "registry/registry_subject.h"
#include "registry/sql.h"
#include "tests/registry/ledger.h"
#include "tests/test.h"

#include <stdio.h>

#define LISTS 8

/* What happened: certificates, and the licences they led to. */
enum who_befell {
	QUIET = 0, /* nothing befell it */
	SUSPENDED, /* after the backup */
	REVOKED,   /* after the backup */
	LIFTED,    /* suspended before the backup, lifted after it */
	KNOWN,     /* suspended before the backup, and nothing since */
	LOST,      /* made after the backup */
	CERTIFICATES
};

struct world {
	struct ledger lost; /* the register that is lost */
	struct ledger now;  /* the one that lives on, of the same bureau */
	struct road cases[CERTIFICATES], licences[CERTIFICATES];
	struct road pending;  /* proposed before the backup, made after it */
	struct road reserved; /* proposed after the backup */
	char published[128], backup[128];
	struct buf checkpoint;
	struct snapshot_parts parts[LISTS]; /* as published */
	int64_t iat_s;
};

static int64_t published_s; /* whoever signs afterwards has a clock that is not behind it */

/* ---- publishing ---- */

static void
put_file(const char *folder, const char *name, struct span bytes)
{
	char path[300], parent[300];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	snprintf(parent, sizeof parent, "%s", path);
	*strrchr(parent, '/') = '\0';
	REQUIRE(file_make_folder(parent, 0755, &err));
	REQUIRE(file_write(path, bytes, 0644, &err));
}

static void
put_part(uint8_t hash[SHA256_BYTES], const char *folder, const struct buf *part)
{
	char name[96] = "v1/parts/";

	sha256(hash, buf_span(part));
	hex_encode(name + strlen(name), span_of(hash, SHA256_BYTES));
	put_file(folder, name, buf_span(part));
}

static void
put_snapshot(struct world *w, struct ledger *l, uint64_t seq)
{
	struct snapshot_list lists[LISTS];
	struct buf orders = BUF_EMPTY, payload = BUF_EMPTY, file = BUF_EMPTY;
	struct snapshot m = { .seq = seq,
		.iat_s = w->iat_s,
		.exp_s = w->iat_s + 7 * 86400,
		.issuer = span_text(BUREAU_ISS),
		.bundle_seq = BUREAU_BUNDLE_SEQ,
		.checkpoint = buf_span(&w->checkpoint),
		.lists = lists };

	REQUIRE(registry_lists(&m.n_lists, l->registry, &err));
	assert_true(m.n_lists <= LISTS);
	for (size_t i = 0; i < m.n_lists; i++) {
		struct snapshot_parts *p = &w->parts[i];
		lists[i].list = (uint16_t)i;
		REQUIRE(registry_list_parts(p, l->registry, lists[i].list, w->iat_s, &err));
		put_part(lists[i].status_hash, w->published, &p->status);
		put_part(lists[i].fingerprints_hash, w->published, &p->fingerprints);
		put_part(lists[i].history_hash, w->published, &p->history);
	}
	REQUIRE(registry_orders_part(&orders, l->registry, &err));
	put_part(m.orders_hash, w->published, &orders);
	memcpy(m.bundle_hash, trust_bundle_hash(l->bureau->trust), SHA256_BYTES);
	memcpy(m.bureau_id, l->bureau->bureau_id, BUREAU_ID_BYTES);
	snapshot_encode(&payload, &m);
	bureau_sign_payload(&file, &l->bureau->keys[STATUS], 1, SNAPSHOT_TYP, buf_span(&payload));
	put_file(w->published, "v1/snapshot", buf_span(&file));
	buf_free(&orders);
	buf_free(&payload);
	buf_free(&file);
}

static void
publish(struct world *w, struct ledger *l, uint64_t seq)
{
	struct registry_head head = ledger_head(l);
	struct checkpoint c = { span_text(BUREAU_ORIGIN), head.size, head.root };
	struct buf text = BUF_EMPTY;

	w->iat_s = published_s = head.recorded_s + 30;
	checkpoint_encode(&text, &c);
	bureau_sign_note(&w->checkpoint, l->bureau, buf_span(&text));
	buf_free(&text);
	put_snapshot(w, l, seq);
}

/* ---- the two registers ---- */

static void
befall(struct ledger *l, struct road *licence, enum act_kind kind)
{
	licence->now_s = ledger_head(l).recorded_s + 60;
	ledger_sanction(l, licence, kind);
}

/* The register that lives on: the acts of the backup. */
static void
restore(struct world *w)
{
	struct act_file *file = NULL;
	struct registry *replica = NULL;

	w->now = (struct ledger){ .bureau = w->lost.bureau };
	snprintf(w->now.dir, sizeof w->now.dir, "%.50s/now", w->lost.dir);
	REQUIRE(file_make_folder(w->now.dir, 0700, &err));
	snprintf(w->now.db, sizeof w->now.db, "%s/registry.db", w->now.dir);
	snprintf(w->now.second, sizeof w->now.second, "%s/acts.log", w->now.dir);
	snprintf(w->now.lookup, sizeof w->now.lookup, "%s/lookup.db", w->now.dir);
	w->now.config = w->lost.config;
	w->now.config.path = w->now.db;
	w->now.config.second_copy = NULL;
	w->now.config.lookup = NULL;
	REQUIRE(registry_create(w->now.db, &err));
	REQUIRE(registry_open(&replica, &w->now.config, &err));
	REQUIRE(act_file_open(&file, w->backup, false, &err));
	REQUIRE(registry_take(replica, file, REGISTRY_TAKE_ALL, NULL, &err));
	act_file_close(file);
	registry_close(replica);
	w->now.config.second_copy = w->now.second;
	w->now.config.lookup = w->now.lookup;
	ledger_reopen(&w->now);
	w->now.roads = w->lost.roads;
}

static void
world_open(struct world *w)
{
	struct ledger *l = &w->lost;

	*w = (struct world){ 0 };
	ledger_open(l, "standard");
	snprintf(w->published, sizeof w->published, "%s/public", l->dir);
	snprintf(w->backup, sizeof w->backup, "%s/backup", l->dir);
	for (size_t i = 0; i < LOST; i++) {
		ledger_case_to(l, &w->cases[i], CASE_ISSUED);
		ledger_licence(l, &w->licences[i], &w->cases[i]);
	}
	ledger_case_to(l, &w->pending, CASE_ISSUE_APPROVED);
	befall(l, &w->licences[LIFTED], ACT_SUSPEND);
	befall(l, &w->licences[KNOWN], ACT_SUSPEND);
	ledger_copy(l->second, w->backup);

	befall(l, &w->licences[SUSPENDED], ACT_SUSPEND);
	befall(l, &w->licences[REVOKED], ACT_REVOKE);
	befall(l, &w->licences[LIFTED], ACT_LIFT);
	w->pending.now_s = ledger_head(l).recorded_s + 60;
	road_do(&w->pending, SERVICE, road_made(&w->pending));
	ledger_record(l, &w->pending, w->pending.n - 1);
	ledger_case_to(l, &w->cases[LOST], CASE_ISSUED);
	ledger_case_to(l, &w->reserved, CASE_ISSUE_PROPOSED);
	publish(w, l, 5);
	restore(w);
}

static void
world_close(struct world *w)
{
	for (size_t i = 0; i < CERTIFICATES; i++) {
		road_close(&w->cases[i]);
		if (i < LOST)
			road_close(&w->licences[i]);
	}
	road_close(&w->pending);
	road_close(&w->reserved);
	for (size_t i = 0; i < LISTS; i++)
		snapshot_parts_free(&w->parts[i]);
	buf_free(&w->checkpoint);
	registry_close(w->now.registry);
	ledger_close(&w->lost);
}

/* ---- acts, signed for the register that lives on ---- */

static struct registry_item
sign(struct ledger *l, enum signer who, const char *subject, const struct act_body *body)
{
	static uint8_t nonce = 1;
	struct registry_chain chain;
	struct buf act = BUF_EMPTY;
	const int64_t last_s = ledger_head(l).recorded_s;
	const int64_t now_s = (last_s > published_s ? last_s : published_s) + 60;

	REQUIRE(registry_chain(&chain, l->registry, span_text(subject), &err));
	struct chain_tail tail = chain_tail(chain.entries, chain.n);
	struct act claims = { .subject = span_text(subject),
		.seq = tail.acts,
		.time_s = now_s,
		.nonce = { 0xee, nonce++ },
		.bundle_seq = BUREAU_BUNDLE_SEQ };
	memcpy(claims.prev, tail.hash, sizeof claims.prev);
	registry_chain_free(&chain);
	bureau_sign_act(&act, l->bureau, who, &claims, body);
	struct registry_item item = ledger_append(l, buf_span(&act), now_s);
	buf_free(&act);
	return item;
}

static struct registry_item
on_register(struct ledger *l, enum signer who, const struct act_body *body)
{
	return sign(l, who, "register", body);
}

/* What the two officers would accept. */
static struct act_body
loss_of(struct world *w)
{
	struct act_body body = { .kind = ACT_ACCEPT_LOSS,
		.not_after_s = ledger_head(&w->now).recorded_s + 86400,
		.sitting = span_text("P-9XQ4-7") };
	struct registry_head head = ledger_head(&w->lost);

	REQUIRE(registry_keep_floor(body.loss.snapshot, w->now.registry, w->published, &err));
	body.loss.size = head.size;
	body.loss.root = head.root;
	body.loss.epoch = 2;
	return body;
}

/* Of the newest act on the subject. */
static struct act_body
approval_of(struct ledger *l, const char *subject)
{
	struct act_body body = { .kind = ACT_APPROVE };
	struct registry_chain chain;

	REQUIRE(registry_chain(&chain, l->registry, span_text(subject), &err));
	const struct chain_entry *last = &chain.entries[chain.n - 1];
	memcpy(body.answer.proposal, last->act.hash, SHA256_BYTES);
	body.answer.proposal_kind = last->act.kind;
	registry_chain_free(&chain);
	return body;
}

static void
must(struct registry_item item)
{
	if (!item.recorded)
		fail_msg("%s", item.err.text);
}

static void
refused(struct registry_item item, const char *rule, const char *row)
{
	if (item.recorded || strstr(item.err.text, rule) == NULL)
		fail_msg("%s: not by %s: %s", row, rule, item.recorded ? "done" : item.err.text);
}

/* Proposed and approved from now on. */
static void
order(struct ledger *l, const struct road *r, enum act_kind kind)
{
	struct road now = { .bureau = l->bureau, .now_s = ledger_head(l).recorded_s };
	struct act_body body = road_sanction(&now, kind);

	must(sign(l, CHANG, r->number, &body));
	body = approval_of(l, r->number);
	must(sign(l, FU, r->number, &body));
}

static void
accept_loss(struct world *w)
{
	struct act_body body = loss_of(w);

	/* Officers read the clock, which is not behind what was published. */
	must(on_register(&w->now, CHANG, &body));
	body = approval_of(&w->now, "register");
	must(on_register(&w->now, FU, &body));
}

/* ---- what is shown ---- */

static enum status
status_of(struct ledger *l, const struct road *r, int64_t at_s)
{
	struct snapshot_parts parts;

	REQUIRE(registry_list_parts(&parts, l->registry, 0, at_s, &err));
	const enum status s = status_list_get(parts.status.ptr, r->idx);
	snapshot_parts_free(&parts);
	return s;
}

static enum status
now_status(struct world *w, const struct road *r)
{
	return status_of(&w->now, r, ledger_head(&w->now).recorded_s + 86400);
}

static void
assert_rebuilds(struct ledger *l)
{
	struct buf before = BUF_EMPTY, after = BUF_EMPTY;

	ledger_dump(&before, l->registry);
	REQUIRE(registry_rebuild(l->registry, &err));
	ledger_dump(&after, l->registry);
	assert_true(span_equal(buf_span(&before), buf_span(&after)));
	buf_free(&before);
	buf_free(&after);
}

/* ---- the promises ---- */

/* Part for part: what was published is published again. */
static void
no_slot_is_milder_and_no_fingerprint_forgotten(void **state)
{
	struct world w;
	struct snapshot_parts parts;
	(void)state;

	world_open(&w);
	assert_int_equal(now_status(&w, &w.cases[REVOKED]), STATUS_ACTIVE); /* before: forgotten */
	accept_loss(&w);
	REQUIRE(registry_list_parts(&parts, w.now.registry, 0, w.iat_s, &err));
	assert_true(span_equal(buf_span(&parts.status), buf_span(&w.parts[0].status)));
	assert_true(span_equal(buf_span(&parts.fingerprints), buf_span(&w.parts[0].fingerprints)));
	assert_true(span_equal(buf_span(&parts.history), buf_span(&w.parts[0].history)));
	snapshot_parts_free(&parts);

	assert_int_equal(now_status(&w, &w.cases[QUIET]), STATUS_ACTIVE);
	assert_int_equal(now_status(&w, &w.cases[SUSPENDED]), STATUS_SUSPENDED);
	assert_int_equal(now_status(&w, &w.cases[REVOKED]), STATUS_REVOKED);
	assert_int_equal(now_status(&w, &w.cases[LIFTED]), STATUS_ACTIVE);
	assert_int_equal(now_status(&w, &w.cases[KNOWN]), STATUS_SUSPENDED);
	assert_int_equal(now_status(&w, &w.cases[LOST]), STATUS_ACTIVE);
	assert_int_equal(now_status(&w, &w.pending), STATUS_ACTIVE);
	assert_int_equal(now_status(&w, &w.reserved), STATUS_PENDING);
	assert_rebuilds(&w.now);
	world_close(&w);
}

static void
it_is_told_what_is_lost(void **state)
{
	struct world w;
	struct registry_loss loss;
	(void)state;

	world_open(&w);
	struct act_body body = loss_of(&w);
	REQUIRE(registry_loss(&loss, w.now.registry, body.loss.snapshot, &err));
	assert_int_equal(loss.seq, 5);
	assert_int_equal(loss.assigned, CERTIFICATES + 1);
	assert_int_equal(loss.unknown, 2);
	assert_int_equal(loss.changed, 3);
	assert_int_equal(loss.size, ledger_head(&w.lost).size);
	world_close(&w);
}

static struct licence_state
licence_of(struct registry_subject *s, struct world *w, const struct road *r)
{
	REQUIRE(registry_subject_load(
	    s, w->now.registry, span_text(r->number), ledger_head(&w->now).recorded_s, &err));
	assert_non_null(s->judge.licence);
	return s->licence;
}

/* The licence goes on from what was lost: a lost suspension is lifted, a lost revocation stays. */
static void
officers_go_on_from_what_was_lost(void **state)
{
	struct world w;
	struct registry_subject s;
	(void)state;

	world_open(&w);
	accept_loss(&w);
	assert_int_equal(licence_of(&s, &w, &w.licences[SUSPENDED]).status, LICENCE_SUSPENDED);
	registry_subject_free(&s);
	assert_int_equal(licence_of(&s, &w, &w.licences[REVOKED]).status, LICENCE_REVOKED);
	registry_subject_free(&s);
	assert_int_equal(licence_of(&s, &w, &w.licences[LIFTED]).status, LICENCE_ACTIVE);
	registry_subject_free(&s);
	assert_int_equal(licence_of(&s, &w, &w.licences[KNOWN]).status, LICENCE_SUSPENDED);
	registry_subject_free(&s);

	/* On it the register has no act yet. */
	const struct road *r = &w.cases[SUSPENDED];
	order(&w.now, r, ACT_LIFT);
	assert_int_equal(now_status(&w, r), STATUS_ACTIVE);
	order(&w.now, r, ACT_SUSPEND);
	assert_int_equal(now_status(&w, r), STATUS_SUSPENDED);
	order(&w.now, r, ACT_REVOKE);
	assert_int_equal(now_status(&w, r), STATUS_REVOKED);
	struct act_body body = road_sanction(&w.licences[REVOKED], ACT_LIFT);
	refused(
	    sign(&w.now, CHANG, w.cases[REVOKED].number, &body), "LIC-01", "lifting a revocation");
	assert_rebuilds(&w.now);
	world_close(&w);
}

/* Threat 33: neither a number nor a slot that a lost certificate may have. */
static void
threat_33_no_number_and_no_slot_is_used_again(void **state)
{
	struct world w;
	struct road road;
	struct number number;
	struct history_slot slot;
	unsigned class;
	const uint64_t random = 0;
	(void)state;

	world_open(&w);
	REQUIRE(registry_number_class(&class, w.now.registry, 2026, &err));
	assert_int_equal(class, 0);
	accept_loss(&w);
	REQUIRE(registry_number_class(&class, w.now.registry, 2026, &err));
	assert_int_equal(class, 1);
	REQUIRE(registry_number_class(&class, w.now.registry, 2027, &err));
	assert_int_equal(class, 0);
	REQUIRE(registry_pick_slots(&slot, 1, w.now.registry, &random, &err));
	assert_int_equal(slot.list, 2); /* list 1 may have been opened by lost acts */

	/* A case of its own, with a number of the old class, then with a slot of the old list. */
	ledger_case_to(&w.now, &road, CASE_GRANTED);
	struct act_body body = road_issue(&road);
	struct act claims = road_next(&road);
	struct buf act = BUF_EMPTY;
	bureau_sign_act(&act, w.now.bureau, YIN, &claims, &body);
	refused(
	    ledger_append(&w.now, buf_span(&act), road.now_s), "NUM-02", "a slot of the old list");
	buf_free(&act);
	road.list = slot.list;
	body = road_issue(&road);
	bureau_sign_act(&act, w.now.bureau, YIN, &claims, &body);
	refused(ledger_append(&w.now, buf_span(&act), road.now_s), "NUM-02", "a number of class 0");
	buf_free(&act);
	REQUIRE(number_make(&number, "JC", 'A', BUREAU_REGION, 2026, number_serial(1, 7), &err));
	number_stored(road.number, &number);
	body = road_issue(&road);
	bureau_sign_act(&act, w.now.bureau, YIN, &claims, &body);
	must(ledger_append(&w.now, buf_span(&act), road.now_s));
	buf_free(&act);
	road_close(&road);
	world_close(&w);
}

/* It was made, in the acts that are lost: to make it again would give one number to two certificates. */
static void
what_was_proposed_before_is_not_made_again(void **state)
{
	struct world w;
	struct registry_subject s;
	(void)state;

	world_open(&w);
	REQUIRE(registry_subject_load(&s, w.now.registry, span_text(w.pending.subject),
	    ledger_head(&w.now).recorded_s, &err));
	assert_int_equal(s.dossier.stage, CASE_ISSUE_APPROVED);
	registry_subject_free(&s);
	accept_loss(&w);
	REQUIRE(registry_subject_load(&s, w.now.registry, span_text(w.pending.subject),
	    ledger_head(&w.now).recorded_s + 2, &err));
	assert_int_equal(s.dossier.stage, CASE_GRANTED);
	registry_subject_free(&s);
	const struct chain_entry *made = &w.pending.entries[w.pending.n - 1];
	refused(ledger_append(&w.now, made->act.bytes, ledger_head(&w.now).recorded_s + 60), "",
	    "the lost act itself");
	assert_int_equal(now_status(&w, &w.pending), STATUS_ACTIVE);
	world_close(&w);
}

static void
a_loss_that_is_none_or_is_told_wrongly_is_refused(void **state)
{
	struct world w;
	(void)state;

	world_open(&w);
	const struct act_body right = loss_of(&w);
	struct act_body body = right;
	body.loss.epoch = 3;
	refused(on_register(&w.now, CHANG, &body), "EPO-01", "another epoch");
	body = right;
	body.loss.size--;
	refused(on_register(&w.now, CHANG, &body), "EPO-01", "a shorter log");
	body = right;
	body.loss.root.b[0] ^= 1;
	refused(on_register(&w.now, CHANG, &body), "EPO-01", "another root");
	body = right;
	body.loss.snapshot[0] ^= 1;
	refused(on_register(&w.now, CHANG, &body), "EPO-01", "a snapshot that is not kept");
	refused(on_register(&w.now, YIN, &right), "ACT-03", "an officer without the role");
	must(on_register(&w.now, CHANG, &right));
	body = approval_of(&w.now, "register");
	refused(on_register(&w.now, CHANG, &body), "SEP-01", "one officer alone");

	/* The second copy turns up in time. */
	struct act_body in_full = loss_of(&w);
	struct ledger *l = &w.lost;
	uint8_t snapshot[SHA256_BYTES];
	REQUIRE(registry_keep_floor(snapshot, l->registry, w.published, &err));
	refused(on_register(l, CHANG, &in_full), "nothing published is lost", "nothing lost");
	world_close(&w);
}

static void
a_bundle_names_the_new_log(void **state)
{
	struct world w;
	struct buf payload = BUF_EMPTY, file = BUF_EMPTY, vkey = BUF_EMPTY;
	struct note_key key;
	(void)state;

	world_open(&w);
	const struct bureau *b = w.now.bureau;
	struct bundle next = *bureau_bundle(b);
	REQUIRE(note_key_parse(&key, next.log.vkey, &err));
	key.name = span_text("v.example/log/2");
	note_key_format(&vkey, &key);
	next.seq++;
	next.prev = span_of(trust_bundle_hash(b->trust), SHA256_BYTES);
	next.log = (struct bundle_log){ .origin = key.name, .vkey = buf_span(&vkey), .epoch = 2 };
	bundle_encode(&payload, &next);
	bureau_sign_payload(&file, b->roots, 2, BUNDLE_TYP, buf_span(&payload));
	struct act_body adopt = { .kind = ACT_ADOPT, .adopt = { buf_span(&file) } };
	refused(on_register(&w.now, SERVICE, &adopt), "EPO-03", "no loss was accepted");
	accept_loss(&w);
	must(on_register(&w.now, SERVICE, &adopt));
	assert_rebuilds(&w.now);
	buf_free(&payload);
	buf_free(&file);
	buf_free(&vkey);
	world_close(&w);
}

/* The acts alone, with the floor beside them, make the same register: another machine, or another disk. */
static void
the_second_copy_has_the_floor_too(void **state)
{
	struct world w;
	struct registry *r = NULL;
	struct registry_config config;
	struct act_file *file = NULL;
	struct buf one = BUF_EMPTY, two = BUF_EMPTY;
	char path[128], beside[128];
	(void)state;

	world_open(&w);
	accept_loss(&w);
	config = w.now.config;
	snprintf(path, sizeof path, "%s/other.db", w.lost.dir);
	config.path = path;
	config.second_copy = NULL;
	config.lookup = NULL;
	REQUIRE(registry_create(path, &err));
	REQUIRE(registry_open(&r, &config, &err));
	REQUIRE(act_file_open(&file, w.now.second, false, &err));
	REQUIRE(registry_take(r, file, REGISTRY_TAKE_ALL, NULL, &err));
	act_file_close(file);
	ledger_dump(&one, w.now.registry);
	ledger_dump(&two, r);
	assert_true(span_equal(buf_span(&one), buf_span(&two)));
	registry_close(r);

	/* A second copy that is written anew gets the floor as well. */
	ledger_sql(w.now.db, "PRAGMA wal_checkpoint(TRUNCATE);");
	snprintf(beside, sizeof beside, "%s/anew", w.now.dir);
	REQUIRE(file_make_folder(beside, 0700, &err));
	snprintf(w.now.second, sizeof w.now.second, "%s/anew/acts.log", w.now.dir);
	ledger_reopen(&w.now);
	REQUIRE(
	    registry_append(w.now.registry, NULL, 0, false, ledger_head(&w.now).recorded_s, &err));
	snprintf(beside, sizeof beside, "%s/anew/floor", w.now.dir);
	assert_true(file_exists(beside));
	buf_free(&one);
	buf_free(&two);
	world_close(&w);
}

/* A fork: acts recorded before anybody noticed. What is milder than the floor does not count; worse does. */
static void
what_was_recorded_in_between_makes_nothing_milder(void **state)
{
	struct world w;
	struct road known, quiet;
	(void)state;

	world_open(&w);
	ledger_licence(&w.now, &quiet, &w.cases[QUIET]);
	ledger_licence(&w.now, &known, &w.cases[REVOKED]);
	quiet.now_s = known.now_s = w.iat_s + 3600;
	ledger_sanction(&w.now, &quiet, ACT_SUSPEND);
	known.now_s = ledger_head(&w.now).recorded_s + 60;
	ledger_sanction(&w.now, &known, ACT_SUSPEND);
	accept_loss(&w);
	assert_int_equal(now_status(&w, &w.cases[QUIET]), STATUS_SUSPENDED);
	assert_int_equal(now_status(&w, &w.cases[REVOKED]), STATUS_REVOKED);
	road_close(&quiet);
	road_close(&known);
	assert_rebuilds(&w.now);
	world_close(&w);
}

static void
publish_again(struct world *w, uint64_t seq)
{
	for (size_t i = 0; i < LISTS; i++)
		snapshot_parts_free(&w->parts[i]);
	buf_free(&w->checkpoint);
	publish(w, &w->lost, seq);
}

static void
a_lost_extension_is_not_taken_back(void **state)
{
	struct world w;
	struct registry_subject s;
	struct buf published = BUF_EMPTY, again = BUF_EMPTY;
	(void)state;

	world_open(&w);
	const struct road *r = &w.cases[KNOWN];
	const struct road now = { .bureau = w.lost.bureau, .now_s = w.iat_s };
	struct act_body body = road_sanction(&now, ACT_SUSPEND);
	body.kind = ACT_EXTEND;
	body.order.ground = span_text("EXT-01");
	body.order.until_s = civil_start_s(civil_add_months(civil_of(r->claims.exp_s), 12));
	must(sign(&w.lost, CHANG, r->number, &body));
	struct act_body approval = approval_of(&w.lost, r->number);
	must(sign(&w.lost, FU, r->number, &approval));
	publish_again(&w, 6);
	REQUIRE(registry_orders_part(&published, w.lost.registry, &err));
	accept_loss(&w);
	REQUIRE(registry_orders_part(&again, w.now.registry, &err));
	assert_true(span_equal(buf_span(&published), buf_span(&again)));
	const struct licence_state l = licence_of(&s, &w, r);
	assert_int_equal(l.end_s, body.order.until_s);
	assert_int_equal(l.status, LICENCE_SUSPENDED);
	registry_subject_free(&s);
	buf_free(&published);
	buf_free(&again);
	world_close(&w);
}

/* Nor does a second one, on the same floor or a newer. */
static void
a_second_loss_forgets_nothing_of_the_first(void **state)
{
	struct world w;
	struct registry_subject s;
	unsigned class;
	(void)state;

	world_open(&w);
	accept_loss(&w);
	order(&w.now, &w.cases[SUSPENDED], ACT_LIFT);
	struct act_body body = loss_of(&w);
	refused(on_register(&w.now, CHANG, &body), "EPO-01: the epoch", "the same epoch again");
	body.loss.epoch = 3;
	must(on_register(&w.now, CHANG, &body));
	body = approval_of(&w.now, "register");
	must(on_register(&w.now, FU, &body));
	REQUIRE(registry_number_class(&class, w.now.registry, 2026, &err));
	assert_int_equal(class, 2);
	assert_int_equal(licence_of(&s, &w, &w.licences[REVOKED]).status, LICENCE_REVOKED);
	registry_subject_free(&s);
	assert_int_equal(now_status(&w, &w.cases[REVOKED]), STATUS_REVOKED);
	/* The lifting was recorded before the second loss, and the floor knows nothing of it. */
	assert_int_equal(now_status(&w, &w.cases[SUSPENDED]), STATUS_SUSPENDED);
	assert_rebuilds(&w.now);

	publish_again(&w, 4);
	body = loss_of(&w);
	body.loss.epoch = 4;
	refused(on_register(&w.now, CHANG, &body), "is older than", "an older floor");
	world_close(&w);
}

/* A court sets aside what the acts that are lost had done. */
static void
a_ruling_reaches_what_is_lost(void **state)
{
	struct world w;
	struct registry_chain chain;
	(void)state;

	world_open(&w);
	accept_loss(&w);
	const struct road *r = &w.cases[REVOKED];
	const struct road now = { .bureau = w.now.bureau, .now_s = w.iat_s };
	struct act_body body = road_sanction(&now, ACT_REVOKE);
	body.kind = ACT_SET_ASIDE;
	body.order.ground = span_text("SET-01");
	body.order.status = STATUS_ACTIVE;
	refused(sign(&w.now, CHANG, r->number, &body), "LIC-04", "an act that never was");
	REQUIRE(registry_chain(&chain, w.now.registry, span_text("register"), &err));
	memcpy(body.order.target, chain.entries[chain.n - 2].act.hash, SHA256_BYTES);
	registry_chain_free(&chain);
	refused(
	    sign(&w.now, CHANG, w.cases[QUIET].number, &body), "LIC-0", "nothing was lost of it");
	must(sign(&w.now, CHANG, r->number, &body));
	body = approval_of(&w.now, r->number);
	must(sign(&w.now, FU, r->number, &body));
	assert_int_equal(now_status(&w, r), STATUS_ACTIVE);
	order(&w.now, r, ACT_REVOKE);
	assert_int_equal(now_status(&w, r), STATUS_REVOKED);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_slot_is_milder_and_no_fingerprint_forgotten),
		cmocka_unit_test(it_is_told_what_is_lost),
		cmocka_unit_test(officers_go_on_from_what_was_lost),
		cmocka_unit_test(threat_33_no_number_and_no_slot_is_used_again),
		cmocka_unit_test(what_was_proposed_before_is_not_made_again),
		cmocka_unit_test(a_loss_that_is_none_or_is_told_wrongly_is_refused),
		cmocka_unit_test(a_bundle_names_the_new_log),
		cmocka_unit_test(the_second_copy_has_the_floor_too),
		cmocka_unit_test(what_was_recorded_in_between_makes_nothing_milder),
		cmocka_unit_test(a_lost_extension_is_not_taken_back),
		cmocka_unit_test(a_second_loss_forgets_nothing_of_the_first),
		cmocka_unit_test(a_ruling_reaches_what_is_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

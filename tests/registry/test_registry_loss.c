/* Two officers accept that acts are lost: what they are told, and what nobody can do before or afterwards. */
#include "core/file.h"
#include "credential/note.h"
#include "registry/act_file.h"
#include "registry/registry_floor.h"
#include "registry/registry_licence.h"
#include "tests/registry/world.h"
#include "tests/test.h"

#include <stdio.h>

static void
it_is_told_what_is_lost(void **state)
{
	struct world w;
	struct registry_loss loss;
	(void)state;

	world_open(&w);
	struct act_body body = world_loss(&w);
	REQUIRE(registry_loss(&loss, w.now.registry, body.loss.snapshot, &err));
	assert_int_equal(loss.seq, 5);
	assert_int_equal(loss.assigned, CERTIFICATES + 1);
	assert_int_equal(loss.unknown, 2);
	assert_int_equal(loss.changed, 3);
	assert_int_equal(loss.size, ledger_head(&w.lost).size);
	world_close(&w);
}

static void
a_loss_that_is_none_or_is_told_wrongly_is_refused(void **state)
{
	struct world w;
	(void)state;

	world_open(&w);
	const struct act_body right = world_loss(&w);
	struct act_body body = right;
	body.loss.epoch = 3;
	world_refused(world_on_register(&w.now, CHANG, &body), "EPO-01", "another epoch");
	body = right;
	body.loss.size--;
	world_refused(world_on_register(&w.now, CHANG, &body), "EPO-01", "a shorter log");
	body = right;
	body.loss.root.b[0] ^= 1;
	world_refused(world_on_register(&w.now, CHANG, &body), "EPO-01", "another root");
	body = right;
	body.loss.snapshot[0] ^= 1;
	world_refused(
	    world_on_register(&w.now, CHANG, &body), "EPO-01", "a snapshot that is not kept");
	world_refused(
	    world_on_register(&w.now, YIN, &right), "ACT-03", "an officer without the role");
	world_must(world_on_register(&w.now, CHANG, &right));
	body = world_approval(&w.now, "register");
	world_refused(world_on_register(&w.now, CHANG, &body), "SEP-01", "one officer alone");

	/* The second copy turns up in time. */
	struct act_body in_full = world_loss(&w);
	struct ledger *l = &w.lost;
	uint8_t snapshot[SHA256_BYTES];
	REQUIRE(registry_keep_floor(snapshot, l->registry, w.published, &err));
	world_refused(
	    world_on_register(l, CHANG, &in_full), "nothing published is lost", "nothing lost");
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
	world_accept_loss(&w);
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
	world_refused(
	    ledger_append(&w.now, buf_span(&act), road.now_s), "NUM-02", "a slot of the old list");
	buf_free(&act);
	road.list = slot.list;
	body = road_issue(&road);
	bureau_sign_act(&act, w.now.bureau, YIN, &claims, &body);
	world_refused(
	    ledger_append(&w.now, buf_span(&act), road.now_s), "NUM-02", "a number of class 0");
	buf_free(&act);
	REQUIRE(number_make(&number, "JC", 'A', BUREAU_REGION, 2026, number_serial(1, 7), &err));
	number_stored(road.number, &number);
	body = road_issue(&road);
	bureau_sign_act(&act, w.now.bureau, YIN, &claims, &body);
	world_must(ledger_append(&w.now, buf_span(&act), road.now_s));
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
	world_accept_loss(&w);
	REQUIRE(registry_subject_load(&s, w.now.registry, span_text(w.pending.subject),
	    ledger_head(&w.now).recorded_s + 2, &err));
	assert_int_equal(s.dossier.stage, CASE_GRANTED);
	registry_subject_free(&s);
	const struct chain_entry *made = &w.pending.entries[w.pending.n - 1];
	world_refused(ledger_append(&w.now, made->act.bytes, ledger_head(&w.now).recorded_s + 60),
	    "", "the lost act itself");
	assert_int_equal(world_status(&w, &w.pending), STATUS_ACTIVE);
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
	world_refused(world_on_register(&w.now, SERVICE, &adopt), "EPO-03", "no loss was accepted");
	world_accept_loss(&w);
	world_must(world_on_register(&w.now, SERVICE, &adopt));
	ledger_rebuilds_alike(&w.now);
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
	world_accept_loss(&w);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_told_what_is_lost),
		cmocka_unit_test(a_loss_that_is_none_or_is_told_wrongly_is_refused),
		cmocka_unit_test(threat_33_no_number_and_no_slot_is_used_again),
		cmocka_unit_test(what_was_proposed_before_is_not_made_again),
		cmocka_unit_test(a_bundle_names_the_new_log),
		cmocka_unit_test(the_second_copy_has_the_floor_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* After acts were lost nothing is milder than what was published of them, and nothing is forgotten. */
#include "core/civil.h"
#include "tests/registry/world.h"
#include "tests/test.h"

/* Part for part: what was published is published again. */
static void
no_slot_is_milder_and_no_fingerprint_forgotten(void **state)
{
	struct world w;
	struct snapshot_parts parts;
	(void)state;

	world_open(&w);
	assert_int_equal(
	    world_status(&w, &w.cases[REVOKED]), STATUS_ACTIVE); /* before: forgotten */
	world_accept_loss(&w);
	REQUIRE(registry_list_parts(&parts, w.now.registry, 0, w.iat_s, &err));
	assert_true(span_equal(buf_span(&parts.status), buf_span(&w.parts[0].status)));
	assert_true(span_equal(buf_span(&parts.fingerprints), buf_span(&w.parts[0].fingerprints)));
	assert_true(span_equal(buf_span(&parts.history), buf_span(&w.parts[0].history)));
	snapshot_parts_free(&parts);

	assert_int_equal(world_status(&w, &w.cases[QUIET]), STATUS_ACTIVE);
	assert_int_equal(world_status(&w, &w.cases[SUSPENDED]), STATUS_SUSPENDED);
	assert_int_equal(world_status(&w, &w.cases[REVOKED]), STATUS_REVOKED);
	assert_int_equal(world_status(&w, &w.cases[LIFTED]), STATUS_ACTIVE);
	assert_int_equal(world_status(&w, &w.cases[KNOWN]), STATUS_SUSPENDED);
	assert_int_equal(world_status(&w, &w.cases[LOST]), STATUS_ACTIVE);
	assert_int_equal(world_status(&w, &w.pending), STATUS_ACTIVE);
	assert_int_equal(world_status(&w, &w.reserved), STATUS_PENDING);
	ledger_rebuilds_alike(&w.now);
	world_close(&w);
}

/* The licence goes on from what was lost: a lost suspension is lifted, a lost revocation stays. */
static void
officers_go_on_from_what_was_lost(void **state)
{
	struct world w;
	struct registry_subject s;
	(void)state;

	world_open(&w);
	world_accept_loss(&w);
	assert_int_equal(world_licence(&s, &w, &w.licences[SUSPENDED]).status, LICENCE_SUSPENDED);
	registry_subject_free(&s);
	assert_int_equal(world_licence(&s, &w, &w.licences[REVOKED]).status, LICENCE_REVOKED);
	registry_subject_free(&s);
	assert_int_equal(world_licence(&s, &w, &w.licences[LIFTED]).status, LICENCE_ACTIVE);
	registry_subject_free(&s);
	assert_int_equal(world_licence(&s, &w, &w.licences[KNOWN]).status, LICENCE_SUSPENDED);
	registry_subject_free(&s);

	/* On it the register has no act yet. */
	const struct road *r = &w.cases[SUSPENDED];
	world_order(&w.now, r, ACT_LIFT);
	assert_int_equal(world_status(&w, r), STATUS_ACTIVE);
	world_order(&w.now, r, ACT_SUSPEND);
	assert_int_equal(world_status(&w, r), STATUS_SUSPENDED);
	world_order(&w.now, r, ACT_REVOKE);
	assert_int_equal(world_status(&w, r), STATUS_REVOKED);
	struct act_body body = road_sanction(&w.licences[REVOKED], ACT_LIFT);
	world_refused(world_sign(&w.now, CHANG, w.cases[REVOKED].number, &body), "LIC-01",
	    "lifting a revocation");
	ledger_rebuilds_alike(&w.now);
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
	world_accept_loss(&w);
	assert_int_equal(world_status(&w, &w.cases[QUIET]), STATUS_SUSPENDED);
	assert_int_equal(world_status(&w, &w.cases[REVOKED]), STATUS_REVOKED);
	road_close(&quiet);
	road_close(&known);
	ledger_rebuilds_alike(&w.now);
	world_close(&w);
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
	world_must(world_sign(&w.lost, CHANG, r->number, &body));
	struct act_body approval = world_approval(&w.lost, r->number);
	world_must(world_sign(&w.lost, FU, r->number, &approval));
	world_publish_again(&w, 6);
	REQUIRE(registry_orders_part(&published, w.lost.registry, &err));
	world_accept_loss(&w);
	REQUIRE(registry_orders_part(&again, w.now.registry, &err));
	assert_true(span_equal(buf_span(&published), buf_span(&again)));
	const struct licence_state l = world_licence(&s, &w, r);
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
	world_accept_loss(&w);
	world_order(&w.now, &w.cases[SUSPENDED], ACT_LIFT);
	struct act_body body = world_loss(&w);
	world_refused(
	    world_on_register(&w.now, CHANG, &body), "EPO-01: the epoch", "the same epoch again");
	body.loss.epoch = 3;
	world_must(world_on_register(&w.now, CHANG, &body));
	body = world_approval(&w.now, "register");
	world_must(world_on_register(&w.now, FU, &body));
	REQUIRE(registry_number_class(&class, w.now.registry, 2026, &err));
	assert_int_equal(class, 2);
	assert_int_equal(world_licence(&s, &w, &w.licences[REVOKED]).status, LICENCE_REVOKED);
	registry_subject_free(&s);
	assert_int_equal(world_status(&w, &w.cases[REVOKED]), STATUS_REVOKED);
	/* The lifting was recorded before the second loss, and the floor knows nothing of it. */
	assert_int_equal(world_status(&w, &w.cases[SUSPENDED]), STATUS_SUSPENDED);
	ledger_rebuilds_alike(&w.now);

	world_publish_again(&w, 4);
	body = world_loss(&w);
	body.loss.epoch = 4;
	world_refused(world_on_register(&w.now, CHANG, &body), "is older than", "an older floor");
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
	world_accept_loss(&w);
	const struct road *r = &w.cases[REVOKED];
	const struct road now = { .bureau = w.now.bureau, .now_s = w.iat_s };
	struct act_body body = road_sanction(&now, ACT_REVOKE);
	body.kind = ACT_SET_ASIDE;
	body.order.ground = span_text("SET-01");
	body.order.status = STATUS_ACTIVE;
	world_refused(
	    world_sign(&w.now, CHANG, r->number, &body), "LIC-04", "an act that never was");
	REQUIRE(registry_chain(&chain, w.now.registry, span_text("register"), &err));
	memcpy(body.order.target, chain.entries[chain.n - 2].act.hash, SHA256_BYTES);
	registry_chain_free(&chain);
	world_refused(world_sign(&w.now, CHANG, w.cases[QUIET].number, &body), "LIC-0",
	    "nothing was lost of it");
	world_must(world_sign(&w.now, CHANG, r->number, &body));
	body = world_approval(&w.now, r->number);
	world_must(world_sign(&w.now, FU, r->number, &body));
	assert_int_equal(world_status(&w, r), STATUS_ACTIVE);
	world_order(&w.now, r, ACT_REVOKE);
	assert_int_equal(world_status(&w, r), STATUS_REVOKED);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_slot_is_milder_and_no_fingerprint_forgotten),
		cmocka_unit_test(officers_go_on_from_what_was_lost),
		cmocka_unit_test(what_was_recorded_in_between_makes_nothing_milder),
		cmocka_unit_test(a_lost_extension_is_not_taken_back),
		cmocka_unit_test(a_second_loss_forgets_nothing_of_the_first),
		cmocka_unit_test(a_ruling_reaches_what_is_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

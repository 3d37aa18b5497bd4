#include "registry/registry.h"

#include "registry/registry_find.h"
#include "registry/registry_licence.h"
#include "tests/registry/ledger.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what follows from acts ---- */

static void
same_after_rebuild(struct ledger *l)
{
	struct buf before = BUF_EMPTY, after = BUF_EMPTY;

	ledger_dump(&before, l->registry);
	assert_true(before.len > 1000);
	REQUIRE(registry_rebuild(l->registry, &err));
	ledger_dump(&after, l->registry);
	assert_true(span_equal(buf_span(&before), buf_span(&after)));
	buf_free(&before);
	buf_free(&after);
}

static void
check_issued(struct ledger *l, const struct road *r)
{
	struct registry_instrument by_number;
	struct registry_case c;

	REQUIRE(registry_find_case(&c, l->registry, span_text(r->subject), &err));
	assert_int_equal(c.stage, CASE_ISSUED);
	assert_string_equal(c.number, r->number);
	assert_int_equal(c.acts, r->n);
	assert_int_equal(c.opened_s, r->entries[0].recorded_s);
	assert_int_equal(c.last_s, r->entries[r->n - 1].recorded_s);

	REQUIRE(registry_find_instrument(&by_number, l->registry, span_text(r->number), &err));
	assert_true(span_equal(span_of(by_number.qc1, by_number.qc1_len), buf_span(&r->qc1)));
	assert_string_equal(by_number.subject, r->subject);
	assert_int_equal(by_number.version, 1);
	assert_int_equal(by_number.idx, r->idx);
	assert_int_equal(by_number.pdf_bytes, 123456);
	assert_int_equal(by_number.made_index, c.last_index);
}

static void
check_history(struct ledger *l, const char *number)
{
	/* a suspension: without an end, and with its window */
	static const enum status want[] = { STATUS_SUSPENDED, STATUS_SUSPENDED, STATUS_ACTIVE,
		STATUS_REVOKED };
	struct registry_instrument i;
	struct registry_record r;

	REQUIRE(registry_find_instrument(&i, l->registry, span_text(number), &err));
	REQUIRE(
	    registry_record_load(&r, l->registry, (struct history_slot){ i.list, i.idx }, &err));
	assert_int_equal(r.n_history, COUNT_OF(want));
	assert_int_equal(r.n_orders, 0);
	for (size_t k = 0; k < COUNT_OF(want); k++) {
		assert_int_equal(r.history[k].status, want[k]);
		assert_int_equal(r.history[k].until_s == HISTORY_OPEN, k != 1);
		assert_true(k < 2 || r.history[k].recorded_s > r.history[k - 1].recorded_s);
	}
	registry_record_free(&r);
}

static void
whole_life(const char *policy)
{
	struct ledger l;
	struct road granted, licence, refused;

	ledger_open(&l, policy);
	ledger_case_to(&l, &granted, CASE_ISSUED);
	check_issued(&l, &granted);
	ledger_licence(&l, &licence, &granted);
	ledger_sanction(&l, &licence, ACT_SUSPEND);
	ledger_sanction(&l, &licence, ACT_LIFT);
	ledger_sanction(&l, &licence, ACT_REVOKE);
	check_history(&l, granted.number);
	ledger_case_to(&l, &refused, CASE_INSPECTED_ONCE);
	same_after_rebuild(&l);
	ledger_reopen(&l);
	check_issued(&l, &granted);
	road_close(&granted);
	road_close(&licence);
	road_close(&refused);
	ledger_close(&l);
}

static void
a_whole_life_under_the_standard_policy_rebuilds_identically(void **state)
{
	(void)state;
	whole_life("standard");
}

static void
a_whole_life_under_the_small_policy_rebuilds_identically(void **state)
{
	(void)state;
	whole_life("small");
}

/* What the register takes for approved can be made: it asks what the signer and the verifier will ask. */
static void
an_approval_that_no_verifier_would_take_is_not_recorded(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	struct buf early = BUF_EMPTY;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUE_PROPOSED);
	struct act act = road_next(&r);
	struct act_body body = road_answer(&r, ACT_APPROVE);
	act.time_s =
	    r.claims.iat_s - 301; /* a clock five minutes and a second behind the proposer's */
	bureau_sign_act(&early, l.bureau, FU, &act, &body);
	struct registry_item item = ledger_append(&l, buf_span(&early), r.now_s);
	assert_false(item.recorded);
	assert_memory_equal(item.err.text, "APP-04", 6);

	road_do(&r, FU, body);
	ledger_record(&l, &r, r.n - 1);
	buf_free(&early);
	road_close(&r);
	ledger_close(&l);
}

/* ---- sittings ---- */

/* Threat 49: one bad item at each position; the others are recorded all the same. */
static void
threat_49_one_bad_item_leaves_the_others(void **state)
{
	(void)state;
	enum { ITEMS = 4 };
	struct ledger l;
	struct road roads[ITEMS];
	struct registry_item items[ITEMS];

	ledger_open(&l, "standard");
	for (size_t bad = 0; bad < ITEMS; bad++) {
		for (size_t i = 0; i < ITEMS; i++) {
			ledger_case(&l, &roads[i]);
			road_do(&roads[i], AN, road_submit());
			items[i].act = buf_span(&roads[i].bytes[0]);
		}
		roads[bad].bytes[0].ptr[roads[bad].bytes[0].len - 1] ^= 1;
		uint64_t before = ledger_head(&l).size;
		REQUIRE(registry_append(l.registry, items, ITEMS, false, roads[0].now_s, &err));
		for (size_t i = 0; i < ITEMS; i++)
			assert_int_equal(items[i].recorded, i != bad);
		assert_memory_equal(items[bad].err.text, "ACT-01", 6);
		assert_int_equal(ledger_head(&l).size, before + ITEMS - 1);
		for (size_t i = 0; i < ITEMS; i++)
			road_close(&roads[i]);
	}
	ledger_close(&l);
}

static void
time_of_recording_never_falls(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;

	ledger_open(&l, "standard");
	ledger_case(&l, &r);
	road_do(&r, AN, road_submit());
	road_do(&r, AN, road_accept());
	struct registry_item first = ledger_append(&l, buf_span(&r.bytes[0]), r.now_s + 200);
	struct registry_item second = ledger_append(&l, buf_span(&r.bytes[1]), r.now_s);
	assert_true(first.recorded && second.recorded);
	assert_int_equal(second.recorded_s, first.recorded_s);
	road_close(&r);
	ledger_close(&l);
}

static void
nothing_comes_before_the_register_act(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	struct err why = { 0 };
	char other[128];
	struct registry *empty = NULL;

	ledger_open(&l, "standard");
	ledger_case(&l, &r);
	road_do(&r, AN, road_submit());
	snprintf(other, sizeof other, "%s/empty.db", l.dir);
	REQUIRE(registry_create(other, &err));
	struct registry_config config = l.config;
	char second[128];
	snprintf(second, sizeof second, "%s/empty.log", l.dir);
	config.path = other;
	config.second_copy = second;
	config.lookup = NULL;
	REQUIRE(registry_open(&empty, &config, &err));
	struct registry_item item = { .act = buf_span(&r.bytes[0]) };
	REQUIRE(registry_append(empty, &item, 1, false, r.now_s, &err));
	assert_false(item.recorded);
	assert_memory_equal(item.err.text, "ACT-07", 6);
	assert_false(registry_create(other, &why));
	assert_int_equal(why.code, ERR_CONFLICT);
	registry_close(empty);
	road_close(&r);
	ledger_close(&l);
}

/* ---- idempotency ---- */

static void
sign_with_key(struct buf *out, struct road *r, enum signer who, struct act_body body, uint8_t key)
{
	struct act claims = road_next(r);
	claims.has_idempotency = true;
	memset(claims.idempotency, key, sizeof claims.idempotency);
	bureau_sign_act(out, r->bureau, who, &claims, &body);
}

/* Threat 32: a retry after a lost answer gets the first answer; another content none. */
static void
threat_32_the_same_key_gives_the_same_answer(void **state)
{
	(void)state;
	struct ledger l;
	struct road r, other;
	struct buf first = BUF_EMPTY, again = BUF_EMPTY, changed = BUF_EMPTY, others = BUF_EMPTY;
	struct act_body body = road_submit();

	ledger_open(&l, "standard");
	ledger_case(&l, &r);
	ledger_case(&l, &other);
	sign_with_key(&first, &r, AN, road_submit(), 7);
	sign_with_key(
	    &again, &other, AN, road_submit(), 7); /* as signed anew, under a new case number */
	body.submit.application = span_text("{\"another\":1}");
	sign_with_key(&changed, &other, AN, body, 7);
	sign_with_key(&others, &other, SHEN, road_submit(), 7);

	struct registry_item one = ledger_append(&l, buf_span(&first), r.now_s);
	struct registry_item two = ledger_append(&l, buf_span(&first), r.now_s + 60);
	struct registry_item three = ledger_append(&l, buf_span(&again), r.now_s + 60);
	struct registry_item four = ledger_append(&l, buf_span(&changed), r.now_s + 60);
	assert_true(one.recorded && !one.repeated);
	assert_true(two.recorded && two.repeated && two.index == one.index);
	assert_true(three.recorded && three.repeated && three.index == one.index);
	assert_int_equal(three.recorded_s, one.recorded_s);
	assert_false(four.recorded);
	assert_int_equal(four.err.code, ERR_CONFLICT);
	assert_memory_equal(four.err.text, "ACT-08", 6);
	/* What another officer signed is not answered with the first one's. */
	struct registry_item five = ledger_append(&l, buf_span(&others), r.now_s + 60);
	assert_false(five.recorded);
	assert_memory_equal(five.err.text, "ACT-08", 6);
	assert_int_equal(ledger_head(&l).size, 2);
	buf_free(&first);
	buf_free(&again);
	buf_free(&changed);
	buf_free(&others);
	ledger_close(&l);
}

/* A credential that no credential key signed is not recorded, whoever signs the act. */
static void
a_credential_with_a_bad_signature_is_not_recorded(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUE_APPROVED);
	struct act_body body = road_made(&r);
	r.qc1.ptr[r.qc1.len - 1] ^= 1;
	road_do(&r, SERVICE, body);
	struct registry_item item = ledger_append(&l, buf_span(&r.bytes[r.n - 1]), r.now_s);
	assert_false(item.recorded);
	assert_non_null(strstr(item.err.text, "credential"));
	road_close(&r);
	ledger_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_approval_that_no_verifier_would_take_is_not_recorded),
		cmocka_unit_test(a_whole_life_under_the_standard_policy_rebuilds_identically),
		cmocka_unit_test(a_whole_life_under_the_small_policy_rebuilds_identically),
		cmocka_unit_test(threat_49_one_bad_item_leaves_the_others),
		cmocka_unit_test(time_of_recording_never_falls),
		cmocka_unit_test(nothing_comes_before_the_register_act),
		cmocka_unit_test(threat_32_the_same_key_gives_the_same_answer),
		cmocka_unit_test(a_credential_with_a_bad_signature_is_not_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

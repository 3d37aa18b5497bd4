/* Bars: what a case or a licence leaves behind, and whom it meets. */
#include "registry/registry_applied.h"

#include "core/civil.h"
#include "tests/registry/ledger.h"
#include "tests/test.h"

#include <stdio.h>

static struct registry_applied
ask(struct ledger *l, int64_t now_s)
{
	struct registry_applied out;
	struct applied applied = { .type = APPLIED_NEW, .uscc = ROAD_USCC, .family = "JC" };
	REQUIRE(registry_applied(&out, l->registry, &applied, now_s, &err));
	return out;
}

/* A bar of this ground for so many months from the last recording on, to the second; "": none. */
static void
bars(struct ledger *l, const char *ground, int months)
{
	int64_t last_s = ledger_head(l).recorded_s;
	int64_t until_s = civil_start_s(civil_add_months(civil_of(last_s), months));
	struct registry_applied found = ask(l, last_s);

	assert_int_equal(found.barred, ground[0] != '\0');
	if (!found.barred)
		return;
	assert_string_equal(found.bar.ground->code, ground);
	assert_true(found.bar.until_s == until_s);
	assert_true(ask(l, until_s - 1).barred);
	assert_false(ask(l, until_s).barred);
	struct applied other = { .type = APPLIED_NEW, .uscc = ROAD_USCC, .family = "YZ" };
	REQUIRE(registry_applied(&found, l->registry, &other, last_s, &err));
	assert_false(found.barred);
	other =
	    (struct applied){ .type = APPLIED_NEW, .uscc = "91999902MADEM002X6", .family = "JC" };
	REQUIRE(registry_applied(&found, l->registry, &other, last_s, &err));
	assert_false(found.barred);
}

static void
review(struct road *r, enum act_result result)
{
	road_to(r, CASE_SCHEDULED);
	road_do(r, SHI, road_inspect(result));
	road_do(r, XIANG, road_inspect(result));
}

static void
grounds_set_their_bars(void **state)
{
	(void)state;
	static const struct {
		enum act_kind kind;
		const char *ground;
		int months; /* 0: none */
	} rows[] = {
		{ ACT_DECLINE, "DCL-01", 0 },
		{ ACT_DECLINE, "DCL-02", 0 },
		{ ACT_DECLINE, "DCL-03", 12 },
		{ ACT_TERMINATE, "TER-01", 12 },
		{ ACT_TERMINATE, "TER-02", 12 },
		{ ACT_TERMINATE, "TER-03", 0 },
		{ ACT_TERMINATE, "TER-04", 3 },
		{ ACT_TERMINATE, "TER-05", 0 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct ledger l;
		struct road r;
		ledger_open(&l, "standard");
		ledger_case(&l, &r);
		road_to(&r, rows[i].kind == ACT_DECLINE ? CASE_SUBMITTED : CASE_ACCEPTED);
		struct act_body body = road_notice(&r, rows[i].kind);
		body.notice.ground = span_text(rows[i].ground);
		road_do(&r, rows[i].kind == ACT_DECLINE ? AN : GUAN, body);
		if (rows[i].kind == ACT_TERMINATE) {
			ledger_record(&l, &r, 0);
			bars(&l, "", 0); /* proposed only */
			road_do(&r, BI, road_answer(&r, ACT_APPROVE));
			ledger_record(&l, &r, r.n - 1);
		} else {
			ledger_record(&l, &r, 0);
		}
		bars(&l, rows[i].months > 0 ? rows[i].ground : "", rows[i].months);
		ledger_rebuilds_alike(&l);
		road_close(&r);
		ledger_close(&l);
	}
}

static void
a_failed_or_stopped_review_sets_a_bar_until_it_is_reopened(void **state)
{
	(void)state;
	static const enum act_result results[] = { RESULT_FAIL, RESULT_STOP };
	for (size_t i = 0; i < COUNT_OF(results); i++) {
		struct ledger l;
		struct road r;
		ledger_open(&l, "standard");
		ledger_case(&l, &r);
		review(&r, results[i]);
		ledger_record(&l, &r, 0);
		bars(&l, i == 0 ? "INS-01" : "INS-02", i == 0 ? 6 : 3);
		size_t from = r.n;
		road_do(&r, CHANG, road_recuse(&r, SHI));
		ledger_record(&l, &r, from);
		bars(&l, "", 0);
		ledger_rebuilds_alike(&l);
		road_close(&r);
		ledger_close(&l);
	}
}

/* A termination after a failed review: the six months of the failure are longer than the three of the ground. */
static void
the_longer_bar_counts(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	ledger_open(&l, "standard");
	ledger_case(&l, &r);
	review(&r, RESULT_FAIL);
	struct act_body body = road_notice(&r, ACT_TERMINATE);
	body.notice.ground = span_text("TER-04");
	road_do(&r, GUAN, body);
	road_do(&r, BI, road_answer(&r, ACT_APPROVE));
	ledger_record(&l, &r, 0);
	bars(&l, "INS-01", 6);
	road_close(&r);
	ledger_close(&l);
}

static void
whoever_is_barred_is_refused_until_the_day(void **state)
{
	(void)state;
	struct ledger l;
	struct road r, again;
	struct registry_item item;
	ledger_open(&l, "standard");
	ledger_case(&l, &r);
	review(&r, RESULT_FAIL);
	ledger_record(&l, &r, 0);
	int64_t until_s = ask(&l, r.now_s).bar.until_s;
	for (int late = 0; late < 2; late++) {
		ledger_case(&l, &again);
		again.now_s = until_s - 1 + late;
		road_to(&again, CASE_SUBMITTED);
		item = ledger_append(&l, buf_span(&again.bytes[0]), until_s - 1 + late);
		assert_int_equal(item.recorded, late);
		if (!late)
			assert_memory_equal(item.err.text, "BAR-01", 6);
		road_close(&again);
	}
	road_close(&r);
	ledger_close(&l);
}

/* ---- licences ---- */

static void
order(struct ledger *l, struct road *licence, enum act_kind kind, const char *ground,
    const uint8_t *target)
{
	const size_t from = licence->n;
	struct act_body body = road_sanction(licence, kind);

	body.order.ground = span_text(ground);
	body.order.until_s = 0;
	if (target != NULL) {
		memcpy(body.order.target, target, SHA256_BYTES);
		body.order.from_s = kind == ACT_CORRECT ? 0 : body.order.from_s;
		body.order.status = kind == ACT_CORRECT ? 0 : STATUS_ACTIVE;
	}
	road_do(licence, CHANG, body);
	road_do(licence, FU, road_answer(licence, ACT_APPROVE));
	ledger_record(l, licence, from);
}

static void
an_annulment_for_fraud_sets_a_bar_that_its_undoing_takes_away(void **state)
{
	(void)state;
	static const struct {
		enum act_kind kind;
		const char *ground;
	} undone[] = { { ACT_CORRECT, "COR-01" }, { ACT_SET_ASIDE, "SET-01" } };
	for (size_t i = 0; i < COUNT_OF(undone); i++) {
		struct ledger l;
		struct road r, licence;
		ledger_open(&l, "standard");
		ledger_case_to(&l, &r, CASE_ISSUED);
		ledger_licence(&l, &licence, &r);
		order(&l, &licence, ACT_ANNUL, "ANN-01", NULL);
		uint8_t annulment[SHA256_BYTES];
		memcpy(annulment, licence.entries[licence.n - 2].act.hash, SHA256_BYTES);
		bars(&l, "ANN-01", 36);
		ledger_rebuilds_alike(&l);
		order(&l, &licence, undone[i].kind, undone[i].ground, annulment);
		bars(&l, "", 0);
		ledger_rebuilds_alike(&l);
		road_close(&licence);
		road_close(&r);
		ledger_close(&l);
	}
}

static void
another_annulment_sets_none(void **state)
{
	(void)state;
	struct ledger l;
	struct road r, licence;
	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUED);
	ledger_licence(&l, &licence, &r);
	order(&l, &licence, ACT_ANNUL, "ANN-04", NULL);
	bars(&l, "", 0);
	road_close(&licence);
	road_close(&r);
	ledger_close(&l);
}

/* ---- the licence an application is about ---- */

static void
the_licence_named_is_found_as_it_stands(void **state)
{
	(void)state;
	struct ledger l;
	struct road r, licence;
	struct registry_applied found;
	struct applied applied = { .type = APPLIED_RENEWAL, .uscc = ROAD_USCC, .family = "JC" };

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUED);
	memcpy(applied.of, r.number, sizeof applied.of);
	REQUIRE(registry_applied(&found, l.registry, &applied, r.now_s, &err));
	assert_true(span_is(found.of.claims->sub, r.number));
	assert_int_equal(found.of.status, LICENCE_ACTIVE);
	assert_true(found.of.end_s == r.claims.exp_s);
	ledger_licence(&l, &licence, &r);
	ledger_sanction(&l, &licence, ACT_SUSPEND);
	REQUIRE(registry_applied(&found, l.registry, &applied, licence.now_s, &err));
	assert_int_equal(found.of.status, LICENCE_SUSPENDED);
	applied.of[5] = '8';
	REQUIRE(registry_applied(&found, l.registry, &applied, licence.now_s, &err));
	assert_null(found.of.claims);
	road_close(&licence);
	road_close(&r);
	ledger_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grounds_set_their_bars),
		cmocka_unit_test(a_failed_or_stopped_review_sets_a_bar_until_it_is_reopened),
		cmocka_unit_test(the_longer_bar_counts),
		cmocka_unit_test(whoever_is_barred_is_refused_until_the_day),
		cmocka_unit_test(an_annulment_for_fraud_sets_a_bar_that_its_undoing_takes_away),
		cmocka_unit_test(another_annulment_sets_none),
		cmocka_unit_test(the_licence_named_is_found_as_it_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

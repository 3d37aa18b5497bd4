#include "registry/registry_find.h"

#include "tests/registry/ledger.h"
#include "tests/test.h"

#include <stdio.h>

/* ---- numbers and slots ---- */

static bool
is_free(struct ledger *l, const struct road *r)
{
	bool out;
	REQUIRE(registry_number_free(&out, l->registry, span_text(r->number), &err));
	return out;
}

/* Threat 33: used is used, whatever became of the proposal. */
static void
threat_33_no_number_or_slot_comes_twice(void **state)
{
	(void)state;
	struct ledger l;
	struct road cancelled, again;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &cancelled, CASE_GRANTED);
	assert_true(is_free(&l, &cancelled));
	road_do(&cancelled, YIN, road_issue(&cancelled));
	road_do(&cancelled, YIN, road_answer(&cancelled, ACT_CANCEL));
	ledger_record(&l, &cancelled, cancelled.n - 2);
	assert_false(is_free(&l, &cancelled));

	/* Another case with the same number, then with the same slot. */
	for (int same_number = 0; same_number < 2; same_number++) {
		ledger_case_to(&l, &again, CASE_GRANTED);
		if (same_number)
			memcpy(again.number, cancelled.number, sizeof again.number);
		else
			again.idx = cancelled.idx;
		road_do(&again, YIN, road_issue(&again));
		struct registry_item item =
		    ledger_append(&l, buf_span(&again.bytes[again.n - 1]), again.now_s);
		assert_false(item.recorded);
		assert_memory_equal(item.err.text, "NUM-01", 6);
		road_close(&again);
	}
	road_close(&cancelled);
	ledger_close(&l);
}

static void
slots_are_picked_free_and_different(void **state)
{
	(void)state;
	enum { PICKS = 40 };
	struct ledger l;
	struct road r;
	uint64_t random[PICKS];
	struct history_slot slots[PICKS];

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUE_PROPOSED);
	for (size_t i = 0; i < PICKS; i++)
		random[i] = i % 2 == 0 ? r.idx : UINT64_MAX; /* as unlucky as can be */
	REQUIRE(registry_pick_slots(slots, PICKS, l.registry, random, &err));
	for (size_t i = 0; i < PICKS; i++) {
		assert_int_equal(slots[i].list, 0);
		assert_int_not_equal(slots[i].idx, r.idx);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(slots[i].idx, slots[j].idx);
	}
	road_close(&r);
	ledger_close(&l);
}

static void
a_half_full_list_gives_way_to_the_next(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	uint64_t random[2] = { 0, 0 };
	struct history_slot slots[2];

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUE_PROPOSED);
	ledger_sql(l.db,
	    "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 33765)"
	    "INSERT INTO slots SELECT 0, i, 'N' || i, 1, proposal_index, 3 FROM n, slots;");
	REQUIRE(registry_pick_slots(slots, 2, l.registry, random, &err));
	assert_int_equal(slots[0].list, 0); /* the 32,768th */
	assert_int_equal(slots[1].list, 1);
	road_close(&r);
	ledger_close(&l);
}

static void
cases_are_numbered_on(void **state)
{
	(void)state;
	static const struct {
		const char *recorded, *next;
		int year;
	} rows[] = {
		{ NULL, "case/C-2026-0001", 2026 },
		{ "case/C-2026-0041", "case/C-2026-0042", 2026 },
		{ "case/C-2026-9999", "case/C-2026-10000", 2026 },
		{ "case/C-2026-10000", "case/C-2026-10001", 2026 },
		{ NULL, "case/C-2027-0001", 2027 },
	};
	struct ledger l;
	struct road r;
	char next[ACT_SUBJECT_BYTES + 1];

	ledger_open(&l, "standard");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (rows[i].recorded != NULL) {
			ledger_case(&l, &r);
			snprintf(r.subject, sizeof r.subject, "%s", rows[i].recorded);
			road_do(&r, AN, road_submit());
			ledger_record(&l, &r, 0);
			road_close(&r);
		}
		REQUIRE(registry_next_case(next, l.registry, rows[i].year, &err));
		assert_string_equal(next, rows[i].next);
	}
	ledger_close(&l);
}

/* ---- what is asked ---- */

static bool
count_case(void *ctx, const struct registry_case *c, struct err *err)
{
	(void)c;
	(void)err;
	++*(size_t *)ctx;
	return true;
}

struct seen {
	size_t n;
	struct registry_proposal last;
};

static bool
see_proposal(void *ctx, const struct registry_proposal *p, struct err *err)
{
	struct seen *seen = ctx;
	(void)err;
	seen->n++;
	seen->last = *p;
	return true;
}

static struct seen
seen_in(
    struct ledger *l, bool (*each)(struct registry *, registry_proposal_fn *, void *, struct err *))
{
	struct seen seen = { 0 };
	REQUIRE(each(l->registry, see_proposal, &seen, &err));
	return seen;
}

/* Every state a proposal can come to, and what of it still waits. */
static void
proposals_are_open_answered_or_void(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	struct seen all = { 0 };

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_DECISION_PROPOSED);
	assert_int_equal(seen_in(&l, registry_each_open_proposal).n, 1);

	road_do(&r, GUAN, road_decide(&r, DECISION_GRANT)); /* voids the one before */
	ledger_record(&l, &r, r.n - 1);
	assert_int_equal(seen_in(&l, registry_each_open_proposal).n, 1);
	road_do(&r, BI, road_answer(&r, ACT_REFUSE));
	ledger_record(&l, &r, r.n - 1);
	assert_int_equal(seen_in(&l, registry_each_open_proposal).n, 0);

	REQUIRE(
	    registry_each_proposal(l.registry, span_text(ROAD_SITTING), see_proposal, &all, &err));
	assert_int_equal(all.n, 2);
	assert_int_equal(all.last.state, PROPOSAL_REFUSED);
	assert_int_equal(all.last.kind, ACT_DECIDE);
	assert_int_equal(all.last.answer_index, ledger_head(&l).size - 1);
	assert_string_equal(all.last.subject, r.subject);
	road_close(&r);
	ledger_close(&l);
}

/* Threat 29: an issue that was approved and not made is found again. */
static void
threat_29_half_made_certificates_are_found(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	size_t open = 0, every = 0;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUE_APPROVED);
	struct seen half = seen_in(&l, registry_each_half_made);
	assert_int_equal(half.n, 1);
	assert_int_equal(half.last.kind, ACT_ISSUE);
	assert_memory_equal(half.last.hash, r.entries[r.n - 2].act.hash, SHA256_BYTES);
	REQUIRE(registry_each_case(l.registry, BUREAU_START_S, count_case, &open, &err));
	assert_int_equal(open, 1);

	road_do(&r, SERVICE, road_made(&r));
	ledger_record(&l, &r, r.n - 1);
	assert_int_equal(seen_in(&l, registry_each_half_made).n, 0);
	open = 0;
	REQUIRE(registry_each_case(l.registry, BUREAU_START_S, count_case, &open, &err));
	REQUIRE(registry_each_case(l.registry, 0, count_case, &every, &err));
	assert_int_equal(open, 1); /* still to be delivered */
	assert_int_equal(every, 1);
	road_do(&r, AN, road_notice(&r, ACT_DELIVER));
	ledger_record(&l, &r, r.n - 1);
	open = 0;
	REQUIRE(registry_each_case(l.registry, BUREAU_START_S, count_case, &open, &err));
	assert_int_equal(open, 0);
	road_close(&r);
	ledger_close(&l);
}

/* What time alone makes of a case is seen without an act. */
static void
a_stage_turns_by_time(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	struct registry_case c;
	size_t before = 0, after = 0;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_SUBMITTED);
	REQUIRE(registry_find_case(&c, l.registry, span_text(r.subject), &err));
	int64_t turns_s = case_term_s(r.entries[0].recorded_s, CASE_DAYS_TO_ACCEPT);
	assert_int_equal(registry_case_stage(&c, turns_s - 1), CASE_SUBMITTED);
	assert_int_equal(registry_case_stage(&c, turns_s), CASE_ACCEPTED);
	road_do(&r, AN, road_ask());
	ledger_record(&l, &r, 1);
	REQUIRE(registry_find_case(&c, l.registry, span_text(r.subject), &err));
	turns_s = case_term_s(r.entries[1].recorded_s, CASE_DAYS_TO_AMEND);
	assert_int_equal(registry_case_stage(&c, turns_s - 1), CASE_CORRECTION_ASKED);
	assert_int_equal(registry_case_stage(&c, turns_s), CASE_ABANDONED);
	REQUIRE(registry_each_case(l.registry, turns_s - 1, count_case, &before, &err));
	REQUIRE(registry_each_case(l.registry, turns_s, count_case, &after, &err));
	assert_int_equal(before, 1);
	assert_int_equal(after, 0);
	road_close(&r);
	ledger_close(&l);
}

static void
chains_and_acts_are_found_as_they_were_recorded(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	struct registry_chain chain;
	struct registry_entry entry;
	struct buf bytes = BUF_EMPTY;
	struct err why = { 0 };
	uint8_t nobody[SHA256_BYTES] = { 0 };

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUED);
	REQUIRE(registry_chain(&chain, l.registry, span_text(r.subject), &err));
	assert_int_equal(chain.n, r.n);
	for (size_t i = 0; i < r.n; i++) {
		assert_true(span_equal(chain.entries[i].act.bytes, r.entries[i].act.bytes));
		assert_true(chain_same_person(&chain.entries[i].who, &r.entries[i].who));
		assert_int_equal(chain.entries[i].recorded_s, r.entries[i].recorded_s);
	}
	registry_chain_free(&chain);
	REQUIRE(registry_find_act(&entry, &bytes, l.registry, r.entries[3].act.hash, &err));
	assert_true(span_equal(entry.bytes, r.entries[3].act.bytes));
	assert_int_equal(entry.index, 4);
	assert_false(registry_find_act(&entry, &bytes, l.registry, nobody, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	assert_false(registry_find_case(
	    &(struct registry_case){ 0 }, l.registry, span_text("case/C-2026-0099"), &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	buf_free(&bytes);
	road_close(&r);
	ledger_close(&l);
}

/* Whoever changes an act in the database has to change what is linked to it, too. */
static void
threat_35_an_act_that_was_changed_is_not_read(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	struct registry_chain chain;
	struct err why = { 0 };

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_EXAMINED);
	ledger_sql(l.db,
	    "DROP TRIGGER acts_are_not_changed;"
	    "UPDATE acts SET act = (SELECT act FROM acts WHERE log_index = 2) WHERE log_index = "
	    "3;");
	assert_false(registry_chain(&chain, l.registry, span_text(r.subject), &why));
	assert_int_equal(why.code, ERR_MALFORMED);
	assert_non_null(strstr(why.text, "act 3 is another"));
	road_close(&r);
	ledger_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threat_33_no_number_or_slot_comes_twice),
		cmocka_unit_test(slots_are_picked_free_and_different),
		cmocka_unit_test(a_half_full_list_gives_way_to_the_next),
		cmocka_unit_test(cases_are_numbered_on),
		cmocka_unit_test(proposals_are_open_answered_or_void),
		cmocka_unit_test(threat_29_half_made_certificates_are_found),
		cmocka_unit_test(a_stage_turns_by_time),
		cmocka_unit_test(chains_and_acts_are_found_as_they_were_recorded),
		cmocka_unit_test(threat_35_an_act_that_was_changed_is_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

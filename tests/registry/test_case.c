#include "core/civil.h"
#include "registry/case.h"
#include "tests/registry/road.h"
#include "tests/test.h"

static struct bureau *standard, *small;

static int
open_bureaus(void **state)
{
	(void)state;
	standard = bureau_new("standard");
	small = bureau_new("small");
	return 0;
}

static int
close_bureaus(void **state)
{
	(void)state;
	bureau_free(standard);
	bureau_free(small);
	return 0;
}

static void
a_case_goes_through_all_stages(void **state)
{
	(void)state;
	static const enum case_stage stages[] = { CASE_SUBMITTED, CASE_ACCEPTED, CASE_EXAMINED,
		CASE_SCHEDULED, CASE_INSPECTED_ONCE, CASE_INSPECTED, CASE_DECISION_PROPOSED,
		CASE_GRANTED, CASE_ISSUE_PROPOSED, CASE_ISSUE_APPROVED, CASE_ISSUED };
	struct road r;
	road_open_case(&r, standard);
	for (size_t i = 0; i < COUNT_OF(stages); i++) {
		road_to(&r, stages[i]);
		assert_int_equal(r.n, i + 1);
	}
	struct case_state c = road_case(&r);
	assert_string_equal(c.submit->who.name, "An Li");
	assert_string_equal(c.inspect[1]->who.name, "Xiang Zhen");
	assert_string_equal(c.decision->who.name, "Guan Ding");
	assert_string_equal(c.decision_approval->who.name, "Bi Zhun");
	assert_string_equal(c.issue->who.name, "Yin Shi");
	assert_string_equal(c.issue_approval->who.name, "Fu He");
	assert_non_null(c.made);
	assert_null(c.open);
	road_close(&r);
}

static void
a_small_bureau_grants_and_issues_in_one(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, small);
	road_to(&r, CASE_INSPECTED);
	road_to(&r, CASE_ISSUE_PROPOSED);
	assert_int_equal(r.n, 7);
	road_to(&r, CASE_ISSUE_APPROVED);
	struct case_state c = road_case(&r);
	assert_int_equal(c.base, CASE_INSPECTED);
	assert_ptr_equal(c.decision, c.issue);
	assert_int_equal(case_decision(c.decision)->outcome, DECISION_GRANT);
	road_to(&r, CASE_ISSUED);
	assert_int_equal(r.n, 9);
	road_close(&r);
}

static void
a_failure_leads_to_a_refusal(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_ACCEPTED);
	road_do(&r, SHEN, road_examine(RESULT_FAIL));
	assert_int_equal(road_case(&r).stage, CASE_EXAMINATION_FAILED);
	road_do(&r, GUAN, road_decide(&r, DECISION_REFUSE));
	road_do(&r, BI, road_answer(&r, ACT_APPROVE));
	assert_int_equal(road_case(&r).stage, CASE_REFUSED);
	road_close(&r);

	road_open_case(&r, small);
	road_to(&r, CASE_SCHEDULED);
	road_do(&r, ONE, road_inspect(RESULT_FAIL));
	road_do(&r, TWO, road_inspect(RESULT_FAIL));
	assert_int_equal(road_case(&r).stage, CASE_INSPECTION_FAILED);
	road_do(&r, THREE, road_decide(&r, DECISION_REFUSE));
	road_do(&r, FOUR, road_answer(&r, ACT_APPROVE));
	assert_int_equal(road_case(&r).stage, CASE_REFUSED);
	road_close(&r);
}

static void
a_refused_or_cancelled_proposal_leaves_the_stage_before(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_DECISION_PROPOSED);
	road_do(&r, BI, road_answer(&r, ACT_REFUSE));
	assert_int_equal(road_case(&r).stage, CASE_INSPECTED);
	road_to(&r, CASE_DECISION_PROPOSED);
	road_do(&r, GUAN, road_answer(&r, ACT_CANCEL));
	assert_int_equal(road_case(&r).stage, CASE_INSPECTED);
	road_to(&r, CASE_ISSUE_PROPOSED);
	road_do(&r, YIN, road_answer(&r, ACT_CANCEL));
	assert_int_equal(road_case(&r).stage, CASE_GRANTED);
	assert_null(road_case(&r).issue);
	road_close(&r);
}

static void
a_proposal_lapses_by_time_alone(void **state)
{
	(void)state;
	struct road r;
	struct case_state c;
	road_open_case(&r, standard);
	road_to(&r, CASE_ISSUE_PROPOSED);
	int64_t not_after_s = chain_not_after_s(road_case(&r).open);
	case_fold(&c, r.entries, r.n, not_after_s - 1);
	assert_int_equal(c.stage, CASE_ISSUE_PROPOSED);
	assert_int_equal(c.base, CASE_GRANTED);
	case_fold(&c, r.entries, r.n, not_after_s);
	assert_int_equal(c.stage, CASE_GRANTED);
	assert_null(c.open);
	/* And can be made again. */
	r.now_s = not_after_s;
	road_to(&r, CASE_ISSUED);
	road_close(&r);
}

static void
an_approved_issue_not_made_in_time_is_void(void **state)
{
	(void)state;
	struct road r;
	struct case_state c;
	road_open_case(&r, standard);
	road_to(&r, CASE_ISSUE_APPROVED);
	int64_t not_after_s = chain_not_after_s(road_case(&r).issue);
	case_fold(&c, r.entries, r.n, not_after_s);
	assert_int_equal(c.stage, CASE_GRANTED);
	r.now_s = not_after_s;
	road_refused(&r, SERVICE, NULL, road_made(&r), "ACT-07", "made too late");
	road_to(&r, CASE_ISSUE_APPROVED);
	road_to(&r, CASE_ISSUED);
	road_close(&r);
}

static void
another_act_voids_a_proposal(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_DECISION_PROPOSED);
	road_do(&r, GUAN, road_decide(&r, DECISION_REFUSE));
	struct case_state c = road_case(&r);
	assert_ptr_equal(c.open, &r.entries[r.n - 1]);
	road_do(&r, BI, road_answer(&r, ACT_APPROVE));
	assert_int_equal(road_case(&r).stage, CASE_REFUSED);
	road_close(&r);
}

static void
the_fold_counts_a_persons_steps(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_ISSUED);
	struct case_state c = road_case(&r);
	static const struct {
		enum signer who;
		unsigned steps;
	} rows[] = {
		{ AN, 1u << STEP_ACCEPT },
		{ SHEN, 1u << STEP_EXAMINE },
		{ SHI, 1u << STEP_INSPECT },
		{ XIANG, 1u << STEP_INSPECT },
		{ GUAN, 1u << STEP_DECIDE },
		{ BI, 1u << STEP_DECIDE_APPROVE },
		{ YIN, 1u << STEP_ISSUE },
		{ FU, 1u << STEP_ISSUE_APPROVE },
		{ CHANG, 0 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct chain_who who = bureau_who(standard, rows[i].who);
		CHECK_ROW(case_steps_by(&c, &who) == rows[i].steps, bureau_name(rows[i].who));
	}
	road_close(&r);

	road_open_case(&r, small);
	road_to(&r, CASE_ISSUED);
	c = road_case(&r);
	struct chain_who who = bureau_who(small, THREE);
	assert_int_equal(case_steps_by(&c, &who), 1u << STEP_ISSUE | 1u << STEP_DECIDE);
	who = bureau_who(small, FOUR);
	assert_int_equal(
	    case_steps_by(&c, &who), 1u << STEP_ISSUE_APPROVE | 1u << STEP_DECIDE_APPROVE);
	road_close(&r);
}

/* A register that somebody edited: the fold is asked before anybody judged. */
static void
a_chain_in_any_order_does_no_harm(void **state)
{
	(void)state;
	struct road r;
	struct chain_entry shuffled[ROAD_ACTS];
	struct case_state c;
	road_open_case(&r, small);
	road_to(&r, CASE_ISSUED);
	for (size_t first = 0; first < r.n; first++)
		for (size_t step = 1; step < r.n; step++) {
			for (size_t i = 0; i < r.n; i++)
				shuffled[i] = r.entries[(first + i * step) % r.n];
			case_fold(&c, shuffled, r.n, r.now_s);
			assert_true(c.stage < CASE_STAGES && c.base < CASE_STAGES);
		}
	road_close(&r);
}

static void
words_of_stages_and_steps_are_all_there(void **state)
{
	(void)state;
	for (enum case_stage stage = 0; stage < CASE_STAGES; stage++)
		assert_non_null(case_stage_words(stage));
	for (enum case_step step = 0; step < CASE_STEPS; step++)
		assert_int_equal(case_step_find(span_text(case_step_word(step))), step);
	assert_int_equal(case_step_find(span_text("sleep")), CASE_STEPS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_goes_through_all_stages),
		cmocka_unit_test(a_small_bureau_grants_and_issues_in_one),
		cmocka_unit_test(a_failure_leads_to_a_refusal),
		cmocka_unit_test(a_refused_or_cancelled_proposal_leaves_the_stage_before),
		cmocka_unit_test(a_proposal_lapses_by_time_alone),
		cmocka_unit_test(an_approved_issue_not_made_in_time_is_void),
		cmocka_unit_test(another_act_voids_a_proposal),
		cmocka_unit_test(the_fold_counts_a_persons_steps),
		cmocka_unit_test(a_chain_in_any_order_does_no_harm),
		cmocka_unit_test(words_of_stages_and_steps_are_all_there),
	};
	return cmocka_run_group_tests(tests, open_bureaus, close_bureaus);
}

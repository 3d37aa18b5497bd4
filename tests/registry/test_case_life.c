/* What happens to an application beside the straight road, and what time alone does, by the second. */
#include "core/civil.h"
#include "registry/case.h"
#include "tests/registry/road.h"
#include "tests/test.h"

#include <stdio.h>

/* The cases begin on Friday 2026-11-20. */
#define DAY(month, day) civil_start_s((struct civil_date){ 2026, month, day })

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

static struct case_state
case_at(const struct road *r, int64_t now_s)
{
	struct case_state c;
	case_fold(&c, r->entries, r->n, now_s);
	return c;
}

/* One stage until the second before, another from then on; the state before says so ahead. */
static void
turns(const struct road *r, int64_t at_s, enum case_stage from, enum case_stage to)
{
	struct case_state before = case_at(r, at_s - 1), after = case_at(r, at_s);
	assert_int_equal(before.stage, from);
	assert_true(before.turns_s == at_s);
	assert_int_equal(before.turns_to, to);
	assert_int_equal(after.stage, to);
	assert_true(after.turns_s == 0);
}

/* ---- acceptance ---- */

static void
silence_accepts_at_the_end_of_the_fifth_day(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_SUBMITTED);
	turns(&r, DAY(11, 26), CASE_SUBMITTED, CASE_ACCEPTED);
	assert_true(case_at(&r, DAY(11, 26)).accepted_s == DAY(11, 26));
	assert_null(case_at(&r, DAY(12, 26)).accept);

	r.now_s = DAY(11, 26);
	road_refused(&r, AN, NULL, road_accept(), "ACT-07", "accepted too late");
	road_refused(&r, AN, NULL, road_ask(), "ACT-07", "asked too late");
	road_refused(&r, AN, NULL, road_notice(&r, ACT_DECLINE), "ACT-07", "declined too late");
	road_to(&r, CASE_ISSUED);
	assert_true(road_case(&r).accepted_s == DAY(11, 26));
	road_close(&r);
}

static void
the_clerk_may_answer_until_the_last_second(void **state)
{
	(void)state;
	struct road r;
	static const enum case_stage stages[] = { CASE_ACCEPTED, CASE_CORRECTION_ASKED,
		CASE_DECLINED };
	for (size_t i = 0; i < COUNT_OF(stages); i++) {
		road_open_case(&r, standard);
		road_to(&r, CASE_SUBMITTED);
		r.now_s = DAY(11, 26) - 1;
		road_do(&r, AN,
		    i == 0       ? road_accept()
			: i == 1 ? road_ask()
				 : road_notice(&r, ACT_DECLINE));
		assert_int_equal(case_at(&r, r.now_s).stage, stages[i]);
		road_close(&r);
	}
}

/* An act that answers nothing leaves the clock running. */
static void
a_recusal_does_not_stop_the_clock_of_silence(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_SUBMITTED);
	r.now_s = DAY(11, 24);
	road_do(&r, SHEN, road_recuse(&r, SHEN));
	turns(&r, DAY(11, 26), CASE_SUBMITTED, CASE_ACCEPTED);
	road_close(&r);
}

static void
corrections_are_asked_for_once_and_the_clock_begins_anew(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_SUBMITTED);
	road_refused(&r, AN, NULL, road_amend(), "ACT-07", "amended unasked");
	road_do(&r, AN, road_ask());
	assert_int_equal(road_case(&r).stage, CASE_CORRECTION_ASKED);
	road_refused(&r, AN, NULL, road_accept(), "ACT-07", "accepted while corrections are due");
	r.now_s = DAY(12, 3);
	road_do(&r, AN, road_amend());
	struct case_state c = road_case(&r);
	assert_int_equal(c.stage, CASE_SUBMITTED);
	assert_ptr_equal(c.application, &r.entries[2]);
	assert_ptr_equal(c.submit, &r.entries[0]);
	assert_true(span_equal(case_application(&c), c.application->body.submit.application));
	road_refused(&r, AN, NULL, road_ask(), "ACT-07", "asked twice");
	turns(&r, DAY(12, 9), CASE_SUBMITTED, CASE_ACCEPTED);
	road_to(&r, CASE_ISSUED);
	road_close(&r);
}

static void
corrections_that_do_not_come_in_fifteen_days_abandon_it(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_SUBMITTED);
	road_do(&r, AN, road_ask());
	turns(&r, DAY(12, 6), CASE_CORRECTION_ASKED, CASE_ABANDONED);
	assert_true(case_at(&r, DAY(12, 7)).abandoned_s == DAY(12, 6));
	r.now_s = DAY(12, 6);
	road_refused(&r, AN, NULL, road_amend(), "ACT-07", "too late");
	road_refused(&r, AN, NULL, road_notice(&r, ACT_RETRACT), "ACT-07", "it is over");
	struct case_state c = road_case(&r);
	assert_int_equal(case_next(&c), ACT_NONE);
	r.now_s = DAY(12, 6) - 1;
	road_do(&r, AN, road_amend());
	assert_int_equal(case_at(&r, DAY(12, 6)).stage, CASE_SUBMITTED);
	road_close(&r);
}

static void
a_declined_case_is_at_its_end(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_SUBMITTED);
	road_do(&r, AN, road_notice(&r, ACT_DECLINE));
	assert_int_equal(case_at(&r, DAY(12, 31)).stage, CASE_DECLINED);
	road_refused(&r, AN, NULL, road_accept(), "ACT-07", "accepted after all");
	road_close(&r);
}

/* ---- the visit ---- */

static void
an_order_may_be_replaced_until_somebody_has_signed(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_SCHEDULED);
	road_do(&r, AN, road_schedule(&r, XIANG, ALL));
	road_refused(&r, SHI, NULL, road_inspect(RESULT_PASS), "SEP-08", "of the first team");
	road_do(&r, ALL, road_inspect(RESULT_PASS));
	road_refused(&r, AN, NULL, road_schedule(&r, SHI, XIANG), "ACT-07", "after a signature");
	road_do(&r, XIANG, road_inspect(RESULT_PASS));
	assert_int_equal(road_case(&r).stage, CASE_INSPECTED);
	road_close(&r);
}

static void
a_review_that_was_stopped_leads_to_a_refusal(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_SCHEDULED);
	road_do(&r, SHI, road_inspect(RESULT_STOP));
	road_do(&r, XIANG, road_inspect(RESULT_STOP));
	assert_int_equal(road_case(&r).stage, CASE_INSPECTION_STOPPED);
	road_refused(&r, GUAN, NULL, road_decide(&r, DECISION_GRANT), "ACT-07", "a grant");
	road_do(&r, GUAN, road_decide(&r, DECISION_REFUSE));
	road_do(&r, BI, road_answer(&r, ACT_APPROVE));
	assert_int_equal(road_case(&r).stage, CASE_REFUSED);
	road_close(&r);
}

/* ---- ends before the decision ---- */

static const enum case_stage in_review[] = { CASE_ACCEPTED, CASE_EXAMINED, CASE_SCHEDULED,
	CASE_INSPECTED_ONCE, CASE_INSPECTED, CASE_DECISION_PROPOSED };
static const enum case_stage decided[] = { CASE_GRANTED, CASE_ISSUE_PROPOSED, CASE_ISSUE_APPROVED,
	CASE_ISSUED };

static void
a_review_is_terminated_by_two_and_refused(void **state)
{
	(void)state;
	struct road r;
	for (size_t i = 0; i < COUNT_OF(in_review); i++) {
		const char *row = case_stage_words(in_review[i]);
		road_open_case(&r, standard);
		road_to(&r, in_review[i]);
		road_do(&r, GUAN, road_notice(&r, ACT_TERMINATE));
		CHECK_ROW(road_case(&r).stage == CASE_TERMINATION_PROPOSED, row);
		road_do(&r, BI, road_answer(&r, ACT_APPROVE));
		CHECK_ROW(road_case(&r).stage == CASE_TERMINATED, row);
		road_refused(&r, GUAN, NULL, road_decide(&r, DECISION_GRANT), "ACT-07", row);
		road_refused(&r, AN, NULL, road_notice(&r, ACT_RETRACT), "ACT-07", row);
		road_do(&r, GUAN, road_decide(&r, DECISION_REFUSE));
		road_do(&r, BI, road_answer(&r, ACT_APPROVE));
		CHECK_ROW(road_case(&r).stage == CASE_REFUSED, row);
		road_close(&r);
	}
	for (size_t i = 0; i < COUNT_OF(decided); i++) {
		road_open_case(&r, standard);
		road_to(&r, decided[i]);
		road_refused(&r, GUAN, NULL, road_notice(&r, ACT_TERMINATE), "ACT-07",
		    case_stage_words(decided[i]));
		road_close(&r);
	}
}

static void
a_termination_not_approved_leaves_the_case_where_it_was(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_EXAMINED);
	road_do(&r, GUAN, road_notice(&r, ACT_TERMINATE));
	turns(&r, chain_not_after_s(road_case(&r).open), CASE_TERMINATION_PROPOSED, CASE_EXAMINED);
	road_do(&r, BI, road_answer(&r, ACT_REFUSE));
	road_to(&r, CASE_ISSUED);
	road_close(&r);
}

static void
the_applicant_may_take_it_back_until_it_is_decided(void **state)
{
	(void)state;
	struct road r;
	for (size_t i = 0; i < COUNT_OF(in_review); i++) {
		road_open_case(&r, standard);
		road_to(&r, in_review[i]);
		road_do(&r, AN, road_notice(&r, ACT_RETRACT));
		CHECK_ROW(road_case(&r).stage == CASE_RETRACTED, case_stage_words(in_review[i]));
		road_refused(&r, BI, NULL, road_recuse(&r, BI), "ACT-07", "at its end");
		road_close(&r);
	}
	road_open_case(&r, standard);
	road_to(&r, CASE_SUBMITTED);
	road_do(&r, AN, road_ask());
	road_do(&r, AN, road_notice(&r, ACT_RETRACT));
	assert_int_equal(case_at(&r, DAY(12, 31)).stage, CASE_RETRACTED);
	road_close(&r);
	for (size_t i = 0; i < COUNT_OF(decided); i++) {
		road_open_case(&r, standard);
		road_to(&r, decided[i]);
		road_refused(&r, AN, NULL, road_notice(&r, ACT_RETRACT), "ACT-07",
		    case_stage_words(decided[i]));
		road_close(&r);
	}
}

static void
the_time_to_decide_is_prolonged_once(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_EXAMINED);
	road_do(&r, GUAN, road_notice(&r, ACT_PROLONG));
	assert_int_equal(road_case(&r).stage, CASE_PROLONGATION_PROPOSED);
	road_do(&r, BI, road_answer(&r, ACT_REFUSE));
	assert_null(road_case(&r).prolong);
	road_do(&r, GUAN, road_notice(&r, ACT_PROLONG));
	road_do(&r, BI, road_answer(&r, ACT_APPROVE));
	struct case_state c = road_case(&r);
	assert_string_equal(c.prolong_approval->who.name, "Bi Zhun");
	assert_int_equal(c.stage, CASE_EXAMINED);
	road_refused(&r, GUAN, NULL, road_notice(&r, ACT_PROLONG), "ACT-07", "twice");
	road_to(&r, CASE_GRANTED);
	road_close(&r);
	road_open_case(&r, standard);
	road_to(&r, CASE_GRANTED);
	road_refused(&r, GUAN, NULL, road_notice(&r, ACT_PROLONG), "ACT-07", "decided");
	road_close(&r);
}

/* ---- recusal ---- */

static void
what_a_recused_examiner_did_is_done_again(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_DECISION_PROPOSED);
	road_do(&r, SHEN, road_recuse(&r, SHEN));
	struct case_state c = road_case(&r);
	assert_int_equal(c.stage, CASE_ACCEPTED);
	assert_null(c.open);
	road_refused(&r, GUAN, NULL, road_decide(&r, DECISION_GRANT), "ACT-07", "not examined");
	road_do(&r, LATE, road_examine(RESULT_PASS));
	/* Others visited: that stands. */
	assert_int_equal(road_case(&r).stage, CASE_INSPECTED);
	road_to(&r, CASE_ISSUED);
	road_close(&r);
}

static void
what_a_team_with_a_recused_official_did_is_done_again(void **state)
{
	(void)state;
	static const enum case_stage stages[] = { CASE_SCHEDULED, CASE_INSPECTED_ONCE,
		CASE_INSPECTED };
	static const enum signer out[] = { SHI, XIANG };
	struct road r;
	for (size_t i = 0; i < COUNT_OF(stages); i++)
		for (size_t k = 0; k < COUNT_OF(out); k++) {
			const char *row = case_stage_words(stages[i]);
			road_open_case(&r, standard);
			road_to(&r, stages[i]);
			road_do(&r, CHANG, road_recuse(&r, out[k]));
			struct case_state c = road_case(&r);
			CHECK_ROW(c.stage == CASE_EXAMINED, row);
			CHECK_ROW(c.schedule == NULL && c.inspect[0] == NULL, row);
			road_do(&r, AN, road_schedule(&r, ALL, out[1 - k]));
			road_do(&r, ALL, road_inspect(RESULT_PASS));
			road_do(&r, out[1 - k], road_inspect(RESULT_PASS));
			CHECK_ROW(road_case(&r).stage == CASE_INSPECTED, row);
			road_close(&r);
		}
}

/* Who decided is another matter: a decision that is effective stands, one that is proposed does not. */
static void
a_recusal_voids_what_is_proposed_and_not_what_is_decided(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_DECISION_PROPOSED);
	struct act_body approval = road_answer(&r, ACT_APPROVE);
	road_do(&r, GUAN, road_recuse(&r, GUAN));
	assert_int_equal(road_case(&r).stage, CASE_INSPECTED);
	road_refused(&r, BI, NULL, approval, "APP-02", "the proposal of somebody recused");
	road_do(&r, LATE, road_decide(&r, DECISION_GRANT));
	road_do(&r, BI, road_answer(&r, ACT_APPROVE));
	road_do(&r, CHANG, road_recuse(&r, SHI));
	assert_int_equal(road_case(&r).stage, CASE_GRANTED);
	road_to(&r, CASE_ISSUE_APPROVED);
	road_refused(&r, FU, NULL, road_recuse(&r, FU), "ACT-07", "before the certificate is made");
	road_to(&r, CASE_ISSUED);
	road_close(&r);
}

/* ---- after the certificate ---- */

static void
a_certificate_is_delivered_and_grade_b_filed(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_GRANTED);
	road_refused(&r, AN, NULL, road_notice(&r, ACT_DELIVER), "ACT-07", "not made yet");
	road_to(&r, CASE_ISSUED);
	road_refused(&r, AN, NULL, road_notice(&r, ACT_FILE), "ACT-07", "Grade A");
	road_do(&r, AN, road_notice(&r, ACT_DELIVER));
	struct case_state c = road_case(&r);
	assert_int_equal(c.stage, CASE_DELIVERED);
	assert_int_equal(case_next(&c), ACT_NONE);
	road_refused(&r, AN, NULL, road_notice(&r, ACT_DELIVER), "ACT-07", "twice");
	road_close(&r);

	for (int filed_first = 0; filed_first < 2; filed_first++) {
		road_open_case_b(&r, standard);
		road_to(&r, CASE_ISSUED);
		road_do(&r, AN, road_notice(&r, filed_first ? ACT_FILE : ACT_DELIVER));
		c = road_case(&r);
		assert_int_equal(c.stage, filed_first ? CASE_ISSUED : CASE_DELIVERED);
		assert_int_equal(case_next(&c), filed_first ? ACT_DELIVER : ACT_FILE);
		road_refused(&r, AN, NULL, road_notice(&r, filed_first ? ACT_FILE : ACT_DELIVER),
		    "ACT-07", "twice before the other");
		road_do(&r, AN, road_notice(&r, filed_first ? ACT_DELIVER : ACT_FILE));
		c = road_case(&r);
		assert_int_equal(c.stage, CASE_FILED);
		assert_int_equal(case_next(&c), ACT_NONE);
		road_refused(&r, AN, NULL, road_notice(&r, ACT_FILE), "ACT-07", "twice");
		road_close(&r);
	}
}

static void
a_small_bureau_ends_a_review_too(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, small);
	road_to(&r, CASE_ISSUE_PROPOSED);
	road_do(&r, THREE, road_notice(&r, ACT_TERMINATE));
	road_do(&r, FOUR, road_answer(&r, ACT_APPROVE));
	road_refused(&r, THREE, NULL, road_issue(&r), "ACT-07", "an issue after it");
	road_do(&r, THREE, road_decide(&r, DECISION_REFUSE));
	road_do(&r, FOUR, road_answer(&r, ACT_APPROVE));
	assert_int_equal(road_case(&r).stage, CASE_REFUSED);
	road_close(&r);
}

/* ---- everywhere ---- */

/* Take a new case to a stage that lies beside the straight road, too. */
static void
take_to(struct road *r, enum case_stage stage)
{
	road_open_case(r, standard);
	switch (stage) {
	case CASE_CORRECTION_ASKED:
	case CASE_ABANDONED:
		road_to(r, CASE_SUBMITTED);
		road_do(r, AN, road_ask());
		r->now_s = stage == CASE_ABANDONED ? DAY(12, 20) : r->now_s;
		break;
	case CASE_DECLINED:
		road_to(r, CASE_SUBMITTED);
		road_do(r, AN, road_notice(r, ACT_DECLINE));
		break;
	case CASE_RETRACTED:
		road_to(r, CASE_EXAMINED);
		road_do(r, AN, road_notice(r, ACT_RETRACT));
		break;
	case CASE_EXAMINATION_FAILED:
		road_to(r, CASE_ACCEPTED);
		road_do(r, SHEN, road_examine(RESULT_FAIL));
		break;
	case CASE_INSPECTION_FAILED:
	case CASE_INSPECTION_STOPPED:
		road_to(r, CASE_SCHEDULED);
		for (int i = 0; i < 2; i++)
			road_do(r, i == 0 ? SHI : XIANG,
			    road_inspect(
				stage == CASE_INSPECTION_FAILED ? RESULT_FAIL : RESULT_STOP));
		break;
	case CASE_PROLONGATION_PROPOSED:
	case CASE_TERMINATION_PROPOSED:
	case CASE_TERMINATED:
		road_to(r, CASE_EXAMINED);
		road_do(r, GUAN,
		    road_notice(
			r, stage == CASE_PROLONGATION_PROPOSED ? ACT_PROLONG : ACT_TERMINATE));
		if (stage == CASE_TERMINATED)
			road_do(r, BI, road_answer(r, ACT_APPROVE));
		break;
	case CASE_REFUSED:
		road_to(r, CASE_INSPECTED);
		road_do(r, GUAN, road_decide(r, DECISION_REFUSE));
		road_do(r, BI, road_answer(r, ACT_APPROVE));
		break;
	case CASE_DELIVERED:
		road_to(r, CASE_ISSUED);
		road_do(r, AN, road_notice(r, ACT_DELIVER));
		break;
	default:
		road_to(r, stage);
	}
	assert_int_equal(road_case(r).stage, stage);
}

static bool
has_place(const struct road *r, enum act_kind kind)
{
	struct err err = { 0 };
	char rule[JUDGE_RULE_BYTES];
	struct case_state dossier = road_case(r);
	struct judge judge = road_judge(r, &dossier, NULL);
	const enum signer who = kind == ACT_MADE ? SERVICE : OTHER;
	struct chain_who person = bureau_who(r->bureau, who);
	bool ok = judge_may(&judge, kind, &person, bureau_entry(r->bureau, who), &err);
	judge_rule(rule, &err);
	return ok || strcmp(rule, "ACT-07") != 0;
}

/* Every kind of act at every stage: in Grade A, where nothing is filed. */
static void
each_stage_takes_its_acts_and_no_others(void **state)
{
	(void)state;
	static const struct {
		enum case_stage stage;
		const char *takes;
	} rows[] = {
		{ CASE_NONE, "submit" },
		{ CASE_SUBMITTED, "accept ask decline recuse retract" },
		{ CASE_CORRECTION_ASKED, "amend recuse retract" },
		{ CASE_ABANDONED, "" },
		{ CASE_DECLINED, "" },
		{ CASE_RETRACTED, "" },
		{ CASE_ACCEPTED, "examine recuse retract terminate prolong" },
		{ CASE_EXAMINED, "schedule recuse retract terminate prolong" },
		{ CASE_EXAMINATION_FAILED, "decide recuse retract terminate prolong" },
		{ CASE_SCHEDULED, "schedule inspect recuse retract terminate prolong" },
		{ CASE_INSPECTED_ONCE, "inspect recuse retract terminate prolong" },
		{ CASE_INSPECTED, "decide recuse retract terminate prolong" },
		{ CASE_INSPECTION_FAILED, "decide recuse retract terminate prolong" },
		{ CASE_INSPECTION_STOPPED, "decide recuse retract terminate prolong" },
		{ CASE_PROLONGATION_PROPOSED, "schedule recuse retract terminate prolong" },
		{ CASE_TERMINATION_PROPOSED, "schedule recuse retract terminate prolong" },
		{ CASE_TERMINATED, "decide recuse" },
		{ CASE_DECISION_PROPOSED, "decide recuse retract terminate prolong" },
		{ CASE_GRANTED, "issue recuse" },
		{ CASE_REFUSED, "" },
		{ CASE_ISSUE_PROPOSED, "issue recuse" },
		{ CASE_ISSUE_APPROVED, "made" },
		{ CASE_ISSUED, "deliver" },
		{ CASE_DELIVERED, "" },
	};
	assert_int_equal(COUNT_OF(rows), CASE_STAGES - 1); /* all but filed, of Grade B */
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct road r;
		take_to(&r, rows[i].stage);
		char taken[256] = "";
		size_t wanted = 0;
		for (size_t k = 0; k < ACT_KIND_COUNT; k++) {
			enum act_kind kind = act_kind_at(k);
			if (act_kind_form(kind) == ACT_ANSWER || kind == ACT_REGISTER ||
			    kind == ACT_ADOPT || !has_place(&r, kind))
				continue;
			snprintf(taken + strlen(taken), sizeof taken - strlen(taken), " %s",
			    act_kind_word(kind));
			wanted++;
			if (strstr(rows[i].takes, act_kind_word(kind)) == NULL)
				fail_msg("\"%s\" takes%s", case_stage_words(rows[i].stage), taken);
		}
		for (const char *at = rows[i].takes; *at != '\0'; at++)
			if (*at == ' ' || at[1] == '\0')
				wanted--;
		if (wanted != 0)
			fail_msg("\"%s\" takes%s, not \"%s\"", case_stage_words(rows[i].stage),
			    taken, rows[i].takes);
		road_close(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_accepts_at_the_end_of_the_fifth_day),
		cmocka_unit_test(the_clerk_may_answer_until_the_last_second),
		cmocka_unit_test(a_recusal_does_not_stop_the_clock_of_silence),
		cmocka_unit_test(corrections_are_asked_for_once_and_the_clock_begins_anew),
		cmocka_unit_test(corrections_that_do_not_come_in_fifteen_days_abandon_it),
		cmocka_unit_test(a_declined_case_is_at_its_end),
		cmocka_unit_test(an_order_may_be_replaced_until_somebody_has_signed),
		cmocka_unit_test(a_review_that_was_stopped_leads_to_a_refusal),
		cmocka_unit_test(a_review_is_terminated_by_two_and_refused),
		cmocka_unit_test(a_termination_not_approved_leaves_the_case_where_it_was),
		cmocka_unit_test(the_applicant_may_take_it_back_until_it_is_decided),
		cmocka_unit_test(the_time_to_decide_is_prolonged_once),
		cmocka_unit_test(what_a_recused_examiner_did_is_done_again),
		cmocka_unit_test(what_a_team_with_a_recused_official_did_is_done_again),
		cmocka_unit_test(a_recusal_voids_what_is_proposed_and_not_what_is_decided),
		cmocka_unit_test(a_certificate_is_delivered_and_grade_b_filed),
		cmocka_unit_test(a_small_bureau_ends_a_review_too),
		cmocka_unit_test(each_stage_takes_its_acts_and_no_others),
	};
	return cmocka_run_group_tests(tests, open_bureaus, close_bureaus);
}

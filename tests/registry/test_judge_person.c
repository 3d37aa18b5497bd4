/* Rules on answers and on who may not do both, and the same asked by an inbox. */
#include "tests/registry/road.h"
#include "tests/test.h"

#define DAY_S INT64_C(86400)

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

/* ---- APP ---- */

static void
app_01_an_answer_names_an_open_proposal(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_INSPECTED);
	struct act_body body = road_answer(&r, ACT_APPROVE);
	body.answer.proposal_kind = ACT_DECIDE;
	road_refused(&r, BI, NULL, body, "APP-01", "approves a report");
	road_to(&r, CASE_DECISION_PROPOSED);
	body = road_answer(&r, ACT_APPROVE);
	body.answer.proposal[0] ^= 1;
	road_refused(&r, BI, NULL, body, "APP-01", "another hash");
	body = road_answer(&r, ACT_APPROVE);
	body.answer.proposal_kind = ACT_ISSUE;
	road_refused(&r, BI, NULL, body, "APP-01", "another kind");
	/* Refused once, it cannot be approved any more: a refusal is no approval. */
	body = road_answer(&r, ACT_APPROVE);
	road_do(&r, BI, road_answer(&r, ACT_REFUSE));
	road_refused(&r, BI, NULL, body, "APP-01", "refused before");
	assert_int_equal(road_case(&r).stage, CASE_INSPECTED);
	road_close(&r);
}

static void
app_01_a_proposal_of_another_bureau_or_case(void **state)
{
	(void)state;
	struct road r, other;
	road_open_case(&r, standard);
	road_to(&r, CASE_DECISION_PROPOSED);
	road_open_case(&other, standard);
	memcpy(other.subject, "case/C-2026-0018", sizeof "case/C-2026-0018");
	road_to(&other, CASE_DECISION_PROPOSED);
	road_refused(&r, BI, NULL, road_answer(&other, ACT_APPROVE), "APP-01", "another case's");
	road_close(&other);
	road_close(&r);
}

static void
app_02_an_act_in_between_voids(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_DECISION_PROPOSED);
	struct act_body first = road_answer(&r, ACT_APPROVE);
	road_do(&r, GUAN, road_decide(&r, DECISION_GRANT));
	road_refused(&r, BI, NULL, first, "APP-02", "the first of two proposals");
	road_do(&r, BI, road_answer(&r, ACT_APPROVE));
	road_close(&r);
}

static void
app_03_before_the_not_after(void **state)
{
	(void)state;
	static const enum act_kind answers[] = { ACT_APPROVE, ACT_REFUSE };
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_DECISION_PROPOSED);
	int64_t not_after_s = chain_not_after_s(road_case(&r).open);
	r.now_s = not_after_s;
	for (size_t i = 0; i < COUNT_OF(answers); i++)
		road_refused(
		    &r, BI, NULL, road_answer(&r, answers[i]), "APP-03", "recorded too late");
	r.now_s = not_after_s - 1;
	struct act act = road_next(&r);
	act.time_s = not_after_s;
	road_refused(&r, BI, &act, road_answer(&r, ACT_APPROVE), "APP-03", "written too late");
	road_do(&r, BI, road_answer(&r, ACT_APPROVE));
	road_close(&r);
}

static void
app_03_no_proposal_waits_longer_than_the_policy_allows(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_INSPECTED);
	struct act_body body = road_decide(&r, DECISION_GRANT);
	body.not_after_s += 1;
	road_refused(&r, GUAN, NULL, body, "APP-03", "a second too long");
	body.not_after_s = r.now_s;
	road_refused(&r, GUAN, NULL, body, "APP-03", "lapsed already");
	road_close(&r);
}

/* ---- SEP ---- */

static void
sep_01_who_proposes_does_not_approve(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_INSPECTED);
	road_do(&r, ALL, road_decide(&r, DECISION_GRANT));
	road_refused(&r, ALL, NULL, road_answer(&r, ACT_APPROVE), "SEP-01", "same key");
	road_refused(&r, ALL_AGAIN, NULL, road_answer(&r, ACT_APPROVE), "SEP-01", "another key");
	road_do(&r, OTHER, road_answer(&r, ACT_APPROVE));
	road_close(&r);

	road_open_licence(&r, standard);
	road_do(&r, ALL, road_sanction(&r, ACT_REVOKE));
	road_refused(&r, ALL_AGAIN, NULL, road_answer(&r, ACT_APPROVE), "SEP-01", "a sanction");
	road_close(&r);
}

static void
sep_02_two_keys(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_INSPECTED);
	road_do(&r, ALL, road_decide(&r, DECISION_GRANT));
	/* The same key, listed for another person when it proposed. */
	r.entries[r.n - 1].who.person[1] ^= 1;
	road_refused(&r, ALL, NULL, road_answer(&r, ACT_APPROVE), "SEP-02", "one key");
	road_close(&r);
}

static void
sep_03_steps_the_policy_keeps_apart(void **state)
{
	(void)state;
	static const struct {
		enum case_stage first, then; /* ALL does what comes after these stages */
	} rows[] = {
		{ CASE_NONE, CASE_ACCEPTED },
		{ CASE_SUBMITTED, CASE_EXAMINED },
		{ CASE_SUBMITTED, CASE_INSPECTED },
		{ CASE_SUBMITTED, CASE_DECISION_PROPOSED },
		{ CASE_SUBMITTED, CASE_GRANTED },
		{ CASE_ACCEPTED, CASE_EXAMINED },
		{ CASE_ACCEPTED, CASE_INSPECTED },
		{ CASE_ACCEPTED, CASE_DECISION_PROPOSED },
		{ CASE_ACCEPTED, CASE_GRANTED },
		{ CASE_INSPECTED, CASE_GRANTED },
		{ CASE_DECISION_PROPOSED, CASE_GRANTED },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct road r;
		const char *row = case_stage_words(rows[i].then);
		road_open_case(&r, standard);
		road_to(&r, rows[i].first);
		if (rows[i].first == CASE_NONE)
			road_do(&r, ALL, road_submit());
		else if (rows[i].first == CASE_SUBMITTED)
			road_do(&r, ALL, road_accept());
		else if (rows[i].first == CASE_ACCEPTED)
			road_do(&r, ALL, road_examine(RESULT_PASS));
		else if (rows[i].first == CASE_INSPECTED)
			road_do(&r, ALL, road_decide(&r, DECISION_GRANT));
		else
			road_do(&r, ALL, road_answer(&r, ACT_APPROVE));
		road_to(&r, rows[i].then);
		if (rows[i].then == CASE_ACCEPTED)
			road_refused(&r, ALL, NULL, road_examine(RESULT_PASS), "SEP-03", row);
		else if (rows[i].then == CASE_EXAMINED)
			road_refused(&r, AN, NULL, road_schedule(&r, ALL, XIANG), "SEP-08", row);
		else if (rows[i].then == CASE_INSPECTED)
			road_refused(&r, ALL, NULL, road_decide(&r, DECISION_GRANT), "SEP-03", row);
		else if (rows[i].then == CASE_DECISION_PROPOSED)
			road_refused(
			    &r, ALL_AGAIN, NULL, road_answer(&r, ACT_APPROVE), "SEP-03", row);
		else
			road_refused(&r, ALL, NULL, road_issue(&r), "SEP-03", row);
		road_close(&r);
	}
}

static void
sep_03_names_both_steps(void **state)
{
	(void)state;
	struct road r;
	struct err err = { 0 };
	road_open_case(&r, standard);
	road_to(&r, CASE_SUBMITTED);
	road_do(&r, ALL, road_accept());
	struct act act = road_next(&r);
	struct act_body body = road_examine(RESULT_PASS);
	assert_false(road_try(&r, ALL, &act, &body, &err));
	assert_string_equal(err.text,
	    "SEP-03: the policy keeps \"accept\" and \"examine\" apart, and All did \"accept\" in "
	    "this case");
	road_close(&r);
}

static void
sep_03_the_small_policy_keeps_less_apart(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, small);
	road_to(&r, CASE_ISSUED); /* One accepts, examines and inspects */
	assert_string_equal(r.entries[1].who.name, r.entries[3].who.name);
	road_close(&r);
}

static void
sep_04_who_inspected_neither_decides_issues_nor_approves(void **state)
{
	(void)state;
	const struct bureau *bureaus[] = { standard, small };
	for (size_t i = 0; i < COUNT_OF(bureaus); i++) {
		struct road r;
		road_open_case(&r, bureaus[i]);
		road_to(&r, CASE_EXAMINED);
		road_do(&r, LATE, road_schedule(&r, ALL, OTHER));
		road_do(&r, ALL, road_inspect(RESULT_PASS));
		road_do(&r, OTHER, road_inspect(RESULT_PASS));
		if (bureaus[i] == standard) {
			road_refused(
			    &r, ALL, NULL, road_decide(&r, DECISION_GRANT), "SEP-04", "decides");
			road_refused(
			    &r, OTHER, NULL, road_decide(&r, DECISION_REFUSE), "SEP-04", "refuses");
			road_to(&r, CASE_DECISION_PROPOSED);
			road_refused(&r, OTHER, NULL, road_answer(&r, ACT_APPROVE), "SEP-04",
			    "approves a grant");
			road_to(&r, CASE_GRANTED);
		}
		road_refused(&r, ALL_AGAIN, NULL, road_issue(&r), "SEP-04", "issues");
		road_to(&r, CASE_ISSUE_PROPOSED);
		road_refused(&r, ALL, NULL, road_answer(&r, ACT_APPROVE), "SEP-04", "countersigns");
		road_close(&r);
	}
}

static void
sep_05_two_officials_one_report(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_EXAMINED);
	road_do(&r, AN, road_schedule(&r, ALL, XIANG));
	road_do(&r, ALL, road_inspect(RESULT_PASS));
	road_refused(&r, ALL, NULL, road_inspect(RESULT_PASS), "SEP-05", "the same official");
	road_refused(&r, ALL_AGAIN, NULL, road_inspect(RESULT_PASS), "SEP-05", "his second key");
	road_refused(&r, XIANG, NULL, road_inspect(RESULT_FAIL), "SEP-05", "another result");
	struct act_body body = road_inspect(RESULT_PASS);
	body.result.report = span_text("{\"organisation\":\"declared\"}");
	road_refused(&r, XIANG, NULL, body, "SEP-05", "another report");
	road_do(&r, XIANG, road_inspect(RESULT_PASS));
	road_close(&r);
}

static void
sep_06_only_the_proposer_cancels(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_INSPECTED);
	road_do(&r, ALL, road_decide(&r, DECISION_GRANT));
	road_refused(&r, GUAN, NULL, road_answer(&r, ACT_CANCEL), "SEP-06", "another decider");
	road_do(&r, ALL_AGAIN, road_answer(&r, ACT_CANCEL));
	road_close(&r);
}

/* ---- what somebody might sign ---- */

static void
may(const struct road *r, enum act_kind kind, enum signer who, const char *rule)
{
	struct err err = { 0 };
	char id[JUDGE_RULE_BYTES];
	struct case_state dossier = road_case(r);
	struct licence_state licence = road_licence(r);
	struct judge judge = road_judge(r, &dossier, &licence);
	struct chain_who person = bureau_who(r->bureau, who);
	bool ok = judge_may(&judge, kind, &person, bureau_entry(r->bureau, who), &err);
	judge_rule(id, &err);
	if (ok != (rule[0] == '\0') || strcmp(id, rule) != 0)
		fail_msg("%s by %s: \"%s\"; want \"%s\"", act_kind_word(kind), bureau_name(who),
		    err.text, rule);
	licence_free(&licence);
}

static void
an_inbox_gets_the_same_answers(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	may(&r, ACT_SUBMIT, AN, "");
	may(&r, ACT_SUBMIT, SHEN, "ACT-03");
	may(&r, ACT_SUBMIT, RETIRED, "ACT-02");
	may(&r, ACT_SUBMIT, SERVICE, "ACT-09");
	may(&r, ACT_APPROVE, BI, "APP-01");
	road_to(&r, CASE_EXAMINED);
	road_do(&r, AN, road_schedule(&r, SHI, ALL));
	road_to(&r, CASE_INSPECTED_ONCE);
	may(&r, ACT_INSPECT, SHI, "SEP-05");
	may(&r, ACT_INSPECT, XIANG, "SEP-08");
	may(&r, ACT_INSPECT, ALL, "");
	may(&r, ACT_DECIDE, GUAN, "ACT-07");
	road_do(&r, ALL, road_inspect(RESULT_PASS));
	may(&r, ACT_DECIDE, ALL, "SEP-04");
	may(&r, ACT_DECIDE, GUAN, "");
	road_to(&r, CASE_DECISION_PROPOSED);
	may(&r, ACT_APPROVE, BI, "");
	may(&r, ACT_APPROVE, ALL, "SEP-04");
	may(&r, ACT_APPROVE, GUAN, "SEP-01");
	may(&r, ACT_APPROVE, SHEN, "ACT-03");
	may(&r, ACT_REFUSE, BI, "");
	may(&r, ACT_CANCEL, GUAN, "");
	may(&r, ACT_CANCEL, OTHER, "SEP-06");
	r.now_s += 100 * DAY_S;
	may(&r, ACT_APPROVE, BI, "APP-03");
	r.now_s -= 100 * DAY_S;
	road_do(&r, OTHER, road_answer(&r, ACT_APPROVE));
	may(&r, ACT_ISSUE, OTHER, "SEP-03");
	may(&r, ACT_ISSUE, YIN, "");
	road_close(&r);

	road_open_licence(&r, standard);
	may(&r, ACT_SUSPEND, CHANG, "");
	may(&r, ACT_LIFT, CHANG, "LIC-01");
	road_do(&r, ALL, road_sanction(&r, ACT_SUSPEND));
	may(&r, ACT_APPROVE, FU, "");
	may(&r, ACT_APPROVE, ALL_AGAIN, "SEP-01");
	road_close(&r);
}

static void
a_person_without_a_name_is_shown_by_id(void **state)
{
	(void)state;
	struct road r;
	struct err err = { 0 };
	road_open_case(&r, standard);
	struct case_state dossier = road_case(&r);
	struct judge judge = road_judge(&r, &dossier, NULL);
	struct chain_who who = bureau_who(standard, SHEN);
	who.name = NULL;
	assert_false(judge_may(&judge, ACT_SUBMIT, &who, bureau_entry(standard, SHEN), &err));
	assert_string_equal(err.text, "ACT-03: 0170707070707070 does not have the role accept");
	road_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(app_01_an_answer_names_an_open_proposal),
		cmocka_unit_test(app_01_a_proposal_of_another_bureau_or_case),
		cmocka_unit_test(app_02_an_act_in_between_voids),
		cmocka_unit_test(app_03_before_the_not_after),
		cmocka_unit_test(app_03_no_proposal_waits_longer_than_the_policy_allows),
		cmocka_unit_test(sep_01_who_proposes_does_not_approve),
		cmocka_unit_test(sep_02_two_keys),
		cmocka_unit_test(sep_03_steps_the_policy_keeps_apart),
		cmocka_unit_test(sep_03_names_both_steps),
		cmocka_unit_test(sep_03_the_small_policy_keeps_less_apart),
		cmocka_unit_test(sep_04_who_inspected_neither_decides_issues_nor_approves),
		cmocka_unit_test(sep_05_two_officials_one_report),
		cmocka_unit_test(sep_06_only_the_proposer_cancels),
		cmocka_unit_test(an_inbox_gets_the_same_answers),
		cmocka_unit_test(a_person_without_a_name_is_shown_by_id),
	};
	return cmocka_run_group_tests(tests, open_bureaus, close_bureaus);
}

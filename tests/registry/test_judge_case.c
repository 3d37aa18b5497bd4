/* Rules on a case beside its stages: recusal, the team and its visit, grounds. */
#include "core/civil.h"
#include "tests/registry/road.h"
#include "tests/test.h"

static struct bureau *standard;

static int
open_bureau(void **state)
{
	(void)state;
	standard = bureau_new("standard");
	return 0;
}

static int
close_bureau(void **state)
{
	(void)state;
	bureau_free(standard);
	return 0;
}

/* Any act by him, whatever his role and key. */
static void
sep_07_who_is_recused_takes_no_part(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_SUBMITTED);
	road_do(&r, ALL, road_recuse(&r, ALL));
	road_refused(&r, ALL, NULL, road_accept(), "SEP-07", "accepts");
	road_refused(&r, ALL_AGAIN, NULL, road_ask(), "SEP-07", "with his other key");
	road_refused(&r, ALL, NULL, road_recuse(&r, OTHER), "SEP-07", "recuses another");
	road_to(&r, CASE_ACCEPTED);
	road_refused(&r, ALL, NULL, road_examine(RESULT_PASS), "SEP-07", "examines");
	road_to(&r, CASE_DECISION_PROPOSED);
	road_refused(&r, ALL, NULL, road_answer(&r, ACT_APPROVE), "SEP-07", "approves");
	road_to(&r, CASE_GRANTED);
	road_refused(&r, ALL, NULL, road_issue(&r), "SEP-07", "issues");
	road_to(&r, CASE_ISSUED);
	road_refused(&r, ALL, NULL, road_notice(&r, ACT_DELIVER), "SEP-07", "delivers");
	road_close(&r);
}

static void
sep_07_somebody_himself_or_a_supervisor(void **state)
{
	(void)state;
	struct road r;
	struct act act;
	road_open_case(&r, standard);
	road_to(&r, CASE_ACCEPTED);
	road_refused(&r, GUAN, NULL, road_recuse(&r, SHEN), "SEP-07", "another, no supervisor");
	struct act_body body = road_recuse(&r, SHEN);
	body.recuse.person.id[0] ^= 0x80;
	road_refused(&r, CHANG, NULL, body, "SEP-07", "nobody");
	road_refused(&r, EARLY, NULL, road_recuse(&r, SHEN), "SEP-07", "a supervisor no more");
	act = road_next(&r);
	act.time_s = BUREAU_START_S - 2 * CIVIL_DAY_S;
	road_refused(
	    &r, EARLY, &act, road_recuse(&r, SHEN), "SEP-07", "written while he supervised");
	act.time_s = BUREAU_START_S - 1;
	road_refused(&r, LATE, &act, road_recuse(&r, SHEN), "SEP-07", "no supervisor yet");
	road_do(&r, CHANG, road_recuse(&r, SHEN));
	road_refused(&r, SHEN, NULL, road_examine(RESULT_PASS), "SEP-07", "examines");
	road_do(&r, SHI, road_recuse(&r, SHI));
	road_close(&r);
}

static void
sep_08_only_officials_who_may_inspect_are_sent(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_EXAMINED);
	road_refused(&r, AN, NULL, road_schedule(&r, SHI, GUAN), "SEP-08", "another role");
	road_refused(&r, AN, NULL, road_schedule(&r, RETIRED, SHI), "SEP-08", "a retired key");
	road_refused(&r, AN, NULL, road_schedule(&r, SHI, EARLY), "SEP-08", "a role that ended");
	struct act_body body = road_schedule(&r, SHI, XIANG);
	body.schedule.team[1].id[0] ^= 0x80;
	road_refused(&r, AN, NULL, body, "SEP-08", "nobody");
	road_do(&r, CHANG, road_recuse(&r, XIANG));
	road_refused(&r, AN, NULL, road_schedule(&r, SHI, XIANG), "SEP-08", "a recused official");
	road_do(&r, AN, road_schedule(&r, SHI, ALL));
	road_close(&r);

	road_open_case(&r, standard);
	road_to(&r, CASE_SUBMITTED);
	road_do(&r, ALL, road_accept());
	road_to(&r, CASE_EXAMINED);
	road_refused(&r, AN, NULL, road_schedule(&r, SHI, ALL), "SEP-08", "who accepted it");
	road_close(&r);
}

static void
sep_08_only_the_team_inspects(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_SCHEDULED);
	road_refused(&r, ALL, NULL, road_inspect(RESULT_PASS), "SEP-08", "not sent");
	road_do(&r, SHI, road_inspect(RESULT_PASS));
	road_refused(&r, ALL, NULL, road_inspect(RESULT_PASS), "SEP-08", "not sent, the second");
	road_close(&r);
}

/* In the meantime he did what the policy keeps apart from it. */
static void
sep_03_a_team_member_who_decides_does_not_inspect(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_EXAMINED);
	road_do(&r, AN, road_schedule(&r, ALL, SHI));
	road_do(&r, ALL, road_notice(&r, ACT_PROLONG));
	road_do(&r, BI, road_answer(&r, ACT_APPROVE));
	road_refused(&r, ALL, NULL, road_inspect(RESULT_PASS), "SEP-03", "he prolonged it");
	road_do(&r, SHI, road_inspect(RESULT_PASS));
	road_close(&r);
}

static void
sep_03_to_terminate_is_to_decide(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_ACCEPTED);
	road_do(&r, ALL, road_notice(&r, ACT_TERMINATE));
	road_do(&r, OTHER, road_answer(&r, ACT_APPROVE));
	road_refused(&r, OTHER, NULL, road_decide(&r, DECISION_REFUSE), "SEP-03", "he approved");
	road_do(&r, GUAN, road_decide(&r, DECISION_REFUSE));
	road_refused(&r, ALL, NULL, road_answer(&r, ACT_APPROVE), "SEP-03", "he proposed");
	road_close(&r);
}

/* A report that counts no more does not free who signed it. */
static void
sep_04_who_inspected_proposes_nothing_whatever_became_of_the_report(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_EXAMINED);
	road_do(&r, AN, road_schedule(&r, SHI, ALL));
	road_do(&r, ALL, road_inspect(RESULT_PASS));
	road_refused(&r, ALL, NULL, road_notice(&r, ACT_TERMINATE), "SEP-04", "terminates");
	road_refused(&r, ALL, NULL, road_notice(&r, ACT_PROLONG), "SEP-04", "prolongs");
	road_do(&r, CHANG, road_recuse(&r, SHI));
	road_refused(&r, ALL, NULL, road_notice(&r, ACT_TERMINATE), "SEP-04", "after the recusal");
	road_do(&r, GUAN, road_notice(&r, ACT_TERMINATE));
	road_refused(&r, ALL, NULL, road_answer(&r, ACT_APPROVE), "SEP-04", "approves it");
	road_close(&r);
}

/* The order of Friday 2026-11-20: five days later is Wednesday. */
static void
dat_02_five_days_of_notice(void **state)
{
	(void)state;
	static const struct {
		const char *row;
		int ahead; /* days */
		bool test;
		const char *rule; /* "": recorded */
	} rows[] = {
		{ "four days", 4, false, "DAT-02" },
		{ "five days", 5, false, "" },
		{ "a test bureau, today", 0, true, "" },
		{ "a test bureau, yesterday", -1, true, "DAT-02" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct road r;
		struct bundle bundle = *bureau_bundle(standard);
		bundle.test = rows[i].test;
		road_open_case(&r, standard);
		r.facts.bundle = &bundle;
		road_to(&r, CASE_EXAMINED);
		/* The last second of the day counts like the first. */
		r.now_s = civil_start_s((struct civil_date){ 2026, 11, 21 }) - 1;
		struct act_body body = road_schedule(&r, SHI, XIANG);
		body.schedule.visit_s += rows[i].ahead * CIVIL_DAY_S;
		if (rows[i].rule[0] != '\0')
			road_refused(&r, AN, NULL, body, rows[i].rule, rows[i].row);
		else
			road_do(&r, AN, body);
		road_close(&r);
	}
}

static void
dat_02_no_report_before_the_visit(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_EXAMINED);
	struct act_body body = road_schedule(&r, SHI, XIANG);
	body.schedule.visit_s += 1;
	road_refused(&r, AN, NULL, body, "DAT-02", "no midnight");
	int64_t visit_s = body.schedule.visit_s += 3 * CIVIL_DAY_S - 1;
	road_do(&r, AN, body);
	r.now_s = visit_s - 1;
	road_refused(&r, SHI, NULL, road_inspect(RESULT_PASS), "DAT-02", "the second before");
	r.now_s = visit_s;
	road_do(&r, SHI, road_inspect(RESULT_PASS));
	road_close(&r);
}

static void
cas_01_a_ground_belongs_to_its_act(void **state)
{
	(void)state;
	static const char *const codes[] = { "TER-01", "INS-01", "DCL-09", "SUS-05" };
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_SUBMITTED);
	struct act_body body = road_notice(&r, ACT_DECLINE);
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		body.notice.ground = span_text(codes[i]);
		road_refused(&r, AN, NULL, body, "CAS-01", codes[i]);
	}
	road_to(&r, CASE_ACCEPTED);
	body = road_notice(&r, ACT_TERMINATE);
	body.notice.ground = span_text("DCL-01");
	road_refused(&r, GUAN, NULL, body, "CAS-01", "a ground to decline");
	road_close(&r);
}

static void
bar_01_who_is_barred_submits_nothing(void **state)
{
	(void)state;
	struct road r;
	struct case_bar bar =
	    case_bar_from(span_text("TER-01"), BUREAU_START_S, span_text("case/C-2026-0001"));
	assert_true(bar.until_s == civil_start_s((struct civil_date){ 2027, 11, 20 }));
	road_open_case(&r, standard);
	r.facts.bar = &bar;
	r.now_s = bar.until_s - 1;
	road_refused(&r, AN, NULL, road_submit(), "BAR-01", "the second before");
	r.now_s = bar.until_s;
	road_do(&r, AN, road_submit());
	/* What was submitted before goes on. */
	bar.until_s += CIVIL_DAY_S;
	road_do(&r, AN, road_ask());
	road_do(&r, AN, road_amend());
	road_close(&r);
}

static void
typ_01_an_application_fits_the_licence_it_names(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	struct act_body body = road_submit();
	body.submit.application = span_text(ROAD_RENEWAL);
	road_refused(&r, AN, NULL, body, "TYP-01", "a licence never issued");
	struct claims claims = { .sub = span_text(ROAD_RENEWED),
		.uscc = span_text(ROAD_USCC),
		.grade = GRADE_A,
		.scopes = { { 1 }, 1 } };
	r.facts.of = (struct applied_licence){ .claims = &claims,
		.status = LICENCE_ACTIVE,
		.end_s = civil_start_s((struct civil_date){ 2027, 2, 23 }) };
	/* The last day is 2027-02-22, three months after 2026-11-22. */
	r.now_s = civil_start_s((struct civil_date){ 2026, 11, 23 });
	road_refused(&r, AN, NULL, body, "TYP-01", "too late by a second");
	r.now_s -= 1;
	road_do(&r, AN, body);
	/* In time when it was submitted: the corrections may come later. */
	road_do(&r, AN, road_ask());
	r.now_s += 10 * CIVIL_DAY_S;
	body.kind = ACT_AMEND;
	road_refused(&r, AN, NULL, road_amend(), "CLM-01", "amended into a new one");
	r.facts.of.status = LICENCE_REVOKED;
	road_refused(&r, AN, NULL, body, "TYP-01", "revoked meanwhile");
	r.facts.of.status = LICENCE_ACTIVE;
	road_do(&r, AN, body);
	road_close(&r);
}

static void
pow_02_each_authority_does_its_part(void **state)
{
	(void)state;
	struct road r;
	struct policy policy = standard->policy;
	struct bundle bundle = *bureau_bundle(standard);
	struct bundle_issuer issuer = bundle.issuers[0];
	struct bundle_power powers[] = {
		{ span_text("JC"), GRADE_A, span_text("issue"), 0, CIVIL_LAST_S },
		{ span_text("JC"), GRADE_A, span_text("accept"), 0, CIVIL_LAST_S },
		{ span_text("JC"), GRADE_A, span_text("decide"), 0, CIVIL_LAST_S },
		{ span_text("JC"), GRADE_A, span_text("examine"), 0, BUREAU_START_S + 210 },
	};

	policy.n_authorities = 1;
	policy.authorities[0] = (struct policy_authorities){ .family = "JC",
		.grade = GRADE_A,
		.who = { "provincial", "TEST", "national", "OTHER" } };
	issuer.powers = powers;
	issuer.n_powers = COUNT_OF(powers);
	issuer.level = BUNDLE_NATIONAL;
	bundle.issuers = &issuer;
	road_open_case(&r, standard);
	r.facts.policy = &policy;
	r.facts.bundle = &bundle;
	road_refused(&r, AN, NULL, road_submit(), "POW-02", "a national bureau accepts");
	issuer.level = BUNDLE_PROVINCIAL;
	road_to(&r, CASE_ACCEPTED);
	road_to(&r, CASE_SCHEDULED);
	road_refused(&r, SHI, NULL, road_inspect(RESULT_PASS), "POW-02", "a power that has ended");
	powers[3].until_s = CIVIL_LAST_S;
	road_to(&r, CASE_INSPECTED);
	road_refused(
	    &r, GUAN, NULL, road_decide(&r, DECISION_GRANT), "POW-02", "a province decides");
	road_refused(
	    &r, GUAN, NULL, road_notice(&r, ACT_TERMINATE), "POW-02", "a province terminates");
	issuer.level = BUNDLE_NATIONAL;
	road_to(&r, CASE_DECISION_PROPOSED);
	issuer.level = BUNDLE_PROVINCIAL;
	road_refused(&r, BI, NULL, road_answer(&r, ACT_APPROVE), "POW-02", "a province approves");
	issuer.level = BUNDLE_NATIONAL;
	road_to(&r, CASE_ISSUED);
	road_refused(&r, AN, NULL, road_notice(&r, ACT_DELIVER), "POW-02", "another delivers");
	memcpy(policy.authorities[0].who[AUTHORITY_DELIVER], "TEST", sizeof "TEST");
	road_refused(&r, AN, NULL, road_notice(&r, ACT_DELIVER), "POW-02", "no power to deliver");
	/* Another grade or family is nobody's in particular. */
	policy.authorities[0].grade = GRADE_B;
	road_do(&r, AN, road_notice(&r, ACT_DELIVER));
	road_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sep_07_who_is_recused_takes_no_part),
		cmocka_unit_test(sep_07_somebody_himself_or_a_supervisor),
		cmocka_unit_test(sep_08_only_officials_who_may_inspect_are_sent),
		cmocka_unit_test(sep_08_only_the_team_inspects),
		cmocka_unit_test(sep_03_a_team_member_who_decides_does_not_inspect),
		cmocka_unit_test(sep_03_to_terminate_is_to_decide),
		cmocka_unit_test(
		    sep_04_who_inspected_proposes_nothing_whatever_became_of_the_report),
		cmocka_unit_test(dat_02_five_days_of_notice),
		cmocka_unit_test(dat_02_no_report_before_the_visit),
		cmocka_unit_test(cas_01_a_ground_belongs_to_its_act),
		cmocka_unit_test(bar_01_who_is_barred_submits_nothing),
		cmocka_unit_test(typ_01_an_application_fits_the_licence_it_names),
		cmocka_unit_test(pow_02_each_authority_does_its_part),
	};
	return cmocka_run_group_tests(tests, open_bureau, close_bureau);
}

/* Rules on what a certificate says. */
#include "tests/registry/road.h"
#include "tests/test.h"

#include <stdio.h>

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

/* threats 33: a number or a slot is never used twice. */
static void
threat_33_num_01_numbers_and_slots_are_used_once(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_GRANTED);
	r.facts.number_known = true;
	road_refused(&r, YIN, NULL, road_issue(&r), "NUM-01", "the number");
	r.facts.number_known = false;
	r.facts.slot_known = true;
	road_refused(&r, YIN, NULL, road_issue(&r), "NUM-01", "the slot");
	road_close(&r);
}

static void
clm_01_a_decision_is_on_what_was_applied_for(void **state)
{
	(void)state;
	struct decision good, d;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_INSPECTED);
	struct act_body body = road_decide(&r, DECISION_GRANT);
	good = body.decide.decision;
#define BAD(field, value, mistake)                                                                 \
	do {                                                                                       \
		d = good;                                                                          \
		d.field = value;                                                                   \
		body.decide.decision = d;                                                          \
		road_refused(&r, GUAN, NULL, body, "CLM-01", mistake);                             \
	} while (0)
	BAD(holder, span_text("示例云帆科技有限公司"), "another holder");
	BAD(holder_en, span_text("Star Bridge"), "an English name not applied for");
	BAD(uscc, span_text("91999902MADEM002X6"), "another code");
	BAD(family, span_text("YZ"), "another family");
	BAD(grade, GRADE_B, "another grade");
	BAD(scopes.no[1], 4, "a scope not applied for");
	BAD(scopes.no[1], 999, "a scope nobody knows");
	BAD(years, 3, "not the policy's years");
#undef BAD
	body.decide.decision = good;
	road_do(&r, GUAN, body);
	road_close(&r);
}

static void
clm_01_a_certificate_says_what_was_decided(void **state)
{
	(void)state;
	const struct bureau *bureaus[] = { standard, small };
	for (size_t i = 0; i < COUNT_OF(bureaus); i++) {
		enum signer who = bureaus[i] == standard ? YIN : THREE;
		struct road r;
		struct claims good;
		road_open_case(&r, bureaus[i]);
		road_to(&r, bureaus[i] == standard ? CASE_GRANTED : CASE_INSPECTED);
		struct act_body body = road_issue(&r);
		good = r.claims;
#define BAD(field, value, mistake)                                                                 \
	do {                                                                                       \
		r.claims = good;                                                                   \
		r.claims.field = value;                                                            \
		road_encode_claims(&r);                                                            \
		body.issue.claims = buf_span(&r.claims_file);                                      \
		road_refused(&r, who, NULL, body, "CLM-01", mistake);                              \
	} while (0)
		BAD(holder, span_text("示例云帆科技有限公司"), "another holder");
		BAD(holder_en, span_text("Star Bridge"), "an English name not decided");
		BAD(uscc, span_text("91999902MADEM002X6"), "another code");
		BAD(scopes.count, 1, "a scope less");
		BAD(scopes.no[1], 4, "another scope");
		BAD(exp_s, good.exp_s + DAY_S, "a day longer");
		BAD(exp_s, good.exp_s - DAY_S, "a day shorter");
		BAD(nbf_s, good.iat_s + DAY_S, "beginning later");
		BAD(iat_s, good.iat_s + 1, "another time of issue");
		BAD(version, 2, "a second version");
		BAD(iss, span_text("OTHER"), "another issuer");
#undef BAD
		road_close(&r);
	}
}

static void
clm_01_family_grade_and_year_of_the_number(void **state)
{
	(void)state;
	static const struct {
		const char *mistake, *family;
		char letter;
		enum grade grade;
		int year;
	} rows[] = {
		{ "another family", "YZ", 'A', GRADE_A, 2026 },
		{ "another grade", "JC", 'B', GRADE_B, 2026 },
		{ "another year", "JC", 'A', GRADE_A, 2027 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct road r;
		struct number number;
		struct err err = { 0 };
		road_open_case(&r, standard);
		road_to(&r, CASE_GRANTED);
		struct act_body body = road_issue(&r);
		assert_true(number_make(
		    &number, rows[i].family, rows[i].letter, BUREAU_REGION, rows[i].year, 1, &err));
		number_stored(r.number, &number);
		r.claims.grade = rows[i].grade;
		road_encode_claims(&r);
		body.issue.claims = buf_span(&r.claims_file);
		road_refused(&r, YIN, NULL, body, "CLM-01", rows[i].mistake);
		road_close(&r);
	}
}

static void
clm_01_nothing_is_issued_on_a_refusal(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, small);
	road_to(&r, CASE_INSPECTED);
	struct act_body body = road_issue(&r);
	body.issue.decision.outcome = DECISION_REFUSE;
	body.issue.decision.years = 0;
	body.issue.decision.reason = span_text("不具备条件");
	road_refused(&r, THREE, NULL, body, "CLM-01", "a refusal in the issue proposal");
	road_close(&r);
}

static void
clm_01_what_is_made_is_what_was_approved(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_ISSUE_APPROVED);
	r.claims.idx++;
	road_encode_claims(&r);
	road_refused(&r, SERVICE, NULL, road_made(&r), "CLM-01", "another slot");
	r.claims.idx--;
	road_encode_claims(&r);
	road_do(&r, SERVICE, road_made(&r));
	road_close(&r);
}

static void
pow_01_the_issuer_has_the_power(void **state)
{
	(void)state;
	struct road r;
	struct bundle_power power = { span_text("JC"), GRADE_B, span_text("issue"), 0, INT64_MAX };
	struct bundle_issuer issuer = {
		.iss = span_text(BUREAU_ISS), .powers = &power, .n_powers = 1
	};
	struct bundle bundle = *bureau_bundle(standard);

	road_open_case(&r, standard);
	road_to(&r, CASE_INSPECTED);
	bundle.issuers = &issuer;
	r.facts.bundle = &bundle;
	road_refused(&r, GUAN, NULL, road_decide(&r, DECISION_GRANT), "POW-01", "Grade B only");
	power.grade = GRADE_A;
	power.until_s = BUREAU_START_S;
	road_refused(&r, GUAN, NULL, road_decide(&r, DECISION_GRANT), "POW-01", "until yesterday");
	road_do(&r, GUAN, road_decide(&r, DECISION_REFUSE)); /* asks for no power */
	power.until_s = INT64_MAX;
	road_to(&r, CASE_DECISION_PROPOSED);
	road_do(&r, BI, road_answer(&r, ACT_REFUSE));
	road_to(&r, CASE_GRANTED);
	power.family = span_text("YZ");
	road_refused(&r, YIN, NULL, road_issue(&r), "POW-01", "another family");
	power.family = span_text("JC");
	bundle.n_issuing = 0;
	road_refused(&r, YIN, NULL, road_issue(&r), "POW-01", "no roles issue");
	road_close(&r);
}

/* ---- many at once ---- */

#define BATCH 5

/* threats 49: N items are N checks; one bad item is found at each position, and only that one. */
static void
threat_49_one_bad_item_at_each_position(void **state)
{
	(void)state;
	for (size_t bad = 0; bad < BATCH; bad++) {
		for (size_t i = 0; i < BATCH; i++) {
			struct road r;
			road_open_case(&r, standard);
			snprintf(r.subject, sizeof r.subject, "case/C-2026-%04zu", i);
			road_to(&r, CASE_GRANTED);
			struct act_body body = road_issue(&r);
			if (i == bad) {
				r.claims.exp_s += DAY_S;
				road_encode_claims(&r);
				body.issue.claims = buf_span(&r.claims_file);
				road_refused(&r, YIN, NULL, body, "CLM-01", r.subject);
			} else {
				road_do(&r, YIN, body);
			}
			road_close(&r);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threat_33_num_01_numbers_and_slots_are_used_once),
		cmocka_unit_test(clm_01_a_decision_is_on_what_was_applied_for),
		cmocka_unit_test(clm_01_a_certificate_says_what_was_decided),
		cmocka_unit_test(clm_01_family_grade_and_year_of_the_number),
		cmocka_unit_test(clm_01_nothing_is_issued_on_a_refusal),
		cmocka_unit_test(clm_01_what_is_made_is_what_was_approved),
		cmocka_unit_test(pow_01_the_issuer_has_the_power),
		cmocka_unit_test(threat_49_one_bad_item_at_each_position),
	};
	return cmocka_run_group_tests(tests, open_bureaus, close_bureaus);
}

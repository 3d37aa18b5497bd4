/* Rules on what is done to a licence. */
#include "core/civil.h"
#include "tests/registry/road.h"
#include "tests/test.h"

#define DAY_S INT64_C(86400)

static struct bureau *standard;

static int
open_bureaus(void **state)
{
	(void)state;
	standard = bureau_new("standard");
	return 0;
}

static int
close_bureaus(void **state)
{
	(void)state;
	bureau_free(standard);
	return 0;
}

static void
sanction(struct road *r, enum act_kind kind)
{
	road_do(r, CHANG, road_sanction(r, kind));
	road_do(r, FU, road_answer(r, ACT_APPROVE));
}

static void
lic_01_verbs_fit_the_status(void **state)
{
	(void)state;
	struct road r;
	road_open_licence(&r, standard);
	road_refused(&r, CHANG, NULL, road_sanction(&r, ACT_LIFT), "LIC-01", "lift what is active");
	sanction(&r, ACT_SUSPEND);
	road_refused(&r, CHANG, NULL, road_sanction(&r, ACT_SUSPEND), "LIC-01", "suspend twice");
	sanction(&r, ACT_LIFT);
	sanction(&r, ACT_SUSPEND);
	sanction(&r, ACT_REVOKE);
	road_refused(&r, CHANG, NULL, road_sanction(&r, ACT_SUSPEND), "LIC-01", "suspend, revoked");
	road_refused(&r, CHANG, NULL, road_sanction(&r, ACT_LIFT), "LIC-01", "lift, revoked");
	road_refused(&r, CHANG, NULL, road_sanction(&r, ACT_REVOKE), "LIC-01", "revoke twice");
	road_close(&r);

	road_open_licence(&r, standard);
	r.facts.claims = NULL; /* no such certificate */
	road_refused(&r, CHANG, NULL, road_sanction(&r, ACT_REVOKE), "LIC-01", "never issued");
	road_close(&r);
}

static void
lic_02_grounds_fit_the_verb(void **state)
{
	(void)state;
	struct road r;
	road_open_licence(&r, standard);
	struct act_body body = road_sanction(&r, ACT_SUSPEND);
	body.order.ground = span_text("REV-05");
	road_refused(&r, CHANG, NULL, body, "LIC-02", "a ground to revoke");
	body.order.ground = span_text("SUS-99");
	road_refused(&r, CHANG, NULL, body, "LIC-02", "no ground at all");
	road_close(&r);
}

static void
lic_03_a_suspension_lasts_six_to_twelve_months(void **state)
{
	(void)state;
	static const struct {
		int months, days;
		const char *rule;
	} rows[] = { { 6, -1, "LIC-03" }, { 6, 0, "" }, { 12, 0, "" }, { 12, 1, "LIC-03" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct road r;
		road_open_licence(&r, standard);
		struct act_body body = road_sanction(&r, ACT_SUSPEND);
		struct civil_date from = civil_of(body.order.from_s);
		body.order.until_s = civil_start_s(
		    civil_add_days(civil_add_months(from, rows[i].months), rows[i].days));
		if (rows[i].rule[0] != '\0')
			road_refused(&r, CHANG, NULL, body, rows[i].rule, "months");
		else
			road_do(&r, CHANG, body);
		road_close(&r);
	}
}

static void
dat_01_effective_dates_are_near(void **state)
{
	(void)state;
	static const struct {
		const char *mistake;
		int days;
		int64_t seconds;
		const char *rule;
	} rows[] = {
		{ "7 days back, the certificate's first day", -7, 0, "" },
		{ "8 days back, before it", -8, 0, "DAT-01" },
		{ "31 days ahead", 31, 0, "" },
		{ "32 days ahead", 32, 0, "DAT-01" },
		{ "not at midnight", 0, 3600, "DAT-01" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct road r;
		road_open_licence(&r, standard);
		struct act_body body = road_sanction(&r, ACT_REVOKE);
		body.order.from_s += rows[i].days * DAY_S + rows[i].seconds;
		if (rows[i].rule[0] != '\0')
			road_refused(&r, CHANG, NULL, body, rows[i].rule, rows[i].mistake);
		else
			road_do(&r, CHANG, body);
		road_close(&r);
	}

	struct road r;
	road_open_licence(&r, standard);
	r.claims.iat_s -= 100 * DAY_S;
	struct act_body body = road_sanction(&r, ACT_REVOKE);
	body.order.from_s -= 16 * DAY_S;
	road_refused(&r, CHANG, NULL, body, "DAT-01", "16 days back");
	body.order.from_s += DAY_S;
	road_do(&r, CHANG, body);
	road_close(&r);
}

static void
dat_01_a_lifting_undoes_no_suspension(void **state)
{
	(void)state;
	struct road r;
	road_open_licence(&r, standard);
	sanction(&r, ACT_SUSPEND);
	struct act_body body = road_sanction(&r, ACT_LIFT);
	body.order.from_s -= DAY_S;
	road_refused(&r, CHANG, NULL, body, "DAT-01", "lifted from before it began");
	road_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lic_01_verbs_fit_the_status),
		cmocka_unit_test(lic_02_grounds_fit_the_verb),
		cmocka_unit_test(lic_03_a_suspension_lasts_six_to_twelve_months),
		cmocka_unit_test(dat_01_effective_dates_are_near),
		cmocka_unit_test(dat_01_a_lifting_undoes_no_suspension),
	};
	return cmocka_run_group_tests(tests, open_bureaus, close_bureaus);
}

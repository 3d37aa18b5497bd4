/*
 * Rules on a certificate that follows another: the next version, Grade B in the place of Grade A; and what is
 * granted about a licence: its renewal, Grade A in the place of Grade B, further scopes.
 */
#include "core/civil.h"
#include "tests/printed_field.h"
#include "tests/registry/road.h"
#include "tests/test.h"

#include <stdio.h>

#define DAY_S INT64_C(86400)
#define HOLDER "示例星桥信息技术有限公司"
#define HOLDER_EN "Star Bridge Ltd."
#define OTHER_NAME "示例新桥信息技术有限公司"

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

/* A licence and the proposal that follows: right in all, until a test spoils it. */
struct following {
	struct road road;
	struct claims claims;
	struct buf claims_file;
	struct act_body body;
	char number[NUMBER_STORED_BYTES]; /* of what is proposed */
};

static int64_t
today_s(const struct following *f)
{
	return civil_start_s(civil_of(f->road.now_s));
}

static void
make_number(char out[NUMBER_STORED_BYTES], const char *family, char grade, int year, int serial)
{
	struct number number;
	assert_true(number_make(&number, family, grade, BUREAU_REGION, year, serial, NULL));
	number_stored(out, &number);
}

static void
fill_claims(struct following *f)
{
	struct claims *c = &f->road.claims;

	c->iss = span_text(BUREAU_ISS);
	c->sub = span_text(f->road.number);
	c->holder = span_text(HOLDER);
	c->holder_en = span_text(HOLDER_EN);
	c->uscc = span_text(ROAD_USCC);
	c->grade = GRADE_A;
	c->scopes = (struct scopes){ { 1, 3, 4 }, 3 };
	c->version = 1;
}

static void
open_following(struct following *f, enum act_kind kind, const char *ground)
{
	*f = (struct following){ 0 };
	road_open_licence(&f->road, standard);
	fill_claims(f);
	const struct claims *before = &f->road.claims;
	f->claims = *before;
	f->claims.iat_s = f->road.now_s;
	f->claims.idx = 4712;
	memcpy(f->number, f->road.number, sizeof f->number);
	f->body = (struct act_body){ .kind = kind,
		.not_after_s = policy_not_after_s(&standard->policy, kind, f->road.now_s),
		.sitting = span_text(ROAD_SITTING) };
	f->body.issue.order = (struct body_order){ .ground = span_text(ground),
		.document = span_text("示换〔2026〕1号"),
		.from_s = today_s(f) };
	static uint8_t face[PRINTED_FIELD_BYTES];
	f->body.issue.face = printed_field_only(face, "holder_zh", span_text(HOLDER));
	f->body.issue.template_id = span_text("grade-a");
	if (kind == ACT_REISSUE) {
		f->claims.version = 2;
		f->claims.nbf_s = claims_from_s(before);
	} else {
		make_number(f->number, "JC", 'B', 2026, 31557);
		f->claims.sub = span_text(f->number);
		f->claims.grade = GRADE_B;
		f->claims.nbf_s = f->body.issue.order.from_s;
	}
}

static void
close_following(struct following *f)
{
	buf_free(&f->claims_file);
	road_close(&f->road);
}

static void
encode(struct following *f)
{
	struct err err = { 0 };

	buf_free(&f->claims_file);
	if (!credential_claims_encode(&f->claims_file, &f->claims, &err))
		fail_msg("%s", err.text);
	f->body.issue.claims = buf_span(&f->claims_file);
}

static void
may(struct following *f)
{
	encode(f);
	road_do(&f->road, YIN, f->body);
}

static void
may_not(struct following *f, const char *rule, const char *row)
{
	encode(f);
	road_refused(&f->road, YIN, NULL, f->body, rule, row);
}

/* One mistake in claims that are right else. */
#define BAD(field, value, mistake)                                                                 \
	do {                                                                                       \
		const struct claims good_ = f.claims;                                              \
		f.claims.field = value;                                                            \
		may_not(&f, "CLM-01", mistake);                                                    \
		f.claims = good_;                                                                  \
	} while (0)

/* ---- the next version ---- */

static void
clm_01_the_next_version_says_what_the_one_before_said(void **state)
{
	(void)state;
	static const char *const grounds[] = { "LOS-01", "LOS-02", "MIS-01", "CHG-02", "CHG-03" };
	for (size_t i = 0; i < COUNT_OF(grounds); i++) {
		struct following f;
		char another[NUMBER_STORED_BYTES];
		open_following(&f, ACT_REISSUE, grounds[i]);
		const struct claims *before = &f.road.claims;
		BAD(iss, span_text("OTHER"), "another issuer");
		BAD(iat_s, f.claims.iat_s + 1, "another time of issue");
		make_number(another, "JC", 'A', 2026, 7);
		BAD(sub, span_text(another), "another number");
		BAD(version, 1, "the same version");
		BAD(version, 3, "a version left out");
		BAD(nbf_s, 0, "valid from its own issue on");
		BAD(nbf_s, before->iat_s - DAY_S, "valid a day earlier");
		BAD(exp_s, before->exp_s + DAY_S, "a day longer");
		BAD(uscc, span_text("91999902MADEM002X6"), "another code");
		BAD(holder, span_text(OTHER_NAME), "another name");
		BAD(holder_en, span_text("New Bridge Ltd."), "another English name");
		BAD(holder_en, span_of(NULL, 0), "no English name any more");
		BAD(scopes.count, 2, "a scope less");
		BAD(scopes.no[2], 5, "another scope");
		may(&f);
		close_following(&f);
	}
}

static void
clm_01_only_a_change_of_name_changes_it(void **state)
{
	(void)state;
	struct following f;

	open_following(&f, ACT_REISSUE, "CHG-01");
	BAD(uscc, span_text("91999902MADEM002X6"), "another code");
	BAD(scopes.count, 2, "a scope less");
	f.claims.holder = span_text(OTHER_NAME);
	f.claims.holder_en = span_of(NULL, 0);
	may(&f);
	close_following(&f);
}

static void
clm_01_scopes_become_fewer_and_no_others(void **state)
{
	(void)state;
	struct following f;

	open_following(&f, ACT_REISSUE, "CHG-04");
	BAD(scopes.no[2], 5, "one that was not there");
	BAD(holder, span_text(OTHER_NAME), "another name");
	f.claims.scopes = (struct scopes){ { 1, 4 }, 2 };
	may(&f);
	close_following(&f);
}

/* The version before it is the newest, whatever the first one said. */
static void
clm_01_a_third_version_follows_the_second(void **state)
{
	(void)state;
	struct following f;

	open_following(&f, ACT_REISSUE, "LOS-01");
	f.road.version.version = f.road.claims.version = 2;
	f.road.claims.nbf_s = f.road.claims.iat_s;
	f.road.claims.iat_s = f.road.now_s - 2 * DAY_S;
	may_not(&f, "CLM-01", "the second once more");
	f.claims.version = 3;
	f.body.issue.order.from_s -= 3 * DAY_S;
	may_not(&f, "DAT-01", "lost before it was made");
	f.body.issue.order.from_s += DAY_S;
	may(&f);
	close_following(&f);
}

/* ---- Grade B in the place of Grade A ---- */

static void
clm_01_grade_b_takes_the_rest_of_grade_a(void **state)
{
	(void)state;
	static const int days[] = { -7, 0,
		31 }; /* from the certificate's first day to what may be ahead */
	for (size_t i = 0; i < COUNT_OF(days); i++) {
		struct following f;
		char another[NUMBER_STORED_BYTES];
		open_following(&f, ACT_REGRADE, "DWN-01");
		const struct claims *before = &f.road.claims;
		f.body.issue.order.from_s += days[i] * DAY_S;
		f.claims.nbf_s = f.body.issue.order.from_s;
		BAD(iss, span_text("OTHER"), "another issuer");
		BAD(iat_s, f.claims.iat_s + 1, "another time of issue");
		BAD(version, 2, "a second version");
		make_number(another, "YZ", 'B', 2026, 7);
		BAD(sub, span_text(another), "another family");
		make_number(another, "JC", 'B', 2027, 7);
		BAD(sub, span_text(another), "a number of another year");
		BAD(nbf_s, f.claims.nbf_s - DAY_S, "beginning a day earlier");
		BAD(nbf_s, f.claims.nbf_s + DAY_S, "beginning a day later");
		BAD(nbf_s, 0, "beginning with its issue");
		BAD(exp_s, before->exp_s + DAY_S, "a day longer");
		BAD(exp_s, before->exp_s - DAY_S, "a day shorter");
		BAD(uscc, span_text("91999902MADEM002X6"), "another code");
		BAD(holder, span_text(OTHER_NAME), "another name");
		BAD(holder_en, span_of(NULL, 0), "no English name any more");
		BAD(scopes.no[2], 5, "a scope that was not there");
		f.claims.scopes = (struct scopes){ { 1, 4 }, 2 };
		may(&f);
		close_following(&f);
	}
}

static void
clm_01_grade_a_becomes_grade_b_only(void **state)
{
	(void)state;
	struct following f;

	open_following(&f, ACT_REGRADE, "DWN-01");
	make_number(f.number, "JC", 'A', 2026, 7);
	f.claims.grade = GRADE_A;
	may_not(&f, "CLM-01", "Grade A under a new number");
	close_following(&f);

	open_following(&f, ACT_REGRADE, "DWN-01");
	make_number(f.road.number, "JC", 'B', 2026, 48213);
	memcpy(f.road.subject, f.road.number, sizeof f.road.number);
	f.road.claims.grade = GRADE_B;
	may_not(&f, "CLM-01", "what is Grade B already");
	close_following(&f);
}

/* ---- what is granted about a licence ---- */

/* A granted case, the licence it is about, and the proposal to issue: right in all, until a test spoils it. */
struct granted {
	struct following f;
	struct claims before; /* the licence's newest certificate */
	char of[NUMBER_STORED_BYTES];
	char application[1024];
};

static int64_t
date_s(int year, int month, int day)
{
	return civil_start_s((struct civil_date){ year, month, day });
}

static void
open_granted(struct granted *g, const char *type, char grade_before)
{
	struct road *r = &g->f.road;

	*g = (struct granted){ 0 };
	road_open_case(r, standard);
	make_number(g->of, "JC", grade_before, 2022, 4321);
	g->before = (struct claims){ .iss = span_text(BUREAU_ISS),
		.sub = span_text(g->of),
		.exp_s = date_s(2027, 3, 1),
		.iat_s = date_s(2022, 3, 1) + 36000,
		.holder = span_text(ROAD_HOLDER),
		.uscc = span_text(ROAD_USCC),
		.grade = grade_before == 'A' ? GRADE_A : GRADE_B,
		.scopes = { { 1 }, 1 },
		.version = 3 };
	r->facts.of = (struct applied_licence){ &g->before, LICENCE_ACTIVE, g->before.exp_s,
		g->before.version + 1u };
	snprintf(g->application, sizeof g->application,
	    "{\"applicant\":{\"kind\":\"enterprise\",\"name\":{\"zh\":\"" ROAD_HOLDER
	    "\"},\"uscc\":\"" ROAD_USCC "\"},\"format\":\"qualcert-application/1\",\"of\":\"%s\","
	    "\"qualification\":{\"family\":\"JC\",\"grade\":\"A\",\"scopes\":"
	    "[\"integration\",\"software\",\"operation-maintenance\"]},\"type\":\"%s\"}",
	    g->of, type);
	road_do(r, AN,
	    (struct act_body){ .kind = ACT_SUBMIT, .submit = { span_text(g->application) } });
	road_to(r, CASE_GRANTED);
}

/* As road_issue() has it for a new one; a test makes of it what was granted. */
static void
draft(struct granted *g, bool takes_its_place)
{
	g->f.body = road_issue(&g->f.road);
	g->f.claims = g->f.road.claims;
	if (takes_its_place)
		g->f.body.issue.supersedes = span_text(g->of);
}

static void
takes_no_other_place(struct granted *g, bool takes_its_place)
{
	char other[NUMBER_STORED_BYTES];
	const struct span good = g->f.body.issue.supersedes;

	make_number(other, "JC", 'B', 2022, 99);
	g->f.body.issue.supersedes = span_text(other);
	may_not(&g->f, "CLM-01", "in the place of another");
	g->f.body.issue.supersedes = takes_its_place ? span_of(NULL, 0) : span_text(g->of);
	may_not(&g->f, "CLM-01", takes_its_place ? "in no place" : "in its place");
	g->f.body.issue.supersedes = good;
}

static void
clm_01_a_renewal_begins_when_the_licence_ends(void **state)
{
	(void)state;
	struct granted g;
	char another[NUMBER_STORED_BYTES];

	open_granted(&g, "renewal", 'A');
	draft(&g, true);
	g.f.claims.nbf_s = g.before.exp_s;
	g.f.claims.exp_s = date_s(2032, 3, 1);
#define f (g.f)
	takes_no_other_place(&g, true);
	BAD(version, 2, "a second version");
	make_number(another, "JC", 'A', 2027, 7);
	BAD(sub, span_text(another), "a number of the year it begins");
	BAD(sub, span_text(g.of), "the number of the licence");
	BAD(nbf_s, 0, "beginning with its issue");
	BAD(nbf_s, f.claims.nbf_s + DAY_S, "a day between");
	BAD(nbf_s, f.claims.nbf_s - DAY_S, "a day of both");
	BAD(exp_s, f.claims.exp_s + DAY_S, "a day longer");
	BAD(exp_s, f.claims.exp_s - DAY_S, "a day shorter");
	BAD(scopes.count, 1, "a scope less than decided");
	may(&f);
	close_following(&f);
#undef f
}

/* An order moved the end since it was applied for: the renewal begins then. */
static void
clm_01_a_renewal_follows_an_end_that_was_moved(void **state)
{
	(void)state;
	struct granted g;

	open_granted(&g, "renewal", 'A');
	draft(&g, true);
	g.f.claims.nbf_s = g.before.exp_s;
	g.f.claims.exp_s = date_s(2032, 3, 1);
	g.f.road.facts.of.end_s = date_s(2027, 9, 1);
	may_not(&g.f, "CLM-01", "at the end as printed");
	g.f.claims.nbf_s = date_s(2027, 9, 1);
	g.f.claims.exp_s = date_s(2032, 9, 1);
	may(&g.f);
	close_following(&g.f);
}

static void
clm_01_a_late_renewal_begins_with_its_issue(void **state)
{
	(void)state;
	struct granted g;
	char number[NUMBER_STORED_BYTES];

	open_granted(&g, "renewal", 'A');
	g.f.road.now_s = date_s(2027, 3, 1) + 36000;
	g.f.road.facts.of.status = LICENCE_EXPIRED;
	draft(&g, true);
	make_number(number, "JC", 'A', 2027, 7);
	g.f.claims.sub = span_text(number);
	may(&g.f); /* by five years from its issue */
	close_following(&g.f);
}

static void
clm_01_an_upgrade_is_a_first_certificate(void **state)
{
	(void)state;
	struct granted g;

	open_granted(&g, "upgrade", 'B');
	draft(&g, true);
#define f (g.f)
	takes_no_other_place(&g, true);
	BAD(nbf_s, g.before.exp_s, "beginning when the licence ends");
	BAD(version, 2, "a second version");
	BAD(exp_s, g.before.exp_s, "ending when the licence would");
	may(&f);
	close_following(&f);
#undef f
}

static void
clm_01_further_scopes_make_the_next_version(void **state)
{
	(void)state;
	struct granted g;

	open_granted(&g, "scope-addition", 'A');
	draft(&g, false);
	g.f.claims.sub = span_text(g.of);
	g.f.claims.version = 4;
	g.f.claims.nbf_s = g.before.iat_s;
	g.f.claims.exp_s = g.before.exp_s;
#define f (g.f)
	f.road.facts.number_known = true; /* its own */
	takes_no_other_place(&g, false);
	BAD(sub, span_text(f.road.number), "a new number");
	BAD(version, 1, "a first version");
	BAD(version, 3, "the same version");
	BAD(nbf_s, 0, "beginning with its issue");
	BAD(exp_s, f.claims.exp_s + DAY_S, "a day longer");
	BAD(scopes.count, 1, "the old scope alone");
	g.before.scopes =
	    (struct scopes){ { 1, 6 }, 2 }; /* applied for with the new one, and not granted */
	may_not(&f, "CLM-01", "an old scope missing");
	g.before.scopes = (struct scopes){ { 1 }, 1 };
	g.before.holder = span_text(OTHER_NAME);
	may_not(&f, "CLM-01", "another name than on the certificate");
	g.before.holder = span_text(ROAD_HOLDER);
	g.before.holder_en = span_text(HOLDER_EN);
	may_not(&f, "CLM-01", "no English name any more");
	g.before.holder_en = span_of(NULL, 0);
	may(&f);
	close_following(&f);
#undef f
}

/* What is new takes no licence's place. */
static void
clm_01_a_new_one_follows_nothing(void **state)
{
	(void)state;
	struct granted g = { 0 };

	road_open_case(&g.f.road, standard);
	road_to(&g.f.road, CASE_GRANTED);
	make_number(g.of, "JC", 'A', 2022, 4321);
	draft(&g, false);
	takes_no_other_place(&g, false);
	may(&g.f);
	close_following(&g.f);
}

/* Between proposal and approval something happens to the licence, on another chain. */
static void
clm_01_the_approval_asks_again(void **state)
{
	(void)state;
	struct granted g;

	open_granted(&g, "renewal", 'A');
	draft(&g, true);
	g.f.claims.nbf_s = g.before.exp_s;
	g.f.claims.exp_s = date_s(2032, 3, 1);
	may(&g.f);
	struct act_body yes = road_answer(&g.f.road, ACT_APPROVE);
	g.f.road.facts.of.status = LICENCE_REVOKED;
	road_refused(&g.f.road, FU, NULL, yes, "CLM-01", "revoked meanwhile");
	g.f.road.facts.of.status = LICENCE_ACTIVE;
	g.f.road.facts.of.end_s += DAY_S;
	road_refused(&g.f.road, FU, NULL, yes, "CLM-01", "extended meanwhile");
	g.f.road.facts.of.end_s -= DAY_S;
	g.f.road.facts.number_awaited = true;
	road_refused(&g.f.road, FU, NULL, yes, "NUM-01", "another with its number is approved");
	g.f.road.facts.number_awaited = false;
	road_do(&g.f.road, FU, yes);
	close_following(&g.f);

	struct following f;
	open_following(&f, ACT_REISSUE, "LOS-01");
	may(&f);
	yes = road_answer(&f.road, ACT_APPROVE);
	f.road.version.version = f.road.claims.version = 2; /* made by a case */
	road_refused(&f.road, FU, NULL, yes, "CLM-01", "that version was made meanwhile");
	f.road.version.version = f.road.claims.version = 1;
	road_do(&f.road, FU, yes);
	close_following(&f);
}

/* ---- numbers, slots, power ---- */

static void
num_01_a_reissue_keeps_its_number_and_a_regrade_takes_a_new_one(void **state)
{
	(void)state;
	static const struct {
		enum act_kind kind;
		const char *ground;
		bool number_again;
	} rows[] = { { ACT_REISSUE, "MIS-01", true }, { ACT_REGRADE, "DWN-01", false } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct following f;
		open_following(&f, rows[i].kind, rows[i].ground);
		f.road.facts.slot_known = true;
		may_not(&f, "NUM-01", "a slot that was used");
		f.road.facts.slot_known = false;
		f.road.facts.number_known = true;
		if (!rows[i].number_again) {
			may_not(&f, "NUM-01", "a number that was used");
			f.road.facts.number_known = false;
		}
		may(&f);
		close_following(&f);
	}
}

static void
pow_01_the_issuer_has_the_power_for_the_new_grade(void **state)
{
	(void)state;
	struct bundle_power power = { span_text("JC"), GRADE_A, span_text("issue"), 0, INT64_MAX };
	struct bundle_issuer issuer = {
		.iss = span_text(BUREAU_ISS), .powers = &power, .n_powers = 1
	};
	struct bundle bundle = *bureau_bundle(standard);
	struct following f;

	bundle.issuers = &issuer;
	open_following(&f, ACT_REGRADE, "DWN-01");
	f.road.facts.bundle = &bundle;
	may_not(&f, "POW-01", "Grade A only");
	power.grade = GRADE_B;
	may(&f);
	close_following(&f);
}

/* ---- who, and from when ---- */

static void
act_04_its_time_is_the_certificates(void **state)
{
	(void)state;
	struct following f;

	open_following(&f, ACT_REISSUE, "MIS-01");
	f.claims.iat_s -= 3601;
	encode(&f);
	struct act act = road_next(&f.road);
	act.time_s -= 3601;
	road_refused(&f.road, YIN, &act, f.body, "ACT-04", "signed more than an hour ago");
	close_following(&f);
}

static void
lic_02_each_ground_has_its_verb(void **state)
{
	(void)state;
	struct following f;

	open_following(&f, ACT_REISSUE, "DWN-01");
	may_not(&f, "LIC-02", "a ground to lower the grade");
	close_following(&f);
	open_following(&f, ACT_REGRADE, "MIS-01");
	may_not(&f, "LIC-02", "a ground to reissue");
	close_following(&f);
}

static void
dat_01_the_older_one_ends_on_a_day_of_its_life(void **state)
{
	(void)state;
	static const struct {
		int days;
		const char *rule;
	} rows[] = { { -8, "DAT-01" }, { -7, "" }, { 31, "" }, { 32, "DAT-01" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct following f;
		open_following(&f, ACT_REISSUE, "LOS-01");
		f.body.issue.order.from_s += rows[i].days * DAY_S;
		if (rows[i].rule[0] != '\0')
			may_not(&f, rows[i].rule, "days");
		else
			may(&f);
		close_following(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clm_01_the_next_version_says_what_the_one_before_said),
		cmocka_unit_test(clm_01_only_a_change_of_name_changes_it),
		cmocka_unit_test(clm_01_scopes_become_fewer_and_no_others),
		cmocka_unit_test(clm_01_a_third_version_follows_the_second),
		cmocka_unit_test(clm_01_grade_b_takes_the_rest_of_grade_a),
		cmocka_unit_test(clm_01_grade_a_becomes_grade_b_only),
		cmocka_unit_test(clm_01_a_renewal_begins_when_the_licence_ends),
		cmocka_unit_test(clm_01_a_renewal_follows_an_end_that_was_moved),
		cmocka_unit_test(clm_01_a_late_renewal_begins_with_its_issue),
		cmocka_unit_test(clm_01_an_upgrade_is_a_first_certificate),
		cmocka_unit_test(clm_01_further_scopes_make_the_next_version),
		cmocka_unit_test(clm_01_a_new_one_follows_nothing),
		cmocka_unit_test(clm_01_the_approval_asks_again),
		cmocka_unit_test(num_01_a_reissue_keeps_its_number_and_a_regrade_takes_a_new_one),
		cmocka_unit_test(pow_01_the_issuer_has_the_power_for_the_new_grade),
		cmocka_unit_test(act_04_its_time_is_the_certificates),
		cmocka_unit_test(lic_02_each_ground_has_its_verb),
		cmocka_unit_test(dat_01_the_older_one_ends_on_a_day_of_its_life),
	};
	return cmocka_run_group_tests(tests, open_bureaus, close_bureaus);
}

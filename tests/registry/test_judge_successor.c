/* Rules on a certificate that follows another: the next version, and Grade B in the place of Grade A. */
#include "core/civil.h"
#include "tests/registry/road.h"
#include "tests/test.h"

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
	f->body.issue.face[0] = (struct printed_field){ span_text("holder_zh"), span_text(HOLDER) };
	f->body.issue.face_count = 1;
	f->body.issue.template_id = span_text("grade-a");
	if (kind == ACT_REISSUE) {
		f->claims.version = 2;
		f->claims.nbf_s = claims_from_s(before);
	} else {
		make_number(f->number, "JC", 'B', 2026, 31556);
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
	f.road.claims.version = 2;
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
		cmocka_unit_test(num_01_a_reissue_keeps_its_number_and_a_regrade_takes_a_new_one),
		cmocka_unit_test(pow_01_the_issuer_has_the_power_for_the_new_grade),
		cmocka_unit_test(act_04_its_time_is_the_certificates),
		cmocka_unit_test(lic_02_each_ground_has_its_verb),
		cmocka_unit_test(dat_01_the_older_one_ends_on_a_day_of_its_life),
	};
	return cmocka_run_group_tests(tests, open_bureaus, close_bureaus);
}

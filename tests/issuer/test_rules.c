#include "issuer/rules.h"

#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"
#include "tests/issuer/paper.h"

#include <stdio.h>

static const struct civil_date submitted = { 2026, 11, 20 };

static void
load_policy(struct policy *out)
{
	struct err err = { 0 };
	struct buf json = BUF_EMPTY;
	assert_true(
	    file_read(&json, SOURCE_DIR "/templates/policy-standard.json", LIMIT_JSON_BYTES, &err));
	assert_true(policy_parse(out, buf_span(&json), &err));
	buf_free(&json);
}

/* Parse a paper and apply the rules: every defect, of shape and of rules. */
static void
judge_with(struct defects *out, const json_t *paper, const json_t *report, rules_drawable *drawable)
{
	struct err err = { 0 };
	struct policy policy;
	struct application *app = NULL;
	struct inspection *inspection = NULL;
	char *text = paper_text(paper);

	load_policy(&policy);
	assert_true(application_parse(&app, out, span_text(text), &err));
	if (report != NULL) {
		char *report_text = paper_text(report);
		assert_true(
		    inspection_parse(&inspection, out, span_text(report_text), app->uscc, &err));
		free(report_text);
	}
	const struct rules_question q = { .application = app,
		.level = report != NULL ? RULES_VERIFIED : RULES_DECLARED,
		.inspection = inspection,
		.submitted = submitted,
		.policy = &policy,
		.drawable = drawable };
	rules_check(out, &q);
	assert_true(defects_ok(out, &err));
	inspection_free(inspection);
	application_free(app);
	free(text);
}

static void
judge(struct defects *out, const json_t *paper, const json_t *report)
{
	judge_with(out, paper, report, NULL);
}

/* Fails, naming the row, unless the codes are exactly these. */
static void
check_codes(const struct defects *d, const char *expected, const char *row)
{
	struct buf codes = BUF_EMPTY;
	const char *found = d->count > 0 ? paper_codes(&codes, d) : "";
	if (strcmp(found, expected) != 0)
		fail_msg("%s: found %swanted %s", row, found, expected);
	buf_free(&codes);
}

static void
good_applications_have_no_defect(void **state)
{
	(void)state;
	static const char *const names[] = { "star-bridge", "cloud-sail", "rare-hanzi" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char report_name[64];
		snprintf(report_name, sizeof report_name, "%s-inspection", names[i]);
		struct defects d = { 0 };
		json_t *paper = paper_load(names[i]);
		json_t *report = paper_load(report_name);
		judge(&d, paper, NULL);
		judge(&d, paper, report);
		check_codes(&d, "", names[i]);
		json_decref(paper);
		json_decref(report);
		defects_free(&d);
	}
}

static void
the_application_with_five_defects_has_exactly_its_five(void **state)
{
	(void)state;
	static const char *const paths[] = { "/applicant/uscc", "/documents",
		"/organisation/posts/1", "/organisation/departments/1/head",
		"/organisation/group/members/2/duty" };
	struct defects d = { 0 };
	json_t *paper = paper_load("five-defects");
	judge(&d, paper, NULL);
	check_codes(&d, "USCC-01 DOC-01 ORG-02 ORG-09 ORG-10 ", "five-defects");
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		assert_string_equal(d.items[i].path, paths[i]);
		assert_int_equal(d.items[i].severity, SEVERITY_ERROR);
	}
	assert_string_equal(d.items[2].en,
	    "The director of confidentiality, 简多职, is also \"市场总监\". In Grade A the "
	    "director "
	    "has no other post: relieve the director of it, or appoint another.");
	json_decref(paper);
	defects_free(&d);
}

static void
an_individual_is_refused_with_one_sentence(void **state)
{
	(void)state;
	struct defects d = { 0 };
	json_t *paper = paper_load("individual");
	judge(&d, paper, NULL);
	check_codes(&d, "KIND-01 ", "individual");
	assert_non_null(strstr(d.items[0].zh, "不受理个人申请"));
	json_decref(paper);
	defects_free(&d);
}

#define DIGEST "\"0000000000000000000000000000000000000000000000000000000000000000\""

/* Up to three changes to a good example. A: star-bridge, B: cloud-sail. */
struct breach {
	const char *mistake;
	char grade;
	struct {
		const char *pointer, *value;
	} edits[3];
	const char *codes;
	enum severity severity;
};

static const struct breach breaches[] = {
	{ "no director", 'A', { { "/organisation/directors", NULL } }, "ORG-01 ", SEVERITY_ERROR },
	{ "two directors", 'A', { { "/organisation/directors/-", "\"p6\"" } }, "ORG-01 ",
	    SEVERITY_ERROR },
	{ "the director has a second post", 'A',
	    { { "/organisation/posts/-", "{\"person\":\"p2\",\"title\":\"市场总监\"}" } },
	    "ORG-02 ", SEVERITY_ERROR },
	{ "the director heads a department", 'A',
	    { { "/organisation/departments/-", "{\"name\":\"市场部\",\"head\":\"p2\"}" } },
	    "ORG-02 ", SEVERITY_ERROR },
	{ "the director is the principal", 'A', { { "/organisation/principal", "\"p2\"" } },
	    "ORG-02 ", SEVERITY_ERROR },
	{ "the director is not in the leadership team", 'A',
	    { { "/organisation/leadership_team/1", NULL } }, "ORG-03 ", SEVERITY_ERROR },
	{ "no person in charge", 'B', { { "/organisation/leads", "[]" } }, "ORG-04 ",
	    SEVERITY_ERROR },
	{ "two persons in charge", 'B', { { "/organisation/leads/-", "\"p3\"" } }, "ORG-04 ",
	    SEVERITY_ERROR },
	{ "no group", 'A', { { "/organisation/group", NULL } }, "ORG-05 ", SEVERITY_ERROR },
	{ "somebody else heads the group", 'A', { { "/organisation/group/head", "\"p3\"" } },
	    "ORG-05 ", SEVERITY_ERROR },
	{ "the director is not deputy", 'A', { { "/organisation/group/deputies", "[]" } },
	    "ORG-06 ", SEVERITY_ERROR },
	{ "a second deputy", 'A', { { "/organisation/group/deputies/-", "\"p3\"" } }, "ORG-06 ",
	    SEVERITY_ERROR },
	{ "the person in charge is not deputy", 'B', { { "/organisation/group/deputies", "[]" } },
	    "ORG-07 ", SEVERITY_ERROR },
	{ "the head is no member", 'A', { { "/organisation/group/members/0", NULL } }, "ORG-08 ",
	    SEVERITY_ERROR },
	{ "the person in charge is no member", 'B',
	    { { "/organisation/group/members/1/areas", "[]" },
		{ "/organisation/group/members/0/areas", "[\"system\", \"personnel\"]" },
		{ "/organisation/group/members/1", NULL } },
	    "ORG-08 ", SEVERITY_ERROR },
	{ "a head of department is no member", 'A', { { "/organisation/group/members/3", NULL } },
	    "ORG-09 ", SEVERITY_ERROR },
	{ "a member without duty", 'A', { { "/organisation/group/members/3/duty", NULL } },
	    "ORG-10 ", SEVERITY_ERROR },
	{ "nobody has the personnel", 'A', { { "/organisation/group/members/4/areas", "[]" } },
	    "ORG-10 ", SEVERITY_ERROR },
	{ "an area that does not exist", 'A',
	    { { "/organisation/group/members/0/areas", "[\"canteen\"]" } }, "ORG-10 ",
	    SEVERITY_ERROR },
	{ "two duties word for word the same", 'A',
	    { { "/organisation/group/members/3/duty",
		"\"负责研发部的保密管理，组织保密宣传教育\"" } },
	    "ORG-10 ", SEVERITY_WARN },
	{ "the person in charge heads the group and is its deputy", 'B',
	    { { "/applicant/legal_representative", "\"p2\"" },
		{ "/organisation/group/head", "\"p2\"" },
		{ "/organisation/departments/-", "{\"name\":\"办公室\",\"head\":\"p1\"}" } },
	    "ORG-11 ", SEVERITY_ERROR },
	{ "the principal without a reason", 'A',
	    { { "/organisation/head_of_unit/choice", "\"principal\"" } }, "ORG-12 ",
	    SEVERITY_WARN },
	{ "an appointment without its number", 'A',
	    { { "/organisation/appointments/0/number", NULL } }, "ORG-13 ", SEVERITY_WARN },
	{ "an appointment after the submission", 'A',
	    { { "/organisation/appointments/0/date", "\"2026-11-21\"" } }, "ORG-13 ",
	    SEVERITY_WARN },
	{ "a member without appointment", 'A',
	    { { "/organisation/appointments/1/persons/4", NULL } }, "ORG-13 ", SEVERITY_WARN },
	{ "a post of nobody", 'A', { { "/organisation/posts/0/person", "\"p77\"" } }, "ORG-14 ",
	    SEVERITY_ERROR },
	{ "a member listed twice", 'A',
	    { { "/organisation/group/members/-", "{\"person\":\"p3\",\"duty\":\"负责档案\"}" } },
	    "ORG-14 ", SEVERITY_ERROR },
	{ "an id used twice", 'A',
	    { { "/organisation/persons/-",
		"{\"id\":\"p6\",\"name\":\"另一人\",\"id_digest\":" DIGEST "}" } },
	    "ORG-14 ", SEVERITY_ERROR },
	{ "one person under two ids", 'A',
	    { { "/organisation/persons/0/id_digest", DIGEST },
		{ "/organisation/persons/5/id_digest", DIGEST } },
	    "ORG-14 ", SEVERITY_ERROR },
	{ "in the leadership team twice", 'A', { { "/organisation/leadership_team/-", "\"p1\"" } },
	    "ORG-14 ", SEVERITY_ERROR },
	{ "a member who need not be one", 'A',
	    { { "/organisation/group/members/-", "{\"person\":\"p6\",\"duty\":\"负责档案\"}" },
		{ "/organisation/appointments/1/persons/-", "\"p6\"" } },
	    "ORG-15 ", SEVERITY_INFO },
	{ "a family this bureau does not offer", 'A', { { "/qualification/family", "\"YZ\"" } },
	    "FAM-01 ", SEVERITY_ERROR },
	{ "a family that does not exist", 'A', { { "/qualification/family", "\"XX\"" } }, "FAM-01 ",
	    SEVERITY_ERROR },
	{ "wrong check character", 'A', { { "/applicant/uscc", "\"91999901MADEM00111\"" } },
	    "USCC-01 ", SEVERITY_ERROR },
	{ "new, and about a licence", 'A', { { "/of", "\"JC-A-999900-2026-48213-6\"" } }, "TYP-01 ",
	    SEVERITY_ERROR },
	{ "about no number", 'A',
	    { { "/type", "\"renewal\"" }, { "/of", "\"JC-A-999900-2026-48213-7\"" } }, "TYP-01 ",
	    SEVERITY_ERROR },
	{ "old organisation code", 'A', { { "/applicant/uscc", "\"91999901MA0TE5T09P\"" } },
	    "USCC-02 ", SEVERITY_WARN },
	{ "code of a society", 'A', { { "/applicant/uscc", "\"51999905500000AB0C\"" } }, "KIND-02 ",
	    SEVERITY_WARN },
	{ "no scope", 'A', { { "/qualification/scopes", "[]" } }, "SCOPE-01 ", SEVERITY_ERROR },
	{ "unknown scope", 'A', { { "/qualification/scopes/-", "\"cabling\"" } }, "SCOPE-02 ",
	    SEVERITY_ERROR },
	{ "scope twice", 'A', { { "/qualification/scopes/-", "\"software\"" } }, "SCOPE-03 ",
	    SEVERITY_ERROR },
	{ "a document missing", 'A', { { "/documents/4", NULL } }, "DOC-01 ", SEVERITY_ERROR },
	{ "a document of unknown kind", 'A',
	    { { "/documents/-", "{\"kind\":\"photo\",\"title\":\"照片\",\"sha256\":" DIGEST "}" } },
	    "DOC-02 ", SEVERITY_ERROR },
	{ "no declaration", 'A', { { "/declaration", NULL } }, "DECL-01 ", SEVERITY_ERROR },
	{ "declaration not ticked", 'A', { { "/declaration/free_of_state_secrets", "false" } },
	    "DECL-01 ", SEVERITY_ERROR },
	{ "declaration after the submission", 'A', { { "/declaration/date", "\"2026-11-21\"" } },
	    "DECL-02 ", SEVERITY_ERROR },
};

static void
each_rule_broken_is_the_only_one_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(breaches); i++) {
		const struct breach *b = &breaches[i];
		struct defects d = { 0 };
		json_t *paper = paper_load(b->grade == 'A' ? "star-bridge" : "cloud-sail");
		for (size_t e = 0; e < COUNT_OF(b->edits) && b->edits[e].pointer != NULL; e++)
			paper_edit(paper, b->edits[e].pointer, b->edits[e].value);
		judge(&d, paper, NULL);
		check_codes(&d, b->codes, b->mistake);
		CHECK_ROW(d.items[0].severity == b->severity, b->mistake);
		CHECK_ROW(strlen(d.items[0].zh) > 20 && strlen(d.items[0].en) > 20, b->mistake);
		json_decref(paper);
		defects_free(&d);
	}
}

/* Every organisation rule of both grades is broken by some row above. */
static void
no_rule_is_left_untested(void **state)
{
	(void)state;
	for (enum grade grade = GRADE_A; grade <= GRADE_B; grade++) {
		const char *id;
		for (size_t i = 0; (id = rules_organisation(grade, i)) != NULL; i++) {
			bool broken = false;
			for (size_t b = 0; b < COUNT_OF(breaches); b++)
				broken = broken || strncmp(breaches[b].codes, id, strlen(id)) == 0;
			CHECK_ROW(broken, id);
		}
		assert_null(rules_organisation(grade, grade == GRADE_A ? 13 : 11));
		assert_non_null(rules_organisation(grade, grade == GRADE_A ? 12 : 10));
	}
}

/* For Grade A the head cannot be deputy without the director having a second post. */
static void
a_director_who_heads_the_unit_breaks_two_rules(void **state)
{
	(void)state;
	struct defects d = { 0 };
	json_t *paper = paper_load("star-bridge");
	paper_edit(paper, "/applicant/legal_representative", "\"p2\"");
	paper_edit(paper, "/organisation/group/head", "\"p2\"");
	paper_edit(paper, "/organisation/group/members/0", NULL);
	judge(&d, paper, NULL);
	check_codes(&d, "ORG-02 ORG-11 ", "director is legal representative");
	json_decref(paper);
	defects_free(&d);
}

/* What was a warning when declared refuses a grant. */
static void
appointments_must_be_complete_on_site(void **state)
{
	(void)state;
	struct defects d = { 0 };
	json_t *paper = paper_load("star-bridge");
	json_t *report = paper_load("star-bridge-inspection");
	paper_edit(paper, "/organisation/appointments/0/sha256", NULL);
	judge(&d, paper, report);
	check_codes(&d, "ORG-13 ", "on site");
	assert_int_equal(d.items[0].severity, SEVERITY_ERROR);
	json_decref(paper);
	json_decref(report);
	defects_free(&d);
}

static void
a_grant_needs_every_rule_verified(void **state)
{
	(void)state;
	static const struct {
		const char *mistake, *pointer, *value, *codes;
		enum severity severity;
	} rows[] = {
		{ "a rule not looked at", "/rules/1", NULL, "ORG-02 ", SEVERITY_ERROR },
		{ "a rule that failed", "/rules/1",
		    "{\"rule\":\"ORG-02\",\"result\":\"fail\",\"examiner\":\"实察\",\"note\":"
		    "\"兼任市场总监\"}",
		    "ORG-02 ", SEVERITY_ERROR },
		{ "a note that failed", "/rules/12",
		    "{\"rule\":\"ORG-15\",\"result\":\"fail\",\"examiner\":\"实察\",\"note\":"
		    "\"另有成员\"}",
		    "ORG-15 ", SEVERITY_INFO },
		{ "a rule of the other grade", "/rules/-",
		    "{\"rule\":\"ORG-04\",\"result\":\"pass\",\"examiner\":\"实察\"}", "REV-07 ",
		    SEVERITY_ERROR },
		{ "a report about another unit", "/uscc", "\"91999902MADEM002X6\"", "REV-08 ",
		    SEVERITY_ERROR },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct defects d = { 0 };
		json_t *paper = paper_load("star-bridge");
		json_t *report = paper_load("star-bridge-inspection");
		paper_edit(report, rows[i].pointer, rows[i].value);
		judge(&d, paper, report);
		check_codes(&d, rows[i].codes, rows[i].mistake);
		CHECK_ROW(d.items[0].severity == rows[i].severity, rows[i].mistake);
		json_decref(paper);
		json_decref(report);
		defects_free(&d);
	}
}

/* As if the fonts lacked every hanzi beyond the first plane. */
static bool
draws_first_plane(void *ctx, struct span text, uint32_t *code_point, size_t *position)
{
	(void)ctx;
	size_t pos = 0;
	int32_t cp;
	*position = 0;
	while ((cp = text_next(text, &pos)) >= 0) {
		(*position)++;
		*code_point = (uint32_t)cp;
		if (cp > 0xffff)
			return false;
	}
	return true;
}

static void
what_no_font_can_draw_is_found_at_submission(void **state)
{
	(void)state;
	struct defects d = { 0 };
	json_t *paper = paper_load("rare-hanzi");
	judge_with(&d, paper, NULL, draws_first_plane);
	check_codes(&d, "FONT-01 FONT-01 FONT-01 ", "rare hanzi");
	assert_string_equal(d.items[0].path, "/applicant/name/zh");
	assert_string_equal(d.items[1].path, "/applicant/registered_address/zh");
	assert_string_equal(d.items[2].path, "/organisation/persons/0/name");
	assert_non_null(strstr(d.items[0].en, "cannot draw character 3 (U+2CB4E)"));
	json_decref(paper);
	defects_free(&d);
}

/* What the register has against an application stands beside its other defects, in both languages. */
static void
the_register_is_heard(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct policy policy;
	struct application *app = NULL;
	struct defects d = { 0 };
	struct buf text = BUF_EMPTY;
	const struct case_bar bar = case_bar_from(
	    span_text("TER-01"), civil_start_s(submitted), span_text("case/C-2026-0001"));
	const struct applied_fault fault = { "不符", "it does not fit" };
	json_t *paper = paper_load("star-bridge");
	char *json = paper_text(paper);

	load_policy(&policy);
	assert_true(application_parse(&app, &d, span_text(json), &err));
	rules_check(&d,
	    &(struct rules_question){ .application = app,
		.level = RULES_DECLARED,
		.submitted = submitted,
		.policy = &policy,
		.fault = &fault,
		.bar = &bar });
	check_codes(&d, "TYP-01 BAR-01 ", "fault and bar");
	defects_text(&text, &d, LANG_EN);
	assert_non_null(strstr(buf_text(&text), "it does not fit."));
	assert_non_null(strstr(buf_text(&text), "before 2027-11-20: TER-01, facts concealed"));
	assert_non_null(strstr(buf_text(&text), "(case/C-2026-0001)"));
	buf_free(&text);
	defects_text(&text, &d, LANG_ZH);
	assert_non_null(strstr(buf_text(&text), "2027-11-20 以前不得再次申请：TER-01 隐瞒"));
	buf_free(&text);
	defects_free(&d);
	application_free(app);
	free(json);
	json_decref(paper);
}

static void
the_same_paper_gets_the_same_list(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct buf first = BUF_EMPTY;
	struct buf second = BUF_EMPTY;
	json_t *paper = paper_load("five-defects");
	for (int round = 0; round < 2; round++) {
		struct defects d = { 0 };
		judge(&d, paper, NULL);
		assert_true(defects_json(round == 0 ? &first : &second, &d, &err));
		defects_free(&d);
	}
	assert_true(span_equal(buf_span(&first), buf_span(&second)));
	json_decref(paper);
	buf_free(&first);
	buf_free(&second);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_applications_have_no_defect),
		cmocka_unit_test(the_application_with_five_defects_has_exactly_its_five),
		cmocka_unit_test(an_individual_is_refused_with_one_sentence),
		cmocka_unit_test(each_rule_broken_is_the_only_one_named),
		cmocka_unit_test(no_rule_is_left_untested),
		cmocka_unit_test(a_director_who_heads_the_unit_breaks_two_rules),
		cmocka_unit_test(appointments_must_be_complete_on_site),
		cmocka_unit_test(a_grant_needs_every_rule_verified),
		cmocka_unit_test(what_no_font_can_draw_is_found_at_submission),
		cmocka_unit_test(the_register_is_heard),
		cmocka_unit_test(the_same_paper_gets_the_same_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

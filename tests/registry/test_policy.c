#include "core/civil.h"
#include "registry/case_ground.h"
#include "registry/ground.h"
#include "registry/policy.h"
#include "tests/registry/bureau.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

static void
load(struct buf *file, struct policy *p, const char *name)
{
	struct err err = { 0 };
	char path[256];
	snprintf(path, sizeof path, "%s/templates/policy-%s.json", SOURCE_DIR, name);
	bureau_read(file, path);
	if (!policy_parse(p, buf_span(file), &err))
		fail_msg("%s", err.text);
}

static void
standard_gives_every_step_a_role_of_its_own(void **state)
{
	(void)state;
	struct buf file = BUF_EMPTY;
	struct policy p;
	load(&file, &p, "standard");
	static const struct {
		enum act_kind kind, answered;
		enum role role;
	} rows[] = {
		{ ACT_SUBMIT, ACT_NONE, ROLE_ACCEPT },
		{ ACT_ACCEPT, ACT_NONE, ROLE_ACCEPT },
		{ ACT_EXAMINE, ACT_NONE, ROLE_EXAMINE },
		{ ACT_INSPECT, ACT_NONE, ROLE_INSPECT },
		{ ACT_DECIDE, ACT_NONE, ROLE_DECIDE },
		{ ACT_APPROVE, ACT_DECIDE, ROLE_APPROVE },
		{ ACT_REFUSE, ACT_DECIDE, ROLE_APPROVE },
		{ ACT_CANCEL, ACT_DECIDE, ROLE_NONE },
		{ ACT_ISSUE, ACT_NONE, ROLE_ISSUE },
		{ ACT_APPROVE, ACT_ISSUE, ROLE_COUNTERSIGN },
		{ ACT_SUSPEND, ACT_NONE, ROLE_SANCTION },
		{ ACT_APPROVE, ACT_SUSPEND, ROLE_COUNTERSIGN },
		{ ACT_LIFT, ACT_NONE, ROLE_SANCTION },
		{ ACT_REVOKE, ACT_NONE, ROLE_SANCTION },
		{ ACT_APPROVE, ACT_NONE, ROLE_NONE },
		{ ACT_MADE, ACT_NONE, ROLE_NONE },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(policy_role(&p, rows[i].kind, rows[i].answered) == rows[i].role,
		    act_kind_word(rows[i].kind));
	assert_false(p.decision_in_issue);
	assert_int_equal(p.validity_years, 5);
	buf_free(&file);
}

static void
small_puts_the_decision_into_the_issue(void **state)
{
	(void)state;
	struct buf file = BUF_EMPTY;
	struct policy p;
	load(&file, &p, "small");
	assert_true(p.decision_in_issue);
	assert_int_equal(policy_role(&p, ACT_ISSUE, ACT_NONE), ROLE_DECIDE);
	assert_int_equal(policy_role(&p, ACT_APPROVE, ACT_ISSUE), ROLE_APPROVE);
	for (enum case_step step = 0; step < CASE_STEPS; step++)
		assert_int_equal(p.apart[step], 0);
	buf_free(&file);
}

static void
steps_are_kept_apart_both_ways(void **state)
{
	(void)state;
	struct buf file = BUF_EMPTY;
	struct policy p;
	load(&file, &p, "standard");
	assert_true(p.apart[STEP_ACCEPT] & 1u << STEP_ISSUE);
	assert_true(p.apart[STEP_ISSUE] & 1u << STEP_ACCEPT);
	assert_false(p.apart[STEP_ACCEPT] & 1u << STEP_ACCEPT);
	buf_free(&file);
}

static void
a_proposal_waits_to_the_end_of_its_last_day(void **state)
{
	(void)state;
	struct buf file = BUF_EMPTY;
	struct policy p;
	load(&file, &p, "standard");
	/* Proposed on 2026-11-20 at 09:00: the 29th day after is 2026-12-19. */
	int64_t not_after_s = policy_not_after_s(&p, ACT_ISSUE, BUREAU_START_S);
	assert_true(not_after_s == civil_start_s((struct civil_date){ 2026, 12, 20 }));
	assert_int_equal(policy_proposal(&p, ACT_DECIDE)->days, 15);
	assert_null(policy_proposal(&p, ACT_APPROVE));
	buf_free(&file);
}

static void
only_enterprises_may_apply(void **state)
{
	(void)state;
	struct buf file = BUF_EMPTY;
	struct policy p;
	load(&file, &p, "standard");
	assert_true(policy_admits(&p, span_text("JC"), span_text("enterprise")));
	assert_false(policy_admits(&p, span_text("JC"), span_text("individual")));
	assert_false(policy_admits(&p, span_text("YZ"), span_text("enterprise")));
	buf_free(&file);
}

/* Replace the first `from` in the standard policy by `to`, and parse. */
static bool
parse_spoilt(struct policy *p, const char *from, const char *to, struct err *err)
{
	struct buf file = BUF_EMPTY, spoilt = BUF_EMPTY;
	bureau_read(&file, SOURCE_DIR "/templates/policy-standard.json");
	const char *text = buf_text(&file);
	const char *at = strstr(text, from);
	assert_non_null(at);
	buf_add(&spoilt, text, (size_t)(at - text));
	buf_add_text(&spoilt, to);
	buf_add_text(&spoilt, at + strlen(from));
	bool ok = policy_parse(p, buf_span(&spoilt), err);
	buf_free(&spoilt);
	buf_free(&file);
	return ok;
}

static void
the_hash_is_of_the_bytes(void **state)
{
	(void)state;
	struct buf file = BUF_EMPTY;
	struct policy p, blank;
	struct err err = { 0 };
	load(&file, &p, "standard");
	assert_true(parse_spoilt(&blank, "\n", "\n\n", &err));
	assert_memory_not_equal(p.hash, blank.hash, sizeof p.hash);
	buf_free(&file);
}

#define AUTHORITIES_OF(grade, accept)                                                              \
	"\"authorities\": {\"JC\": {\"" grade "\": {\"accept\": " accept                           \
	", \"examine\": \"provincial\", \"decide\": \"national\", \"deliver\": \"PROV11\"}}}, "

static void
a_policy_with_a_mistake_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *mistake, *from, *to, *says;
	} rows[] = {
		{ "not JSON", "{", "", "line" },
		{ "bytes after the end", "\n}\n", "\n}\n{}", "line" },
		{ "a key twice", "\"version\": 2,", "\"version\": 2, \"version\": 2,",
		    "duplicate" },
		{ "an unknown key", "\"version\": 2,", "\"version\": 2, \"x\": 1,", "x" },
		{ "a key missing", "\"validity_years\": 5,", "", "validity_years" },
		{ "a step missing", "\"submit\": \"accept\",", "", "submit" },
		{ "an unknown role", "\"submit\": \"accept\"", "\"submit\": \"king\"", "king" },
		{ "a kind of proposal missing", "\"annul\":", "\"annual\":", "annul" },
		{ "a step that is nobody's alone", "\"submit\": \"accept\",",
		    "\"submit\": \"accept\", \"stop\": \"admin\",", "stop" },
		{ "no table of the licence", "\"licence\": \"", "\"license\": \"", "licence" },
		{ "no table of cases", "\"case\": \"", "\"cases\": \"", "case" },
		{ "no scoring scheme", "\"scoring\": \"", "\"score\": \"", "scor" },
		{ "a hash that is none", "\"licence\": \"", "\"licence\": \"x", "hex" },
		{ "one proposal too many", "\"suspend\":",
		    "\"submit\": { \"propose\": \"sanction\", \"approve\": \"approve\", \"days\": "
		    "1 "
		    "}, \"suspend\":",
		    "submit" },
		{ "no days", "\"days\": 15", "\"days\": 0", "days is 0" },
		{ "too many days", "\"days\": 15", "\"days\": 367", "days is 367" },
		{ "days that wrap around", "\"days\": 15", "\"days\": 4294967311",
		    "days is 4294967311" },
		{ "days as a fraction", "\"days\": 15", "\"days\": 15.0", "integer" },
		{ "an unknown step", "[\"accept\", \"examine\"]", "[\"accept\", \"sleep\"]",
		    "sleep" },
		{ "a step apart from itself", "[\"accept\", \"examine\"]",
		    "[\"accept\", \"accept\"]", "itself" },
		{ "a pair twice", "[\"accept\", \"examine\"]", "[\"inspect\", \"accept\"]",
		    "twice" },
		{ "three steps in a pair", "[\"accept\", \"examine\"]",
		    "[\"accept\", \"examine\", \"issue\"]", "policy" },
		{ "an unknown way to decide", "\"separate\"", "\"never\"", "never" },
		{ "an unknown family", "\"JC\":", "\"XX\":", "XX" },
		{ "an unknown kind of applicant", "[\"enterprise\"]", "[\"robot\"]", "robot" },
		{ "a kind that is no text", "[\"enterprise\"]", "[1]", "no text" },
		{ "kinds that are no list", "[\"enterprise\"]", "\"enterprise\"", "list" },
		{ "an authority for no grade",
		    "\"version\":", AUTHORITIES_OF("C", "\"national\"") "\"version\":", "grade" },
		{ "an authority without name",
		    "\"version\":", AUTHORITIES_OF("A", "\"x\"") "\"version\":", "level" },
		{ "an authority too many", "\"version\":",
		    AUTHORITIES_OF("A", "\"national\", \"sign\": \"national\"") "\"version\":",
		    "sign" },
		{ "authorities of an unknown family",
		    "\"version\":", "\"authorities\": {\"XX\": {}}, \"version\":", "XX" },
		{ "authorities that are no object",
		    "\"version\":", "\"authorities\": [], \"version\":", "object" },
		{ "an empty name", "\"policy\": \"standard\"", "\"policy\": \"\"", "name" },
		{ "validity for ever", "\"validity_years\": 5", "\"validity_years\": 100", "100" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct policy p;
		struct err err = { 0 };
		CHECK_ROW(!parse_spoilt(&p, rows[i].from, rows[i].to, &err), rows[i].mistake);
		CHECK_ROW(err.code == ERR_MALFORMED, rows[i].mistake);
		if (strstr(err.text, rows[i].says) == NULL)
			fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].mistake, err.text,
			    rows[i].says);
	}
}

static void
authorities_share_out_a_case(void **state)
{
	(void)state;
	struct policy p;
	struct err err = { 0 };
	struct buf file = BUF_EMPTY;
	const struct span jc = span_text("JC");

	load(&file, &p, "standard");
	assert_null(policy_authority(&p, jc, GRADE_A, AUTHORITY_ACCEPT));
	assert_true(parse_spoilt(
	    &p, "\"version\":", AUTHORITIES_OF("A", "\"provincial\"") "\"version\":", &err));
	assert_string_equal(policy_authority(&p, jc, GRADE_A, AUTHORITY_ACCEPT), "provincial");
	assert_string_equal(policy_authority(&p, jc, GRADE_A, AUTHORITY_DECIDE), "national");
	assert_string_equal(policy_authority(&p, jc, GRADE_A, AUTHORITY_DELIVER), "PROV11");
	assert_null(policy_authority(&p, jc, GRADE_B, AUTHORITY_ACCEPT));
	assert_null(policy_authority(&p, span_text("YZ"), GRADE_A, AUTHORITY_ACCEPT));
	buf_free(&file);
}

static void
an_endless_policy_is_refused(void **state)
{
	(void)state;
	struct policy p;
	struct err err = { 0 };
	char *blanks = calloc(1, LIMIT_JSON_BYTES + 1);
	assert_non_null(blanks);
	memset(blanks, ' ', LIMIT_JSON_BYTES + 1);
	assert_false(policy_parse(&p, span_of(blanks, LIMIT_JSON_BYTES + 1), &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_false(policy_parse(&p, span_of(NULL, 0), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	free(blanks);
}

static void
the_policies_name_the_tables_this_program_has(void **state)
{
	static const char *const names[] = { "standard", "small" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct buf file = BUF_EMPTY;
		struct policy p;
		load(&file, &p, names[i]);
		assert_memory_equal(p.licence_table, ground_table_hash(), SHA256_BYTES);
		assert_memory_equal(p.case_table, case_ground_table_hash(), SHA256_BYTES);
		buf_free(&file);
	}
}

static void
a_ground_belongs_to_one_verb(void **state)
{
	(void)state;
	size_t count;
	const struct ground *all = ground_all(&count);
	assert_int_equal(count, 40);
	for (size_t i = 0; i < count; i++) {
		assert_ptr_equal(ground_find(span_text(all[i].code)), &all[i]);
		assert_int_equal(act_kind_form(all[i].verb), ACT_PROPOSAL);
		assert_string_not_equal(
		    ground_name(&all[i], LANG_ZH), ground_name(&all[i], LANG_EN));
	}
	assert_true(ground_fits(ACT_SUSPEND, span_text("SUS-05")));
	assert_false(ground_fits(ACT_REVOKE, span_text("SUS-05")));
	assert_true(ground_fits(ACT_LIFT, span_text("LIF-01")));
	assert_true(ground_fits(ACT_REVOKE, span_text("REV-08")));
	assert_false(ground_fits(ACT_SUSPEND, span_text("SUS-07")));
	assert_false(ground_fits(ACT_SUSPEND, span_of(NULL, 0)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(standard_gives_every_step_a_role_of_its_own),
		cmocka_unit_test(small_puts_the_decision_into_the_issue),
		cmocka_unit_test(steps_are_kept_apart_both_ways),
		cmocka_unit_test(a_proposal_waits_to_the_end_of_its_last_day),
		cmocka_unit_test(only_enterprises_may_apply),
		cmocka_unit_test(the_hash_is_of_the_bytes),
		cmocka_unit_test(a_policy_with_a_mistake_is_refused),
		cmocka_unit_test(authorities_share_out_a_case),
		cmocka_unit_test(an_endless_policy_is_refused),
		cmocka_unit_test(the_policies_name_the_tables_this_program_has),
		cmocka_unit_test(a_ground_belongs_to_one_verb),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

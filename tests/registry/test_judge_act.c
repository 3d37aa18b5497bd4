/* Rules on every act: time, order, power, stage. The right acts pass: test_case.c. */
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

static void
act_01_signed_for_another_bureau(void **state)
{
	(void)state;
	struct road r;
	struct bureau lent = *standard;
	road_open_case(&r, &lent);
	lent.bureau_id[0] ^= 1;
	road_refused(&r, AN, NULL, road_submit(), "ACT-01", "another bureau's id");
	lent.bureau_id[0] ^= 1;
	road_do(&r, AN, road_submit());
	road_close(&r);
}

static void
act_02_unknown_retired_and_stolen_keys(void **state)
{
	(void)state;
	struct road r;
	struct bureau lent = *standard;
	road_open_case(&r, &lent);
	lent.keys[AN] = small->keys[AN];
	road_refused(&r, AN, NULL, road_submit(), "ACT-02", "a key of another bureau");
	road_refused(&r, CREDENTIAL, NULL, road_submit(), "ACT-02", "a key that signs no acts");
	lent.keys[AN] = standard->keys[AN];
	road_refused(&r, RETIRED, NULL, road_submit(), "ACT-02", "a retired key");
	road_refused(&r, STOLEN, NULL, road_submit(), "ACT-02", "a stolen key");
	r.now_s = BUREAU_START_S + 4000 * DAY_S;
	road_refused(&r, AN, NULL, road_submit(), "ACT-02", "a key whose time is over");
	road_close(&r);
}

static void
act_03_roles_when_written_and_when_recorded(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_refused(&r, SHEN, NULL, road_submit(), "ACT-03", "another role");
	road_refused(&r, EARLY, NULL, road_submit(), "ACT-03", "a role that has ended");
	struct act act = road_next(&r);
	act.time_s = BUREAU_START_S - 2 * DAY_S;
	road_refused(&r, EARLY, &act, road_submit(), "ACT-03", "written while he had the role");
	act.time_s = BUREAU_START_S - 1;
	road_refused(&r, LATE, &act, road_submit(), "ACT-03", "written before he had the role");
	road_do(&r, LATE, road_submit());
	road_close(&r);
}

static void
act_04_times_too_far_from_the_clock(void **state)
{
	(void)state;
	static const struct {
		const char *mistake;
		int64_t shift_s;
		const char *rule; /* "": recorded */
	} rows[] = {
		{ "five minutes and a second ahead", 301, "ACT-04" },
		{ "five minutes ahead", 300, "" },
		{ "fifteen days old", -15 * DAY_S, "" },
		{ "fifteen days and a second old", -15 * DAY_S - 1, "ACT-04" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct road r;
		struct err err = { 0 };
		road_open_case(&r, standard);
		struct act act = road_next(&r);
		act.time_s += rows[i].shift_s;
		struct act_body body = road_submit();
		if (rows[i].rule[0] != '\0')
			road_refused(&r, AN, &act, body, rows[i].rule, rows[i].mistake);
		else
			CHECK_ROW(road_try(&r, AN, &act, &body, &err), rows[i].mistake);
		road_close(&r);
	}
}

static void
act_04_an_issue_is_an_hour_old_at_most(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_GRANTED);
	struct act act = road_next(&r);
	struct act_body body = road_issue(&r);
	r.now_s += 3601;
	road_refused(&r, YIN, &act, body, "ACT-04", "an hour and a second old");
	struct err err = { 0 };
	r.now_s -= 1;
	assert_true(road_try(&r, YIN, &act, &body, &err));
	road_close(&r);
}

static void
act_04_the_recording_time_never_falls(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	r.facts.last_s = r.now_s + 1;
	road_refused(&r, AN, NULL, road_submit(), "ACT-04", "the clock went back");
	road_close(&r);
}

static void
act_05_each_act_follows_the_last(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	struct act act = road_next(&r);
	act.seq = 1;
	act.prev[0] = 1;
	road_refused(&r, AN, &act, road_submit(), "ACT-05", "no first act");
	struct act stale = road_next(&r);
	road_do(&r, AN, road_submit());
	road_refused(&r, AN, &stale, road_accept(), "ACT-05", "prepared before the last act");
	act = road_next(&r);
	act.prev[31] ^= 1;
	road_refused(&r, AN, &act, road_accept(), "ACT-05", "another previous act");
	act = road_next(&r);
	act.seq = 2;
	road_refused(&r, AN, &act, road_accept(), "ACT-05", "one act left out");
	road_close(&r);
}

static void
act_06_bundles_adopted_and_waiting(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	struct act act = road_next(&r);
	act.bundle_seq = BUREAU_BUNDLE_SEQ + 1;
	road_refused(&r, AN, &act, road_submit(), "ACT-06", "a bundle never adopted");
	r.facts.bundle_waiting = true;
	road_refused(&r, AN, NULL, road_submit(), "ACT-06", "a newer bundle waits");
	r.facts.bundle_waiting = false;
	struct err err = { 0 };
	act.bundle_seq = BUREAU_BUNDLE_SEQ - 1;
	struct act_body body = road_submit();
	assert_true(road_try(&r, AN, &act, &body, &err));
	road_close(&r);
}

static struct act_body
body_of(struct road *r, enum act_kind kind)
{
	switch (kind) {
	case ACT_SUBMIT:
		return road_submit();
	case ACT_ACCEPT:
		return road_accept();
	case ACT_EXAMINE:
		return road_examine(RESULT_PASS);
	case ACT_INSPECT:
		return road_inspect(RESULT_PASS);
	case ACT_DECIDE:
		return road_decide(r, DECISION_GRANT);
	case ACT_ISSUE:
		return road_issue(r);
	default:
		if (r->claims_file.len == 0)
			(void)road_issue(r);
		return road_made(r);
	}
}

/* At every stage of both policies every kind of act but the right ones is refused. */
static void
act_07_acts_out_of_turn(void **state)
{
	(void)state;
	static const enum act_kind kinds[] = { ACT_SUBMIT, ACT_ACCEPT, ACT_EXAMINE, ACT_INSPECT,
		ACT_DECIDE, ACT_ISSUE, ACT_MADE };
	static const struct {
		const char *policy;
		enum case_stage stage;
		enum act_kind right;
	} rows[] = {
		{ "standard", CASE_NONE, ACT_SUBMIT },
		{ "standard", CASE_SUBMITTED, ACT_ACCEPT },
		{ "standard", CASE_ACCEPTED, ACT_EXAMINE },
		{ "standard", CASE_EXAMINED, ACT_SCHEDULE },
		{ "standard", CASE_SCHEDULED, ACT_INSPECT },
		{ "standard", CASE_INSPECTED_ONCE, ACT_INSPECT },
		{ "standard", CASE_INSPECTED, ACT_DECIDE },
		{ "standard", CASE_DECISION_PROPOSED, ACT_DECIDE },
		{ "standard", CASE_GRANTED, ACT_ISSUE },
		{ "standard", CASE_ISSUE_PROPOSED, ACT_ISSUE },
		{ "standard", CASE_ISSUE_APPROVED, ACT_MADE },
		{ "standard", CASE_ISSUED, ACT_NONE },
		{ "small", CASE_INSPECTED, ACT_ISSUE },
		{ "small", CASE_ISSUE_PROPOSED, ACT_ISSUE },
		{ "small", CASE_ISSUE_APPROVED, ACT_MADE },
		{ "small", CASE_ISSUED, ACT_NONE },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct road r;
		road_open_case(&r, rows[i].policy[1] == 't' ? standard : small);
		road_to(&r, rows[i].stage);
		for (size_t k = 0; k < COUNT_OF(kinds); k++)
			if (kinds[k] != rows[i].right)
				road_refused(&r, kinds[k] == ACT_MADE ? SERVICE : OTHER, NULL,
				    body_of(&r, kinds[k]), "ACT-07",
				    case_stage_words(rows[i].stage));
		road_close(&r);
	}
}

static void
act_07_after_a_failure_only_a_refusal(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_to(&r, CASE_ACCEPTED);
	road_do(&r, SHEN, road_examine(RESULT_FAIL));
	road_refused(&r, GUAN, NULL, road_decide(&r, DECISION_GRANT), "ACT-07", "a grant");
	road_refused(&r, SHI, NULL, road_inspect(RESULT_PASS), "ACT-07", "an inspection");
	road_do(&r, GUAN, road_decide(&r, DECISION_REFUSE));
	road_do(&r, BI, road_answer(&r, ACT_APPROVE));
	road_refused(&r, GUAN, NULL, road_decide(&r, DECISION_REFUSE), "ACT-07", "once more");
	road_close(&r);
}

static void
act_07_the_decision_where_the_policy_wants_it(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, small);
	road_to(&r, CASE_INSPECTED);
	road_refused(
	    &r, THREE, NULL, road_decide(&r, DECISION_GRANT), "ACT-07", "a grant by itself");
	struct act_body issue = road_issue(&r);
	struct decision decision = issue.issue.decision;
	issue.issue.has_decision = false;
	road_refused(&r, THREE, NULL, issue, "ACT-07", "an issue without decision");
	road_do(&r, THREE, road_decide(&r, DECISION_REFUSE));
	road_close(&r);

	road_open_case(&r, standard);
	road_to(&r, CASE_GRANTED);
	issue = road_issue(&r);
	issue.issue.has_decision = true;
	issue.issue.decision = decision;
	road_refused(&r, YIN, NULL, issue, "ACT-07", "a second decision");
	road_close(&r);
}

static void
act_08_an_idempotency_key_used_for_something_else(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	r.facts.key_known = true;
	road_refused(&r, AN, NULL, road_submit(), "ACT-08", "key used before");
	road_close(&r);
}

static void
act_09_machine_and_officers_keep_to_their_acts(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	road_refused(&r, SERVICE, NULL, road_submit(), "ACT-09", "the machine submits");
	road_to(&r, CASE_ISSUE_PROPOSED);
	road_refused(
	    &r, SERVICE, NULL, road_answer(&r, ACT_APPROVE), "ACT-09", "the machine approves");
	road_to(&r, CASE_ISSUE_APPROVED);
	road_refused(&r, ALL, NULL, road_made(&r), "ACT-09", "an officer says it is made");
	road_close(&r);
}

static void
act_10_the_same_act_twice(void **state)
{
	(void)state;
	struct road r;
	road_open_case(&r, standard);
	r.facts.act_known = true;
	road_refused(&r, AN, NULL, road_submit(), "ACT-10", "bytes or nonce known");
	road_close(&r);
}

/* ---- the register's own subject ---- */

static struct act_body
body_register(const struct bureau *b)
{
	struct act_body body = { .kind = ACT_REGISTER };
	body.reg = (struct body_register){ .iss = span_text(BUREAU_ISS),
		.bundle = buf_span(&b->bundle_file),
		.origin = span_text(BUREAU_ORIGIN),
		.root = buf_span(&b->root_file) };
	memcpy(body.reg.bureau, b->bureau_id, sizeof body.reg.bureau);
	memcpy(body.reg.root_fingerprint, trust_fingerprint(b->trust), SHA256_BYTES);
	return body;
}

static void
a_register_begins_once_and_adopts(void **state)
{
	(void)state;
	struct road r;
	struct act_body adopt = { .kind = ACT_ADOPT };
	adopt.adopt.bundle = buf_span(&standard->bundle_file);

	road_open_case(&r, standard);
	snprintf(r.subject, sizeof r.subject, "register");
	size_t adopted = r.facts.n_adopted;
	r.facts.n_adopted = 0;
	road_refused(&r, SERVICE, NULL, adopt, "ACT-06", "adopted before it began");
	road_do(&r, SERVICE, body_register(standard));
	r.facts.n_adopted = adopted;
	road_refused(&r, SERVICE, NULL, body_register(standard), "ACT-07", "begun twice");
	r.facts.bundle_waiting = true;
	road_do(&r, SERVICE, adopt);
	road_refused(&r, ALL, NULL, adopt, "ACT-09", "adopted by an officer");
	road_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(act_01_signed_for_another_bureau),
		cmocka_unit_test(act_02_unknown_retired_and_stolen_keys),
		cmocka_unit_test(act_03_roles_when_written_and_when_recorded),
		cmocka_unit_test(act_04_times_too_far_from_the_clock),
		cmocka_unit_test(act_04_an_issue_is_an_hour_old_at_most),
		cmocka_unit_test(act_04_the_recording_time_never_falls),
		cmocka_unit_test(act_05_each_act_follows_the_last),
		cmocka_unit_test(act_06_bundles_adopted_and_waiting),
		cmocka_unit_test(act_07_acts_out_of_turn),
		cmocka_unit_test(act_07_after_a_failure_only_a_refusal),
		cmocka_unit_test(act_07_the_decision_where_the_policy_wants_it),
		cmocka_unit_test(act_08_an_idempotency_key_used_for_something_else),
		cmocka_unit_test(act_09_machine_and_officers_keep_to_their_acts),
		cmocka_unit_test(act_10_the_same_act_twice),
		cmocka_unit_test(a_register_begins_once_and_adopts),
	};
	return cmocka_run_group_tests(tests, open_bureaus, close_bureaus);
}

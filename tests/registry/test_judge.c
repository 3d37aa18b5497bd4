/* What may be recorded: every rule refuses what it should, and the right acts pass (test_case.c). */
#include "core/civil.h"
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

/* ---- ACT ---- */

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
		{ "standard", CASE_EXAMINED, ACT_INSPECT },
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
	body.decide.not_after_s += 1;
	road_refused(&r, GUAN, NULL, body, "APP-03", "a second too long");
	body.decide.not_after_s = r.now_s;
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
			road_refused(&r, ALL, NULL, road_inspect(RESULT_PASS), "SEP-03", row);
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

/* ---- LIC, DAT ---- */

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
	body.sanction.ground = span_text("REV-05");
	road_refused(&r, CHANG, NULL, body, "LIC-02", "a ground to revoke");
	body.sanction.ground = span_text("SUS-99");
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
		struct civil_date from = civil_of(body.sanction.from_s);
		body.sanction.until_s = civil_start_s(
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
		body.sanction.from_s += rows[i].days * DAY_S + rows[i].seconds;
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
	body.sanction.from_s -= 16 * DAY_S;
	road_refused(&r, CHANG, NULL, body, "DAT-01", "16 days back");
	body.sanction.from_s += DAY_S;
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
	body.sanction.from_s -= DAY_S;
	road_refused(&r, CHANG, NULL, body, "DAT-01", "lifted from before it began");
	road_close(&r);
}

/* ---- NUM, CLM, POW ---- */

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
	road_to(&r, CASE_INSPECTED_ONCE);
	may(&r, ACT_INSPECT, SHI, "SEP-05");
	may(&r, ACT_INSPECT, XIANG, "");
	may(&r, ACT_DECIDE, GUAN, "ACT-07");
	road_do(&r, ALL, road_inspect(RESULT_PASS));
	may(&r, ACT_DECIDE, ALL, "SEP-04");
	may(&r, ACT_DECIDE, GUAN, "");
	road_to(&r, CASE_DECISION_PROPOSED);
	may(&r, ACT_APPROVE, BI, "");
	may(&r, ACT_APPROVE, ALL, "SEP-04");
	may(&r, ACT_APPROVE, GUAN, "ACT-03");
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
		cmocka_unit_test(lic_01_verbs_fit_the_status),
		cmocka_unit_test(lic_02_grounds_fit_the_verb),
		cmocka_unit_test(lic_03_a_suspension_lasts_six_to_twelve_months),
		cmocka_unit_test(dat_01_effective_dates_are_near),
		cmocka_unit_test(dat_01_a_lifting_undoes_no_suspension),
		cmocka_unit_test(threat_33_num_01_numbers_and_slots_are_used_once),
		cmocka_unit_test(clm_01_a_decision_is_on_what_was_applied_for),
		cmocka_unit_test(clm_01_a_certificate_says_what_was_decided),
		cmocka_unit_test(clm_01_family_grade_and_year_of_the_number),
		cmocka_unit_test(clm_01_nothing_is_issued_on_a_refusal),
		cmocka_unit_test(clm_01_what_is_made_is_what_was_approved),
		cmocka_unit_test(pow_01_the_issuer_has_the_power),
		cmocka_unit_test(threat_49_one_bad_item_at_each_position),
		cmocka_unit_test(an_inbox_gets_the_same_answers),
		cmocka_unit_test(a_person_without_a_name_is_shown_by_id),
	};
	return cmocka_run_group_tests(tests, open_bureaus, close_bureaus);
}

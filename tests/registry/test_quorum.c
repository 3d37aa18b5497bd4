#include "core/civil.h"
#include "registry/quorum.h"
#include "tests/registry/road.h"
#include "tests/test.h"

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

/* Two acts as they should be, and all that a test may spoil in them before they are signed. */
struct pair {
	struct road road;
	enum signer proposer, approver;
	struct act proposal, approval;
	struct act_body issue, answer;
	struct buf proposal_bytes, approval_bytes;
};

static void
pair_open(struct pair *p, const struct bureau *b)
{
	*p = (struct pair){ .proposer = b == small ? THREE : YIN,
		.approver = b == small ? FOUR : FU };
	road_open_case(&p->road, b);
	p->proposal = road_next(&p->road);
	p->proposal.seq = 7;
	p->proposal.prev[0] = 7;
	p->issue = road_issue(&p->road);
	p->approval = road_next(&p->road);
	p->approval.seq = 8;
	p->approval.time_s += 60;
	p->answer = (struct act_body){ .kind = ACT_APPROVE };
	p->answer.answer.proposal_kind = ACT_ISSUE;
}

static void
pair_close(struct pair *p)
{
	buf_free(&p->proposal_bytes);
	buf_free(&p->approval_bytes);
	road_close(&p->road);
}

static void
sign_proposal(struct pair *p)
{
	struct err err = { 0 };
	struct act parsed;
	buf_free(&p->proposal_bytes);
	bureau_sign_act(&p->proposal_bytes, p->road.bureau, p->proposer, &p->proposal, &p->issue);
	assert_true(act_parse(&parsed, buf_span(&p->proposal_bytes), &err));
	memcpy(p->approval.prev, parsed.hash, sizeof parsed.hash);
	memcpy(p->answer.answer.proposal, parsed.hash, sizeof parsed.hash);
}

static void
sign_approval(struct pair *p)
{
	buf_free(&p->approval_bytes);
	bureau_sign_act(&p->approval_bytes, p->road.bureau, p->approver, &p->approval, &p->answer);
}

static enum quorum_answer
ask(struct pair *p, const struct bureau *believed, struct err *why)
{
	struct quorum *q;
	struct span claims = buf_span(&p->road.claims_file);
	enum quorum_answer answer = quorum_check(&q, believed->trust, claims,
	    buf_span(&p->proposal_bytes), buf_span(&p->approval_bytes), why);
	assert_int_equal(q != NULL, answer == QUORUM_AGREED);
	quorum_free(q);
	return answer;
}

static void
two_officers_agree(void **state)
{
	(void)state;
	const struct bureau *bureaus[] = { standard, small };
	for (size_t i = 0; i < COUNT_OF(bureaus); i++) {
		struct pair p;
		struct quorum *q;
		struct err why = { 0 };
		pair_open(&p, bureaus[i]);
		sign_proposal(&p);
		sign_approval(&p);
		struct span claims = buf_span(&p.road.claims_file);
		enum quorum_answer answer = quorum_check(&q, bureaus[i]->trust, claims,
		    buf_span(&p.proposal_bytes), buf_span(&p.approval_bytes), &why);
		if (answer != QUORUM_AGREED)
			fail_msg("%s", why.text);
		assert_true(span_equal(quorum_claims(q), claims));
		assert_ptr_not_equal(quorum_claims(q).ptr, claims.ptr);
		assert_true(quorum_not_after_s(q) == p.issue.not_after_s);
		quorum_free(q);
		pair_close(&p);
	}
}

/* ---- what may be wrong with them ---- */

static void
other_kind(struct pair *p)
{
	p->issue = road_decide(&p->road, DECISION_GRANT);
	p->answer.answer.proposal_kind = ACT_DECIDE;
}

static void
refusal(struct pair *p)
{
	p->answer.kind = ACT_REFUSE;
	p->answer.answer.reason = span_text("证面有误");
}

static void
other_kind_named(struct pair *p)
{
	p->answer.answer.proposal_kind = ACT_DECIDE;
}

static void
by_the_machine(struct pair *p)
{
	p->approver = CREDENTIAL;
}

static void
same_person(struct pair *p)
{
	p->proposer = ALL;
	p->approver = ALL_AGAIN;
}

static void
same_key(struct pair *p)
{
	p->proposer = ALL;
	p->approver = ALL;
}

static void
role_of_another_step(struct pair *p)
{
	p->approver = BI;
}

static void
roles_exchanged(struct pair *p)
{
	p->proposer = FU;
	p->approver = YIN;
}

static void
role_had_ended(struct pair *p)
{
	p->approver = EARLY;
}

static void
role_had_not_begun(struct pair *p)
{
	p->approver = LATE;
	p->approval.time_s = BUREAU_START_S - 1;
}

static void
retired_before(struct pair *p)
{
	p->proposer = RETIRED;
}

static void
approver_retired_before(struct pair *p)
{
	p->approver = RETIRED;
}

static void
stolen(struct pair *p)
{
	p->approver = STOLEN;
}

static void
stolen_and_late(struct pair *p)
{
	p->approver = STOLEN;
	p->approval.time_s = p->issue.not_after_s;
}

static void
act_in_between(struct pair *p)
{
	p->approval.seq = 9;
}

static void
other_case(struct pair *p)
{
	p->approval.subject = span_text("case/C-2026-0018");
}

static void
too_late(struct pair *p)
{
	p->approval.time_s = p->issue.not_after_s;
}

static void
too_early(struct pair *p)
{
	p->approval.time_s = p->proposal.time_s - 301;
}

static void
other_time_of_issue(struct pair *p)
{
	p->proposal.time_s += 1;
}

static const struct fault {
	const char *mistake;
	void (*spoil)(struct pair *);
	enum quorum_answer answer;
} faults[] = {
	{ "a decision, not an issue", other_kind, QUORUM_KINDS },
	{ "a refusal offered as approval", refusal, QUORUM_KINDS },
	{ "approval of another kind", other_kind_named, QUORUM_ANSWER },
	{ "approved by the machine's key", by_the_machine, QUORUM_UNKNOWN_KEY },
	{ "two keys of one person", same_person, QUORUM_ONE_PERSON },
	{ "one key", same_key, QUORUM_ONE_PERSON },
	{ "the approver approves decisions, not issues", role_of_another_step, QUORUM_ROLES },
	{ "the right two roles, exchanged", roles_exchanged, QUORUM_ROLES },
	{ "the approver's role had ended", role_had_ended, QUORUM_ROLES },
	{ "the approver's role had not begun", role_had_not_begun, QUORUM_ROLES },
	{ "the proposer's key was retired before", retired_before, QUORUM_ROLES },
	{ "the approver's key was retired before", approver_retired_before, QUORUM_ROLES },
	{ "the approver's key was stolen", stolen, QUORUM_COMPROMISED },
	{ "stolen, and late", stolen_and_late, QUORUM_TIMES },
	{ "an act came in between", act_in_between, QUORUM_ANSWER },
	{ "approval in another case", other_case, QUORUM_ANSWER },
	{ "approved at the not-after", too_late, QUORUM_TIMES },
	{ "approved before it was proposed", too_early, QUORUM_TIMES },
	{ "issued at another time than proposed", other_time_of_issue, QUORUM_TIMES },
};

static void
two_acts_with_a_mistake_are_no_agreement(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(faults); i++) {
		struct pair p;
		struct err why = { 0 };
		pair_open(&p, standard);
		faults[i].spoil(&p);
		sign_proposal(&p);
		sign_approval(&p);
		enum quorum_answer answer = ask(&p, standard, &why);
		if (answer != faults[i].answer)
			fail_msg("%s: answer %d: %s", faults[i].mistake, answer, why.text);
		CHECK_ROW(strlen(why.text) > 0, faults[i].mistake);
		pair_close(&p);
	}
}

static void
a_key_retired_later_counts(void **state)
{
	(void)state;
	struct pair p;
	struct err why = { 0 };
	pair_open(&p, standard);
	p.proposer = RETIRED; /* a day before the start */
	p.road.now_s = BUREAU_START_S - 2 * CIVIL_DAY_S;
	p.proposal.time_s = p.approval.time_s = p.road.now_s;
	p.issue = road_issue(&p.road);
	sign_proposal(&p);
	sign_approval(&p);
	assert_int_equal(ask(&p, standard, &why), QUORUM_AGREED);
	pair_close(&p);
}

static void
the_approval_names_this_very_proposal(void **state)
{
	(void)state;
	struct pair p;
	struct err why = { 0 };
	pair_open(&p, standard);
	sign_proposal(&p);
	sign_approval(&p);
	/* The same again, signed once more: other bytes, another hash. */
	p.proposal.nonce[1] = 1;
	sign_proposal(&p);
	assert_int_equal(ask(&p, standard, &why), QUORUM_ANSWER);
	/* Named rightly, but in the chain behind another. */
	p.approval.prev[0] ^= 1;
	sign_approval(&p);
	assert_int_equal(ask(&p, standard, &why), QUORUM_ANSWER);
	pair_close(&p);
}

static void
they_agreed_to_these_claims_byte_for_byte(void **state)
{
	(void)state;
	struct pair p;
	struct err why = { 0 };
	pair_open(&p, standard);
	sign_proposal(&p);
	sign_approval(&p);
	p.road.claims.idx++;
	road_encode_claims(&p.road);
	assert_int_equal(ask(&p, standard, &why), QUORUM_CLAIMS);
	pair_close(&p);
}

static void
acts_of_another_bureau_are_none_of_ours(void **state)
{
	(void)state;
	struct pair p;
	struct err why = { 0 };
	pair_open(&p, standard);
	sign_proposal(&p);
	sign_approval(&p);
	assert_int_equal(ask(&p, small, &why), QUORUM_UNKNOWN_KEY);
	/* The right officers' keys, but signed for another bureau. */
	struct bureau lent = *standard;
	lent.bureau_id[0] ^= 1;
	p.road.bureau = &lent;
	sign_approval(&p);
	assert_int_equal(ask(&p, standard, &why), QUORUM_SIGNATURE);
	pair_close(&p);
}

/* threats: nothing that was altered after it was signed may read as agreement. */
static void
no_flipped_byte_of_either_act_is_agreement(void **state)
{
	(void)state;
	struct pair p;
	pair_open(&p, standard);
	sign_proposal(&p);
	sign_approval(&p);
	struct buf *acts[] = { &p.proposal_bytes, &p.approval_bytes };
	for (size_t a = 0; a < COUNT_OF(acts); a++)
		for (size_t i = 0; i < acts[a]->len; i++) {
			struct err why = { 0 };
			acts[a]->ptr[i] ^= 1;
			enum quorum_answer answer = ask(&p, standard, &why);
			if (answer == QUORUM_AGREED || answer == QUORUM_UNDECIDED)
				fail_msg("act %zu, byte %zu: answer %d", a, i, answer);
			acts[a]->ptr[i] ^= 1;
		}
	struct err why = { 0 };
	assert_int_equal(ask(&p, standard, &why), QUORUM_AGREED);
	pair_close(&p);
}

static void
rubbish_is_malformed(void **state)
{
	(void)state;
	struct quorum *q;
	struct err why = { 0 };
	struct span none = span_of(NULL, 0), text = span_text("approve");
	assert_int_equal(
	    quorum_check(&q, standard->trust, none, none, none, &why), QUORUM_MALFORMED);
	assert_int_equal(
	    quorum_check(&q, standard->trust, text, text, text, &why), QUORUM_MALFORMED);
	assert_null(q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_officers_agree),
		cmocka_unit_test(two_acts_with_a_mistake_are_no_agreement),
		cmocka_unit_test(a_key_retired_later_counts),
		cmocka_unit_test(the_approval_names_this_very_proposal),
		cmocka_unit_test(they_agreed_to_these_claims_byte_for_byte),
		cmocka_unit_test(acts_of_another_bureau_are_none_of_ours),
		cmocka_unit_test(no_flipped_byte_of_either_act_is_agreement),
		cmocka_unit_test(rubbish_is_malformed),
	};
	return cmocka_run_group_tests(tests, open_bureaus, close_bureaus);
}

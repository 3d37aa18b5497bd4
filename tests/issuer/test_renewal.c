/* Certificates that follow others by what was granted about a licence: renewal, upgrade, further scopes. */
#include "core/civil.h"
#include "tests/issuer/shop.h"

#include <stdio.h>

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };

/* To where the issue can be proposed; its subject. */
static void
grant(char subject[ACT_SUBJECT_BYTES + 1], struct shop *s, struct workshop_wish wish,
    const char *type, const char *of)
{
	wish.type = type;
	wish.of = of;
	workshop_case(subject, &s->w, &wish);
}

static struct issue_item
issue(struct shop *s, const char *subject)
{
	struct issue_item made;

	REQUIRE(workshop_propose(&s->w, subject, &err));
	workshop_approve(&s->w, s->w.small ? BI : FU, subject);
	REQUIRE(workshop_make(&made, &s->w, subject, &err));
	s->w.now_s += 60;
	return made;
}

/* Does the field hold the one text, and end with the other? */
static bool
says_last(const struct made *m, const char *name, const char *holds, const char *ends)
{
	const struct span text = printed_face_text(m->proposal.body.issue.face, name);
	const size_t n = strlen(ends);
	return memmem(text.ptr, text.len, holds, strlen(holds)) != NULL && text.len > n &&
	    memcmp(text.ptr + text.len - n, ends, n) == 0;
}

static void
a_renewal_begins_when_the_licence_ends(void **state)
{
	struct shop *s = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	char why[80];
	struct made first, next;

	made_read(&first, &s->w, s->number);
	grant(subject, s, STAR_BRIDGE, "renewal", s->number);
	struct issue_item made = issue(s, subject);
	assert_int_equal(made.version, 1);
	made_read(&next, &s->w, made.number);
	const struct claims *c = &next.credential.claims;
	const int64_t end_s = first.credential.claims.exp_s;
	assert_false(span_equal(c->sub, first.credential.claims.sub));
	assert_int_equal(claims_from_s(c), end_s);
	assert_int_equal(c->exp_s, civil_start_s(civil_anniversary(civil_of(end_s), 5)));
	assert_true(span_is(next.proposal.body.issue.supersedes, s->stored));
	snprintf(why, sizeof why, ": renewed, follows %.24s", s->number);
	assert_true(says_last(&next, "versions_en", "Version 1, ", why));
	/* The older one ends by time. */
	assert_int_equal(shop_moment(s, s->stored, 1, end_s - 1).status, STATUS_ACTIVE);
	assert_int_equal(shop_moment(s, s->stored, 1, end_s).status, STATUS_ACTIVE);
	shop_rebuild(s);
	made_free(&first);
	made_free(&next);
}

static void
an_upgrade_ends_the_licence_it_follows(void **state)
{
	struct shop *s = *state;
	char subject[ACT_SUBJECT_BYTES + 1], grade_b[NUMBER_STORED_BYTES];
	char why[80];
	struct made next;

	struct issue_item lower = shop_follow(s, ACT_REGRADE, "DWN-01", NULL);
	made_stored(grade_b, lower.number);
	grant(subject, s, STAR_BRIDGE, "upgrade", lower.number);
	struct issue_item made = issue(s, subject);
	made_read(&next, &s->w, made.number);
	const struct claims *c = &next.credential.claims;
	assert_int_equal(c->grade, GRADE_A);
	assert_int_equal(c->nbf_s, 0);
	assert_true(span_is(next.proposal.body.issue.supersedes, grade_b));
	snprintf(why, sizeof why, "等级提升，接续 %.24s", lower.number);
	assert_true(says_last(&next, "versions_zh", "第 1 版", why));
	assert_int_equal(shop_moment(s, grade_b, 1, c->iat_s - 1).status, STATUS_ACTIVE);
	assert_int_equal(shop_moment(s, grade_b, 1, c->iat_s).status, STATUS_ENDED);
	shop_rebuild(s);
	made_free(&next);
}

static const struct workshop_wish MORE = { .example = "star-bridge",
	.scopes = { "integration", "software", "data-recovery" } };

static void
further_scopes_make_the_next_version(void **state)
{
	struct shop *s = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct made first, next;

	made_read(&first, &s->w, s->number);
	grant(subject, s, MORE, "scope-addition", s->number);
	struct issue_item made = issue(s, subject);
	assert_string_equal(made.number, s->number);
	assert_int_equal(made.version, 2);
	made_read(&next, &s->w, shop_second(s));
	const struct claims *c = &next.credential.claims;
	assert_int_equal(c->scopes.count, 3);
	assert_int_equal(claims_from_s(c), first.credential.claims.iat_s);
	assert_int_equal(c->exp_s, first.credential.claims.exp_s);
	assert_int_equal(next.proposal.body.issue.supersedes.len, 0);
	assert_true(says_last(&next, "versions_en", "; Version 2, ", ": scope added"));
	assert_int_equal(shop_moment(s, s->stored, 1, c->iat_s - 1).status, STATUS_ACTIVE);
	assert_int_equal(shop_moment(s, s->stored, 1, c->iat_s).by, 2);
	assert_int_equal(shop_moment(s, s->stored, 2, c->iat_s).status, STATUS_ACTIVE);
	assert_int_equal(shop_follow(s, ACT_REISSUE, "LOS-01", NULL).version, 3);
	shop_rebuild(s);
	made_free(&first);
	made_free(&next);
}

/* Two ways to version 2, on two chains: one is approved, the other has to wait, and then to be proposed again. */
static void
of_two_next_versions_one_is_made(void **state)
{
	struct shop *s = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct err why = { 0 };
	struct issue_item made;

	grant(subject, s, MORE, "scope-addition", s->number);
	REQUIRE(workshop_propose(&s->w, subject, &err));
	REQUIRE(shop_propose(s, shop_wish(s, ACT_REISSUE, "LOS-01"), NULL, &err));
	REQUIRE(shop_answers(s, subject, ACT_APPROVE, &err));
	assert_false(shop_answers(s, s->stored, ACT_APPROVE, &why));
	assert_non_null(strstr(why.text, "NUM-01"));
	REQUIRE(workshop_make(&made, &s->w, subject, &err));
	assert_int_equal(made.version, 2);
	assert_false(shop_answers(s, s->stored, ACT_APPROVE, &why));
	assert_non_null(strstr(why.text, "CLM-01"));
	assert_int_equal(shop_follow(s, ACT_REISSUE, "LOS-01", NULL).version, 3);
	shop_rebuild(s);
}

/* What an approval that came too late left behind bars nobody. */
static void
a_making_that_lapsed_is_awaited_no_more(void **state)
{
	struct shop *s = *state;
	char subject[ACT_SUBJECT_BYTES + 1];

	grant(subject, s, MORE, "scope-addition", s->number);
	REQUIRE(workshop_propose(&s->w, subject, &err));
	REQUIRE(shop_answers(s, subject, ACT_APPROVE, &err));
	s->w.now_s += 40 * CIVIL_DAY_S;
	assert_int_equal(shop_follow(s, ACT_REISSUE, "LOS-01", NULL).version, 2);
}

static void
nothing_is_granted_about_what_has_ended(void **state)
{
	struct shop *s = *state;
	char renewal[ACT_SUBJECT_BYTES + 1];
	struct err why = { 0 };

	grant(renewal, s, STAR_BRIDGE, "renewal", s->number);
	REQUIRE(workshop_propose(&s->w, renewal, &err));
	workshop_sanction(&s->w, s->number, ACT_REVOKE);
	assert_false(shop_answers(s, renewal, ACT_APPROVE, &why));
	assert_non_null(strstr(why.text, "CLM-01"));
	REQUIRE(shop_answers(s, renewal, ACT_REFUSE, &err));
	assert_false(workshop_propose(&s->w, renewal, &why));
	assert_non_null(strstr(why.text, "that licence has ended"));
}

static void
the_page_of_a_grant_is_its_applications(void **state)
{
	struct shop *s = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct registry_chain chain;

	grant(subject, s, MORE, "scope-addition", s->number);
	REQUIRE(workshop_propose(&s->w, subject, &err));
	REQUIRE(registry_chain(&chain, s->w.bureau->registry, span_text(subject), &err));
	REQUIRE(issue_check_page(
	    s->w.bureau, span_text(subject), &chain.entries[chain.n - 1].body, s->w.now_s, &err));
	registry_chain_free(&chain);
}

#define ON(open, test) cmocka_unit_test_setup_teardown(test, open, shop_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(shop_standard, a_renewal_begins_when_the_licence_ends),
		ON(shop_small, a_renewal_begins_when_the_licence_ends),
		ON(shop_standard, an_upgrade_ends_the_licence_it_follows),
		ON(shop_standard, further_scopes_make_the_next_version),
		ON(shop_small, further_scopes_make_the_next_version),
		ON(shop_standard, of_two_next_versions_one_is_made),
		ON(shop_standard, a_making_that_lapsed_is_awaited_no_more),
		ON(shop_standard, nothing_is_granted_about_what_has_ended),
		ON(shop_standard, the_page_of_a_grant_is_its_applications),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

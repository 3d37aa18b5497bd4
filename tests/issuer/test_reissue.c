/* Certificates that follow others by an order: the next version, Grade B. */
#include "core/civil.h"
#include "core/program.h"
#include "tests/issuer/shop.h"

#include <stdio.h>

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };

static bool
prints(const struct made *m, const char *name, const char *text)
{
	return span_is(printed_face_text(m->proposal.body.issue.face, name), text);
}

/* ---- the next version ---- */

static void
a_lost_certificate_gets_its_next_version(void **state)
{
	struct shop *s = *state;
	struct made first, again, next;

	made_read(&first, &s->w, s->number);
	struct issue_item made = shop_follow(s, ACT_REISSUE, "LOS-01", NULL);
	assert_string_equal(made.number, s->number);
	assert_int_equal(made.version, 2);
	made_read(&next, &s->w, shop_second(s));
	const struct claims *c = &next.credential.claims, *before = &first.credential.claims;
	assert_int_equal(c->version, 2);
	assert_true(span_equal(c->sub, before->sub));
	assert_true(span_equal(c->holder, before->holder));
	assert_true(scopes_equal(&c->scopes, &before->scopes));
	assert_int_equal(c->exp_s, before->exp_s);
	assert_int_equal(claims_from_s(c), before->iat_s);
	assert_true(c->iat_s > before->iat_s);
	assert_true(c->list != before->list || c->idx != before->idx);

	struct printed_face face[2];
	REQUIRE(printed_face_parse(&face[0], first.proposal.body.issue.face, &err));
	REQUIRE(printed_face_parse(&face[1], next.proposal.body.issue.face, &err));
	for (size_t i = 0; i < face[0].count; i++) {
		const struct printed_field *was = &face[0].field[i];
		const bool new = span_is(was->name, "version") || span_is(was->name, "issued_on") ||
		    span_is(was->name, "issued_on_zh") || span_is(was->name, "versions_zh") ||
		    span_is(was->name, "versions_en");
		const struct span is = face[1].field[i].text;
		CHECK_ROW(span_equal(was->text, is) != new, (const char *)was->name.ptr);
	}
	assert_true(prints(&next, "version", "2"));

	/* No file is ever replaced. */
	made_read(&again, &s->w, s->number);
	assert_true(span_equal(buf_span(&first.pdf), buf_span(&again.pdf)));
	assert_int_equal(workshop_count(&s->w, "issued"), 4);
	assert_int_equal(workshop_count(&s->w, "issued/.making"), 0);
	shop_rebuild(s);
	made_free(&first);
	made_free(&again);
	made_free(&next);
}

static void
the_older_one_is_replaced_from_the_orders_day(void **state)
{
	struct shop *s = *state;
	struct issue_wish wish = shop_wish(s, ACT_REISSUE, "LOS-01");

	wish.order.from_s -= 4 * CIVIL_DAY_S;
	REQUIRE(shop_propose(s, wish, NULL, &err));
	shop_approve(s);
	shop_make(s);
	assert_int_equal(shop_moment(s, s->stored, 1, wish.order.from_s - 1).status, STATUS_ACTIVE);
	const struct licence_moment lost = shop_moment(s, s->stored, 1, wish.order.from_s);
	assert_int_equal(lost.status, STATUS_REPLACED);
	assert_int_equal(lost.by, 2);
	assert_int_equal(shop_moment(s, s->stored, 2, wish.order.from_s).status, STATUS_ACTIVE);
}

#define PAPER(rest) "{\"format\":\"qualcert-change/1\",\"uscc\":\"91999901MADEM00110\"," rest "}"

static const struct {
	const char *ground, *paper;
	const char *field, *text;
} CHANGES[] = {
	{ "CHG-01", PAPER("\"name\":{\"zh\":\"示例新桥科技有限公司\"}"), "holder_zh",
	    "示例新桥科技有限公司" },
	{ "CHG-01",
	    PAPER(
		"\"name\":{\"zh\":\"示例新桥科技有限公司\"},\"registered_address\":\"示例省2号\""),
	    "address", "示例省2号" },
	{ "CHG-02", PAPER("\"legal_representative\":\"程新桥\""), "legal_representative",
	    "程新桥" },
	{ "CHG-03", PAPER("\"registered_address\":\"示例省2号\""), "address", "示例省2号" },
	{ "CHG-04", PAPER("\"scopes\":[\"software\"]"), "scopes_zh", "软件开发" },
	{ "MIS-01", PAPER("\"registered_address\":\"示例省2号\""), "address", "示例省2号" },
	{ "MIS-01", NULL, "version", "2" },
};

static void
a_change_is_printed_and_kept_by_the_next_version(void **state)
{
	struct shop *s = *state;

	for (size_t i = 0; i < COUNT_OF(CHANGES); i++) {
		struct made second_one, third;
		char file[NUMBER_FILE_BYTES];
		workshop_issue(s->number, &s->w, &STAR_BRIDGE);
		made_stored(s->stored, s->number);
		shop_follow(s, ACT_REISSUE, CHANGES[i].ground, CHANGES[i].paper);
		made_read(&second_one, &s->w, shop_second(s));
		CHECK_ROW(
		    prints(&second_one, CHANGES[i].field, CHANGES[i].text), CHANGES[i].ground);
		if (strcmp(CHANGES[i].field, "version") != 0) {
			shop_follow(s, ACT_REISSUE, "LOS-02", NULL);
			snprintf(file, sizeof file, "%.24s.v3", s->number);
			made_read(&third, &s->w, file);
			CHECK_ROW(prints(&third, CHANGES[i].field, CHANGES[i].text), "third");
			made_free(&third);
		}
		made_free(&second_one);
	}
	shop_rebuild(s);
}

/* The duplicate, page 2 of a file that was issued, has these lines, the days filled in. */
static void
duplicate_says(const struct shop *s, const char *file, const char *want)
{
	char path[160];
	struct buf page = BUF_EMPTY;
	int status = -1;

	snprintf(path, sizeof path, "%s/issued/%s.pdf", s->w.folder, file);
	REQUIRE(program_run(&status, &page, 1 << 20, PROGRAM_WAIT_S,
	    (const char *[]){ "pdftotext", "-raw", "-f", "2", "-l", "2", path, "-", NULL }, &err));
	assert_int_equal(status, 0);
	CHECK_ROW(strstr(buf_text(&page), want) != NULL, want);
	buf_free(&page);
}

static void
the_duplicate_certifies_like_the_original_and_says_so(void **state)
{
	struct shop *s = *state;

	duplicate_says(
	    s, s->number, "\n经审查，下列单位符合涉密信息系统集成资质甲级条件，特发此证。\n");
	duplicate_says(s, s->number, "副本与正本具有同等效力。");
	duplicate_says(s, s->number, "The duplicate has the same effect as the original.\n");
}

/* "第 1 版　D1　首次发证；第 2 版　D2　因遗失补发", the days being those on which they were issued. */
static void
a_later_version_lists_those_before_it(void **state)
{
	struct shop *s = *state;
	struct made third;
	char file[NUMBER_FILE_BYTES], want[200], old[CIVIL_TEXT_BYTES], day[CIVIL_TEXT_BYTES];

	civil_format(old, civil_of(s->w.now_s - 10 * CIVIL_DAY_S));
	civil_format(day, civil_of(s->w.now_s));
	shop_follow(s, ACT_REISSUE, "LOS-01", NULL);
	shop_follow(s, ACT_REISSUE, "CHG-03", PAPER("\"registered_address\":\"示例省2号\""));
	snprintf(file, sizeof file, "%.24s.v3", s->number);
	made_read(&third, &s->w, file);
	snprintf(want, sizeof want,
	    "第 1 版　%s　首次发证；第 2 版　%s　因遗失补发；第 3 版　%s　变更注册地址", old, day,
	    day);
	assert_true(prints(&third, "versions_zh", want));
	snprintf(want, sizeof want,
	    "\n第 1 版 %s 首次发证\n第 2 版 %s 因遗失补发\n第 3 版 %s 变更注册地址\n", old, day,
	    day);
	duplicate_says(s, file, want);
	snprintf(want, sizeof want,
	    "\nVersion 1, %s: first issue\nVersion 2, %s: replaces one that was lost\n"
	    "Version 3, %s: change of registered address\n",
	    old, day, day);
	duplicate_says(s, file, want);
	made_free(&third);
}

static void
alt_03_a_change_that_is_none_is_refused(void **state)
{
	struct shop *s = *state;
	struct err why = { 0 };

	assert_false(shop_propose(s, shop_wish(s, ACT_REISSUE, "CHG-02"),
	    PAPER("\"legal_representative\":\"程星桥\""), &why));
	assert_non_null(strstr(why.text, "ALT-03"));
}

/* A refusal burns the slot, and the version is proposed again. */
static void
what_was_refused_is_proposed_again(void **state)
{
	struct shop *s = *state;

	REQUIRE(shop_propose(s, shop_wish(s, ACT_REISSUE, "LOS-01"), NULL, &err));
	REQUIRE(shop_answers(s, s->stored, ACT_REFUSE, &err));
	assert_int_equal(shop_follow(s, ACT_REISSUE, "LOS-02", NULL).version, 2);
	shop_rebuild(s);
}

/* ---- Grade B ---- */

static void
a_lower_grade_takes_the_rest_of_the_time(void **state)
{
	struct shop *s = *state;
	struct made first, next;
	char stored[NUMBER_STORED_BYTES], day[CIVIL_TEXT_BYTES], want[120];

	made_read(&first, &s->w, s->number);
	struct issue_wish wish = shop_wish(s, ACT_REGRADE, "DWN-01");
	wish.order.from_s += 3 * CIVIL_DAY_S;
	REQUIRE(shop_propose(s, wish, NULL, &err));
	shop_approve(s);
	struct issue_item made = shop_make(s);
	assert_int_equal(made.version, 1);
	made_read(&next, &s->w, made.number);
	const struct claims *c = &next.credential.claims;
	assert_int_equal(c->grade, GRADE_B);
	assert_int_equal(claims_from_s(c), wish.order.from_s);
	assert_int_equal(c->exp_s, first.credential.claims.exp_s);
	assert_true(prints(&next, "grade_zh", "乙级"));
	assert_true(span_is(next.proposal.body.issue.template_id, "grade-b"));
	civil_format(day, civil_of(s->w.now_s));
	snprintf(want, sizeof want, "第 1 版　%s　等级变更，接续 %.24s", day, s->number);
	assert_true(prints(&next, "versions_zh", want));
	snprintf(want, sizeof want, "Version 1, %s: grade changed, follows %.24s", day, s->number);
	assert_true(prints(&next, "versions_en", want));
	made_stored(stored, made.number);
	assert_int_equal(shop_moment(s, s->stored, 1, wish.order.from_s - 1).status, STATUS_ACTIVE);
	assert_int_equal(shop_moment(s, s->stored, 1, wish.order.from_s).status, STATUS_ENDED);
	assert_int_equal(shop_moment(s, stored, 1, wish.order.from_s).status, STATUS_ACTIVE);
	shop_rebuild(s);
	made_free(&first);
	made_free(&next);
}

/* ---- the second signature ---- */

static bool
check_page(struct shop *s, const char *field, const char *text, struct err *why)
{
	struct registry_chain chain;

	REQUIRE(registry_chain(&chain, s->w.bureau->registry, span_text(s->stored), &err));
	struct act_body *body = &chain.entries[chain.n - 1].body;
	struct printed_face face;
	struct buf map = BUF_EMPTY;

	REQUIRE(printed_face_parse(&face, body->issue.face, &err));
	for (size_t i = 0; i < face.count; i++)
		if (span_is(face.field[i].name, field))
			face.field[i].text = span_text(text);
	printed_face_encode(&map, &face);
	body->issue.face = buf_span(&map);
	bool ok = issue_check_page(s->w.bureau, span_text(s->stored), body, s->w.now_s, why);
	buf_free(&map);
	registry_chain_free(&chain);
	return ok;
}

/* What no ground changes follows from the page before; what one changes is for the two officers to say. */
static void
the_second_officer_is_told_of_another_page(void **state)
{
	struct shop *s = *state;
	struct err why = { 0 };

	REQUIRE(shop_propose(s, shop_wish(s, ACT_REISSUE, "LOS-01"), NULL, &err));
	REQUIRE(check_page(s, "nothing", "", &err));
	assert_false(check_page(s, "address", "示例省2号", &why));
	assert_non_null(strstr(why.text, "(address)"));
	assert_false(check_page(s, "legal_representative", "程新桥", &why));
	assert_false(check_page(s, "valid_until", "2099-01-01", &why));
	assert_false(check_page(s, "versions_zh", "第 2 版　2026-12-01　首次发证", &why));
	assert_non_null(strstr(why.text, "(versions_zh)"));
	shop_approve(s);
	shop_make(s);
	REQUIRE(shop_propose(s, shop_wish(s, ACT_REISSUE, "CHG-03"),
	    PAPER("\"registered_address\":\"示例省2号\""), &err));
	REQUIRE(check_page(s, "nothing", "", &err));
	assert_false(check_page(s, "holder_zh", "示例新桥科技有限公司", &why));
	assert_non_null(strstr(why.text, "(holder_zh)"));
}

/* ---- crashes, and the same again ---- */

static void
threat_29_both_versions_get_their_names_back(void **state)
{
	struct shop *s = *state;
	struct issue_recovery found;
	struct made m;

	shop_follow(s, ACT_REISSUE, "LOS-01", NULL);
	made_take_names_away(&s->w, s->number);
	made_take_names_away(&s->w, shop_second(s));
	workshop_write(&s->w, "issued/.making/JC-A-999900-2026-48213-6.v2.pdf", span_text("half"));
	REQUIRE(issue_recover(&found, s->w.bureau, ISSUE_WAITS_FOR_AUTHORITY, s->w.now_s, &err));
	assert_int_equal(found.failed, 0);
	assert_int_equal(found.cleared, 1);
	made_read(&m, &s->w, s->number);
	made_free(&m);
	made_read(&m, &s->w, shop_second(s));
	assert_int_equal(m.credential.claims.version, 2);
	made_free(&m);
	assert_int_equal(workshop_count(&s->w, "issued/.making"), 0);
}

static void
threat_29_what_is_approved_is_made(void **state)
{
	struct shop *s = *state;
	struct issue_recovery found;
	struct issue_item made;

	REQUIRE(shop_propose(s, shop_wish(s, ACT_REISSUE, "LOS-01"), NULL, &err));
	shop_approve(s);
	workshop_reopen(&s->w);
	REQUIRE(issue_recover(&found, s->w.bureau, ISSUE_WAITS_FOR_AUTHORITY, s->w.now_s, &err));
	assert_int_equal(found.finished, 1);
	REQUIRE(workshop_make(&made, &s->w, s->stored, &err)); /* says it again */
	assert_int_equal(made.version, 2);
	assert_int_equal(workshop_count(&s->w, "issued"), 4);
}

/* The call that made the first version, once more: it says the first version, whatever came since. */
static void
making_again_names_what_was_made_then(void **state)
{
	struct shop *s = *state;
	struct registry_proposal maker;

	REQUIRE(registry_find_maker(&maker, s->w.bureau->registry, span_text(s->stored), 1, &err));
	shop_follow(s, ACT_REISSUE, "LOS-01", NULL);
	struct issue_item made = issue_item(maker.hash);
	REQUIRE(issue_make(s->w.bureau, &made, 1, s->w.now_s, &err));
	assert_true(made.made);
	assert_int_equal(made.version, 1);
	assert_int_equal(workshop_count(&s->w, "issued"), 4);
}

/* An act in between: it is made no more, and cannot be by its hash either. */
static void
an_act_in_between_ends_the_making(void **state)
{
	struct shop *s = *state;
	struct issue_item made;
	struct err why = { 0 };

	REQUIRE(shop_propose(s, shop_wish(s, ACT_REISSUE, "LOS-01"), NULL, &err));
	assert_false(workshop_make(&made, &s->w, s->stored, &why));
	assert_non_null(strstr(why.text, "two officers have not approved it"));
	shop_approve(s);
	workshop_sanction(&s->w, s->number, ACT_SUSPEND);
	assert_false(workshop_make(&made, &s->w, s->stored, &why));
	assert_non_null(strstr(why.text, "another act came in between"));
	assert_int_equal(workshop_count(&s->w, "issued"), 2);
}

static bool
propose_keyed(struct shop *s, struct issue_wish wish, const char *paper, struct err *why)
{
	struct sitting sitting = {
		.bureau = s->w.bureau, .now_s = s->w.now_s, .idempotency_key = "k1"
	};
	struct registry_item item = { 0 };
	struct buf act = BUF_EMPTY;
	struct change *change = NULL;
	struct defects defects = { 0 };

	if (paper != NULL)
		REQUIRE(change_parse(&change, &defects, span_text(paper), wish.order.ground,
		    span_text("91999901MADEM00110"), &err));
	wish.change = change;
	bool ok = issue_propose(&sitting, "P-9XQ4-7", &wish, 1, NULL, why) &&
	    sitting_record(&item, &act, &sitting, s->w.keys.officer[YIN], why) &&
	    (item.recorded || err_set(why, item.err.code, "%s", item.err.text));
	buf_free(&act);
	sitting_free(&sitting);
	change_free(change);
	s->w.now_s += 60;
	return ok;
}

static void
threat_32_an_idempotency_key_repeats_the_proposal(void **state)
{
	struct shop *s = *state;
	const struct issue_wish wish = shop_wish(s, ACT_REISSUE, "CHG-03");
	const char *paper = PAPER("\"registered_address\":\"示例省2号\"");
	struct err why = { 0 };

	REQUIRE(propose_keyed(s, wish, paper, &err));
	REQUIRE(propose_keyed(s, wish, paper, &err));
	shop_approve(s);
	shop_make(s);
	REQUIRE(propose_keyed(s, wish, paper, &err)); /* also afterwards */
	struct registry_chain chain;
	REQUIRE(registry_chain(&chain, s->w.bureau->registry, span_text(s->stored), &err));
	assert_int_equal(chain.n, 3);
	registry_chain_free(&chain);

	struct issue_wish other = wish;
	other.order.document = span_text("示换〔2026〕2号");
	assert_false(propose_keyed(s, other, paper, &why));
	assert_int_equal(why.code, ERR_CONFLICT);
	assert_false(propose_keyed(s, wish, PAPER("\"registered_address\":\"示例省3号\""), &why));
	assert_int_equal(why.code, ERR_CONFLICT);
	other = shop_wish(s, ACT_REISSUE, "LOS-01");
	assert_false(propose_keyed(s, other, NULL, &why));
	assert_int_equal(why.code, ERR_CONFLICT);
}

/* ---- what is refused ---- */

static void
nothing_follows_what_was_never_issued(void **state)
{
	struct shop *s = *state;
	struct issue_wish wish = shop_wish(s, ACT_REISSUE, "LOS-01");
	struct err why = { 0 };

	wish.subject = span_text("JCA9999002026482136");
	assert_false(shop_propose(s, wish, NULL, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	wish.subject = span_text("case/C-2026-0001");
	assert_false(shop_propose(s, wish, NULL, &why));
	assert_int_equal(why.code, ERR_USAGE);
	wish = shop_wish(s, ACT_ISSUE, "");
	assert_false(shop_propose(s, wish, NULL, &why));
	assert_int_equal(why.code, ERR_USAGE);
}

#define ON(open, test) cmocka_unit_test_setup_teardown(test, open, shop_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(shop_standard, a_lost_certificate_gets_its_next_version),
		ON(shop_small, a_lost_certificate_gets_its_next_version),
		ON(shop_standard, the_older_one_is_replaced_from_the_orders_day),
		ON(shop_standard, a_change_is_printed_and_kept_by_the_next_version),
		ON(shop_standard, the_duplicate_certifies_like_the_original_and_says_so),
		ON(shop_standard, a_later_version_lists_those_before_it),
		ON(shop_standard, alt_03_a_change_that_is_none_is_refused),
		ON(shop_standard, what_was_refused_is_proposed_again),
		ON(shop_standard, a_lower_grade_takes_the_rest_of_the_time),
		ON(shop_standard, the_second_officer_is_told_of_another_page),
		ON(shop_standard, threat_29_both_versions_get_their_names_back),
		ON(shop_standard, threat_29_what_is_approved_is_made),
		ON(shop_standard, making_again_names_what_was_made_then),
		ON(shop_standard, an_act_in_between_ends_the_making),
		ON(shop_standard, threat_32_an_idempotency_key_repeats_the_proposal),
		ON(shop_standard, nothing_follows_what_was_never_issued),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

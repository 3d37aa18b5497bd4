/* Certificates that follow others: by an order, and by what was granted about a licence. */
#include "core/civil.h"
#include "credential/cose_file.h"
#include "issuer/check.h"
#include "registry/registry_licence.h"
#include "registry/registry_subject.h"
#include "tests/issuer/workshop.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };

/* A bureau with one certificate, some days old. */
struct shop {
	struct workshop w;
	char number[NUMBER_SHOWN_BYTES], stored[NUMBER_STORED_BYTES];
};

static int
open_shop(void **state, const char *policy)
{
	static struct shop s;
	struct number number;

	workshop_open(&s.w, policy);
	workshop_issue(s.number, &s.w, &STAR_BRIDGE);
	REQUIRE(number_parse(&number, span_text(s.number), &err));
	number_stored(s.stored, &number);
	s.w.now_s += 10 * CIVIL_DAY_S;
	*state = &s;
	return 0;
}

static int
open_standard(void **state)
{
	return open_shop(state, "standard");
}

static int
open_small(void **state)
{
	return open_shop(state, "small");
}

static int
close_shop(void **state)
{
	struct shop *s = *state;
	workshop_close(&s->w);
	return 0;
}

static int64_t
today_s(const struct shop *s)
{
	return civil_start_s(civil_of(s->w.now_s));
}

/* ---- proposing and making ---- */

static struct issue_wish
wish_of(const struct shop *s, enum act_kind kind, const char *ground)
{
	return (struct issue_wish){ .kind = kind,
		.subject = span_text(s->stored),
		.order = { .ground = span_text(ground),
		    .document = span_text("示换〔2026〕1号"),
		    .from_s = today_s(s) } };
}

static bool
propose(struct shop *s, struct issue_wish wish, const char *paper, struct err *why)
{
	struct defects defects = { 0 };
	struct change *change = NULL;

	if (paper != NULL) {
		REQUIRE(change_parse(&change, &defects, span_text(paper), wish.order.ground,
		    span_text("91999901MADEM00110"), &err));
		assert_int_equal(defects.count, 0);
		wish.change = change;
	}
	bool ok = workshop_wish(&s->w, &wish, why);
	change_free(change);
	return ok;
}

static void
approve(struct shop *s)
{
	workshop_approve(&s->w, s->w.small ? BI : FU, s->stored);
}

/* An answer to the newest act; false with what refused it. */
static bool
answers(struct shop *s, const char *subject, enum act_kind kind, struct err *why)
{
	struct registry_chain chain;
	struct act_body body = { .kind = kind };

	REQUIRE(registry_chain(&chain, s->w.bureau->registry, span_text(subject), &err));
	const struct act *last = &chain.entries[chain.n - 1].act;
	memcpy(body.answer.proposal, last->hash, SHA256_BYTES);
	body.answer.proposal_kind = last->kind;
	if (kind == ACT_REFUSE)
		body.answer.reason = span_text("证未遗失");
	registry_chain_free(&chain);
	return workshop_try(&s->w, s->w.small ? BI : FU, subject, &body, why);
}

static struct issue_made
make(struct shop *s)
{
	struct issue_made made;
	REQUIRE(workshop_make(&made, &s->w, s->stored, &err));
	s->w.now_s += 60;
	return made;
}

static struct issue_made
follow(struct shop *s, enum act_kind kind, const char *ground, const char *paper)
{
	REQUIRE(propose(s, wish_of(s, kind, ground), paper, &err));
	approve(s);
	return make(s);
}

/* ---- looking ---- */

/* A certificate's file and what its proposal prints. */
struct made {
	struct buf pdf, cose;
	struct cose_file file;
	struct credential credential;
	struct chain_entry proposal;
};

static void
read_file(struct buf *out, const struct shop *s, const char *file, const char *ending)
{
	char name[64];
	snprintf(name, sizeof name, "issued/%s.%s", file, ending);
	if (!workshop_read(out, &s->w, name))
		fail_msg("there is no %s", name);
}

static void
read_made(struct made *m, struct shop *s, const char *file)
{
	const struct trust *trust;

	*m = (struct made){ 0 };
	read_file(&m->pdf, s, file, "pdf");
	read_file(&m->cose, s, file, "cose");
	REQUIRE(cose_file_parse(&m->file, buf_span(&m->cose), &err));
	REQUIRE(credential_parse(&m->credential, m->file.qc1, &err));
	REQUIRE(chain_entry_parse(&m->proposal, m->file.proposal, &err));
	REQUIRE(bureau_trust(&trust, s->w.bureau, &err));
	REQUIRE(check_certificate(trust, buf_span(&m->pdf), &m->file, s->w.now_s, &err));
}

static void
made_free(struct made *m)
{
	buf_free(&m->pdf);
	buf_free(&m->cose);
}

static const char *
second(const struct shop *s)
{
	static char file[NUMBER_FILE_BYTES];
	snprintf(file, sizeof file, "%.24s.v2", s->number);
	return file;
}

static bool
prints(const struct made *m, const char *name, const char *text)
{
	return span_is(printed_face_text(m->proposal.body.issue.face, name), text);
}

static struct licence_moment
moment(struct shop *s, const char *stored, unsigned version, int64_t on_s)
{
	struct registry_subject subject = { 0 };
	REQUIRE(registry_subject_load(
	    &subject, s->w.bureau->registry, span_text(stored), s->w.now_s, &err));
	struct licence_moment m = licence_at(&subject.licence, version, on_s);
	registry_subject_free(&subject);
	return m;
}

static bool
add_line(void *ctx, struct span line, struct err *err)
{
	buf_add_span(ctx, line);
	return buf_ok(ctx, err);
}

/* All tables, computed again from the acts, are what they were. */
static void
rebuilds_alike(struct shop *s)
{
	struct buf before = BUF_EMPTY, after = BUF_EMPTY;

	REQUIRE(registry_dump(s->w.bureau->registry, add_line, &before, &err));
	REQUIRE(registry_rebuild(s->w.bureau->registry, &err));
	REQUIRE(registry_dump(s->w.bureau->registry, add_line, &after, &err));
	assert_true(span_equal(buf_span(&before), buf_span(&after)));
	buf_free(&before);
	buf_free(&after);
}

/* ---- the next version ---- */

static void
a_lost_certificate_gets_its_next_version(void **state)
{
	struct shop *s = *state;
	struct made first, again, next;

	read_made(&first, s, s->number);
	struct issue_made made = follow(s, ACT_REISSUE, "LOS-01", NULL);
	assert_string_equal(made.number, s->number);
	assert_int_equal(made.version, 2);
	read_made(&next, s, second(s));
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
		    span_is(was->name, "issued_on_zh");
		const struct span is = face[1].field[i].text;
		CHECK_ROW(span_equal(was->text, is) != new, (const char *)was->name.ptr);
	}
	assert_true(prints(&next, "version", "2"));

	/* No file is ever replaced. */
	read_made(&again, s, s->number);
	assert_true(span_equal(buf_span(&first.pdf), buf_span(&again.pdf)));
	assert_int_equal(workshop_count(&s->w, "issued"), 4);
	assert_int_equal(workshop_count(&s->w, "issued/.making"), 0);
	rebuilds_alike(s);
	made_free(&first);
	made_free(&again);
	made_free(&next);
}

static void
the_older_one_is_replaced_from_the_orders_day(void **state)
{
	struct shop *s = *state;
	struct issue_wish wish = wish_of(s, ACT_REISSUE, "LOS-01");

	wish.order.from_s -= 4 * CIVIL_DAY_S;
	REQUIRE(propose(s, wish, NULL, &err));
	approve(s);
	make(s);
	assert_int_equal(moment(s, s->stored, 1, wish.order.from_s - 1).status, STATUS_ACTIVE);
	const struct licence_moment lost = moment(s, s->stored, 1, wish.order.from_s);
	assert_int_equal(lost.status, STATUS_REPLACED);
	assert_int_equal(lost.by, 2);
	assert_int_equal(moment(s, s->stored, 2, wish.order.from_s).status, STATUS_ACTIVE);
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
		struct number number;
		REQUIRE(number_parse(&number, span_text(s->number), &err));
		number_stored(s->stored, &number);
		follow(s, ACT_REISSUE, CHANGES[i].ground, CHANGES[i].paper);
		read_made(&second_one, s, second(s));
		CHECK_ROW(
		    prints(&second_one, CHANGES[i].field, CHANGES[i].text), CHANGES[i].ground);
		if (strcmp(CHANGES[i].field, "version") != 0) {
			follow(s, ACT_REISSUE, "LOS-02", NULL);
			snprintf(file, sizeof file, "%.24s.v3", s->number);
			read_made(&third, s, file);
			CHECK_ROW(prints(&third, CHANGES[i].field, CHANGES[i].text), "third");
			made_free(&third);
		}
		made_free(&second_one);
	}
	rebuilds_alike(s);
}

static void
alt_03_a_change_that_is_none_is_refused(void **state)
{
	struct shop *s = *state;
	struct err why = { 0 };

	assert_false(propose(s, wish_of(s, ACT_REISSUE, "CHG-02"),
	    PAPER("\"legal_representative\":\"程星桥\""), &why));
	assert_non_null(strstr(why.text, "ALT-03"));
}

/* A refusal burns the slot, and the version is proposed again. */
static void
what_was_refused_is_proposed_again(void **state)
{
	struct shop *s = *state;

	REQUIRE(propose(s, wish_of(s, ACT_REISSUE, "LOS-01"), NULL, &err));
	REQUIRE(answers(s, s->stored, ACT_REFUSE, &err));
	assert_int_equal(follow(s, ACT_REISSUE, "LOS-02", NULL).version, 2);
	rebuilds_alike(s);
}

/* ---- Grade B ---- */

static void
a_lower_grade_takes_the_rest_of_the_time(void **state)
{
	struct shop *s = *state;
	struct made first, next;
	char stored[NUMBER_STORED_BYTES];
	struct number number;

	read_made(&first, s, s->number);
	struct issue_wish wish = wish_of(s, ACT_REGRADE, "DWN-01");
	wish.order.from_s += 3 * CIVIL_DAY_S;
	REQUIRE(propose(s, wish, NULL, &err));
	approve(s);
	struct issue_made made = make(s);
	assert_int_equal(made.version, 1);
	read_made(&next, s, made.number);
	const struct claims *c = &next.credential.claims;
	assert_int_equal(c->grade, GRADE_B);
	assert_int_equal(claims_from_s(c), wish.order.from_s);
	assert_int_equal(c->exp_s, first.credential.claims.exp_s);
	assert_true(prints(&next, "grade_zh", "乙级"));
	assert_true(span_is(next.proposal.body.issue.template_id, "grade-b"));
	REQUIRE(number_parse(&number, span_text(made.number), &err));
	number_stored(stored, &number);
	assert_int_equal(moment(s, s->stored, 1, wish.order.from_s - 1).status, STATUS_ACTIVE);
	assert_int_equal(moment(s, s->stored, 1, wish.order.from_s).status, STATUS_ENDED);
	assert_int_equal(moment(s, stored, 1, wish.order.from_s).status, STATUS_ACTIVE);
	rebuilds_alike(s);
	made_free(&first);
	made_free(&next);
}

/* ---- what is granted about a licence ---- */

/* To where the issue can be proposed; its subject. */
static void
grant(char subject[ACT_SUBJECT_BYTES + 1], struct shop *s, struct workshop_wish wish,
    const char *type, const char *of)
{
	wish.type = type;
	wish.of = of;
	workshop_case(subject, &s->w, &wish);
}

static struct issue_made
issue(struct shop *s, const char *subject)
{
	struct issue_made made;

	REQUIRE(workshop_propose(&s->w, subject, &err));
	workshop_approve(&s->w, s->w.small ? BI : FU, subject);
	REQUIRE(workshop_make(&made, &s->w, subject, &err));
	s->w.now_s += 60;
	return made;
}

static void
stored_of(char out[NUMBER_STORED_BYTES], const char *shown)
{
	struct number number;
	REQUIRE(number_parse(&number, span_text(shown), &err));
	number_stored(out, &number);
}

static void
a_renewal_begins_when_the_licence_ends(void **state)
{
	struct shop *s = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct made first, next;

	read_made(&first, s, s->number);
	grant(subject, s, STAR_BRIDGE, "renewal", s->number);
	struct issue_made made = issue(s, subject);
	assert_int_equal(made.version, 1);
	read_made(&next, s, made.number);
	const struct claims *c = &next.credential.claims;
	const int64_t end_s = first.credential.claims.exp_s;
	assert_false(span_equal(c->sub, first.credential.claims.sub));
	assert_int_equal(claims_from_s(c), end_s);
	assert_int_equal(c->exp_s, civil_start_s(civil_anniversary(civil_of(end_s), 5)));
	assert_true(span_is(next.proposal.body.issue.supersedes, s->stored));
	/* The older one ends by time. */
	assert_int_equal(moment(s, s->stored, 1, end_s - 1).status, STATUS_ACTIVE);
	assert_int_equal(moment(s, s->stored, 1, end_s).status, STATUS_ACTIVE);
	rebuilds_alike(s);
	made_free(&first);
	made_free(&next);
}

static void
an_upgrade_ends_the_licence_it_follows(void **state)
{
	struct shop *s = *state;
	char subject[ACT_SUBJECT_BYTES + 1], grade_b[NUMBER_STORED_BYTES];
	struct made next;

	struct issue_made lower = follow(s, ACT_REGRADE, "DWN-01", NULL);
	stored_of(grade_b, lower.number);
	grant(subject, s, STAR_BRIDGE, "upgrade", lower.number);
	struct issue_made made = issue(s, subject);
	read_made(&next, s, made.number);
	const struct claims *c = &next.credential.claims;
	assert_int_equal(c->grade, GRADE_A);
	assert_int_equal(c->nbf_s, 0);
	assert_true(span_is(next.proposal.body.issue.supersedes, grade_b));
	assert_int_equal(moment(s, grade_b, 1, c->iat_s - 1).status, STATUS_ACTIVE);
	assert_int_equal(moment(s, grade_b, 1, c->iat_s).status, STATUS_ENDED);
	rebuilds_alike(s);
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

	read_made(&first, s, s->number);
	grant(subject, s, MORE, "scope-addition", s->number);
	struct issue_made made = issue(s, subject);
	assert_string_equal(made.number, s->number);
	assert_int_equal(made.version, 2);
	read_made(&next, s, second(s));
	const struct claims *c = &next.credential.claims;
	assert_int_equal(c->scopes.count, 3);
	assert_int_equal(claims_from_s(c), first.credential.claims.iat_s);
	assert_int_equal(c->exp_s, first.credential.claims.exp_s);
	assert_int_equal(next.proposal.body.issue.supersedes.len, 0);
	assert_int_equal(moment(s, s->stored, 1, c->iat_s - 1).status, STATUS_ACTIVE);
	assert_int_equal(moment(s, s->stored, 1, c->iat_s).by, 2);
	assert_int_equal(moment(s, s->stored, 2, c->iat_s).status, STATUS_ACTIVE);
	assert_int_equal(follow(s, ACT_REISSUE, "LOS-01", NULL).version, 3);
	rebuilds_alike(s);
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
	struct issue_made made;

	grant(subject, s, MORE, "scope-addition", s->number);
	REQUIRE(workshop_propose(&s->w, subject, &err));
	REQUIRE(propose(s, wish_of(s, ACT_REISSUE, "LOS-01"), NULL, &err));
	REQUIRE(answers(s, subject, ACT_APPROVE, &err));
	assert_false(answers(s, s->stored, ACT_APPROVE, &why));
	assert_non_null(strstr(why.text, "NUM-01"));
	REQUIRE(workshop_make(&made, &s->w, subject, &err));
	assert_int_equal(made.version, 2);
	assert_false(answers(s, s->stored, ACT_APPROVE, &why));
	assert_non_null(strstr(why.text, "CLM-01"));
	assert_int_equal(follow(s, ACT_REISSUE, "LOS-01", NULL).version, 3);
	rebuilds_alike(s);
}

/* What an approval that came too late left behind bars nobody. */
static void
a_making_that_lapsed_is_awaited_no_more(void **state)
{
	struct shop *s = *state;
	char subject[ACT_SUBJECT_BYTES + 1];

	grant(subject, s, MORE, "scope-addition", s->number);
	REQUIRE(workshop_propose(&s->w, subject, &err));
	REQUIRE(answers(s, subject, ACT_APPROVE, &err));
	s->w.now_s += 40 * CIVIL_DAY_S;
	assert_int_equal(follow(s, ACT_REISSUE, "LOS-01", NULL).version, 2);
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
	assert_false(answers(s, renewal, ACT_APPROVE, &why));
	assert_non_null(strstr(why.text, "CLM-01"));
	REQUIRE(answers(s, renewal, ACT_REFUSE, &err));
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

	REQUIRE(propose(s, wish_of(s, ACT_REISSUE, "LOS-01"), NULL, &err));
	REQUIRE(check_page(s, "nothing", "", &err));
	assert_false(check_page(s, "address", "示例省2号", &why));
	assert_non_null(strstr(why.text, "(address)"));
	assert_false(check_page(s, "legal_representative", "程新桥", &why));
	assert_false(check_page(s, "valid_until", "2099-01-01", &why));
	approve(s);
	make(s);
	REQUIRE(propose(s, wish_of(s, ACT_REISSUE, "CHG-03"),
	    PAPER("\"registered_address\":\"示例省2号\""), &err));
	REQUIRE(check_page(s, "nothing", "", &err));
	assert_false(check_page(s, "holder_zh", "示例新桥科技有限公司", &why));
	assert_non_null(strstr(why.text, "(holder_zh)"));
}

/* ---- crashes, and the same again ---- */

static void
take_names_away(const struct shop *s, const char *file)
{
	static const char *const endings[] = { "pdf", "cose" };
	char from[192], to[192];

	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		snprintf(from, sizeof from, "%s/issued/%s.%s", s->w.folder, file, endings[i]);
		snprintf(to, sizeof to, "%s/issued/.making/%s.%s", s->w.folder, file, endings[i]);
		assert_int_equal(rename(from, to), 0);
	}
}

static void
threat_29_both_versions_get_their_names_back(void **state)
{
	struct shop *s = *state;
	struct issue_recovery found;
	struct made m;

	follow(s, ACT_REISSUE, "LOS-01", NULL);
	take_names_away(s, s->number);
	take_names_away(s, second(s));
	workshop_write(&s->w, "issued/.making/JC-A-999900-2026-48213-6.v2.pdf", span_text("half"));
	REQUIRE(issue_recover(&found, s->w.bureau, s->w.now_s, &err));
	assert_int_equal(found.failed, 0);
	assert_int_equal(found.cleared, 1);
	read_made(&m, s, s->number);
	made_free(&m);
	read_made(&m, s, second(s));
	assert_int_equal(m.credential.claims.version, 2);
	made_free(&m);
	assert_int_equal(workshop_count(&s->w, "issued/.making"), 0);
}

static void
threat_29_what_is_approved_is_made(void **state)
{
	struct shop *s = *state;
	struct issue_recovery found;
	struct issue_made made;

	REQUIRE(propose(s, wish_of(s, ACT_REISSUE, "LOS-01"), NULL, &err));
	approve(s);
	workshop_reopen(&s->w);
	REQUIRE(issue_recover(&found, s->w.bureau, s->w.now_s, &err));
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
	struct issue_made made;

	REQUIRE(registry_find_maker(&maker, s->w.bureau->registry, span_text(s->stored), 1, &err));
	follow(s, ACT_REISSUE, "LOS-01", NULL);
	REQUIRE(issue_make(&made, s->w.bureau, maker.hash, s->w.now_s, &err));
	assert_int_equal(made.version, 1);
	assert_int_equal(workshop_count(&s->w, "issued"), 4);
}

/* An act in between: it is made no more, and cannot be by its hash either. */
static void
an_act_in_between_ends_the_making(void **state)
{
	struct shop *s = *state;
	struct issue_made made;
	struct err why = { 0 };

	REQUIRE(propose(s, wish_of(s, ACT_REISSUE, "LOS-01"), NULL, &err));
	assert_false(workshop_make(&made, &s->w, s->stored, &why));
	assert_non_null(strstr(why.text, "two officers have not approved it"));
	approve(s);
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
	bool ok = issue_propose(&sitting, "P-9XQ4-7", &wish, 1, why) &&
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
	const struct issue_wish wish = wish_of(s, ACT_REISSUE, "CHG-03");
	const char *paper = PAPER("\"registered_address\":\"示例省2号\"");
	struct err why = { 0 };

	REQUIRE(propose_keyed(s, wish, paper, &err));
	REQUIRE(propose_keyed(s, wish, paper, &err));
	approve(s);
	make(s);
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
	other = wish_of(s, ACT_REISSUE, "LOS-01");
	assert_false(propose_keyed(s, other, NULL, &why));
	assert_int_equal(why.code, ERR_CONFLICT);
}

/* ---- what is refused ---- */

static void
nothing_follows_what_was_never_issued(void **state)
{
	struct shop *s = *state;
	struct issue_wish wish = wish_of(s, ACT_REISSUE, "LOS-01");
	struct err why = { 0 };

	wish.subject = span_text("JCA9999002026482136");
	assert_false(propose(s, wish, NULL, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	wish.subject = span_text("case/C-2026-0001");
	assert_false(propose(s, wish, NULL, &why));
	assert_int_equal(why.code, ERR_USAGE);
	wish = wish_of(s, ACT_ISSUE, "");
	assert_false(propose(s, wish, NULL, &why));
	assert_int_equal(why.code, ERR_USAGE);
}

#define ON(open, test) cmocka_unit_test_setup_teardown(test, open, close_shop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(open_standard, a_lost_certificate_gets_its_next_version),
		ON(open_small, a_lost_certificate_gets_its_next_version),
		ON(open_standard, the_older_one_is_replaced_from_the_orders_day),
		ON(open_standard, a_change_is_printed_and_kept_by_the_next_version),
		ON(open_standard, alt_03_a_change_that_is_none_is_refused),
		ON(open_standard, what_was_refused_is_proposed_again),
		ON(open_standard, a_lower_grade_takes_the_rest_of_the_time),
		ON(open_standard, a_renewal_begins_when_the_licence_ends),
		ON(open_small, a_renewal_begins_when_the_licence_ends),
		ON(open_standard, an_upgrade_ends_the_licence_it_follows),
		ON(open_standard, further_scopes_make_the_next_version),
		ON(open_small, further_scopes_make_the_next_version),
		ON(open_standard, of_two_next_versions_one_is_made),
		ON(open_standard, a_making_that_lapsed_is_awaited_no_more),
		ON(open_standard, nothing_is_granted_about_what_has_ended),
		ON(open_standard, the_page_of_a_grant_is_its_applications),
		ON(open_standard, the_second_officer_is_told_of_another_page),
		ON(open_standard, threat_29_both_versions_get_their_names_back),
		ON(open_standard, threat_29_what_is_approved_is_made),
		ON(open_standard, making_again_names_what_was_made_then),
		ON(open_standard, an_act_in_between_ends_the_making),
		ON(open_standard, threat_32_an_idempotency_key_repeats_the_proposal),
		ON(open_standard, nothing_follows_what_was_never_issued),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "issuer/claims_make.h"

#include "core/civil.h"
#include "core/rfc3339.h"
#include "issuer/face_make.h"
#include "tests/test.h"

static const struct decision GRANT = { .outcome = DECISION_GRANT,
	.years = 5,
	.holder = { (const uint8_t *)"示例星桥信息技术有限公司", 36 },
	.uscc = { (const uint8_t *)"91999901MADEM00110", 18 },
	.family = { (const uint8_t *)"JC", 2 },
	.grade = GRADE_A,
	.scopes = { { 1, 3 }, 2 } };

static struct claims
claims_at(const char *proposed)
{
	struct claims_given given = { .iss = span_text("TEST"),
		.number = span_text("JCA9999002026482136"),
		.slot = { 2, 777 } };
	struct claims c;

	assert_true(rfc3339_parse(&given.iat_s, span_text(proposed), NULL));
	assert_true(claims_make(&c, &GRANT, &given, NULL));
	assert_int_equal(c.iat_s, given.iat_s);
	return c;
}

static void
the_last_day_is_the_day_before_the_anniversary(void **state)
{
	static const struct {
		const char *proposed, *end;
	} rows[] = {
		{ "2026-11-20T16:12:00+08:00", "2031-11-20T00:00:00+08:00" },
		{ "2026-11-20T00:00:00+08:00", "2031-11-20T00:00:00+08:00" },
		{ "2026-11-20T23:59:59+08:00", "2031-11-20T00:00:00+08:00" },
		{ "2026-12-31T17:00:00Z", "2032-01-01T00:00:00+08:00" }, /* the 1st at +08:00 */
		{ "2028-02-29T09:00:00+08:00", "2033-03-01T00:00:00+08:00" }, /* rolls forward */
		{ "2027-02-28T09:00:00+08:00", "2032-02-28T00:00:00+08:00" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct claims c = claims_at(rows[i].proposed);
		char end[RFC3339_TEXT_BYTES];
		rfc3339_format(end, c.exp_s);
		CHECK_ROW(strcmp(end, rows[i].end) == 0, rows[i].proposed);
	}
}

static void
the_claims_say_what_was_decided_and_no_more(void **state)
{
	struct claims c = claims_at("2026-11-20T16:12:00+08:00"), again;
	struct buf bytes = BUF_EMPTY;
	struct err err = { 0 };

	(void)state;
	assert_true(span_is(c.iss, "TEST"));
	assert_true(span_equal(c.holder, GRANT.holder));
	assert_int_equal(c.holder_en.len, 0);
	assert_true(span_equal(c.uscc, GRANT.uscc));
	assert_int_equal(c.grade, GRADE_A);
	assert_true(scopes_equal(&c.scopes, &GRANT.scopes));
	assert_int_equal(c.nbf_s, 0);
	assert_int_equal(c.list, 2);
	assert_int_equal(c.idx, 777);
	assert_int_equal(c.version, 1);
	assert_true(credential_claims_encode(&bytes, &c, &err));
	assert_true(credential_claims_parse(&again, buf_span(&bytes), &err));
	buf_free(&bytes);
}

static void
a_refusal_issues_nothing(void **state)
{
	struct decision refusal = GRANT;
	struct claims_given given = { .iat_s = 1795162320 };
	struct claims c;
	struct err err = { 0 };

	(void)state;
	refusal.outcome = DECISION_REFUSE;
	assert_false(claims_make(&c, &refusal, &given, &err));
	assert_int_equal(err.code, ERR_REFUSED);
}

static void
dates_are_written_as_in_official_papers(void **state)
{
	static const struct {
		struct civil_date date;
		const char *zh;
	} rows[] = {
		{ { 2026, 11, 20 }, "二〇二六年十一月二十日" },
		{ { 2030, 1, 1 }, "二〇三〇年一月一日" },
		{ { 2031, 10, 10 }, "二〇三一年十月十日" },
		{ { 2005, 12, 19 }, "二〇〇五年十二月十九日" },
		{ { 2099, 8, 31 }, "二〇九九年八月三十一日" },
		{ { 2027, 9, 30 }, "二〇二七年九月三十日" },
	};
	char zh[FACE_DATE_ZH_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		face_date_zh(zh, rows[i].date);
		CHECK_ROW(strcmp(zh, rows[i].zh) == 0, rows[i].zh);
	}
}

/* ---- the face ---- */

struct printed {
	struct claims claims;
	struct bundle_issuer issuer;
	struct face_source source;
	struct face face;
	struct err err;
};

static void
print_face(struct printed *p)
{
	p->claims = claims_at("2026-11-20T16:12:00+08:00");
	p->issuer = (struct bundle_issuer){ .name_zh = span_text("示范资质管理局"),
		.contact = span_text("0000-000000") };
	p->source = (struct face_source){ .claims = &p->claims,
		.legal_representative = span_text("程星桥"),
		.address = span_text("示例省示范市星桥路1号"),
		.why_zh = "首次发证",
		.why_en = "first issue",
		.issuer = &p->issuer,
		.test = true,
		.host = "v.example" };
}

static void
the_face_says_in_words_what_the_claims_say(void **state)
{
	static const char *const want[][2] = {
		{ "number", "JC-A-999900-2026-48213-6" },
		{ "version", "1" },
		{ "holder_zh", "示例星桥信息技术有限公司" },
		{ "uscc", "91999901MADEM00110" },
		{ "grade_zh", "甲级" },
		{ "grade_en", "Grade A" },
		{ "family_zh", "涉密信息系统集成资质" },
		{ "scopes_zh", "总体集成；软件开发" },
		{ "scopes_en", "overall integration; software development" },
		{ "legal_representative", "程星桥" },
		{ "address", "示例省示范市星桥路1号" },
		{ "issued_on", "2026-11-20" },
		{ "issued_on_zh", "二〇二六年十一月二十日" },
		{ "valid_from_zh", "二〇二六年十一月二十日" },
		{ "valid_until", "2031-11-19" },
		{ "valid_until_zh", "二〇三一年十一月十九日" },
		{ "versions_zh", "第 1 版　2026-11-20　首次发证" },
		{ "versions_en", "Version 1, 2026-11-20: first issue" },
		{ "authority_zh", "示范资质管理局" },
		{ "contact", "0000-000000" },
		{ "host", "v.example" },
		{ "demonstration", "演示 DEMONSTRATION" },
	};
	struct printed p = { 0 };

	(void)state;
	print_face(&p);
	if (!face_make(&p.face, &p.source, &p.err))
		fail_msg("%s", p.err.text);
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const char *have = face_find(&p.face, want[i][0]);
		CHECK_ROW(have != NULL && strcmp(have, want[i][1]) == 0, want[i][0]);
	}
	assert_null(face_find(&p.face, "holder_en"));
	assert_null(face_find(&p.face, "authority_en"));
	face_free(&p.face);
	p.source.test = false;
	assert_true(face_make(&p.face, &p.source, &p.err));
	assert_null(face_find(&p.face, "demonstration"));
	face_free(&p.face);
}

static void
a_face_comes_back_from_its_proposal(void **state)
{
	struct printed p = { 0 };
	struct face again = { NULL, 0 };
	struct buf map = BUF_EMPTY;
	struct printed_face less;

	(void)state;
	print_face(&p);
	assert_true(face_make(&p.face, &p.source, &p.err));
	face_print(&map, &p.face);
	assert_true(face_read(&again, buf_span(&map), &p.err));
	assert_int_equal(again.count, p.face.count);
	for (size_t i = 0; i < again.count; i++) {
		assert_string_equal(again.fields[i].name, p.face.fields[i].name);
		assert_string_equal(again.fields[i].value, p.face.fields[i].value);
	}
	assert_true(printed_face_parse(&less, buf_span(&map), &p.err));
	less.count--; /* the legal representative, the longest name */
	struct buf without = BUF_EMPTY;
	printed_face_encode(&without, &less);
	face_free(&again);
	assert_false(face_read(&again, buf_span(&without), &p.err));
	buf_free(&without);
	buf_free(&map);
	assert_int_equal(p.err.code, ERR_REFUSED);
	face_free(&again);
	face_free(&p.face);
}

static void
a_face_lacks_nothing_that_is_printed(void **state)
{
	struct printed p = { 0 };

	(void)state;
	print_face(&p);
	p.source.address = span_of(NULL, 0);
	assert_false(face_make(&p.face, &p.source, &p.err));
	assert_non_null(strstr(p.err.text, "address"));
	face_free(&p.face);
	print_face(&p);
	p.source.legal_representative = span_of(NULL, 0);
	assert_false(face_make(&p.face, &p.source, &p.err));
	assert_non_null(strstr(p.err.text, "legal_representative"));
	face_free(&p.face);
	print_face(&p);
	p.claims.scopes.no[1] = 99;
	assert_false(face_make(&p.face, &p.source, &p.err));
	assert_non_null(strstr(p.err.text, "99"));
	face_free(&p.face);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_day_is_the_day_before_the_anniversary),
		cmocka_unit_test(the_claims_say_what_was_decided_and_no_more),
		cmocka_unit_test(a_refusal_issues_nothing),
		cmocka_unit_test(dates_are_written_as_in_official_papers),
		cmocka_unit_test(the_face_says_in_words_what_the_claims_say),
		cmocka_unit_test(a_face_comes_back_from_its_proposal),
		cmocka_unit_test(a_face_lacks_nothing_that_is_printed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

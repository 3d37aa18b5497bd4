/* The road out, with real keys, acts, fonts and files: what is made, and what is not. */
#include "core/civil.h"
#include "core/file.h"
#include "core/limits.h"
#include "credential/qr_text.h"
#include "issuer/check.h"
#include "issuer/qr.h"
#include "tests/issuer/made.h"

#include <stdio.h>
#include <stdlib.h>

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };

static void
must_not_make(struct workshop *w, const char *subject, const char *sentence)
{
	char number[NUMBER_SHOWN_BYTES];
	struct err why = { 0 };

	size_t before = made_count(w);
	assert_false(workshop_number(number, w, subject, &why));
	if (strstr(why.text, sentence) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why.text, sentence);
	assert_int_equal(made_count(w), before);
	assert_int_equal(workshop_count(w, "issued"), 2 * before);
}

/* ---- what is made ---- */

static void
a_case_becomes_a_certificate_that_others_find_genuine(void **state)
{
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES];
	struct made m;
	const struct trust *trust;
	char stored[NUMBER_STORED_BYTES];
	struct registry_instrument *i = calloc(1, sizeof *i);
	uint8_t hash[SHA256_BYTES];

	workshop_issue(number, w, &STAR_BRIDGE);
	made_read(&m, w, number);
	made_stored(stored, number);
	REQUIRE(bureau_trust(&trust, w->bureau, &err));
	REQUIRE(check_certificate(trust, buf_span(&m.pdf), &m.file, w->now_s, &err));
	REQUIRE(registry_find_instrument(i, w->bureau->registry, span_text(stored), &err));
	sha256(hash, buf_span(&m.pdf));
	assert_memory_equal(hash, i->pdf_hash, sizeof hash);
	assert_int_equal(i->pdf_bytes, m.pdf.len);
	assert_true(span_equal(m.file.qc1, span_of(i->qc1, i->qc1_len)));
	assert_true(span_is(m.credential.claims.sub, stored));
	assert_int_equal(m.credential.claims.exp_s,
	    civil_start_s(civil_anniversary(civil_of(m.credential.claims.iat_s), 5)));
	assert_int_equal(workshop_count(w, "issued"), 2);
	assert_int_equal(workshop_count(w, "issued/.making"), 0);
	free(i);
	made_free(&m);
}

/* D7: nothing in the page comes from the clock of the making. */
static void
every_date_in_the_page_is_the_proposals(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];
	struct made m;

	workshop_approved(subject, w);
	w->now_s += 20 * 86400; /* 10 December */
	REQUIRE(workshop_number(number, w, subject, &err));
	made_read(&m, w, number);
	assert_non_null(memmem(m.pdf.ptr, m.pdf.len, "D:20261120", 10));
	assert_null(memmem(m.pdf.ptr, m.pdf.len, "D:202612", 8));
	made_free(&m);
}

static void
making_again_makes_nothing_new(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], first[NUMBER_SHOWN_BYTES], again[NUMBER_SHOWN_BYTES];
	struct made before, after;

	workshop_approved(subject, w);
	REQUIRE(workshop_number(first, w, subject, &err));
	made_read(&before, w, first);
	workshop_reopen(w);
	REQUIRE(workshop_number(again, w, subject, &err));
	assert_string_equal(first, again);
	made_read(&after, w, again);
	assert_true(span_equal(buf_span(&before.pdf), buf_span(&after.pdf)));
	assert_int_equal(made_count(w), 1);
	made_free(&before);
	made_free(&after);
}

static int
version_of(const struct made *m)
{
	struct buf text = BUF_EMPTY;
	struct qr qr;

	REQUIRE(qr_text_prefix(&text, span_text("v.example"), &err));
	qr_text_digits(&text, m->file.qc1);
	REQUIRE(qr_encode(&qr, buf_span(&text), &err));
	int version = qr.version;
	qr_free(&qr);
	buf_free(&text);
	return version;
}

static void
the_code_stays_small(void **state)
{
	static const struct {
		const char *row;
		struct workshop_wish wish;
		size_t bytes;
		int version;
	} rows[] = {
		{ "16 hanzi, 4 scopes",
		    { .example = "star-bridge",
			.holder = "示例星桥信息技术股份有限责任公司",
			.scopes = { "integration", "consulting", "software", "data-recovery" } },
		    218, 11 },
		{ "60 hanzi, 8 scopes",
		    { .example = "star-bridge",
			.holder = "示例星桥信息技术与网络工程及数据处理和系统集成综合服务股份有限公"
				  "司第一分公"
				  "司暨西南"
				  "地区研究开发中心与运行维护保障管理总部",
			{ "integration", "consulting", "software", "security-monitoring",
			    "shielded-room", "operation-maintenance", "data-recovery",
			    "supervision" } },
		    355, 15 },
	};
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES];

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct made m;
		workshop_issue(number, w, &rows[i].wish);
		made_read(&m, w, number);
		CHECK_ROW(m.file.qc1.len <= rows[i].bytes, rows[i].row);
		CHECK_ROW(version_of(&m) <= rows[i].version, rows[i].row);
		made_free(&m);
	}
}

/* ---- what is refused ---- */

static void
nothing_is_made_before_two_officers_agree(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];

	workshop_case(subject, w, &STAR_BRIDGE);
	must_not_make(w, subject, "no such act"); /* nothing is proposed */
	REQUIRE(workshop_propose(w, subject, &err));
	must_not_make(w, subject, "two officers have not approved it");
}

static void
nothing_is_made_after_its_time(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct issue_recovery found;

	workshop_approved(subject, w);
	w->now_s += 31 * 86400;
	must_not_make(w, subject, "the time for making it has passed");
	REQUIRE(issue_recover(&found, w->bureau, ISSUE_WAITS_FOR_AUTHORITY, w->now_s, &err));
	assert_int_equal(found.finished + found.failed, 0);
}

static void
nothing_is_made_while_a_newer_bundle_waits(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];
	struct buf next = BUF_EMPTY;
	struct issue_recovery found;

	workshop_approved(subject, w);
	workshop_keys_next(&next, &w->keys, &(struct workshop_change){ .stolen = -1 });
	workshop_write(w, "trust-bundle", buf_span(&next));
	must_not_make(w, subject, "ACT-06");
	REQUIRE(issue_recover(&found, w->bureau, ISSUE_WAITS_FOR_AUTHORITY, w->now_s, &err));
	assert_int_equal(found.failed, 1);
	assert_non_null(strstr(found.first.text, "ACT-06"));

	REQUIRE(workshop_try(w, -1, "register",
	    &(struct act_body){ .kind = ACT_ADOPT, .adopt = { buf_span(&next) } }, &err));
	REQUIRE(workshop_number(number, w, subject, &err));
	buf_free(&next);
}

/* What is no bundle of this bureau stops nobody. */
static void
a_forged_bundle_does_not_wait(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];
	struct buf next = BUF_EMPTY;

	workshop_approved(subject, w);
	workshop_keys_next(&next, &w->keys, &(struct workshop_change){ .stolen = -1 });
	next.ptr[next.len - 5] ^= 1;
	workshop_write(w, "trust-bundle", buf_span(&next));
	REQUIRE(workshop_number(number, w, subject, &err));
	buf_free(&next);
}

static void
a_stolen_officers_key_makes_nothing_more(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct buf next = BUF_EMPTY;

	workshop_approved(subject, w);
	workshop_keys_next(&next, &w->keys, &(struct workshop_change){ .stolen = FU });
	REQUIRE(workshop_try(w, -1, "register",
	    &(struct act_body){ .kind = ACT_ADOPT, .adopt = { buf_span(&next) } }, &err));
	must_not_make(w, subject, "stolen");
	buf_free(&next);
}

/* What the officers signed names the layout's very bytes. */
static void
another_layout_is_refused(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct buf layout = BUF_EMPTY;

	workshop_approved(subject, w);
	REQUIRE(file_read(&layout, SOURCE_DIR "/templates/grade-a.json", LIMIT_JSON_BYTES, &err));
	buf_add_text(&layout, "\n");
	workshop_write(w, "grade-a.json", buf_span(&layout));
	workshop_reopen(w);
	w->bureau->conf.templates = strdup(".");
	must_not_make(w, subject, "not the one the officers signed");
	buf_free(&layout);
}

static void
a_host_nobody_lists_is_not_printed(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct err why = { 0 };

	workshop_case(subject, w, &STAR_BRIDGE);
	free(w->bureau->conf.host);
	w->bureau->conf.host = strdup("w.example");
	assert_false(workshop_propose(w, subject, &why));
	assert_non_null(strstr(why.text, "w.example"));
}

/* Threat 49: one bad item at each position of a sitting. */
static void
threat_49_one_bad_case_at_each_place(void **state)
{
	struct workshop *w = *state;
	char subject[3][ACT_SUBJECT_BYTES + 1], id[REGISTRY_SITTING_BYTES];

	for (size_t i = 0; i < 3; i++)
		workshop_case(subject[i], w, &STAR_BRIDGE);
	for (size_t bad = 0; bad < 3; bad++) {
		struct sitting s = { .bureau = w->bureau, .now_s = w->now_s };
		struct issue_wish wishes[3];
		struct err why = { 0 };
		for (size_t i = 0; i < 3; i++)
			wishes[i] = (struct issue_wish){ .kind = ACT_ISSUE,
				.subject = span_text(i == bad ? "case/C-2026-0999" : subject[i]) };
		REQUIRE(sitting_new_id(id, w->bureau, &err));
		assert_false(issue_propose(&s, id, wishes, 3, NULL, &why));
		assert_non_null(strstr(why.text, "C-2026-0999"));
		sitting_free(&s);
	}
}

/* ---- the check: what it would not hand out ---- */

static void
the_check_refuses_what_others_would(void **state)
{
	struct workshop *w = *state;
	char number[2][NUMBER_SHOWN_BYTES];
	struct made a, b;
	const struct trust *trust;
	struct err why = { 0 };

	workshop_issue(number[0], w, &STAR_BRIDGE);
	workshop_issue(number[1], w, &STAR_BRIDGE);
	made_read(&a, w, number[0]);
	made_read(&b, w, number[1]);
	REQUIRE(bureau_trust(&trust, w->bureau, &err));
	assert_false(check_certificate(trust, buf_span(&a.pdf), &b.file, w->now_s, &why));
	assert_non_null(strstr(why.text, "attachment"));
	assert_false(
	    check_certificate(trust, buf_span(&a.pdf), &a.file, WORKSHOP_UNTIL_S + 86400, &why));
	assert_non_null(strstr(why.text, "key is not active"));
	for (size_t at = 100; at < a.pdf.len; at += a.pdf.len / 40) {
		a.pdf.ptr[at] ^= 1;
		assert_false(check_certificate(trust, buf_span(&a.pdf), &a.file, w->now_s, &why));
		a.pdf.ptr[at] ^= 1;
	}
	REQUIRE(check_certificate(trust, buf_span(&a.pdf), &a.file, w->now_s, &err));
	made_free(&a);
	made_free(&b);
}

#define ON(open, test) cmocka_unit_test_setup_teardown(test, open, workshop_end)

/* ---- several together ---- */

#define TOGETHER 4

/* The newest act on a subject: a proposal that was not approved, or the one before its approval. */
static struct issue_item
item_of(struct workshop *w, const char *subject, bool approved)
{
	struct registry_chain chain;

	REQUIRE(registry_chain(&chain, w->bureau->registry, span_text(subject), &err));
	struct issue_item item = issue_item(chain.entries[chain.n - (approved ? 2 : 1)].act.hash);
	registry_chain_free(&chain);
	return item;
}

static void
threat_49_one_that_nobody_approved_is_found_at_every_place(void **state)
{
	struct workshop *w = *state;
	struct issue_item items[TOGETHER];
	char subject[ACT_SUBJECT_BYTES + 1];
	size_t files = 0;

	for (size_t bad = 0; bad < TOGETHER; bad++) {
		for (size_t i = 0; i < TOGETHER; i++) {
			workshop_case(subject, w, &STAR_BRIDGE);
			REQUIRE(workshop_propose(w, subject, &err));
			if (i != bad)
				workshop_approve(w, w->small ? BI : FU, subject);
			items[i] = item_of(w, subject, i != bad);
		}
		REQUIRE(issue_make(w->bureau, items, TOGETHER, w->now_s, &err));
		for (size_t i = 0; i < TOGETHER; i++)
			assert_int_equal(items[i].made, i != bad);
		assert_int_equal(items[bad].err.code, ERR_REFUSED);
		assert_non_null(strstr(items[bad].err.text, "have not approved it"));
		files += 2 * (TOGETHER - 1);
		assert_int_equal(workshop_count(w, "issued"), files);
		assert_int_equal(workshop_count(w, "issued/.making"), 0);
	}
}

static void
a_name_that_is_taken_stops_its_own_certificate_only(void **state)
{
	struct workshop *w = *state;
	struct issue_item items[2];
	char subject[ACT_SUBJECT_BYTES + 1], taken[96];

	for (size_t i = 0; i < 2; i++) {
		workshop_approved(subject, w);
		items[i] = item_of(w, subject, true);
	}
	const struct issue_item first = items[0], second = items[1];
	/* The numbers are known only from a try; its files are put aside. */
	REQUIRE(issue_make(w->bureau, items, 2, w->now_s, &err));
	snprintf(taken, sizeof taken, "issued/%s.pdf", items[0].number);
	workshop_copy(w, taken, "aside.pdf");
	workshop_write(w, taken, span_text("another file"));
	items[0] = first;
	items[1] = second;
	REQUIRE(issue_make(w->bureau, items, 2, w->now_s, &err));
	assert_false(items[0].made);
	assert_int_equal(items[0].err.code, ERR_CONFLICT);
	assert_true(items[1].made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(workshop_standard, a_case_becomes_a_certificate_that_others_find_genuine),
		ON(workshop_small, a_case_becomes_a_certificate_that_others_find_genuine),
		ON(workshop_standard, every_date_in_the_page_is_the_proposals),
		ON(workshop_standard, making_again_makes_nothing_new),
		ON(workshop_standard, the_code_stays_small),
		ON(workshop_standard, nothing_is_made_before_two_officers_agree),
		ON(workshop_small, nothing_is_made_before_two_officers_agree),
		ON(workshop_standard, nothing_is_made_after_its_time),
		ON(workshop_standard, nothing_is_made_while_a_newer_bundle_waits),
		ON(workshop_standard, a_forged_bundle_does_not_wait),
		ON(workshop_standard, a_stolen_officers_key_makes_nothing_more),
		ON(workshop_standard, another_layout_is_refused),
		ON(workshop_standard, a_host_nobody_lists_is_not_printed),
		ON(workshop_standard, threat_49_one_bad_case_at_each_place),
		ON(workshop_standard, threat_49_one_that_nobody_approved_is_found_at_every_place),
		ON(workshop_small, a_name_that_is_taken_stops_its_own_certificate_only),
		ON(workshop_standard, the_check_refuses_what_others_would),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What people read: at most 84 columns, the verdict first, the same facts in both languages. */
#include "core/cursor.h"
#include "core/file.h"
#include "core/text.h"
#include "tests/test.h"
#include "tests/verifier/asked.h"
#include "verifier/answer_json.h"
#include "verifier/screen.h"
#include "verifier/words.h"

#include <stdio.h>

#define DAY(n) FIXTURE_DAY_S(n)

static bool screens_differ;

static void
check_columns(struct span screen, const char *row)
{
	struct cursor c = cursor_over(screen);

	while (cursor_left(&c) > 0) {
		const struct span line = cursor_until(&c, '\n');
		if (text_columns(line) > 84)
			fail_msg("%s: too wide: %.*s", row, (int)line.len, (const char *)line.ptr);
	}
	CHECK_ROW(cursor_done(&c), row);
}

static bool
begins(const struct buf *b, const char *with)
{
	return b->len >= strlen(with) && memcmp(b->ptr, with, strlen(with)) == 0;
}

static void
check_screen(const struct answer *a, const char *zh, const char *en, const char *has)
{
	for (enum lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
		struct buf screen = BUF_EMPTY, line = BUF_EMPTY;
		screen_answer(&screen, a, lang, false);
		check_columns(buf_span(&screen), en);
		CHECK_ROW(begins(&screen, LANG_PICK(lang, zh, en)), en);
		CHECK_ROW(strstr(buf_text(&screen), has) != NULL, has);
		CHECK_ROW(memchr(screen.ptr, '\033', screen.len) == NULL, en);
		screen_line(&line, a, &(struct screen_item){ .input = "a file" }, lang, false);
		CHECK_ROW(begins(&line, LANG_PICK(lang, zh, en)), en);
		buf_free(&screen);
		buf_free(&line);
	}
}

static void
check_now(const struct fixture *f, struct span input, int64_t now_s, const char *zh, const char *en,
    const char *has)
{
	const struct question q = { .now_s = now_s };
	const struct answer a = asked_once(f, &q, input);

	check_screen(&a, zh, en, has);
}

static void
every_screen_fits_and_begins_with_the_verdict(void **state)
{
	struct fixture f, other;
	(void)state;

	fixture_open(&f);
	struct paper *good = fixture_issue(&f, DAY(1));
	struct paper *bad = fixture_issue(&f, DAY(1) + 60), *gone = fixture_issue(&f, DAY(1) + 120);
	struct paper *unknown = fixture_sign(&f, DAY(1) + 180);
	fixture_happens(&f, bad, STATUS_SUSPENDED, DAY(2), DAY(190), DAY(2) + 60);
	fixture_happens(&f, gone, STATUS_REVOKED, DAY(2), HISTORY_OPEN, DAY(2) + 60);
	fixture_publish(&f, DAY(3));
	check_now(
	    &f, buf_span(&good->pdf), DAY(3) + 60, "测试 核验通过", "TEST VALID", FIXTURE_HOLDER);
	check_now(&f, buf_span(&good->code), DAY(3) + 60, "测试 核验通过", "TEST VALID", "[ ]");
	check_now(&f, buf_span(&bad->pdf), DAY(3) + 60, "测试 核验不通过", "TEST NOT VALID",
	    "STATUS-SUSPENDED");
	check_now(&f, buf_span(&bad->code), DAY(3) + 60, "测试 核验不通过", "TEST NOT VALID",
	    "2027-05-29");
	check_now(&f, buf_span(&gone->cose), DAY(3) + 60, "测试 核验不通过", "TEST NOT VALID",
	    "STATUS-REVOKED");
	check_now(&f, buf_span(&unknown->pdf), DAY(3) + 60, "测试 核验不通过", "TEST NOT VALID",
	    "REGISTRY-UNKNOWN");
	check_now(
	    &f, buf_span(&good->pdf), DAY(12), "测试 无法判定", "TEST CANNOT TELL", "STATUS-STALE");
	check_now(&f, span_of(good->pdf.ptr, good->pdf.len - 9), DAY(3) + 60, "测试 核验不通过",
	    "TEST NOT VALID", "FILE-CHANGED");
	check_now(&f, span_text("hello"), DAY(3) + 60, "测试 核验不通过", "TEST NOT VALID",
	    "FORMAT-NOT-OURS");
	fixture_open(&other);
	check_now(&f, buf_span(&fixture_sign(&other, DAY(1))->pdf), DAY(3) + 60, "测试 核验不通过",
	    "TEST NOT VALID", "SEAL-UNLISTED");
	fixture_close(&other);
	fixture_close(&f);
}

/* Sentences for every finding there is, with the longest facts a certificate can have. */
/*
 * The whole screen, in both languages, is the one kept in tests/verifier/screens/. What it is now is left in the folder
 * of the build: look at it, and keep it if it is better.
 */
static void
check_kept(const struct answer *a, const char *name)
{
	for (enum lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
		struct buf screen = BUF_EMPTY, kept = BUF_EMPTY;
		char path[256], now[256];
		snprintf(
		    path, sizeof path, "%s/%s.%s", SCREENS_KEPT, name, LANG_PICK(lang, "zh", "en"));
		snprintf(
		    now, sizeof now, "%s/%s.%s", SCREENS_NOW, name, LANG_PICK(lang, "zh", "en"));
		screen_answer(&screen, a, lang, false);
		assert_true(file_make_folder(SCREENS_NOW, 0755, NULL));
		assert_true(file_write(now, buf_span(&screen), 0644, NULL));
		const bool same = file_read(&kept, path, 16384, NULL) &&
		    span_equal(buf_span(&kept), buf_span(&screen));
		if (!same)
			print_error("%s and %s differ\n", path, now);
		screens_differ |= !same;
		buf_free(&screen);
		buf_free(&kept);
	}
}

static void
check_kept_now(const struct fixture *f, struct span input, int64_t now_s, const char *name)
{
	const struct question q = { .now_s = now_s };
	const struct answer a = asked_once(f, &q, input);

	check_kept(&a, name);
}

static void
the_six_situations_read_as_kept(void **state)
{
	const int64_t now_s = DAY(3) + 720;
	struct buf changed = BUF_EMPTY;
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *good = fixture_issue(&f, DAY(1));
	struct paper *bad = fixture_issue(&f, DAY(1) + 60);
	struct paper *unknown = fixture_sign(&f, DAY(1) + 180);
	fixture_happens(&f, bad, STATUS_SUSPENDED, DAY(2), DAY(190), DAY(2) + 60);
	fixture_publish(&f, DAY(3));
	buf_add_span(&changed, buf_span(&good->pdf));
	buf_add_text(&changed, "twenty-three bytes more");
	check_kept_now(&f, buf_span(&good->pdf), now_s, "1-valid");
	check_kept_now(&f, buf_span(&bad->pdf), now_s, "2-suspended");
	check_kept_now(&f, buf_span(&changed), now_s, "3-altered");
	check_kept_now(&f, buf_span(&good->code), now_s, "4-code");
	check_kept_now(&f, buf_span(&good->pdf), DAY(15), "5-stale");
	check_kept_now(&f, buf_span(&unknown->code), now_s, "6-unregistered");
	assert_false(screens_differ);
	buf_free(&changed);
	fixture_close(&f);
}

/* A code, or a number, can stand on any paper: of the paper nothing is said. */
static void
no_paper_is_called_genuine_that_nobody_saw(void **state)
{
	static const struct {
		bool code, confirmed;
		const char *zh, *en;
	} rows[] = {
		{ false, false, "本证书不是伪造。", "It is not a forgery." },
		{ true, false, "二维码不是伪造；", "The code is not forged; whether the paper is" },
		{ true, true, "登记内容属实；", "The registry has it; whether the paper is" },
	};
	const struct question now = { .now_s = DAY(3) + 720 };
	const struct question before = {
		.now_s = DAY(3) + 720, .at_given = true, .at_whole_day = true, .at_s = DAY(-30)
	};
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *bad = fixture_issue(&f, DAY(1) + 60);
	fixture_happens(&f, bad, STATUS_SUSPENDED, DAY(2), DAY(190), DAY(2) + 60);
	fixture_publish(&f, DAY(3));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf zh = BUF_EMPTY, en = BUF_EMPTY;
		struct answer a =
		    asked_once(&f, &now, rows[i].code ? buf_span(&bad->code) : buf_span(&bad->pdf));
		a.confirmed = rows[i].confirmed;
		words_what_now(&zh, &a, LANG_ZH, WORDS_ON_PAGE);
		words_what_now(&en, &a, LANG_EN, WORDS_ON_PAGE);
		CHECK_ROW(strstr(buf_text(&zh), rows[i].zh) != NULL, rows[i].zh);
		CHECK_ROW(strstr(buf_text(&en), rows[i].en) != NULL, rows[i].en);
		buf_free(&zh);
		words_headline(&zh, &a, LANG_ZH);
		CHECK_ROW((strstr(buf_text(&zh), "证书真实") != NULL) == !rows[i].code, rows[i].zh);
		CHECK_ROW((strstr(buf_text(&zh), "二维码") != NULL) ==
			(rows[i].code && !rows[i].confirmed),
		    rows[i].zh);
		buf_free(&zh);
		buf_free(&en);
	}
	/* it has begun since: new contracts on other days are nobody's question */
	struct buf en = BUF_EMPTY;
	const struct answer a = asked_once(&f, &before, buf_span(&bad->pdf));
	assert_int_equal(a.reason, FINDING_DATE_NOT_YET);
	words_what_now(&en, &a, LANG_EN, WORDS_ON_PAGE);
	assert_non_null(strstr(buf_text(&en), "At the time asked it gave no right yet."));
	assert_null(strstr(buf_text(&en), "Sign no new contract"));
	buf_free(&en);
	fixture_close(&f);
}

/* Old data tell what was; whatever they would allow, nobody reads it. */
static void
nothing_is_allowed_by_old_data(void **state)
{
	const struct question q = { .now_s = DAY(15) };
	struct buf screen = BUF_EMPTY;
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *good = fixture_issue(&f, DAY(1));
	fixture_publish(&f, DAY(3));
	const struct answer a = asked_once(&f, &q, buf_span(&good->pdf));
	assert_int_equal(a.verdict, VERDICT_UNDETERMINED);
	screen_answer(&screen, &a, LANG_EN, false);
	assert_null(strstr(buf_text(&screen), "new contracts"));
	json_t *json = answer_json(&a, NULL);
	assert_non_null(json_object_get(json, "status"));
	assert_null(json_object_get(json_object_get(json, "status"), "effects"));
	json_decref(json);
	buf_free(&screen);
	fixture_close(&f);
}

static void
every_finding_has_sentences_that_fit(void **state)
{
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(1));
	fixture_publish(&f, DAY(2));
	const struct question q = { .now_s = DAY(2) + 60 };
	const struct answer valid = asked_once(&f, &q, buf_span(&p->cose));
	for (enum finding finding = FINDING_NONE + 1; finding < FINDING_COUNT; finding++) {
		for (enum reply reply = REPLY_NO; reply <= REPLY_UNKNOWN; reply++) {
			struct answer a = valid;
			a.parts[finding_part(finding)] =
			    (struct part_answer){ .reply = reply, .finding = finding };
			a.kind = INPUT_PDF;
			a.verdict = verdict_of(a.kind, a.parts, &a.reason);
			if (a.verdict == VERDICT_VALID || a.reason != finding)
				continue;
			for (enum lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
				struct buf screen = BUF_EMPTY;
				screen_answer(&screen, &a, lang, false);
				check_columns(buf_span(&screen), finding_word(finding));
				buf_free(&screen);
			}
		}
	}
	fixture_close(&f);
}

/* Only an annulled grant is void; what ended otherwise says how and since when. */
static void
only_what_was_annulled_is_called_void(void **state)
{
	static const struct {
		enum status status;
		const char *zh, *en; /* in the first line */
	} rows[] = {
		{ STATUS_SUSPENDED, "资质自 2026-11-22 起暂停", "suspended since 2026-11-22" },
		{ STATUS_REVOKED, "资质自 2026-11-22 起已吊销", "revoked since 2026-11-22" },
		{ STATUS_ANNULLED, "已撤销，自始无效", "annulled: void from the beginning" },
		{ STATUS_REPLACED, "已被第 2 版替代", "replaced by version 2" },
		{ STATUS_ENDED, "资质自 2026-11-22 起终止", "its licence ended on 2026-11-22" },
	};
	struct fixture f;
	(void)state;

	fixture_open(&f);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct paper *p = fixture_issue(&f, DAY(1) + 60 * (int64_t)i);
		const bool annulled = rows[i].status == STATUS_ANNULLED;
		fixture_happens(
		    &f, p, rows[i].status, annulled ? 0 : DAY(2), HISTORY_OPEN, DAY(2) + 60);
		if (rows[i].status == STATUS_REPLACED)
			p->entries[0].by = 2;
		fixture_publish(&f, DAY(3) + 60 * (int64_t)i);
		const struct question q = { .now_s = DAY(3) + 3600 };
		const struct answer a = asked_once(&f, &q, buf_span(&p->pdf));
		struct buf zh = BUF_EMPTY, en = BUF_EMPTY;
		screen_answer(&zh, &a, LANG_ZH, false);
		screen_answer(&en, &a, LANG_EN, false);
		check_columns(buf_span(&zh), rows[i].en);
		check_columns(buf_span(&en), rows[i].en);
		CHECK_ROW((strstr(buf_text(&zh), "无效") != NULL) == annulled, rows[i].en);
		CHECK_ROW((strstr(buf_text(&en), "void") != NULL) == annulled, rows[i].en);
		const char *line = strchr(buf_text(&zh), '\n'), *found;
		found = strstr(buf_text(&zh), rows[i].zh);
		CHECK_ROW(found != NULL && found < line, rows[i].zh);
		line = strchr(buf_text(&en), '\n');
		found = strstr(buf_text(&en), rows[i].en);
		CHECK_ROW(found != NULL && found < line, rows[i].en);
		buf_free(&zh);
		buf_free(&en);
	}
	fixture_close(&f);
}

/* Printed dates stay: the paper is compared with them, and the order stands beside. */
static void
an_extended_end_shows_both_dates_and_the_order(void **state)
{
	static const char order[] =
	    "示例延〔2026〕3号示例延〔2026〕3号示例延〔"; /* the longest there is */
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(1));
	fixture_publish(&f, DAY(2));
	const struct question q = { .now_s = DAY(2) + 60 };
	for (int code = 0; code <= 1; code++) {
		struct answer a = asked_once(&f, &q, code ? buf_span(&p->code) : buf_span(&p->pdf));
		char printed[CIVIL_TEXT_BYTES], moved[CIVIL_TEXT_BYTES];
		a.end_s = a.printed_end_s + 180 * CIVIL_DAY_S;
		civil_format(printed, civil_of(a.printed_end_s - 1));
		civil_format(moved, civil_of(a.end_s - 1));
		snprintf(a.order, sizeof a.order, "%s", order);
		for (enum lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
			struct buf screen = BUF_EMPTY;
			screen_answer(&screen, &a, lang, false);
			check_columns(buf_span(&screen), order);
			assert_non_null(strstr(buf_text(&screen), "示例延〔2026〕3号"));
			assert_non_null(strstr(buf_text(&screen), printed));
			assert_non_null(strstr(buf_text(&screen), moved));
			if (code) {
				const char *tick = strstr(buf_text(&screen), printed);
				const char *end = strchr(tick, '\n');
				assert_memory_equal(end - 3, "[ ]", 3);
			}
			buf_free(&screen);
		}
	}
	fixture_close(&f);
}

/* threat_38: what an input calls itself cannot steer a terminal. */
static void
threat_38_names_are_escaped(void **state)
{
	struct answer a = { .verdict = VERDICT_VALID, .kind = INPUT_PDF, .claims_proven = true };
	struct buf line = BUF_EMPTY;
	(void)state;

	screen_line(&line, &a, &(struct screen_item){ .input = "bid\033[2J\n\xe2\x80\xae.pdf" },
	    LANG_EN, false);
	assert_null(memchr(line.ptr, '\033', line.len));
	assert_ptr_equal(memchr(line.ptr, '\n', line.len), line.ptr + line.len - 1);
	assert_null(strstr(buf_text(&line), "\xe2\x80\xae"));
	buf_free(&line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_screen_fits_and_begins_with_the_verdict),
		cmocka_unit_test(the_six_situations_read_as_kept),
		cmocka_unit_test(no_paper_is_called_genuine_that_nobody_saw),
		cmocka_unit_test(nothing_is_allowed_by_old_data),
		cmocka_unit_test(every_finding_has_sentences_that_fit),
		cmocka_unit_test(only_what_was_annulled_is_called_void),
		cmocka_unit_test(an_extended_end_shows_both_dates_and_the_order),
		cmocka_unit_test(threat_38_names_are_escaped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

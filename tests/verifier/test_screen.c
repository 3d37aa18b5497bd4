/* What people read: at most 84 columns, the verdict first, the same facts in both languages. */
#include "core/cursor.h"
#include "core/text.h"
#include "tests/test.h"
#include "tests/verifier/asked.h"
#include "verifier/screen.h"

#define DAY(n) FIXTURE_DAY_S(n)

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
		screen_line(&line, a, "a file", lang, false);
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

/* threat_38: what an input calls itself cannot steer a terminal. */
static void
threat_38_names_are_escaped(void **state)
{
	struct answer a = { .verdict = VERDICT_VALID, .kind = INPUT_PDF, .claims_proven = true };
	struct buf line = BUF_EMPTY;
	(void)state;

	screen_line(&line, &a, "bid\033[2J\n\xe2\x80\xae.pdf", LANG_EN, false);
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
		cmocka_unit_test(every_finding_has_sentences_that_fit),
		cmocka_unit_test(threat_38_names_are_escaped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

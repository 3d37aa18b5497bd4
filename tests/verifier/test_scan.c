/* Pictures and scans: answered as the one code on them, and never more than it. */
#include "core/cursor.h"
#include "core/text.h"
#include "tests/test.h"
#include "tests/verifier/asked.h"
#include "verifier/screen.h"

#define DAY(n) FIXTURE_DAY_S(n)
#define NOW (DAY(3) + 60)

struct seen {
	unsigned page;
	struct span text;
};

/* The answer about a picture on which these codes were read. */
static struct answer
answer_of(const struct fixture *f, const struct question *q, const struct seen *seen, size_t n)
{
	struct picture picture = { .bytes = span_text("the bytes of a picture"), .n = n };
	struct published *p = asked_open(f, q->now_s);
	struct answer a;

	for (size_t i = 0; i < n; i++)
		picture.codes[i] = (struct picture_code){ seen[i].page, seen[i].text };
	MUST(verify_picture(&a, q, p, NULL, &picture, &err));
	published_close(p);
	return a;
}

static void
a_picture_is_answered_as_its_code(void **state)
{
	const struct question q = { .now_s = NOW },
			      other = { .now_s = NOW, .holder = "91999902MADEM002X6" };
	uint8_t hash[SHA256_BYTES];
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(1));
	fixture_publish(&f, DAY(3));
	const struct seen once[] = { { 2, buf_span(&p->code) } };
	const struct seen twice[] = { { 1, buf_span(&p->code) }, { 2, buf_span(&p->code) } };
	struct answer a = answer_of(&f, &q, once, 1);
	asked_is(&a, VERDICT_VALID, FINDING_NONE, "one");
	assert_int_equal(a.kind, INPUT_CODE);
	assert_int_equal(a.parts[PART_BOUND].reply, REPLY_NOT_ASKED);
	assert_int_equal(a.page, 2);
	sha256(hash, span_text("the bytes of a picture"));
	assert_memory_equal(a.input_sha256, hash, sizeof hash);
	a = answer_of(&f, &q, twice, 2);
	asked_is(&a, VERDICT_VALID, FINDING_NONE, "the same on two pages");
	assert_int_equal(a.page, 1);
	a = answer_of(&f, &other, twice, 2);
	asked_is(&a, VERDICT_REJECTED, FINDING_FIT_HOLDER, "another's");
	fixture_close(&f);
}

static void
without_one_code_of_ours_nothing_is_valid(void **state)
{
	struct fixture f;
	(void)state;

	fixture_open(&f);
	const struct span one = buf_span(&fixture_issue(&f, DAY(1))->code);
	const struct paper *second = fixture_issue(&f, DAY(1) + 60);
	const struct span cose = span_text("an attachment"), pdf = span_text("%PDF-1.7");
	fixture_publish(&f, DAY(3));
	const struct {
		const char *row;
		size_t n;
		struct seen seen[3];
		enum verdict verdict;
		enum finding reason;
	} rows[] = {
		{ "none", 0, { { 0 } }, VERDICT_UNDETERMINED, FINDING_CODE_UNREADABLE },
		{ "two", 2, { { 1, one }, { 1, buf_span(&second->code) } }, VERDICT_REJECTED,
		    FINDING_CODE_SEVERAL },
		{ "two, on two pages", 3,
		    { { 1, one }, { 2, one }, { 3, buf_span(&second->code) } }, VERDICT_REJECTED,
		    FINDING_CODE_SEVERAL },
		{ "ours and another", 2, { { 1, one }, { 1, span_text("WIFI:S:guests;;") } },
		    VERDICT_REJECTED, FINDING_CODE_SEVERAL },
		{ "another", 1, { { 1, span_text("WIFI:S:guests;;") } }, VERDICT_REJECTED,
		    FINDING_FORMAT_NOT_OURS },
		{ "no address", 1, { { 1, cose } }, VERDICT_REJECTED, FINDING_FORMAT_NOT_OURS },
		{ "the beginning of a file", 1, { { 1, pdf } }, VERDICT_REJECTED,
		    FINDING_FORMAT_NOT_OURS },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct question q = { .now_s = NOW };
		const struct answer a = answer_of(&f, &q, rows[i].seen, rows[i].n);
		asked_is(&a, rows[i].verdict, rows[i].reason, rows[i].row);
		CHECK_ROW(a.kind == INPUT_CODE && !a.claims_read, rows[i].row);
		CHECK_ROW(a.test, rows[i].row);
	}
	fixture_close(&f);
}

static void
only_a_pdf_that_nobody_sealed_is_a_scan(void **state)
{
	struct fixture f;
	(void)state;

	fixture_open(&f);
	const struct paper *p = fixture_issue(&f, DAY(1));
	assert_false(verify_is_scan(buf_span(&p->pdf)));
	assert_true(verify_is_scan(span_text("%PDF-1.3\n...")));
	assert_false(verify_is_scan(span_text("%PDF-1.3\n/ByteRange")));
	assert_false(verify_is_scan(span_text("\x89PNG\r\n")));
	assert_true(verify_is_picture(span_text("\x89PNG\r\n")));
	assert_true(verify_is_picture(span_text("\xff\xd8\xff\xe0")));
	assert_false(verify_is_picture(span_text("%PDF-1.3")));
	assert_false(verify_is_picture(span_text("\x89P")));
	fixture_close(&f);
}

static void
check_says(const struct answer *a, enum lang lang, const char *words)
{
	struct buf screen = BUF_EMPTY;

	screen_answer(&screen, a, lang, false);
	if (strstr(buf_text(&screen), words) == NULL)
		fail_msg("not said: %s:\n%s", words, buf_text(&screen));
	for (struct cursor c = cursor_over(buf_span(&screen)); cursor_left(&c) > 0;)
		assert_true(text_columns(cursor_until(&c, '\n')) <= 84);
	buf_free(&screen);
}

/* What its code is worth is told beside a failed file, and makes nothing better. */
static void
the_code_of_a_failed_file_is_shown(void **state)
{
	const struct question q = { .now_s = NOW };
	struct fixture f;
	(void)state;

	fixture_open(&f);
	const struct paper *p = fixture_issue(&f, DAY(1)), *unknown = fixture_sign(&f, DAY(1) + 60);
	fixture_publish(&f, DAY(3));
	struct answer file = asked_once(&f, &q, span_of(p->pdf.ptr, p->pdf.len - 9));
	asked_is(&file, VERDICT_REJECTED, FINDING_FILE_CHANGED, "cut");
	assert_true(answer_is_failed_file(&file) && !file.shown.looked);

	const struct seen genuine[] = { { 2, buf_span(&p->code) } };
	struct answer code = answer_of(&f, &q, genuine, 1);
	verify_show_code(&file, &code);
	assert_int_equal(file.verdict, VERDICT_REJECTED);
	assert_false(file.claims_read);
	assert_string_equal(file.shown.uscc, FIXTURE_USCC);
	check_says(&file, LANG_EN,
	    "  Its code    was read from page 2. The code alone is genuine and belongs to\n"
	    "                " FIXTURE_HOLDER ", " FIXTURE_USCC ", Grade B\n"
	    "              That does not save the file: a code can be copied onto any page.\n");
	check_says(&file, LANG_ZH,
	    "  二维码      取自第 2 页。仅就二维码本身而言是真的，属于\n"
	    "                " FIXTURE_HOLDER "，" FIXTURE_USCC "，乙级\n"
	    "              二维码可以被复制到任何页面上，不能证明本文件真实。\n");

	const struct {
		struct seen seen;
		size_t n;
		enum finding wrong;
		const char *says;
	} rows[] = {
		{ { 1, buf_span(&unknown->code) }, 1, FINDING_REGISTRY_UNKNOWN,
		    "was read from page 1: no such entry (REGISTRY-UNKNOWN)\n" },
		{ { 1, span_text("hello") }, 1, FINDING_FORMAT_NOT_OURS, "(FORMAT-NOT-OURS)\n" },
		{ { 0 }, 0, FINDING_CODE_UNREADABLE,
		    "  Its code    no code could be read in the picture "
		    "(CODE-UNREADABLE)\n" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		code = answer_of(&f, &q, &rows[i].seen, rows[i].n);
		verify_show_code(&file, &code);
		assert_int_equal(file.shown.wrong, rows[i].wrong);
		assert_int_equal(file.shown.uscc[0], '\0');
		check_says(&file, LANG_EN, rows[i].says);
		check_says(&file, LANG_ZH, finding_text(rows[i].wrong, LANG_ZH));
	}
	fixture_close(&f);
}

/* What was signed and may be revoked is still whose it is; old data cannot say that it is registered. */
static void
a_code_is_shown_as_genuine_only_while_the_register_says_so(void **state)
{
	const struct question q = { .now_s = NOW }, late = { .now_s = DAY(13) };
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(1));
	fixture_happens(&f, p, STATUS_REVOKED, DAY(2), HISTORY_OPEN, DAY(2) + 60);
	fixture_publish(&f, DAY(3));
	const struct seen seen[] = { { 1, buf_span(&p->code) } };
	struct answer file = { 0 }, code = answer_of(&f, &q, seen, 1);
	asked_is(&code, VERDICT_REJECTED, FINDING_STATUS_REVOKED, "revoked");
	verify_show_code(&file, &code);
	assert_int_equal(file.shown.wrong, FINDING_NONE);
	code = answer_of(&f, &late, seen, 1);
	verify_show_code(&file, &code);
	assert_int_equal(file.shown.wrong, FINDING_STATUS_STALE);
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_picture_is_answered_as_its_code),
		cmocka_unit_test(without_one_code_of_ours_nothing_is_valid),
		cmocka_unit_test(only_a_pdf_that_nobody_sealed_is_a_scan),
		cmocka_unit_test(the_code_of_a_failed_file_is_shown),
		cmocka_unit_test(a_code_is_shown_as_genuine_only_while_the_register_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

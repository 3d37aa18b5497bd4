/* Many inputs, as a tender office reads them: lines and a summary of at most 84 columns, and a table. */
#include "core/csv.h"
#include "core/cursor.h"
#include "core/rfc3339.h"
#include "core/text.h"
#include "tests/test.h"
#include "verifier/batch.h"
#include "verifier/batch_table.h"

#include <stdio.h>

#define HOLDER "示例星桥信息技术有限公司"
#define USCC "91999901MADEM00110"

static int64_t
at(const char *text)
{
	int64_t t_s = 0;

	assert_true(rfc3339_parse(&t_s, span_text(text), NULL));
	return t_s;
}

/* A genuine certificate of Grade B, asked about the afternoon of a day. */
static struct answer
genuine(void)
{
	struct answer a = { .verdict = VERDICT_VALID,
		.kind = INPUT_PDF,
		.recognised = true,
		.claims_read = true,
		.claims_proven = true,
		.version = 1,
		.grade = 2,
		.status_read = true,
		.asked_from_s = at("2026-11-20T14:00:00+08:00"),
		.now_s = at("2026-11-22T10:00:00+08:00"),
		.known_s = at("2026-11-22T10:00:00+08:00"),
		.data_iat_s = at("2026-11-22T09:00:00+08:00"),
		.from_s = at("2026-11-01T00:00:00+08:00"),
		.printed_end_s = at("2031-11-01T00:00:00+08:00"),
		.end_s = at("2032-05-01T00:00:00+08:00"),
		.scopes = { .count = 2, .no = { 1, 4 } } };

	snprintf(a.holder_zh, sizeof a.holder_zh, HOLDER);
	snprintf(a.uscc, sizeof a.uscc, USCC);
	snprintf(a.number, sizeof a.number, "JC-B-999900-2026-31556-5");
	return a;
}

static struct answer
refused(enum finding reason)
{
	struct answer a = genuine();

	a.verdict = VERDICT_REJECTED;
	a.reason = reason;
	answer_reply(&a, finding_part(reason), REPLY_NO, reason);
	return a;
}

/* A file that was changed shows a holder; nothing says that he is one. */
static struct answer
changed(void)
{
	struct answer a = refused(FINDING_FILE_CHANGED);

	a.claims_proven = false;
	return a;
}

static struct answer
undetermined(void)
{
	struct answer a = refused(FINDING_STATUS_MISSING);

	a.verdict = VERDICT_UNDETERMINED;
	answer_reply(&a, PART_AUTHENTIC, REPLY_YES, FINDING_NONE);
	return a;
}

static void
check_columns(struct span screen)
{
	struct cursor c = cursor_over(screen);

	while (cursor_left(&c) > 0) {
		const struct span line = cursor_until(&c, '\n');
		if (text_columns(line) > 84)
			fail_msg("too wide: %.*s", (int)line.len, (const char *)line.ptr);
	}
	assert_true(cursor_done(&c));
}

static void
check_text(struct buf *screen, const char *wanted)
{
	check_columns(buf_span(screen));
	if (!span_is(buf_span(screen), wanted))
		fail_msg("%s\nis not\n%s", buf_text(screen), wanted);
	buf_free(screen);
}

static void
lines(struct buf *out, enum lang lang)
{
	const struct answer valid = genuine(), change = changed(),
			    other = refused(FINDING_FIT_HOLDER), unknown = undetermined();
	struct answer code = genuine(), supervised = genuine(), over = genuine();

	code.kind = INPUT_CODE;
	supervised.existing = over.existing = true;
	supervised.status = STATUS_SUSPENDED;
	supervised.effects = (struct effects){ WORK_NO, WORK_SUPERVISED };
	over.effects = (struct effects){ WORK_NO, WORK_YES };
	screen_line(
	    out, &unknown, &(struct screen_item){ "bids/07.pdf", NULL, false }, lang, false);
	screen_line(out, &other, &(struct screen_item){ "bids/12.pdf", NULL, false }, lang, false);
	screen_line(out, &change, &(struct screen_item){ "bids/44.pdf", NULL, false }, lang, false);
	screen_line(out, &valid, &(struct screen_item){ "bids/01.pdf", NULL, false }, lang, false);
	screen_line(out, &code, &(struct screen_item){ "bids/09.png", NULL, false }, lang, false);
	screen_line(out, &valid,
	    &(struct screen_item){ "bids/10.pdf",
		LANG_PICK(lang, "不在投标人名单中", "not in the list of bidders"), true },
	    lang, false);
	screen_line(out, &supervised, &(struct screen_item){ "11.pdf", NULL, false }, lang, false);
	screen_line(out, &over, &(struct screen_item){ "12.pdf", NULL, false }, lang, false);
	over.effects.new_work = WORK_YES;
	screen_line(out, &over, &(struct screen_item){ "13.pdf", NULL, false }, lang, false);
}

static void
a_line_each_fits_and_says_the_truth(void **state)
{
	struct buf en = BUF_EMPTY, zh = BUF_EMPTY;

	(void)state;
	lines(&en, LANG_EN);
	check_text(&en,
	    "CANNOT TELL  bids/07.pdf  Genuine, but there are no status data here.\n"
	    "NOT VALID    bids/12.pdf  Genuine, but belongs to another: " USCC ".\n"
	    "NOT VALID    bids/44.pdf  This file was changed after the bureau sealed it.\n"
	    "VALID        bids/01.pdf  " HOLDER "\n"
	    "VALID        bids/09.png  " HOLDER " (code only: compare the paper)\n"
	    "VALID        bids/10.pdf  2026-11-20 14:00 +08:00: " HOLDER " (not in\n"
	    "              the list of bidders)\n"
	    "VALID        11.pdf  " HOLDER " (suspended: existing work only, under\n"
	    "              supervision)\n"
	    "VALID        12.pdf  " HOLDER " (expired: existing work only)\n"
	    "VALID        13.pdf  " HOLDER "\n");
	lines(&zh, LANG_ZH);
	check_text(&zh,
	    "无法判定     bids/07.pdf  证书真实，但本机没有状态数据。\n"
	    "核验不通过   bids/12.pdf  证书真实，但属于另一单位：" USCC "。\n"
	    "核验不通过   bids/44.pdf  文件在发证机关签章后被改动。\n"
	    "核验通过     bids/01.pdf  " HOLDER "\n"
	    "核验通过     bids/09.png  " HOLDER "（仅二维码：须与纸面核对）\n"
	    "核验通过     bids/10.pdf  2026-11-20 14:00 +08:00：\n"
	    "              " HOLDER "（不在投标人名单中）\n"
	    "核验通过     11.pdf  " HOLDER "（暂停中：仅可在监督下完成已签项目）\n"
	    "核验通过     12.pdf  " HOLDER "（已过期：仅可完成已签项目）\n"
	    "核验通过     13.pdf  " HOLDER "\n");
}

static void
a_line_without_an_answer_stands_with_the_others(void **state)
{
	struct buf text = BUF_EMPTY;

	(void)state;
	screen_line_without(&text, "UNREADABLE", "bids/05.pdf", "there is no such file");
	screen_line_without(&text, "无法读取", "bids/05.pdf", "没有这个文件");
	check_text(&text,
	    "UNREADABLE   bids/05.pdf  there is no such file\n"
	    "无法读取     bids/05.pdf  没有这个文件\n");
}

/* threat_38: a name is any bytes, and a line of the report begins with nothing but a verdict. */
static void
threat_38_no_name_makes_a_line_of_its_own(void **state)
{
	static const char name[] = "x\nVALID        bids/07.pdf  \033[2J\xe2\x80\xae.pdf";
	const struct answer a = changed();
	struct buf text = BUF_EMPTY;
	struct cursor c;

	(void)state;
	screen_line(&text, &a, &(struct screen_item){ .input = name }, LANG_EN, false);
	screen_line_without(&text, "UNREADABLE", name, name);
	assert_null(memchr(text.ptr, '\033', text.len));
	assert_null(strstr(buf_text(&text), "\xe2\x80\xae"));
	for (c = cursor_over(buf_span(&text)); cursor_left(&c) > 0;) {
		const struct span line = cursor_until(&c, '\n');
		assert_true(line.ptr[0] == ' ' || line.ptr[0] == 'N' || line.ptr[0] == 'U');
	}
	buf_free(&text);
}

static void
count(struct batch *b, const struct answer *a, size_t n)
{
	b->inputs += n;
	for (size_t i = 0; i < n; i++)
		batch_count(b, a);
}

static void
the_summary_counts_and_says_for_when_and_as_known_when(void **state)
{
	struct buf en = BUF_EMPTY, zh = BUF_EMPTY;
	struct batch b = { 0 };
	struct answer a = genuine();

	(void)state;
	count(&b, &a, 53);
	a.kind = INPUT_CODE;
	count(&b, &a, 3);
	a = changed();
	count(&b, &a, 3);
	a = undetermined();
	count(&b, &a, 1);
	batch_summary(&en, &b, 1, LANG_EN);
	check_text(&en,
	    "60 files: 56 VALID (3 to compare), 3 NOT VALID, 1 CANNOT TELL;\n"
	    "for new work on 2026-11-20 14:00 +08:00, as known on 2026-11-22 09:00.  Exit 1.\n");
	batch_summary(&zh, &b, 1, LANG_ZH);
	check_text(&zh,
	    "60 份：核验通过 56（其中 3 份须与纸面核对），核验不通过 3，无法判定 1；\n"
	    "用于承接新项目，针对时点 2026-11-20 14:00 +08:00，依据截至 2026-11-22 09:00\n"
	    "的状态数据。退出码 1。\n");
}

static void
the_summary_counts_what_got_no_answer(void **state)
{
	struct buf en = BUF_EMPTY, zh = BUF_EMPTY, none = BUF_EMPTY;
	struct batch b = { .inputs = 2, .unreadable = 1, .missing = 2, .unlisted = 1 };
	const struct batch nothing = { .inputs = 1, .unreadable = 1 };
	struct answer a = genuine();

	(void)state;
	b.dated = true;
	batch_count(&b, &a);
	a.known_s = at("2026-11-21T08:30:00+08:00"); /* --known, before the data were made */
	batch_count(&b, &a);
	batch_summary(&en, &b, 66, LANG_EN);
	check_text(&en,
	    "2 files, 2 answers: 2 VALID (0 to compare), 0 NOT VALID, 0 CANNOT TELL, 1\n"
	    "UNREADABLE, 2 MISSING, 1 not in the list;\n"
	    "for new work on the dates in the lines, as known on 2026-11-21 08:30.  Exit 66.\n");
	batch_summary(&zh, &b, 66, LANG_ZH);
	check_text(&zh,
	    "2 份，核验结论 2：核验通过 2（其中 0 份须与纸面核对），核验不通过 0，无法判定 0，\n"
	    "无法读取 1，未提交 2，不在名单中 1；\n"
	    "用于承接新项目，针对各行所列时点，依据截至 2026-11-21 08:30 的状态数据。退出码 "
	    "66。\n");
	b = (struct batch){ .inputs = 1 };
	a = genuine();
	a.existing = a.whole_day = true;
	batch_count(&b, &a);
	batch_summary(&en, &b, 0, LANG_EN);
	assert_non_null(strstr(buf_text(&en), "for existing work on 2026-11-20, as known"));
	batch_summary(&zh, &b, 0, LANG_ZH);
	assert_non_null(strstr(buf_text(&zh), "用于完成已签项目，针对时点 2026-11-20，"));
	buf_free(&en);
	buf_free(&zh);
	batch_summary(&none, &nothing, 66, LANG_EN);
	check_text(&none,
	    "1 file: 0 VALID (0 to compare), 0 NOT VALID, 0 CANNOT TELL, 1 UNREADABLE.  Exit "
	    "66.\n");
}

static void
check_row(struct buf *row, const char *wanted)
{
	if (!span_is(buf_span(row), wanted))
		fail_msg("%s\nis not\n%s", buf_text(row), wanted);
	buf_free(row);
}

static void
a_row_of_the_table_says_what_is_proven(void **state)
{
	struct buf row = BUF_EMPTY;
	struct answer a = genuine();

	(void)state;
	batch_table_heading(&row);
	check_row(&row,
	    CSV_MARK
	    "input,verdict,reason,sentence,holder,uscc,number,version,grade,scopes,from,to,"
	    "at,known,compare,expected_holder\r\n");
	a.test = true;
	batch_table_row(&row, &a, &(struct screen_item){ "01.pdf", NULL, false },
	    "91999902MADEM002X6", LANG_EN);
	check_row(&row,
	    "01.pdf,test valid,,\"Genuine, and in force on 2026-11-20 14:00 +08:00.\"," HOLDER
	    "," USCC
	    ",JC-B-999900-2026-31556-5,1,B,integration security-monitoring,2026-11-01,2032-04-30,"
	    "2026-11-20T14:00:00+08:00,2026-11-22T09:00:00+08:00,no,91999902MADEM002X6\r\n");
	a.test = false;
	a.kind = INPUT_CODE;
	a.whole_day = true;
	a.status_read = false;
	a.data_iat_s = 0;
	batch_table_row(&row, &a, &(struct screen_item){ "02", NULL, false }, NULL, LANG_ZH);
	check_row(&row,
	    "02,valid,,二维码真实，资质有效。请与纸面逐项核对。," HOLDER "," USCC
	    ",JC-B-999900-2026-31556-5,1,B,integration "
	    "security-monitoring,2026-11-01,2031-10-31,2026-11-20,,"
	    "yes,\r\n");
	batch_table_row_without(&row, "missing", "03.pdf", "nothing was handed in", USCC);
	check_row(&row, "03.pdf,missing,,nothing was handed in,,,,,,,,,,,no," USCC "\r\n");
}

static void
nothing_unproven_stands_in_the_table(void **state)
{
	const struct answer a = changed();
	struct buf row = BUF_EMPTY;

	(void)state;
	batch_table_row(&row, &a, &(struct screen_item){ .input = "44.pdf" }, NULL, LANG_EN);
	check_row(&row,
	    "44.pdf,rejected,FILE-CHANGED,This file was changed after the bureau sealed "
	    "it.,,,,,,,,,"
	    "2026-11-20T14:00:00+08:00,2026-11-22T09:00:00+08:00,no,\r\n");
}

/* threat_38: a file may be called =HYPERLINK(...), and a spreadsheet must not follow. */
static void
threat_38_no_name_is_a_formula(void **state)
{
	static const char *const names[] = { "=1+1.pdf", "+1.pdf", "-1.pdf", "@x.pdf" };
	const struct answer a = genuine();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct buf row = BUF_EMPTY;
		batch_table_row(
		    &row, &a, &(struct screen_item){ .input = names[i] }, NULL, LANG_EN);
		batch_table_row_without(&row, "unreadable", names[i], names[i], NULL);
		CHECK_ROW(row.ptr[0] == '\'', names[i]);
		CHECK_ROW(strstr(buf_text(&row), "\r\n'") != NULL, names[i]);
		CHECK_ROW(strstr(buf_text(&row), "unreadable,,'") != NULL, names[i]);
		buf_free(&row);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_each_fits_and_says_the_truth),
		cmocka_unit_test(a_line_without_an_answer_stands_with_the_others),
		cmocka_unit_test(threat_38_no_name_makes_a_line_of_its_own),
		cmocka_unit_test(the_summary_counts_and_says_for_when_and_as_known_when),
		cmocka_unit_test(the_summary_counts_what_got_no_answer),
		cmocka_unit_test(a_row_of_the_table_says_what_is_proven),
		cmocka_unit_test(nothing_unproven_stands_in_the_table),
		cmocka_unit_test(threat_38_no_name_is_a_formula),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

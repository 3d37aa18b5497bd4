/* What a person is told to do next fits what he handed in, and where he reads it. */
#include "tests/test.h"
#include "tests/verifier/asked.h"
#include "verifier/words.h"

#define DAY(n) FIXTURE_DAY_S(n)
#define NOW (DAY(3) + 60)

static void
check_told(const struct answer *a, enum words_reader reader, const char *zh, const char *en)
{
	struct buf text = BUF_EMPTY;

	words_what_now(&text, a, LANG_ZH, reader);
	if (strstr(buf_text(&text), zh) == NULL)
		fail_msg("%s\nis not in\n%s", zh, buf_text(&text));
	buf_free(&text);
	words_what_now(&text, a, LANG_EN, reader);
	if (strstr(buf_text(&text), en) == NULL)
		fail_msg("%s\nis not in\n%s", en, buf_text(&text));
	buf_free(&text);
}

static void
check_headline(const struct answer *a, const char *zh, const char *en)
{
	struct buf text = BUF_EMPTY;

	words_headline(&text, a, LANG_ZH);
	assert_string_equal(buf_text(&text), zh);
	buf_free(&text);
	words_headline(&text, a, LANG_EN);
	assert_string_equal(buf_text(&text), en);
	buf_free(&text);
}

static void
open_with_one(struct fixture *f, struct paper **paper)
{
	fixture_open(f);
	*paper = fixture_issue(f, DAY(1));
	fixture_publish(f, DAY(3));
}

/* The address of a code that is not quite the one on it, and files that hold a certificate or were made of one. */
static void
what_is_near_a_certificate_is_told_how_to_hand_it_in(void **state)
{
#define ADDRESS "从 https:// 起，到最后一位数字为止", "from https:// up to the last digit"
#define ARCHIVE "请先解压，再提交其中的 PDF 原件", "unpack it and hand in the PDF"
#define OFFICE "请提交发证机关下发的 PDF 原件", "Hand in the PDF as you received it"
	static const char zip[] = "PK\x03\x04\x14\0\0\0 a.pdf",
			  docx[] = "PK\x03\x04\x14\0\x06\0[Content_Types].xml",
			  doc[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", strange[] = "\x01\x02\x03";
	struct fixture f;
	struct paper *p;
	struct buf linked = BUF_EMPTY, bare = BUF_EMPTY, marked = BUF_EMPTY, slash = BUF_EMPTY;
	(void)state;

	open_with_one(&f, &p);
	buf_printf(&linked, "%s?lang=en", buf_text(&p->code));
	buf_printf(&marked, "%s#", buf_text(&p->code));
	buf_printf(&slash, "%s/", buf_text(&p->code));
	buf_printf(&bare, " %s\n", buf_text(&p->code) + strlen("https://"));
	const struct {
		struct span input;
		const char *zh, *en;
	} rows[] = {
		{ buf_span(&linked), ADDRESS },
		{ buf_span(&marked), ADDRESS },
		{ buf_span(&slash), ADDRESS },
		{ buf_span(&bare), ADDRESS },
		{ span_of(zip, sizeof zip), ARCHIVE },
		{ span_text("Rar!\x1a\x07"), ARCHIVE },
		{ span_of(docx, sizeof docx), OFFICE },
		{ span_of(doc, sizeof doc), OFFICE },
		{ span_text(strange), "请持证单位提供发证机关下发的原始文件",
		    "Ask the holder for the file the bureau sent" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct question q = { .now_s = NOW };
		const struct answer a = asked_once(&f, &q, rows[i].input);
		asked_is(&a, VERDICT_REJECTED, FINDING_FORMAT_NOT_OURS, rows[i].en);
		check_told(&a, WORDS_AT_FORM, rows[i].zh, rows[i].en);
	}
	buf_free(&linked);
	buf_free(&marked);
	buf_free(&slash);
	buf_free(&bare);
	fixture_close(&f);
}

/* A scan, or half a file: neither is mended by scanning again. */
static void
a_file_without_a_seal_may_be_a_scan_or_half_a_download(void **state)
{
	const struct question q = { .now_s = NOW };
	struct fixture f;
	struct paper *p;
	(void)state;

	open_with_one(&f, &p);
	const struct answer a = asked_once(&f, &q, span_text("%PDF-1.7\nan image\n%%EOF\n"));
	asked_is(&a, VERDICT_REJECTED, FINDING_FILE_NO_SEAL, "unsealed");
	for (enum words_reader r = WORDS_ON_PAGE; r <= WORDS_AT_TERMINAL; r++)
		check_told(&a, r, "没有下载完整", "downloaded only in part");
	check_told(&a, WORDS_AT_FORM, "请勾选「这是纸质证书的扫描件（PDF）」再核验",
	    "tick \"It is a scan of the paper (PDF)\" and check again");
	check_told(&a, WORDS_AT_FORM_WITH_LOOK_UP, "请勾选「", "tick \"");
	check_told(&a, WORDS_AT_TERMINAL, "qualverify --scan", "qualverify --scan");
	check_told(&a, WORDS_ON_PAGE, "qualverify --scan", "qualverify --scan");
	fixture_close(&f);
}

static struct answer
of_codes(const struct fixture *f, struct span first, struct span second)
{
	const struct question q = { .now_s = NOW };
	struct published *published = asked_open(f, NOW);
	const struct picture picture = {
		.n = first.len == 0   ? 0
		    : second.len == 0 ? 1
				      : 2,
		.codes = { { 1, first }, { 1, second } },
	};
	struct answer a;

	MUST(verify_picture(&a, &q, published, NULL, &picture, &err));
	published_close(published);
	return a;
}

static void
a_foreign_code_in_the_picture_may_be_harmless(void **state)
{
	static const struct span none = { NULL, 0 };
	const struct span wechat = span_text("http://weixin.qq.com/r/abc");
	struct fixture f;
	struct paper *p;
	(void)state;

	open_with_one(&f, &p);
	struct answer a = of_codes(&f, buf_span(&p->code), wechat);
	asked_is(&a, VERDICT_REJECTED, FINDING_CODE_SEVERAL, "two codes");
	check_told(&a, WORDS_AT_FORM,
	    "画面里另有别的二维码（营业执照、微信等）的，请只拍证书上的码",
	    "photograph only the one on the certificate");
	a = of_codes(&f, wechat, none);
	asked_is(&a, VERDICT_REJECTED, FINDING_FORMAT_NOT_OURS, "the other code alone");
	check_told(&a, WORDS_AT_FORM, "请只拍证书上的码", "photograph only the code on the");
	a = of_codes(&f, none, none);
	asked_is(&a, VERDICT_UNDETERMINED, FINDING_CODE_UNREADABLE, "no code");
	check_told(&a, WORDS_AT_FORM_WITH_LOOK_UP, "或者按二维码下方的编号和校验码核验",
	    "or check by the number and check code");
	check_told(&a, WORDS_AT_FORM, "凭二维码下方的编号和校验码向发证机关查询",
	    "or ask the bureau by the number and check code");
	check_told(&a, WORDS_AT_TERMINAL, "向发证机关查询", "or ask the bureau by");
	fixture_close(&f);
}

/* Of its first day a certificate has only what is left of it. */
static void
on_its_first_day_the_hour_it_begins_is_named(void **state)
{
	const struct question early = { .now_s = NOW, .at_given = true, .at_s = DAY(1) - 7200 };
	const struct question before = {
		.now_s = NOW, .at_given = true, .at_whole_day = true, .at_s = DAY(0) - 32400
	};
	struct fixture f;
	struct paper *p;
	(void)state;

	open_with_one(&f, &p);
	struct answer a = asked_once(&f, &early, buf_span(&p->pdf));
	asked_is(&a, VERDICT_REJECTED, FINDING_DATE_NOT_YET, "two hours before");
	check_headline(&a, "证书真实，但自 2026-11-21 09:00:00 +08:00 起方才有效。",
	    "Genuine, but not in force before 2026-11-21 09:00:00 +08:00.");
	a = asked_once(&f, &before, buf_span(&p->pdf));
	asked_is(&a, VERDICT_REJECTED, FINDING_DATE_NOT_YET, "the day before");
	check_headline(&a, "证书真实，但自 2026-11-21 起方才有效。",
	    "Genuine, but not in force before 2026-11-21.");
	fixture_close(&f);
}

static void
what_is_suspended_is_called_so_where_existing_work_may_go_on(void **state)
{
	const struct question q = { .now_s = NOW, .existing = true };
	struct fixture f;
	struct paper *p;
	(void)state;

	open_with_one(&f, &p);
	struct answer a = asked_once(&f, &q, buf_span(&p->pdf));
	check_headline(&a, "证书真实，2026-11-23（今日）可继续完成已签项目。",
	    "Genuine; existing work may be finished on 2026-11-23 (today).");
	fixture_happens(&f, p, STATUS_SUSPENDED, DAY(2), DAY(190), DAY(2) + 60);
	fixture_publish(&f, DAY(3) + 30);
	a = asked_once(&f, &q, buf_span(&p->pdf));
	assert_int_equal(a.verdict, VERDICT_VALID);
	check_headline(&a,
	    "证书真实，资质暂停中，2026-11-23（今日）可继续完成已签项目（须在监督下进行）。",
	    "Genuine, but suspended; existing work may be finished on 2026-11-23 (today), under "
	    "supervision.");
	fixture_close(&f);
}

static void
a_match_names_what_was_asked_and_nothing_else(void **state)
{
	static const struct {
		struct question q;
		const char *zh, *en;
	} rows[] = {
		{ { .now_s = NOW, .holder = FIXTURE_USCC }, "符合所问：持证单位 " FIXTURE_USCC,
		    "as asked: holder " FIXTURE_USCC },
		{ { .now_s = NOW, .grade = 2 }, "符合所问：等级不低于乙级",
		    "as asked: Grade B or better" },
		{ { .now_s = NOW, .holder = FIXTURE_USCC, .grade = 2, .scope = 1 },
		    "符合所问：持证单位 " FIXTURE_USCC "，等级不低于乙级，业务种类含总体集成",
		    "as asked: holder " FIXTURE_USCC
		    ", Grade B or better, scope overall integration" },
	};
	struct fixture f;
	struct paper *p;
	(void)state;

	open_with_one(&f, &p);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct answer a = asked_once(&f, &rows[i].q, buf_span(&p->pdf));
		struct buf zh = BUF_EMPTY, en = BUF_EMPTY;
		words_part(&zh, &a, PART_FIT, LANG_ZH);
		words_part(&en, &a, PART_FIT, LANG_EN);
		assert_string_equal(buf_text(&zh), rows[i].zh);
		assert_string_equal(buf_text(&en), rows[i].en);
		buf_free(&zh);
		buf_free(&en);
	}
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_near_a_certificate_is_told_how_to_hand_it_in),
		cmocka_unit_test(a_file_without_a_seal_may_be_a_scan_or_half_a_download),
		cmocka_unit_test(a_foreign_code_in_the_picture_may_be_harmless),
		cmocka_unit_test(on_its_first_day_the_hour_it_begins_is_named),
		cmocka_unit_test(what_is_suspended_is_called_so_where_existing_work_may_go_on),
		cmocka_unit_test(a_match_names_what_was_asked_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

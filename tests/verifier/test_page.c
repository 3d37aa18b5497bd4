/* The pages: the verdict in both languages, nothing that steers a browser, nothing fetched from elsewhere. */
#include "tests/test.h"
#include "tests/verifier/asked.h"
#include "tests/verifier/caller.h"
#include "verifier/answer_html.h"
#include "verifier/daemon/page.h"
#include "verifier/evidence.h"

#include <stdio.h>

#define DAY(n) FIXTURE_DAY_S(n)
#define NOW (DAY(2) + 60)

static struct paper *
open_all(struct fixture *f, struct caller *c)
{
	fixture_open(f);
	struct paper *p = fixture_issue(f, DAY(1));
	struct paper *bad = fixture_issue(f, DAY(1) + 60);
	fixture_happens(f, bad, STATUS_SUSPENDED, DAY(2) - 600, DAY(190), DAY(2) - 600);
	fixture_publish(f, DAY(2));
	fixture_write_lookup(f);
	caller_open(c, f, true, NOW);
	c->request.accept = "text/html,application/xhtml+xml";
	return p;
}

static void
close_all(struct fixture *f, struct caller *c)
{
	caller_close(c);
	fixture_close(f);
}

static void
set(struct caller *c, enum http_field field, struct span value)
{
	buf_free(&c->form.fields[field]);
	buf_add_span(&c->form.fields[field], value);
}

/* One file, or none. */
static void
set_file(struct caller *c, struct span bytes)
{
	buf_free(&c->form.files[0].name);
	buf_free(&c->form.files[0].bytes);
	buf_add_span(&c->form.files[0].bytes, bytes);
	c->form.n_files = bytes.len > 0;
}

/* Only our own address, the two files beside the page, and no script or style within. */
static void
is_self_contained(struct caller *c, const char *row)
{
	const char *at = caller_body(c);

	CHECK_ROW(strncmp(at, "<!doctype html>", 15) == 0, row);
	CHECK_ROW(strstr(at, "<script>") == NULL && strstr(at, " style=") == NULL, row);
	CHECK_ROW(strstr(at, "javascript:") == NULL && strstr(at, " onclick") == NULL, row);
	while ((at = strstr(at, "src=\"")) != NULL) {
		at += 5;
		CHECK_ROW(*at == '/', row);
	}
	for (at = caller_body(c); (at = strstr(at, "href=\"")) != NULL;) {
		at += 6;
		CHECK_ROW(*at == '/' || strncmp(at, "data:,\"", 7) == 0, row);
	}
}

static void
a_code_opens_its_answer_and_says_which_address_to_type(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c);
	const char *path = buf_text(&p->code) + strlen("https://v.example");
	(void)state;

	assert_int_equal(caller_send(&c, routes_public, "GET", path), 200);
	is_self_contained(&c, "code");
	assert_true(caller_says(&c, "lang=\"zh-CN\""));
	assert_true(caller_says(&c, "核验通过"));
	assert_true(caller_says(&c, "class=\"test\">测试"));
	assert_true(caller_says(&c, "请与纸面逐项核对"));
	assert_true(caller_says(&c, FIXTURE_HOLDER));
	assert_true(caller_says(&c, "https://v.example/"));
	assert_string_equal(caller_header(&c, "Cache-Control"), "no-store");
	assert_non_null(caller_header(&c, "X-Robots-Tag"));
	c.queries[0][0] = "lang";
	c.queries[0][1] = "en";
	assert_int_equal(caller_send(&c, routes_public, "GET", path), 200);
	assert_true(caller_says(&c, "lang=\"en\""));
	assert_true(caller_says(&c, "same on paper?"));
	assert_int_equal(caller_send(&c, routes_public, "GET", "/q/1/12<script>"), 200);
	assert_true(caller_says(&c, "class=\"verdict rejected\""));
	assert_false(caller_says(&c, "<script>"));
	close_all(&f, &c);
}

static void
the_form_takes_a_file_or_number_and_check_code(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c);
	(void)state;

	assert_int_equal(caller_send(&c, routes_public, "GET", "/"), 200);
	is_self_contained(&c, "form");
	set(&c, HTTP_FIELD_LANG, span_text("en"));
	set(&c, HTTP_FIELD_FOR, span_text("new"));
	assert_int_equal(caller_form(&c), 400);
	assert_true(caller_says(&c, "Choose a file"));

	set_file(&c, buf_span(&p->pdf));
	assert_int_equal(caller_form(&c), 200);
	is_self_contained(&c, "a PDF");
	assert_true(caller_says(&c, "class=\"verdict valid\""));
	set(&c, HTTP_FIELD_HOLDER, span_text("91999902madem002x6"));
	assert_int_equal(caller_form(&c), 200);
	assert_true(caller_says(&c, "FIT-HOLDER"));
	assert_true(caller_says(&c, "<p class=\"asked\">Checked at 2026-"));
	assert_true(caller_says(&c, "; holder 91999902MADEM002X6; in force when checked</p>"));
	set(&c, HTTP_FIELD_HOLDER, span_of(NULL, 0));

	set_file(&c, span_text("\x89PNG\r\n\x1a\n"));
	assert_int_equal(caller_form(&c), 422);
	assert_true(caller_says(&c, "This picture is damaged"));
	set_file(&c, span_of(NULL, 0));
	set(&c, HTTP_FIELD_NUMBER, span_text(p->number));
	set(&c, HTTP_FIELD_CHECK_CODE, span_text(p->check_code));
	assert_int_equal(caller_form(&c), 200);
	assert_true(caller_says(&c, "class=\"verdict valid\""));
	assert_true(caller_says(&c, "same on paper?"));
	/* nobody saw a code */
	assert_true(caller_says(&c, "Number and check code belong together"));
	assert_true(caller_says(&c, "The registry says"));
	assert_false(caller_says(&c, "The code"));
	set(&c, HTTP_FIELD_CHECK_CODE, span_text("00000000"));
	assert_int_equal(caller_form(&c), 200);
	assert_true(caller_says(&c, "CONFIRM-UNKNOWN"));
	assert_false(caller_says(&c, FIXTURE_HOLDER));
	set_file(&c, span_text("GIF89a"));
	set(&c, HTTP_FIELD_NUMBER, span_of(NULL, 0));
	set(&c, HTTP_FIELD_CHECK_CODE, span_of(NULL, 0));
	assert_int_equal(caller_form(&c), 422);
	assert_true(caller_says(&c, "Only ordinary (RGB) JPEG and PNG"));
	set_file(&c, span_of(NULL, 0));
	set(&c, HTTP_FIELD_CHECK_CODE, span_text("00000000"));
	set(&c, HTTP_FIELD_NUMBER, span_text("JC-B-999900-2026-31556-4"));
	assert_int_equal(caller_form(&c), 400);
	assert_true(caller_says(&c, "mistyped"));
	close_all(&f, &c);
}

/* What is advised can be done on the page where it is read. */
static void
advice_names_what_the_form_has(void **state)
{
	static const char box[] = "这是纸质证书的扫描件（PDF）";
	struct answer a = { .verdict = VERDICT_UNDETERMINED,
		.reason = FINDING_CODE_UNREADABLE,
		.kind = INPUT_CODE,
		.now_s = NOW };
	struct fixture f;
	struct caller c;
	(void)open_all(&f, &c);
	(void)state;

	assert_int_equal(caller_send(&c, routes_public, "GET", "/"), 200);
	assert_true(caller_says(&c, box));
	set_file(&c, span_text("%PDF-1.7\nan image\n%%EOF\n"));
	assert_int_equal(caller_form(&c), 200);
	assert_true(caller_says(&c, "FILE-NO-SEAL"));
	assert_true(caller_says(&c, box));
	answer_reply(&a, PART_AUTHENTIC, REPLY_UNKNOWN, FINDING_CODE_UNREADABLE);
	for (int look_up = 0; look_up <= 1; look_up++) {
		const struct page_frame frame = { .lang = LANG_EN, .confirm = look_up == 1 };
		struct buf page = BUF_EMPTY;
		page_answer(&page, &frame, span_of(NULL, 0), span_of(NULL, 0), &a);
		assert_int_equal(
		    strstr(buf_text(&page), "check by the number and check code") != NULL, look_up);
		assert_int_equal(
		    strstr(buf_text(&page), "ask the bureau by the number") == NULL, look_up);
		buf_free(&page);
	}
	close_all(&f, &c);
}

static void
add_full_width(struct buf *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) { /* U+FF10 is 0 */
		buf_add_text(out, "\xef\xbc");
		buf_add_byte(out, (uint8_t)(0x90 + text[i] - '0'));
	}
}

/* As an input method types it, in full width, with a dash of its own; and I for 1 where 1 does not fit. */
static void
a_number_is_read_as_people_type_it(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c);
	struct buf number = BUF_EMPTY, check_code = BUF_EMPTY;
	(void)state;

	add_full_width(&number, p->number, 2);
	buf_add_text(&number, "\xe2\x80\x94"); /* U+2014 */
	add_full_width(&number, p->number + 2, strlen(p->number) - 2);
	add_full_width(&check_code, p->check_code, strlen(p->check_code));
	buf_add_text(&check_code, "\xe3\x80\x80");
	set(&c, HTTP_FIELD_LANG, span_text("en"));
	set(&c, HTTP_FIELD_NUMBER, buf_span(&number));
	set(&c, HTTP_FIELD_CHECK_CODE, buf_span(&check_code));
	assert_int_equal(caller_form(&c), 200);
	assert_true(caller_says(&c, "class=\"verdict valid\""));
	set(&c, HTTP_FIELD_NUMBER, span_text("JC-A-999900-2026-00088-1")); /* it ends in I */
	assert_int_equal(caller_form(&c), 200);
	assert_true(caller_says(&c, "CONFIRM-UNKNOWN"));
	set(&c, HTTP_FIELD_NUMBER, span_text("JC-A-999900-2026-00069-0")); /* it ends in O */
	assert_int_equal(caller_form(&c), 200);
	set(&c, HTTP_FIELD_NUMBER, span_text("JC-A-999900-2026-00069-1"));
	assert_int_equal(caller_form(&c), 400);
	buf_free(&number);
	buf_free(&check_code);
	close_all(&f, &c);
}

/* Is the form answered as if it had been typed without a fault? */
static void
what_is_pasted_is_read_as_it_is_meant(void **state)
{
	static const struct {
		enum http_field field;
		const char *value, *asked;
	} rows[] = {
		{ HTTP_FIELD_HOLDER, " 91999901MADEM00110 ", "; holder 91999901MADEM00110;" },
		{ HTTP_FIELD_HOLDER, "91999901 MADEM 00110\t", "; holder 91999901MADEM00110;" },
		{ HTTP_FIELD_HOLDER,
		    "\xc2\xa0"
		    "91999901-madem00110",
		    "; holder 91999901MADEM00110;" },
		{ HTTP_FIELD_HOLDER, "统一社会信用代码：91999901MADEM00110",
		    "; holder 91999901MADEM00110;" },
		{ HTTP_FIELD_HOLDER, "９１９９９９０１ＭＡＤＥＭ００１１０",
		    "; holder 91999901MADEM00110;" },
		{ HTTP_FIELD_HOLDER, "   ", "asked: for new contracts; in force when checked" },
		{ HTTP_FIELD_AT, "2026/12/01", "; in force on 2026-12-01<" },
		{ HTTP_FIELD_AT, "2026.12.1", "; in force on 2026-12-01<" },
		{ HTTP_FIELD_AT, " 2026年12月1日", "; in force on 2026-12-01<" },
		{ HTTP_FIELD_AT, "日期：２０２６－１２－０１", "; in force on 2026-12-01<" },
		{ HTTP_FIELD_AT, "2026-12-01T14:00", "; in force on 2026-12-01T14:00" },
	};
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c);
	(void)state;

	set(&c, HTTP_FIELD_LANG, span_text("en"));
	set_file(&c, buf_span(&p->pdf));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		set(&c, rows[i].field, span_text(rows[i].value));
		CHECK_ROW(caller_form(&c) == 200, rows[i].value);
		CHECK_ROW(caller_says(&c, rows[i].asked), rows[i].value);
		set(&c, rows[i].field, span_of(NULL, 0));
	}
	close_all(&f, &c);
}

static void
a_number_is_read_without_its_label(void **state)
{
	static const struct {
		const char *number, *check_code; /* before them */
	} rows[] = {
		{ "编号：", "校验码：" },
		{ "证书编号: ", "校验码 : " },
		{ "No. ", "" },
		{ "证书编号　Ｎｏ．", "code:" },
		{ "NO.：", " " },
	};
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c);
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char number[64], check_code[64];
		snprintf(number, sizeof number, "%s%s", rows[i].number, p->number);
		snprintf(check_code, sizeof check_code, "%s%s ", rows[i].check_code, p->check_code);
		set(&c, HTTP_FIELD_NUMBER, span_text(number));
		set(&c, HTTP_FIELD_CHECK_CODE, span_text(check_code));
		CHECK_ROW(caller_form(&c) == 200, rows[i].number);
		CHECK_ROW(caller_says(&c, "class=\"verdict valid\""), rows[i].number);
	}
	set(&c, HTTP_FIELD_NUMBER, span_text("编号："));
	assert_int_equal(caller_form(&c), 400);
	assert_true(caller_says(&c, "data-field=\"number\""));
	close_all(&f, &c);
}

/* Each field that is wrong has a sentence of its own; what contradicts itself is not answered in part. */
static void
what_a_form_has_wrong_is_named(void **state)
{
	static const struct {
		enum http_field field;
		const char *value, *says;
	} rows[] = {
		{ HTTP_FIELD_HOLDER, "nobody", "Must belong to: that is no social credit code" },
		{ HTTP_FIELD_HOLDER, FIXTURE_HOLDER, "a name cannot be asked" },
		{ HTTP_FIELD_HOLDER, "统一社会信用代码：", "no social credit code" },
		{ HTTP_FIELD_AT, "2026-13-01", "In force on" },
		{ HTTP_FIELD_AT, "2026--1-1", "In force on" },
		{ HTTP_FIELD_AT, "2026年12月", "In force on" },
		{ HTTP_FIELD_AT, "20 November", "In force on: a date is written 2026-11-20" },
		{ HTTP_FIELD_GRADE, "C", "none of those listed" },
		{ HTTP_FIELD_SCOPE, "alchemy", "none of those listed" },
		{ HTTP_FIELD_FOR, "ever", "none of those listed" },
		{ HTTP_FIELD_SCAN, "perhaps", "none of those listed" },
		{ HTTP_FIELD_WANT, "registry.db", "What can be wanted is page or evidence" },
		{ HTTP_FIELD_NUMBER, "JC", "A file and a number were given" },
		{ HTTP_FIELD_CHECK_CODE, "7K3QX9TB", "A file and a number were given" },
		{ HTTP_FIELD_CODE, "https://v.example/q/1/0", "A code and something else" },
	};
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c);
	(void)state;

	set(&c, HTTP_FIELD_LANG, span_text("en"));
	set_file(&c, buf_span(&p->pdf));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		set(&c, rows[i].field, span_text(rows[i].value));
		CHECK_ROW(caller_form(&c) == 400, rows[i].value);
		CHECK_ROW(caller_says(&c, rows[i].says), rows[i].value);
		set(&c, rows[i].field, span_of(NULL, 0));
	}
	set_file(&c, span_of(NULL, 0));
	set(&c, HTTP_FIELD_CODE, buf_span(&p->code));
	assert_int_equal(caller_form(&c), 200);
	set(&c, HTTP_FIELD_CHECK_CODE, span_text(p->check_code));
	assert_int_equal(caller_form(&c), 400);
	set(&c, HTTP_FIELD_NUMBER, span_text(p->number));
	assert_int_equal(caller_form(&c), 400);
	assert_true(caller_says(&c, "A code and something else"));
	set(&c, HTTP_FIELD_CODE, span_of(NULL, 0));
	assert_int_equal(caller_form(&c), 200);
	c.form.n_files = 1;
	set(&c, HTTP_FIELD_NUMBER, span_of(NULL, 0));
	set(&c, HTTP_FIELD_CHECK_CODE, span_of(NULL, 0));
	assert_int_equal(caller_form(&c), 400);
	assert_true(caller_says(&c, "The file is empty"));
	c.form.too_many = true;
	assert_int_equal(caller_form(&c), 413);
	assert_true(caller_says(&c, "100 files at a time at most"));
	close_all(&f, &c);
}

/* A PDF that nobody sealed is a forgery, or what a scanner makes of the paper: that has to be said. */
static void
only_what_is_called_a_scan_is_read_as_one(void **state)
{
	struct fixture f;
	struct caller c;
	(void)state;

	open_all(&f, &c);
	set(&c, HTTP_FIELD_LANG, span_text("en"));
	set_file(&c, span_text("%PDF-1.7\nno scan at all"));
	assert_int_equal(caller_form(&c), 200);
	assert_true(caller_says(&c, "class=\"verdict rejected\""));
	set(&c, HTTP_FIELD_SCAN, span_text("yes"));
	assert_int_equal(caller_form(&c), 422);
	close_all(&f, &c);
}

/* What comes is evidence of the very answer the page gives. */
static void
the_form_gives_evidence_of_a_file_a_code_and_a_number(void **state)
{
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c);
	(void)state;

	set(&c, HTTP_FIELD_WANT, span_text("evidence"));
	set_file(&c, buf_span(&p->pdf));
	for (int round = 0; round < 3; round++) {
		struct evidence *e = NULL;
		struct evidence_input in = { 0 };
		struct err err = { 0 };
		assert_int_equal(caller_form(&c), 200);
		assert_string_equal(c.response.type, "application/x-tar");
		assert_int_equal(c.response.verdict, VERDICT_VALID);
		assert_true(evidence_parse(&e, buf_span(&c.response.body), &err));
		assert_true(evidence_input_read(&in, e, 0, &err));
		assert_int_equal(in.n_answers, 1);
		evidence_input_free(&in);
		evidence_free(e);
		set_file(&c, span_of(NULL, 0));
		set(&c, HTTP_FIELD_CODE, round == 0 ? buf_span(&p->code) : span_of(NULL, 0));
		if (round == 1) {
			set(&c, HTTP_FIELD_NUMBER, span_text(p->number));
			set(&c, HTTP_FIELD_CHECK_CODE, span_text(p->check_code));
		}
	}
	set(&c, HTTP_FIELD_CHECK_CODE, span_text("00000000"));
	assert_int_equal(caller_form(&c), 200);
	assert_true(caller_says(&c, "CONFIRM-UNKNOWN"));
	close_all(&f, &c);
}

static void
add_file(struct caller *c, const char *name, struct span bytes)
{
	struct http_file *file = &c->form.files[c->form.n_files++];

	buf_add_text(&file->name, name);
	buf_add_span(&file->bytes, bytes);
}

/* Do these stand on the page, in this order? */
static bool
in_order(struct caller *c, const char *const *texts, size_t n)
{
	const char *at = caller_body(c);

	for (size_t i = 0; i < n && at != NULL; i++)
		at = strstr(at, texts[i]);
	return at != NULL;
}

static void
of_many_files_the_worst_comes_first_and_one_that_is_bad_spoils_its_line_alone(void **state)
{
	static const char *const order[] = { "<h1>6 results</h1>", "<b>3</b> not done",
		"<b>1</b> NOT VALID", "<b>2</b> VALID", "class=\"asked usual\">Checked at 2026-",
		"asked: for new contracts", "class=\"row problem\"", "damaged.png",
		"This picture is damaged", "class=\"row problem\"", "long.pdf", "8 MB at most",
		"class=\"row problem\"", "none.pdf", "The file is empty", "class=\"row rejected\"",
		"&lt;b&gt;.pdf", "suspended since", "class=\"row valid\"", "a.pdf", FIXTURE_HOLDER,
		"class=\"row valid\"", "b.txt", "code only" };
	struct fixture f;
	struct caller c;
	struct paper *p = open_all(&f, &c);
	struct evidence *e = NULL;
	struct err err = { 0 };
	(void)state;

	set(&c, HTTP_FIELD_LANG, span_text("en"));
	add_file(&c, "a.pdf", buf_span(&p->pdf));
	add_file(&c, "<b>.pdf", buf_span(&f.papers[1].pdf));
	add_file(&c, "damaged.png", span_text("\x89PNG\r\n\x1a\n"));
	add_file(&c, "b.txt", buf_span(&p->code));
	add_file(&c, "long.pdf", span_of(NULL, 0));
	c.form.files[4].too_long = true;
	add_file(&c, "none.pdf", span_of(NULL, 0));
	assert_int_equal(caller_form(&c), 200);
	is_self_contained(&c, "many");
	assert_true(in_order(&c, order, COUNT_OF(order)));
	assert_false(caller_says(&c, "<b>.pdf"));

	set(&c, HTTP_FIELD_WANT, span_text("evidence"));
	assert_int_equal(caller_form(&c), 413);
	c.form.n_files = 2;
	assert_int_equal(caller_form(&c), 200);
	assert_string_equal(c.response.type, "application/x-tar");
	assert_true(evidence_parse(&e, buf_span(&c.response.body), &err));
	assert_int_equal(e->n_records, 2);
	evidence_free(e);
	c.form.n_files = 6;
	close_all(&f, &c);
}

/* "This computer" is the service, on a page; a holder is called so whatever its name has in it. */
static void
whose_data_are_old_is_told_and_no_name_is_changed(void **state)
{
	struct answer a = { .verdict = VERDICT_UNDETERMINED,
		.reason = FINDING_STATUS_STALE,
		.kind = INPUT_PDF,
		.claims_read = true,
		.claims_proven = true,
		.family = "JC",
		.grade = 1,
		.holder_zh = "日本机械有限公司",
		.printed_end_s = NOW,
		.end_s = NOW };
	struct buf out = BUF_EMPTY;
	(void)state;

	answer_reply(&a, PART_AUTHENTIC, REPLY_YES, FINDING_NONE);
	answer_html(&out, &a, LANG_ZH, ANSWER_HTML_SERVED);
	assert_non_null(strstr(buf_text(&out), "但本服务的状态数据已过期"));
	assert_non_null(strstr(buf_text(&out), "日本机械有限公司"));
	buf_free(&out);
	a.verdict = VERDICT_VALID;
	a.reason = FINDING_NONE;
	answer_html(&out, &a, LANG_ZH, ANSWER_HTML_SERVED);
	assert_non_null(strstr(buf_text(&out), "data-line=\"日本机械有限公司\""));
	buf_free(&out);
	a.verdict = VERDICT_UNDETERMINED;
	a.reason = FINDING_STATUS_STALE;
	answer_html(&out, &a, LANG_ZH, ANSWER_HTML_PRINTED);
	assert_non_null(strstr(buf_text(&out), "但本机的状态数据已过期"));
	buf_free(&out);
}

static void
effects_and_advice_stand_on_the_page(void **state)
{
	struct fixture f;
	struct caller c;
	(void)state;

	open_all(&f, &c);
	set_file(&c, buf_span(&f.papers[1].pdf));
	assert_int_equal(caller_form(&c), 200);
	assert_true(caller_says(&c, "class=\"verdict rejected\""));
	assert_true(caller_says(&c, "资质自 2026-11-22 起暂停"));
	assert_true(caller_says(&c, "须在监督下进行"));
	assert_true(caller_says(&c, "暂停至少到 2027-05-29"));
	set_file(&c, span_of(f.papers[1].pdf.ptr, f.papers[1].pdf.len - 9));
	assert_int_equal(caller_form(&c), 200);
	assert_true(caller_says(&c, "缺少 9 字节"));
	assert_false(caller_says(&c, FIXTURE_HOLDER));
	close_all(&f, &c);
}

static void
errors_are_pages_for_browsers_and_problems_for_programs(void **state)
{
	static const char *const programs[] = { NULL, "", "*/*", "application/json",
		"application/json, text/html", "application/problem+json, text/html",
		"text/html;q=0.9, application/problem+json",
		"application/problem+json, text/html, application/json" };
	static const char *const browsers[] = { "text/html, application/json",
		"text/html, application/problem+json, */*", "application/json;q=0.9, text/html" };
	struct fixture f;
	struct caller c;
	(void)state;

	open_all(&f, &c);
	assert_int_equal(caller_send(&c, routes_public, "GET", "/nothing"), 404);
	assert_string_equal(c.response.type, PAGE_TYPE);
	is_self_contained(&c, "404");
	for (size_t i = 0; i < COUNT_OF(programs); i++) {
		c.request.accept = programs[i];
		CHECK_ROW(caller_send(&c, routes_public, "GET", "/v1/nothing") == 404, programs[i]);
		CHECK_ROW(strcmp(c.response.type, "application/problem+json") == 0, programs[i]);
	}
	for (size_t i = 0; i < COUNT_OF(browsers); i++) {
		c.request.accept = browsers[i];
		CHECK_ROW(caller_send(&c, routes_public, "GET", "/v1/nothing") == 404, browsers[i]);
		CHECK_ROW(strcmp(c.response.type, PAGE_TYPE) == 0, browsers[i]);
	}
	close_all(&f, &c);
}

static void
the_reader_chooses_the_language(void **state)
{
	static const struct {
		const char *header;
		enum lang want;
	} rows[] = {
		{ NULL, LANG_ZH },
		{ "", LANG_ZH },
		{ "en", LANG_EN },
		{ "en-GB,en;q=0.9", LANG_EN },
		{ "zh-CN,zh;q=0.9,en;q=0.8", LANG_ZH },
		{ "en;q=0.5, zh-TW;q=0.7", LANG_ZH },
		{ "fr, en;q=0.1", LANG_EN },
		{ "fr", LANG_ZH },
		{ "en;q=nonsense", LANG_ZH },
		{ ",,,;q=1,", LANG_ZH },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct request q = { .accept_language = rows[i].header };
		CHECK_ROW(http_lang(&q) == rows[i].want,
		    rows[i].header != NULL ? rows[i].header : "none");
	}
}

/* threat_38: text stays text. */
static void
threat_38_markup_in_a_name_is_text(void **state)
{
	static const char hostile[] = "<img src=x onerror=alert(1)>&\"'</td>\xe2\x80\xae\x1b[2J";
	struct answer a = { .verdict = VERDICT_REJECTED,
		.reason = FINDING_REGISTRY_UNKNOWN,
		.kind = INPUT_COSE,
		.claims_read = true,
		.family = "JC",
		.grade = 1,
		.printed_end_s = NOW,
		.end_s = NOW };
	const struct page_frame frame = { .lang = LANG_EN,
		.bureau = span_text(hostile),
		.contact = span_text(hostile),
		.host = span_text(hostile) };
	struct buf out = BUF_EMPTY;
	(void)state;

	snprintf(a.holder_zh, sizeof a.holder_zh, "%s", hostile);
	snprintf(a.contact, sizeof a.contact, "%s", hostile);
	snprintf(a.parts[PART_REGISTERED].detail, sizeof a.parts[0].detail, "%s", hostile);
	a.parts[PART_REGISTERED].reply = REPLY_NO;
	a.parts[PART_REGISTERED].finding = FINDING_REGISTRY_UNKNOWN;
	page_answer(&out, &frame, span_text(hostile), span_text(hostile), &a);
	assert_null(strstr(buf_text(&out), "<img"));
	assert_null(strchr(buf_text(&out), '\x1b'));
	assert_null(strstr(buf_text(&out), "\xe2\x80\xae"));
	assert_non_null(
	    strstr(buf_text(&out), "&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;"));
	buf_free(&out);
}

static void
a_bureaus_address_can_be_followed_and_its_telephone_is_read(void **state)
{
	static const struct {
		const char *contact, *says;
	} rows[] = {
		{ "https://v.example/contact",
		    "<a class=\"contact\" href=\"https://v.example/contact\">" },
		{ "+86 10 0000 0000", ": +86 10 0000 0000</p>" },
		{ "https://v.example/ or +86 10 0000 0000", ": https://v.example/ or" },
		{ "javascript:alert(1)", ": javascript:alert(1)</p>" },
		{ "https://\"onclick=\"x", "href=\"https://&quot;onclick=&quot;x\">" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct page_frame frame = { .lang = LANG_EN,
			.contact = span_text(rows[i].contact) };
		struct buf out = BUF_EMPTY;
		page_home(&out, &frame);
		CHECK_ROW(strstr(buf_text(&out), rows[i].says) != NULL, rows[i].contact);
		buf_free(&out);
	}
}

/* Where number and check code cannot be asked, nobody is told to type them. */
static void
published_files_alone_advise_no_number(void **state)
{
	struct fixture f;
	struct caller c;
	(void)state;

	fixture_open(&f);
	fixture_issue(&f, DAY(1));
	fixture_publish(&f, DAY(2));
	caller_open(&c, &f, false, NOW);
	c.request.accept = "text/html";
	set(&c, HTTP_FIELD_LANG, span_text("en"));
	assert_int_equal(caller_send(&c, routes_public, "GET", "/"), 200);
	assert_false(caller_says(&c, "check_code"));
	assert_int_equal(caller_form(&c), 400);
	assert_true(caller_says(&c, "Choose a file.<"));
	close_all(&f, &c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_opens_its_answer_and_says_which_address_to_type),
		cmocka_unit_test(the_form_takes_a_file_or_number_and_check_code),
		cmocka_unit_test(advice_names_what_the_form_has),
		cmocka_unit_test(a_number_is_read_as_people_type_it),
		cmocka_unit_test(what_is_pasted_is_read_as_it_is_meant),
		cmocka_unit_test(a_number_is_read_without_its_label),
		cmocka_unit_test(what_a_form_has_wrong_is_named),
		cmocka_unit_test(only_what_is_called_a_scan_is_read_as_one),
		cmocka_unit_test(the_form_gives_evidence_of_a_file_a_code_and_a_number),
		cmocka_unit_test(
		    of_many_files_the_worst_comes_first_and_one_that_is_bad_spoils_its_line_alone),
		cmocka_unit_test(whose_data_are_old_is_told_and_no_name_is_changed),
		cmocka_unit_test(effects_and_advice_stand_on_the_page),
		cmocka_unit_test(errors_are_pages_for_browsers_and_problems_for_programs),
		cmocka_unit_test(the_reader_chooses_the_language),
		cmocka_unit_test(threat_38_markup_in_a_name_is_text),
		cmocka_unit_test(a_bureaus_address_can_be_followed_and_its_telephone_is_read),
		cmocka_unit_test(published_files_alone_advise_no_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

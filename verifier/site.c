#include "verifier/site.h"

#include "credential/qr_text.h"
#include "verifier/ask.h"
#include "verifier/consult.h"
#include "verifier/page.h"

#include <stdio.h>

static const char style[] = {
#include "page.css.inc"
};
static const char script[] = {
#include "page.js.inc"
};
static const char openapi[] = {
#include "openapi.yaml.inc"
};
static const char verdict_schema[] = {
#include "verdict.schema.json.inc"
};

static void
send_asset(struct response *out, const char *type, const char *text)
{
	http_begin(out, 200, type);
	http_header(out, "Cache-Control", "public, max-age=300");
	buf_add_text(&out->body, text);
}

void
site_style(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	(void)q;
	send_asset(out, "text/css; charset=utf-8", style);
}

void
site_script(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	(void)q;
	send_asset(out, "text/javascript; charset=utf-8", script);
}

void
site_openapi(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	(void)q;
	send_asset(out, "application/yaml", openapi);
	http_header(out, "Access-Control-Allow-Origin", "*");
}

void
site_verdict_schema(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	(void)q;
	send_asset(out, "application/schema+json", verdict_schema);
	http_header(out, "Access-Control-Allow-Origin", "*");
}

/* What stands around a page, from the bundle held; borrowed from the view. */
static struct page_frame
frame_of(const struct service *s, const struct view *v, enum lang lang)
{
	struct page_frame f = { .lang = lang, .confirm = feed_lookup(s->feed) != FEED_LOOKUP_NONE };
	const struct bundle *b = trust_bundle(published_trust(v->published));

	if (b == NULL)
		return f;
	f.test = b->test;
	if (b->n_hosts > 0)
		f.host = b->hosts[0];
	if (b->n_issuers > 0) {
		const struct bundle_issuer *i = &b->issuers[0];
		f.bureau = lang == LANG_EN && i->name_en.len > 0 ? i->name_en : i->name_zh;
		f.contact = i->contact;
	}
	return f;
}

void
site_home(struct response *out, const struct service *s, const struct request *q)
{
	struct view v = feed_take(s->feed);
	const struct page_frame f = frame_of(s, &v, http_lang(q));

	http_begin(out, 200, PAGE_TYPE);
	http_header(out, "Cache-Control", "no-cache");
	http_header(out, "Vary", "Accept-Language");
	page_home(&out->body, &f);
	feed_release(&v);
}

static void
send_answer(struct response *out, const struct service *s, const struct request *q,
    const struct answer *a, const char *other_lang)
{
	struct view v = feed_take(s->feed);
	struct page_frame f = frame_of(s, &v, http_lang(q));

	f.other_lang = other_lang;
	out->verdict = a->verdict;
	http_begin(out, 200, PAGE_TYPE);
	http_private(out);
	page_answer(&out->body, &f, a);
	feed_release(&v);
}

/* The address a code carries: the same as its text, but for the host, which is whatever led here. */
static bool
code_text(struct buf *out, const struct service *s, const char *digits, struct err *err)
{
	struct view v = feed_take(s->feed);
	const struct page_frame f = frame_of(s, &v, LANG_ZH);
	const struct span host = f.host.len > 0 ? f.host : span_text("localhost");
	const bool ok = qr_text_prefix(out, host, err);

	buf_add_text(out, digits);
	feed_release(&v);
	return ok && buf_ok(out, err);
}

void
site_code(struct response *out, const struct service *s, const struct request *q)
{
	const struct question question = { .now_s = q->now_s };
	struct buf text = BUF_EMPTY;
	struct answer a;
	struct err err = { 0 };

	if (code_text(&text, s, q->path + strlen("/q/1/"), &err) &&
	    consult_input(&a, s, &question, buf_span(&text), &err))
		send_answer(out, s, q, &a, q->path);
	else
		http_problem(out, q, 500, "%s", err.text);
	buf_free(&text);
}

/* ---- the form ---- */

static const char *
field(const struct request *q, enum http_field f)
{
	const char *text = buf_text(&q->form[f]);
	return text != NULL ? text : "";
}

/* What is asked besides; fields left empty ask nothing. */
static bool
question_of_form(struct question *question, const struct request *q, struct err *err)
{
	static const struct {
		enum http_field field;
		const char *word;
	} asked[] = {
		{ HTTP_FIELD_HOLDER, "holder" },
		{ HTTP_FIELD_AT, "at" },
		{ HTTP_FIELD_FOR, "for" },
	};
	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
		const char *value = field(q, asked[i].field);
		if (value[0] != '\0' && !ask_set(question, asked[i].word, value, err))
			return false;
	}
	return true;
}

static void
check_file(struct response *out, const struct service *s, const struct request *q,
    const struct question *question)
{
	const struct span file = buf_span(&q->form[HTTP_FIELD_FILE]);
	struct answer a;
	struct err err = { 0 };

	if (verify_is_picture(file))
		http_form_problem(out, q, 415,
		    "这里不识别图片。请上传 PDF "
		    "原件；只有纸质证书的，用手机扫描二维码，或填写编号和校验码。",
		    "Pictures are not read here. Send the PDF; if you have only paper, scan its "
		    "code with a "
		    "phone, or type number and check code.");
	else if (consult_input(&a, s, question, file, &err))
		send_answer(out, s, q, &a, NULL);
	else
		http_problem(out, q, 500, "%s", err.text);
}

static void
check_number(struct response *out, const struct service *s, const struct request *q,
    const struct question *question)
{
	struct answer a;
	struct err err = { 0 };
	int64_t wait_s = 0;

	switch (consult_number(&a, &wait_s, s, q, question, buf_span(&q->form[HTTP_FIELD_NUMBER]),
	    buf_span(&q->form[HTTP_FIELD_CHECK_CODE]), &err)) {
	case CONSULT_ANSWERED:
		send_answer(out, s, q, &a, NULL);
		return;
	case CONSULT_NUMBER:
		http_form_problem(out, q, 400,
		    "这不是证书编号：编号末位由前面各位算出，其中有一位输错了。",
		    "That is no certificate number: its last character is computed from the "
		    "others, so one "
		    "of them is mistyped.");
		return;
	case CONSULT_CHECK_CODE:
		http_form_problem(out, q, 400, "校验码是八位字母或数字，印在二维码下方。",
		    "The check code has eight letters and digits; it stands under the code.");
		return;
	case CONSULT_LATER:
		http_problem(out, q, 429, "too many wrong check codes: try again later");
		http_header(out, "Retry-After", "%lld", (long long)wait_s);
		return;
	case CONSULT_NOWHERE:
		http_form_problem(out, q, 501, "这里只有公开数据，不能按编号查询。请上传证书文件。",
		    "Only published data are here, so numbers cannot be asked. Send the file.");
		return;
	case CONSULT_NOT_NOW:
		http_form_problem(out, q, 503, "现在不能按编号查询，请稍后再试。",
		    "Numbers cannot be looked up just now. Try again in a moment.");
		http_header(out, "Retry-After", "5");
		return;
	case CONSULT_FAILED:
		http_problem(out, q, 500, "%s", err.text);
	}
}

void
site_check(struct response *out, const struct service *s, const struct request *q)
{
	struct question question = { .now_s = q->now_s };
	struct err err = { 0 };

	if (!question_of_form(&question, q, &err))
		http_form_problem(out, q, 400,
		    "“可以不填”一栏有误：统一社会信用代码为 18 位，日期如 2026-11-20。", err.text);
	else if (q->form[HTTP_FIELD_FILE].len > 0)
		check_file(out, s, q, &question);
	else if (q->form[HTTP_FIELD_NUMBER].len > 0)
		check_number(out, s, q, &question);
	else
		http_form_problem(out, q, 400, "请选择文件，或填写证书编号和校验码。",
		    "Choose a file, or type number and check code.");
}

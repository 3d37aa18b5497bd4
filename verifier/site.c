#include "verifier/site.h"

#include "core/encode.h"
#include "credential/qr_text.h"
#include "credential/sha256.h"
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
send_asset(struct response *out, const struct request *q, const char *type, const char *text)
{
	uint8_t hash[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1], etag[40];

	sha256(hash, span_text(text));
	hex_encode(hex, span_of(hash, sizeof hash));
	snprintf(etag, sizeof etag, "\"%.32s\"", hex);
	if (!http_is_held(out, q, etag)) {
		http_begin(out, 200, type);
		buf_add_text(&out->body, text);
	}
	http_header(out, "Cache-Control", "public, max-age=300");
}

void
site_style(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	send_asset(out, q, "text/css; charset=utf-8", style);
}

void
site_script(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	send_asset(out, q, "text/javascript; charset=utf-8", script);
}

void
site_openapi(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	send_asset(out, q, "application/yaml", openapi);
	http_shared(out);
}

void
site_verdict_schema(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	send_asset(out, q, "application/schema+json", verdict_schema);
	http_shared(out);
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
	http_header(out, "Vary", "Accept-Language");
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
	struct consult_input in = { 0 };
	struct answer a;
	struct err err = { 0 };
	bool ok = code_text(&text, s, q->path + strlen("/q/1/"), &err);

	in.bytes = buf_span(&text);
	ok = ok && consult_input(&a, s, &question, &in, &err);
	if (ok)
		send_answer(out, s, q, &a, q->path);
	else
		http_problem(out, q, &problem_failed, "%s", err.text);
	buf_free(&text);
}

/* ---- the form ---- */

static const char *
field(const struct request *q, enum http_field f)
{
	const char *text = buf_text(&q->form->fields[f]);
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
		{ HTTP_FIELD_GRADE, "grade" },
		{ HTTP_FIELD_SCOPE, "scope" },
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

static bool
wants_evidence(const struct request *q)
{
	return strcmp(field(q, HTTP_FIELD_WANT), "evidence") == 0;
}

/* Why there is no answer about an input. */
static void
no_answer(struct response *out, const struct request *q, const struct err *err)
{
	switch (err->code) {
	case ERR_NOT_FOUND:
		http_form_problem(out, q, &problem_no_pictures,
		    "这里不识别图片。请上传 PDF "
		    "原件；只有纸质证书的，用手机扫描二维码，或填写编号和校验码。",
		    "Pictures are not read here. Send the PDF; if you have only paper, scan its "
		    "code with a phone, or type number and check code.");
		return;
	case ERR_MALFORMED:
		http_form_problem(out, q, &problem_picture,
		    "这张图片已损坏，无法识别。请重新拍照，或换一个文件。",
		    "This picture is damaged and cannot be read. Take it again, or send another "
		    "file.");
		return;
	case ERR_LIMIT:
		http_form_problem(out, q, &problem_picture,
		    "这张图片识别时间过长。请只拍二维码部分，光线均匀，再试一次。",
		    "This picture took too long to read. Take one of the code alone, evenly lit.");
		return;
	case ERR_BUSY:
		http_form_problem(out, q, &problem_behind,
		    "登记簿刚有变动，尚未公布。请稍等几秒再下载核验凭证。",
		    "The register has just changed, and it is not published yet. Ask for the "
		    "evidence "
		    "again in a few seconds.");
		http_header(out, "Retry-After", "5");
		return;
	default:
		http_problem(out, q, &problem_failed, "%s", err->text);
	}
}

static void
send_evidence(struct response *out, const struct service *s, const struct request *q,
    const struct question *question, const struct consult_input *in, const char *name)
{
	struct answer a;
	struct err err = { 0 };

	if (!consult_evidence(&out->body, &a, s, question, in, name, &err)) {
		no_answer(out, q, &err);
		return;
	}
	out->verdict = a.verdict;
	http_begin(out, 200, "application/x-tar");
	http_private(out);
	http_header(out, "Content-Disposition", "attachment; filename=\"evidence.tar\"");
}

static void
check_input(struct response *out, const struct service *s, const struct request *q,
    const struct question *question, struct span bytes, const char *name)
{
	const struct consult_input in = { .bytes = bytes };
	struct answer a;
	struct err err = { 0 };

	if (wants_evidence(q))
		send_evidence(out, s, q, question, &in, name);
	else if (consult_input(&a, s, question, &in, &err))
		send_answer(out, s, q, &a, NULL);
	else
		no_answer(out, q, &err);
}

static void
send_confirmation(struct response *out, const struct service *s, const struct request *q,
    const struct question *question, struct confirmation *c)
{
	const char *code = buf_text(&c->code);

	if (wants_evidence(q) && c->code.len > 0 && code != NULL)
		check_input(out, s, q, question, buf_span(&c->code), code);
	else
		send_answer(out, s, q, &c->answer, NULL);
}

static void
check_number(struct response *out, const struct service *s, const struct request *q,
    const struct question *question)
{
	struct confirmation c = { 0 };
	struct err err = { 0 };

	switch (consult_number(&c, s, q, question, buf_span(&q->form->fields[HTTP_FIELD_NUMBER]),
	    buf_span(&q->form->fields[HTTP_FIELD_CHECK_CODE]), &err)) {
	case CONSULT_ANSWERED:
		send_confirmation(out, s, q, question, &c);
		break;
	case CONSULT_NUMBER:
		http_form_problem(out, q, &problem_number,
		    "这不是证书编号：编号末位由前面各位算出，其中有一位输错了。",
		    "That is no certificate number: its last character is computed from the "
		    "others, so one "
		    "of them is mistyped.");
		break;
	case CONSULT_CHECK_CODE:
		http_form_problem(out, q, &problem_check_code,
		    "校验码是八位字母或数字，印在二维码下方。",
		    "The check code has eight letters and digits; it stands under the code.");
		break;
	case CONSULT_LATER:
		http_problem(
		    out, q, &problem_misses, "too many wrong check codes: try again later");
		http_header(out, "Retry-After", "%lld", (long long)c.wait_s);
		break;
	case CONSULT_NOWHERE:
		http_form_problem(out, q, &problem_no_look_up,
		    "这里只有公开数据，不能按编号查询。请上传证书文件。",
		    "Only published data are here, so numbers cannot be asked. Send the file.");
		break;
	case CONSULT_NOT_NOW:
		http_form_problem(out, q, &problem_look_up, "现在不能按编号查询，请稍后再试。",
		    "Numbers cannot be looked up just now. Try again in a moment.");
		http_header(out, "Retry-After", "5");
		break;
	case CONSULT_FAILED:
		http_problem(out, q, &problem_failed, "%s", err.text);
	}
	buf_free(&c.code);
}

/* Many files, pictures, evidence. */
bool
site_check_is_slow(const struct request *q)
{
	const struct http_form *f = q->form;
	const struct consult_input first = { .bytes = buf_span(&f->files[0].bytes) };

	return wants_evidence(q) || f->n_files > 1 || consult_is_slow(&first);
}

void
site_check(struct response *out, const struct service *s, const struct request *q)
{
	struct question question = { .now_s = q->now_s };
	struct http_form *f = q->form;
	struct err err = { 0 };

	if (!question_of_form(&question, q, &err))
		http_form_problem(out, q, &problem_question,
		    "“可以不填”一栏有误：统一社会信用代码为 18 位，日期如 2026-11-20。",
		    "Something under \"if you like\" is not right: a unified social credit code "
		    "has 18 "
		    "characters, a date is written 2026-11-20.");
	else if (f->n_files > 0)
		check_input(out, s, q, &question, buf_span(&f->files[0].bytes),
		    buf_text(&f->files[0].name));
	else if (f->fields[HTTP_FIELD_CODE].len > 0)
		check_input(out, s, q, &question, buf_span(&f->fields[HTTP_FIELD_CODE]),
		    field(q, HTTP_FIELD_CODE));
	else if (f->fields[HTTP_FIELD_NUMBER].len > 0)
		check_number(out, s, q, &question);
	else
		http_form_problem(out, q, &problem_form, "请选择文件，或填写证书编号和校验码。",
		    "Choose a file, or type number and check code.");
}

/* The page's form: one input or many, answered by a page or by an evidence file. */
#include "verifier/ask.h"
#include "verifier/daemon/consult.h"
#include "verifier/daemon/site.h"

#include <stdlib.h>

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

/* ---- why there is no answer ---- */

struct trouble {
	enum err_code code;
	const struct problem *problem;
	const char *zh, *en;
};

static const struct trouble *
trouble_of(const struct err *err)
{
	static const struct trouble troubles[] = {
		{ ERR_NOT_FOUND, &problem_no_pictures,
		    "这里不识别图片。请上传 PDF "
		    "原件；只有纸质证书的，用手机扫描二维码，或填写编号和校验码。",
		    "Pictures are not read here. Send the PDF; if you have only paper, scan its "
		    "code with a "
		    "phone, or type number and check code." },
		{ ERR_MALFORMED, &problem_picture,
		    "这张图片已损坏，无法识别。请重新拍照，或换一个文件。",
		    "This picture is damaged and cannot be read. Take it again, or send another "
		    "file." },
		{ ERR_LIMIT, &problem_picture,
		    "这张图片识别时间过长。请只拍二维码部分，光线均匀，再试一次。",
		    "This picture took too long to read. Take one of the code alone, evenly lit." },
		{ ERR_BUSY, &problem_behind, "登记簿刚有变动，尚未公布。请稍等几秒再下载证据文件。",
		    "The register has just changed, and it is not published yet. Ask for the "
		    "evidence again "
		    "in a few seconds." },
	};
	for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
		if (troubles[i].code == err->code)
			return &troubles[i];
	}
	return NULL;
}

static void
send_trouble(struct response *out, const struct request *q, const struct err *err)
{
	const struct trouble *t = trouble_of(err);

	if (t == NULL) {
		http_problem(out, q, &problem_failed, "%s", err->text);
		return;
	}
	http_form_problem(out, q, t->problem, t->zh, t->en);
	if (t->problem->status == 503)
		http_header(out, "Retry-After", "5");
}

static const struct trouble too_long = { ERR_LIMIT, &problem_too_long,
	"文件太大：每份不超过 8 MB。证书原件一般不到 1 "
	"MB，请看是否选错了文件；照片请用较低的分辨率重拍。",
	"The file is too large: 8 MB at most. A certificate has less than 1 MB, so see whether it "
	"is the right "
	"file; take a photograph again with fewer pixels." };

static bool
any_too_long(const struct http_form *f)
{
	for (size_t i = 0; i < f->n_files; i++) {
		if (f->files[i].too_long)
			return true;
	}
	return false;
}

/* ---- one input ---- */

static void
send_answer(struct response *out, const struct service *s, const struct request *q,
    const struct answer *a, struct span name)
{
	struct view v = feed_take(s->feed);
	const struct page_frame f = site_frame(s, &v, http_lang(q));

	out->verdict = a->verdict;
	http_begin(out, 200, PAGE_TYPE);
	http_private(out);
	http_header(out, "Vary", "Accept-Language");
	page_answer(&out->body, &f, name, span_of(NULL, 0), a);
	feed_release(&v);
}

static void
send_evidence(struct response *out)
{
	http_begin(out, 200, "application/x-tar");
	http_private(out);
	http_header(out, "Content-Disposition", "attachment; filename=\"evidence.tar\"");
}

/*
 *   shown  what the page calls the input; the evidence calls it in->name
 */
static void
check_input(struct response *out, const struct service *s, const struct request *q,
    const struct question *question, const struct consult_named *in, struct span shown)
{
	struct answer a;
	struct err err = { 0 };

	if (wants_evidence(q) ? !consult_evidence_all(&out->body, &a, s, question, in, 1, &err)
			      : !consult_input(&a, s, question, &in->in, &err)) {
		send_trouble(out, q, &err);
	} else if (wants_evidence(q)) {
		out->verdict = a.verdict;
		send_evidence(out);
	} else {
		send_answer(out, s, q, &a, shown);
	}
}

/* ---- number and check code ---- */

static void
send_confirmation(struct response *out, const struct service *s, const struct request *q,
    const struct question *question, struct confirmation *c)
{
	const struct consult_named in = { .in.bytes = buf_span(&c->code),
		.name = buf_text(&c->code) };
	const struct span number = buf_span(&q->form->fields[HTTP_FIELD_NUMBER]);

	if (wants_evidence(q) && c->code.len > 0)
		check_input(out, s, q, question, &in, number);
	else
		send_answer(out, s, q, &c->answer, number);
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
		    "这不是证书编号：编号末位由前面各位算出，其中有一位输错了。请对照二维码下方重新"
		    "填写。",
		    "That is no certificate number: its last character is computed from the "
		    "others, so one "
		    "of them is mistyped. Compare with what stands under the code.");
		break;
	case CONSULT_CHECK_CODE:
		http_form_problem(out, q, &problem_check_code,
		    "校验码是八位字母或数字，印在二维码下方。请重新填写。",
		    "The check code has eight letters and digits; it stands under the code. Type "
		    "it again.");
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

/* ---- many files ---- */

/* One after another; a file that cannot be answered spoils its own line alone. */
static void
ask_all(struct page_row *rows, struct answer *answers, const struct service *s,
    const struct request *q, const struct question *question, const struct consult_named *in)
{
	for (size_t i = 0; i < q->form->n_files; i++) {
		struct err err = { 0 };
		const struct http_file *file = &q->form->files[i];
		rows[i].name = buf_span(&file->name);
		if (!file->too_long && consult_input(&answers[i], s, question, &in[i].in, &err)) {
			rows[i].answer = &answers[i];
			continue;
		}
		const struct trouble *t = file->too_long ? &too_long : trouble_of(&err);
		rows[i].problem = t == NULL ? LANG_PICK(http_lang(q), "没有能够核验，请重试。",
						  "It could not be checked. Try again.")
					    : LANG_PICK(http_lang(q), t->zh, t->en);
	}
}

static void
send_answers(struct response *out, const struct service *s, const struct request *q,
    const struct page_row *rows)
{
	struct view v = feed_take(s->feed);
	const struct page_frame f = site_frame(s, &v, http_lang(q));

	http_begin(out, 200, PAGE_TYPE);
	http_private(out);
	http_header(out, "Vary", "Accept-Language");
	page_answers(&out->body, &f, rows, q->form->n_files);
	feed_release(&v);
}

static void
check_many(struct response *out, const struct service *s, const struct request *q,
    const struct question *question)
{
	const size_t n = q->form->n_files;
	struct page_row *rows = calloc(n, sizeof *rows);
	struct answer *answers = calloc(n, sizeof *answers);
	struct consult_named in[LIMIT_FORM_FILES] = { 0 };
	struct err err = { 0 };

	for (size_t i = 0; i < n; i++) {
		in[i].in.bytes = buf_span(&q->form->files[i].bytes);
		in[i].in.until_ms = q->pictures_until_ms;
		in[i].name = buf_text(&q->form->files[i].name);
	}
	if (rows == NULL || answers == NULL) {
		http_problem(out, q, &problem_failed, "out of memory");
	} else if (!wants_evidence(q)) {
		ask_all(rows, answers, s, q, question, in);
		send_answers(out, s, q, rows);
	} else if (consult_evidence_all(&out->body, answers, s, question, in, n, &err)) {
		send_evidence(out);
	} else {
		send_trouble(out, q, &err);
	}
	free(rows);
	free(answers);
}

/* ---- the form ---- */

/* Many files, pictures, evidence. */
bool
site_check_is_slow(const struct request *q)
{
	const struct http_form *f = q->form;
	const struct consult_input first = { .bytes = buf_span(&f->files[0].bytes) };

	return wants_evidence(q) || f->n_files > 1 || consult_is_slow(&first);
}

static void
check_one(struct response *out, const struct service *s, const struct request *q,
    const struct question *question)
{
	struct http_form *f = q->form;
	const bool file = f->n_files > 0;
	struct buf *bytes = file ? &f->files[0].bytes : &f->fields[HTTP_FIELD_CODE];
	const struct consult_named in = { .in.bytes = buf_span(bytes),
		.name = file ? buf_text(&f->files[0].name) : buf_text(bytes) };

	check_input(
	    out, s, q, question, &in, file ? buf_span(&f->files[0].name) : span_of(NULL, 0));
}

void
site_check(struct response *out, const struct service *s, const struct request *q)
{
	struct question question = { .now_s = q->now_s };
	const struct http_form *f = q->form;
	struct err err = { 0 };

	if (!question_of_form(&question, q, &err))
		http_form_problem(out, q, &problem_question,
		    "要求一栏有误：统一社会信用代码为 18 位，日期如 2026-11-20。请改正后再试。",
		    "One of the requirements is not right: a unified social credit code has 18 "
		    "characters, a date is written 2026-11-20. Mend it and try again.");
	else if (any_too_long(f) && (f->n_files == 1 || wants_evidence(q)))
		http_form_problem(out, q, too_long.problem, too_long.zh, too_long.en);
	else if (f->n_files > 1)
		check_many(out, s, q, &question);
	else if (f->n_files == 1 || f->fields[HTTP_FIELD_CODE].len > 0)
		check_one(out, s, q, &question);
	else if (f->fields[HTTP_FIELD_NUMBER].len > 0)
		check_number(out, s, q, &question);
	else
		http_form_problem(out, q, &problem_form, "请选择文件，或填写证书编号和校验码。",
		    "Choose a file, or type number and check code.");
}

/* The page's form: one input or many, answered by a page or by an evidence file. */
#include "verifier/daemon/asking.h"
#include "verifier/daemon/consult.h"
#include "verifier/daemon/site.h"
#include "verifier/daemon/typed.h"

#include <stdlib.h>

static const char *
field(const struct request *q, enum http_field f)
{
	const char *text = buf_text(&q->form->fields[f]);
	return text != NULL ? text : "";
}

static bool
wants_evidence(const struct request *q)
{
	return strcmp(field(q, HTTP_FIELD_WANT), "evidence") == 0;
}

static bool
is_scan(const struct request *q)
{
	return strcmp(field(q, HTTP_FIELD_SCAN), "yes") == 0;
}

/* The label that was pasted with it is no part of a code or number. */
static void
remove_label(struct buf *field)
{
	const struct span rest = typed_unlabelled(buf_span(field));

	if (rest.len < field->len)
		memmove(field->ptr, rest.ptr, rest.len);
	field->len = rest.len;
}

/* What can be no social credit code stays as it is, and is refused. */
static void
read_holder(struct buf *field)
{
	char holder[sizeof "91999901MADEM00110"];

	remove_label(field);
	if (field->len > 0 && typed_plain(holder, sizeof holder, buf_span(field))) {
		field->len = strlen(holder);
		memcpy(field->ptr, holder, field->len);
	}
}

/* ---- why there is no answer ---- */

struct trouble {
	enum err_code code;
	const struct problem *problem;
	const char *field; /* of the form, that it is about; NULL: none */
	const char *zh, *en;
};

#define NOT_IN_THE_LIST(field)                                                                     \
	{                                                                                          \
		ERR_USAGE, &problem_question, field, "要求一栏有误：请从所列各项中重新选择。",     \
		    "One of the requirements is none of those listed: choose it again."            \
	}

static const struct trouble *
trouble_of(const struct err *err)
{
	static const struct trouble troubles[] = {
		{ ERR_NOT_FOUND, &problem_no_pictures, "file",
		    "这里不识别图片。请上传 PDF "
		    "原件；只有纸质证书的，用手机扫描二维码，或在发证机关的核验页填写编号和校验码"
		    "。",
		    "Pictures are not read here. Send the PDF; if you have only paper, scan its "
		    "code with a phone, or type number and check code at the bureau's own page." },
		{ ERR_MALFORMED, &problem_picture, "file",
		    "这张图片已损坏，无法识别。请重新拍照，或换一个文件。",
		    "This picture is damaged and cannot be read. Take it again, or send another "
		    "file." },
		{ ERR_REFUSED, &problem_picture, "file",
		    "这里只识别普通的（RGB）JPEG 和 PNG 图片。请重新拍照，或另存为这样的图片再试。",
		    "Only ordinary (RGB) JPEG and PNG pictures are read here. Take the photo "
		    "again, or save it as one." },
		{ ERR_LIMIT, &problem_picture, "file",
		    "这张图片识别时间过长。请只拍二维码部分，光线均匀，再试一次。",
		    "This picture took too long to read. Take one of the code alone, evenly lit." },
		{ ERR_BUSY, &problem_behind, NULL,
		    "登记簿刚有变动，尚未公布。请稍等几秒再下载证据文件。",
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
	http_form_problem(out, q, t->problem, t->field, t->zh, t->en);
	if (t->problem->status == 503)
		http_header(out, "Retry-After", "5");
}

/* What is asked besides; fields left empty ask nothing. NULL: it can be asked. */
static const struct trouble *
question_of_form(struct asking *asking, const struct request *q)
{
	static const struct {
		enum http_field field;
		const char *word;
		struct trouble trouble;
	} asked[] = {
		{ HTTP_FIELD_HOLDER, "holder",
		    { ERR_USAGE, &problem_question, "holder",
			"“应属于”一栏有误：应填 18 "
			"位统一社会信用代码（末位由前面算出），请核对；不能填名称。",
			"Must belong to: that is no social credit code (18 characters, the last "
			"computed from the others); a name cannot be asked." } },
		{ HTTP_FIELD_AT, "at",
		    { ERR_USAGE, &problem_question, "at",
			"“在哪一天有效”一栏有误：日期写作 2026-11-20。",
			"In force on: a date is written 2026-11-20." } },
		{ HTTP_FIELD_GRADE, "grade", NOT_IN_THE_LIST("grade") },
		{ HTTP_FIELD_SCOPE, "scope", NOT_IN_THE_LIST("scope") },
		{ HTTP_FIELD_FOR, "for", NOT_IN_THE_LIST("for") },
		{ HTTP_FIELD_SCAN, "scan", NOT_IN_THE_LIST("scan") },
	};
	struct err err = { 0 };
	char date[TYPED_DATE_BYTES];

	remove_label(&q->form->fields[HTTP_FIELD_NUMBER]);
	remove_label(&q->form->fields[HTTP_FIELD_CHECK_CODE]);
	read_holder(&q->form->fields[HTTP_FIELD_HOLDER]);
	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
		const char *value = field(q, asked[i].field);
		if (asked[i].field == HTTP_FIELD_AT && typed_date(date, span_text(value)))
			value = date;
		if (value[0] != '\0' && !asking_take(asking, asked[i].word, value, &err))
			return &asked[i].trouble;
	}
	return NULL;
}

static const struct trouble too_long = { ERR_LIMIT, &problem_too_long, "file",
	"文件太大：每份不超过 8 MB。证书原件一般不到 1 "
	"MB，请看是否选错了文件；照片请用较低的分辨率重拍。",
	"The file is too large: 8 MB at most. A certificate has less than 1 MB, so see whether it "
	"is the right "
	"file; take a photograph again with fewer pixels." };

static const struct trouble empty = { ERR_MALFORMED, &problem_empty, "file",
	"文件是空的：可能没有下载完。请重新下载或选择。",
	"The file is empty: it may not have been downloaded. Fetch or choose it again." };

/* Why nobody need look at it; NULL: somebody has to. */
static const struct trouble *
trouble_with_file(const struct http_file *file)
{
	return file->too_long ? &too_long : file->bytes.len == 0 ? &empty : NULL;
}

/* Why the form cannot be answered as a whole, whatever its files say. */
static const struct trouble *
trouble_with_form(const struct service *s, const struct request *q)
{
	static const struct trouble want = { ERR_USAGE, &problem_form, NULL,
		"这里只答复网页或证据文件（want 为 page 或 evidence）。",
		"What can be wanted is page or evidence." };
	static const struct trouble too_many = { ERR_LIMIT, &problem_too_long, "file",
		"一次最多 100 个文件。", "100 files at a time at most." };
	static const struct trouble both = { ERR_USAGE, &problem_form, "number",
		"文件和编号只能核验一种：请去掉文件，或清空编号。",
		"A file and a number were given: check one at a time." };
	static const struct trouble code_too = { ERR_USAGE, &problem_form, NULL,
		"二维码内容不能与文件或编号一起提交：每次只核验一种。",
		"A code and something else were given: check one at a time." };
	static const struct trouble nothing = { ERR_USAGE, &problem_form, "file",
		"请选择文件，或填写证书编号和校验码。",
		"Choose a file, or type number and check code." };
	static const struct trouble no_file = { ERR_USAGE, &problem_form, "file", "请选择文件。",
		"Choose a file." };
	const struct http_form *f = q->form;
	const char *wanted = field(q, HTTP_FIELD_WANT);
	const bool code = f->fields[HTTP_FIELD_CODE].len > 0;
	const bool number = f->fields[HTTP_FIELD_NUMBER].len > 0;
	const bool typed = number || f->fields[HTTP_FIELD_CHECK_CODE].len > 0;

	if (wanted[0] != '\0' && strcmp(wanted, "page") != 0 && !wants_evidence(q))
		return &want;
	if (f->too_many)
		return &too_many;
	if (f->n_files > 0 && typed)
		return &both;
	if (code && (f->n_files > 0 || typed))
		return &code_too;
	if (f->n_files == 0 && !code && !number)
		return feed_lookup(s->feed) == FEED_LOOKUP_NONE ? &no_file : &nothing;
	for (size_t i = 0; i < f->n_files && (f->n_files == 1 || wants_evidence(q)); i++) {
		if (trouble_with_file(&f->files[i]) != NULL)
			return trouble_with_file(&f->files[i]);
	}
	return NULL;
}

/* ---- one input ---- */

static void
send_answer(struct response *out, const struct service *s, const struct request *q,
    const struct asking *asking, const struct answer *a, struct span name)
{
	struct view v = feed_take(s->feed);
	struct page_frame f = site_frame(s, &v, http_lang(q));

	f.asked = &asking->question;
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
    const struct asking *asking, const struct consult_named *in, struct span shown)
{
	struct answer a;
	struct err err = { 0 };

	if (wants_evidence(q) ? !consult_evidence(&out->body, &a, s, &asking->question, in, 1, &err)
			      : !consult_input(&a, s, &asking->question, &in->in, &err)) {
		send_trouble(out, q, &err);
	} else if (wants_evidence(q)) {
		out->verdict = a.verdict;
		send_evidence(out);
	} else {
		send_answer(out, s, q, asking, &a, shown);
	}
}

/* ---- number and check code ---- */

static void
send_confirmation(struct response *out, const struct service *s, const struct request *q,
    const struct asking *asking, struct confirmation *c)
{
	const struct consult_named in = { .in.bytes = buf_span(&c->code),
		.name = buf_text(&c->code) };
	const struct span number = buf_span(&q->form->fields[HTTP_FIELD_NUMBER]);

	if (wants_evidence(q) && c->code.len > 0)
		check_input(out, s, q, asking, &in, number);
	else
		send_answer(out, s, q, asking, &c->answer, number);
}

static void
check_number(struct response *out, const struct service *s, const struct request *q,
    const struct asking *asking)
{
	struct confirmation c = { 0 };
	struct err err = { 0 };

	switch (consult_number(&c, s, q, &asking->question,
	    buf_span(&q->form->fields[HTTP_FIELD_NUMBER]),
	    buf_span(&q->form->fields[HTTP_FIELD_CHECK_CODE]), &err)) {
	case CONSULT_ANSWERED:
		send_confirmation(out, s, q, asking, &c);
		break;
	case CONSULT_NUMBER:
		http_form_problem(out, q, &problem_number, "number",
		    "这不是证书编号：编号末位由前面各位算出，其中有一位输错了。请对照二维码下方重新"
		    "填写。",
		    "That is no certificate number: its last character is computed from the "
		    "others, so one "
		    "of them is mistyped. Compare with what stands under the code.");
		break;
	case CONSULT_CHECK_CODE:
		http_form_problem(out, q, &problem_check_code, "check_code",
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
		http_form_problem(out, q, &problem_no_look_up, "file",
		    "这里只有公开数据，不能按编号查询。请上传证书文件。",
		    "Only published data are here, so numbers cannot be asked. Send the file.");
		break;
	case CONSULT_NOT_NOW:
		http_form_problem(out, q, &problem_look_up, NULL,
		    "现在不能按编号查询，请稍后再试。",
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
    const struct request *q, const struct asking *asking, const struct consult_named *in)
{
	for (size_t i = 0; i < q->form->n_files; i++) {
		struct err err = { 0 };
		const struct http_file *file = &q->form->files[i];
		rows[i].name = buf_span(&file->name);
		const struct trouble *t = trouble_with_file(file);
		if (t == NULL &&
		    consult_input(&answers[i], s, &asking->question, &in[i].in, &err)) {
			rows[i].answer = &answers[i];
			continue;
		}
		if (t == NULL)
			t = trouble_of(&err);
		rows[i].problem = t == NULL ? LANG_PICK(http_lang(q), "没有能够核验，请重试。",
						  "It could not be checked. Try again.")
					    : LANG_PICK(http_lang(q), t->zh, t->en);
	}
}

static void
send_answers(struct response *out, const struct service *s, const struct request *q,
    const struct asking *asking, const struct page_row *rows)
{
	struct view v = feed_take(s->feed);
	struct page_frame f = site_frame(s, &v, http_lang(q));

	f.asked = &asking->question;
	http_begin(out, 200, PAGE_TYPE);
	http_private(out);
	http_header(out, "Vary", "Accept-Language");
	page_answers(&out->body, &f, rows, q->form->n_files);
	feed_release(&v);
}

static void
check_many(struct response *out, const struct service *s, const struct request *q,
    const struct asking *asking)
{
	const size_t n = q->form->n_files;
	struct page_row *rows = calloc(n, sizeof *rows);
	struct answer *answers = calloc(n, sizeof *answers);
	struct consult_named in[LIMIT_FORM_FILES] = { 0 };
	struct err err = { 0 };

	for (size_t i = 0; i < n; i++) {
		in[i].in.bytes = buf_span(&q->form->files[i].bytes);
		in[i].in.until_ms = q->pictures_until_ms;
		in[i].in.scan = asking->scan;
		in[i].name = buf_text(&q->form->files[i].name);
	}
	if (rows == NULL || answers == NULL) {
		http_problem(out, q, &problem_failed, "out of memory");
	} else if (!wants_evidence(q)) {
		ask_all(rows, answers, s, q, asking, in);
		send_answers(out, s, q, asking, rows);
	} else if (consult_evidence(&out->body, answers, s, &asking->question, in, n, &err)) {
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
	const struct consult_input first = { .bytes = buf_span(&f->files[0].bytes),
		.scan = is_scan(q) };

	return !f->too_many && (wants_evidence(q) || f->n_files > 1 || consult_is_slow(&first));
}

static void
check_one(struct response *out, const struct service *s, const struct request *q,
    const struct asking *asking)
{
	struct http_form *f = q->form;
	const bool file = f->n_files > 0;
	struct buf *bytes = file ? &f->files[0].bytes : &f->fields[HTTP_FIELD_CODE];
	const struct consult_named in = { .in.bytes = buf_span(bytes),
		.in.scan = asking->scan,
		.name = file ? buf_text(&f->files[0].name) : buf_text(bytes) };

	check_input(out, s, q, asking, &in, file ? buf_span(&f->files[0].name) : span_of(NULL, 0));
}

void
site_check(struct response *out, const struct service *s, const struct request *q)
{
	struct asking asking = { .question = { .now_s = q->now_s } };
	const struct http_form *f = q->form;
	const struct trouble *t = question_of_form(&asking, q);

	if (t == NULL)
		t = trouble_with_form(s, q);
	if (t != NULL)
		http_form_problem(out, q, t->problem, t->field, t->zh, t->en);
	else if (f->n_files > 1)
		check_many(out, s, q, &asking);
	else if (f->n_files == 1 || f->fields[HTTP_FIELD_CODE].len > 0)
		check_one(out, s, q, &asking);
	else
		check_number(out, s, q, &asking);
}

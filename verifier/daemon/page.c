#include "verifier/daemon/page.h"

#include "verifier/answer_html.h"
#include "verifier/evidence_words.h"
#include "verifier/html.h"

#define T(zh, en) LANG_PICK(f->lang, zh, en)

static void
language_link(struct buf *out, const struct page_frame *f)
{
	buf_add_text(out, "<a class=\"lang\" href=\"");
	html_text(out, span_text(f->other_lang != NULL ? f->other_lang : "/"));
	buf_add_text(out, T("?lang=en\" lang=\"en\">English", "?lang=zh\" lang=\"zh-CN\">中文"));
	buf_add_text(out, "</a>");
}

void
page_begin(struct buf *out, const struct page_frame *f, const char *title)
{
	buf_add_text(out, "<!doctype html>\n<html lang=\"");
	buf_add_text(out, T("zh-CN", "en"));
	buf_add_text(out,
	    "\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/page.css\">\n"
	    "<script src=\"/page.js\" defer></script>\n<title>");
	buf_add_text(out, title);
	buf_add_text(out,
	    "</title>\n</head>\n<body class=\"paper\">\n<header>\n<a class=\"name\" "
	    "href=\"/?lang=");
	buf_add_text(out, T("zh\">", "en\">"));
	if (f->bureau.len > 0) {
		html_text(out, f->bureau);
		buf_add_text(out, "<span> · </span>");
	}
	buf_add_text(out, T("证书核验", "certificate check"));
	buf_add_text(out, "</a>\n");
	language_link(out, f);
	buf_add_text(out, "\n</header>\n");
	if (f->test)
		buf_add_text(out,
		    T("<p class=\"banner\"><b>测试</b> 演示系统，这里没有一份真实的证书。</p>\n",
			"<p class=\"banner\"><b>TEST</b> A demonstration: no certificate here is "
			"real.</p>\n"));
	buf_add_text(out, "<main>\n");
}

/* A page proves nothing by itself: say which address a person should type. */
static void
address(struct buf *out, const struct page_frame *f)
{
	if (f->host.len == 0)
		return;
	buf_printf(out,
	    f->by_code ? "<p class=\"address\">%s<b class=\"host\">https://"
		       : "<p>%s<b class=\"host\">https://",
	    f->by_code
		? T("您是扫码打开本页的。请看浏览器地址栏，网址应当以此开头：",
		      "A code brought you here. Look at the address in your browser; it must "
		      "begin with ")
		: T("本页是否可信，取决于浏览器地址栏里的网址。请自行输入发证机关的网址 ",
		      "This page is worth as much as the address in your browser. Type the "
		      "bureau's yourself: "));
	html_text(out, f->host);
	buf_printf(out, "/</b>%s</p>\n",
	    f->by_code
		? T("　伪造的二维码会打开仿冒的网页。最稳妥的是自行输入这个网址，在那里核验。",
		      ". A forged code opens a forged page. Safest is to type that address "
		      "yourself and check there.")
		: T("，不要依赖二维码或他人给的链接。",
		      ", and trust no link or code to bring you there."));
}

/* An address of the web can be followed; anything else is read, and dialled or written to. */
static void
contact(struct buf *out, const struct page_frame *f)
{
	const struct span https = span_text("https://");
	const bool link = f->contact.len > https.len &&
	    memcmp(f->contact.ptr, https.ptr, https.len) == 0 &&
	    memchr(f->contact.ptr, ' ', f->contact.len) == NULL;

	if (f->contact.len == 0)
		return;
	buf_printf(out, "<p>%s", T("发证机关：", "The bureau: "));
	if (link) {
		buf_add_text(out, "<a class=\"contact\" href=\"");
		html_text(out, f->contact);
		buf_add_text(out, "\">");
	}
	html_text(out, f->contact);
	buf_add_text(out, link ? "</a></p>\n" : "</p>\n");
}

void
page_end(struct buf *out, const struct page_frame *f)
{
	buf_add_text(out, "</main>\n<footer>\n");
	if (!f->by_code)
		address(out, f);
	contact(out, f);
	buf_add_text(out,
	    T("<p><a href=\"/openapi.yaml\">程序接口</a></p>\n",
		"<p><a href=\"/openapi.yaml\">For programs</a></p>\n"));
	buf_add_text(out, "</footer>\n</body>\n</html>\n");
}

/* The question that nobody chose: is this certificate good for new contracts now? */
static bool
is_usual(const struct question *q)
{
	return !q->at_given && !q->known_given && q->holder == NULL && q->grade == 0 &&
	    q->scope == 0 && !q->existing;
}

/* When, and what: on paper an answer is worth nothing without. On a screen the usual question goes without saying. */
static void
asked(struct buf *out, const struct page_frame *f)
{
	struct buf text = BUF_EMPTY;

	if (f->asked == NULL)
		return;
	buf_add_text(&text, T("核验于 ", "Checked at "));
	evidence_time(&text, f->asked->now_s);
	buf_add_text(&text, T("；所问：", "; asked: "));
	evidence_asked(&text, f->asked, f->lang);
	buf_add_text(out, is_usual(f->asked) ? "<p class=\"asked usual\">" : "<p class=\"asked\">");
	html_text(out, buf_span(&text));
	buf_add_text(out, "</p>\n");
	buf_free(&text);
}

static enum answer_html_place
served(const struct page_frame *f)
{
	return f->confirm ? ANSWER_HTML_SERVED_LOOK_UP : ANSWER_HTML_SERVED;
}

/* ---- one answer ---- */

static void
heading(struct buf *out, const struct page_frame *f, struct span name)
{
	buf_printf(out, "<h1 class=\"what\">%s", T("核验结果", "Result"));
	if (name.len > 0) {
		buf_add_text(out, T("：", ": "));
		html_text(out, name);
	}
	buf_add_text(out, "</h1>\n");
}

/* What a code says can be asked again from its page, for the file that proves the answer. */
static void
evidence_form(struct buf *out, const struct page_frame *f, struct span code)
{
	buf_printf(out,
	    "<form class=\"proof\" method=\"post\" action=\"/\" "
	    "enctype=\"multipart/form-data\">\n"
	    "<input type=\"hidden\" name=\"lang\" value=\"%s\">\n"
	    "<input type=\"hidden\" name=\"code\" value=\"",
	    T("zh", "en"));
	html_text(out, code);
	buf_printf(out,
	    "\">\n<button class=\"second\" name=\"want\" value=\"evidence\">%s</button>\n</form>\n"
	    "<small class=\"offline\">%s</small>\n",
	    T("下载证据文件", "Download evidence"), page_offline(f));
}

const char *
page_offline(const struct page_frame *f)
{
	return T("日后可用 qualverify evidence 离线重验。",
	    "qualverify evidence checks it again, offline, years later.");
}

static void
again(struct buf *out, const struct page_frame *f, const char *words)
{
	buf_printf(out, "<a class=\"again\" href=\"/?lang=%s\">%s</a>\n", T("zh", "en"), words);
}

void
page_answer(struct buf *out, const struct page_frame *f, struct span name, struct span code,
    const struct answer *a)
{
	page_begin(out, f, T("核验结果", "Result"));
	if (f->by_code)
		address(out, f);
	heading(out, f, name);
	answer_html_verdict(out, a, f->lang, served(f));
	asked(out, f);
	answer_html_rest(out, a, f->lang, served(f));
	buf_add_text(out, "<div class=\"tools\">\n");
	if (code.len > 0)
		evidence_form(out, f, code);
	again(out, f, T("核验另一份", "Check another"));
	buf_add_text(out, "</div>\n");
	if (code.len > 0)
		buf_add_text(out, "<p id=\"say\" role=\"status\"></p>\n");
	page_end(out, f);
}

/* ---- many answers ---- */

/* Rows come in this order: first what was not answered, then the worst. */
enum place { PLACE_PROBLEM, PLACE_UNDETERMINED, PLACE_REJECTED, PLACE_VALID, PLACES };

static enum place
place_of(const struct page_row *r)
{
	if (r->answer == NULL)
		return PLACE_PROBLEM;
	switch (r->answer->verdict) {
	case VERDICT_VALID:
		return PLACE_VALID;
	case VERDICT_REJECTED:
		return PLACE_REJECTED;
	default:
		return PLACE_UNDETERMINED;
	}
}

static void
totals(struct buf *out, const struct page_frame *f, const struct page_row *rows, size_t n)
{
	static const struct {
		const char *class, *zh, *en;
	} words[PLACES] = {
		{ "problem", "没有完成", "not done" },
		{ "undetermined", "无法判定", "CANNOT TELL" },
		{ "rejected", "核验不通过", "NOT VALID" },
		{ "valid", "核验通过", "VALID" },
	};
	size_t count[PLACES] = { 0 };

	for (size_t i = 0; i < n; i++)
		count[place_of(&rows[i])]++;
	buf_printf(out, T("<h1>%zu 份核验结果</h1>\n", "<h1>%zu results</h1>\n"), n);
	buf_add_text(out, "<ul class=\"totals\">\n");
	for (size_t i = 0; i < PLACES; i++) {
		if (count[i] > 0)
			buf_printf(out, "<li class=\"%s\"><b>%zu</b> %s</li>\n", words[i].class,
			    count[i], T(words[i].zh, words[i].en));
	}
	buf_add_text(out, "</ul>\n");
	asked(out, f);
}

static void
row_line(struct buf *out, const struct page_frame *f, const struct page_row *r)
{
	buf_printf(out, "<details class=\"row %s\">\n<summary><b class=\"word\">",
	    r->answer != NULL ? verdict_word(r->answer->verdict) : "problem");
	if (r->answer != NULL)
		answer_html_word(out, r->answer, f->lang);
	else
		buf_add_text(out, T("没有完成", "Not done"));
	buf_add_text(out, "</b> <span class=\"name\">");
	html_text(out, r->name);
	buf_add_text(out, "</span> <span class=\"says\">");
	if (r->answer != NULL)
		answer_html_line(out, r->answer, f->lang, served(f));
	else
		html_text(out, span_text(r->problem));
	buf_add_text(out, "</span></summary>\n");
	if (r->answer != NULL)
		answer_html(out, r->answer, f->lang, served(f));
	buf_add_text(out, "</details>\n");
}

void
page_answers(struct buf *out, const struct page_frame *f, const struct page_row *rows, size_t n)
{
	page_begin(out, f, T("核验结果", "Results"));
	totals(out, f, rows, n);
	buf_add_text(out, "<div class=\"rows\">\n");
	for (int p = 0; p < PLACES; p++) {
		for (size_t i = 0; i < n; i++) {
			if ((int)place_of(&rows[i]) == p)
				row_line(out, f, &rows[i]);
		}
	}
	buf_add_text(out, "</div>\n<div class=\"tools\">\n");
	again(out, f, T("核验其他文件", "Check others"));
	buf_add_text(out, "</div>\n");
	page_end(out, f);
}

/* ---- no answer ---- */

static const char *
usual_sentence(unsigned status, enum lang lang)
{
	static const struct {
		unsigned status;
		const char *zh, *en;
	} sentences[] = {
		{ 400, "填写的内容有误，无法核验。请返回改正后再试。",
		    "Something in the form is not right. Go back, mend it and try again." },
		{ 404, "这个网址没有内容。请从核验页重新开始。",
		    "There is nothing at this address. Begin at the form." },
		{ 413,
		    "文件太大：每份不超过 8 MB。证书原件一般不到 1 "
		    "MB，请看是否选错了文件；照片请用较低的分辨率重拍。",
		    "The file is too large: 8 MB at most. A certificate has less than 1 MB, so see "
		    "whether it is the right file; take a photograph again with fewer pixels." },
		{ 415, "这种内容不能核验。请在核验页上传 PDF 原件、.cose、PNG 或 JPEG。",
		    "That kind of content cannot be checked. Send a PDF, .cose, PNG or JPEG by the "
		    "form." },
		{ 429,
		    "校验码输错次数过多。请对照二维码下方的八位校验码，一分钟后再试；有 PDF "
		    "原件的，可直接上传。",
		    "Too many wrong check codes. Compare with the eight characters under the code "
		    "and "
		    "try again in a minute; if you have the PDF, send that." },
		{ 503, "现在太忙，不是您的过错。请过几秒再试；急用时请向发证机关查询。",
		    "Too busy just now, through no fault of yours. Try again in a few seconds; if "
		    "it "
		    "is urgent, ask the bureau." },
	};
	for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
		if (sentences[i].status == status)
			return LANG_PICK(lang, sentences[i].zh, sentences[i].en);
	}
	return LANG_PICK(lang,
	    "服务没有能够完成核验，不是证书的问题。请稍后再试，或向发证机关查询。",
	    "The service could not do it; that says nothing about the certificate. Try again "
	    "later, or "
	    "ask the bureau.");
}

void
page_problem(
    struct buf *out, unsigned status, const char *field, const char *sentence, enum lang lang)
{
	const struct page_frame frame = { .lang = lang }, *f = &frame;

	page_begin(out, f, T("没有完成", "Not done"));
	buf_printf(out,
	    "<section class=\"verdict problem\" data-field=\"%s\">\n<p class=\"word\">%s</p>\n"
	    "<h1 class=\"truth\">",
	    field != NULL ? field : "", T("没有完成", "Not done"));
	html_text(out, span_text(sentence != NULL ? sentence : usual_sentence(status, lang)));
	buf_printf(out, "</h1>\n<p class=\"note\">HTTP %u</p>\n</section>\n", status);
	buf_add_text(out, "<div class=\"tools\">\n");
	again(out, f, T("回到核验页", "Back to the form"));
	buf_add_text(out, "</div>\n");
	page_end(out, f);
}

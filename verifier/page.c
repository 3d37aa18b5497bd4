#include "verifier/page.h"

#include "verifier/answer_html.h"
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
	buf_add_text(out, "</title>\n</head>\n<body>\n<header>\n<a class=\"name\" href=\"/?lang=");
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
	buf_add_text(out, "<p>");
	buf_add_text(out,
	    T("本页是否可信，取决于浏览器地址栏里的网址。请自行输入发证机关的网址 ",
		"This page is worth as much as the address in your browser. Type the bureau's "
		"yourself: "));
	buf_add_text(out, "<b class=\"host\">https://");
	html_text(out, f->host);
	buf_add_text(out, "/</b>");
	buf_add_text(out,
	    T("，不要依赖二维码或他人给的链接。",
		", and trust no link or code to bring you there."));
	buf_add_text(out, "</p>\n");
}

void
page_end(struct buf *out, const struct page_frame *f)
{
	buf_add_text(out, "</main>\n<footer>\n");
	address(out, f);
	buf_add_text(out, "<p>");
	if (f->contact.len > 0) {
		buf_add_text(out, T("发证机关：", "The bureau: "));
		html_text(out, f->contact);
		buf_add_text(out, "<span> · </span>");
	}
	buf_add_text(out,
	    T("<a href=\"/openapi.yaml\">程序接口</a>",
		"<a href=\"/openapi.yaml\">for programs</a>"));
	buf_add_text(out, "</p>\n</footer>\n</body>\n</html>\n");
}

static void
file_field(struct buf *out, const struct page_frame *f)
{
	buf_add_text(out, "<label class=\"drop\" id=\"drop\">\n<b>");
	buf_add_text(
	    out, T("选择证书文件，或拖到这里", "Choose the certificate file, or drop it here"));
	buf_add_text(out, "</b>\n<small>");
	buf_add_text(out,
	    T("发证机关下发的 PDF 原件，或 .cose 文件，不超过 8 MB。文件只用于本次核验，不保存。",
		"The PDF as the bureau sent it, or the .cose file, up to 8 MB. It is checked and "
		"not kept."));
	buf_add_text(out,
	    "</small>\n<input type=\"file\" name=\"file\" id=\"file\" "
	    "accept=\".pdf,.cose,application/pdf\">\n"
	    "</label>\n");
}

static void
number_fields(struct buf *out, const struct page_frame *f)
{
	buf_add_text(out, "<p class=\"or\"><span>");
	buf_add_text(out,
	    T("或者，照证书二维码下方填写",
		"or type what stands under the code on the certificate"));
	buf_add_text(out, "</span></p>\n<div class=\"pair number\">\n<label>");
	buf_add_text(out, T("证书编号", "Certificate number"));
	buf_add_text(out,
	    "<input name=\"number\" maxlength=\"40\" autocomplete=\"off\" "
	    "autocapitalize=\"characters\" "
	    "spellcheck=\"false\" placeholder=\"JC-A-000000-2026-00000-0\"></label>\n<label>");
	buf_add_text(out, T("校验码", "Check code"));
	buf_add_text(out,
	    "<input name=\"check_code\" maxlength=\"16\" autocomplete=\"off\" "
	    "autocapitalize=\"characters\" "
	    "spellcheck=\"false\" placeholder=\"");
	buf_add_text(out, T("8 位", "8 characters"));
	buf_add_text(out, "\"></label>\n</div>\n");
}

static void
question_fields(struct buf *out, const struct page_frame *f)
{
	buf_add_text(out, "<fieldset>\n<legend>");
	buf_add_text(out, T("可以不填", "If you like"));
	buf_add_text(out, "</legend>\n<div class=\"pair\">\n<label>");
	buf_add_text(out,
	    T("应属于哪个单位（统一社会信用代码）", "Must belong to (unified social credit code)"));
	buf_add_text(out,
	    "<input name=\"holder\" maxlength=\"18\" autocomplete=\"off\" "
	    "autocapitalize=\"characters\" "
	    "spellcheck=\"false\" placeholder=\"");
	buf_add_text(out, T("18 位", "18 characters"));
	buf_add_text(out, "\"></label>\n<label>");
	buf_add_text(out, T("在哪一天有效（不填即今日）", "In force on (today, if empty)"));
	buf_add_text(out,
	    "<input type=\"date\" name=\"at\"></label>\n</div>\n<div class=\"choice\">\n"
	    "<label><input type=\"radio\" name=\"for\" value=\"new\" checked> ");
	buf_add_text(out, T("用于承接新项目", "for new contracts"));
	buf_add_text(
	    out, "</label>\n<label><input type=\"radio\" name=\"for\" value=\"existing\"> ");
	buf_add_text(out, T("用于完成已签项目", "to finish existing work"));
	buf_add_text(out, "</label>\n</div>\n</fieldset>\n");
}

void
page_home(struct buf *out, const struct page_frame *f)
{
	page_begin(out, f, T("证书核验", "Check a certificate"));
	buf_add_text(out, "<h1>");
	buf_add_text(
	    out, T("这份证书是真的吗？现在有效吗？", "Is this certificate genuine, and in force?"));
	buf_add_text(out,
	    "</h1>\n<form method=\"post\" action=\"/\" enctype=\"multipart/form-data\">\n"
	    "<input type=\"hidden\" name=\"lang\" value=\"");
	buf_add_text(out, T("zh\">\n", "en\">\n"));
	file_field(out, f);
	if (f->confirm)
		number_fields(out, f);
	question_fields(out, f);
	buf_add_text(out, "<button>");
	buf_add_text(out, T("核验", "Check"));
	buf_add_text(out, "</button>\n</form>\n<p class=\"note\">");
	buf_add_text(out,
	    T("只有纸质证书？用手机扫描二维码，再与纸面逐项核对。",
		"Only paper in your hand? Scan its code with a phone, then compare line by line."));
	buf_add_text(out, "</p>\n");
	page_end(out, f);
}

void
page_answer(struct buf *out, const struct page_frame *f, const struct answer *a)
{
	page_begin(out, f, T("核验结果", "Result"));
	answer_html(out, a, f->lang, ANSWER_HTML_SERVED);
	buf_printf(out, "<p><a class=\"again\" href=\"/?lang=%s\">%s</a></p>\n", T("zh", "en"),
	    T("核验另一份", "check another"));
	page_end(out, f);
}

static const char *
usual_sentence(unsigned status, enum lang lang)
{
	static const struct {
		unsigned status;
		const char *zh, *en;
	} sentences[] = {
		{ 400, "填写的内容有误，无法核验。", "Something in the form is not right." },
		{ 404, "这个网址没有内容。", "There is nothing at this address." },
		{ 413, "文件太大：不超过 8 MB。", "The file is too large: 8 MB at most." },
		{ 429, "校验码输错次数过多，请稍后再试。",
		    "Too many wrong check codes. Try again in a minute." },
		{ 503, "现在太忙，请稍后再试。", "Too busy just now. Try again in a moment." },
	};
	for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
		if (sentences[i].status == status)
			return LANG_PICK(lang, sentences[i].zh, sentences[i].en);
	}
	return LANG_PICK(lang, "没有完成，请稍后再试。", "It could not be done.");
}

void
page_problem(struct buf *out, unsigned status, const char *sentence, enum lang lang)
{
	const struct page_frame frame = { .lang = lang }, *f = &frame;

	page_begin(out, f, T("没有完成", "Not done"));
	buf_add_text(out, "<section class=\"verdict\">\n<p class=\"word\">");
	buf_add_text(out, T("没有完成", "Not done"));
	buf_add_text(out, "</p>\n<p class=\"truth\">");
	html_text(out, span_text(sentence != NULL ? sentence : usual_sentence(status, lang)));
	buf_printf(out,
	    "</p>\n<p class=\"note\">HTTP %u</p>\n</section>\n"
	    "<p><a class=\"again\" href=\"/?lang=%s\">%s</a></p>\n",
	    status, T("zh", "en"), T("回到核验页", "back to the form"));
	page_end(out, f);
}

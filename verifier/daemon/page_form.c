#include "verifier/daemon/page.h"

#include "registry/codes.h"
#include "verifier/words.h"

#define T(zh, en) LANG_PICK(f->lang, zh, en)

/* What a code, a photograph or a file is handed in by. The camera is offered by the script, which needs one. */
static void
file_fields(struct buf *out, const struct page_frame *f)
{
	buf_printf(out,
	    "<div class=\"drop\" id=\"drop\">\n<label for=\"file\"><b>%s<span "
	    "class=\"mouse\">%s</span></b>\n"
	    "<small>%s</small></label>\n<input type=\"file\" name=\"file\" id=\"file\" multiple "
	    "accept=\".pdf,.cose,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg\">\n"
	    "<output id=\"chosen\" for=\"file\"></output>\n</div>\n",
	    T("选择证书文件", "Choose certificate files"), T("，或拖到这里", ", or drop them here"),
	    T("发证机关下发的 PDF 或 .cose；纸质证书，用二维码的照片或扫描件。可多选，每份不超过 8 "
	      "MB，只核验，不保存。",
		"The PDF as the bureau sent it, or the .cose; of paper, a photograph or scan of "
		"its code. One or many, "
		"up to 8 MB each, checked and not kept."));
	buf_printf(out,
	    "<div class=\"ways\">\n<div class=\"take\">\n<label for=\"photo\">%s</label>\n"
	    "<input type=\"file\" name=\"file\" id=\"photo\" accept=\"image/jpeg,image/png\" "
	    "capture=\"environment\">\n</div>\n</div>\n"
	    "<div class=\"choice\">\n<label><input type=\"checkbox\" name=\"scan\" "
	    "value=\"yes\"> %s</label>\n</div>\n",
	    T("拍照识别", "Take a photo"), words_scan(f->lang));
}

/* With room for what is pasted: the label before it, and blanks. */
static void
text_field(struct buf *out, const char *name, const char *label, const char *hint)
{
	buf_printf(out,
	    "<label>%s\n<input name=\"%s\" maxlength=\"64\" autocomplete=\"off\" "
	    "autocapitalize=\"characters\" spellcheck=\"false\" placeholder=\"%s\"></label>\n",
	    label, name, hint);
}

static void
number_fields(struct buf *out, const struct page_frame *f)
{
	buf_printf(out, "<fieldset class=\"number\">\n<legend>%s</legend>\n<div class=\"pair\">\n",
	    T("或者，照二维码下方填写", "Or type what stands under the code"));
	text_field(out, "number", T("证书编号", "Certificate number"), "JC-A-000000-2026-00000-0");
	text_field(out, "check_code", T("校验码", "Check code"), T("8 位", "8 characters"));
	buf_add_text(out, "</div>\n</fieldset>\n");
}

static void
scope_field(struct buf *out, const struct page_frame *f)
{
	size_t n;
	const struct code *scopes = codes_all(&n, CODES_SCOPES);

	buf_printf(out, "<label>%s\n<select name=\"scope\">\n<option value=\"\">%s</option>\n",
	    T("须含业务种类", "Must include the scope"), T("不限", "any"));
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "<option value=\"%s\">%s</option>\n", scopes[i].word,
		    codes_name(&scopes[i], f->lang));
	buf_add_text(out, "</select></label>\n");
}

static void
question_fields(struct buf *out, const struct page_frame *f)
{
	buf_printf(out, "<details>\n<summary>%s</summary>\n<div class=\"pair\">\n",
	    T("另有要求（单位、等级、日期）", "What it must meet (holder, grade, date)"));
	text_field(out, "holder",
	    T("应属于（统一社会信用代码）", "Must belong to (social credit code)"),
	    T("18 位", "18 characters"));
	buf_printf(out,
	    "<label>%s\n<input type=\"date\" name=\"at\"></label>\n<label>%s\n<select "
	    "name=\"grade\">\n"
	    "<option value=\"\">%s</option>\n<option value=\"A\">%s</option>\n"
	    "<option value=\"B\">%s</option>\n</select></label>\n",
	    T("在哪一天有效（不填即今日）", "In force on (today, if empty)"),
	    T("等级不低于", "Grade at least"), T("不限", "any"), T("甲级", "A"), T("乙级", "B"));
	scope_field(out, f);
	buf_printf(out,
	    "</div>\n<fieldset class=\"choice\">\n<legend>%s</legend>\n"
	    "<label><input type=\"radio\" name=\"for\" value=\"new\" checked> %s</label>\n"
	    "<label><input type=\"radio\" name=\"for\" value=\"existing\"> %s</label>\n"
	    "</fieldset>\n</details>\n",
	    T("用途", "Purpose"), T("承接新项目", "new contracts"),
	    T("完成已签项目", "to finish existing work"));
}

void
page_home(struct buf *out, const struct page_frame *f)
{
	page_begin(out, f, T("证书核验", "Check a certificate"));
	buf_printf(out,
	    "<h1 id=\"top\">%s</h1>\n<form method=\"post\" action=\"/\" "
	    "enctype=\"multipart/form-data\">\n<input type=\"hidden\" name=\"lang\" "
	    "value=\"%s\">\n",
	    T("这份证书是真的吗？现在有效吗？", "Is this certificate genuine, and in force?"),
	    T("zh", "en"));
	file_fields(out, f);
	if (f->confirm)
		number_fields(out, f);
	question_fields(out, f);
	buf_printf(out,
	    "<button>%s</button>\n<button class=\"second\" name=\"want\" "
	    "value=\"evidence\">%s</button>\n"
	    "<small class=\"offline\">%s</small>\n</form>\n<p id=\"say\" "
	    "role=\"status\"></p>\n<div id=\"result\"></div>\n",
	    T("核验", "Check"), T("核验并下载证据文件", "Check, and download evidence"),
	    page_offline(f));
	page_end(out, f);
}

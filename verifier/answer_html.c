#include "verifier/answer_html.h"

#include "core/cursor.h"
#include "core/encode.h"
#include "core/rfc3339.h"
#include "verifier/html.h"
#include "verifier/words.h"

#define T(zh, en) LANG_PICK(lang, zh, en)

static bool
is_served(enum answer_html_place place)
{
	return place != ANSWER_HTML_PRINTED;
}

typedef void say_fn(struct buf *out, const struct answer *a, enum lang lang);

static void
say(struct buf *out, say_fn *words, const struct answer *a, enum lang lang)
{
	struct buf text = BUF_EMPTY;

	words(&text, a, lang);
	html_text(out, buf_span(&text));
	buf_free(&text);
}

/* The words are those of one's own computer; on a page it is the service whose data are old. */
static void
say_here(struct buf *out, struct span text, enum lang lang, enum answer_html_place place)
{
	const struct span own = span_text(T("本机", "this computer"));

	while (is_served(place) && text.len > 0) {
		const uint8_t *at = memmem(text.ptr, text.len, own.ptr, own.len);
		if (at == NULL)
			break;
		const size_t before = (size_t)(at - text.ptr);
		html_text(out, span_of(text.ptr, before));
		buf_add_text(out, T("本服务", "this service"));
		text = span_of(at + own.len, text.len - before - own.len);
	}
	html_text(out, text);
}

void
answer_html_word(struct buf *out, const struct answer *a, enum lang lang)
{
	struct answer plain = *a;

	plain.test = false;
	if (a->test)
		buf_printf(out, "<span class=\"test\">%s</span> ", T("测试", "TEST"));
	say(out, words_verdict, &plain, lang);
}

void
answer_html_line(
    struct buf *out, const struct answer *a, enum lang lang, enum answer_html_place place)
{
	struct buf text = BUF_EMPTY;

	words_line(&text, a, lang);
	if (a->verdict == VERDICT_VALID) /* a name is nobody's words */
		html_text(out, buf_span(&text));
	else
		say_here(out, buf_span(&text), lang, place);
	buf_free(&text);
}

void
answer_html_verdict(
    struct buf *out, const struct answer *a, enum lang lang, enum answer_html_place place)
{
	struct buf headline = BUF_EMPTY;

	buf_printf(out, "<section class=\"verdict %s\"", verdict_word(a->verdict));
	if (a->reason != FINDING_NONE)
		buf_printf(out, " data-reason=\"%s\"", finding_word(a->reason));
	buf_add_text(out, " data-line=\"");
	answer_html_line(out, a, lang, place);
	buf_add_text(out, "\">\n<p class=\"word\">");
	answer_html_word(out, a, lang);
	buf_add_text(out, "</p>\n<h2 class=\"truth\">");
	words_headline(&headline, a, lang);
	say_here(out, buf_span(&headline), lang, place);
	buf_free(&headline);
	buf_add_text(out, "</h2>\n</section>\n");
}

/* What a visitor can do where it is this service that lacks data: nothing but come back. */
static void
come_back(struct buf *out, enum lang lang)
{
	buf_add_text(out,
	    T("<p>本服务目前的数据不足以答复，请稍后再试；急用时请向发证机关查询。"
	      "这不是持证单位的过错，不得据此否决。</p>\n",
		"<p>The data this service holds do not suffice. Try again later, or ask the "
		"bureau. It is "
		"not the holder's fault and no reason to reject.</p>\n"));
}

static void
what_now(struct buf *out, const struct answer *a, enum lang lang, enum answer_html_place place)
{
	static const enum words_reader readers[] = {
		[ANSWER_HTML_SERVED] = WORDS_AT_FORM,
		[ANSWER_HTML_SERVED_LOOK_UP] = WORDS_AT_FORM_WITH_LOOK_UP,
		[ANSWER_HTML_PRINTED] = WORDS_ON_PAGE,
	};
	struct buf text = BUF_EMPTY;

	if (a->verdict == VERDICT_VALID)
		return;
	buf_add_text(out,
	    T("<section class=\"now\">\n<h3>如何处理</h3>\n",
		"<section class=\"now\">\n<h3>What now</h3>\n"));
	if (is_served(place) && a->verdict == VERDICT_UNDETERMINED &&
	    a->reason != FINDING_DATE_AFTER_DATA && a->reason != FINDING_CODE_UNREADABLE)
		come_back(out, lang);
	else
		words_what_now(&text, a, lang, readers[place]);
	for (struct cursor c = cursor_over(buf_span(&text)); cursor_left(&c) > 0;) {
		buf_add_text(out, "<p>");
		html_text(out, cursor_until(&c, '\n'));
		buf_add_text(out, "</p>\n");
	}
	buf_free(&text);
	buf_add_text(out, "</section>\n");
}

/* ---- facts, and what to compare with the paper ---- */

static void
row_begin(struct buf *out, const char *label)
{
	buf_printf(out, "<tr><th scope=\"row\">%s</th><td>", label);
}

/* A box to tick where the paper has to be compared. */
static void
row_end(struct buf *out, bool compare, const char *label, enum lang lang)
{
	buf_add_text(out, "</td>");
	if (compare)
		buf_printf(out,
		    T("<td class=\"tick\"><label><input type=\"checkbox\" "
		      "aria-label=\"纸面一致：%s\"></label></td>",
			"<td class=\"tick\"><label><input type=\"checkbox\" "
			"aria-label=\"same on paper: %s\"></label></td>"),
		    label);
	buf_add_text(out, "</tr>\n");
}

static void
row_say(struct buf *out, const char *label, say_fn *words, const struct answer *a, enum lang lang,
    bool compare)
{
	row_begin(out, label);
	say(out, words, a, lang);
	row_end(out, compare, label, lang);
}

static void
say_number(struct buf *out, const struct answer *a, enum lang lang)
{
	buf_printf(out, T("%s，第 %u 版", "%s, version %u"), a->number, a->version);
}

static void
say_holder(struct buf *out, const struct answer *a, enum lang lang)
{
	(void)lang;
	buf_add_text(out, a->holder_zh);
}

static void
say_uscc(struct buf *out, const struct answer *a, enum lang lang)
{
	(void)lang;
	buf_add_text(out, a->uscc);
}

static void
say_authority(struct buf *out, const struct answer *a, enum lang lang)
{
	buf_add_text(out, lang == LANG_ZH ? a->authority_zh : a->authority_en);
}

static void
claims_table(struct buf *out, const struct answer *a, enum lang lang, bool compare)
{
	buf_add_text(out, "<table class=\"facts\">\n");
	if (compare)
		buf_printf(out,
		    T("<thead><tr><td></td><th scope=\"col\">%s</th><th "
		      "scope=\"col\">纸面一致？</th></tr></thead>\n",
			"<thead><tr><td></td><th scope=\"col\">%s</th><th "
			"scope=\"col\">same on paper?</th></tr></thead>\n"),
		    a->confirmed ? T("登记内容", "The registry says")
				 : T("二维码内容", "The code says"));
	buf_add_text(out, "<tbody>\n");
	row_say(out, T("持证单位", "Holder"), say_holder, a, lang, compare);
	row_say(out, T("统一社会信用代码", "Social credit code"), say_uscc, a, lang, compare);
	row_say(out, T("资质", "Holds"), words_qualification, a, lang, compare);
	row_say(out, T("业务种类", "Scopes"), words_scopes, a, lang, compare);
	row_say(out, T("证书", "Certificate"), say_number, a, lang, compare);
	row_say(out, T("有效期", "In force"), compare ? words_validity_printed : words_validity, a,
	    lang, compare);
	if (a->claims_proven && !compare)
		row_say(out, T("发证机关", "Granted by"), say_authority, a, lang, false);
	buf_add_text(out, "</tbody>\n</table>\n");
}

/* What the paper cannot say: an order moved its end. */
static void
extension(struct buf *out, const struct answer *a, enum lang lang)
{
	if (a->end_s <= a->printed_end_s)
		return;
	buf_add_text(out, T("<p>有效期已顺延", "<p>Its validity was extended "));
	say(out, words_extension, a, lang);
	buf_add_text(out, T("（纸面上没有）。</p>\n", " (not on the paper).</p>\n"));
}

static void
facts(struct buf *out, const struct answer *a, enum lang lang)
{
	const bool compare = a->kind == INPUT_CODE && a->verdict == VERDICT_VALID;

	if (!a->claims_read)
		return;
	buf_add_text(out, "<section>\n");
	if (!a->claims_proven)
		buf_add_text(out,
		    T("<h3>所载内容</h3>\n<p class=\"warn unproven\">以下内容均未得到证实。</p>\n",
			"<h3>It claims</h3>\n<p class=\"warn unproven\">Nothing of this is "
			"confirmed.</p>\n"));
	else if (compare)
		buf_printf(out,
		    T("<h3>请与纸面逐项核对</h3>\n<p "
		      "class=\"warn\">%s。有一项不符，即按伪造处理。</p>\n",
			"<h3>Compare with the paper</h3>\n<p class=\"warn\">%s. "
			"One difference: treat the paper as forged.</p>\n"),
		    a->confirmed
			? T("编号和校验码可以被抄录", "Number and check code can be copied")
			: T("二维码可以被复制", "A code can be copied"));
	else
		buf_add_text(out, T("<h3>证书内容</h3>\n", "<h3>The certificate</h3>\n"));
	claims_table(out, a, lang, compare);
	if (compare)
		extension(out, a, lang);
	buf_add_text(out, "</section>\n");
}

/* ---- the checks ---- */

static void
check(struct buf *out, enum reply r, enum lang lang)
{
	static const char *const classes[] = { "none", "yes", "no", "unknown" };
	static const char *const zh[] = { "—", "是", "否", "？" };
	static const char *const en[] = { "—", "yes", "NO", "?" };

	buf_printf(out, "<li class=\"%s\"><b>%s</b><span>", classes[r], T(zh[r], en[r]));
}

static void
check_note(struct buf *out, const char *text, enum lang lang)
{
	check(out, REPLY_NOT_ASKED, lang);
	buf_add_text(out, text);
	buf_add_text(out, "</span></li>\n");
}

static void
check_part(struct buf *out, const struct answer *a, enum part p, enum lang lang,
    enum answer_html_place place)
{
	const struct part_answer *pa = &a->parts[p];
	struct buf text = BUF_EMPTY;

	if (!words_has_part(a, p))
		return;
	words_part(&text, a, p, lang);
	if (pa->detail[0] != '\0')
		buf_printf(&text, T("；%s", "; %s"), pa->detail);
	check(out, pa->reply, lang);
	say_here(out, buf_span(&text), lang, place);
	buf_add_text(out, "</span></li>\n");
	buf_free(&text);
}

static void
checks(struct buf *out, const struct answer *a, enum lang lang, enum answer_html_place place)
{
	buf_add_text(out,
	    T("<section>\n<h3>核验项</h3>\n<ul class=\"checks\">\n",
		"<section>\n<h3>Checked</h3>\n<ul class=\"checks\">\n"));
	check_part(out, a, PART_AUTHENTIC, lang, place);
	if (a->confirmed && a->claims_proven) {
		check_note(out,
		    T("纸面本身及其二维码：没有看过，只能由您核对",
			"the paper itself and its code: not seen here, so compare"),
		    lang);
	} else if (a->kind == INPUT_CODE && a->claims_proven) {
		check_note(out,
		    T("纸面本身：二维码可被复制，只能由您目视核对",
			"the paper itself: a code can be copied, so compare"),
		    lang);
		check_note(out,
		    T("法定代表人、地址、印章：二维码中没有",
			"legal representative, address, stamp: not in the code"),
		    lang);
	}
	check_part(out, a, PART_BOUND, lang, place);
	check_part(out, a, PART_APPROVED, lang, place);
	check_part(out, a, PART_REGISTERED, lang, place);
	check_part(out, a, PART_IN_FORCE, lang, place);
	check_part(out, a, PART_FIT, lang, place);
	buf_add_text(out, "</ul>\n</section>\n");
}

/* A file whose seal does not hold: what is wrong with it, and nothing that it shows. */
static void
change(struct buf *out, const struct answer *a, enum lang lang)
{
	buf_printf(out, "<section>\n<h3>%s</h3>\n<p>", words_change_label(a, lang));
	say(out, words_change, a, lang);
	buf_add_text(out,
	    T("</p>\n<p class=\"warn\">版面内容不可采信，无论它显示什么。</p>\n</section>\n",
		"</p>\n<p class=\"warn\">Its page cannot be relied on, whatever it "
		"shows.</p>\n</section>\n"));
}

/* ---- effects, status, evidence ---- */

static void
allowed(struct buf *out, const char *label, enum work e, enum lang lang)
{
	static const char *const classes[] = { "no", "supervised", "yes" };

	buf_printf(out, "<div class=\"%s\"><dt>%s</dt><dd>%s</dd></div>\n", classes[e], label,
	    words_effect(e, lang));
}

static void
effects(struct buf *out, const struct answer *a, enum lang lang)
{
	if (!words_has_effects(a))
		return;
	buf_add_text(out,
	    T("<section>\n<h3>准予</h3>\n<dl class=\"allows\">\n",
		"<section>\n<h3>Allows</h3>\n<dl class=\"allows\">\n"));
	allowed(out, T("承接新项目", "new contracts"), a->effects.new_work, lang);
	allowed(out, T("完成已签项目", "finishing existing work"), a->effects.existing_work, lang);
	buf_add_text(out, "</dl>\n</section>\n");
}

static void
add_time(struct buf *out, int64_t t_s)
{
	char at[RFC3339_TEXT_BYTES];
	rfc3339_format(at, t_s);
	buf_printf(out, "%.10s %.8s +08:00", at, at + 11);
}

static void
status(struct buf *out, const struct answer *a, enum lang lang)
{
	char until[CIVIL_TEXT_BYTES];

	if (a->data_iat_s == 0)
		return;
	civil_format(until, civil_of(a->data_exp_s));
	buf_add_text(out, T("<p class=\"status\">状态截至 ", "<p class=\"status\">Status of "));
	add_time(out, a->data_iat_s);
	buf_add_text(out, T("（", ", "));
	words_age(out, a->now_s - a->data_iat_s, lang);
	if (a->now_s < a->data_exp_s)
		buf_printf(out, T("），可用至 %s", ", good until %s"), until);
	else
		buf_printf(out, T("），仅可用至 %s", ", was good until %s"), until);
	if (a->known_s != a->now_s) {
		buf_add_text(out, T("；", "; "));
		say(out, words_known, a, lang);
	}
	if (a->live)
		buf_add_text(out, T("；此后的变动已计入", "; a change since then is counted in"));
	buf_add_text(out, "</p>\n");
}

static void
evidence_hash(struct buf *out, const char *label, const uint8_t hash[32])
{
	char hex[65];
	hex_encode(hex, span_of(hash, 32));
	buf_printf(out, "<dt>%s</dt><dd class=\"hash\">%s</dd>\n", label, hex);
}

static void
evidence(struct buf *out, const struct answer *a, enum lang lang)
{
	buf_add_text(out, "<dl class=\"evidence\">\n");
	if (a->kind == INPUT_PDF || a->kind == INPUT_COSE)
		evidence_hash(out, T("文件 SHA-256", "SHA-256 of the file"), a->input_sha256);
	if (a->claims_read)
		evidence_hash(
		    out, T("签名数据 SHA-256", "SHA-256 of the signed record"), a->credential_hash);
	if (a->data_iat_s != 0) {
		buf_printf(out,
		    T("<dt>状态快照</dt><dd>第 %llu 号，", "<dt>Snapshot</dt><dd>no. %llu, "),
		    (unsigned long long)a->data_seq);
		add_time(out, a->data_iat_s);
		buf_add_text(out,
		    a->unwitnessed ? T("；日志无见证", "; log: unwitnessed")
				   : T("；日志有见证", "; log: witnessed"));
		buf_add_text(out, "</dd>\n");
	}
	if (a->reason != FINDING_NONE)
		buf_printf(out, T("<dt>原因代码</dt><dd>%s</dd>\n", "<dt>Reason</dt><dd>%s</dd>\n"),
		    finding_word(a->reason));
	buf_add_text(out, T("<dt>核验时间</dt><dd>", "<dt>Checked at</dt><dd>"));
	add_time(out, a->now_s);
	buf_add_text(out, "</dd>\n</dl>\n");
}

static void
evidence_section(
    struct buf *out, const struct answer *a, enum lang lang, enum answer_html_place place)
{
	buf_add_text(out,
	    T("<section class=\"basis\">\n<h3>依据</h3>\n",
		"<section class=\"basis\">\n<h3>Evidence</h3>\n"));
	evidence(out, a, lang);
	if (is_served(place))
		buf_add_text(out,
		    T("<p class=\"note\">网页的答复只与其服务器同样可信。要不依赖任何服务器，请用 "
		      "qualverify 在本机核验。</p>\n",
			"<p class=\"note\">A page is as trustworthy as its server. To depend on "
			"none, "
			"check with qualverify on your own computer.</p>\n"));
	buf_add_text(out, "</section>\n");
}

void
answer_html_rest(
    struct buf *out, const struct answer *a, enum lang lang, enum answer_html_place place)
{
	what_now(out, a, lang, place);
	facts(out, a, lang);
	effects(out, a, lang);
	if (answer_is_failed_file(a))
		change(out, a, lang);
	else
		checks(out, a, lang, place);
	status(out, a, lang);
	evidence_section(out, a, lang, place);
}

void
answer_html(struct buf *out, const struct answer *a, enum lang lang, enum answer_html_place place)
{
	answer_html_verdict(out, a, lang, place);
	answer_html_rest(out, a, lang, place);
}

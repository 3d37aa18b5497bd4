#include "verifier/evidence_page.h"

#include "core/encode.h"
#include "verifier/answer_html.h"
#include "verifier/evidence_words.h"
#include "verifier/html.h"
#include "verifier/verify.h"
#include "verifier/words.h"

#define CODE_SHOWN 32

#define T(zh, en) LANG_PICK(lang, zh, en)

static const char style[] = {
#include "page.css.inc"
#include "print.css.inc"
};

static void
add_hash(struct buf *out, const uint8_t sha256[SHA256_BYTES])
{
	char hex[2 * SHA256_BYTES + 1];

	hex_encode(hex, span_of(sha256, SHA256_BYTES));
	buf_printf(out, "<span class=\"hash\">%s</span>", hex);
}

static void
add_text(struct buf *out, struct buf *text)
{
	html_text(out, buf_span(text));
	buf_free(text);
}

/* A code is called by its address, which has hundreds of digits. */
static void
add_name(struct buf *out, const char *name)
{
	const struct span text = span_text(name);
	const bool long_code = verify_is_code(text) && text.len > CODE_SHOWN;

	html_text(out, long_code ? span_of(name, CODE_SHOWN) : text);
	if (long_code)
		buf_add_text(out, "…");
}

/* ---- an answer ---- */

static void
add_verdict(struct buf *out, const struct evidence_judged *j, enum lang lang)
{
	struct buf text = BUF_EMPTY;

	if (j->answer.verdict != VERDICT_UNDECIDED)
		words_verdict(&text, &j->answer, lang);
	else
		evidence_recorded(&text, j, lang);
	add_text(out, &text);
	if (j->answer.verdict != VERDICT_UNDECIDED && j->answer.reason != FINDING_NONE)
		buf_printf(out, "<br><small>%s</small>", finding_word(j->answer.reason));
	if (j->answer.verdict == VERDICT_VALID && j->answer.kind == INPUT_CODE)
		buf_printf(out, "<br><small>%s</small>", words_code_only(&j->answer, lang));
}

/* The checks in a cell: those that are a yes by their word alone. */
static void
add_parts(struct buf *out, const struct answer *a, enum lang lang)
{
	static const char *const marks[] = { "", "✓", "✗", "?" };

	if (a->verdict == VERDICT_UNDECIDED)
		return;
	buf_add_text(out, "<div class=\"parts\">");
	for (int p = 0; p < PART_COUNT; p++) {
		if (a->parts[p].reply != REPLY_NOT_ASKED)
			buf_printf(out, "<span>%s&nbsp;%s</span> ", marks[a->parts[p].reply],
			    words_part_name((enum part)p, lang));
	}
	buf_add_text(out, "</div>");
}

static void
add_holder(struct buf *out, const struct answer *a, enum lang lang)
{
	if (!a->claims_read)
		return;
	if (!a->claims_proven)
		buf_add_text(out, T("未证实：", "unconfirmed: "));
	html_text(out, span_text(a->holder_zh));
	buf_add_text(out, "<br>");
	html_text(out, span_text(a->number));
}

static void
add_row(
    struct evidence_page *page, const struct evidence_input *in, const struct evidence_judged *j)
{
	const enum lang lang = page->lang;
	struct buf *out = &page->rows;
	struct buf asked = BUF_EMPTY;

	buf_printf(
	    out, "<tr class=\"%s\"><td>%zu</td><td>", verdict_word(j->answer.verdict), page->n);
	add_name(out, in->name);
	buf_add_text(out, "<br>");
	add_hash(out, in->sha256);
	buf_add_text(out, "<br><small>");
	evidence_asked(&asked, &j->question, lang);
	add_text(out, &asked);
	buf_add_text(out, "</small></td><td class=\"said\">");
	add_verdict(out, j, lang);
	buf_add_text(out, "</td><td>");
	add_holder(out, &j->answer, lang);
	add_parts(out, &j->answer, lang);
	buf_printf(out, "</td><td>%s</td></tr>\n", evidence_outcome_words(j->outcome, lang));
}

static void
add_details(
    struct evidence_page *page, const struct evidence_input *in, const struct evidence_judged *j)
{
	const enum lang lang = page->lang;
	struct buf *out = &page->details;
	struct buf text = BUF_EMPTY;

	buf_printf(out, "<article>\n<h2 class=\"file\">%zu. ", page->n);
	add_name(out, in->name);
	buf_add_text(out, "</h2>\n");
	buf_printf(out, "<section class=\"outcome %s\">\n<h2>%s</h2>\n<p>",
	    evidence_outcome_word(j->outcome), evidence_outcome_words(j->outcome, lang));
	evidence_explain(&text, j, lang);
	add_text(out, &text);
	buf_add_text(out, T("</p>\n<p>所问：", "</p>\n<p>Asked: "));
	evidence_asked(&text, &j->question, lang);
	add_text(out, &text);
	buf_add_text(
	    out, T("</p>\n<p>当时文件的 SHA-256：", "</p>\n<p>SHA-256 of what was checked: "));
	add_hash(out, in->sha256);
	buf_add_text(out, "</p>\n</section>\n");
	if (j->outcome != EVIDENCE_NEEDS_FILE)
		answer_html(out, &j->answer, lang, ANSWER_HTML_PRINTED);
	buf_add_text(out, "</article>\n");
}

void
evidence_page_add(
    struct evidence_page *page, const struct evidence_input *in, const struct evidence_judged *j)
{
	page->n++;
	page->outcomes[j->outcome]++;
	page->test |= j->answer.test;
	add_row(page, in, j);
	if (page->e->n_records <= EVIDENCE_PAGE_WHOLE)
		add_details(page, in, j);
}

/* ---- around them ---- */

static void
add_fact(struct buf *out, const char *label)
{
	buf_printf(out, "<tr><th scope=\"row\">%s</th><td>", label);
}

static void
add_root(struct buf *out, const struct evidence_bureau *b, enum lang lang)
{
	add_fact(out, T("所信根密钥集指纹", "Root set believed"));
	add_hash(out, b->fingerprint);
	buf_add_text(out,
	    b->guarded ? T("<br>当时防回退", "<br>guarded against roll-back then")
		       : T("<br>当时未防回退", "<br>not guarded against roll-back then"));
	buf_add_text(out, "</td></tr>\n");
}

static void
add_facts(struct buf *out, const struct evidence_page *page, int64_t now_s, const char *program)
{
	const enum lang lang = page->lang;
	const struct evidence *e = page->e;

	buf_add_text(out, "<section>\n<table class=\"facts\"><tbody>\n");
	add_fact(out, T("核验时间", "Checked at"));
	evidence_time(out, e->now_s);
	buf_add_text(
	    out, T("（核验所用计算机的时钟），", " (clock of the computer that checked), "));
	html_text(out, span_text(e->program));
	buf_add_text(out, "</td></tr>\n");
	add_fact(out, T("证据包 SHA-256", "SHA-256 of the evidence"));
	add_hash(out, e->sha256);
	buf_add_text(out, "</td></tr>\n");
	for (size_t i = 0; i < e->n_bureaus; i++)
		add_root(out, &e->bureaus[i], lang);
	add_fact(out, T("重验时间", "Worked out again at"));
	evidence_time(out, now_s);
	buf_add_text(out, T("，", ", "));
	html_text(out, span_text(program));
	buf_add_text(out, "</td></tr>\n");
	add_fact(out, T("结果", "Outcome"));
	for (int i = EVIDENCE_NEEDS_FILE; i >= 0; i--)
		if (page->outcomes[i] > 0)
			buf_printf(out, "%s: %zu<br>",
			    evidence_outcome_words((enum evidence_outcome)i, lang),
			    page->outcomes[i]);
	buf_add_text(out, "</td></tr>\n</tbody></table>\n</section>\n");
}

static void
add_table(struct buf *out, const struct evidence_page *page)
{
	const enum lang lang = page->lang;

	buf_add_text(out, "<table class=\"answers\">\n<thead><tr><th class=\"number\"></th>");
	buf_add_text(out,
	    T("<th>文件、SHA-256、所问</th><th>答复</th><th>持证单位与核验项</th><th>重验</th>",
		"<th>File, SHA-256, asked</th><th>Answer</th><th>Holder and checks</th>"
		"<th>Again</th>"));
	buf_add_text(out, "</tr></thead>\n<tbody>\n");
	buf_add_span(out, buf_span(&page->rows));
	buf_add_text(out, "</tbody>\n</table>\n");
}

static void
add_limits(struct buf *out, enum lang lang)
{
	buf_add_text(out,
	    T("<section class=\"limits\">\n<h2>本页能证明什么</h2>\n"
	      "<p>本页只是证据包的打印件，凭证是证据包本身：用 qualverify evidence "
	      "重验即可，无需联网，也无需相信本页。</p>\n"
	      "<p>"
	      "核验时间只是核验所用计算机所言；证据包没有任何人的签名。如需确定时间，请对证据包的 "
	      "SHA-256 加盖时间戳或办理公证。此后证书可能已变动，现在的状态请现在核验。</p>\n"
	      "</section>\n",
		"<section class=\"limits\">\n<h2>What this page proves</h2>\n"
		"<p>It is a print of the evidence file, and that file is the proof: qualverify "
		"evidence works it out "
		"again, without a network and without believing this page.</p>\n"
		"<p>The time of checking is the word of the computer that checked, and nobody "
		"signed the evidence. "
		"Where the time matters, have a time-stamp or a notary fix the SHA-256 of the "
		"file. The certificate "
		"may have changed since: for now, ask now.</p>\n</section>\n"));
}

bool
evidence_page_end(struct buf *out, struct evidence_page *page, int64_t now_s, const char *program,
    struct err *err)
{
	const enum lang lang = page->lang;

	buf_printf(out,
	    "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
	    "'unsafe-inline'\">\n<title>%s</title>\n<style>\n",
	    T("zh-CN", "en"), T("证书核验记录", "Record of a certificate check"));
	buf_add_text(out, style);
	buf_add_text(out, "</style>\n</head>\n<body class=\"paper\">\n<main>\n");
	if (page->test)
		buf_add_text(out,
		    T("<p class=\"banner\"><b>测试</b> 演示系统，这里没有一份真实的证书。</p>\n",
			"<p class=\"banner\"><b>TEST</b> A demonstration: no certificate here is "
			"real.</p>\n"));
	buf_printf(out, "<h1>%s</h1>\n", T("证书核验记录", "Record of a certificate check"));
	add_facts(out, page, now_s, program);
	if (page->n > 1)
		add_table(out, page);
	buf_add_span(out, buf_span(&page->details));
	add_limits(out, lang);
	buf_add_text(out, "</main>\n</body>\n</html>\n");
	const bool ok = buf_ok(&page->rows, err) && buf_ok(&page->details, err) && buf_ok(out, err);
	buf_free(&page->rows);
	buf_free(&page->details);
	return ok;
}

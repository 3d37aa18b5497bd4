#include "verifier/screen.h"

#include "core/rfc3339.h"
#include "core/text.h"
#include "verifier/words.h"

#define LABEL_COLUMNS 14
#define LINE_COLUMNS 84
#define LINE_LABEL 13 /* verdicts of many inputs */
#define TEST_LABEL 5  /* more of them under a test bundle */
#define CHECK_COLUMNS(lang) (LABEL_COLUMNS + ((lang) == LANG_ZH ? 4u : 5u))

static void
pad_to(struct buf *out, size_t from, size_t column)
{
	size_t used = text_columns(span_of(out->ptr + from, out->len - from));
	for (; used < column; used++)
		buf_add_byte(out, ' ');
}

/* "  Holder      " */
static void
label(struct buf *out, const char *text)
{
	const size_t at = out->len;
	buf_add_text(out, "  ");
	buf_add_text(out, text);
	pad_to(out, at, LABEL_COLUMNS);
}

static void
colour_on(struct buf *out, const struct answer *a, bool colour)
{
	static const char *const codes[] = { "", "\033[1;32m", "\033[1;31m", "\033[1;33m" };
	if (colour)
		buf_add_text(out, codes[a->verdict]);
}

static void
colour_off(struct buf *out, bool colour)
{
	if (colour)
		buf_add_text(out, "\033[0m");
}

/* Does a line break well behind this character? */
static bool
breaks_after(struct span character)
{
	return span_is(character, " ") || span_is(character, "：") || span_is(character, "；") ||
	    span_is(character, "，") || span_is(character, "、") || span_is(character, "。");
}

void
screen_wrapped(struct buf *out, struct span text, size_t column, size_t indent)
{
	size_t begin = 0, pos = 0;

	while (begin < text.len) {
		const size_t before = pos;
		const bool more = text_next(text, &pos) >= 0;
		if (more && !breaks_after(span_of(text.ptr + before, pos - before)))
			continue;
		const struct span word = span_of(text.ptr + begin, pos - begin);
		if (column > indent && column + text_columns(word) > LINE_COLUMNS) {
			while (out->len > 0 && out->ptr[out->len - 1] == ' ')
				out->len--;
			buf_printf(out, "\n%*s", (int)indent, "");
			column = indent;
		}
		buf_add_span(out, word);
		column += text_columns(word);
		begin = pos;
	}
}

static void
first_line(struct buf *out, const struct answer *a, enum lang lang, bool colour)
{
	struct buf verdict = BUF_EMPTY, headline = BUF_EMPTY;
	words_verdict(&verdict, a, lang);
	colour_on(out, a, colour);
	buf_add_span(out, buf_span(&verdict));
	colour_off(out, colour);
	size_t used = text_columns(buf_span(&verdict));
	do {
		buf_add_byte(out, ' ');
	} while (++used < LABEL_COLUMNS);
	if (used > LABEL_COLUMNS) {
		buf_add_byte(out, ' ');
		used++;
	}
	words_headline(&headline, a, lang);
	screen_wrapped(out, buf_span(&headline), used, LABEL_COLUMNS);
	buf_add_text(out, "\n\n");
	buf_free(&verdict);
	buf_free(&headline);
}

static void
escaped(struct buf *out, const char *text)
{
	text_escape(out, span_text(text));
}

/* A line of facts that wraps at "; " or "；" under its label. */
static void
scopes_line(struct buf *out, const struct answer *a, enum lang lang)
{
	struct buf text = BUF_EMPTY;
	size_t column = LABEL_COLUMNS;
	words_scopes(&text, a, lang);
	const char *separator = LANG_PICK(lang, "；", "; ");
	struct span rest = buf_span(&text);

	buf_printf(out, "%*s", LABEL_COLUMNS, "");
	while (rest.len > 0) {
		const uint8_t *cut = memmem(rest.ptr, rest.len, separator, strlen(separator));
		const size_t n =
		    cut != NULL ? (size_t)(cut - rest.ptr) + strlen(separator) : rest.len;
		const struct span item = span_of(rest.ptr, n);
		if (column > LABEL_COLUMNS && column + text_columns(item) > LINE_COLUMNS) {
			buf_printf(out, "\n%*s", LABEL_COLUMNS, "");
			column = LABEL_COLUMNS;
		}
		buf_add_span(out, item);
		column += text_columns(item);
		rest = span_of(rest.ptr + n, rest.len - n);
	}
	buf_add_byte(out, '\n');
	buf_free(&text);
}

static void
number_line(struct buf *out, const struct answer *a, enum lang lang)
{
	buf_printf(out, LANG_PICK(lang, "%s，第 %u 版", "%s, version %u"), a->number, a->version);
}

static void
facts(struct buf *out, const struct answer *a, enum lang lang)
{
	label(out, LANG_PICK(lang, "持证单位", "Holder"));
	escaped(out, a->holder_zh);
	buf_add_byte(out, '\n');
	buf_printf(out, "%*s%s %s\n", LABEL_COLUMNS, "",
	    LANG_PICK(lang, "统一社会信用代码", "unified social credit code"), a->uscc);
	label(out, LANG_PICK(lang, "资质", "Holds"));
	words_qualification(out, a, lang);
	buf_add_byte(out, '\n');
	scopes_line(out, a, lang);
	label(out, LANG_PICK(lang, "证书", "Certificate"));
	number_line(out, a, lang);
	buf_add_byte(out, '\n');
	label(out, LANG_PICK(lang, "发证机关", "Granted by"));
	escaped(out, lang == LANG_ZH ? a->authority_zh : a->authority_en);
	buf_add_byte(out, '\n');
	if (words_has_effects(a)) {
		struct buf text = BUF_EMPTY;
		label(out, LANG_PICK(lang, "有效期", "In force"));
		words_validity(&text, a, lang);
		screen_wrapped(out, buf_span(&text), LABEL_COLUMNS, LABEL_COLUMNS);
		buf_add_byte(out, '\n');
		buf_free(&text);
	}
	buf_add_byte(out, '\n');
}

/* What the paper cannot say: an order moved its end. */
static void
extension(struct buf *out, const struct answer *a, enum lang lang)
{
	struct buf text = BUF_EMPTY;

	words_extension(&text, a, lang);
	if (text.len > 0) {
		buf_add_text(&text, LANG_PICK(lang, "（纸面上没有）", " (not on the paper)"));
		label(out, LANG_PICK(lang, "已顺延", "Extended"));
		screen_wrapped(out, buf_span(&text), LABEL_COLUMNS, LABEL_COLUMNS);
		buf_add_byte(out, '\n');
	}
	buf_free(&text);
}

/* "    Holder      示例…                 [ ]": a line to tick against the paper. */
static void
tick(struct buf *out, const char *name, struct buf *value)
{
	const size_t at = out->len;
	buf_add_text(out, "    ");
	buf_add_text(out, name);
	pad_to(out, at, 16);
	buf_add_span(out, buf_span(value));
	pad_to(out, at, 70);
	buf_add_text(out, " [ ]\n");
	buf_free(value);
}

static void
compare(struct buf *out, const struct answer *a, enum lang lang)
{
	struct buf v = BUF_EMPTY;
	const size_t at = out->len;

	buf_add_text(out, LANG_PICK(lang, "  二维码内容", "  The code says"));
	pad_to(out, at, 66);
	buf_add_text(out, LANG_PICK(lang, "纸面一致？\n", "same on paper?\n"));
	escaped(&v, a->holder_zh);
	tick(out, LANG_PICK(lang, "持证单位", "Holder"), &v);
	buf_add_text(&v, a->uscc);
	tick(out, LANG_PICK(lang, "信用代码", "Code"), &v);
	words_qualification(&v, a, lang);
	tick(out, LANG_PICK(lang, "资质", "Holds"), &v);
	words_scopes(&v, a, lang);
	tick(out, LANG_PICK(lang, "业务种类", "Scopes"), &v);
	number_line(&v, a, lang);
	tick(out, LANG_PICK(lang, "证书", "Certificate"), &v);
	words_validity_printed(&v, a, lang);
	tick(out, LANG_PICK(lang, "有效期", "In force"), &v);
	buf_add_text(out,
	    LANG_PICK(lang, "  有一项不符，即按伪造处理。\n",
		"  One difference: treat the paper as forged.\n"));
	extension(out, a, lang);
	buf_add_byte(out, '\n');
}

static void
claims(struct buf *out, const struct answer *a, enum lang lang)
{
	label(out, LANG_PICK(lang, "所载内容", "It claims"));
	escaped(out, a->holder_zh);
	buf_printf(out, LANG_PICK(lang, "，%s，%s\n", ", %s, %s\n"),
	    a->grade == 1 ? LANG_PICK(lang, "甲级", "Grade A") : LANG_PICK(lang, "乙级", "Grade B"),
	    a->number);
	buf_printf(out, "%*s%s\n\n", LABEL_COLUMNS, "",
	    LANG_PICK(lang, "以上均未得到证实。", "Nothing of this is confirmed."));
}

static void
check_line(struct buf *out, bool *first, const char *mark, enum lang lang)
{
	const size_t at = out->len;
	if (*first)
		label(out, LANG_PICK(lang, "核验项", "Checked"));
	else
		buf_printf(out, "%*s", LABEL_COLUMNS, "");
	*first = false;
	buf_add_text(out, mark);
	pad_to(out, at, CHECK_COLUMNS(lang));
}

/* What a code cannot tell. */
static void
checks_of_code(struct buf *out, bool *first, const struct answer *a, enum lang lang)
{
	if (!a->claims_proven && a->parts[PART_AUTHENTIC].reply != REPLY_YES)
		return;
	check_line(out, first, "--", lang);
	if (!a->claims_proven) {
		buf_add_text(out,
		    LANG_PICK(lang, "两人批准：二维码中没有\n",
			"two officers' approval: not in a code\n"));
		return;
	}
	buf_add_text(out,
	    LANG_PICK(lang, "纸面本身：二维码可被复制，只能由您目视核对\n",
		"the paper itself: a code can be copied, so compare\n"));
	check_line(out, first, "--", lang);
	buf_add_text(out,
	    LANG_PICK(lang, "法定代表人、地址、印章：二维码中没有\n",
		"legal representative, address, stamp: not in the code\n"));
}

/* What could be asked besides. */
static void
checks_not_asked(struct buf *out, bool *first, const struct answer *a, enum lang lang)
{
	if (a->kind == INPUT_CODE || a->verdict != VERDICT_VALID ||
	    a->parts[PART_FIT].reply != REPLY_NOT_ASKED)
		return;
	check_line(out, first, "--", lang);
	buf_add_text(out,
	    LANG_PICK(lang, "是否为贵方的投标人      加 --holder 统一社会信用代码\n",
		"is it your bidder's?       add --holder 18-CHARACTER-CODE\n"));
	check_line(out, first, "--", lang);
	buf_add_text(out,
	    LANG_PICK(lang, "等级和业务种类是否满足  加 --grade A --scope software\n",
		"grade and scope enough?    add --grade A --scope software\n"));
}

static const char *
mark_of(enum reply reply, enum lang lang)
{
	if (reply == REPLY_YES)
		return LANG_PICK(lang, "是", "yes");
	return reply == REPLY_NO ? LANG_PICK(lang, "否", "NO") : "?";
}

/* A mark, in colour if it is a NO, and what it is about; the text is freed. */
static void
check(struct buf *out, bool *first, enum reply reply, struct buf *text, enum lang lang, bool colour)
{
	const char *mark = mark_of(reply, lang);

	if (reply == REPLY_NO && colour) {
		struct buf marked = BUF_EMPTY;
		buf_printf(&marked, "\033[1;31m%s\033[0m", mark);
		check_line(out, first, buf_text(&marked), lang);
		buf_add_text(out, LANG_PICK(lang, "  ", "   "));
		buf_free(&marked);
	} else {
		check_line(out, first, mark, lang);
	}
	screen_wrapped(out, buf_span(text), CHECK_COLUMNS(lang), CHECK_COLUMNS(lang));
	buf_add_byte(out, '\n');
	buf_free(text);
}

static void
check_part(
    struct buf *out, bool *first, const struct answer *a, enum part p, enum lang lang, bool colour)
{
	struct buf text = BUF_EMPTY;

	if (!words_has_part(a, p))
		return;
	words_part(&text, a, p, lang);
	if (a->parts[p].detail[0] != '\0') {
		buf_add_text(&text, LANG_PICK(lang, "；", "; "));
		escaped(&text, a->parts[p].detail);
	}
	check(out, first, a->parts[p].reply, &text, lang, colour);
}

static void
checks(struct buf *out, const struct answer *a, enum lang lang, bool colour)
{
	struct buf unknown = BUF_EMPTY;
	bool first = true;

	const bool known = !words_unknown_here(&unknown, a, lang);
	check_part(out, &first, a, PART_AUTHENTIC, lang, colour);
	if (a->kind == INPUT_CODE)
		checks_of_code(out, &first, a, lang);
	if (known)
		check_part(out, &first, a, PART_BOUND, lang, colour);
	check_part(out, &first, a, PART_APPROVED, lang, colour);
	if (known) {
		check_part(out, &first, a, PART_REGISTERED, lang, colour);
		check_part(out, &first, a, PART_IN_FORCE, lang, colour);
	} else {
		check(out, &first, REPLY_UNKNOWN, &unknown, lang, colour);
	}
	check_part(out, &first, a, PART_FIT, lang, colour);
	checks_not_asked(out, &first, a, lang);
}

static void
stale(struct buf *out, const struct answer *a, const char *day, enum lang lang)
{
	buf_printf(out, LANG_PICK(lang, "），仅可用至 %s\n", ", was good until %s\n"), day);
	buf_printf(out, LANG_PICK(lang, "%*s（%s）。", "%*s(%s). "), LABEL_COLUMNS, "",
	    finding_word(FINDING_STATUS_STALE));
	words_then(out, a, lang);
	buf_add_byte(out, '\n');
}

/* Where it was asked what was known then, this is the answer of then. */
static void
known(struct buf *out, const struct answer *a, enum lang lang)
{
	struct buf text = BUF_EMPTY;

	words_known(&text, a, lang);
	if (text.len > 0) {
		label(out, LANG_PICK(lang, "依据", "Answered"));
		buf_add_span(out, buf_span(&text));
		buf_add_byte(out, '\n');
	}
	buf_free(&text);
}

static void
status_lines(struct buf *out, const struct answer *a, enum lang lang)
{
	char at[RFC3339_TEXT_BYTES], day[CIVIL_TEXT_BYTES];

	if (words_has_effects(a)) {
		label(out, LANG_PICK(lang, "准予", "Allows"));
		buf_printf(out,
		    LANG_PICK(lang, "承接新项目：%-4s    完成已签项目：%s\n",
			"new contracts: %-8s finishing existing work: %s\n"),
		    words_effect(a->effects.new_work, lang),
		    words_effect(a->effects.existing_work, lang));
	}
	if (a->data_iat_s == 0)
		return;
	known(out, a, lang);
	rfc3339_format(at, a->data_iat_s);
	civil_format(day, civil_of(a->data_exp_s));
	label(out, LANG_PICK(lang, "状态截至", "Status of"));
	buf_printf(out, LANG_PICK(lang, "%.10s %.5s（", "%.10s %.5s +08:00, "), at, at + 11);
	words_age(out, a->now_s - a->data_iat_s, lang);
	if (a->now_s < a->data_exp_s)
		buf_printf(out, LANG_PICK(lang, "），可用至 %s\n", ", good until %s\n"), day);
	else
		stale(out, a, day, lang);
	if (a->unguarded)
		buf_printf(out, "%*s%s\n", LABEL_COLUMNS, "",
		    LANG_PICK(lang, "防回退：无（本机没有可写的记录位置）",
			"rollback: unguarded (no place here to remember what was seen)"));
}

/* A block of lines under a label, each wrapped. */
static void
block(struct buf *out, const char *name, struct span rest)
{
	for (bool first = true; rest.len > 0; first = false) {
		const uint8_t *lf = memchr(rest.ptr, '\n', rest.len);
		const size_t n = lf != NULL ? (size_t)(lf - rest.ptr) + 1 : rest.len;
		if (first)
			label(out, name);
		else
			buf_printf(out, "%*s", LABEL_COLUMNS, "");
		screen_wrapped(out, span_of(rest.ptr, n), LABEL_COLUMNS, LABEL_COLUMNS);
		rest = span_of(rest.ptr + n, rest.len - n);
	}
}

static void
what_now(struct buf *out, const struct answer *a, enum lang lang)
{
	struct buf text = BUF_EMPTY;

	words_what_now(&text, a, lang, WORDS_AT_TERMINAL);
	block(out, LANG_PICK(lang, "如何处理", "What now"), buf_span(&text));
	buf_free(&text);
}

/* The code on the page of such a file, where somebody looked. */
static void
shown_code(struct buf *out, const struct answer *a, enum lang lang)
{
	struct buf text = BUF_EMPTY;

	words_shown_code(&text, a, lang);
	block(out, LANG_PICK(lang, "二维码", "Its code"), buf_span(&text));
	buf_free(&text);
}

/* A file whose seal does not hold: what is wrong with it, and nothing that it shows. */
static void
changed(struct buf *out, const struct answer *a, enum lang lang)
{
	struct buf text = BUF_EMPTY;

	words_change(&text, a, lang);
	label(out, words_change_label(a, lang));
	screen_wrapped(out, buf_span(&text), LABEL_COLUMNS, LABEL_COLUMNS);
	buf_add_byte(out, '\n');
	buf_free(&text);
	label(out, LANG_PICK(lang, "版面内容", "Its page"));
	buf_add_text(
	    out, LANG_PICK(lang, "不可采信\n", "cannot be relied on, whatever it shows\n"));
	if (a->shown.looked)
		shown_code(out, a, lang);
	buf_add_byte(out, '\n');
}

void
screen_answer(struct buf *out, const struct answer *a, enum lang lang, bool colour)
{
	first_line(out, a, lang, colour);
	if (a->kind == INPUT_CODE && a->verdict == VERDICT_VALID)
		compare(out, a, lang);
	else if (a->claims_proven)
		facts(out, a, lang);
	else if (a->claims_read)
		claims(out, a, lang);
	if (answer_is_failed_file(a))
		changed(out, a, lang);
	else
		checks(out, a, lang, colour);
	status_lines(out, a, lang);
	what_now(out, a, lang);
}

/* "VALID        bids/01.pdf  ": the column it ends in. */
static size_t
line_begin(struct buf *out, struct span word, size_t width, const char *input)
{
	struct buf name = BUF_EMPTY;

	size_t column = text_columns(word);
	do
		buf_add_byte(out, ' ');
	while (++column < width);
	escaped(&name, input);
	buf_add_span(out, buf_span(&name));
	buf_add_text(out, "  ");
	column += text_columns(buf_span(&name)) + 2;
	buf_free(&name);
	return column;
}

void
screen_line(struct buf *out, const struct answer *a, const struct screen_item *item, enum lang lang,
    bool colour)
{
	struct buf verdict = BUF_EMPTY, text = BUF_EMPTY;

	words_verdict(&verdict, a, lang);
	colour_on(out, a, colour);
	buf_add_span(out, buf_span(&verdict));
	colour_off(out, colour);
	const size_t column = line_begin(
	    out, buf_span(&verdict), LINE_LABEL + (a->test ? TEST_LABEL : 0), item->input);
	if (item->dated) {
		words_asked(&text, a, lang);
		buf_add_text(&text, LANG_PICK(lang, "：", ": "));
	}
	words_line(&text, a, lang);
	if (item->note != NULL)
		buf_printf(&text, LANG_PICK(lang, "（%s）", " (%s)"), item->note);
	screen_wrapped(out, buf_span(&text), column, LABEL_COLUMNS);
	buf_add_byte(out, '\n');
	buf_free(&verdict);
	buf_free(&text);
}

void
screen_line_without(struct buf *out, const char *word, const char *input, const char *sentence)
{
	struct buf text = BUF_EMPTY;

	escaped(&text, sentence);
	buf_add_text(out, word);
	const size_t column = line_begin(out, span_text(word), LINE_LABEL, input);
	screen_wrapped(out, buf_span(&text), column, LABEL_COLUMNS);
	buf_add_byte(out, '\n');
	buf_free(&text);
}

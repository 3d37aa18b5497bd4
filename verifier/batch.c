#include "verifier/batch.h"

#include "core/rfc3339.h"
#include "verifier/screen.h"
#include "verifier/words.h"

int64_t
batch_rests_on_s(const struct answer *a)
{
	return a->known_s < a->data_iat_s ? a->known_s : a->data_iat_s;
}

void
batch_count(struct batch *b, const struct answer *a)
{
	if (b->valid + b->rejected + b->undetermined == 0)
		b->first = *a;
	b->valid += a->verdict == VERDICT_VALID;
	b->compare += a->verdict == VERDICT_VALID && a->kind == INPUT_CODE;
	b->rejected += a->verdict == VERDICT_REJECTED;
	b->undetermined += a->verdict == VERDICT_UNDETERMINED;
	const int64_t known_s = batch_rests_on_s(a);
	if (known_s != 0 && (b->known_s == 0 || known_s < b->known_s))
		b->known_s = known_s;
}

/* ", 2 unreadable", if there are any. */
static void
also(struct buf *out, size_t n, const char *zh, const char *en, enum lang lang)
{
	if (n > 0)
		buf_printf(
		    out, LANG_PICK(lang, "，%s %zu", ", %2$zu %1$s"), LANG_PICK(lang, zh, en), n);
}

static void
counts(struct buf *out, const struct batch *b, enum lang lang)
{
	const size_t answers = b->valid + b->rejected + b->undetermined;

	buf_printf(
	    out, LANG_PICK(lang, "%zu 份", "%zu file%s"), b->inputs, b->inputs == 1 ? "" : "s");
	if (answers + b->unreadable != b->inputs)
		also(out, answers, "核验结论", "answers", lang);
	buf_printf(out,
	    LANG_PICK(lang,
		"：核验通过 %zu（其中 %zu 份须与纸面核对），核验不通过 %zu，无法判定 %zu",
		": %zu VALID (%zu to compare), %zu NOT VALID, %zu CANNOT TELL"),
	    b->valid, b->compare, b->rejected, b->undetermined);
	also(out, b->unreadable, "无法读取", "UNREADABLE", lang);
	also(out, b->missing, "未提交", "MISSING", lang);
	also(out, b->unlisted, "不在名单中", "not in the list", lang);
}

static void
when(struct buf *out, const struct batch *b, enum lang lang)
{
	buf_add_text(out,
	    b->first.existing ? LANG_PICK(lang, "用于完成已签项目，", "for existing work on ")
			      : LANG_PICK(lang, "用于承接新项目，", "for new work on "));
	if (b->dated) {
		buf_add_text(out, LANG_PICK(lang, "针对各行所列时点", "the dates in the lines"));
	} else {
		buf_add_text(out, LANG_PICK(lang, "针对时点 ", ""));
		words_asked(out, &b->first, lang);
	}
	if (b->known_s != 0) {
		char text[RFC3339_TEXT_BYTES];
		rfc3339_format(text, b->known_s);
		buf_printf(out,
		    LANG_PICK(lang, "，依据截至 %.10s %.5s 的状态数据", ", as known on %.10s %.5s"),
		    text, text + 11);
	}
}

/* From the first column on. */
static void
add_line(struct buf *out, struct buf *text)
{
	screen_wrapped(out, buf_span(text), 0, 0);
	buf_add_byte(out, '\n');
	buf_free(text);
}

void
batch_summary(struct buf *out, const struct batch *b, int exit_code, enum lang lang)
{
	struct buf text = BUF_EMPTY;

	counts(&text, b, lang);
	if (b->valid + b->rejected + b->undetermined > 0) {
		buf_add_text(&text, LANG_PICK(lang, "；", ";"));
		add_line(out, &text);
		when(&text, b, lang);
	}
	buf_printf(&text, LANG_PICK(lang, "。退出码 %d。", ".  Exit %d."), exit_code);
	add_line(out, &text);
}

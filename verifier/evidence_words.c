#include "verifier/evidence_words.h"

#include "core/rfc3339.h"
#include "core/text.h"
#include "verifier/ask.h"
#include "verifier/words.h"

#define T(zh, en) LANG_PICK(lang, zh, en)

static const struct {
	const char *word, *zh, *en;
} outcomes[] = {
	[EVIDENCE_DIFFERS] = { "different", "答复不一致", "ANOTHER ANSWER" },
	[EVIDENCE_SAME] = { "same", "答复一致", "SAME ANSWER" },
	[EVIDENCE_SAME_BUT_FILE] = { "same-but-file", "答复一致，文件本身未重验",
	    "SAME ANSWER, THE FILE ITSELF NOT HERE" },
	[EVIDENCE_NEEDS_FILE] = { "needs-file", "须有原件才能重验", "NEEDS THE FILE" },
};

const char *
evidence_outcome_words(enum evidence_outcome outcome, enum lang lang)
{
	return T(outcomes[outcome].zh, outcomes[outcome].en);
}

const char *
evidence_outcome_word(enum evidence_outcome outcome)
{
	return outcomes[outcome].word;
}

void
evidence_recorded(struct buf *out, const struct evidence_judged *j, enum lang lang)
{
	struct answer a = { .verdict = VERDICT_UNDECIDED };
	enum finding why;

	if (!verdict_find(&a.verdict, j->verdict))
		buf_add_text(out, T("未知的答复", "no answer we know"));
	else
		words_verdict(out, &a, lang);
	if (j->reason != NULL && finding_find(&why, j->reason))
		buf_printf(
		    out, T("：%s（%s）", ": %s (%s)"), finding_text(why, lang), finding_word(why));
}

static void
explain_file(struct buf *out, const struct answer *a, enum lang lang)
{
	if (a->kind == INPUT_CODE)
		buf_add_text(out,
		    T("图片不在此处：其中读出的二维码已重新核验，读取本身只有当时的记录。附上图片可"
		      "重"
		      "验。",
			"The picture is not here: the code that was read in it was checked again, "
			"of the reading "
			"there is only the record. Hand in the picture to check it."));
	else if (a->parts[PART_BOUND].reply == REPLY_YES) /* so the bureau vouches for the file */
		buf_add_text(out,
		    T("除签章外，各项均由本证据包中的字节重新核验。文件不在此处，但登记簿所载正是此"
		      " "
		      "SHA-256 的文件。附上原件可重验签章。",
			"All but the seal was worked out again from the bytes in the evidence. The "
			"file is not "
			"here, but the register lists exactly the file of this SHA-256. Hand in "
			"the file to "
			"check its seal again."));
	else
		buf_add_text(out,
		    T("除签章外，各项均由本证据包中的字节重新核验。文件不在此处：签章只有当时的记录"
		      "。附上"
		      "原件可重验签章。",
			"All but the seal was worked out again from the bytes in the evidence. The "
			"file is not "
			"here: of its seal there is only the record. Hand in the file to check its "
			"seal again."));
}

void
evidence_explain(struct buf *out, const struct evidence_judged *j, enum lang lang)
{
	switch (j->outcome) {
	case EVIDENCE_SAME:
		buf_add_text(out,
		    T("各项均由字节重新核验，答复与记录一致。",
			"All of it was worked out again; the answer is the recorded one."));
		break;
	case EVIDENCE_SAME_BUT_FILE:
		explain_file(out, &j->answer, lang);
		break;
	case EVIDENCE_NEEDS_FILE:
		buf_add_text(out, T("当时记录：", "Recorded: "));
		evidence_recorded(out, j, lang);
		buf_add_text(out,
		    T("。理由在文件本身之中，请附上原件重验；在此之前只有记录为凭。",
			". The reason lies in the file itself: hand it in. Until then there is "
			"only the record."));
		break;
	case EVIDENCE_DIFFERS:
		buf_add_text(out, T("当时记录：", "Recorded: "));
		evidence_recorded(out, j, lang);
		buf_add_text(out,
		    T("。重新核验得出另一答复，首处不同：",
			". Another answer comes out; the first difference: "));
		text_escape(out, span_text(j->where[0] != '\0' ? j->where : "/"));
		buf_add_text(out, T("。不得以此为凭。", ". Do not rely on this evidence."));
		break;
	}
}

void
evidence_time(struct buf *out, int64_t t_s)
{
	char at[RFC3339_TEXT_BYTES];

	rfc3339_format(at, t_s);
	buf_printf(out, "%.10s %.8s +08:00", at, at + 11);
}

void
evidence_asked(struct buf *out, const struct question *q, enum lang lang)
{
	static const struct {
		const char *zh, *en;
	} labels[ASK_WORDS] = { { "；当日/当时有效：", "; in force on " },
		{ "；以当时所知为准：", "; as known on " }, { "；持证单位：", "; holder " },
		{ "；等级不低于：", "; grade at least " }, { "；业务种类包含：", "; scope " },
		{ NULL, NULL } };

	buf_add_text(out,
	    q->existing ? T("用于完成已签项目", "to finish existing work")
			: T("用于承接新项目", "for new contracts"));
	for (size_t i = 0; i < ASK_WORDS; i++) {
		struct buf value = BUF_EMPTY;
		if (labels[i].zh != NULL && ask_value(&value, q, i)) {
			buf_add_text(out, T(labels[i].zh, labels[i].en));
			buf_add_span(out, buf_span(&value));
		}
		buf_free(&value);
	}
	if (!q->at_given)
		buf_add_text(out, T("；核验当时有效", "; in force when checked"));
}

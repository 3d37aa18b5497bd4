#include "verifier/words.h"

#include "core/rfc3339.h"
#include "core/text.h"
#include "credential/history.h"
#include "registry/codes.h"

#include <assert.h>

static void
add_date(struct buf *out, int64_t t_s)
{
	char text[CIVIL_TEXT_BYTES];
	civil_format(text, civil_of(t_s));
	buf_add_text(out, text);
}

/* The last day of [from, end): the day before its end. */
static void
add_last_day(struct buf *out, int64_t end_s)
{
	add_date(out, end_s - 1);
}

void
words_verdict(struct buf *out, const struct answer *a, enum lang lang)
{
	static const char *const zh[] = { "", "核验通过", "核验不通过", "无法判定" };
	static const char *const en[] = { "", "VALID", "NOT VALID", "CANNOT TELL" };

	assert(a->verdict != VERDICT_UNDECIDED);
	if (a->test)
		buf_add_text(out, LANG_PICK(lang, "测试 ", "TEST "));
	buf_add_text(out, LANG_PICK(lang, zh[a->verdict], en[a->verdict]));
}

void
words_asked(struct buf *out, const struct answer *a, enum lang lang)
{
	add_date(out, a->asked_from_s);
	if (!a->whole_day) {
		char text[RFC3339_TEXT_BYTES];
		rfc3339_format(text, a->asked_from_s);
		buf_printf(out, " %.5s +08:00", text + 11);
	} else if (civil_day_number(civil_of(a->asked_from_s)) ==
	    civil_day_number(civil_of(a->now_s))) {
		buf_add_text(out, LANG_PICK(lang, "（今日）", " (today)"));
	}
}

/* Of a PDF, of a code, or of number and check code alone: nobody saw a code then. */
static const char *
genuine_but(const struct answer *a, enum lang lang)
{
	if (a->confirmed)
		return LANG_PICK(
		    lang, "编号与校验码相符，但", "Number and check code belong together, but ");
	if (a->kind == INPUT_CODE)
		return LANG_PICK(lang, "二维码真实，但", "The code is genuine, but ");
	return LANG_PICK(lang, "证书真实，但", "Genuine, but ");
}

static const char *
genuine_and(const struct answer *a, enum lang lang)
{
	if (a->confirmed)
		return LANG_PICK(
		    lang, "编号与校验码相符，", "Number and check code belong together");
	if (a->kind == INPUT_CODE)
		return LANG_PICK(lang, "二维码真实，", "The code is genuine");
	return LANG_PICK(lang, "证书真实，", "Genuine");
}

/* Why no new contract may be signed on what is VALID for existing work; NULL: any may. */
static const char *
limited(const struct answer *a, enum lang lang)
{
	if (!a->existing || !words_has_effects(a) || a->effects.new_work == WORK_YES)
		return NULL;
	return a->status == STATUS_SUSPENDED ? LANG_PICK(lang, "暂停中", "suspended")
					     : LANG_PICK(lang, "已过期", "expired");
}

/* Asked so, a right that is no longer in force may still do: the answer names what it is. */
static void
headline_existing(struct buf *out, const struct answer *a, enum lang lang)
{
	const char *why = limited(a, lang);

	buf_add_text(out, genuine_and(a, lang));
	if (why != NULL)
		buf_printf(out, LANG_PICK(lang, "资质%s，", ", but %s"), why);
	buf_add_text(out, LANG_PICK(lang, "", "; existing work may be finished on "));
	words_asked(out, a, lang);
	buf_add_text(out, LANG_PICK(lang, "可继续完成已签项目", ""));
	if (a->effects.existing_work == WORK_SUPERVISED)
		buf_add_text(out, LANG_PICK(lang, "（须在监督下进行）", ", under supervision"));
	buf_add_text(out, LANG_PICK(lang, "。", "."));
	if (a->kind == INPUT_CODE)
		buf_add_text(
		    out, LANG_PICK(lang, "请与纸面逐项核对。", " Now compare it with the paper."));
}

static void
headline_valid(struct buf *out, const struct answer *a, enum lang lang)
{
	if (a->existing) {
		headline_existing(out, a, lang);
		return;
	}
	if (a->confirmed) {
		buf_add_text(out,
		    LANG_PICK(lang, "编号与校验码相符，资质有效。请与纸面逐项核对。",
			"Number and check code belong together, and it is in force. Now compare "
			"the paper."));
		return;
	}
	if (a->kind == INPUT_CODE) {
		buf_add_text(out,
		    LANG_PICK(lang, "二维码真实，资质有效。请与纸面逐项核对。",
			"The code is genuine and in force. Now compare it with the paper."));
		return;
	}
	buf_add_text(out, LANG_PICK(lang, "证书真实，", "Genuine, and in force on "));
	words_asked(out, a, lang);
	buf_add_text(out, LANG_PICK(lang, "有效。", "."));
}

/* The first day begins within: to who asks about an hour of it, the day alone says nothing. */
static void
add_beginning(struct buf *out, const struct answer *a)
{
	char at[RFC3339_TEXT_BYTES];

	add_date(out, a->from_s);
	if (civil_day_number(civil_of(a->asked_from_s)) != civil_day_number(civil_of(a->from_s)))
		return;
	rfc3339_format(at, a->from_s);
	buf_printf(out, " %.8s +08:00", at + 11);
}

static void
headline_status(struct buf *out, const struct answer *a, enum lang lang)
{
	buf_add_text(out, genuine_but(a, lang));
	switch (a->reason) {
	case FINDING_STATUS_SUSPENDED:
		buf_add_text(out, LANG_PICK(lang, "资质自 ", "suspended since "));
		add_date(out, a->status_from_s);
		buf_add_text(out, LANG_PICK(lang, " 起暂停。", "."));
		return;
	case FINDING_STATUS_REVOKED:
		buf_add_text(out, LANG_PICK(lang, "资质自 ", "revoked since "));
		add_date(out, a->status_from_s);
		buf_add_text(out, LANG_PICK(lang, " 起已吊销。", "."));
		return;
	case FINDING_STATUS_ENDED:
		if (a->status_from_s == 0)
			break;
		buf_add_text(out, LANG_PICK(lang, "资质自 ", "its licence ended on "));
		add_date(out, a->status_from_s);
		buf_add_text(out,
		    LANG_PICK(lang, " 起终止（撤回、注销或被取代）。",
			" (withdrawn, closed or superseded)."));
		return;
	case FINDING_STATUS_REPLACED:
		if (a->replaced_by > 0)
			buf_printf(out,
			    LANG_PICK(lang, "已被第 %u 版替代。", "replaced by version %u."),
			    a->replaced_by);
		else
			buf_add_text(
			    out, LANG_PICK(lang, "这一版已作废。", "this version is void."));
		return;
	case FINDING_DATE_EXPIRED:
		buf_add_text(out, LANG_PICK(lang, "有效期至 ", "it ran to "));
		add_last_day(out, a->end_s);
		buf_add_text(out, LANG_PICK(lang, "，已过期。", " and has expired."));
		return;
	case FINDING_DATE_NOT_YET:
		buf_add_text(out, LANG_PICK(lang, "自 ", "not in force before "));
		add_beginning(out, a);
		buf_add_text(out, LANG_PICK(lang, " 起方才有效。", "."));
		return;
	default:
		break;
	}
	buf_printf(out, LANG_PICK(lang, "%s。", "%s."), finding_text(a->reason, lang));
}

static void
headline_fit(struct buf *out, const struct answer *a, enum lang lang)
{
	buf_add_text(out, genuine_but(a, lang));
	switch (a->reason) {
	case FINDING_FIT_HOLDER:
		buf_printf(
		    out, LANG_PICK(lang, "属于另一单位：%s。", "belongs to another: %s."), a->uscc);
		return;
	case FINDING_FIT_GRADE:
		buf_printf(out,
		    LANG_PICK(lang, "等级为%s，不满足要求。", "%s is not the grade you need."),
		    a->grade == 1 ? LANG_PICK(lang, "甲级", "Grade A")
				  : LANG_PICK(lang, "乙级", "Grade B"));
		return;
	default:
		buf_printf(out, LANG_PICK(lang, "%s。", "%s."), finding_text(a->reason, lang));
	}
}

/* English clauses become sentences. */
static void
add_sentence(struct buf *out, const char *clause, enum lang lang)
{
	if (lang == LANG_EN && clause[0] >= 'a' && clause[0] <= 'z') {
		buf_add_byte(out, (uint8_t)(clause[0] - 'a' + 'A'));
		clause++;
	}
	buf_add_text(out, clause);
	buf_add_text(out, LANG_PICK(lang, "。", "."));
}

static void
headline_missing(struct buf *out, const struct answer *a, enum lang lang)
{
	if (a->parts[PART_AUTHENTIC].reply != REPLY_YES) {
		add_sentence(out, finding_text(a->reason, lang), lang);
		return;
	}
	buf_add_text(out, genuine_but(a, lang));
	switch (a->reason) {
	case FINDING_STATUS_STALE:
		buf_add_text(out,
		    LANG_PICK(lang, "本机的状态数据已过期，无法得出结论。",
			"this computer's status data is too old to say more."));
		return;
	default:
		buf_printf(out, LANG_PICK(lang, "%s。", "%s."), finding_text(a->reason, lang));
	}
}

void
words_headline(struct buf *out, const struct answer *a, enum lang lang)
{
	if (a->verdict == VERDICT_VALID) {
		headline_valid(out, a, lang);
	} else if (a->verdict == VERDICT_UNDETERMINED) {
		headline_missing(out, a, lang);
	} else if (a->reason == FINDING_REGISTRY_UNKNOWN) {
		buf_add_text(out,
		    LANG_PICK(lang, "签名使用了发证机关的密钥，但登记簿中没有这份证书。",
			"Signed with a key of the bureau, but not in its registry."));
	} else if (a->reason == FINDING_FILE_UNREGISTERED) {
		buf_add_text(out,
		    LANG_PICK(lang, "签章使用了发证机关的密钥，但登记簿所载的不是这份文件。",
			"Sealed with a key of the bureau, but its registry holds another file."));
	} else if (finding_part(a->reason) == PART_IN_FORCE) {
		headline_status(out, a, lang);
	} else if (finding_part(a->reason) == PART_FIT) {
		headline_fit(out, a, lang);
	} else {
		add_sentence(out, finding_text(a->reason, lang), lang);
	}
}

const char *
words_change_label(const struct answer *a, enum lang lang)
{
	if (a->reason == FINDING_FILE_CHANGED)
		return LANG_PICK(lang, "改动", "Changed");
	return LANG_PICK(lang, "签章", "Its seal");
}

void
words_change(struct buf *out, const struct answer *a, enum lang lang)
{
	if (a->extra_bytes > 0 && a->added_bytes)
		buf_printf(out,
		    LANG_PICK(lang, "签章部分之后多出 %llu 字节",
			"%llu bytes were added after the sealed part"),
		    (unsigned long long)a->extra_bytes);
	else if (a->extra_bytes > 0)
		buf_printf(out, LANG_PICK(lang, "缺少 %llu 字节", "%llu bytes are missing"),
		    (unsigned long long)a->extra_bytes);
	else if (a->reason == FINDING_FILE_CHANGED)
		buf_add_text(out,
		    LANG_PICK(lang, "签章部分的内容与签章时不同",
			"the sealed part is not what was sealed"));
	else
		buf_add_text(out, finding_text(a->reason, lang));
	buf_printf(out, LANG_PICK(lang, "（%s）", " (%s)"), finding_word(a->reason));
}

static const char *
grade_name(unsigned grade, enum lang lang)
{
	return grade == 1 ? LANG_PICK(lang, "甲级", "Grade A") : LANG_PICK(lang, "乙级", "Grade B");
}

void
words_shown_code(struct buf *out, const struct answer *a, enum lang lang)
{
	const struct shown_code *s = &a->shown;

	if (s->page > 0)
		buf_printf(out, LANG_PICK(lang, "取自第 %u 页", "was read from page %u"), s->page);
	if (s->wrong != FINDING_NONE) {
		buf_printf(out, LANG_PICK(lang, "%s%s（%s）\n", "%s%s (%s)\n"),
		    s->page > 0 ? LANG_PICK(lang, "：", ": ") : "", finding_text(s->wrong, lang),
		    finding_word(s->wrong));
		return;
	}
	buf_add_text(out,
	    LANG_PICK(lang, "。仅就二维码本身而言是真的，属于\n",
		". The code alone is genuine and belongs to\n"));
	buf_add_text(out, "  ");
	text_escape(out, span_text(s->holder_zh));
	buf_printf(
	    out, LANG_PICK(lang, "，%s，%s\n", ", %s, %s\n"), s->uscc, grade_name(s->grade, lang));
	buf_add_text(out,
	    LANG_PICK(lang, "二维码可以被复制到任何页面上，不能证明本文件真实。\n",
		"That does not save the file: a code can be copied onto any page.\n"));
}

void
words_qualification(struct buf *out, const struct answer *a, enum lang lang)
{
	const struct code *family = codes_find_word(CODES_FAMILIES, span_text(a->family));
	buf_add_text(out, family != NULL ? codes_name(family, lang) : a->family);
	buf_add_text(out,
	    a->grade == 1 ? LANG_PICK(lang, "  甲级", ", Grade A")
			  : LANG_PICK(lang, "  乙级", ", Grade B"));
}

void
words_scopes(struct buf *out, const struct answer *a, enum lang lang)
{
	for (size_t i = 0; i < a->scopes.count; i++) {
		const struct code *scope = codes_find_number(CODES_SCOPES, a->scopes.no[i]);
		if (i > 0)
			buf_add_text(out, LANG_PICK(lang, "；", "; "));
		if (scope != NULL)
			buf_add_text(out, codes_name(scope, lang));
		else
			buf_printf(out, LANG_PICK(lang, "种类 %u", "scope %u"), a->scopes.no[i]);
	}
}

void
words_extension(struct buf *out, const struct answer *a, enum lang lang)
{
	if (a->end_s <= a->printed_end_s)
		return;
	buf_add_text(out, LANG_PICK(lang, "至 ", "to "));
	add_last_day(out, a->end_s);
	buf_printf(out, LANG_PICK(lang, "，依 %s", ", by %s"), a->order);
}

void
words_validity_printed(struct buf *out, const struct answer *a, enum lang lang)
{
	add_date(out, a->from_s);
	buf_add_text(out, LANG_PICK(lang, " 至 ", " to "));
	add_last_day(out, a->printed_end_s);
}

/* What became of the right in the time it was to run. */
static void
add_status(struct buf *out, const struct answer *a, enum lang lang)
{
	static const char *const zh[] = {
		[STATUS_SUSPENDED] = "起暂停",
		[STATUS_REVOKED] = "起吊销",
		[STATUS_REPLACED] = "起由新版本替代",
		[STATUS_ENDED] = "起终止",
	};
	static const char *const en[] = {
		[STATUS_SUSPENDED] = "suspended",
		[STATUS_REVOKED] = "revoked",
		[STATUS_REPLACED] = "replaced",
		[STATUS_ENDED] = "ended",
	};

	if (a->status == STATUS_ANNULLED) {
		buf_add_text(out,
		    LANG_PICK(lang, "，已撤销，自始无效", ", annulled: void from the beginning"));
		return;
	}
	if (a->status_from_s == 0 || a->status >= sizeof en / sizeof en[0] || en[a->status] == NULL)
		return;
	if (lang == LANG_EN)
		buf_printf(out, ", %s from ", en[a->status]);
	else
		buf_add_text(out, "，其中 ");
	add_date(out, a->status_from_s);
	if (lang == LANG_ZH)
		buf_printf(out, " %s", zh[a->status]);
}

void
words_validity(struct buf *out, const struct answer *a, enum lang lang)
{
	add_date(out, a->from_s);
	buf_add_text(out, LANG_PICK(lang, " 至 ", " to "));
	add_last_day(out, a->end_s);
	if (a->end_s > a->printed_end_s) {
		buf_add_text(out, LANG_PICK(lang, "（证面为 ", " (printed: "));
		add_last_day(out, a->printed_end_s);
		buf_printf(out, LANG_PICK(lang, "，依 %s 顺延）", ", extended by %s)"), a->order);
	}
	if (a->status_read)
		add_status(out, a, lang);
}

void
words_then(struct buf *out, const struct answer *a, enum lang lang)
{
	static const struct {
		enum status status;
		const char *zh, *en;
	} then[] = {
		{ STATUS_ACTIVE, "有效", "in force" },
		{ STATUS_SUSPENDED, "在暂停中", "suspended" },
		{ STATUS_REVOKED, "已吊销", "revoked" },
		{ STATUS_ANNULLED, "已撤销", "annulled" },
		{ STATUS_REPLACED, "已由新版本替代", "replaced by a newer version" },
		{ STATUS_ENDED, "已终止", "ended" },
	};

	for (size_t i = 0; a->status_read && i < sizeof then / sizeof then[0]; i++)
		if (then[i].status == a->status)
			buf_printf(out, LANG_PICK(lang, "截至当时%s。", "As of then it was %s."),
			    LANG_PICK(lang, then[i].zh, then[i].en));
}

void
words_known(struct buf *out, const struct answer *a, enum lang lang)
{
	char text[RFC3339_TEXT_BYTES];

	if (a->known_s == a->now_s)
		return;
	rfc3339_format(text, a->known_s);
	buf_printf(out, LANG_PICK(lang, "据 %.10s %.8s 所知", "as known on %.10s %.8s +08:00"),
	    text, text + 11);
}

const char *
words_effect(enum work e, enum lang lang)
{
	static const char *const zh[] = { "不可", "须在监督下进行", "可" };
	static const char *const en[] = { "NO", "under supervision", "yes" };
	return LANG_PICK(lang, zh[e], en[e]);
}

void
words_age(struct buf *out, int64_t age_s, enum lang lang)
{
	static const struct {
		int64_t seconds;
		const char *zh, *one, *many;
	} units[] = {
		{ 86400, "天", "day", "days" },
		{ 3600, "小时", "hour", "hours" },
		{ 60, "分钟", "minute", "minutes" },
		{ 1, "秒", "second", "seconds" },
	};
	size_t u = 0;
	if (age_s < 0)
		age_s = 0;
	while (u < 3 && age_s < units[u].seconds)
		u++;
	const long long n = (long long)(age_s / units[u].seconds);
	if (lang == LANG_ZH)
		buf_printf(out, "%lld %s前", n, units[u].zh);
	else
		buf_printf(out, "%lld %s old", n, n == 1 ? units[u].one : units[u].many);
}

static void
part_in_force(struct buf *out, const struct answer *a, enum lang lang)
{
	const struct part_answer *p = &a->parts[PART_IN_FORCE];
	struct buf day = BUF_EMPTY;
	struct answer plain = *a;

	plain.now_s = 0; /* the list of checks names the day without "today" */
	words_asked(&day, &plain, lang);
	const char *on = buf_text(&day) != NULL ? buf_text(&day) : "";
	if (p->reply == REPLY_YES)
		buf_printf(out,
		    a->existing ? LANG_PICK(lang, "%s 可完成已签项目",
				      "existing work may be finished on %s")
				: LANG_PICK(lang, "%s 有效", "in force on %s"),
		    on);
	else
		buf_printf(out, LANG_PICK(lang, "%s 是否有效：%s（%s）", "in force on %s: %s (%s)"),
		    on, finding_text(p->finding, lang), finding_word(p->finding));
	buf_free(&day);
}

/* A filed answer tells nothing by "as asked" alone. */
static void
asked_for(struct buf *out, const struct answer *a, enum lang lang)
{
	const struct code *scope =
	    a->asked_scope != 0 ? codes_find_number(CODES_SCOPES, a->asked_scope) : NULL;
	const char *before = LANG_PICK(lang, "符合所问：", "as asked: ");
	const char *between = LANG_PICK(lang, "，", ", ");

	if (a->asked_holder[0] != '\0') {
		buf_printf(
		    out, LANG_PICK(lang, "%s持证单位 %s", "%sholder %s"), before, a->asked_holder);
		before = between;
	}
	if (a->asked_grade != 0) {
		buf_printf(out, LANG_PICK(lang, "%s等级不低于%s", "%s%s or better"), before,
		    grade_name(a->asked_grade, lang));
		before = between;
	}
	if (scope != NULL)
		buf_printf(out, LANG_PICK(lang, "%s业务种类含%s", "%sscope %s"), before,
		    codes_name(scope, lang));
}

static void
part_fit(struct buf *out, const struct answer *a, enum lang lang)
{
	const struct part_answer *p = &a->parts[PART_FIT];
	if (p->reply == REPLY_YES)
		asked_for(out, a, lang);
	else
		buf_printf(out,
		    LANG_PICK(lang, "是否符合所问：%s（%s）", "fits what was asked: %s (%s)"),
		    finding_text(p->finding, lang), finding_word(p->finding));
}

bool
words_has_effects(const struct answer *a)
{
	const enum reply in_force = a->parts[PART_IN_FORCE].reply;
	return a->status_read && a->claims_proven && in_force != REPLY_UNKNOWN;
}

/* Is this unknown because our data are too old or none, as all that hangs on them? */
static bool
is_unknown_here(const struct answer *a, enum part p)
{
	return a->verdict == VERDICT_UNDETERMINED && a->parts[p].reply == REPLY_UNKNOWN &&
	    a->parts[p].finding == a->reason && finding_part(a->reason) == PART_STATUS_AGE;
}

bool
words_unknown_here(struct buf *out, const struct answer *a, enum lang lang)
{
	struct answer plain = *a;

	if (!is_unknown_here(a, PART_REGISTERED) || !is_unknown_here(a, PART_IN_FORCE))
		return false;
	plain.now_s = 0; /* the list of checks names the day without "today" */
	buf_add_text(out,
	    a->kind == INPUT_PDF
		? LANG_PICK(lang, "本文件是否在册、", "this file in the registry, in force on ")
		: LANG_PICK(lang, "是否在册、", "in the registry, in force on "));
	words_asked(out, &plain, lang);
	buf_add_text(out, LANG_PICK(lang, " 是否有效：本机不知", ": not known here"));
	return true;
}

bool
words_has_part(const struct answer *a, enum part p)
{
	const struct part_answer *pa = &a->parts[p];
	if (a->verdict == VERDICT_REJECTED && pa->reply == REPLY_UNKNOWN &&
	    pa->finding == a->reason)
		return false;
	return pa->reply != REPLY_NOT_ASKED;
}

/* When the seal was there at the latest, and who says so. */
static void
add_stamp(struct buf *out, const struct answer *a, enum lang lang)
{
	char at[RFC3339_TEXT_BYTES];

	if (a->stamp == STAMP_NONE)
		buf_add_text(out, LANG_PICK(lang, "；没有时间戳", "; no time-stamp"));
	if (a->stamp != STAMP_COUNTS && a->stamp != STAMP_NOT_COUNTED)
		return;
	rfc3339_format(at, a->stamp_s);
	buf_printf(out,
	    LANG_PICK(lang, "；时间戳 %.10s %.8s，", "; time-stamped %.10s %.8s +08:00 by "), at,
	    at + 11);
	text_escape(out, span_text(a->stamp_by));
	if (a->stamp == STAMP_NOT_COUNTED)
		buf_add_text(out,
		    LANG_PICK(lang, "（该机构密钥已泄露，不予采信）",
			", which does not count: that key was stolen"));
}

const char *
words_part_name(enum part p, enum lang lang)
{
	static const char *const zh[PART_COUNT] = { "真实", "两人批准", "文件相符", "登记在册",
		"有效", "数据可用", "符合所问" };
	static const char *const en[PART_COUNT] = { "authentic", "approved", "bound", "registered",
		"in force", "status age", "fit" };

	return LANG_PICK(lang, zh[p], en[p]);
}

const char *
words_code_only(const struct answer *a, enum lang lang)
{
	if (a->confirmed)
		return LANG_PICK(
		    lang, "仅登记内容：须与纸面核对", "registry only: compare the paper");
	return LANG_PICK(lang, "仅二维码：须与纸面核对", "code only: compare the paper");
}

void
words_line(struct buf *out, const struct answer *a, enum lang lang)
{
	if (a->verdict != VERDICT_VALID) {
		words_headline(out, a, lang);
		return;
	}
	text_escape(out, span_text(a->holder_zh));
	const char *why = limited(a, lang);
	if (why != NULL) {
		buf_printf(out, LANG_PICK(lang, "（%s：", " (%s: "), why);
		buf_add_text(out,
		    a->effects.existing_work == WORK_SUPERVISED
			? LANG_PICK(lang, "仅可在监督下完成已签项目）",
			      "existing work only, under supervision)")
			: LANG_PICK(lang, "仅可完成已签项目）", "existing work only)"));
	}
	if (a->kind == INPUT_CODE)
		buf_printf(out, LANG_PICK(lang, "（%s）", " (%s)"), words_code_only(a, lang));
}

void
words_part(struct buf *out, const struct answer *a, enum part p, enum lang lang)
{
	static const char *const zh[PART_COUNT] = { "", "两名工作人员已对上述内容签字批准",
		"本文件及其签名数据与登记簿所载一致", "登记簿在册", "", "状态数据在可用期内", "" };
	static const char *const en[PART_COUNT] = { "", "two officers approved exactly this",
		"this very file is in the registry, with its signed record", "in the registry", "",
		"status data fresh enough", "" };
	const struct part_answer *pa = &a->parts[p];

	if (p == PART_IN_FORCE) {
		part_in_force(out, a, lang);
		return;
	}
	if (p == PART_FIT) {
		part_fit(out, a, lang);
		return;
	}
	if (p == PART_AUTHENTIC && a->parts[PART_REGISTERED].reply == REPLY_NO)
		buf_printf(out, LANG_PICK(lang, "签名与%s的一把密钥相符", "signed by a key of %s"),
		    lang == LANG_ZH ? a->authority_zh : a->authority_en);
	else if (p == PART_AUTHENTIC && pa->reply == REPLY_UNKNOWN)
		buf_add_text(out, LANG_PICK(lang, "由谁签署", "who signed it"));
	else if (p == PART_AUTHENTIC && a->confirmed)
		buf_add_text(out,
		    LANG_PICK(lang, "登记内容由发证机关签名",
			"what the registry says is signed by the bureau"));
	else if (p == PART_AUTHENTIC)
		buf_add_text(out,
		    a->kind == INPUT_PDF
			? LANG_PICK(lang, "发证机关已签章，签章后文件无任何改动",
			      "sealed by the bureau; not one byte changed since")
			: LANG_PICK(lang, "由发证机关签名", "signed by the bureau"));
	else
		buf_add_text(out, LANG_PICK(lang, zh[p], en[p]));
	if (p == PART_AUTHENTIC && pa->reply == REPLY_YES &&
	    a->parts[PART_REGISTERED].reply != REPLY_NO)
		add_stamp(out, a, lang);
	if (p == PART_REGISTERED && a->kind == INPUT_CODE && pa->reply == REPLY_YES)
		buf_add_text(
		    out, LANG_PICK(lang, "（即经两人批准）", " (so two officers approved it)"));
	if (pa->finding != FINDING_NONE && pa->reply != REPLY_YES)
		buf_printf(out, LANG_PICK(lang, "：%s（%s）", ": %s (%s)"),
		    finding_text(pa->finding, lang), finding_word(pa->finding));
}

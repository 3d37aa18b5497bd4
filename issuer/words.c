#include "issuer/words.h"

#include "core/civil.h"
#include "core/text.h"
#include "credential/number.h"
#include "registry/codes.h"

#include <stdio.h>

struct word {
	const char *zh, *en;
};

static const char *
pick(const struct word *word, enum lang lang)
{
	return LANG_PICK(lang, word->zh, word->en);
}

static const struct word unknown = { "未知", "unknown" };

const char *
word_kind(enum act_kind kind, enum lang lang)
{
	/* By the kind's place in the table of acts. */
	static const char *const zh[] = {
		"登记簿启用",
		"采用信任包",
		"制作证书",
		"提交申请",
		"受理",
		"资格审查",
		"现场审查",
		"通知补正",
		"补正",
		"不予受理",
		"组织现场审查",
		"回避",
		"撤回申请",
		"拟定决定",
		"签发",
		"终止审查",
		"延长办理期限",
		"送达",
		"备案",
		"暂停",
		"恢复",
		"吊销",
		"撤销",
		"撤回许可",
		"注销",
		"换发",
		"降级",
		"顺延",
		"更正",
		"依裁决撤销决定",
		"批准",
		"不予批准",
		"撤回提议",
		"停止签发",
		"恢复签发",
		"承认遗失",
	};
	_Static_assert(sizeof zh / sizeof zh[0] == ACT_KIND_COUNT, "a word for each kind");
	size_t place = act_kind_place(kind);

	if (place == ACT_KIND_COUNT)
		return pick(&unknown, lang);
	return LANG_PICK(lang, zh[place], act_kind_word(kind));
}

const char *
word_role(enum role role, enum lang lang)
{
	static const struct word roles[ROLES] = {
		[ROLE_ACCEPT] = { "受理人", "acceptance clerk" },
		[ROLE_EXAMINE] = { "审查人", "examiner" },
		[ROLE_INSPECT] = { "现场审查人", "on-site official" },
		[ROLE_DECIDE] = { "决定人", "deciding officer" },
		[ROLE_APPROVE] = { "批准人", "approving officer" },
		[ROLE_ISSUE] = { "签发人", "issuing officer" },
		[ROLE_COUNTERSIGN] = { "复核人", "keeper of the seal" },
		[ROLE_SANCTION] = { "监督人", "supervising officer" },
		[ROLE_PUBLISH] = { "发布人", "publishing officer" },
		[ROLE_ADMIN] = { "管理员", "administrator" },
	};
	return role > ROLE_NONE && role < ROLES ? pick(&roles[role], lang) : pick(&unknown, lang);
}

const char *
word_stage(enum case_stage stage, enum lang lang)
{
	static const char *const zh[CASE_STAGES] = {
		[CASE_NONE] = "未提交",
		[CASE_SUBMITTED] = "已提交",
		[CASE_CORRECTION_ASKED] = "待补正",
		[CASE_ABANDONED] = "逾期未补正，视为放弃申请",
		[CASE_DECLINED] = "不予受理",
		[CASE_RETRACTED] = "申请已撤回",
		[CASE_ACCEPTED] = "已受理",
		[CASE_EXAMINED] = "资格审查通过",
		[CASE_EXAMINATION_FAILED] = "资格审查未通过",
		[CASE_SCHEDULED] = "已安排现场审查",
		[CASE_INSPECTED_ONCE] = "现场审查已有一人签署",
		[CASE_INSPECTED] = "现场审查通过",
		[CASE_INSPECTION_FAILED] = "现场审查未通过",
		[CASE_INSPECTION_STOPPED] = "现场审查中止",
		[CASE_PROLONGATION_PROPOSED] = "延长期限待批准",
		[CASE_TERMINATION_PROPOSED] = "终止审查待批准",
		[CASE_TERMINATED] = "审查已终止",
		[CASE_DECISION_PROPOSED] = "决定待批准",
		[CASE_GRANTED] = "准予许可",
		[CASE_REFUSED] = "不予许可",
		[CASE_ISSUE_PROPOSED] = "签发待复核",
		[CASE_ISSUE_APPROVED] = "签发已复核，证书制作中",
		[CASE_ISSUED] = "已发证",
		[CASE_DELIVERED] = "已送达",
		[CASE_FILED] = "已备案",
	};
	if (lang == LANG_EN || stage >= CASE_STAGES)
		return case_stage_words(stage);
	return zh[stage];
}

const char *
word_type(enum applied_type type, enum lang lang)
{
	static const char *const zh[] = { [APPLIED_NONE] = "未知",
		[APPLIED_NEW] = "新申请",
		[APPLIED_RENEWAL] = "延续",
		[APPLIED_UPGRADE] = "升级",
		[APPLIED_SCOPE_ADDITION] = "增加业务种类" };
	return LANG_PICK(lang, zh[type], applied_type_word(type));
}

const char *
word_result(enum act_result result, enum lang lang)
{
	static const struct word results[] = { [RESULT_PASS] = { "通过", "passed" },
		[RESULT_FAIL] = { "未通过", "failed" },
		[RESULT_STOP] = { "中止", "stopped" } };
	return result > RESULT_NONE && result <= RESULT_STOP ? pick(&results[result], lang)
							     : pick(&unknown, lang);
}

const char *
word_licence(enum licence_status status, enum lang lang)
{
	const struct licence_row *row = licence_row(status);
	return row != NULL ? LANG_PICK(lang, row->zh, row->en) : pick(&unknown, lang);
}

const char *
word_grade(enum grade grade, enum lang lang)
{
	if (grade != GRADE_A && grade != GRADE_B)
		return pick(&unknown, lang);
	return grade == GRADE_A ? LANG_PICK(lang, "甲级", "Grade A")
				: LANG_PICK(lang, "乙级", "Grade B");
}

void
word_scopes(struct buf *out, const struct scopes *scopes, enum lang lang)
{
	for (size_t i = 0; i < scopes->count; i++) {
		const struct code *code = codes_find_number(CODES_SCOPES, scopes->no[i]);
		buf_add_text(out, i == 0 ? "" : LANG_PICK(lang, "、", ", "));
		if (code != NULL)
			buf_add_text(out, codes_name(code, lang));
		else
			buf_printf(out, "%u", (unsigned)scopes->no[i]);
	}
}

const char *
word_subject(char room[WORD_SUBJECT_BYTES], struct span subject)
{
	static const char prefix[] = "case/";
	struct number number;

	snprintf(room, WORD_SUBJECT_BYTES, "%.*s", (int)subject.len, (const char *)subject.ptr);
	if (number_parse(&number, subject, NULL))
		number_shown(room, &number);
	else if (strncmp(room, prefix, strlen(prefix)) == 0)
		memmove(room, room + strlen(prefix), strlen(room) - strlen(prefix) + 1);
	return room;
}

/* ---- time ---- */

static const char *const days_en[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday",
	"Friday", "Saturday" };
static const char *const days_zh[] = { "日", "一", "二", "三", "四", "五", "六" };

void
word_day(char out[WORD_TIME_BYTES], int64_t t_s, enum lang lang)
{
	char date[CIVIL_TEXT_BYTES];
	struct civil_date day = civil_of(t_s);
	int weekday = civil_weekday(day);

	civil_format(date, day);
	if (lang == LANG_ZH)
		snprintf(out, WORD_TIME_BYTES, "%s 周%s", date, days_zh[weekday]);
	else
		snprintf(out, WORD_TIME_BYTES, "%.3s %s", days_en[weekday], date);
}

void
word_time(char out[WORD_TIME_BYTES], int64_t t_s, enum lang lang)
{
	char date[CIVIL_TEXT_BYTES];
	struct civil_date day = civil_of(t_s);
	int weekday = civil_weekday(day);
	int minutes = (int)((t_s - civil_start_s(day)) / 60);

	civil_format(date, day);
	if (lang == LANG_ZH)
		snprintf(out, WORD_TIME_BYTES, "%s 星期%s %02d:%02d", date, days_zh[weekday],
		    minutes / 60, minutes % 60);
	else
		snprintf(out, WORD_TIME_BYTES, "%s %s %02d:%02d +08:00", days_en[weekday], date,
		    minutes / 60, minutes % 60);
}

void
word_pad(struct buf *out, size_t from, size_t columns)
{
	size_t wide = out->len > from ? text_columns(span_of(out->ptr + from, out->len - from)) : 0;
	for (; wide < columns; wide++)
		buf_add_byte(out, ' ');
}

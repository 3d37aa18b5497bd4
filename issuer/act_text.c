#include "issuer/act_text.h"

#include "core/civil.h"
#include "core/encode.h"
#include "core/limits.h"
#include "core/rfc3339.h"
#include "core/text.h"
#include "credential/number.h"
#include "issuer/face.h"
#include "issuer/words.h"
#include "registry/case_ground.h"
#include "registry/ground.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define LABEL_COLUMNS 22

/* ---- rows ---- */

static void
label(struct buf *out, enum lang lang, const char *zh, const char *en)
{
	size_t from = out->len;
	buf_printf(out, "  %s", LANG_PICK(lang, zh, en));
	word_pad(out, from, LABEL_COLUMNS);
	buf_add_byte(out, ' ');
}

void
act_text_row(struct buf *out, enum lang lang, const char *zh, const char *en, struct span value)
{
	label(out, lang, zh, en);
	text_escape(out, value);
	buf_add_byte(out, '\n');
}

/* A field that may be absent: its absence is a row too, since that is signed as well. */
static void
optional_row(struct buf *out, enum lang lang, const char *zh, const char *en, struct span value)
{
	act_text_row(out, lang, zh, en, value.len > 0 ? value : span_text("--"));
}

static void
number_row(struct buf *out, enum lang lang, const char *zh, const char *en, uint64_t value)
{
	char text[24];
	snprintf(text, sizeof text, "%llu", (unsigned long long)value);
	act_text_row(out, lang, zh, en, span_text(text));
}

static void
time_row(struct buf *out, enum lang lang, const char *zh, const char *en, int64_t t_s)
{
	char text[RFC3339_TEXT_BYTES];
	rfc3339_format(text, t_s);
	act_text_row(out, lang, zh, en, span_text(text));
}

static void
hex_row(
    struct buf *out, enum lang lang, const char *zh, const char *en, const uint8_t *bytes, size_t n)
{
	char text[2 * SHA256_BYTES + 1];
	hex_encode(text, span_of(bytes, n));
	act_text_row(out, lang, zh, en, span_text(text));
}

static void
scopes_row(struct buf *out, enum lang lang, const struct scopes *scopes)
{
	label(out, lang, "业务种类", "Scopes");
	word_scopes(out, scopes, lang);
	buf_add_byte(out, '\n');
}

/* A paper of canonical JSON, laid out for reading. */
static bool
paper(struct buf *out, enum lang lang, const char *zh, const char *en, struct span json,
    struct err *err)
{
	json_error_t error;
	json_t *tree = json_loadb((const char *)json.ptr, json.len, JSON_REJECT_DUPLICATES, &error);
	char *laid_out = tree != NULL ? json_dumps(tree, JSON_INDENT(2)) : NULL;

	json_decref(tree);
	if (laid_out == NULL)
		return err_set(err, ERR_MALFORMED, "the paper in the act is no JSON");
	buf_printf(out, "  %s\n", LANG_PICK(lang, zh, en));
	for (char *line = laid_out; line != NULL;) {
		char *end = strchr(line, '\n');
		buf_add_text(out, "    ");
		text_escape(
		    out, end != NULL ? span_of(line, (size_t)(end - line)) : span_text(line));
		buf_add_byte(out, '\n');
		line = end != NULL ? end + 1 : NULL;
	}
	free(laid_out);
	return true;
}

/* ---- claims of the act ---- */

void
act_text_claims(struct buf *out, const struct act *act, enum lang lang)
{
	act_text_row(out, lang, "行为", "Act", span_text(word_kind(act->kind, lang)));
	act_text_row(out, lang, "对象", "Subject", act->subject);
	number_row(out, lang, "该对象的第几个行为", "Sequence on it", act->seq);
	hex_row(out, lang, "上一行为", "Follows act", act->prev, sizeof act->prev);
	time_row(out, lang, "时间", "Time", act->time_s);
	number_row(out, lang, "信任包序号", "Trust bundle", act->bundle_seq);
	hex_row(out, lang, "随机数", "Nonce", act->nonce, sizeof act->nonce);
	if (act->has_idempotency)
		hex_row(out, lang, "幂等键", "Idempotency key", act->idempotency,
		    sizeof act->idempotency);
}

/* ---- bodies ---- */

void
act_text_decision(struct buf *out, const struct decision *d, enum lang lang)
{
	act_text_row(out, lang, "决定", "Decision",
	    span_text(d->outcome == DECISION_GRANT ? LANG_PICK(lang, "准予许可", "grant")
						   : LANG_PICK(lang, "不予许可", "refuse")));
	act_text_row(out, lang, "决定文号", "Document", d->document);
	number_row(out, lang, "有效年数", "Years of validity", d->years);
	act_text_row(out, lang, "持证单位", "Holder", d->holder);
	optional_row(out, lang, "英文名称", "Name in English", d->holder_en);
	act_text_row(out, lang, "统一社会信用代码", "Social credit code", d->uscc);
	act_text_row(out, lang, "资质类别", "Family", d->family);
	act_text_row(out, lang, "等级", "Grade", span_text(word_grade(d->grade, lang)));
	scopes_row(out, lang, &d->scopes);
	optional_row(out, lang, "理由", "Reason", d->reason);
}

static bool
claims_rows(struct buf *out, struct span bytes, enum lang lang, struct err *err)
{
	char shown[NUMBER_SHOWN_BYTES];
	struct number number;
	struct claims c;

	if (!credential_claims_parse(&c, bytes, err) || !number_parse(&number, c.sub, err))
		return false;
	number_shown(shown, &number);
	act_text_row(out, lang, "发证机关", "Issuer", c.iss);
	act_text_row(out, lang, "证书编号", "Number", span_text(shown));
	number_row(out, lang, "版本", "Version", c.version);
	act_text_row(out, lang, "持证单位", "Holder", c.holder);
	optional_row(out, lang, "英文名称", "Name in English", c.holder_en);
	act_text_row(out, lang, "统一社会信用代码", "Social credit code", c.uscc);
	act_text_row(out, lang, "等级", "Grade", span_text(word_grade(c.grade, lang)));
	scopes_row(out, lang, &c.scopes);
	time_row(out, lang, "签发时间", "Issued", c.iat_s);
	time_row(out, lang, "有效期起", "Valid from", claims_from_s(&c));
	time_row(out, lang, "有效期止", "Valid until", claims_last_s(&c));
	number_row(out, lang, "状态列表", "Status list", c.list);
	number_row(out, lang, "列表中的位置", "Slot in it", c.idx);
	return true;
}

static void
proposal_rows(struct buf *out, const struct act_body *body, enum lang lang)
{
	if (act_kind_form(body->kind) != ACT_PROPOSAL)
		return;
	act_text_row(out, lang, "会次", "Sitting", body->sitting);
	time_row(out, lang, "逾期作废", "To be answered before", body->not_after_s);
}

static bool
issue_rows(struct buf *out, const struct body_issue *b, enum lang lang, struct err *err)
{
	char room[WORD_SUBJECT_BYTES];
	struct printed_face face;

	if (!claims_rows(out, b->claims, lang, err) || !printed_face_parse(&face, b->face, err))
		return false;
	if (b->has_decision)
		act_text_decision(out, &b->decision, lang);
	if (b->supersedes.len > 0)
		act_text_row(out, lang, "接续许可", "Follows licence",
		    span_text(word_subject(room, b->supersedes)));
	act_text_row(out, lang, "版式", "Layout", b->template_id);
	hex_row(out, lang, "版式摘要", "SHA-256 of it", b->template_hash, sizeof b->template_hash);
	buf_printf(out, "  %s\n", LANG_PICK(lang, "证面印刷内容", "Printed on the certificate"));
	for (size_t i = 0; i < face.count; i++) {
		const char *name = face_label(face.field[i].name, lang);
		size_t from = out->len;
		buf_add_text(out, "    ");
		text_escape(out, name != NULL ? span_text(name) : face.field[i].name);
		word_pad(out, from, LABEL_COLUMNS + 4);
		buf_add_byte(out, ' ');
		text_escape(out, face.field[i].text);
		buf_add_byte(out, '\n');
	}
	return true;
}

static void
ground_row(struct buf *out, struct span code, enum lang lang)
{
	const struct ground *ground = ground_find(code);
	const struct case_ground *of_case = case_ground_find(code);

	label(out, lang, "事由", "Ground");
	text_escape(out, code);
	if (ground != NULL)
		buf_printf(out, ": %s", ground_name(ground, lang));
	else if (of_case != NULL)
		buf_printf(out, ": %s", LANG_PICK(lang, of_case->zh, of_case->en));
	buf_add_byte(out, '\n');
}

/* `has`: act_body_order_has() of the kind. */
static void
order_rows(struct buf *out, const struct body_order *b, unsigned has, enum lang lang)
{
	ground_row(out, b->ground, lang);
	act_text_row(out, lang, "文号", "Document", b->document);
	if ((has & ORDER_FROM) != 0)
		time_row(out, lang, "起", "From", b->from_s);
	if ((has & ORDER_UNTIL) != 0)
		time_row(out, lang, "至（不含）", "Until, not included", b->until_s);
	if ((has & ORDER_TARGET) != 0)
		hex_row(out, lang, "所涉行为摘要", "SHA-256 of the act meant", b->target,
		    sizeof b->target);
	if ((has & ORDER_STATUS) != 0)
		act_text_row(out, lang, "裁决后的状态", "Status by the ruling",
		    span_text(word_licence(
			b->status == STATUS_SUSPENDED ? LICENCE_SUSPENDED : LICENCE_ACTIVE, lang)));
}

/* ---- papers of a case ---- */

static void
notice_rows(struct buf *out, const struct body_notice *b, enum lang lang)
{
	if (b->ground.len > 0)
		ground_row(out, b->ground, lang);
	if (b->document.len > 0)
		act_text_row(out, lang, "文号", "Document", b->document);
	if (b->reason.len > 0)
		act_text_row(out, lang, "理由", "Reason", b->reason);
}

static bool
ask_rows(struct buf *out, const struct body_ask *b, enum lang lang, struct err *err)
{
	struct asked asked;

	if (!act_body_asked(&asked, b->items, err))
		return false;
	act_text_row(out, lang, "补正通知书文号", "Notice", b->document);
	for (size_t i = 0; i < asked.count; i++)
		act_text_row(out, lang, "须补正", "To be corrected", asked.item[i]);
	return true;
}

static void
schedule_rows(struct buf *out, const struct body_schedule *b, enum lang lang)
{
	act_text_row(out, lang, "文号", "Document", b->document);
	for (size_t i = 0; i < b->n_team; i++)
		hex_row(out, lang, i == 0 ? "组长" : "组员", i == 0 ? "Leader" : "Official",
		    b->team[i].id, sizeof b->team[i].id);
	time_row(out, lang, "现场审查日", "Day of the visit", b->visit_s);
	for (size_t i = 0; i < b->n_experts; i++)
		act_text_row(out, lang, "专家", "Expert", b->experts[i]);
}

static void
recuse_rows(struct buf *out, const struct body_recuse *b, enum lang lang)
{
	hex_row(out, lang, "回避人", "Who takes no part", b->person.id, sizeof b->person.id);
	act_text_row(out, lang, "理由", "Reason", b->reason);
}

static void
result_row(struct buf *out, enum act_result result, enum lang lang)
{
	static const char *const zh[] = { "", "通过", "不通过", "中止" };
	static const char *const en[] = { "", "pass", "fail", "stopped" };

	act_text_row(
	    out, lang, "结论", "Result", span_text(LANG_PICK(lang, zh[result], en[result])));
}

static void
loss_rows(struct buf *out, const struct body_loss *b, enum lang lang)
{
	hex_row(out, lang, "以此快照为底", "Floor: snapshot file", b->snapshot, sizeof b->snapshot);
	number_row(out, lang, "遗失日志的条数", "Entries of the lost log", b->size);
	hex_row(out, lang, "遗失日志的根", "Root of the lost log", b->root.b, SHA256_BYTES);
	number_row(out, lang, "开始日志纪元", "Log epoch that begins", b->epoch);
}

static void
answer_rows(struct buf *out, const struct act_body *body, enum lang lang)
{
	const struct body_answer *b = &body->answer;

	act_text_row(out, lang, "所答提议", "Answers proposal to",
	    span_text(word_kind(b->proposal_kind, lang)));
	hex_row(out, lang, "提议摘要", "SHA-256 of it", b->proposal, sizeof b->proposal);
	if (body->kind == ACT_REFUSE)
		act_text_row(out, lang, "理由", "Reason", b->reason);
}

static bool
rows_of(struct buf *out, const struct act_body *body, enum lang lang, struct err *err)
{
	switch (body->kind) {
	case ACT_SUBMIT:
	case ACT_AMEND:
		return paper(out, lang, "申请书", "Application", body->submit.application, err);
	case ACT_EXAMINE:
	case ACT_INSPECT:
		result_row(out, body->result.result, lang);
		return paper(out, lang, "报告", "Report", body->result.report, err);
	case ACT_ASK:
		return ask_rows(out, &body->ask, lang, err);
	case ACT_SCHEDULE:
		schedule_rows(out, &body->schedule, lang);
		return true;
	case ACT_RECUSE:
		recuse_rows(out, &body->recuse, lang);
		return true;
	case ACT_ACCEPT:
	case ACT_DECLINE:
	case ACT_RETRACT:
	case ACT_TERMINATE:
	case ACT_PROLONG:
	case ACT_DELIVER:
	case ACT_FILE:
	case ACT_STOP:
	case ACT_RESUME:
		notice_rows(out, &body->notice, lang);
		return true;
	case ACT_DECIDE:
		act_text_decision(out, &body->decide.decision, lang);
		return true;
	case ACT_ISSUE:
	case ACT_REISSUE:
	case ACT_REGRADE:
		return issue_rows(out, &body->issue, lang, err);
	case ACT_ACCEPT_LOSS:
		loss_rows(out, &body->loss, lang);
		return true;
	case ACT_APPROVE:
	case ACT_REFUSE:
	case ACT_CANCEL:
		answer_rows(out, body, lang);
		return true;
	default:
		return act_body_order_has(body->kind) != 0 ||
		    err_set(err, ERR_REFUSED, "\"%s\" is no act of an officer",
			act_kind_word(body->kind));
	}
}

bool
act_text_body(struct buf *out, const struct act_body *body, enum lang lang, struct err *err)
{
	const struct body_order *order = act_body_order(body);

	if (!rows_of(out, body, lang, err))
		return false;
	if (order != NULL)
		order_rows(out, order, act_body_order_has(body->kind), lang);
	proposal_rows(out, body, lang);
	return true;
}

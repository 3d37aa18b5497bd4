#include "issuer/act_text.h"

#include "core/civil.h"
#include "core/encode.h"
#include "core/limits.h"
#include "core/rfc3339.h"
#include "core/text.h"
#include "credential/number.h"
#include "issuer/words.h"
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
proposal_rows(struct buf *out, struct span sitting, int64_t not_after_s, enum lang lang)
{
	act_text_row(out, lang, "会次", "Sitting", sitting);
	time_row(out, lang, "逾期作废", "To be answered before", not_after_s);
}

static bool
issue_rows(struct buf *out, const struct body_issue *b, enum lang lang, struct err *err)
{
	if (!claims_rows(out, b->claims, lang, err))
		return false;
	if (b->has_decision)
		act_text_decision(out, &b->decision, lang);
	act_text_row(out, lang, "版式", "Layout", b->template_id);
	hex_row(out, lang, "版式摘要", "SHA-256 of it", b->template_hash, sizeof b->template_hash);
	buf_printf(out, "  %s\n", LANG_PICK(lang, "证面印刷内容", "Printed on the certificate"));
	for (size_t i = 0; i < b->face_count; i++) {
		size_t from = out->len;
		buf_add_text(out, "    ");
		text_escape(out, b->face[i].name);
		word_pad(out, from, LABEL_COLUMNS + 4);
		buf_add_byte(out, ' ');
		text_escape(out, b->face[i].text);
		buf_add_byte(out, '\n');
	}
	proposal_rows(out, b->sitting, b->not_after_s, lang);
	return true;
}

static void
sanction_rows(struct buf *out, const struct body_sanction *b, enum lang lang)
{
	const struct ground *ground = ground_find(b->ground);

	label(out, lang, "事由", "Ground");
	text_escape(out, b->ground);
	if (ground != NULL)
		buf_printf(out, ": %s", ground_name(ground, lang));
	buf_add_byte(out, '\n');
	act_text_row(out, lang, "文号", "Document", b->document);
	time_row(out, lang, "起", "From", b->from_s);
	if (b->until_s > 0)
		time_row(out, lang, "至（不含）", "Until, not included", b->until_s);
	proposal_rows(out, b->sitting, b->not_after_s, lang);
}

static void
result_row(struct buf *out, enum act_result result, enum lang lang)
{
	act_text_row(out, lang, "结论", "Result",
	    span_text(result == RESULT_PASS ? LANG_PICK(lang, "通过", "pass")
					    : LANG_PICK(lang, "不通过", "fail")));
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

bool
act_text_body(struct buf *out, const struct act_body *body, enum lang lang, struct err *err)
{
	switch (body->kind) {
	case ACT_SUBMIT:
		return paper(out, lang, "申请书", "Application", body->submit.application, err);
	case ACT_ACCEPT:
		act_text_row(out, lang, "受理通知书文号", "Notice", body->accept.document);
		return true;
	case ACT_EXAMINE:
	case ACT_INSPECT:
		result_row(out, body->result.result, lang);
		return paper(out, lang, "报告", "Report", body->result.report, err);
	case ACT_DECIDE:
		act_text_decision(out, &body->decide.decision, lang);
		proposal_rows(out, body->decide.sitting, body->decide.not_after_s, lang);
		return true;
	case ACT_ISSUE:
		return issue_rows(out, &body->issue, lang, err);
	case ACT_SUSPEND:
	case ACT_LIFT:
	case ACT_REVOKE:
		sanction_rows(out, &body->sanction, lang);
		return true;
	case ACT_APPROVE:
	case ACT_REFUSE:
	case ACT_CANCEL:
		answer_rows(out, body, lang);
		return true;
	default:
		return err_set(
		    err, ERR_REFUSED, "\"%s\" is no act of an officer", act_kind_word(body->kind));
	}
}

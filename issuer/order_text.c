#include "issuer/order_text.h"

#include "core/civil.h"
#include "core/text.h"
#include "credential/number.h"
#include "issuer/words.h"

#include <stdio.h>

#define LABEL_COLUMNS 13

/* ---- parts of it ---- */

static void
row(struct buf *out, enum lang lang, const char *zh, const char *en)
{
	size_t from = out->len;
	buf_printf(out, "  %s", LANG_PICK(lang, zh, en));
	word_pad(out, from, LABEL_COLUMNS);
}

/* The end of a line, and the beginning of the next below the label. */
static void
more(struct buf *out)
{
	buf_printf(out, "\n%*s", LABEL_COLUMNS, "");
}

static void
day(struct buf *out, int64_t t_s)
{
	char text[CIVIL_TEXT_BYTES];
	civil_format(text, civil_of(t_s));
	buf_add_text(out, text);
}

/* "in force 2026-03-01 to 2031-02-28"; "suspended from 2026-11-16; valid 2026-03-01 to 2031-02-28" */
static void
standing(struct buf *out, const struct licence_state *s, enum lang lang)
{
	const struct licence_act *suspension = s->suspension;

	buf_add_text(out, word_licence(s->status, lang));
	if (suspension != NULL) {
		buf_add_text(out, LANG_PICK(lang, "（自 ", " from "));
		day(out, suspension->proposal->body.order.from_s);
		buf_add_text(out, LANG_PICK(lang, " 起）", ""));
	}
	if (s->status == LICENCE_ACTIVE)
		buf_add_text(out, LANG_PICK(lang, "，有效期 ", " "));
	else
		buf_add_text(out, LANG_PICK(lang, "，有效期 ", "; valid "));
	day(out, s->facts.begin_s);
	buf_add_text(out, LANG_PICK(lang, " 至 ", " to "));
	day(out, s->end_s - 1);
	if (s->end_s == s->facts.exp_s)
		return;
	buf_add_text(out, LANG_PICK(lang, "（证面为 ", " (printed: "));
	day(out, s->facts.exp_s - 1);
	buf_add_text(out, LANG_PICK(lang, "）", ")"));
}

/* ---- what it changes ---- */

static void
after_suspension(struct buf *out, const struct body_order *o, enum lang lang)
{
	buf_add_text(out, LANG_PICK(lang, "自 ", "no new contracts from "));
	day(out, o->from_s);
	buf_add_text(out,
	    LANG_PICK(lang, " 起不得承接新业务，已承接的业务在监督下完成；",
		"; existing work under supervision;"));
	more(out);
	buf_add_text(out, LANG_PICK(lang, "至少持续到 ", "runs to "));
	day(out, o->until_s - 1);
	buf_add_text(out,
	    LANG_PICK(lang, "；期满并不自动恢复", " at least; its end restores nothing by itself"));
}

static void
after_lifting(
    struct buf *out, const struct body_order *o, const struct licence_state *then, enum lang lang)
{
	buf_add_text(out, LANG_PICK(lang, "自 ", "the suspension ends on "));
	day(out, o->from_s);
	buf_add_text(out, LANG_PICK(lang, " 起解除暂停：", ": "));
	standing(out, then, lang);
}

static void
after_ending(struct buf *out, const struct body_order *o, enum lang lang)
{
	buf_add_text(out, LANG_PICK(lang, "自 ", "no new contracts from "));
	day(out, o->from_s);
	buf_add_text(out,
	    LANG_PICK(
		lang, " 起不得承接新业务，已承接的业务一律停止；", ", and existing work stops;"));
	more(out);
	buf_add_text(out,
	    LANG_PICK(lang, "不溯及既往：此前各日不受影响",
		"not retroactive: the days before stay as they were"));
}

static void
after_annulment(struct buf *out, enum lang lang)
{
	buf_add_text(out,
	    LANG_PICK(lang, "自始无效：无论问及哪一天（包括过去），答复均为已撤销；",
		"void from the beginning: whatever day is asked about, past ones"));
	more(out);
	buf_add_text(out,
	    LANG_PICK(lang, "不得承接新业务，已承接的业务一律停止",
		"too, the answer is annulled; no contracts, existing work stops"));
}

/* Closing the record of what has ended by another act changes nothing for who checks. */
static void
after_closing(
    struct buf *out, const struct body_order *o, const struct licence_state *now, enum lang lang)
{
	const enum licence_status was = now->status;

	if (was != LICENCE_REVOKED && was != LICENCE_ANNULLED && was != LICENCE_WITHDRAWN) {
		after_ending(out, o, lang);
		return;
	}
	buf_add_text(out, LANG_PICK(lang, "自 ", "the record is closed on "));
	day(out, o->from_s);
	buf_printf(out,
	    LANG_PICK(lang, " 起结案；核验者得到的答复仍为%s", "; who checks is still told: %s"),
	    word_licence(was, lang));
}

static void
after_extension(
    struct buf *out, const struct body_order *o, const struct licence_state *now, enum lang lang)
{
	buf_add_text(out, LANG_PICK(lang, "有效期至 ", "runs to "));
	day(out, o->until_s - 1);
	buf_add_text(out, LANG_PICK(lang, "（此前至 ", " (until now: "));
	day(out, now->end_s - 1);
	buf_add_text(out, LANG_PICK(lang, "）；", ");"));
	more(out);
	buf_add_text(out,
	    LANG_PICK(lang, "证面日期不变，核验者同时看到两个日期和文号",
		"printed dates stay; whoever checks sees both and the order's number"));
}

/* "line 3 of its history (suspend, 示例暂〔2026〕7号)" */
static void
target(struct buf *out, const struct registry_subject *licence, const struct body_order *o,
    enum lang lang)
{
	for (size_t i = 0; i < licence->chain.n; i++) {
		const struct chain_entry *e = &licence->chain.entries[i];
		const struct body_order *meant = act_body_order(&e->body);
		if (memcmp(e->act.hash, o->target, SHA256_BYTES) != 0 || meant == NULL)
			continue;
		buf_printf(out,
		    LANG_PICK(lang, "历史第 %zu 行（%s，", "line %zu of its history (%s, "), i + 1,
		    word_kind(e->act.kind, lang));
		text_escape(out, meant->document);
		buf_add_text(out, LANG_PICK(lang, "）", ")"));
	}
}

static void
after_undoing(struct buf *out, const struct registry_subject *licence, const struct act_body *body,
    const struct licence_state *then, enum lang lang)
{
	standing(out, then, lang);
	buf_add_text(out, LANG_PICK(lang, "；", ";"));
	more(out);
	target(out, licence, &body->order, lang);
	if (body->kind == ACT_CORRECT) {
		more(out);
		buf_add_text(out,
		    LANG_PICK(lang, "视为从未生效；此前所知仍留在登记簿中",
			"counts as never effective; what was known until now stays on record"));
		return;
	}
	more(out);
	buf_add_text(out, LANG_PICK(lang, "依裁决自 ", "counts no more from "));
	day(out, body->order.from_s);
	buf_add_text(out, LANG_PICK(lang, " 起不再有效", " on, by the ruling"));
}

/* ---- what comes in its place ---- */

static void
after_reissue(
    struct buf *out, const struct body_order *o, const struct claims *next, enum lang lang)
{
	const unsigned version = next->version, before = next->version - 1u;

	buf_printf(out,
	    LANG_PICK(lang, "同一编号的第 %u 版，有效期不变；",
		"version %u under the same number, its validity unchanged;"),
	    version);
	more(out);
	buf_printf(out, LANG_PICK(lang, "第 %u 版自 ", "version %u is void from "), before);
	day(out, o->from_s);
	buf_printf(out,
	    LANG_PICK(lang, " 起作废，核验者得知已有第 %u 版",
		": whoever checks it is told of version %u"),
	    version);
}

static void
after_regrade(
    struct buf *out, const struct body_order *o, const struct claims *next, enum lang lang)
{
	char shown[NUMBER_SHOWN_BYTES] = "";
	struct number number;

	if (number_parse(&number, next->sub, NULL))
		number_shown(shown, &number);
	buf_add_text(out, LANG_PICK(lang, "自 ", "from "));
	day(out, o->from_s);
	buf_printf(
	    out, LANG_PICK(lang, " 起甲级终止，改发乙级证书 %s，", " on Grade B, %s,"), shown);
	more(out);
	buf_add_text(out, LANG_PICK(lang, "至 ", "to "));
	day(out, claims_last_s(next));
	buf_add_text(out,
	    LANG_PICK(lang, "；甲级证书须交回", "; Grade A ends, its original is to be returned"));
}

static void
after(struct buf *out, const struct registry_subject *licence, const struct act_body *body,
    const struct licence_state *then, enum lang lang)
{
	const struct body_order *o = act_body_order(body);

	row(out, lang, "之后", "After");
	switch (body->kind) {
	case ACT_SUSPEND:
		after_suspension(out, o, lang);
		break;
	case ACT_LIFT:
		after_lifting(out, o, then, lang);
		break;
	case ACT_ANNUL:
		after_annulment(out, lang);
		break;
	case ACT_DEREGISTER:
		after_closing(out, o, &licence->licence, lang);
		break;
	case ACT_EXTEND:
		after_extension(out, o, &licence->licence, lang);
		break;
	case ACT_CORRECT:
	case ACT_SET_ASIDE:
		after_undoing(out, licence, body, then, lang);
		break;
	default: /* revoke, withdraw */
		after_ending(out, o, lang);
	}
	buf_add_byte(out, '\n');
}

/* ---- what it changes on the page ---- */

/* A printed text, and the same in English where a page has both. */
static const struct printed {
	const char *name, *name_en, *zh, *en;
} FIELDS[] = {
	{ "holder_zh", "holder_zh", "单位名称", "Name" },
	{ "holder_en", "holder_en", "英文名称", "Name in English" },
	{ "legal_representative", "legal_representative", "法定代表人", "Legal representative" },
	{ "address", "address", "注册地址", "Registered address" },
	{ "grade_zh", "grade_en", "等级", "Grade" },
	{ "scopes_zh", "scopes_en", "业务种类", "Scopes" },
	{ "valid_from", "valid_from", "有效期起", "Valid from" },
	{ "valid_until", "valid_until", "有效期止", "Valid until" },
};

static void
page(
    struct buf *out, const struct body_issue *before, const struct body_issue *next, enum lang lang)
{
	bool changes = false;

	row(out, lang, "证面变更", "Changes");
	for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++) {
		const char *name = LANG_PICK(lang, FIELDS[i].name, FIELDS[i].name_en);
		const struct span was = printed_face_text(before->face, name);
		const struct span is = printed_face_text(next->face, name);
		if (span_equal(was, is))
			continue;
		if (changes)
			more(out);
		changes = true;
		buf_printf(out, LANG_PICK(lang, "%s：", "%s: "),
		    LANG_PICK(lang, FIELDS[i].zh, FIELDS[i].en));
		text_escape(out, was.len > 0 ? was : span_text("--"));
		buf_add_text(out, " -> ");
		text_escape(out, is.len > 0 ? is : span_text("--"));
	}
	if (!changes)
		buf_add_text(out,
		    LANG_PICK(lang, "除版本和发证日期外均无变更",
			"nothing on the page but version and date of issue"));
	buf_add_byte(out, '\n');
}

/* ---- who sees it, and how it is undone ---- */

/* One signature may say no at once; good news need a snapshot. */
static void
seen_by(struct buf *out, enum act_kind kind, enum lang lang)
{
	const bool good = kind == ACT_LIFT || kind == ACT_EXTEND || kind == ACT_CORRECT ||
	    kind == ACT_SET_ASIDE || act_body_makes(kind);

	row(out, lang, "何时可见", "Seen by");
	if (good)
		buf_add_text(out,
		    LANG_PICK(lang, "第二人签署后，自下次发布起，任何核验者可见\n",
			"anyone who checks, from the next snapshot after the second signature\n"));
	else
		buf_add_text(out,
		    LANG_PICK(lang,
			"第二人签署后 1 秒，在线核验者可见；自下次发布起，任何核验者可见\n",
			"who asks on line, 1 s after the second signature; anyone who checks,\n"
			"             from the next snapshot on\n"));
}

static void
undo(struct buf *out, enum act_kind kind, enum lang lang)
{
	row(out, lang, "如何撤销", "Undo");
	switch (kind) {
	case ACT_REISSUE:
		buf_add_text(out,
		    LANG_PICK(lang, "不能；有误则再次换发\n",
			"none; what is wrong is put right by another reissue\n"));
		return;
	case ACT_REGRADE:
		buf_add_text(out,
		    LANG_PICK(lang, "不能；须重新申请甲级\n",
			"none; Grade A is granted again only on an application\n"));
		return;
	case ACT_SUSPEND:
		buf_add_text(out,
		    LANG_PICK(lang, "qualcert lift（经复查）、set-aside（依裁决）、\n",
			"qualcert lift (after re-check), set-aside (by a ruling),\n"));
		buf_printf(out, "%*s", LABEL_COLUMNS, "");
		break;
	case ACT_LIFT:
		buf_add_text(
		    out, LANG_PICK(lang, "另作暂停决定，或 ", "another order to suspend, or "));
		break;
	case ACT_REVOKE:
	case ACT_ANNUL:
	case ACT_WITHDRAW:
	case ACT_DEREGISTER:
		buf_add_text(out,
		    LANG_PICK(lang, "仅 qualcert set-aside（依裁决），或 ",
			"only qualcert set-aside (by a ruling), or "));
		break;
	default:
		buf_add_text(out, LANG_PICK(lang, "qualcert ", "qualcert "));
	}
	buf_add_text(out,
	    LANG_PICK(lang, "correct（登记有误时）\n", "correct (if this entry is a mistake)\n"));
}

/* ---- all of it ---- */

static void
verb(struct buf *out, enum act_kind kind, enum lang lang)
{
	for (const char *c = act_kind_word(kind); lang == LANG_EN && *c != '\0'; c++)
		buf_add_byte(out, *c >= 'a' && *c <= 'z' ? (uint8_t)(*c - 'a' + 'A') : (uint8_t)*c);
	buf_printf(out, lang == LANG_EN ? " (%s)" : "%s", word_kind(kind, LANG_ZH));
}

void
order_text_heading(struct buf *out, const struct act_body *body, enum lang lang)
{
	const struct body_order *o = act_body_order(body);
	const struct ground *ground = ground_find(o->ground);

	verb(out, body->kind, lang);
	buf_add_text(out, LANG_PICK(lang, "   事由 ", "   ground "));
	text_escape(out, o->ground);
	if (ground != NULL)
		buf_printf(out, LANG_PICK(lang, "：%s", ": %s"), ground_name(ground, lang));
	buf_add_byte(out, '\n');
	row(out, lang, "文号", "Paper");
	text_escape(out, o->document);
	if ((act_body_order_has(body->kind) & ORDER_FROM) != 0) {
		buf_add_text(out, LANG_PICK(lang, "，自 ", ", from "));
		day(out, o->from_s);
		buf_add_text(out, LANG_PICK(lang, " 起", ""));
	}
	buf_add_byte(out, '\n');
}

/* What follows: another certificate, or another status of the licence. */
static bool
outcome(struct buf *out, const struct registry_subject *licence, const struct body_issue *before,
    const struct act_body *body, enum lang lang, struct err *err)
{
	struct licence_foresight then;
	struct claims next;

	if (act_body_makes(body->kind)) {
		if (!credential_claims_parse(&next, body->issue.claims, err))
			return false;
		row(out, lang, "之后", "After");
		(body->kind == ACT_REISSUE ? after_reissue : after_regrade)(
		    out, &body->issue.order, &next, lang);
		buf_add_byte(out, '\n');
		page(out, before, &body->issue, lang);
		return true;
	}
	bool ok = licence_foresee(&then, &licence->licence.facts, body, licence->judge.now_s, err);
	if (ok)
		after(out, licence, body, &then.licence, lang);
	licence_foresight_free(&then);
	return ok;
}

bool
order_text(struct buf *out, const struct registry_subject *licence, const struct body_issue *before,
    const struct act_body *body, enum lang lang, struct err *err)
{
	const struct claims *claims = &licence->credential.claims;

	order_text_heading(out, body, lang);
	row(out, lang, "持证单位", "Holder");
	text_escape(out, claims->holder);
	buf_printf(out, "   %.*s   %s\n", (int)claims->uscc.len, (const char *)claims->uscc.ptr,
	    word_grade(claims->grade, lang));
	row(out, lang, "目前", "Today");
	standing(out, &licence->licence, lang);
	buf_add_byte(out, '\n');
	if (!outcome(out, licence, before, body, lang, err))
		return false;
	seen_by(out, body->kind, lang);
	undo(out, body->kind, lang);
	return buf_ok(out, err);
}

void
order_text_change(struct buf *out, const struct licence_state *licence, const struct act_body *body,
    enum lang lang)
{
	if (body->kind != ACT_EXTEND) {
		buf_add_text(out, word_licence(licence->status, lang));
		return;
	}
	day(out, licence->end_s - 1);
	buf_add_text(out, " -> ");
	day(out, body->order.until_s - 1);
}

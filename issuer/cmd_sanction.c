/* Proposals to suspend a licence, lift its suspension, revoke it. */
#include "core/civil.h"
#include "issuer/commands.h"
#include "issuer/words.h"
#include "registry/ground.h"
#include "registry/registry_subject.h"

#define MONTHS_MAX 12

/* One order on one licence. */
struct order {
	enum act_kind kind;
	char stored[NUMBER_STORED_BYTES], shown[NUMBER_SHOWN_BYTES];
	struct body_order body;
	struct command_proposal proposal;
	struct registry_subject licence;
};

/* ---- the command line ---- */

static bool
read_number(struct order *o, const struct command *c, struct err *err)
{
	const char *word;
	struct number number;

	if (!command_one_word(&word, c, err) || !number_parse(&number, span_text(word), err))
		return false;
	number_stored(o->stored, &number);
	number_shown(o->shown, &number);
	return true;
}

static bool
read_ground(struct order *o, const struct command *c, struct err *err)
{
	struct span code;
	size_t n;

	if (!command_need(&code, c, OPTION_GROUND, err))
		return false;
	o->body.ground = code;
	if (ground_fits(o->kind, code))
		return true;
	const struct ground *grounds = ground_all(&n);
	command_warn("grounds to %s:", act_kind_word(o->kind));
	for (size_t i = 0; i < n; i++)
		if (grounds[i].verb == o->kind)
			command_warn("  %s %s", grounds[i].code, ground_name(&grounds[i], c->lang));
	return err_set(err, ERR_USAGE, "LIC-02: \"%s\" is no ground to %s",
	    c->option[OPTION_GROUND], act_kind_word(o->kind));
}

static bool
read_order(struct order *o, const struct command *c, struct err *err)
{
	unsigned months = 0;

	if (!read_number(o, c, err) || !read_ground(o, c, err) ||
	    !command_need(&o->body.document, c, OPTION_DOCUMENT, err) ||
	    !command_date(&o->body.from_s, c, OPTION_FROM, err) ||
	    (o->kind == ACT_SUSPEND && !command_number(&months, c, OPTION_MONTHS, MONTHS_MAX, err)))
		return false;
	if (months > 0)
		o->body.until_s =
		    civil_start_s(civil_add_months(civil_of(o->body.from_s), (int)months));
	return true;
}

/* ---- what will happen ---- */

static void
row(struct buf *out, enum lang lang, const char *zh, const char *en)
{
	size_t from = out->len;
	buf_printf(out, "  %s", LANG_PICK(lang, zh, en));
	word_pad(out, from, 13);
}

static void
after_suspension(struct buf *out, const struct order *o, enum lang lang)
{
	char from[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES];

	civil_format(from, civil_of(o->body.from_s));
	civil_format(until, civil_of(o->body.until_s - 1));
	row(out, lang, "之后", "After");
	if (lang == LANG_ZH)
		buf_printf(out,
		    "自 %s 起不得承接新业务，已承接的业务在监督下完成；\n"
		    "             至少持续到 %s；期满并不自动恢复\n",
		    from, until);
	else
		buf_printf(out,
		    "no new contracts from %s; existing work under supervision;\n"
		    "             runs to %s at least; its end restores nothing by itself\n",
		    from, until);
}

static void
after_other(struct buf *out, const struct order *o, enum lang lang)
{
	char from[CIVIL_TEXT_BYTES];

	civil_format(from, civil_of(o->body.from_s));
	row(out, lang, "之后", "After");
	if (o->kind == ACT_LIFT)
		buf_printf(
		    out, LANG_PICK(lang, "自 %s 起恢复有效\n", "in force again from %s\n"), from);
	else
		buf_printf(out,
		    LANG_PICK(lang, "自 %s 起停止一切涉密业务；不可恢复\n",
			"all classified business stops from %s; it does not come back\n"),
		    from);
}

static void
undo(struct buf *out, const struct order *o, enum lang lang)
{
	row(out, lang, "如何撤销", "Undo");
	if (o->kind == ACT_SUSPEND)
		buf_add_text(out,
		    LANG_PICK(
			lang, "qualcert lift（经复查）\n", "qualcert lift (after re-check)\n"));
	else if (o->kind == ACT_LIFT)
		buf_add_text(out, LANG_PICK(lang, "另作暂停决定\n", "another order to suspend\n"));
	else
		buf_add_text(out, LANG_PICK(lang, "不能\n", "none\n"));
}

static const char *
order_words(enum act_kind kind, enum lang lang)
{
	switch (kind) {
	case ACT_SUSPEND:
		return LANG_PICK(lang, "暂停", "SUSPEND (暂停)");
	case ACT_LIFT:
		return LANG_PICK(lang, "恢复", "LIFT THE SUSPENSION (恢复)");
	default:
		return LANG_PICK(lang, "吊销", "REVOKE (吊销)");
	}
}

static void
describe(struct buf *out, const struct order *o, const struct command *c)
{
	const struct claims *claims = &o->licence.credential.claims;
	const struct ground *ground = ground_find(o->body.ground);
	char from[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES];

	civil_format(from, civil_of(claims_from_s(claims)));
	civil_format(until, civil_of(claims_last_s(claims)));
	buf_printf(out, LANG_PICK(c->lang, "%s   事由 %s：%s\n", "%s   ground %s: %s\n"),
	    order_words(o->kind, c->lang), ground->code, ground_name(ground, c->lang));
	row(out, c->lang, "持证单位", "Holder");
	buf_printf(out, "%.*s   %.*s   %s\n", (int)claims->holder.len,
	    (const char *)claims->holder.ptr, (int)claims->uscc.len, (const char *)claims->uscc.ptr,
	    word_grade(claims->grade, c->lang));
	row(out, c->lang, "目前", "Today");
	buf_printf(out, LANG_PICK(c->lang, "%s，有效期 %s 至 %s\n", "%s; valid from %s to %s\n"),
	    word_licence(o->licence.licence.status, c->lang), from, until);
	if (o->kind == ACT_SUSPEND)
		after_suspension(out, o, c->lang);
	else
		after_other(out, o, c->lang);
	row(out, c->lang, "何时可见", "Seen by");
	buf_add_text(out,
	    LANG_PICK(c->lang, "第二人批准并发布后，任何核验者可见\n",
		"anyone who checks, once the second signature is published\n"));
	undo(out, o, c->lang);
}

/* ---- the proposal ---- */

static bool
propose(struct order *o, struct command *c, struct sitting *s, struct err *err)
{
	struct buf screen = BUF_EMPTY;

	if (!registry_subject_load(
		&o->licence, c->bureau->registry, span_text(o->stored), c->now_s, err))
		return false;
	if (o->licence.judge.licence == NULL)
		return err_set(err, ERR_NOT_FOUND, "no certificate %s was issued", o->shown);
	if (!command_may(c, s, span_text(o->stored), o->kind, err))
		return false;
	describe(&screen, o, c);
	command_tell(&screen);
	bool ok = buf_ok(&screen, err) &&
	    command_confirm_holder(c, o->licence.credential.claims.uscc, err);
	buf_free(&screen);
	s->now_s = c->now_s;
	if (!ok || !command_propose(&o->proposal, c, s, o->kind, err))
		return false;
	struct act_body body = { .kind = o->kind, .order = o->body };
	body.sitting = span_text(o->proposal.sitting);
	body.not_after_s = o->proposal.not_after_s;
	return sitting_add(s, span_text(o->stored), &body, err);
}

static bool
sanction(struct command *c, enum act_kind kind, struct err *err)
{
	struct order o = { .kind = kind };
	struct sitting s = { 0 };
	bool done = false;

	bool ok = read_order(&o, c, err) && command_begin(c, &s, err) && propose(&o, c, &s, err) &&
	    command_finish_one(&done, c, &s, err);
	if (ok && done) {
		command_print(c, "proposed %s %s\n", o.proposal.sitting, o.shown);
		command_answer(c, "proposed", o.proposal.sitting);
		command_answer(c, "number", o.shown);
		ok = command_tell_who_approves(c, span_text(o.stored), o.proposal.not_after_s, err);
	}
	registry_subject_free(&o.licence);
	sitting_free(&s);
	return ok;
}

bool
cmd_suspend(struct command *c, struct err *err)
{
	return sanction(c, ACT_SUSPEND, err);
}

bool
cmd_lift(struct command *c, struct err *err)
{
	return sanction(c, ACT_LIFT, err);
}

bool
cmd_revoke(struct command *c, struct err *err)
{
	return sanction(c, ACT_REVOKE, err);
}

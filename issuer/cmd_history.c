/* What befell a certificate: on a date, as known at a time, and by which acts. */
#include "core/civil.h"
#include "core/encode.h"
#include "core/text.h"
#include "issuer/commands.h"
#include "issuer/validity.h"
#include "issuer/words.h"

#define LABEL_COLUMNS 18

/* ---- the answer ---- */

static void
label(struct buf *out, enum lang lang, const char *zh, const char *en)
{
	size_t from = out->len;
	buf_printf(out, "  %s", LANG_PICK(lang, zh, en));
	word_pad(out, from, LABEL_COLUMNS);
}

static void
day(struct buf *out, int64_t t_s)
{
	char text[CIVIL_TEXT_BYTES];
	civil_format(text, civil_of(t_s));
	buf_add_text(out, text);
}

/* Since when it is so, and of a suspension how long at least. */
static void
since(struct buf *out, const struct validity_answer *now, enum lang lang)
{
	const struct history_entry *e = now->entry;

	if (e == NULL || e->status == STATUS_ACTIVE || e->from_s == 0)
		return;
	label(out, lang, "自", "Since");
	day(out, e->from_s);
	if (e->status == STATUS_SUSPENDED && e->until_s != HISTORY_OPEN) {
		buf_add_text(out, LANG_PICK(lang, "，至少到 ", ", to "));
		day(out, e->until_s - 1);
		buf_add_text(out, LANG_PICK(lang, "", " at least"));
	}
	buf_add_byte(out, '\n');
}

static bool
print_answer(const struct command *c, const struct validity *v, int64_t on_s,
    const struct validity_answer *now, struct err *err)
{
	char on[WORD_TIME_BYTES], known[WORD_TIME_BYTES];
	struct buf out = BUF_EMPTY;
	const struct claims *claims = &v->credential.claims;

	word_time(on, on_s, c->lang);
	word_time(known, v->known_s, c->lang);
	buf_printf(&out, "%s   ", v->shown);
	text_escape(&out, claims->holder);
	buf_printf(&out, "   %s\n", word_grade(claims->grade, c->lang));
	buf_printf(&out, LANG_PICK(c->lang, "%s，据 %s 所知：%s\n", "On %s, as known on %s: %s\n"),
	    on, known, validity_words(now, c->lang));
	since(&out, now, c->lang);
	label(&out, c->lang, "新的涉密业务", "New contracts");
	buf_printf(&out, "%s\n", validity_work_words(now->contracts, c->lang));
	label(&out, c->lang, "已承接的业务", "Existing work");
	buf_printf(&out, "%s\n", validity_work_words(now->existing, c->lang));
	label(&out, c->lang, "有效期", "Validity");
	validity_days(&out, v, now, c->lang);
	buf_add_byte(&out, '\n');
	command_print_buf(c, &out);
	bool ok = buf_ok(&out, err);
	buf_free(&out);
	return ok;
}

/* ---- its versions, where there are several ---- */

static bool
print_versions(const struct command *c, const struct validity *v, struct err *err)
{
	struct buf out = BUF_EMPTY;
	json_t *list = c->answer != NULL ? json_array() : NULL;
	char made[WORD_TIME_BYTES];

	for (size_t i = 0; i < v->versions.n; i++) {
		const struct licence_version *one = &v->versions.versions[i];
		if (one->recorded_s > v->known_s)
			break;
		word_time(made, one->recorded_s, c->lang);
		if (i == 0)
			buf_printf(&out, "%s\n", LANG_PICK(c->lang, "版本", "Versions"));
		buf_printf(
		    &out, LANG_PICK(c->lang, "%3u  制作于 %s", "%3u  made %s"), one->version, made);
		if (one->version > 1) {
			buf_add_text(
			    &out, LANG_PICK(c->lang, "，自 ", "; the one before is void from "));
			day(&out, one->replaces_from_s);
			buf_add_text(&out, LANG_PICK(c->lang, " 起取代前一版", ""));
		}
		buf_add_byte(&out, '\n');
		if (list != NULL)
			json_array_append_new(list,
			    json_pack("{s:i, s:I, s:I}", "version", (int)one->version, "made_s",
				(json_int_t)one->recorded_s, "replaces_from_s",
				(json_int_t)one->replaces_from_s));
	}
	if (v->versions.n > 1)
		command_print_buf(c, &out);
	if (list != NULL)
		json_object_set_new(c->answer, "versions", list);
	bool ok = buf_ok(&out, err);
	buf_free(&out);
	return ok;
}

/* ---- the acts, each under its line ---- */

/* What became of a proposal, as known then. */
enum outcome { WAITS, EFFECTIVE, CORRECTED, SET_ASIDE, REFUSED, CANCELLED, VOID };

static const struct {
	const char *word, *zh, *en;
} outcomes[] = {
	[WAITS] = { "waits", "待批准", "waits for an answer" },
	[EFFECTIVE] = { "effective", "", "" },
	[CORRECTED] = { "corrected", "已更正，视为从未生效",
	    "corrected: counts as never effective" },
	[SET_ASIDE] = { "set-aside", "依裁决不再有效，自 ", "set aside by a ruling, from " },
	[REFUSED] = { "refused", "", "" }, /* the next line says so */
	[CANCELLED] = { "cancelled", "", "" },
	[VOID] = { "void", "未批准，已作废", "void: not approved" },
};

static enum outcome
outcome_of(const struct validity *v, size_t i)
{
	const struct chain_entry *e = &v->chain.entries[i];
	const struct licence_act *act = licence_find_act(&v->licence, e->act.hash);

	if (act != NULL)
		return act->struck ? CORRECTED : act->aside ? SET_ASIDE : EFFECTIVE;
	if (v->licence.open == e)
		return WAITS;
	if (v->licence.making == e)
		return EFFECTIVE;
	if (i + 1 == v->n_known || !chain_answers(e + 1, e))
		return VOID;
	if (e[1].act.kind == ACT_APPROVE)
		return EFFECTIVE;
	return e[1].act.kind == ACT_REFUSE ? REFUSED : CANCELLED;
}

/* The line of the act that a correction or a ruling is about; 0: none. */
static size_t
line_of_target(const struct validity *v, const struct chain_entry *e)
{
	for (size_t i = 0; i < v->n_known; i++)
		if (memcmp(v->chain.entries[i].act.hash, e->body.order.target, SHA256_BYTES) == 0)
			return i + 1;
	return 0;
}

/* "SUS-05  示例暂〔2026〕7号  from 2026-11-16 to 2027-05-15 at least" */
static void
order_columns(
    struct buf *out, const struct validity *v, const struct chain_entry *e, enum lang lang)
{
	const struct body_order *o = act_body_order(&e->body);
	const unsigned has = act_body_order_has(e->act.kind);

	buf_add_text(out, "  ");
	text_escape(out, o->ground);
	buf_add_text(out, "  ");
	text_escape(out, o->document);
	if ((has & ORDER_TARGET) != 0)
		buf_printf(
		    out, LANG_PICK(lang, "  所涉第 %zu 行", "  of line %zu"), line_of_target(v, e));
	if ((has & ORDER_FROM) != 0) {
		buf_add_text(out, LANG_PICK(lang, "  自 ", "  from "));
		day(out, o->from_s);
	}
	if ((has & ORDER_UNTIL) != 0) {
		buf_add_text(out, LANG_PICK(lang, " 至 ", " to "));
		day(out, o->until_s - 1);
	}
	if (e->act.kind == ACT_SUSPEND)
		buf_add_text(out, LANG_PICK(lang, "（至少）", " at least"));
	if ((has & ORDER_STATUS) != 0)
		buf_printf(out, LANG_PICK(lang, "，此后%s", ", leaves it %s"),
		    word_licence(
			o->status == STATUS_SUSPENDED ? LICENCE_SUSPENDED : LICENCE_ACTIVE, lang));
}

static void
outcome_line(struct buf *out, const struct validity *v, size_t i, enum lang lang)
{
	const enum outcome outcome = outcome_of(v, i);
	const char *words = LANG_PICK(lang, outcomes[outcome].zh, outcomes[outcome].en);

	if (words[0] == '\0')
		return;
	buf_printf(out, "       %s", words);
	if (outcome == SET_ASIDE)
		day(out, licence_find_act(&v->licence, v->chain.entries[i].act.hash)->aside_from_s);
	buf_add_byte(out, '\n');
}

static void
act_row(struct buf *out, const struct command *c, const struct validity *v, size_t i)
{
	const struct chain_entry *e = &v->chain.entries[i];
	char when[WORD_TIME_BYTES], room[OFFICER_NAME_BYTES];

	word_time(when, e->recorded_s, c->lang);
	buf_printf(out, "%3zu  %s  ", i + 1, when);
	size_t at = out->len;
	buf_add_text(out, word_kind(e->act.kind, c->lang));
	word_pad(out, at, 10);
	if (act_kind_form(e->act.kind) != ACT_MACHINE)
		buf_printf(out, " %s", command_name(room, c, e->who.person));
	if (act_body_order(&e->body) != NULL)
		order_columns(out, v, e, c->lang);
	if (e->act.kind == ACT_REFUSE) {
		buf_add_text(out, "  ");
		text_escape(out, e->body.answer.reason);
	}
	buf_add_byte(out, '\n');
	if (act_kind_form(e->act.kind) == ACT_PROPOSAL)
		outcome_line(out, v, i, c->lang);
}

static json_t *
text_json(struct span text)
{
	return json_stringn((const char *)text.ptr, text.len);
}

static void
order_json(json_t *out, const struct validity *v, size_t i)
{
	const struct chain_entry *e = &v->chain.entries[i];
	const struct body_order *o = act_body_order(&e->body);
	const unsigned has = act_body_order_has(e->act.kind);

	json_object_set_new(out, "ground", text_json(o->ground));
	json_object_set_new(out, "document", text_json(o->document));
	if ((has & ORDER_FROM) != 0)
		json_object_set_new(out, "from_s", json_integer((json_int_t)o->from_s));
	if ((has & ORDER_UNTIL) != 0)
		json_object_set_new(out, "until_s", json_integer((json_int_t)o->until_s));
	if ((has & ORDER_TARGET) != 0)
		json_object_set_new(out, "of_line", json_integer((json_int_t)line_of_target(v, e)));
	if ((has & ORDER_STATUS) != 0)
		json_object_set_new(out, "leaves",
		    json_string(o->status == STATUS_SUSPENDED ? "suspended" : "active"));
}

static json_t *
act_json(const struct validity *v, size_t i)
{
	const struct chain_entry *e = &v->chain.entries[i];
	char hex[2 * BUNDLE_PERSON_BYTES + 1];

	hex_encode(hex, span_of(e->who.person, sizeof e->who.person));
	json_t *out = json_pack("{s:I, s:s, s:I, s:s}", "line", (json_int_t)i + 1, "act",
	    act_kind_word(e->act.kind), "recorded_s", (json_int_t)e->recorded_s, "person", hex);
	if (act_body_order(&e->body) != NULL)
		order_json(out, v, i);
	if (act_kind_form(e->act.kind) == ACT_PROPOSAL) {
		json_object_set_new(out, "sitting", text_json(chain_sitting(e)));
		json_object_set_new(out, "outcome", json_string(outcomes[outcome_of(v, i)].word));
	}
	if (e->act.kind == ACT_REFUSE)
		json_object_set_new(out, "reason", text_json(e->body.answer.reason));
	return out;
}

/* Those recorded by then. */
static bool
print_acts(const struct command *c, const struct validity *v, struct err *err)
{
	struct buf out = BUF_EMPTY;
	json_t *acts = c->answer != NULL ? json_array() : NULL;

	for (size_t i = 0; i < v->n_known; i++) {
		if (i == 0)
			buf_printf(&out, "%s\n", LANG_PICK(c->lang, "登记的行为", "Recorded"));
		act_row(&out, c, v, i);
		if (acts != NULL)
			json_array_append_new(acts, act_json(v, i));
	}
	command_print_buf(c, &out);
	bool ok = buf_ok(&out, err);
	buf_free(&out);
	if (c->answer != NULL)
		json_object_set_new(c->answer, "acts", acts);
	return ok;
}

static void
fill_answer(const struct command *c, const struct validity *v, int64_t on_s,
    const struct validity_answer *now)
{
	json_t *answer = validity_json(v, now);

	json_object_set_new(answer, "on_s", json_integer((json_int_t)on_s));
	json_object_set_new(answer, "known_s", json_integer((json_int_t)v->known_s));
	json_object_update(c->answer, answer);
	json_decref(answer);
}

bool
cmd_history(struct command *c, struct err *err)
{
	struct validity v = { 0 };
	const char *word;
	int64_t on_s, known_s;

	bool ok = command_one_word(&word, c, err) &&
	    command_moment(&on_s, c, OPTION_AT, c->now_s, err) &&
	    command_moment(&known_s, c, OPTION_KNOWN, c->now_s, err) &&
	    command_open(c, true, err) &&
	    validity_load(&v, c->bureau, span_text(word), known_s, err);
	if (ok) {
		struct validity_answer now = validity_ask(&v, on_s);
		if (c->answer != NULL)
			fill_answer(c, &v, on_s, &now);
		ok = print_answer(c, &v, on_s, &now, err) && print_versions(c, &v, err) &&
		    print_acts(c, &v, err);
	}
	validity_free(&v);
	return ok;
}

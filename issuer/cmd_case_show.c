/* Cases: all that are open, one of them with everything that happened to it. */
#include "core/encode.h"
#include "core/text.h"
#include "issuer/clock.h"
#include "issuer/commands.h"
#include "issuer/dossier.h"
#include "issuer/who.h"
#include "issuer/words.h"

/* ---- all ---- */

struct listing {
	struct command *c;
	json_t *lines;
};

/* "issue-proposed" of "issue proposed". */
static void
stage_word(char out[48], enum case_stage stage)
{
	snprintf(out, 48, "%s", case_stage_words(stage));
	for (char *at = out; *at != '\0'; at++)
		if (*at == ' ')
			*at = '-';
}

/* The last day of the stage, where time alone will end it. */
static void
until_text(
    char out[2 * WORD_TIME_BYTES], const struct registry_case *found, const struct command *c)
{
	char day[WORD_TIME_BYTES];

	out[0] = '\0';
	if (found->turns_s <= c->now_s)
		return;
	word_day(day, found->turns_s - 1, c->lang);
	snprintf(out, 2 * WORD_TIME_BYTES, LANG_PICK(c->lang, "，至 %s", " until %s"), day);
}

static bool
on_case(void *ctx, const struct registry_case *found, struct err *err)
{
	struct listing *l = ctx;
	char day[WORD_TIME_BYTES], until[2 * WORD_TIME_BYTES], stage[48];

	(void)err;
	const enum case_stage now = registry_case_stage(found, l->c->now_s);
	word_day(day, found->last_s, l->c->lang);
	until_text(until, found, l->c);
	command_print(l->c, "%s  %s  %s%s%s%s\n", dossier_short(found->subject), day,
	    word_stage(now, l->c->lang), until, found->number[0] != '\0' ? "  " : "",
	    found->number);
	stage_word(stage, now);
	if (l->lines != NULL)
		json_array_append_new(l->lines,
		    json_pack("{s:s, s:s, s:I, s:I, s:I}", "case", dossier_short(found->subject),
			"stage", stage, "opened_s", (json_int_t)found->opened_s, "last_s",
			(json_int_t)found->last_s, "turns_s", (json_int_t)found->turns_s));
	return true;
}

bool
cmd_case_list(struct command *c, struct err *err)
{
	struct listing l = { .c = c };

	if (!command_no_words(c, err) || !command_open(c, true, err))
		return false;
	if (c->answer != NULL)
		json_object_set_new(c->answer, "cases", l.lines = json_array());
	return registry_each_case(c->bureau->registry, 0, on_case, &l, err);
}

/* ---- one ---- */

static void
print_application(struct buf *out, const struct dossier *d, enum lang lang)
{
	const struct application *app = d->application;

	text_escape(out, app->name_zh);
	buf_printf(out, "   %.*s   %s   ", (int)app->uscc.len, (const char *)app->uscc.ptr,
	    word_grade(app->grade, lang));
	if (app->of.len > 0)
		buf_printf(out, "%s %.*s   ", word_type(app->type, lang), (int)app->of.len,
		    (const char *)app->of.ptr);
	for (size_t i = 0; i < app->scopes.count; i++)
		buf_printf(out, "%s%.*s", i > 0 ? ", " : "", (int)app->scopes.items[i].len,
		    (const char *)app->scopes.items[i].ptr);
	buf_add_byte(out, '\n');
}

/* What an act says beside its kind, as far as it matters for the case. */
static void
print_detail(struct buf *out, const struct chain_entry *e, enum lang lang)
{
	const struct body_notice *notice = &e->body.notice;
	struct asked asked;
	struct err none = { 0 }; /* a recorded list can be read */

	switch (e->act.kind) {
	case ACT_EXAMINE:
	case ACT_INSPECT:
		buf_printf(out, "  %s", word_result(e->body.result.result, lang));
		break;
	case ACT_DECLINE:
	case ACT_TERMINATE:
		buf_printf(
		    out, "  %.*s  ", (int)notice->ground.len, (const char *)notice->ground.ptr);
		text_escape(out, notice->reason);
		break;
	case ACT_ASK:
		if (!act_body_asked(&asked, e->body.ask.items, &none))
			break;
		for (size_t i = 0; i < asked.count; i++) {
			buf_printf(out, "\n      %zu  ", i + 1);
			text_escape(out, asked.item[i]);
		}
		break;
	default:
		break;
	}
}

static void
print_acts(struct buf *out, const struct command *c, const struct dossier *d)
{
	char when[WORD_TIME_BYTES], room[OFFICER_NAME_BYTES];

	for (size_t i = 0; i < d->subject.chain.n; i++) {
		const struct chain_entry *e = &d->subject.chain.entries[i];
		bool machine = act_kind_form(e->act.kind) == ACT_MACHINE;
		word_time(when, e->recorded_s, c->lang);
		buf_printf(out, "  %s  ", when);
		size_t at = out->len;
		buf_add_text(out, word_kind(e->act.kind, c->lang));
		word_pad(out, at, 12);
		buf_printf(out, " %s",
		    machine ? LANG_PICK(c->lang, "系统", "the machine")
			    : command_name(room, c, e->who.person));
		print_detail(out, e, c->lang);
		if (chain_sitting(e).len > 0)
			buf_printf(out, "  %.*s", (int)chain_sitting(e).len,
			    (const char *)chain_sitting(e).ptr);
		buf_add_byte(out, '\n');
	}
}

/* ---- clocks ---- */

/* What time alone will make of it. */
static void
print_turn(struct buf *out, const struct case_state *s, enum lang lang)
{
	char day[WORD_TIME_BYTES];

	if (s->turns_s == 0)
		return;
	word_day(day, s->turns_s - 1, lang);
	if (s->base == CASE_SUBMITTED)
		buf_printf(out,
		    LANG_PICK(lang, "至 %s 未答复即视为受理\n",
			"Accepted by silence if nobody answers by %s\n"),
		    day);
	else if (s->base == CASE_CORRECTION_ASKED)
		buf_printf(out,
		    LANG_PICK(lang, "至 %s 未补正即视为放弃申请\n",
			"Abandoned if it is not amended by %s\n"),
		    day);
}

static void
print_acceptance(struct buf *out, const struct case_state *s, enum lang lang)
{
	char day[WORD_TIME_BYTES];

	if (s->accepted_s == 0 || s->accept != NULL)
		return;
	word_day(day, s->accepted_s - 1, lang);
	buf_printf(out,
	    LANG_PICK(
		lang, "逾期未答复，%s 期满视为受理\n", "Accepted by silence at the end of %s\n"),
	    day);
}

static void
print_decision_clock(struct buf *out, const struct clock_decision *clock, enum lang lang)
{
	char due[WORD_TIME_BYTES];

	word_day(due, civil_start_s(clock->due), lang);
	if (clock->stopped)
		buf_printf(out,
		    LANG_PICK(lang, "用时 %u 个工作日（期限 %u 个）", "Took %u of %u working days"),
		    clock->used, clock->allowed);
	else
		buf_printf(out,
		    LANG_PICK(lang, "已用 %u 个工作日（期限 %u 个），%s 到期",
			"%u of %u working days used, decision due %s"),
		    clock->used, clock->allowed, due);
	if (clock->stands_still)
		buf_add_text(out,
		    LANG_PICK(
			lang, "；现场审查期间不计", "; stands still until the report is signed"));
	if (clock->guessed)
		buf_add_text(out,
		    LANG_PICK(lang, "；节假日安排未录入的年份按周一至周五计",
			"; years without holiday data count Monday to Friday"));
	buf_add_byte(out, '\n');
}

static void
print_visit(struct buf *out, const struct command *c, const struct case_state *s)
{
	char day[WORD_TIME_BYTES], room[OFFICER_NAME_BYTES];

	if (s->schedule == NULL)
		return;
	const struct body_schedule *order = &s->schedule->body.schedule;
	word_day(day, order->visit_s, c->lang);
	buf_printf(out, LANG_PICK(c->lang, "现场审查 %s：", "Visit %s: "), day);
	for (size_t i = 0; i < order->n_team; i++)
		buf_printf(out, "%s%s", i > 0 ? LANG_PICK(c->lang, "、", ", ") : "",
		    command_name(room, c, order->team[i].id));
	for (size_t i = 0; i < order->n_experts; i++) {
		buf_add_text(out,
		    i > 0 ? LANG_PICK(c->lang, "、", ", ")
			  : LANG_PICK(c->lang, "；专家 ", "; experts "));
		text_escape(out, order->experts[i]);
	}
	buf_add_byte(out, '\n');
}

static void
print_recused(struct buf *out, const struct command *c, const struct dossier *d)
{
	char room[OFFICER_NAME_BYTES];

	for (size_t i = 0; i < d->subject.chain.n; i++) {
		const struct chain_entry *e = &d->subject.chain.entries[i];
		if (e->act.kind != ACT_RECUSE)
			continue;
		buf_printf(out, LANG_PICK(c->lang, "回避：%s（", "Recused: %s ("),
		    command_name(room, c, e->body.recuse.person.id));
		text_escape(out, e->body.recuse.reason);
		buf_add_text(out, LANG_PICK(c->lang, "）\n", ")\n"));
	}
}

static void
print_clocks(struct buf *out, const struct command *c, const struct dossier *d,
    const struct calendar *calendar)
{
	const struct case_state *s = &d->subject.dossier;
	struct clock_decision clock;

	print_turn(out, s, c->lang);
	print_acceptance(out, s, c->lang);
	if (clock_decision(&clock, &d->subject.judge, calendar))
		print_decision_clock(out, &clock, c->lang);
	print_visit(out, c, s);
	print_recused(out, c, d);
}

/* What comes next, and who may do it; nothing once the case is at its end. */
static void
print_next(struct buf *out, const struct command *c, const struct dossier *d)
{
	const struct judge *judge = &d->subject.judge;
	enum act_kind next = judge->dossier->open != NULL ? ACT_APPROVE : judge_next(judge);
	struct buf names = BUF_EMPTY;

	if (next == ACT_NONE)
		return;
	if (act_kind_form(next) == ACT_MACHINE)
		buf_add_text(&names, LANG_PICK(c->lang, "系统", "the machine"));
	else
		who_may(&names, c->bureau, judge, next, c->lang);
	buf_printf(out, LANG_PICK(c->lang, "下一步：%s，可由%s办理\n", "Next: %s, by %s\n"),
	    word_kind(next, c->lang), buf_text(&names));
	buf_free(&names);
}

static bool
print_case(const struct command *c, const struct dossier *d, const char *subject, struct err *err)
{
	struct defects defects = { 0 };
	struct buf out = BUF_EMPTY;
	const struct calendar *calendar;

	if (!bureau_calendar(&calendar, c->bureau, err))
		return false;
	buf_printf(&out, "%s   %s\n", dossier_short(subject),
	    word_stage(d->subject.dossier.stage, c->lang));
	print_application(&out, d, c->lang);
	bool ok = dossier_rules(&defects, d, NULL, err);
	defects_text(&out, &defects, c->lang);
	print_acts(&out, c, d);
	print_clocks(&out, c, d, calendar);
	print_next(&out, c, d);
	ok = ok && buf_ok(&out, err) && command_answer_defects(c, &defects, err);
	if (ok)
		command_print_buf(c, &out);
	defects_free(&defects);
	buf_free(&out);
	return ok;
}

static json_t *
acts_json(const struct dossier *d)
{
	char person[2 * BUNDLE_PERSON_BYTES + 1];
	json_t *acts = json_array();

	for (size_t i = 0; i < d->subject.chain.n; i++) {
		const struct chain_entry *e = &d->subject.chain.entries[i];
		struct span sitting = chain_sitting(e);
		hex_encode(person, span_of(e->who.person, sizeof e->who.person));
		json_array_append_new(acts,
		    json_pack("{s:s, s:I, s:s, s:s%}", "act", act_kind_word(e->act.kind),
			"recorded_s", (json_int_t)e->recorded_s, "person", person, "sitting",
			sitting.len > 0 ? (const char *)sitting.ptr : "", sitting.len));
	}
	return acts;
}

static json_t *
clock_json(const struct clock_decision *clock)
{
	char due[CIVIL_TEXT_BYTES];

	civil_format(due, clock->due);
	return json_pack("{s:i, s:i, s:s, s:b, s:b, s:b}", "allowed", (int)clock->allowed, "used",
	    (int)clock->used, "due", due, "stands_still", clock->stands_still, "stopped",
	    clock->stopped, "guessed", clock->guessed);
}

static void
answer_clocks(const struct command *c, const struct dossier *d, const struct calendar *calendar)
{
	const struct case_state *s = &d->subject.dossier;
	struct clock_decision clock;
	char turns_to[48];

	stage_word(turns_to, s->turns_to);
	json_object_set_new(c->answer, "turns_s",
	    s->turns_s != 0 ? json_integer((json_int_t)s->turns_s) : json_null());
	json_object_set_new(
	    c->answer, "turns_to", s->turns_s != 0 ? json_string(turns_to) : json_null());
	json_object_set_new(c->answer, "accepted_s",
	    s->accepted_s != 0 ? json_integer((json_int_t)s->accepted_s) : json_null());
	json_object_set_new(
	    c->answer, "due_s", json_integer((json_int_t)clock_due_s(&d->subject.judge, calendar)));
	json_object_set_new(c->answer, "clock",
	    clock_decision(&clock, &d->subject.judge, calendar) ? clock_json(&clock) : json_null());
}

static bool
fill_answer(const struct command *c, const struct dossier *d, const char *subject, struct err *err)
{
	const struct application *app = d->application;
	const struct calendar *calendar;
	char stage[48];

	if (!bureau_calendar(&calendar, c->bureau, err))
		return false;
	answer_clocks(c, d, calendar);

	stage_word(stage, d->subject.dossier.stage);
	command_answer(c, "case", dossier_short(subject));
	command_answer(c, "stage", stage);
	json_object_set_new(
	    c->answer, "holder", json_stringn((const char *)app->name_zh.ptr, app->name_zh.len));
	json_object_set_new(
	    c->answer, "uscc", json_stringn((const char *)app->uscc.ptr, app->uscc.len));
	command_answer(c, "grade", app->grade == GRADE_A ? "A" : "B");
	command_answer(c, "type", applied_type_word(app->type));
	if (app->of.len > 0)
		json_object_set_new(
		    c->answer, "of", json_stringn((const char *)app->of.ptr, app->of.len));
	json_object_set_new(c->answer, "acts", acts_json(d));
	return true;
}

bool
cmd_case_show(struct command *c, struct err *err)
{
	char subject[ACT_SUBJECT_BYTES + 1];
	struct dossier d = { 0 };
	const char *shown;

	bool ok = command_one_word(&shown, c, err) && dossier_subject(subject, shown, err) &&
	    command_open(c, true, err) &&
	    dossier_load(&d, c->bureau, span_text(subject), c->now_s, err) &&
	    print_case(c, &d, subject, err);
	if (ok && c->answer != NULL)
		ok = fill_answer(c, &d, subject, err);
	dossier_free(&d);
	return ok;
}

/* Cases: all that are open, one of them with everything that happened to it. */
#include "core/encode.h"
#include "core/text.h"
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

static bool
on_case(void *ctx, const struct registry_case *found, struct err *err)
{
	struct listing *l = ctx;
	char day[WORD_TIME_BYTES], stage[48];

	(void)err;
	word_day(day, found->last_s, l->c->lang);
	command_print(l->c, "%s  %s  %s%s%s\n", dossier_short(found->subject), day,
	    word_stage(found->stage, l->c->lang), found->number[0] != '\0' ? "  " : "",
	    found->number);
	stage_word(stage, found->stage);
	if (l->lines != NULL)
		json_array_append_new(l->lines,
		    json_pack("{s:s, s:s, s:I, s:I}", "case", dossier_short(found->subject),
			"stage", stage, "opened_s", (json_int_t)found->opened_s, "last_s",
			(json_int_t)found->last_s));
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
	return registry_each_case(c->bureau->registry, false, on_case, &l, err);
}

/* ---- one ---- */

static void
print_application(struct buf *out, const struct dossier *d, enum lang lang)
{
	const struct application *app = d->application;

	text_escape(out, app->name_zh);
	buf_printf(out, "   %.*s   %s   ", (int)app->uscc.len, (const char *)app->uscc.ptr,
	    word_grade(app->grade, lang));
	for (size_t i = 0; i < app->scopes.count; i++)
		buf_printf(out, "%s%.*s", i > 0 ? ", " : "", (int)app->scopes.items[i].len,
		    (const char *)app->scopes.items[i].ptr);
	buf_add_byte(out, '\n');
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
		if (e->act.kind == ACT_EXAMINE || e->act.kind == ACT_INSPECT)
			buf_printf(out, "  %s", word_result(e->body.result.result, c->lang));
		if (chain_sitting(e).len > 0)
			buf_printf(out, "  %.*s", (int)chain_sitting(e).len,
			    (const char *)chain_sitting(e).ptr);
		buf_add_byte(out, '\n');
	}
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

	buf_printf(&out, "%s   %s\n", dossier_short(subject),
	    word_stage(d->subject.dossier.stage, c->lang));
	print_application(&out, d, c->lang);
	bool ok = dossier_rules(&defects, d, NULL, err);
	defects_text(&out, &defects, c->lang);
	print_acts(&out, c, d);
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

static void
fill_answer(const struct command *c, const struct dossier *d, const char *subject)
{
	const struct application *app = d->application;
	char stage[48];

	stage_word(stage, d->subject.dossier.stage);
	command_answer(c, "case", dossier_short(subject));
	command_answer(c, "stage", stage);
	json_object_set_new(
	    c->answer, "holder", json_stringn((const char *)app->name_zh.ptr, app->name_zh.len));
	json_object_set_new(
	    c->answer, "uscc", json_stringn((const char *)app->uscc.ptr, app->uscc.len));
	command_answer(c, "grade", app->grade == GRADE_A ? "A" : "B");
	json_object_set_new(c->answer, "acts", acts_json(d));
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
		fill_answer(c, &d, subject);
	dossier_free(&d);
	return ok;
}

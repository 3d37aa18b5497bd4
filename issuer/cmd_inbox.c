/* What waits for one officer. */
#include "issuer/commands.h"
#include "issuer/dossier.h"
#include "issuer/inbox.h"
#include "issuer/words.h"

#define TEXT_COLUMNS 58 /* of a line, in front of its date */
#define SHOWN_NUMBERS 8

/* ---- the screen ---- */

static void
title(struct buf *out, enum inbox_group group, enum lang lang)
{
	static const char *const zh[] = { "可以签发或签署", "请先查看", "您不能办理",
		"您已签署，待他人批准", "已逾期，由您督办", "即将到期" };
	static const char *const en[] = { "SIGN NOW", "LOOK FIRST", "NOT FOR YOU",
		"SENT BY YOU, WAITING FOR ANOTHER", "OVERDUE, FOR YOU TO SEE TO", "COMING UP" };
	size_t from = out->len + 1;

	buf_printf(out, "\n%s", LANG_PICK(lang, zh[group], en[group]));
	word_pad(out, from, TEXT_COLUMNS);
	buf_printf(out, " %s\n",
	    group == INBOX_AHEAD ? LANG_PICK(lang, "最早须申请延续", "first to apply by")
				 : LANG_PICK(lang, "期限", "due by"));
}

/* A case, a licence, the register, and what it waits for. */
static void
one_subject(struct buf *out, const struct inbox_line *line, enum lang lang)
{
	char room[WORD_SUBJECT_BYTES];

	if (line->kind == ACT_RESUME) {
		buf_add_text(out, word_kind(line->kind, lang));
		return;
	}
	buf_printf(out, "%s  ", word_subject(room, span_text(line->subjects[0])));
	buf_add_span(out, buf_span(&line->holder));
	buf_printf(out, "  %s: %s", word_grade(line->grade, lang), word_kind(line->kind, lang));
}

/* What the line is about, in front of the date. */
static void
headline(struct buf *out, const struct inbox_line *line, enum lang lang)
{
	if (line->number > 0)
		buf_printf(out, "%3u   ", line->number);
	else
		buf_add_text(out, "      ");
	if (line->kind == ACT_APPROVE)
		buf_printf(out, LANG_PICK(lang, "%s  %s，%zu 项", "%s  %s, %zu in all"),
		    line->sitting, word_kind(line->answers, lang), line->n_subjects);
	else if (line->group == INBOX_AHEAD)
		buf_printf(out, LANG_PICK(lang, "%zu 件许可", "%zu licence%s"), line->n_subjects,
		    line->n_subjects == 1 ? "" : "s");
	else if (line->n_subjects > 1)
		buf_printf(out,
		    LANG_PICK(lang, "%zu 份证书，全部检查通过",
			"%zu certificates to issue, every check passed"),
		    line->n_subjects);
	else
		one_subject(out, line, lang);
}

static void
licence_advice(struct buf *out, const struct inbox_line *line, enum lang lang)
{
	char room[WORD_SUBJECT_BYTES];

	word_subject(room, span_text(line->subjects[0]));
	buf_printf(out, "qualcert %s %s --ground %s ...\n", act_kind_word(line->kind), room,
	    line->ground->code);
	if (line->kind == ACT_LIFT)
		buf_printf(out,
		    LANG_PICK(lang, "        或 qualcert revoke %s --ground REV-06 ...\n",
			"        or qualcert revoke %s --ground REV-06 ...\n"),
		    room);
}

/* The command that does it, or shows what to look at. `decides`: an issue holds the decision. */
static void
advice(struct buf *out, const struct inbox_line *line, bool decides, enum lang lang)
{
	buf_add_text(out, "        ");
	if (line->kind == ACT_RESUME)
		buf_add_text(out, "qualcert resume --reason TEXT\n");
	else if (line->ground != NULL)
		licence_advice(out, line, lang);
	else if (line->group == INBOX_LOOK)
		buf_printf(out, "qualcert case show %s\n", dossier_short(line->subjects[0]));
	else if (line->kind == ACT_APPROVE)
		buf_printf(out, "qualcert approve %s\n", line->sitting);
	else if (line->kind == ACT_ISSUE)
		buf_printf(out,
		    LANG_PICK(lang, "qualcert issue --from %u%s            列出全部，确认一次\n",
			"qualcert issue --from %u%s            shows all, asks once\n"),
		    line->number, decides ? " --document NO" : "");
	else
		buf_printf(out, "qualcert case %s %s ...\n", act_kind_word(line->kind),
		    dossier_short(line->subjects[0]));
}

/* Each line of a text, indented. */
static void
indented(struct buf *out, const struct buf *text)
{
	size_t at = 0;

	while (at < text->len) {
		const uint8_t *end = memchr(text->ptr + at, '\n', text->len - at);
		size_t len = end != NULL ? (size_t)(end - text->ptr) - at : text->len - at;
		buf_add_text(out, "        ");
		buf_add(out, text->ptr + at, len);
		buf_add_byte(out, '\n');
		at += len + 1;
	}
}

/* The first of them; all are in the JSON. */
static void
numbers(struct buf *out, const struct inbox_line *line, enum lang lang)
{
	char room[WORD_SUBJECT_BYTES];

	for (size_t i = 0; i < line->n_subjects && i < SHOWN_NUMBERS; i++)
		buf_printf(out, "        %s\n", word_subject(room, span_text(line->subjects[i])));
	if (line->n_subjects > SHOWN_NUMBERS)
		buf_printf(out,
		    LANG_PICK(lang, "        …（共 %zu 件：--json）\n",
			"        ... (all %zu: --json)\n"),
		    line->n_subjects);
}

static void
show_line(struct buf *out, const struct inbox_line *line, bool decides, const struct command *c)
{
	char day[WORD_TIME_BYTES], room[OFFICER_NAME_BYTES];
	size_t from = out->len;

	headline(out, line, c->lang);
	if (line->due_s > 0) {
		word_pad(out, from, TEXT_COLUMNS);
		word_day(day, line->due_s, c->lang);
		buf_printf(out, " %s", day);
	}
	buf_add_byte(out, '\n');
	if (line->kind == ACT_APPROVE && line->group != INBOX_SENT)
		buf_printf(out,
		    LANG_PICK(c->lang, "        提议人 %s\n", "        proposed by %s\n"),
		    command_name(room, c, line->person));
	indented(out, &line->why);
	if (line->who.len > 0)
		buf_printf(out,
		    LANG_PICK(c->lang, "        可由%.*s办理\n", "        %.*s may sign\n"),
		    (int)line->who.len, (const char *)line->who.ptr);
	if (line->group <= INBOX_LOOK)
		advice(out, line, decides, c->lang);
	if (line->group == INBOX_AHEAD)
		numbers(out, line, c->lang);
}

static bool
show(const struct inbox *inbox, const struct command *c, struct err *err)
{
	struct buf out = BUF_EMPTY;
	const struct policy *policy;

	if (!bureau_policy(&policy, c->bureau, err))
		return false;
	command_heading(&out, c);
	if (inbox->stopped.len > 0)
		buf_printf(
		    &out, "\n%.*s\n", (int)inbox->stopped.len, (const char *)inbox->stopped.ptr);
	for (size_t i = 0; i < inbox->n; i++) {
		if (i == 0 || inbox->lines[i].group != inbox->lines[i - 1].group)
			title(&out, inbox->lines[i].group, c->lang);
		show_line(&out, &inbox->lines[i], policy->decision_in_issue, c);
	}
	if (inbox->n == 0)
		buf_printf(&out, "\n%s\n",
		    LANG_PICK(c->lang, "没有需要您办理的事项。", "Nothing waits for you."));
	if (inbox->others > 0)
		buf_printf(&out,
		    LANG_PICK(c->lang, "\n另有 %zu 项待其他岗位办理。\n",
			"\n%zu more wait for officers with other roles.\n"),
		    inbox->others);
	command_print_buf(c, &out);
	bool ok = buf_ok(&out, err);
	buf_free(&out);
	return ok;
}

/* ---- JSON ---- */

static json_t *
text_of(const struct buf *text)
{
	return text->len > 0 ? json_stringn((const char *)text->ptr, text->len) : json_null();
}

static json_t *
line_json(const struct inbox_line *line)
{
	static const char *const groups[] = { "sign", "look", "not-you", "sent", "overdue",
		"ahead" };
	char room[WORD_SUBJECT_BYTES];
	json_t *subjects = json_array();

	for (size_t i = 0; i < line->n_subjects; i++)
		json_array_append_new(
		    subjects, json_string(word_subject(room, span_text(line->subjects[i]))));
	return json_pack("{s:s, s:s?, s:s?, s:i, s:s, s:o, s:I, s:o, s:o}", "group",
	    groups[line->group], "act", act_kind_word(line->kind), "ground",
	    line->ground != NULL ? line->ground->code : NULL, "number", (int)line->number,
	    "sitting", line->sitting, "subjects", subjects, "due_s", (json_int_t)line->due_s, "why",
	    text_of(&line->why), "who", text_of(&line->who));
}

static void
answer(const struct inbox *inbox, const struct command *c)
{
	json_t *lines = json_array();

	for (size_t i = 0; i < inbox->n; i++)
		json_array_append_new(lines, line_json(&inbox->lines[i]));
	json_object_set_new(c->answer, "inbox", lines);
	json_object_set_new(c->answer, "others", json_integer((json_int_t)inbox->others));
	json_object_set_new(c->answer, "stopped", text_of(&inbox->stopped));
}

bool
cmd_inbox(struct command *c, struct err *err)
{
	struct inbox inbox = { 0 };

	bool ok = command_no_words(c, err) && command_open(c, true, err) &&
	    command_officer(c, err) &&
	    inbox_load(&inbox, c->bureau, c->officer.key, c->now_s, c->lang, err) &&
	    show(&inbox, c, err);
	if (ok && c->answer != NULL)
		answer(&inbox, c);
	inbox_free(&inbox);
	return ok;
}

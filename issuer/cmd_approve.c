/* The second signature. Of a proposal to make certificates it also makes them. */
#include "issuer/answer.h"
#include "issuer/commands.h"
#include "issuer/issue.h"
#include "issuer/loss.h"
#include "issuer/preview.h"
#include "issuer/words.h"

#include <stdlib.h>

/* ---- which lines ---- */

/* "2,5-7": these are not chosen. */
static bool
leave_out(struct answer *a, const char *lines, struct err *err)
{
	const char *at = lines;

	while (*at != '\0') {
		char *end;
		unsigned long first = strtoul(at, &end, 10), last = first;
		if (end != at && *end == '-') {
			at = end + 1;
			last = strtoul(at, &end, 10);
		}
		if (end == at || first == 0 || last < first || last > a->n ||
		    (*end != ',' && *end != '\0'))
			return err_set(err, ERR_USAGE,
			    "lines are written 2,5-7, and this sitting has 1 to %zu", a->n);
		for (unsigned long i = first; i <= last; i++)
			a->lines[i - 1].chosen = false;
		at = *end == ',' ? end + 1 : end;
	}
	return true;
}

static bool
choose(struct answer *a, struct command *c, struct err *err)
{
	struct buf lines = BUF_EMPTY;

	if (c->option[OPTION_EXCEPT] != NULL)
		return leave_out(a, c->option[OPTION_EXCEPT], err);
	if (c->option[OPTION_YES] != NULL || c->option[OPTION_DRY_RUN] != NULL ||
	    !command_has_terminal() || answer_chosen(a) < 2)
		return true;
	bool ok = command_ask(&lines,
		      LANG_PICK(c->lang, "有不批准的吗？（行号，无则回车）：",
			  "Leave some out? (line numbers, or Enter for none): "),
		      err) &&
	    buf_text(&lines) != NULL && leave_out(a, buf_text(&lines), err);
	buf_free(&lines);
	return ok;
}

/* ---- what it is about ---- */

static void
consequence(struct buf *out, const struct answer *a, enum lang lang)
{
	size_t n = answer_chosen(a);

	if (!act_body_makes(a->lines[0].kind) || n == 0)
		return;
	if (lang == LANG_ZH)
		buf_printf(
		    out, "如果批准，现在即制作 %zu 份证书，自下次发布起对任何核验者有效。\n", n);
	else
		buf_printf(out,
		    "If you approve, %zu PDF%s made now, VALID for anyone who checks from the next "
		    "snapshot on.\n",
		    n, n == 1 ? " is" : "s are");
}

static bool
tell(const struct answer *a, const struct command *c, struct err *err)
{
	const struct chain_entry *first = &a->first.entry;
	char room[OFFICER_NAME_BYTES], when[WORD_TIME_BYTES];
	struct buf screen = BUF_EMPTY;

	if (c->officer.key != NULL)
		command_heading(&screen, c);
	word_time(when, first->act.time_s, c->lang);
	buf_printf(&screen,
	    LANG_PICK(
		c->lang, "\n%s 提议（%s）：%s，%zu 项\n", "\n%s proposes (%s): %s, %zu in all\n"),
	    command_name(room, c, first->who.person), when, word_kind(first->act.kind, c->lang),
	    a->n);
	consequence(&screen, a, c->lang);
	buf_add_byte(&screen, '\n');
	bool ok = answer_text(&screen, a, c, err) &&
	    (first->act.kind != ACT_ACCEPT_LOSS ||
		loss_text(&screen, c->bureau, first->body.loss.snapshot, c->lang, err));
	buf_printf(&screen,
	    LANG_PICK(
		c->lang, "  %zu 项中您可批准 %zu 项。\n\n", "  Of %zu you may approve %zu.\n\n"),
	    a->n, answer_chosen(a));
	command_tell(&screen);
	ok = ok && buf_ok(&screen, err);
	buf_free(&screen);
	return ok;
}

static bool
preview_one(json_t *paths, const struct answer_line *line, struct command *c,
    const struct pdf_maker *maker, struct err *err)
{
	struct answer_act act;

	bool ok = answer_act(&act, line, c, err) &&
	    (!act_body_makes(line->kind) ||
		preview_write(paths, &act.entry.body.issue, c->bureau, maker,
		    c->option[OPTION_PREVIEW], err));
	buf_free(&act.bytes);
	return ok;
}

static bool
preview(const struct answer *a, struct command *c, struct err *err)
{
	const struct pdf_maker *maker;
	const char *dir = c->option[OPTION_PREVIEW];

	if (dir == NULL)
		return true;
	if (!bureau_maker(&maker, c->bureau, err))
		return false;
	json_t *paths = json_array();
	bool ok = true;
	for (size_t i = 0; ok && i < a->n; i++)
		ok = !a->lines[i].chosen || preview_one(paths, &a->lines[i], c, maker, err);
	if (ok)
		preview_tell(c, dir, paths);
	json_decref(paths);
	return ok;
}

static bool
confirm(const struct answer *a, struct command *c, struct err *err)
{
	char number[24];

	snprintf(number, sizeof number, "%zu", answer_chosen(a));
	return command_confirm(c,
	    LANG_PICK(c->lang, "请输入要批准的项数：", "Type the number of proposals to approve: "),
	    number, err);
}

/* ---- carrying it out, a part of the sitting at a time ---- */

struct tally {
	size_t wanted, done;
};

/* Is its approval to be recorded now, or was it before, by a call that was cut short? */
static bool
is_wanted(const struct answer_line *line)
{
	return line->chosen || line->state == PROPOSAL_APPROVED;
}

static size_t
count_wanted(const struct answer *a)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n; i++)
		n += is_wanted(&a->lines[i]);
	return n;
}

/* Every line of the part has its own answer; those that went wrong are said and leave the others. */
static size_t
carry_out_part(struct answer *a, struct command *c, size_t from, size_t until)
{
	struct issue_item items[ISSUE_GROUP];
	size_t n = 0;

	for (size_t i = from; i < until; i++) {
		const struct answer_line *line = &a->lines[i];
		if (is_wanted(line) && (!line->chosen || answer_recorded(a, line, c)))
			items[n++] = issue_item(line->proposal);
	}
	return act_body_makes(a->lines[0].kind) ? command_make(c, items, n) : n;
}

static bool
carry_out(struct tally *out, struct answer *a, struct command *c, struct err *err)
{
	*out = (struct tally){ .wanted = count_wanted(a) };
	for (size_t from = 0; from < a->n; from += ISSUE_GROUP) {
		const size_t until = from + ISSUE_GROUP < a->n ? from + ISSUE_GROUP : a->n;
		if (!answer_send(a, c, from, until, span_of(NULL, 0), err))
			return false;
		out->done += carry_out_part(a, c, from, until);
		command_progress(until, a->n);
	}
	return true;
}

static void
tell_done(const struct answer *a, const struct command *c, const struct tally *t)
{
	if (act_body_makes(a->lines[0].kind)) {
		command_warn("%zu issued, %zu failed, in %s/issued", t->done, t->wanted - t->done,
		    c->bureau->folder);
		return;
	}
	if (t->wanted > 1)
		command_warn("%zu approved, %zu failed", t->done, t->wanted - t->done);
	if (t->done > 0) {
		command_print(c, "approved %s\n", a->id);
		command_answer(c, "approved", a->id);
	}
}

static void
tell_epoch(const struct body_loss *loss, enum lang lang)
{
	command_warn(LANG_PICK(lang,
			 "接下来：各根密钥签发下一信任包，其中日志纪元为 "
			 "%llu，名称（origin）与此前不同；qualcert adopt "
			 "之后，qualcert publish",
			 "next: the roots sign a trust bundle whose log has epoch %llu and another "
			 "origin than before; "
			 "qualcert adopt, then qualcert publish"),
	    (unsigned long long)loss->epoch);
}

/* What follows from an approval, beyond its certificates. */
static bool
go_on(const struct answer *a, const struct command *c, struct err *err)
{
	switch (a->first.entry.act.kind) {
	case ACT_RESUME: /* what waited while it was stopped */
		return command_recover(c, ISSUE_WAITS_FOR_AUTHORITY, err);
	case ACT_ACCEPT_LOSS:
		tell_epoch(&a->first.entry.body.loss, c->lang);
		return true;
	default:
		return true;
	}
}

static bool
approve(struct answer *a, struct command *c, struct err *err)
{
	struct tally tally;

	if (c->option[OPTION_DRY_RUN] != NULL || c->option[OPTION_EXPORT] != NULL)
		return answer_send(a, c, 0, a->n, span_of(NULL, 0), err);
	if (c->answer != NULL && act_body_makes(a->lines[0].kind))
		json_object_set_new(c->answer, "issued", json_array());
	bool ok = carry_out(&tally, a, c, err);
	tell_done(a, c, &tally);
	return ok;
}

/* What waits and is not his, though he left nothing out: the screen has said why, line by line. */
static bool
refuse_waiting(const struct answer *a, const struct command *c, struct err *err)
{
	const struct answer_line *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		if (a->lines[i].state == PROPOSAL_OPEN && !a->lines[i].may && n++ == 0)
			first = &a->lines[i];
	if (first == NULL)
		return true;
	if (a->n > 1)
		command_warn(LANG_PICK(c->lang, "%s：仍有 %zu 项待批准，您都不得批准",
				 "%s: %zu still to be approved, none of them by you"),
		    a->id, n);
	return err_set(err, ERR_REFUSED, "%s", first->why);
}

/* Nothing to sign: what was approved before is looked after; what waits is not his, or was left out. */
static bool
nothing_chosen(struct answer *a, struct command *c, struct err *err)
{
	const bool records = c->option[OPTION_DRY_RUN] == NULL && c->option[OPTION_EXPORT] == NULL;

	for (size_t i = 0; records && i < a->n; i++)
		if (a->lines[i].state == PROPOSAL_APPROVED) {
			command_warn("%s was approved before", a->id);
			return approve(a, c, err) && refuse_waiting(a, c, err);
		}
	if (!refuse_waiting(a, c, err))
		return false;
	if (a->lines[0].why != NULL)
		return err_set(err, ERR_REFUSED, "%s", a->lines[0].why);
	return err_set(err, ERR_USAGE, "no line is left to approve");
}

bool
cmd_approve(struct command *c, struct err *err)
{
	struct answer a = { 0 };
	const char *id;

	bool ok = command_one_word(&id, c, err) && answer_open(&a, c, ACT_APPROVE, id, err) &&
	    tell(&a, c, err) && choose(&a, c, err) && preview(&a, c, err);
	if (ok && answer_chosen(&a) == 0)
		ok = nothing_chosen(&a, c, err);
	else
		ok = ok && confirm(&a, c, err) && approve(&a, c, err) &&
		    (!a.record.done || go_on(&a, c, err));
	answer_free(&a);
	return ok;
}

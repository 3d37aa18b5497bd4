/* The second signature. Of a proposal to make certificates it also makes them. */
#include "issuer/answer.h"
#include "issuer/commands.h"
#include "issuer/issue.h"
#include "issuer/loss.h"
#include "issuer/preview.h"
#include "issuer/words.h"

#include <stdlib.h>
#include <unistd.h>

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

	if (!act_body_makes(a->lines[0].proposal.kind) || n == 0)
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
	const struct answer_line *first = &a->lines[0];
	char room[OFFICER_NAME_BYTES], when[WORD_TIME_BYTES];
	struct buf screen = BUF_EMPTY;

	if (c->officer.key != NULL)
		command_heading(&screen, c);
	word_time(when, first->entry.act.time_s, c->lang);
	buf_printf(&screen,
	    LANG_PICK(
		c->lang, "\n%s 提议（%s）：%s，%zu 项\n", "\n%s proposes (%s): %s, %zu in all\n"),
	    command_name(room, c, first->entry.who.person), when,
	    word_kind(first->proposal.kind, c->lang), a->n);
	consequence(&screen, a, c->lang);
	buf_add_byte(&screen, '\n');
	bool ok = answer_text(&screen, a, c, err) &&
	    (first->proposal.kind != ACT_ACCEPT_LOSS ||
		loss_text(&screen, c->bureau, first->entry.body.loss.snapshot, c->lang, err));
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
preview(const struct answer *a, struct command *c, struct err *err)
{
	const struct pdf_maker *maker;
	const char *dir = c->option[OPTION_PREVIEW];

	if (dir == NULL)
		return true;
	if (!bureau_maker(&maker, c->bureau, err))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->lines[i].chosen && act_body_makes(a->lines[i].proposal.kind) &&
		    !preview_write(&a->lines[i].entry.body.issue, c->bureau, maker, dir, err))
			return false;
	return true;
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

/* ---- afterwards ---- */

/* Was its approval to be recorded now, or was it before, by a call that was cut short? */
static bool
is_wanted(const struct answer_line *line)
{
	return line->chosen || line->proposal.state == PROPOSAL_APPROVED;
}

static size_t
count_wanted(const struct answer *a)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n; i++)
		n += is_wanted(&a->lines[i]);
	return n;
}

static void
progress(size_t done, size_t n)
{
	if (n > ISSUE_GROUP && isatty(STDERR_FILENO))
		fprintf(stderr, "%5zu/%zu\r", done, n);
}

/* Make what was approved, a group at a time; how many came out. */
static size_t
make_all(const struct answer *a, struct command *c, size_t wanted)
{
	struct issue_item items[ISSUE_GROUP];
	size_t n = 0, seen = 0, done = 0;

	for (size_t i = 0; i < a->n; i++) {
		const struct answer_line *line = &a->lines[i];
		if (!is_wanted(line))
			continue;
		seen++;
		if (!line->chosen || answer_recorded(a, line, c))
			items[n++] = issue_item(line->proposal.hash);
		if (n == ISSUE_GROUP || seen == wanted) {
			done += command_make(c, items, n);
			progress(seen, wanted);
			n = 0;
		}
	}
	return done;
}

static size_t
count_recorded(const struct answer *a, struct command *c)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n; i++)
		if (is_wanted(&a->lines[i]))
			n += !a->lines[i].chosen || answer_recorded(a, &a->lines[i], c);
	return n;
}

/* Every line has its own answer; those that went wrong are said and leave the others. */
static void
carry_out(const struct answer *a, struct command *c)
{
	const size_t wanted = count_wanted(a);

	if (act_body_makes(a->lines[0].proposal.kind)) {
		if (c->answer != NULL)
			json_object_set_new(c->answer, "issued", json_array());
		const size_t made = make_all(a, c, wanted);
		command_warn(
		    "%zu issued, %zu failed, in %s/issued", made, wanted - made, c->bureau->folder);
		return;
	}
	const size_t done = count_recorded(a, c);
	if (wanted > 1)
		command_warn("%zu approved, %zu failed", done, wanted - done);
	if (done > 0) {
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

/* Nothing to sign: either it was all done before, and only the certificates are looked after, or it is not his. */
static bool
nothing_chosen(const struct answer *a, struct command *c, struct err *err)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->lines[i].proposal.state == PROPOSAL_APPROVED &&
		    c->option[OPTION_DRY_RUN] == NULL && c->option[OPTION_EXPORT] == NULL) {
			command_warn("%s was approved before", a->id);
			carry_out(a, c);
			return true;
		}
	*err = a->lines[0].why;
	return err->code == ERR_NONE ? err_set(err, ERR_USAGE, "no line is left to approve")
				     : false;
}

bool
cmd_approve(struct command *c, struct err *err)
{
	struct answer a = { 0 };
	const char *id;

	bool ok = command_one_word(&id, c, err) && answer_open(&a, c, ACT_APPROVE, id, err) &&
	    tell(&a, c, err) && choose(&a, c, err) && preview(&a, c, err);
	if (ok && answer_chosen(&a) == 0) {
		ok = nothing_chosen(&a, c, err);
	} else {
		ok = ok && confirm(&a, c, err) && answer_send(&a, c, span_of(NULL, 0), err);
		if (ok && a.record.done)
			carry_out(&a, c);
		/* What waited while it was stopped. */
		if (ok && a.record.done && a.lines[0].proposal.kind == ACT_RESUME)
			ok = command_recover(c, err);
		if (ok && a.record.done && a.lines[0].proposal.kind == ACT_ACCEPT_LOSS)
			tell_epoch(&a.lines[0].entry.body.loss, c->lang);
	}
	answer_free(&a);
	return ok;
}

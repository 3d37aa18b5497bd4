/* Proposals to issue: one sitting, an act for each certificate. */
#include "core/text.h"
#include "issuer/commands.h"
#include "issuer/dossier.h"
#include "issuer/inbox.h"
#include "issuer/issue.h"
#include "issuer/words.h"

#include <stdlib.h>

/* One certificate to be proposed. */
struct candidate {
	char subject[ACT_SUBJECT_BYTES + 1];
	struct dossier dossier;
	struct decision decision; /* where the policy has it in the proposal */
};

/* All of one call. */
struct candidates {
	struct candidate *items;
	struct issue_wish *wishes;
	size_t n;
	bool decide; /* the policy puts the decision into the proposal */
};

static void
candidates_free(struct candidates *all)
{
	for (size_t i = 0; i < all->n; i++)
		dossier_free(&all->items[i].dossier);
	free(all->items);
	free(all->wishes);
}

/* ---- which cases ---- */

static bool
make_room(struct candidates *all, size_t n, struct err *err)
{
	all->items = calloc(n + 1, sizeof *all->items);
	all->wishes = calloc(n + 1, sizeof *all->wishes);
	if (all->items == NULL || all->wishes == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	all->n = n;
	return true;
}

static bool
from_words(struct candidates *all, const struct command *c, struct err *err)
{
	if (!make_room(all, c->n_words, err))
		return false;
	for (size_t i = 0; i < c->n_words; i++) {
		if (!dossier_subject(all->items[i].subject, c->words[i], err))
			return err_in(err, "%s", c->words[i]);
		for (size_t k = 0; k < i; k++)
			if (strcmp(all->items[k].subject, all->items[i].subject) == 0)
				return err_set(err, ERR_USAGE, "%s is given twice", c->words[i]);
	}
	return true;
}

static bool
from_inbox(struct candidates *all, const struct command *c, struct err *err)
{
	struct inbox inbox = { 0 };
	unsigned number;

	if (c->officer.key == NULL)
		return err_set(err, ERR_USAGE, "whose inbox? --as OFFICER");
	bool ok = command_number(&number, c, OPTION_FROM, UINT16_MAX, err) &&
	    inbox_load(&inbox, c->bureau, c->officer.key, c->now_s, c->lang, err);
	const struct inbox_line *line = ok ? inbox_find(&inbox, number) : NULL;
	if (ok && (line == NULL || line->kind != ACT_ISSUE))
		ok = err_set(
		    err, ERR_USAGE, "line %u of your inbox is no certificate to issue", number);
	ok = ok && make_room(all, line->n_subjects, err);
	for (size_t i = 0; ok && i < all->n; i++)
		memcpy(all->items[i].subject, line->subjects[i], sizeof line->subjects[i]);
	inbox_free(&inbox);
	return ok;
}

static bool
read_cases(struct candidates *all, const struct command *c, struct err *err)
{
	bool from = c->option[OPTION_FROM] != NULL;

	if (from == (c->n_words > 0))
		return err_set(
		    err, ERR_USAGE, "usage: qualcert %s %s", c->row->name, c->row->usage);
	return from ? from_inbox(all, c, err) : from_words(all, c, err);
}

/* ---- the decision, where it is part of the proposal ---- */

static bool
read_policy(struct candidates *all, struct span *document, const struct command *c, struct err *err)
{
	const struct policy *policy;

	*document = span_of(NULL, 0);
	if (!bureau_policy(&policy, c->bureau, err))
		return false;
	all->decide = policy->decision_in_issue;
	if (all->decide)
		return command_need(document, c, OPTION_DOCUMENT, err);
	return c->option[OPTION_DOCUMENT] == NULL ||
	    err_set(err, ERR_USAGE,
		"the decision has its number already: --document is for bureaus that decide with "
		"the issue");
}

/* A grant needs the application verified without an ERROR. */
static bool
decide(struct candidate *one, const struct command *c, struct span document, struct err *err)
{
	struct defects defects = { 0 };
	const struct pdf_maker *maker;

	bool ok = bureau_maker(&maker, c->bureau, err) &&
	    dossier_rules(&defects, &one->dossier, maker, err);
	command_warn_defects(c, &defects);
	if (ok && defects_count(&defects, SEVERITY_ERROR) > 0)
		ok = err_set(err, ERR_REFUSED, "%s: it cannot be granted", defects.items[0].code);
	defects_free(&defects);
	return ok && dossier_decide(&one->decision, &one->dossier, document, span_of(NULL, 0), err);
}

static bool
load(struct candidates *all, const struct command *c, const struct sitting *s, struct err *err)
{
	struct span document;

	if (!read_policy(all, &document, c, err))
		return false;
	for (size_t i = 0; i < all->n; i++) {
		struct candidate *one = &all->items[i];
		struct span subject = span_text(one->subject);
		if (!dossier_load(&one->dossier, c->bureau, subject, c->now_s, err) ||
		    !command_may(c, s, subject, ACT_ISSUE, err) ||
		    (all->decide && !decide(one, c, document, err)))
			return err_in(err, "%s", dossier_short(one->subject));
		all->wishes[i] = (struct issue_wish){ .kind = ACT_ISSUE,
			.subject = subject,
			.decision = all->decide ? &one->decision : NULL };
	}
	return true;
}

/* ---- asking and proposing ---- */

static bool
tell(const struct candidates *all, const struct command *c, struct err *err)
{
	struct buf screen = BUF_EMPTY;

	if (c->officer.key != NULL)
		command_heading(&screen, c);
	buf_printf(&screen,
	    LANG_PICK(c->lang, "\n签发证书：%zu 份\n", "\nISSUE CERTIFICATES: %zu\n"), all->n);
	for (size_t i = 0; i < all->n; i++) {
		const struct application *app = all->items[i].dossier.application;
		buf_printf(&screen, "%3zu  %s  ", i + 1, dossier_short(all->items[i].subject));
		size_t from = screen.len;
		text_escape(&screen, app->name_zh);
		word_pad(&screen, from, 36);
		buf_printf(&screen, " %s\n", word_grade(app->grade, c->lang));
	}
	command_tell(&screen);
	bool ok = buf_ok(&screen, err);
	buf_free(&screen);
	return ok;
}

static bool
propose(struct command_proposal *out, const struct candidates *all, struct command *c,
    struct sitting *s, struct err *err)
{
	char number[24];

	snprintf(number, sizeof number, "%zu", all->n);
	if (!tell(all, c, err) ||
	    !command_confirm(c,
		LANG_PICK(
		    c->lang, "请输入要签发的份数：", "Type the number of certificates to issue: "),
		number, err))
		return false;
	s->now_s = c->now_s;
	return command_propose(out, c, s, ACT_ISSUE, err) &&
	    issue_propose(s, out->sitting, all->wishes, all->n, err);
}

/* A line for each proposal that is in the register now; why not, for the others. */
static void
report(const struct candidates *all, struct command *c, const struct command_record *record,
    const char *sitting)
{
	json_t *cases = c->answer != NULL ? json_array() : NULL;

	for (size_t i = 0; i < all->n; i++) {
		const char *shown = dossier_short(all->items[i].subject);
		if (!record->items[i].recorded) {
			command_failed(c, shown, &record->items[i].err);
			continue;
		}
		command_print(c, "proposed %s %s\n", sitting, shown);
		if (cases != NULL)
			json_array_append_new(cases, json_string(shown));
	}
	if (c->answer != NULL) {
		json_object_set_new(c->answer, "proposed", json_string(sitting));
		json_object_set_new(c->answer, "cases", cases);
	}
}

bool
cmd_issue(struct command *c, struct err *err)
{
	struct candidates all = { 0 };
	struct command_proposal proposal;
	struct command_record record = { 0 };
	struct sitting s = { 0 };

	bool ok = command_begin(c, &s, err) && read_cases(&all, c, err) && load(&all, c, &s, err) &&
	    propose(&proposal, &all, c, &s, err) && command_finish(&record, c, &s, err);
	if (ok && record.done) {
		report(&all, c, &record, proposal.sitting);
		if (record.items[0].recorded)
			ok = command_tell_who_approves(
			    c, span_text(all.items[0].subject), proposal.not_after_s, err);
	}
	command_record_free(&record, &s);
	candidates_free(&all);
	sitting_free(&s);
	return ok;
}

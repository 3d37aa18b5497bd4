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
	/* Where the policy has the decision in the proposal; else nothing of a case is kept but what is told of it. */
	struct dossier dossier;
	struct decision decision;
};

/* All of one call. */
struct candidates {
	struct candidate *items;
	struct issue_wish *wishes;
	size_t n;
	bool decide;     /* the policy puts the decision into the proposal */
	struct buf told; /* a line of each */
};

static void
candidates_free(struct candidates *all)
{
	for (size_t i = 0; i < all->n; i++)
		dossier_free(&all->items[i].dossier);
	free(all->items);
	free(all->wishes);
	buf_free(&all->told);
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

/* The cases whose applications want the licence renewed. */
struct renewals {
	struct bureau *bureau;
	int64_t now_s;
	char (*subjects)[ACT_SUBJECT_BYTES + 1]; /* of all open ones; owned */
	size_t n;
};

static bool
on_open_case(void *ctx, const struct registry_case *found, struct err *err)
{
	struct renewals *r = ctx;
	char(*grown)[ACT_SUBJECT_BYTES + 1] = realloc(r->subjects, (r->n + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	r->subjects = grown;
	memcpy(grown[r->n++], found->subject, sizeof *grown);
	return true;
}

static bool
renews(
    bool *out, const struct renewals *r, const char *subject, const char *number, struct err *err)
{
	struct registry_subject found = { 0 };
	struct applied applied;

	bool ok =
	    registry_subject_load(&found, r->bureau->registry, span_text(subject), r->now_s, err) &&
	    applied_read(&applied, case_application(&found.dossier), err);
	*out = ok && applied.type == APPLIED_RENEWAL && strcmp(applied.of, number) == 0;
	registry_subject_free(&found);
	return ok;
}

/* The one among them that does; ERR_NOT_FOUND, or ERR_CONFLICT if two do. */
static bool
find_renewal(
    size_t *out, const struct renewals *r, const char *number, const char *shown, struct err *err)
{
	size_t found = 0;
	bool yes;

	for (size_t i = 0; i < r->n; i++) {
		if (!renews(&yes, r, r->subjects[i], number, err))
			return false;
		if (yes && found++ > 0)
			return err_set(err, ERR_CONFLICT,
			    "%s and %s would both renew %s: qualcert issue CASE",
			    dossier_short(r->subjects[*out]), dossier_short(r->subjects[i]), shown);
		if (yes)
			*out = i;
	}
	return found > 0 ||
	    err_set(err, ERR_NOT_FOUND,
		"no application to renew %s is open: it is handed in with the type \"renewal\"",
		shown);
}

static bool
from_licence(struct candidates *all, const struct command *c, struct err *err)
{
	struct renewals r = { .bureau = c->bureau, .now_s = c->now_s };
	char stored[NUMBER_STORED_BYTES];
	struct number number;
	const char *word;
	size_t which = 0;

	if (!command_one_word(&word, c, err) || !number_parse(&number, span_text(word), err))
		return false;
	number_stored(stored, &number);
	bool ok = registry_each_case(c->bureau->registry, c->now_s, on_open_case, &r, err) &&
	    find_renewal(&which, &r, stored, word, err) && make_room(all, 1, err);
	if (ok)
		memcpy(all->items[0].subject, r.subjects[which], sizeof r.subjects[which]);
	free(r.subjects);
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

static void
tell_one(struct buf *out, size_t i, const struct candidate *one, enum lang lang)
{
	const struct application *app = one->dossier.application;

	buf_printf(out, "%3zu  %s  ", i + 1, dossier_short(one->subject));
	size_t from = out->len;
	text_escape(out, app->name_zh);
	word_pad(out, from, 36);
	buf_printf(out, " %s", word_grade(app->grade, lang));
	if (app->type != APPLIED_NEW) {
		buf_printf(out, LANG_PICK(lang, "  %s：", "  %s, "), word_type(app->type, lang));
		text_escape(out, app->of);
	}
	buf_add_byte(out, '\n');
}

static bool
load_one(struct candidates *all, size_t i, const struct command *c, const struct sitting *s,
    struct span document, struct err *err)
{
	struct candidate *one = &all->items[i];
	const struct span subject = span_text(one->subject);

	if (!dossier_load(&one->dossier, c->bureau, subject, c->now_s, err) ||
	    !command_may(c, s, subject, ACT_ISSUE, err) ||
	    (all->decide && !decide(one, c, document, err)))
		return err_in(err, "%s", dossier_short(one->subject));
	all->wishes[i] = (struct issue_wish){ .kind = ACT_ISSUE,
		.subject = subject,
		.decision = all->decide ? &one->decision : NULL };
	tell_one(&all->told, i, one, c->lang);
	if (!all->decide)
		dossier_free(&one->dossier);
	return true;
}

static bool
load(struct candidates *all, const struct command *c, const struct sitting *s, struct err *err)
{
	struct span document;

	if (!read_policy(all, &document, c, err))
		return false;
	for (size_t i = 0; i < all->n; i++)
		if (!load_one(all, i, c, s, document, err))
			return false;
	return buf_ok(&all->told, err);
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
	buf_add_span(&screen, buf_span(&all->told));
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
	    issue_propose(s, out->sitting, all->wishes, all->n, command_progress, err);
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

static bool
issue(struct command *c,
    bool (*read)(struct candidates *all, const struct command *c, struct err *err), struct err *err)
{
	struct candidates all = { 0 };
	struct command_proposal proposal;
	struct command_record record = { 0 };
	struct sitting s = { 0 };

	bool ok = command_begin(c, &s, err) && read(&all, c, err) && load(&all, c, &s, err) &&
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

bool
cmd_issue(struct command *c, struct err *err)
{
	return issue(c, read_cases, err);
}

bool
cmd_renew(struct command *c, struct err *err)
{
	return issue(c, from_licence, err);
}

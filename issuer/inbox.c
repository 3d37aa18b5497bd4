#include "issuer/inbox_parts.h"

#include "core/text.h"
#include "issuer/clock.h"
#include "issuer/dossier.h"
#include "issuer/stop.h"
#include "issuer/who.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- reading ---- */

static bool
on_case(void *ctx, const struct registry_case *c, struct err *err)
{
	struct desk *d = ctx;
	struct registry_case *grown = realloc(d->cases, (d->n_cases + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	d->cases = grown;
	grown[d->n_cases++] = *c;
	return true;
}

static bool
on_proposal(void *ctx, const struct registry_proposal *p, struct err *err)
{
	struct desk *d = ctx;
	struct registry_proposal *grown =
	    realloc(d->proposals, (d->n_proposals + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	d->proposals = grown;
	grown[d->n_proposals++] = *p;
	return true;
}

static bool
on_holding(void *ctx, const struct registry_holding *h, struct err *err)
{
	struct desk *d = ctx;
	struct registry_holding *grown = realloc(d->holdings, (d->n_holdings + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	d->holdings = grown;
	grown[d->n_holdings++] = *h;
	return true;
}

/* ---- lines ---- */

static void
line_free(struct inbox_line *line)
{
	free(line->subjects);
	buf_free(&line->holder);
	buf_free(&line->why);
	buf_free(&line->who);
}

bool
inbox_add_subject(struct inbox_line *line, const char *subject, struct err *err)
{
	char(*grown)[ACT_SUBJECT_BYTES + 1] =
	    realloc(line->subjects, (line->n_subjects + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	line->subjects = grown;
	snprintf(grown[line->n_subjects++], sizeof *grown, "%s", subject);
	return true;
}

struct inbox_line *
inbox_add_line(struct inbox *inbox, const char *subject, struct err *err)
{
	struct inbox_line *grown = realloc(inbox->lines, (inbox->n + 1) * sizeof *grown);

	if (grown == NULL) {
		err_set(err, ERR_MEMORY, "out of memory");
		return NULL;
	}
	inbox->lines = grown;
	grown[inbox->n] = (struct inbox_line){ 0 };
	struct inbox_line *line = &grown[inbox->n++];
	return inbox_add_subject(line, subject, err) ? line : NULL;
}

/* ---- cases without a proposal ---- */

static int64_t
due_s(const struct desk *d, const struct dossier *dossier)
{
	return clock_due_s(&dossier->subject.judge, d->calendar);
}

/* What the case waits for, and what the rules say to this officer's doing it; ACT_NONE: nothing of an officer. */
static enum act_kind
next_act(const struct desk *d, const struct judge *judge, struct err *why)
{
	const enum act_kind next = judge_next(judge);

	*why = (struct err){ 0 };
	if (next == ACT_NONE || act_kind_form(next) == ACT_MACHINE)
		return ACT_NONE;
	if (!judge_may(judge, next, &d->who, d->key, why))
		assert(why->code != ERR_NONE);
	return next;
}

bool
inbox_is_for_others(const struct err *why)
{
	char rule[JUDGE_RULE_BYTES];
	judge_rule(rule, why);
	return strcmp(rule, "ACT-03") == 0;
}

static bool
describe(struct inbox_line *line, const struct dossier *dossier, struct err *err)
{
	text_escape(&line->holder, dossier->application->name_zh);
	line->grade = dossier->application->grade;
	return buf_ok(&line->holder, err);
}

/* Certificates that need no second look stand in one line. */
static struct inbox_line *
find_issue_line(struct inbox *inbox)
{
	for (size_t i = 0; i < inbox->n; i++)
		if (inbox->lines[i].kind == ACT_ISSUE && inbox->lines[i].group == INBOX_SIGN)
			return &inbox->lines[i];
	return NULL;
}

static bool
add_to_sign(struct desk *d, const struct registry_case *c, const struct dossier *dossier,
    enum act_kind kind, struct err *err)
{
	struct buf look = BUF_EMPTY;
	struct inbox_line *line = NULL;

	if (!inbox_look(&look, d->looks, dossier, kind, err)) {
		buf_free(&look);
		return false;
	}
	if (look.len == 0 && kind == ACT_ISSUE && (line = find_issue_line(d->inbox)) != NULL) {
		int64_t due = due_s(d, dossier);
		if (due < line->due_s)
			line->due_s = due;
		return inbox_add_subject(line, c->subject, err);
	}
	line = inbox_add_line(d->inbox, c->subject, err);
	if (line == NULL) {
		buf_free(&look);
		return false;
	}
	line->group = look.len > 0 ? INBOX_LOOK : INBOX_SIGN;
	line->kind = kind;
	line->why = look;
	line->due_s = due_s(d, dossier);
	return describe(line, dossier, err);
}

/* What others may do: kept from him by a rule, or overdue. */
static bool
add_for_others(struct desk *d, const struct registry_case *c, const struct dossier *dossier,
    enum inbox_group group, enum act_kind kind, const struct err *why, struct err *err)
{
	struct inbox_line *line = inbox_add_line(d->inbox, c->subject, err);

	if (line == NULL)
		return false;
	line->group = group;
	line->kind = kind;
	line->due_s = due_s(d, dossier);
	if (group == INBOX_NOT_YOU)
		buf_add_text(&line->why, why->text);
	who_may(&line->who, d->bureau, &dossier->subject.judge,
	    dossier->subject.dossier.open != NULL ? ACT_APPROVE : kind, d->lang);
	return describe(line, dossier, err) && buf_ok(&line->why, err) && buf_ok(&line->who, err);
}

static bool
is_overdue(const struct desk *d, const struct dossier *dossier)
{
	int64_t by_s = due_s(d, dossier);
	return by_s != 0 && d->now_s > by_s;
}

/* A case with a proposal in hand is somebody's sitting; but its clock runs. */
static bool
add_loaded(
    struct desk *d, const struct registry_case *c, const struct dossier *dossier, struct err *err)
{
	struct err why;
	const bool open = dossier->subject.dossier.open != NULL;
	enum act_kind kind = next_act(d, &dossier->subject.judge, &why);

	if (kind == ACT_NONE)
		return true;
	if (!open && why.code == ERR_NONE)
		return add_to_sign(d, c, dossier, kind, err);
	if (d->supervises && is_overdue(d, dossier))
		return add_for_others(d, c, dossier, INBOX_OVERDUE, kind, &why, err);
	if (open)
		return true;
	if (!inbox_is_for_others(&why))
		return add_for_others(d, c, dossier, INBOX_NOT_YOU, kind, &why, err);
	d->inbox->others++;
	return true;
}

static bool
note_applicant(struct desk *d, const struct dossier *dossier, const char *subject, struct err *err)
{
	const struct application *app = dossier->application;
	struct inbox_applicant *grown =
	    realloc(d->applicants, (d->n_applicants + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	d->applicants = grown;
	struct inbox_applicant *one = &grown[d->n_applicants++];
	snprintf(
	    one->uscc, sizeof one->uscc, "%.*s", (int)app->uscc.len, (const char *)app->uscc.ptr);
	snprintf(one->family, sizeof one->family, "%.*s", (int)app->family.len,
	    (const char *)app->family.ptr);
	snprintf(one->subject, sizeof one->subject, "%s", subject);
	return true;
}

static bool
add_case(struct desk *d, const struct registry_case *c, struct err *err)
{
	struct dossier dossier = { 0 };
	bool ok = dossier_load(&dossier, d->bureau, span_text(c->subject), d->now_s, err) &&
	    note_applicant(d, &dossier, c->subject, err) && add_loaded(d, c, &dossier, err);

	dossier_free(&dossier);
	return ok;
}

/* ---- sittings ---- */

/* The line of this sitting with the same answer; NULL: none yet. */
static struct inbox_line *
find_sitting(struct inbox *inbox, const char *sitting, enum inbox_group group)
{
	for (size_t i = 0; i < inbox->n; i++)
		if (inbox->lines[i].group == group && strcmp(inbox->lines[i].sitting, sitting) == 0)
			return &inbox->lines[i];
	return NULL;
}

static bool
add_to_sitting(struct desk *d, const struct registry_proposal *p,
    const struct registry_subject *subject, enum inbox_group group, const struct err *why,
    struct err *err)
{
	const struct chain_entry *proposal = &subject->chain.entries[subject->chain.n - 1];
	struct inbox_line *line = find_sitting(d->inbox, p->sitting, group);

	if (line != NULL)
		return inbox_add_subject(line, p->subject, err);
	line = inbox_add_line(d->inbox, p->subject, err);
	if (line == NULL)
		return false;
	line->group = group;
	line->kind = ACT_APPROVE;
	line->answers = p->kind;
	memcpy(line->sitting, p->sitting, sizeof line->sitting);
	memcpy(line->person, proposal->who.person, sizeof line->person);
	line->due_s = p->not_after_s - 1;
	if (group == INBOX_NOT_YOU)
		buf_add_text(&line->why, why->text);
	if (group != INBOX_SIGN)
		who_may(&line->who, d->bureau, &subject->judge, ACT_APPROVE, d->lang);
	return buf_ok(&line->why, err) && buf_ok(&line->who, err);
}

static bool
add_proposal(struct desk *d, const struct registry_proposal *p, struct err *err)
{
	struct registry_subject subject = { 0 };
	struct err why = { 0 };
	bool ok = registry_subject_load(
	    &subject, d->bureau->registry, span_text(p->subject), d->now_s, err);

	if (ok && d->now_s < p->not_after_s) {
		dossier_name_people(&subject.chain, d->bureau);
		if (judge_may(&subject.judge, ACT_APPROVE, &d->who, d->key, &why))
			ok = add_to_sitting(d, p, &subject, INBOX_SIGN, &why, err);
		else if (chain_same_person(
			     &subject.chain.entries[subject.chain.n - 1].who, &d->who))
			ok = add_to_sitting(d, p, &subject, INBOX_SENT, &why, err);
		else if (inbox_is_for_others(&why))
			d->inbox->others++;
		else
			ok = add_to_sitting(d, p, &subject, INBOX_NOT_YOU, &why, err);
	}
	registry_subject_free(&subject);
	return ok;
}

/* ---- all ---- */

static int
by_group(const void *a, const void *b)
{
	const struct inbox_line *x = a, *y = b;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->kind != y->kind) /* answers first: somebody waits for them */
		return x->kind > y->kind ? -1 : 1;
	return strcmp(x->subjects[0], y->subjects[0]);
}

static bool
load(struct desk *d, struct err *err)
{
	struct registry *r = d->bureau->registry;

	d->supervises = bundle_key_has_role(d->key, ROLE_SANCTION, d->now_s);
	if (!bureau_calendar(&d->calendar, d->bureau, err) ||
	    !registry_each_case(r, d->now_s, on_case, d, err) ||
	    !registry_each_open_proposal(r, on_proposal, d, err) ||
	    !registry_each_holding(r, on_holding, d, err) ||
	    !inbox_looks_new(&d->looks, d->bureau, d->lang, err))
		return false;
	for (size_t i = 0; i < d->n_cases; i++)
		if (!add_case(d, &d->cases[i], err))
			return false;
	for (size_t i = 0; i < d->n_proposals; i++)
		if (!add_proposal(d, &d->proposals[i], err))
			return false;
	return inbox_add_licences(d, err) && inbox_add_register(d, err);
}

static void
put_in_order(struct inbox *inbox)
{
	unsigned number = 0;

	if (inbox->n > 0)
		qsort(inbox->lines, inbox->n, sizeof *inbox->lines, by_group);
	for (size_t i = 0; i < inbox->n; i++)
		if (inbox->lines[i].group <= INBOX_LOOK)
			inbox->lines[i].number = ++number;
}

bool
inbox_load(struct inbox *out, struct bureau *b, const struct bundle_key *who, int64_t now_s,
    enum lang lang, struct err *err)
{
	char room[OFFICER_NAME_BYTES];
	struct desk d = { .inbox = out,
		.bureau = b,
		.key = who,
		.who = chain_who_of(who, officer_name(room, b, who->person, LANG_EN)),
		.now_s = now_s,
		.lang = lang };

	*out = (struct inbox){ 0 };
	bool ok = load(&d, err);
	free(d.cases);
	free(d.proposals);
	free(d.holdings);
	free(d.applicants);
	inbox_looks_free(d.looks);
	put_in_order(out);
	return ok;
}

void
inbox_free(struct inbox *inbox)
{
	for (size_t i = 0; i < inbox->n; i++)
		line_free(&inbox->lines[i]);
	free(inbox->lines);
	buf_free(&inbox->stopped);
	*inbox = (struct inbox){ 0 };
}

const struct inbox_line *
inbox_find(const struct inbox *inbox, unsigned number)
{
	for (size_t i = 0; i < inbox->n; i++)
		if (number > 0 && inbox->lines[i].number == number)
			return &inbox->lines[i];
	return NULL;
}

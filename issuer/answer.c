#include "issuer/answer.h"

#include "core/file.h"
#include "core/text.h"
#include "issuer/act_text.h"
#include "issuer/issue.h"
#include "issuer/loss.h"
#include "issuer/order_text.h"
#include "issuer/refusal.h"
#include "issuer/words.h"

#include <stdlib.h>

#define SHOWN_LINES 40 /* a screen; --dry-run shows all of them with every field */
#define HOLDER_COLUMNS 36

/* ---- loading ---- */

static bool
add_line(void *ctx, const struct registry_proposal *p, struct err *err)
{
	struct answer *a = ctx;
	struct answer_line *grown = realloc(a->lines, (a->n + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	a->lines = grown;
	grown[a->n] = (struct answer_line){ .kind = p->kind, .state = p->state };
	memcpy(grown[a->n++].proposal, p->hash, SHA256_BYTES);
	return true;
}

/* Who signed it, by the bundle adopted last, which lists the officers of old too. */
static bool
find_proposer(struct chain_entry *entry, const struct bureau *b, struct err *err)
{
	const struct bundle_key *key;
	const struct trust *trust;

	if (!bureau_trust(&trust, b, err))
		return false;
	if (trust_verify_act(&key, trust, KEY_USE_OFFICER, &entry->act) != TRUST_YES)
		return err_set(
		    err, ERR_REFUSED, "ACT-02: the proposal's signer is not in the trust bundle");
	entry->who = chain_who_of(key, NULL);
	return true;
}

bool
answer_act(struct answer_act *out, const struct answer_line *line, const struct command *c,
    struct err *err)
{
	struct registry_entry entry;

	*out = (struct answer_act){ .bytes = BUF_EMPTY };
	return registry_find_act(&entry, &out->bytes, c->bureau->registry, line->proposal, err) &&
	    chain_entry_parse(&out->entry, buf_span(&out->bytes), err) &&
	    find_proposer(&out->entry, c->bureau, err);
}

static const char *
state_words(enum proposal_state state)
{
	switch (state) {
	case PROPOSAL_APPROVED:
		return "APP-01: it was approved already";
	case PROPOSAL_REFUSED:
		return "APP-01: it was refused";
	case PROPOSAL_CANCELLED:
		return "APP-01: it was cancelled";
	case PROPOSAL_VOID:
		return "APP-02: another act on the same subject, or a loss that was accepted, made "
		       "it "
		       "void";
	default:
		return "it is open";
	}
}

/* Orders of one sitting carry out one paper, on one day: the list of them says so once. */
static bool
same_paper(const struct chain_entry *entry, const struct chain_entry *first)
{
	const struct body_order *x = act_body_order(&entry->body);
	const struct body_order *y = act_body_order(&first->body);

	return x == NULL || y == NULL ||
	    (span_equal(x->ground, y->ground) && span_equal(x->document, y->document) &&
		x->from_s == y->from_s);
}

/* Whoever proposes writes the sitting's ID: nobody slips his own into what another proposed. */
static bool
belongs(const struct chain_entry *entry, const struct chain_entry *first, struct err *why)
{
	return (entry->act.kind == first->act.kind && chain_same_person(&entry->who, &first->who) &&
		   same_paper(entry, first)) ||
	    err_set(why, ERR_REFUSED,
		"another put it into this sitting, or it is of another kind or paper: refuse it, "
		"and have it proposed by itself");
}

static bool
may(const struct answer_line *line, const struct chain_entry *entry, const struct answer *a,
    struct command *c, struct err *why)
{
	const struct span subject = entry->act.subject;

	if (line->state != PROPOSAL_OPEN)
		return err_set(why, ERR_REFUSED, "%s", state_words(line->state));
	if (!command_may(c, &a->sitting, subject, a->kind, why))
		return false;
	if (a->kind != ACT_APPROVE)
		return true;
	return belongs(entry, &a->first.entry, why) &&
	    (!act_body_makes(line->kind) ||
		(loss_refuse_here(c->bureau, why) &&
		    issue_check_page(c->bureau, subject, &entry->body, c->now_s, why)));
}

/* A rule says no to a line; what is amiss with the machine says nothing of it. */
static bool
is_trouble(const struct err *why)
{
	return why->code == ERR_IO || why->code == ERR_MEMORY || why->code == ERR_BUSY;
}

static bool
judge_line(struct answer_line *line, struct answer *a, struct command *c, struct err *err)
{
	struct answer_act act;
	struct err why = { 0 };

	a->sitting.place = (size_t)(line - a->lines);
	bool ok = answer_act(&act, line, c, err);
	if (ok) {
		line->may = may(line, &act.entry, a, c, &why);
		line->chosen = line->may;
		line->why = line->may ? NULL : strdup(why.text);
		ok = line->may || line->why != NULL || err_set(err, ERR_MEMORY, "out of memory");
		if (!line->may && is_trouble(&why))
			ok = err_set(err, why.code, "%s", why.text);
	}
	buf_free(&act.bytes);
	return ok;
}

bool
answer_open(
    struct answer *out, struct command *c, enum act_kind kind, const char *id, struct err *err)
{
	*out = (struct answer){ .id = id, .kind = kind };
	if (!command_begin(c, &out->sitting, err) ||
	    !registry_each_proposal(c->bureau->registry, span_text(id), add_line, out, err))
		return false;
	if (out->n == 0)
		return err_set(err, ERR_NOT_FOUND,
		    "there is no sitting %s; qualcert inbox lists those that wait", id);
	if (!answer_act(&out->first, &out->lines[0], c, err))
		return err_in(err, "%s, line 1", id);
	for (size_t i = 0; i < out->n; i++)
		if (!judge_line(&out->lines[i], out, c, err))
			return err_in(err, "%s, line %zu", id, i + 1);
	return true;
}

void
answer_free(struct answer *a)
{
	command_record_free(&a->record, &a->sitting);
	sitting_free(&a->sitting);
	for (size_t i = 0; i < a->n; i++)
		free(a->lines[i].why);
	free(a->lines);
	buf_free(&a->first.bytes);
	*a = (struct answer){ 0 };
}

size_t
answer_chosen(const struct answer *a)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n; i++)
		n += a->lines[i].chosen;
	return n;
}

/* ---- answering ---- */

static bool
add_answer(struct answer *a, size_t i, const struct command *c, struct span reason, struct err *err)
{
	const struct answer_line *line = &a->lines[i];
	struct registry_entry proposal;
	struct act act;
	struct buf bytes = BUF_EMPTY;
	struct act_body body = { .kind = a->kind,
		.answer = { .proposal_kind = line->kind, .reason = reason } };

	memcpy(body.answer.proposal, line->proposal, sizeof body.answer.proposal);
	a->sitting.place = i; /* whatever became of the lines before it */
	bool ok = registry_find_act(&proposal, &bytes, c->bureau->registry, line->proposal, err) &&
	    act_parse(&act, proposal.bytes, err) &&
	    sitting_add(&a->sitting, act.subject, &body, err) &&
	    sitting_add_context(&a->sitting, proposal.bytes, err);
	buf_free(&bytes);
	return ok;
}

bool
answer_send(struct answer *a, struct command *c, size_t from, size_t until, struct span reason,
    struct err *err)
{
	command_record_free(&a->record, &a->sitting);
	sitting_clear(&a->sitting);
	a->told = 0;
	a->sitting.now_s = c->now_s;
	for (size_t i = from; i < until; i++)
		if (a->lines[i].chosen && !add_answer(a, i, c, reason, err))
			return err_in(err, "%s, line %zu", a->id, i + 1);
	if (a->sitting.n_claims == 0) /* nothing to sign: no key is asked for */
		return true;
	return command_finish(&a->record, c, &a->sitting, err);
}

bool
answer_recorded(struct answer *a, const struct answer_line *line, struct command *c)
{
	const struct registry_item *item = &a->record.items[a->told++];
	char what[WORD_SUBJECT_BYTES + 64], room[WORD_SUBJECT_BYTES];
	struct act act;

	if (item->recorded)
		return true;
	snprintf(what, sizeof what, "%s, line %zu, %s", a->id, (size_t)(line - a->lines) + 1,
	    act_parse(&act, item->act, NULL) ? word_subject(room, act.subject) : "");
	command_failed(c, what, &item->err);
	return false;
}

/* ---- what it is about ---- */

static bool
issue_columns(struct buf *out, const struct body_issue *body, enum lang lang, struct err *err)
{
	struct claims claims;
	size_t from = out->len;

	if (!credential_claims_parse(&claims, body->claims, err))
		return false;
	text_escape(out, claims.holder);
	word_pad(out, from, HOLDER_COLUMNS);
	buf_printf(out, " %s  ", word_grade(claims.grade, lang));
	word_scopes(out, &claims.scopes, lang);
	if (claims.version > 1)
		buf_printf(
		    out, LANG_PICK(lang, "  第 %u 版", "  version %u"), (unsigned)claims.version);
	if (body->supersedes.len > 0) {
		char room[WORD_SUBJECT_BYTES];
		buf_printf(out, LANG_PICK(lang, "  接续 %s", "  follows %s"),
		    word_subject(room, body->supersedes));
	}
	return true;
}

static void
decision_columns(struct buf *out, const struct chain_entry *entry, enum lang lang)
{
	const struct decision *d = case_decision(entry);
	size_t from = out->len;

	text_escape(out, d->holder);
	word_pad(out, from, HOLDER_COLUMNS);
	buf_printf(out, " %s  %s", word_grade(d->grade, lang),
	    d->outcome == DECISION_GRANT ? LANG_PICK(lang, "准予许可", "grant")
					 : LANG_PICK(lang, "不予许可", "refuse"));
}

static bool
order_columns(
    struct buf *out, const struct chain_entry *entry, const struct command *c, struct err *err)
{
	struct registry_subject licence;
	bool ok =
	    registry_subject_load(&licence, c->bureau->registry, entry->act.subject, c->now_s, err);

	if (ok) {
		size_t from = out->len;
		text_escape(out, licence.credential.claims.holder);
		word_pad(out, from, HOLDER_COLUMNS);
		buf_add_byte(out, ' ');
		order_text_change(out, &licence.licence, &entry->body, c->lang);
	}
	registry_subject_free(&licence);
	return ok;
}

/* An order on a licence, which makes no certificate? */
static bool
is_order(enum act_kind kind)
{
	return act_body_order_has(kind) != 0 && !act_body_makes(kind);
}

static bool
columns(struct buf *out, const struct chain_entry *entry, const struct command *c, struct err *err)
{
	const enum act_kind kind = entry->act.kind;
	char room[WORD_SUBJECT_BYTES];

	if (kind != ACT_ISSUE)
		buf_printf(out, "%s  ", word_subject(room, entry->act.subject));
	if (act_body_makes(kind) && !issue_columns(out, &entry->body.issue, c->lang, err))
		return false;
	if (kind == ACT_DECIDE)
		decision_columns(out, entry, c->lang);
	return !is_order(kind) || order_columns(out, entry, c, err);
}

static void
why_not(struct buf *out, const struct answer_line *line, enum lang lang)
{
	buf_add_text(out, "     ");
	refusal_text(out, line->why, lang);
	buf_add_byte(out, '\n');
}

static bool
line_text(
    struct buf *out, const struct answer *a, size_t i, const struct command *c, struct err *err)
{
	const struct answer_line *line = &a->lines[i];
	struct answer_act act;

	buf_printf(out, "%3zu  ", i + 1);
	bool ok = answer_act(&act, line, c, err) && columns(out, &act.entry, c, err);
	buf_free(&act.bytes);
	buf_add_byte(out, '\n');
	if (!line->may)
		why_not(out, line, c->lang);
	return ok;
}

/* All that one proposal says: of an order first what it means, then every field. */
static bool
one_text(struct buf *out, const struct chain_entry *entry, const struct command *c, struct err *err)
{
	struct registry_subject licence = { 0 };
	bool ok = true;

	if (act_body_order_has(entry->act.kind) != 0) {
		ok = registry_subject_load(
			 &licence, c->bureau->registry, entry->act.subject, c->now_s, err) &&
		    issue_text(out, c->bureau, &licence, &entry->body, c->lang, err);
		buf_add_byte(out, '\n');
	}
	registry_subject_free(&licence);
	return ok && act_text_body(out, &entry->body, c->lang, err);
}

/* The lines from here on, as the file ID.txt: what is too long for a screen is read there. */
static bool
write_all(struct buf *out, const struct answer *a, const struct command *c, struct err *err)
{
	struct buf all = BUF_EMPTY, path = BUF_EMPTY;
	bool ok = true;

	for (size_t i = 0; ok && i < a->n; i++)
		ok = line_text(&all, a, i, c, err);
	buf_printf(&path, "%s.txt", a->id);
	ok = ok && buf_ok(&all, err) && buf_ok(&path, err) &&
	    file_write(buf_text(&path), buf_span(&all), 0600, err);
	if (ok)
		buf_printf(out,
		    LANG_PICK(c->lang, "  …（共 %zu 项：less %s；--dry-run 列出全部内容）\n",
			"  ...   (all %zu: less %s; with every field: --dry-run)\n"),
		    a->n, buf_text(&path));
	buf_free(&path);
	buf_free(&all);
	return ok;
}

bool
answer_text(struct buf *out, const struct answer *a, const struct command *c, struct err *err)
{
	if (a->n > 1 && is_order(a->first.entry.act.kind))
		order_text_heading(out, &a->first.entry.body, c->lang);
	for (size_t i = 0; i < a->n && i < SHOWN_LINES; i++)
		if (!line_text(out, a, i, c, err))
			return false;
	if (a->n == 1 && !one_text(out, &a->first.entry, c, err))
		return false;
	return (a->n <= SHOWN_LINES || write_all(out, a, c, err)) && buf_ok(out, err);
}

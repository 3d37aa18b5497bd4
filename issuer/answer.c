#include "issuer/answer.h"

#include "core/civil.h"
#include "core/text.h"
#include "issuer/act_text.h"
#include "issuer/dossier.h"
#include "issuer/issue.h"
#include "issuer/words.h"

#include <stdlib.h>

#define SHOWN_LINES 40 /* a screen; --dry-run shows all of them with every field */

/* ---- loading ---- */

static bool
add_line(void *ctx, const struct registry_proposal *p, struct err *err)
{
	struct answer *a = ctx;
	struct answer_line *grown = realloc(a->lines, (a->n + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	a->lines = grown;
	grown[a->n++] = (struct answer_line){ .proposal = *p };
	return true;
}

/* Who signed it, by the bundle adopted last, which lists the officers of old too. */
static bool
find_proposer(struct answer_line *line, const struct bureau *b, struct err *err)
{
	const struct bundle_key *key;
	const struct trust *trust;

	if (!bureau_trust(&trust, b, err))
		return false;
	if (trust_verify_act(&key, trust, KEY_USE_OFFICER, &line->entry.act) != TRUST_YES)
		return err_set(
		    err, ERR_REFUSED, "ACT-02: the proposal's signer is not in the trust bundle");
	line->entry.who = chain_who_of(key, NULL);
	return true;
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
		return "APP-02: another act on the case made it void";
	default:
		return "it is open";
	}
}

/* Whoever proposes writes the sitting's ID: nobody slips his own into what another proposed. */
static bool
belongs(const struct answer_line *line, const struct answer_line *first, struct err *why)
{
	return (line->proposal.kind == first->proposal.kind &&
		   chain_same_person(&line->entry.who, &first->entry.who)) ||
	    err_set(why, ERR_REFUSED,
		"another put it into this sitting, or it is of another kind: refuse it, and have "
		"it proposed by itself");
}

static bool
may(const struct answer_line *line, const struct answer *a, struct command *c, struct err *why)
{
	struct span subject = span_text(line->proposal.subject);

	if (line->proposal.state != PROPOSAL_OPEN)
		return err_set(why, ERR_REFUSED, "%s", state_words(line->proposal.state));
	if (!command_may(c, &a->sitting, subject, a->kind, why))
		return false;
	if (a->kind != ACT_APPROVE)
		return true;
	return belongs(line, &a->lines[0], why) &&
	    (line->proposal.kind != ACT_ISSUE ||
		issue_check_page(c->bureau, subject, &line->entry.body.issue, c->now_s, why));
}

static bool
load_line(struct answer_line *line, const struct answer *a, struct command *c, struct err *err)
{
	struct registry_entry entry;

	if (!registry_find_act(
		&entry, &line->bytes, c->bureau->registry, line->proposal.hash, err) ||
	    !chain_entry_parse(&line->entry, buf_span(&line->bytes), err) ||
	    !find_proposer(line, c->bureau, err))
		return false;
	line->may = may(line, a, c, &line->why);
	line->chosen = line->may;
	return true;
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
	for (size_t i = 0; i < out->n; i++)
		if (!load_line(&out->lines[i], out, c, err))
			return err_in(err, "%s, line %zu", id, i + 1);
	return true;
}

void
answer_free(struct answer *a)
{
	command_record_free(&a->record, &a->sitting);
	sitting_free(&a->sitting);
	for (size_t i = 0; i < a->n; i++)
		buf_free(&a->lines[i].bytes);
	free(a->lines);
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
add_answer(struct answer *a, struct answer_line *line, struct span reason, struct err *err)
{
	struct act_body body = { .kind = a->kind,
		.answer = { .proposal_kind = line->proposal.kind, .reason = reason } };

	memcpy(body.answer.proposal, line->proposal.hash, sizeof body.answer.proposal);
	line->place = a->sitting.n_claims;
	return sitting_add(&a->sitting, span_text(line->proposal.subject), &body, err) &&
	    sitting_add_context(&a->sitting, buf_span(&line->bytes), err);
}

bool
answer_send(struct answer *a, struct command *c, struct span reason, struct err *err)
{
	a->sitting.now_s = c->now_s;
	for (size_t i = 0; i < a->n; i++)
		if (a->lines[i].chosen && !add_answer(a, &a->lines[i], reason, err))
			return err_in(err, "%s, line %zu", a->id, i + 1);
	return command_finish(&a->record, c, &a->sitting, err);
}

bool
answer_recorded(const struct answer *a, const struct answer_line *line, struct command *c)
{
	const struct registry_item *item = &a->record.items[line->place];
	char what[ACT_SUBJECT_BYTES + 64];

	if (item->recorded)
		return true;
	snprintf(what, sizeof what, "%s, line %zu, %s", a->id, (size_t)(line - a->lines) + 1,
	    dossier_short(line->proposal.subject));
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
	word_pad(out, from, 36);
	buf_printf(out, " %s  ", word_grade(claims.grade, lang));
	word_scopes(out, &claims.scopes, lang);
	return true;
}

static void
decision_columns(struct buf *out, const struct answer_line *line, enum lang lang)
{
	const struct decision *d = case_decision(&line->entry);
	size_t from = out->len;

	text_escape(out, d->holder);
	word_pad(out, from, 36);
	buf_printf(out, " %s  %s", word_grade(d->grade, lang),
	    d->outcome == DECISION_GRANT ? LANG_PICK(lang, "准予许可", "grant")
					 : LANG_PICK(lang, "不予许可", "refuse"));
}

static bool
line_text(
    struct buf *out, const struct answer_line *line, size_t i, enum lang lang, struct err *err)
{
	buf_printf(out, "%3zu  ", i + 1);
	if (line->proposal.kind == ACT_ISSUE &&
	    !issue_columns(out, &line->entry.body.issue, lang, err))
		return false;
	if (line->proposal.kind == ACT_DECIDE)
		decision_columns(out, line, lang);
	if (act_subject_of(line->entry.act.subject) == SUBJECT_NUMBER)
		buf_printf(
		    out, "%s %s", line->proposal.subject, word_kind(line->proposal.kind, lang));
	buf_add_byte(out, '\n');
	if (!line->may)
		buf_printf(out, "     %s\n", line->why.text);
	return true;
}

/* One proposal is shown with all it says, many by a line each. */
bool
answer_text(struct buf *out, const struct answer *a, const struct command *c, struct err *err)
{
	for (size_t i = 0; i < a->n && i < SHOWN_LINES; i++)
		if (!line_text(out, &a->lines[i], i, c->lang, err))
			return false;
	if (a->n > SHOWN_LINES)
		buf_printf(out,
		    LANG_PICK(c->lang, "  …（共 %zu 项，--dry-run 列出全部内容）\n",
			"  ...   (all %zu with every field: --dry-run)\n"),
		    a->n);
	if (a->n == 1 && !act_text_body(out, &a->lines[0].entry.body, c->lang, err))
		return false;
	return buf_ok(out, err);
}

/* Proposals of certificates that follow others: the next version, and a lower grade. */
#include "core/limits.h"
#include "issuer/commands.h"
#include "issuer/issue.h"
#include "issuer/order.h"

/* One certificate to be proposed. */
struct next {
	struct issue_wish wish;
	struct order_line line;
	struct registry_subject licence;
	struct change *change;
	bool repeated; /* under an idempotency key: it is answered, not judged */
	struct command_proposal proposal;
};

static void
next_free(struct next *n)
{
	change_free(n->change);
	registry_subject_free(&n->licence);
}

/* ---- what is wished ---- */

static bool
read_words(struct next *n, const struct command *c, struct err *err)
{
	struct body_order *order = &n->wish.order;
	const char *word;

	return command_one_word(&word, c, err) && order_number(&n->line, word, err) &&
	    command_need(&order->document, c, OPTION_DOCUMENT, err) &&
	    command_date(&order->from_s, c, OPTION_FROM, err);
}

static bool
load(struct next *n, const struct command *c, const struct sitting *s, struct err *err)
{
	n->wish.subject = span_text(n->line.stored);
	if (!command_repeats(&n->repeated, s, err) ||
	    !registry_subject_load(
		&n->licence, c->bureau->registry, n->wish.subject, c->now_s, err))
		return false;
	if (n->licence.judge.licence == NULL)
		return err_set(err, ERR_NOT_FOUND, "no certificate %s was issued", n->line.shown);
	return command_may(c, s, n->wish.subject, n->wish.kind, err) &&
	    order_ground(&n->wish.order.ground, c, n->wish.kind, n->licence.licence.status,
		n->repeated, err);
}

static bool
parse_change(struct next *n, const struct command *c, struct span paper, struct err *err)
{
	struct defects defects = { 0 };

	bool ok = change_parse(&n->change, &defects, paper, n->wish.order.ground,
	    n->licence.credential.claims.uscc, err);
	command_warn_defects(c, &defects);
	const size_t errors = defects_count(&defects, SEVERITY_ERROR);
	ok = ok && command_answer_defects(c, &defects, err) &&
	    (errors == 0 ||
		err_set(
		    err, ERR_REFUSED, "nothing was proposed; defects in the paper: %zu", errors));
	defects_free(&defects);
	return ok;
}

static bool
read_change(struct next *n, const struct command *c, struct err *err)
{
	const enum change_need need = change_need(n->wish.order.ground);
	const char *path = c->option[OPTION_CHANGE];
	struct buf paper = BUF_EMPTY;

	if (path == NULL && need == CHANGE_REQUIRED)
		return err_set(err, ERR_USAGE,
		    "--change is needed: what %s changes, filled in from \"qualcert case template "
		    "change "
		    "%s --ground %s\"",
		    c->option[OPTION_GROUND], n->line.shown, c->option[OPTION_GROUND]);
	if (path != NULL && need == CHANGE_REFUSED)
		return err_set(err, ERR_USAGE,
		    "ground %s changes nothing on the page: leave out --change",
		    c->option[OPTION_GROUND]);
	if (path == NULL)
		return true;
	bool ok = command_read(&paper, path, LIMIT_PAPER_BYTES, err) &&
	    (parse_change(n, c, buf_span(&paper), err) || err_in(err, "%s", path));
	buf_free(&paper);
	n->wish.change = n->change;
	return ok;
}

/* ---- asking and proposing ---- */

/* What it would be if it were proposed now, by the words its approver will see. */
static bool
tell(const struct next *n, const struct command *c, const struct sitting *s, struct err *err)
{
	struct sitting trial = {
		.bureau = s->bureau, .now_s = s->now_s, .idempotency_key = s->idempotency_key
	};
	struct buf screen = BUF_EMPTY;
	struct act act;
	struct act_body body;

	bool ok = issue_propose(&trial, n->proposal.sitting, &n->wish, 1, NULL, err) &&
	    act_claims_parse(&act, buf_span(&trial.claims[0]), err) &&
	    act_body_parse(&body, act.kind, act.body, err) &&
	    issue_text(&screen, c->bureau, &n->licence, &body, c->lang, err);
	if (ok)
		command_tell(&screen);
	buf_free(&screen);
	sitting_free(&trial);
	return ok;
}

static bool
propose(struct next *n, struct command *c, struct sitting *s, struct err *err)
{
	if (!command_propose(&n->proposal, c, s, n->wish.kind, err) || !tell(n, c, s, err))
		return false;
	order_warn_of_open(c, &n->licence.licence, &n->line);
	if (!command_confirm_holder(c, n->licence.credential.claims.uscc, err))
		return false;
	s->now_s = c->now_s;
	return command_propose(&n->proposal, c, s, n->wish.kind, err) &&
	    issue_propose(s, n->proposal.sitting, &n->wish, 1, NULL, err);
}

static bool
follow(struct command *c, enum act_kind kind, struct err *err)
{
	struct next n = { .wish = { .kind = kind } };
	struct sitting s = { 0 };
	bool done = false;

	bool ok = read_words(&n, c, err) && command_begin(c, &s, err) && load(&n, c, &s, err) &&
	    read_change(&n, c, err) && propose(&n, c, &s, err) &&
	    command_finish_one(&done, c, &s, err);
	if (ok && done) {
		command_print(c, "proposed %s %s\n", n.proposal.sitting, n.line.shown);
		command_answer(c, "proposed", n.proposal.sitting);
		command_answer(c, "number", n.line.shown);
		ok = command_tell_who_approves(c, n.wish.subject, n.proposal.not_after_s, err);
	}
	next_free(&n);
	sitting_free(&s);
	return ok;
}

bool
cmd_reissue(struct command *c, struct err *err)
{
	return follow(c, ACT_REISSUE, err);
}

bool
cmd_regrade(struct command *c, struct err *err)
{
	return follow(c, ACT_REGRADE, err);
}

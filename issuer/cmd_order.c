/* Proposals on a licence, or on several at once, that make no certificate: suspend ... set-aside. */
#include "core/civil.h"
#include "core/text.h"
#include "issuer/commands.h"
#include "issuer/order.h"
#include "issuer/order_text.h"
#include "issuer/words.h"

#include <stdlib.h>

#define MONTHS_MAX 12

/* One order, and the licences it is about. */
struct order {
	struct act_body body;
	struct order_line *lines;
	struct registry_subject *licences; /* beside each */
	size_t n;
	bool repeated; /* under an idempotency key: it is answered, not judged */
};

static void
order_free(struct order *o)
{
	for (size_t i = 0; o->licences != NULL && i < o->n; i++)
		registry_subject_free(&o->licences[i]);
	free(o->licences);
	free(o->lines);
}

/* ---- the command line ---- */

static bool
read_numbers(struct order *o, const struct command *c, struct err *err)
{
	const bool alone = (act_body_order_has(o->body.kind) & ORDER_TARGET) != 0;

	if (c->n_words == 0 || (alone && c->n_words > 1))
		return err_set(
		    err, ERR_USAGE, "usage: qualcert %s %s", c->row->name, c->row->usage);
	o->n = c->n_words;
	o->lines = calloc(o->n, sizeof *o->lines);
	o->licences = calloc(o->n, sizeof *o->licences);
	if (o->lines == NULL || o->licences == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < o->n; i++) {
		if (!order_number(&o->lines[i], c->words[i], err))
			return err_in(err, "%s", c->words[i]);
		for (size_t k = 0; k < i; k++)
			if (strcmp(o->lines[k].stored, o->lines[i].stored) == 0)
				return err_set(err, ERR_USAGE, "%s is given twice", c->words[i]);
	}
	return true;
}

static bool
read_status(struct body_order *b, const struct command *c, struct err *err)
{
	struct span word;

	if (!command_need(&word, c, OPTION_LEAVES, err))
		return false;
	b->status = span_is(word, "suspended") ? STATUS_SUSPENDED : STATUS_ACTIVE;
	return b->status == STATUS_SUSPENDED || span_is(word, "active") ||
	    err_set(err, ERR_USAGE, "--leaves is active or suspended, not \"%s\"",
		c->option[OPTION_LEAVES]);
}

static bool
read_order(struct order *o, const struct command *c, struct err *err)
{
	struct body_order *b = &o->body.order;
	const unsigned has = act_body_order_has(o->body.kind);
	unsigned months = 0;

	if (!read_numbers(o, c, err) || !command_need(&b->document, c, OPTION_DOCUMENT, err) ||
	    ((has & ORDER_FROM) != 0 && !command_date(&b->from_s, c, OPTION_FROM, err)) ||
	    ((has & ORDER_UNTIL) != 0 &&
		!command_number(&months, c, OPTION_MONTHS, MONTHS_MAX, err)) ||
	    ((has & ORDER_STATUS) != 0 && !read_status(b, c, err)))
		return false;
	if (months > 0)
		b->until_s = civil_start_s(civil_add_months(civil_of(b->from_s), (int)months));
	for (size_t i = 0; i < o->n; i++)
		o->lines[i].until_s = b->until_s;
	return true;
}

/* ---- the licences ---- */

static bool
load(struct order *o, const struct command *c, const struct sitting *s, struct err *err)
{
	if (!command_repeats(&o->repeated, s, err))
		return false;
	for (size_t i = 0; i < o->n; i++) {
		struct span number = span_text(o->lines[i].stored);
		struct registry_subject *licence = &o->licences[i];
		if (!registry_subject_load(licence, c->bureau->registry, number, c->now_s, err))
			return false;
		if (licence->judge.licence == NULL)
			return err_set(
			    err, ERR_NOT_FOUND, "no certificate %s was issued", o->lines[i].shown);
		if (!command_may(c, s, number, o->body.kind, err))
			return o->n == 1 ? false : err_in(err, "%s", o->lines[i].shown);
	}
	return true;
}

static bool
read_ground(struct order *o, const struct command *c, struct err *err)
{
	for (size_t i = 0; i < o->n; i++)
		if (!order_ground(&o->body.order.ground, c, o->body.kind,
			o->licences[i].licence.status, o->repeated, err))
			return o->n == 1 ? false : err_in(err, "%s", o->lines[i].shown);
	return true;
}

/* ---- the act that a correction or a ruling is about ---- */

static void
list_targets(const struct order *o, const struct command *c)
{
	const struct registry_subject *licence = &o->licences[0];

	command_warn("acts to %s, by the lines of \"qualcert history %s\":",
	    act_kind_word(o->body.kind), o->lines[0].shown);
	for (size_t i = 0; licence->chain.entries != NULL && i < licence->chain.n; i++) {
		const struct chain_entry *e = &licence->chain.entries[i];
		const struct licence_act *act = licence_find_act(&licence->licence, e->act.hash);
		const struct body_order *meant = act_body_order(&e->body);
		if (act == NULL || meant == NULL ||
		    !licence_act_yields(&licence->licence, act, o->body.kind))
			continue;
		command_warn("  --act %zu  %s  %.*s", i + 1, word_kind(e->act.kind, c->lang),
		    (int)meant->document.len, (const char *)meant->document.ptr);
	}
}

static bool
read_target(struct order *o, const struct command *c, struct err *err)
{
	const struct registry_subject *licence = &o->licences[0];
	unsigned line = 0;

	if ((act_body_order_has(o->body.kind) & ORDER_TARGET) == 0)
		return true;
	if (c->option[OPTION_ACT] != NULL &&
	    !command_number(&line, c, OPTION_ACT, LIMIT_SUBJECT_ACTS, err))
		return false;
	const struct chain_entry *e =
	    line > 0 && line <= licence->chain.n ? &licence->chain.entries[line - 1] : NULL;
	const struct licence_act *act =
	    e != NULL ? licence_find_act(&licence->licence, e->act.hash) : NULL;
	if (act != NULL &&
	    (o->repeated || licence_act_yields(&licence->licence, act, o->body.kind))) {
		memcpy(o->body.order.target, e->act.hash, SHA256_BYTES);
		return true;
	}
	list_targets(o, c);
	return line == 0 ? err_set(err, ERR_USAGE, "--act is needed")
			 : err_set(err, ERR_REFUSED, "LIC-04: line %u is nothing that one can %s",
			       line, act_kind_word(o->body.kind));
}

/* ---- asking ---- */

static void
list(struct buf *out, const struct order *o, enum lang lang)
{
	order_text_heading(out, &o->body, lang);
	for (size_t i = 0; i < o->n; i++) {
		buf_printf(out, "%3zu  %s  ", i + 1, o->lines[i].shown);
		size_t from = out->len;
		text_escape(out, o->licences[i].credential.claims.holder);
		word_pad(out, from, 36);
		buf_add_byte(out, ' ');
		order_text_change(out, &o->licences[i].licence, &o->body, lang);
		buf_add_byte(out, '\n');
	}
}

static bool
confirm(const struct order *o, struct command *c, struct err *err)
{
	char number[24];

	if (o->n == 1)
		return command_confirm_holder(c, o->licences[0].credential.claims.uscc, err);
	snprintf(number, sizeof number, "%zu", o->n);
	return command_confirm(c,
	    LANG_PICK(
		c->lang, "请输入许可的件数以继续：", "Type the number of licences to go on: "),
	    number, err);
}

static bool
ask(const struct order *o, struct command *c, struct err *err)
{
	struct buf screen = BUF_EMPTY;
	bool ok = true;

	if (o->n == 1)
		ok = order_text(&screen, &o->licences[0], NULL, &o->body, c->lang, err);
	else
		list(&screen, o, c->lang);
	ok = ok && buf_ok(&screen, err);
	command_tell(&screen);
	buf_free(&screen);
	for (size_t i = 0; i < o->n; i++)
		order_warn_of_open(c, &o->licences[i].licence, &o->lines[i]);
	return ok && confirm(o, c, err);
}

static bool
order(struct command *c, enum act_kind kind, struct err *err)
{
	struct order o = { .body = { .kind = kind } };
	struct sitting s = { 0 };

	bool ok = read_order(&o, c, err) && command_begin(c, &s, err) && load(&o, c, &s, err) &&
	    read_ground(&o, c, err) && read_target(&o, c, err) && ask(&o, c, err) &&
	    order_propose(c, &s, kind, &o.body.order, o.lines, o.n, err);
	order_free(&o);
	sitting_free(&s);
	return ok;
}

bool
cmd_suspend(struct command *c, struct err *err)
{
	return order(c, ACT_SUSPEND, err);
}

bool
cmd_lift(struct command *c, struct err *err)
{
	return order(c, ACT_LIFT, err);
}

bool
cmd_revoke(struct command *c, struct err *err)
{
	return order(c, ACT_REVOKE, err);
}

bool
cmd_annul(struct command *c, struct err *err)
{
	return order(c, ACT_ANNUL, err);
}

bool
cmd_withdraw(struct command *c, struct err *err)
{
	return order(c, ACT_WITHDRAW, err);
}

bool
cmd_deregister(struct command *c, struct err *err)
{
	return order(c, ACT_DEREGISTER, err);
}

bool
cmd_correct(struct command *c, struct err *err)
{
	return order(c, ACT_CORRECT, err);
}

bool
cmd_set_aside(struct command *c, struct err *err)
{
	return order(c, ACT_SET_ASIDE, err);
}

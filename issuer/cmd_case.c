/* Statements on a case, each with the number of its notice. They take effect when they are recorded. */
#include "core/limits.h"
#include "issuer/case_act.h"
#include "issuer/commands.h"

/* ---- accept, decline, retract, deliver, file ---- */

static bool
notice(struct command *c, enum act_kind kind, const char *said, struct err *err)
{
	struct case_act a = { 0 };
	struct act_body body = { .kind = kind };
	const char *shown;

	bool ok = command_one_word(&shown, c, err) &&
	    (kind != ACT_DECLINE ||
		(case_act_ground(&body.notice.ground, c, kind, err) &&
		    command_need(&body.notice.reason, c, OPTION_REASON, err))) &&
	    command_need(&body.notice.document, c, OPTION_DOCUMENT, err) &&
	    case_act_begin(&a, c, shown, kind, err) && case_act_say(&a, c, &body, said, NULL, err);
	case_act_free(&a);
	return ok;
}

bool
cmd_case_accept(struct command *c, struct err *err)
{
	return notice(c, ACT_ACCEPT, "accepted", err);
}

bool
cmd_case_decline(struct command *c, struct err *err)
{
	return notice(c, ACT_DECLINE, "declined", err);
}

bool
cmd_case_retract(struct command *c, struct err *err)
{
	return notice(c, ACT_RETRACT, "retracted", err);
}

bool
cmd_case_deliver(struct command *c, struct err *err)
{
	return notice(c, ACT_DELIVER, "delivered", err);
}

bool
cmd_case_file(struct command *c, struct err *err)
{
	return notice(c, ACT_FILE, "filed", err);
}

/* ---- ask: CASE ITEM... ---- */

bool
cmd_case_ask(struct command *c, struct err *err)
{
	struct case_act a = { 0 };
	struct act_body body = { .kind = ACT_ASK };
	struct asked asked = { .count = 0 };
	struct buf items = BUF_EMPTY;

	if (c->n_words < 2 || c->n_words > 1 + LIMIT_ASKED)
		return err_set(err, ERR_USAGE,
		    "usage: qualcert %s %s, with 1 to %d corrections, each in quotes", c->row->name,
		    c->row->usage, LIMIT_ASKED);
	for (size_t i = 1; i < c->n_words; i++)
		asked.item[asked.count++] = span_text(c->words[i]);
	act_body_put_asked(&items, &asked);
	body.ask.items = buf_span(&items);
	bool ok = buf_ok(&items, err) &&
	    command_need(&body.ask.document, c, OPTION_DOCUMENT, err) &&
	    case_act_begin(&a, c, c->words[0], ACT_ASK, err) &&
	    case_act_say(&a, c, &body, "asked", NULL, err);
	buf_free(&items);
	case_act_free(&a);
	return ok;
}

/* ---- schedule, recuse: with officers by their words ---- */

/* The parts of "one,two", at most LIMIT_TEAM. */
static bool
split(struct span *parts, size_t *n, const char *list, struct err *err)
{
	for (const char *at = list; at != NULL;) {
		size_t len = strcspn(at, ",");
		if (len == 0 || *n == LIMIT_TEAM)
			return err_set(err, ERR_USAGE,
			    "\"%s\" is no list of 1 to %d, written one,two", list, LIMIT_TEAM);
		parts[(*n)++] = span_of(at, len);
		at = at[len] == ',' ? at + len + 1 : NULL;
	}
	return true;
}

static bool
find_person(struct body_person *out, const struct command *c, struct span word, struct err *err)
{
	char text[OFFICER_NAME_BYTES];
	struct officer officer = { 0 };

	snprintf(text, sizeof text, "%.*s", (int)word.len, (const char *)word.ptr);
	if (!officer_find(&officer, c->bureau, text, c->now_s, err))
		return false;
	memcpy(out->id, officer.key->person, sizeof out->id);
	officer_close(&officer);
	return true;
}

/* Asked one by one, so that a refusal can name the officer. */
static bool
find_team(struct body_schedule *out, const struct case_act *a, const struct command *c,
    const struct span *words, size_t n, struct err *err)
{
	char room[OFFICER_NAME_BYTES];

	for (size_t i = 0; i < n; i++) {
		struct body_person *person = &out->team[out->n_team++];
		if (!find_person(person, c, words[i], err))
			return false;
		struct chain_who who = { .name =
					     officer_name(room, c->bureau, person->id, LANG_EN) };
		memcpy(who.person, person->id, sizeof who.person);
		if (!judge_may_visit(&a->dossier.subject.judge, &who, err))
			return false;
	}
	return true;
}

bool
cmd_case_schedule(struct command *c, struct err *err)
{
	struct case_act a = { 0 };
	struct act_body body = { .kind = ACT_SCHEDULE };
	struct body_schedule *order = &body.schedule;
	struct span team, words[LIMIT_TEAM];
	const char *shown;
	size_t n = 0;

	bool ok = command_one_word(&shown, c, err) &&
	    command_need(&order->document, c, OPTION_DOCUMENT, err) &&
	    command_need(&team, c, OPTION_TEAM, err) &&
	    split(words, &n, c->option[OPTION_TEAM], err) &&
	    split(order->experts, &order->n_experts, c->option[OPTION_EXPERTS], err) &&
	    command_date(&order->visit_s, c, OPTION_VISIT, err) &&
	    case_act_begin(&a, c, shown, ACT_SCHEDULE, err) &&
	    find_team(order, &a, c, words, n, err) &&
	    case_act_say(&a, c, &body, "scheduled", NULL, err);
	case_act_free(&a);
	return ok;
}

/* Without --person somebody says it of himself. */
static bool
find_recused(struct body_person *out, const struct command *c, struct err *err)
{
	if (c->option[OPTION_PERSON] != NULL)
		return find_person(out, c, span_text(c->option[OPTION_PERSON]), err);
	if (c->officer.key == NULL)
		return err_set(err, ERR_USAGE, "--person OFFICER, or who signs: --as or --key");
	memcpy(out->id, c->officer.key->person, sizeof out->id);
	return true;
}

bool
cmd_case_recuse(struct command *c, struct err *err)
{
	struct case_act a = { 0 };
	struct act_body body = { .kind = ACT_RECUSE };
	const char *shown;

	bool ok = command_one_word(&shown, c, err) &&
	    command_need(&body.recuse.reason, c, OPTION_REASON, err) &&
	    case_act_begin(&a, c, shown, ACT_RECUSE, err) &&
	    find_recused(&body.recuse.person, c, err) &&
	    case_act_say(&a, c, &body, "recused", NULL, err);
	case_act_free(&a);
	return ok;
}

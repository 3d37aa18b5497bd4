/* Rules on a case beside its stages: who is out, who visits and when. */
#include "core/civil.h"
#include "registry/case_ground.h"
#include "registry/judge_rule.h"

#define DAYS_OF_NOTICE 5 /* at least, from the order to the visit; in a test bureau none */

/* Somebody with an active officer's key, and with this role if any is asked for? */
static bool
is_officer(const struct judge *j, const uint8_t *person, enum role role)
{
	for (size_t i = 0; i < j->bundle->n_keys; i++) {
		const struct bundle_key *key = &j->bundle->keys[i];
		if (key->use == KEY_USE_OFFICER && key->state == KEY_ACTIVE &&
		    memcmp(key->person, person, sizeof key->person) == 0 &&
		    (role == ROLE_NONE || bundle_key_has_role(key, role, j->now_s)))
			return true;
	}
	return false;
}

/* ---- recusal ---- */

/* Somebody says it of himself, or a supervisor of another. */
static bool
may_recuse(const struct judged *q, struct err *err)
{
	const uint8_t *person = q->act->body.recuse.person.id;

	if (!is_officer(q->j, person, ROLE_NONE))
		return err_set(err, ERR_REFUSED, "the trust bundle lists no such officer");
	return memcmp(q->who->person, person, BODY_PERSON_BYTES) == 0 ||
	    (bundle_key_has_role(q->signer, ROLE_SANCTION, q->j->now_s) &&
		bundle_key_has_role(q->signer, ROLE_SANCTION, q->act->act.time_s)) ||
	    err_set(err, ERR_REFUSED,
		"an officer recuses himself; another is recused by somebody with the role %s",
		bundle_role_word(ROLE_SANCTION));
}

bool
rule_recused(const struct judged *q, struct err *err)
{
	char name[JUDGE_NAME_BYTES];
	const struct judge *j = q->j;

	if (j->dossier == NULL)
		return true;
	if (case_is_recused(j->chain, j->n_chain, q->who->person))
		return err_set(err, ERR_REFUSED, "%s is recused and takes no part in this case",
		    judge_name(name, q->who));
	return q->kind != ACT_RECUSE || q->act == NULL || may_recuse(q, err);
}

/* ---- the on-site review ---- */

static bool
may_visit(const struct judge *j, const struct chain_who *who, struct err *err)
{
	char room[JUDGE_NAME_BYTES];
	const char *name = judge_name(room, who);
	enum role role = policy_role(j->policy, ACT_INSPECT, ACT_NONE);

	if (!is_officer(j, who->person, role))
		return err_set(err, ERR_REFUSED, "%s cannot be in the team without the role %s",
		    name, bundle_role_word(role));
	if (case_is_recused(j->chain, j->n_chain, who->person))
		return err_set(err, ERR_REFUSED, "%s is recused and cannot be in the team", name);
	if ((case_steps_by(j->dossier, who) & j->policy->apart[STEP_INSPECT]) != 0)
		return err_set(err, ERR_REFUSED,
		    "%s did a step in this case that the policy keeps apart from \"%s\"", name,
		    case_step_word(STEP_INSPECT));
	return true;
}

bool
judge_may_visit(const struct judge *j, const struct chain_who *who, struct err *err)
{
	return may_visit(j, who, err) || err_in(err, "SEP-08");
}

bool
rule_team(const struct judged *q, struct err *err)
{
	char name[JUDGE_NAME_BYTES];
	const struct case_state *c = q->j->dossier;

	if (q->kind == ACT_INSPECT && !case_has_in_team(c->schedule, q->who->person))
		return err_set(err, ERR_REFUSED,
		    "%s is not of the team that was ordered for the visit",
		    judge_name(name, q->who));
	if (q->kind != ACT_SCHEDULE || q->act == NULL)
		return true;
	const struct body_schedule *order = &q->act->body.schedule;
	for (size_t i = 0; i < order->n_team; i++) {
		struct chain_who who = { .name = NULL };
		memcpy(who.person, order->team[i].id, sizeof who.person);
		if (!may_visit(q->j, &who, err))
			return false;
	}
	return true;
}

/* The applicant is told in time. */
static bool
gives_notice(const struct judged *q, struct err *err)
{
	int64_t visit_s = q->act->body.schedule.visit_s;
	struct civil_date visit = civil_of(visit_s);
	int64_t days = civil_day_number(visit) - civil_day_number(civil_of(q->j->now_s));

	if (civil_start_s(visit) != visit_s)
		return err_set(err, ERR_REFUSED, "a visit begins at 00:00 +08:00 of a day");
	if (days >= (q->j->bundle->test ? 0 : DAYS_OF_NOTICE))
		return true;
	return err_set(err, ERR_REFUSED,
	    "the visit is %lld days away; the applicant is told at least %d days before",
	    (long long)days, DAYS_OF_NOTICE);
}

bool
rule_visit(const struct judged *q, struct err *err)
{
	char day[CIVIL_TEXT_BYTES];

	if (q->kind == ACT_SCHEDULE)
		return q->act == NULL || gives_notice(q, err);
	if (q->kind != ACT_INSPECT)
		return true;
	int64_t visit_s = q->j->dossier->schedule->body.schedule.visit_s;
	if (q->j->now_s >= visit_s)
		return true;
	civil_format(day, civil_of(visit_s));
	return err_set(
	    err, ERR_REFUSED, "the visit is on %s: the report is signed then, or later", day);
}

/* ---- grounds ---- */

bool
rule_case_ground(const struct judged *q, struct err *err)
{
	if (q->kind != ACT_DECLINE && q->kind != ACT_TERMINATE)
		return true;
	struct span code = q->act->body.notice.ground;
	const struct case_ground *ground = case_ground_find(code);
	return (ground != NULL && ground->kind == q->kind) ||
	    err_set(err, ERR_REFUSED, "%.*s is no ground to %s", (int)code.len,
		(const char *)code.ptr, act_kind_word(q->kind));
}

/* ---- applications ---- */

bool
rule_bar(const struct judged *q, struct err *err)
{
	char day[CIVIL_TEXT_BYTES];
	const struct case_bar *bar = q->j->bar;

	if (q->kind != ACT_SUBMIT || bar == NULL || q->j->now_s >= bar->until_s)
		return true;
	civil_format(day, civil_of(bar->until_s));
	return err_set(err, ERR_REFUSED, "the applicant may not apply again before %s: %s, %s (%s)",
	    day, bar->ground->code, bar->ground->en, bar->subject);
}

/* What was in time when it was submitted is so when it is amended. */
bool
rule_type(const struct judged *q, struct err *err)
{
	const struct case_state *c = q->j->dossier;

	if (q->kind != ACT_SUBMIT && q->kind != ACT_AMEND)
		return true;
	int64_t at_s = c->submit != NULL ? c->submit->recorded_s : q->j->now_s;
	const struct applied_fault *fault = applied_fault(&q->j->applied, &q->j->of, at_s);
	return fault == NULL || err_set(err, ERR_REFUSED, "%s", fault->en);
}

/* ---- authorities ---- */

/* AUTHORITIES: what anybody may do, or the machine does. */
static enum authority
authority_for(enum act_kind kind)
{
	switch (kind) {
	case ACT_SUBMIT:
	case ACT_ASK:
	case ACT_AMEND:
	case ACT_ACCEPT:
	case ACT_DECLINE:
	case ACT_RETRACT:
		return AUTHORITY_ACCEPT;
	case ACT_EXAMINE:
	case ACT_SCHEDULE:
	case ACT_INSPECT:
		return AUTHORITY_EXAMINE;
	case ACT_PROLONG:
	case ACT_TERMINATE:
	case ACT_DECIDE:
	case ACT_ISSUE:
		return AUTHORITY_DECIDE;
	case ACT_DELIVER:
	case ACT_FILE:
		return AUTHORITY_DELIVER;
	default:
		return AUTHORITIES;
	}
}

static bool
is_authority(const struct bundle_issuer *issuer, const char *who)
{
	if (strcmp(who, "national") == 0)
		return issuer->level == BUNDLE_NATIONAL;
	if (strcmp(who, "provincial") == 0)
		return issuer->level == BUNDLE_PROVINCIAL;
	return span_is(issuer->iss, who);
}

/* The application it is about: the one in hand, or that of the case; empty: not known yet. */
static struct span
application_of(const struct judged *q)
{
	if (q->kind == ACT_SUBMIT && q->act != NULL)
		return q->act->body.submit.application;
	return case_application(q->j->dossier);
}

bool
rule_authority(const struct judged *q, struct err *err)
{
	struct applied applied;
	const struct judge *j = q->j;

	if (j->dossier == NULL || j->policy->n_authorities == 0)
		return true;
	const enum act_kind answered = judge_answered(q);
	const enum authority what = authority_for(answered != ACT_NONE ? answered : q->kind);
	const struct span application = application_of(q);
	if (what == AUTHORITIES || application.len == 0)
		return true;
	if (!applied_read(&applied, application, err))
		return false;
	const char *who =
	    policy_authority(j->policy, span_text(applied.family), applied.grade, what);
	if (who == NULL)
		return true;
	const char *word = policy_authority_word(what);
	const char grade = applied.grade == GRADE_A ? 'A' : 'B';
	const struct bundle_issuer *issuer = bundle_find_issuer(j->bundle, q->signer->issuer);
	if (issuer == NULL || !is_authority(issuer, who))
		return err_set(err, ERR_REFUSED,
		    "\"%s\" for %s Grade %c is for officers of \"%s\", not of %.*s", word,
		    applied.family, grade, who, (int)q->signer->issuer.len,
		    (const char *)q->signer->issuer.ptr);
	return bundle_issuer_may(
		   issuer, word, span_text(applied.family), (unsigned)applied.grade, j->now_s) ||
	    err_set(err, ERR_REFUSED, "%s has no power to \"%s\" for %s Grade %c", who, word,
		applied.family, grade);
}

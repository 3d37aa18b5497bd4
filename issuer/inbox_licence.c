#include "issuer/inbox_parts.h"

#include "core/civil.h"
#include "core/text.h"
#include "issuer/dossier.h"
#include "issuer/stop.h"
#include "issuer/who.h"
#include "issuer/words.h"

#include <stdio.h>

#define WINDOW_WARNING_DAYS 30
#define MONTHS_TO_RENEW 3 /* an application that comes later is a new one */

/* How long before its end a licence is named, and again. */
static const int ahead_months[] = { 4, 6, 12 };
#define BUCKETS (sizeof ahead_months / sizeof ahead_months[0])

/* Licences that end soon, by the first of these that they fall under. */
struct ahead {
	size_t line[BUCKETS]; /* place of the line in the inbox, from 1; 0: none yet */
};

/* ---- what a licence waits for ---- */

/* Something that is due, on the ground that makes it so. */
struct due {
	const struct ground *ground; /* NULL: nothing is */
	int64_t due_s;
};

static struct due
due_on(const char *code, int64_t due_s)
{
	return (struct due){ ground_find(span_text(code)), due_s };
}

/* A suspension whose window ends soon or has ended: its end restores nothing. One that a ruling left has none. */
static struct due
window_due(const struct licence_state *s, int64_t now_s)
{
	const int64_t until_s = s->suspension->proposal->body.order.until_s;

	if (until_s - WINDOW_WARNING_DAYS * CIVIL_DAY_S > now_s)
		return (struct due){ NULL, 0 };
	return due_on("LIF-01", until_s > 0 ? until_s - 1 : 0);
}

static struct due
due_of(const struct licence_state *s, bool renewed, int64_t now_s)
{
	switch (s->status) {
	case LICENCE_SUSPENDED:
		return window_due(s, now_s);
	case LICENCE_EXPIRED:
		return renewed ? (struct due){ NULL, 0 } : due_on("DER-01", 0);
	case LICENCE_REVOKED:
		return due_on("DER-05", 0);
	case LICENCE_ANNULLED:
		return due_on("DER-06", 0);
	case LICENCE_WITHDRAWN:
		return due_on("DER-07", 0);
	default:
		return (struct due){ NULL, 0 };
	}
}

/* Has its holder another of the same family and grade that ends later? */
static bool
is_renewed(const struct desk *d, const struct registry_holding *h)
{
	for (size_t i = 0; i < d->n_holdings; i++) {
		const struct registry_holding *other = &d->holdings[i];
		if (other->exp_s > h->exp_s && strcmp(other->uscc, h->uscc) == 0 &&
		    memcmp(other->number, h->number, 3) == 0) /* "JCA" */
			return true;
	}
	return false;
}

/* ---- lines ---- */

static void
day(struct buf *out, int64_t t_s)
{
	char text[CIVIL_TEXT_BYTES];
	civil_format(text, civil_of(t_s));
	buf_add_text(out, text);
}

static void
say_why(struct buf *out, const struct licence_state *s, const struct due *due, int64_t now_s,
    enum lang lang)
{
	if (s->status == LICENCE_EXPIRED) {
		buf_add_text(out, LANG_PICK(lang, "有效期至 ", "it ran to "));
		day(out, s->end_s - 1);
		buf_add_text(out, LANG_PICK(lang, "，未延续", " and was not renewed"));
		return;
	}
	if (s->status != LICENCE_SUSPENDED) {
		buf_printf(out, LANG_PICK(lang, "%s，尚未注销", "%s; its record is still open"),
		    word_licence(s->status, lang));
		return;
	}
	if (due->due_s == 0) {
		buf_add_text(out, LANG_PICK(lang, "依裁决暂停", "suspended by a ruling"));
		return;
	}
	buf_add_text(out, LANG_PICK(lang, "暂停至少到 ", "suspended to "));
	day(out, due->due_s);
	if (now_s > due->due_s)
		buf_add_text(out,
		    LANG_PICK(lang, "，已届满；期满并不自动恢复",
			" at least, which is over; that restores nothing"));
	else
		buf_add_text(out,
		    LANG_PICK(lang, "；期满并不自动恢复",
			" at least; its end restores nothing by itself"));
}

/* An application of the holder's that may be the renewal; NULL: none is open. */
static const struct inbox_applicant *
find_application(const struct desk *d, const struct claims *claims)
{
	for (size_t i = 0; i < d->n_applicants; i++)
		if (span_is(claims->uscc, d->applicants[i].uscc) &&
		    memcmp(claims->sub.ptr, d->applicants[i].family, FAMILY_BYTES - 1) == 0)
			return &d->applicants[i];
	return NULL;
}

/* What expired while its renewal is open is not closed without a look. */
static enum inbox_group
group_of(struct buf *why, const struct desk *d, const struct registry_subject *licence)
{
	const struct inbox_applicant *a = licence->licence.status == LICENCE_EXPIRED
	    ? find_application(d, &licence->credential.claims)
	    : NULL;

	if (a == NULL)
		return INBOX_SIGN;
	buf_printf(why,
	    LANG_PICK(d->lang, "\n该单位的申请 %s 尚未办结：是延续吗？ qualcert case show %s",
		"\nits holder's application %s is open: the renewal? qualcert case show %s"),
	    dossier_short(a->subject), dossier_short(a->subject));
	return INBOX_LOOK;
}

static bool
add_due(struct desk *d, const struct registry_subject *licence, const char *number,
    const struct due *due, struct err *err)
{
	const enum act_kind kind = due->ground->verb;
	struct err why = { 0 };
	const bool may = judge_may(&licence->judge, kind, &d->who, d->key, &why);

	if (!may && inbox_is_for_others(&why)) {
		d->inbox->others++;
		return true;
	}
	struct inbox_line *line = inbox_add_line(d->inbox, number, err);
	if (line == NULL)
		return false;
	line->kind = kind;
	line->ground = due->ground;
	line->due_s = due->due_s;
	line->grade = licence->credential.claims.grade;
	text_escape(&line->holder, licence->credential.claims.holder);
	say_why(&line->why, &licence->licence, due, d->now_s, d->lang);
	line->group = group_of(&line->why, d, licence);
	if (!may) {
		line->group = INBOX_NOT_YOU;
		buf_printf(&line->why, "\n%s", why.text);
		who_may(&line->who, d->bureau, &licence->judge, kind, d->lang);
	}
	return buf_ok(&line->holder, err) && buf_ok(&line->why, err) && buf_ok(&line->who, err);
}

/* ---- what ends soon ---- */

/* Whoever takes renewals in, or can extend, is told. */
static bool
is_told_ahead(const struct desk *d, const struct policy *policy)
{
	return bundle_key_has_role(d->key, policy_role(policy, ACT_SUBMIT, ACT_NONE), d->now_s) ||
	    bundle_key_has_role(d->key, policy_role(policy, ACT_EXTEND, ACT_NONE), d->now_s);
}

static bool
add_ahead(struct desk *d, struct ahead *ahead, const struct registry_subject *licence,
    const char *number, struct err *err)
{
	const int64_t end_s = licence->licence.end_s;
	const struct civil_date today = civil_of(d->now_s);
	size_t i = 0;

	while (i < BUCKETS && end_s > civil_start_s(civil_add_months(today, ahead_months[i])))
		i++;
	if (i == BUCKETS || !is_told_ahead(d, licence->judge.policy))
		return true;
	struct inbox_line *line;
	if (ahead->line[i] > 0) {
		line = &d->inbox->lines[ahead->line[i] - 1];
		if (!inbox_add_subject(line, number, err))
			return false;
	} else {
		if ((line = inbox_add_line(d->inbox, number, err)) == NULL)
			return false;
		ahead->line[i] = d->inbox->n;
		line->group = INBOX_AHEAD;
		buf_printf(&line->why, LANG_PICK(d->lang, "%d 个月内到期", "end within %d months"),
		    ahead_months[i]);
	}
	const int64_t renew_s =
	    civil_start_s(civil_add_months(civil_of(end_s - 1), -MONTHS_TO_RENEW));
	if (line->due_s == 0 || renew_s < line->due_s)
		line->due_s = renew_s;
	return buf_ok(&line->why, err);
}

/* ---- all ---- */

static bool
add_licence(struct desk *d, struct ahead *ahead, const struct registry_holding *h, struct err *err)
{
	struct registry_subject licence;
	const bool renewed = is_renewed(d, h);
	bool ok = registry_subject_load(
	    &licence, d->bureau->registry, span_text(h->number), d->now_s, err);

	/* What waits for an answer, or for its certificate, waits for that first. */
	if (ok && licence.licence.open == NULL && licence.licence.making == NULL) {
		const enum licence_status status = licence.licence.status;
		const struct due due = due_of(&licence.licence, renewed, d->now_s);
		if (due.ground != NULL)
			ok = add_due(d, &licence, h->number, &due, err);
		if (ok && !renewed && (status == LICENCE_ACTIVE || status == LICENCE_SUSPENDED))
			ok = add_ahead(d, ahead, &licence, h->number, err);
	}
	registry_subject_free(&licence);
	return ok;
}

/* One that nobody acted on and that runs for longer waits for nothing. */
static bool
is_quiet(const struct registry_holding *h, int64_t now_s)
{
	const struct civil_date last = civil_add_months(civil_of(now_s), ahead_months[BUCKETS - 1]);
	return !h->acted && h->exp_s > civil_start_s(last);
}

bool
inbox_add_licences(struct desk *d, struct err *err)
{
	struct ahead ahead = { 0 };

	for (size_t i = 0; i < d->n_holdings; i++)
		if (!is_quiet(&d->holdings[i], d->now_s) &&
		    !add_licence(d, &ahead, &d->holdings[i], err))
			return false;
	return true;
}

static bool
add_resumption(struct desk *d, const struct judge *judge, struct err *err)
{
	struct err why = { 0 };

	if (!judge_may(judge, ACT_RESUME, &d->who, d->key, &why)) {
		d->inbox->others++;
		return true;
	}
	struct inbox_line *line = inbox_add_line(d->inbox, "register", err);
	if (line == NULL)
		return false;
	line->group = INBOX_SIGN;
	line->kind = ACT_RESUME;
	return true;
}

/* Is a proposal on the register open, so that it waits for an answer first? */
static bool
is_open(const struct judge *judge)
{
	const struct chain_entry *last = &judge->chain[judge->n_chain - 1]; /* it was stopped */
	return act_kind_form(last->act.kind) == ACT_PROPOSAL &&
	    judge->now_s < chain_not_after_s(last);
}

bool
inbox_add_register(struct desk *d, struct err *err)
{
	struct registry_subject subject;
	struct stop stop;

	if (!stop_load(&stop, d->bureau, d->now_s, err)) {
		stop_free(&stop);
		return false;
	}
	bool ok = true;
	if (stop.stopped) {
		stop_text(&d->inbox->stopped, &stop, d->bureau, d->lang);
		ok = registry_subject_load(
		    &subject, d->bureau->registry, span_text("register"), d->now_s, err);
		if (ok && !is_open(&subject.judge))
			ok = add_resumption(d, &subject.judge, err);
		registry_subject_free(&subject);
	}
	stop_free(&stop);
	return ok && buf_ok(&d->inbox->stopped, err);
}

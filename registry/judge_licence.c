/* Rules on what is done to a licence. */
#include "core/civil.h"
#include "registry/ground.h"
#include "registry/judge_rule.h"

/* An order may take effect this many days before and after the register takes it in. */
#define DAYS_BACK 15
#define DAYS_AHEAD 31
/* How long a suspension lasts. */
#define MONTHS_LEAST 6
#define MONTHS_MOST 12

static bool
is_sanction(const struct judged *q)
{
	return q->kind == ACT_SUSPEND || q->kind == ACT_LIFT || q->kind == ACT_REVOKE;
}

bool
rule_licence(const struct judged *q, struct err *err)
{
	const struct licence_state *licence = q->j->licence;

	if (!is_sanction(q))
		return true;
	if (licence == NULL)
		return err_set(err, ERR_REFUSED, "no certificate with this number was issued");
	bool fits = q->kind == ACT_SUSPEND ? licence->status == STATUS_ACTIVE
	    : q->kind == ACT_LIFT          ? licence->status == STATUS_SUSPENDED
					   : licence->status != STATUS_REVOKED;
	return fits ||
	    err_set(err, ERR_REFUSED, "the licence is %s: \"%s\" does not fit",
		status_word(licence->status), act_kind_word(q->kind));
}

bool
rule_ground(const struct judged *q, struct err *err)
{
	if (!is_sanction(q))
		return true;
	struct span code = q->act->body.order.ground;
	const struct ground *ground = ground_find(code);
	if (ground == NULL)
		return err_set(err, ERR_REFUSED, "%.*s is no ground in the table", (int)code.len,
		    (const char *)code.ptr);
	return ground->verb == q->kind ||
	    err_set(err, ERR_REFUSED, "ground %s is one to %s, not to %s", ground->code,
		act_kind_word(ground->verb), act_kind_word(q->kind));
}

bool
rule_duration(const struct judged *q, struct err *err)
{
	if (q->kind != ACT_SUSPEND)
		return true;
	const struct body_order *body = &q->act->body.order;
	struct civil_date from = civil_of(body->from_s);
	if (body->until_s >= civil_start_s(civil_add_months(from, MONTHS_LEAST)) &&
	    body->until_s <= civil_start_s(civil_add_months(from, MONTHS_MOST)))
		return true;
	return err_set(
	    err, ERR_REFUSED, "a suspension lasts %d to %d months", MONTHS_LEAST, MONTHS_MOST);
}

static bool
is_midnight(int64_t t_s)
{
	return civil_start_s(civil_of(t_s)) == t_s;
}

bool
rule_dates(const struct judged *q, struct err *err)
{
	char text[CIVIL_TEXT_BYTES];

	if (!is_sanction(q))
		return true;
	const struct judge *j = q->j;
	const struct body_order *body = &q->act->body.order;
	struct civil_date from = civil_of(body->from_s);
	civil_format(text, from);
	if (!is_midnight(body->from_s) || (q->kind == ACT_SUSPEND && !is_midnight(body->until_s)))
		return err_set(err, ERR_REFUSED, "it must begin and end at 00:00 +08:00 of a day");
	int64_t ahead = civil_day_number(from) - civil_day_number(civil_of(j->now_s));
	if (ahead < -DAYS_BACK || ahead > DAYS_AHEAD)
		return err_set(err, ERR_REFUSED,
		    "effective from %s: at most %d days back and %d days ahead are possible", text,
		    DAYS_BACK, DAYS_AHEAD);
	if (j->claims != NULL &&
	    civil_day_number(from) < civil_day_number(civil_of(claims_from_s(j->claims))))
		return err_set(err, ERR_REFUSED,
		    "effective from %s, before the certificate's first day", text);
	if (q->kind == ACT_LIFT && body->from_s < j->licence->suspension->body.order.from_s)
		return err_set(err, ERR_REFUSED,
		    "effective from %s, before the suspension itself: that would undo it", text);
	return true;
}

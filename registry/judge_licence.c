/* Rules on what is done to a licence. */
#include "core/civil.h"
#include "registry/ground.h"
#include "registry/judge_rule.h"

/* An order may take effect this many days before and after the register takes it in. */
#define DAYS_BACK 15
#define DAYS_AHEAD 31
/* How long a suspension lasts, and by how much an order may move an end at most. */
#define MONTHS_LEAST 6
#define MONTHS_MOST 12
#define MONTHS_EXTENDED 24

/* The order in the act: its ground, paper and dates; NULL: it is none, or no act is in hand. */
static const struct body_order *
order_of(const struct judged *q)
{
	return q->act != NULL ? act_body_order(&q->act->body) : NULL;
}

bool
rule_ground(const struct judged *q, struct err *err)
{
	const struct body_order *order = order_of(q);

	if (order == NULL)
		return true;
	const struct ground *ground = ground_find(order->ground);
	if (ground == NULL)
		return err_set(err, ERR_REFUSED, "%.*s is no ground in the table",
		    (int)order->ground.len, (const char *)order->ground.ptr);
	return ground->verb == q->kind ||
	    err_set(err, ERR_REFUSED, "ground %s is one to %s, not to %s", ground->code,
		act_kind_word(ground->verb), act_kind_word(q->kind));
}

/* The statuses in which the verb is possible on some ground, as bits. */
static unsigned
possible_in(enum act_kind verb)
{
	size_t n;
	const struct ground *grounds = ground_all(&n);
	unsigned from = 0;

	for (size_t i = 0; i < n; i++)
		if (grounds[i].verb == verb)
			from |= grounds[i].from;
	return from;
}

bool
rule_licence(const struct judged *q, struct err *err)
{
	const struct licence_state *licence = q->j->licence;
	const struct body_order *order = order_of(q);

	if (act_body_order_has(q->kind) == 0)
		return true;
	if (licence == NULL)
		return err_set(err, ERR_REFUSED, "no certificate with this number was issued");
	const char *word = licence_row(licence->status)->word;
	if ((possible_in(q->kind) & 1u << licence->status) == 0)
		return err_set(err, ERR_REFUSED, "the licence is %s: \"%s\" does not fit", word,
		    act_kind_word(q->kind));
	if (order == NULL || (ground_find(order->ground)->from & 1u << licence->status) != 0)
		return true;
	return err_set(err, ERR_REFUSED, "the licence is %s: ground %.*s does not fit", word,
	    (int)order->ground.len, (const char *)order->ground.ptr);
}

/* ---- corrections and rulings ---- */

static bool
has_target(enum act_kind verb, const struct licence_state *licence)
{
	for (size_t i = 0; i < licence->n_acts; i++)
		if (licence_act_yields(licence, &licence->acts[i], verb))
			return true;
	return verb == ACT_SET_ASIDE && licence->facts.loss.floors != NULL;
}

bool
rule_target(const struct judged *q, struct err *err)
{
	if ((act_body_order_has(q->kind) & ORDER_TARGET) == 0)
		return true;
	if (q->act == NULL)
		return has_target(q->kind, q->j->licence) ||
		    err_set(err, ERR_REFUSED, "nothing was done to the licence that one could %s",
			act_kind_word(q->kind));
	const struct body_order *order = &q->act->body.order;
	const struct licence_act *target = licence_find_act(q->j->licence, order->target);
	if (target == NULL && q->kind == ACT_SET_ASIDE &&
	    licence_is_loss(q->j->licence, order->target))
		return true;
	if (target == NULL)
		return err_set(
		    err, ERR_REFUSED, "it names an act that never took effect on this licence");
	if (!licence_act_yields(q->j->licence, target, q->kind))
		return err_set(err, ERR_REFUSED, "\"%s\" cannot be done to this \"%s\"%s",
		    act_kind_word(q->kind), act_kind_word(target->proposal->act.kind),
		    target->struck      ? ": it was corrected before"
			: target->aside ? ": it was set aside before"
			: licence_act_is_floor(q->j->licence, target)
			? ": later acts on the licence are lost"
			: "");
	return q->kind != ACT_SET_ASIDE || order->status != STATUS_SUSPENDED ||
	    target->proposal->act.kind != ACT_SUSPEND ||
	    err_set(err, ERR_REFUSED, "setting a suspension aside cannot leave it suspended");
}

/* ---- how long, and from when ---- */

static int64_t
months_after(int64_t from_s, int months)
{
	return civil_start_s(civil_add_months(civil_of(from_s), months));
}

static bool
suspension_lasts(const struct body_order *order, struct err *err)
{
	return (order->until_s >= months_after(order->from_s, MONTHS_LEAST) &&
		   order->until_s <= months_after(order->from_s, MONTHS_MOST)) ||
	    err_set(
		err, ERR_REFUSED, "a suspension lasts %d to %d months", MONTHS_LEAST, MONTHS_MOST);
}

static bool
order_extends(const struct body_order *order, const struct licence_state *licence, struct err *err)
{
	if (order->until_s <= licence->end_s)
		return err_set(err, ERR_REFUSED, "the new end is not later than the one in force");
	return order->until_s <= months_after(licence->end_s, MONTHS_EXTENDED) ||
	    err_set(
		err, ERR_REFUSED, "an order moves an end by at most %d months", MONTHS_EXTENDED);
}

bool
rule_duration(const struct judged *q, struct err *err)
{
	if (q->kind == ACT_SUSPEND)
		return suspension_lasts(&q->act->body.order, err);
	return q->kind != ACT_EXTEND || order_extends(&q->act->body.order, q->j->licence, err);
}

static bool
is_midnight(int64_t t_s)
{
	return civil_start_s(civil_of(t_s)) == t_s;
}

/* The earliest day it may take effect on: 15 days back, or since what it is about began. */
static int64_t
earliest_s(const struct judged *q, const struct body_order *order)
{
	const struct licence_state *licence = q->j->licence;
	const int64_t first_s = civil_start_s(civil_of(licence->facts.begin_s));
	int64_t back_s = civil_start_s(civil_add_days(civil_of(q->j->now_s), -DAYS_BACK));

	if (q->kind == ACT_REISSUE) /* lost or misprinted since it was made */
		return civil_start_s(civil_of(q->j->claims->iat_s));
	if (q->kind ==
	    ACT_SET_ASIDE) { /* a ruling reaches back, to the grant where it was annulled */
		const struct licence_act *target = licence_find_act(licence, order->target);
		return target == NULL || target->proposal->act.kind == ACT_ANNUL
		    ? first_s
		    : target->proposal->body.order.from_s;
	}
	if (q->kind == ACT_LIFT && licence->suspension != NULL &&
	    back_s < licence->suspension->proposal->body.order.from_s)
		back_s = licence->suspension->proposal->body.order.from_s;
	return back_s > first_s ? back_s : first_s;
}

bool
rule_dates(const struct judged *q, struct err *err)
{
	const struct body_order *order = order_of(q);
	const unsigned has = act_body_order_has(q->kind);
	char from[CIVIL_TEXT_BYTES], first[CIVIL_TEXT_BYTES], last[CIVIL_TEXT_BYTES];

	if (order == NULL || (has & ORDER_FROM) == 0)
		return true;
	if (!is_midnight(order->from_s) ||
	    ((has & ORDER_UNTIL) != 0 && !is_midnight(order->until_s)))
		return err_set(err, ERR_REFUSED, "it must begin and end at 00:00 +08:00 of a day");
	const int64_t earliest = earliest_s(q, order);
	const struct civil_date latest = civil_add_days(civil_of(q->j->now_s), DAYS_AHEAD);
	if (order->from_s >= earliest && order->from_s <= civil_start_s(latest))
		return true;
	civil_format(from, civil_of(order->from_s));
	civil_format(first, civil_of(earliest));
	civil_format(last, latest);
	return err_set(err, ERR_REFUSED, "effective from %s: %s to %s is possible for \"%s\"", from,
	    first, last, act_kind_word(q->kind));
}

#include "verifier/standing.h"

#include <stdio.h>

/* Without a moment asked for, all that is known counts, also what a clock ahead of ours recorded. */
static int64_t
known_s(const struct question *q)
{
	return q->known_given ? q->known_s : HISTORY_OPEN;
}

void
standing_ask(struct answer *a, const struct question *q)
{
	a->now_s = q->now_s;
	a->known_s = q->known_given ? q->known_s : q->now_s;
	a->whole_day = !q->at_given || q->at_whole_day;
	a->existing = q->existing;
	if (q->holder != NULL)
		snprintf(a->asked_holder, sizeof a->asked_holder, "%s", q->holder);
	a->asked_grade = q->grade;
	a->asked_scope = q->scope;
	a->asked_from_s = q->at_given ? q->at_s : q->now_s;
	a->asked_to_s = a->asked_from_s + (q->at_given && q->at_whole_day ? CIVIL_DAY_S : 1);
}

/* The present is not earlier than what was signed: our clock may be minutes behind the bureau's. */
static void
move_present(struct answer *a, const struct question *q, int64_t data_iat_s)
{
	if (q->at_given || data_iat_s <= a->asked_from_s)
		return;
	a->asked_from_s = data_iat_s;
	a->asked_to_s = data_iat_s + 1;
}

/* The status of one history over what was asked, if it is worse than what is known already. */
static void
worsen(struct answer *a, const struct question *q, const struct history_entry *entries, size_t n,
    bool *first)
{
	const struct history_entry *why = NULL;
	const enum status s =
	    history_worst(&why, entries, n, a->asked_from_s, a->asked_to_s, known_s(q));

	if (!*first && (s == a->status || status_worse(a->status, s) != s))
		return;
	*first = false;
	a->status = s;
	a->status_from_s = why != NULL ? why->from_s : 0;
	a->status_until_s = why != NULL ? why->until_s : 0;
	a->replaced_by = why != NULL ? why->by : 0;
}

static enum finding
finding_of(enum status s)
{
	switch (s) {
	case STATUS_REVOKED:
		return FINDING_STATUS_REVOKED;
	case STATUS_SUSPENDED:
		return FINDING_STATUS_SUSPENDED;
	case STATUS_ANNULLED:
		return FINDING_STATUS_ANNULLED;
	case STATUS_REPLACED:
		return FINDING_STATUS_REPLACED;
	default:
		return FINDING_STATUS_ENDED;
	}
}

/* Is what was asked before validity begins? A whole day counts from the day of issue. */
static bool
before_validity(const struct answer *a)
{
	const int64_t from_s =
	    a->asked_to_s - a->asked_from_s > 1 ? civil_start_s(civil_of(a->from_s)) : a->from_s;
	return a->asked_from_s < from_s;
}

static struct effects
effects_of(const struct answer *a, bool early, bool expired)
{
	struct effects effects = { WORK_NO, WORK_NO };

	if (!early)
		licence_effects(&effects.new_work, &effects.existing_work, a->status, expired);
	return effects;
}

static void
check_force(struct answer *a)
{
	const bool early = before_validity(a), expired = a->asked_to_s > a->end_s;

	a->effects = effects_of(a, early, expired);
	const enum work asked = a->existing ? a->effects.existing_work : a->effects.new_work;
	if (asked != WORK_NO)
		answer_reply(a, PART_IN_FORCE, REPLY_YES, FINDING_NONE);
	else if (a->status != STATUS_ACTIVE)
		answer_reply(a, PART_IN_FORCE, REPLY_NO, finding_of(a->status));
	else
		answer_reply(a, PART_IN_FORCE, REPLY_NO,
		    early ? FINDING_DATE_NOT_YET : FINDING_DATE_EXPIRED);
}

/* May a token speak where the snapshot is too old? One signature may say no, while it is fresh itself. */
static bool
token_may_speak(const struct answer *a, const struct published_slot *slot)
{
	const struct part_answer *age = &a->parts[PART_STATUS_AGE];
	return age->reply == REPLY_YES ||
	    (age->finding == FINDING_STATUS_STALE && a->now_s < slot->newer_until_s);
}

/*
 * A newer status token says worse: of the present for sure, but not since when; of a date before it only a
 * snapshot can tell.
 */
static void
check_token(struct answer *a, const struct question *q, const struct published_slot *slot)
{
	if (!slot->newer || !token_may_speak(a, slot) || known_s(q) < slot->newer_iat_s ||
	    status_worse(a->status, slot->newer_status) != slot->newer_status ||
	    slot->newer_status == a->status)
		return;
	a->live = true;
	if (q->at_given && a->asked_to_s <= slot->newer_iat_s &&
	    slot->newer_status != STATUS_ANNULLED) {
		if (a->parts[PART_IN_FORCE].reply == REPLY_YES)
			answer_reply(a, PART_IN_FORCE, REPLY_UNKNOWN, FINDING_STATUS_NEWS);
		return;
	}
	if (slot->newer_status == STATUS_PENDING || slot->newer_status == STATUS_UNKNOWN) {
		answer_reply(a, PART_IN_FORCE, REPLY_UNKNOWN, FINDING_STATUS_NEWS);
		return;
	}
	a->status = slot->newer_status;
	a->status_from_s = slot->newer_iat_s;
	a->status_until_s = 0;
	check_force(a);
}

/*
 * Do our data reach what was asked? A past date needs fresh data too: annulments reach back. Old data know
 * what was recorded before the second they were made in.
 */
static void
check_age(struct answer *a, const struct question *q, struct published *published)
{
	const enum finding trouble = published_trouble(published, q->now_s);
	const struct snapshot *s = published_snapshot(published);

	if (s != NULL && (trouble == FINDING_STATUS_STALE || trouble == FINDING_TRUST_EXPIRED) &&
	    q->known_given && q->known_s < s->iat_s)
		answer_reply(a, PART_STATUS_AGE, REPLY_YES, FINDING_NONE);
	else
		answer_reply(a, PART_STATUS_AGE,
		    trouble == FINDING_NONE ? REPLY_YES : REPLY_UNKNOWN, trouble);
}

/* Nobody knows yet what holds on a later date, or what will be known then. A day begins to be known. */
static bool
asks_the_future(const struct answer *a, const struct question *q)
{
	return (q->at_given && a->asked_from_s > a->now_s) ||
	    (q->known_given &&
		(a->asked_from_s > q->known_s || civil_start_s(civil_of(q->known_s)) > a->now_s));
}

void
standing_check(struct answer *a, const struct question *q, struct published *published,
    const struct published_slot *slot, const struct live *live, const struct claims *claims)
{
	const struct snapshot *s = published_snapshot(published);
	const struct history_entry *newer = NULL;
	bool first = true;

	check_age(a, q, published);
	if (s == NULL || !slot->read) {
		answer_reply(a, PART_IN_FORCE, REPLY_UNKNOWN, FINDING_REGISTRY_MISSING);
		return;
	}
	a->data_iat_s = s->iat_s;
	a->data_exp_s = published_good_until_s(published);
	a->data_seq = s->seq;
	a->unwitnessed = !published_witnessed(published);
	if (a->parts[PART_REGISTERED].reply != REPLY_YES) {
		answer_reply(a, PART_IN_FORCE, REPLY_UNKNOWN, a->parts[PART_REGISTERED].finding);
		return;
	}
	move_present(a, q, s->iat_s);
	const struct history_slot at = { claims->list, claims->idx };
	const struct history_order *order =
	    history_find_order(slot->orders, slot->n_orders, at, a->asked_from_s, known_s(q));
	a->end_s = history_end(order, claims->exp_s);
	if (order != NULL && a->end_s > claims->exp_s) {
		const size_t n =
		    order->order.len < sizeof a->order - 1 ? order->order.len : sizeof a->order - 1;
		memcpy(a->order, order->order.ptr, n);
	}
	a->status_read = true;
	worsen(a, q, slot->history.entries, slot->history.n_entries, &first);
	const enum status snapshot_status = a->status;
	if (live != NULL) {
		const size_t n = live->entries(live->ctx, claims->list, claims->idx, &newer);
		if (n > 0)
			worsen(a, q, newer, n, &first);
		a->live = a->status != snapshot_status;
	}
	check_force(a);
	if (a->parts[PART_STATUS_AGE].reply != REPLY_YES)
		answer_reply(a, PART_IN_FORCE, REPLY_UNKNOWN, a->parts[PART_STATUS_AGE].finding);
	check_token(a, q, slot);
	if (asks_the_future(a, q))
		answer_reply(a, PART_IN_FORCE, REPLY_UNKNOWN, FINDING_DATE_AFTER_DATA);
}

#include "issuer/clock.h"

#define PAUSES 32      /* the last takes in what comes after it */
#define DAYS_MOST 3660 /* counted at most: ten years */

/* Day numbers on which it stood still. */
struct pauses {
	int64_t from[PAUSES], to[PAUSES];
	size_t n;
};

static bool
waits_for_report(const struct case_state *s)
{
	return s->base == CASE_SCHEDULED || s->base == CASE_INSPECTED_ONCE;
}

static void
add_pause(struct pauses *p, int64_t from, int64_t to)
{
	if (p->n > 0 && (p->n == PAUSES || from <= p->to[p->n - 1] + 1)) {
		p->to[p->n - 1] = to;
		return;
	}
	p->from[p->n] = from;
	p->to[p->n++] = to;
}

static bool
is_paused(const struct pauses *p, int64_t day)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->from[i] <= day && day <= p->to[i])
			return true;
	return false;
}

static int64_t
day_of(int64_t t_s)
{
	return civil_day_number(civil_of(t_s));
}

/* From each order of a visit to the act that ends the waiting, both days included. */
static void
find_pauses(struct pauses *out, const struct judge *j)
{
	struct case_state s;

	*out = (struct pauses){ .n = 0 };
	for (size_t i = 0; i < j->n_chain; i++) {
		int64_t until_s = i + 1 < j->n_chain ? j->chain[i + 1].recorded_s : j->now_s;
		case_fold(&s, j->chain, i + 1, j->chain[i].recorded_s);
		if (waits_for_report(&s))
			add_pause(out, day_of(j->chain[i].recorded_s), day_of(until_s));
	}
}

/* What ended it; NULL: it runs. */
static const struct chain_entry *
end_of(const struct case_state *s)
{
	return s->decision != NULL ? s->decision_approval : s->terminate_approval;
}

/* Accepted by silence it is at the end of a day, which is that day's. */
static struct civil_date
accepted_on(const struct case_state *s)
{
	return civil_of(s->accepted_s - (s->accept == NULL));
}

static bool
runs(const struct case_state *s)
{
	return s->accepted_s != 0 && s->retract == NULL;
}

bool
clock_decision(struct clock_decision *out, const struct judge *j, const struct calendar *calendar)
{
	const struct case_state *s = j->dossier;
	struct pauses pauses;

	*out = (struct clock_decision){ .allowed = CLOCK_DAYS_TO_DECIDE +
		    (s->prolong != NULL ? CLOCK_DAYS_PROLONGED : 0) };
	if (!runs(s))
		return false;
	find_pauses(&pauses, j);
	out->stopped = end_of(s) != NULL;
	out->stands_still = !out->stopped && waits_for_report(s);
	const int64_t today = day_of(out->stopped ? end_of(s)->recorded_s : j->now_s);
	struct civil_date day = accepted_on(s);
	unsigned counted = 0;
	for (int i = 0; i < DAYS_MOST; i++) {
		day = civil_add_days(day, 1);
		const int64_t number = civil_day_number(day);
		if (number > today && counted >= out->allowed)
			break;
		out->guessed = out->guessed || !calendar_knows(calendar, day.year);
		if (!calendar_is_working(calendar, day) || is_paused(&pauses, number))
			continue;
		if (++counted == out->allowed)
			out->due = day;
		if (number <= today)
			out->used = counted;
	}
	return true;
}

static int64_t
end_of_day_s(struct civil_date day)
{
	return civil_start_s(civil_add_days(day, 1)) - 1;
}

int64_t
clock_due_s(const struct judge *j, const struct calendar *calendar)
{
	const struct case_state *s = j->dossier;
	struct clock_decision clock;

	switch (judge_next(j)) {
	case ACT_ACCEPT:
	case ACT_AMEND:
		return s->turns_s - 1;
	case ACT_INSPECT:
		return end_of_day_s(civil_of(s->schedule->body.schedule.visit_s));
	case ACT_DELIVER:
		return case_term_s(s->decision_approval->recorded_s, CLOCK_DAYS_TO_HAND_OUT) - 1;
	case ACT_ISSUE:
		if (s->decision_approval != NULL)
			return case_term_s(
				   s->decision_approval->recorded_s, CLOCK_DAYS_TO_HAND_OUT) -
			    1;
		break;
	case ACT_EXAMINE:
	case ACT_SCHEDULE:
	case ACT_DECIDE:
		break;
	default:
		return 0;
	}
	return clock_decision(&clock, j, calendar) && !clock.stopped ? end_of_day_s(clock.due) : 0;
}

/*
 * The clocks of a case, for officers to see: by when what it waits for should be done. Deciding takes 20
 * working days from the acceptance, 10 more if prolonged; days on which a visit was ordered and its report
 * not signed do not count. Overdue clocks change nothing by themselves.
 */
#ifndef ISSUER_CLOCK_H
#define ISSUER_CLOCK_H

#include "issuer/calendar.h"
#include "registry/judge.h"

#define CLOCK_DAYS_TO_DECIDE 20   /* working days */
#define CLOCK_DAYS_PROLONGED 10   /* working days more */
#define CLOCK_DAYS_TO_HAND_OUT 10 /* days of the calendar, from the decision */

struct clock_decision {
	unsigned allowed, used; /* working days; used: up to the end of today, or of the decision */
	struct civil_date
	    due;           /* the last of them; while it stands still, as if it went on tomorrow */
	bool stands_still; /* a visit is ordered */
	bool stopped;      /* decided, or the review terminated */
	bool guessed;      /* holidays of a year in it are not known */
};

/* The clock of the decision, of the case that `j` looks at; false: none runs, as before the acceptance. */
bool clock_decision(
    struct clock_decision *out, const struct judge *j, const struct calendar *calendar);

/*
 * By when the case should have what judge_next() says it waits for: the last second; 0: no such day.
 * Of an inspection it is the day of the visit.
 */
int64_t clock_due_s(const struct judge *j, const struct calendar *calendar);

#endif

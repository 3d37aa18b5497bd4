/* Two clocks to the second: in force when, as known when; and how far the data reach. */
#include "tests/test.h"
#include "tests/verifier/asked.h"

#define DAY(n) FIXTURE_DAY_S(n)
#define MIDNIGHT(n) (DAY(n) - 9 * 3600) /* 00:00 +08:00 of that day */

struct row {
	const char *what;
	int64_t at_s;
	bool whole_day;
	int64_t known_s; /* 0: now */
	enum verdict verdict;
	enum finding reason;
};

static void
ask_rows(
    const struct fixture *f, int64_t now_s, const struct paper *p, const struct row *rows, size_t n)
{
	struct published *published = asked_open(f, now_s);

	for (size_t i = 0; i < n; i++) {
		const struct question q = { .now_s = now_s,
			.at_given = true,
			.at_s = rows[i].at_s,
			.at_whole_day = rows[i].whole_day,
			.known_given = rows[i].known_s != 0,
			.known_s = rows[i].known_s };
		const struct answer a = asked(published, &q, buf_span(&p->code));
		asked_is(&a, rows[i].verdict, rows[i].reason, rows[i].what);
	}
	published_close(published);
}

/* Issued on day 1, suspended from 09:00 of day 2, lifted from 09:00 of day 4, each recorded ten minutes later. */
static struct paper *
suspended_and_lifted(struct fixture *f)
{
	fixture_open(f);
	struct paper *p = fixture_issue(f, DAY(1));
	fixture_happens(f, p, STATUS_SUSPENDED, DAY(2), HISTORY_OPEN, DAY(2) + 600);
	fixture_happens(f, p, STATUS_ACTIVE, DAY(4), HISTORY_OPEN, DAY(4) + 600);
	fixture_publish(f, DAY(5));
	return p;
}

static void
validity_and_suspension_begin_and_end_on_their_second(void **state)
{
	static const struct row rows[] = {
		{ "a second before issue", DAY(1) - 1, false, 0, VERDICT_REJECTED,
		    FINDING_DATE_NOT_YET },
		{ "the second of issue", DAY(1), false, 0, VERDICT_VALID, FINDING_NONE },
		{ "the day before issue", MIDNIGHT(0), true, 0, VERDICT_REJECTED,
		    FINDING_DATE_NOT_YET },
		{ "the day of issue counts whole", MIDNIGHT(1), true, 0, VERDICT_VALID,
		    FINDING_NONE },
		{ "a second before the suspension", DAY(2) - 1, false, 0, VERDICT_VALID,
		    FINDING_NONE },
		{ "its first second", DAY(2), false, 0, VERDICT_REJECTED,
		    FINDING_STATUS_SUSPENDED },
		{ "the day it begins", MIDNIGHT(2), true, 0, VERDICT_REJECTED,
		    FINDING_STATUS_SUSPENDED },
		{ "its last second", DAY(4) - 1, false, 0, VERDICT_REJECTED,
		    FINDING_STATUS_SUSPENDED },
		{ "the second of the lifting", DAY(4), false, 0, VERDICT_VALID, FINDING_NONE },
		{ "the day of the lifting", MIDNIGHT(4), true, 0, VERDICT_REJECTED,
		    FINDING_STATUS_SUSPENDED },
		{ "the day after", MIDNIGHT(5), true, 0, VERDICT_VALID, FINDING_NONE },
		{ "now", DAY(5) + 60, false, 0, VERDICT_VALID, FINDING_NONE },
		{ "in a second", DAY(5) + 61, false, 0, VERDICT_UNDETERMINED,
		    FINDING_DATE_AFTER_DATA },
		{ "tomorrow", MIDNIGHT(6), true, 0, VERDICT_UNDETERMINED, FINDING_DATE_AFTER_DATA },
	};
	struct fixture f;
	struct paper *p = suspended_and_lifted(&f);
	(void)state;

	ask_rows(&f, DAY(5) + 60, p, rows, COUNT_OF(rows));
	fixture_close(&f);
}

static void
what_was_known_is_what_was_recorded_by_then(void **state)
{
	static const struct row rows[] = {
		{ "a second before the suspension was recorded", DAY(2), false, DAY(2) + 599,
		    VERDICT_VALID, FINDING_NONE },
		{ "the second it was", DAY(2), false, DAY(2) + 600, VERDICT_REJECTED,
		    FINDING_STATUS_SUSPENDED },
		{ "a second before the lifting was recorded", DAY(4), false, DAY(4) + 599,
		    VERDICT_REJECTED, FINDING_STATUS_SUSPENDED },
		{ "the second it was", DAY(4), false, DAY(4) + 600, VERDICT_VALID, FINDING_NONE },
		{ "of a later time than what is known", DAY(4), false, DAY(3), VERDICT_UNDETERMINED,
		    FINDING_DATE_AFTER_DATA },
	};
	struct fixture f;
	struct paper *p = suspended_and_lifted(&f);
	(void)state;

	ask_rows(&f, DAY(5) + 60, p, rows, COUNT_OF(rows));
	fixture_close(&f);
}

static void
old_data_answer_only_what_was_known_when_they_were_made(void **state)
{
	static const struct row rows[] = {
		{ "a past date needs fresh data", DAY(4), false, 0, VERDICT_UNDETERMINED,
		    FINDING_STATUS_STALE },
		{ "known before they were made", DAY(4), false, DAY(5) - 1, VERDICT_VALID,
		    FINDING_NONE },
		{ "a second later", DAY(4), false, DAY(5), VERDICT_UNDETERMINED,
		    FINDING_STATUS_STALE },
		{ "a suspension of then", DAY(3), false, DAY(5) - 1, VERDICT_REJECTED,
		    FINDING_STATUS_SUSPENDED },
	};
	struct fixture f;
	struct paper *p = suspended_and_lifted(&f);
	(void)state;

	asked_now(&f, buf_span(&p->pdf), DAY(12) - 1, VERDICT_VALID, FINDING_NONE,
	    "a week old, less a second");
	asked_now(&f, buf_span(&p->pdf), DAY(12), VERDICT_UNDETERMINED, FINDING_STATUS_STALE,
	    "a week old");
	ask_rows(&f, DAY(13), p, rows, COUNT_OF(rows));

	const struct question q = { .now_s = DAY(13) };
	const struct answer a = asked_once(&f, &q, buf_span(&p->pdf));
	assert_true(a.status_read && a.status == STATUS_ACTIVE); /* "as of then it was in force" */
	fixture_close(&f);
}

static void
a_certificate_ends_with_its_last_day(void **state)
{
	static const struct row rows[] = {
		{ "the last second", MIDNIGHT(4) - 1, false, 0, VERDICT_VALID, FINDING_NONE },
		{ "the next", MIDNIGHT(4), false, 0, VERDICT_REJECTED, FINDING_DATE_EXPIRED },
		{ "the last day", MIDNIGHT(3), true, 0, VERDICT_VALID, FINDING_NONE },
		{ "the day after", MIDNIGHT(4), true, 0, VERDICT_REJECTED, FINDING_DATE_EXPIRED },
	};
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(1));
	p->claims.exp_s = MIDNIGHT(4);
	fixture_sign_again(&f, p, BUREAU_CREDENTIAL);
	fixture_publish(&f, DAY(5));
	ask_rows(&f, DAY(5) + 60, p, rows, COUNT_OF(rows));
	const struct question existing = { .now_s = DAY(5) + 60, .existing = true };
	const struct answer a = asked_once(&f, &existing, buf_span(&p->code));
	asked_is(&a, VERDICT_VALID, FINDING_NONE, "work under way may be finished");
	fixture_close(&f);
}

static void
without_data_nothing_is_told_and_nobody_blamed(void **state)
{
	struct fixture f;
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(1));
	asked_now(&f, buf_span(&p->pdf), DAY(2), VERDICT_UNDETERMINED, FINDING_STATUS_MISSING,
	    "no snapshot");
	fixture_publish_as(&f, DAY(2), 1, 0);
	asked_now(&f, buf_span(&p->code), DAY(2), VERDICT_UNDETERMINED, FINDING_STATUS_NO_AUDITOR,
	    "a snapshot that no auditor signed");
	fixture_publish(&f, DAY(2));
	fixture_publish(&f, BUREAU_EXP_S - 60);
	asked_now(&f, buf_span(&p->code), BUREAU_EXP_S - 1, VERDICT_VALID, FINDING_NONE,
	    "the bundle's last second");
	asked_now(&f, buf_span(&p->code), BUREAU_EXP_S, VERDICT_UNDETERMINED, FINDING_TRUST_EXPIRED,
	    "the bundle's end");
	fixture_remove(&f, "public/v1/trust-bundle");
	asked_now(&f, buf_span(&p->code), DAY(2), VERDICT_UNDETERMINED, FINDING_KEY_UNKNOWN_HERE,
	    "no bundle");
	fixture_close(&f);
}

static void
a_token_only_worsens(void **state)
{
	struct fixture f;
	struct paper *p = suspended_and_lifted(&f);
	(void)state;

	fixture_publish_token(&f, DAY(3)); /* older than the snapshot: suspended */
	asked_now(
	    &f, buf_span(&p->pdf), DAY(5) + 60, VERDICT_VALID, FINDING_NONE, "an older token");
	fixture_happens(&f, p, STATUS_REVOKED, DAY(5) + 100, HISTORY_OPEN, DAY(5) + 100);
	fixture_publish_token(&f, DAY(5) + 200);
	asked_now(&f, buf_span(&p->pdf), DAY(5) + 260, VERDICT_REJECTED, FINDING_STATUS_REVOKED,
	    "a newer token that revokes");
	fixture_close(&f);

	p = suspended_and_lifted(&f);
	fixture_publish_as(&f, DAY(3), 1, 1);
	fixture_publish_token(&f, DAY(5));
	asked_now(&f, buf_span(&p->pdf), DAY(5) + 60, VERDICT_REJECTED, FINDING_STATUS_SUSPENDED,
	    "a newer token that lifts: good news are the snapshot's");
	fixture_close(&f);
}

/* The register's own entries, as the daemon beside it holds them. */
static size_t
one_entry(void *ctx, uint16_t list, uint16_t idx, const struct history_entry **out)
{
	(void)list;
	(void)idx;
	*out = ctx;
	return 1;
}

static void
the_register_beside_the_daemon_only_worsens(void **state)
{
	struct fixture f;
	struct paper *p = suspended_and_lifted(&f);
	struct published *published = asked_open(&f, DAY(5) + 60);
	struct history_entry entry = { .status = STATUS_SUSPENDED,
		.from_s = DAY(5) + 30,
		.until_s = HISTORY_OPEN,
		.recorded_s = DAY(5) + 40 };
	const struct live live = { &entry, one_entry };
	const struct question q = { .now_s = DAY(5) + 60 };
	struct answer a;
	(void)state;

	assert_true(verify(&a, &q, published, &live, buf_span(&p->pdf), NULL));
	asked_is(&a, VERDICT_REJECTED, FINDING_STATUS_SUSPENDED, "suspended a moment ago");
	assert_true(a.live);
	published_close(published);

	fixture_publish_as(&f, DAY(3), 1, 1); /* the suspension alone */
	published = asked_open(&f, DAY(5) + 60);
	entry.status = STATUS_ACTIVE;
	assert_true(verify(&a, &q, published, &live, buf_span(&p->pdf), NULL));
	asked_is(&a, VERDICT_REJECTED, FINDING_STATUS_SUSPENDED, "lifted a moment ago");
	published_close(published);
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(validity_and_suspension_begin_and_end_on_their_second),
		cmocka_unit_test(what_was_known_is_what_was_recorded_by_then),
		cmocka_unit_test(old_data_answer_only_what_was_known_when_they_were_made),
		cmocka_unit_test(a_certificate_ends_with_its_last_day),
		cmocka_unit_test(without_data_nothing_is_told_and_nobody_blamed),
		cmocka_unit_test(a_token_only_worsens),
		cmocka_unit_test(the_register_beside_the_daemon_only_worsens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "issuer/validity.h"

#include "core/civil.h"
#include "tests/issuer/workshop.h"

static const struct workshop_wish star = { .example = "star-bridge" };

static struct validity_answer
ask(struct workshop *w, const char *number, int64_t on_s, int64_t known_s)
{
	struct validity v;

	REQUIRE(validity_load(&v, w->bureau, span_text(number), known_s, &err));
	struct validity_answer answer = validity_ask(&v, on_s);
	answer.entry = NULL; /* it was borrowed */
	validity_free(&v);
	return answer;
}

static void
check(struct workshop *w, const char *number, int64_t on_s, int64_t known_s,
    enum validity_state state, const char *row)
{
	struct validity_answer got = ask(w, number, on_s, known_s);
	if (got.state != state)
		fail_msg("%s: %s", row, validity_words(&got, LANG_EN));
}

static void
both_clocks_are_asked(void **state)
{
	struct workshop w;
	char number[NUMBER_SHOWN_BYTES];

	(void)state;
	workshop_open(&w, "standard");
	workshop_issue(number, &w, &star);
	const int64_t issued_s = w.now_s;
	w.now_s = civil_start_s(civil_add_days(civil_of(w.now_s), 10)) + 3600;
	const int64_t suspended_from_s = civil_start_s(civil_of(w.now_s));
	workshop_sanction(&w, number, ACT_SUSPEND);
	const int64_t suspended_s = w.now_s;
	w.now_s += 5 * CIVIL_DAY_S;
	workshop_sanction(&w, number, ACT_LIFT);
	const int64_t lifted_s = w.now_s;
	w.now_s += 5 * CIVIL_DAY_S;
	workshop_sanction(&w, number, ACT_REVOKE);
	const int64_t now_s = w.now_s;

	check(&w, number, issued_s, WORKSHOP_NOW_S, VALIDITY_UNKNOWN, "before it was made");
	check(&w, number, WORKSHOP_NOW_S, now_s, VALIDITY_NOT_YET, "before its first day");
	check(&w, number, issued_s, now_s, VALIDITY_IN_FORCE, "when it was new");
	check(&w, number, suspended_from_s, issued_s, VALIDITY_IN_FORCE,
	    "the suspended day, as known before");
	check(&w, number, suspended_from_s, now_s, VALIDITY_SUSPENDED,
	    "the first suspended second, as known now");
	check(&w, number, suspended_from_s - 1, now_s, VALIDITY_IN_FORCE, "the second before");
	check(&w, number, now_s, suspended_s, VALIDITY_SUSPENDED, "today, as known when suspended");
	check(&w, number, now_s, lifted_s, VALIDITY_IN_FORCE, "today, as known when lifted");
	check(&w, number, now_s, now_s, VALIDITY_REVOKED, "today");
	check(&w, number, now_s + 20 * 365 * CIVIL_DAY_S, lifted_s, VALIDITY_EXPIRED, "long after");
	check(&w, number, now_s + 20 * 365 * CIVIL_DAY_S, now_s, VALIDITY_REVOKED,
	    "revoked stays revoked");
	workshop_close(&w);
}

static void
what_the_holder_may_do_follows_from_the_state(void **state)
{
	struct workshop w;
	char number[NUMBER_SHOWN_BYTES];
	struct validity_answer got;

	(void)state;
	workshop_open(&w, "standard");
	workshop_issue(number, &w, &star);
	got = ask(&w, number, w.now_s, w.now_s);
	assert_int_equal(got.contracts, WORK_YES);
	assert_int_equal(got.existing, WORK_YES);
	got = ask(&w, number, w.now_s + 10 * 365 * CIVIL_DAY_S, w.now_s);
	assert_int_equal(got.contracts, WORK_NO);
	assert_int_equal(got.existing, WORK_YES);
	w.now_s += CIVIL_DAY_S;
	workshop_sanction(&w, number, ACT_SUSPEND);
	got = ask(&w, number, w.now_s, w.now_s);
	assert_int_equal(got.contracts, WORK_NO);
	assert_int_equal(got.existing, WORK_SUPERVISED);
	workshop_sanction(&w, number, ACT_REVOKE);
	got = ask(&w, number, w.now_s, w.now_s);
	assert_int_equal(got.contracts, WORK_NO);
	assert_int_equal(got.existing, WORK_NO);
	workshop_close(&w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_clocks_are_asked),
		cmocka_unit_test(what_the_holder_may_do_follows_from_the_state),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

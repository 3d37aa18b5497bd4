#include "core/civil.h"
#include "registry/licence.h"
#include "tests/registry/road.h"
#include "tests/test.h"

#include <stdlib.h>

static struct bureau *bureau;

static int
open_bureau(void **state)
{
	(void)state;
	bureau = bureau_new("standard");
	return 0;
}

static int
close_bureau(void **state)
{
	(void)state;
	bureau_free(bureau);
	return 0;
}

static int64_t
day(int year, int month, int d)
{
	return civil_start_s((struct civil_date){ year, month, d });
}

static void
sanction(struct road *r, enum act_kind kind)
{
	road_do(r, CHANG, road_sanction(r, kind));
	road_do(r, FU, road_answer(r, ACT_APPROVE));
}

/* The status on a day as known at a moment: folded from what was recorded by then. */
static enum status
status_on(const struct road *r, int64_t on_s, int64_t known_s)
{
	struct road known = *r;
	while (known.n > 0 && known.entries[known.n - 1].recorded_s > known_s)
		known.n--;
	known.now_s = known_s;
	struct licence_state l = road_licence(&known);
	const enum status status = licence_at(&l, 1, on_s).status;
	licence_free(&l);
	return status;
}

static void
a_licence_is_born_active(void **state)
{
	(void)state;
	struct road r;
	road_open_licence(&r, bureau);
	struct licence_state l = road_licence(&r);
	assert_int_equal(l.status, LICENCE_ACTIVE);
	assert_int_equal(l.n_acts, 0);
	assert_null(l.open);
	licence_free(&l);
	road_close(&r);
}

static void
a_proposal_changes_nothing(void **state)
{
	(void)state;
	struct road r;
	road_open_licence(&r, bureau);
	road_do(&r, CHANG, road_sanction(&r, ACT_SUSPEND));
	struct licence_state l = road_licence(&r);
	assert_int_equal(l.status, LICENCE_ACTIVE);
	assert_int_equal(l.n_acts, 0);
	assert_ptr_equal(l.open, &r.entries[0]);
	licence_free(&l);

	r.now_s = chain_not_after_s(&r.entries[0]);
	l = road_licence(&r);
	assert_null(l.open);
	licence_free(&l);
	road_close(&r);
}

static void
a_refused_or_cancelled_proposal_changes_nothing(void **state)
{
	(void)state;
	struct road r;
	road_open_licence(&r, bureau);
	road_do(&r, CHANG, road_sanction(&r, ACT_REVOKE));
	road_do(&r, FU, road_answer(&r, ACT_REFUSE));
	road_do(&r, CHANG, road_sanction(&r, ACT_REVOKE));
	road_do(&r, CHANG, road_answer(&r, ACT_CANCEL));
	struct licence_state l = road_licence(&r);
	assert_int_equal(l.status, LICENCE_ACTIVE);
	assert_int_equal(l.n_acts, 0);
	assert_null(l.open);
	licence_free(&l);
	road_close(&r);
}

static void
suspended_lifted_revoked_on_both_clocks(void **state)
{
	(void)state;
	struct road r;
	road_open_licence(&r, bureau);
	sanction(&r, ACT_SUSPEND); /* from 2026-11-20 */
	int64_t suspended_s = r.entries[1].recorded_s;
	r.now_s = day(2027, 6, 1) + 36000;
	sanction(&r, ACT_LIFT); /* from 2027-06-01 */
	int64_t lifted_s = r.entries[3].recorded_s;
	r.now_s = day(2027, 9, 1) + 36000;
	sanction(&r, ACT_REVOKE); /* from 2027-09-01 */
	int64_t revoked_s = r.entries[5].recorded_s;

	struct licence_state l = road_licence(&r);
	assert_int_equal(l.status, LICENCE_REVOKED);
	assert_int_equal(l.n_acts, 3);
	assert_null(l.suspension);
	const struct {
		const char *question;
		int64_t on_s, known_s;
		enum status status;
	} rows[] = {
		{ "the day before, as known now", day(2026, 11, 19), revoked_s, STATUS_ACTIVE },
		{ "its first moment", day(2026, 11, 20), revoked_s, STATUS_SUSPENDED },
		{ "that day, as known before", day(2026, 11, 20), suspended_s - 1, STATUS_ACTIVE },
		{ "that day, as known then", day(2026, 11, 20), suspended_s, STATUS_SUSPENDED },
		{ "after its end: nothing restores itself", day(2027, 5, 25), lifted_s - 1,
		    STATUS_SUSPENDED },
		{ "before the lifting, known now", day(2027, 5, 25), revoked_s, STATUS_SUSPENDED },
		{ "lifted", day(2027, 6, 1), revoked_s, STATUS_ACTIVE },
		{ "lifted, as known before", day(2027, 6, 1), lifted_s - 1, STATUS_SUSPENDED },
		{ "revoked", day(2027, 9, 1), revoked_s, STATUS_REVOKED },
		{ "revoked, as known before", day(2027, 9, 1), revoked_s - 1, STATUS_ACTIVE },
		{ "for ever", day(2030, 1, 1), revoked_s, STATUS_REVOKED },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(status_on(&r, rows[i].on_s, rows[i].known_s) == rows[i].status,
		    rows[i].question);
	licence_free(&l);
	road_close(&r);
}

static void
the_effective_suspension_is_known_while_it_lasts(void **state)
{
	(void)state;
	struct road r;
	road_open_licence(&r, bureau);
	sanction(&r, ACT_SUSPEND);
	struct licence_state l = road_licence(&r);
	assert_ptr_equal(l.suspension->proposal, &r.entries[0]);
	assert_int_equal(l.status, LICENCE_SUSPENDED);
	licence_free(&l);
	road_close(&r);
}

/* Take what is new into the record. */
static size_t
learn(struct history_entry record[8], size_t n, const struct road *r)
{
	struct history_entry *news;
	size_t fresh;
	struct err err = { 0 };
	struct licence_state l = road_licence(r);

	if (!licence_history_news(&news, &fresh, &l, 1, record, n, r->now_s, &err))
		fail_msg("%s", err.text);
	assert_true(n + fresh <= 8);
	if (fresh > 0)
		memcpy(record + n, news, fresh * sizeof *news);
	free(news);
	licence_free(&l);
	return n + fresh;
}

static void
who_asks_inside_a_suspension_learns_how_long_it_lasts_at_least(void **state)
{
	(void)state;
	struct road r;
	struct history_entry record[8];
	road_open_licence(&r, bureau);
	sanction(&r, ACT_SUSPEND); /* 2026-11-20, six months */
	size_t n = learn(record, 0, &r);
	assert_int_equal(learn(record, n, &r), n); /* told once */

	const struct history_entry *e = history_find(record, n, day(2027, 5, 20) - 1, r.now_s);
	assert_int_equal(e->status, STATUS_SUSPENDED);
	assert_true(e->from_s == day(2026, 11, 20) && e->until_s == day(2027, 5, 20));
	e = history_find(record, n, day(2027, 5, 20), r.now_s); /* its end restores nothing */
	assert_int_equal(e->status, STATUS_SUSPENDED);
	assert_true(e->from_s == day(2026, 11, 20) && e->until_s == HISTORY_OPEN);

	r.now_s = day(2027, 3, 1) + 36000;
	sanction(&r, ACT_LIFT);
	n = learn(record, n, &r);
	e = history_find(record, n, day(2027, 3, 1), r.now_s);
	assert_int_equal(e->status, STATUS_ACTIVE);
	e = history_find(record, n, day(2027, 3, 1) - 1, r.now_s);
	assert_int_equal(e->status, STATUS_SUSPENDED);
	road_close(&r);
}

static void
what_would_be_is_the_licence_with_the_proposal_approved(void **state)
{
	(void)state;
	struct road r;
	struct err err = { 0 };
	struct licence_foresight then;
	road_open_licence(&r, bureau);
	sanction(&r, ACT_SUSPEND);
	sanction(&r, ACT_REVOKE);
	struct licence_state l = road_licence(&r);

	struct act_body body = road_sanction(&r, ACT_CORRECT);
	body.order.ground = span_text("COR-01");
	memcpy(body.order.target, r.entries[2].act.hash, SHA256_BYTES);
	assert_true(licence_foresee(&then, &l.facts, &body, r.now_s, &err));
	assert_int_equal(then.licence.status, LICENCE_SUSPENDED);
	assert_true(then.licence.acts[1].struck);
	licence_foresight_free(&then);
	assert_int_equal(l.status, LICENCE_REVOKED); /* it stays as it is */

	body = road_sanction(&r, ACT_SET_ASIDE);
	body.order.ground = span_text("SET-01");
	memcpy(body.order.target, r.entries[2].act.hash, SHA256_BYTES);
	body.order.status = STATUS_ACTIVE;
	assert_true(licence_foresee(&then, &l.facts, &body, r.now_s, &err));
	assert_int_equal(
	    then.licence.status, LICENCE_SUSPENDED); /* the suspension before it counts */
	licence_foresight_free(&then);
	licence_free(&l);
	road_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_licence_is_born_active),
		cmocka_unit_test(a_proposal_changes_nothing),
		cmocka_unit_test(a_refused_or_cancelled_proposal_changes_nothing),
		cmocka_unit_test(suspended_lifted_revoked_on_both_clocks),
		cmocka_unit_test(the_effective_suspension_is_known_while_it_lasts),
		cmocka_unit_test(who_asks_inside_a_suspension_learns_how_long_it_lasts_at_least),
		cmocka_unit_test(what_would_be_is_the_licence_with_the_proposal_approved),
	};
	return cmocka_run_group_tests(tests, open_bureau, close_bureau);
}

/* What a thief did to licences with versions and orders: no good news rests on it. */
#include "core/civil.h"
#include "credential/parts.h"
#include "credential/status_list.h"
#include "registry/registry_parts.h"
#include "tests/issuer/workshop.h"

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };

/* A bureau with one certificate, ten days old, and a thief who has been there since then or before. */
struct shop {
	struct workshop w;
	char number[NUMBER_SHOWN_BYTES], stored[NUMBER_STORED_BYTES];
	struct history_slot slot[3]; /* of version 1, 2 */
	int64_t granted_s;           /* before the decision */
};

static int
open_shop(void **state)
{
	static struct shop s;
	struct number number;

	s = (struct shop){ 0 };
	workshop_open(&s.w, "standard");
	s.granted_s = s.w.now_s;
	workshop_issue(s.number, &s.w, &STAR_BRIDGE);
	REQUIRE(number_parse(&number, span_text(s.number), &err));
	number_stored(s.stored, &number);
	s.w.now_s += 10 * CIVIL_DAY_S;
	*state = &s;
	return 0;
}

static int
close_shop(void **state)
{
	struct shop *s = *state;
	workshop_close(&s->w);
	return 0;
}

/* Slots by version, as the register has them. */
static bool
note_slot(void *ctx, const struct registry_instrument *i, struct err *err)
{
	struct shop *s = ctx;

	(void)err;
	assert_in_range(i->version, 1, 2);
	s->slot[i->version] = (struct history_slot){ i->list, i->idx };
	return true;
}

static void
reissue(struct shop *s)
{
	struct issue_item made;
	struct issue_wish wish = { .kind = ACT_REISSUE,
		.subject = span_text(s->stored),
		.order = { .ground = span_text("LOS-01"),
		    .document = span_text("示换〔2026〕1号"),
		    .from_s = civil_start_s(civil_of(s->w.now_s)) } };

	REQUIRE(workshop_wish(&s->w, &wish, &err));
	workshop_approve(&s->w, FU, s->stored);
	REQUIRE(workshop_make(&made, &s->w, s->stored, &err));
	s->w.now_s += 60;
}

static void
extend(struct shop *s, int64_t end_s)
{
	struct act_body body = { .kind = ACT_EXTEND,
		.not_after_s = s->w.now_s + CIVIL_DAY_S,
		.sitting = span_text("P-9XQ4-7"),
		.order = { .ground = span_text("EXT-01"),
		    .document = span_text("示延〔2026〕1号"),
		    .from_s = civil_start_s(civil_of(s->w.now_s)),
		    .until_s = end_s } };

	REQUIRE(workshop_try(&s->w, CHANG, s->stored, &body, &err));
	workshop_approve(&s->w, FU, s->stored);
}

/* The roots report it, the register adopts that. */
static void
report(struct shop *s, int thief, int64_t since_s)
{
	struct buf next = BUF_EMPTY;

	workshop_keys_next(
	    &next, &s->w.keys, &(struct workshop_change){ .stolen = thief, .since_s = since_s });
	REQUIRE(workshop_try(&s->w, -1, "register",
	    &(struct act_body){ .kind = ACT_ADOPT, .adopt = { buf_span(&next) } }, &err));
	buf_free(&next);
}

static enum status
shown(struct shop *s, unsigned version)
{
	struct snapshot_parts parts;

	REQUIRE(registry_each_instrument(s->w.bureau->registry, note_slot, s, &err));
	REQUIRE(registry_view_begin(s->w.bureau->registry, &err));
	REQUIRE(registry_list_parts(
	    &parts, s->w.bureau->registry, s->slot[version].list, s->w.now_s, &err));
	registry_view_end(s->w.bureau->registry);
	enum status status = status_list_get(parts.status.ptr, s->slot[version].idx);
	snapshot_parts_free(&parts);
	return status;
}

/* The end that the orders part gives version 1; 0: none. */
static int64_t
ordered_end_s(struct shop *s)
{
	struct buf bytes = BUF_EMPTY;
	struct orders_part *part = NULL;
	size_t n;

	REQUIRE(registry_each_instrument(s->w.bureau->registry, note_slot, s, &err));
	REQUIRE(registry_orders_part(&bytes, s->w.bureau->registry, &err));
	REQUIRE(orders_part_parse(&part, buf_span(&bytes), &err));
	const struct history_order *all = orders_part_all(part, &n);
	const struct history_order *order =
	    history_find_order(all, n, s->slot[1], s->w.now_s, s->w.now_s);
	int64_t end_s = order != NULL ? order->new_end_s : 0;
	orders_part_free(part);
	buf_free(&bytes);
	return end_s;
}

/* ---- */

static void
a_version_the_thief_approved_is_left_out(void **state)
{
	struct shop *s = *state;

	const int64_t since_s = s->w.now_s;
	reissue(s);
	assert_int_equal(shown(s, 2), STATUS_ACTIVE);
	report(s, FU, since_s);
	assert_int_equal(shown(s, 1), STATUS_REPLACED); /* bad news stays */
	assert_int_equal(shown(s, 2), STATUS_UNKNOWN);
}

/* Its own acts are good, but what it follows was never granted by a person we know. */
static void
a_version_rests_on_the_grant_it_follows(void **state)
{
	struct shop *s = *state;

	reissue(s);
	report(s, GUAN, s->granted_s);
	assert_int_equal(shown(s, 1), STATUS_UNKNOWN);
	assert_int_equal(shown(s, 2), STATUS_UNKNOWN);
}

/* A thief's suspension on the same number is no part of what a later version rests on. */
static void
what_came_between_does_not_spoil_a_version(void **state)
{
	struct shop *s = *state;

	const int64_t since_s = s->w.now_s;
	workshop_sanction(&s->w, s->number, ACT_SUSPEND);
	report(s, CHANG, since_s);
	assert_int_equal(shown(s, 1), STATUS_SUSPENDED);
	reissue(s);
	assert_int_equal(shown(s, 2), STATUS_SUSPENDED);
}

static void
an_extension_by_the_thief_is_left_out(void **state)
{
	struct shop *s = *state;
	const int64_t first_s = civil_start_s((struct civil_date){ 2032, 12, 31 }),
		      second_s = civil_start_s((struct civil_date){ 2034, 12, 31 });

	extend(s, first_s);
	const int64_t since_s = s->w.now_s;
	s->w.now_s += CIVIL_DAY_S;
	extend(s, second_s);
	assert_int_equal(ordered_end_s(s), second_s);
	report(s, CHANG, since_s);
	assert_int_equal(ordered_end_s(s), first_s);
}

#define ON(test) cmocka_unit_test_setup_teardown(test, open_shop, close_shop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(a_version_the_thief_approved_is_left_out),
		ON(a_version_rests_on_the_grant_it_follows),
		ON(what_came_between_does_not_spoil_a_version),
		ON(an_extension_by_the_thief_is_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

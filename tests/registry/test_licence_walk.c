/*
 * Every status, verb and ground of templates/licence.json: what the table permits leads where it says, all
 * else is refused with the rule named.
 */
#include "core/civil.h"
#include "tests/printed_field.h"
#include "tests/registry/road.h"
#include "tests/test.h"

#include <stdio.h>

static const enum act_kind verbs[] = { ACT_SUSPEND, ACT_LIFT, ACT_REVOKE, ACT_ANNUL, ACT_WITHDRAW,
	ACT_DEREGISTER, ACT_REISSUE, ACT_REGRADE, ACT_EXTEND, ACT_CORRECT, ACT_SET_ASIDE };

static struct bureau *bureau;
static struct buf next_claims; /* of a certificate that follows */

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
	buf_free(&next_claims);
	return 0;
}

/* ---- bodies ---- */

/* Version 2, or Grade B under another number. */
static struct span
claims_of(const struct road *r, enum act_kind verb)
{
	struct claims c = r->claims;
	struct err err = { 0 };
	static char other[NUMBER_STORED_BYTES];
	struct number number;

	c.iat_s = r->now_s;
	if (verb == ACT_REISSUE) {
		c.version = 2;
		c.nbf_s = claims_from_s(&r->claims);
	} else {
		if (!number_make(
			&number, "JC", 'B', BUREAU_REGION, civil_of(r->now_s).year, 7, &err))
			fail_msg("%s", err.text);
		number_stored(other, &number);
		c.sub = span_text(other);
		c.grade = GRADE_B;
		c.nbf_s = civil_start_s(civil_of(r->now_s)); /* as its order says */
		if (c.nbf_s == c.iat_s)
			c.nbf_s = 0;
		if (c.exp_s <= c.iat_s) /* refused anyhow: nothing is left of its time */
			c.exp_s = c.iat_s + 1;
	}
	buf_free(&next_claims);
	if (!credential_claims_encode(&next_claims, &c, &err))
		fail_msg("%s", err.text);
	return buf_span(&next_claims);
}

static struct body_order
order_of(
    const struct road *r, enum act_kind verb, const char *ground, const struct licence_act *target)
{
	const unsigned has = act_body_order_has(verb);
	const struct civil_date today = civil_of(r->now_s);
	struct body_order b = { .ground = span_text(ground),
		.document = span_text("示例〔2026〕7号") };

	if ((has & ORDER_FROM) != 0)
		b.from_s = civil_start_s(today);
	if ((has & ORDER_UNTIL) != 0)
		b.until_s = civil_start_s(
		    civil_add_months(verb == ACT_EXTEND ? civil_of(r->claims.exp_s) : today, 6));
	if ((has & ORDER_TARGET) != 0 && target != NULL)
		memcpy(b.target, target->proposal->act.hash, SHA256_BYTES);
	return b;
}

static struct act_body
body_of(
    const struct road *r, enum act_kind verb, const char *ground, const struct licence_act *target)
{
	struct act_body body = { .kind = verb,
		.not_after_s = policy_not_after_s(&r->bureau->policy, verb, r->now_s),
		.sitting = span_text(ROAD_SITTING) };

	if (!act_body_makes(verb)) {
		body.order = order_of(r, verb, ground, target);
		return body;
	}
	body.issue.claims = claims_of(r, verb);
	static uint8_t face[PRINTED_FIELD_BYTES];
	body.issue.face = printed_field_only(face, "holder", span_text(ROAD_HOLDER));
	body.issue.template_id = span_text("certificate-1");
	body.issue.order = order_of(r, verb, ground, target);
	return body;
}

/* ---- a licence in each status ---- */

static enum signer
proposer(enum act_kind verb)
{
	return act_body_makes(verb) ? YIN : CHANG;
}

static void
act(struct road *r, enum act_kind verb, const char *ground)
{
	struct licence_state l = road_licence(r);
	road_do(r, proposer(verb), body_of(r, verb, ground, l.n_acts > 0 ? &l.acts[0] : NULL));
	road_do(r, FU, road_answer(r, ACT_APPROVE));
	licence_free(&l);
}

/* Once suspended and lifted, so that there is always something to correct or set aside. */
static void
open_in(struct road *r, enum licence_status status)
{
	static const struct {
		enum licence_status status;
		enum act_kind verb;
		const char *ground;
	} last[] = {
		{ LICENCE_SUSPENDED, ACT_SUSPEND, "SUS-02" },
		{ LICENCE_REVOKED, ACT_REVOKE, "REV-02" },
		{ LICENCE_ANNULLED, ACT_ANNUL, "ANN-03" },
		{ LICENCE_WITHDRAWN, ACT_WITHDRAW, "WDR-01" },
		{ LICENCE_DEREGISTERED, ACT_DEREGISTER, "DER-03" },
	};

	road_open_licence(r, bureau);
	r->claims.iss = span_text(BUREAU_ISS);
	r->claims.sub = span_text(r->number);
	r->claims.holder = span_text(ROAD_HOLDER);
	r->claims.uscc = span_text(ROAD_USCC);
	r->claims.grade = GRADE_A;
	r->claims.scopes = (struct scopes){ { 1, 3 }, 2 };
	r->claims.version = 1;
	if (status == LICENCE_EXPIRED)
		r->claims.exp_s = civil_start_s(civil_add_days(civil_of(r->now_s), 1));
	act(r, ACT_SUSPEND, "SUS-01");
	act(r, ACT_LIFT, "LIF-01");
	for (size_t i = 0; i < COUNT_OF(last); i++)
		if (last[i].status == status)
			act(r, last[i].verb, last[i].ground);
	r->superseded = status == LICENCE_SUPERSEDED;
	if (status == LICENCE_EXPIRED)
		r->now_s = r->claims.exp_s;
}

/* Where a correction of the last act, or of the first suspension, leads from there. */
static enum licence_status
without_last(enum licence_status status)
{
	return status == LICENCE_EXPIRED || status == LICENCE_SUPERSEDED ? status : LICENCE_ACTIVE;
}

static void
permitted(enum licence_status status, const struct ground *ground, const char *row)
{
	struct road r;

	open_in(&r, status);
	struct licence_state before = road_licence(&r);
	const struct licence_act *target = &before.acts[before.n_acts > 2 ? 2 : 0];
	road_do(&r, proposer(ground->verb), body_of(&r, ground->verb, ground->code, target));
	struct licence_state proposed = road_licence(&r);
	CHECK_ROW(proposed.status == status, row);
	road_do(&r, FU, road_answer(&r, ACT_APPROVE));
	struct licence_state after = road_licence(&r);
	const enum licence_status want = ground->to == LICENCE_RECOMPUTED ? without_last(status)
	    : ground->to == LICENCE_SAME || act_body_makes(ground->verb)  ? status
									  : ground->to;
	if (ground->verb == ACT_EXTEND)
		CHECK_ROW(after.status == without_last(status) || status == LICENCE_SUSPENDED ||
			status == LICENCE_EXPIRED,
		    row);
	else
		CHECK_ROW(after.status == want, row);
	CHECK_ROW((after.making != NULL) == act_body_makes(ground->verb), row);
	licence_free(&before);
	licence_free(&proposed);
	licence_free(&after);
	road_close(&r);
}

static void
walk(enum licence_status status, size_t *yes, size_t *no)
{
	struct road r;
	size_t n;
	char row[96];
	const struct ground *grounds = ground_all(&n);

	open_in(&r, status);
	struct licence_state l = road_licence(&r);
	assert_int_equal(l.status, status);
	const struct licence_act *target = &l.acts[l.n_acts > 2 ? 2 : 0];
	for (size_t v = 0; v < COUNT_OF(verbs); v++)
		for (size_t i = 0; i < n; i++) {
			const struct ground *g = &grounds[i];
			snprintf(row, sizeof row, "%s, %s, %s", licence_row(status)->word,
			    act_kind_word(verbs[v]), g->code);
			if (g->verb == verbs[v] && (g->from & 1u << status) != 0) {
				permitted(status, g, row);
				++*yes;
				continue;
			}
			road_refused(&r, proposer(verbs[v]), NULL,
			    body_of(&r, verbs[v], g->code, target),
			    g->verb == verbs[v] ? "LIC-01" : "LIC-02", row);
			++*no;
		}
	licence_free(&l);
	road_close(&r);
}

static void
every_status_verb_and_ground(void **state)
{
	size_t yes = 0, no = 0, n;

	(void)state;
	ground_all(&n);
	for (enum licence_status s = LICENCE_ACTIVE; s < LICENCE_STATUSES; s++)
		walk(s, &yes, &no);
	assert_int_equal(yes + no, (LICENCE_STATUSES - 1) * COUNT_OF(verbs) * n);
	print_message("%zu permitted, %zu refused\n", yes, no);
}

/* ---- what the walk does not reach ---- */

static void
an_extended_licence_is_expired_no_more(void **state)
{
	struct road r;

	(void)state;
	open_in(&r, LICENCE_EXPIRED);
	act(&r, ACT_EXTEND, "EXT-01");
	struct licence_state l = road_licence(&r);
	assert_int_equal(l.status, LICENCE_ACTIVE);
	const int64_t end_s = l.end_s;
	assert_true(end_s > r.claims.exp_s);
	licence_free(&l);
	r.now_s = end_s - 1;
	l = road_licence(&r);
	assert_int_equal(l.status, LICENCE_ACTIVE);
	licence_free(&l);
	r.now_s = end_s;
	l = road_licence(&r);
	assert_int_equal(l.status, LICENCE_EXPIRED);
	licence_free(&l);
	road_close(&r);
}

static void
a_ruling_leaves_what_it_names(void **state)
{
	struct road r;

	(void)state;
	open_in(&r, LICENCE_REVOKED);
	struct licence_state l = road_licence(&r);
	struct act_body body = body_of(&r, ACT_SET_ASIDE, "SET-01", &l.acts[2]);
	body.order.status = STATUS_SUSPENDED;
	road_do(&r, CHANG, body);
	road_do(&r, FU, road_answer(&r, ACT_APPROVE));
	licence_free(&l);
	l = road_licence(&r);
	assert_int_equal(l.status, LICENCE_SUSPENDED);
	licence_free(&l);
	act(&r, ACT_LIFT, "LIF-01");
	road_close(&r);
}

static void
lic_04_what_is_corrected_or_set_aside_must_have_been_done(void **state)
{
	struct road r, fresh;
	struct act_body body;

	(void)state;
	open_in(&r, LICENCE_SUSPENDED);
	struct licence_state l = road_licence(&r);
	body = body_of(&r, ACT_CORRECT, "COR-01", &l.acts[0]);
	body.order.target[0] ^= 1;
	road_refused(&r, CHANG, NULL, body, "LIC-04", "an act that is none");
	body = body_of(&r, ACT_SET_ASIDE, "SET-01", &l.acts[1]);
	road_refused(&r, CHANG, NULL, body, "LIC-04", "a lifting set aside");
	body = body_of(&r, ACT_SET_ASIDE, "SET-01", &l.acts[2]);
	body.order.status = STATUS_SUSPENDED;
	road_refused(&r, CHANG, NULL, body, "LIC-04", "a suspension aside, and yet suspended");
	body = body_of(&r, ACT_CORRECT, "COR-01", &l.acts[2]);
	road_do(&r, CHANG, body);
	road_do(&r, FU, road_answer(&r, ACT_APPROVE));
	body = body_of(&r, ACT_CORRECT, "COR-01", &l.acts[2]);
	road_refused(&r, CHANG, NULL, body, "LIC-04", "corrected twice");
	licence_free(&l);
	road_close(&r);

	road_open_licence(&fresh, bureau);
	const struct chain_entry nothing = { .recorded_s = 0 };
	const struct licence_act none = { .proposal = &nothing };
	body = body_of(&fresh, ACT_CORRECT, "COR-01", &none);
	road_refused(&fresh, CHANG, NULL, body, "LIC-04", "nothing was ever done");
	road_close(&fresh);
}

static void
a_correction_can_be_a_mistake_too(void **state)
{
	struct road r;

	(void)state;
	open_in(&r, LICENCE_REVOKED);
	for (int i = 0; i < 2; i++) {
		struct licence_state l = road_licence(&r);
		road_do(&r, CHANG, body_of(&r, ACT_CORRECT, "COR-01", &l.acts[l.n_acts - 1]));
		road_do(&r, FU, road_answer(&r, ACT_APPROVE));
		licence_free(&l);
		l = road_licence(&r);
		assert_int_equal(l.status, i == 0 ? LICENCE_ACTIVE : LICENCE_REVOKED);
		licence_free(&l);
	}
	road_close(&r);
}

static void
lic_03_an_order_moves_an_end_forward(void **state)
{
	static const struct {
		const char *row;
		int months, days;
		const char *rule;
	} rows[] = {
		{ "not at all", 0, 0, "LIC-03" },
		{ "a day", 0, 1, "" },
		{ "24 months", 24, 0, "" },
		{ "a day more", 24, 1, "LIC-03" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct road r;
		open_in(&r, LICENCE_ACTIVE);
		struct act_body body = body_of(&r, ACT_EXTEND, "EXT-01", NULL);
		body.order.until_s = civil_start_s(civil_add_days(
		    civil_add_months(civil_of(r.claims.exp_s), rows[i].months), rows[i].days));
		if (rows[i].rule[0] != '\0')
			road_refused(&r, CHANG, NULL, body, rows[i].rule, rows[i].row);
		else
			road_do(&r, CHANG, body);
		road_close(&r);
	}
}

/* Between an approval and the certificate another act comes: the certificate is made no more. */
static void
what_is_to_be_made_does_not_hinder_a_revocation(void **state)
{
	struct road r;

	(void)state;
	open_in(&r, LICENCE_ACTIVE);
	act(&r, ACT_REISSUE, "LOS-01");
	act(&r, ACT_REVOKE, "REV-01");
	struct licence_state l = road_licence(&r);
	assert_int_equal(l.status, LICENCE_REVOKED);
	assert_null(l.making);
	licence_free(&l);
	road_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status_verb_and_ground),
		cmocka_unit_test(an_extended_licence_is_expired_no_more),
		cmocka_unit_test(a_ruling_leaves_what_it_names),
		cmocka_unit_test(lic_04_what_is_corrected_or_set_aside_must_have_been_done),
		cmocka_unit_test(a_correction_can_be_a_mistake_too),
		cmocka_unit_test(lic_03_an_order_moves_an_end_forward),
		cmocka_unit_test(what_is_to_be_made_does_not_hinder_a_revocation),
	};
	return cmocka_run_group_tests(tests, open_bureau, close_bureau);
}

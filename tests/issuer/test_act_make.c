#include "issuer/act_make.h"

#include "issuer/dossier.h"
#include "issuer/draft.h"
#include "tests/issuer/workshop.h"

#include <stdlib.h>

static const struct workshop_wish star = { .example = "star-bridge" };

/* The proposal that ends the case's chain, as bytes. */
static void
newest(struct buf *out, struct workshop *w, const char *subject)
{
	struct registry_chain chain;

	REQUIRE(registry_chain(&chain, w->bureau->registry, span_text(subject), &err));
	assert_true(chain.n > 0);
	buf_add_span(out, chain.entries[chain.n - 1].act.bytes);
	registry_chain_free(&chain);
}

/* A sitting with the answer to that proposal, and the proposal as its context. */
static void
prepare_answer(struct sitting *s, struct workshop *w, const char *subject)
{
	struct buf proposal = BUF_EMPTY;
	struct act act;
	struct act_body body = { .kind = ACT_APPROVE };

	*s = (struct sitting){ .bureau = w->bureau, .now_s = w->now_s };
	newest(&proposal, w, subject);
	REQUIRE(act_parse(&act, buf_span(&proposal), &err));
	memcpy(body.answer.proposal, act.hash, sizeof act.hash);
	body.answer.proposal_kind = act.kind;
	REQUIRE(sitting_add(s, span_text(subject), &body, &err));
	REQUIRE(sitting_add_context(s, buf_span(&proposal), &err));
	buf_free(&proposal);
}

static enum case_stage
stage_of(struct workshop *w, const char *subject)
{
	struct registry_case found;
	REQUIRE(registry_find_case(&found, w->bureau->registry, span_text(subject), &err));
	return found.stage;
}

/* export, sign, record: what happens when the key is on another machine. */
static void
record_from_elsewhere(struct workshop *w, const struct sitting *s, enum workshop_officer who)
{
	struct buf file = BUF_EMPTY, answer = BUF_EMPTY;
	struct draft *draft = NULL;
	struct span *acts = NULL;
	size_t n;

	REQUIRE(sitting_export(&file, s, &err));
	REQUIRE(draft_open(&draft, buf_span(&file), &err));
	REQUIRE(draft_sign(&answer, draft, w->keys.officer[who], &err));
	REQUIRE(signed_parse(&acts, &n, buf_span(&answer), &err));
	assert_int_equal(n, s->n_claims);
	struct registry_item item = { .act = acts[0] };
	REQUIRE(registry_append(w->bureau->registry, &item, 1, false, w->now_s, &err));
	if (!item.recorded)
		fail_msg("%s", item.err.text);
	free(acts);
	draft_free(draft);
	buf_free(&answer);
	buf_free(&file);
}

static void
an_act_signed_elsewhere_is_the_act_of_the_local_way(void **state)
{
	struct workshop w;
	(void)state;
	workshop_open(&w, "standard");
	for (size_t elsewhere = 0; elsewhere < 2; elsewhere++) {
		char subject[ACT_SUBJECT_BYTES + 1];
		struct sitting s;
		struct buf act = BUF_EMPTY;
		struct act recorded;

		workshop_case(subject, &w, &star);
		REQUIRE(workshop_propose(&w, subject, &err));
		prepare_answer(&s, &w, subject);
		if (elsewhere) {
			record_from_elsewhere(&w, &s, FU);
		} else {
			struct registry_item item;
			struct buf signed_act = BUF_EMPTY;
			REQUIRE(sitting_record(&item, &signed_act, &s, w.keys.officer[FU], &err));
			assert_true(item.recorded);
			buf_free(&signed_act);
		}
		assert_int_equal(stage_of(&w, subject), CASE_ISSUE_APPROVED);
		newest(&act, &w, subject);
		REQUIRE(act_parse(&recorded, buf_span(&act), &err));
		assert_true(span_equal(recorded.envelope.payload, buf_span(&s.claims[0])));
		buf_free(&act);
		sitting_free(&s);
	}
	workshop_close(&w);
}

/* ---- idempotency ---- */

/* Accept a case under a key; what became of it. */
static struct registry_item
accept(struct workshop *w, const char *subject, const char *key, const char *document)
{
	struct sitting s = { .bureau = w->bureau, .now_s = w->now_s, .idempotency_key = key };
	struct act_body body = { .kind = ACT_ACCEPT,
		.notice = { .document = span_text(document) } };
	struct registry_item item;
	struct buf act = BUF_EMPTY;

	REQUIRE(sitting_add(&s, span_text(subject), &body, &err));
	REQUIRE(sitting_record(&item, &act, &s, w->keys.officer[AN], &err));
	sitting_free(&s);
	buf_free(&act);
	return item;
}

/* A case that is only submitted: the other acts of the road are refused on it. */
static void
submit(struct workshop *w, char subject[ACT_SUBJECT_BYTES + 1], const char *of)
{
	struct dossier d;
	struct act_body body = { .kind = ACT_SUBMIT };

	REQUIRE(dossier_load(&d, w->bureau, span_text(of), w->now_s, &err));
	body.submit.application = d.subject.dossier.submit->body.submit.application;
	REQUIRE(registry_next_case(subject, w->bureau->registry, 2026, &err));
	REQUIRE(workshop_try(w, AN, subject, &body, &err));
	dossier_free(&d);
}

static void
the_same_key_answers_as_the_first_time_and_only_that(void **state)
{
	struct workshop w;
	char first[ACT_SUBJECT_BYTES + 1], subject[ACT_SUBJECT_BYTES + 1];
	struct registry_item item;

	(void)state;
	workshop_open(&w, "standard");
	workshop_case(first, &w, &star);
	submit(&w, subject, first);
	item = accept(&w, subject, "monday", "示受〔2026〕18号");
	assert_true(item.recorded && !item.repeated);
	uint64_t index = item.index;
	item = accept(&w, subject, "monday", "示受〔2026〕18号");
	assert_true(item.recorded && item.repeated);
	assert_int_equal(item.index, index);
	item = accept(&w, subject, "monday", "示受〔2026〕19号");
	assert_false(item.recorded);
	assert_int_equal(strncmp(item.err.text, "ACT-08", 6), 0);
	item = accept(&w, subject, "tuesday", "示受〔2026〕18号");
	assert_false(item.recorded);
	assert_int_equal(strncmp(item.err.text, "ACT-07", 6), 0);
	workshop_close(&w);
}

static void
what_was_recorded_under_a_key_is_recalled_by_its_place(void **state)
{
	struct workshop w;
	char first[ACT_SUBJECT_BYTES + 1], subject[ACT_SUBJECT_BYTES + 1];
	struct chain_entry before;
	struct buf bytes = BUF_EMPTY;
	bool found;

	(void)state;
	workshop_open(&w, "standard");
	workshop_case(first, &w, &star);
	submit(&w, subject, first);
	assert_true(accept(&w, subject, "monday", "示受〔2026〕18号").recorded);

	struct sitting s = { .bureau = w.bureau, .now_s = w.now_s, .idempotency_key = "monday" };
	REQUIRE(sitting_recall(&found, &before, &bytes, &s, &err));
	assert_true(found);
	assert_int_equal(before.act.kind, ACT_ACCEPT);
	assert_true(span_is(before.act.subject, subject));
	buf_free(&bytes);

	struct act_body body = { .kind = ACT_ACCEPT, .notice = { .document = span_text("x") } };
	REQUIRE(sitting_add(&s, span_text(subject), &body, &err));
	REQUIRE(
	    sitting_recall(&found, &before, &bytes, &s, &err)); /* the second place of that key */
	assert_false(found);
	sitting_free(&s);

	s = (struct sitting){ .bureau = w.bureau, .now_s = w.now_s };
	REQUIRE(sitting_recall(&found, &before, &bytes, &s, &err)); /* no key, no memory */
	assert_false(found);
	buf_free(&bytes);
	workshop_close(&w);
}

/* ---- the rest ---- */

static void
nothing_is_recorded_while_a_newer_bundle_waits(void **state)
{
	struct workshop w;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct sitting s;
	struct registry_item item;
	struct buf act = BUF_EMPTY;

	(void)state;
	workshop_open(&w, "standard");
	workshop_case(subject, &w, &star);
	REQUIRE(workshop_propose(&w, subject, &err));
	prepare_answer(&s, &w, subject);
	s.bundle_waiting = true;
	REQUIRE(sitting_record(&item, &act, &s, w.keys.officer[FU], &err));
	assert_false(item.recorded);
	assert_int_equal(strncmp(item.err.text, "ACT-06", 6), 0);
	buf_free(&act);
	sitting_free(&s);
	workshop_close(&w);
}

static void
an_act_prepared_before_another_was_recorded_is_refused(void **state)
{
	struct workshop w;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct sitting s;
	struct registry_item item;
	struct buf act = BUF_EMPTY;

	(void)state;
	workshop_open(&w, "standard");
	workshop_case(subject, &w, &star);
	REQUIRE(workshop_propose(&w, subject, &err));
	prepare_answer(&s, &w, subject);
	workshop_approve(&w, FU, subject);
	REQUIRE(sitting_record(&item, &act, &s, w.keys.officer[FU], &err));
	assert_false(item.recorded);
	assert_int_equal(strncmp(item.err.text, "ACT-05", 6), 0);
	buf_free(&act);
	sitting_free(&s);
	workshop_close(&w);
}

#define BATCH 4

/* A sitting of BATCH acceptances, one of a case that is accepted already. */
static void
accept_batch(struct workshop *w, const char *first, size_t bad)
{
	struct sitting s = { .bureau = w->bureau };
	struct registry_item items[BATCH];
	struct buf acts[BATCH] = { BUF_EMPTY };
	struct act_body body = { .kind = ACT_ACCEPT,
		.notice = { .document = span_text("示受〔2026〕20号") } };
	char subjects[BATCH][ACT_SUBJECT_BYTES + 1];

	for (size_t i = 0; i < BATCH; i++)
		submit(w, subjects[i], first);
	assert_true(accept(w, subjects[bad], NULL, "示受〔2026〕19号").recorded);
	s.now_s = w->now_s;
	for (size_t i = 0; i < BATCH; i++)
		REQUIRE(sitting_add(&s, span_text(subjects[i]), &body, &err));
	REQUIRE(sitting_record(items, acts, &s, w->keys.officer[AN], &err));
	for (size_t i = 0; i < BATCH; i++) {
		assert_int_equal(items[i].recorded, i != bad);
		if (i == bad)
			assert_int_equal(strncmp(items[i].err.text, "ACT-07", 6), 0);
		buf_free(&acts[i]);
	}
	sitting_free(&s);
}

static void
threat_49_each_act_of_a_sitting_is_judged_for_itself(void **state)
{
	struct workshop w;
	char first[ACT_SUBJECT_BYTES + 1];

	(void)state;
	workshop_open(&w, "standard");
	workshop_case(first, &w, &star);
	for (size_t bad = 0; bad < BATCH; bad++)
		accept_batch(&w, first, bad);
	workshop_close(&w);
}

static void
sittings_have_different_ids_of_one_form(void **state)
{
	struct workshop w;
	char a[REGISTRY_SITTING_BYTES], b[REGISTRY_SITTING_BYTES];

	(void)state;
	workshop_open(&w, "standard");
	REQUIRE(sitting_new_id(a, w.bureau, &err));
	for (int i = 0; i < 20; i++) {
		REQUIRE(sitting_new_id(b, w.bureau, &err));
		assert_int_equal(strlen(b), 8);
		assert_int_equal(memcmp(b, "P-", 2), 0);
		assert_int_equal(b[6], '-');
		assert_int_equal(strspn(b + 2, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 4);
		assert_string_not_equal(a, b);
	}
	workshop_close(&w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_act_signed_elsewhere_is_the_act_of_the_local_way),
		cmocka_unit_test(the_same_key_answers_as_the_first_time_and_only_that),
		cmocka_unit_test(what_was_recorded_under_a_key_is_recalled_by_its_place),
		cmocka_unit_test(nothing_is_recorded_while_a_newer_bundle_waits),
		cmocka_unit_test(an_act_prepared_before_another_was_recorded_is_refused),
		cmocka_unit_test(threat_49_each_act_of_a_sitting_is_judged_for_itself),
		cmocka_unit_test(sittings_have_different_ids_of_one_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

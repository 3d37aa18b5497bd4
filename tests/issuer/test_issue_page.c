/* What two officers are about to have printed is what follows from the case. */
#include "core/limits.h"
#include "tests/issuer/workshop.h"

#include <stdio.h>

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };

/* A case with an open proposal to issue. */
struct page {
	struct workshop w;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct registry_chain chain;
	struct act_body *act;    /* of the proposal */
	struct body_issue *body; /* in it, to be spoilt */
};

static int
open_page(void **state)
{
	static struct page p;

	workshop_open(&p.w, "standard");
	workshop_case(p.subject, &p.w, &STAR_BRIDGE);
	REQUIRE(workshop_propose(&p.w, p.subject, &err));
	REQUIRE(registry_chain(&p.chain, p.w.bureau->registry, span_text(p.subject), &err));
	p.act = &p.chain.entries[p.chain.n - 1].body;
	p.body = &p.act->issue;
	*state = &p;
	return 0;
}

static int
close_page(void **state)
{
	struct page *p = *state;

	registry_chain_free(&p->chain);
	workshop_close(&p->w);
	return 0;
}

static bool
check(const struct page *p, struct err *err)
{
	return issue_check_page(p->w.bureau, span_text(p->subject), p->act, p->w.now_s, err);
}

static void
what_was_proposed_here_holds(void **state)
{
	REQUIRE(check(*state, &err));
}

/* Does the second officer's machine take these fields? */
static bool
check_face(const struct page *p, const struct printed_face *face, struct err *err)
{
	const struct span was = p->body->face;
	struct buf map = BUF_EMPTY;

	printed_face_encode(&map, face);
	p->body->face = buf_span(&map);
	bool ok = check(p, err);
	p->body->face = was;
	buf_free(&map);
	return ok;
}

/* One officer writes another text, leaves one out or adds one: the second is told. */
static void
another_printed_text_is_named(void **state)
{
	const struct page *p = *state;
	struct printed_face face;

	REQUIRE(printed_face_parse(&face, p->body->face, &err));
	for (size_t i = 0; i < face.count; i++) {
		const struct printed_field was = face.field[i];
		struct err why = { 0 };
		char name[64];
		face.field[i].text = span_text("B");
		assert_false(check_face(p, &face, &why));
		face.field[i] = was;
		snprintf(
		    name, sizeof name, "(%.*s)", (int)was.name.len, (const char *)was.name.ptr);
		assert_int_equal(why.code, ERR_REFUSED);
		assert_non_null(strstr(why.text, name));
	}
}

static void
a_text_too_few_or_too_many_is_refused(void **state)
{
	const struct page *p = *state;
	struct printed_face face;
	struct err why = { 0 };

	REQUIRE(printed_face_parse(&face, p->body->face, &err));
	face.count--;
	assert_false(check_face(p, &face, &why));
	assert_memory_equal(why.text, "CLM-01", 6);
	face.count++;
	assert_true(face.count < LIMIT_FACE_FIELDS);
	face.field[face.count++] =
	    (struct printed_field){ span_text("zzzzzzzzzzzzzzzzzzzzzzzz"), span_text("B") };
	assert_false(check_face(p, &face, &why));
	assert_non_null(strstr(why.text, "a field too many"));
}

static void
another_layout_is_refused_before_the_second_signature(void **state)
{
	const struct page *p = *state;
	struct err why = { 0 };

	p->body->template_hash[0] ^= 1;
	assert_false(check(p, &why));
	assert_non_null(strstr(why.text, "not the one the officers signed"));
}

#define ON(test) cmocka_unit_test_setup_teardown(test, open_page, close_page)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(what_was_proposed_here_holds),
		ON(another_printed_text_is_named),
		ON(a_text_too_few_or_too_many_is_refused),
		ON(another_layout_is_refused_before_the_second_signature),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/issuer/shop.h"

#include "core/civil.h"
#include "registry/registry_subject.h"

#include <stdio.h>

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };

static int
open_shop(void **state, const char *policy)
{
	static struct shop s;

	workshop_open(&s.w, policy);
	workshop_issue(s.number, &s.w, &STAR_BRIDGE);
	made_stored(s.stored, s.number);
	s.w.now_s += 10 * CIVIL_DAY_S;
	*state = &s;
	return 0;
}

int
shop_standard(void **state)
{
	return open_shop(state, "standard");
}

int
shop_small(void **state)
{
	return open_shop(state, "small");
}

int
shop_close(void **state)
{
	struct shop *s = *state;
	workshop_close(&s->w);
	return 0;
}

static int64_t
today_s(const struct shop *s)
{
	return civil_start_s(civil_of(s->w.now_s));
}

struct issue_wish
shop_wish(const struct shop *s, enum act_kind kind, const char *ground)
{
	return (struct issue_wish){ .kind = kind,
		.subject = span_text(s->stored),
		.order = { .ground = span_text(ground),
		    .document = span_text("示换〔2026〕1号"),
		    .from_s = today_s(s) } };
}

bool
shop_propose(struct shop *s, struct issue_wish wish, const char *paper, struct err *why)
{
	struct defects defects = { 0 };
	struct change *change = NULL;

	if (paper != NULL) {
		REQUIRE(change_parse(&change, &defects, span_text(paper), wish.order.ground,
		    span_text("91999901MADEM00110"), &err));
		assert_int_equal(defects.count, 0);
		wish.change = change;
	}
	bool ok = workshop_wish(&s->w, &wish, why);
	change_free(change);
	return ok;
}

void
shop_approve(struct shop *s)
{
	workshop_approve(&s->w, s->w.small ? BI : FU, s->stored);
}

bool
shop_answers(struct shop *s, const char *subject, enum act_kind kind, struct err *why)
{
	struct registry_chain chain;
	struct act_body body = { .kind = kind };

	REQUIRE(registry_chain(&chain, s->w.bureau->registry, span_text(subject), &err));
	const struct act *last = &chain.entries[chain.n - 1].act;
	memcpy(body.answer.proposal, last->hash, SHA256_BYTES);
	body.answer.proposal_kind = last->kind;
	if (kind == ACT_REFUSE)
		body.answer.reason = span_text("证未遗失");
	registry_chain_free(&chain);
	return workshop_try(&s->w, s->w.small ? BI : FU, subject, &body, why);
}

struct issue_item
shop_make(struct shop *s)
{
	struct issue_item made;
	REQUIRE(workshop_make(&made, &s->w, s->stored, &err));
	s->w.now_s += 60;
	return made;
}

struct issue_item
shop_follow(struct shop *s, enum act_kind kind, const char *ground, const char *paper)
{
	REQUIRE(shop_propose(s, shop_wish(s, kind, ground), paper, &err));
	shop_approve(s);
	return shop_make(s);
}

const char *
shop_second(const struct shop *s)
{
	static char file[NUMBER_FILE_BYTES];
	snprintf(file, sizeof file, "%.24s.v2", s->number);
	return file;
}

struct licence_moment
shop_moment(struct shop *s, const char *stored, unsigned version, int64_t on_s)
{
	struct registry_subject subject = { 0 };
	REQUIRE(registry_subject_load(
	    &subject, s->w.bureau->registry, span_text(stored), s->w.now_s, &err));
	struct licence_moment m = licence_at(&subject.licence, version, on_s);
	registry_subject_free(&subject);
	return m;
}

static bool
add_line(void *ctx, struct span line, struct err *err)
{
	buf_add_span(ctx, line);
	return buf_ok(ctx, err);
}

void
shop_rebuild(struct shop *s)
{
	struct buf before = BUF_EMPTY, after = BUF_EMPTY;

	REQUIRE(registry_dump(s->w.bureau->registry, add_line, &before, &err));
	REQUIRE(registry_rebuild(s->w.bureau->registry, &err));
	REQUIRE(registry_dump(s->w.bureau->registry, add_line, &after, &err));
	assert_true(span_equal(buf_span(&before), buf_span(&after)));
	buf_free(&before);
	buf_free(&after);
}

/*
 * The inbox is exact: over many registers, grown at random by what officers find in it and by what nobody
 * has to do, whatever it shows an officer as to be signed he can sign, and nothing that he could sign is
 * absent but what stands in is_optional().
 */
#include "core/civil.h"
#include "issuer/inbox.h"
#include "issuer/stop.h"
#include "registry/registry_subject.h"
#include "tests/issuer/workshop.h"

#include <stdio.h>
#include <stdlib.h>

#define REGISTERS 6
#define STEPS 80
#define CASES 3
#define SUBJECTS 32

static const char *const examples[] = { "star-bridge", "cloud-sail", "rare-hanzi" };

/* One register, and what was seen on its way. */
struct world {
	struct workshop w;
	uint64_t random;
	char template_case[ACT_SUBJECT_BYTES + 1]; /* its papers are every case's */
	char subjects[SUBJECTS][ACT_SUBJECT_BYTES + 1];
	size_t n_subjects, n_cases;
};

/* How often an officer signed what kind: a test that never comes to it proves nothing of it. */
static size_t signed_kinds[ACT_KIND_COUNT];

static uint64_t
dice(struct world *d, uint64_t sides)
{
	d->random ^= d->random << 13;
	d->random ^= d->random >> 7;
	d->random ^= d->random << 17;
	return d->random % sides;
}

/* ---- officers ---- */

/* NULL: the bureau has no such officer. */
static const struct bundle_key *
entry_of(struct world *d, int who)
{
	const struct trust *trust;

	REQUIRE(bureau_trust(&trust, d->w.bureau, &err));
	return bundle_find_key(
	    trust_bundle(trust), signer_kid(d->w.keys.officer[who]), KEY_USE_OFFICER, NULL);
}

/* ---- acts ---- */

/* The act of this kind in the case whose papers are every case's; its sitting and dates are new. */
static bool
from_template(
    struct registry_chain *chain, const struct act_body **out, struct world *d, enum act_kind kind)
{
	REQUIRE(registry_chain(chain, d->w.bureau->registry, span_text(d->template_case), &err));
	*out = NULL;
	for (size_t i = 0; i < chain->n && *out == NULL; i++)
		if (chain->entries[i].act.kind == kind)
			*out = &chain->entries[i].body;
	return *out != NULL;
}

static bool
sign_statement(struct world *d, int who, const char *subject, enum act_kind kind, struct err *why)
{
	struct registry_chain chain;
	const struct act_body *found;
	const struct act_body receipt = { .kind = kind,
		.notice = { .document = span_text("示达〔2026〕17号") } };
	char sitting[REGISTRY_SITTING_BYTES];
	bool ok = false;

	if (kind == ACT_DELIVER || kind == ACT_FILE)
		return workshop_try(&d->w, who, subject, &receipt, why);
	if (!from_template(&chain, &found, d, kind)) {
		err_set(why, ERR_NOT_FOUND, "the test has no paper for it");
	} else {
		struct act_body body = *found;
		if (kind == ACT_SCHEDULE)
			body.schedule.visit_s =
			    civil_start_s(civil_add_days(civil_of(d->w.now_s), 7));
		if (act_kind_form(kind) == ACT_PROPOSAL) {
			REQUIRE(sitting_new_id(sitting, d->w.bureau, &err));
			body.sitting = span_text(sitting);
			body.not_after_s = d->w.now_s + 10 * CIVIL_DAY_S;
		}
		ok = workshop_try(&d->w, who, subject, &body, why);
	}
	registry_chain_free(&chain);
	return ok;
}

static bool
sign_answer(struct world *d, int who, const char *subject, enum act_kind kind, struct err *why)
{
	struct registry_chain chain;
	struct act_body body = { .kind = kind };

	REQUIRE(registry_chain(&chain, d->w.bureau->registry, span_text(subject), &err));
	assert_true(chain.n > 0);
	const struct act *last = &chain.entries[chain.n - 1].act;
	memcpy(body.answer.proposal, last->hash, SHA256_BYTES);
	body.answer.proposal_kind = last->kind;
	registry_chain_free(&chain);
	if (kind == ACT_REFUSE)
		body.answer.reason = span_text("no");
	return workshop_try(&d->w, who, subject, &body, why);
}

static bool
sign_order(struct world *d, int who, const char *subject, enum act_kind kind, const char *ground,
    struct err *why)
{
	const struct civil_date today = civil_of(d->w.now_s);
	struct act_body body = { .kind = kind };
	char sitting[REGISTRY_SITTING_BYTES];

	REQUIRE(sitting_new_id(sitting, d->w.bureau, &err));
	body.sitting = span_text(sitting);
	body.not_after_s = d->w.now_s + 10 * CIVIL_DAY_S;
	body.order.ground = span_text(ground);
	body.order.document = span_text("示监〔2026〕3号");
	if ((act_body_order_has(kind) & ORDER_FROM) != 0)
		body.order.from_s = civil_start_s(today);
	if (kind == ACT_SUSPEND)
		body.order.until_s = civil_start_s(civil_add_months(today, 6 + (int)dice(d, 7)));
	if (kind == ACT_EXTEND)
		body.order.until_s = civil_start_s(civil_add_months(today, 1 + (int)dice(d, 70)));
	if ((act_body_order_has(kind) & ORDER_TARGET) != 0) {
		struct registry_chain chain;
		REQUIRE(registry_chain(&chain, d->w.bureau->registry, span_text(subject), &err));
		if (chain.n > 0)
			memcpy(body.order.target, chain.entries[dice(d, chain.n)].act.hash,
			    SHA256_BYTES);
		registry_chain_free(&chain);
		body.order.status = dice(d, 2) > 0 ? STATUS_ACTIVE : STATUS_SUSPENDED;
		if (kind == ACT_CORRECT)
			body.order.status = STATUS_ACTIVE;
	}
	return workshop_try(&d->w, who, subject, &body, why);
}

static bool
sign_notice(struct world *d, int who, enum act_kind kind, struct err *why)
{
	struct act_body body = { .kind = kind, .notice = { .reason = span_text("a reason") } };
	char sitting[REGISTRY_SITTING_BYTES];

	if (kind == ACT_RESUME) {
		REQUIRE(sitting_new_id(sitting, d->w.bureau, &err));
		body.sitting = span_text(sitting);
		body.not_after_s = d->w.now_s + 10 * CIVIL_DAY_S;
	}
	return workshop_try(&d->w, who, "register", &body, why);
}

/* ---- the machine's part ---- */

static void
add_subject(struct world *d, const char *subject)
{
	for (size_t i = 0; i < d->n_subjects; i++)
		if (strcmp(d->subjects[i], subject) == 0)
			return;
	assert_true(d->n_subjects < SUBJECTS);
	snprintf(d->subjects[d->n_subjects++], sizeof d->subjects[0], "%s", subject);
}

static bool
on_holding(void *ctx, const struct registry_holding *h, struct err *err)
{
	(void)err;
	add_subject(ctx, h->number);
	return true;
}

/* What is approved is made, as the next command would. */
static void
recover(struct world *d)
{
	struct issue_recovery found;

	REQUIRE(issue_recover(&found, d->w.bureau, ISSUE_WAITS_FOR_AUTHORITY, d->w.now_s, &err));
	if (found.failed > 0)
		fail_msg("half made: %s", found.first.text);
	d->w.now_s += 60;
	REQUIRE(registry_each_holding(d->w.bureau->registry, on_holding, d, &err));
}

/* ---- what the inbox shows can be signed ---- */

static bool
sign_subject(
    struct world *d, int who, const struct inbox_line *line, const char *subject, struct err *why)
{
	switch (line->kind) {
	case ACT_APPROVE:
		return sign_answer(d, who, subject, ACT_APPROVE, why);
	case ACT_RESUME:
		return sign_notice(d, who, ACT_RESUME, why);
	case ACT_ISSUE:
		assert_int_equal(who, d->w.small ? GUAN : YIN);
		return workshop_propose(&d->w, subject, why);
	default:
		return line->ground != NULL
		    ? sign_order(d, who, subject, line->kind, line->ground->code, why)
		    : sign_statement(d, who, subject, line->kind, why);
	}
}

static void
sign_line(struct world *d, int who, const struct inbox_line *line)
{
	struct err why = { 0 };

	for (size_t i = 0; i < line->n_subjects; i++)
		if (!sign_subject(d, who, line, line->subjects[i], &why))
			fail_msg("officer %d, \"%s\" on %s: %s", who, act_kind_word(line->kind),
			    line->subjects[i], why.text);
	signed_kinds[act_kind_place(line->kind)]++;
}

/* A line of this officer's, any. False: he has none. */
static bool
work_off_of(struct world *d, int who)
{
	struct inbox inbox;
	size_t n = 0;

	if (entry_of(d, who) == NULL)
		return false;
	REQUIRE(inbox_load(&inbox, d->w.bureau, entry_of(d, who), d->w.now_s, LANG_EN, &err));
	while (n < inbox.n && inbox.lines[n].group <= INBOX_LOOK)
		n++;
	if (n > 0)
		sign_line(d, who, &inbox.lines[dice(d, n)]);
	inbox_free(&inbox);
	return n > 0;
}

/* The next officer, from any on, who has something to do does it. */
static void
work_off(struct world *d)
{
	const int first = (int)dice(d, WORKSHOP_OFFICERS);

	for (int i = 0; i < WORKSHOP_OFFICERS; i++)
		if (work_off_of(d, (first + i) % WORKSHOP_OFFICERS))
			break;
	recover(d);
}

/* ---- what nobody has to do ---- */

static bool
may(const struct registry_subject *s, enum act_kind kind, const struct bundle_key *key)
{
	struct chain_who who = chain_who_of(key, NULL);
	return judge_may(&s->judge, kind, &who, key, NULL);
}

/* Verbs of free will, and those that something else stands for: the list of what an inbox leaves out. */
static bool
is_optional(const struct registry_subject *s, enum act_kind kind, bool renewed)
{
	switch (kind) {
	case ACT_REFUSE: /* instead of approving */
	case ACT_CANCEL:
	case ACT_SUBMIT: /* applicants bring it */
	case ACT_AMEND:
	case ACT_RETRACT:
	case ACT_ASK: /* instead of accepting */
	case ACT_DECLINE:
	case ACT_RECUSE: /* when there is cause */
	case ACT_TERMINATE:
	case ACT_PROLONG:
	case ACT_FILE:
	case ACT_SUSPEND:
	case ACT_REVOKE:
	case ACT_ANNUL:
	case ACT_WITHDRAW:
	case ACT_REISSUE:
	case ACT_REGRADE:
	case ACT_EXTEND:
	case ACT_CORRECT:
	case ACT_SET_ASIDE:
	case ACT_STOP:
	case ACT_ACCEPT_LOSS: /* after a disaster */
		return true;
	case ACT_DECIDE:   /* a refusal, where the proposal to issue is the grant */
	case ACT_SCHEDULE: /* another day for the visit */
		return judge_next(&s->judge) != kind;
	case ACT_LIFT: /* the window has a month to run */
		return s->licence.suspension->proposal->body.order.until_s - 30 * CIVIL_DAY_S >
		    s->judge.now_s;
	case ACT_DEREGISTER: /* at the holder's request, or of one that was renewed */
		return s->licence.status == LICENCE_ACTIVE ||
		    s->licence.status == LICENCE_SUSPENDED ||
		    (s->licence.status == LICENCE_EXPIRED && renewed);
	default:
		return false;
	}
}

static const struct inbox_line *
find_line(const struct inbox *inbox, const char *subject, enum act_kind kind)
{
	for (size_t i = 0; i < inbox->n && inbox->lines[i].group <= INBOX_LOOK; i++)
		for (size_t k = 0; k < inbox->lines[i].n_subjects; k++)
			if (inbox->lines[i].kind == kind &&
			    strcmp(inbox->lines[i].subjects[k], subject) == 0)
				return &inbox->lines[i];
	return NULL;
}

/* Is an answer waited for, so that any other act would only make the proposal void? */
static bool
waits(const struct registry_subject *s)
{
	const struct chain_entry *last = s->chain.n > 0 ? &s->chain.entries[s->chain.n - 1] : NULL;
	return last != NULL &&
	    ((act_kind_form(last->act.kind) == ACT_PROPOSAL &&
		 s->judge.now_s < chain_not_after_s(last)) ||
		s->licence.making != NULL);
}

/* The same holder's later licence of the same kind and grade. */
static bool
is_renewed(const struct world *d, const char *number)
{
	struct registry_subject s, other;
	bool renewed = false;

	REQUIRE(
	    registry_subject_load(&s, d->w.bureau->registry, span_text(number), d->w.now_s, &err));
	for (size_t i = 0; i < d->n_subjects && !renewed; i++) {
		if (act_subject_of(span_text(d->subjects[i])) != SUBJECT_NUMBER ||
		    memcmp(d->subjects[i], number, 3) != 0)
			continue;
		REQUIRE(registry_subject_load(
		    &other, d->w.bureau->registry, span_text(d->subjects[i]), d->w.now_s, &err));
		renewed = span_equal(s.credential.claims.uscc, other.credential.claims.uscc) &&
		    other.licence.facts.exp_s > s.licence.facts.exp_s;
		registry_subject_free(&other);
	}
	registry_subject_free(&s);
	return renewed;
}

/* What kinds of subject each kind of act is on. */
static bool
fits(enum act_kind kind, const char *subject)
{
	static const unsigned subjects[] = {
#define ON(name, no, word, form, subjects) (subjects),
		ACT_KINDS(ON)
#undef ON
	};
	return (subjects[act_kind_place(kind)] & act_subject_of(span_text(subject))) != 0;
}

static void
check_subject(struct world *d, const char *subject, int who, const struct inbox *inbox)
{
	const struct bundle_key *key = entry_of(d, who);
	struct registry_subject s;

	REQUIRE(
	    registry_subject_load(&s, d->w.bureau->registry, span_text(subject), d->w.now_s, &err));
	const bool renewed = s.judge.licence != NULL && is_renewed(d, subject);
	for (size_t i = 0; i < ACT_KIND_COUNT; i++) {
		const enum act_kind kind = act_kind_at(i);
		if (act_kind_form(kind) == ACT_MACHINE || !fits(kind, subject) ||
		    (waits(&s) && kind != ACT_APPROVE))
			continue;
		const bool shown = find_line(inbox, subject, kind) != NULL;
		if (shown && !may(&s, kind, key))
			fail_msg("officer %d is shown \"%s\" on %s, and may not", who,
			    act_kind_word(kind), subject);
		if (!shown && may(&s, kind, key) && !is_optional(&s, kind, renewed))
			fail_msg("officer %d is not shown \"%s\" on %s, and may", who,
			    act_kind_word(kind), subject);
	}
	registry_subject_free(&s);
}

static void
check_all(struct world *d)
{
	for (int who = 0; who < WORKSHOP_OFFICERS; who++) {
		struct inbox inbox;
		if (entry_of(d, who) == NULL)
			continue;
		REQUIRE(
		    inbox_load(&inbox, d->w.bureau, entry_of(d, who), d->w.now_s, LANG_EN, &err));
		for (size_t i = 0; i < d->n_subjects; i++)
			check_subject(d, d->subjects[i], who, &inbox);
		inbox_free(&inbox);
	}
}

/* ---- what happens ---- */

static void
begin_case(struct world *d)
{
	char subject[ACT_SUBJECT_BYTES + 1];
	struct err why = { 0 };

	if (d->n_cases == CASES)
		return;
	REQUIRE(registry_next_case(subject, d->w.bureau->registry, 2026, &err));
	if (!sign_statement(d, AN, subject, ACT_SUBMIT, &why))
		return; /* a rule of its own keeps this applicant from applying now */
	add_subject(d, subject);
	d->n_cases++;
}

/* Something that nobody has to do, to a licence or to the register; the rules may well refuse it. */
static void
meddle(struct world *d)
{
	static const enum act_kind verbs[] = { ACT_SUSPEND, ACT_SUSPEND, ACT_SUSPEND, ACT_SUSPEND,
		ACT_SUSPEND, ACT_SUSPEND, ACT_SUSPEND, ACT_LIFT, ACT_REVOKE, ACT_ANNUL,
		ACT_WITHDRAW, ACT_DEREGISTER, ACT_EXTEND, ACT_CORRECT, ACT_SET_ASIDE };
	const int supervisor = d->w.small ? GUAN : CHANG;
	const char *subject;
	struct err why = { 0 };
	size_t n;

	if (dice(d, 12) == 0) {
		REQUIRE(sign_notice(d, (int)dice(d, 2) > 0 ? AN : SHI, ACT_STOP, &err));
		return;
	}
	do
		subject = d->subjects[dice(d, d->n_subjects)];
	while (act_subject_of(span_text(subject)) != SUBJECT_NUMBER);
	const enum act_kind verb = verbs[dice(d, sizeof verbs / sizeof verbs[0])];
	const struct ground *grounds = ground_all(&n), *ground;
	do
		ground = &grounds[dice(d, n)];
	while (ground->verb != verb);
	if (sign_order(d, supervisor, subject, verb, ground->code, &why))
		return;
	if (why.code != ERR_REFUSED)
		fail_msg("%s", why.text);
}

static bool
note_open(void *ctx, const struct registry_proposal *p, struct err *err)
{
	(void)err;
	snprintf(ctx, ACT_SUBJECT_BYTES + 1, "%s", p->subject);
	return true;
}

/* Somebody says no, or takes his own back, if there is anything. */
static void
say_no(struct world *d)
{
	char subject[ACT_SUBJECT_BYTES + 1] = "";
	struct err why = { 0 };

	REQUIRE(registry_each_open_proposal(d->w.bureau->registry, note_open, subject, &err));
	if (subject[0] == '\0' || dice(d, 4) > 0)
		return;
	for (int who = 0; who < WORKSHOP_OFFICERS; who++)
		if (entry_of(d, who) != NULL &&
		    sign_answer(d, who, subject, dice(d, 2) > 0 ? ACT_REFUSE : ACT_CANCEL, &why))
			return;
}

static void
let_time_pass(struct world *d)
{
	static const int days[] = { 0, 1, 3, 8, 20, 60, 200, 400 };

	d->w.now_s +=
	    days[dice(d, sizeof days / sizeof days[0])] * CIVIL_DAY_S + (int64_t)dice(d, 86400);
}

static void
live(const char *policy, uint64_t seed)
{
	struct world d = { .random = seed };

	workshop_open(&d.w, policy);
	const struct workshop_wish wish = { .example = examples[seed % 3] };
	workshop_case(d.template_case, &d.w, &wish);
	REQUIRE(workshop_propose(&d.w, d.template_case, &err));
	workshop_approve(&d.w, d.w.small ? BI : FU, d.template_case);
	add_subject(&d, d.template_case);
	add_subject(&d, "register");
	recover(&d);
	for (int step = 0; step < STEPS; step++) {
		switch (dice(&d, 10)) {
		case 0:
			begin_case(&d);
			break;
		case 1:
		case 2:
			meddle(&d);
			break;
		case 3:
			say_no(&d);
			break;
		case 4:
			let_time_pass(&d);
			break;
		default:
			work_off(&d);
		}
		check_all(&d);
	}
	workshop_close(&d.w);
}

static void
what_is_shown_can_be_signed_and_nothing_is_absent(void **state)
{
	/* What must have been signed on the way. */
	static const enum act_kind met[] = { ACT_ACCEPT, ACT_EXAMINE, ACT_INSPECT, ACT_ISSUE,
		ACT_APPROVE, ACT_LIFT, ACT_DEREGISTER, ACT_RESUME };

	(void)state;
	for (uint64_t i = 0; i < REGISTERS; i++)
		live(i % 2 > 0 ? "small" : "standard", 0x9e3779b97f4a7c15u * (i + 1));
	for (size_t i = 0; i < sizeof met / sizeof met[0]; i++)
		if (signed_kinds[act_kind_place(met[i])] == 0)
			fail_msg("\"%s\" was never signed", act_kind_word(met[i]));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_shown_can_be_signed_and_nothing_is_absent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

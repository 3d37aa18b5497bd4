#include "issuer/issue_parts.h"

#include "issuer/claims_make.h"
#include "issuer/face_make.h"
#include "issuer/trial.h"
#include "issuer/words.h"

#include <stdio.h>
#include <stdlib.h>

/* What all proposals of a sitting have in common. Borrowed, but for the arrays: one place for each wish. */
struct desk {
	struct sitting *sitting;
	struct span sitting_id;
	const struct bundle *bundle;
	const struct bundle_issuer *issuer;
	const struct policy *policy;
	const struct pdf_maker *maker;
	char (*numbers)[NUMBER_STORED_BYTES];
	struct history_slot *slots;
};

/* One proposal in the making. */
struct proposal {
	const struct issue_wish *wish; /* borrowed */
	struct issue_source from;
	const struct decision *decision; /* issue: borrowed from the case or the wish */
	const struct template *layout;
	struct face face;
	struct claims claims;
	struct buf claims_bytes, face_bytes;
};

static void
proposal_free(struct proposal *p)
{
	issue_source_free(&p->from);
	face_free(&p->face);
	buf_free(&p->claims_bytes);
	buf_free(&p->face_bytes);
}

/* ---- what it is about ---- */

static bool
load_decision(struct proposal *p, struct err *err)
{
	const struct case_state *state = &p->from.subject.dossier;
	const enum case_stage ready = p->wish->decision != NULL ? CASE_INSPECTED : CASE_GRANTED;

	if (state->stage != ready)
		return err_set(err, ERR_REFUSED,
		    "ACT-07: nothing can be issued: it is %s, and must be %s",
		    case_stage_words(state->stage), case_stage_words(ready));
	p->decision =
	    p->wish->decision != NULL ? p->wish->decision : case_decision(state->decision);
	const struct applied_fault *fault =
	    applied_fault(&p->from.applied, &p->from.about.of, state->submit->recorded_s);
	return fault == NULL || err_set(err, ERR_REFUSED, "CLM-01: %s", fault->en);
}

static bool
load(struct proposal *p, const struct desk *d, struct err *err)
{
	const struct issue_wish *wish = p->wish;
	const enum act_subject on = wish->kind == ACT_ISSUE ? SUBJECT_CASE : SUBJECT_NUMBER;

	if (act_subject_of(wish->subject) != on)
		return err_set(err, ERR_USAGE, "\"%s\" is done to %s", act_kind_word(wish->kind),
		    on == SUBJECT_CASE ? "a case" : "a certificate");
	return issue_source_load(
		   &p->from, d->sitting->bureau, wish->subject, d->sitting->now_s, err) &&
	    (on == SUBJECT_NUMBER || load_decision(p, err));
}

/* The certificate it follows, by an order or by what was applied for; NULL: none. */
static const struct claims *
before_of(const struct proposal *p)
{
	return p->wish->kind == ACT_ISSUE ? p->from.about.of.claims
					  : &p->from.subject.credential.claims;
}

static bool
is_next_version(const struct proposal *p)
{
	return issue_is_next_version(&p->from, p->wish->kind);
}

/* The version after it, then. */
static unsigned
next_version_of(const struct proposal *p)
{
	return p->wish->kind == ACT_ISSUE ? p->from.about.of.next_version
					  : licence_next_version(&p->from.subject.licence);
}

/* ---- its number ---- */

static bool
find_number(const struct proposal *p, const struct desk *d, size_t i, struct err *err)
{
	const char(*taken)[NUMBER_STORED_BYTES] = d->numbers;
	char *number = d->numbers[i];

	if (is_next_version(p)) {
		const struct span sub = before_of(p)->sub;
		snprintf(number, NUMBER_STORED_BYTES, "%.*s", (int)sub.len, (const char *)sub.ptr);
		return true;
	}
	if (p->wish->kind == ACT_REGRADE)
		return issue_new_number(number, d->sitting,
		    span_text(p->from.subject.credential.family), GRADE_B, taken, i, err);
	return issue_new_number(
	    number, d->sitting, p->decision->family, p->decision->grade, taken, i, err);
}

/* ---- what it says ---- */

static void
apply_change(struct claims *c, const struct change *change)
{
	if (change->name_zh.len > 0) {
		c->holder = change->name_zh;
		c->holder_en = change->name_en;
	}
	if (change->scopes.count > 0)
		c->scopes = change->scopes;
}

/* By an order. */
static void
say_ordered(struct proposal *p, struct claims_given *given)
{
	const struct issue_wish *wish = p->wish;

	given->from_s = wish->order.from_s;
	if (wish->kind == ACT_REGRADE)
		claims_regrade(
		    &p->claims, before_of(p), given, GRADE_B, p->from.subject.licence.end_s);
	else
		claims_again(&p->claims, before_of(p), next_version_of(p), given);
	if (wish->change != NULL)
		apply_change(&p->claims, wish->change);
}

/* By what was granted: a renewal begins when the licence before it ends, unless it comes too late. */
static bool
say_granted(struct proposal *p, struct claims_given *given, struct err *err)
{
	const struct issue_source *from = &p->from;

	if (is_next_version(p)) {
		claims_again(&p->claims, before_of(p), next_version_of(p), given);
		p->claims.scopes = p->decision->scopes;
		return true;
	}
	if (from->applied.type == APPLIED_RENEWAL && from->about.of.end_s > given->iat_s)
		given->from_s = from->about.of.end_s;
	return claims_make(&p->claims, p->decision, given, err);
}

static bool
say_claims(struct proposal *p, const struct desk *d, size_t i, struct err *err)
{
	struct claims_given given = { .iss = span_text(d->sitting->bureau->conf.iss),
		.number = span_text(d->numbers[i]),
		.slot = d->slots[i],
		.iat_s = d->sitting->now_s };

	if (p->wish->kind == ACT_ISSUE)
		return say_granted(p, &given, err);
	say_ordered(p, &given);
	return true;
}

static bool
say_face(struct proposal *p, const struct desk *d, struct err *err)
{
	const struct change *change = p->wish->change;
	struct face_source source = { .claims = &p->claims,
		.legal_representative = p->from.legal_representative,
		.address = p->from.address,
		.issuer = d->issuer,
		.test = d->bundle->test,
		.host = d->sitting->bureau->conf.host };

	if (change != NULL && change->legal_representative.len > 0)
		source.legal_representative = change->legal_representative;
	if (change != NULL && change->address.len > 0)
		source.address = change->address;
	return issue_say_versions(&source, &p->from, p->wish->kind, p->wish->order.ground, err) &&
	    face_make(&p->face, &source, err);
}

/* Would the pages come out? Now is the time to know, before two officers sign them. */
static bool
try_pages(struct proposal *p, const struct desk *d, struct err *err)
{
	return bureau_layout(&p->layout, d->sitting->bureau, p->claims.grade, err) &&
	    trial_pages(d->maker, p->layout, &p->face, &p->claims, err);
}

static bool
says(const struct face *face, const struct body_issue *before, const char *name)
{
	const char *now = face_find(face, name);
	return span_equal(span_text(now != NULL ? now : ""), printed_face_text(before->face, name));
}

/* A paper that changes nothing is a mistake of somebody. */
static bool
check_change(const struct proposal *p, struct err *err)
{
	static const char *const names[] = { "holder_zh", "holder_en", "legal_representative",
		"address", "scopes_zh" };
	bool same = p->wish->change != NULL;

	for (size_t i = 0; same && i < sizeof names / sizeof names[0]; i++)
		same = says(&p->face, &p->from.before.body.issue, names[i]);
	return !same ||
	    err_set(err, ERR_REFUSED,
		"ALT-03: the paper changes nothing: the certificate says all of it already");
}

static bool
write_out(struct proposal *p, const struct desk *d, size_t i, struct err *err)
{
	return find_number(p, d, i, err) && say_claims(p, d, i, err) &&
	    credential_claims_encode(&p->claims_bytes, &p->claims, err) && say_face(p, d, err) &&
	    check_change(p, err) && try_pages(p, d, err);
}

static bool
add(struct proposal *p, const struct desk *d, struct err *err)
{
	const struct issue_wish *wish = p->wish;
	struct act_body body = { .kind = wish->kind };

	face_print(&p->face_bytes, &p->face);
	body.issue.claims = buf_span(&p->claims_bytes);
	body.issue.face = buf_span(&p->face_bytes);
	body.issue.template_id = span_text(p->layout->id);
	memcpy(body.issue.template_hash, p->layout->sha256, SHA256_BYTES);
	body.issue.order = wish->order;
	if (p->from.applied.type == APPLIED_RENEWAL || p->from.applied.type == APPLIED_UPGRADE)
		body.issue.supersedes = span_text(p->from.applied.of);
	body.not_after_s = policy_not_after_s(d->policy, wish->kind, d->sitting->now_s);
	body.sitting = d->sitting_id;
	if (wish->decision != NULL) {
		body.issue.has_decision = true;
		body.issue.decision = *wish->decision;
	}
	return buf_ok(&p->face_bytes, err) && sitting_add(d->sitting, wish->subject, &body, err);
}

/* ---- the same again ---- */

/* Does the page say this? What is not wished for it may say as it likes. */
static bool
page_says(const struct body_issue *body, const char *name, struct span wished)
{
	return wished.len == 0 || span_equal(printed_face_text(body->face, name), wished);
}

static bool
is_same_change(const struct body_issue *before, const struct change *change)
{
	struct claims claims;

	if (change == NULL)
		return true;
	return page_says(before, "holder_zh", change->name_zh) &&
	    page_says(before, "holder_en", change->name_en) &&
	    page_says(before, "legal_representative", change->legal_representative) &&
	    page_says(before, "address", change->address) &&
	    (change->scopes.count == 0 ||
		(credential_claims_parse(&claims, before->claims, NULL) &&
		    scopes_equal(&claims.scopes, &change->scopes)));
}

static bool
is_same(const struct act_body *before, const struct issue_wish *wish)
{
	const struct body_order *a = &before->issue.order, *b = &wish->order;

	if (before->kind != wish->kind)
		return false;
	return wish->kind == ACT_ISSUE ||
	    (span_equal(a->ground, b->ground) && span_equal(a->document, b->document) &&
		a->from_s == b->from_s && is_same_change(&before->issue, wish->change));
}

/* Proposed before under the same idempotency key: that again, with its number. */
static bool
add_again(bool *done, const struct desk *d, const struct issue_wish *wish, struct err *err)
{
	struct chain_entry before;
	struct buf bytes = BUF_EMPTY;

	bool ok = sitting_recall(done, &before, &bytes, d->sitting, err);
	if (ok && *done)
		ok = is_same(&before.body, wish)
		    ? sitting_add(d->sitting, wish->subject, &before.body, err)
		    : err_set(err, ERR_CONFLICT,
			  "ACT-08: the idempotency key was used for another act");
	buf_free(&bytes);
	return ok;
}

/* ---- all of them ---- */

static bool
propose(const struct desk *d, const struct issue_wish *wish, size_t i, struct err *err)
{
	struct proposal p = { .wish = wish };
	bool done;

	bool ok = add_again(&done, d, wish, err) &&
	    (done || (load(&p, d, err) && write_out(&p, d, i, err) && add(&p, d, err)));
	proposal_free(&p);
	return ok;
}

static bool
open_desk(struct desk *d, size_t n, struct err *err)
{
	struct bureau *b = d->sitting->bureau;
	const struct trust *trust;

	d->numbers = calloc(n + 1, sizeof *d->numbers);
	d->slots = calloc(n + 1, sizeof *d->slots);
	if (d->numbers == NULL || d->slots == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!issue_new_slots(d->slots, n, d->sitting, err) || !bureau_trust(&trust, b, err) ||
	    !bureau_issuer(&d->issuer, b, err) || !bureau_policy(&d->policy, b, err) ||
	    !bureau_maker(&d->maker, b, err))
		return false;
	d->bundle = trust_bundle(trust);
	return bundle_lists_host(d->bundle, span_text(b->conf.host)) ||
	    err_set(err, ERR_REFUSED, "the trust bundle does not list the host %s", b->conf.host);
}

static bool
propose_all(struct desk *d, const struct issue_wish *wishes, size_t n, issue_watch_fn *watch,
    struct err *err)
{
	char room[WORD_SUBJECT_BYTES];

	if (!open_desk(d, n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!propose(d, &wishes[i], i, err))
			return err_in(err, "%s", word_subject(room, wishes[i].subject));
		if (watch != NULL)
			watch(i + 1, n);
	}
	return true;
}

bool
issue_propose(struct sitting *s, const char *sitting_id, const struct issue_wish *wishes, size_t n,
    issue_watch_fn *watch, struct err *err)
{
	struct desk d = { .sitting = s, .sitting_id = span_text(sitting_id) };

	/* One view, one bundle for all of them. */
	if (!registry_view_begin(s->bureau->registry, err))
		return false;
	bool ok = propose_all(&d, wishes, n, watch, err);
	registry_view_end(s->bureau->registry);
	free(d.numbers);
	free(d.slots);
	return ok;
}

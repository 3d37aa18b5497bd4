#include "issuer/issue_parts.h"

#include "core/civil.h"
#include "issuer/claims_make.h"
#include "issuer/face_make.h"
#include "issuer/random.h"

#include <stdio.h>
#include <stdlib.h>

#define NUMBER_TRIES 4096 /* even when nine of ten numbers of a year are used, one is found */

/* What all proposals of a sitting have in common. Borrowed. */
struct desk {
	struct sitting *sitting;
	struct span sitting_id;
	const struct bundle *bundle;
	const struct bundle_issuer *issuer;
	const struct policy *policy;
	const struct pdf_maker *maker;
};

/* One proposal in the making. */
struct proposal {
	struct issue_case from;
	const struct decision *decision; /* borrowed from the case or the wish */
	struct application *application;
	struct template *layout;
	struct face face;
	char number[NUMBER_STORED_BYTES];
	struct history_slot slot;
	struct claims claims;
	struct buf claims_bytes;
};

static void
proposal_free(struct proposal *p)
{
	issue_case_free(&p->from);
	application_free(p->application);
	template_free(p->layout);
	face_free(&p->face);
	buf_free(&p->claims_bytes);
}

/* ---- what it is about ---- */

static bool
load(struct proposal *p, const struct desk *d, const struct issue_wish *wish, struct err *err)
{
	struct bureau *b = d->sitting->bureau;

	if (!issue_case_load(&p->from, b, wish->subject, d->sitting->now_s, err))
		return false;
	enum case_stage ready = wish->decision != NULL ? CASE_INSPECTED : CASE_GRANTED;
	if (p->from.state.stage != ready)
		return err_set(err, ERR_REFUSED,
		    "ACT-07: nothing can be issued: it is %s, and must be %s",
		    case_stage_words(p->from.state.stage), case_stage_words(ready));
	p->decision =
	    wish->decision != NULL ? wish->decision : case_decision(p->from.state.decision);
	return issue_case_application(&p->application, &p->from, err) &&
	    bureau_template(&p->layout, b, p->decision->grade, err);
}

/* ---- its number ---- */

static bool
draw_number(char out[NUMBER_STORED_BYTES], const struct desk *d, const struct decision *decision,
    struct err *err)
{
	uint64_t random;
	char family[FAMILY_BYTES];
	struct number number;
	int year = civil_of(d->sitting->now_s).year;

	snprintf(family, sizeof family, "%.*s", (int)decision->family.len,
	    (const char *)decision->family.ptr);
	if (!random_bytes((uint8_t *)&random, sizeof random, err) ||
	    !number_make(&number, family, decision->grade == GRADE_A ? 'A' : 'B',
		d->sitting->bureau->conf.region, year, (int)(random % (NUMBER_SERIAL_MAX + 1)),
		err))
		return false;
	number_stored(out, &number);
	return true;
}

/* Is it new in the register and among the first n of this sitting? */
static bool
is_new(bool *out, const struct desk *d, const struct proposal *others, size_t n, const char *number,
    struct err *err)
{
	*out = false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(others[i].number, number) == 0)
			return true;
	return registry_number_free(out, d->sitting->bureau->registry, span_text(number), err);
}

static bool
find_number(struct proposal *all, size_t i, const struct desk *d, struct err *err)
{
	bool found = false;

	for (int tries = 0; tries < NUMBER_TRIES; tries++) {
		if (!draw_number(all[i].number, d, all[i].decision, err) ||
		    !is_new(&found, d, all, i, all[i].number, err))
			return false;
		if (found)
			return true;
	}
	return err_set(err, ERR_LIMIT, "the numbers of this year are running out");
}

/* ---- what it says ---- */

/* Would the page come out? Now is the time to know, before two officers sign it. */
static bool
try_page(const struct desk *d, const struct proposal *p, struct err *err)
{
	struct buf page = BUF_EMPTY;

	bool ok = pdf_preview(&page, d->maker, p->layout, &p->face, err);
	buf_free(&page);
	return ok;
}

static bool
write_out(struct proposal *p, const struct desk *d, struct err *err)
{
	const struct bureau_conf *conf = &d->sitting->bureau->conf;
	struct claims_given given = { span_text(conf->iss), span_text(p->number), p->slot,
		d->sitting->now_s };
	struct face_source source = { &p->claims, p->application, d->issuer, d->bundle->test,
		conf->host };

	return claims_make(&p->claims, p->decision, &given, err) &&
	    credential_claims_encode(&p->claims_bytes, &p->claims, err) &&
	    face_make(&p->face, &source, err) && try_page(d, p, err);
}

static bool
add(const struct proposal *p, const struct desk *d, const struct issue_wish *wish, struct err *err)
{
	struct act_body *body = calloc(1, sizeof *body); /* holds a whole face */

	if (body == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	body->kind = ACT_ISSUE;
	body->issue.claims = buf_span(&p->claims_bytes);
	face_to_body(&body->issue, &p->face);
	body->issue.template_id = span_text(p->layout->id);
	memcpy(body->issue.template_hash, p->layout->sha256, SHA256_BYTES);
	body->not_after_s = policy_not_after_s(d->policy, ACT_ISSUE, d->sitting->now_s);
	body->sitting = d->sitting_id;
	if (wish->decision != NULL) {
		body->issue.has_decision = true;
		body->issue.decision = *wish->decision;
	}
	bool ok = sitting_add(d->sitting, wish->subject, body, err);
	free(body);
	return ok;
}

/* ---- all of them ---- */

static bool
draw_slots(struct proposal *all, size_t n, const struct desk *d, struct err *err)
{
	struct history_slot *slots = calloc(n, sizeof *slots);
	uint64_t *random = calloc(n, sizeof *random);

	bool ok = (slots != NULL && random != NULL) || err_set(err, ERR_MEMORY, "out of memory");
	ok = ok && random_bytes((uint8_t *)random, n * sizeof *random, err) &&
	    registry_pick_slots(slots, n, d->sitting->bureau->registry, random, err);
	for (size_t i = 0; ok && i < n; i++)
		all[i].slot = slots[i];
	free(random);
	free(slots);
	return ok;
}

/* Proposed before under the same idempotency key: that again, with its number. */
static bool
add_again(bool *done, const struct desk *d, const struct issue_wish *wish, struct err *err)
{
	struct chain_entry before;
	struct buf bytes = BUF_EMPTY;

	bool ok = sitting_recall(done, &before, &bytes, d->sitting, err);
	if (ok && *done)
		ok = before.body.kind == ACT_ISSUE
		    ? sitting_add(d->sitting, wish->subject, &before.body, err)
		    : err_set(err, ERR_CONFLICT,
			  "ACT-08: the idempotency key was used for another act");
	buf_free(&bytes);
	return ok;
}

static bool
propose(struct proposal *p, size_t i, const struct desk *d, const struct issue_wish *wish,
    struct err *err)
{
	bool done;

	if (!add_again(&done, d, wish, err))
		return false;
	return done ||
	    (load(&p[i], d, wish, err) && find_number(p, i, d, err) && write_out(&p[i], d, err) &&
		add(&p[i], d, wish, err));
}

static bool
propose_all(struct proposal *all, const struct desk *d, const struct issue_wish *wishes, size_t n,
    struct err *err)
{
	if (!draw_slots(all, n, d, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!propose(all, i, d, &wishes[i], err))
			return err_in(err, "%.*s", (int)wishes[i].subject.len,
			    (const char *)wishes[i].subject.ptr);
	return true;
}

static bool
open_desk(struct desk *d, struct bureau *b, struct err *err)
{
	const struct trust *trust;

	if (!bureau_trust(&trust, b, err) || !bureau_issuer(&d->issuer, b, err) ||
	    !bureau_policy(&d->policy, b, err) || !bureau_maker(&d->maker, b, err))
		return false;
	d->bundle = trust_bundle(trust);
	return bundle_lists_host(d->bundle, span_text(b->conf.host)) ||
	    err_set(err, ERR_REFUSED, "the trust bundle does not list the host %s", b->conf.host);
}

bool
issue_propose(struct sitting *s, const char *sitting_id, const struct issue_wish *wishes, size_t n,
    struct err *err)
{
	struct desk d = { .sitting = s, .sitting_id = span_text(sitting_id) };
	struct proposal *all = calloc(n + 1, sizeof *all);

	if (all == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	/* One view, one bundle for all of them. */
	bool ok = registry_view_begin(s->bureau->registry, err);
	if (ok) {
		ok = open_desk(&d, s->bureau, err) && propose_all(all, &d, wishes, n, err);
		registry_view_end(s->bureau->registry);
	}
	for (size_t i = 0; i < n; i++)
		proposal_free(&all[i]);
	free(all);
	return ok;
}

/* Rules on a certificate and the one before it: by an order, or by what was applied for. */
#include "core/civil.h"
#include "registry/judge_rule.h"

static bool
was_not(struct err *err, const char *field)
{
	return err_set(err, ERR_REFUSED,
	    "the certificate's %s is not that of the one before, and the ground changes no %s",
	    field, field);
}

static bool
has_all_scopes(const struct scopes *all, const struct scopes *some)
{
	for (size_t i = 0; i < some->count; i++) {
		bool found = false;
		for (size_t k = 0; k < all->count; k++)
			found = found || all->no[k] == some->no[i];
		if (!found)
			return false;
	}
	return true;
}

bool
judge_follows(const struct chain_entry *proposal)
{
	struct claims claims;
	const struct body_issue *body = &proposal->body.issue;

	if (proposal->act.kind != ACT_ISSUE)
		return act_body_makes(proposal->act.kind);
	return body->supersedes.len > 0 ||
	    (credential_claims_parse(&claims, body->claims, NULL) && claims.version > 1);
}

/* A new number, of the year of issue. */
static bool
is_first(const struct claims *c, struct err *err)
{
	struct number number;

	if (!number_parse(&number, c->sub, err))
		return false;
	if (c->version != 1)
		return err_set(err, ERR_REFUSED, "a first certificate has version 1");
	return number.year == civil_of(c->iat_s).year ||
	    err_set(err, ERR_REFUSED, "the number is not of the year of issue");
}

/* The next of the number before it, with its validity. */
static bool
is_next(const struct claims *c, const struct claims *before, unsigned version, struct err *err)
{
	if (!span_equal(c->sub, before->sub) || c->version != version)
		return err_set(err, ERR_REFUSED, "it is not version %u of this number", version);
	return (claims_from_s(c) == claims_from_s(before) && c->exp_s == before->exp_s) ||
	    was_not(err, "validity");
}

static bool
keeps_names(const struct claims *c, const struct claims *before, struct err *err)
{
	if (!span_equal(c->holder, before->holder))
		return was_not(err, "holder");
	return span_equal(c->holder_en, before->holder_en) || was_not(err, "English name");
}

/* ---- by an order ---- */

/* What no ground changes, and what only its own ground does. */
static bool
follows(const struct claims *c, const struct claims *before, const struct chain_entry *e,
    struct err *err)
{
	const struct span ground = e->body.issue.order.ground;
	const bool fewer = span_is(ground, "CHG-04") || e->act.kind == ACT_REGRADE;

	if (!span_equal(c->uscc, before->uscc))
		return was_not(err, "unified social credit code");
	if (!span_is(ground, "CHG-01") && !keeps_names(c, before, err))
		return false;
	if (fewer ? has_all_scopes(&before->scopes, &c->scopes)
		  : scopes_equal(&c->scopes, &before->scopes))
		return true;
	return was_not(err, "list of scopes");
}

/* Grade B for what is left of Grade A's time. */
static bool
lowers(const struct judged *q, const struct claims *c, const struct chain_entry *e, struct err *err)
{
	const struct claims *before = q->j->claims;
	struct number number, was;

	if (!number_parse(&number, c->sub, err) || !number_parse(&was, before->sub, err))
		return false;
	if (strcmp(number.family, was.family) != 0)
		return was_not(err, "family");
	if (before->grade != GRADE_A || c->grade != GRADE_B)
		return err_set(err, ERR_REFUSED, "a grade is lowered from A to B");
	if (claims_from_s(c) != e->body.issue.order.from_s || c->exp_s != q->j->licence->end_s)
		return err_set(err, ERR_REFUSED,
		    "it must run from the order's date to the end of the licence before it");
	return is_first(c, err);
}

bool
judge_successor_fits(const struct judged *q, const struct chain_entry *e, struct err *err)
{
	const struct claims *before = q->j->claims;
	struct claims c;

	if (q->j->licence == NULL)
		return true; /* LIC-01 says so */
	return credential_claims_parse(&c, e->body.issue.claims, err) &&
	    judge_claims_fit_act(q, &c, e, err) &&
	    (e->act.kind == ACT_REISSUE
		    ? is_next(&c, before, licence_next_version(q->j->licence), err)
		    : lowers(q, &c, e, err)) &&
	    follows(&c, before, e, err);
}

/* ---- by what was applied for ---- */

static bool
runs(const struct claims *c, int64_t from_s, unsigned years, struct err *err)
{
	const int64_t exp_s = civil_start_s(civil_anniversary(civil_of(from_s), (int)years));

	if (claims_from_s(c) != from_s)
		return err_set(err, ERR_REFUSED, "its validity does not begin where it must");
	return c->exp_s == exp_s ||
	    err_set(err, ERR_REFUSED, "the certificate's last day is not that of the decision");
}

/* Old scopes and new ones, in the next version of the same number. */
static bool
adds(const struct claims *c, const struct applied_licence *of, struct err *err)
{
	const struct claims *before = of->claims;

	return is_next(c, before, of->next_version, err) && keeps_names(c, before, err) &&
	    (has_all_scopes(&c->scopes, &before->scopes) ||
		err_set(err, ERR_REFUSED, "a scope of the one before is missing"));
}

bool
judge_grant_fits(const struct judged *q, const struct claims *c, const struct body_issue *body,
    const struct decision *d, struct err *err)
{
	const struct applied *applied = &q->j->applied;
	const struct applied_licence *of = &q->j->of;
	const struct applied_fault *fault =
	    applied_fault(applied, of, q->j->dossier->submit->recorded_s);

	if (fault != NULL)
		return err_set(err, ERR_REFUSED, "%s", fault->en);
	const bool ends = applied->type == APPLIED_RENEWAL || applied->type == APPLIED_UPGRADE;
	if (!span_is(body->supersedes, ends ? applied->of : ""))
		return err_set(
		    err, ERR_REFUSED, "it takes the place of another licence than was applied for");
	if (applied->type == APPLIED_SCOPE_ADDITION)
		return adds(c, of, err);
	/* A renewal begins when the licence before it ends; too late for that, like all others with its issue. */
	const bool later = applied->type == APPLIED_RENEWAL && of->end_s > c->iat_s;
	return is_first(c, err) && runs(c, later ? of->end_s : c->iat_s, d->years, err);
}

/* Rules on what a certificate says. */
#include "core/civil.h"
#include "registry/applied.h"
#include "registry/judge_rule.h"

bool
rule_number(const struct judged *q, struct err *err)
{
	if (!act_body_makes(q->kind))
		return true;
	if (q->j->number_known && q->kind != ACT_REISSUE)
		return err_set(err, ERR_REFUSED, "this certificate number was used before");
	if (q->j->slot_known)
		return err_set(err, ERR_REFUSED, "this slot of the status list was used before");
	return true;
}

static bool
differs(struct err *err, const char *field)
{
	return err_set(err, ERR_REFUSED, "the certificate's %s is not that of the decision", field);
}

/* Field by field, what two officers decided. */
static bool
claims_agree(const struct claims *c, const struct decision *d, struct err *err)
{
	struct number number;

	if (!number_parse(&number, c->sub, err))
		return false;
	if (!span_equal(c->holder, d->holder))
		return differs(err, "holder");
	if (!span_equal(c->holder_en, d->holder_en))
		return differs(err, "English name");
	if (!span_equal(c->uscc, d->uscc))
		return differs(err, "unified social credit code");
	if (!span_is(d->family, number.family))
		return differs(err, "family");
	if (c->grade != d->grade)
		return differs(err, "grade");
	if (!scopes_equal(&c->scopes, &d->scopes))
		return differs(err, "list of scopes");
	if (c->exp_s != civil_start_s(civil_anniversary(civil_of(c->iat_s), (int)d->years)))
		return differs(err, "last day");
	if (number.year != civil_of(c->iat_s).year)
		return err_set(err, ERR_REFUSED, "the number is not of the year of issue");
	return true;
}

/* What follows from the act itself. */
static bool
claims_fit_act(const struct claims *c, const struct judged *q, struct err *err)
{
	if (!span_equal(c->iss, q->signer->issuer))
		return err_set(err, ERR_REFUSED, "the certificate's issuer is not the signer's");
	if (c->iat_s != q->act->act.time_s)
		return err_set(err, ERR_REFUSED,
		    "the certificate's time of issue is not that of the proposal");
	return true;
}

static bool
is_first(const struct claims *c, struct err *err)
{
	return (c->nbf_s == 0 && c->version == 1) ||
	    err_set(err, ERR_REFUSED,
		"a first certificate has version 1 and is valid from its issue on");
}

/* ---- a certificate that follows another ---- */

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

static bool
on_ground(const struct judged *q, const char *code)
{
	return span_is(q->act->body.issue.order.ground, code);
}

/* What no ground changes, and what only its own ground does. */
static bool
follows(
    const struct claims *c, const struct claims *before, const struct judged *q, struct err *err)
{
	if (!span_equal(c->uscc, before->uscc))
		return was_not(err, "unified social credit code");
	bool renamed = on_ground(q, "CHG-01");
	if (!renamed && !span_equal(c->holder, before->holder))
		return was_not(err, "holder");
	if (!renamed && !span_equal(c->holder_en, before->holder_en))
		return was_not(err, "English name");
	bool fewer = on_ground(q, "CHG-04") || q->kind == ACT_REGRADE;
	if (fewer ? !has_all_scopes(&before->scopes, &c->scopes)
		  : !scopes_equal(&c->scopes, &before->scopes))
		return was_not(err, "list of scopes");
	return true;
}

/* The next version: validity as printed before. */
static bool
reissue_fits(const struct claims *c, const struct judged *q, struct err *err)
{
	const struct claims *before = q->j->claims;

	if (!span_equal(c->sub, before->sub) || c->version != before->version + 1)
		return err_set(
		    err, ERR_REFUSED, "it is not version %u of this number", before->version + 1);
	if (claims_from_s(c) != claims_from_s(before) || c->exp_s != before->exp_s)
		return was_not(err, "validity");
	return follows(c, before, q, err);
}

/* Grade B for what is left of Grade A's time. */
static bool
regrade_fits(const struct claims *c, const struct judged *q, struct err *err)
{
	const struct body_order *order = &q->act->body.issue.order;
	struct number number, before;

	if (!number_parse(&number, c->sub, err) || !number_parse(&before, q->j->claims->sub, err))
		return false;
	if (strcmp(number.family, before.family) != 0)
		return was_not(err, "family");
	if (q->j->claims->grade != GRADE_A || c->grade != GRADE_B || c->version != 1)
		return err_set(
		    err, ERR_REFUSED, "a grade is lowered from A to B, under a new number");
	if (number.year != civil_of(c->iat_s).year)
		return err_set(err, ERR_REFUSED, "the number is not of the year of issue");
	if (claims_from_s(c) != order->from_s || c->exp_s != q->j->licence->end_s)
		return err_set(err, ERR_REFUSED,
		    "it must run from the order's date to the end of the licence before it");
	return follows(c, q->j->claims, q, err);
}

static bool
successor_fits(const struct judged *q, struct err *err)
{
	struct claims claims;

	if (q->j->licence == NULL)
		return true; /* LIC-01 says so */
	if (!credential_claims_parse(&claims, q->act->body.issue.claims, err) ||
	    !claims_fit_act(&claims, q, err))
		return false;
	return q->kind == ACT_REISSUE ? reissue_fits(&claims, q, err)
				      : regrade_fits(&claims, q, err);
}

static bool
decision_fits(const struct judged *q, const struct decision *d, struct err *err)
{
	if (d->outcome == DECISION_GRANT && d->years != q->j->policy->validity_years)
		return err_set(err, ERR_REFUSED, "the policy grants %u years, the decision %u",
		    q->j->policy->validity_years, d->years);
	return applied_agrees(case_application(q->j->dossier), d, err);
}

static bool
amend_fits(const struct judged *q, struct err *err)
{
	struct applied before, after;

	if (!applied_read(&before, case_application(q->j->dossier), err) ||
	    !applied_read(&after, q->act->body.submit.application, err))
		return false;
	return applied_same(&before, &after) ||
	    err_set(err, ERR_REFUSED,
		"it is of another applicant, family or type: hand it in as an application of its "
		"own");
}

static bool
issue_fits(const struct judged *q, struct err *err)
{
	struct claims claims;
	const struct body_issue *body = &q->act->body.issue;
	const struct decision *d =
	    body->has_decision ? &body->decision : case_decision(q->j->dossier->decision);

	if (d->outcome != DECISION_GRANT)
		return err_set(err, ERR_REFUSED, "nothing is issued on a refusal");
	if (body->has_decision && !decision_fits(q, d, err))
		return false;
	return credential_claims_parse(&claims, body->claims, err) &&
	    claims_fit_act(&claims, q, err) && is_first(&claims, err) &&
	    claims_agree(&claims, d, err);
}

static bool
made_fits(const struct judged *q, struct err *err)
{
	struct credential credential;

	if (!credential_parse(&credential, q->act->body.made.qc1, err))
		return false;
	const struct chain_entry *approved =
	    q->j->dossier != NULL ? q->j->dossier->issue : q->j->licence->making;
	return span_equal(credential.envelope.payload, approved->body.issue.claims) ||
	    err_set(err, ERR_REFUSED, "the credential does not say what two officers approved");
}

bool
rule_claims(const struct judged *q, struct err *err)
{
	switch (q->kind) {
	case ACT_AMEND:
		return amend_fits(q, err);
	case ACT_DECIDE:
		return decision_fits(q, &q->act->body.decide.decision, err);
	case ACT_ISSUE:
		return issue_fits(q, err);
	case ACT_REISSUE:
	case ACT_REGRADE:
		return successor_fits(q, err);
	case ACT_MADE:
		return made_fits(q, err);
	default:
		return true;
	}
}

static bool
has_power(const struct judged *q, struct span family, enum grade grade, struct err *err)
{
	const struct judge *j = q->j;
	const int64_t at_s = q->act->act.time_s;
	const struct bundle_issuer *issuer = bundle_find_issuer(j->bundle, q->signer->issuer);

	if (issuer == NULL || !bundle_issuer_may(issuer, "issue", family, (unsigned)grade, at_s))
		return err_set(err, ERR_REFUSED, "the issuer has no power for %.*s Grade %c",
		    (int)family.len, (const char *)family.ptr, grade == GRADE_A ? 'A' : 'B');
	const enum act_kind kind = act_body_makes(q->kind) ? q->kind : ACT_ISSUE;
	const struct policy_proposal *roles = policy_proposal(j->policy, kind);
	return bundle_roles_issue(j->bundle, roles->propose, roles->approve, at_s) ||
	    err_set(err, ERR_REFUSED,
		"the trust bundle does not let the policy's two roles issue certificates");
}

bool
rule_power(const struct judged *q, struct err *err)
{
	const struct decision *d = NULL;
	const struct judge *j = q->j;
	struct claims claims;
	struct number number;

	if (q->kind == ACT_REISSUE || q->kind == ACT_REGRADE)
		return credential_claims_parse(&claims, q->act->body.issue.claims, err) &&
		    number_parse(&number, claims.sub, err) &&
		    has_power(q, span_text(number.family), claims.grade, err);
	if (q->kind == ACT_DECIDE)
		d = case_decision(q->act);
	else if (q->kind == ACT_ISSUE)
		d = case_decision(q->act->body.issue.has_decision ? q->act : j->dossier->decision);
	return d == NULL || d->outcome != DECISION_GRANT || has_power(q, d->family, d->grade, err);
}

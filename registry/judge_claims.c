/* Rules on what a certificate says. */
#include "core/civil.h"
#include "registry/applied.h"
#include "registry/judge_rule.h"

bool
rule_number(const struct judged *q, struct err *err)
{
	if (q->kind != ACT_ISSUE)
		return true;
	if (q->j->number_known)
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
	if (c->nbf_s != 0 || c->version != 1)
		return err_set(err, ERR_REFUSED,
		    "a first certificate has version 1 and is valid from its issue on");
	return true;
}

static bool
decision_fits(const struct judged *q, const struct decision *d, struct err *err)
{
	if (d->outcome == DECISION_GRANT && d->years != q->j->policy->validity_years)
		return err_set(err, ERR_REFUSED, "the policy grants %u years, the decision %u",
		    q->j->policy->validity_years, d->years);
	return applied_agrees(q->j->dossier->submit->body.submit.application, d, err);
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
	    claims_fit_act(&claims, q, err) && claims_agree(&claims, d, err);
}

static bool
made_fits(const struct judged *q, struct err *err)
{
	struct credential credential;

	if (!credential_parse(&credential, q->act->body.made.qc1, err))
		return false;
	return span_equal(credential.envelope.payload, q->j->dossier->issue->body.issue.claims) ||
	    err_set(err, ERR_REFUSED, "the credential does not say what two officers approved");
}

bool
rule_claims(const struct judged *q, struct err *err)
{
	switch (q->kind) {
	case ACT_DECIDE:
		return decision_fits(q, &q->act->body.decide.decision, err);
	case ACT_ISSUE:
		return issue_fits(q, err);
	case ACT_MADE:
		return made_fits(q, err);
	default:
		return true;
	}
}

bool
rule_power(const struct judged *q, struct err *err)
{
	const struct decision *d = NULL;
	const struct judge *j = q->j;
	int64_t at_s = q->act->act.time_s;

	if (q->kind == ACT_DECIDE)
		d = case_decision(q->act);
	else if (q->kind == ACT_ISSUE)
		d = case_decision(q->act->body.issue.has_decision ? q->act : j->dossier->decision);
	if (d == NULL || d->outcome != DECISION_GRANT)
		return true;
	const struct bundle_issuer *issuer = bundle_find_issuer(j->bundle, q->signer->issuer);
	if (issuer == NULL ||
	    !bundle_issuer_may(issuer, "issue", d->family, (unsigned)d->grade, at_s))
		return err_set(err, ERR_REFUSED, "the issuer has no power for %.*s Grade %c",
		    (int)d->family.len, (const char *)d->family.ptr,
		    d->grade == GRADE_A ? 'A' : 'B');
	const struct policy_proposal *roles = policy_proposal(j->policy, ACT_ISSUE);
	return bundle_roles_issue(j->bundle, roles->propose, roles->approve, at_s) ||
	    err_set(err, ERR_REFUSED,
		"the trust bundle does not let the policy's two roles issue certificates");
}

/* Rules on what a certificate says. */
#include "core/civil.h"
#include "registry/applied.h"
#include "registry/judge_rule.h"

/* A next version keeps its number. */
static bool
is_next_version(const struct judged *q)
{
	return q->kind == ACT_REISSUE ||
	    (q->kind == ACT_ISSUE && q->j->applied.type == APPLIED_SCOPE_ADDITION);
}

bool
rule_number(const struct judged *q, struct err *err)
{
	if (q->j->number_awaited)
		return err_set(err, ERR_REFUSED,
		    "another certificate with this number is approved and still to be made");
	if (!act_body_makes(q->kind))
		return true;
	if (q->j->number_known && !is_next_version(q))
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
	return scopes_equal(&c->scopes, &d->scopes) || differs(err, "list of scopes");
}

bool
judge_claims_fit_act(
    const struct judged *q, const struct claims *c, const struct chain_entry *e, struct err *err)
{
	if (!span_equal(c->iss, q->signer->issuer))
		return err_set(err, ERR_REFUSED, "the certificate's issuer is not the signer's");
	if (c->iat_s != e->act.time_s)
		return err_set(err, ERR_REFUSED,
		    "the certificate's time of issue is not that of the proposal");
	return true;
}

static bool
decision_fits(const struct judged *q, const struct decision *d, struct err *err)
{
	if (d->outcome == DECISION_GRANT && d->years != q->j->policy->validity_years)
		return err_set(err, ERR_REFUSED, "the policy grants %u years, the decision %u",
		    q->j->policy->validity_years, d->years);
	return applied_agrees(&q->j->applied, d, err);
}

static bool
amend_fits(const struct judged *q, struct err *err)
{
	struct applied before;

	if (!applied_read(&before, case_application(q->j->dossier), err))
		return false;
	return applied_same(&before, &q->j->applied) ||
	    err_set(err, ERR_REFUSED,
		"it is of another applicant, family or type: hand it in as an application of its "
		"own");
}

static bool
issue_fits(const struct judged *q, const struct chain_entry *e, struct err *err)
{
	struct claims claims;
	const struct body_issue *body = &e->body.issue;
	const struct decision *d =
	    body->has_decision ? &body->decision : case_decision(q->j->dossier->decision);

	if (d->outcome != DECISION_GRANT)
		return err_set(err, ERR_REFUSED, "nothing is issued on a refusal");
	if (body->has_decision && !decision_fits(q, d, err))
		return false;
	return credential_claims_parse(&claims, body->claims, err) &&
	    judge_claims_fit_act(q, &claims, e, err) && claims_agree(&claims, d, err) &&
	    judge_grant_fits(q, &claims, body, d, err);
}

/* One that follows another once more at its approval: what happens to that may stand in another chain. */
static bool
certificate_fits(const struct judged *q, const struct chain_entry *e, struct err *err)
{
	return e->act.kind == ACT_ISSUE ? issue_fits(q, e, err) : judge_successor_fits(q, e, err);
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
	case ACT_REISSUE:
	case ACT_REGRADE:
		return certificate_fits(q, q->act, err);
	case ACT_APPROVE:
		return !judge_follows(q->open) || certificate_fits(q, q->open, err);
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

#include "issuer/issue_parts.h"

bool
issue_case_load(
    struct issue_case *out, struct bureau *b, struct span subject, int64_t now_s, struct err *err)
{
	*out = (struct issue_case){ 0 };
	if (act_subject_of(subject) != SUBJECT_CASE)
		return err_set(
		    err, ERR_USAGE, "%.*s is no case", (int)subject.len, (const char *)subject.ptr);
	if (!registry_chain(&out->chain, b->registry, subject, err))
		return false;
	case_fold(&out->state, out->chain.entries, out->chain.n, now_s);
	return out->state.stage != CASE_NONE ||
	    err_set(err, ERR_NOT_FOUND, "there is no %.*s", (int)subject.len,
		(const char *)subject.ptr);
}

void
issue_case_free(struct issue_case *c)
{
	registry_chain_free(&c->chain);
	*c = (struct issue_case){ 0 };
}

bool
issue_case_application(struct application **out, const struct issue_case *c, struct err *err)
{
	struct defects defects = { 0 };

	bool ok = application_parse(out, &defects, c->state.submit->body.submit.application, err);
	defects_free(&defects);
	return ok || err_in(err, "application");
}

bool
issue_order_of(struct issue_order *out, const struct issue_case *c, struct err *err)
{
	const struct chain_entry *issue = c->state.issue, *approval = c->state.issue_approval;
	struct number number;

	if (issue == NULL || approval == NULL)
		return err_set(err, ERR_REFUSED,
		    "no issue of it is approved by two officers, or the time for making it has "
		    "passed: it is %s",
		    case_stage_words(c->state.stage));
	*out = (struct issue_order){ .proposal = issue->act.bytes,
		.approval = approval->act.bytes,
		.body = &issue->body.issue };
	if (!credential_claims_parse(&out->claims, out->body->claims, err) ||
	    !number_parse(&number, out->claims.sub, err))
		return false;
	number_shown(out->number, &number);
	return true;
}

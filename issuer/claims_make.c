#include "issuer/claims_make.h"

#include "core/civil.h"

bool
claims_make(struct claims *out, const struct decision *decision, const struct claims_given *given,
    struct err *err)
{
	if (decision->outcome != DECISION_GRANT)
		return err_set(err, ERR_REFUSED, "nothing is issued on a refusal");
	struct civil_date first = civil_of(given->iat_s);
	*out = (struct claims){
		.iss = given->iss,
		.sub = given->number,
		.exp_s = civil_start_s(civil_anniversary(first, (int)decision->years)),
		.iat_s = given->iat_s,
		.holder = decision->holder,
		.holder_en = decision->holder_en,
		.uscc = decision->uscc,
		.grade = decision->grade,
		.scopes = decision->scopes,
		.list = given->slot.list,
		.idx = given->slot.idx,
		.version = 1,
	};
	return true;
}

/* What is new in every certificate, and from when it holds. */
static void
renew(struct claims *c, const struct claims_given *given, unsigned version, int64_t from_s)
{
	c->iss = given->iss;
	c->sub = given->number;
	c->iat_s = given->iat_s;
	c->nbf_s = from_s == given->iat_s ? 0 : from_s;
	c->list = given->slot.list;
	c->idx = given->slot.idx;
	c->version = (uint16_t)version;
}

void
claims_again(struct claims *out, const struct claims *before, const struct claims_given *given)
{
	*out = *before;
	renew(out, given, before->version + 1u, claims_from_s(before));
}

void
claims_regrade(struct claims *out, const struct claims *before, const struct claims_given *given,
    enum grade grade, int64_t from_s, int64_t end_s)
{
	*out = *before;
	out->grade = grade;
	out->exp_s = end_s;
	renew(out, given, 1, from_s);
}

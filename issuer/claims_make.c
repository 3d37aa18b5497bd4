#include "issuer/claims_make.h"

#include "core/civil.h"

static int64_t
begin_s(const struct claims_given *given)
{
	return given->from_s != 0 ? given->from_s : given->iat_s;
}

/* What is new in every certificate, and from when it holds. */
static void
give(struct claims *c, const struct claims_given *given, unsigned version, int64_t from_s)
{
	c->iss = given->iss;
	c->sub = given->number;
	c->iat_s = given->iat_s;
	c->nbf_s = from_s == given->iat_s ? 0 : from_s;
	c->list = given->slot.list;
	c->idx = given->slot.idx;
	c->version = (uint16_t)version;
}

bool
claims_make(struct claims *out, const struct decision *decision, const struct claims_given *given,
    struct err *err)
{
	if (decision->outcome != DECISION_GRANT)
		return err_set(err, ERR_REFUSED, "nothing is issued on a refusal");
	const struct civil_date first = civil_of(begin_s(given));
	*out = (struct claims){
		.exp_s = civil_start_s(civil_anniversary(first, (int)decision->years)),
		.holder = decision->holder,
		.holder_en = decision->holder_en,
		.uscc = decision->uscc,
		.grade = decision->grade,
		.scopes = decision->scopes,
	};
	give(out, given, 1, begin_s(given));
	return true;
}

void
claims_again(struct claims *out, const struct claims *before, unsigned version,
    const struct claims_given *given)
{
	*out = *before;
	give(out, given, version, claims_from_s(before));
}

void
claims_regrade(struct claims *out, const struct claims *before, const struct claims_given *given,
    enum grade grade, int64_t end_s)
{
	*out = *before;
	out->grade = grade;
	out->exp_s = end_s;
	give(out, given, 1, begin_s(given));
}

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

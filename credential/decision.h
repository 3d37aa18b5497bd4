/* A decision on a case: the body of a *decide* act, or part of an *issue* act where the policy says so. */
#ifndef CREDENTIAL_DECISION_H
#define CREDENTIAL_DECISION_H

#include "credential/credential.h"

#define DECISION_YEARS_MAX 99

enum decision_outcome { DECISION_NONE = 0, DECISION_GRANT = 1, DECISION_REFUSE = 2 };

struct decision {
	enum decision_outcome outcome;
	struct span document; /* number of the decision */
	unsigned years;       /* of validity, 1 to DECISION_YEARS_MAX; 0 in a refusal */
	struct span holder;
	struct span holder_en; /* empty: none */
	struct span uscc;
	struct span family; /* JC, YZ, JG or JS */
	enum grade grade;
	struct scopes scopes;
	struct span reason; /* of a refusal; empty in a grant */
};

void decision_put(struct buf *out, const struct decision *d);
/* Shape, sticky; then, once the reader is done, what the texts must be. */
struct decision decision_take(struct cbor_in *c);
MUST_CHECK bool decision_check(const struct decision *d, struct err *err);

#endif

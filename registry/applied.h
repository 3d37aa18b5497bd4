/*
 * What was applied for, as far as a decision must agree with it. The rest of an application is the
 * issuer's business.
 */
#ifndef REGISTRY_APPLIED_H
#define REGISTRY_APPLIED_H

#include "credential/decision.h"

/*
 * Does the decision name the applicant, family and grade of this application (canonical JSON), and no
 * scope that was not applied for?
 * ERR_REFUSED    no; names the field
 * ERR_MALFORMED  the application has no such fields
 */
MUST_CHECK bool applied_agrees(
    struct span application, const struct decision *decision, struct err *err);

#endif

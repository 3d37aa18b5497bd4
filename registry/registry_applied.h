/*
 * What the register has to say to an application: the bar that keeps the applicant from it, and the licence
 * it is about.
 */
#ifndef REGISTRY_REGISTRY_APPLIED_H
#define REGISTRY_REGISTRY_APPLIED_H

#include "registry/applied.h"
#include "registry/registry_find.h"

/* Points into itself: not to be copied. */
struct registry_applied {
	bool barred;
	struct case_bar bar; /* the one that ends last */
	struct registry_instrument instrument;
	struct credential credential;
	struct applied_licence of; /* for applied_fault() */
};

/* As it stands at now_s. */
MUST_CHECK bool registry_applied(struct registry_applied *out, struct registry *r,
    const struct applied *applied, int64_t now_s, struct err *err);

#endif

/*
 * Are there enough officers? Which persons of a bundle can do which step of a case under a policy, whether
 * one case can go the whole road with them, and who is missing if not. Advice for those who write bundles;
 * the register judges every act by itself.
 */
#ifndef KEYS_STAFFING_H
#define KEYS_STAFFING_H

#include "credential/bundle.h"

/* One thing that one person does in a case. */
enum staffing_step {
	STAFFING_SUBMIT,
	STAFFING_ACCEPT,
	STAFFING_EXAMINE,
	STAFFING_SCHEDULE, /* orders the visit */
	STAFFING_INSPECT,
	STAFFING_INSPECT_TOO, /* the second official */
	STAFFING_DECIDE,
	STAFFING_DECIDE_APPROVE,
	STAFFING_ISSUE,
	STAFFING_ISSUE_APPROVE,
	STAFFING_STEPS
};

#define STAFFING_VERBS 24 /* proposals outside a case: suspend, lift, revoke ... */

struct staffing_policy {
	uint8_t hash[SHA256_BYTES];
	enum role role[STAFFING_STEPS]; /* ROLE_NONE: a grant does not go through this step */
	bool apart[STAFFING_STEPS][STAFFING_STEPS]; /* never by one person in one case */
	struct staffing_verb {
		char word[16];
		enum role propose, approve;
	} verb[STAFFING_VERBS];
	size_t n_verbs;
};

/* As far as it concerns persons; the fixed rules are added. ERR_MALFORMED. */
MUST_CHECK bool staffing_policy_parse(
    struct staffing_policy *out, struct span json, struct err *err);

/* What the bureau calls a person. */
struct staffing_name {
	struct span spki; /* of one of the person's keys */
	struct span name;
};

struct staffing_question {
	const struct bundle *bundle;
	const struct staffing_policy *policy;
	const struct staffing_name *names; /* may be none: persons are then their ids */
	size_t n_names;
	int64_t at_s;
};

/*
 * Append a report for people; *can: a case can be granted, and every verb of the policy done to a licence.
 * ERR_REFUSED: not the policy whose hash the bundle has.
 */
MUST_CHECK bool staffing_report(
    struct buf *out, bool *can, const struct staffing_question *q, struct err *err);

#endif

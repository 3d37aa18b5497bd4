/*
 * May this application be taken in, and may it be granted? One table of small rules; all of them run and
 * every defect is named in one pass, in the order of the table.
 *
 * DECLARED: as the applicant says, at submission. VERIFIED: the same rules, and in addition what the
 * on-site report says of each organisation rule. A grant needs VERIFIED without an ERROR.
 */
#ifndef ISSUER_RULES_H
#define ISSUER_RULES_H

#include "issuer/application.h"
#include "issuer/review.h"
#include "registry/policy.h"

enum rules_level { RULES_DECLARED, RULES_VERIFIED };

/* True if the fonts can draw the text; else names the first character they cannot, and its position
 * (characters, from 1). */
typedef bool rules_drawable(void *ctx, struct span text, uint32_t *code_point, size_t *position);

struct rules_question {
	const struct application *application;
	enum rules_level level;
	const struct inspection *inspection; /* VERIFIED only; else NULL */
	struct civil_date submitted;         /* papers may not be dated later */
	const struct policy *policy;         /* says which applicants each family admits */
	/* At submission, from the register; NULL: nothing. */
	const struct applied_fault *fault; /* why it cannot be about the licence it names */
	const struct case_bar *bar;        /* what keeps the applicant from it */
	rules_drawable *drawable;          /* NULL: not asked */
	void *drawable_ctx;
};

/* Append every defect. Pure and deterministic. */
void rules_check(struct defects *out, const struct rules_question *q);

/* The organisation rules of a grade, ascending ("ORG-01"): what an on-site report must verify, 13 for
 * Grade A and 11 for B. NULL past the end. */
const char *rules_organisation(enum grade grade, size_t index);

#endif

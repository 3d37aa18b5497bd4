/*
 * A case with its papers: what the register says of it, and application and on-site report read again from
 * its acts. What a decision is made from.
 */
#ifndef ISSUER_DOSSIER_H
#define ISSUER_DOSSIER_H

#include "issuer/application.h"
#include "issuer/bureau.h"
#include "issuer/review.h"
#include "issuer/rules.h"
#include "issuer/scoring.h"
#include "registry/registry_subject.h"

/* Points into itself: not to be copied. Read it, do not change it. */
struct dossier {
	struct registry_subject subject; /* people in its chain have the bureau's names */
	struct application *application;
	struct inspection *inspection; /* NULL: no report yet */
};

/*
 * Load a case as it stands at now_s. dossier_free() it, also after a failure.
 * ERR_NOT_FOUND: no such case
 */
MUST_CHECK bool dossier_load(struct dossier *out, const struct bureau *b, struct span subject,
    int64_t now_s, struct err *err);
void dossier_free(struct dossier *d);

/*
 * Append every defect the rules find in the application: as verified on site if there is a report, else as
 * declared.
 *   maker  whose fonts must draw what is printed; NULL: not asked
 */
MUST_CHECK bool dossier_rules(
    struct defects *out, const struct dossier *d, const struct pdf_maker *maker, struct err *err);

/*
 * The decision to grant what was applied for, for the years of the policy, or to refuse it. Borrows from the
 * dossier. What of it stands in the way of a grant is dossier_rules()'s to say.
 *   reason  of a refusal; empty: a grant
 * ERR_REFUSED: a scope that is none
 */
MUST_CHECK bool dossier_decide(struct decision *out, const struct dossier *d, struct span document,
    struct span reason, struct err *err);

/*
 * The scheme by which its on-site review is scored: what the policy named that was in force when the case was
 * accepted. A file scoring*.json of the templates with that SHA-256; scoring_free() it.
 * ERR_NOT_FOUND: there is no such file
 */
MUST_CHECK bool dossier_scoring(
    struct scoring **out, const struct dossier *d, const struct bureau *b, struct err *err);

/* For rules_question.drawable; ctx is a struct pdf_maker. */
bool dossier_drawable(void *ctx, struct span text, uint32_t *code_point, size_t *position);

/* Give the people in a chain the bureau's English names, so that refusals name them. Borrows from `b`. */
void dossier_name_people(struct registry_chain *chain, const struct bureau *b);

/* "C-2026-0017" of "case/C-2026-0017", and the other way round. */
const char *dossier_short(const char *subject);
MUST_CHECK bool dossier_subject(
    char out[ACT_SUBJECT_BYTES + 1], const char *shown, struct err *err);

#endif

/*
 * A bureau whose bundle asks others to sign, and those others. For tests only.
 */
#ifndef TESTS_ISSUER_COSIGNERS_H
#define TESTS_ISSUER_COSIGNERS_H

#include "credential/note.h"
#include "credential/snapshot.h"
#include "issuer/publish.h"
#include "tests/issuer/workshop.h"

/* Adopt the next bundle, which is kept in *bundle; it begins empty, or holds the one before. */
void cosigners_ask(struct buf *bundle, struct workshop *w, unsigned auditors, unsigned witnesses);

/* Publish into public/ of the workshop. */
struct publish_report cosigners_publish(struct workshop *w);

/* What waits: cosign/candidate, which must be there. */
struct candidate {
	struct buf file;
	struct cose_sign envelope;
	struct snapshot *manifest;
};
void candidate_read(struct candidate *c, const struct workshop *w);
void candidate_free(struct candidate *c);

/* The candidate with this auditor's signature goes where it belongs, whatever he thinks of it. */
void cosigners_sign(const struct workshop *w, size_t auditor, const char *name);

/* Another candidate in the place of the one there: this manifest under the bureau's own status key. */
void cosigners_forge(struct workshop *w, const struct snapshot *manifest);

#endif

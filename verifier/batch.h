/* What became of many inputs: their count, and the two lines that say it. */
#ifndef VERIFIER_BATCH_H
#define VERIFIER_BATCH_H

#include "core/buf.h"
#include "verifier/answer.h"

/* Zero it, then count. */
struct batch {
	size_t inputs; /* handed in; several answers each where several dates are asked about */
	size_t valid, compare, rejected, undetermined; /* answers; `compare` of the valid ones */
	size_t unreadable, unlisted; /* inputs without an answer; of nobody expected */
	size_t missing;              /* files expected, and not handed in */
	bool dated;                  /* they were asked about different dates */
	struct answer first;
	int64_t known_s; /* the oldest that an answer rests on; 0: none rests on status data */
};

/* The moment that its status data speak for: as known then, or when they were made if that is earlier; 0: none. */
int64_t batch_rests_on_s(const struct answer *a);

void batch_count(struct batch *b, const struct answer *a);

/* "60 files: 56 VALID (3 to compare), ...; for new work on 2026-11-20, as known on ...  Exit 1.": a line or two. */
void batch_summary(struct buf *out, const struct batch *b, int exit_code, enum lang lang);

#endif

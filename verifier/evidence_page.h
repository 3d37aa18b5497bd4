/*
 * Evidence on paper: one HTML file that needs nothing else and runs nothing, for A4. What stands on it was worked out
 * again from the evidence; what was not is said.
 */
#ifndef VERIFIER_EVIDENCE_PAGE_H
#define VERIFIER_EVIDENCE_PAGE_H

#include "verifier/evidence.h"

/* Of more inputs than these the page has the table alone. */
#define EVIDENCE_PAGE_WHOLE 20

/* Zeroed but for lang and e, it is a page without answers. */
struct evidence_page {
	enum lang lang;
	const struct evidence *e;
	size_t n, outcomes[4]; /* by enum evidence_outcome */
	bool test;
	struct buf rows, details;
};

/* The next answer. Both are needed only during the call. */
void evidence_page_add(
    struct evidence_page *page, const struct evidence_input *in, const struct evidence_judged *j);
/*
 * Append the whole page, and free what it was made of.
 *   now_s, program  when and by which program it was worked out again
 */
MUST_CHECK bool evidence_page_end(struct buf *out, struct evidence_page *page, int64_t now_s,
    const char *program, struct err *err);

#endif

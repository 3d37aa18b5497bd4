/*
 * The pages of a PDF as pictures, by pdftoppm: a program of its own in a sandbox of its own. It is started twice before
 * anybody is locked in, for two sizes, and each waits for a word before it looks at the file.
 */
#ifndef VERIFIER_DECODE_PAGES_H
#define VERIFIER_DECODE_PAGES_H

#include "core/span.h"
#include "verifier/decode/look.h"

struct pages;

/* Prepare for a file in memory; it is copied. ERR_IO, ERR_MEMORY */
MUST_CHECK bool pages_open(struct pages **out, struct span pdf, struct err *err);

/*
 * Look at all pages, of the size at which an A4 page has 200 dpi; if nothing is on any of them, again at 300, where a
 * page on which nothing is found is also looked at made otherwise.
 *
 * ERR_MALFORMED  no PDF that can be drawn
 * ERR_LIMIT      more than LIMIT_SCAN_PAGES pages, or drawing them takes too much
 * ERR_NOT_FOUND  pdftoppm is not installed
 */
MUST_CHECK bool pages_look(struct looks *l, struct pages *p, struct err *err);

/* Accepts NULL. */
void pages_close(struct pages *p);

#endif

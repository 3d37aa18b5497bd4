/*
 * The codes of a picture, read by our helper qualverify-decode: a process of its own that is locked in before it looks
 * at a byte, because pictures and PDFs are where decoders break. What it says is a stranger's word: short lines of
 * printable text, or nothing is believed.
 */
#ifndef VERIFIER_PICTURE_H
#define VERIFIER_PICTURE_H

#include "core/buf.h"
#include "core/limits.h"

#define PICTURE_WAIT_S 15 /* it limits itself to 10 s of work */

struct picture_code {
	unsigned page;    /* from 1; 1 for a picture */
	struct span text; /* printable ASCII, at least 1 byte; borrowed from `said` */
};

/* Zero it; picture_free() it. */
struct picture {
	struct span bytes;                      /* what was handed in, borrowed */
	struct buf said;                        /* the helper's output */
	size_t n;                               /* 0: no code can be read in it */
	struct picture_code codes[LIMIT_CODES]; /* in the order of pages; on a page no text twice */
};

/*
 * Have a picture read: PNG, JPEG, or with `scan` a PDF.
 *
 *   helper  its path; NULL: libexec/qualverify-decode beside the folder of the program that runs, or where it was to be
 *           installed
 *
 * ERR_NOT_FOUND  the helper, or what it needs, is not installed: the sentence says what to install
 * ERR_MALFORMED  damaged, or no picture: the helper's own sentence
 * ERR_REFUSED    sound, but of a sort that is not read, the same
 * ERR_LIMIT      it took too long and was killed
 * ERR_IO         the helper failed, or said what it never says
 */
MUST_CHECK bool picture_read(
    struct picture *out, const char *helper, struct span bytes, bool scan, struct err *err);

/* The helper's output taken apart, from out->said. ERR_IO: it is no such output. */
MUST_CHECK bool picture_parse(struct picture *out, struct err *err);

void picture_free(struct picture *p);

#endif

/* The QR codes of pictures, as the lines that the helper writes. */
#ifndef VERIFIER_DECODE_LOOK_H
#define VERIFIER_DECODE_LOOK_H

#include "core/buf.h"
#include "verifier/decode/raster.h"

/* What was found, and what looking may still cost. Zero it; looks_free() it. */
struct looks {
	struct buf lines; /* "PAGE TAB TEXT LF" */
	size_t count;     /* lines */
	uint64_t pixels;  /* looked at so far */
};

/*
 * Look for codes on a page, and add a line for each text not yet found on it. Only if there is none: look again at
 * the page made otherwise (`again`), as long as less than LIMIT_LOOK_PIXELS were looked at.
 *
 * The text of a line is printable ASCII: any other byte has become "?", and what is longer than any code of ours is
 * cut one byte behind that; an empty one is "?". Beyond LIMIT_CODES lines none are added: different ones are no
 * certificate's already.
 *
 * ERR_MEMORY
 */
MUST_CHECK bool looks_at(
    struct looks *l, unsigned page, const struct raster *picture, bool again, struct err *err);

/* The same bounds for text alone: what the decoder says to be the text of a code on this page. */
void looks_add(struct looks *l, unsigned page, struct span text);

void looks_free(struct looks *l);

#endif

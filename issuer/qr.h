/*
 * The two-dimensional code: QR text -> one symbol of level M (ISO/IEC 18004). The URL prefix goes
 * into a byte segment and the digits into a numeric one, which no automatic split does as well.
 */
#ifndef ISSUER_QR_H
#define ISSUER_QR_H

#include "core/err.h"
#include "core/span.h"

/* A dark rectangle, in modules from the top left; together they cover the dark modules exactly. */
struct qr_rect {
	int x, y, w, h;
};

struct qr {
	int version;           /* 1 to 40 */
	int width;             /* modules on a side, without quiet zone: 17 + 4 * version */
	struct qr_rect *rects; /* owned; runs of a row, extended downwards */
	size_t count;
};

#define QR_QUIET_MODULES 4 /* white on every side (ISO/IEC 18004 6.3.8) */

/*
 * Encode "https://HOST/q/1/DIGITS". The caller frees with qr_free().
 *
 * ERR_MALFORMED  not of that form
 * ERR_LIMIT      longer than LIMIT_QR_TEXT_BYTES, or more than any symbol holds
 */
MUST_CHECK bool qr_encode(struct qr *out, struct span text, struct err *err);
void qr_free(struct qr *qr);

#endif

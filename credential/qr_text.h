/*
 * The text of the QR code: https://HOST/q/1/DIGITS, where DIGITS is the QC1 in base 10, which QR's
 * numeric mode carries densely and every phone leaves alone. 7-byte groups, big-endian, 17 digits each,
 * zero-padded; a last group of 1 to 6 bytes takes 3, 5, 8, 10, 13 or 15 digits. Each QC1 has one text.
 */
#ifndef CREDENTIAL_QR_TEXT_H
#define CREDENTIAL_QR_TEXT_H

#include "core/buf.h"

struct qr_text {
	struct span host;   /* borrowed */
	struct span digits; /* borrowed; digits only, at most LIMIT_QR_DIGITS */
};

/* Append the prefix "https://HOST/q/1/" (the byte segment). ERR_MALFORMED: not a host name as below. */
MUST_CHECK bool qr_text_prefix(struct buf *out, struct span host, struct err *err);

/* Append the digits (the numeric segment) of a QC1 of 1 to LIMIT_QC1_BYTES bytes. */
void qr_text_digits(struct buf *out, struct span qc1);

/*
 * Take a text apart. The host is only a name to compare: lower-case letters, digits and hyphens in
 * labels, dots between them, no port, at most LIMIT_HOST_BYTES.
 *
 * ERR_MALFORMED  any other text
 * ERR_LIMIT      longer than core/limits.h allows
 */
MUST_CHECK bool qr_text_parse(struct qr_text *out, struct span text, struct err *err);

/* Append the QC1 bytes of these digits. ERR_MALFORMED, ERR_LIMIT. */
MUST_CHECK bool qr_text_decode(struct buf *out, struct span digits, struct err *err);

#endif

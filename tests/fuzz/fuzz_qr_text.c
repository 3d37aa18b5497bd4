/* Targets: credential/qr_text.c. */
#include "core/limits.h"
#include "credential/qr_text.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

/* A text that is read is the one text of what it holds. */
static void
try_text(struct span text)
{
	struct qr_text parts;
	struct buf bytes = BUF_EMPTY, again = BUF_EMPTY;

	if (qr_text_parse(&parts, text, NULL) && qr_text_decode(&bytes, parts.digits, NULL) &&
	    bytes.len <= LIMIT_QC1_BYTES) {
		if (!qr_text_prefix(&again, parts.host, NULL))
			abort();
		qr_text_digits(&again, buf_span(&bytes));
		if (!span_equal(buf_span(&again), text))
			abort();
	}
	buf_free(&bytes);
	buf_free(&again);
}

/* Any bytes have a text, and come back from it. */
static void
try_bytes(struct span bytes)
{
	struct buf digits = BUF_EMPTY, again = BUF_EMPTY;

	qr_text_digits(&digits, bytes);
	if (!qr_text_decode(&again, buf_span(&digits), NULL) ||
	    !span_equal(buf_span(&again), bytes))
		abort();
	buf_free(&digits);
	buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_text(span_of(data, size));
	if (size > 0 && size <= LIMIT_QC1_BYTES)
		try_bytes(span_of(data, size));
	return 0;
}

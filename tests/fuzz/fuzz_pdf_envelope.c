/* Targets: credential/pdf_envelope.c. */
#include "credential/pdf_envelope.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static bool
lies_in(struct span inner, struct span outer)
{
	return inner.ptr >= outer.ptr && inner.ptr + inner.len <= outer.ptr + outer.len;
}

/* A file of our form is the two signed parts and an even number of digits between them, no more. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pdf_envelope e;

	if (!pdf_envelope_read(&e, span_of(data, size), NULL) || e.finding == PDF_UNREAD)
		abort();
	if (e.finding == PDF_SEALED) {
		size_t gap = size - e.signed_1.len - e.signed_2.len;
		if (e.signed_1.ptr != data || e.signed_2.ptr + e.signed_2.len != data + size)
			abort();
		if (gap % 2 != 0 || e.seal.len == 0 || 2 * e.seal.len + 2 > gap)
			abort();
		if (!lies_in(e.attachment, e.signed_1) && !lies_in(e.attachment, e.signed_2))
			abort();
	}
	pdf_envelope_free(&e);
	return 0;
}

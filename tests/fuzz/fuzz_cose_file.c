/* Targets: credential/cose_file.c. */
#include "credential/cose_file.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cose_file f;
	struct buf again = BUF_EMPTY;

	if (cose_file_parse(&f, span_of(data, size), NULL)) {
		cose_file_encode(&again, &f);
		if (!span_equal(buf_span(&again), span_of(data, size)))
			abort();
	}
	buf_free(&again);
	return 0;
}

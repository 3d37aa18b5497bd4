/* Target: verifier/decode/read_ppm.c, the stream of pages that pdftoppm writes. */
#include "tests/fuzz/fuzz.h"
#include "verifier/decode/read.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *in = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	bool end = false, ok = in != NULL;

	for (int pages = 0; ok && !end && pages < 20; pages++) {
		struct raster page;
		struct err err = { 0 };
		ok = read_ppm(&end, &page, in, &err);
		fuzz_promise(ok || err.code == ERR_MALFORMED || err.code == ERR_LIMIT);
		/* a page has its pixels in the stream */
		if (ok && !end)
			fuzz_promise((size_t)page.grey.width * page.grey.height * 3 < size);
		raster_free(&page);
	}
	if (in != NULL)
		fclose(in);
	return 0;
}

/* Target: verifier/picture.c, what the helper said. */
#include "tests/fuzz/fuzz.h"
#include "verifier/picture.h"

/* What is taken is short, printable, and all there is: written again it is the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct picture p = { 0 };
	struct buf again = BUF_EMPTY;
	struct err err = { 0 };

	buf_add(&p.said, data, size);
	if (!picture_parse(&p, &err)) {
		fuzz_promise(p.n == 0 && err.code == ERR_IO);
		picture_free(&p);
		return 0;
	}
	for (size_t i = 0; i < p.n; i++) {
		const struct span text = p.codes[i].text;
		for (size_t k = 0; k < text.len; k++)
			fuzz_promise(text.ptr[k] >= ' ' && text.ptr[k] <= '~');
		fuzz_promise(
		    text.len > 0 && p.codes[i].page >= 1 && p.codes[i].page <= LIMIT_SCAN_PAGES);
		buf_add_span(&again, text);
	}
	fuzz_promise(again.len < size || size == 0);
	buf_free(&again);
	picture_free(&p);
	return 0;
}

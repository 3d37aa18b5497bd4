/* Targets: the reader of core/csv.c and verifier/cli/bidders.c. */
#include "tests/fuzz/fuzz.h"
#include "verifier/cli/bidders.h"

/* Of a table that is taken every row is found again by its file; of another every mistake stands in a line. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bidders b;
	struct buf mistakes = BUF_EMPTY;
	struct err err = { 0 };

	if (bidders_parse(&b, &mistakes, span_of(data, size), &err)) {
		fuzz_promise(mistakes.len == 0 && b.n > 0);
		for (size_t i = 0; i < b.n; i++) {
			fuzz_promise(bidders_find(&b, b.rows[i].file) == &b.rows[i]);
			fuzz_promise(uscc_require(span_text(b.rows[i].holder), &err));
			fuzz_promise(b.rows[i].asked.holder == NULL);
		}
	} else {
		fuzz_promise(err.code == ERR_MALFORMED && mistakes.len > 0);
		fuzz_promise(mistakes.ptr[mistakes.len - 1] == '\n');
		fuzz_promise(memchr(mistakes.ptr, '\033', mistakes.len) == NULL);
	}
	bidders_free(&b);
	buf_free(&mistakes);
	return 0;
}

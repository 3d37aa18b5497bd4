/* Targets: verifier/fetch_wire.c. */
#include "tests/fuzz/fuzz.h"
#include "verifier/fetch_wire.h"

/* What is read is written again as it was. */
static void
same(struct buf *again, struct span line)
{
	fuzz_promise(again->len > 0 && again->ptr[again->len - 1] == '\n');
	fuzz_promise(span_equal(span_of(again->ptr, again->len - 1), line));
	buf_free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span line = span_of(data, size);
	struct fetch_request request;
	struct fetch_answer answer;
	struct buf again = BUF_EMPTY, text = BUF_EMPTY;

	if (fetch_answer_parse(&answer, line, NULL)) {
		fetch_answer_encode(&again, &answer);
		same(&again, line);
	}
	if (fetch_request_parse(&request, line, NULL)) {
		fuzz_promise(strstr(request.path, "/.") == NULL && request.path[0] != '.' &&
		    request.path[0] != '/');
		fetch_request_encode(&again, &request);
		same(&again, line);
	}
	buf_add_span(&text, line);
	if (buf_text(&text) != NULL && fetch_url_check(buf_text(&text), NULL))
		fuzz_promise(strpbrk(buf_text(&text), "@?#%\\ \n") == NULL);
	buf_free(&text);
	return 0;
}

/* Targets: verifier/fetch_wire.c, verifier/fetch_shelf.c (tags). */
#include "tests/fuzz/fuzz.h"
#include "verifier/fetch_shelf.h"

/* What is read is written again as it was. */
static void
same(struct buf *again, struct span line)
{
	fuzz_promise(again->len > 0 && again->ptr[again->len - 1] == '\n');
	fuzz_promise(span_equal(span_of(again->ptr, again->len - 1), line));
	buf_free(again);
}

static void
try_tags(struct span in)
{
	static const char url[] = "https://v.example";
	struct fetch_shelf f = { 0 }, second = { 0 };
	struct buf once = BUF_EMPTY, twice = BUF_EMPTY;

	if (fetch_tags_parse(&f, in, url, NULL)) { /* a name that stands twice counts once */
		fetch_tags_encode(&once, &f, url);
		fuzz_promise(
		    fetch_tags_parse(&second, buf_span(&once), url, NULL) && second.n == f.n);
		fetch_tags_encode(&twice, &second, url);
		fuzz_promise(span_equal(buf_span(&once), buf_span(&twice)));
	} else {
		fuzz_promise(f.n == 0);
	}
	fetch_shelf_free(&f);
	fetch_shelf_free(&second);
	buf_free(&once);
	buf_free(&twice);
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
	try_tags(line);
	buf_add_span(&text, line);
	if (buf_text(&text) != NULL && fetch_url_check(buf_text(&text), NULL))
		fuzz_promise(strpbrk(buf_text(&text), "@?#%\\ \n") == NULL);
	buf_free(&text);
	return 0;
}

/* Targets: credential/status_token.c, credential/status_list.c. */
#include "credential/status_token.h"
#include "tests/fuzz/fuzz.h"

static void
try_claims(struct span in)
{
	static uint8_t list[LIMIT_LIST_BYTES];
	struct status_token t;
	struct buf again = BUF_EMPTY;

	if (!status_token_parse(&t, list, in, NULL))
		return;
	status_token_encode(&again, &t);
	fuzz_promise(span_equal(buf_span(&again), in));
	for (unsigned idx = 0; idx < LIMIT_LIST_SLOTS; idx++)
		fuzz_promise(status_is_known(status_list_get(list, (uint16_t)idx)));
	buf_free(&again);
}

/* What inflates is deflated to something that inflates to the same. */
static void
try_list(struct span in)
{
	static uint8_t list[LIMIT_LIST_BYTES], back[LIMIT_LIST_BYTES];
	struct buf lst = BUF_EMPTY;

	if (!status_list_inflate(list, sizeof list, in, NULL))
		return;
	status_list_deflate(&lst, span_of(list, sizeof list));
	fuzz_promise(status_list_inflate(back, sizeof back, buf_span(&lst), NULL));
	fuzz_promise(memcmp(list, back, sizeof list) == 0);
	buf_free(&lst);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t list[LIMIT_LIST_BYTES];
	struct cose_sign1 envelope;
	struct status_token t;
	struct span in = span_of(data, size);

	if (status_token_parse_file(&envelope, &t, list, in, NULL))
		try_claims(envelope.payload);
	try_claims(in);
	try_list(in);
	return 0;
}

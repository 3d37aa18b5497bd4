/* Targets: credential/snapshot.c. */
#include "credential/snapshot.h"
#include "tests/fuzz/fuzz.h"

static void
try_payload(struct span in)
{
	struct snapshot *s;
	struct err err = { 0 };
	struct buf again = BUF_EMPTY;

	if (!snapshot_parse(&s, in, &err)) {
		fuzz_promise(s == NULL && err.code != ERR_NONE && err.text[0] != '\0');
		return;
	}
	snapshot_encode(&again, s);
	fuzz_promise(span_equal(buf_span(&again), in));
	for (size_t i = 0; i < s->n_lists; i++)
		fuzz_promise(snapshot_find_list(s, s->lists[i].list) == &s->lists[i]);
	buf_free(&again);
	snapshot_free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cose_sign envelope;
	struct snapshot *s;
	struct span in = span_of(data, size);

	if (snapshot_parse_file(&envelope, &s, in, NULL))
		try_payload(envelope.payload);
	snapshot_free(s);
	try_payload(in);
	return 0;
}

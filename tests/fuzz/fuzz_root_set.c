/* Targets: credential/root_set.c. */
#include "credential/root_set.h"
#include "tests/fuzz/fuzz.h"

static void
try_payload(struct span in)
{
	struct root_set set, back;
	struct buf again = BUF_EMPTY;

	if (!root_set_parse(&set, in, NULL))
		return;
	root_set_encode(&again, &set);
	fuzz_promise(span_equal(buf_span(&again), in));
	fuzz_promise(root_set_parse(&back, buf_span(&again), NULL) && root_set_equal(&set, &back));
	buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cose_sign envelope;
	struct root_set set;
	struct span in = span_of(data, size);

	if (root_set_parse_file(&envelope, &set, in, NULL))
		fuzz_promise(envelope.signers == ROOT_SET_KEYS);
	try_payload(in);
	return 0;
}

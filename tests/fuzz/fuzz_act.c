/* Targets: credential/act.c, credential/act_body.c, credential/act_body_proposal.c, credential/decision.c. */
#include "credential/act_body.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void
promise_same(bool encoded, const struct buf *got, struct span want)
{
	if (!encoded || !span_equal(buf_span(got), want))
		abort();
}

/* What parses is written in exactly the bytes it was read from: the act, its claims, its body. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct act act;
	struct act_body body;
	struct buf whole = BUF_EMPTY, claims = BUF_EMPTY, again = BUF_EMPTY;

	if (act_parse(&act, span_of(data, size), NULL)) {
		promise_same(act_claims_encode(&claims, &act, NULL), &claims, act.envelope.payload);
		act_encode(&whole, act.envelope.signer.header, act.envelope.payload,
		    act.envelope.signer.signature);
		promise_same(true, &whole, act.bytes);
		if (act_body_parse(&body, act.kind, act.body, NULL))
			promise_same(act_body_encode(&again, &body, NULL), &again, act.body);
	}
	buf_free(&whole);
	buf_free(&claims);
	buf_free(&again);
	return 0;
}

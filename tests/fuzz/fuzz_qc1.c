/* Targets: credential/cbor.c, credential/cose.c, credential/credential.c. */
#include "credential/credential.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

/* What parses is written in exactly the bytes it was read from. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct credential c;
	struct err err = { 0 };
	struct buf claims = BUF_EMPTY, whole = BUF_EMPTY;

	if (credential_parse(&c, span_of(data, size), &err)) {
		if (!credential_claims_encode(&claims, &c.claims, NULL) ||
		    !span_equal(buf_span(&claims), c.envelope.payload))
			abort();
		cose_sign1_encode(&whole, &c.envelope);
		if (!span_equal(buf_span(&whole), c.bytes))
			abort();
	} else if (err.code == ERR_NONE || err.text[0] == '\0')
		abort();
	buf_free(&claims);
	buf_free(&whole);
	return 0;
}

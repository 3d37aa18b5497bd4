/* Targets: credential/bundle.c, bundle_check.c, bundle_encode.c, bundle_find.c. */
#include "credential/bundle.h"
#include "tests/fuzz/fuzz.h"

/* A payload that parses has one form: encoded again it is the same. */
static void
try_payload(struct span in)
{
	struct bundle *b;
	struct err err = { 0 };
	struct buf again = BUF_EMPTY;

	if (!bundle_parse(&b, in, &err)) {
		fuzz_promise(b == NULL && err.code != ERR_NONE && err.text[0] != '\0');
		return;
	}
	bundle_encode(&again, b);
	fuzz_promise(span_equal(buf_span(&again), in));
	for (size_t i = 0; i < b->n_keys; i++) {
		const struct bundle_key *key = &b->keys[i];
		fuzz_promise(bundle_find_issuer(b, key->issuer) != NULL);
		fuzz_promise(
		    bundle_find_key(b, span_of(key->kid, COSE_KID_BYTES), key->use, NULL) != NULL);
		fuzz_promise(key->n_grants == 0 || key->use == KEY_USE_OFFICER);
	}
	buf_free(&again);
	bundle_free(b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cose_sign envelope;
	struct bundle *b;
	struct span in = span_of(data, size);

	if (bundle_parse_file(&envelope, &b, in, NULL))
		try_payload(envelope.payload);
	bundle_free(b);
	try_payload(in);
	return 0;
}

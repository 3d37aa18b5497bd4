/* Targets: key_from_spki(), key_from_x509(), pem_decode() and der_take(). */
#include "keys/der.h"
#include "keys/key.h"
#include "keys/pem.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

/* A key that is taken has one encoding, and says of no signature of zeros that it holds. */
static void
try_key(struct span in)
{
	static const uint8_t zeros[COSE_SIGNATURE_BYTES];
	struct err err = { 0 };
	struct key *key = NULL;
	bool taken = key_from_spki(&key, in, &err);

	promise(taken == (key != NULL) && taken == (err.code == ERR_NONE));
	promise(!taken || key_is(key, in));
	promise(!taken || key_verify(key, in, span_of(zeros, sizeof zeros)) == KEY_FAILS);
	key_free(key);
	if (key_from_x509(&key, in, NULL))
		key_free(key);
}

/* What decodes encodes to a file that decodes to the same. */
static void
try_pem(struct span in)
{
	struct buf der = BUF_EMPTY, pem = BUF_EMPTY, again = BUF_EMPTY;

	if (pem_decode(&der, PEM_PUBLIC_KEY, in, NULL)) {
		pem_encode(&pem, PEM_PUBLIC_KEY, buf_span(&der));
		promise(pem_decode(&again, PEM_PUBLIC_KEY, buf_span(&pem), NULL));
		promise(span_equal(buf_span(&again), buf_span(&der)));
	}
	buf_free(&again);
	buf_free(&pem);
	buf_free(&der);
}

/* A value that is read is written in the same bytes. */
static void
try_der(struct span in)
{
	static const enum der_tag tags[] = { DER_INTEGER, DER_OCTETS, DER_SEQUENCE };

	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		struct cursor c = cursor_over(in);
		struct buf again = BUF_EMPTY;
		struct span contents = der_take(&c, tags[i]);
		if (c.bad || in.ptr == NULL)
			continue;
		der_put(&again, tags[i], contents);
		promise(again.len == c.pos && memcmp(again.ptr, in.ptr, c.pos) == 0);
		buf_free(&again);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of(data, size);

	try_key(in);
	try_pem(in);
	try_der(in);
	return 0;
}

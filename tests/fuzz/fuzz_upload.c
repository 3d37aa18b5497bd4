/*
 * Targets: verifier/daemon/upload.c, and with it the reader of forms of libmicrohttpd. The input is the body; it
 * comes in two pieces.
 */
#include "core/limits.h"
#include "tests/fuzz/fuzz.h"
#include "tests/verifier/posted.h"

static void
is_bounded(const struct http_form *f)
{
	for (size_t i = 0; f != NULL && i < HTTP_FIELDS; i++)
		fuzz_promise(f->fields[i].len <=
		    (i == HTTP_FIELD_CODE ? LIMIT_QR_TEXT_BYTES : LIMIT_FORM_FIELD_BYTES));
	for (size_t i = 0; f != NULL && i < f->n_files; i++)
		fuzz_promise(f->files[i].bytes.len <= LIMIT_PDF_BYTES);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size <= 60000)
		fuzz_promise(posted(span_of(data, size), size / 2, size + 1, is_bounded));
	return 0;
}

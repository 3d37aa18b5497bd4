/* Targets: core/text.c, core/rfc3339.c, core/civil.c, core/encode.c. */
#include "core/encode.h"
#include "core/rfc3339.h"
#include "core/text.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

/* What may be signed comes through escaping unchanged, save the backslash. */
static void
try_text(struct span in)
{
	struct err err = { 0 };
	struct buf shown = BUF_EMPTY;

	bool field = text_check_field(in, 256, &err);
	promise(field || err.code != ERR_NONE);
	text_escape(&shown, in);
	if (field && in.len > 0 && memchr(in.ptr, '\\', in.len) == NULL)
		promise(span_equal(buf_span(&shown), in));
	promise(text_is_utf8(buf_span(&shown)));
	promise(text_columns(in) <= 2 * in.len);
	buf_free(&shown);
}

/* What parses has one instant, and writing that instant parses to the same. */
static void
try_time(struct span in)
{
	int64_t t_s;
	int64_t again_s;
	char text[RFC3339_TEXT_BYTES];

	if (!rfc3339_parse(&t_s, in, NULL))
		return;
	rfc3339_format(text, t_s);
	promise(rfc3339_parse(&again_s, span_text(text), NULL) && again_s == t_s);
}

/* Canonical: what decodes encodes to the same text. */
static void
try_base64(struct span in)
{
	struct buf bytes = BUF_EMPTY;
	struct buf text = BUF_EMPTY;

	if (base64_decode(&bytes, in, NULL)) {
		base64_encode(&text, buf_span(&bytes));
		promise(span_equal(buf_span(&text), in));
	}
	buf_free(&text);
	buf_free(&bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of(data, size);
	try_text(in);
	try_time(in);
	try_base64(in);
	return 0;
}

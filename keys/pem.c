#include "keys/pem.h"

#include "core/cursor.h"
#include "core/encode.h"

#define LINE 64 /* RFC 7468 2 */

void
pem_encode(struct buf *out, const char *label, struct span der)
{
	struct buf base64 = BUF_EMPTY;

	base64_encode(&base64, der);
	if (!buf_ok(&base64, NULL))
		out->bad = base64.bad;
	buf_printf(out, "-----BEGIN %s-----\n", label);
	for (size_t at = 0; at < base64.len; at += LINE) {
		size_t n = base64.len - at < LINE ? base64.len - at : LINE;
		buf_add(out, base64.ptr + at, n);
		buf_add_byte(out, '\n');
	}
	buf_printf(out, "-----END %s-----\n", label);
	buf_free(&base64);
}

bool
pem_decode(struct buf *out, const char *label, struct span text, struct err *err)
{
	struct buf base64 = BUF_EMPTY, line = BUF_EMPTY;
	struct cursor c = cursor_over(text);
	bool ok = false;

	buf_printf(&line, "-----BEGIN %s-----\n", label);
	cursor_expect(&c, buf_span(&line));
	while (cursor_peek(&c) >= 0 && cursor_peek(&c) != '-')
		buf_add_span(&base64, cursor_until(&c, '\n'));
	buf_free(&line);
	buf_printf(&line, "-----END %s-----\n", label);
	cursor_expect(&c, buf_span(&line));
	if (buf_ok(&base64, err) && buf_ok(&line, err))
		ok = (cursor_done(&c) && base64_decode(out, buf_span(&base64), NULL)) ||
		    err_set(err, ERR_MALFORMED, "not a PEM file with one %s", label);
	buf_free(&line);
	buf_free(&base64);
	return ok;
}

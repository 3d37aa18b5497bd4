#include "core/encode.h"

void
hex_encode(char *out, struct span in)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < in.len; i++) {
		out[2 * i] = digits[in.ptr[i] >> 4];
		out[2 * i + 1] = digits[in.ptr[i] & 15];
	}
	out[2 * in.len] = '\0';
}

static int
hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool
hex_decode(uint8_t *out, size_t n, struct span text, struct err *err)
{
	if (text.len % 2 != 0 || text.len / 2 != n)
		return err_set(err, ERR_MALFORMED, "%zu characters where %zu bytes in hex belong",
		    text.len, n);
	for (size_t i = 0; i < n; i++) {
		int high = hex_value(text.ptr[2 * i]);
		int low = hex_value(text.ptr[2 * i + 1]);
		if (high < 0 || low < 0)
			return err_set(
			    err, ERR_MALFORMED, "only 0-9 and a-f belong in hex (byte %zu)", i + 1);
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_encode(struct buf *out, struct span in)
{
	for (size_t i = 0; i < in.len; i += 3) {
		size_t n = in.len - i < 3 ? in.len - i : 3;
		uint32_t v = (uint32_t)in.ptr[i] << 16;
		if (n > 1)
			v |= (uint32_t)in.ptr[i + 1] << 8;
		if (n > 2)
			v |= in.ptr[i + 2];
		char quad[4] = { base64_digits[v >> 18], base64_digits[v >> 12 & 63], '=', '=' };
		if (n > 1)
			quad[2] = base64_digits[v >> 6 & 63];
		if (n > 2)
			quad[3] = base64_digits[v & 63];
		buf_add(out, quad, sizeof quad);
	}
}

static int
base64_value(uint8_t c)
{
	const char *at = c == '\0' ? NULL : strchr(base64_digits, c);
	return at == NULL ? -1 : (int)(at - base64_digits);
}

/* Four characters, the last `pad` of them '='. False if not canonical. */
static bool
decode_quad(uint8_t out[3], const uint8_t in[4], size_t pad)
{
	uint32_t v = 0;
	for (size_t i = 0; i < 4; i++) {
		int digit = i < 4 - pad ? base64_value(in[i]) : 0;
		if (digit < 0)
			return false;
		v = v << 6 | (uint32_t)digit;
	}
	out[0] = (uint8_t)(v >> 16);
	out[1] = (uint8_t)(v >> 8);
	out[2] = (uint8_t)v;
	return (v & ((UINT32_C(1) << 8 * pad) - 1)) == 0; /* the spare bits */
}

bool
base64_decode(struct buf *out, struct span text, struct err *err)
{
	size_t before = out->len;
	size_t pad = 0;
	uint8_t bytes[3];

	if (text.len % 4 != 0)
		return err_set(err, ERR_MALFORMED,
		    "base64 comes in groups of 4 characters, not %zu", text.len);
	while (pad < 2 && pad < text.len && text.ptr[text.len - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < text.len; i += 4) {
		size_t missing = i + 4 == text.len ? pad : 0;
		if (!decode_quad(bytes, text.ptr + i, missing)) {
			out->len = before;
			return err_set(err, ERR_MALFORMED,
			    "not canonical base64 (characters %zu to %zu)", i + 1, i + 4);
		}
		buf_add(out, bytes, 3 - missing);
	}
	return buf_ok(out, err);
}

void
base32_encode5(char out[9], const uint8_t in[5])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford's */
	uint64_t v = 0;

	for (size_t i = 0; i < 5; i++)
		v = v << 8 | in[i];
	for (size_t i = 0; i < 8; i++)
		out[i] = digits[v >> (35 - 5 * i) & 31];
	out[8] = '\0';
}

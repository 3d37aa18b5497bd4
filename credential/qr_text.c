#include "credential/qr_text.h"

#include "core/cursor.h"
#include "core/limits.h"

#include <assert.h>

#define SCHEME "https://"
#define PATH "q/1/"
#define GROUP_BYTES 7
#define GROUP_DIGITS 17

/* Digits for a group of this many bytes: the fewest that hold 256^k - 1. */
static const size_t digits_of[GROUP_BYTES + 1] = { 0, 3, 5, 8, 10, 13, 15, GROUP_DIGITS };

/* Lower-case host name: labels of 1 to 63 letters, digits and inner hyphens (RFC 1123 2.1). */
static bool
is_host(struct span host)
{
	struct cursor c = cursor_over(host);
	uint8_t before = '.';
	size_t label = 0;

	while (cursor_left(&c) > 0) {
		uint8_t at = cursor_u8(&c);
		bool letter = (at >= 'a' && at <= 'z') || (at >= '0' && at <= '9');
		if (!letter && !(at == '-' && before != '.') && !(at == '.' && before != '-'))
			return false;
		if (at == '.' && label == 0)
			return false;
		label = at == '.' ? 0 : label + 1;
		if (label > 63)
			return false;
		before = at;
	}
	return label > 0 && before != '-' && host.len <= LIMIT_HOST_BYTES;
}

bool
qr_text_prefix(struct buf *out, struct span host, struct err *err)
{
	if (!is_host(host))
		return err_set(err, ERR_MALFORMED,
		    "the host of a code is a lower-case name without port, at most %d bytes",
		    LIMIT_HOST_BYTES);
	buf_add_text(out, SCHEME);
	buf_add_span(out, host);
	buf_add_text(out, "/" PATH);
	return true;
}

/* What printf() would do with "%0*", in a tenth of the time: a daemon writes each code that it confirms. */
static void
add_group(struct buf *out, uint64_t value, size_t digits)
{
	uint8_t text[GROUP_DIGITS];

	for (size_t i = digits; i > 0; i--) {
		text[i - 1] = (uint8_t)('0' + value % 10);
		value /= 10;
	}
	buf_add(out, text, digits);
}

void
qr_text_digits(struct buf *out, struct span qc1)
{
	struct cursor c = cursor_over(qc1);

	assert(qc1.len > 0 && qc1.len <= LIMIT_QC1_BYTES);
	while (cursor_left(&c) > 0) {
		size_t n = cursor_left(&c) < GROUP_BYTES ? cursor_left(&c) : GROUP_BYTES;
		add_group(out, cursor_be(&c, n), digits_of[n]);
	}
}

static bool
is_digits(struct span s)
{
	bool only = true;

	for (size_t i = 0; i < s.len; i++)
		only &= s.ptr[i] >= '0' && s.ptr[i] <= '9';
	return only;
}

bool
qr_text_parse(struct qr_text *out, struct span text, struct err *err)
{
	if (text.len > LIMIT_QR_TEXT_BYTES)
		return err_set(err, ERR_LIMIT, "code text: %zu bytes; the longest we print is %d",
		    text.len, LIMIT_QR_TEXT_BYTES);

	struct cursor c = cursor_over(text);
	bool ours = cursor_expect(&c, span_text(SCHEME));
	struct span host = cursor_until(&c, '/');
	ours = ours && cursor_expect(&c, span_text(PATH));
	struct span digits = cursor_rest(&c);
	if (!ours || !is_host(host) || digits.len == 0 || !is_digits(digits))
		return err_set(err, ERR_MALFORMED,
		    "the text is not https://HOST/q/1/ followed by digits only");
	if (digits.len > LIMIT_QR_DIGITS)
		return err_set(err, ERR_LIMIT, "code text: %zu digits; the longest we print has %d",
		    digits.len, LIMIT_QR_DIGITS);
	*out = (struct qr_text){ host, digits };
	return true;
}

/* How many bytes a group of this many digits holds; 0 if no group has that many. */
static size_t
bytes_of(size_t digits)
{
	for (size_t n = GROUP_BYTES; n > 0; n--)
		if (digits_of[n] == digits)
			return n;
	return 0;
}

bool
qr_text_decode(struct buf *out, struct span digits, struct err *err)
{
	if (digits.len > LIMIT_QR_DIGITS)
		return err_set(err, ERR_LIMIT, "code: %zu digits; the longest we print has %d",
		    digits.len, LIMIT_QR_DIGITS);
	if (digits.len == 0 || !is_digits(digits))
		return err_set(err, ERR_MALFORMED, "code: something else than digits");

	struct cursor c = cursor_over(digits);
	while (cursor_left(&c) > 0) {
		size_t len = cursor_left(&c) < GROUP_DIGITS ? cursor_left(&c) : GROUP_DIGITS;
		struct span group = cursor_take(&c, len);
		size_t bytes = bytes_of(len);
		uint64_t value = 0;
		for (size_t i = 0; i < len; i++)
			value = value * 10 + (uint64_t)(group.ptr[i] - '0');
		if (bytes == 0 || value >> (8 * bytes) != 0)
			return err_set(err, ERR_MALFORMED,
			    "code: the digits before digit %zu are no group of ours", c.pos + 1);
		buf_add_be(out, value, bytes);
	}
	return buf_ok(out, err);
}

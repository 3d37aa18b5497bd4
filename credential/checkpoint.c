#include "credential/checkpoint.h"

#include "core/cursor.h"
#include "core/encode.h"
#include "credential/note.h"

#define SIZE_MOST ((uint64_t)INT64_MAX) /* what a signed number of any language holds */

/* Decimal without leading zeros. */
static bool
parse_size(uint64_t *out, struct span digits)
{
	uint64_t v = 0;

	if (digits.len == 0 || (digits.ptr[0] == '0' && digits.len > 1))
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		unsigned d = (unsigned)digits.ptr[i] - (unsigned)'0';
		if (d > 9 || v > (SIZE_MOST - d) / 10)
			return false;
		v = 10 * v + d;
	}
	*out = v;
	return true;
}

static bool
parse_root(struct merkle_hash *out, struct span text, struct err *err)
{
	struct buf root = BUF_EMPTY;
	bool ok = base64_decode(&root, text, err);

	if (ok && root.len != SHA256_BYTES)
		ok = err_set(err, ERR_MALFORMED, "%zu bytes; it has %d", root.len, SHA256_BYTES);
	if (ok)
		memcpy(out->b, root.ptr, SHA256_BYTES);
	buf_free(&root);
	return ok;
}

bool
checkpoint_parse(struct checkpoint *out, struct span text, struct err *err)
{
	struct cursor c = cursor_over(text);
	struct span origin = cursor_until(&c, '\n');
	struct span size = cursor_until(&c, '\n');
	struct span root = cursor_until(&c, '\n');

	if (!cursor_done(&c) || origin.len == 0)
		return err_set(
		    err, ERR_MALFORMED, "checkpoint: not the three lines origin, size and root");
	if (!parse_size(&out->size, size))
		return err_set(err, ERR_MALFORMED, "checkpoint: the size is not a whole number");
	if (!parse_root(&out->root, root, err))
		return err_in(err, "checkpoint: the root");
	out->origin = origin;
	return true;
}

bool
checkpoint_parse_note(struct checkpoint *out, struct span note, struct err *err)
{
	struct note parsed;

	return note_parse(&parsed, note, err) && checkpoint_parse(out, parsed.text, err);
}

void
checkpoint_encode(struct buf *out, const struct checkpoint *c)
{
	buf_add_span(out, c->origin);
	buf_printf(out, "\n%llu\n", (unsigned long long)c->size);
	base64_encode(out, span_of(c->root.b, SHA256_BYTES));
	buf_add_byte(out, '\n');
}

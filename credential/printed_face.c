#include "credential/printed_face.h"

#include "credential/act_body_parts.h"
#include "credential/cbor.h"

#include <stdlib.h>

/* The order of map keys: all names are text, so the shorter first, then bytewise. */
static int
by_name(const void *left, const void *right)
{
	const struct span a = ((const struct printed_field *)left)->name;
	const struct span b = ((const struct printed_field *)right)->name;

	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len > 0 ? memcmp(a.ptr, b.ptr, a.len) : 0;
}

void
printed_face_encode(struct buf *out, const struct printed_face *face)
{
	struct printed_face sorted = *face;

	qsort(sorted.field, sorted.count, sizeof sorted.field[0], by_name);
	cbor_put_map(out, sorted.count);
	for (size_t i = 0; i < sorted.count; i++) {
		cbor_put_text(out, sorted.field[i].name);
		cbor_put_text(out, sorted.field[i].text);
	}
}

static void
take_fields(struct printed_face *out, struct cbor_in *c)
{
	struct cbor_map m = cbor_in_map(c);

	out->count = 0;
	if (m.left == 0 || m.left > LIMIT_FACE_FIELDS)
		cbor_in_fail(c, "no printed field, or too many");
	while (cbor_in_next(c, &m)) {
		struct printed_field *field = &out->field[out->count++];
		field->name = cbor_in_text(c, 1, ACT_BODY_ID_BYTES);
		field->text = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	}
}

bool
printed_face_parse(struct printed_face *out, struct span map, struct err *err)
{
	struct cbor_in c = cbor_in_over(map, 1);

	take_fields(out, &c);
	if (!cbor_in_done(&c, err))
		return err_in(err, "printed fields");
	for (size_t i = 0; i < out->count; i++)
		if (!act_body_check_text(out->field[i].name, "name of a printed field", err) ||
		    !act_body_check_text(out->field[i].text, "printed field", err))
			return false;
	return true;
}

struct span
printed_face_text(struct span map, const char *name)
{
	struct cbor_in c = cbor_in_over(map, 1);
	struct cbor_map m = cbor_in_map(&c);

	while (cbor_in_next(&c, &m)) {
		const struct span n = cbor_in_text(&c, 1, ACT_BODY_ID_BYTES);
		const struct span text = cbor_in_text(&c, 1, LIMIT_FIELD_BYTES);
		if (span_is(n, name))
			return text;
	}
	return (struct span){ NULL, 0 };
}

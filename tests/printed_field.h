/* The least that a certificate may have printed on it. */
#ifndef TESTS_PRINTED_FIELD_H
#define TESTS_PRINTED_FIELD_H

#include "credential/printed_face.h"

#define PRINTED_FIELD_BYTES 512

/* The map of one field, in the room given. */
static inline struct span
printed_field_only(uint8_t room[PRINTED_FIELD_BYTES], const char *name, struct span text)
{
	const struct printed_face face = { .field = { { span_text(name), text } }, .count = 1 };
	struct buf map = BUF_EMPTY;

	printed_face_encode(&map, &face);
	const size_t len = map.len;
	memcpy(room, map.ptr, len < PRINTED_FIELD_BYTES ? len : PRINTED_FIELD_BYTES);
	buf_free(&map);
	return span_of(room, len);
}

#endif

/* A right message in hex and the one change that makes it wrong. */
#ifndef TESTS_CREDENTIAL_EDIT_H
#define TESTS_CREDENTIAL_EDIT_H

#include "core/buf.h"
#include "core/encode.h"
#include "tests/test.h"

#include <stdlib.h>

/* Replace the one place of `from` in hex text; an empty `from` changes nothing. */
static inline void
edit_replace(struct buf *hex, const char *from, const char *to, const char *row)
{
	if (*from == '\0')
		return;
	struct buf changed = BUF_EMPTY;
	const char *text = buf_text(hex);
	const char *at = strstr(text, from);
	CHECK_ROW(at != NULL && strstr(at + 1, from) == NULL, row);
	buf_add(&changed, text, (size_t)(at - text));
	buf_add_text(&changed, to);
	buf_add_text(&changed, at + strlen(from));
	buf_free(hex);
	*hex = changed;
}

static inline void
edit_to_bytes(struct buf *out, const struct buf *hex, const char *row)
{
	uint8_t *room = malloc(hex->len / 2 + 1);
	CHECK_ROW(hex_decode(room, hex->len / 2, buf_span(hex), NULL), row);
	buf_add(out, room, hex->len / 2);
	free(room);
}

#endif

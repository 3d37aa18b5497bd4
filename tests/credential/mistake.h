/* Tables of mistakes: a good encoding with one thing wrong in it, written as find and put in hex. */
#ifndef TESTS_CREDENTIAL_MISTAKE_H
#define TESTS_CREDENTIAL_MISTAKE_H

#include "core/buf.h"
#include "core/encode.h"
#include "tests/test.h"

struct mistake {
	const char *row;  /* its name */
	const char *find; /* hex; must stand in the good encoding */
	const char *put;  /* hex; in its place */
	const char *says; /* stands in the sentence that refuses it */
};

/* The bytes of a hex text; the caller frees. */
static inline struct buf
mistake_bytes(const char *hex)
{
	struct buf b = BUF_EMPTY;

	for (size_t i = 0; i < strlen(hex) / 2; i++) {
		uint8_t byte = 0;
		assert_true(hex_decode(&byte, 1, span_of(hex + 2 * i, 2), NULL));
		buf_add_byte(&b, byte);
	}
	return b;
}

/* `good` with the first place where `find` stands replaced; the caller frees. */
static inline struct buf
mistake_made(struct span good, const struct mistake *m)
{
	struct buf find = mistake_bytes(m->find), put = mistake_bytes(m->put), out = BUF_EMPTY;
	const uint8_t *at = memmem(good.ptr, good.len, find.ptr, find.len);

	CHECK_ROW(at != NULL, m->row);
	size_t before = (size_t)(at - good.ptr);
	buf_add(&out, good.ptr, before);
	buf_add_span(&out, buf_span(&put));
	buf_add(&out, at + find.len, good.len - before - find.len);
	buf_free(&find);
	buf_free(&put);
	return out;
}

/* It was refused, as malformed, for the reason the row names. */
static inline void
mistake_named(const struct mistake *m, bool refused, const struct err *err)
{
	CHECK_ROW(refused, m->row);
	if (strstr(err->text, m->says) == NULL)
		fail_msg("%s: it says: %s", m->row, err->text);
	CHECK_ROW(err->code == ERR_MALFORMED, m->row);
}

#endif

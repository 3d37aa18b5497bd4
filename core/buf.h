/*
 * Owned, growing bytes. Writers are sticky: when memory runs out or the ceiling is reached the
 * buffer turns bad, later writes do nothing, and buf_ok() says so once at the end.
 */
#ifndef CORE_BUF_H
#define CORE_BUF_H

#include "core/err.h"
#include "core/span.h"

struct buf {
	uint8_t *ptr;      /* owned; NULL while empty */
	size_t len;        /* bytes in use */
	size_t cap;        /* bytes allocated */
	enum err_code bad; /* ERR_MEMORY, ERR_LIMIT (over LIMIT_BUF_BYTES) or ERR_NONE */
};

/* A zeroed struct buf is an empty one. */
#define BUF_EMPTY ((struct buf){ NULL, 0, 0, ERR_NONE })

/* Free the bytes and make it empty again; accepts an empty one. buf_wipe() also overwrites them. */
void buf_free(struct buf *b);
void buf_wipe(struct buf *b);

/* Room for so many bytes more, where it is known: they are then not moved while they come in. */
void buf_reserve(struct buf *b, size_t more);

/* What is added must not lie in the buffer itself. */
void buf_add(struct buf *b, const void *ptr, size_t len);
void buf_add_span(struct buf *b, struct span s);
void buf_add_text(struct buf *b, const char *s);
void buf_add_byte(struct buf *b, uint8_t v);
/* Big-endian integers, `bytes` 1 to 8; v must fit. */
void buf_add_be(struct buf *b, uint64_t v, size_t bytes);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The bytes so far, borrowed until the next write or free. */
struct span buf_span(const struct buf *b);
/* The bytes so far as a C string (a NUL is kept behind them, not counted in len); NULL when bad. */
const char *buf_text(struct buf *b);

/* True if nothing failed; else sets ERR_MEMORY or ERR_LIMIT. */
MUST_CHECK bool buf_ok(const struct buf *b, struct err *err);

#endif

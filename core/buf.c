#include "core/buf.h"

#include "core/limits.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Room for `more` bytes and a NUL behind them. Never realloc(): the old bytes may be a secret, and
 * it would leave a copy of them behind.
 */
static bool
reserve(struct buf *b, size_t more)
{
	if (b->bad != ERR_NONE)
		return false;
	if (more > LIMIT_BUF_BYTES - b->len) { /* len <= LIMIT_BUF_BYTES, always */
		b->bad = ERR_LIMIT;
		return false;
	}
	size_t need = b->len + more + 1;
	if (need <= b->cap)
		return true;

	size_t cap = b->cap < 64 ? 64 : b->cap * 2;
	if (cap < need)
		cap = need;
	uint8_t *ptr = malloc(cap);
	if (ptr == NULL) {
		b->bad = ERR_MEMORY;
		return false;
	}
	if (b->ptr != NULL) {
		memcpy(ptr, b->ptr, b->len);
		explicit_bzero(b->ptr, b->cap);
		free(b->ptr);
	}
	b->ptr = ptr;
	b->cap = cap;
	return true;
}

void
buf_reserve(struct buf *b, size_t more)
{
	reserve(b, more);
}

void
buf_free(struct buf *b)
{
	free(b->ptr);
	*b = BUF_EMPTY;
}

void
buf_wipe(struct buf *b)
{
	if (b->ptr != NULL)
		explicit_bzero(b->ptr, b->cap);
	buf_free(b);
}

void
buf_add(struct buf *b, const void *ptr, size_t len)
{
	if (len == 0 || !reserve(b, len))
		return;
	memcpy(b->ptr + b->len, ptr, len);
	b->len += len;
}

void
buf_add_span(struct buf *b, struct span s)
{
	buf_add(b, s.ptr, s.len);
}

void
buf_add_text(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_add_byte(struct buf *b, uint8_t v)
{
	buf_add(b, &v, 1);
}

void
buf_add_be(struct buf *b, uint64_t v, size_t bytes)
{
	assert(bytes >= 1 && bytes <= 8);
	assert(bytes == 8 || v >> (8 * bytes) == 0);
	uint8_t be[8];
	for (size_t i = bytes; i-- > 0; v >>= 8)
		be[i] = (uint8_t)v;
	buf_add(b, be, bytes);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0) { /* a text of more than INT_MAX bytes */
		b->bad = ERR_LIMIT;
		return;
	}
	if (!reserve(b, (size_t)len))
		return;
	va_start(args, fmt);
	vsnprintf((char *)b->ptr + b->len, (size_t)len + 1, fmt, args);
	va_end(args);
	b->len += (size_t)len;
}

struct span
buf_span(const struct buf *b)
{
	return span_of(b->ptr, b->len);
}

const char *
buf_text(struct buf *b)
{
	if (!reserve(b, 0))
		return NULL;
	b->ptr[b->len] = '\0';
	return (const char *)b->ptr;
}

bool
buf_ok(const struct buf *b, struct err *err)
{
	if (b->bad == ERR_MEMORY)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (b->bad != ERR_NONE)
		return err_set(err, b->bad, "more than %u bytes, the longest object we handle",
		    LIMIT_BUF_BYTES);
	return true;
}

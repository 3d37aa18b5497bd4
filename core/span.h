/* Borrowed bytes. A span owns nothing; what it points at must outlive it. */
#ifndef CORE_SPAN_H
#define CORE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *ptr; /* NULL if and only if len is 0 */
	size_t len;         /* bytes */
};

static inline struct span
span_of(const void *ptr, size_t len)
{
	return (struct span){ len > 0 ? (const uint8_t *)ptr : NULL, len };
}

/* The bytes of a C string, without its NUL. */
static inline struct span
span_text(const char *s)
{
	return span_of(s, strlen(s));
}

/* For public data only: stops at the first difference. Secrets go through CRYPTO_memcmp. */
static inline bool
span_equal(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool
span_is(struct span a, const char *s)
{
	return span_equal(a, span_text(s));
}

#endif

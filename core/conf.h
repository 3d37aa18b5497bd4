/*
 * Configuration files: INI with one section, read so that no mistake passes (the library that knows the format
 * cuts long lines and takes the last of two). A library of its own (core_conf).
 */
#ifndef CORE_CONF_H
#define CORE_CONF_H

#include "core/buf.h"

#define CONF_KEYS 32 /* most a file may know */

struct conf_format {
	const char *section;
	const char *const *keys; /* their names */
	size_t n_keys;
	/*
	 * Take the value, never empty, of a key, by its index in `keys`. ERR_MALFORMED with a sentence if it is
	 * none: file and line are put before it.
	 */
	bool (*set)(void *ctx, size_t key, const char *value, struct err *err);
};

/*
 * Read a file's text, whose name is for messages. Blank lines, lines that begin with # or ;, and what follows a
 * blank and ; are passed over.
 *
 *   lines     n_keys of them: the line each key stands in, 0 where it does not
 *   ctx       for set()
 *   mistakes  every mistake is appended, "FILE:LINE: sentence" a line; NULL: reading ends at the first
 *
 * ERR_MALFORMED  the first mistake: a line of more than LIMIT_CONF_LINE_BYTES, one that is no "key = value", a key
 *                that is unknown, repeated or in another section, a value that is missing or none
 */
MUST_CHECK bool conf_parse(unsigned lines[], const struct conf_format *format, void *ctx,
    struct span text, const char *name, struct buf *mistakes, struct err *err);

#endif

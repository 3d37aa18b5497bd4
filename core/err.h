/*
 * Errors are sentences: a code for the program to decide on and a text for a person to act on.
 *
 * Whoever detects a fault writes the sentence with err_set(); whoever knows the context adds it
 * once with err_in(). Nothing below main() and httpd.c prints. A verdict "not genuine" is an
 * answer, never an error.
 */
#ifndef CORE_ERR_H
#define CORE_ERR_H

#include <stdbool.h>

#define MUST_CHECK __attribute__((warn_unused_result))

enum err_code {
	ERR_NONE = 0,
	ERR_MALFORMED, /* the bytes break their format */
	ERR_LIMIT,     /* more than core/limits.h allows */
	ERR_REFUSED,   /* well formed, but a rule says no; the text names the rule */
	ERR_NOT_FOUND, /* what was named does not exist */
	ERR_CONFLICT,  /* it exists already, or somebody came first */
	ERR_BUSY,      /* try again: another process holds it */
	ERR_IO,        /* the system refused: disk, file, permission */
	ERR_CRYPTO,    /* the crypto library failed, or a signature of our own does not verify */
	ERR_USAGE,     /* the person called us wrongly */
	ERR_MEMORY     /* out of memory */
};

#define ERR_TEXT_BYTES 512

/* Lives in the caller's frame; zero it before first use. */
struct err {
	enum err_code code;
	char text[ERR_TEXT_BYTES]; /* UTF-8, NUL terminated, cut at a character if too long */
};

/*
 * Each of these is false, so that failing takes one line: `return err_set(...)`. `err` may be NULL.
 *
 *   err_set(err, code, fmt, ...)  set code and sentence
 *   err_in(err, fmt, ...)         put context before the sentence: err_in(err, "certificate %s", no)
 *                                 gives "certificate A-17: ..."
 *   err_errno(err, fmt, ...)      as err_set with ERR_IO, adding strerror(errno) of the failed call:
 *                                 err_errno(err, "open %s", path)
 *
 * They are macros so that the compiler and the analyser, too, know them to be false.
 */
#define err_set(...) err_false((err_write(__VA_ARGS__), 0))
#define err_in(...) err_false((err_write_in(__VA_ARGS__), 0))
#define err_errno(...) err_false((err_write_errno(__VA_ARGS__), 0))

void err_write(struct err *err, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void err_write_in(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void err_write_errno(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline bool
err_false(int written)
{
	(void)written;
	return false;
}

#endif

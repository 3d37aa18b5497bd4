/*
 * What is wrong with a paper handed in: every fault at once, each with a code, how grave it is, where it
 * is (JSON Pointer, RFC 6901), and a sentence in both languages that says what is wrong and what to do.
 */
#ifndef ISSUER_DEFECT_H
#define ISSUER_DEFECT_H

#include "core/buf.h"
#include "core/lang.h"

enum severity {
	SEVERITY_INFO, /* worth a look, needs nothing */
	SEVERITY_WARN, /* an officer must look; refuses nothing by itself */
	SEVERITY_ERROR /* with one of these the paper is refused */
};

struct defect {
	const char *code; /* "ORG-02"; static */
	enum severity severity;
	char *path; /* owned, like the sentences */
	char *zh;
	char *en;
};

/* In the order found, which is the same for the same input. A zeroed struct is an empty list. */
struct defects {
	struct defect *items;
	size_t count, cap;
	size_t left_off; /* found beyond LIMIT_DEFECTS */
	bool bad;        /* out of memory: the list is not complete */
};

void defects_free(struct defects *d);

/* Both sentences take the same arguments in the same order. */
void defects_add(struct defects *d, const char *code, enum severity severity, const char *path,
    const char *zh, const char *en, ...)
    __attribute__((format(printf, 5, 7), format(printf, 6, 7)));

size_t defects_count(const struct defects *d, enum severity severity);
/* True if the list is complete; else sets ERR_MEMORY. Ask before believing an empty list. */
MUST_CHECK bool defects_ok(const struct defects *d, struct err *err);

/* Append the list for people, two lines a defect, and a line of totals; nothing for an empty list. */
void defects_text(struct buf *out, const struct defects *d, enum lang lang);
/* Append {"defects": [{code, severity, path, zh, en}], "errors", "warnings", "notes", "left_off"}. */
MUST_CHECK bool defects_json(struct buf *out, const struct defects *d, struct err *err);

/* Text of somebody else inside a sentence or path: escaped, cut to a bearable length. */
struct quoted {
	char text[160];
};
struct quoted defect_quote(struct span s);

/* A path made like printf, for the length of one expression: defect_path("/a/%zu", i).text */
struct defect_path {
	char text[200];
};
struct defect_path defect_path(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif

/*
 * Strict reading of a JSON paper: duplicate keys, unknown keys, wrong types and text that cannot be
 * signed are faults, each noted with its path, and reading goes on to find the next. What could not be
 * read is an empty span or 0, so rules must pass over empty fields.
 *
 * SHAPE-01 unknown key        SHAPE-02 missing        SHAPE-03 wrong type or length of a list
 * SHAPE-04 text that cannot be signed        SHAPE-05 not one of the words admitted
 * SHAPE-06 not a date         SHAPE-07 not a SHA-256 digest
 */
#ifndef ISSUER_SHAPE_H
#define ISSUER_SHAPE_H

#include "core/civil.h"
#include "issuer/defect.h"

#include <jansson.h>

/* Where we are in the paper: lives in the caller's frame, value is NULL where nothing stands. */
struct shape {
	const json_t *value;
	const struct shape *up; /* NULL at the root */
	const char *key;        /* in the object above, or NULL: then `index` in the list above */
	size_t index;
	struct defects *defects;
};

/*
 * Parse one JSON object: at most max_bytes, LIMIT_JSON_DEPTH deep, no duplicate key, nothing behind it.
 *   out  new tree; the caller frees it with json_decref().
 */
MUST_CHECK bool shape_load(json_t **out, struct span in, size_t max_bytes, struct err *err);

/* Append the one form that is signed: keys sorted, no blanks. */
MUST_CHECK bool shape_encode(struct buf *out, const json_t *tree, struct err *err);

struct shape shape_root(const json_t *tree, struct defects *defects);

/* `keys` ends with NULL: the only ones admitted. False (and noted) if the value is no object. */
bool shape_object(const struct shape *at, const char *const *keys);

enum shape_need { SHAPE_OPTIONAL, SHAPE_REQUIRED };

/* The value of a key; a missing one is noted if required. */
struct shape shape_member(const struct shape *object, const char *key, enum shape_need need);
/* How many items a list has, at most LIMIT_LIST_ITEMS; 0 if it is missing or wrong. */
size_t shape_count(const struct shape *list);
struct shape shape_item(const struct shape *list, size_t index);

/* Text of one line that may be signed, at most LIMIT_FIELD_BYTES; borrowed from the tree. */
struct span shape_text(const struct shape *at);
/* Index of the text in `words` (which ends with NULL) plus 1; 0 if it is none of them. */
unsigned shape_word(const struct shape *at, const char *const *words);
/* False with a zeroed date if there is none. */
bool shape_date(struct civil_date *out, const struct shape *at);
/* 64 lower-case hex digits; borrowed. */
struct span shape_digest(const struct shape *at);
bool shape_bool(const struct shape *at);
/* 0 to 1,000,000. */
unsigned shape_number(const struct shape *at);

/* Note a fault here. */
#define shape_fault(at, code, ...)                                                                 \
	defects_add((at)->defects, code, SEVERITY_ERROR, shape_path(at).text, __VA_ARGS__)
struct defect_path shape_path(const struct shape *at);

#endif

/*
 * Strict reading of a JSON paper: duplicate keys, unknown keys, wrong types and text that cannot be
 * signed are faults, each noted with its path, and reading goes on to find the next. What could not be
 * read is an empty span, 0 or false, so whoever judges the contents passes over what is empty.
 *
 * SHAPE-01 unknown key
 * SHAPE-02 missing
 * SHAPE-03 wrong type, or too many items
 * SHAPE-04 text that cannot be signed (core/text.h)
 * SHAPE-05 not one of the words admitted
 * SHAPE-06 not a date YYYY-MM-DD
 * SHAPE-07 not a SHA-256 digest in lower-case hex
 */
#ifndef ISSUER_SHAPE_H
#define ISSUER_SHAPE_H

#include "core/civil.h"
#include "issuer/defect.h"

#include <jansson.h>

/* A place in the paper. Lives in the caller's frame, below the place it lies in. */
struct shape {
	const json_t *value;    /* NULL where nothing stands */
	const struct shape *up; /* NULL at the root */
	const char *key;        /* in the object above; NULL: `index` in the list above */
	size_t index;
	struct defects *defects; /* where faults are noted */
};

enum shape_need { SHAPE_OPTIONAL, SHAPE_REQUIRED };

/*
 * Parse one JSON object: at most max_bytes, LIMIT_JSON_DEPTH deep, no duplicate key, nothing behind it.
 *   out  new tree; the caller frees it with json_decref(). NULL on failure.
 */
MUST_CHECK bool shape_load(json_t **out, struct span in, size_t max_bytes, struct err *err);

/* Append the one form that is signed: keys sorted, no blanks. Parsing it gives the same again. */
MUST_CHECK bool shape_encode(struct buf *out, const json_t *tree, struct err *err);

struct shape shape_root(const json_t *tree, struct defects *defects);
struct shape shape_member(const struct shape *object, const char *key, enum shape_need need);
struct shape shape_item(const struct shape *list, size_t index);
struct defect_path shape_path(const struct shape *at);

/* Note the keys that are not in `keys`, which ends with NULL, or that this is no object. */
void shape_keys(const struct shape *object, const char *const *keys);

/*
 * Zeroed room for every item of a list; the caller frees it with free(). NULL and 0 if the list is
 * missing, wrong or empty; defects->bad when out of memory.
 */
void *shape_array(size_t *count, const struct shape *list, size_t item_bytes);

/* Text of one line, borrowed from the tree. */
struct span shape_text(
    const struct shape *object, const char *key, enum shape_need need, size_t max_bytes);
struct span shape_item_text(const struct shape *list, size_t index);
/* Place of the text in `words`, which ends with NULL, from 1; 0 if it is none of them. */
unsigned shape_word(const struct shape *object, const char *key, const char *const *words);
/* Zeroed if there is none. */
struct civil_date shape_date(const struct shape *object, const char *key, enum shape_need need);
struct span shape_digest(const struct shape *object, const char *key, enum shape_need need);
/* A tick that is not there is not set. */
bool shape_bool(const struct shape *object, const char *key);
/* 0 to 1,000,000. */
unsigned shape_number(const struct shape *object, const char *key);

#endif

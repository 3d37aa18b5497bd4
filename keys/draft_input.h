/* What a bundle's description is made of: JSON, files beside it, days. Inside of keys/bundle_draft.h. */
#ifndef KEYS_DRAFT_INPUT_H
#define KEYS_DRAFT_INPUT_H

#include "core/buf.h"
#include "core/err.h"

#include <jansson.h>

/* The description and every file it names; spans point into these until draft_input_close(). */
struct draft_input {
	json_t *json;
	char *folder; /* of the description, with its last slash */
	struct buf *files;
	size_t n_files;
};

MUST_CHECK bool draft_input_open(struct draft_input *out, const char *path, struct err *err);
void draft_input_close(struct draft_input *in);

/* A file beside the description; borrowed from `in`. */
MUST_CHECK bool draft_input_file(
    struct span *out, struct draft_input *in, const char *name, size_t max_bytes, struct err *err);
/* The bytes of a PEM file with this label. */
MUST_CHECK bool draft_input_pem(
    struct span *out, struct draft_input *in, const char *name, const char *label, struct err *err);

enum draft_end { DRAFT_FROM, DRAFT_UNTIL };

/* A day at +08:00, its first or its last second, or an RFC 3339 instant. */
MUST_CHECK bool draft_time(int64_t *out_s, const char *text, enum draft_end end, struct err *err);
MUST_CHECK bool draft_window(
    int64_t *from_s, int64_t *until_s, const char *from, const char *until, struct err *err);

/* Zeroed room for the items of a JSON list. False: no list, or out of memory. */
MUST_CHECK bool draft_list(void **out, size_t *n, const json_t *list, size_t item_bytes,
    const char *what, struct err *err);

/* "WHAT: TEXT" of a JSON error, ERR_MALFORMED; always false. */
bool draft_malformed(struct err *err, const char *what, const json_error_t *error);

/* A string of the list as a span; empty if it is no string. */
struct span draft_text(const json_t *value);

#endif

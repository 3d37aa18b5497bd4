/*
 * The face of a certificate: every text printed on it but the code and its check code, which follow
 * from the credential. Two officers sign the face with the claims; the page is drawn from it and from
 * nothing else. In an act it is a CBOR map of text to text.
 */
#ifndef ISSUER_FACE_H
#define ISSUER_FACE_H

#include "core/err.h"
#include "core/lang.h"
#include "core/span.h"

#include <stddef.h>

struct face_field {
	const char *name;  /* static, one of the closed list in face.c */
	const char *value; /* owned by the face; UTF-8, never empty */
};

/*
 * Fields in the order of their encoded names (RFC 8949 4.2.1: shorter names first, then bytewise), so
 * that an encoder writes them as they stand. A zeroed struct face is an empty one.
 */
struct face {
	struct face_field *fields; /* owned */
	size_t count;
};

/*
 * Give a field its text, copied; an empty text takes the field away, so that "absent" has one form.
 *
 * ERR_REFUSED    no such field; text that may not be signed (text_check_field), or that a PDF keeps for
 *                itself, since the face stands unfiltered in the attachment
 * ERR_MALFORMED  not UTF-8
 * ERR_LIMIT      longer than LIMIT_FIELD_BYTES
 */
MUST_CHECK bool face_set(struct face *face, const char *name, const char *value, struct err *err);

/* The text of a field, borrowed until the next face_set(); NULL when absent. */
const char *face_find(const struct face *face, const char *name);

/* Is this a field a face can have? */
bool face_knows(const char *name);

/* What people call a field, in their language; NULL: a face has none such. */
const char *face_label(struct span name, enum lang lang);

/* Are all the fields there that no certificate may lack? ERR_REFUSED names the first missing one. */
MUST_CHECK bool face_complete(const struct face *face, struct err *err);

void face_free(struct face *face);

#endif

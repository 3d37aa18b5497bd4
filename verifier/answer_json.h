/* An answer for machines: docs/verdict.schema.json says what stands in it. Never translated. */
#ifndef VERIFIER_ANSWER_JSON_H
#define VERIFIER_ANSWER_JSON_H

#include "core/buf.h"
#include "verifier/answer.h"

#include <jansson.h>

/* A new object, the caller's; NULL if memory ran out. `input` names what was handed in; may be NULL. */
json_t *answer_json(const struct answer *a, const char *input);

/* The name of an input as a text of JSON, which is UTF-8, while a file's name is any bytes: those are escaped. */
void answer_json_name(struct buf *out, const char *input);

#endif

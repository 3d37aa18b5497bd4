#include "issuer/face.h"

#include "core/limits.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

/* In the order of the encoded names: shorter first, then bytewise. */
static const struct {
	const char *name;
	bool needed;
} NAMES[] = {
	{ "host", true },
	{ "uscc", true },
	{ "number", true },
	{ "address", true },
	{ "contact", true },
	{ "version", true },
	{ "grade_en", true },
	{ "grade_zh", true },
	{ "family_en", true },
	{ "family_zh", true },
	{ "holder_en", false },
	{ "holder_zh", true },
	{ "issued_on", true },
	{ "scopes_en", true },
	{ "scopes_zh", true },
	{ "valid_from", true },
	{ "valid_until", true },
	{ "versions_en", true },
	{ "versions_zh", true },
	{ "authority_en", false },
	{ "authority_zh", true },
	{ "issued_on_zh", true },
	{ "demonstration", false },
	{ "valid_from_zh", true },
	{ "valid_until_zh", true },
	{ "legal_representative", true },
};
#define NAME_COUNT (sizeof NAMES / sizeof *NAMES)

/* The place of a name in the list; NAME_COUNT if it has none. */
static size_t
rank_of(const char *name)
{
	size_t i = 0;
	while (i < NAME_COUNT && strcmp(NAMES[i].name, name) != 0)
		i++;
	return i;
}

/* Where a field of this rank stands, or would stand. */
static size_t
place_of(const struct face *face, size_t rank)
{
	size_t i = 0;
	while (i < face->count && rank_of(face->fields[i].name) < rank)
		i++;
	return i;
}

static void
take_away(struct face *face, size_t at)
{
	free((char *)face->fields[at].value);
	face->count--;
	memmove(
	    &face->fields[at], &face->fields[at + 1], (face->count - at) * sizeof *face->fields);
}

bool
face_set(struct face *face, const char *name, const char *value, struct err *err)
{
	size_t rank = rank_of(name);
	if (rank == NAME_COUNT)
		return err_set(err, ERR_REFUSED, "a certificate has no field '%s'", name);
	size_t at = place_of(face, rank);
	bool held = at < face->count && face->fields[at].name == NAMES[rank].name;
	if (*value == '\0') {
		if (held)
			take_away(face, at);
		return true;
	}
	if (!text_check_field(span_text(value), LIMIT_FIELD_BYTES, err))
		return err_in(err, "field %s", name);
	const char *reserved = text_reserved(span_text(value));
	if (reserved != NULL)
		return err_set(err, ERR_REFUSED,
		    "field %s: '%s', which a PDF keeps for itself, may not stand in a certificate",
		    name, reserved);
	char *copy = strdup(value);
	if (!face->fields)
		face->fields = calloc(NAME_COUNT, sizeof *face->fields);
	if (!copy || !face->fields) {
		free(copy);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	if (held)
		take_away(face, at);
	memmove(
	    &face->fields[at + 1], &face->fields[at], (face->count - at) * sizeof *face->fields);
	face->fields[at] = (struct face_field){ NAMES[rank].name, copy };
	face->count++;
	return true;
}

const char *
face_find(const struct face *face, const char *name)
{
	for (size_t i = 0; i < face->count; i++)
		if (strcmp(face->fields[i].name, name) == 0)
			return face->fields[i].value;
	return NULL;
}

bool
face_knows(const char *name)
{
	return rank_of(name) < NAME_COUNT;
}

bool
face_complete(const struct face *face, struct err *err)
{
	for (size_t i = 0; i < NAME_COUNT; i++)
		if (NAMES[i].needed && !face_find(face, NAMES[i].name))
			return err_set(err, ERR_REFUSED, "field %s is missing", NAMES[i].name);
	return true;
}

void
face_free(struct face *face)
{
	while (face->count > 0)
		take_away(face, face->count - 1);
	free(face->fields);
	*face = (struct face){ NULL, 0 };
}

#include "issuer/face.h"

#include "core/limits.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

/* In the order of the encoded names: shorter first, then bytewise. */
static const struct {
	const char *name;
	bool needed;
	const char *zh, *en;
} NAMES[] = {
	{ "host", true, "核验主机名", "Host" },
	{ "uscc", true, "统一社会信用代码", "Social credit code" },
	{ "number", true, "证书编号", "Number" },
	{ "address", true, "注册地址", "Registered address" },
	{ "contact", true, "联系方式", "Contact" },
	{ "version", true, "版次", "Version" },
	{ "grade_en", true, "等级（英文）", "Grade" },
	{ "grade_zh", true, "等级", "Grade, in Chinese" },
	{ "family_en", true, "资质类别（英文）", "Family" },
	{ "family_zh", true, "资质类别", "Family, in Chinese" },
	{ "holder_en", false, "持证单位（英文）", "Holder" },
	{ "holder_zh", true, "持证单位", "Holder, in Chinese" },
	{ "issued_on", true, "发证日期", "Issued on" },
	{ "scopes_en", true, "业务种类（英文）", "Scopes" },
	{ "scopes_zh", true, "业务种类", "Scopes, in Chinese" },
	{ "valid_from", true, "有效期起", "Valid from" },
	{ "valid_until", true, "有效期止", "Valid until" },
	{ "versions_en", true, "版次记录（英文）", "Versions" },
	{ "versions_zh", true, "版次记录", "Versions, in Chinese" },
	{ "authority_en", false, "发证机关（英文）", "Authority" },
	{ "authority_zh", true, "发证机关", "Authority, in Chinese" },
	{ "issued_on_zh", true, "发证日期（汉字）", "Issued on, in Chinese" },
	{ "demonstration", false, "演示标记", "Mark of a demonstration" },
	{ "valid_from_zh", true, "有效期起（汉字）", "Valid from, in Chinese" },
	{ "valid_until_zh", true, "有效期止（汉字）", "Valid until, in Chinese" },
	{ "legal_representative", true, "法定代表人", "Legal representative" },
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

const char *
face_label(struct span name, enum lang lang)
{
	for (size_t i = 0; i < NAME_COUNT; i++)
		if (span_is(name, NAMES[i].name))
			return LANG_PICK(lang, NAMES[i].zh, NAMES[i].en);
	return NULL;
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

#include "registry/applied.h"

#include "registry/codes.h"

#include <jansson.h>

/* Borrowed from the tree. */
struct applied {
	const char *name_zh, *name_en, *uscc, *family, *grade;
	json_t *scopes;
};

static bool
differs(struct err *err, const char *field)
{
	return err_set(err, ERR_REFUSED, "%s is not what was applied for", field);
}

static bool
has_scope(const struct applied *a, uint16_t number)
{
	const struct code *code = codes_find_number(CODES_SCOPES, number);
	for (size_t i = 0; code != NULL && i < json_array_size(a->scopes); i++) {
		const char *word = json_string_value(json_array_get(a->scopes, i));
		if (word != NULL && strcmp(word, code->word) == 0)
			return true;
	}
	return false;
}

static bool
agrees(const struct applied *a, const struct decision *d, struct err *err)
{
	if (!span_is(d->holder, a->name_zh))
		return differs(err, "the holder's name");
	if (!span_is(d->holder_en, a->name_en))
		return differs(err, "the holder's English name");
	if (!span_is(d->uscc, a->uscc))
		return differs(err, "the unified social credit code");
	if (!span_is(d->family, a->family))
		return differs(err, "the family of qualifications");
	if (strcmp(a->grade, d->grade == GRADE_A ? "A" : "B") != 0)
		return differs(err, "the grade");
	for (size_t i = 0; i < d->scopes.count; i++)
		if (!has_scope(a, d->scopes.no[i]))
			return err_set(
			    err, ERR_REFUSED, "scope %u was not applied for", d->scopes.no[i]);
	return true;
}

bool
applied_agrees(struct span application, const struct decision *decision, struct err *err)
{
	struct applied a = { .name_en = "" };
	json_error_t error;
	json_t *root = json_loadb(
	    (const char *)application.ptr, application.len, JSON_REJECT_DUPLICATES, &error);

	bool ok = root != NULL &&
	    json_unpack_ex(root, &error, 0, "{s:{s:{s:s, s?s}, s:s}, s:{s:s, s:s, s:o}}",
		"applicant", "name", "zh", &a.name_zh, "en", &a.name_en, "uscc", &a.uscc,
		"qualification", "family", &a.family, "grade", &a.grade, "scopes", &a.scopes) == 0;
	if (!ok)
		err_set(err, ERR_MALFORMED, "the application cannot be read: %s", error.text);
	else
		ok = agrees(&a, decision, err);
	json_decref(root);
	return ok;
}

#include "registry/codes.h"

static const struct code families[] = {
#include "families.inc"
};
static const struct code scopes[] = {
#include "scopes.inc"
};
static const struct code documents[] = {
#include "documents.inc"
};
static const struct code duties[] = {
#include "duties.inc"
};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

const struct code *
codes_all(size_t *count, enum code_table table)
{
	static const struct {
		const struct code *rows;
		size_t count;
	} tables[CODES_TABLES] = {
		[CODES_FAMILIES] = { families, COUNT_OF(families) },
		[CODES_SCOPES] = { scopes, COUNT_OF(scopes) },
		[CODES_DOCUMENTS] = { documents, COUNT_OF(documents) },
		[CODES_DUTIES] = { duties, COUNT_OF(duties) },
	};

	*count = tables[table].count;
	return tables[table].rows;
}

const struct code *
codes_find_word(enum code_table table, struct span word)
{
	size_t count;
	const struct code *rows = codes_all(&count, table);
	for (size_t i = 0; i < count; i++)
		if (span_is(word, rows[i].word))
			return &rows[i];
	return NULL;
}

const struct code *
codes_find_number(enum code_table table, unsigned number)
{
	size_t count;
	const struct code *rows = codes_all(&count, table);
	return number >= 1 && number <= count ? &rows[number - 1] : NULL;
}

const char *
codes_name(const struct code *c, enum lang lang)
{
	return lang == LANG_ZH ? c->zh : c->en;
}

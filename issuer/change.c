#include "issuer/change.h"

#include "core/limits.h"
#include "issuer/application.h"
#include "issuer/shape.h"

#include <stdlib.h>

/* Note what is wrong beyond the paper's shape. */
#define FAULT(at, code, ...)                                                                       \
	defects_add((at)->defects, code, SEVERITY_ERROR, shape_path(at).text, __VA_ARGS__)

/* What each ground changes: a key of the paper; NULL: nothing by itself. */
static const struct row {
	const char *ground, *key;
} ROWS[] = {
	{ "CHG-01", "name" },
	{ "CHG-02", "legal_representative" },
	{ "CHG-03", "registered_address" },
	{ "CHG-04", "scopes" },
	{ "MIS-01", NULL },
};

static const struct row *
row_of(struct span ground)
{
	for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
		if (span_is(ground, ROWS[i].ground))
			return &ROWS[i];
	return NULL;
}

enum change_need
change_need(struct span ground)
{
	const struct row *row = row_of(ground);

	if (row == NULL)
		return CHANGE_REFUSED;
	return row->key != NULL ? CHANGE_REQUIRED : CHANGE_OPTIONAL;
}

bool
change_takes(struct span ground, const char *key)
{
	const struct row *row = row_of(ground);

	if (row == NULL)
		return false;
	return row->key != NULL
	    ? strcmp(key, row->key) == 0
	    : strcmp(key, "legal_representative") == 0 || strcmp(key, "registered_address") == 0;
}

/* The name and the scopes stand in the credential: each changes on its own ground alone. */
static void
check_ground(const struct shape *root, const struct row *row)
{
	static const char *const own[] = { "name", "scopes" };

	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
		struct shape at = shape_member(root, own[i], SHAPE_OPTIONAL);
		if (at.value != NULL && (row->key == NULL || strcmp(row->key, own[i]) != 0))
			FAULT(&at, "ALT-02", "事由 %s 不变更此项；请删去，或者另行换发",
			    "Ground %s does not change this; take it out, or reissue on its own "
			    "ground.",
			    row->ground);
	}
	if (row->key == NULL)
		return;
	struct shape at = shape_member(root, row->key, SHAPE_OPTIONAL);
	if (at.value == NULL)
		FAULT(&at, "ALT-01", "事由 %s 所变更的正是此项；请补充",
		    "This is what ground %s changes; add it.", row->ground);
}

static void
check_uscc(const struct shape *root, struct span holder)
{
	struct span uscc = shape_text(root, "uscc", SHAPE_REQUIRED, LIMIT_FIELD_BYTES);
	struct shape at = shape_member(root, "uscc", SHAPE_OPTIONAL);

	if (uscc.len > 0 && !span_equal(uscc, holder))
		FAULT(&at, "REV-08", "这份材料写的是 %s，持证单位是 %s；请核对",
		    "This paper is about %s; the certificate's holder is %s. See whether it is the "
		    "right "
		    "one.",
		    defect_quote(uscc).text, defect_quote(holder).text);
}

static void
read_name(struct change *c, const struct shape *root)
{
	static const char *const keys[] = { "zh", "en", NULL };
	struct shape at = shape_member(root, "name", SHAPE_OPTIONAL);

	if (at.value == NULL)
		return;
	shape_keys(&at, keys);
	c->name_zh = shape_text(&at, "zh", SHAPE_REQUIRED, LIMIT_HOLDER_BYTES);
	c->name_en = shape_text(&at, "en", SHAPE_OPTIONAL, LIMIT_HOLDER_BYTES);
}

static void
read_scopes(struct change *c, const struct shape *root)
{
	struct shape at = shape_member(root, "scopes", SHAPE_OPTIONAL);
	struct ids words = { 0 };

	if (at.value == NULL)
		return;
	words.items = shape_array(&words.count, &at, sizeof *words.items);
	for (size_t i = 0; i < words.count; i++)
		words.items[i] = shape_item_text(&at, i);
	if (words.count == 0 || !application_scopes(&c->scopes, &words, NULL))
		FAULT(&at, "SCOPE-02",
		    "请写明保留的业务种类，各写一次；可用的代码见 templates/codes/scopes.json",
		    "Name the scopes that are left, each once; the words admitted are in "
		    "templates/codes/scopes.json.");
	free(words.items);
}

static void
read(struct change *c, const struct shape *root, const struct row *row, struct span uscc)
{
	static const char *const keys[] = { "format", "uscc", "name", "legal_representative",
		"registered_address", "scopes", NULL };
	static const char *const formats[] = { "qualcert-change/1", NULL };

	shape_keys(root, keys);
	shape_word(root, "format", formats);
	check_uscc(root, uscc);
	check_ground(root, row);
	read_name(c, root);
	c->legal_representative =
	    shape_text(root, "legal_representative", SHAPE_OPTIONAL, LIMIT_FIELD_BYTES);
	c->address = shape_text(root, "registered_address", SHAPE_OPTIONAL, LIMIT_FIELD_BYTES);
	read_scopes(c, root);
}

bool
change_parse(struct change **out, struct defects *defects, struct span in, struct span ground,
    struct span uscc, struct err *err)
{
	const struct row *row = row_of(ground);

	*out = NULL;
	if (row == NULL)
		return err_set(err, ERR_USAGE, "ground %.*s changes nothing on the page",
		    (int)ground.len, (const char *)ground.ptr);
	struct change *c = calloc(1, sizeof *c);
	if (c == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!shape_load(&c->tree, in, LIMIT_PAPER_BYTES, err))
		goto fail;
	struct shape root = shape_root(c->tree, defects);
	read(c, &root, row, uscc);
	if (!defects_ok(defects, err))
		goto fail;
	*out = c;
	return true;
fail:
	change_free(c);
	return false;
}

void
change_free(struct change *c)
{
	if (c == NULL)
		return;
	json_decref(c->tree);
	free(c);
}

#include "issuer/shape.h"

#include "core/limits.h"
#include "core/text.h"

#include <stdio.h>
#include <stdlib.h>

#define DIGEST_DIGITS 64
#define NUMBER_MAX 1000000

/* Note an ERROR at this place. */
#define FAULT(at, code, ...)                                                                       \
	defects_add((at)->defects, code, SEVERITY_ERROR, shape_path(at).text, __VA_ARGS__)

static bool
deeper_than(const json_t *value, int levels)
{
	const char *key;
	json_t *item;
	size_t i;

	if (!json_is_object(value) && !json_is_array(value))
		return false;
	if (levels == 0)
		return true;
	/* jansson's loop over an object takes a pointer to a tree it may change; this does not */
	json_object_foreach(
	    (json_t *)value, key, item) if (deeper_than(item, levels - 1)) return true;
	json_array_foreach(value, i, item) if (deeper_than(item, levels - 1)) return true;
	return false;
}

bool
shape_load(json_t **out, struct span in, size_t max_bytes, struct err *err)
{
	json_error_t fault;

	*out = NULL;
	if (in.len == 0)
		return err_set(err, ERR_MALFORMED, "the JSON file is empty");
	if (in.len > max_bytes)
		return err_set(
		    err, ERR_LIMIT, "%zu bytes of JSON; at most %zu are read", in.len, max_bytes);
	json_t *tree = json_loadb((const char *)in.ptr, in.len, JSON_REJECT_DUPLICATES, &fault);
	if (tree == NULL)
		return err_set(err,
		    json_error_code(&fault) == json_error_out_of_memory ? ERR_MEMORY
									: ERR_MALFORMED,
		    "not JSON as we read it: line %d, column %d: %s", fault.line, fault.column,
		    defect_quote(span_text(fault.text)).text);
	if (deeper_than(tree, LIMIT_JSON_DEPTH)) {
		json_decref(tree);
		return err_set(
		    err, ERR_LIMIT, "JSON is nested more than %d levels deep", LIMIT_JSON_DEPTH);
	}
	if (!json_is_object(tree)) {
		json_decref(tree);
		return err_set(err, ERR_MALFORMED, "not a JSON object, which begins with {");
	}
	*out = tree;
	return true;
}

bool
shape_encode(struct buf *out, const json_t *tree, struct err *err)
{
	char *text = json_dumps(tree, JSON_SORT_KEYS | JSON_COMPACT);
	if (text == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	buf_add_text(out, text);
	free(text);
	return buf_ok(out, err);
}

struct shape
shape_root(const json_t *tree, struct defects *defects)
{
	return (struct shape){ .value = tree, .defects = defects };
}

static void
put_path(struct defect_path *p, const struct shape *at)
{
	if (at->up == NULL)
		return;
	put_path(p, at->up);
	size_t len = strlen(p->text);
	if (at->key != NULL)
		snprintf(p->text + len, sizeof p->text - len, "/%s", at->key);
	else
		snprintf(p->text + len, sizeof p->text - len, "/%zu", at->index);
}

struct defect_path
shape_path(const struct shape *at)
{
	struct defect_path p = { "" };
	put_path(&p, at);
	return p;
}

struct shape
shape_member(const struct shape *object, const char *key, enum shape_need need)
{
	struct shape m = { .value = json_object_get(object->value, key), /* NULL for no object */
		.up = object,
		.key = key,
		.defects = object->defects };
	if (m.value == NULL && json_is_object(object->value) && need == SHAPE_REQUIRED)
		FAULT(&m, "SHAPE-02", "缺少此项；请补充", "This is missing; add it.");
	return m;
}

struct shape
shape_item(const struct shape *list, size_t index)
{
	return (struct shape){ .value = json_array_get(list->value, index),
		.up = list,
		.index = index,
		.defects = list->defects };
}

static bool
is_listed(const char *word, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

void
shape_keys(const struct shape *object, const char *const *keys)
{
	const char *key;
	json_t *value;

	if (object->value == NULL)
		return;
	if (!json_is_object(object->value)) {
		FAULT(object, "SHAPE-03", "此处应为对象，即 { }", "An object { } is wanted here.");
		return;
	}
	json_object_foreach((json_t *)object->value, key, value) if (!is_listed(key, keys))
	{
		struct quoted name = defect_quote(span_text(key));
		defects_add(object->defects, "SHAPE-01", SEVERITY_ERROR,
		    defect_path("%s/%s", shape_path(object).text, name.text).text,
		    "没有名为“%s”的项；请删去或者改正拼写",
		    "There is no field \"%s\"; take it out or correct its spelling.", name.text);
	}
}

void *
shape_array(size_t *count, const struct shape *list, size_t item_bytes)
{
	*count = 0;
	if (list->value == NULL)
		return NULL;
	if (!json_is_array(list->value)) {
		FAULT(list, "SHAPE-03", "此处应为列表，即 [ ]", "A list [ ] is wanted here.");
		return NULL;
	}
	size_t size = json_array_size(list->value);
	if (size > LIMIT_LIST_ITEMS) {
		FAULT(list, "SHAPE-03", "列表有 %zu 项，最多 %d 项",
		    "The list has %zu items; at most %d are read.", size, LIMIT_LIST_ITEMS);
		return NULL;
	}
	if (size == 0)
		return NULL;
	void *items = calloc(size, item_bytes);
	if (items == NULL)
		list->defects->bad = true;
	else
		*count = size;
	return items;
}

static struct span
read_text(const struct shape *at, size_t max_bytes)
{
	const struct span none = { NULL, 0 };
	struct text_fault why;

	if (at->value == NULL)
		return none;
	if (!json_is_string(at->value)) {
		FAULT(at, "SHAPE-03", "此处应为文字，即 \"…\"", "Text \"...\" is wanted here.");
		return none;
	}
	struct span text = span_of(json_string_value(at->value), json_string_length(at->value));
	const char *reserved = text_reserved(text);
	if (!text_is_field(&why, text, max_bytes))
		FAULT(at, "SHAPE-04",
		    "此处文字不能签署和打印：%s%."
		    "0s；请重新输入，不留首尾空白、不可见字符和易混淆的字符",
		    "This text cannot be signed and printed: %.0s%s. Type it again.", why.zh,
		    why.en);
	else if (reserved != NULL)
		FAULT(at, "SHAPE-04", "此处文字不能签署和打印：含有 PDF 文件自用的“%s”；请改写",
		    "This text cannot be signed and printed: '%s' is a PDF's own. Word it "
		    "otherwise.",
		    reserved);
	else
		return text;
	return none;
}

struct span
shape_text(const struct shape *object, const char *key, enum shape_need need, size_t max_bytes)
{
	struct shape m = shape_member(object, key, need);
	return read_text(&m, max_bytes);
}

struct span
shape_item_text(const struct shape *list, size_t index)
{
	struct shape item = shape_item(list, index);
	return read_text(&item, LIMIT_FIELD_BYTES);
}

static void
fault_word(const struct shape *at, struct span text, const char *const *words)
{
	struct buf admitted = BUF_EMPTY;
	for (size_t i = 0; words[i] != NULL; i++)
		buf_printf(&admitted, "%s%s", i == 0 ? "" : ", ", words[i]);
	const char *list = buf_text(&admitted);
	if (list == NULL)
		at->defects->bad = true;
	else
		FAULT(at, "SHAPE-05", "“%s”不是可用的词；可用：%s",
		    "\"%s\" is not admitted here; use: %s.", defect_quote(text).text, list);
	buf_free(&admitted);
}

unsigned
shape_word(const struct shape *object, const char *key, const char *const *words)
{
	struct shape m = shape_member(object, key, SHAPE_REQUIRED);
	struct span text = read_text(&m, LIMIT_FIELD_BYTES);
	if (text.len == 0)
		return 0;
	for (unsigned i = 0; words[i] != NULL; i++)
		if (span_is(text, words[i]))
			return i + 1;
	fault_word(&m, text, words);
	return 0;
}

struct civil_date
shape_date(const struct shape *object, const char *key, enum shape_need need)
{
	struct civil_date date = { 0 };
	struct err err = { 0 };
	struct shape m = shape_member(object, key, need);
	struct span text = read_text(&m, LIMIT_FIELD_BYTES);
	if (text.len == 0 || civil_parse(&date, text, &err))
		return date;
	FAULT(&m, "SHAPE-06", "“%s”不是日期；请写成 2026-11-20 的样子",
	    "\"%s\" is no date; write it like 2026-11-20.", defect_quote(text).text);
	return (struct civil_date){ 0 };
}

struct span
shape_digest(const struct shape *object, const char *key, enum shape_need need)
{
	struct shape m = shape_member(object, key, need);
	struct span text = read_text(&m, LIMIT_FIELD_BYTES);
	size_t digits = 0;
	while (digits < text.len && strchr("0123456789abcdef", text.ptr[digits]) != NULL)
		digits++;
	if (text.len == 0 || (digits == text.len && digits == DIGEST_DIGITS))
		return text;
	FAULT(&m, "SHAPE-07", "“%s”不是 SHA-256 摘要；应为 64 位小写十六进制数字",
	    "\"%s\" is no SHA-256 digest: 64 digits 0-9 a-f are wanted.", defect_quote(text).text);
	return (struct span){ NULL, 0 };
}

bool
shape_bool(const struct shape *object, const char *key)
{
	struct shape m = shape_member(object, key, SHAPE_OPTIONAL);
	if (m.value != NULL && !json_is_boolean(m.value))
		FAULT(&m, "SHAPE-03", "此处应为 true 或者 false", "true or false is wanted here.");
	return json_is_true(m.value);
}

unsigned
shape_number(const struct shape *object, const char *key)
{
	struct shape m = shape_member(object, key, SHAPE_REQUIRED);
	if (m.value == NULL)
		return 0;
	json_int_t value = json_integer_value(m.value);
	if (json_is_integer(m.value) && value >= 0 && value <= NUMBER_MAX)
		return (unsigned)value;
	FAULT(&m, "SHAPE-03", "此处应为 0 至 %d 的整数",
	    "A whole number of 0 to %d is wanted here.", NUMBER_MAX);
	return 0;
}

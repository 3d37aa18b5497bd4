#include "issuer/template.h"

#include "tests/issuer/certificate.h"

#include <jansson.h>
#include <stdlib.h>

static void
the_shipped_templates_are_read(void **state)
{
	(void)state;
	static const char *const names[] = { "grade-a", "grade-b" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct template *t = certificate_template(names[i]);
		assert_string_equal(t->id, names[i]);
		assert_true(t->width == 297 && t->height == 210);
		/* a code of version 15 and its quiet zone: 85 modules */
		assert_true(t->code.w / 85 >= TEMPLATE_CODE_MODULE_MM);
		template_free(t);
	}
}

/* A shipped template with one change: the value (JSON, NULL takes away) at a path of one to three
 * steps, numbers for places in lists. */
static char *
changed(const char *const path[3], const char *value)
{
	json_error_t e;
	json_t *root = json_load_file(SOURCE_DIR "/templates/grade-a.json", 0, &e);
	json_t *at = root;
	size_t i = 0;
	for (; i < 2 && path[i + 1]; i++)
		at = json_is_array(at) ? json_array_get(at, strtoul(path[i], NULL, 10))
				       : json_object_get(at, path[i]);
	if (value)
		json_object_set_new(at, path[i], json_loads(value, JSON_DECODE_ANY, &e));
	else
		json_object_del(at, path[i]);
	char *text = json_dumps(root, 0);
	json_decref(root);
	return text;
}

static void
one_mistake_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *path[3], *value;
		enum err_code code;
		const char *says;
	} table[] = {
		{ { "colour" }, "1", ERR_MALFORMED, "colour" },
		{ { "code" }, NULL, ERR_MALFORMED, "code" },
		{ { "page" }, "[297]", ERR_MALFORMED, "1" },
		{ { "page" }, "[297, \"210\"]", ERR_MALFORMED, "got string" },
		{ { "page" }, "[297, 5]", ERR_REFUSED, "page height 5" },
		{ { "code" }, "[280, 100, 40]", ERR_REFUSED, "code" },
		{ { "title" }, "\"{name}\"", ERR_REFUSED, "'name'" },
		{ { "title" }, "\"{number\"", ERR_REFUSED, "'{'" },
		{ { "texts" }, "7", ERR_MALFORMED, "texts" },
		{ { "texts" }, "[]", ERR_REFUSED, "holder_zh" },
		{ { "texts", "0", "colour" }, "1", ERR_MALFORMED, "colour" },
		{ { "texts", "0", "text" }, NULL, ERR_MALFORMED, "text" },
		{ { "texts", "0", "text" }, "\"{seal}\"", ERR_REFUSED, "'seal'" },
		{ { "texts", "0", "when" }, "\"seal\"", ERR_REFUSED, "'seal'" },
		{ { "texts", "0", "when" }, "\"holder_en\"", ERR_REFUSED, "demonstration" },
		{ { "texts", "0", "style" }, "\"huge\"", ERR_MALFORMED, "'huge'" },
		{ { "texts", "0", "align" }, "\"middle\"", ERR_MALFORMED, "'middle'" },
		{ { "texts", "0", "box" }, "[0, 0, 300, 5]", ERR_REFUSED, "text demonstration" },
		{ { "texts", "0", "box" }, "[0, 0, 0, 5]", ERR_REFUSED, "text demonstration" },
		{ { "styles", "demonstration", "face" }, "\"song\"", ERR_MALFORMED, "'song'" },
		{ { "styles", "demonstration", "size" }, "500", ERR_REFUSED, "500" },
		{ { "styles", "demonstration", "min_size" }, "1", ERR_REFUSED, "min_size 1" },
		{ { "styles", "demonstration", "colour" }, "\"#12345g\"", ERR_MALFORMED,
		    "#12345g" },
		{ { "styles", "demonstration", "colour" }, "\"red\"", ERR_MALFORMED, "red" },
		{ { "guilloches", "0", "strands" }, "100000", ERR_REFUSED, "strands" },
		{ { "guilloches", "0", "lobes" }, "1", ERR_REFUSED, "lobes" },
		{ { "guilloches", "2", "corner" }, "0", ERR_REFUSED, "corner" },
		{ { "guilloches", "2", "period" }, "0.001", ERR_REFUSED, "period" },
		{ { "frames", "0", "width" }, NULL, ERR_REFUSED, "frame" },
		{ { "frames", "0", "radius" }, "150", ERR_REFUSED, "radius" },
		{ { "lines", "0", "to" }, "[500, 1]", ERR_REFUSED, "x 500" },
	};
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct template *t = NULL;
		struct err err = { 0 };
		char row[128];
		char *json = changed(table[i].path, table[i].value);
		snprintf(row, sizeof row, "%s = %s", table[i].path[0], table[i].value);
		CHECK_ROW(!template_parse(&t, span_text(json), &err) && !t, row);
		if (err.code != table[i].code || !strstr(err.text, table[i].says))
			fail_msg("%s: %d %s", row, err.code, err.text);
		free(json);
	}
}

static void
what_is_no_json_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "{", "[]", "{\"id\":\"a\",\"id\":\"b\"}" };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct template *t = NULL;
		struct err err = { 0 };
		CHECK_ROW(!template_parse(&t, span_text(texts[i]), &err), texts[i]);
		CHECK_ROW(err.code == ERR_MALFORMED, texts[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_templates_are_read),
		cmocka_unit_test(one_mistake_is_named),
		cmocka_unit_test(what_is_no_json_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

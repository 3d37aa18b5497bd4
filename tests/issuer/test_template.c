#include "issuer/template.h"

#include "tests/issuer/certificate.h"
#include "tests/issuer/paper.h"

static void
the_shipped_templates_are_read(void **state)
{
	(void)state;
	static const char *const names[] = { "grade-a", "grade-b" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct template *t = certificate_template(names[i]);
		assert_string_equal(t->id, names[i]);
		assert_int_equal(t->page_count, 2); /* the original, and its duplicate */
		assert_true(t->pages[0].width == 297 && t->pages[0].height == 210);
		assert_true(t->pages[1].width == 210 && t->pages[1].height == 297);
		template_free(t);
	}
}

/* A shipped template with one change, as paper_edit() makes it; the caller frees the JSON. */
static char *
changed(const char *pointer, const char *value)
{
	json_t *root = json_load_file(SOURCE_DIR "/templates/grade-a.json", 0, NULL);
	assert_non_null(root);
	paper_edit(root, pointer, value);
	char *text = paper_text(root);
	json_decref(root);
	return text;
}

static void
one_mistake_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *pointer, *value;
		enum err_code code;
		const char *says;
	} table[] = {
#define PAGE "/pages/0"
		{ "/colour", "1", ERR_MALFORMED, "colour" },
		{ "/page", "[297, 210]", ERR_MALFORMED, "page" },
		{ "/title", "\"{name}\"", ERR_REFUSED, "'name'" },
		{ "/title", "\"{number\"", ERR_REFUSED, "'{'" },
		{ "/title", "\"{number}\\u0007\"", ERR_REFUSED, "title: character 9 (U+0007)" },
		{ "/title", "\"{number}\\uffff\"", ERR_REFUSED, "title: character 9 (U+FFFF)" },
		{ "/title", "\"{number}{number}{number}{number}{number}\"", ERR_LIMIT,
		    "title: 5 fields" },
		{ "/title", "\"\"", ERR_LIMIT, "title: empty" },
		{ "/id", "\"../../x\"", ERR_REFUSED, "id: " },
		{ "/id", "\"\"", ERR_REFUSED, "id: " },
		{ "/id", "\"a23456789-123456789-123456789-123\"", ERR_REFUSED, "id: " },
		{ "/id", "7", ERR_MALFORMED, "id: it is no text" },
		{ "/styles/title/bold", "true", ERR_MALFORMED, "style title: the key 'bold'" },
		{ "/styles/idle", "{\"face\": \"kai\"}", ERR_MALFORMED,
		    "style idle: 'size' is missing" },
		{ "/\033[31m", "1", ERR_MALFORMED, "the key '\\u{001B}[31m' is not known" },
		{ "/pages", NULL, ERR_MALFORMED, "pages" },
		{ "/pages", "{}", ERR_MALFORMED, "1 to 4 pages" },
		{ "/pages", "[]", ERR_MALFORMED, "1 to 4 pages" },
		{ "/pages", "[{},{},{},{},{}]", ERR_MALFORMED, "1 to 4 pages" },
		{ "/pages/-", "{}", ERR_MALFORMED, "size" },
		{ PAGE "/colour", "1", ERR_MALFORMED, "colour" },
		{ PAGE "/code", NULL, ERR_MALFORMED, "code" },
		{ PAGE "/size", "[297]", ERR_MALFORMED, "page 1: size: it is no list of 2" },
		{ PAGE "/size", "[297, \"210\"]", ERR_MALFORMED, "page 1: size: it is no number" },
		{ PAGE "/size", "[297, 5]", ERR_REFUSED, "page 1: height 5" },
		{ PAGE "/code", "[280, 100, 40]", ERR_REFUSED, "code" },
		{ PAGE "/texts", "7", ERR_MALFORMED, "texts" },
		{ PAGE "/texts", "[]", ERR_REFUSED, "number" },
		{ PAGE "/texts/0/colour", "1", ERR_MALFORMED, "colour" },
		{ PAGE "/texts/0/text", NULL, ERR_MALFORMED, "text" },
		{ PAGE "/texts/0/text", "\"{seal}\"", ERR_REFUSED, "'seal'" },
		{ PAGE "/texts/0/text", "\"{demonstration}\\u200b\"", ERR_REFUSED,
		    "page 1: texts, item 1: text demonstration: text: character 16 (U+200B)" },
		{ PAGE "/texts/0/name", "\"a\\u001b[31m\"", ERR_REFUSED,
		    "texts, item 1: name: character 2 (U+001B)" },
		{ PAGE "/texts/0/name", "\"\"", ERR_LIMIT, "name: empty" },
		{ PAGE "/texts/0/name",
		    "\"a23456789-123456789-123456789-123456789-123456789-123456789-12345\"",
		    ERR_REFUSED, "name: 65 characters" },
		{ PAGE "/texts/0/name", "\"title\"", ERR_REFUSED,
		    "texts, item 3: text title: another text has the same name" },
		{ PAGE "/texts/0/style", "7", ERR_MALFORMED,
		    "texts, item 1: style: it is no text" },
		{ PAGE "/texts/0/below", "true", ERR_REFUSED, "below: there is no text before it" },
		{ PAGE "/texts/1/below", "true", ERR_REFUSED,
		    "text original: below: the text before it, demonstration, has another x" },
		{ PAGE "/texts/15/box", "[128, 131, 142, 6.6]", ERR_REFUSED,
		    "text scopes_en: below: the box of the text before it, scopes_zh, does not" },
		{ PAGE "/texts/0/when", "\"seal\"", ERR_REFUSED, "'seal'" },
		{ PAGE "/texts/0/when", "\"holder_en\"", ERR_REFUSED, "demonstration" },
		{ PAGE "/texts/0/style", "\"huge\"", ERR_MALFORMED, "'huge'" },
		{ PAGE "/texts/0/align", "\"middle\"", ERR_MALFORMED, "'middle'" },
		{ PAGE "/texts/0/box", "[0, 0, 300, 5]", ERR_REFUSED, "text demonstration" },
		{ PAGE "/texts/0/box", "[0, 0, 0, 5]", ERR_REFUSED, "text demonstration" },
		{ "/styles/demonstration/face", "\"song\"", ERR_MALFORMED, "'song'" },
		{ "/styles/demonstration/size", "500", ERR_REFUSED, "500" },
		{ "/styles/demonstration/min_size", "1", ERR_REFUSED, "min_size 1" },
		{ "/styles/demonstration/colour", "\"#12345g\"", ERR_MALFORMED, "#12345g" },
		{ "/styles/demonstration/colour", "\"red\"", ERR_MALFORMED, "red" },
		{ PAGE "/guilloches/0/strands", "100000", ERR_REFUSED, "strands" },
		{ PAGE "/guilloches/0/strands", "4294967316", ERR_REFUSED,
		    "guilloches, item 1: strands: 4294967316 is not" },
		{ PAGE "/guilloches/2/strands", "100000000000000000", ERR_REFUSED, "strands" },
		{ PAGE "/guilloches/-",
		    "{\"border\": [5, 5, 280, 200], \"corner\": 5, \"period\": 1, "
		    "\"amplitude\": [9, -9], \"phase\": [0, 1], \"strands\": 100, "
		    "\"width\": 0.3, \"colours\": [\"#e4ece9\", \"#f3ead6\"]}",
		    ERR_LIMIT, "guilloches: 4" },
		{ PAGE "/guilloches/0/strands", "20.5", ERR_MALFORMED, "strands" },
		{ PAGE "/guilloches/0/amplitude", "[1e300, 1]", ERR_REFUSED, "amplitude 1e+300" },
		{ PAGE "/guilloches/2/phase", "[0, -1e300]", ERR_REFUSED, "phase -1e+300" },
		{ PAGE "/size", "[1000, 210]", ERR_REFUSED, "width 1000" },
		{ PAGE "/guilloches/0/lobes", "1", ERR_REFUSED, "lobes" },
		{ PAGE "/guilloches/2/corner", "0", ERR_REFUSED, "corner" },
		{ PAGE "/guilloches/2/period", "0.001", ERR_REFUSED, "period" },
		{ PAGE "/frames/0/width", NULL, ERR_REFUSED, "frame" },
		{ PAGE "/frames/0/radius", "150", ERR_REFUSED, "radius" },
		{ PAGE "/lines/0/to", "[500, 1]", ERR_REFUSED, "x 500" },
	};
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct template *t = NULL;
		struct err err = { 0 };
		char row[320];
		char *json = changed(table[i].pointer, table[i].value);
		snprintf(row, sizeof row, "%s = %s", table[i].pointer, table[i].value);
		CHECK_ROW(!template_parse(&t, span_text(json), &err) && !t, row);
		if (err.code != table[i].code || !strstr(err.text, table[i].says))
			fail_msg("%s: %d %s", row, err.code, err.text);
		free(json);
	}
}

/* A shipped template one of whose pages does not print a field; the caller frees the JSON. */
static char *
without(unsigned page, const char *field)
{
	json_error_t e;
	json_t *root = json_load_file(SOURCE_DIR "/templates/grade-a.json", 0, &e), *text;
	json_t *at = json_array_get(json_object_get(root, "pages"), page);
	char placeholder[40], cut[200];
	size_t i, found = 0;

	snprintf(placeholder, sizeof placeholder, "{%s}", field);
	json_array_foreach(json_object_get(at, "texts"), i, text)
	{
		const char *place;
		while ((place = strstr(
			    json_string_value(json_object_get(text, "text")), placeholder))) {
			const char *was = json_string_value(json_object_get(text, "text"));
			snprintf(cut, sizeof cut, "%.*s-%s", (int)(place - was), was,
			    place + strlen(placeholder));
			json_object_set_new(text, "text", json_string(cut));
			found++;
		}
	}
	CHECK_ROW(found > 0, field);
	char *json = json_dumps(root, 0);
	json_decref(root);
	return json;
}

static void
the_first_page_prints_everything_and_others_what_they_are_known_by(void **state)
{
	(void)state;
	static const struct {
		const char *field;
		bool everywhere;
	} table[] = { { "number", true }, { "check_code", true }, { "holder_zh", true },
		{ "valid_from_zh", true }, { "valid_until_zh", true }, { "authority_zh", true },
		{ "demonstration", true }, { "holder_en", false }, { "uscc", false },
		{ "legal_representative", false }, { "address", false }, { "grade_zh", false },
		{ "scopes_zh", false }, { "version", false }, { "issued_on_zh", false },
		{ "host", false }, { "contact", false } };
	for (size_t i = 0; i < 2 * COUNT_OF(table); i++) {
		const char *field = table[i / 2].field;
		unsigned page = i % 2;
		struct template *t = NULL;
		struct err err = { 0 };
		char says[64], *json = without(page, field);
		snprintf(
		    says, sizeof says, "page %u: it does not print the field %s", page + 1, field);
		bool read = template_parse(&t, span_text(json), &err);
		CHECK_ROW(read == (page > 0 && !table[i / 2].everywhere), says);
		CHECK_ROW(read || strstr(err.text, says), err.text);
		template_free(t);
		free(json);
	}
}

static void
a_text_below_may_stand_in_either_place(void **state)
{
	(void)state;
	struct template *t = certificate_template("grade-a");
	const struct template_text *text = &t->pages[0].texts[15];
	assert_true(text->below);
	assert_true(text->reach.y == text[-1].box.y && text->reach.x == text->box.x);
	assert_true(text->reach.h > text->box.h &&
	    text->reach.h <= text->box.y + text->box.h - text[-1].box.y);
	template_free(t);
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
		CHECK_ROW(texts[i][0] || strcmp(err.text, "the file is empty") == 0, err.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_templates_are_read),
		cmocka_unit_test(one_mistake_is_named),
		cmocka_unit_test(
		    the_first_page_prints_everything_and_others_what_they_are_known_by),
		cmocka_unit_test(a_text_below_may_stand_in_either_place),
		cmocka_unit_test(what_is_no_json_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

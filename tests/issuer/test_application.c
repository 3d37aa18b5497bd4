#include "issuer/application.h"

#include "core/limits.h"
#include "tests/issuer/paper.h"

#include <stdio.h>

static void
every_example_is_read_and_encoded_the_same_again(void **state)
{
	(void)state;
	static const char *const names[] = { "star-bridge", "cloud-sail", "rare-hanzi",
		"five-defects" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct err err = { 0 };
		struct defects defects = { 0 };
		struct application *app = NULL;
		struct application *again = NULL;
		struct buf first = BUF_EMPTY;
		struct buf second = BUF_EMPTY;
		json_t *tree = paper_load(names[i]);
		char *text = paper_text(tree);
		CHECK_ROW(application_parse(&app, &defects, span_text(text), &err), names[i]);
		CHECK_ROW(defects.count == 0, names[i]);
		CHECK_ROW(application_encode(&first, app, &err), names[i]);
		CHECK_ROW(application_parse(&again, &defects, buf_span(&first), &err), names[i]);
		CHECK_ROW(application_encode(&second, again, &err), names[i]);
		CHECK_ROW(span_equal(buf_span(&first), buf_span(&second)), names[i]);
		free(text);
		json_decref(tree);
		buf_free(&first);
		buf_free(&second);
		application_free(app);
		application_free(again);
		defects_free(&defects);
	}
}

static void
the_fields_are_where_they_belong(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct defects defects = { 0 };
	struct application *app = NULL;
	json_t *tree = paper_load("star-bridge");
	char *text = paper_text(tree);
	assert_true(application_parse(&app, &defects, span_text(text), &err));
	assert_int_equal(app->kind, APPLICANT_ENTERPRISE);
	assert_true(span_is(app->name_zh, "示例星桥信息技术有限公司"));
	assert_true(span_is(app->uscc, "91999901MADEM00110"));
	assert_true(span_is(application_representative(app), "程星桥"));
	assert_int_equal(app->grade, GRADE_A);
	assert_int_equal(app->scopes.count, 2);
	assert_true(span_is(app->scopes.items[1], "software"));
	assert_int_equal(app->documents_count, 9);
	assert_true(app->declared_free_of_secrets);
	assert_int_equal(app->organisation.group_count, 5);
	assert_true(span_is(app->organisation.group[4].areas.items[0], "personnel"));
	assert_int_equal(app->organisation.appointments[1].persons.count, 5);
	assert_null(application_person(app, span_text("p9")));
	free(text);
	json_decref(tree);
	application_free(app);
	defects_free(&defects);
}

/* One change to the good example; the shape's answer, with its place. */
static void
faults_of_shape_are_named_with_their_place(void **state)
{
	(void)state;
	static const struct {
		const char *mistake, *pointer, *value, *code, *path;
	} rows[] = {
		{ "unknown key at the root", "/note", "1", "SHAPE-01", "/note" },
		{ "unknown key deep down", "/organisation/group/members/2/nickname", "\"x\"",
		    "SHAPE-01", "/organisation/group/members/2/nickname" },
		{ "misspelt key that steers a terminal", "/applicant/\x1b[2J", "1", "SHAPE-01",
		    "/applicant/\\u{001B}[2J" },
		{ "no family", "/qualification/family", NULL, "SHAPE-02", "/qualification/family" },
		{ "no applicant", "/applicant", NULL, "SHAPE-02", "/applicant" },
		{ "no uscc", "/applicant/uscc", NULL, "SHAPE-02", "/applicant/uscc" },
		{ "uscc is a number", "/applicant/uscc", "91", "SHAPE-03", "/applicant/uscc" },
		{ "documents are text", "/organisation/persons", "\"p1\"", "SHAPE-03",
		    "/organisation/persons" },
		{ "null", "/organisation/principal", "null", "SHAPE-03",
		    "/organisation/principal" },
		{ "applicant is a list", "/applicant", "[]", "SHAPE-03", "/applicant" },
		{ "tick is a word", "/declaration/free_of_state_secrets", "\"yes\"", "SHAPE-03",
		    "/declaration/free_of_state_secrets" },
		{ "direction control", "/applicant/name/zh", "\"示例\\u202e公司\"", "SHAPE-04",
		    "/applicant/name/zh" },
		{ "decomposed letter", "/applicant/name/en", "\"Exa\\u0301mple\"", "SHAPE-04",
		    "/applicant/name/en" },
		{ "the end of a PDF", "/applicant/name/en", "\"Example %%EOF Ltd.\"", "SHAPE-04",
		    "/applicant/name/en" },
		{ "the entry of a seal", "/applicant/registered_address/zh",
		    "\"示例省 /ByteRange 1 号\"", "SHAPE-04", "/applicant/registered_address/zh" },
		{ "empty text", "/declaration/person", "\"\"", "SHAPE-04", "/declaration/person" },
		{ "grade C", "/qualification/grade", "\"C\"", "SHAPE-05", "/qualification/grade" },
		{ "another format", "/format", "\"qualcert-application/2\"", "SHAPE-05",
		    "/format" },
		{ "a type that is none", "/type", "\"gift\"", "SHAPE-05", "/type" },
		{ "a renewal of nothing", "/type", "\"renewal\"", "SHAPE-02", "/of" },
		{ "30 February", "/declaration/date", "\"2025-02-30\"", "SHAPE-06",
		    "/declaration/date" },
		{ "short digest", "/documents/3/sha256", "\"abc\"", "SHAPE-07",
		    "/documents/3/sha256" },
		{ "upper-case digest", "/documents/3/sha256",
		    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
		    "SHAPE-07", "/documents/3/sha256" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct defects defects = { 0 };
		struct application *app = NULL;
		json_t *tree = paper_load("star-bridge");
		paper_edit(tree, rows[i].pointer, rows[i].value);
		char *text = paper_text(tree);
		CHECK_ROW(
		    application_parse(&app, &defects, span_text(text), &err), rows[i].mistake);
		CHECK_ROW(defects.count == 1, rows[i].mistake);
		CHECK_ROW(strcmp(defects.items[0].code, rows[i].code) == 0, rows[i].mistake);
		CHECK_ROW(strcmp(defects.items[0].path, rows[i].path) == 0, rows[i].mistake);
		CHECK_ROW(defects.items[0].severity == SEVERITY_ERROR, rows[i].mistake);
		free(text);
		json_decref(tree);
		application_free(app);
		defects_free(&defects);
	}
}

/* It is one of the faults of the paper, in both languages, and hides no other. */
static void
what_a_pdf_keeps_for_itself_stands_beside_other_defects(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct defects defects = { 0 };
	struct application *app = NULL;
	json_t *tree = paper_load("star-bridge");
	paper_edit(tree, "/applicant/name/en", "\"Example %%EOF Ltd.\"");
	paper_edit(tree, "/qualification/grade", "\"C\"");
	char *text = paper_text(tree);
	assert_true(application_parse(&app, &defects, span_text(text), &err));
	assert_int_equal(defects.count, 2);
	for (size_t i = 0; i < defects.count; i++) {
		const struct defect *d = &defects.items[i];
		if (strcmp(d->path, "/applicant/name/en") != 0)
			continue;
		assert_non_null(strstr(d->zh, "含有 PDF 文件自用的“%%EOF”"));
		assert_non_null(strstr(d->en, "'%%EOF' is a PDF's own"));
	}
	free(text);
	json_decref(tree);
	application_free(app);
	defects_free(&defects);
}

/* Threat 37: names that look like another unit's are refused when they are handed in. */
static void
threat_37_misleading_names_are_refused(void **state)
{
	(void)state;
	static const char *const names[] = {
		"\"Exаmple Ltd.\"",        /* a Cyrillic a among Latin letters */
		"\"Example\\u200b Ltd.\"", /* zero width */
		"\"Example \\u202eLtd.\"", /* right to left */
		"\" Example Ltd.\"",       /* blank in front */
		"\"Exa\\u0301mple Ltd.\"", /* not NFC */
		"\"Example\\u00a0Ltd.\"",  /* no-break space */
	};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct err err = { 0 };
		struct defects defects = { 0 };
		struct application *app = NULL;
		json_t *tree = paper_load("star-bridge");
		paper_edit(tree, "/applicant/name/en", names[i]);
		char *text = paper_text(tree);
		CHECK_ROW(application_parse(&app, &defects, span_text(text), &err), names[i]);
		CHECK_ROW(defects.count == 1, names[i]);
		CHECK_ROW(strcmp(defects.items[0].code, "SHAPE-04") == 0, names[i]);
		CHECK_ROW(app->name_en.len == 0, names[i]);
		free(text);
		json_decref(tree);
		application_free(app);
		defects_free(&defects);
	}
}

/* Whoever typed it finds the field, the character and what it is, in either language. */
static void
a_refused_character_is_named_in_both_languages(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct defects defects = { 0 };
	struct application *app = NULL;
	json_t *tree = paper_load("star-bridge");
	paper_edit(tree, "/applicant/name/zh", "\"示例\\u202e公司\"");
	char *text = paper_text(tree);
	assert_true(application_parse(&app, &defects, span_text(text), &err));
	assert_int_equal(defects.count, 1);
	assert_string_equal(defects.items[0].path, "/applicant/name/zh");
	assert_non_null(
	    strstr(defects.items[0].zh, "第 3 个字（U+202E）是不可见的格式或者方向控制符；"));
	assert_non_null(strstr(defects.items[0].en,
	    "character 3 (U+202E) is an invisible format or direction control. "));
	free(text);
	json_decref(tree);
	application_free(app);
	defects_free(&defects);
}

static void
several_faults_are_named_at_once(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct defects defects = { 0 };
	struct buf codes = BUF_EMPTY;
	struct application *app = NULL;
	json_t *tree = paper_load("star-bridge");
	paper_edit(tree, "/colour", "\"red\"");
	paper_edit(tree, "/qualification/grade", "\"甲\"");
	paper_edit(tree, "/organisation/persons/0/name", NULL);
	char *text = paper_text(tree);
	assert_true(application_parse(&app, &defects, span_text(text), &err));
	assert_string_equal(paper_codes(&codes, &defects), "SHAPE-01 SHAPE-05 SHAPE-02 ");
	free(text);
	json_decref(tree);
	buf_free(&codes);
	application_free(app);
	defects_free(&defects);
}

static void
what_is_no_json_of_ours_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *mistake, *text;
		enum err_code code;
		const char *sentence;
	} rows[] = {
		{ "empty", "", ERR_MALFORMED, "empty" },
		{ "cut off", "{\"a\":", ERR_MALFORMED, "line 1, column 5" },
		{ "list", "[]", ERR_MALFORMED, "begins with {" },
		{ "duplicate key", "{\"type\":\"new\",\"type\":\"new\"}", ERR_MALFORMED,
		    "duplicate" },
		{ "something behind it", "{} {}", ERR_MALFORMED, "end of file" },
		{ "not UTF-8", "{\"a\":\"\xff\"}", ERR_MALFORMED, "byte 0xff" },
		{ "NUL in a string", "{\"a\":\"\\u0000\"}", ERR_MALFORMED, "u0000" },
		{ "lone surrogate", "{\"a\":\"\\ud800\"}", ERR_MALFORMED, "invalid Unicode" },
		{ "control characters in the message", "{\"a\x1b[2J", ERR_MALFORMED, "control" },
		{ "17 levels", "{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", ERR_LIMIT, "16 levels" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct defects defects = { 0 };
		struct application *app = NULL;
		CHECK_ROW(!application_parse(&app, &defects, span_text(rows[i].text), &err),
		    rows[i].mistake);
		CHECK_ROW(app == NULL && defects.count == 0, rows[i].mistake);
		CHECK_ROW(err.code == rows[i].code, rows[i].mistake);
		if (strstr(err.text, rows[i].sentence) == NULL)
			fail_msg("%s: %s", rows[i].mistake, err.text);
		CHECK_ROW(strchr(err.text, '\x1b') == NULL, rows[i].mistake);
	}
}

/* Threat 42: size, nesting, lists and the list of faults itself are bounded. */
static void
threat_42_hostile_size_is_bounded(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct defects defects = { 0 };
	struct buf big = BUF_EMPTY;
	struct application *app = NULL;

	buf_add_text(&big, "{\"a\":\"");
	while (big.len <= LIMIT_PAPER_BYTES)
		buf_add_byte(&big, 'x');
	buf_add_text(&big, "\"}");
	assert_false(application_parse(&app, &defects, buf_span(&big), &err));
	assert_int_equal(err.code, ERR_LIMIT);

	buf_free(&big);
	buf_add_text(&big, "{\"qualification\":{\"scopes\":[0");
	for (int i = 0; i < LIMIT_LIST_ITEMS; i++)
		buf_add_text(&big, ",0");
	buf_add_text(&big, "]}}");
	assert_true(application_parse(&app, &defects, buf_span(&big), &err));
	assert_int_equal(app->scopes.count, 0);
	application_free(app);
	defects_free(&defects);

	buf_free(&big);
	buf_add_text(&big, "{\"k\":0");
	for (int i = 0; i < 1000; i++)
		buf_printf(&big, ",\"k%d\":0", i);
	buf_add_text(&big, "}");
	assert_true(application_parse(&app, &defects, buf_span(&big), &err));
	assert_int_equal(defects.count, LIMIT_DEFECTS);
	assert_true(defects.left_off > 800);
	application_free(app);
	defects_free(&defects);
	buf_free(&big);
}

static void
defects_are_shown_in_both_languages_and_as_json(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct defects d = { 0 };
	struct buf zh = BUF_EMPTY;
	struct buf en = BUF_EMPTY;
	struct buf json = BUF_EMPTY;
	defects_text(&en, &d, LANG_EN);
	assert_int_equal(en.len, 0);
	defects_add(&d, "ORG-02", SEVERITY_ERROR, "/organisation/posts/1", "“%s”兼职",
	    "\"%s\" has two", defect_quote(span_text("甲\x1b")).text);
	defects_add(&d, "ORG-15", SEVERITY_INFO, "", "仅供留意", "only noted");
	defects_text(&zh, &d, LANG_ZH);
	defects_text(&en, &d, LANG_EN);
	assert_true(defects_json(&json, &d, &err));
	assert_string_equal(buf_text(&zh),
	    "错误  ORG-02    /organisation/posts/1\n       “甲\\u{001B}”兼职\n"
	    "说明  ORG-15    /\n       仅供留意\n错误 1 处，提醒 0 处，说明 1 处。\n");
	assert_string_equal(buf_text(&en),
	    "ERROR  ORG-02    /organisation/posts/1\n       \"甲\\u{001B}\" has two\n"
	    "NOTE   ORG-15    /\n       only noted\nErrors: 1. Warnings: 0. Notes: 1.\n");
	assert_string_equal(buf_text(&json),
	    "{\"defects\":[{\"code\":\"ORG-02\",\"en\":\"\\\"甲\\\\u{001B}\\\" has two\","
	    "\"path\":\"/organisation/posts/"
	    "1\",\"severity\":\"error\",\"zh\":\"“甲\\\\u{001B}”兼职\"},"
	    "{\"code\":\"ORG-15\",\"en\":\"only noted\",\"path\":\"\",\"severity\":\"info\","
	    "\"zh\":\"仅供留意\"}],\"errors\":1,\"left_off\":0,\"notes\":1,\"warnings\":0}");
	buf_free(&zh);
	buf_free(&en);
	buf_free(&json);
	defects_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example_is_read_and_encoded_the_same_again),
		cmocka_unit_test(the_fields_are_where_they_belong),
		cmocka_unit_test(faults_of_shape_are_named_with_their_place),
		cmocka_unit_test(what_a_pdf_keeps_for_itself_stands_beside_other_defects),
		cmocka_unit_test(threat_37_misleading_names_are_refused),
		cmocka_unit_test(a_refused_character_is_named_in_both_languages),
		cmocka_unit_test(several_faults_are_named_at_once),
		cmocka_unit_test(what_is_no_json_of_ours_is_refused),
		cmocka_unit_test(threat_42_hostile_size_is_bounded),
		cmocka_unit_test(defects_are_shown_in_both_languages_and_as_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

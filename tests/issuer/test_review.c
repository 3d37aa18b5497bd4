#include "issuer/review.h"

#include "tests/issuer/paper.h"

#include <stdio.h>

#define STAR_BRIDGE "91999901MADEM00110"

static void
examples_are_read_and_pass(void **state)
{
	(void)state;
	static const struct {
		const char *name, *uscc;
	} rows[] = {
		{ "star-bridge", STAR_BRIDGE },
		{ "cloud-sail", "91999902MADEM002X6" },
		{ "rare-hanzi", "91999903MADEM0038L" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char name[64];
		struct err err = { 0 };
		struct defects d = { 0 };
		struct examination *examination = NULL;
		struct inspection *inspection = NULL;

		snprintf(name, sizeof name, "%s-examination", rows[i].name);
		json_t *tree = paper_load(name);
		char *text = paper_text(tree);
		CHECK_ROW(examination_parse(
			      &examination, &d, span_text(text), span_text(rows[i].uscc), &err),
		    name);
		CHECK_ROW(examination_result(examination) == RESULT_PASS, name);
		free(text);
		json_decref(tree);

		snprintf(name, sizeof name, "%s-inspection", rows[i].name);
		tree = paper_load(name);
		text = paper_text(tree);
		CHECK_ROW(inspection_parse(
			      &inspection, &d, span_text(text), span_text(rows[i].uscc), &err),
		    name);
		CHECK_ROW(inspection_passed(inspection), name);
		CHECK_ROW(d.count == 0, name);
		free(text);
		json_decref(tree);
		examination_free(examination);
		inspection_free(inspection);
		defects_free(&d);
	}
}

/* Two officials type blanks and order differently, and sign the same bytes. */
static void
two_officials_sign_the_same_bytes(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct defects d = { 0 };
	struct inspection *first = NULL;
	struct inspection *second = NULL;
	struct buf first_bytes = BUF_EMPTY;
	struct buf second_bytes = BUF_EMPTY;
	json_t *tree = paper_load("star-bridge-inspection");
	char *loose = json_dumps(tree, JSON_INDENT(4) | JSON_ENSURE_ASCII);
	char *sorted = json_dumps(tree, JSON_SORT_KEYS | JSON_COMPACT | JSON_ESCAPE_SLASH);
	struct span uscc = span_text(STAR_BRIDGE);
	assert_string_not_equal(loose, sorted);
	assert_true(inspection_parse(&first, &d, span_text(loose), uscc, &err));
	assert_true(inspection_parse(&second, &d, span_text(sorted), uscc, &err));
	assert_true(inspection_encode(&first_bytes, first, &err));
	assert_true(inspection_encode(&second_bytes, second, &err));
	assert_true(span_equal(buf_span(&first_bytes), buf_span(&second_bytes)));
	assert_int_equal(d.count, 0);
	free(loose);
	free(sorted);
	json_decref(tree);
	buf_free(&first_bytes);
	buf_free(&second_bytes);
	inspection_free(first);
	inspection_free(second);
}

struct mistake {
	const char *name, *pointer, *value, *codes, *path;
};

static void
check_defects(const struct defects *d, const struct mistake *row)
{
	struct buf codes = BUF_EMPTY;
	const char *found = d->count > 0 ? paper_codes(&codes, d) : "";
	if (strcmp(found, row->codes) != 0)
		fail_msg("%s: found %swanted %s", row->name, found, row->codes);
	if (d->count > 0 && strcmp(d->items[0].path, row->path) != 0)
		fail_msg("%s: %s", row->name, d->items[0].path);
	buf_free(&codes);
}

static void
mistakes_in_an_examination_are_named(void **state)
{
	(void)state;
	static const struct mistake rows[] = {
		{ "another unit", "/uscc", "\"91999902MADEM002X6\"", "REV-08 ", "/uscc" },
		{ "a finding missing", "/findings/reputation", NULL, "SHAPE-02 ",
		    "/findings/reputation" },
		{ "no finding", "/findings", NULL, "SHAPE-02 ", "/findings" },
		{ "failed without a note", "/findings/reputation", "{\"result\":\"fail\"}",
		    "REV-01 ", "/findings/reputation" },
		{ "passed without evidence", "/findings/registration/evidence", NULL, "REV-01 ",
		    "/findings/registration" },
		{ "perhaps", "/findings/registration/result", "\"perhaps\"", "SHAPE-05 ",
		    "/findings/registration/result" },
		{ "unknown key", "/findings/registration/score", "5", "SHAPE-01 ",
		    "/findings/registration/score" },
		{ "evidence without digest", "/findings/registration/evidence/0/sha256", NULL,
		    "SHAPE-02 ", "/findings/registration/evidence/0/sha256" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct defects d = { 0 };
		struct examination *x = NULL;
		json_t *tree = paper_load("star-bridge-examination");
		paper_edit(tree, rows[i].pointer, rows[i].value);
		char *text = paper_text(tree);
		CHECK_ROW(examination_parse(&x, &d, span_text(text), span_text(STAR_BRIDGE), &err),
		    rows[i].name);
		check_defects(&d, &rows[i]);
		free(text);
		json_decref(tree);
		examination_free(x);
		defects_free(&d);
	}
}

static void
mistakes_in_a_report_are_named(void **state)
{
	(void)state;
	static const struct mistake rows[] = {
		{ "one official", "/officials", "[\"实察\"]",
		    "REV-02 REV-03 REV-03 REV-03 REV-03 REV-03 REV-03 ", "/officials" },
		{ "the same official twice", "/officials", "[\"实察\", \"项真\", \"项真\"]",
		    "REV-02 ", "/officials/2" },
		{ "an examiner from elsewhere", "/rules/3/examiner", "\"路人\"", "REV-03 ",
		    "/rules/3" },
		{ "a rule twice", "/rules/3/rule", "\"ORG-01\"", "REV-04 ", "/rules/3" },
		{ "a failed rule without a note", "/rules/3/result", "\"fail\"", "REV-01 ",
		    "/rules/3" },
		{ "a failed topic without a note", "/topics/system", "{\"result\":\"fail\"}",
		    "REV-01 ", "/topics/system" },
		{ "a topic missing", "/topics/education", NULL, "SHAPE-02 ", "/topics/education" },
		{ "an expert who is an official", "/experts/0/name", "\"实察\"", "REV-05 ",
		    "/experts/0" },
		{ "ends before it begins", "/visit/to", "\"2026-11-15\"", "REV-06 ", "/visit" },
		{ "more passed than took part", "/knowledge_test/passed", "13", "REV-06 ",
		    "/knowledge_test" },
		{ "half a person", "/knowledge_test/taken", "12.5", "SHAPE-03 REV-06 ",
		    "/knowledge_test/taken" },
		{ "no record", "/evidence", "[]", "REV-01 ", "/evidence" },
		{ "about another unit", "/uscc", "\"91999902MADEM002X6\"", "REV-08 ", "/uscc" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct defects d = { 0 };
		struct inspection *x = NULL;
		json_t *tree = paper_load("star-bridge-inspection");
		paper_edit(tree, rows[i].pointer, rows[i].value);
		char *text = paper_text(tree);
		CHECK_ROW(inspection_parse(&x, &d, span_text(text), span_text(STAR_BRIDGE), &err),
		    rows[i].name);
		check_defects(&d, &rows[i]);
		free(text);
		json_decref(tree);
		inspection_free(x);
		defects_free(&d);
	}
}

static void
one_failed_topic_or_rule_fails_the_report(void **state)
{
	(void)state;
	static const struct mistake rows[] = {
		{ "topic", "/topics/system", "{\"result\":\"fail\",\"note\":\"无制度\"}", "", "" },
		{ "rule", "/rules/1",
		    "{\"rule\":\"ORG-02\",\"result\":\"fail\",\"examiner\":\"实察\",\"note\":"
		    "\"兼职\"}",
		    "", "" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct defects d = { 0 };
		struct inspection *x = NULL;
		json_t *tree = paper_load("star-bridge-inspection");
		paper_edit(tree, rows[i].pointer, rows[i].value);
		char *text = paper_text(tree);
		CHECK_ROW(inspection_parse(&x, &d, span_text(text), span_text(STAR_BRIDGE), &err),
		    rows[i].name);
		CHECK_ROW(d.count == 0, rows[i].name);
		CHECK_ROW(!inspection_passed(x), rows[i].name);
		free(text);
		json_decref(tree);
		inspection_free(x);
		defects_free(&d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_are_read_and_pass),
		cmocka_unit_test(two_officials_sign_the_same_bytes),
		cmocka_unit_test(mistakes_in_an_examination_are_named),
		cmocka_unit_test(mistakes_in_a_report_are_named),
		cmocka_unit_test(one_failed_topic_or_rule_fails_the_report),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

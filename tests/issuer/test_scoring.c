#include "issuer/scoring.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "registry/policy.h"
#include "tests/issuer/paper.h"

#include <stdio.h>

#define STAR_BRIDGE "91999901MADEM00110"

static void
load_file(struct buf *out, const char *name)
{
	struct err err = { 0 };
	char path[256];
	snprintf(path, sizeof path, SOURCE_DIR "/templates/%s", name);
	if (!file_read(out, path, LIMIT_JSON_BYTES, &err))
		fail_msg("%s", err.text);
}

static struct scoring *
load(void)
{
	struct err err = { 0 };
	struct buf json = BUF_EMPTY;
	struct scoring *s;
	load_file(&json, "scoring.json");
	if (!scoring_parse(&s, buf_span(&json), &err))
		fail_msg("%s", err.text);
	buf_free(&json);
	return s;
}

static void
the_model_has_500_points_of_which_450_pass(void **state)
{
	(void)state;
	struct scoring *s = load();
	assert_int_equal(s->most, 500);
	assert_int_equal(s->pass, 450);
	assert_int_equal(s->n_basic, 5);
	assert_int_equal(s->n_items, 10);
	scoring_free(s);
}

static void
the_policies_name_the_scheme(void **state)
{
	(void)state;
	static const char *const names[] = { "policy-standard.json", "policy-small.json" };
	struct scoring *s = load();
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct buf file = BUF_EMPTY;
		struct policy p;
		struct err err = { 0 };
		load_file(&file, names[i]);
		assert_true(policy_parse(&p, buf_span(&file), &err));
		assert_memory_equal(p.scoring, s->hash, SHA256_BYTES);
		buf_free(&file);
	}
	scoring_free(s);
}

/* ---- reports ---- */

struct edit {
	const char *pointer, *value;
};

/* An example's report with these changes: what is wrong with its scores, and its result. */
static void
score(enum act_result *result, struct defects *d, const char *example, const struct edit *edits,
    size_t n)
{
	struct err err = { 0 };
	struct scoring *s = load();
	struct inspection *x = NULL;
	json_t *tree = paper_load(example);
	for (size_t i = 0; i < n && edits[i].pointer != NULL; i++)
		paper_edit(tree, edits[i].pointer, edits[i].value);
	char *text = paper_text(tree);
	struct span uscc = span_text(json_string_value(json_object_get(tree, "uscc")));
	if (!inspection_parse(&x, d, span_text(text), uscc, &err))
		fail_msg("%s", err.text);
	scoring_check(d, s, x);
	*result = scoring_result(s, x);
	inspection_free(x);
	free(text);
	json_decref(tree);
	scoring_free(s);
}

static void
examples_are_scored_well_and_pass(void **state)
{
	(void)state;
	static const char *const names[] = { "star-bridge-inspection", "cloud-sail-inspection",
		"rare-hanzi-inspection" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct defects d = { 0 };
		enum act_result result;
		score(&result, &d, names[i], NULL, 0);
		CHECK_ROW(d.count == 0, names[i]);
		CHECK_ROW(result == RESULT_PASS, names[i]);
		defects_free(&d);
	}
}

/* K-01 has 60 points; the example has 492 of 500. */
static void
points_decide_by_one(void **state)
{
	(void)state;
	static const struct {
		const char *row;
		struct edit edits[2];
		enum act_result result;
	} rows[] = {
		{ "450 points",
		    { { "/scoring/items/0/points", "18" }, { "/scoring/items/0/note", "\"缺\"" } },
		    RESULT_PASS },
		{ "449 points",
		    { { "/scoring/items/0/points", "17" }, { "/scoring/items/0/note", "\"缺\"" } },
		    RESULT_FAIL },
		{ "a basic item not met",
		    { { "/scoring/basic/2/result", "\"fail\"" },
			{ "/scoring/basic/2/note", "\"缺\"" } },
		    RESULT_STOP },
		{ "a topic that failed, with all points",
		    { { "/topics/system", "{\"result\":\"fail\",\"note\":\"无制度\"}" } },
		    RESULT_FAIL },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct defects d = { 0 };
		enum act_result result;
		score(&result, &d, "star-bridge-inspection", rows[i].edits, 2);
		CHECK_ROW(d.count == 0, rows[i].row);
		CHECK_ROW(result == rows[i].result, rows[i].row);
		defects_free(&d);
	}
}

/* What was not looked at any more needs no score. */
static void
a_stopped_review_may_lack_items(void **state)
{
	(void)state;
	static const struct edit edits[] = { { "/scoring/basic/4/result", "\"fail\"" },
		{ "/scoring/basic/4/note", "\"隐瞒\"" }, { "/scoring/items", "[]" } };
	struct defects d = { 0 };
	enum act_result result;
	score(&result, &d, "star-bridge-inspection", edits, COUNT_OF(edits));
	assert_int_equal(d.count, 0);
	assert_int_equal(result, RESULT_STOP);
	defects_free(&d);
}

static void
mistakes_in_scores_are_named(void **state)
{
	(void)state;
	static const struct {
		const char *mistake;
		struct edit edits[2];
		const char *codes, *path;
	} rows[] = {
		{ "another scheme",
		    { { "/scoring/scheme",
			"\"0000000000000000000000000000000000000000000000000000000000000000\"" } },
		    "REV-09 ", "/scoring/scheme" },
		{ "an item missing", { { "/scoring/items/3", NULL } }, "REV-10 ",
		    "/scoring/items" },
		{ "a basic item missing", { { "/scoring/basic/3", NULL } }, "REV-10 ",
		    "/scoring/basic" },
		{ "a basic item missing in a review that was stopped",
		    { { "/scoring/basic/0",
			  "{\"item\":\"B-01\",\"result\":\"fail\",\"note\":\"未成立\"}" },
			{ "/scoring/basic/3", NULL } },
		    "REV-10 ", "/scoring/basic" },
		{ "an unknown item", { { "/scoring/items/-", "{\"item\":\"K-11\",\"points\":1}" } },
		    "REV-10 ", "/scoring/items/10/item" },
		{ "a basic item among those with points",
		    { { "/scoring/items/-", "{\"item\":\"B-01\",\"points\":1}" } }, "REV-10 ",
		    "/scoring/items/10/item" },
		{ "an item twice", { { "/scoring/items/-", "{\"item\":\"K-02\",\"points\":40}" } },
		    "REV-10 ", "/scoring/items/10/item" },
		{ "another title", { { "/scoring/items/1/title", "\"保密宣传教育\"" } }, "REV-10 ",
		    "/scoring/items/1/title" },
		{ "more points than it has", { { "/scoring/items/1/points", "41" } }, "REV-11 ",
		    "/scoring/items/1/points" },
		{ "points deducted without a note", { { "/scoring/items/1/points", "39" } },
		    "REV-11 ", "/scoring/items/1" },
		{ "a basic item not met without a note",
		    { { "/scoring/basic/1/result", "\"fail\"" } }, "REV-11 ", "/scoring/basic/1" },
		{ "no scores", { { "/scoring", NULL } }, "SHAPE-02 ", "/scoring" },
		{ "an unknown key", { { "/scoring/total", "500" } }, "SHAPE-01 ",
		    "/scoring/total" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct defects d = { 0 };
		struct buf codes = BUF_EMPTY;
		enum act_result result;
		score(&result, &d, "star-bridge-inspection", rows[i].edits, 2);
		CHECK_ROW(d.count > 0, rows[i].mistake);
		const char *found = paper_codes(&codes, &d);
		if (strncmp(found, rows[i].codes, strlen(rows[i].codes)) != 0)
			fail_msg("%s: %s", rows[i].mistake, found);
		CHECK_ROW(strcmp(d.items[0].path, rows[i].path) == 0, rows[i].mistake);
		CHECK_ROW(
		    d.count == 1 || strcmp(rows[i].mistake, "no scores") == 0, rows[i].mistake);
		buf_free(&codes);
		defects_free(&d);
	}
}

static void
the_title_may_stand_beside_the_item(void **state)
{
	(void)state;
	static const struct edit edits[] = { { "/scoring/items/1/title", "\"保密组织和职责分工\"" },
		{ "/scoring/basic/0/title",
		    "\"a leading group for confidentiality exists and works\"" } };
	struct defects d = { 0 };
	enum act_result result;
	score(&result, &d, "star-bridge-inspection", edits, COUNT_OF(edits));
	assert_int_equal(d.count, 0);
	defects_free(&d);
}

#define SCHEME(pass, basic, items)                                                                 \
	"{\"scheme\":\"x\",\"note\":\"\",\"pass\":" pass ",\"basic\":[" basic                      \
	"],\"items\":[" items "]}"
#define BASIC "{\"item\":\"B\",\"zh\":\"甲\",\"en\":\"a\"}"
#define ITEM "{\"item\":\"K\",\"points\":10,\"zh\":\"乙\",\"en\":\"b\"}"

static void
a_scheme_with_a_mistake_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *mistake, *json;
	} rows[] = {
		{ "no JSON", "{" },
		{ "no pass mark", "{\"scheme\":\"x\",\"note\":\"\",\"basic\":[],\"items\":[]}" },
		{ "a mark nobody reaches", SCHEME("11", BASIC, ITEM) },
		{ "a mark everybody reaches", SCHEME("0", BASIC, ITEM) },
		{ "a negative mark", SCHEME("-1", BASIC, ITEM) },
		{ "no items", SCHEME("1", BASIC, "") },
		{ "no basic items", SCHEME("1", "", ITEM) },
		{ "an item twice", SCHEME("1", BASIC, ITEM "," ITEM) },
		{ "a basic item with points", SCHEME("1", ITEM, ITEM) },
		{ "an item without points", SCHEME("1", BASIC, BASIC) },
		{ "an item of no points",
		    SCHEME(
			"1", BASIC, "{\"item\":\"K\",\"points\":0,\"zh\":\"乙\",\"en\":\"b\"}") },
	};
	struct scoring *s = NULL;
	struct err err = { 0 };
	assert_true(scoring_parse(&s, span_text(SCHEME("10", BASIC, ITEM)), &err));
	scoring_free(s);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK_ROW(!scoring_parse(&s, span_text(rows[i].json), &err), rows[i].mistake);
		CHECK_ROW(s == NULL && err.code == ERR_MALFORMED, rows[i].mistake);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_model_has_500_points_of_which_450_pass),
		cmocka_unit_test(the_policies_name_the_scheme),
		cmocka_unit_test(examples_are_scored_well_and_pass),
		cmocka_unit_test(points_decide_by_one),
		cmocka_unit_test(a_stopped_review_may_lack_items),
		cmocka_unit_test(mistakes_in_scores_are_named),
		cmocka_unit_test(the_title_may_stand_beside_the_item),
		cmocka_unit_test(a_scheme_with_a_mistake_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

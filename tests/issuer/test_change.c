/* The paper before a reissue: what changes, and nothing that is another ground's. */
#include "issuer/change.h"

#include "tests/issuer/paper.h"

#define USCC "91999901MADEM00110"

static const char full[] =
    "{\"format\":\"qualcert-change/1\",\"uscc\":\"" USCC "\","
    "\"name\":{\"zh\":\"示例新桥科技有限公司\",\"en\":\"New Bridge Ltd.\"},"
    "\"legal_representative\":\"程新桥\",\"registered_address\":\"示例省示范市新桥路1号\","
    "\"scopes\":[\"software\",\"integration\"]}";

static void
what_it_says_is_read(void **state)
{
	(void)state;
	struct defects d = { 0 };
	struct change *c = NULL;
	struct err err = { 0 };

	json_t *tree = json_loads(full, 0, NULL);
	paper_edit(tree, "/scopes", NULL);
	char *text = paper_text(tree);
	assert_true(
	    change_parse(&c, &d, span_text(text), span_text("CHG-01"), span_text(USCC), &err));
	assert_int_equal(d.count, 0);
	assert_true(span_is(c->name_zh, "示例新桥科技有限公司"));
	assert_true(span_is(c->name_en, "New Bridge Ltd."));
	assert_true(span_is(c->legal_representative, "程新桥"));
	assert_true(span_is(c->address, "示例省示范市新桥路1号"));
	assert_int_equal(c->scopes.count, 0);
	change_free(c);
	free(text);

	paper_edit(tree, "/scopes", "[\"software\",\"integration\"]");
	paper_edit(tree, "/name", NULL);
	text = paper_text(tree);
	assert_true(
	    change_parse(&c, &d, span_text(text), span_text("CHG-04"), span_text(USCC), &err));
	assert_int_equal(d.count, 0);
	assert_int_equal(c->name_zh.len, 0);
	assert_true(scopes_equal(&c->scopes, &(struct scopes){ { 1, 3 }, 2 })); /* ascending */
	change_free(c);
	free(text);
	json_decref(tree);
}

static void
grounds_and_what_they_take(void **state)
{
	(void)state;
	static const struct {
		const char *ground;
		enum change_need need;
	} rows[] = {
		{ "CHG-01", CHANGE_REQUIRED },
		{ "CHG-02", CHANGE_REQUIRED },
		{ "CHG-03", CHANGE_REQUIRED },
		{ "CHG-04", CHANGE_REQUIRED },
		{ "MIS-01", CHANGE_OPTIONAL },
		{ "LOS-01", CHANGE_REFUSED },
		{ "LOS-02", CHANGE_REFUSED },
		{ "DWN-01", CHANGE_REFUSED },
		{ "CHG-99", CHANGE_REFUSED },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(change_need(span_text(rows[i].ground)) == rows[i].need, rows[i].ground);
}

/* Each row changes the full paper; "codes" are those of all that is found then. */
static const struct {
	const char *row, *ground;
	struct {
		const char *pointer, *value;
	} edits[4];
	const char *codes;
} faults[] = {
	{ "a name with scopes", "CHG-01", { { 0 } }, "ALT-02 " },
	{ "scopes with a name", "CHG-04", { { 0 } }, "ALT-02 " },
	{ "both on the ground of a representative", "CHG-02", { { 0 } }, "ALT-02 ALT-02 " },
	{ "both on the ground of a misprint", "MIS-01", { { 0 } }, "ALT-02 ALT-02 " },
	{ "no name", "CHG-01", { { "/name", NULL }, { "/scopes", NULL } }, "ALT-01 " },
	{ "no representative", "CHG-02",
	    { { "/name", NULL }, { "/scopes", NULL }, { "/legal_representative", NULL } },
	    "ALT-01 " },
	{ "no address", "CHG-03",
	    { { "/name", NULL }, { "/scopes", NULL }, { "/registered_address", NULL } },
	    "ALT-01 " },
	{ "no scopes", "CHG-04", { { "/name", NULL }, { "/scopes", NULL } }, "ALT-01 " },
	{ "another unit", "CHG-01", { { "/scopes", NULL }, { "/uscc", "\"91999902MADEM002X6\"" } },
	    "REV-08 " },
	{ "no unit", "CHG-01", { { "/scopes", NULL }, { "/uscc", NULL } }, "SHAPE-02 " },
	{ "an unknown scope", "CHG-04", { { "/name", NULL }, { "/scopes/-", "\"cabling\"" } },
	    "SCOPE-02 " },
	{ "a scope twice", "CHG-04", { { "/name", NULL }, { "/scopes/-", "\"software\"" } },
	    "SCOPE-02 " },
	{ "no scope left", "CHG-04", { { "/name", NULL }, { "/scopes", "[]" } }, "SCOPE-02 " },
	{ "scopes that are no list", "CHG-04", { { "/name", NULL }, { "/scopes", "\"software\"" } },
	    "SHAPE-03 SCOPE-02 " },
	{ "an unknown key", "CHG-01", { { "/scopes", NULL }, { "/grade", "\"A\"" } }, "SHAPE-01 " },
	{ "an unknown key in the name", "CHG-01", { { "/scopes", NULL }, { "/name/fr", "\"x\"" } },
	    "SHAPE-01 " },
	{ "only an English name", "CHG-01", { { "/scopes", NULL }, { "/name/zh", NULL } },
	    "SHAPE-02 " },
	{ "another format", "CHG-01",
	    { { "/scopes", NULL }, { "/format", "\"qualcert-application/1\"" } }, "SHAPE-05 " },
	{ "an invisible character", "CHG-01",
	    { { "/scopes", NULL }, { "/legal_representative", "\"程\\u200b新桥\"" } },
	    "SHAPE-04 " },
};

static void
every_fault_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(faults); i++) {
		struct defects d = { 0 };
		struct buf codes = BUF_EMPTY;
		struct change *c = NULL;
		struct err err = { 0 };
		json_t *tree = json_loads(full, 0, NULL);
		for (size_t k = 0; k < COUNT_OF(faults[i].edits); k++)
			if (faults[i].edits[k].pointer != NULL)
				paper_edit(
				    tree, faults[i].edits[k].pointer, faults[i].edits[k].value);
		char *text = paper_text(tree);
		CHECK_ROW(change_parse(&c, &d, span_text(text), span_text(faults[i].ground),
			      span_text(USCC), &err),
		    faults[i].row);
		if (strcmp(paper_codes(&codes, &d), faults[i].codes) != 0)
			fail_msg(
			    "%s: %s; want %s", faults[i].row, buf_text(&codes), faults[i].codes);
		CHECK_ROW(defects_count(&d, SEVERITY_ERROR) == d.count, faults[i].row);
		change_free(c);
		defects_free(&d);
		buf_free(&codes);
		free(text);
		json_decref(tree);
	}
}

static void
what_is_no_paper_is_no_change(void **state)
{
	(void)state;
	struct defects d = { 0 };
	struct change *c = NULL;
	struct err err = { 0 };

	assert_false(
	    change_parse(&c, &d, span_text("{"), span_text("CHG-01"), span_text(USCC), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	assert_null(c);
	assert_false(
	    change_parse(&c, &d, span_text(full), span_text("LOS-01"), span_text(USCC), &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_null(c);
	defects_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_says_is_read),
		cmocka_unit_test(grounds_and_what_they_take),
		cmocka_unit_test(every_fault_is_named),
		cmocka_unit_test(what_is_no_paper_is_no_change),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

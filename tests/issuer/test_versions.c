#include "issuer/versions.h"

#include "registry/ground.h"
#include "tests/test.h"

#include <stdio.h>

/* The list of n versions, made one after another; the caller frees it. */
static struct buf
list_of(unsigned n, enum lang lang)
{
	struct buf list = BUF_EMPTY;

	for (unsigned v = 1; v <= n; v++) {
		const struct version_entry entry = { v, { 2026, 11, (int)v },
			LANG_PICK(lang, "因遗失补发", "replaces one that was lost"), NULL };
		struct buf next = BUF_EMPTY;
		versions_add(&next, buf_span(&list), &entry, lang);
		buf_free(&list);
		list = next;
	}
	return list;
}

static void
check(unsigned n, enum lang lang, const char *begins, const char *ends, size_t items)
{
	struct buf list = list_of(n, lang);
	const char *text = buf_text(&list), *mark = LANG_PICK(lang, "；", "; ");
	size_t have = 1;

	assert_non_null(text);
	for (const char *at = text; (at = strstr(at, mark)) != NULL; at += strlen(mark))
		have++;
	CHECK_ROW(strncmp(text, begins, strlen(begins)) == 0, text);
	CHECK_ROW(strcmp(text + list.len - strlen(ends), ends) == 0, text);
	assert_int_equal(have, items);
	buf_free(&list);
}

static void
versions_stand_in_order_the_newest_last(void **state)
{
	(void)state;
	check(1, LANG_ZH, "第 1 版　2026-11-01　因遗失补发", "因遗失补发", 1);
	check(2, LANG_ZH, "第 1 版　", "；第 2 版　2026-11-02　因遗失补发", 2);
	check(2, LANG_EN, "Version 1, ", "; Version 2, 2026-11-02: replaces one that was lost", 2);
	check(8, LANG_ZH, "第 1 版　", "；第 8 版　2026-11-08　因遗失补发", 8);
}

static void
older_ones_than_eight_are_left_out_and_the_list_says_so(void **state)
{
	(void)state;
	check(9, LANG_ZH, "更早各版从略；第 2 版　", "第 9 版　2026-11-09　因遗失补发", 9);
	check(9, LANG_EN, "earlier versions are left out; Version 2, ",
	    "Version 9, 2026-11-09: replaces one that was lost", 9);
	check(12, LANG_ZH, "更早各版从略；第 5 版　", "第 12 版　2026-11-12　因遗失补发", 9);
	check(12, LANG_EN, "earlier versions are left out; Version 5, ",
	    "Version 12, 2026-11-12: replaces one that was lost", 9);
}

static void
what_comes_after_another_licence_names_it(void **state)
{
	const struct version_entry entry = { 1, { 2026, 11, 20 }, "grade changed",
		"JC-A-999900-2026-48213-6" };
	struct buf en = BUF_EMPTY, zh = BUF_EMPTY;

	(void)state;
	versions_add(&en, span_of(NULL, 0), &entry, LANG_EN);
	assert_string_equal(buf_text(&en),
	    "Version 1, 2026-11-20: grade changed, follows JC-A-999900-2026-48213-6");
	versions_add(&zh, span_of(NULL, 0),
	    &(struct version_entry){ 1, { 2026, 11, 20 }, "等级变更", entry.follows }, LANG_ZH);
	assert_string_equal(
	    buf_text(&zh), "第 1 版　2026-11-20　等级变更，接续 JC-A-999900-2026-48213-6");
	buf_free(&en);
	buf_free(&zh);
}

/* What the ground says of the licence ("certificate lost") would be read of the version it is printed beside. */
static void
grounds_of_issue_have_words_of_their_own_to_be_printed(void **state)
{
	size_t n;
	const struct ground *grounds = ground_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct ground *g = &grounds[i];
		const bool issues = g->verb == ACT_REISSUE || g->verb == ACT_REGRADE;
		CHECK_ROW((g->printed_zh != NULL) == issues, g->code);
		CHECK_ROW((g->printed_en != NULL) == issues, g->code);
		if (!issues)
			continue;
		CHECK_ROW(strstr(g->printed_zh, "；") == NULL, g->code);
		CHECK_ROW(strstr(g->printed_en, "; ") == NULL, g->code);
		if (g->meaning != MEANING_CHANGE) {
			CHECK_ROW(strstr(g->printed_zh, g->zh) == NULL, g->code);
			CHECK_ROW(strstr(g->printed_en, g->en) == NULL, g->code);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_stand_in_order_the_newest_last),
		cmocka_unit_test(older_ones_than_eight_are_left_out_and_the_list_says_so),
		cmocka_unit_test(what_comes_after_another_licence_names_it),
		cmocka_unit_test(grounds_of_issue_have_words_of_their_own_to_be_printed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

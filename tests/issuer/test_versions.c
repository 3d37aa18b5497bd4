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
			LANG_PICK(lang, "证书遗失", "certificate lost") };
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
	check(1, LANG_ZH, "第 1 版　2026-11-01　证书遗失", "证书遗失", 1);
	check(2, LANG_ZH, "第 1 版　", "；第 2 版　2026-11-02　证书遗失", 2);
	check(2, LANG_EN, "Version 1, ", "; Version 2, 2026-11-02: certificate lost", 2);
	check(8, LANG_ZH, "第 1 版　", "；第 8 版　2026-11-08　证书遗失", 8);
}

static void
older_ones_than_eight_are_left_out_and_the_list_says_so(void **state)
{
	(void)state;
	check(9, LANG_ZH, "更早各版从略；第 2 版　", "第 9 版　2026-11-09　证书遗失", 9);
	check(9, LANG_EN, "earlier versions are left out; Version 2, ",
	    "Version 9, 2026-11-09: certificate lost", 9);
	check(12, LANG_ZH, "更早各版从略；第 5 版　", "第 12 版　2026-11-12　证书遗失", 9);
	check(12, LANG_EN, "earlier versions are left out; Version 5, ",
	    "Version 12, 2026-11-12: certificate lost", 9);
}

static void
no_ground_holds_the_mark_that_parts_the_items(void **state)
{
	size_t n;
	const struct ground *grounds = ground_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		CHECK_ROW(strstr(grounds[i].zh, "；") == NULL, grounds[i].code);
		CHECK_ROW(strstr(grounds[i].en, "; ") == NULL, grounds[i].code);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_stand_in_order_the_newest_last),
		cmocka_unit_test(older_ones_than_eight_are_left_out_and_the_list_says_so),
		cmocka_unit_test(no_ground_holds_the_mark_that_parts_the_items),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

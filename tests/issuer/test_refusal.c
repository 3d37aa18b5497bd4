#include "issuer/refusal.h"

#include "tests/test.h"

static void
check(const char *text, enum lang lang, const char *want)
{
	struct buf out = BUF_EMPTY;

	refusal_text(&out, text, lang);
	assert_string_equal(buf_text(&out), want);
	buf_free(&out);
}

static void
a_rule_is_told_in_chinese(void **state)
{
	(void)state;
	check("SEP-01: Yin Shi proposed it: another person must approve", LANG_ZH,
	    "SEP-01：提议人不得批准自己的提议，须由他人批准");
	check("APP-01: it was approved already", LANG_ZH, "APP-01：此项已经批准");
	check("another put it into this sitting, or it is of another kind or paper: refuse it, and "
	      "have it proposed by itself",
	    LANG_ZH,
	    "这一项是别人放进本会次的，或者种类、文书与其他各项不同；请拒绝批准，另行提议");
}

static void
what_the_rule_found_and_where_is_kept(void **state)
{
	(void)state;
	check("ACT-03: Fu He does not have the role approve", LANG_ZH,
	    "ACT-03：没有办理此事的角色（Fu He does not have the role approve）");
	check("C-2026-0017: ACT-07: the case is at \"decided\"", LANG_ZH,
	    "C-2026-0017: ACT-07：与案件或者许可目前的阶段不符（the case is at \"decided\"）");
}

static void
english_and_what_is_no_rule_stay_as_they_are(void **state)
{
	static const char said[] = "SEP-01: Yin Shi proposed it: another person must approve";

	(void)state;
	check(said, LANG_EN, said);
	check(
	    "open /srv/bureau: Permission denied", LANG_ZH, "open /srv/bureau: Permission denied");
	check("a reason that says xSEP-01: no", LANG_ZH, "a reason that says xSEP-01: no");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_is_told_in_chinese),
		cmocka_unit_test(what_the_rule_found_and_where_is_kept),
		cmocka_unit_test(english_and_what_is_no_rule_stay_as_they_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "core/err.h"
#include "core/text.h"
#include "tests/test.h"

#include <errno.h>

static void
a_sentence_carries_its_code_and_its_context(void **state)
{
	struct err err = { 0 };
	(void)state;

	assert_false(err_set(&err, ERR_REFUSED, "the register is %s", "read-only"));
	assert_false(err_in(&err, "certificate %s", "A-17"));
	assert_int_equal(err.code, ERR_REFUSED);
	assert_string_equal(err.text, "certificate A-17: the register is read-only");
}

static void
a_later_sentence_replaces_the_earlier(void **state)
{
	struct err err = { 0 };
	(void)state;

	err_set(&err, ERR_IO, "a long first sentence");
	err_set(&err, ERR_LIMIT, "short");
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.text, "short");
}

static void
the_reason_of_the_system_is_added(void **state)
{
	struct err err = { 0 };
	(void)state;

	errno = EACCES;
	assert_false(err_errno(&err, "open %s", "registry.db"));
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.text, "open registry.db: Permission denied");
}

static void
a_long_text_is_cut_between_characters(void **state)
{
	(void)state;
	for (size_t ascii = 0; ascii < 6; ascii++) {
		struct err err = { 0 };
		char text[900] = "";
		memset(text, 'a', ascii);
		while (strlen(text) < 800)
			memcpy(text + strlen(text), "印", 4);

		err_set(&err, ERR_REFUSED, "%s", text);
		assert_in_range(strlen(err.text), ERR_TEXT_BYTES - 8, ERR_TEXT_BYTES - 1);
		assert_true(text_is_utf8(span_text(err.text)));

		err_in(&err, "%s", "certificate");
		assert_in_range(strlen(err.text), ERR_TEXT_BYTES - 8, ERR_TEXT_BYTES - 1);
		assert_true(text_is_utf8(span_text(err.text)));
		assert_memory_equal(err.text, "certificate: ", 13);
	}
}

static void
a_caller_who_wants_no_text_passes_null(void **state)
{
	(void)state;
	assert_false(err_set(NULL, ERR_IO, "x"));
	assert_false(err_in(NULL, "x"));
	assert_false(err_errno(NULL, "x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sentence_carries_its_code_and_its_context),
		cmocka_unit_test(a_later_sentence_replaces_the_earlier),
		cmocka_unit_test(the_reason_of_the_system_is_added),
		cmocka_unit_test(a_long_text_is_cut_between_characters),
		cmocka_unit_test(a_caller_who_wants_no_text_passes_null),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "credential/number.h"

#include "tests/test.h"

static void
check_same(struct span text, const struct number *want)
{
	struct err err = { 0 };
	struct number n;
	assert_true(number_parse(&n, text, &err));
	assert_string_equal(n.family, want->family);
	assert_int_equal(n.grade, want->grade);
	assert_string_equal(n.region, want->region);
	assert_int_equal(n.year, want->year);
	assert_int_equal(n.serial, want->serial);
}

static void
a_number_is_stored_and_shown(void **state)
{
	(void)state;
	static const struct {
		const char *family;
		char grade;
		int serial;
		const char *stored, *shown;
	} rows[] = {
		{ "JC", 'A', 48213, "JCA9999002026482136", "JC-A-999900-2026-48213-6" },
		{ "JC", 'B', 7364, "JCB999900202607364L", "JC-B-999900-2026-07364-L" },
		{ "JC", 'B', 31556, "JCB9999002026315565", "JC-B-999900-2026-31556-5" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct number n;
		char stored[NUMBER_STORED_BYTES];
		char shown[NUMBER_SHOWN_BYTES];
		assert_true(number_make(
		    &n, rows[i].family, rows[i].grade, "999900", 2026, rows[i].serial, &err));
		number_stored(stored, &n);
		number_shown(shown, &n);
		assert_string_equal(stored, rows[i].stored);
		assert_string_equal(shown, rows[i].shown);
		check_same(span_text(stored), &n);
		check_same(span_text(shown), &n);
	}
}

static void
files_of_later_versions_say_so(void **state)
{
	(void)state;
	struct number n;
	char file[NUMBER_FILE_BYTES];

	assert_true(number_make(&n, "JC", 'A', "999900", 2026, 48213, NULL));
	number_file(file, &n, 1);
	assert_string_equal(file, "JC-A-999900-2026-48213-6");
	number_file(file, &n, 2);
	assert_string_equal(file, "JC-A-999900-2026-48213-6.v2");
	number_file(file, &n, UINT16_MAX);
	assert_string_equal(file, "JC-A-999900-2026-48213-6.v65535");
}

/* Threat 36: a number is used as a file name, so nothing but its alphabet may pass. */
static void
threat_36_only_the_two_forms_are_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *mistake, *text, *sentence;
	} rows[] = {
		{ "empty", "", "is written JC-A-999900-2026-48213-6" },
		{ "wrong check", "JC-A-999900-2026-48213-7", "is 7, want 6" },
		{ "digits transposed", "JC-A-999900-2026-42813-6", "is 6, want " },
		{ "lower case", "jC-A-999900-2026-48213-6", "character 1 " },
		{ "letter O in the serial", "JC-A-999900-2026-4821O-6", "character 22 " },
		{ "a hyphen less", "JCA-999900-2026-48213-6", "is written" },
		{ "hyphen moved", "JCA--999900-2026-48213-6",
		    "character 3 of a certificate number must be a hyphen" },
		{ "path", "JC-A-999900-2026/../13-6", "character 17 " },
		{ "line feed inside", "JCA99990020264821\n6", "character 18 " },
		{ "full-width digit", "JCA9999002026４213", "character 14 " },
		{ "no such grade", "JCC999900202648213Y", "there is no grade C" },
		{ "no such family", "XXA9999002026482132", "there is no family XX" },
		{ "another century", "JCA999900192648213U", "year 1926" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct number n;
		assert_false(number_parse(&n, span_text(rows[i].text), &err));
		if (strstr(err.text, rows[i].sentence) == NULL)
			fail_msg("%s: %s", rows[i].mistake, err.text);
	}
}

static void
every_single_substitution_is_refused(void **state)
{
	(void)state;
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char code[] = "JCA9999002026482136";
	for (size_t at = 0; at < sizeof code - 1; at++) {
		char right = code[at];
		for (const char *c = letters; *c != '\0'; c++) {
			struct number n;
			struct err err = { 0 };
			code[at] = *c;
			if (*c != right)
				assert_false(number_parse(&n, span_text(code), &err));
		}
		code[at] = right;
	}
}

static void
parts_that_cannot_stand_are_refused(void **state)
{
	(void)state;
	struct number n;
	struct err err = { 0 };
	assert_false(number_make(&n, "SM", 'A', "999900", 2026, 1, &err));
	assert_false(number_make(&n, "JC", 'C', "999900", 2026, 1, &err));
	assert_false(number_make(&n, "JC", 'A', "99990", 2026, 1, &err));
	assert_false(number_make(&n, "JC", 'A', "99990A", 2026, 1, &err));
	assert_false(number_make(&n, "JC", 'A', "999900", 2100, 1, &err));
	assert_false(number_make(&n, "JC", 'A', "999900", 2026, -1, &err));
	assert_false(number_make(&n, "JC", 'A', "999900", 2026, 100000, &err));
	assert_int_equal(err.code, ERR_REFUSED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_stored_and_shown),
		cmocka_unit_test(files_of_later_versions_say_so),
		cmocka_unit_test(threat_36_only_the_two_forms_are_numbers),
		cmocka_unit_test(every_single_substitution_is_refused),
		cmocka_unit_test(parts_that_cannot_stand_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

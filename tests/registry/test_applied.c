#include "registry/applied.h"

#include "core/civil.h"
#include "tests/test.h"

#include <stdio.h>

#define HOLDER "91999901MADEM00110"
#define NUMBER "JCB9999002026482131"

static char paper[512];

static struct span
application(const char *type, const char *of, const char *grade, const char *scopes)
{
	snprintf(paper, sizeof paper,
	    "{\"type\":\"%s\"%s%s%s,\"applicant\":{\"name\":{\"zh\":\"甲\"},\"uscc\":\"" HOLDER
	    "\"},\"qualification\":{\"family\":\"JC\",\"grade\":\"%s\",\"scopes\":[%s]}}",
	    type, of != NULL ? ",\"of\":\"" : "", of != NULL ? of : "", of != NULL ? "\"" : "",
	    grade, scopes);
	return span_text(paper);
}

static void
it_is_read_as_far_as_the_register_looks(void **state)
{
	(void)state;
	struct applied a;
	struct err err = { 0 };
	struct number number;
	char shown[NUMBER_SHOWN_BYTES], stored[NUMBER_STORED_BYTES];

	assert_true(applied_read(
	    &a, application("new", NULL, "A", "\"software\",\"integration\",\"gardening\""), &err));
	assert_int_equal(a.type, APPLIED_NEW);
	assert_string_equal(a.of, "");
	assert_string_equal(a.uscc, HOLDER);
	assert_string_equal(a.family, "JC");
	assert_int_equal(a.grade, GRADE_A);
	assert_int_equal(a.scopes.count, 2);
	assert_true(a.scopes.no[0] < a.scopes.no[1]);

	assert_true(number_make(&number, "JC", 'B', "999900", 2026, 48213, &err));
	number_shown(shown, &number);
	number_stored(stored, &number);
	assert_true(applied_read(&a, application("renewal", shown, "B", ""), &err));
	assert_int_equal(a.type, APPLIED_RENEWAL);
	assert_string_equal(a.of, stored);
}

static void
what_cannot_be_read_is_refused(void **state)
{
	(void)state;
	struct applied a;
	static const struct {
		const char *type, *of, *grade;
	} rows[] = {
		{ "gift", NULL, "A" },
		{ "new", NULL, "C" },
		{ "new", "JC-A-999900-2026-48213-6", "A" },
		{ "renewal", NULL, "A" },
		{ "renewal", "", "A" },
		{ "renewal", "JC-A-999900-2026-48213-7", "A" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		CHECK_ROW(!applied_read(
			      &a, application(rows[i].type, rows[i].of, rows[i].grade, ""), &err),
		    rows[i].type);
		CHECK_ROW(err.code == ERR_MALFORMED, rows[i].type);
	}
	struct err err = { 0 };
	assert_false(applied_read(&a, span_text("{}"), &err));
	assert_false(applied_read(&a, span_of(NULL, 0), &err));
}

static void
types_have_words(void **state)
{
	(void)state;
	for (enum applied_type t = APPLIED_NEW; t <= APPLIED_SCOPE_ADDITION; t++)
		assert_int_equal(applied_type_of(span_text(applied_type_word(t))), t);
	assert_int_equal(applied_type_of(span_text("none")), APPLIED_NONE);
}

/* ---- against the licence it names ---- */

static struct claims claims;

static struct applied_licence
licence(enum licence_status status)
{
	claims = (struct claims){ .sub = span_text(NUMBER),
		.uscc = span_text(HOLDER),
		.grade = GRADE_B,
		.scopes = { { 1, 3 }, 2 } };
	return (struct applied_licence){ .claims = &claims,
		.status = status,
		.end_s = civil_start_s((struct civil_date){ 2031, 11, 20 }) };
}

static struct applied
wish(enum applied_type type)
{
	return (struct applied){ .type = type,
		.of = NUMBER,
		.uscc = HOLDER,
		.family = "JC",
		.grade = type == APPLIED_UPGRADE ? GRADE_A : GRADE_B,
		.scopes = { { 1, 2, 3 }, 3 } };
}

static const int64_t early_s = INT64_C(1900000000); /* 2030-03 */

static void
each_type_fits_the_licence_it_is_meant_for(void **state)
{
	(void)state;
	struct applied_licence of = licence(LICENCE_ACTIVE);
	for (enum applied_type t = APPLIED_NEW; t <= APPLIED_SCOPE_ADDITION; t++) {
		struct applied a = wish(t);
		CHECK_ROW(applied_fault(&a, &of, early_s) == NULL, applied_type_word(t));
	}
	/* Nothing is asked of what is new. */
	struct applied a = wish(APPLIED_NEW);
	of.claims = NULL;
	assert_null(applied_fault(&a, &of, early_s));
}

static void
a_licence_that_does_not_fit_is_named(void **state)
{
	(void)state;
	for (enum applied_type t = APPLIED_RENEWAL; t <= APPLIED_SCOPE_ADDITION; t++) {
		struct applied_licence of = licence(LICENCE_ACTIVE);
		const char *row = applied_type_word(t);
		struct applied a = wish(t);
		of.claims = NULL;
		CHECK_ROW(applied_fault(&a, &of, early_s) != NULL, row);
		of = licence(LICENCE_ACTIVE);
		claims.uscc = span_text("91999902MADEM002X6");
		CHECK_ROW(applied_fault(&a, &of, early_s) != NULL, row);
		of = licence(LICENCE_ACTIVE);
		claims.sub = span_text("YZB9999002026482131");
		CHECK_ROW(applied_fault(&a, &of, early_s) != NULL, row);
		/* The other grade on either side. */
		of = licence(LICENCE_ACTIVE);
		claims.grade = GRADE_A;
		CHECK_ROW(applied_fault(&a, &of, early_s) != NULL, row);
		of = licence(LICENCE_ACTIVE);
		a.grade = a.grade == GRADE_A ? GRADE_B : GRADE_A;
		CHECK_ROW(applied_fault(&a, &of, early_s) != NULL, row);
	}
}

static void
what_a_status_allows(void **state)
{
	(void)state;
	static const struct {
		enum licence_status status;
		bool renewal, other;
	} rows[] = {
		{ LICENCE_ACTIVE, true, true }, { LICENCE_SUSPENDED, true, false },
		{ LICENCE_REVOKED, false, false }, { LICENCE_ANNULLED, false, false },
		{ LICENCE_WITHDRAWN, false, false }, { LICENCE_DEREGISTERED, false, false },
		{ LICENCE_SUPERSEDED, false, false },
		{ LICENCE_EXPIRED, true, false }, /* by its status alone: it is too late, too */
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct applied_licence of = licence(rows[i].status);
		struct applied renewal = wish(APPLIED_RENEWAL), upgrade = wish(APPLIED_UPGRADE),
			       addition = wish(APPLIED_SCOPE_ADDITION);
		const char *row = licence_row(rows[i].status)->word;
		CHECK_ROW((applied_fault(&renewal, &of, early_s) == NULL) == rows[i].renewal, row);
		CHECK_ROW((applied_fault(&upgrade, &of, early_s) == NULL) == rows[i].other, row);
		CHECK_ROW((applied_fault(&addition, &of, early_s) == NULL) == rows[i].other, row);
	}
}

/* The last day is 2031-11-19: the renewal comes on 2031-08-19 at the latest. */
static void
a_renewal_comes_three_months_before_the_last_day(void **state)
{
	(void)state;
	struct applied a = wish(APPLIED_RENEWAL);
	struct applied_licence of = licence(LICENCE_ACTIVE);
	int64_t late_s = civil_start_s((struct civil_date){ 2031, 8, 20 });
	assert_null(applied_fault(&a, &of, late_s - 1));
	assert_non_null(applied_fault(&a, &of, late_s));
	/* 31 May has no counterpart in February. */
	of.end_s = civil_start_s((struct civil_date){ 2031, 6, 1 });
	late_s = civil_start_s((struct civil_date){ 2031, 3, 1 });
	assert_null(applied_fault(&a, &of, late_s - 1));
	assert_non_null(applied_fault(&a, &of, late_s));
}

static void
an_addition_names_all_scopes_and_more(void **state)
{
	(void)state;
	struct applied a = wish(APPLIED_SCOPE_ADDITION);
	struct applied_licence of = licence(LICENCE_ACTIVE);
	a.scopes = (struct scopes){ { 1, 3 }, 2 };
	assert_non_null(applied_fault(&a, &of, early_s));
	a.scopes = (struct scopes){ { 1, 2, 4 }, 3 };
	assert_non_null(applied_fault(&a, &of, early_s));
	a.scopes = (struct scopes){ { 1, 3, 4 }, 3 };
	assert_null(applied_fault(&a, &of, early_s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_read_as_far_as_the_register_looks),
		cmocka_unit_test(what_cannot_be_read_is_refused),
		cmocka_unit_test(types_have_words),
		cmocka_unit_test(each_type_fits_the_licence_it_is_meant_for),
		cmocka_unit_test(a_licence_that_does_not_fit_is_named),
		cmocka_unit_test(what_a_status_allows),
		cmocka_unit_test(a_renewal_comes_three_months_before_the_last_day),
		cmocka_unit_test(an_addition_names_all_scopes_and_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

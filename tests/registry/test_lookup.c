#include "registry/lookup.h"

#include "core/file.h"
#include "tests/registry/ledger.h"
#include "tests/test.h"

#include <stdio.h>
#include <unistd.h>

static struct lookup *
open_lookup(const struct ledger *l)
{
	struct lookup *out = NULL;
	REQUIRE(lookup_open(&out, l->lookup, &err));
	return out;
}

static bool
confirms(struct lookup *l, const char *number, const char *code)
{
	struct lookup_instrument i;
	bool found;
	REQUIRE(lookup_confirm(&found, &i, l, span_text(number), span_text(code), &err));
	return found;
}

static void
check_code(char out[CREDENTIAL_CHECK_CODE_BYTES], const struct road *r)
{
	credential_check_code(out, buf_span(&r->qc1));
}

static void
number_and_check_code_give_the_credential(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	struct lookup_instrument i;
	char code[CREDENTIAL_CHECK_CODE_BYTES];
	bool found;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUED);
	check_code(code, &r);
	struct lookup *lookup = open_lookup(&l);
	REQUIRE(lookup_confirm(&found, &i, lookup, span_text(r.number), span_text(code), &err));
	assert_true(found);
	assert_string_equal(i.number, r.number);
	assert_int_equal(i.version, 1);
	assert_int_equal(i.list, 0);
	assert_int_equal(i.idx, r.idx);
	assert_int_equal(i.pdf_hash[0], 1);
	assert_true(span_equal(span_of(i.qc1, i.qc1_len), buf_span(&r.qc1)));
	lookup_close(lookup);
	road_close(&r);
	ledger_close(&l);
}

/* Threat 46: an unknown number and a wrong code are the same miss. */
static void
threat_46_unknown_and_mismatched_are_one_miss(void **state)
{
	(void)state;
	struct ledger l;
	struct road r, other;
	char code[CREDENTIAL_CHECK_CODE_BYTES], others[CREDENTIAL_CHECK_CODE_BYTES];

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUED);
	ledger_case_to(&l, &other, CASE_ISSUED);
	check_code(code, &r);
	check_code(others, &other);
	struct lookup *lookup = open_lookup(&l);
	assert_true(confirms(lookup, r.number, code));
	assert_false(confirms(lookup, r.number, others));
	assert_false(confirms(lookup, other.number, code));
	assert_false(confirms(lookup, "JCA9999002026482136", code));
	assert_false(confirms(lookup, "", ""));
	assert_false(confirms(lookup, "' OR 1 --", "' OR 1 --"));
	lookup_close(lookup);
	road_close(&r);
	road_close(&other);
	ledger_close(&l);
}

struct changes {
	size_t n;
	struct lookup_change last;
};

static bool
see_change(void *ctx, const struct lookup_change *change, struct err *err)
{
	struct changes *c = ctx;
	(void)err;
	c->n++;
	c->last = *change;
	return true;
}

/* The daemon's way: ask the version, read what is new, remember how far it has come. */
static void
an_open_reader_sees_each_change_once(void **state)
{
	(void)state;
	struct ledger l;
	struct road r, licence;
	struct changes seen = { 0 };
	uint64_t before, after, from = 0;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUED);
	ledger_licence(&l, &licence, &r);
	struct lookup *lookup = open_lookup(&l);
	REQUIRE(lookup_each_change(&from, lookup, from, see_change, &seen, &err));
	assert_int_equal(seen.n, 0);
	assert_int_equal(from, ledger_head(&l).size);

	static const enum act_kind kinds[] = { ACT_SUSPEND, ACT_LIFT, ACT_REVOKE };
	static const enum status want[] = { STATUS_SUSPENDED, STATUS_ACTIVE, STATUS_REVOKED };
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		REQUIRE(lookup_version(&before, lookup, &err));
		ledger_sanction(&l, &licence, kinds[i]);
		REQUIRE(lookup_version(&after, lookup, &err));
		assert_int_not_equal(before, after);
		seen.n = 0;
		REQUIRE(lookup_each_change(&from, lookup, from, see_change, &seen, &err));
		const bool window = kinds[i] == ACT_SUSPEND; /* without an end, and with it */
		assert_int_equal(seen.n, window ? 2 : 1);
		assert_int_equal(seen.last.entry.status, want[i]);
		assert_int_equal(seen.last.idx, r.idx);
		assert_int_equal(seen.last.index, from - 1);
		assert_int_equal(seen.last.entry.until_s != HISTORY_OPEN, window);
	}
	lookup_close(lookup);
	road_close(&r);
	road_close(&licence);
	ledger_close(&l);
}

static uint64_t
reflected(const struct ledger *l)
{
	uint64_t size;
	struct lookup *lookup = open_lookup(l);
	REQUIRE(lookup_log_size(&size, lookup, &err));
	lookup_close(lookup);
	return size;
}

static void
remove_lookup(const struct ledger *l)
{
	static const char *const suffix[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < COUNT_OF(suffix); i++) {
		char path[128];
		snprintf(path, sizeof path, "%s%s", l->lookup, suffix[i]);
		unlink(path);
	}
}

static void
one_that_is_behind_or_missing_is_made_good_at_open(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	char code[CREDENTIAL_CHECK_CODE_BYTES];

	ledger_open(&l, "standard");
	l.config.lookup = NULL;
	ledger_reopen(&l);
	ledger_case_to(&l, &r, CASE_ISSUED);
	assert_int_equal(reflected(&l), 1);
	check_code(code, &r);
	for (int missing = 0; missing < 2; missing++) {
		if (missing)
			remove_lookup(&l);
		l.config.lookup = l.lookup;
		ledger_reopen(&l);
		assert_int_equal(registry_lookup_error(l.registry)->code, ERR_NONE);
		assert_int_equal(reflected(&l), ledger_head(&l).size);
		struct lookup *lookup = open_lookup(&l);
		assert_true(confirms(lookup, r.number, code));
		lookup_close(lookup);
	}
	road_close(&r);
	ledger_close(&l);
}

/* A register that went back, or another one: nothing of the old may be confirmed any more. */
static void
one_of_another_log_is_made_anew(void **state)
{
	(void)state;
	struct ledger one, two;
	struct road r, other;
	char code[CREDENTIAL_CHECK_CODE_BYTES];

	ledger_open(&one, "standard");
	ledger_open(&two, "standard");
	ledger_case_to(&one, &r, CASE_ISSUED);
	ledger_case_to(&two, &other, CASE_ISSUED);
	check_code(code, &r);
	two.config.lookup = one.lookup;
	ledger_reopen(&two);
	struct lookup *lookup = open_lookup(&one);
	assert_false(confirms(lookup, r.number, code));
	check_code(code, &other);
	assert_true(confirms(lookup, other.number, code));
	lookup_close(lookup);
	road_close(&r);
	road_close(&other);
	ledger_close(&two);
	ledger_close(&one);
}

/* An act is recorded although lookup.db cannot be written; somebody is told. */
static void
trouble_with_it_never_stops_an_act(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;

	ledger_open(&l, "standard");
	remove_lookup(&l);
	REQUIRE(file_make_folder(l.lookup, 0700, &err));
	ledger_case_to(&l, &r, CASE_SUBMITTED);
	assert_int_not_equal(registry_lookup_error(l.registry)->code, ERR_NONE);
	road_close(&r);
	ledger_close(&l);
}

static void
what_is_no_lookup_table_is_refused(void **state)
{
	(void)state;
	struct ledger l;
	struct lookup *lookup;
	struct err why = { 0 };

	ledger_open(&l, "standard");
	assert_false(lookup_open(&lookup, l.db, &why));
	assert_int_equal(why.code, ERR_MALFORMED);
	assert_null(lookup);
	assert_false(lookup_open(&lookup, "/nowhere/lookup.db", &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	assert_false(lookup_open(&lookup, l.second, &why)); /* no database at all */
	ledger_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_and_check_code_give_the_credential),
		cmocka_unit_test(threat_46_unknown_and_mismatched_are_one_miss),
		cmocka_unit_test(an_open_reader_sees_each_change_once),
		cmocka_unit_test(one_that_is_behind_or_missing_is_made_good_at_open),
		cmocka_unit_test(one_of_another_log_is_made_anew),
		cmocka_unit_test(trouble_with_it_never_stops_an_act),
		cmocka_unit_test(what_is_no_lookup_table_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "core/file.h"
#include "registry/act_file.h"
#include "tests/registry/ledger.h"
#include "tests/test.h"

#include <stdio.h>
#include <unistd.h>

static struct buf
read_all(const char *path)
{
	struct buf b = BUF_EMPTY;
	REQUIRE(file_read(&b, path, 1u << 20, &err));
	return b;
}

static void
write_all(const char *path, struct span bytes)
{
	REQUIRE(file_write(path, bytes, 0600, &err));
}

/* A register in the folder of the ledger, of its own, without a second copy. */
static struct registry *
empty_register(const struct ledger *l, char path[128], const char *name)
{
	struct registry_config config = l->config;
	struct registry *r = NULL;

	snprintf(path, 128, "%s/%s.db", l->dir, name);
	REQUIRE(registry_create(path, &err));
	config.path = path;
	config.second_copy = NULL;
	config.lookup = NULL;
	REQUIRE(registry_open(&r, &config, &err));
	return r;
}

static bool
take(struct registry_taken *taken, struct registry *r, const char *path, struct err *err)
{
	struct act_file *file = NULL;

	*err = (struct err){ 0 };
	bool ok = act_file_open(&file, path, false, err) && registry_take(taken, r, file, err);
	act_file_close(file);
	return ok;
}

static void
assert_same(struct registry *a, struct registry *b)
{
	struct registry_head one, two;
	struct buf dump = BUF_EMPTY, other = BUF_EMPTY;

	REQUIRE(registry_head(&one, a, &err));
	REQUIRE(registry_head(&two, b, &err));
	assert_int_equal(one.size, two.size);
	assert_int_equal(one.file_bytes, two.file_bytes);
	assert_true(merkle_equal(&one.root, &two.root));
	ledger_dump(&dump, a);
	ledger_dump(&other, b);
	assert_true(span_equal(buf_span(&dump), buf_span(&other)));
	buf_free(&dump);
	buf_free(&other);
}

static void
all_acts_make_the_same_register(void **state)
{
	struct ledger l;
	struct road road, licence;
	struct registry_taken taken = { 0 };
	struct err why;
	char path[128];
	(void)state;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &road, CASE_ISSUED);
	ledger_licence(&l, &licence, &road);
	ledger_sanction(&l, &licence, ACT_SUSPEND);
	struct registry *r = empty_register(&l, path, "new");
	const uint64_t size = ledger_head(&l).size;
	struct buf file = read_all(l.second);
	assert_int_equal(ledger_head(&l).file_bytes, file.len);
	buf_free(&file);

	assert_true(take(&taken, r, l.second, &why));
	assert_int_equal(taken.shared, 0);
	assert_int_equal(taken.taken, size);
	assert_same(r, l.registry);

	ledger_sanction(&l, &licence, ACT_LIFT);
	assert_true(take(&taken, r, l.second, &why));
	assert_int_equal(taken.shared, size);
	assert_int_equal(taken.taken, 2);
	assert_same(r, l.registry);
	assert_true(take(&taken, r, l.second, &why));
	assert_int_equal(taken.taken, 0);
	registry_close(r);
	road_close(&road);
	road_close(&licence);
	ledger_close(&l);
}

/* What a backup does: the acts lie in a larger file, behind and before something else. */
static void
acts_are_taken_where_they_lie(void **state)
{
	struct ledger l;
	struct road road;
	struct registry_taken taken = { 0 };
	struct act_file *part = NULL;
	struct buf larger = BUF_EMPTY;
	char path[128], larger_path[128];
	(void)state;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &road, CASE_ISSUED);
	struct buf acts = read_all(l.second);
	buf_add_text(&larger, "before");
	buf_add_span(&larger, buf_span(&acts));
	buf_add_span(&larger, buf_span(&acts));
	snprintf(larger_path, sizeof larger_path, "%s/larger", l.dir);
	write_all(larger_path, buf_span(&larger));
	struct registry *r = empty_register(&l, path, "new");

	REQUIRE(act_file_open_part(&part, larger_path, 6, acts.len, &err));
	REQUIRE(registry_take(&taken, r, part, &err));
	act_file_close(part);
	assert_same(r, l.registry);

	/* One byte less, and the last act is cut off. */
	struct registry *shorter = empty_register(&l, path, "shorter");
	REQUIRE(act_file_open_part(&part, larger_path, 6, acts.len - 1, &err));
	REQUIRE(registry_take(&taken, shorter, part, &err));
	act_file_close(part);
	assert_int_equal(taken.taken, ledger_head(&l).size - 1);
	registry_close(shorter);
	registry_close(r);
	buf_free(&acts);
	buf_free(&larger);
	road_close(&road);
	ledger_close(&l);
}

/* Rewritten behind our back, an earlier act or what follows: nothing of such a file is taken. */
static void
what_differs_or_breaks_a_rule_leaves_all_as_it_was(void **state)
{
	struct ledger l, other;
	struct road road, others, second;
	struct registry_taken taken = { 0 };
	struct registry_head before, after;
	struct err why;
	char path[128];
	(void)state;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &road, CASE_ACCEPTED);
	struct registry *r = empty_register(&l, path, "new");
	assert_true(take(&taken, r, l.second, &why));
	REQUIRE(registry_head(&before, r, &err));

	/* Another register, whose third act is not ours. */
	ledger_open(&other, "standard");
	ledger_case_to(&other, &others, CASE_INSPECTED);
	assert_false(take(&taken, r, other.second, &why));
	assert_int_equal(why.code, ERR_REFUSED);

	/* Two more acts of our own, the second before the first. */
	struct buf file = read_all(l.second);
	const size_t from = file.len;
	ledger_case_to(&l, &second, CASE_ACCEPTED);
	struct buf longer = read_all(l.second);
	struct act_file_entry one, two;
	struct act_file *f = NULL;
	struct buf bytes = BUF_EMPTY;
	REQUIRE(act_file_open(&f, l.second, false, &err));
	REQUIRE(act_file_read(&one, &bytes, f, from, &err));
	REQUIRE(act_file_read(&two, &bytes, f, one.end, &err));
	act_file_close(f);
	buf_add(&file, longer.ptr + one.end, two.end - one.end);
	buf_add(&file, longer.ptr + from, one.end - from);
	snprintf(path, sizeof path, "%s/swapped", l.dir);
	write_all(path, buf_span(&file));
	assert_false(take(&taken, r, path, &why));
	assert_int_equal(why.code, ERR_REFUSED);
	if (strstr(why.text, "act 3 there") == NULL)
		fail_msg("%s", why.text);

	/* The first is right, the second is not: the first is not taken either. */
	file.len = from;
	buf_add(&file, longer.ptr + from, one.end - from);
	buf_add(&file, longer.ptr + from, one.end - from);
	write_all(path, buf_span(&file));
	assert_false(take(&taken, r, path, &why));
	REQUIRE(registry_head(&after, r, &err));
	assert_int_equal(after.size, before.size);
	assert_true(merkle_equal(&after.root, &before.root));
	assert_true(take(&taken, r, l.second, &why));
	assert_same(r, l.registry);

	buf_free(&bytes);
	buf_free(&file);
	buf_free(&longer);
	registry_close(r);
	road_close(&road);
	road_close(&others);
	road_close(&second);
	ledger_close(&other);
	ledger_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_acts_make_the_same_register),
		cmocka_unit_test(acts_are_taken_where_they_lie),
		cmocka_unit_test(what_differs_or_breaks_a_rule_leaves_all_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

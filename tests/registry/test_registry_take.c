/* What a file of acts has beyond a register is taken over, and nothing else. */
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
take(struct registry *r, const char *path, struct err *err)
{
	struct act_file *file = NULL;

	*err = (struct err){ 0 };
	bool ok = act_file_open(&file, path, false, err) &&
	    registry_take(r, file, REGISTRY_TAKE_ALL, NULL, err);
	act_file_close(file);
	return ok;
}

static uint64_t
size_of(struct registry *r)
{
	struct registry_head head;
	REQUIRE(registry_head(&head, r, &err));
	return head.size;
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

/* The same acts, but this one was recorded a second later. */
static void
write_dated(const char *to, const char *from, uint64_t index)
{
	struct act_file_entry entry = { .end = ACT_FILE_BEGIN };
	struct act_file *f = NULL;
	struct buf bytes = BUF_EMPTY, out = BUF_EMPTY;
	struct err why;

	act_file_encode_begin(&out);
	REQUIRE(act_file_open(&f, from, false, &err));
	for (uint64_t i = 0; act_file_read(&entry, &bytes, f, entry.end, &why); i++)
		act_file_encode(&out, entry.act, entry.log.recorded_s + (i == index));
	act_file_close(f);
	write_all(to, buf_span(&out));
	buf_free(&bytes);
	buf_free(&out);
}

/* ---- all that the file has: a backup ---- */

static void
all_acts_make_the_same_register(void **state)
{
	struct ledger l;
	struct road road, licence;
	struct err why;
	char path[128];
	(void)state;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &road, CASE_ISSUED);
	ledger_licence(&l, &licence, &road);
	ledger_sanction(&l, &licence, ACT_SUSPEND);
	struct registry *r = empty_register(&l, path, "new");
	struct buf file = read_all(l.second);
	assert_int_equal(ledger_head(&l).file_bytes, file.len);
	buf_free(&file);

	assert_true(take(r, l.second, &why));
	assert_same(r, l.registry);

	ledger_sanction(&l, &licence, ACT_LIFT);
	assert_true(take(r, l.second, &why));
	assert_same(r, l.registry);
	assert_true(take(r, l.second, &why));
	assert_same(r, l.registry);
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
	REQUIRE(registry_take(r, part, REGISTRY_TAKE_ALL, NULL, &err));
	act_file_close(part);
	assert_same(r, l.registry);

	/* One byte less, and the last act is cut off. */
	struct registry *shorter = empty_register(&l, path, "shorter");
	REQUIRE(act_file_open_part(&part, larger_path, 6, acts.len - 1, &err));
	REQUIRE(registry_take(shorter, part, REGISTRY_TAKE_ALL, NULL, &err));
	act_file_close(part);
	assert_int_equal(size_of(shorter), ledger_head(&l).size - 1);
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
	struct registry_head before, after;
	struct err why;
	char path[128];
	(void)state;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &road, CASE_ACCEPTED);
	struct registry *r = empty_register(&l, path, "new");
	assert_true(take(r, l.second, &why));
	REQUIRE(registry_head(&before, r, &err));

	/* Another register, whose third act is not ours. */
	ledger_open(&other, "standard");
	ledger_case_to(&other, &others, CASE_INSPECTED);
	assert_false(take(r, other.second, &why));
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
	assert_false(take(r, path, &why));
	assert_int_equal(why.code, ERR_REFUSED);
	if (strstr(why.text, "act 3 in the acts file") == NULL)
		fail_msg("%s", why.text);

	/* The first is right, the second is not: the first is not taken either. */
	file.len = from;
	buf_add(&file, longer.ptr + from, one.end - from);
	buf_add(&file, longer.ptr + from, one.end - from);
	write_all(path, buf_span(&file));
	assert_false(take(r, path, &why));
	REQUIRE(registry_head(&after, r, &err));
	assert_int_equal(after.size, before.size);
	assert_true(merkle_equal(&after.root, &before.root));
	assert_true(take(r, l.second, &why));
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

static void
every_act_held_must_be_the_same_there(void **state)
{
	(void)state;
	struct ledger l;
	struct road road;
	struct err why;
	char path[128], words[64];

	ledger_open(&l, "standard");
	ledger_case_to(&l, &road, CASE_ACCEPTED);
	struct registry *r = empty_register(&l, path, "new");
	assert_true(take(r, l.second, &why));
	snprintf(path, sizeof path, "%s/dated", l.dir);
	for (uint64_t i = 0; i < size_of(r); i++) {
		write_dated(path, l.second, i);
		assert_false(take(r, path, &why));
		snprintf(words, sizeof words, "act %llu is another", (unsigned long long)i);
		if (strstr(why.text, words) == NULL)
			fail_msg("%s", why.text);
	}
	registry_close(r);
	road_close(&road);
	ledger_close(&l);
}

/* ---- until the log has a given size: a replica that follows ---- */

/* A bureau's register, and the replica of another machine with the file that was copied to it. */
struct pair {
	struct ledger ledger;
	struct road road;
	char acts[128], db[128];
	struct registry *replica;
};

static void
open_replica(struct pair *p)
{
	struct registry_config config = { .path = p->db,
		.command = "another test",
		.policies = &p->ledger.bureau->policy,
		.n_policies = 1 };

	registry_close(p->replica);
	REQUIRE(registry_open(&p->replica, &config, &err));
}

static void
pair_open(struct pair *p)
{
	char folder[96];

	*p = (struct pair){ 0 };
	ledger_open(&p->ledger, "standard");
	snprintf(folder, sizeof folder, "%s/elsewhere", p->ledger.dir);
	snprintf(p->acts, sizeof p->acts, "%s/acts.log", folder);
	snprintf(p->db, sizeof p->db, "%s/registry.db", folder);
	REQUIRE(file_make_folder(folder, 0755, &err));
	REQUIRE(registry_create(p->db, &err));
	open_replica(p);
	ledger_case_to(&p->ledger, &p->road, CASE_DECISION_PROPOSED);
	ledger_copy(p->ledger.second, p->acts);
}

static void
pair_close(struct pair *p)
{
	registry_close(p->replica);
	road_close(&p->road);
	ledger_close(&p->ledger);
}

static bool
follow(struct pair *p, uint64_t size, struct err *err)
{
	const struct span root = buf_span(&p->ledger.bureau->root_file);
	struct act_file *file = NULL;

	bool ok = act_file_open(&file, p->acts, false, err) &&
	    registry_take(p->replica, file, size, &root, err);
	act_file_close(file);
	return ok;
}

/* Refused in these words, and the replica is as it was. */
static void
must_not_follow(struct pair *p, uint64_t size, const char *words)
{
	struct err why = { 0 };
	const uint64_t before = size_of(p->replica);

	assert_false(follow(p, size, &why));
	if (strstr(why.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why.text, words);
	assert_int_equal(size_of(p->replica), before);
}

static void
write_acts(struct pair *p, const struct buf *bytes, size_t len)
{
	REQUIRE(file_write(p->acts, span_of(bytes->ptr, len), 0600, &err));
}

static void
read_acts(struct buf *out, const struct pair *p)
{
	out->len = 0;
	REQUIRE(file_read(out, p->ledger.second, LIMIT_BUF_BYTES, &err));
}

static void
it_becomes_the_same_register_step_by_step(void **state)
{
	(void)state;
	struct pair p;
	struct road more;
	struct buf ours = BUF_EMPTY, theirs = BUF_EMPTY;

	pair_open(&p);
	REQUIRE(follow(&p, 1, &err));
	REQUIRE(follow(&p, 3, &err));
	assert_int_equal(size_of(p.replica), 3);
	REQUIRE(follow(&p, 3, &err)); /* nothing new */
	open_replica(&p);
	ledger_case_to(&p.ledger, &more, CASE_ISSUED);
	ledger_copy(p.ledger.second, p.acts);
	REQUIRE(follow(&p, size_of(p.ledger.registry), &err));
	ledger_dump(&ours, p.ledger.registry);
	ledger_dump(&theirs, p.replica);
	assert_true(span_equal(buf_span(&ours), buf_span(&theirs)));
	buf_free(&ours);
	buf_free(&theirs);
	road_close(&more);
	pair_close(&p);
}

/* A copy that is under way, or was cut: what is whole is taken only if it is enough. */
static void
a_file_that_is_cut_is_refused(void **state)
{
	(void)state;
	struct pair p;
	struct buf acts = BUF_EMPTY;
	const char *short_of = "too few";

	pair_open(&p);
	const uint64_t size = size_of(p.ledger.registry);
	read_acts(&acts, &p);
	write_acts(&p, &acts, acts.len - 1);
	must_not_follow(&p, size, short_of);
	REQUIRE(follow(&p, size - 1, &err));
	write_acts(&p, &acts, acts.len / 2); /* shorter than what is held */
	must_not_follow(&p, size, "does not extend");
	unlink(p.acts);
	must_not_follow(&p, size, "there is no");
	write_acts(&p, &acts, acts.len);
	acts.ptr[acts.len - 40] ^= 1; /* inside the last act */
	write_acts(&p, &acts, acts.len);
	must_not_follow(&p, size, short_of);
	buf_free(&acts);
	pair_close(&p);
}

/* Somebody with the register and the machine's keys records other acts in the place of those seen. */
static void
a_file_that_was_rewritten_is_refused(void **state)
{
	(void)state;
	struct pair p;
	struct ledger other;

	pair_open(&p);
	REQUIRE(follow(&p, 4, &err));
	ledger_open(&other, "standard");
	ledger_copy(other.second, p.acts);
	must_not_follow(&p, 5, "does not extend");
	ledger_close(&other);
	pair_close(&p);
}

/* Of what it has, the last act alone is looked at: a log of years is not read again for one act more. */
static void
the_last_act_stands_for_those_before_it(void **state)
{
	(void)state;
	struct pair p;

	pair_open(&p);
	const uint64_t size = size_of(p.ledger.registry);
	REQUIRE(follow(&p, 4, &err));
	write_dated(p.acts, p.ledger.second, 3);
	must_not_follow(&p, 4, "act 3 is another");
	must_not_follow(&p, size, "act 3 is another");
	write_dated(p.acts, p.ledger.second, 2);
	REQUIRE(follow(&p, size, &err));
	pair_close(&p);
}

static void
another_bureaus_acts_are_refused_from_the_first(void **state)
{
	(void)state;
	struct pair p;
	struct ledger other;

	pair_open(&p);
	ledger_open(&other, "standard");
	ledger_copy(other.second, p.acts);
	must_not_follow(&p, 1, "another bureau");
	ledger_copy(p.ledger.second, p.acts);
	REQUIRE(follow(&p, 2, &err));
	ledger_close(&other);
	pair_close(&p);
}

/* What the rules refuse stands in the file all the same, put there behind the register's back. */
static void
an_act_that_breaks_a_rule_is_refused(void **state)
{
	(void)state;
	struct pair p;
	struct buf acts = BUF_EMPTY;
	struct road alone;
	const struct road *r = &p.road;
	char words[64];

	pair_open(&p);
	const uint64_t size = size_of(p.ledger.registry);
	read_acts(&acts, &p);
	ledger_case(&p.ledger, &alone);
	road_do(&alone, AN, road_submit());
	act_file_encode(&acts, r->entries[r->n - 1].act.bytes, alone.now_s); /* twice */
	write_acts(&p, &acts, acts.len);
	must_not_follow(&p, size + 1, "ACT-10");
	REQUIRE(follow(&p, size, &err));
	snprintf(
	    words, sizeof words, "act %llu in the acts file: ACT-10", (unsigned long long)size);
	must_not_follow(&p, size + 1, words);
	read_acts(&acts, &p);
	act_file_encode(&acts, buf_span(&alone.bytes[0]), BUREAU_START_S); /* dated back */
	write_acts(&p, &acts, acts.len);
	must_not_follow(&p, size + 1, "before the act in front");
	road_close(&alone);
	buf_free(&acts);
	pair_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_acts_make_the_same_register),
		cmocka_unit_test(acts_are_taken_where_they_lie),
		cmocka_unit_test(what_differs_or_breaks_a_rule_leaves_all_as_it_was),
		cmocka_unit_test(every_act_held_must_be_the_same_there),
		cmocka_unit_test(it_becomes_the_same_register_step_by_step),
		cmocka_unit_test(a_file_that_is_cut_is_refused),
		cmocka_unit_test(a_file_that_was_rewritten_is_refused),
		cmocka_unit_test(the_last_act_stands_for_those_before_it),
		cmocka_unit_test(another_bureaus_acts_are_refused_from_the_first),
		cmocka_unit_test(an_act_that_breaks_a_rule_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

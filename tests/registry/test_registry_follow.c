/* A replica takes what a copied acts file has beyond it, and nothing else. */
#include "core/file.h"
#include "registry/act_file.h"
#include "tests/registry/ledger.h"
#include "tests/test.h"

#include <stdio.h>
#include <unistd.h>

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

static uint64_t
size_of(struct registry *r)
{
	struct registry_head head;
	REQUIRE(registry_head(&head, r, &err));
	return head.size;
}

static bool
follow(struct pair *p, uint64_t size, struct err *err)
{
	return registry_follow(
	    p->replica, p->acts, buf_span(&p->ledger.bureau->root_file), size, err);
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

/* ---- */

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
		cmocka_unit_test(it_becomes_the_same_register_step_by_step),
		cmocka_unit_test(a_file_that_is_cut_is_refused),
		cmocka_unit_test(a_file_that_was_rewritten_is_refused),
		cmocka_unit_test(another_bureaus_acts_are_refused_from_the_first),
		cmocka_unit_test(an_act_that_breaks_a_rule_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

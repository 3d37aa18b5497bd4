#include "registry/registry.h"

#include "tests/registry/ledger.h"
#include "tests/test.h"

#include <stdlib.h>

#define ACTS 300 /* a full tile and a part of the next */

/* A register whose log is more than one tile long. */
static int
fill(void **state)
{
	static struct registry_item items[ACTS - 1];
	struct ledger *l = calloc(1, sizeof *l);
	struct road *roads = calloc(ACTS - 1, sizeof *roads);

	assert_non_null(l);
	assert_non_null(roads);
	ledger_open(l, "standard");
	for (size_t i = 0; i < ACTS - 1; i++) {
		ledger_case(l, &roads[i]);
		road_do(&roads[i], AN, road_submit());
		items[i].act = buf_span(&roads[i].bytes[0]);
	}
	REQUIRE(registry_append(l->registry, items, ACTS - 1, false, BUREAU_START_S + 60, &err));
	for (size_t i = 0; i < ACTS - 1; i++)
		road_close(&roads[i]);
	free(roads);
	*state = l;
	return 0;
}

static int
empty(void **state)
{
	ledger_close(*state);
	free(*state);
	return 0;
}

struct leaves {
	struct merkle_hash hash[ACTS];
	size_t n;
};

static bool
add_leaf(void *ctx, const struct registry_entry *e, struct err *err)
{
	struct leaves *leaves = ctx;
	struct log_entry entry = { .recorded_s = e->recorded_s };

	(void)err;
	sha256(entry.act_hash, e->bytes);
	assert_int_equal(e->index, leaves->n);
	leaves->hash[leaves->n++] = log_entry_leaf(&entry);
	return true;
}

static struct leaves
all_leaves(struct ledger *l)
{
	struct leaves leaves = { .n = 0 };
	REQUIRE(registry_each_act(l->registry, 0, UINT64_MAX, add_leaf, &leaves, &err));
	assert_int_equal(leaves.n, ACTS);
	return leaves;
}

static void
roots_are_those_of_the_leaves_at_every_size(void **state)
{
	struct ledger *l = *state;
	struct leaves leaves = all_leaves(l);
	struct merkle_hash root, want;

	for (uint64_t size = 0; size <= ACTS; size += size < 250 || size > 260 ? 7 : 1) {
		REQUIRE(registry_root_at(&root, l->registry, size, &err));
		want = merkle_root(leaves.hash, size);
		assert_true(merkle_equal(&root, &want));
	}
	want = merkle_root(leaves.hash, ACTS);
	struct registry_head head = ledger_head(l);
	assert_int_equal(head.size, ACTS);
	assert_true(merkle_equal(&head.root, &want));
	struct err why = { 0 };
	assert_false(registry_root_at(&root, l->registry, ACTS + 1, &why));
	assert_int_equal(why.code, ERR_REFUSED);
}

/* Tiles of a size in the past are the same as then: whoever copied them need not copy them again. */
static void
tiles_hold_the_leaves_and_the_nodes_above(void **state)
{
	struct ledger *l = *state;
	struct leaves leaves = all_leaves(l);
	struct merkle_hash above;
	static const struct log_tile rows[] = {
		{ false, 0, 0, 256 },
		{ false, 0, 1, 44 },
		{ false, 0, 1, 3 },
		{ true, 0, 0, 256 },
		{ true, 0, 1, 44 },
		{ false, 1, 0, 1 },
	};
	struct buf tile = BUF_EMPTY;
	struct log_entry entries[256];

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const uint64_t from = rows[i].index * 256;
		tile.len = 0;
		REQUIRE(registry_tile(&tile, l->registry, &rows[i], &err));
		if (rows[i].entries) {
			REQUIRE(log_entries_parse(entries, rows[i].width, buf_span(&tile), &err));
			for (size_t k = 0; k < rows[i].width; k++) {
				struct merkle_hash leaf = log_entry_leaf(&entries[k]);
				assert_true(merkle_equal(&leaf, &leaves.hash[from + k]));
			}
		} else if (rows[i].level == 0) {
			assert_int_equal(tile.len, rows[i].width * SHA256_BYTES);
			assert_memory_equal(tile.ptr, leaves.hash[from].b, tile.len);
		} else {
			above = merkle_root(leaves.hash, 256);
			assert_int_equal(tile.len, SHA256_BYTES);
			assert_memory_equal(tile.ptr, above.b, SHA256_BYTES);
		}
	}
	struct err why = { 0 };
	assert_false(
	    registry_tile(&tile, l->registry, &(struct log_tile){ false, 0, 1, 45 }, &why));
	assert_int_equal(why.code, ERR_REFUSED);
	buf_free(&tile);
}

static void
every_entry_is_proven_at_every_size(void **state)
{
	struct ledger *l = *state;
	struct leaves leaves = all_leaves(l);
	struct merkle_proof path;
	struct err why = { 0 };

	for (uint64_t size = 1; size <= ACTS; size += 23) {
		const struct merkle_hash root = merkle_root(leaves.hash, size);
		for (uint64_t i = 0; i < size; i += 11) {
			REQUIRE(registry_prove(&path, l->registry, i, size, &err));
			assert_true(
			    merkle_inclusion_verify(&path, i, size, &leaves.hash[i], &root));
			assert_false(merkle_inclusion_verify(
			    &path, i, size, &leaves.hash[(i + 1) % ACTS], &root));
		}
	}
	assert_false(registry_prove(&path, l->registry, 5, 5, &why));
	assert_int_equal(why.code, ERR_REFUSED);
	assert_false(registry_prove(&path, l->registry, 5, ACTS + 1, &why));
	assert_int_equal(why.code, ERR_REFUSED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entry_is_proven_at_every_size),
		cmocka_unit_test(roots_are_those_of_the_leaves_at_every_size),
		cmocka_unit_test(tiles_hold_the_leaves_and_the_nodes_above),
	};
	return cmocka_run_group_tests(tests, fill, empty);
}

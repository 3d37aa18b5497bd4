#include "core/encode.h"
#include "credential/log_tile.h"
#include "credential/merkle.h"
#include "tests/test.h"

#include <jansson.h>
#include <stdlib.h>

#define SIZES 130 /* every shape of tree up to here: past 128, where a level is added */

/* Leaf i is the hash of one byte, i. */
static void
fill(struct merkle_hash *leaves, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t entry = (uint8_t)i;
		leaves[i] = merkle_leaf(span_of(&entry, 1));
	}
}

static void
assert_hash(struct merkle_hash h, const char *hex)
{
	char text[2 * SHA256_BYTES + 1];

	hex_encode(text, span_of(h.b, sizeof h.b));
	assert_string_equal(text, hex);
}

/* RFC 6962 2.1; the hashes are those of transparency-dev/merkle's rfc6962 package. */
static void
leaves_and_the_empty_tree_are_those_of_rfc_6962(void **state)
{
	(void)state;

	assert_hash(merkle_root(NULL, 0),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_hash(merkle_leaf(span_of(NULL, 0)),
	    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
	assert_hash(merkle_leaf(span_text("L123456")),
	    "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
}

/* The tree of RFC 6962's examples: eight entries, roots from the reference implementation. */
static void
roots_of_the_reference_tree(void **state)
{
	static const char *const entries[] = { "", "00", "10", "2021", "3031", "40414243",
		"5051525354555657", "606162636465666768696a6b6c6d6e6f" };
	static const char *const roots[] = {
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	struct merkle_frontier f = { 0 };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(entries); i++) {
		uint8_t entry[16];
		size_t n = strlen(entries[i]) / 2;
		assert_true(hex_decode(entry, n, span_text(entries[i]), NULL));
		struct merkle_hash leaf = merkle_leaf(span_of(entry, n));
		merkle_append(&f, &leaf);
		assert_hash(merkle_frontier_root(&f), roots[i]);
	}
}

/* ---- the vectors of another implementation ---- */

/*
 * Some vectors hold a shorter text in the place of a hash ("don't care"): zeros fill it up. An
 * empty one is no hash, which our types cannot even say: one of its own that nothing equals.
 */
static struct merkle_hash
hash_of(const json_t *text)
{
	struct merkle_hash h = { 0 };
	struct buf bytes = BUF_EMPTY;

	assert_true(base64_decode(&bytes, span_text(json_string_value(text)), NULL));
	assert_true(bytes.len <= sizeof h.b);
	if (bytes.len > 0)
		memcpy(h.b, bytes.ptr, bytes.len);
	else
		memcpy(h.b, &text, sizeof text);
	buf_free(&bytes);
	return h;
}

static struct merkle_proof
proof_of(const json_t *list)
{
	struct merkle_proof p = { .n = json_array_size(list) };

	assert_true(p.n <= MERKLE_LEVELS);
	for (size_t i = 0; i < p.n; i++)
		p.hash[i] = hash_of(json_array_get(list, i));
	return p;
}

static uint64_t
number_of(const json_t *row, const char *field)
{
	return strtoull(json_string_value(json_object_get(row, field)), NULL, 10);
}

static bool
inclusion_holds(const json_t *row)
{
	struct merkle_proof proof = proof_of(json_object_get(row, "proof"));
	struct merkle_hash leaf = hash_of(json_object_get(row, "leafHash"));
	struct merkle_hash root = hash_of(json_object_get(row, "root"));

	return merkle_inclusion_verify(
	    &proof, number_of(row, "leafIdx"), number_of(row, "treeSize"), &leaf, &root);
}

static bool
consistency_holds(const json_t *row)
{
	struct merkle_proof proof = proof_of(json_object_get(row, "proof"));
	struct merkle_hash old_root = hash_of(json_object_get(row, "root1"));
	struct merkle_hash root = hash_of(json_object_get(row, "root2"));

	return merkle_consistency_verify(
	    &proof, number_of(row, "size1"), number_of(row, "size2"), &old_root, &root);
}

static void
every_published_proof_gets_its_verdict(void **state)
{
	json_t *vectors = json_load_file(SOURCE_DIR "/tests/vectors/merkle.json", 0, NULL);
	const json_t *inclusion = json_object_get(vectors, "inclusion");
	const json_t *consistency = json_object_get(vectors, "consistency");
	const json_t *row;
	size_t i;
	(void)state;

	assert_int_equal(json_array_size(inclusion), 98);
	assert_int_equal(json_array_size(consistency), 98);
	json_array_foreach(inclusion, i, row)
	    CHECK_ROW(inclusion_holds(row) != json_is_true(json_object_get(row, "wantErr")),
		json_string_value(json_object_get(row, "name")));
	json_array_foreach(consistency, i, row)
	    CHECK_ROW(consistency_holds(row) != json_is_true(json_object_get(row, "wantErr")),
		json_string_value(json_object_get(row, "name")));
	json_decref(vectors);
}

/* ---- properties over every size ---- */

static void
both_ways_to_a_root_agree(void **state)
{
	struct merkle_hash leaves[SIZES];
	struct merkle_frontier f = { 0 };
	(void)state;

	fill(leaves, SIZES);
	for (size_t n = 0; n < SIZES; n++) {
		struct merkle_hash grown = merkle_frontier_root(&f), whole = merkle_root(leaves, n);
		assert_true(merkle_equal(&grown, &whole));
		assert_int_equal(f.size, n);
		merkle_append(&f, &leaves[n]);
	}
}

static void
every_leaf_of_every_tree_proves_itself_and_no_other(void **state)
{
	struct merkle_hash leaves[SIZES];
	(void)state;

	fill(leaves, SIZES);
	for (size_t n = 1; n <= SIZES; n++) {
		struct merkle_hash root = merkle_root(leaves, n);
		for (size_t i = 0; i < n; i++) {
			struct merkle_proof p;
			size_t other = (i + 1) % n;
			merkle_inclusion_prove(&p, leaves, n, i);
			assert_true(merkle_inclusion_verify(&p, i, n, &leaves[i], &root));
			assert_false(merkle_inclusion_verify(&p, n, n, &leaves[i], &root));
			if (other == i)
				continue;
			assert_false(merkle_inclusion_verify(&p, i, n, &leaves[other], &root));
			assert_false(merkle_inclusion_verify(&p, other, n, &leaves[i], &root));
			p.n--;
			assert_false(merkle_inclusion_verify(&p, i, n, &leaves[i], &root));
		}
	}
}

static void
every_tree_proves_that_it_grew_from_every_smaller_one(void **state)
{
	struct merkle_hash leaves[SIZES];
	(void)state;

	fill(leaves, SIZES);
	for (size_t n = 1; n <= SIZES; n++) {
		struct merkle_hash root = merkle_root(leaves, n);
		for (size_t old_n = 1; old_n <= n; old_n++) {
			struct merkle_proof p;
			struct merkle_hash old_root = merkle_root(leaves, old_n);
			merkle_consistency_prove(&p, leaves, old_n, n);
			assert_true(merkle_consistency_verify(&p, old_n, n, &old_root, &root));
			old_root.b[7] ^= 1;
			assert_false(merkle_consistency_verify(&p, old_n, n, &old_root, &root));
			old_root.b[7] ^= 1;
			for (size_t i = 0; i < p.n; i++) {
				p.hash[i].b[i] ^= 0x80;
				assert_false(
				    merkle_consistency_verify(&p, old_n, n, &old_root, &root));
				p.hash[i].b[i] ^= 0x80;
			}
		}
	}
}

/* A log that rewrote an entry cannot show that it grew. */
static void
threat_34_a_rewritten_log_has_no_consistency_proof(void **state)
{
	struct merkle_hash leaves[SIZES];
	struct merkle_proof p;
	(void)state;

	fill(leaves, SIZES);
	struct merkle_hash old_root = merkle_root(leaves, 77);
	leaves[5].b[0] ^= 1;
	struct merkle_hash root = merkle_root(leaves, SIZES);
	merkle_consistency_prove(&p, leaves, 77, SIZES);
	assert_false(merkle_consistency_verify(&p, 77, SIZES, &old_root, &root));
}

static void
nothing_follows_from_an_empty_tree(void **state)
{
	struct merkle_proof none = { 0 };
	struct merkle_hash empty = merkle_root(NULL, 0), one = merkle_leaf(span_text("a"));
	(void)state;

	assert_false(merkle_consistency_verify(&none, 0, 0, &empty, &empty));
	assert_false(merkle_consistency_verify(&none, 0, 1, &empty, &one));
	assert_false(merkle_consistency_verify(&none, 2, 1, &one, &one));
	assert_false(merkle_inclusion_verify(&none, 0, 0, &one, &empty));
}

/* ---- tiles ---- */

static void
tiles_have_the_paths_of_tlog_tiles(void **state)
{
	static const struct {
		struct log_tile tile;
		const char *path;
	} rows[] = {
		{ { false, 0, 0, 256 }, "tile/0/000" },
		{ { false, 0, 0, 1 }, "tile/0/000.p/1" },
		{ { false, 1, 67, 255 }, "tile/1/067.p/255" },
		{ { false, 0, 999, 256 }, "tile/0/999" },
		{ { false, 0, 1000, 256 }, "tile/0/x001/000" },
		{ { false, 2, 1234067, 256 }, "tile/2/x001/x234/067" },
		{ { true, 0, 1234067, 12 }, "tile/entries/x001/x234/067.p/12" },
		{ { true, 0, UINT64_MAX, 255 },
		    "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char path[LOG_TILE_PATH_BYTES];
		log_tile_path(path, &rows[i].tile);
		assert_string_equal(path, rows[i].path);
	}
}

static void
a_level_has_as_many_tiles_as_hashes_ask_for(void **state)
{
	static const struct {
		uint64_t size;
		unsigned level;
		uint64_t count;
		unsigned last_width;
	} rows[] = {
		{ 0, 0, 0, 0 },
		{ 1, 0, 1, 1 },
		{ 255, 1, 0, 0 },
		{ 256, 0, 1, 256 },
		{ 256, 1, 1, 1 },
		{ 257, 0, 2, 1 },
		{ 65536, 1, 1, 256 },
		{ 65536, 2, 1, 1 },
		{ 70000, 1, 2, 17 },
		{ UINT64_MAX, 8, 0, 0 },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint64_t count = log_tile_count(rows[i].size, rows[i].level);
		assert_int_equal(count, rows[i].count);
		if (count == 0)
			continue;
		struct log_tile last = log_tile_at(rows[i].size, rows[i].level, count - 1);
		assert_int_equal(last.width, rows[i].last_width);
		assert_int_equal(last.index, count - 1);
		assert_int_equal(log_tile_at(rows[i].size, rows[i].level, 0).width,
		    count > 1 ? LOG_TILE_WIDTH : rows[i].last_width);
	}
}

/* Whoever holds the tiles alone comes to the same root as whoever holds the leaves. */
static void
folded_tiles_carry_the_root(void **state)
{
	enum { N = 3 * LOG_TILE_WIDTH + 5 };
	struct merkle_hash *leaves = calloc(N, sizeof *leaves), up[3];
	struct merkle_frontier f = { 0 };
	(void)state;

	fill(leaves, N);
	assert_int_equal(log_tile_fold(up, leaves, N), 3);
	for (size_t i = 0; i < 3; i++) {
		struct merkle_hash root = merkle_root(leaves + i * LOG_TILE_WIDTH, LOG_TILE_WIDTH);
		assert_true(merkle_equal(&up[i], &root));
	}
	/* Three full tiles of 2^8: the frontier of 768 leaves, then the five of the partial one. */
	f.size = 3 * LOG_TILE_WIDTH;
	f.node[8] = up[2];
	f.node[9] = merkle_node(&up[0], &up[1]);
	for (size_t i = 3 * LOG_TILE_WIDTH; i < N; i++)
		merkle_append(&f, &leaves[i]);
	struct merkle_hash from_tiles = merkle_frontier_root(&f), root = merkle_root(leaves, N);
	assert_true(merkle_equal(&from_tiles, &root));
	free(leaves);
}

/* ---- entries ---- */

static void
an_entry_is_a_time_and_a_hash(void **state)
{
	struct log_entry e = { .recorded_s = 0x6affff2c, .act_hash = { 0xab, 0xcd } }, back;
	uint8_t bytes[LOG_ENTRY_BYTES];
	(void)state;

	log_entry_encode(bytes, &e);
	assert_memory_equal(bytes, "\0\0\0\0\x6a\xff\xff\x2c\xab\xcd\0", 11);
	assert_true(log_entry_parse(&back, span_of(bytes, sizeof bytes), NULL));
	assert_int_equal(back.recorded_s, e.recorded_s);
	assert_memory_equal(back.act_hash, e.act_hash, sizeof e.act_hash);
	struct merkle_hash leaf = log_entry_leaf(&e), want = merkle_leaf(span_of(bytes, 40));
	assert_true(merkle_equal(&leaf, &want));

	assert_false(log_entry_parse(&back, span_of(bytes, 39), NULL));
	bytes[0] = 1;
	assert_false(log_entry_parse(&back, span_of(bytes, sizeof bytes), NULL));
}

static void
a_bundle_of_entries_comes_back(void **state)
{
	struct log_entry in[3] = { { 7, { 1 } }, { 7, { 2 } }, { 9, { 3 } } }, out[4];
	struct buf bundle = BUF_EMPTY;
	(void)state;

	log_entries_encode(&bundle, in, 3);
	assert_int_equal(bundle.len, 3 * (2 + LOG_ENTRY_BYTES));
	assert_true(log_entries_parse(out, 3, buf_span(&bundle), NULL));
	assert_int_equal(out[2].recorded_s, 9);
	assert_int_equal(out[2].act_hash[0], 3);

	assert_false(log_entries_parse(out, 2, buf_span(&bundle), NULL));
	assert_false(log_entries_parse(out, 4, buf_span(&bundle), NULL));
	bundle.ptr[1] = 39;
	assert_false(log_entries_parse(out, 3, buf_span(&bundle), NULL));
	buf_free(&bundle);
}

static void
time_never_falls_in_a_log(void **state)
{
	struct log_entry in[2] = { { 8, { 1 } }, { 7, { 2 } } }, out[2];
	struct buf bundle = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	log_entries_encode(&bundle, in, 2);
	assert_false(log_entries_parse(out, 2, buf_span(&bundle), &err));
	assert_string_equal(err.text, "entries of the log: time falls at number 1");
	buf_free(&bundle);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_and_the_empty_tree_are_those_of_rfc_6962),
		cmocka_unit_test(roots_of_the_reference_tree),
		cmocka_unit_test(every_published_proof_gets_its_verdict),
		cmocka_unit_test(both_ways_to_a_root_agree),
		cmocka_unit_test(every_leaf_of_every_tree_proves_itself_and_no_other),
		cmocka_unit_test(every_tree_proves_that_it_grew_from_every_smaller_one),
		cmocka_unit_test(threat_34_a_rewritten_log_has_no_consistency_proof),
		cmocka_unit_test(nothing_follows_from_an_empty_tree),
		cmocka_unit_test(tiles_have_the_paths_of_tlog_tiles),
		cmocka_unit_test(a_level_has_as_many_tiles_as_hashes_ask_for),
		cmocka_unit_test(folded_tiles_carry_the_root),
		cmocka_unit_test(an_entry_is_a_time_and_a_hash),
		cmocka_unit_test(a_bundle_of_entries_comes_back),
		cmocka_unit_test(time_never_falls_in_a_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

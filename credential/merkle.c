#include "credential/merkle.h"

#include <assert.h>

#define LEAF_PREFIX 0x00
#define NODE_PREFIX 0x01

struct merkle_hash
merkle_leaf(struct span entry)
{
	static const uint8_t prefix = LEAF_PREFIX;
	struct merkle_hash h = { 0 };

	sha256_two(h.b, span_of(&prefix, 1), entry);
	return h;
}

struct merkle_hash
merkle_node(const struct merkle_hash *left, const struct merkle_hash *right)
{
	uint8_t in[1 + 2 * SHA256_BYTES] = { NODE_PREFIX };
	struct merkle_hash h = { 0 };

	memcpy(in + 1, left->b, SHA256_BYTES);
	memcpy(in + 1 + SHA256_BYTES, right->b, SHA256_BYTES);
	sha256(h.b, span_of(in, sizeof in));
	return h;
}

bool
merkle_equal(const struct merkle_hash *a, const struct merkle_hash *b)
{
	return memcmp(a->b, b->b, SHA256_BYTES) == 0;
}

/* ---- roots ---- */

void
merkle_append(struct merkle_frontier *f, const struct merkle_hash *leaf)
{
	struct merkle_hash h = *leaf;
	unsigned k = 0;

	for (; (f->size >> k) & 1; k++)
		h = merkle_node(&f->node[k], &h);
	f->node[k] = h;
	f->size++;
}

struct merkle_hash
merkle_frontier_root(const struct merkle_frontier *f)
{
	struct merkle_hash h = { 0 };
	unsigned k = 0;

	if (f->size == 0) {
		sha256(h.b, (struct span){ NULL, 0 });
		return h;
	}
	while (((f->size >> k) & 1) == 0)
		k++;
	h = f->node[k];
	for (k++; k < MERKLE_LEVELS; k++)
		if ((f->size >> k) & 1)
			h = merkle_node(&f->node[k], &h);
	return h;
}

struct merkle_hash
merkle_root(const struct merkle_hash *leaves, uint64_t n)
{
	struct merkle_frontier f = { 0 };

	for (uint64_t i = 0; i < n; i++)
		merkle_append(&f, &leaves[i]);
	return merkle_frontier_root(&f);
}

/* ---- proofs ---- */

/* The largest power of two below n, where a tree of n > 1 leaves is split. */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k *= 2;
	return k;
}

static void
proof_add(struct merkle_proof *p, struct merkle_hash h)
{
	assert(p->n < MERKLE_LEVELS);
	p->hash[p->n++] = h;
}

/* The standards give paths from the leaf upwards; walking down finds them the other way round. */
static void
proof_reverse(struct merkle_proof *p)
{
	for (size_t i = 0; i < p->n / 2; i++) {
		struct merkle_hash h = p->hash[i];
		p->hash[i] = p->hash[p->n - 1 - i];
		p->hash[p->n - 1 - i] = h;
	}
}

void
merkle_inclusion_prove(
    struct merkle_proof *out, const struct merkle_hash *leaves, uint64_t n, uint64_t index)
{
	assert(index < n);
	out->n = 0;
	while (n > 1) {
		uint64_t k = split(n);
		if (index < k) {
			proof_add(out, merkle_root(leaves + k, n - k));
			n = k;
		} else {
			proof_add(out, merkle_root(leaves, k));
			leaves += k;
			index -= k;
			n -= k;
		}
	}
	proof_reverse(out);
}

void
merkle_consistency_prove(
    struct merkle_proof *out, const struct merkle_hash *leaves, uint64_t old_n, uint64_t n)
{
	bool whole = true; /* the subtree in hand is one the old root is the root of */

	assert(old_n >= 1 && old_n <= n);
	out->n = 0;
	while (old_n < n) {
		uint64_t k = split(n);
		if (old_n <= k) {
			proof_add(out, merkle_root(leaves + k, n - k));
			n = k;
		} else {
			proof_add(out, merkle_root(leaves, k));
			leaves += k;
			old_n -= k;
			n -= k;
			whole = false;
		}
	}
	if (!whole)
		proof_add(out, merkle_root(leaves, n));
	proof_reverse(out);
}

/* ---- verification ---- */

bool
merkle_inclusion_verify(const struct merkle_proof *proof, uint64_t index, uint64_t size,
    const struct merkle_hash *leaf, const struct merkle_hash *root)
{
	if (index >= size)
		return false;
	uint64_t fn = index, sn = size - 1;
	struct merkle_hash r = *leaf;

	for (size_t i = 0; i < proof->n; i++) {
		if (sn == 0)
			return false;
		if (fn % 2 == 1 || fn == sn) {
			r = merkle_node(&proof->hash[i], &r);
			while (fn % 2 == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			r = merkle_node(&r, &proof->hash[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && merkle_equal(&r, root);
}

bool
merkle_consistency_verify(const struct merkle_proof *proof, uint64_t old_size, uint64_t size,
    const struct merkle_hash *old_root, const struct merkle_hash *root)
{
	if (old_size == 0 || old_size > size)
		return false;
	if (old_size == size)
		return proof->n == 0 && merkle_equal(old_root, root);

	size_t i = 0;
	struct merkle_hash fr = *old_root;
	if ((old_size & (old_size - 1)) != 0) { /* of a power of two, the root itself is first */
		if (proof->n == 0)
			return false;
		fr = proof->hash[i++];
	}
	struct merkle_hash sr = fr;
	uint64_t fn = old_size - 1, sn = size - 1;
	for (; fn % 2 == 1; fn >>= 1)
		sn >>= 1;
	for (; i < proof->n; i++) {
		if (sn == 0)
			return false;
		if (fn % 2 == 1 || fn == sn) {
			fr = merkle_node(&proof->hash[i], &fr);
			sr = merkle_node(&proof->hash[i], &sr);
			while (fn % 2 == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			sr = merkle_node(&sr, &proof->hash[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && merkle_equal(&fr, old_root) && merkle_equal(&sr, root);
}

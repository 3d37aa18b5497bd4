/*
 * Merkle trees with SHA-256 (RFC 6962 2.1, RFC 9162 2.1): roots, proofs that an entry is in, proofs
 * that a larger tree only added to a smaller one. A verification answers yes or no; it is no error.
 */
#ifndef CREDENTIAL_MERKLE_H
#define CREDENTIAL_MERKLE_H

#include "credential/sha256.h"

#define MERKLE_LEVELS 64 /* a tree of 2^63 leaves is beyond any log */

struct merkle_hash {
	uint8_t b[SHA256_BYTES];
};

struct merkle_hash merkle_leaf(struct span entry);
struct merkle_hash merkle_node(const struct merkle_hash *left, const struct merkle_hash *right);
bool merkle_equal(const struct merkle_hash *a, const struct merkle_hash *b);

/*
 * A tree that grows leaf by leaf in little room: node[k] is the root of a full subtree of 2^k
 * leaves and counts where bit k of size is set. A zeroed one is the empty tree.
 */
struct merkle_frontier {
	uint64_t size;
	struct merkle_hash node[MERKLE_LEVELS];
};

void merkle_append(struct merkle_frontier *f, const struct merkle_hash *leaf);
struct merkle_hash merkle_frontier_root(const struct merkle_frontier *f);

/* The root over n leaf hashes; SHA-256 of nothing if n is 0. */
struct merkle_hash merkle_root(const struct merkle_hash *leaves, uint64_t n);

struct merkle_proof {
	size_t n;
	struct merkle_hash hash[MERKLE_LEVELS];
};

/* index < n. */
void merkle_inclusion_prove(
    struct merkle_proof *out, const struct merkle_hash *leaves, uint64_t n, uint64_t index);
/* 1 <= old_n <= n. */
void merkle_consistency_prove(
    struct merkle_proof *out, const struct merkle_hash *leaves, uint64_t old_n, uint64_t n);

/* RFC 9162 2.1.3.2. */
bool merkle_inclusion_verify(const struct merkle_proof *proof, uint64_t index, uint64_t size,
    const struct merkle_hash *leaf, const struct merkle_hash *root);
/* RFC 9162 2.1.4.2. No to an old size of 0: nothing can be said about an empty tree. */
bool merkle_consistency_verify(const struct merkle_proof *proof, uint64_t old_size, uint64_t size,
    const struct merkle_hash *old_root, const struct merkle_hash *root);

#endif

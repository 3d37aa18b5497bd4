/*
 * The published log: its entries, and the tree's hashes in tiles of height 8 (C2SP tlog-tiles). An
 * entry is the time of recording and the SHA-256 of an act: it shows that something happened and
 * when, and names nobody.
 */
#ifndef CREDENTIAL_LOG_TILE_H
#define CREDENTIAL_LOG_TILE_H

#include "core/buf.h"
#include "credential/merkle.h"

#define LOG_ENTRY_BYTES 40
#define LOG_TILE_WIDTH 256
#define LOG_TILE_PATH_BYTES 64

struct log_entry {
	int64_t recorded_s; /* never falls from one entry to the next */
	uint8_t act_hash[SHA256_BYTES];
};

void log_entry_encode(uint8_t out[LOG_ENTRY_BYTES], const struct log_entry *e);
/* ERR_MALFORMED  another length, a time beyond the year 9999 */
MUST_CHECK bool log_entry_parse(struct log_entry *out, struct span in, struct err *err);
/* The leaf hash of the entry. */
struct merkle_hash log_entry_leaf(const struct log_entry *e);

/*
 * One file under log/: a tile of hashes, or a bundle of entries. width is 256 when full, 1 to 255
 * for the last of its level.
 */
struct log_tile {
	bool entries; /* a bundle of entries (level is 0) */
	unsigned level;
	uint64_t index;
	unsigned width;
};

/* "tile/0/x001/x234/067", "tile/entries/000.p/12" */
void log_tile_path(char out[LOG_TILE_PATH_BYTES], const struct log_tile *tile);

/* How many tiles of this level a log of `size` entries has, and each of them; index < count. */
uint64_t log_tile_count(uint64_t size, unsigned level);
struct log_tile log_tile_at(uint64_t size, unsigned level, uint64_t index);

/*
 * The hashes one tile level up: out[i] is the root over in[256 i] to in[256 i + 255]. Writes and
 * returns n / 256 hashes; out may be in. The hashes of level 0 are the leaves, and the content of a
 * tile is a slice of its level's hashes.
 */
uint64_t log_tile_fold(struct merkle_hash *out, const struct merkle_hash *in, uint64_t n);

/* A bundle of entries: each behind its length in two bytes. */
void log_entries_encode(struct buf *out, const struct log_entry *entries, size_t n);
/* Exactly n entries. ERR_MALFORMED otherwise, or when time falls. */
MUST_CHECK bool log_entries_parse(
    struct log_entry *out, size_t n, struct span bundle, struct err *err);

#endif

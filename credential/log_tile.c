#include "credential/log_tile.h"

#include "core/civil.h"
#include "core/cursor.h"

#include <assert.h>
#include <stdio.h>

#define TILE_HEIGHT 8

/* ---- entries ---- */

void
log_entry_encode(uint8_t out[LOG_ENTRY_BYTES], const struct log_entry *e)
{
	uint64_t t = (uint64_t)e->recorded_s;

	assert(e->recorded_s >= 0);
	for (size_t i = 0; i < 8; i++)
		out[i] = (uint8_t)(t >> (8 * (7 - i)));
	memcpy(out + 8, e->act_hash, SHA256_BYTES);
}

bool
log_entry_parse(struct log_entry *out, struct span in, struct err *err)
{
	struct cursor c = cursor_over(in);
	uint64_t t = cursor_be(&c, 8);
	struct span hash = cursor_take(&c, SHA256_BYTES);

	if (!cursor_done(&c))
		return err_set(
		    err, ERR_MALFORMED, "log entry: %zu bytes; it has %d", in.len, LOG_ENTRY_BYTES);
	if (t > CIVIL_LAST_S)
		return err_set(err, ERR_MALFORMED, "log entry: a time beyond the year 9999");
	out->recorded_s = (int64_t)t;
	memcpy(out->act_hash, hash.ptr, SHA256_BYTES);
	return true;
}

struct merkle_hash
log_entry_leaf(const struct log_entry *e)
{
	uint8_t bytes[LOG_ENTRY_BYTES];

	log_entry_encode(bytes, e);
	return merkle_leaf(span_of(bytes, sizeof bytes));
}

void
log_entries_encode(struct buf *out, const struct log_entry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t bytes[LOG_ENTRY_BYTES];
		log_entry_encode(bytes, &entries[i]);
		buf_add_be(out, sizeof bytes, 2);
		buf_add(out, bytes, sizeof bytes);
	}
}

bool
log_entries_parse(struct log_entry *out, size_t n, struct span bundle, struct err *err)
{
	struct cursor c = cursor_over(bundle);

	for (size_t i = 0; i < n; i++) {
		struct span entry = cursor_take(&c, (size_t)cursor_be(&c, 2));
		if (c.bad || !log_entry_parse(&out[i], entry, err))
			return err_set(err, ERR_MALFORMED,
			    "entries of the log: number %zu is none, or cut off", i);
		if (i > 0 && out[i].recorded_s < out[i - 1].recorded_s)
			return err_set(
			    err, ERR_MALFORMED, "entries of the log: time falls at number %zu", i);
	}
	return cursor_done(&c) ||
	    err_set(err, ERR_MALFORMED, "entries of the log: more than the %zu expected", n);
}

/* ---- tiles ---- */

/* In groups of three digits, all but the last behind an x: 1234067 is x001/x234/067. */
static size_t
put_index(char *out, size_t room, uint64_t index)
{
	uint64_t unit = 1;
	size_t n = 0;

	while (index / unit >= 1000)
		unit *= 1000;
	for (; unit > 0; unit /= 1000)
		n += (size_t)snprintf(out + n, room - n, unit > 1 ? "x%03u/" : "%03u",
		    (unsigned)(index / unit % 1000));
	return n;
}

void
log_tile_path(char out[LOG_TILE_PATH_BYTES], const struct log_tile *tile)
{
	assert(tile->width >= 1 && tile->width <= LOG_TILE_WIDTH);
	size_t n = tile->entries
	    ? (size_t)snprintf(out, LOG_TILE_PATH_BYTES, "tile/entries/")
	    : (size_t)snprintf(out, LOG_TILE_PATH_BYTES, "tile/%u/", tile->level);
	n += put_index(out + n, LOG_TILE_PATH_BYTES - n, tile->index);
	if (tile->width < LOG_TILE_WIDTH)
		snprintf(out + n, LOG_TILE_PATH_BYTES - n, ".p/%u", tile->width);
}

/* How many hashes of this level there are. */
static uint64_t
level_size(uint64_t size, unsigned level)
{
	return level * TILE_HEIGHT < 64 ? size >> (level * TILE_HEIGHT) : 0;
}

uint64_t
log_tile_count(uint64_t size, unsigned level)
{
	uint64_t n = level_size(size, level);
	return n / LOG_TILE_WIDTH + (n % LOG_TILE_WIDTH > 0);
}

struct log_tile
log_tile_at(uint64_t size, unsigned level, uint64_t index)
{
	assert(index < log_tile_count(size, level));
	uint64_t left = level_size(size, level) - index * LOG_TILE_WIDTH;
	unsigned width = left < LOG_TILE_WIDTH ? (unsigned)left : LOG_TILE_WIDTH;
	return (struct log_tile){ false, level, index, width };
}

uint64_t
log_tile_fold(struct merkle_hash *out, const struct merkle_hash *in, uint64_t n)
{
	uint64_t full = n / LOG_TILE_WIDTH;

	for (uint64_t i = 0; i < full; i++)
		out[i] = merkle_root(in + i * LOG_TILE_WIDTH, LOG_TILE_WIDTH);
	return full;
}

#include "credential/status_list.h"

#include <assert.h>
#include <zlib.h>

#define BITS 4
#define SLOT_MASK 0x0Fu

/* From good to bad; 0 marks what is reserved. */
static const struct {
	const char *word;
	int rank;
} values[SLOT_MASK + 1] = {
	[STATUS_ACTIVE] = { "active", 1 },
	[STATUS_PENDING] = { "pending", 2 },
	[STATUS_UNKNOWN] = { "unknown", 3 },
	[STATUS_SUSPENDED] = { "suspended", 4 },
	[STATUS_REPLACED] = { "replaced", 5 },
	[STATUS_ENDED] = { "ended", 6 },
	[STATUS_REVOKED] = { "revoked", 7 },
	[STATUS_ANNULLED] = { "annulled", 8 },
};

bool
status_is_known(unsigned value)
{
	return value <= SLOT_MASK && values[value].rank > 0;
}

const char *
status_word(enum status s)
{
	assert(status_is_known(s));
	return values[s].word;
}

enum status
status_worse(enum status a, enum status b)
{
	assert(status_is_known(a) && status_is_known(b));
	return values[b].rank > values[a].rank ? b : a;
}

enum status
status_list_get(const uint8_t list[LIMIT_LIST_BYTES], uint16_t idx)
{
	unsigned both = list[idx / 2];
	return (enum status)(both >> (idx % 2 * BITS) & SLOT_MASK);
}

void
status_list_set(uint8_t list[LIMIT_LIST_BYTES], uint16_t idx, enum status s)
{
	assert(status_is_known(s));
	unsigned shift = idx % 2 * BITS;
	unsigned other = list[idx / 2] & ~(SLOT_MASK << shift);
	list[idx / 2] = (uint8_t)(other | (unsigned)s << shift);
}

void
status_list_clear(uint8_t list[LIMIT_LIST_BYTES])
{
	memset(list, STATUS_UNKNOWN << BITS | STATUS_UNKNOWN, LIMIT_LIST_BYTES);
}

/* Two slots at a time: every verification looks at a whole list, twice with its token. */
static bool
all_known(struct span list)
{
	bool known[256];
	bool all = true;

	for (unsigned both = 0; both < sizeof known; both++)
		known[both] = status_is_known(both & SLOT_MASK) && status_is_known(both >> BITS);
	for (size_t i = 0; i < list.len; i++)
		all &= known[list.ptr[i]];
	return all;
}

bool
status_list_check(struct span list, struct err *err)
{
	if (list.len != LIMIT_LIST_BYTES)
		return err_set(err, ERR_MALFORMED, "status list: %zu bytes; it has %d", list.len,
		    LIMIT_LIST_BYTES);
	if (all_known(list))
		return true;
	unsigned idx = 0;
	while (status_is_known(status_list_get(list.ptr, (uint16_t)idx)))
		idx++;
	return err_set(err, ERR_MALFORMED, "status list: slot %u has the reserved value %u", idx,
	    status_list_get(list.ptr, (uint16_t)idx));
}

/*
 * The best level, but for how long it looks for a repetition: in slots taken at random there are repetitions
 * everywhere and none worth a long search. A half full list is no longer for it, and made seven times as fast.
 */
static int
begin_deflate(z_stream *z)
{
	const int rc = deflateInit(z, Z_BEST_COMPRESSION);
	return rc == Z_OK ? deflateTune(z, 4, 16, 128, 64) : rc;
}

void
status_list_deflate(struct buf *out, struct span list)
{
	uint8_t chunk[4096];
	z_stream z = { .next_in = (z_const Bytef *)list.ptr, .avail_in = (uInt)list.len };
	int rc = begin_deflate(&z);

	if (rc != Z_OK)
		out->bad = ERR_MEMORY;
	while (rc == Z_OK) {
		z.next_out = chunk;
		z.avail_out = sizeof chunk;
		rc = deflate(&z, Z_FINISH);
		buf_add(out, chunk, sizeof chunk - z.avail_out);
	}
	deflateEnd(&z);
}

bool
status_list_inflate(uint8_t *out, size_t n, struct span zlib, struct err *err)
{
	z_stream z = { 0 };

	assert(n <= LIMIT_LIST_BYTES);
	if (zlib.len > LIMIT_TOKEN_BYTES)
		return err_set(err, ERR_LIMIT, "status list: %zu bytes deflated", zlib.len);
	if (inflateInit(&z) != Z_OK)
		return err_set(err, ERR_MEMORY, "status list: out of memory");
	z.next_in = (z_const Bytef *)zlib.ptr;
	z.avail_in = (uInt)zlib.len;
	z.next_out = out;
	z.avail_out = (uInt)n;
	int rc = inflate(&z, Z_FINISH);
	bool whole = rc == Z_STREAM_END && z.avail_out == 0 && z.avail_in == 0;
	inflateEnd(&z);
	return whole ||
	    err_set(err, ERR_MALFORMED, "status list: not one zlib stream of exactly %zu bytes", n);
}

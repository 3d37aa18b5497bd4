#include "core/cursor.h"
#include "core/limits.h"
#include "credential/parts.h"

#include <assert.h>
#include <stdlib.h>

/* Slots that are looked through one after the other: an index of all would take up a fifth as much again. */
#define STRIDE 8
#define STRIDES (LIMIT_LIST_SLOTS / STRIDE)

struct fingerprints {
	struct span part;
	/* Where the records of slot STRIDE * i and those behind it begin; the last: where all end. */
	uint32_t at[STRIDES + 1];
};

void
fingerprints_add(struct buf *out, const struct fingerprint *f)
{
	assert(f->n_files >= 1 && f->n_files <= UINT8_MAX);
	assert(f->files.len == f->n_files * FINGERPRINT_BYTES);
	buf_add_be(out, f->idx, 2);
	buf_add_byte(out, (uint8_t)f->n_files);
	buf_add(out, f->credential, FINGERPRINT_BYTES);
	buf_add_span(out, f->files);
}

static void
read_record(struct fingerprint *out, struct cursor *c)
{
	out->idx = (uint16_t)cursor_be(c, 2);
	out->n_files = cursor_u8(c);
	struct span credential = cursor_take(c, FINGERPRINT_BYTES);
	out->files = cursor_take(c, out->n_files * FINGERPRINT_BYTES);
	if (!c->bad)
		memcpy(out->credential, credential.ptr, FINGERPRINT_BYTES);
}

static bool
index_records(struct fingerprints *f, struct err *err)
{
	struct cursor c = cursor_over(f->part);
	int last = -1;
	size_t filled = 0;

	while (cursor_left(&c) > 0) {
		struct fingerprint record;
		uint32_t at = (uint32_t)c.pos;
		read_record(&record, &c);
		if (c.bad)
			return err_set(err, ERR_MALFORMED, "byte %u: a record cut off", at);
		if (record.idx <= last)
			return err_set(err, ERR_MALFORMED, "byte %u: slots that do not ascend", at);
		if (record.n_files == 0)
			return err_set(err, ERR_MALFORMED, "byte %u: a slot without a file", at);
		last = record.idx;
		while (filled <= record.idx / STRIDE)
			f->at[filled++] = at;
	}
	while (filled <= STRIDES)
		f->at[filled++] = (uint32_t)f->part.len;
	return true;
}

bool
fingerprints_parse(struct fingerprints **out, struct span part, struct err *err)
{
	*out = NULL;
	if (part.len > LIMIT_PART_BYTES)
		return err_set(err, ERR_LIMIT, "fingerprints: %zu bytes; the longest we read is %u",
		    part.len, LIMIT_PART_BYTES);
	struct fingerprints *f = malloc(sizeof *f);
	if (f == NULL)
		return err_set(err, ERR_MEMORY, "fingerprints: out of memory");
	f->part = part;
	if (!index_records(f, err)) {
		fingerprints_free(f);
		return err_in(err, "fingerprints");
	}
	*out = f;
	return true;
}

void
fingerprints_free(struct fingerprints *f)
{
	free(f);
}

bool
fingerprints_find(struct fingerprint *out, const struct fingerprints *f, uint16_t idx)
{
	const size_t end = f->at[idx / STRIDE + 1];
	struct cursor c = cursor_over(f->part);

	cursor_take(&c, f->at[idx / STRIDE]);
	while (c.pos < end) {
		read_record(out, &c);
		if (out->idx >= idx)
			return out->idx == idx;
	}
	return false;
}

bool
fingerprint_has_file(const struct fingerprint *f, const uint8_t hash[SHA256_BYTES])
{
	struct cursor c = cursor_over(f->files);
	struct span want = span_of(hash, FINGERPRINT_BYTES);

	while (cursor_left(&c) > 0)
		if (span_equal(cursor_take(&c, FINGERPRINT_BYTES), want))
			return true;
	return false;
}

bool
fingerprint_is_of(const struct fingerprint *f, const uint8_t credential_hash[SHA256_BYTES])
{
	return memcmp(f->credential, credential_hash, FINGERPRINT_BYTES) == 0;
}

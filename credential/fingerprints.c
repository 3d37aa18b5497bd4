#include "core/cursor.h"
#include "core/limits.h"
#include "credential/parts.h"

#include <assert.h>
#include <stdlib.h>

#define SLOT_FREE UINT32_MAX

struct fingerprints {
	struct span part;
	uint32_t at[LIMIT_LIST_SLOTS]; /* where the slot's record begins, or SLOT_FREE */
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

	for (size_t i = 0; i < LIMIT_LIST_SLOTS; i++)
		f->at[i] = SLOT_FREE;
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
		f->at[record.idx] = at;
	}
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
	struct cursor c = cursor_over(f->part);

	if (f->at[idx] == SLOT_FREE)
		return false;
	cursor_take(&c, f->at[idx]);
	read_record(out, &c);
	return true;
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

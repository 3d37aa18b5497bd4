#include "core/tar.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Where the fields stand, and how long they are. */
#define AT_MODE 100
#define AT_UID 108
#define AT_GID 116
#define AT_SIZE 124
#define AT_TIME 136
#define AT_SUM 148
#define AT_TYPE 156
#define AT_MAGIC 257
#define AT_DEVICES 329
#define ID_BYTES 8
#define SIZE_BYTES 12
#define SUM_BYTES 8

#define OCTAL_MAX UINT64_C(077777777777) /* of SIZE_BYTES - 1 digits */
#define BASE_256 0x80                    /* the first byte of a size written so */

static void
put_octal(uint8_t *at, size_t bytes, uint64_t value)
{
	char text[SIZE_BYTES + 1];
	snprintf(text, sizeof text, "%0*llo", (int)bytes - 1, (unsigned long long)value);
	memcpy(at, text, bytes); /* with its NUL */
}

static void
put_size(uint8_t *at, uint64_t size)
{
	if (size <= OCTAL_MAX) {
		put_octal(at, SIZE_BYTES, size);
		return;
	}
	at[0] = BASE_256;
	for (size_t i = SIZE_BYTES - 1; i > 0; i--) {
		at[i] = (uint8_t)size;
		size >>= 8;
	}
}

/* Of all bytes, its own field counted as blanks: six digits, NUL and a blank. */
static void
put_sum(uint8_t block[TAR_BLOCK_BYTES])
{
	unsigned sum = 0;

	memset(block + AT_SUM, ' ', SUM_BYTES);
	for (size_t i = 0; i < TAR_BLOCK_BYTES; i++)
		sum += block[i];
	put_octal(block + AT_SUM, SUM_BYTES - 1, sum);
}

void
tar_header_encode(uint8_t out[TAR_BLOCK_BYTES], const struct tar_header *header)
{
	assert(header->name[0] != '\0' && header->size <= TAR_SIZE_MAX);
	assert(header->time_s >= 0 && header->time_s <= TAR_TIME_MAX);
	memset(out, 0, TAR_BLOCK_BYTES);
	memcpy(out, header->name, strnlen(header->name, TAR_NAME_BYTES - 1));
	put_octal(out + AT_MODE, ID_BYTES, 0640);
	put_octal(out + AT_UID, ID_BYTES, 0);
	put_octal(out + AT_GID, ID_BYTES, 0);
	put_size(out + AT_SIZE, header->size);
	put_octal(out + AT_TIME, SIZE_BYTES, (uint64_t)header->time_s);
	out[AT_TYPE] = '0';
	memcpy(out + AT_MAGIC, "ustar\00000", 8);
	put_octal(out + AT_DEVICES, ID_BYTES, 0);
	put_octal(out + AT_DEVICES + ID_BYTES, ID_BYTES, 0);
	put_sum(out);
}

/* Digits up to a NUL; whatever else they are, the comparison at the end finds out. */
static uint64_t
take_octal(struct cursor *c)
{
	uint64_t value = 0;
	struct span digits = cursor_take(c, SIZE_BYTES);

	for (size_t i = 0; i + 1 < digits.len; i++)
		value = value << 3 | (digits.ptr[i] & 7);
	return value;
}

static uint64_t
take_size(struct cursor *c)
{
	if (cursor_peek(c) != BASE_256)
		return take_octal(c);
	cursor_take(c, SIZE_BYTES - sizeof(uint64_t));
	return cursor_be(c, sizeof(uint64_t));
}

/* Read leniently, write again, compare: so there is one form. */
bool
tar_header_parse(struct tar_header *out, const uint8_t block[TAR_BLOCK_BYTES], struct err *err)
{
	struct tar_header h = { 0 };
	uint8_t again[TAR_BLOCK_BYTES];
	struct cursor c = cursor_over(span_of(block, TAR_BLOCK_BYTES));

	memcpy(h.name, cursor_take(&c, sizeof h.name).ptr, sizeof h.name - 1);
	cursor_take(&c, AT_SIZE - AT_MODE);
	h.size = take_size(&c);
	h.time_s = (int64_t)take_octal(&c);
	bool ok = h.name[0] != '\0' && h.size <= TAR_SIZE_MAX;
	if (ok) {
		tar_header_encode(again, &h);
		ok = memcmp(again, block, sizeof again) == 0;
	}
	if (!ok)
		return err_set(err, ERR_MALFORMED, "not a tar header as we write it");
	*out = h;
	return true;
}

size_t
tar_padding(uint64_t size)
{
	return (size_t)(-size % TAR_BLOCK_BYTES);
}

bool
tar_is_zeros(const uint8_t block[TAR_BLOCK_BYTES])
{
	static const uint8_t zeros[TAR_BLOCK_BYTES];
	return memcmp(block, zeros, sizeof zeros) == 0;
}

void
tar_put(struct buf *out, const char *name, struct span content, int64_t time_s)
{
	static const uint8_t zeros[TAR_BLOCK_BYTES];
	struct tar_header h = { .size = content.len, .time_s = time_s };
	uint8_t block[TAR_BLOCK_BYTES];

	assert(strlen(name) < sizeof h.name);
	memcpy(h.name, name, strlen(name));
	tar_header_encode(block, &h);
	buf_add(out, block, sizeof block);
	buf_add_span(out, content);
	buf_add(out, zeros, tar_padding(content.len));
}

void
tar_put_end(struct buf *out)
{
	static const uint8_t end[2 * TAR_BLOCK_BYTES];

	buf_add(out, end, sizeof end);
}

static bool
all_zeros(struct span bytes)
{
	size_t i = 0;

	while (i < bytes.len && bytes.ptr[i] == 0)
		i++;
	return i == bytes.len;
}

bool
tar_take(struct tar_header *out, struct span *content, struct cursor *c, struct err *err)
{
	const struct span block = cursor_take(c, TAR_BLOCK_BYTES);

	if (c->bad || !tar_header_parse(out, block.ptr, NULL) || out->size > cursor_left(c))
		return err_set(err, ERR_MALFORMED, "byte %zu: no member as we write it", c->pos);
	*content = cursor_take(c, (size_t)out->size);
	if (!all_zeros(cursor_take(c, tar_padding(out->size))) || c->bad)
		return err_set(err, ERR_MALFORMED, "byte %zu: something behind a member", c->pos);
	return true;
}

bool
tar_take_end(struct cursor *c)
{
	const struct span end = cursor_take(c, 2 * (size_t)TAR_BLOCK_BYTES);

	return cursor_done(c) && all_zeros(end);
}

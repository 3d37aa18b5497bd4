#include "verifier/decode/read.h"

#include <stdlib.h>

static bool
damaged(struct err *err)
{
	return err_set(err, ERR_MALFORMED, "pdftoppm wrote something that is no page");
}

/* Decimal digits up to this byte, which is read too; 0 if it is no number from 1 to 99,999,999. */
static uint64_t
number(FILE *in, int stop)
{
	uint64_t n = 0;
	int c;

	while ((c = getc(in)) >= '0' && c <= '9' && n < 10000000)
		n = n * 10 + (uint64_t)(c - '0');
	return c == stop ? n : 0;
}

static bool
expect(FILE *in, const char *text)
{
	for (; *text != '\0'; text++)
		if (getc(in) != *text)
			return false;
	return true;
}

static bool
read_rows(struct raster *out, FILE *in, struct err *err)
{
	const size_t stride = (size_t)out->grey.width * 3;
	uint8_t *row = malloc(stride);
	bool ok = row != NULL || err_set(err, ERR_MEMORY, "out of memory");

	for (unsigned y = 0; ok && y < out->grey.height; y++) {
		ok = fread(row, 1, stride, in) == stride || damaged(err);
		if (ok)
			raster_row(out, y, row);
	}
	free(row);
	return ok;
}

bool
read_ppm(bool *end, struct raster *out, FILE *in, struct err *err)
{
	*out = (struct raster){ 0 };
	const int first = getc(in);
	*end = first == EOF;
	if (*end)
		return true;
	if (first != 'P' || !expect(in, "6\n"))
		return damaged(err);
	const uint64_t width = number(in, ' ');
	const uint64_t height = number(in, '\n');
	if (width == 0 || height == 0 || !expect(in, "255\n"))
		return damaged(err);
	return raster_new(out, width, height, err) && read_rows(out, in, err);
}

bool
read_is_pdf(struct span bytes)
{
	return bytes.len >= 5 && memcmp(bytes.ptr, "%PDF-", 5) == 0;
}

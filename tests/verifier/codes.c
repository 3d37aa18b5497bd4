#include "tests/verifier/codes.h"

#include "tests/test.h"

#include <png.h>
#include <qrencode.h>
#include <stdlib.h>

#define QUIET 4 /* modules round a symbol */

/* One symbol, its left edge at this column. */
static void
draw(struct raster *out, const QRcode *code, unsigned left, unsigned px)
{
	for (unsigned y = 0; y < (unsigned)code->width * px; y++)
		for (unsigned x = 0; x < (unsigned)code->width * px; x++) {
			const size_t module = (y / px) * (size_t)code->width + x / px;
			const size_t at = (size_t)(y + QUIET * px) * out->grey.width + left + x;
			if ((code->data[module] & 1) != 0)
				out->grey.px[at] = out->red.px[at] = 0;
		}
}

void
codes_raster(struct raster *out, const char *const *texts, size_t n, unsigned px)
{
	QRcode *codes[4];
	unsigned width = 0, height = 0, left = QUIET * px;
	struct err err = { 0 };

	assert_true(n > 0 && n <= COUNT_OF(codes));
	for (size_t i = 0; i < n; i++) {
		codes[i] = QRcode_encodeString8bit(texts[i], 0, QR_ECLEVEL_M);
		assert_non_null(codes[i]);
		const unsigned side = ((unsigned)codes[i]->width + 2 * QUIET) * px;
		width += side;
		height = side > height ? side : height;
	}
	if (!raster_new(out, width, height, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < n; i++) {
		draw(out, codes[i], left, px);
		left += ((unsigned)codes[i]->width + 2 * QUIET) * px;
		QRcode_free(codes[i]);
	}
}

void
codes_png(struct buf *out, const char *const *texts, size_t n, unsigned px)
{
	struct raster raster;
	png_image image = { .version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_GRAY };
	png_alloc_size_t room;

	codes_raster(&raster, texts, n, px);
	image.width = raster.grey.width;
	image.height = raster.grey.height;
	room = PNG_IMAGE_PNG_SIZE_MAX(image);
	uint8_t *png = malloc(room);
	assert_non_null(png);
	assert_int_not_equal(
	    png_image_write_to_memory(&image, png, &room, 0, raster.grey.px, 0, NULL), 0);
	buf_add(out, png, room);
	free(png);
	raster_free(&raster);
}

#include "verifier/decode/read.h"

#include <png.h>
#include <stdlib.h>

bool
read_is_png(struct span bytes)
{
	static const uint8_t magic[] = { 0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a };
	return bytes.len >= sizeof magic && memcmp(bytes.ptr, magic, sizeof magic) == 0;
}

/* All pixels at once: an interlaced picture has no rows before its end. */
static bool
read_pixels(struct raster *out, png_image *image, struct err *err)
{
	static const png_color white = { 255, 255, 255 };

	if (!raster_new(out, image->width, image->height, err))
		return false;
	image->format = PNG_FORMAT_RGB;
	uint8_t *rgb = malloc(PNG_IMAGE_SIZE(*image));
	if (rgb == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	const bool ok = png_image_finish_read(image, &white, rgb, 0, NULL) != 0;
	for (unsigned y = 0; ok && y < out->grey.height; y++)
		raster_row(out, y, rgb + (size_t)y * PNG_IMAGE_ROW_STRIDE(*image));
	free(rgb);
	return ok || err_set(err, ERR_MALFORMED, "the PNG picture is damaged: %s", image->message);
}

bool
read_png(struct raster *out, struct span bytes, struct err *err)
{
	png_image image = { .version = PNG_IMAGE_VERSION };

	*out = (struct raster){ 0 };
	const bool ok = png_image_begin_read_from_memory(&image, bytes.ptr, bytes.len) != 0
	    ? read_pixels(out, &image, err)
	    : err_set(err, ERR_MALFORMED, "the PNG picture is damaged: %s", image.message);
	png_image_free(&image);
	return ok;
}

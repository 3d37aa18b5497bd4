#include "verifier/decode/raster.h"

#include "core/limits.h"

#include <stdlib.h>
#include <string.h>

bool
raster_new(struct raster *out, uint64_t width, uint64_t height, struct err *err)
{
	*out = (struct raster){ 0 };
	if (width == 0 || height == 0)
		return err_set(err, ERR_MALFORMED, "the picture has no pixels");
	if (width > LIMIT_PICTURE_PIXELS || height > LIMIT_PICTURE_PIXELS / width)
		return err_set(err, ERR_LIMIT,
		    "the picture has %llu by %llu pixels; at most %u million are looked at: an A4 "
		    "page at "
		    "200 dpi has 4",
		    (unsigned long long)width, (unsigned long long)height,
		    LIMIT_PICTURE_PIXELS / 1000000);
	const struct plane plane = { (unsigned)width, (unsigned)height, NULL };
	out->grey = out->red = plane;
	out->grey.px = malloc((size_t)(width * height));
	out->red.px = malloc((size_t)(width * height));
	if (out->grey.px == NULL || out->red.px == NULL) {
		raster_free(out);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	memset(out->grey.px, 255, (size_t)(width * height));
	memset(out->red.px, 255, (size_t)(width * height));
	return true;
}

void
raster_free(struct raster *r)
{
	free(r->grey.px);
	free(r->red.px);
	*r = (struct raster){ 0 };
}

void
raster_row(struct raster *r, unsigned y, const uint8_t *rgb)
{
	uint8_t *grey = r->grey.px + (size_t)y * r->grey.width;
	uint8_t *red = r->red.px + (size_t)y * r->red.width;

	for (size_t x = 0; x < r->grey.width; x++, rgb += 3) {
		/* ITU-R BT.601 luma in 16 bits */
		grey[x] =
		    (uint8_t)((rgb[0] * 19595u + rgb[1] * 38470u + rgb[2] * 7471u + 32768u) >> 16);
		red[x] = rgb[0];
	}
}

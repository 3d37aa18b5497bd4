/*
 * A picture in memory: a grey plane to look for codes in, and the red one, in which red stamps are as white as the
 * paper. Nothing is allocated for a picture of more than LIMIT_PICTURE_PIXELS.
 */
#ifndef VERIFIER_DECODE_RASTER_H
#define VERIFIER_DECODE_RASTER_H

#include "core/err.h"

#include <stdint.h>

/* One value a pixel, 0 black to 255 white, row after row without padding. */
struct plane {
	unsigned width, height;
	uint8_t *px;
};

struct raster {
	struct plane grey, red; /* owned, of the same size */
};

/*
 * Both planes, white. Free it in any case; a zeroed one is empty.
 * ERR_MALFORMED (a side of 0), ERR_LIMIT (too many pixels), ERR_MEMORY
 */
MUST_CHECK bool raster_new(struct raster *out, uint64_t width, uint64_t height, struct err *err);
void raster_free(struct raster *r);

/* Fill row y of height from width pixels of red, green and blue. */
void raster_row(struct raster *r, unsigned y, const uint8_t *rgb);

#endif

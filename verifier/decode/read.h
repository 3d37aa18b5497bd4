/*
 * Pictures of a stranger's making, read by the libraries made for it, under our ceilings: the size is known and
 * admitted before a pixel has room, and the work on one picture has an end.
 *
 * Each gives a raster to be freed in any case.
 * ERR_MALFORMED  damaged, or of a kind that is not read; the sentence says which
 * ERR_REFUSED    sound, but made for printing (CMYK)
 * ERR_LIMIT      too many pixels, or too many passes over them
 * ERR_MEMORY
 */
#ifndef VERIFIER_DECODE_READ_H
#define VERIFIER_DECODE_READ_H

#include "core/span.h"
#include "verifier/decode/raster.h"

#include <stdio.h>

/* Do these bytes begin like a PNG, a JPEG, a PDF? */
bool read_is_png(struct span bytes);
bool read_is_jpeg(struct span bytes);
bool read_is_pdf(struct span bytes);

/* PNG, any kind; what is transparent is white. */
MUST_CHECK bool read_png(struct raster *out, struct span bytes, struct err *err);

/* JPEG, grey or of three colours, at most LIMIT_JPEG_SCANS scans. */
MUST_CHECK bool read_jpeg(struct raster *out, struct span bytes, struct err *err);

/*
 * The next page of a stream as pdftoppm writes it: "P6", width and height, "255", each line ended by LF, and three
 * bytes a pixel. *end: there is none, the stream is at its end, and *out is empty.
 */
MUST_CHECK bool read_ppm(bool *end, struct raster *out, FILE *in, struct err *err);

#endif

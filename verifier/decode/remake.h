/*
 * The same picture made otherwise, for a second look: larger or smaller, turned, softer or sharper. What a page
 * met (tests/print) decides which of them help; look.c has the list.
 */
#ifndef VERIFIER_DECODE_REMAKE_H
#define VERIFIER_DECODE_REMAKE_H

#include "verifier/decode/raster.h"

/* A picture in which everything is so many times as wide and high. False: it would be too large. */
MUST_CHECK bool remake_sized(struct plane *out, const struct plane *in, double times);

/* Twice as large, turned by an eighth, and drawn out: a sheet that was tilted. */
MUST_CHECK bool remake_turned(struct plane *out, const struct plane *in);

/* In place: Gaussian, sigma in pixels (at most 5). sharpen: take three times the difference away instead. */
MUST_CHECK bool remake_blur(struct plane *plane, double sigma, bool sharpen);

#endif

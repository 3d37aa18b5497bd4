#include "verifier/decode/remake.h"

#include "core/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ONE 65536 /* fixed point: a pixel */
#define MAX_RADIUS 15

/* Where a pixel of the new picture comes from: x = a*u + b*v + c, y = d*u + e*v + f, in pixels. */
struct origin {
	double a, b, c, d, e, f;
};

static bool
plane_new(struct plane *out, double width, double height)
{
	*out = (struct plane){ 0 };
	if (!(width >= 1 && height >= 1 && width * height <= LIMIT_PICTURE_PIXELS))
		return false;
	out->width = (unsigned)width;
	out->height = (unsigned)height;
	out->px = malloc((size_t)out->width * out->height);
	return out->px != NULL;
}

/* The colour at a point, from the four pixels around it; white outside. */
static uint8_t
at(const struct plane *in, int64_t x, int64_t y)
{
	const int64_t left = x >> 16, top = y >> 16;
	const uint32_t right = (uint32_t)(x & (ONE - 1)) >> 8,
		       down = (uint32_t)(y & (ONE - 1)) >> 8;

	if (left < 0 || top < 0 || left + 1 >= in->width || top + 1 >= in->height)
		return 255;
	const uint8_t *p = in->px + (size_t)top * in->width + (size_t)left;
	const uint32_t upper = p[0] * (256 - right) + p[1] * right;
	const uint32_t lower = p[in->width] * (256 - right) + p[in->width + 1] * right;
	return (uint8_t)((upper * (256 - down) + lower * down + 32768) >> 16);
}

static void
draw(struct plane *out, const struct plane *in, const struct origin *o)
{
	const int64_t step_x = llround(o->a * ONE), step_y = llround(o->d * ONE);

	for (unsigned v = 0; v < out->height; v++) {
		int64_t x = llround((o->b * v + o->c) * ONE), y = llround((o->e * v + o->f) * ONE);
		uint8_t *row = out->px + (size_t)v * out->width;
		for (unsigned u = 0; u < out->width; u++, x += step_x, y += step_y)
			row[u] = at(in, x, y);
	}
}

bool
remake_sized(struct plane *out, const struct plane *in, double times)
{
	/* the middles of the first pixels, and of the last ones, lie over each other */
	const struct origin o = { 1 / times, 0, 0.5 / times - 0.5, 0, 1 / times,
		0.5 / times - 0.5 };

	if (!plane_new(out, round(in->width * times), round(in->height * times)))
		return false;
	draw(out, in, &o);
	return true;
}

bool
remake_turned(struct plane *out, const struct plane *in)
{
	const double times = 2, wider = 1.15, half = sqrt(0.5);
	const double across = (in->width + in->height) * times * half;
	const double a = half / times / wider, b = half / times;

	if (!plane_new(out, round(across * wider), round(across)))
		return false;
	/* about the middles of both */
	const struct origin o = { a, -b, in->width / 2.0 - across * wider / 2 * a + across / 2 * b,
		a, b, in->height / 2.0 - across * wider / 2 * a - across / 2 * b };
	draw(out, in, &o);
	return true;
}

/* Weights of a row of 2 * radius + 1 pixels; they add up to 256. */
static int
weights(uint16_t out[2 * MAX_RADIUS + 1], double sigma)
{
	const int radius = (int)fmin(ceil(3 * sigma), MAX_RADIUS);
	double sum = 0;
	int left = 256;

	for (int k = -radius; k <= radius; k++)
		sum += exp(-k * k / (2 * sigma * sigma));
	for (int k = -radius; k <= radius; k++) {
		out[k + radius] = (uint16_t)lround(256 * exp(-k * k / (2 * sigma * sigma)) / sum);
		left -= out[k + radius];
	}
	out[radius] = (uint16_t)(out[radius] + left);
	return radius;
}

/* One way: so many lines of so many pixels each, `step` apart, whose neighbours lie `next` apart. */
static void
blend(uint16_t *sum, const uint8_t *px, size_t n, unsigned weight)
{
	for (size_t i = 0; i < n; i++)
		sum[i] = (uint16_t)(sum[i] + px[i] * weight); /* at most 255 * 256 in the end */
}

static void
store(uint8_t *px, const uint16_t *sum, size_t n)
{
	for (size_t i = 0; i < n; i++)
		px[i] = (uint8_t)(sum[i] >> 8);
}

/* Across, row by row; a row's ends go on beyond it. */
static void
blur_rows(struct plane *out, const struct plane *in, const uint16_t *weight, int radius,
    uint16_t *sum, uint8_t *padded)
{
	const size_t n = in->width, r = (size_t)radius;

	for (unsigned y = 0; y < in->height; y++) {
		const uint8_t *row = in->px + (size_t)y * n;
		memset(padded, row[0], r);
		memcpy(padded + r, row, n);
		memset(padded + r + n, row[n - 1], r);
		memset(sum, 0, n * sizeof *sum);
		for (size_t k = 0; k <= 2 * r; k++)
			blend(sum, padded + k, n, weight[k]);
		store(out->px + (size_t)y * n, sum, n);
	}
}

static void
blur_columns(
    struct plane *out, const struct plane *in, const uint16_t *weight, int radius, uint16_t *sum)
{
	const size_t n = in->width;
	const int last = (int)in->height - 1;

	for (int y = 0; y <= last; y++) {
		memset(sum, 0, n * sizeof *sum);
		for (int k = -radius; k <= radius; k++) {
			const int from = y + k < 0 ? 0 : y + k > last ? last : y + k;
			blend(sum, in->px + (size_t)from * n, n, weight[k + radius]);
		}
		store(out->px + (size_t)y * n, sum, n);
	}
}

static void
sharpen_with(struct plane *plane, const struct plane *blurred)
{
	const size_t n = (size_t)plane->width * plane->height;

	for (size_t i = 0; i < n; i++) {
		const int v = 4 * plane->px[i] - 3 * blurred->px[i];
		plane->px[i] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
	}
}

bool
remake_blur(struct plane *plane, double sigma, bool sharpen)
{
	uint16_t weight[2 * MAX_RADIUS + 1];
	const int radius = weights(weight, sigma);
	struct plane across = { 0 }, both = { 0 };
	uint16_t *sum = malloc(plane->width * sizeof *sum);
	uint8_t *padded = malloc(plane->width + 2 * MAX_RADIUS);
	const bool ok = sum != NULL && padded != NULL &&
	    plane_new(&across, plane->width, plane->height) &&
	    plane_new(&both, plane->width, plane->height);

	if (ok) {
		blur_rows(&across, plane, weight, radius, sum, padded);
		blur_columns(&both, &across, weight, radius, sum);
		if (sharpen)
			sharpen_with(plane, &both);
		else
			memcpy(plane->px, both.px, (size_t)plane->width * plane->height);
	}
	free(across.px);
	free(both.px);
	free(sum);
	free(padded);
	return ok;
}

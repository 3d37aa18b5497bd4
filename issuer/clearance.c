#include "issuer/clearance.h"

#include <math.h>

#define NOTHING 1e-6 /* mm: what sums of decimals are wrong by */

bool
clearance_box(const struct template_box *a, const struct template_box *box)
{
	return a->x + a->w > box->x + NOTHING && box->x + box->w > a->x + NOTHING &&
	    a->y + a->h > box->y + NOTHING && box->y + box->h > a->y + NOTHING;
}

static struct template_box
grown(const struct template_box *box, double by)
{
	return (struct template_box){ box->x - by, box->y - by, box->w + 2 * by, box->h + 2 * by };
}

/* How far a coordinate lies outside a range. */
static double
outside(double v, double from, double to)
{
	return fmax(0, fmax(from - v, v - to));
}

/*
 * Keep of the stretch [*from, *to] of a line, parts of its length, what lies between two limits of one
 * coordinate, which begins at `at` and changes by `d`.
 */
static void
clip(double *from, double *to, double at, double d, double low, double high)
{
	if (fabs(d) < NOTHING) {
		if (at <= low + NOTHING || at >= high - NOTHING)
			*to = -1;
		return;
	}
	double t1 = (low - at) / d, t2 = (high - at) / d;
	*from = fmax(*from, fmin(t1, t2));
	*to = fmin(*to, fmax(t1, t2));
}

bool
clearance_line(const struct template_line *line, const struct template_box *box)
{
	const struct template_box wide = grown(box, line->width / POINTS_PER_MM / 2);
	double from = 0, to = 1;

	clip(&from, &to, line->x1, line->x2 - line->x1, wide.x, wide.x + wide.w);
	clip(&from, &to, line->y1, line->y2 - line->y1, wide.y, wide.y + wide.h);
	return from + NOTHING < to;
}

/* Is the corner of a box that lies at x, y within the rounded rectangle? */
static bool
holds_point(const struct template_box *r, double radius, double x, double y)
{
	double dx = outside(x, r->x + radius, r->x + r->w - radius);
	double dy = outside(y, r->y + radius, r->y + r->h - radius);
	return hypot(dx, dy) <= radius + NOTHING;
}

/* The band that lies `half` on either side of a rounded rectangle's edge. */
static bool
band_reaches(
    const struct template_box *edge, double radius, double half, const struct template_box *box)
{
	const struct template_box outer = grown(edge, half), inner = grown(edge, -half);
	const double r = fmax(0, radius - half);

	if (!clearance_box(&outer, box))
		return false;
	for (int i = 0; i < 4; i++)
		if (!holds_point(&inner, r, box->x + (i & 1) * box->w, box->y + (i >> 1) * box->h))
			return true;
	return false;
}

bool
clearance_frame(const struct template_frame *frame, const struct template_box *box)
{
	return band_reaches(&frame->box, frame->radius, frame->width / POINTS_PER_MM / 2, box);
}

static double
larger(const double ends[2])
{
	return fmax(fabs(ends[0]), fabs(ends[1]));
}

/* The ring between the innermost and the outermost strand. */
static bool
rosette_reaches(const struct template_guilloche *g, const struct template_box *box)
{
	const double half = g->width / POINTS_PER_MM / 2;
	double inner = INFINITY, outer = 0;

	for (int i = 0; i < 2; i++) { /* those between lie between the first and the last */
		inner = fmin(inner, g->radius[i] - fabs(g->amplitude[i]) - half);
		outer = fmax(outer, g->radius[i] + fabs(g->amplitude[i]) + half);
	}
	const double right = box->x + box->w, bottom = box->y + box->h;
	const double near =
	    hypot(outside(g->centre_x, box->x, right), outside(g->centre_y, box->y, bottom));
	const double far = hypot(fmax(g->centre_x - box->x, right - g->centre_x),
	    fmax(g->centre_y - box->y, bottom - g->centre_y));
	return near + NOTHING < outer && far > inner + NOTHING;
}

bool
clearance_guilloche(const struct template_guilloche *g, const struct template_box *box)
{
	if (g->rosette)
		return rosette_reaches(g, box);
	return band_reaches(
	    &g->box, g->corner, larger(g->amplitude) + g->width / POINTS_PER_MM / 2, box);
}

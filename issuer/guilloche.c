#include "issuer/guilloche.h"

#include <math.h>

#define PI 3.14159265358979323846
#define PIECES 4 /* Bezier curves for one period of a strand: the eye sees no corner */

/*
 * A stretch of the path with a whole number of periods: straight along x from the origin if turn is
 * 0, else an arc about the origin that begins on the y axis and turns clockwise. All in points.
 */
struct stretch {
	double length;    /* straight: how long; arc: unused */
	double turn;      /* arc: radians */
	double radius[2]; /* arc: of the first and of the last strand */
	int periods;
};

struct point {
	double x, y;
};

static double
between(const double ends[2], double t)
{
	return ends[0] + (ends[1] - ends[0]) * t;
}

/* Where strand t (0 to 1) is at s (0 to 1 along the stretch). */
static struct point
strand_at(const struct template_guilloche *g, const struct stretch *stretch, double t, double s)
{
	double u = 2 * PI * (s * stretch->periods + between(g->phase, t));
	double swing = between(g->amplitude, t) * POINTS_PER_MM * cos(u);
	if (stretch->turn == 0)
		return (struct point){ s * stretch->length, swing };
	double r = between(stretch->radius, t) + swing, angle = s * stretch->turn;
	return (struct point){ r * sin(angle), r * cos(angle) };
}

/* The direction there, for one unit of s. */
static struct point
slope_at(const struct template_guilloche *g, const struct stretch *stretch, double t, double s)
{
	const double h = 1e-5;
	struct point a = strand_at(g, stretch, t, s - h), b = strand_at(g, stretch, t, s + h);
	return (struct point){ (b.x - a.x) / (2 * h), (b.y - a.y) / (2 * h) };
}

/* To a hundredth of a point: finer only makes the file longer. */
static HPDF_REAL
fine(double v)
{
	return (HPDF_REAL)(round(v * 100) / 100);
}

static void
draw_strand(
    HPDF_Page page, const struct template_guilloche *g, const struct stretch *stretch, double t)
{
	int n = PIECES * stretch->periods;
	struct point from = strand_at(g, stretch, t, 0), out = slope_at(g, stretch, t, 0);

	HPDF_Page_MoveTo(page, fine(from.x), fine(from.y));
	for (int i = 1; i <= n; i++) {
		struct point to = strand_at(g, stretch, t, (double)i / n);
		struct point in = slope_at(g, stretch, t, (double)i / n);
		double third = 1.0 / (3 * n); /* a Hermite curve's handles */
		HPDF_Page_CurveTo(page, fine(from.x + out.x * third), fine(from.y + out.y * third),
		    fine(to.x - in.x * third), fine(to.y - in.y * third), fine(to.x), fine(to.y));
		from = to;
		out = in;
	}
	HPDF_Page_Stroke(page);
}

static struct pdf_object *
draw_stretch(struct pdf_doc *doc, const struct template_guilloche *g, const struct stretch *stretch)
{
	HPDF_Page page = pdf_doc_page(doc);
	double margin = (fabs(g->amplitude[0]) + fabs(g->amplitude[1])) * POINTS_PER_MM + 1;
	double reach = fmax(stretch->length, fmax(stretch->radius[0], stretch->radius[1])) + margin;
	HPDF_Rect box = { (HPDF_REAL)-reach, (HPDF_REAL)-reach, (HPDF_REAL)reach,
		(HPDF_REAL)reach };
	struct pdf_object *form = pdf_form_begin(doc, box);

	HPDF_Page_SetLineWidth(page, (HPDF_REAL)g->width);
	HPDF_Page_SetLineCap(page, HPDF_PROJECTING_SCUARE_END); /* no gap where forms meet */
	for (int k = 0; k < g->strands; k++) {
		double t = g->strands > 1 ? (double)k / (g->strands - 1) : 0;
		const struct template_colour *a = &g->colour[0], *b = &g->colour[1];
		HPDF_Page_SetRGBStroke(page, (HPDF_REAL)(a->r + (b->r - a->r) * t),
		    (HPDF_REAL)(a->g + (b->g - a->g) * t), (HPDF_REAL)(a->b + (b->b - a->b) * t));
		draw_strand(page, g, stretch, t);
	}
	pdf_form_end(doc);
	return form;
}

/* Place a form at x, y, turned clockwise. */
static void
place(struct pdf_doc *doc, struct pdf_object *form, double x, double y, double angle)
{
	HPDF_Page page = pdf_doc_page(doc);
	HPDF_REAL c = (HPDF_REAL)cos(angle), s = (HPDF_REAL)sin(angle);
	HPDF_Page_GSave(page);
	HPDF_Page_Concat(page, c, -s, s, c, (HPDF_REAL)x, (HPDF_REAL)y);
	pdf_form_draw(doc, form);
	HPDF_Page_GRestore(page);
}

static void
draw_rosette(struct pdf_doc *doc, const struct template_guilloche *g, double height)
{
	struct stretch lobe = { .turn = 2 * PI / g->lobes, .periods = 1 };
	for (int i = 0; i < 2; i++)
		lobe.radius[i] = g->radius[i] * POINTS_PER_MM;
	struct pdf_object *form = draw_stretch(doc, g, &lobe);
	for (int i = 0; i < g->lobes; i++)
		place(doc, form, g->centre_x * POINTS_PER_MM,
		    (height - g->centre_y) * POINTS_PER_MM, i * lobe.turn);
}

/* One straight side, from x, y in the direction of `angle`. */
static void
draw_side(struct pdf_doc *doc, struct pdf_object *form, struct point from, double length,
    double step, double angle)
{
	for (int i = 0; i < (int)lround(length / step); i++)
		place(doc, form, from.x + i * step * cos(angle), from.y - i * step * sin(angle),
		    angle);
}

/* A whole number of periods as near to the wished one as the length allows. */
static double
fitted(double length, double period)
{
	return length / fmax(1, round(length / period));
}

static void
draw_border(struct pdf_doc *doc, const struct template_guilloche *g, double height)
{
	double r = g->corner * POINTS_PER_MM, period = g->period * POINTS_PER_MM;
	double left = g->box.x * POINTS_PER_MM, top = (height - g->box.y) * POINTS_PER_MM;
	double right = left + g->box.w * POINTS_PER_MM, bottom = top - g->box.h * POINTS_PER_MM;
	double across = right - left - 2 * r, down = top - bottom - 2 * r;
	struct stretch side = { .length = fitted(across, period), .periods = 1 };
	struct stretch edge = { .length = fitted(down, period), .periods = 1 };
	struct stretch corner = { .turn = PI / 2, .radius = { r, r } };
	corner.periods = (int)fmax(1, round(r * PI / 2 / period));

	struct pdf_object *form = draw_stretch(doc, g, &side);
	draw_side(doc, form, (struct point){ left + r, top }, across, side.length, 0);
	draw_side(doc, form, (struct point){ right - r, bottom }, across, side.length, PI);
	form = draw_stretch(doc, g, &edge);
	draw_side(doc, form, (struct point){ right, top - r }, down, edge.length, PI / 2);
	draw_side(doc, form, (struct point){ left, bottom + r }, down, edge.length, -PI / 2);
	form = draw_stretch(doc, g, &corner);
	place(doc, form, right - r, top - r, 0);
	place(doc, form, right - r, bottom + r, PI / 2);
	place(doc, form, left + r, bottom + r, PI);
	place(doc, form, left + r, top - r, -PI / 2);
}

void
guilloche_draw(struct pdf_doc *doc, const struct template_guilloche *g, double height)
{
	if (g->rosette)
		draw_rosette(doc, g, height);
	else
		draw_border(doc, g, height);
}

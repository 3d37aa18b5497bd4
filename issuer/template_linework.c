#include "issuer/template_parts.h"

#include <math.h>

#define MAX_STRANDS 100  /* of one guilloche, and its lobes */
#define MAX_AMPLITUDE 50 /* mm */
#define MAX_PHASE 100    /* turns */

#define SWING_MM 10 /* what a swing costs, however small it is */
#define PI 3.14159265358979323846
#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

bool
parse_line(const struct reader *r, void *item, json_t *json, struct err *err)
{
	struct template_line *line = item;
	const struct member members[] = {
		{ .key = "from", .number = { &line->x1, &line->y1 } },
		{ .key = "to", .number = { &line->x2, &line->y2 } },
		{ .key = "width", .number = { &line->width } },
		{ .key = "colour", .colour = { &line->colour } },
	};
	return read_members(json, members, COUNT_OF(members), err) &&
	    check_within("x", line->x1, 0, r->page->width, err) &&
	    check_within("x", line->x2, 0, r->page->width, err) &&
	    check_within("y", line->y1, 0, r->page->height, err) &&
	    check_within("y", line->y2, 0, r->page->height, err) &&
	    check_within("width", line->width, 0.05, 20, err);
}

bool
parse_frame(const struct reader *r, void *item, json_t *json, struct err *err)
{
	struct template_frame *frame = item;
	struct template_box *box = &frame->box;
	const struct member members[] = {
		{ .key = "box", .number = { &box->x, &box->y, &box->w, &box->h } },
		{ .key = "radius", .optional = true, .number = { &frame->radius } },
		{ .key = "width", .optional = true, .number = { &frame->width } },
		{ .key = "colour", .optional = true, .colour = { &frame->colour } },
		{ .key = "fill", .optional = true, .colour = { &frame->fill } },
	};
	if (!read_members(json, members, COUNT_OF(members), err))
		return false;
	const bool coloured = json_object_get(json, "colour") != NULL;
	frame->filled = json_object_get(json, "fill") != NULL;
	if (coloured != (frame->width > 0) || (!coloured && !frame->filled))
		return err_set(
		    err, ERR_REFUSED, "a frame has width and colour, or a fill, or all three");
	return check_box(r->page, box, err) && check_within("width", frame->width, 0, 20, err) &&
	    check_within("radius", frame->radius, 0, (box->w < box->h ? box->w : box->h) / 2, err);
}

static double
larger(const double ends[2])
{
	return fmax(fabs(ends[0]), fabs(ends[1]));
}

double
line_length(const struct template_page *p)
{
	double mm = 0;
	for (const struct template_guilloche *g = p->guilloches;
	     g < p->guilloches + p->guilloche_count; g++) {
		const double path = g->rosette
		    ? 2 * PI * larger(g->radius)
		    : 2 * (g->box.w + g->box.h - 4 * g->corner) + 2 * PI * g->corner;
		const double swings = g->rosette ? g->lobes : path / g->period;
		mm += g->strands * (path + swings * (4 * larger(g->amplitude) + SWING_MM));
	}
	return mm;
}

/* The keys of one kind, and those of both. */
static bool
read_guilloche(struct template_guilloche *g, const json_t *json, struct err *err)
{
	struct template_box *box = &g->box;
#define EVERY_GUILLOCHE                                                                            \
	{ .key = "amplitude", .number = { &g->amplitude[0], &g->amplitude[1] } },                  \
	    { .key = "phase", .number = { &g->phase[0], &g->phase[1] } },                          \
	    { .key = "strands", .whole = &g->strands, .least = 1, .most = MAX_STRANDS },           \
	    { .key = "width", .number = { &g->width } },                                           \
	{                                                                                          \
		.key = "colours", .colour = { &g->colour[0], &g->colour[1] }                       \
	}
	const struct member rosette[] = {
		{ .key = "centre", .number = { &g->centre_x, &g->centre_y } },
		{ .key = "radius", .number = { &g->radius[0], &g->radius[1] } },
		{ .key = "lobes", .whole = &g->lobes, .least = 2, .most = MAX_STRANDS },
		EVERY_GUILLOCHE,
	};
	const struct member border[] = {
		{ .key = "border", .number = { &box->x, &box->y, &box->w, &box->h } },
		{ .key = "corner", .number = { &g->corner } },
		{ .key = "period", .number = { &g->period } },
		EVERY_GUILLOCHE,
	};
	g->rosette = json_object_get(json, "centre") != NULL;
	return g->rosette ? read_members(json, rosette, COUNT_OF(rosette), err)
			  : read_members(json, border, COUNT_OF(border), err);
}

static bool
check_path(const struct template_page *p, const struct template_guilloche *g, struct err *err)
{
	const double shorter = g->box.w < g->box.h ? g->box.w : g->box.h;
	if (g->rosette)
		return check_within("x", g->centre_x, 0, p->width, err) &&
		    check_within("y", g->centre_y, 0, p->height, err) &&
		    check_within("radius", g->radius[0], 0, p->width, err) &&
		    check_within("radius", g->radius[1], 0, p->width, err);
	return check_box(p, &g->box, err) &&
	    check_within("corner", g->corner, 1, shorter / 2 - 1, err) &&
	    check_within("period", g->period, 1, shorter, err);
}

bool
parse_guilloche(const struct reader *r, void *item, json_t *json, struct err *err)
{
	struct template_guilloche *g = item;
	bool ok = read_guilloche(g, json, err) && check_path(r->page, g, err) &&
	    check_within("width", g->width, 0.05, 5, err);
	for (int i = 0; ok && i < 2; i++)
		ok = check_within(
			 "amplitude", g->amplitude[i], -MAX_AMPLITUDE, MAX_AMPLITUDE, err) &&
		    check_within("phase", g->phase[i], -MAX_PHASE, MAX_PHASE, err);
	return ok;
}
